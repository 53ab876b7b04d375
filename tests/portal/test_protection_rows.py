"""Incidents, concerns and lateness as the portal shows them, out of their events."""

from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest

from services.planner.domain.incident import Incident
from services.planner.domain.update import Update
from services.portal.awaited_words import awaited
from services.portal.pages.incidents import _may, incident_words
from services.portal.pages.own_word import own_word
from services.portal.projections.rows import Rows
from shared.vocabulary import DetailAudience, IncidentFinding, ProtectionConcern, Role, UpdateKind
from tests.builders import NOON, a_coordinator, a_frame, an_actor, an_officer, an_operation, an_update
from tests.planner.test_incident import INCIDENT, a_planned
from tests.portal.fake_desk import NOW, desk
from tests.portal.in_memory import Shown

OPERATION = an_operation(detail_audience=DetailAudience.PARTICIPANTS)
FRAME = a_frame(joined=("NZ", "LK", "TH"))
NZ = an_officer("NZ")


async def test_a_serious_incident_stands_in_no_list_but_that_of_whom_it_went_to():
    shown = Shown()
    _, said = Incident.report(INCIDENT, OPERATION, a_planned("LK", "UNHCR"), NZ)
    await shown.hear(said, said)
    row = shown.row("incident", INCIDENT.id)
    assert (row["audience"], row["text"], row["party"]) == (said.audience, "Beaten in custody.", "NZ")
    assert shown.timeline() == []
    for table in ("update", "update_detail", "update_count"):
        assert shown.rows(table) == []
    for sums in ("posted", "operation_posted", "total"):
        assert shown.sums(sums) == {}


async def test_a_serious_incident_is_shown_as_it_stands_with_who_has_it_and_what_was_found():
    shown, period = Shown(), a_planned("LK", "UNHCR")
    incident, said = Incident.report(INCIDENT, OPERATION, period, NZ)
    late = INCIDENT.take_up_by
    told = incident.escalate(a_planned("LK", "AU", "UNHCR"), late)
    assert told
    await shown.hear(said, told[1], told[1])
    row = shown.row("incident", INCIDENT.id)
    assert (row["status"], row["version"], row["text"], row["take_up_by"]) == ("escalated", 2, INCIDENT.text, late)
    assert row["audience"] == ("AU#rights_officer", "LK#rights_officer", "UNHCR#rights_officer")
    rights = an_actor("LK", Role.RIGHTS_OFFICER, name="rights")
    taken, event = told[0].take_up(period, rights, late)
    await shown.hear(event)
    row = shown.row("incident", INCIDENT.id)
    assert (row["status"], row["taken_up_by"], row["taken_up_party"]) == ("taken_up", "lk.rights", "LK")
    assert row["party"] == "NZ", "of the incident, and not of whoever took it up"
    _, event = taken.close(IncidentFinding.PASSED_ON, "To the ombudsman.", period, rights, late)
    await shown.hear(event)
    row = shown.row("incident", INCIDENT.id)
    assert (row["status"], row["version"], row["finding"], row["note"]) == ("closed", 4, "passed_on", "To the ombudsman.")
    assert (row["closed_by"], row["closed_party"], row["taken_up_by"]) == ("lk.rights", "LK", "lk.rights")
    assert shown.timeline() == []


@pytest.mark.parametrize(
    ("role", "status", "offered"),
    [
        (Role.RIGHTS_OFFICER, "reported", {"take-up"}),
        (Role.RIGHTS_OFFICER, "escalated", {"take-up"}),
        (Role.RIGHTS_OFFICER, "taken_up", {"close"}),
        (Role.RIGHTS_OFFICER, "closed", set()),
        (Role.COORDINATOR, "reported", set()),
    ],
)
def test_a_rights_officer_is_offered_the_next_step(role: Role, status: str, offered: set[str]):
    assert _may(desk("LK", role), {"status": status}) == offered


async def test_home_and_the_waiting_list_tell_a_rights_officer_what_nobody_has_taken_up():
    row = {
        "id": uuid4(), "party": "NZ", "period_id": uuid4(), "status": "escalated", "reported_at": NOW, "take_up_by": NOW,
    }  # fmt: skip
    at = desk("LK", Role.RIGHTS_OFFICER, incidents_waiting=[row], periods=((), None))
    reads = cast(Any, at.fake)
    (told,) = await incident_words(at, reads)
    assert (told.who, told.href, told.overdue) == ("NZ", f"/incidents/{row['id']}", True)
    (word,) = await awaited(reads, "LK", NOW)
    assert (word.kind, word.subject_id, word.by) == ("incident", row["id"], NOW)
    assert await incident_words(desk("LK", Role.COORDINATOR, incidents_waiting=[row]), reads) == ()
    at.request.query_params = {}  # type: ignore[misc]
    at.request.headers = {}  # type: ignore[misc]
    at.fake.said |= {"alerts_waiting_count": 0}
    page = bytes((await own_word(at)).body).decode()
    assert "TLP:RED" in page
    assert f"/incidents/{row['id']}" in page
    at.fake.said |= {"incidents_waiting": []}
    assert "TLP:RED" not in bytes((await own_word(at)).body).decode()


