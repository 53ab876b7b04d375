"""What is shown on a terminal of eighty columns: nothing that one needs is cut off, and an event is one line."""

import io
from typing import Any

import pytest
from rich.console import Console

from client import replay, screen, tail
from deploy.embedded.places import Home, Trouble

ID = "0195f0c2-7d5e-7cc3-98a1-0123456789ab"


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system=None, highlight=False)
    for module in (screen, tail):
        monkeypatch.setattr(module, "console", lambda: console)
    return out


def test_a_list_that_is_too_wide_is_shown_in_blocks_and_nothing_of_it_is_cut(narrow: io.StringIO):
    names = ("username", "party", "roles", "display_name", "disabled", "id")
    account = ("nz.liaison1", "NZ", ["liaison_officer", "party_admin"], "A liaison officer [of NZ]", False, ID)
    screen.rows(names, [account, account], "")
    shown = narrow.getvalue()
    for text in (f"          id  {ID}\n", "liaison_officer party_admin\n", "A liaison officer [of NZ]\n"):
        assert shown.count(text) == 2


def test_a_list_that_fits_is_a_table(narrow: io.StringIO):
    screen.rows(("party", "name"), [("NZ", "desk[bold]")], "")
    head, row = narrow.getvalue().splitlines()
    assert head.split() == ["party", "name"]
    assert row.split() == ["NZ", "desk[bold]"]


def test_an_event_of_a_feed_is_one_line(narrow: io.StringIO):
    event: dict[str, Any] = {
        "time": "2026-11-21T20:59:31+00:00", "type": "planner.conflict.contact_changed.v1", "party": "INTERPOL",
        "subject": ID, "tlp": "AMBER+STRICT",
    }  # fmt: skip
    tail.line(12345, event)
    [shown] = narrow.getvalue().splitlines()
    assert len(shown) <= 80
    assert shown.startswith("12345 11-21 20:59 INTERPOL planner.conflict.contact_changed AMBER+STRICT")


@pytest.mark.parametrize("words", ["NZ", "nz", "feed.nz", "feed.NZ"])
def test_a_party_is_known_by_its_code_and_by_its_feed(words: str):
    assert tail.party_of(words) == "NZ"


def test_a_party_that_is_none_is_called_so_by_both_commands(tmp_path: Any):
    with pytest.raises(Trouble, match=r"^ZZ is no party: .* feed\.nz"):
        tail.follow(Home(tmp_path), "feed.zz", as_json=False, only_new=False)
    with pytest.raises(Trouble, match=r"^ZZ is no party: .* feed\.nz"):
        replay.run(Home(tmp_path), "feed.zz")
