"""The ledger notices a detail that was shown without its owner's choice of readers, or again after it was taken back."""

from typing import Any

import pytest

from services.planner.domain import joint
from services.planner.domain.disclosing import Choice, recall, release, said_again, without
from services.planner.domain.operation import Operation
from services.planner.domain.update import Update
from shared.events.planner import OperationBriefed
from shared.vocabulary import DetailAudience, JointAnswer, LedgerKind
from tests.builders import NOON, a_coordinator, an_officer, an_update
from tests.planner.ledger_story import Story
from tests.planner.ledgered import gaps, told

A = DetailAudience
K = LedgerKind
NZ = a_coordinator("NZ")
ALL, TWO, ONE, OWN = (
    Choice(A.PARTICIPANTS), Choice(A.INVOLVED, ("INTERPOL", "LK")), Choice(A.INVOLVED, ("LK",)), Choice(A.OWN),
)  # fmt: skip


class Readers(Story):
    """An operation of NZ whose detail is given to some, taken back and given again."""

    def __init__(self, detail: DetailAudience = A.OWN) -> None:
        super().__init__(("NZ", "LK", "TH"))
        self.runs("NZ", "LK", "TH")
        self.now = self.operation("NZ", detail)
        self.update = self.posts(self.now)

    def gives(self, choice: Choice) -> None:
        self.now = self.does(release(self.now, [self.update], choice, self.period.frame, NZ), NZ)

    def takes_back(self, choice: Choice) -> None:
        self.now = self.does(recall(self.now, choice, self.period.frame, NZ, NOON), NZ)
        self.says_again(self.now)

    def says_again(self, as_if: Operation) -> None:
        self.ledger.note(said_again(as_if, [self.update], self.period.frame, NZ), NZ)


def given_and_taken_back() -> Story:
    story = Readers()
    story.gives(TWO)
    story.gives(Choice(A.PARTICIPANTS, ("INTERPOL",)))
    story.takes_back(ONE)
    story.gives(ALL)
    story.takes_back(OWN)
    return story


def chosen_when_it_was_put_to_states() -> Story:
    """The draft was for its own state; the version that its states consent to is for all."""
    story = Story().runs("NZ", "LK", "TH")
    frame, lk = story.period.frame, a_coordinator("LK")
    now = story.does(joint.propose(story.drafts("NZ"), frame, ("LK",), {"detail_audience": A.PARTICIPANTS}, NZ), NZ)
    for by in (lk, a_coordinator("NZ", name="second")):
        now = story.does(joint.answer(now, frame, 1, JointAnswer.CONSENTED, "", by, NOON), by)
    now = story.does(now.schedule(frame, None, False, NZ, NOON), NZ)
    now = story.does(now.start(frame, NOON, NZ), NZ)
    story.does(Update.post(an_update(now, party="LK"), now, frame, an_officer("LK")), an_officer("LK"))
    return story


STORIES = (given_and_taken_back, chosen_when_it_was_put_to_states)


@pytest.mark.parametrize("story", STORIES)
def test_readers_that_were_chosen_are_no_gap(story: Any):
    assert story().ledger.gaps() == []


@pytest.mark.parametrize(
    ("story", "place"),
    [(story, n) for story in STORIES for n, line in enumerate(story().ledger.lines) if line.kind is K.CHOSEN],
)
def test_without_any_one_of_its_owners_choices_it_does_not_hold(story: Any, place: int):
    ledger = story().ledger
    line = ledger.lines[place]
    found = gaps(one for one in ledger.lines if one is not line)
    assert found
    assert {gap.line.operation_id for gap in found} == {line.operation_id}


def test_what_is_shown_to_all_while_the_owner_chose_itself_alone_is_found():
    story = Readers()
    now, frame = story.now, story.period.frame
    story.ledger.note([OperationBriefed(**now._briefed(NZ, frame.participants))], NZ)
    assert "LK, TH: nothing tells that NZ chose them for it." in story.ledger.gaps()[0]


def test_a_line_of_the_choice_that_says_fewer_than_were_shown_it_is_found():
    lines = Readers(A.PARTICIPANTS).ledger.lines
    place = next(n for n, line in enumerate(lines) if line.kind is K.CHOSEN)
    assert lines[place].named == ("participants",)
    lines[place] = lines[place]._replace(named=("involved", "LK"))
    assert "nothing tells that NZ chose them" in told(gaps(lines))[0]


def test_what_is_shown_again_to_those_from_whom_it_was_taken_back_is_found():
    story = Readers(A.PARTICIPANTS)
    before = story.now
    story.takes_back(OWN)
    assert story.ledger.gaps() == []
    story.says_again(before)
    found = story.ledger.gaps()
    assert "LK, TH: nothing tells that NZ chose them for it." in found[0]
    lines = story.ledger.lines
    late = [line for line in lines if line.kind is K.CHOSEN][-1]
    without_the_choice = told(gaps(line for line in lines if line is not late))
    assert any("It was taken back from LK, and nothing tells that NZ chose so." in one for one in without_the_choice)
    assert any("LK, TH, from whom NZ had taken it back." in one for one in without_the_choice)


def test_a_choice_made_anew_gives_it_again_and_is_no_gap():
    story = Readers(A.PARTICIPANTS)
    story.takes_back(OWN)
    story.gives(ALL)
    assert story.ledger.gaps() == []


def test_a_named_party_that_left_is_shown_nothing_more():
    story = Readers()
    story.gives(TWO)
    before = story.now
    dropped = without(story.now, "INTERPOL", a_coordinator("INTERPOL"))
    assert dropped
    story.now = story.does(dropped)
    story.says_again(story.now)
    assert story.ledger.gaps() == []
    story.says_again(before)
    assert any("INTERPOL: nothing tells that NZ chose them" in one for one in story.ledger.gaps())
