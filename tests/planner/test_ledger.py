"""The consent ledger: every event has its line or a reason for none, and a story holds only with all its consents."""

import json
from typing import Any

import pytest

from services.planner.domain.evidence import DISCLOSURES
from services.planner.domain.ledger import LINES, NO_LINE, Line, line_of, read, shown
from services.planner.domain.update import Update
from shared.events import CATALOGUE
from shared.events.audit import AuditCheckpointed
from shared.events.planner import UpdateDetailed
from shared.vocabulary import LedgerKind
from tests.builders import NOON, a_frame, an_officer, an_operation, an_update
from tests.planner.ledger_story import a_joint_story, an_amended_story, the_whole_story
from tests.planner.ledgered import CONSENTS, breaks, gaps, told

K = LedgerKind


def test_every_kind_of_event_has_its_line_or_a_reason_for_none():
    planner = {kind for kind in CATALOGUE.values() if kind.type.startswith("planner.")}
    assert set(LINES) | set(NO_LINE) == planner
    assert not set(LINES) & set(NO_LINE)
    assert set(DISCLOSURES) <= {kind.type for kind in LINES}


def test_a_kind_that_nobody_thought_of_is_a_disclosure():
    class Unknown(UpdateDetailed):
        """Not in the table."""

        type = "planner.unknown.v1"

    try:
        update = an_update(an_operation())
        event = Unknown(**update._envelope(("LK", "NZ")), text="x")
        line = line_of(event, "nz.officer", NOON)
        assert line
        assert (line.kind, line.aggregate, line.audience) == (K.DISCLOSED, "update", ("LK", "NZ"))
        assert told(gaps([line._replace(aggregate="novelty")])) == ["0: No rule says on whose word this may be shown."]
    finally:
        del CATALOGUE[Unknown.type]


def test_what_the_service_says_of_its_own_audit_is_no_word_of_a_state():
    sealed = AuditCheckpointed(service="planner", count=1, hash="00", signature="x", audience=("LK", "NZ"))
    assert line_of(sealed, "", NOON) is None


def test_what_stays_with_the_party_that_says_it_needs_no_line():
    operation = an_operation()
    _, headline, detail = Update.post(an_update(operation), operation, a_frame(), an_officer("NZ"))
    assert line_of(detail, "", NOON) is None
    line = line_of(headline, "nz.officer", NOON)
    assert line
    assert (line.kind, line.party, line.officer, line.audience) == (K.DISCLOSED, "NZ", "nz.officer", ("LK", "NZ"))


def test_a_line_has_no_content_and_comes_back_from_its_export_as_it_was():
    lines = the_whole_story().ledger.lines
    assert [read(json.loads(json.dumps(shown(line)))) for line in lines] == lines
    text = json.dumps([shown(line) for line in lines])
    assert not [word for word in ("airport", "Elections", "Not at sea", "Why.", "Aim") if word in text]


def test_a_story_with_all_that_it_needs_holds():
    story = the_whole_story()
    assert story.ledger.gaps() == []
    assert told(breaks(story.ledger.sealed())) == []
    assert {line.kind for line in story.ledger.lines} >= CONSENTS | {K.AMENDED, K.LEFT, K.DISCLOSED}


STORIES = (the_whole_story, a_joint_story, an_amended_story)
STAYS = {K.PROPOSED, K.DRAFTED, K.PUBLISHED, K.STARTED}
"""What is nobody's consent, and is rested on."""


def places() -> list[Any]:
    """Each consent of each story."""
    return [
        pytest.param(story, place, id=f"{story.__name__} {line.number} {line.aggregate} {line.kind} of {line.party}")
        for story in STORIES
        for place, line in enumerate(story().ledger.lines)
        if line.kind in CONSENTS | STAYS and not is_spent(story, line)
    ]


def is_spent(story: Any, line: Line) -> bool:
    """A version that another took the place of, and the words on it: nothing rests on them."""
    if story is the_whole_story:
        return line.type.startswith("planner.plan.") and line.version == 1
    refused = 1 if story is a_joint_story else 2
    return line.type.startswith("planner.joint.") and line.version == refused


