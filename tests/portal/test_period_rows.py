"""What the pages of a period hold after its events: which version is in force, and who reads what came before and after."""

from datetime import timedelta

from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.update import Update
from shared.events.base import Event
from shared.events.planner import Objective, Section
from shared.vocabulary import Answer, DetailAudience, Indicator, OperationState, PeriodState, PlanAnswer
from tests.builders import NOON, a_chair, a_coordinator, a_period, an_officer, an_operation, an_update
from tests.portal.in_memory import Shown

AIM = (Section(title="Aim", text="Act together."),)
SEA = (Section(title="Aim", text="Act together at sea."),)
ARRESTS = Objective(id="018f0000-0000-7000-8000-000000000001", title="Arrests", indicator=Indicator.ARRESTS, target=40)


def in_force() -> tuple[Period, list[Event]]:
    """NZ, LK and TH joined and adopted version 1; the whole of what was said."""
    period, proposed = Period.propose(a_period(joined=(), version=0, objectives=(ARRESTS,)), a_chair(), NOON)
    said: list[Event] = [proposed]
    for party in ("NZ", "LK", "TH"):
        period, *more = period.answer(Answer.JOINED, "", a_coordinator(party), NOON)
        said += more
    period, published = period.publish_plan(AIM, ("TH",), a_chair())
    said.append(published)
    for party in ("NZ", "LK", "TH"):
        period, *words = period.answer_plan(1, PlanAnswer.ENDORSED, "", a_coordinator(party), NOON)
        said += words
    period, adopted = period.adopt(1, a_chair(), NOON)
    return period, [*said, adopted]


async def test_an_amendment_leaves_the_period_as_it_is_until_it_is_in_force():
    shown = Shown()
    period, said = in_force()
    await shown.hear(*said)
    raised = ARRESTS.model_copy(update={"target": 60, "measured_by": "RSO"})
    period, published = period.publish_plan(SEA, ("TH",), a_chair(), objectives=(raised,), affected=("LK",))
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


async def test_a_deadline_is_shown_until_it_is_another():
    shown = Shown()
    period, proposed = Period.propose(a_period(joined=(), version=0, answer_by=NOON), a_chair(), NOON - timedelta(1))
    await shown.hear(proposed)
    assert shown.row("period", period.id)["answer_by"] == NOON
    period, extended = period.extend(NOON + timedelta(days=2), a_chair(), NOON)
    await shown.hear(extended)
    assert (shown.row("period", period.id)["answer_by"], shown.row("period", period.id)["version"]) == (
        NOON + timedelta(days=2), 2,
    )  # fmt: skip


def running(*joined: str) -> Period:
    return a_period(joined=joined, state=PeriodState.ACTIVE)


async def posted(shown: Shown, operation: Operation, period: Period) -> Update:
    """An operation of NZ that is under way, and what was posted on it."""
    drafted = operation.model_copy(update={"state": OperationState.DRAFTED})
    _, *said = drafted.schedule(period.frame, None, False, a_coordinator("NZ"), NOON)
    update, *more = Update.post(an_update(operation), operation, period.frame, an_officer("NZ"))
    await shown.hear(*said, *more)
    return update


async def test_a_newcomer_reads_what_the_others_read_who_keep_it_and_it_counts_for_both():
    shown, before, after = Shown(), running("NZ", "LK"), running("NZ", "LK", "TH")
    operation = an_operation("NZ", detail_audience=DetailAudience.PARTICIPANTS)
    update = await posted(shown, operation, before)
    assert shown.row("update", update.id)["audience"] == ("LK", "NZ")
    told = len(shown.timeline())
    await shown.hear(*operation.open_to(["TH"], after.frame, a_coordinator("TH")))
    await shown.hear(*update.open_to(["TH"], operation, after.frame))
    for table, key in (("operation", operation.id), ("operation_detail", operation.id), ("update_detail", update.id)):
        assert shown.row(table, key)["audience"] == ("LK", "NZ", "TH"), table
    assert shown.row("update", update.id)["audience"] == ("LK", "NZ", "TH")
    assert shown.row("update_count", update.id, "arrests")["audience"] == ("LK", "NZ", "TH")
    assert shown.standing() == {("LK", "NZ", "TH"): 2}
    assert [readers for _, readers in shown.timeline()[told:]] == [("TH",), ("TH",)], "the others are told nothing twice"


async def test_a_newcomer_reads_the_timeline_as_it_came_about():
    shown, period = Shown(), running("NZ", "LK", "TH")
    operation = an_operation("NZ")
    update = await posted(shown, operation, running("NZ", "LK"))
    await shown.hear(*update.open_to(["TH"], operation, period.frame))
    assert shown.told_at("planner.update.released.v1") == [update.posted_at]


async def test_who_left_sees_no_more_of_an_update_as_soon_as_something_happens_to_it():
    shown, period, left = Shown(), running("NZ", "LK", "TH"), running("NZ", "LK")
    operation = an_operation("NZ")
    first, second = await posted(shown, operation, period), await posted(shown, operation, period)
    _, validated = first.validate_counts(operation, left.frame, a_coordinator("NZ"))
    correction = an_update(operation, supersedes=second.id)
    _, *corrected = Update.post(correction, operation, left.frame, an_officer("NZ"))
    await shown.hear(validated, *corrected)
    for update, status in ((first, "validated"), (second, "superseded"), (correction, "provisional")):
        row = shown.row("update", update.id)
        assert (row["status"], row["audience"]) == (status, ("LK", "NZ"))
        assert shown.row("update_count", update.id, "arrests")["audience"] == ("LK", "NZ")
    assert shown.standing() == {("LK", "NZ"): 4}


async def test_the_period_goes_on_without_a_party_that_left_and_says_that_it_did():
    shown = Shown()
    period, said = in_force()
    await shown.hear(*said)
    period, *left = period.leave("Elections.", a_coordinator("TH"), NOON)
    await shown.hear(*left)
    assert shown.row("period", period.id)["audience"] == ("INTERPOL", "LK", "NZ")
    row = shown.row("answer", period.id, "TH")
    assert (row["answer"], row["note"], "TH" in row["audience"]) == ("left", "Elections.", True)
