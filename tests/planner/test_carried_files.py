"""A correction has the files of the version before it, but for those that its officer takes away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planner.domain.attached import MOST_FILES, carried
from services.planner.domain.update import Update
from shared.errors import Invalid
from shared.events.planner import FileRef
from tests.builders import an_operation, an_update

LETTERS = "abcdef"


def a_file(letter: str, name: str = "") -> FileRef:
    return FileRef(sha256=letter * 64, name=name or letter, media_type="image/png", size=9)


def an_earlier(*letters: str) -> Update:
    return an_update(an_operation(), files=tuple(map(a_file, letters)))


letters = st.lists(st.sampled_from(LETTERS), unique=True)


@given(had=letters, brought=letters, without=st.sets(st.sampled_from(LETTERS)))
def test_what_was_there_stays_unless_it_is_taken_away_and_what_is_new_comes_behind_it(
    had: list[str], brought: list[str], without: set[str]
):
    gone = without & set(had)
    found = [file.name for file in carried(an_earlier(*had), [a_file(one) for one in brought], [one * 64 for one in gone])]
    kept = [one for one in had if one not in gone]
    assert found == [*kept, *(one for one in brought if one not in kept)]


def test_a_file_that_is_brought_again_has_its_new_name():
    (found,) = carried(an_earlier("a"), [a_file("a", "clearer name")], ())
    assert found.name == "clearer name"


def test_what_is_not_there_cannot_be_taken_away():
    for earlier in (None, an_earlier("a")):
        with pytest.raises(Invalid) as refused:
            carried(earlier, (), ["b" * 64])
        assert [error.field for error in refused.value.errors] == ["without_files.0"]


def test_corrections_do_not_heap_up_files_without_end():
    many = [a_file("x").model_copy(update={"sha256": f"{n:064x}"}) for n in range(MOST_FILES)]
    earlier = an_earlier().model_copy(update={"files": tuple(many)})
    assert len(carried(earlier, many[:1], ())) == MOST_FILES
    with pytest.raises(Invalid) as refused:
        carried(earlier, [a_file("a")], ())
    assert [error.field for error in refused.value.errors] == ["files"]
    assert carried(earlier, [a_file("a")], [many[0].sha256])
