"""What the pages of a period hold after its events: which version is in force, what it aims at, and whose word waits."""

from services.planner.domain.period import Period
from shared.events.base import Event
from shared.events.planner import Objective, Section
from shared.vocabulary import Answer, Indicator, PlanAnswer
from tests.builders import NOON, a_chair, a_coordinator, a_period
from tests.portal.in_memory import Shown

AIM = (Section(title="Aim", text="Act together."),)
SEA = (Section(title="Aim", text="Act together at sea."),)
ARRESTS = Objective(id="018f0000-0000-7000-8000-000000000001", title="Arrests", indicator=Indicator.ARRESTS, target=40)


def in_force() -> tuple[Period, list[Event]]:
    """NZ, LK and TH joined and adopted version 1; the whole of what was said."""
    period, proposed = Period.propose(a_period(joined=(), version=0, objectives=(ARRESTS,)), a_chair())
    said: list[Event] = [proposed]
    for party in ("NZ", "LK", "TH"):
        period, *more = period.answer(Answer.JOINED, "", a_coordinator(party), NOON)
        said += more
    period, published = period.publish_plan(AIM, ("TH",), a_chair())
    said.append(published)
    for party in ("NZ", "LK", "TH"):
        period, *words = period.answer_plan(1, PlanAnswer.ENDORSED, "", a_coordinator(party), NOON)
        said += words
    period, adopted = period.adopt(1, a_chair())
    return period, [*said, adopted]


async def test_an_amendment_leaves_the_period_as_it_is_until_it_is_in_force():
    shown = Shown()
    period, said = in_force()
    await shown.hear(*said)
    raised = ARRESTS.model_copy(update={"target": 60, "measured_by": "RSO"})
    period, published = period.publish_plan(SEA, (), a_chair(), objectives=(raised,), affected=("LK",))
    await shown.hear(published)
    row = shown.row("period", period.id)
    assert (row["status"], row["adopted"], row["plan_version"]) == ("adopted", 1, 2)
    assert [one["target"] for one in row["objectives"]] == [40]
    plan = shown.row("plan", period.id, 2)
    assert (plan["amends"], plan["affected"], plan["carried"]) == (1, ["LK"], ["NZ", "TH"])
    period, *words = period.answer_plan(2, PlanAnswer.ENDORSED, "", a_coordinator("LK"), NOON)
    await shown.hear(*words)
    row = shown.row("period", period.id)
    assert (row["status"], row["adopted"], row["version"]) == ("adopted", 2, period.version)
    assert [(one["target"], one["measured_by"]) for one in row["objectives"]] == [(60, "RSO")]


async def test_a_version_that_was_published_before_versions_had_objectives_has_those_of_the_period():
    shown = Shown()
    period, said = in_force()
    *before, published = said[:5]
    await shown.hear(*before, published.model_copy(update={"objectives": None}))
    assert [one["title"] for one in shown.row("plan", period.id, 1)["objectives"]] == ["Arrests"]


async def test_the_pages_of_a_period_are_for_all_that_were_asked():
    shown = Shown()
    period, said = in_force()
    await shown.hear(*said)
    for row in (shown.row("period", period.id), shown.row("plan", period.id, 1), *shown.rows("plan_answer")):
        assert row["audience"] == ("INTERPOL", "LK", "NZ", "TH")
