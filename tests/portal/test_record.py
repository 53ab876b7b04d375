"""The record of a period: the planner's ledger as a page, as JSON lines and as CSV, to its very end."""

import csv
import json
from typing import Any
from uuid import UUID

import pytest

from services.portal.gateway import Refused, Reply
from services.portal.pages.record import AT_ONCE, as_csv, as_json_lines, record
from shared.errors import NotFound
from shared.vocabulary import Role
from tests.portal.fake_desk import PERIOD, FakeDesk, desk, period

FIRST, SECOND = UUID(int=1), UUID(int=2)


def a_line(event: UUID, **more: Any) -> dict[str, Any]:
    return {
        "event_id": str(event), "at": "2016-07-26T06:05:00Z", "party": "NZ", "officer": "nz.coordinator",
        "kind": "scheduled", "type": "planner.operation.scheduled.v1", "aggregate": "operation", "subject": str(event),
        "period_id": str(PERIOD), "operation_id": str(event), "version": 2, "named": [], "audience": ["LK", "NZ"], **more,
    }  # fmt: skip


class FakeGateway:
    """Answers with one line at a time, and keeps what it was asked."""

    def __init__(self, *lines: dict[str, Any], status: int = 200) -> None:
        self.lines, self.status = {one["event_id"]: one for one in lines}, status
        self.asked: list[dict[str, str]] = []

    async def ask(self, _actor: Any, path: str, query: dict[str, str]) -> Reply:
        assert path == "consent-ledger"
        self.asked.append(query)
        names = list(self.lines)
        place = names.index(query["after"]) + 1 if "after" in query else 0
        items = [self.lines[name] for name in names[place : place + 1]]
        following = names[place] if place + 1 < len(names) else None
        return Reply(self.status, {}, json.dumps({"items": items, "next": following}).encode())


def reader(gateway: FakeGateway) -> FakeDesk:
    rows = period("active")
    found = desk("NZ", Role.COORDINATOR, rows=rows, periods=([rows], None), alerts_waiting_count=0)
    found.portal.gateway = gateway
    found.request.query_params = {}  # type: ignore[misc]
    found.request.headers = {}  # type: ignore[misc]
    return found


async def told(answer: Any) -> str:
    return "".join([part async for part in answer.body_iterator])


async def test_the_page_shows_the_newest_lines_first_and_the_way_to_the_others():
    gateway = FakeGateway(a_line(FIRST), a_line(SECOND))
    text = bytes((await record(PERIOD, reader(gateway))).body).decode()
    assert gateway.asked == [{"period_id": str(PERIOD), "limit": "50", "newest_first": "True"}]
    assert f"/operations/{FIRST}" in text
    assert f"?after={FIRST}" in text
    assert "LK, NZ" in text


async def test_an_export_has_every_line_from_the_first_to_the_last():
    gateway = FakeGateway(a_line(FIRST), a_line(SECOND, kind="yes", named=["LK", "TH"]))
    answer = await as_json_lines(PERIOD, reader(gateway))
    assert [json.loads(line)["event_id"] for line in (await told(answer)).splitlines()] == [str(FIRST), str(SECOND)]
    assert [one["limit"] for one in gateway.asked] == [str(AT_ONCE)] * 2
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader((await told(await as_csv(PERIOD, reader(gateway)))).splitlines()))
    assert [(row["kind"], row["named"], row["audience"]) for row in rows] == [
        ("scheduled", "", "LK NZ"), ("yes", "LK TH", "LK NZ"),
    ]  # fmt: skip


@pytest.mark.parametrize(("status", "refused"), [(503, Refused), (422, NotFound)])
async def test_what_the_planner_refuses_is_no_half_page(status: int, refused: type[Exception]):
    for page in (record, as_csv, as_json_lines):
        with pytest.raises(refused):
            await page(PERIOD, reader(FakeGateway(a_line(FIRST), status=status)))
