"""The planner's rows without a database: enough of its statements for use cases, whose queries are tried elsewhere."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from services.planner.domain.distress import Distress
from services.planner.domain.investigation import Investigation
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.update import Update
from shared.actor import Actor
from shared.events import CATALOGUE
from shared.events.base import Event
from shared.runtime.db import Tx
from tests.builders import NOON

Row = dict[str, Any]


class Memory:
    """What a transaction reads and writes, and what it announces."""

    def __init__(self, period: Period, *operations: Operation) -> None:
        self.now: datetime = NOON
        self.actor: Actor | None = None
        self.said: list[Event] = []
        self.period = period
        self.operations = {operation.id: operation for operation in operations}
        self.updates: list[Update] = []
        self.referrals: dict[UUID, dict[str, int]] = {}
        self.distresses: dict[UUID, Distress] = {}
        self.investigations: dict[UUID, Investigation] = {}

    @property
    def tx(self) -> Tx:
        return cast(Tx, self)

    def announce(self, *events: Event) -> None:
        self.said += events

    async def sql(self, statement: str, *parameters: Any) -> Sequence[Row]:
        words = " ".join(statement.split())
        if words.startswith("SELECT body FROM period"):
            return _bodies([self.period] if self.period.id == parameters[0] else [])
        if words.startswith("INSERT INTO period"):
            self.period = Period.model_validate_json(parameters[-1])
            return []
        if words.startswith("SELECT body FROM operation WHERE period_id"):
            owner = parameters[1]
            return _bodies([one for one in self.operations.values() if owner in (None, one.owner)])
        if words.startswith("WITH frame"):
            return self._with_frame(parameters[0])
        if words.startswith("SELECT period_id FROM operation"):
            return [{"period_id": one.period_id} for one in self._operation(parameters[0])]
        if words.startswith("SELECT body FROM operation WHERE id"):
            return _bodies(self._operation(parameters[0]))
        if words.startswith("INSERT INTO operation"):
            operation = Operation.model_validate_json(parameters[-1])
            self.operations[operation.id] = operation
            return []
        if words.startswith("SELECT body FROM update WHERE operation_id"):
            return _bodies([one for one in self.updates if one.operation_id == parameters[0]])
        if words.startswith("SELECT state, count(*)::int AS n FROM referral"):
            return [{"state": state, "n": n} for state, n in self.referrals.get(parameters[0], {}).items()]
        if words.startswith(("INSERT INTO referral", "INSERT INTO incident")):
            return []  # how many there are is said by the test
        if words.startswith("SELECT body FROM distress WHERE period_id"):
            return _bodies([one for one in self.distresses.values() if one.state == "open"])
        if words.startswith("INSERT INTO distress"):
            distress = Distress.model_validate_json(parameters[-1])
            self.distresses[distress.id] = distress
            return []
        if words.startswith("SELECT count(*) AS n FROM operation"):
            held = [one for one in self.operations.values() if one.held and one.state != "cancelled"]
            return [{"n": len(held)}]
        if words.startswith(("SELECT operation_id, period_id, owner", "SELECT id, body FROM target")):
            return []  # nothing of these is compared
        if words.startswith("SELECT operation_id FROM update"):
            return [{"operation_id": one.operation_id} for one in self.updates if one.id == parameters[0]]
        if words.startswith("SELECT body FROM update WHERE id"):
            found = [one for one in self.updates if one.id == parameters[0]]
            return _bodies([one for one in found if one.operation_id in (*parameters[1:], one.operation_id)[:1]])
        if words.startswith("INSERT INTO update"):
            self.add(statement, *parameters)
            return []
        if words.startswith("SELECT i.id FROM investigation"):
            assert "p.state NOT IN" in words, "of a period that is over the clock looks at nothing"
            return [{"id": one.id} for one in self.investigations.values() if one.due_at and one.due_at <= parameters[0]]
        if " FROM investigation WHERE" in words:
            return self._investigations(words, parameters[0])
        if words.startswith("INSERT INTO investigation"):
            plan = Investigation.model_validate_json(parameters[-1])
            self.investigations[plan.id] = plan
            assert parameters[4] == plan.due_at, "the clock knows when to look"
            return []
        if words.startswith("SELECT type, party, at, audience, body FROM outbox"):
            return []
        if words.startswith("SELECT id, epoch, audience FROM outbox"):
            return self._outbox(words, *parameters)
        if words.startswith("UPDATE outbox SET event_id"):
            for row, tombstone in zip(parameters[1], parameters[3], strict=True):
                told = json.loads(tombstone)
                self.said[row] = CATALOGUE[parameters[0]](**told["data"], audience=self.said[row].audience)
            return []
        raise NotImplementedError(words)

    def _outbox(self, words: str, topic: str, key: str, kinds: Sequence[str], *more: Any) -> Sequence[Row]:
        """What was said of these kinds: to these parties, if they are named; of one update, if it is."""
        parties, update = more if "string_to_array" in words else ([], *more)
        asked = {update} if isinstance(update, str) else {str(one) for one in update or ()}
        return [
            {"id": place, "epoch": 1, "audience": " ".join(event.audience)}
            for place, event in enumerate(self.said)
            if (event.topic, event.key) == (topic, key) and event.type in kinds
            and (not parties or set(parties) & set(event.audience))
            and (not asked or str(getattr(event, "update_id", None)) in asked)
        ]  # fmt: skip

    def add(self, _statement: str, *parameters: Any) -> None:
        """A new update, or another state of one."""
        update = Update.model_validate_json(parameters[-1])
        self.updates = [*(one for one in self.updates if one.id != update.id), update]

    def audit(self, *_: Any) -> None:
        """Not looked at here."""

    def _investigations(self, words: str, key: Any) -> Sequence[Row]:
        found = [one for one in self.investigations.values() if key in (one.id, one.period_id)]
        if words.startswith("SELECT count(*)"):
            return [{"n": len([one for one in found if one.state != "stopped"])}]
        return [{"period_id": one.period_id} for one in found] if words.startswith("SELECT period_id") else _bodies(found)

    def _operation(self, operation_id: UUID) -> list[Operation]:
        found = self.operations.get(operation_id)
        return [found] if found else []

    def _with_frame(self, operation_id: UUID) -> list[Row]:
        period = self.period
        row = {
            "id": period.id, "state": period.state.value, "participants": list(period.participants),
            "first_day": str(period.first_day), "last_day": str(period.last_day), "presiding": list(period.presiding),
            "objectives": [str(one.id) for one in period.objectives],
        }  # fmt: skip
        return [{**row, "body": one.model_dump_json()} for one in self._operation(operation_id)]

    def told(self, operation_id: UUID) -> list[str]:
        """The types of what was said of an operation and its updates."""
        return [event.type for event in self.said if event.key == str(operation_id)]


def _bodies(aggregates: Sequence[BaseModel]) -> list[Row]:
    return [{"body": json.loads(json.dumps(to_jsonable_python(one)))} for one in aggregates]
