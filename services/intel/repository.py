"""Every query of intel. `get` locks the row until the transaction ends and raises NotFound."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json

from services.intel.domain.alert import Alert
from services.intel.domain.ledger import Line
from shared.errors import NotFound
from shared.events.intel import AlertBodyRecalled
from shared.runtime.db import Tx

_COLUMNS = ", ".join(Line.model_fields)
_SAID = "SELECT id FROM outbox WHERE topic = $1 AND key = $2 AND type <> $3"
_FORGET = "UPDATE outbox SET event_id = $2, type = $3, body = $4 WHERE id = $1"


class Alerts:
    """Alerts, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, alert_id: UUID) -> Alert:
        rows = await self._tx.sql("SELECT body FROM alert WHERE id = $1 FOR UPDATE", alert_id)
        if not rows:
            raise NotFound
        return Alert.model_validate(rows[0]["body"])

    async def put(self, alert: Alert) -> None:
        await self._tx.sql(
            "INSERT INTO alert (id, version, state, body) VALUES ($1, $2, $3, $4::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, body = excluded.body",
            alert.id,
            alert.version,
            alert.state.value,
            to_json(alert).decode(),
        )

    async def forget_body(self, alert: Alert, at: datetime) -> None:
        """Put a tombstone in the place of what was said in the text's topic: same number, same readers, no text.

        The tombstone has an id of its own. Where this number is sent again (after a broker that did not stop cleanly,
        or as a replay), whoever saw the text before meets a new event of a number that it has passed, and purges once
        more; with the old id it would be the same id with other bytes, which is a security alert.
        """
        said = await self._tx.sql(_SAID, AlertBodyRecalled.topic, str(alert.id), AlertBodyRecalled.type)
        for row in said:
            tombstone = AlertBodyRecalled(
                alert_id=alert.id, at=at, party=alert.originator, audience=alert.audience, tlp=alert.tlp
            )
            await self._tx.sql(_FORGET, row["id"], tombstone.id, tombstone.type, tombstone.public_bytes(at))


class Lines:
    """The ledger's lines. Their alert is locked first, as everywhere."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def add(self, lines: Sequence[Line]) -> None:
        await self._tx.sql(
            "INSERT INTO alert_line (alert_id, recipient, state, queued_at, acknowledged_by) "
            "SELECT *, '' FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])",
            [line.alert_id for line in lines],
            [line.recipient for line in lines],
            [line.state.value for line in lines],
            [line.queued_at for line in lines],
        )

    async def get(self, alert_id: UUID, recipient: str) -> Line:
        rows = await self._tx.sql(
            f"SELECT {_COLUMNS} FROM alert_line WHERE alert_id = $1 AND recipient = $2 FOR UPDATE",  # noqa: S608
            alert_id,
            recipient,
        )
        if not rows:
            raise NotFound
        return Line.model_validate(dict(rows[0]))

    async def put(self, line: Line) -> None:
        await self._tx.sql(
            "UPDATE alert_line SET state = $3, delivered_at = $4, read_at = $5, acknowledged_at = $6, "
            "acknowledged_by = $7, purged_at = $8 WHERE alert_id = $1 AND recipient = $2",
            line.alert_id,
            line.recipient,
            line.state.value,
            line.delivered_at,
            line.read_at,
            line.acknowledged_at,
            line.acknowledged_by,
            line.purged_at,
        )


class Periods:
    """Which periods there are, and who is asked to them."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def put(self, period_id: UUID, parties: Sequence[str]) -> None:
        await self._tx.sql(
            "INSERT INTO period (id, parties) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET parties = excluded.parties",
            period_id,
            list(parties),
        )

    async def join(self, period_id: UUID, parties: Sequence[str]) -> None:
        await self._tx.sql(
            "UPDATE period SET parties = ARRAY(SELECT DISTINCT p FROM unnest(parties || $2::text[]) p ORDER BY p) "
            "WHERE id = $1",
            period_id,
            list(parties),
        )

    async def leave(self, period_id: UUID, party: str) -> None:
        await self._tx.sql("UPDATE period SET parties = array_remove(parties, $2) WHERE id = $1", period_id, party)

    async def hears(self, period_id: UUID, party: str) -> bool:
        rows = await self._tx.sql("SELECT 1 AS one FROM period WHERE id = $1 AND $2 = ANY (parties)", period_id, party)
        return bool(rows)
