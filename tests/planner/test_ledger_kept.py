"""The ledger on a real PostgreSQL: written with what is announced, caught up, chained, shown as far as a party may see."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.embedded import credentials
from services.planner import api_ledger
from services.planner.api import router
from services.planner.consumers import listener
from services.planner.domain.evidence import Sealed
from services.planner.domain.ledger import Line
from services.planner.ledger import COLUMNS, Ledger, catch_up, line_from
from services.planner.settings import Settings
from shared.actor import Actor
from shared.errors import Conflict
from shared.events.planner import UpdatePosted
from shared.runtime.identity import Signer
from shared.runtime.migrate import migrate
from shared.runtime.service import Service, build, serve
from shared.vocabulary import LedgerKind, Role
from tests.builders import NOON, a_chair, a_coordinator, an_actor, an_officer
from tests.planner.ledgered import CONSENTS, breaks, gaps, told
from tests.servers import RunningServers, lowered

pytestmark = pytest.mark.system
K = LedgerKind


class Planner:
    """The planner's door, and the parties that go through it."""

    def __init__(self, service: Service, http: httpx.AsyncClient, signer: Signer) -> None:
        self.service, self.http, self._signer = service, http, signer

    async def ask(self, actor: Actor, **query: object) -> httpx.Response:
        return await self.http.get("/consent-ledger", params=query, headers=self._headers(actor))

    async def post(self, actor: Actor, path: str, body: object = None, version: int | None = None) -> httpx.Response:
        headers = {**self._headers(actor), "idempotency-key": str(uuid7())}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        answer = await self.http.post(path, json=body or {}, headers=headers)
        assert answer.is_success, answer.text
        return answer

    def _headers(self, actor: Actor) -> dict[str, str]:
        return {"authorization": f"Bearer {self._signer.token(actor, 'planner')}"}

    async def rows(self, period_id: str) -> list[Sealed]:
        found = await self.service.database.ask(
            f"SELECT {COLUMNS}, seal, hash FROM consent_ledger WHERE period_id = $1 ORDER BY number", UUID(period_id)
        )
        return [Sealed(line_from(row), row["seal"], bytes(row["hash"]) if row["hash"] else None) for row in found]

    async def lines(self, period_id: str) -> list[Line]:
        return [row.line for row in await self.rows(period_id)]


@pytest.fixture
async def planner(servers: RunningServers) -> AsyncIterator[Planner]:
    service = build("planner", Settings(**lowered(servers.settings("planner"))), listener, Ledger())
    service.clock.now = lambda: NOON  # type: ignore[method-assign]
    await migrate(service.database, "services.planner")
    transport = httpx.ASGITransport(serve(service, router, api_ledger.router))
    async with httpx.AsyncClient(transport=transport, base_url="http://planner") as http:
        yield Planner(service, http, Signer(credentials.signing_key(servers.home, "actor")))
    await service.database.close()


async def a_period_that_ran(planner: Planner) -> tuple[str, str]:
    """Of NZ and LK, with an operation of NZ that all participants see whole, and an update on it."""
    chair, nz, lk = a_chair(), a_coordinator("NZ"), a_coordinator("LK")
    asked = {
        "title": "A period", "focus": ["air"], "first_day": "2015-09-28", "last_day": "2015-10-28", "co_chairs": ["NZ"],
        "invited": ["NZ", "LK", "TH"],
    }  # fmt: skip
    period = (await planner.post(chair, "/periods", asked)).json()
    base = f"/periods/{period['id']}"
    for party in (nz, lk):
        period = (await planner.post(party, f"{base}/answers", {"answer": "joined"})).json()
    plan = {"sections": [{"title": "Aim", "text": "Act together."}]}
    period = (await planner.post(chair, f"{base}/plan-versions", plan, period["version"])).json()
    for party in (nz, lk):
        period = (await planner.post(party, f"{base}/plan-versions/1/answers", {"answer": "endorsed"})).json()
    period = (await planner.post(chair, f"{base}/adopt", {"plan_version": 1}, period["version"])).json()
    await planner.post(chair, f"{base}/activate", {}, period["version"])
    window = {"starts_at": "2015-10-01T00:00:00Z", "ends_at": "2015-10-05T00:00:00Z"}
    draft = {"period_id": period["id"], "kind": "visa_checks", "title": "Checks", "window": window,
             "detail_audience": "participants"}  # fmt: skip
    operation = (await planner.post(nz, "/operations", draft)).json()
    path = f"/operations/{operation['id']}"
    operation = (await planner.post(nz, f"{path}/schedule", {}, operation["version"])).json()
    await planner.post(nz, f"{path}/start", {}, operation["version"])
    await planner.post(an_officer("NZ"), f"{path}/updates", {"kind": "result", "text": "x", "counts": {"arrests": 1}})
    return period["id"], operation["id"]


async def test_a_real_story_holds_and_without_any_one_of_its_consents_it_does_not(planner: Planner):
    period, operation = await a_period_that_ran(planner)
    lines = await planner.lines(period)
    assert told(gaps(lines)) == []
    words = [(line.party, line.officer, line.kind) for line in lines if line.subject == UUID(operation)]
    officer = "nz.coordinator"
    kinds = [K.DRAFTED, K.CHOSEN, K.SCHEDULED, K.DISCLOSED, K.STARTED]
    assert words == [("NZ", officer, kind) for kind in kinds]
    assert [(line.officer, line.audience) for line in lines if line.aggregate == "update"] == [
        ("nz.officer", ("LK", "NZ"))
    ] * 2
    consents = [line for line in lines if line.kind in CONSENTS]
    assert len(consents) == 8
    for consent in consents:
        assert told(gaps(line for line in lines if line is not consent)), consent


