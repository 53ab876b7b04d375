"""Alerts for tests, complete and ordinary unless said otherwise; as domain objects, and kept by a service."""

from datetime import timedelta
from typing import Any

from uuid_utils.compat import uuid7

from services.intel import usecases
from services.intel.domain.alert import Alert, Message
from shared.events.intel import Grading
from shared.vocabulary import AlertKind, GradingScale
from tests.builders import NOON, a_coordinator, an_officer
from tests.intel.hearing import Ear

SECRET = "Passports with the numbers K100 to K199 are counterfeit."


def an_alert(originator: str = "NZ", grading: tuple[str, str, str] = ("admiralty", "B", "2"), **changes: Any) -> Alert:
    """A draft of NZ's to LK and TH."""
    scale, source, information = grading
    graded = Grading(scale=GradingScale(scale), source=source, information=information)
    said = {name: changes.pop(name) for name in ("title", "text") if name in changes}
    alert = Alert(
        id=uuid7(),
        originator=originator,
        kind=AlertKind.TRAVEL_DOCUMENT_FRAUD,
        recipients=("LK", "TH"),
        valid_until=NOON + timedelta(days=30),
        published_by=an_officer(originator).id,
        published_at=NOON,
        message=Message(**{"title": "Counterfeit passports", "text": SECRET, **said}, language="en", grading=graded),
    )
    return alert.model_copy(update=changes)


def a_published_alert(**changes: Any) -> Alert:
    alert = an_alert(**changes)
    published, *_ = Alert.publish(alert, an_officer(alert.originator))
    return published


async def published(intel: Ear) -> Alert:
    """An alert that intel keeps."""
    officer = an_officer("NZ")
    async with intel.service.database.begin(officer) as tx:
        alert = an_alert(published_at=tx.now, valid_until=tx.now + timedelta(days=1))
        return await usecases.publish(tx, officer, alert)


async def recall(intel: Ear, alert: Alert) -> None:
    coordinator = a_coordinator("NZ")
    async with intel.service.database.begin(coordinator) as tx:
        await usecases.recall(tx, coordinator, alert.id, 1, "The source was wrong.")
