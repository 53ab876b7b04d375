"""What intel does with receipts: events in, state out, delivered twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.intel import usecases
from services.intel.domain.alert import Alert
from shared.events.intel import AlertReceiptRecorded, PurgeConfirmed
from shared.events.portal import Delivered, Opened, Purged, ReceiptEvent
from tests.builders import NOON, an_officer
from tests.intel.builders import published, recall
from tests.intel.hearing import Ear

pytestmark = pytest.mark.system
LATER = NOON + timedelta(hours=1)


def a_receipt(kind: type[ReceiptEvent], alert_id: UUID, recipient: str = "LK", **changes: Any) -> ReceiptEvent:
    said = {"subject_kind": "alert", "recipient": recipient, "party": recipient, "at": NOON, **changes}
    return kind(subject_id=alert_id, **said)


async def acknowledge(intel: Ear, alert: Alert) -> None:
    officer = an_officer("LK")
    async with intel.service.database.begin(officer) as tx:
        await usecases.acknowledge(tx, officer, alert.id)


async def states(intel: Ear, alert: Alert) -> dict[str, str]:
    rows = await intel.sql("SELECT recipient, state FROM alert_line WHERE alert_id = $1", alert.id)
    return {row["recipient"]: row["state"] for row in rows}


async def test_what_was_delivered_and_opened_is_in_the_ledger_and_said_once(intel: Ear):
    alert = await published(intel)
    delivered, opened = a_receipt(Delivered, alert.id), a_receipt(Opened, alert.id, by="lk.officer", at=LATER)
    for event in (delivered, delivered, opened, opened, delivered):
        await intel.hear(event)
    assert await states(intel, alert) == {"LK": "read", "TH": "queued"}
    said = await intel.said(AlertReceiptRecorded, alert.id)
    assert [(line["recipient"], line["state"], line["audience"]) for line in said] == [
        ("LK", "delivered", "LK NZ"),
        ("LK", "read", "LK NZ"),
    ]


async def test_a_second_copy_of_the_same_news_under_another_id_says_nothing(intel: Ear):
    alert = await published(intel)
    await intel.hear(a_receipt(Delivered, alert.id), a_receipt(Delivered, alert.id, at=LATER))
    assert len(await intel.said(AlertReceiptRecorded, alert.id)) == 1


async def test_an_acknowledged_line_stays_so_when_the_receipts_come_late(intel: Ear):
    alert = await published(intel)
    await acknowledge(intel, alert)
    await intel.hear(a_receipt(Delivered, alert.id), a_receipt(Opened, alert.id))
    assert (await states(intel, alert))["LK"] == "acknowledged"
    said = await intel.said(AlertReceiptRecorded, alert.id)
    assert [line["state"] for line in said] == ["acknowledged"]


async def test_a_purge_is_confirmed_to_the_originator_and_leaves_the_state(intel: Ear):
    alert = await published(intel)
    await intel.hear(a_receipt(Opened, alert.id))
    await recall(intel, alert)
    purged = a_receipt(Purged, alert.id, at=LATER)
    await intel.hear(purged)
    await intel.hear(purged)
    assert await states(intel, alert) == {"LK": "read", "TH": "queued"}
    [said] = await intel.said(PurgeConfirmed, alert.id)
    assert (said["recipient"], said["audience"]) == ("LK", "LK NZ")
    rows = await intel.sql("SELECT recipient, purged_at FROM alert_line WHERE alert_id = $1 ORDER BY 1", alert.id)
    assert [row["purged_at"] for row in rows] == [LATER, None]


async def test_a_receipt_of_nothing_and_a_purge_of_what_stands_are_set_aside(intel: Ear):
    stranger = a_receipt(Delivered, uuid7())
    alert = await published(intel)
    uninvited = a_receipt(Delivered, alert.id, "AU")
    await intel.hear(stranger, uninvited)
    assert await intel.quarantined(stranger.key) == ["not-found"]
    assert await intel.quarantined(alert.id) == ["not-found"]
    other = await published(intel)
    hasty = a_receipt(Purged, other.id)
    await intel.hear(hasty)
    assert await intel.quarantined(other.id) == ["not-this-state"]


async def test_versions_count_changes_to_the_alert_and_not_to_its_ledger(intel: Ear):
    alert = await published(intel)
    await intel.hear(a_receipt(Delivered, alert.id))
    await acknowledge(intel, alert)
    [row] = await intel.sql("SELECT version FROM alert WHERE id = $1", alert.id)
    assert row["version"] == 1
    await recall(intel, alert)
    [row] = await intel.sql("SELECT version FROM alert WHERE id = $1", alert.id)
    assert row["version"] == 2