async def test_a_line_is_kept_with_its_event_or_not_at_all(planner: Planner):
    period, operation = await a_period_that_ran(planner)
    before = await planner.lines(period)
    said = UpdatePosted(
        update_id=uuid7(), operation_id=UUID(operation), period_id=UUID(period), version=1, kind="result",
        happened_at=NOON, counts={}, party="NZ", audience=("LK", "NZ"),
    )  # fmt: skip
    async def refused() -> None:
        async with planner.service.database.begin() as tx:
            tx.announce(said)
            raise Conflict("no")

    with pytest.raises(Conflict):
        await refused()
    assert await planner.lines(period) == before
    async with planner.service.database.begin() as tx:
        tx.announce(said)
    (line,) = (await planner.lines(period))[len(before) :]
    kept = await planner.service.database.ask("SELECT id FROM outbox WHERE event_id = $1", said.id)
    assert (line.number, line.event_id) == (kept[0]["id"], said.id)


async def test_what_was_said_before_there_was_a_ledger_is_added_once_from_the_outbox(planner: Planner):
    period, _ = await a_period_that_ran(planner)
    before = await planner.lines(period)
    database = planner.service.database
    await database.ask("DELETE FROM consent_ledger WHERE period_id = $1", UUID(period))
    assert await catch_up(database) >= len(before)
    assert await catch_up(database) == 0
    caught_up = await planner.lines(period)
    assert told(gaps(caught_up)) == []
    assert [line._replace(officer="") for line in caught_up] == [line._replace(officer="") for line in before]


async def test_lines_are_chained_by_the_sealer_and_the_audit_knows_how_far(planner: Planner):
    period, _ = await a_period_that_ran(planner)
    service = planner.service
    while await service.sealer.seal():
        pass
    found = await service.database.ask(
        f"SELECT {COLUMNS}, seal, hash FROM consent_ledger WHERE seal IS NOT NULL ORDER BY seal"
    )
    rows = [Sealed(line_from(row), row["seal"], bytes(row["hash"])) for row in found]
    assert {row.line.number for row in rows} >= {line.number for line in await planner.lines(period)}
    assert told(breaks(rows)) == []
    assert told(breaks(row for row in rows if row is not rows[-2]))
    noted = await service.database.ask("SELECT target, request FROM audit WHERE action = 'seal consent_ledger'")
    assert (noted[-1]["target"], bytes(noted[-1]["request"])) in {(str(row.seal), row.hash) for row in rows}


async def test_a_party_reads_its_own_words_whole_and_of_others_what_it_may_see(planner: Planner):
    period, operation = await a_period_that_ran(planner)
    own = (await planner.ask(a_coordinator("NZ"), period_id=period)).json()["items"]
    other = (await planner.ask(an_officer("LK"), period_id=period)).json()["items"]
    invited = (await planner.ask(a_coordinator("TH"), period_id=period)).json()["items"]
    assert len(own) == len(await planner.lines(period))
    kinds = {"drafted", "chosen", "scheduled", "disclosed", "started"}
    assert {line["kind"] for line in own if line["subject"] == operation} == kinds
    assert {line["kind"] for line in other if line["subject"] == operation} == {"scheduled", "disclosed", "started"}
    assert not [line for line in invited if line["operation_id"]]
    for lines, party in ((own, "NZ"), (other, "LK"), (invited, "TH")):
        assert {bool(line["audience"]) for line in lines if line["party"] == party} <= {True}
        assert not [line for line in lines if line["party"] != party and (line["audience"] or line["officer"])]
    for nobody in (an_officer("AU"), an_actor("NZ", Role.OPERATOR), an_actor("LK", Role.PARTY_ADMIN)):
        assert (await planner.ask(nobody, period_id=period)).json() == {"items": [], "next": None}


async def test_who_left_keeps_its_own_words_and_reads_nothing_more_of_others(planner: Planner):
    period, operation = await a_period_that_ran(planner)
    await planner.post(a_coordinator("LK"), f"/periods/{period}/leave", {})
    lines = (await planner.ask(an_officer("LK"), period_id=period)).json()["items"]
    assert {line["party"] for line in lines} == {"LK"}
    assert [line["kind"] for line in lines] == ["yes", "yes", "left"]
    assert not [line for line in lines if line["operation_id"] == operation]


async def test_it_is_read_page_by_page_from_either_end(planner: Planner):
    period, _ = await a_period_that_ran(planner)
    nz = a_coordinator("NZ")
    for newest_first in (False, True):
        whole = (await planner.ask(nz, period_id=period, newest_first=newest_first)).json()["items"]
        found: list[object] = []
        after: dict[str, str] = {}
        while after is not None:
            page = (await planner.ask(nz, period_id=period, newest_first=newest_first, limit=4, **after)).json()
            found += page["items"]
            after = {"after": page["next"]} if page["next"] else None  # type: ignore[assignment]
        assert found == whole
    assert whole == (await planner.ask(nz, period_id=period)).json()["items"][::-1]
    assert (await planner.ask(nz, limit=501)).status_code == 422
