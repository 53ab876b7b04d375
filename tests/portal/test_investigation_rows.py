"""What the portal shows of an investigation plan: to its states, to co-chairs as a number, and what a page offers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.planner.domain.investigation import Investigation
from services.planner.usecases import investigations, participation
from services.portal.pages.investigations import investigation_line, investigation_page, revise_page
from services.portal.pages.views import Form
from shared.errors import Forbidden
from shared.events.planner import Milestone
from shared.vocabulary import JointAnswer, PeriodState, Role
from tests.builders import NOON, a_coordinator, a_period, a_plan, an_officer
from tests.planner.in_memory import Memory
from tests.portal.fake_desk import FakeDesk, desk
from tests.portal.in_memory import Shown

YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
NZ, SECOND, LK, TH = (
    a_coordinator("NZ"), a_coordinator("NZ", name="second"), a_coordinator("LK"), a_coordinator("TH"),
)  # fmt: skip
FIRST, LAST = UUID(int=1), UUID(int=2)
DUE = NOON.date() + timedelta(days=3)


def steps(*ids: UUID, days: int = 0) -> tuple[Milestone, ...]:
    return tuple(Milestone(id=one, title="x", owner="LK", due=DUE + timedelta(days=days)) for one in ids)


class Told:
    """A plan of NZ with LK and TH, said by the planner and heard by the portal."""

    def __init__(self) -> None:
        joined = ("NZ", "LK", "TH", "VN")
        plan = a_plan(**dict.fromkeys(joined, "endorsed"))
        self.memory = Memory(a_period(joined=joined, invited=joined, state=PeriodState.ACTIVE, plans=(plan,), adopted=1))
        self.id, self.shown, self.heard = UUID(int=7), Shown(), 0

    async def do(self, command: Any) -> None:
        await command
        new = self.memory.said[self.heard :]
        self.heard += len(new)
        await self.shown.hear(*new)

    async def propose(self) -> "Told":
        plan = Investigation(
            id=self.id, period_id=self.memory.period.id, owner="NZ", title="A plan", members=("LK", "TH"),
            milestones=steps(FIRST, LAST),
        )  # fmt: skip
        await self.do(investigations.propose(self.memory.tx, NZ, plan))
        return self

    async def agree(self) -> "Told":
        await self.propose()
        for by in (SECOND, LK, TH):
            await self.do(investigations.answer(self.memory.tx, by, self.id, 1, YES, ""))
        return self

    @property
    def row(self) -> dict[str, Any]:
        return self.shown.row("investigation", self.id)


async def test_a_plan_is_shown_to_its_states_and_its_number_to_the_co_chairs():
    told = await Told().propose()
    assert told.row["audience"] == ("LK", "NZ", "TH")
    assert (told.row["status"], told.row["is_open"], told.row["version"]) == ("proposed", True, 1)
    count = told.shown.row("investigation_count", told.memory.period.id)
    assert (count["investigations"], count["audience"]) == (1, ("NZ#co_chair",))
    assert told.shown.timeline() == [], "nothing of it is on the period's timeline"


async def test_words_agreement_milestones_and_the_end_move_it_on():
    told = await Told().agree()
    assert (told.row["status"], told.row["is_open"]) == ("agreed", False)
    assert told.shown.row("investigation_word", told.id, "LK")["answer"] == "consented"
    await told.do(investigations.reach(told.memory.tx, an_officer("LK"), told.id, FIRST))
    told.memory.now = NOON + timedelta(days=9)
    await told.do(investigations.tell_overdue(told.memory.tx, told.id))
    assert told.row["overdue"] == [str(LAST)]
    line = investigation_line(told.row)
    assert (line.reached, line.milestones, line.overdue) == (1, 2, 1)
    assert told.row["version"] == told.memory.investigations[told.id].version
    await told.do(investigations.withdraw(told.memory.tx, LK, told.id, "Floods."))
    assert (told.row["status"], investigation_line(told.row).overdue) == ("stopped", 0)
    word = told.shown.row("investigation_word", told.id, "LK")
    assert (word["answer"], word["reason"]) == ("withdrawn", "Floods.")


async def test_another_version_keeps_what_was_told_of_days_that_stay():
    told = await Told().agree()
    told.memory.now = NOON + timedelta(days=9)
    await told.do(investigations.tell_overdue(told.memory.tx, told.id))
    version = told.memory.investigations[told.id].version
    later = (*steps(FIRST), *steps(LAST, days=9))
    await told.do(investigations.revise(told.memory.tx, NZ, told.id, version, "A plan", "", ("LK",), later))
    assert told.row["overdue"] == [str(FIRST)]
    assert (told.row["number"], told.row["status"], told.row["audience"]) == (2, "proposed", ("LK", "NZ"))


async def test_a_refusal_ends_the_version_and_who_leaves_reads_it_no_more():
    told = await Told().propose()
    await told.do(investigations.answer(told.memory.tx, TH, told.id, 1, NO, "Not now."))
    assert told.row["is_open"] is False
    await told.do(participation.leave(told.memory.tx, LK, told.memory.period.id, ""))
    assert told.row["audience"] == ("NZ", "TH")


def reader(party: str, role: Role, status: str = "proposed", words: tuple[str, ...] = (), **row: Any) -> FakeDesk:
    now = datetime(2016, 7, 1, tzinfo=UTC)
    rows = {
        "id": FIRST, "period_id": FIRST, "version": 4, "status": status, "owner": "NZ", "members": ["LK"], "title": "A plan",
        "aim": "", "overdue": [], "number": 2, "proposed_by": "nz.first", "proposed_at": now,
        "is_open": status == "proposed",
        "milestones": [{"id": str(LAST), "title": "x", "owner": "LK", "due": "2016-08-01", "done_at": None}], **row,
    }  # fmt: skip
    given = [{"party": one, "answer": "consented", "by": "x", "reason": "", "at": now} for one in words]
    found = desk(
        party, role, periods=([], None), alerts_waiting_count=0, investigation=rows, investigation_words=given,
        participants=("NZ", "LK"),
    )  # fmt: skip
    found.request.query_params = {}  # type: ignore[misc]
    found.request.headers = {}  # type: ignore[misc]
    return found


async def page(at: FakeDesk) -> str:
    return bytes((await investigation_page(at, Form(idempotency_key="k"), str(FIRST))).body).decode()


@pytest.mark.parametrize(
    ("party", "role", "status", "words", "offered"),
    [
        ("LK", Role.COORDINATOR, "proposed", (), {"answer"}),
        ("LK", Role.COORDINATOR, "proposed", ("LK",), {"withdraw"}),
        ("LK", Role.COORDINATOR, "agreed", ("LK", "NZ"), {"withdraw", "reach"}),
        ("LK", Role.LIAISON_OFFICER, "agreed", ("LK", "NZ"), {"reach"}),
        ("LK", Role.OBSERVER, "agreed", ("LK", "NZ"), set()),
        ("NZ", Role.COORDINATOR, "agreed", ("LK", "NZ"), {"withdraw", "revise"}),
        ("NZ", Role.COORDINATOR, "stopped", ("LK",), set()),
    ],
)
async def test_a_page_offers_what_a_state_may_do(
    party: str, role: Role, status: str, words: tuple[str, ...], offered: set[str]
):
    text = await page(reader(party, role, status, words))
    base = f"/investigations/{FIRST}"
    signs = {
        "answer": f"{base}/versions/2/answer", "withdraw": f"{base}/withdraw", "revise": f"{base}/revise",
        "reach": f"{base}/milestones/{LAST}/reach",
    }  # fmt: skip
    assert {name for name, sign in signs.items() if sign in text} == offered


async def test_another_version_begins_with_what_stands_and_is_the_owners():
    at = reader("NZ", Role.COORDINATOR, "agreed")
    text = bytes((await revise_page(at, Form(idempotency_key="k"), str(FIRST))).body).decode()
    assert f'name="milestones.0.id" value="{LAST}"' in text
    assert 'value="2016-08-01"' in text
    for other in (reader("LK", Role.COORDINATOR), reader("NZ", Role.COORDINATOR, "stopped"), reader("NZ", Role.OBSERVER)):
        with pytest.raises(Forbidden):
            await revise_page(other, Form(idempotency_key="k"), str(FIRST))
