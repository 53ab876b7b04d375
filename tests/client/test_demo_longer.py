"""The longer period's scenario has what a month does not show, says that it is made up, and adds up."""

import io
from collections import Counter

import pytest
from pypdf import PdfReader

from client.demo import papers
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
    counting = [one for one in scenario.commands if one.path.endswith("/updates") and "counts" in one.body]
    for command in counting:
        total.update(command.body["counts"])
    assert total == Counter(scenario.published)
    judged = {command.on for command in scenario.commands if command.path.endswith("/validate")}
    assert judged == {command.makes for command in counting}


def test_everyone_acts_for_one_party_and_has_the_role_for_it(scenario: Scenario):
    accounts = {account.username: account for account in scenario.accounts}
    assert len(accounts) == len(scenario.accounts)
    for command in scenario.commands:
        by = accounts[command.by]
        if command.path.rsplit("/", 1)[-1] in {"proposals", "validate", "answers"}:
            assert Role.COORDINATOR in by.roles
        if command.path.startswith("referrals/"):
            assert by.roles == (Role.PROTECTION_SERVICE,)


def test_the_programme_has_what_waits_what_was_taken_on_what_was_declined_and_what_is_done(scenario: Scenario):
    accounts = {account.username: account for account in scenario.accounts}
    states, owners = {}, {}
    for command in sorted(scenario.commands, key=lambda one: one.at):
        by = accounts[command.by]
        if command.path == "programme":
            assert Role.CO_CHAIR in by.roles
            assert command.body["owner"] in scenario.working_group
            owners[command.makes], states[command.makes] = command.body["owner"], "proposed"
        elif command.path.startswith("programme/@"):
            key, act = command.path.removeprefix("programme/@").split("/")
            assert owners[key] == by.party
            assert act in {"start", "complete"} or Role.COORDINATOR in by.roles
            states[key] = act
    assert Counter(states.values()) == {"proposed": 1, "agree": 2, "decline": 1, "complete": 1}


def test_a_serious_incident_goes_to_rights_officers_of_other_parties_who_have_accounts(scenario: Scenario):
    incidents = {
        command.body["severity"]: command for command in scenario.commands if command.body.get("kind") == "incident"
    }
    assert incidents.keys() == {"minor", "serious"}
    named = set(scenario.period.plans[0].rights_officers)
    assert scenario.party_of(incidents["serious"]) not in named
    assert named == {account.party for account in scenario.accounts if Role.RIGHTS_OFFICER in account.roles}


def test_what_is_attached_says_on_paper_that_it_is_made_up(scenario: Scenario):
    (command,) = [command for command in scenario.commands if command.file]
    assert command.file
    paper = papers.pdf(command.file, scenario.illustrative, command.at)
    (sheet,) = PdfReader(io.BytesIO(paper)).pages
    said = " ".join(sheet.extract_text().split())
    assert scenario.illustrative in said
    assert command.file.text in said


def test_a_plan_of_two_states_is_consented_to_by_officers_who_did_not_propose_it(scenario: Scenario):
    (proposed,) = [command for command in scenario.commands if command.path == "investigations"]
    words = [command for command in scenario.commands if command.path.startswith("investigations/")]
    assert {scenario.party_of(word) for word in words} == {scenario.party_of(proposed), *proposed.body["members"]}
    assert proposed.by not in {word.by for word in words}


def test_every_step_follows_what_it_builds_on(steps: list[Step]):
    known = {"assisted", "arrests", "checked", "documents", "trained"}  # learnt with the period
    for step in steps:
        known |= {step.makes} if step.makes and step.finds else set()
        used = {part.key for part in (*step.path, *step.body.values()) if isinstance(part, Known)}
        assert used <= known, step
        known |= {step.makes} if step.makes else set()
