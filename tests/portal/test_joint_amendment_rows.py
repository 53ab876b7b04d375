"""What the portal shows of an amendment of a joint operation: to its states beside what is in force, to others nothing."""

from datetime import timedelta
from typing import Any

import pytest

from services.planner.domain.detail import Brief
from services.planner.domain.joint_amendment import Changes
from services.planner.usecases import joint, joint_amending, operations, participation
from services.portal.pages.joint_amending import amendment_of
from services.portal.pages.operations import operation
from services.portal.pages.views import Form, JointAmendment
from shared.actor import Actor
from shared.events.planner import Window
from shared.vocabulary import JointAnswer, OperationKind, Role
from tests.builders import NOON
from tests.portal.fake_desk import FakeDesk, desk, period
from tests.portal.test_joint_protection_pages import reader, text
from tests.portal.test_joint_rows import ALL, LK, NO, NZ, SECOND, TH, YES, Told

HOME = ("LK", "NZ", "TH")
AMENDMENT = ("joint_amendment", "joint_amendment_detail")


class Asked(Told):
    """A joint operation of NZ with LK and TH that is scheduled, with an amendment of it."""

    async def until_asked(self) -> "Asked":
        await self.propose("LK", "TH")
        for by in (SECOND, LK, TH):
            await self.say(by)
        await self.do(operations.schedule(self.memory.tx, NZ, self.id, self.now.version, None, False))
        self.before = dict(self.operation)
        await self.ask()
        return self

    async def ask(self) -> None:
        now = self.now
        window = Window(starts_at=now.window.starts_at, ends_at=now.window.ends_at - timedelta(days=1))
        brief = Brief(title=now.brief.title, place=now.brief.place, narrative="Quietly, and at night.")
        to = Changes(kind=OperationKind.TRAINING, window=window, brief=brief)
        await self.do(joint_amending.propose(self.memory.tx, NZ, self.id, now.version, to))

    async def word(self, by: Actor, given: JointAnswer = YES) -> None:
        pending = self.now.amendment
        assert pending
        said = (pending.proposal.number, pending.version, given, "Elections.")
        await self.do(joint_amending.answer(self.memory.tx, by, self.id, *said))

    def row(self, table: str) -> dict[str, Any]:
        return self.shown.row(table, self.id)


async def asked() -> Asked:
    return await Asked().until_asked()


async def test_it_is_shown_to_its_states_and_nobody_else_sees_that_anything_is_asked():
    told = await asked()
    for table in AMENDMENT:
        assert told.row(table)["audience"] == HOME, table
    await told.word(LK)
    assert told.operation == told.before, "not even the version of what all read has moved"
    assert told.row("operation_detail")["narrative"] == "Quietly."
    kinds = ("planner.joint.amendment_proposed.v1", "planner.joint.answered.v1")
    assert {readers for kind, readers in told.shown.timeline() if kind in kinds} == {HOME}


async def test_what_is_asked_of_it_next_names_the_version_that_its_states_see():
    told = await asked()
    assert told.row("joint_amendment")["version"] == told.now.version
    await told.word(LK)
    assert told.now.amendment
    assert told.row("joint_amendment")["version"] == told.now.version == told.now.amendment.version


async def test_a_refusal_ends_it_and_the_words_on_what_is_in_force_stay():
    told = await asked()
    await told.word(LK, NO)
    assert told.row("joint_amendment")["status"] == "refused"
    assert (told.row("joint")["number"], told.row("joint")["is_open"]) == (1, True)
    assert told.shown.row("joint_word", told.id, "LK", 1)["answer"] == "consented"
    word = told.shown.row("joint_word", told.id, "LK", 2)
    assert (word["answer"], word["reason"], word["audience"]) == ("refused", "Elections.", HOME)
    await told.ask()
    assert (told.row("joint_amendment")["number"], told.row("joint_amendment")["status"]) == (3, "proposed")


async def test_in_force_it_is_the_operation_of_all_its_readers_and_its_words_are_those_on_it():
    told = await asked()
    for by in (SECOND, LK, TH):
        assert told.row("joint")["number"] == 1
        await told.word(by)
    shown = told.operation
    assert (shown["kind"], shown["version"], shown["audience"]) == ("training", told.now.version, ALL)
    assert told.row("operation_detail")["narrative"] == "Quietly, and at night."
    assert (told.row("joint")["number"], told.row("joint")["proposed_by"]) == (2, NZ.name)
    assert told.row("joint_amendment")["status"] == "in_force"
    assert told.row("joint")["audience"] == HOME


async def test_a_state_that_leaves_the_period_reads_nothing_more_of_it():
    told = await asked()
    await told.do(participation.leave(told.memory.tx, LK, told.memory.period.id, ""))
    for table in AMENDMENT:
        assert "LK" not in told.row(table)["audience"], table


