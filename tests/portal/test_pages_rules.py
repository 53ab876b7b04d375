"""What forms, filters and the door do, without a server."""

import pytest

from services.portal.pages import door
from services.portal.pages.filters import Filter
from services.portal.pages.forms import Posted
from services.portal.pages.problems import inside, thing_of
from shared.errors import Invalid


def posted(**fields: str) -> Posted:
    return Posted(tuple((name.replace("__", "."), value) for name, value in fields.items()))


def test_a_local_time_is_sent_with_the_offset_that_its_party_had_on_that_day():
    form = posted(summer="2015-12-01T08:00", winter="2015-07-01T08:00")
    assert form.moment("summer", "NZ") == "2015-12-01T08:00:00+13:00"
    assert form.moment("winter", "NZ") == "2015-07-01T08:00:00+12:00"


def test_all_that_is_wrong_is_told_at_once():
    form = posted(starts_at="soon", target="many")
    form.need("title", "Give a title.")
    form.moment("starts_at", "NZ", "Say when it starts.")
    form.number("target")
    with pytest.raises(Invalid) as refused:
        form.check()
    assert [error.field for error in refused.value.errors] == ["title", "starts_at", "target"]


def test_a_group_of_boxes_without_a_tick_is_marked_with_the_rest():
    form = posted(title="")
    form.need("title", "Give a title.")
    assert form.some("invited", "Invite at least one party.") == []
    assert [error.field for error in form.errors] == ["title", "invited"]


def test_rows_left_empty_are_left_out_and_the_others_keep_their_number():
    form = posted(objectives__0__title="", objectives__2__title="Assist", objectives__2__target="5")
    assert form.rows("objectives", "title", "target") == [(2, {"title": "Assist", "target": "5"})]


def test_the_hidden_secret_looks_different_on_each_page_and_is_the_same():
    assert door.masked("secret") != door.masked("secret")
    door.require_secret(door.masked("secret"), "secret")
    for wrong in ("", "secret", door.masked("other"), "%%%"):
        with pytest.raises(door.NotOurForm):
            door.require_secret(wrong, "secret")


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", ""])
def test_signing_in_leads_nowhere_else(path: str):
    assert inside(path) == "/"


def test_a_filter_is_an_address_and_each_part_can_be_taken_away():
    asked = Filter("/periods/1/updates", party="NZ", indicator="arrests", status="")
    assert asked.href() == "/periods/1/updates?party=NZ&indicator=arrests"
    assert asked.href(without="party") == "/periods/1/updates?indicator=arrests"
    assert asked.is_figure


@pytest.mark.parametrize(
    ("action", "thing"),
    [
        ("/updates/7/validate", "/updates/7"),
        ("/periods/7/plan-versions/2/answer", "/periods/7/plan"),
        ("/periods/7/adopt", "/periods/7/plan"),
        ("/updates", "/"),
    ],
)
def test_after_a_conflict_one_is_led_to_the_thing_itself(action: str, thing: str):
    assert thing_of(action) == thing
