"""An update: provisional until another person of the same state stands by it; nothing is overwritten."""

from datetime import timedelta

import pytest

from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.operation import NotThisState
from services.planner.domain.update import AlreadyJudged, OwnWork, Update
from shared.errors import Forbidden, Invalid, NotFound
from shared.vocabulary import DetailAudience, Indicator, OperationState, PeriodState, UpdateKind, UpdateStatus
from tests.builders import NOON, a_coordinator, a_frame, an_officer, an_operation, an_update

OPERATION = an_operation()


def test_the_counts_go_to_the_participants_and_the_text_stays_at_home():
    _, headline, detail = Update.post(an_update(OPERATION), OPERATION, a_frame(), an_officer("NZ"))
    assert headline.audience == ("LK", "NZ")
    assert detail.audience == ("NZ",)
    assert "text" not in headline.model_dump()


def test_the_text_follows_the_audience_that_the_owner_chose_for_the_operation():
    operation = an_operation(detail_audience=DetailAudience.PARTICIPANTS)
    _, _, detail = Update.post(an_update(operation), operation, a_frame(), an_officer("NZ"))
    assert detail.audience == ("LK", "NZ")


def test_an_update_on_a_held_operation_stays_at_home():
    held = an_operation(held=True, detail_audience=DetailAudience.PARTICIPANTS)
    _, headline, detail = Update.post(an_update(held), held, a_frame(), an_officer("NZ"))
    assert headline.audience == detail.audience == ("NZ",)


def test_another_state_does_not_post_on_it():
    with pytest.raises(Forbidden):
        Update.post(an_update(OPERATION), OPERATION, a_frame(), an_officer("LK"))
    with pytest.raises(NotFound):
        Update.post(an_update(OPERATION), OPERATION, a_frame(), an_officer("AU"))


@pytest.mark.parametrize("state", [OperationState.DRAFTED, OperationState.SCHEDULED, OperationState.CANCELLED])
def test_nothing_is_posted_on_an_operation_that_does_not_run(state: OperationState):
    operation = an_operation(state=state)
    with pytest.raises(NotThisState):
        Update.post(an_update(operation), operation, a_frame(), an_officer("NZ"))


def test_after_the_period_only_corrections_are_taken():
    frame = a_frame(PeriodState.CLOSED)
    with pytest.raises(PeriodNotOpen):
        Update.post(an_update(OPERATION), OPERATION, frame, an_officer("NZ"))
    earlier = an_update(OPERATION)
    Update.post(an_update(OPERATION, supersedes=earlier.id), OPERATION, frame, an_officer("NZ"))


def test_every_field_that_breaks_a_rule_is_named():
    broken = an_update(
        OPERATION,
        happened_at=NOON + timedelta(days=1),
        counts={Indicator.ARRESTS: -1},
        kind=UpdateKind.DISTRESS,
    )
    with pytest.raises(Invalid) as refused:
        Update.post(broken, OPERATION, a_frame(), an_officer("NZ"))
    assert {error.field for error in refused.value.errors} == {"happened_at", "counts.arrests", "kind"}


def test_nobody_validates_what_they_posted():
    update = an_update(OPERATION, posted_by="NZ-coordinator")
    with pytest.raises(OwnWork):
        update.validate_counts(OPERATION, a_frame(), a_coordinator("NZ"))


def test_a_coordinator_of_another_state_validates_nothing():
    with pytest.raises(Forbidden):
        an_update(OPERATION).validate_counts(OPERATION, a_frame(), a_coordinator("LK"))


def test_a_returned_update_may_be_validated_after_all():
    returned, _, _ = an_update(OPERATION).send_back("Count again.", OPERATION, a_frame(), a_coordinator("NZ"))
    validated, _ = returned.validate_counts(OPERATION, a_frame(PeriodState.CLOSED), a_coordinator("NZ"))
    assert validated.status is UpdateStatus.VALIDATED


def test_why_it_was_returned_stays_at_home():
    _, headline, reason = an_update(OPERATION).send_back("Count again.", OPERATION, a_frame(), a_coordinator("NZ"))
    assert headline.audience == ("LK", "NZ")
    assert reason.audience == ("NZ",)
    assert "reason" not in headline.model_dump()


def test_what_was_superseded_is_never_judged_again():
    superseded = an_update(OPERATION).supersede()
    with pytest.raises(AlreadyJudged):
        superseded.validate_counts(OPERATION, a_frame(), a_coordinator("NZ"))


def test_nothing_is_judged_in_an_archived_period():
    with pytest.raises(PeriodNotOpen):
        an_update(OPERATION).validate_counts(OPERATION, a_frame(PeriodState.ARCHIVED), a_coordinator("NZ"))


def test_a_result_of_an_operation_that_was_cancelled_may_still_be_corrected():
    operation = an_operation(state=OperationState.CANCELLED)
    earlier = an_update(operation)
    Update.post(an_update(operation, supersedes=earlier.id), operation, a_frame(), an_officer("NZ"))
    with pytest.raises(NotThisState):
        Update.post(earlier, operation, a_frame(), an_officer("NZ"))


def test_what_happened_long_before_the_period_is_no_result_of_it():
    long_ago = an_update(OPERATION, happened_at=NOON - timedelta(days=500))
    with pytest.raises(Invalid) as refused:
        Update.post(long_ago, OPERATION, a_frame(), an_officer("NZ"))
    assert [error.field for error in refused.value.errors] == ["happened_at"]


def test_the_release_of_a_headline_brings_the_texts_to_whom_the_owner_chose():
    operation = an_operation(detail_audience=DetailAudience.PARTICIPANTS)
    headline, detail = an_update(operation).release(operation, a_frame())
    assert headline.audience == detail.audience == ("LK", "NZ")
    at_home = an_operation()
    assert an_update(at_home).release(at_home, a_frame())[1].audience == ("NZ",)