@pytest.mark.parametrize(("story", "place"), places())
def test_without_any_one_of_the_consents_it_does_not_hold_and_the_place_is_named(story: Any, place: int):
    ledger = story().ledger
    line = ledger.lines[place]
    found = [gap.line for gap in gaps(one for one in ledger.lines if one is not line)]
    assert found
    related = {line.subject, line.period_id, line.operation_id} - {None}
    assert related & {found[0].subject, found[0].period_id, found[0].operation_id}
    assert "Just before it 1 sealed lines are missing." in ledger.broken_without(line)[0]


def test_a_joint_story_holds():
    assert a_joint_story().ledger.gaps() == []
    assert an_amended_story().ledger.gaps() == []


@pytest.mark.parametrize(
    ("kind", "changes", "why"),
    [
        (K.DISCLOSED, {"audience": ("AU", "LK", "NZ")}, "shown to AU, who took no part"),
        (K.SCHEDULED, {"party": "LK"}, "LK did this with NZ's operation"),
        (K.SCHEDULED, {"audience": ("LK", "NZ", "VN#co_chair")}, "shown to VN#co_chair"),
        (K.ADOPTED, {"version": 7}, "without the endorsement of"),
        (K.ACTIVATED, {"party": "LK"}, "none of the period's co-chairs"),
        (K.YES, {"party": "AU"}, "AU answered and was not asked"),
        (K.DRAFTED, {"audience": ("LK", "NZ")}, "without NZ's consent"),
    ],
)
def test_a_line_that_says_something_else_is_found_by_what_it_says(kind: LedgerKind, changes: dict[str, Any], why: str):
    lines = the_whole_story().ledger.lines
    place = next(n for n, line in enumerate(lines) if line.kind is kind)
    lines[place] = lines[place]._replace(**changes)
    assert any(why in one for one in told(gaps(lines))), told(gaps(lines))


@pytest.mark.parametrize(("story", "which"), [(a_joint_story, 0), (an_amended_story, 0), (an_amended_story, 1)])
def test_the_proposers_own_consent_is_found(story: Any, which: int):
    lines = story().ledger.lines
    place = [n for n, line in enumerate(lines) if line.officer == "nz.second"][which]
    lines[place] = lines[place]._replace(officer="nz.coordinator")
    assert "nz.coordinator proposed it and consented for NZ." in "".join(told(gaps(lines)))


def test_a_detail_goes_no_further_than_it_was_released():
    lines = the_whole_story().ledger.lines
    brief = next(n for n, line in enumerate(lines) if line.type == "planner.operation.briefed.v1")
    lines[brief] = lines[brief]._replace(audience=("NZ",))
    assert "Its detail was shown to LK, for whom NZ had not released it." in "".join(told(gaps(lines)))


def amended(change: Any) -> str:
    """What is found in the amended story after that was done to its lines."""
    lines = an_amended_story().ledger.lines
    return "".join(told(gaps(change(lines))))


def test_what_came_in_force_on_a_refusal_or_on_nothing_at_all_is_found():
    third = "planner.joint.amendment_proposed.v1"
    words = lambda one: one.kind is K.YES and one.version == 3 and one.party == "LK"  # noqa: E731
    turned = amended(lambda lines: [one._replace(kind=K.NO) if words(one) else one for one in lines])
    assert "It was changed without the consent of LK to version 3." in turned
    unasked = amended(lambda lines: [one for one in lines if one.type != third])
    assert "It was changed after its states had consented and it was scheduled." in unasked
    again = amended(lambda lines: [one for line in lines for one in [line] * (1 + (line.kind is K.AMENDED))])
    assert "It was changed after its states had consented and it was scheduled." in again, "their words are used up"


def test_what_states_are_asked_is_shown_to_nobody_else():
    for kind in ("planner.joint.amendment_proposed.v1", "planner.joint.amendment_briefed.v1"):
        lines = an_amended_story().ledger.lines
        further = [one._replace(audience=(*one.audience, "VN")) if one.type == kind else one for one in lines]
        found = amended(lambda _, further=further: further)
        assert "What its states were asked was shown to VN." in found


def test_an_amendment_of_what_was_not_scheduled_jointly_is_found():
    found = amended(lambda lines: [one for one in lines if one.kind is not K.SCHEDULED])
    assert "Its states were asked to amend what was not scheduled jointly." in found
