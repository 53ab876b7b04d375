"""What became of a plan from one version to another: nothing that changed is left out, and nothing else is marked."""

from difflib import Match, SequenceMatcher
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.differences import Difference, difference
from services.portal.texts import MOST_STEPS, Budget, Piece, pieces_of

OBJECTIVE = {"id": "o1", "title": "Arrests", "indicator": "arrests", "baseline": 10, "target": 40, "measured_by": ""}


def a_version(number: int, *sections: tuple[str, str], **more: Any) -> dict[str, Any]:
    told = [{"title": title, "text": text} for title, text in sections]
    return {"number": number, "sections": told, "objectives": [], "rights_officers": [], **more}


def changes(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> list[tuple[str, str]]:
    found = difference(a_version(1, *before), a_version(2, *after))
    return [(one.change, one.title) for one in found.sections]


def test_the_words_that_changed_are_marked_and_no_others():
    assert list(pieces_of("Each state posts daily. Nobody waits.", "Each state posts weekly. Nobody waits.")) == [
        Piece("same", "Each state posts "), Piece("removed", "daily"), Piece("added", "weekly"),
        Piece("same", ". Nobody waits."),
    ]  # fmt: skip


def test_in_a_script_without_spaces_the_letters_that_changed_are_marked_and_marks_stay_with_their_letter():
    assert list(pieces_of("ตรวจวีซ่าทุกวัน", "ตรวจวีซ่าทุกปี")) == [
        Piece("same", "ตรวจวีซ่าทุก"), Piece("removed", "วัน"), Piece("added", "ปี"),
    ]  # fmt: skip


@given(st.text(alphabet="ab .\nวัน", max_size=60), st.text(alphabet="ab .\nวัน", max_size=60))
def test_both_texts_can_be_read_from_the_pieces_letter_by_letter(old: str, new: str):
    pieces = list(pieces_of(old, new))
    assert "".join(piece.text for piece in pieces if piece.change != "added") == old
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == new
    assert all(piece.text for piece in pieces)
    if old == new:
        assert {piece.change for piece in pieces} <= {"same"}


def test_what_is_too_long_to_be_compared_word_by_word_is_shown_as_taken_out_and_put_in():
    old, new = " ".join(["word"] * 300) + " a", " ".join(["word"] * 300) + " b"
    assert [piece.change for piece in pieces_of(old, new)] == ["removed", "added"]


CRAFTED = ("a.b." * 249, "a.c." * 249)
"""Each token stands in it hundreds of times: comparing them all takes minutes for a version of a hundred sections."""


def test_what_a_version_may_cost_is_bounded_however_its_texts_are_made():
    budget = Budget()
    for _ in range(100):
        pieces = list(pieces_of(*CRAFTED, budget))
        assert "".join(piece.text for piece in pieces if piece.change != "added") == CRAFTED[0]
    assert 0 <= budget.left < MOST_STEPS


def test_the_work_is_counted_as_it_is_done(monkeypatch: pytest.MonkeyPatch):
    calls: list[int] = []
    real = SequenceMatcher.find_longest_match

    def counted(self: SequenceMatcher[str], alo: int, ahi: int, blo: int, bhi: int) -> Match:
        calls.append(ahi - alo)
        return real(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    budget = Budget()
    list(pieces_of("One two. Three four. ", "One two. Three five. ", budget))
    assert 0 < sum(calls) <= MOST_STEPS - budget.left
    calls.clear()
    list(pieces_of(*CRAFTED, Budget()))
    assert len(calls) < 10, "it stops in the middle, and not only before the next part"


def test_one_part_that_costs_too_much_leaves_the_others_as_they_would_be():
    before, after = ("Each state posts daily.", "Each state posts weekly.")
    crafted = [(f"s{n}", CRAFTED[0]) for n in range(2)], [(f"s{n}", CRAFTED[1]) for n in range(2)]
    found = difference(a_version(1, *crafted[0], ("Days", before)), a_version(2, *crafted[1], ("Days", after)))
    assert [piece.change for piece in found.sections[0].pieces] == ["removed", "added"]
    assert [piece.text for piece in found.sections[2].pieces if piece.change != "same"] == ["daily", "weekly"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([("A", "x")], [("A", "x")], [("same", "A")]),
        ([("A", "x")], [("A", "x"), ("B", "y")], [("same", "A"), ("added", "B")]),
        ([("A", "x"), ("B", "y"), ("C", "z")], [("A", "x"), ("C", "z")], [("same", "A"), ("removed", "B"), ("same", "C")]),
        ([("A", "x"), ("B", "y")], [("A", "w"), ("B", "y")], [("changed", "A"), ("same", "B")]),
        ([("A", "x"), ("B", "y"), ("C", "z")], [("C", "z"), ("A", "x"), ("B", "y")],
         [("moved", "C"), ("same", "A"), ("same", "B")]),
        ([("A", "x")], [("New name", "x")], [("changed", "New name")]),
        ([("A", "x"), ("A", "y")], [("A", "x"), ("A", "z")], [("same", "A"), ("changed", "A")]),
    ],
)  # fmt: skip
def test_each_section_is_told_once_where_it_stands(before: Any, after: Any, told: Any):
    assert changes(before, after) == told


def test_a_section_with_another_title_says_which_it_had():
    found = difference(a_version(1, ("A", "x")), a_version(2, ("B", "x")))
    assert [(one.title, one.former_title) for one in found.sections] == [("B", "A")]


def test_an_objective_that_changed_says_each_field_as_it_was_and_as_it_is():
    raised = {**OBJECTIVE, "target": 60, "measured_by": "RSO"}
    new = {**OBJECTIVE, "id": "o2", "title": "Training"}
    found = difference(a_version(1, objectives=[OBJECTIVE]), a_version(2, objectives=[raised, new]))
    assert [(one.change, one.title) for one in found.objectives] == [("changed", "Arrests"), ("added", "Training")]
    assert [(one.name, one.before, one.after) for one in found.objectives[0].fields] == [
        ("target", "40", "60"), ("measured_by", "", "RSO"),
    ]  # fmt: skip
    back = difference(a_version(2, objectives=[raised, new]), a_version(3, objectives=[raised]))
    assert [(one.change, one.title) for one in back.objectives] == [("same", "Arrests"), ("removed", "Training")]


def test_rights_officers_that_came_and_went_are_named():
    found = difference(a_version(1, rights_officers=["NZ", "LK"]), a_version(2, rights_officers=["TH", "NZ"]))
    assert (found.rights_added, found.rights_removed) == (("TH",), ("LK",))


def a_file(name: str, content: str) -> dict[str, str]:
    return {"name": name, "sha256": content * 64}


def test_annexes_that_came_went_were_replaced_or_renamed_are_told_apart():
    had = [a_file("map", "a"), a_file("budget", "b"), a_file("list", "c"), a_file("old name", "d")]
    has = [a_file("list", "c"), a_file("map", "e"), a_file("new name", "d"), a_file("roster", "f")]
    found = difference(a_version(1), a_version(2), had, has)
    assert [(one.change, one.name, one.former_name, one.former_sha256[:1]) for one in found.annexes] == [
        ("same", "list", "", ""), ("changed", "map", "", "a"), ("changed", "new name", "old name", ""),
        ("added", "roster", "", ""), ("removed", "budget", "", ""),
    ]  # fmt: skip
    assert not found.same


def test_annexes_of_one_name_are_each_told_once():
    had, has = [a_file("map", "a"), a_file("map", "b")], [a_file("map", "b"), a_file("map", "c")]
    found = difference(a_version(1), a_version(2), had, has).annexes
    told = [(one.change, one.sha256[0], one.former_sha256[:1]) for one in found]
    assert told == [("same", "b", ""), ("changed", "c", "a")]
    assert difference(a_version(1), a_version(2), had, had).same
    assert {one.change for one in difference(None, a_version(1), (), had).annexes} == {"added"}


def test_before_the_first_version_there_was_nothing():
    found: Difference = difference(None, a_version(1, ("A", "x"), objectives=[OBJECTIVE], rights_officers=["NZ"]))
    assert (found.before, found.after, found.same) == (0, 1, False)
    assert {one.change for one in (*found.sections, *found.objectives)} == {"added"}


@pytest.mark.parametrize(
    "changed",
    [
        {"sections": [{"title": "A", "text": "other"}]},
        {"sections": []},
        {"objectives": []},
        {"objectives": [{**OBJECTIVE, "baseline": 11}]},
        {"rights_officers": []},
    ],
)
def test_two_versions_are_the_same_only_when_nothing_of_them_differs(changed: dict[str, Any]):
    first = a_version(1, ("A", "x"), objectives=[OBJECTIVE], rights_officers=["NZ"])
    assert difference(first, {**first, "number": 2}).same
    assert not difference(first, {**first, **changed, "number": 2}).same
