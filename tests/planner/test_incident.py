"""Incidents: a minor one stays with the detail's readers; a serious one goes past the chain of whoever reports it."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.incident import Incident, NoRightsOfficer
from services.planner.domain.period import Period
from services.planner.domain.update import Update
from services.planner.schemas import PostUpdate, PublishPlan
from shared.errors import Invalid
from shared.events.base import Event
from shared.vocabulary import TLP, DetailAudience, Indicator, OperationState, PeriodState, Role, UpdateKind
from tests.builders import (
    NOON,
    a_coordinator,
    a_frame,
    a_period,
    a_plan,
    a_word,
    an_actor,
    an_officer,
    an_operation,
    an_update,
)

INCIDENT = Incident(
    id=uuid7(), operation_id=an_operation().id, period_id=a_period().id, party="NZ", happened_at=NOON, reported_at=NOON,
    take_up_by=NOON + timedelta(days=1), text="Beaten in custody.",
)  # fmt: skip


def a_planned(*rights: str, **changes: Any) -> Period:
    plan = a_plan(NZ="endorsed", LK="endorsed").model_copy(update={"rights_officers": rights})
    return a_period(state=PeriodState.ACTIVE, plans=(plan,), adopted=1, **changes)


@pytest.mark.parametrize("state", OperationState)
def test_a_serious_one_goes_to_rights_officers_of_other_parties_only(state: OperationState):
    period = a_planned("NZ", "LK", "UNHCR")
    _, said = Incident.report(INCIDENT, an_operation(state=state, held=True), period, an_officer("NZ"))
    assert said.audience == ("LK#rights_officer", "UNHCR#rights_officer")
    assert said.tlp is TLP.RED
    assert all("#" in entry for entry in said.audience), "no feed and no whole party"


@pytest.mark.parametrize("role", Role)
def test_nobody_of_the_reporters_own_state_reads_it_in_any_role(role: Role):
    _, said = Incident.report(INCIDENT, an_operation(), a_planned("NZ", "LK"), an_officer("NZ"))
    assert not an_actor("NZ", role).reads(said.audience)
    assert an_actor("LK", role).reads(said.audience) is (role is Role.RIGHTS_OFFICER)


@pytest.mark.parametrize(
    "period",
    [
        a_planned(),
        a_planned("NZ"),
        a_planned("LK", answers={"NZ": a_word("joined"), "LK": a_word("left")}),
        a_planned("No party at all"),
        a_period(state=PeriodState.PLANNING, plans=(a_plan().model_copy(update={"rights_officers": ("LK",)}),)),
    ],
)
def test_where_the_plan_in_force_names_nobody_else_it_is_refused_with_what_to_do(period: Period):
    with pytest.raises(NoRightsOfficer, match=r"nothing of it was kept.*co-chair.*amend"):
        Incident.report(INCIDENT, an_operation(), period, an_officer("NZ"))


def test_it_says_what_happened_and_not_tomorrow():
    for changes, field in (({"text": " "}, "text"), ({"happened_at": NOON + timedelta(days=1)}, "happened_at")):
        with pytest.raises(Invalid) as refused:
            Incident.report(INCIDENT.model_copy(update=changes), an_operation(), a_planned("LK"), an_officer("NZ"))
        assert [error.field for error in refused.value.errors] == [field]
    over = a_planned("LK").model_copy(update={"state": PeriodState.ARCHIVED})
    with pytest.raises(PeriodNotOpen):
        Incident.report(INCIDENT, an_operation(), over, an_officer("NZ"))


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "incident", "text": "x"},
        {"kind": "progress", "text": "x", "severity": "minor"},
        {"kind": "incident", "severity": "grave"},
        {"kind": "progress", "origins": ["XX"]},
    ],
)
def test_a_severity_is_an_incidents_and_an_origin_is_a_country(body: dict[str, Any]):
    with pytest.raises(ValidationError):
        PostUpdate.model_validate(body)
    PostUpdate.model_validate({"kind": "incident", "severity": "minor", "origins": ["MM", "ZZ"]})


def test_a_plan_names_rights_officers_by_their_partys_code():
    with pytest.raises(ValidationError):
        PublishPlan.model_validate({"sections": [{"title": "Aim"}], "rights_officers": ["The ombudsman"]})


MINOR: dict[str, Any] = {"kind": UpdateKind.INCIDENT, "counts": {}}


def told(*events: Event) -> set[tuple[str, ...]]:
    return {event.audience for event in events}


def test_a_minor_one_is_read_by_the_readers_of_the_detail_through_all_that_becomes_of_it():
    for chosen, readers in ((DetailAudience.OWN, ("NZ",)), (DetailAudience.PARTICIPANTS, ("LK", "NZ"))):
        operation = an_operation(detail_audience=chosen)
        update, *said = Update.post(an_update(operation, **MINOR), operation, a_frame(), an_officer("NZ"))
        assert told(*said) == {readers}
        assert told(update.validate_counts(operation, a_frame(), a_coordinator("NZ"))[1]) == {readers}
        assert update.send_back("How?", operation, a_frame(), a_coordinator("NZ"))[1].audience == readers
        assert told(*update.release(operation, a_frame())) == {readers}
        newcomer = update.open_to(["TH"], operation, a_frame(joined=("NZ", "LK", "TH")))
        assert told(*newcomer) == ({("TH",)} if chosen is DetailAudience.PARTICIPANTS else set())


def test_an_incident_counts_nothing_and_is_corrected_by_an_incident_only():
    operation = an_operation()
    counting = an_update(operation, kind=UpdateKind.INCIDENT, counts={Indicator.ARRESTS: 1})
    with pytest.raises(Invalid) as refused:
        Update.post(counting, operation, a_frame(), an_officer("NZ"))
    assert [error.field for error in refused.value.errors] == ["counts"]
    minor, result = an_update(operation, **MINOR), an_update(operation)
    for earlier, later in ((minor, result), (result, minor)):
        correction = later.model_copy(update={"id": uuid7(), "supersedes": earlier.id})
        with pytest.raises(Invalid) as refused:
            Update.post(correction, operation, a_frame(), an_officer("NZ"), earlier)
        assert [error.field for error in refused.value.errors] == ["kind"]