async def test_a_minor_one_is_shown_to_the_readers_of_the_detail():
    shown = Shown()
    update, *said = Update.post(
        an_update(an_operation(), kind=UpdateKind.INCIDENT, counts={}), an_operation(), FRAME, NZ
    )
    await shown.hear(*said)
    assert shown.row("update", update.id)["audience"] == ("NZ",)
    assert {readers for _, readers in shown.timeline()} == {("NZ",)}


async def test_an_update_about_someone_to_protect_is_shown_to_all_but_their_state_until_it_is_released():
    shown = Shown()
    asked = an_update(OPERATION, protection_concern=ProtectionConcern.WITNESS, origins=("TH", "VN"))
    update, *said = Update.post(asked, OPERATION, FRAME, NZ)
    await shown.hear(*said)
    for table in ("update", "update_detail"):
        assert shown.row(table, update.id)["audience"] == ("LK", "NZ")
    assert shown.row("update_detail", update.id)["protection_concern"] == "witness"
    kept = shown.row("update_protection", update.id)
    assert (kept["audience"], kept["origins"]) == (("NZ",), ["TH", "VN"])
    rights = an_actor("NZ", Role.RIGHTS_OFFICER, name="rights")
    freed, *told = update.release_origins(("TH",), "Asked for.", OPERATION, FRAME, rights)
    await shown.hear(*told)
    for table in ("update", "update_detail"):
        assert shown.row(table, update.id)["audience"] == ("LK", "NZ", "TH")
    kept = shown.row("update_protection", update.id)
    assert (kept["origins"], kept["released"], kept["reason"]) == (["VN"], ["TH"], "Asked for.")
    assert kept["protection_concern"] == "witness"
    assert shown.row("update", update.id)["version"] == freed.version
    assert sum(standing for readers, standing in shown.standing().items() if "TH" in readers) == 2
    assert sum(shown.standing().values()) == 2, "counted once"


async def test_what_earlier_versions_said_is_taken_from_the_state_of_origin_by_the_correction():
    shown = Shown()
    first, *said = Update.post(an_update(OPERATION), OPERATION, FRAME, NZ)
    await shown.hear(*said)
    assert "TH" in shown.row("update_detail", first.id)["audience"]
    asked = an_update(
        OPERATION, id=uuid4(), supersedes=first.id, protection_concern=ProtectionConcern.VICTIM, origins=("TH",)
    )
    corrected, *said = Update.post(asked, OPERATION, FRAME, NZ, first)
    _, *shielding = first.supersede().shield(corrected, OPERATION, FRAME)
    await shown.hear(*said, *shielding)
    for table in ("update", "update_detail"):
        assert shown.row(table, first.id)["audience"] == ("LK", "NZ")


async def test_late_is_what_came_long_after_it_happened_and_a_correction_is_not_late_again():
    shown, late = Shown(), NOON - timedelta(hours=30)
    in_time, *said = Update.post(an_update(OPERATION), OPERATION, FRAME, NZ)
    old, *more = Update.post(an_update(OPERATION, happened_at=late), OPERATION, FRAME, NZ)
    again, *most = Update.post(
        an_update(OPERATION, id=uuid4(), happened_at=late, supersedes=old.id), OPERATION, FRAME, NZ, old
    )
    await shown.hear(*said, *more, *most, old.supersede().release(OPERATION, FRAME)[0])
    assert [shown.row("update", one.id)["late"] for one in (in_time, old, again)] == [False, True, False]
    (*_, (updates, _, counted, _)) = shown.sums("posted").values()
    assert (updates, counted) == (3, 1)
    assert in_time.validate_counts(OPERATION, FRAME, a_coordinator("NZ"))


def test_how_late_is_late_is_a_setting():
    rows = Rows(*cast(Any, (None, None, {})), late_after=timedelta(hours=2))
    assert rows.is_late(NOON, NOON + timedelta(hours=3))
    assert not rows.is_late(NOON, NOON + timedelta(hours=2))
