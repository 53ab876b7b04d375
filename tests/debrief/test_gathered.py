"""What a debrief holds of an update that is said several times in one transaction."""

from typing import Any, cast
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.debrief.gathered import Gathered
from shared.events.planner import UpdatePosted, UpdateReleased
from shared.vocabulary import Indicator, UpdateKind, UpdateStatus
from tests.builders import NOON


class Written:
    """A transaction that keeps what it is told: statements with the readers of each update."""

    def __init__(self) -> None:
        self.said: list[tuple[bool, dict[UUID, str]]] = []

    async def sql(self, statement: str, *parameters: Any) -> list[Any]:
        widens = "unnest(update.audience || excluded.audience)" in statement
        self.said.append((widens, dict(zip(parameters[1], parameters[6], strict=True))))
        return []


def an_update(update_id: UUID, *readers: str, newcomers: bool | None = None) -> UpdatePosted | UpdateReleased:
    told: dict[str, Any] = {
        "operation_id": update_id, "period_id": update_id, "update_id": update_id, "kind": UpdateKind.RESULT,
        "happened_at": NOON, "counts": {Indicator.ARRESTS: 1}, "party": "NZ", "audience": readers,
    }  # fmt: skip
    if newcomers is None:
        return UpdatePosted(**told)
    return UpdateReleased(**told, status="provisional", posted_at=NOON, to_newcomers=newcomers)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ([("NZ", "LK")], (False, "LK NZ")),
        ([("NZ", "LK"), ("TH", True)], (False, "LK NZ TH")),
        ([("NZ", "LK"), ("TH", True), ("VN", True)], (False, "LK NZ TH VN")),
        ([("TH", True)], (True, "TH")),
        ([("TH", True), ("VN", True)], (True, "TH VN")),
        ([("TH", True), ("NZ", "VN", False)], (False, "NZ VN")),
    ],
)
async def test_what_is_opened_to_newcomers_stays_with_those_who_had_it(said: Any, written: tuple[bool, str]):
    tx, update_id = Written(), uuid7()
    gathered = Gathered(cast(Any, tx))
    for one in said:
        readers = tuple(word for word in one if isinstance(word, str))
        newcomers = next((word for word in one if isinstance(word, bool)), None)
        gathered.put(an_update(update_id, *readers, newcomers=newcomers), UpdateStatus.PROVISIONAL)
    await gathered.flush()
    assert tx.said == [(written[0], {update_id: written[1]})]
