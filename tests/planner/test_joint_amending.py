"""A joint operation that is scheduled is amended: it stays what it was until every state has consented anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.planner.domain.consents import ConsentMissing, OwnProposal
from services.planner.domain.detail import Brief
from services.planner.domain.disclosing import Choice, recall, without
from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.joint import withdraw
from services.planner.domain.joint_amending import NothingNew, answer, propose
from services.planner.domain.joint_amendment import Changes
from services.planner.domain.operation import NotThisState, Operation
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.events.planner import JointAmendmentBriefed, JointAmendmentProposed, OperationAmended, OperationBriefed, Window
from shared.vocabulary import DetailAudience, JointAnswer, OperationKind, OperationState, PeriodState, Role
from tests.builders import NOON, a_coordinator, a_frame, an_actor, an_operation
from tests.planner.test_amending import a_place
from tests.planner.test_joint import FRAME, PROPOSER, SECOND, STATES, proposed, under_way, with_words

S = OperationState
YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
LK, TH = a_coordinator("LK"), a_coordinator("TH")
HOME = ("LK", "NZ", "TH")
LATER = Window(starts_at=datetime(2015, 10, 5, tzinfo=UTC), ends_at=datetime(2015, 10, 9, tzinfo=UTC))
CHANGES = Changes(
    kind=OperationKind.MARITIME_PATROL, window=LATER, places=(a_place("Pacific/Auckland"),),
    brief=Brief(title="Two coasts", agency="Coast guard", narrative="At dawn.", tactics="By boat.", resources="Two boats."),
)  # fmt: skip


def scheduled(**changes: Any) -> Operation:
    return with_words(proposed(**changes), *STATES).schedule(FRAME, None, False, PROPOSER, NOON)[0]


def asked(operation: Operation | None = None, **changes: Any) -> Operation:
    return propose(operation or scheduled(), FRAME, CHANGES.model_copy(update=changes), PROPOSER)[0]


def said_by(operation: Operation, *officers: Actor, given: JointAnswer = YES) -> tuple[Operation, list[Any]]:
    said: list[Any] = []
    for by in officers:
        assert operation.amendment
        number = operation.amendment.proposal.number
        operation, *said = answer(operation, FRAME, number, given, "Why.", by, NOON)
    return operation, said


def as_it_was(operation: Operation) -> Operation:
    return operation.model_copy(update={"amendment": None, "version": 0})


def test_an_amendment_is_put_to_its_states_alone_and_the_operation_stays_what_it_was():
    before = scheduled(detail_audience=DetailAudience.PARTICIPANTS)
    after, headline, brief = propose(before, FRAME, CHANGES, PROPOSER)
    assert as_it_was(after) == as_it_was(before)
    assert isinstance(headline, JointAmendmentProposed)
    assert isinstance(brief, JointAmendmentBriefed)
    assert headline.audience == brief.audience == HOME
    assert (headline.number, headline.by, headline.window, headline.kind) == (2, PROPOSER.name, LATER, CHANGES.kind)
    assert (brief.number, brief.title, brief.tactics, brief.places) == (2, "Two coasts", "By boat.", CHANGES.places)
    assert headline.version == after.version == before.version + 1


def test_its_headline_never_carries_a_detail():
    _, headline, _ = propose(scheduled(), FRAME, CHANGES, PROPOSER)
    assert not {"places", *Brief.model_fields} & headline.model_dump().keys()


def test_it_comes_in_force_with_the_last_consent_and_is_said_to_the_readers_of_the_operation():
    before = asked(scheduled(detail_audience=DetailAudience.PARTICIPANTS))
    partly, (word,) = said_by(before, LK, SECOND)
    assert as_it_was(partly) == as_it_was(before)
    assert (word.party, word.number, word.audience, word.reason) == ("NZ", 2, HOME, "Why.")
    after, (word, headline, brief) = said_by(partly, TH)
    assert word.party == "TH"
    assert isinstance(headline, OperationAmended)
    assert isinstance(brief, OperationBriefed)
    assert headline.audience == brief.audience == ("LK", "NZ", "TH", "VN")
    assert (headline.party, headline.by) == ("NZ", PROPOSER.name), "who of another state said the last word stays home"
    assert (after.window, after.kind, after.brief, after.places) == (LATER, CHANGES.kind, CHANGES.brief, CHANGES.places)
    assert (brief.title, brief.places, headline.window) == ("Two coasts", CHANGES.places, LATER)
    assert (after.state, after.partners, after.amendment) == (S.SCHEDULED, ("LK", "TH"), None)
    assert [word.version, headline.version, after.version] == [partly.version + 1, partly.version + 2, partly.version + 2]
    assert after.start(FRAME, NOON, PROPOSER)[0].state is S.UNDER_WAY


@pytest.mark.parametrize("silent", [SECOND, LK, TH])
def test_it_is_not_in_force_before_every_state_consents(silent: Actor):
    before = asked()
    after, said = said_by(before, *(by for by in (SECOND, LK, TH) if by is not silent))
    assert as_it_was(after) == as_it_was(before)
    assert not any(isinstance(event, OperationAmended) for event in said)
    started, _ = after.start(FRAME, NOON, PROPOSER)
    assert (started.window, started.brief) == (before.window, before.brief), "what is in force runs"


def test_the_officer_who_proposed_it_does_not_consent_and_may_not_refuse_for_the_owner_either():
    for given in (YES, NO):
        with pytest.raises(OwnProposal):
            answer(asked(), FRAME, 2, given, "Why.", PROPOSER, NOON)


def test_a_refusal_says_why_ends_it_and_leaves_what_was_in_force():
    before = asked()
    with pytest.raises(Invalid):
        answer(before, FRAME, 2, NO, " ", LK, NOON)
    refused, (word,) = said_by(said_by(before, TH)[0], LK, given=NO)
    assert (word.answer, word.reason, word.audience) == (NO, "Why.", HOME)
    assert as_it_was(refused) == as_it_was(before)
    with pytest.raises(Conflict, match="LK refused version 2"):
        answer(refused, FRAME, 2, YES, "", SECOND, NOON)
    assert refused.start(FRAME, NOON, PROPOSER)
    again = asked(refused)
    assert again.amendment
    assert again.amendment.proposal.number == 3
    after, _ = said_by(again, SECOND, LK, TH)
    assert after.brief == CHANGES.brief


def test_another_amendment_takes_the_place_of_the_one_before_and_needs_every_word_anew():
    partly, _ = said_by(asked(), SECOND, LK)
    again = asked(partly, kind=OperationKind.TRAINING)
    with pytest.raises(Conflict, match="present version is 3"):
        answer(again, FRAME, 2, YES, "", TH, NOON)
    after, _ = said_by(again, TH)
    assert after.kind is not OperationKind.TRAINING
    assert after.amendment


def test_after_one_that_is_in_force_the_next_is_of_the_next_number():
    after, _ = said_by(asked(), SECOND, LK, TH)
    assert after.proposal
    assert after.proposal.number == 2
    following = asked(after, window=Window(starts_at=LATER.starts_at, ends_at=LATER.ends_at + timedelta(days=1)))
    assert following.amendment
    assert following.amendment.proposal.number == 3


def test_states_are_not_asked_about_what_is_in_force():
    with pytest.raises(NothingNew):
        asked(said_by(asked(), SECOND, LK, TH)[0])


def test_what_it_is_to_be_is_checked_when_it_is_proposed_and_when_it_comes_in_force():
    outside = Window(starts_at=NOON, ends_at=NOON + timedelta(days=90))
    for changes in ({"window": outside}, {"brief": Brief(title=" ")}, {"objective_id": an_operation().id}):
        with pytest.raises(Invalid):
            asked(**changes)
    partly, _ = said_by(asked(), SECOND, LK)
    shorter = a_frame(joined=(*STATES, "VN"), last_day=NOON.date())
    with pytest.raises(Invalid):
        answer(partly, shorter, 2, YES, "", TH, NOON)


def test_only_the_owner_proposes_it_and_only_of_what_is_scheduled_jointly_while_its_period_goes_on():
    for by, refusal in ((LK, Forbidden), (a_coordinator("VN"), Forbidden), (a_coordinator("AU"), NotFound)):
        with pytest.raises(refusal):
            propose(scheduled(), FRAME, CHANGES, by)
    for operation in (with_words(proposed(), *STATES), under_way(), withdraw(scheduled(), FRAME, "", LK, NOON)[0]):
        with pytest.raises(NotThisState):
            propose(operation, FRAME, CHANGES, PROPOSER)
    with pytest.raises(Conflict, match="no joint operation"):
        propose(an_operation(state=S.SCHEDULED), FRAME, CHANGES, PROPOSER)
    for period in set(PeriodState) - {PeriodState.ADOPTED, PeriodState.ACTIVE}:
        over = a_frame(period, joined=(*STATES, "VN"))
        with pytest.raises(PeriodNotOpen):
            propose(scheduled(), over, CHANGES, PROPOSER)
        with pytest.raises(PeriodNotOpen):
            answer(asked(), over, 2, YES, "", LK, NOON)


def test_once_it_has_begun_or_stopped_no_word_is_taken_any_more():
    for operation in (asked().start(FRAME, NOON, PROPOSER)[0], withdraw(asked(), FRAME, "Floods.", TH, NOON)[0]):
        with pytest.raises(NotThisState):
            answer(operation, FRAME, 2, YES, "", LK, NOON)
    with pytest.raises(Conflict, match="No amendment"):
        answer(scheduled(), FRAME, 2, YES, "", LK, NOON)


def test_a_withdrawal_stops_the_operation_and_not_only_what_was_asked():
    partly, _ = said_by(asked(), SECOND)
    stopped, *_ = withdraw(partly, FRAME, "Floods.", LK, NOON)
    assert stopped.state is S.CANCELLED


def test_who_is_none_of_its_states_gives_no_word():
    for by, refusal in (
        (a_coordinator("VN"), Forbidden), (a_coordinator("AU"), NotFound), (an_actor("LK", Role.PARTY_ADMIN), NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            answer(asked(), FRAME, 2, YES, "", by, NOON)
    held = with_words(proposed(), *STATES).schedule(FRAME, None, True, PROPOSER, NOON)[0]
    with pytest.raises(NotFound):
        answer(asked(held), FRAME, 2, YES, "", a_coordinator("VN"), NOON)


def test_of_what_is_held_an_amendment_in_force_is_said_to_its_states_alone():
    held = with_words(proposed(), *STATES).schedule(FRAME, None, True, PROPOSER, NOON)[0]
    _, said = said_by(asked(held), SECOND, LK, TH)
    assert {event.audience for event in said} == {HOME}


def test_with_fewer_readers_of_the_detail_the_words_stand_for_what_was_asked_and_for_what_runs():
    open_to_all = asked(scheduled(detail_audience=DetailAudience.PARTICIPANTS))
    fewer, *_ = recall(open_to_all, Choice(DetailAudience.OWN), FRAME, PROPOSER, NOON)
    assert fewer.start(FRAME, NOON, PROPOSER)
    after, (_, _, brief) = said_by(fewer, SECOND, LK, TH)
    assert brief.audience == HOME
    assert after.start(FRAME, NOON, PROPOSER)


def test_a_named_party_that_leaves_the_period_stops_neither_what_runs_nor_what_was_asked():
    frame = a_frame(joined=(*STATES, "VN"), supporting=("INTERPOL",))
    operation = asked(scheduled(detail_audience=DetailAudience.INVOLVED, named=("INTERPOL",)))
    dropped = without(operation, "INTERPOL", PROPOSER)
    assert dropped
    assert dropped[0].start(frame, NOON, PROPOSER)
    assert said_by(dropped[0], SECOND, LK, TH)[0].start(frame, NOON, PROPOSER)
    past_them = operation.changed(kind=OperationKind.TRAINING)
    changed = without(past_them, "INTERPOL", PROPOSER)
    assert changed
    with pytest.raises(ConsentMissing):
        changed[0].start(frame, NOON, PROPOSER)


def test_what_its_states_were_asked_is_the_same_after_it_was_kept():
    partly, _ = said_by(asked(), SECOND, LK)
    kept = Operation.model_validate_json(partly.model_dump_json())
    assert kept == partly
    assert said_by(kept, TH)[0].brief == CHANGES.brief


def test_what_was_changed_past_the_states_does_not_come_in_force():
    partly, _ = said_by(asked(), SECOND, LK)
    with pytest.raises(ConsentMissing):
        said_by(partly.changed(detail_audience=DetailAudience.PARTICIPANTS), TH)
