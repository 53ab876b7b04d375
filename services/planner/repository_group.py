"""Every query of the Working Group: its members, the activities of its programme, and consultations."""

from collections.abc import Sequence
from uuid import UUID

from pydantic_core import to_json

from services.planner.domain.activity import Activity
from services.planner.domain.consultation import Consultation
from services.planner.domain.group import GROUP_ID, Group
from shared.errors import NotFound
from shared.runtime.db import Tx


class Consultations:
    """Consultations, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, consultation_id: UUID) -> Consultation:
        rows = await self._tx.sql("SELECT body FROM consultation WHERE id = $1 FOR UPDATE", consultation_id)
        if not rows:
            raise NotFound
        return Consultation.model_validate(rows[0]["body"])

    async def put(self, consultation: Consultation) -> None:
        await self._tx.sql(
            "INSERT INTO consultation (id, version, state, due_at, body) VALUES ($1, $2, $3, $4, $5::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, "
            "due_at = excluded.due_at, body = excluded.body",
            consultation.id,
            consultation.version,
            consultation.state.value,
            consultation.due_at,
            to_json(consultation).decode(),
        )

    async def due(self) -> Sequence[UUID]:
        """Those at which the clock has to look."""
        rows = await self._tx.sql("SELECT id FROM consultation WHERE due_at <= $1 ORDER BY due_at", self._tx.now)
        return [row["id"] for row in rows]


class Activities:
    """Activities, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, activity_id: UUID) -> Activity:
        rows = await self._tx.sql("SELECT body FROM activity WHERE id = $1 FOR UPDATE", activity_id)
        if not rows:
            raise NotFound
        return Activity.model_validate(rows[0]["body"])

    async def all(self) -> Sequence[Activity]:
        """Locked, each; the Working Group must be locked before."""
        rows = await self._tx.sql("SELECT body FROM activity ORDER BY id FOR UPDATE")
        return [Activity.model_validate(row["body"]) for row in rows]

    async def put(self, activity: Activity) -> None:
        await self._tx.sql(
            "INSERT INTO activity (id, owner, version, state, due_at, body) VALUES ($1, $2, $3, $4, $5, $6::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, "
            "due_at = excluded.due_at, body = excluded.body",
            activity.id,
            activity.owner,
            activity.version,
            activity.state.value,
            activity.due_at,
            to_json(activity).decode(),
        )

    async def due(self) -> Sequence[UUID]:
        """Those at which the clock has to look."""
        rows = await self._tx.sql("SELECT id FROM activity WHERE due_at <= $1 ORDER BY due_at", self._tx.now)
        return [row["id"] for row in rows]


class Groups:
    """The Working Group."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self) -> Group:
        """To change it."""
        rows = await self._tx.sql("SELECT body FROM working_group WHERE id = $1 FOR UPDATE", GROUP_ID)
        return Group.model_validate(rows[0]["body"])

    async def as_it_is(self) -> Group:
        """Its members, who stay what they are until the transaction ends: they decide who is told."""
        rows = await self._tx.sql("SELECT body FROM working_group WHERE id = $1 FOR SHARE", GROUP_ID)
        return Group.model_validate(rows[0]["body"])

    async def put(self, group: Group) -> None:
        await self._tx.sql(
            "UPDATE working_group SET version = $2, body = $3::jsonb WHERE id = $1",
            group.id,
            group.version,
            to_json(group).decode(),
        )
