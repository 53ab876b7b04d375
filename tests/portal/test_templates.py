"""Every page, from made-up views: renders, keeps to the CSP, posts safely, stays light, and says times and counts well."""

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from jinja2 import UndefinedError

from services.portal.pages import page
from services.portal.pages.render import STATIC, environment
from services.portal.pages.times import local_time
from services.portal.pages.views import Context
from tests.portal.board_samples import BOARD
from tests.portal.conflict_samples import CONFLICTS
from tests.portal.group_samples import GROUP
from tests.portal.joint_samples import JOINTLY
from tests.portal.more_samples import MORE
from tests.portal.protection_samples import PROTECTION
from tests.portal.samples import CO_CHAIR, DAYS, FIGURES, HOME, NOW, OFFICER, PAGES, TIMELINE, UPDATE

EVERY = PAGES | MORE | GROUP | CONFLICTS | PROTECTION | JOINTLY | BOARD
ROOT = Path(__file__).resolve().parents[2]


class Reader(HTMLParser):
    """Gathers what the tests ask about: tags with their attributes, and the fields of each form."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[tuple[dict[str, str | None], set[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        if tag == "form":
            self.forms.append((named, set()))
        elif self.forms and named.get("name"):
            self.forms[-1][1].add(named["name"] or "")


def rendered(name: str) -> str:
    template, context, view = EVERY[name]
    return page(context, template, view)


@pytest.mark.parametrize("name", EVERY)
def test_a_page_keeps_to_the_csp_and_has_one_heading_and_no_id_twice(name):
    tags = Reader(rendered(name)).tags
    for tag, attributes in tags:
        assert "style" not in attributes, tag
        assert not [one for one in attributes if one.startswith("on")], tag
        assert tag != "script" or attributes.get("src", "").startswith("/static/")
        assert not (attributes.get("href") or attributes.get("src") or "/").startswith(("http", "//", "javascript:"))
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert [tag for tag, _ in tags].count("h1") == 1


@pytest.mark.parametrize("name", EVERY)
def test_every_post_carries_a_csrf_token_and_a_key(name):
    for form, fields in Reader(rendered(name)).forms:
        if form.get("method") != "post":
            continue
        assert "csrf" in fields
        if form["action"] not in ("/sign-in", "/sign-out"):
            assert "idempotency_key" in fields, form["action"]


def test_a_text_with_markup_is_shown_as_text():
    hostile = replace(UPDATE, text="<script>alert(1)</script>", operation='"><img src=x onerror=alert(1)>')
    shown = page(OFFICER, "home.html", replace(HOME, recent=(hostile,)))
    assert "<script>alert" not in shown
    assert "<img" not in shown


def test_a_view_that_lacks_what_its_template_reads_is_a_fault():
    with pytest.raises(UndefinedError):
        page(OFFICER, "home.html", OFFICER)


def test_the_stream_sends_what_the_page_shows():
    alone = page(CO_CHAIR, "fragments/timeline_item.html", TIMELINE[0]).strip()
    squeezed = re.sub(r"\s+", " ", alone)
    assert squeezed in re.sub(r"\s+", " ", rendered("period"))
    assert squeezed.startswith("<li ")


def test_who_sees_what_names_every_party():
    shown = rendered("post-update")
    for name in ("Australia", "Indonesia", "Viet Nam"):
        assert name in shown
    assert "Your text and the place: Philippines only." in shown


@pytest.mark.parametrize(
    ("name", "told"), [("schedule", 1), ("disclosure-amend", 1), ("disclosure-release", 0), ("disclosure-recall", 0)]
)
def test_before_it_is_scheduled_or_amended_its_owner_reads_that_it_will_be_compared_with_others(name, told):
    shown = rendered(name)
    assert shown.count("compared with the operations of other parties, held ones too") == told
    assert not told or shown.index("compared with") < shown.index('<button class="govuk-button">Confirm')


def test_what_was_typed_is_there_again_with_its_errors_beside_it():
    shown = rendered("post-update-wrong")
    assert UPDATE.text in shown
    assert 'href="#counts-arrests"' in shown
    assert 'id="counts-arrests-error"' in shown


@pytest.mark.parametrize(
    ("party", "said"),
    [
        ("TH", "14:05 ICT (07:05 UTC)"),
        ("PH", "15:05 PHT (07:05 UTC)"),
        ("AU", "17:05 AEST (07:05 UTC)"),
        ("NP", "12:50 NPT (07:05 UTC)"),
    ],
)
def test_times_are_the_party_s_own_with_utc_in_brackets(party, said):
    at = datetime(2016, 7, 26, 7, 5, tzinfo=UTC)
    assert local_time(at, party, at, "en") == said


def test_another_day_is_said():
    at = datetime(2016, 7, 25, 7, 5, tzinfo=UTC)
    assert local_time(at, "TH", NOW, "en") == "25 Jul, 14:05 ICT (07:05 UTC)"


def test_a_moment_that_is_shown_as_a_day_is_the_reader_s_day_and_a_date_stays_itself():
    at = datetime(2016, 7, 25, 22, 30, tzinfo=UTC)
    template = environment("en").from_string("{{ at | day }}")
    assert template.render(ctx=CO_CHAIR, now=NOW, at=at) == "26 Jul"
    assert template.render(ctx=OFFICER, now=NOW, at=at) == "26 Jul"
    assert template.render(ctx=Context(now=NOW), now=NOW, at=at) == "25 Jul"
    assert template.render(ctx=CO_CHAIR, now=NOW, at=at.date()) == "25 Jul"


def test_a_period_that_nobody_has_started_counts_no_days_and_calls_nobody_silent():
    shown = rendered("period-proposed")
    assert "9 invited, 0 joined" in shown
    assert "23 days" in shown
    for untrue in ("day 3", "Day 3", "posted this week", "0 states"):
        assert untrue not in shown
    assert "posted this week" in rendered("period")


def test_an_update_is_offered_only_where_one_can_be_posted():
    over = replace(OFFICER, periods=tuple(replace(one, status="closed") for one in OFFICER.periods))
    assert 'href="/updates/new' in page(OFFICER, "updates.html", EVERY["updates"][2])
    closed = page(replace(over, period=over.periods[0]), "updates.html", EVERY["updates"][2])
    assert 'href="/updates/new' not in closed
    assert "Post another" not in rendered("receipt-correction")


def test_home_has_no_card_of_own_updates_for_who_posts_none():
    assert "My recent updates" not in rendered("home-words")
    assert "My recent updates" in rendered("home")


def test_an_entry_without_a_party_has_a_plain_name():
    assert "open<span class=\"govuk-visually-hidden\">: debrief opened</span>" in page(
        CO_CHAIR, "fragments/timeline_item.html", replace(TIMELINE[0], party="", what="debrief opened")
    )


def test_the_demo_clock_says_its_year():
    assert "demo clock: 26 Jul 2016" in page(replace(OFFICER, playback=True), "home.html", HOME)


def test_a_receipt_of_a_correction_says_what_it_replaces():
    shown = rendered("receipt-correction")
    assert "<h1>Corrected</h1>" in shown
    assert "Replaces the one of" in shown
    assert "Quezon City" in shown


def test_the_numbers_come_alone_as_they_stand_on_the_page():
    whole = re.sub(r"\s+", " ", rendered("period"))
    for name in ("figures", "objectives"):
        alone = re.sub(r"\s+", " ", page(CO_CHAIR, f"fragments/{name}.html", FIGURES)).strip()
        assert alone in whole
        assert f'id="{name}"' in alone


def test_counts_read_as_a_sentence():
    said = environment("en").from_string("{{ counts | counted }}").render(counts={"arrests": 1, "suspects_identified": 4})
    assert said == "1 arrest, 4 suspects identified"


def test_today_stands_where_its_day_is():
    assert (DAYS.number, DAYS.count) == (87, 214)
    assert DAYS.at(DAYS.first) == 0
    assert DAYS.at(DAYS.last) < 100


def test_every_text_is_in_the_catalogue_for_translators():
    folder = ROOT / "services/portal"
    found = {
        message[0] if isinstance(message, tuple) else message
        for _, _, message, *_ in extract_from_dir(
            folder,
            [("pages/**.py", "python"), ("templates/**.html", "jinja2")],
            {"templates/**.html": {"trimmed": "true"}},
            keywords={"_": None, "N_": None, "say": None, "gettext": None, "ngettext": (1, 2)},
        )
    }
    catalogue = (folder / "locale/portal.pot").read_text()
    kept = {
        json.loads('"' + "".join(re.findall(r'"(.*)"', entry)) + '"')
        for entry in re.findall(r'^msgid ((?:".*"\n)+)', catalogue, flags=re.MULTILINE)
    }
    assert found - kept == set(), "run the command in services/portal/locale/babel.cfg"


@pytest.mark.skipif(not (STATIC / "app.css").exists(), reason="npm run build has not run")
@pytest.mark.parametrize("name", ["home", "post-update", "period", "updates", "alert"])
def test_a_first_load_weighs_at_most_100_kb(name):
    shown = rendered(name)
    files = [STATIC / Path(one).name for one in re.findall(r'(?:src|href)="/static/([^"?]+)', shown)]
    weight = len(gzip.compress(shown.encode())) + sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert weight <= 100_000


def test_our_own_script_stays_small():
    assert len((ROOT / "services/portal/static/src/app.js").read_text().splitlines()) <= 150
