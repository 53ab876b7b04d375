"""Every query of investigation plans. `get` locks the row until the transaction ends and raises NotFound."""

from collections.abc import Sequence
from uuid import UUID

from pydantic_core import to_json

from services.planner.domain.investigation import Investigation
from services.planner.repository import NOT_OVER
from shared.errors import NotFound
from shared.runtime.db import Tx


class Investigations:
    """Investigation plans, whole. The period is locked before, as everywhere."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, investigation_id: UUID) -> Investigation:
        rows = await self._tx.sql("SELECT body FROM investigation WHERE id = $1 FOR UPDATE", investigation_id)
        if not rows:
            raise NotFound
        return Investigation.model_validate(rows[0]["body"])

    async def period_of(self, investigation_id: UUID) -> UUID:
        """Without a lock: where both are locked, the period comes first."""
        rows = await self._tx.sql("SELECT period_id FROM investigation WHERE id = $1", investigation_id)
        if not rows:
            raise NotFound
        found: UUID = rows[0]["period_id"]
        return found

    async def of_period(self, period_id: UUID) -> Sequence[Investigation]:
        """All of a period, locked. The period must be locked by the caller."""
        rows = await self._tx.sql(
            "SELECT body FROM investigation WHERE period_id = $1 ORDER BY id FOR UPDATE", period_id
        )
        return [Investigation.model_validate(row["body"]) for row in rows]

    async def count(self, period_id: UUID) -> int:
        """How many there are that were not stopped. The period must be locked by the caller."""
        rows = await self._tx.sql(
            "SELECT count(*) AS n FROM investigation WHERE period_id = $1 AND state <> 'stopped'", period_id
        )
        return int(rows[0]["n"])

    async def put(self, plan: Investigation) -> None:
        await self._tx.sql(
            "INSERT INTO investigation (id, period_id, version, state, due_at, body) VALUES ($1, $2, $3, $4, $5, $6::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, "
            "due_at = excluded.due_at, body = excluded.body",
            plan.id,
            plan.period_id,
            plan.version,
            plan.state.value,
            plan.due_at,
            to_json(plan).decode(),
        )

    async def due(self) -> Sequence[UUID]:
        """Those at which the clock has to look."""
        query = (
            "SELECT i.id FROM investigation i JOIN period p ON p.id = i.period_id "  # noqa: S608
            f"WHERE i.due_at <= $1 AND {NOT_OVER} ORDER BY i.due_at"
        )
        rows = await self._tx.sql(query, self._tx.now)
        return [row["id"] for row in rows]
