"""Where a caller waits for what it said: only for what is for itself, so that nothing else is told by it."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.events.planner import ConflictLapsed, JointWithdrawn, PeriodSealed
from shared.runtime.commands import _answer
from tests.builders import NOON, a_coordinator


class Said(BaseModel):
    """An answer."""


def named(*events: Any) -> str | None:
    tx: Any = SimpleNamespace(announced=list(events), claim=None, actor=a_coordinator("NZ"))
    return _answer(Said(), tx, 200).headers.get("last-event")


def lapsed(party: str) -> ConflictLapsed:
    return ConflictLapsed(conflict_id=UUID(int=1), at=NOON, party=party, audience=(party,))


def test_what_is_for_others_only_is_not_named():
    own = JointWithdrawn(
        operation_id=UUID(int=2), period_id=UUID(int=3), version=1, number=1, by="x", party="NZ", audience=("LK", "NZ")
    )
    assert named(own) == named(own, lapsed("LK"), lapsed("TH")) == f"/planner {own.id}"
    assert named(lapsed("LK")) is None
    assert named(PeriodSealed(period_id=UUID(int=3), operations=())) is None


def test_of_several_on_one_topic_the_last_that_is_for_the_caller_is_named():
    first, second = lapsed("NZ"), lapsed("NZ")
    assert named(first, second, lapsed("LK")) == f"/planner {second.id}"
