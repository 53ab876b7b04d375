"""Reports of distress as the portal shows them, out of their events."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.planner.domain.distress import Distress, Known
from services.portal.pages.distress_lines import distress_line
from services.portal.pages.render import page
from shared.vocabulary import DistressOutcome
from tests.builders import NOON, a_period, a_word, an_officer
from tests.planner.test_distress import a_distress
from tests.portal.in_memory import Shown
from tests.portal.protection_samples import PROTECTION

LK = an_officer("LK")


async def test_what_is_known_now_takes_the_place_of_what_was_known_and_stays_after_the_end():
    period, shown = a_period(), Shown()
    distress, reported = Distress.report(a_distress(period), period, LK)
    distress, revised = distress.revise(Known(happened_at=NOON, place="Ashore", vessel="Harapan"), period, LK, NOON)
    distress, closed = distress.close(DistressOutcome.RESCUED, "All 40.", period, LK, NOON)
    for event, status in ((reported, "open"), (revised, "open"), (closed, "closed")):
        await shown.hear(event, event)
        assert shown.row("distress", distress.id)["status"] == status
    row: dict[str, Any] = shown.row("distress", distress.id)
    assert (row["version"], row["outcome"], row["note"], row["closed_at"]) == (3, "rescued", "All 40.", NOON)
    assert (row["precedence"], row["latitude"], row["persons_on_board"], row["place"]) == ("FLASH", None, None, "Ashore")
    assert row["audience"] == ("INTERPOL", "LK", "NZ", "TH")
    line = distress_line(row)
    assert (line.position, line.place, line.vessel) == ("", "Ashore", "Harapan")
    assert {readers for _, readers in shown.timeline()} == {("INTERPOL", "LK", "NZ", "TH")}


async def test_a_party_that_comes_back_is_shown_it_from_its_next_word_on():
    shown, without = Shown(), a_period(answers={"NZ": a_word("joined"), "TH": a_word("declined")})
    distress, reported = Distress.report(a_distress(without), without, LK)
    await shown.hear(reported)
    assert "TH" not in shown.row("distress", UUID(int=5))["audience"]
    shared = distress.share(a_period())
    assert shared
    await shown.hear(shared[1])
    assert "TH" in shown.row("distress", UUID(int=5))["audience"]


def test_the_banner_says_how_many_more_there_are_and_leads_to_all():
    template, context, view = PROTECTION["home-distress"]
    text = page(context, template, view)
    assert '<a class="quick" href="/distress">and 7 more reports of distress that are not over: see all</a>' in text
    assert "more report" not in page(replace(context, distress_more=0), template, view)
