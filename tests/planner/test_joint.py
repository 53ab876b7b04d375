"""A joint operation: nothing runs before each state consented to exactly this version, and any of them stops it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.planner.domain.consents import ConsentMissing, OwnProposal
from services.planner.domain.detail import Brief
from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.joint import answer, propose, withdraw
from services.planner.domain.operation import TERMS, NotThisState, Operation
from services.planner.domain.update import Update
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.events.planner import DetailAudienceChosen, JointProposed, JointWithdrawn, OperationCancelled, Window
from shared.vocabulary import DetailAudience, JointAnswer, OperationKind, OperationState, PeriodState, Role
from tests.builders import NOON, a_coordinator, a_frame, an_actor, an_officer, an_operation, an_update

S = OperationState
YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
STATES = ("NZ", "LK", "TH")
FRAME = a_frame(joined=(*STATES, "VN"))
PROPOSER = a_coordinator("NZ")
SECOND = a_coordinator("NZ", name="second")


def proposed(partners: tuple[str, ...] = ("LK", "TH"), **changes: object) -> Operation:
    return propose(an_operation(state=S.DRAFTED), FRAME, partners, changes, PROPOSER)[0]


def officer_of(state: str) -> Actor:
    return SECOND if state == "NZ" else a_coordinator(state)


def with_words(operation: Operation, *states: str, given: JointAnswer = YES) -> Operation:
    assert operation.proposal
    for state in states:
        operation, _ = answer(operation, FRAME, operation.proposal.number, given, "Why.", officer_of(state), NOON)
    return operation


def under_way(**changes: object) -> Operation:
    draft = proposed(**changes)
    scheduled, *_ = with_words(draft, draft.owner, *draft.partners).schedule(FRAME, None, False, PROPOSER, NOON)
    return scheduled.start(FRAME, NOON, PROPOSER)[0]


def test_a_proposal_goes_to_the_states_that_it_names_and_to_nobody_else():
    _, *said = propose(an_operation(state=S.DRAFTED), FRAME, ("TH", "LK", "TH"), {}, PROPOSER)
    headline, brief = said
    assert isinstance(headline, JointProposed)
    assert (headline.partners, headline.number, headline.status) == (("LK", "TH"), 1, S.DRAFTED)
    assert headline.audience == brief.audience == ("LK", "NZ", "TH")
    assert headline.party == brief.party == "NZ"


def test_its_states_are_told_who_will_read_the_detail_and_the_owners_record_has_that_choice():
    draft = an_operation(state=S.DRAFTED)
    _, headline, _ = propose(draft, FRAME, ("LK",), {}, PROPOSER)
    assert (headline.detail_audience, headline.named) == (DetailAudience.OWN, ())
    chosen = {"detail_audience": DetailAudience.INVOLVED, "named": ("TH",)}
    frame = replace(FRAME, belonging=FRAME.participants)
    proposed, headline, brief, choice = propose(draft, frame, ("LK",), chosen, PROPOSER)
    assert (headline.detail_audience, headline.named) == (DetailAudience.INVOLVED, ("TH",))
    assert headline.audience == brief.audience == ("LK", "NZ"), "whom it names reads it once it is scheduled"
    assert isinstance(choice, DetailAudienceChosen)
    assert (choice.detail_audience, choice.named, choice.audience) == (DetailAudience.INVOLVED, ("TH",), ("NZ",))
    _, *said = propose(proposed, frame, ("LK",), {"kind": OperationKind.TRAINING}, PROPOSER)
    assert not any(isinstance(event, DetailAudienceChosen) for event in said), "it is what it was"


@pytest.mark.parametrize("partners", [(), ("NZ",), ("LK", "AU")])
def test_partners_are_other_states_that_take_part(partners: tuple[str, ...]):
    with pytest.raises(Invalid) as refused:
        proposed(partners)
    assert [error.field for error in refused.value.errors] == ["partners"]


def test_only_the_owner_proposes_and_only_what_is_a_draft_in_a_period_that_is_open():
    with pytest.raises(Forbidden):
        propose(proposed(), FRAME, ("LK",), {}, a_coordinator("LK"))
    with pytest.raises(NotFound):
        propose(proposed(), FRAME, ("LK",), {}, a_coordinator("VN"))
    for state in set(S) - {S.DRAFTED}:
        with pytest.raises(NotThisState):
            propose(an_operation(state=state), FRAME, ("LK",), {}, PROPOSER)
    for period in set(PeriodState) - {PeriodState.PLANNING, PeriodState.ADOPTED, PeriodState.ACTIVE}:
        with pytest.raises(PeriodNotOpen):
            propose(an_operation(state=S.DRAFTED), a_frame(period, joined=STATES), ("LK",), {}, PROPOSER)


def test_what_a_version_changes_is_checked_as_in_a_draft():
    outside = Window(starts_at=NOON, ends_at=NOON + timedelta(days=90))
    with pytest.raises(Invalid):
        proposed(window=outside)
    with pytest.raises(Invalid):
        proposed(brief=Brief(title=" "))


@pytest.mark.parametrize("silent", STATES)
def test_a_joint_operation_is_not_scheduled_before_every_state_consents(silent: str):
    operation = with_words(proposed(), *(state for state in STATES if state != silent))
    with pytest.raises(ConsentMissing, match=silent):
        operation.schedule(FRAME, None, False, PROPOSER, NOON)
    scheduled, *_ = with_words(operation, silent).schedule(FRAME, None, False, PROPOSER, NOON)
    assert scheduled.state is S.SCHEDULED


def test_the_officer_who_proposed_it_does_not_consent_for_the_owner():
    with pytest.raises(OwnProposal):
        answer(proposed(), FRAME, 1, YES, "", PROPOSER, NOON)


def test_a_states_word_stands_once_and_may_turn_before_it_is_scheduled():
    agreed = with_words(proposed(), "LK")
    with pytest.raises(Conflict, match="LK has consented already"):
        answer(agreed, FRAME, 1, YES, "", a_coordinator("LK", name="colleague"), NOON)
    turned = with_words(agreed, "LK", given=NO)
    assert turned.proposal
    assert turned.proposal.refused_by == ["LK"]


def test_a_refusal_says_why_and_stops_that_version():
    with pytest.raises(Invalid):
        answer(proposed(), FRAME, 1, NO, " ", a_coordinator("LK"), NOON)
    refused = with_words(proposed(), "LK", given=NO)
    with pytest.raises(Conflict, match="LK refused version 1"):
        answer(refused, FRAME, 1, YES, "", a_coordinator("TH"), NOON)
    with pytest.raises(ConsentMissing, match=r"LK \(refused\)"):
        refused.schedule(FRAME, None, False, PROPOSER, NOON)
    again = propose(refused, FRAME, ("LK", "TH"), {}, PROPOSER)[0]
    assert with_words(again, *STATES).schedule(FRAME, None, False, PROPOSER, NOON)


def test_the_reason_stays_between_the_states_concerned():
    _, said = answer(proposed(), FRAME, 1, NO, "Elections.", a_coordinator("LK"), NOON)
    assert (said.party, said.reason, said.audience) == ("LK", "Elections.", ("LK", "NZ", "TH"))


@pytest.mark.parametrize(
    "change",
    [
        {"window": Window(starts_at=NOON, ends_at=NOON + timedelta(days=2))},
        {"kind": OperationKind.MARITIME_PATROL},
        {"brief": Brief(title="Another", narrative="Loudly.")},
        {"detail_audience": DetailAudience.PARTICIPANTS},
        {},
    ],
)
def test_a_new_version_needs_every_consent_again(change: dict[str, object]):
    agreed = with_words(proposed(), *STATES)
    changed = propose(agreed, FRAME, ("LK", "TH"), change, PROPOSER)[0]
    with pytest.raises(ConsentMissing, match="Version 2 still lacks the consent of LK, NZ, TH"):
        changed.schedule(FRAME, None, False, PROPOSER, NOON)
    with pytest.raises(Conflict, match="present version is 2"):
        answer(changed, FRAME, 1, YES, "", a_coordinator("LK"), NOON)


@pytest.mark.parametrize(
    "change",
    [{"window": Window(starts_at=NOON, ends_at=NOON + timedelta(days=2))}, {"brief": Brief(title="Another")},
     {"partners": ("LK",)}, {"kind": OperationKind.TRAINING}],
)  # fmt: skip
def test_what_was_changed_past_its_states_neither_is_scheduled_nor_starts(change: dict[str, object]):
    agreed = with_words(proposed(), *STATES)
    with pytest.raises(ConsentMissing, match="propose it anew"):
        agreed.changed(**change).schedule(FRAME, None, False, PROPOSER, NOON)
    scheduled, *_ = agreed.schedule(FRAME, None, False, PROPOSER, NOON)
    with pytest.raises(ConsentMissing):
        scheduled.changed(**change).start(FRAME, NOON, PROPOSER)


def test_every_field_of_an_operation_is_consented_to_or_tells_how_far_it_has_come():
    moves = {"id", "period_id", "owner", "version", "state", "held", "held_until", "proposal", "unheard"}
    moves |= {"means", "tasks", "recalls", "amendment"}
    assert set(Operation.model_fields) == TERMS | moves
    assert not TERMS & moves


def test_what_was_consented_to_is_the_same_after_it_was_kept():
    agreed = with_words(proposed(), *STATES)
    kept = Operation.model_validate_json(agreed.model_dump_json())
    assert (kept, kept.terms) == (agreed, agreed.terms)
    assert kept.schedule(FRAME, None, False, PROPOSER, NOON)


def test_once_scheduled_it_is_for_those_that_take_part_and_its_detail_at_least_for_its_states():
    agreed = with_words(proposed(("LK",)), "NZ", "LK")
    _, headline, brief = agreed.schedule(FRAME, None, False, PROPOSER, NOON)
    assert headline.audience == ("LK", "NZ", "TH", "VN")
    assert headline.partners == ("LK",)
    assert brief.audience == ("LK", "NZ")
    _, headline, brief = agreed.schedule(FRAME, None, True, PROPOSER, NOON)
    assert headline.audience == brief.audience == ("LK", "NZ")


@pytest.mark.parametrize("state", STATES)
def test_any_state_stops_it_at_once_and_its_readers_learn_whose_word_it_lost(state: str):
    scheduled, *_ = with_words(proposed(), *STATES).schedule(FRAME, None, False, PROPOSER, NOON)
    for operation in (scheduled, under_way()):
        by = a_coordinator(state)
        stopped, withdrawn, cancelled = withdraw(operation, FRAME, "Floods.", by, NOON)
        assert stopped.state is S.CANCELLED
        assert isinstance(withdrawn, JointWithdrawn)
        assert (withdrawn.party, withdrawn.reason, withdrawn.audience) == (state, "Floods.", ("LK", "NZ", "TH"))
        assert isinstance(cancelled, OperationCancelled)
        assert (cancelled.withdrawn_by, cancelled.audience) == (state, ("LK", "NZ", "TH", "VN"))
        assert cancelled.by == (by.name if state == "NZ" else "")
        assert "Floods." not in cancelled.model_dump_json()
        assert [withdrawn.version, cancelled.version] == [operation.version + 1, operation.version + 2]
        with pytest.raises(NotThisState):
            withdraw(stopped, FRAME, "", by, NOON)


def test_a_word_is_taken_back_from_a_draft_by_whoever_gave_it_and_only_the_version_stops():
    agreed = with_words(proposed(), *STATES)
    after, *said = withdraw(agreed, FRAME, "", PROPOSER, NOON)
    assert [type(event) for event in said] == [JointWithdrawn]
    assert after.state is S.DRAFTED
    with pytest.raises(ConsentMissing, match=r"NZ \(withdrawn\)"):
        after.schedule(FRAME, None, False, PROPOSER, NOON)


def test_words_are_given_before_it_is_scheduled_and_never_on_what_was_not_proposed():
    with pytest.raises(NotThisState):
        answer(under_way(), FRAME, 1, YES, "", a_coordinator("LK"), NOON)
    for command in (
        lambda: answer(an_operation(state=S.DRAFTED), FRAME, 1, YES, "", PROPOSER, NOON),
        lambda: withdraw(an_operation(), FRAME, "", PROPOSER, NOON),
    ):
        with pytest.raises(Conflict, match="no joint operation"):
            command()


def test_who_is_none_of_its_states_has_no_word_and_does_not_learn_of_a_draft():
    for operation, refusal in ((proposed(), NotFound), (under_way(), Forbidden)):
        for command in (
            lambda by, one=operation: answer(one, FRAME, 1, YES, "", by, NOON),
            lambda by, one=operation: withdraw(one, FRAME, "", by, NOON),
        ):
            with pytest.raises(refusal):
                command(a_coordinator("VN"))
            with pytest.raises(NotFound):
                command(an_actor("LK", Role.PARTY_ADMIN) if refusal is NotFound else a_coordinator("AU"))


def posted(operation: Operation, state: str, frame: Frame = FRAME) -> tuple[Update, tuple[str, ...], tuple[str, ...]]:
    update, headline, detail = Update.post(an_update(operation, party=state), operation, frame, an_officer(state))
    assert headline.party == detail.party == state
    return update, headline.audience, detail.audience


def test_each_of_its_states_posts_for_itself_and_all_of_them_read_the_words():
    operation = under_way(partners=("LK",))
    for state in ("NZ", "LK"):
        _, headline, detail = posted(operation, state)
        assert (headline, detail) == (("LK", "NZ", "TH", "VN"), ("LK", "NZ"))
    with pytest.raises(Forbidden):
        posted(operation, "TH")


def test_a_states_own_coordinator_stands_by_its_figures_and_nobody_elses():
    operation = under_way()
    update, _, _ = posted(operation, "LK")
    assert update.validate_counts(operation, FRAME, a_coordinator("LK"))
    for stranger in (PROPOSER, a_coordinator("TH"), a_coordinator("VN")):
        with pytest.raises(Forbidden):
            update.validate_counts(operation, FRAME, stranger)
    with pytest.raises(NotFound):
        update.validate_counts(operation, FRAME, a_coordinator("AU"))


def test_a_state_that_left_the_period_stays_with_its_own_figures_and_posts_no_more():
    operation = under_way()
    update, _, _ = posted(operation, "LK")
    after = a_frame(joined=("NZ", "TH", "VN"))
    assert operation.home(after) == ("NZ", "TH")
    _, said = update.validate_counts(operation, after, a_coordinator("LK"))
    assert said.audience == ("LK", "NZ", "TH", "VN")
    with pytest.raises(Forbidden):
        posted(operation, "LK", after)
