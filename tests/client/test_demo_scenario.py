"""The first period's scenario adds up to the published totals and hangs together, before anything is run."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from client.demo import make_jpa_1_2015
from client.demo.figures import Row, compare, validated
from client.demo.scenario import Scenario, load
from client.demo.story import PERIOD, Known, Step, batches, story
from deploy.embedded.places import Trouble
from services.planner.domain.calendar import first_moment, last_moment
from shared.parties import PARTIES
from shared.vocabulary import Indicator, PlanAnswer, Role, UpdateKind

# baliprocess.net, event '1st Joint Period of Action'; written again here, apart from what made the file
PUBLISHED = {
    "trafficked_persons_assisted": 59,
    "search_warrants_executed": 7,
    "suspects_identified": 63,
    "arrests": 32,
    "investigations_opened": 8,
    "international_enquiries": 70,
    "awareness_activities": 68,
    "training_sessions": 12,
    "officers_trained": 485,
}
STATES = {"AU", "ID", "MY", "MV", "NZ", "PH", "LK", "TH"}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("jpa-1-2015")


@pytest.fixture(scope="module")
def steps(scenario: Scenario) -> list[Step]:
    return story(scenario, scenario.period.title)


def test_the_file_says_what_its_maker_says(scenario: Scenario):
    assert Scenario.model_validate(make_jpa_1_2015.scenario()) == scenario


def test_validated_counts_that_nothing_supersedes_are_the_published_totals(scenario: Scenario):
    assert scenario.sums() == PUBLISHED
    assert scenario.published == PUBLISHED


def test_without_the_correction_a_total_would_be_wrong(scenario: Scenario):
    everything: Counter[Indicator] = Counter()
    for update in scenario.updates:
        everything.update(update.counts)
    assert everything != PUBLISHED


def test_it_says_that_the_split_is_illustrative_where_a_reader_looks_first(scenario: Scenario):
    assert "illustrative" in scenario.illustrative
    head = make_jpa_1_2015.FILE.read_text().splitlines()[:3]
    assert any("illustrative" in line for line in head)
    assert "baliprocess.net" in scenario.source


def test_it_is_the_first_period(scenario: Scenario):
    period = scenario.period
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == ("2015-09-28", "2015-10-28")
    assert set(period.invited) == STATES
    assert (period.co_chairs, period.supporting) == (("NZ", "LK"), ("INTERPOL",))
    assert {word.by.split(".")[0].upper() for word in period.answers} == STATES
    assert {word.answer for word in period.answers} == {"joined"}


def test_there_are_200_updates_of_20_accounts_of_8_states(scenario: Scenario):
    updates = list(scenario.updates)
    assert len(updates) >= 200
    assert len({update.by for update in updates}) >= 20
    assert {operation.party for operation in scenario.operations} == STATES


def test_a_good_part_is_in_the_officers_languages(scenario: Scenario):
    languages = Counter(update.language for update in scenario.updates)
    assert set(languages) >= {"en", "id", "ms", "th", "fil", "si", "ta"}
    assert languages["en"] < languages.total() / 2


def test_no_account_spans_two_parties_and_names_are_used_once(scenario: Scenario):
    names = [account.username for account in scenario.accounts]
    assert len(names) == len(set(names))
    for party in STATES:
        roles = [account.roles for account in scenario.accounts if account.party == party]
        assert (Role.COORDINATOR,) in roles
        assert roles.count((Role.LIAISON_OFFICER,)) >= 2
    assert any(account.party == "INTERPOL" for account in scenario.accounts)
    assert all(account.name.startswith(account.party) for account in scenario.accounts)


def test_everyone_who_acts_has_an_account_and_the_role_for_it(scenario: Scenario, steps: list[Step]):
    roles = {account.username: set(account.roles) for account in scenario.accounts}
    needed = {
        "validate": Role.COORDINATOR, "return": Role.COORDINATOR, "answers": Role.COORDINATOR,
        "schedule": Role.COORDINATOR, "release-headline": Role.COORDINATOR, "alerts": Role.COORDINATOR,
        "adopt": Role.CO_CHAIR, "plan-versions": Role.CO_CHAIR,
        "updates": Role.LIAISON_OFFICER, "start": Role.LIAISON_OFFICER, "acknowledge": Role.LIAISON_OFFICER,
    }  # fmt: skip
    for step in steps:
        assert step.by in roles
        assert step.what not in needed or needed[step.what] in roles[step.by]


def test_every_window_is_inside_the_period_by_its_states_own_calendar(scenario: Scenario):
    for operation in scenario.operations:
        zone = ZoneInfo(PARTIES[operation.party].time_zone)
        starts, ends = operation.window.starts_at.astimezone(zone), operation.window.ends_at.astimezone(zone)
        assert scenario.period.first_day <= starts.date() <= ends.date() <= scenario.period.last_day
        assert starts < ends
        assert operation.window.starts_at.utcoffset() == starts.utcoffset()


def test_the_period_begins_and_ends_by_the_clock_of_the_states_that_take_part(scenario: Scenario, steps: list[Step]):
    period, parties = scenario.period, scenario.period.invited
    assert period.adopted.at < first_moment(period.first_day, parties) <= period.activated.at
    assert last_moment(period.last_day, parties) <= period.closed.at
    assert [step.what for step in steps if step.awaits] == ["active", "closed"]


def test_places_are_un_locodes_of_their_state(scenario: Scenario):
    for operation in scenario.operations:
        for update in operation.updates:
            assert update.place in scenario.places
            assert update.place[:2] == operation.party
            assert len(update.place) == 5


def test_an_operation_runs_its_course_in_time(scenario: Scenario):
    for operation in scenario.operations:
        course = [operation.drafted, operation.scheduled, operation.started, operation.completed]
        assert [act.at for act in course] == sorted(act.at for act in course)
        assert scenario.period.plans[0].at < operation.drafted.at
        assert scenario.period.adopted.at < operation.scheduled.at
        assert scenario.period.activated.at < operation.started.at
        for update in operation.updates:
            assert operation.started.at <= update.happened_at <= update.at


def test_every_update_is_validated_later_by_someone_else_before_the_close(scenario: Scenario):
    for update in scenario.updates:
        assert update.validated
        assert update.validated.by != update.by
        assert update.at < update.validated.at < scenario.period.closed.at


def test_one_result_is_corrected_after_it_was_validated(scenario: Scenario):
    by_key = {update.key: update for update in scenario.updates}
    (correction,) = [update for update in scenario.updates if update.supersedes]
    corrected = by_key[str(correction.supersedes)]
    assert corrected.validated
    assert corrected.validated.at < correction.at
    assert corrected.counts != correction.counts


def test_one_result_is_returned_and_then_validated(scenario: Scenario):
    (update,) = [update for update in scenario.updates if update.returned]
    assert update.returned
    assert update.validated
    assert update.at < update.returned.at < update.validated.at
    assert update.counts


def test_one_headline_is_held_and_released_while_it_has_updates(scenario: Scenario):
    (operation,) = [operation for operation in scenario.operations if operation.released]
    assert operation.released
    assert operation.scheduled.at < operation.released.at < operation.completed.at
    assert any(update.at < operation.released.at for update in operation.updates)
    assert any(update.at > operation.released.at for update in operation.updates)


def test_alerts_cross_borders_are_acknowledged_by_recipients_and_one_is_recalled(scenario: Scenario):
    parties = {account.username: account.party for account in scenario.accounts}
    for alert in scenario.alerts:
        assert parties[alert.by] not in alert.recipients
        assert alert.acknowledged
        for act in alert.acknowledged:
            assert parties[act.by] in alert.recipients
            assert alert.at < act.at < alert.valid_until
    assert sum(alert.recalled is not None for alert in scenario.alerts) == 1


def test_a_reservation_leads_to_a_second_version_that_all_endorse(scenario: Scenario):
    first, second = scenario.period.plans
    assert PlanAnswer.RESERVED in {answer.answer for answer in first.answers}
    assert {answer.by for answer in second.answers} == {f"{party.lower()}.coordinator" for party in STATES}
    assert {answer.answer for answer in second.answers} == {PlanAnswer.ENDORSED}


def test_only_kinds_that_are_taken_now_are_posted(scenario: Scenario):
    assert {update.kind for update in scenario.updates} == {UpdateKind.PROGRESS, UpdateKind.RESULT}


def test_every_step_has_its_moment_and_follows_what_it_builds_on(steps: list[Step]):
    known: set[str] = {"assisted", "suspects", "enquiries", "awareness", "trained"}  # learnt with the period
    for step in steps:
        used = [part for part in (*step.path, *step.body.values()) if isinstance(part, Known)]
        assert {part.key for part in used} <= known
        if step.makes:
            known.add(step.makes)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert (steps[0].what, steps[-1].what) == ("periods", "closed")


def test_batches_keep_every_step_and_the_order_within_a_lane(steps: list[Step]):
    played: dict[str, list[Step]] = defaultdict(list)
    for batch in batches(steps):
        assert len({step.lane for step in batch}) == 1 or PERIOD not in {step.lane for step in batch}
        assert batch[-1].at - batch[0].at <= timedelta(hours=3)
        for step in batch:
            played[step.lane].append(step)
    assert sum(map(len, played.values())) == len(steps)
    for lane, found in played.items():
        assert found == [step for step in steps if step.lane == lane]


def test_the_period_opens_and_ends_alone():
    def step(lane: str, minute: int) -> Step:
        return Step(datetime(2015, 9, 28, 9, minute, tzinfo=UTC), "nz.chair", lane, ("x",))

    found = batches([step("a", 0), step("b", 1), step(PERIOD, 2), step("a", 3), step("a", 4)])
    assert [[each.lane for each in batch] for batch in found] == [["a", "b"], [PERIOD], ["a", "a"]]


def test_figures_are_summed_over_parties_and_one_that_differs_is_told():
    figures = [
        {"indicator": "arrests", "party": "NZ", "validated": 2, "provisional": 5},
        {"indicator": "arrests", "party": "TH", "validated": 1, "provisional": 0},
    ]
    found = validated(figures)
    assert compare({Indicator.ARRESTS: 3}, found, found, found) == [Row(Indicator.ARRESTS, 3, 3, 3, 3)]
    assert compare({Indicator.ARRESTS: 3}, found, found, found)[0].agrees
    assert not compare({Indicator.ARRESTS: 3}, found, found, {})[0].agrees


def test_an_unknown_scenario_is_refused_with_those_that_exist():
    with pytest.raises(Trouble, match="jpa-1-2015"):
        load("jpa-9-2030")
