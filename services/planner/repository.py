"""Every query of the planner. `get` locks the row until the transaction ends and raises NotFound."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.update import Update
from services.planner.domain.work import task_due_at
from shared.errors import NotFound
from shared.events.planner import Reached
from shared.runtime.db import Tx
from shared.vocabulary import PeriodState

# The frame is locked against a change of the period while an operation is being decided on, and before the operation
# is: a row has to come out of `frame` before it is locked as a whole.
_WITH_FRAME = """
WITH frame AS MATERIALIZED (
    SELECT p.id, p.state, p.participants, p.body->>'first_day' AS first_day, p.body->>'last_day' AS last_day,
           p.presiding, jsonb_path_query_array(p.body, '$.objectives[*].id') AS objectives
    FROM period p WHERE p.id = (SELECT period_id FROM operation WHERE id = $1) FOR KEY SHARE
)
SELECT frame.*, o.body::text AS body FROM operation o JOIN frame ON frame.id = o.period_id WHERE o.id = $1 FOR UPDATE OF o
"""


NOT_OVER = "p.state NOT IN ('archived', 'cancelled')"
"""Of a period `p`: else the clock has nothing to do with what is in it."""


def _body(aggregate: BaseModel) -> str:
    return to_json(aggregate).decode()


class Periods:
    """Periods, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, period_id: UUID) -> Period:
        rows = await self._tx.sql("SELECT body FROM period WHERE id = $1 FOR UPDATE", period_id)
        if not rows:
            raise NotFound
        return Period.model_validate(rows[0]["body"])

    async def put(self, period: Period) -> None:
        await self._tx.sql(
            "INSERT INTO period (id, version, state, participants, presiding, due_at, body) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, participants = "
            "excluded.participants, presiding = excluded.presiding, due_at = excluded.due_at, body = excluded.body",
            period.id,
            period.version,
            period.state.value,
            list(period.participants),
            list(period.presiding),
            period.due_at,
            _body(period),
        )

    async def due(self) -> list[UUID]:
        """Those at which the clock has to look."""
        rows = await self._tx.sql("SELECT id FROM period WHERE due_at <= $1 ORDER BY due_at", self._tx.now)
        return [row["id"] for row in rows]

    async def held(self, period_id: UUID) -> int:
        """How many headlines are held. The period must be locked by the caller."""
        rows = await self._tx.sql(
            "SELECT count(*) AS n FROM operation WHERE period_id = $1 AND held AND state <> 'cancelled'", period_id
        )
        return int(rows[0]["n"])

    async def reached(self, period_id: UUID) -> tuple[Reached, ...]:
        """Each operation's last number on each topic; locks the operations so that none moves on meanwhile."""
        await self._tx.sql("SELECT id FROM operation WHERE period_id = $1 ORDER BY id FOR UPDATE", period_id)
        rows = await self._tx.sql(
            "SELECT DISTINCT ON (o.id, b.topic) o.id, b.topic, b.epoch, b.sequence FROM operation o "
            "JOIN outbox b ON b.key = o.id::text AND b.topic IN ('planner.operations', 'planner.details') "
            "WHERE o.period_id = $1 ORDER BY o.id, b.topic, b.epoch DESC, b.sequence DESC",
            period_id,
        )
        sequences: dict[UUID, dict[str, int]] = {}
        epochs: dict[UUID, dict[str, int]] = {}
        for row in rows:
            sequences.setdefault(row["id"], {})[row["topic"]] = row["sequence"]
            if row["epoch"] > 1:
                epochs.setdefault(row["id"], {})[row["topic"]] = row["epoch"]
        return tuple(Reached(operation_id=o, sequences=s, epochs=epochs.get(o, {})) for o, s in sequences.items())


