"""What the ledger tells of a plan's versions: who was passed over, and who endorsed what they published."""

from shared.vocabulary import LedgerKind, PlanAnswer
from tests.planner.ledger_story import Story

K = LedgerKind


def test_an_amendment_that_passes_over_a_state_that_spoke_against_it_is_found():
    story = Story().runs("NZ", "LK", "TH")
    story.publish("LK")
    story.endorse("LK", word=PlanAnswer.DECLINED)
    story.publish("NZ")
    story.endorse("NZ", "LK")
    story.publish("TH")
    story.endorse("TH", "LK")
    assert story.period.adopted == 4
    assert story.ledger.gaps() == []
    lines = story.ledger.lines
    place = next(n for n, line in enumerate(lines) if line.kind is K.PUBLISHED and line.version == 3)
    lines[place] = lines[place]._replace(named=("LK", "TH"))
    assert any("Version 3 passes over LK" in one for one in story.ledger.gaps())


def test_who_published_a_version_and_endorsed_it_is_found():
    ledger = Story().runs("NZ", "LK").ledger
    lines = ledger.lines
    place = next(n for n, line in enumerate(lines) if line.type == "planner.plan.answered.v1" and line.party == "NZ")
    lines[place] = lines[place]._replace(officer="nz.chair")
    assert "nz.chair published version 1 of the plan and endorsed it for NZ." in "".join(ledger.gaps())
