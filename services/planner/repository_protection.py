"""Every query of what protects people: reports of distress, serious incidents, referrals of possible victims."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json

from services.planner.domain.distress import Distress
from services.planner.domain.incident import Incident
from services.planner.domain.referral import Referral
from shared.errors import NotFound
from shared.runtime.db import Tx


class Distresses:
    """Reports of distress, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, distress_id: UUID) -> Distress:
        rows = await self._tx.sql("SELECT body FROM distress WHERE id = $1 FOR UPDATE", distress_id)
        if not rows:
            raise NotFound
        return Distress.model_validate(rows[0]["body"])

    async def period_of(self, distress_id: UUID) -> UUID:
        """Without a lock: where both are locked, the period comes first."""
        rows = await self._tx.sql("SELECT period_id FROM distress WHERE id = $1", distress_id)
        if not rows:
            raise NotFound
        found: UUID = rows[0]["period_id"]
        return found

    async def open_of(self, period_id: UUID) -> Sequence[Distress]:
        """Those of a period that are not over, locked. The period must be locked by the caller."""
        rows = await self._tx.sql(
            "SELECT body FROM distress WHERE period_id = $1 AND state = 'open' ORDER BY id FOR UPDATE", period_id
        )
        return [Distress.model_validate(row["body"]) for row in rows]

    async def put(self, distress: Distress) -> None:
        await self._tx.sql(
            "INSERT INTO distress (id, period_id, version, state, body) VALUES ($1, $2, $3, $4, $5::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, body = excluded.body",
            distress.id,
            distress.period_id,
            distress.version,
            distress.state.value,
            to_json(distress).decode(),
        )


class Incidents:
    """Serious incidents, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, incident_id: UUID) -> Incident:
        rows = await self._tx.sql("SELECT body FROM incident WHERE id = $1 FOR UPDATE", incident_id)
        if not rows:
            raise NotFound
        return Incident.model_validate(rows[0]["body"])

    async def period_of(self, incident_id: UUID) -> UUID:
        """Without a lock: where both are locked, the period comes first."""
        rows = await self._tx.sql("SELECT period_id FROM incident WHERE id = $1", incident_id)
        if not rows:
            raise NotFound
        found: UUID = rows[0]["period_id"]
        return found

    async def put(self, incident: Incident) -> None:
        await self._tx.sql(
            "INSERT INTO incident (id, period_id, version, state, due_at, body) VALUES ($1, $2, $3, $4, $5, $6::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, "
            "due_at = excluded.due_at, body = excluded.body",
            incident.id,
            incident.period_id,
            incident.version,
            incident.state.value,
            incident.due_at,
            to_json(incident).decode(),
        )

    async def look_again(self, incident_id: UUID, at: datetime) -> None:
        """Nothing could be said of it now; the clock has to look at it then."""
        await self._tx.sql("UPDATE incident SET due_at = $2 WHERE id = $1", incident_id, at)

    async def due(self) -> Sequence[UUID]:
        """Those at which the clock has to look."""
        rows = await self._tx.sql("SELECT id FROM incident WHERE due_at <= $1 ORDER BY due_at", self._tx.now)
        return [row["id"] for row in rows]


class Referrals:
    """Referrals, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, referral_id: UUID) -> Referral:
        rows = await self._tx.sql("SELECT body FROM referral WHERE id = $1 FOR UPDATE", referral_id)
        if not rows:
            raise NotFound
        return Referral.model_validate(rows[0]["body"])

    async def operation_of(self, referral_id: UUID) -> UUID:
        """Without a lock: the operation is locked first, then its referral."""
        rows = await self._tx.sql("SELECT operation_id FROM referral WHERE id = $1", referral_id)
        if not rows:
            raise NotFound
        found: UUID = rows[0]["operation_id"]
        return found

    async def counts(self, operation_id: UUID) -> dict[str, int]:
        """How many of an operation stand where. The operation must be locked by the caller."""
        rows = await self._tx.sql(
            "SELECT state, count(*)::int AS n FROM referral WHERE operation_id = $1 GROUP BY state", operation_id
        )
        return {row["state"]: row["n"] for row in rows}

    async def put(self, referral: Referral) -> None:
        await self._tx.sql(
            "INSERT INTO referral (id, operation_id, version, state, due_at, body) VALUES ($1, $2, $3, $4, $5, $6::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, "
            "due_at = excluded.due_at, body = excluded.body",
            referral.id,
            referral.operation_id,
            referral.version,
            referral.state.value,
            referral.due_at,
            to_json(referral).decode(),
        )

    async def due(self) -> Sequence[UUID]:
        """Those at which the clock has to look."""
        rows = await self._tx.sql("SELECT id FROM referral WHERE due_at <= $1 ORDER BY due_at", self._tx.now)
        return [row["id"] for row in rows]
