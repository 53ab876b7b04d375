"""The longer period's scenario has what a month does not show, says that it is made up, and adds up."""

from collections import Counter

import pytest

from client.demo.scenario import Scenario, load
from client.demo.story import Known, Step, story
from shared.vocabulary import Answer, Role


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("jpa-2")


@pytest.fixture(scope="module")
def steps(scenario: Scenario) -> list[Step]:
    return story(scenario, scenario.period.title)


def test_it_says_where_a_reader_looks_first_that_all_of_it_is_made_up(scenario: Scenario):
    assert "made up" in scenario.illustrative
    assert "made up" in scenario.period.title
    assert scenario.measure == "in the story"


def test_nine_states_run_nine_operations_two_of_them_jointly(scenario: Scenario):
    assert len({operation.party for operation in scenario.operations}) == len(scenario.operations) == 9
    proposed = {command.path for command in scenario.commands if command.path.endswith("/proposals")}
    assert len(proposed) == 2


def test_a_state_joins_after_the_beginning_and_endorses_what_is_in_force_by_that(scenario: Scenario):
    (late,) = [command for command in scenario.commands if command.path == "periods/@period/answers"]
    assert late.at > scenario.period.activated.at
    assert late.body["answer"] == Answer.JOINED
    assert late.body["plan_version"] == 2


def test_who_proposes_tries_to_consent_to_it_and_must_be_refused(scenario: Scenario):
    refused = [command for command in scenario.commands if command.refused]
    proposers = {command.lane: command.by for command in scenario.commands if command.path.endswith("/proposals")}
    assert {command.lane: command.by for command in refused} == proposers
    assert {command.refused for command in refused} == {403}


def test_the_figures_are_those_of_all_updates_partners_own_included(scenario: Scenario):
    total = scenario.sums()
    for command in scenario.commands:
        if command.path.endswith("/updates"):
            total.update(command.body["counts"])
    assert total == Counter(scenario.published)
    judged = {command.on for command in scenario.commands if command.path.endswith("/validate")}
    assert judged == {command.makes for command in scenario.commands if command.path.endswith("/updates")}


def test_everyone_acts_for_one_party_and_has_the_role_for_it(scenario: Scenario):
    accounts = {account.username: account for account in scenario.accounts}
    assert len(accounts) == len(scenario.accounts)
    for command in scenario.commands:
        by = accounts[command.by]
        if command.path.rsplit("/", 1)[-1] in {"proposals", "validate", "answers"}:
            assert Role.COORDINATOR in by.roles
        if command.path.startswith("referrals/"):
            assert by.roles == (Role.PROTECTION_SERVICE,)


def test_every_step_follows_what_it_builds_on(steps: list[Step]):
    known = {"assisted", "arrests", "checked", "documents", "trained"}  # learnt with the period
    for step in steps:
        known |= {step.makes} if step.makes and step.finds else set()
        used = {part.key for part in (*step.path, *step.body.values()) if isinstance(part, Known)}
        assert used <= known, step
        known |= {step.makes} if step.makes else set()
