"""The consent ledger: every event has its line or a reason for none, and a story holds only with all its consents."""

import json
from typing import Any

import pytest

from services.planner.domain.evidence import DISCLOSURES, breaks, gaps
from services.planner.domain.ledger import LINES, NO_LINE, line_of, read, shown
from services.planner.domain.update import Update
from shared.events import CATALOGUE
from shared.events.planner import UpdateDetailed
from shared.vocabulary import LedgerKind
from tests.builders import NOON, a_frame, an_officer, an_operation, an_update
from tests.planner.ledger_story import the_whole_story
from tests.planner.ledgered import CONSENTS, told

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
    finally:
        del CATALOGUE[Unknown.type]


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


def places() -> list[Any]:
    return [
        pytest.param(place, id=f"{line.number} {line.aggregate} {line.kind} of {line.party}")
        for place, line in enumerate(the_whole_story().ledger.lines)
        if line.kind in CONSENTS | {K.PROPOSED, K.DRAFTED, K.PUBLISHED, K.STARTED}
        # a version that another took the place of, and the words on it: nothing rests on them
        and not (line.type.startswith("planner.plan.") and line.version == 1)
    ]


@pytest.mark.parametrize("place", places())
def test_without_any_one_of_the_consents_it_does_not_hold_and_the_place_is_named(place: int):
    ledger = the_whole_story().ledger
    line = ledger.lines[place]
    found = [gap.line for gap in gaps(one for one in ledger.lines if one is not line)]
    assert found
    related = {line.subject, line.period_id, line.operation_id} - {None}
    assert related & {found[0].subject, found[0].period_id, found[0].operation_id}
    assert ledger.broken_without(line)