class Operations:
    """Operations, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, operation_id: UUID) -> Operation:
        rows = await self._tx.sql("SELECT body FROM operation WHERE id = $1 FOR UPDATE", operation_id)
        if not rows:
            raise NotFound
        return Operation.model_validate(rows[0]["body"])

    async def with_frame(self, operation_id: UUID) -> tuple[Operation, Frame]:
        """The operation, and what it needs of its period."""
        rows = await self._tx.sql(_WITH_FRAME, operation_id)
        if not rows:
            raise NotFound
        row = rows[0]
        frame = Frame(
            row["id"],
            PeriodState(row["state"]),
            date.fromisoformat(row["first_day"]),
            date.fromisoformat(row["last_day"]),
            tuple(row["participants"]),
            tuple(row["presiding"]),
            tuple(UUID(objective) for objective in row["objectives"]),
        )
        return Operation.model_validate_json(row["body"]), frame

    async def of_period(self, period_id: UUID, owner: str | None = None) -> list[Operation]:
        """All of a period, or of one owner in it, locked. The period must be locked by the caller."""
        rows = await self._tx.sql(
            "SELECT body FROM operation WHERE period_id = $1 AND ($2::text IS NULL OR owner = $2) ORDER BY id FOR UPDATE",
            period_id,
            owner,
        )
        return [Operation.model_validate(row["body"]) for row in rows]

    async def put(self, operation: Operation) -> None:
        await self._tx.sql(
            "INSERT INTO operation (id, period_id, owner, version, state, held, task_due_at, body) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb) ON CONFLICT (id) DO UPDATE SET version = excluded.version, "
            "state = excluded.state, held = excluded.held, task_due_at = excluded.task_due_at, body = excluded.body",
            operation.id,
            operation.period_id,
            operation.owner,
            operation.version,
            operation.state.value,
            operation.held,
            task_due_at(operation),
            _body(operation),
        )

    async def period_of(self, operation_id: UUID) -> UUID:
        """Without a lock: where both are locked, the period comes first."""
        rows = await self._tx.sql("SELECT period_id FROM operation WHERE id = $1", operation_id)
        if not rows:
            raise NotFound
        found: UUID = rows[0]["period_id"]
        return found

    async def due_for_release(self, now: datetime) -> list[UUID]:
        """Operations whose hold has come to the time that the owner set."""
        rows = await self._tx.sql(
            "SELECT o.id FROM operation o JOIN period p ON p.id = o.period_id WHERE o.held AND o.state <> 'cancelled' "  # noqa: S608
            f"AND (o.body->>'held_until')::timestamptz <= $1 AND {NOT_OVER} ORDER BY o.id",
            now,
        )
        return [row["id"] for row in rows]

    async def with_due_tasks(self) -> list[UUID]:
        """Operations at whose tasks the clock has to look."""
        query = (
            "SELECT o.id FROM operation o JOIN period p ON p.id = o.period_id "  # noqa: S608
            f"WHERE o.task_due_at <= $1 AND {NOT_OVER} ORDER BY o.task_due_at"
        )
        return [row["id"] for row in await self._tx.sql(query, self._tx.now)]


class Updates:
    """Updates, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, update_id: UUID) -> Update:
        rows = await self._tx.sql("SELECT body FROM update WHERE id = $1 FOR UPDATE", update_id)
        if not rows:
            raise NotFound
        return Update.model_validate(rows[0]["body"])

    async def of_operation(self, update_id: UUID, operation_id: UUID) -> Update | None:
        """One of this operation's; no other is looked at, so that nothing is learnt of it."""
        query = "SELECT body FROM update WHERE id = $1 AND operation_id = $2 FOR UPDATE"
        rows = await self._tx.sql(query, update_id, operation_id)
        return Update.model_validate(rows[0]["body"]) if rows else None

    async def operation_of(self, update_id: UUID) -> UUID:
        """Without a lock: the operation is locked first, then its update."""
        rows = await self._tx.sql("SELECT operation_id FROM update WHERE id = $1", update_id)
        if not rows:
            raise NotFound
        found: UUID = rows[0]["operation_id"]
        return found

    async def put(self, update: Update) -> None:
        await self._tx.sql(
            "INSERT INTO update (id, operation_id, version, status, body) VALUES ($1, $2, $3, $4, $5::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, body = excluded.body",
            update.id,
            update.operation_id,
            update.version,
            update.status.value,
            _body(update),
        )

    def add(self, update: Update) -> None:
        """A new one, written with what is announced of it."""
        self._tx.add(
            "INSERT INTO update (id, operation_id, version, status, body) VALUES ($1, $2, $3, $4, $5::jsonb)",
            update.id,
            update.operation_id,
            update.version,
            update.status.value,
            _body(update),
        )

    async def of(self, operation_id: UUID) -> list[Update]:
        rows = await self._tx.sql("SELECT body FROM update WHERE operation_id = $1 ORDER BY id", operation_id)
        return [Update.model_validate(row["body"]) for row in rows]