async def shown_to(told: Asked, party: str, *roles: Role, status: str = "active", name: str = "") -> JointAmendment | None:
    at = a_desk(told, party, *roles, status=status, name=name)
    return await amendment_of(
        at, at.fake, at.fake.said["operation"], told.row("operation_detail"), period(status), Form()  # type: ignore[arg-type]
    )


def a_desk(told: Asked, party: str, *roles: Role, status: str = "active", name: str = "") -> FakeDesk:
    found = reader(told, party, *roles, status=status)
    if name:
        actor = Actor("1", name, party, frozenset(roles))
        found = desk(party, *roles, rows=period(status), **found.fake.said)
        found.session.actor = actor  # type: ignore[misc]
    number = told.row("joint_amendment")["number"]
    words = [one for one in told.shown.rows("joint_word") if one["number"] == number]
    found.fake.said |= {
        "joint_amendment": told.row("joint_amendment"), "joint_amendment_detail": told.row("joint_amendment_detail"),
        "joint_words": words, "operation_detail": {**told.row("operation_detail"), "audience_id": 1},
    }  # fmt: skip
    return found


async def test_its_states_read_what_differs_and_nothing_else():
    told = await asked()
    found = await shown_to(told, "LK", Role.LIAISON_OFFICER)
    assert found
    assert (found.number, found.in_force, found.version, found.may_answer) == (2, 1, told.now.version, False)
    assert [one.what for one in found.changes] == ["Kind", "Window", "Narrative"]
    narrative = [(one.change, one.text) for one in found.changes[2].pieces]
    assert "".join(text for change, text in narrative if change != "added") == "Quietly."
    assert "".join(text for change, text in narrative if change != "removed") == "Quietly, and at night."
    assert [(one.party, one.answer) for one in found.words] == [("NZ", ""), ("LK", ""), ("TH", "")]


@pytest.mark.parametrize(
    ("party", "roles", "status", "name", "may"),
    [
        ("LK", (Role.COORDINATOR,), "active", "", True),
        ("LK", (Role.LIAISON_OFFICER,), "active", "", False),
        ("LK", (Role.COORDINATOR,), "closed", "", False),
        ("TH", (Role.COORDINATOR,), "active", "", False),
        ("NZ", (Role.COORDINATOR,), "active", "", True),
        ("NZ", (Role.COORDINATOR,), "active", NZ.name, False),
        ("VN", (Role.COORDINATOR,), "active", "", False),
    ],
)
async def test_a_page_asks_those_whose_word_is_awaited(
    party: str, roles: tuple[Role, ...], status: str, name: str, may: bool
):
    told = await asked()
    await told.word(TH)
    found = await shown_to(told, party, *roles, status=status, name=name)
    assert found
    assert found.may_answer is may


@pytest.mark.parametrize("late", ["joint_amendment_detail", "operation_detail"])
async def test_nobody_is_asked_for_a_word_on_what_has_not_arrived_yet(late: str):
    told = await asked()
    at = a_desk(told, "LK", Role.COORDINATOR)
    detail = None if late == "operation_detail" else told.row("operation_detail")
    at.fake.said |= {late: None}
    row, of_period = at.fake.said["operation"], period("active")
    found = await amendment_of(at, at.fake, row, detail, of_period, Form())  # type: ignore[arg-type]
    assert found
    assert not found.may_answer


async def test_nothing_is_shown_of_what_is_in_force_or_lapsed():
    told = await asked()
    await told.do(operations.start(told.memory.tx, NZ, told.id, told.now.version, NOON))
    assert await shown_to(told, "LK", Role.COORDINATOR) is None
    told = await asked()
    for by in (SECOND, LK, TH):
        await told.word(by)
    assert await shown_to(told, "LK", Role.COORDINATOR) is None
    told = await asked()
    await told.do(joint.withdraw(told.memory.tx, LK, told.id, ""))
    assert await shown_to(told, "NZ", Role.COORDINATOR) is None


async def test_the_owners_coordinator_is_offered_to_ask_and_not_to_amend_alone():
    told = await asked()
    for party, role, offered in (
        ("NZ", Role.COORDINATOR, True), ("NZ", Role.LIAISON_OFFICER, False), ("LK", Role.COORDINATOR, False),
    ):  # fmt: skip
        page = text(await operation(told.id, a_desk(told, party, role)))
        assert (f'href="/operations/{told.id}/amend"' in page) is offered
        assert f'href="/operations/{told.id}/edit"' not in page
    asking = text(await operation(told.id, a_desk(told, "LK", Role.COORDINATOR)))
    assert f'action="/operations/{told.id}/amendments/2/answer"' in asking
    assert f'name="version" value="{told.row("joint_amendment")["version"]}"' in asking
