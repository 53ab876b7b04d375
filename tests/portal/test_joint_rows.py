"""What the portal shows of a joint operation: to its states alone until it is scheduled, and to all that it stopped."""

from typing import Any

import pytest

from services.planner.domain.operation import Operation
from services.planner.usecases import joint, operations, participation, updates
from services.portal.pages.joint_lines import consented, joint_of, waits
from services.portal.pages.views import Form
from shared.actor import Actor
from shared.vocabulary import DetailAudience, JointAnswer, OperationState, PeriodState, Role
from tests.builders import NOON, a_coordinator, a_period, a_plan, an_officer, an_operation, an_update
from tests.planner.in_memory import Memory
from tests.portal.fake_desk import desk
from tests.portal.in_memory import Shown

YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
NZ, SECOND, LK, TH = (
    a_coordinator("NZ"), a_coordinator("NZ", name="second"), a_coordinator("LK"), a_coordinator("TH"),
)  # fmt: skip
ALL = ("LK", "NZ", "TH", "VN")


class Told:
    """A joint operation of NZ with LK, said by the planner and heard by the portal."""

    def __init__(self) -> None:
        joined = ("NZ", "LK", "TH", "VN")
        plan = a_plan(**dict.fromkeys(joined, "endorsed"))
        self.memory = Memory(
            a_period(joined=joined, invited=joined, state=PeriodState.ACTIVE, plans=(plan,), adopted=1, supporting=())
        )
        self.draft: Operation = an_operation(state=OperationState.DRAFTED, version=0, period_id=self.memory.period.id)
        self.id, self.shown, self.heard = self.draft.id, Shown(), 0

    @property
    def now(self) -> Operation:
        return self.memory.operations[self.id]

    async def do(self, command: Any) -> None:
        await command
        new = self.memory.said[self.heard :]
        self.heard += len(new)
        await self.shown.hear(*new)

    async def propose(self, *partners: str, **changes: Any) -> "Told":
        tx = self.memory.tx
        if not self.memory.operations:
            await self.do(operations.draft(tx, NZ, self.draft))
        await self.do(joint.propose(tx, NZ, self.id, self.now.version, partners, changes, {}))
        return self

    async def say(self, by: Actor, given: JointAnswer = YES, number: int = 1) -> None:
        await self.do(joint.answer(self.memory.tx, by, self.id, number, given, "Elections."))

    async def run(self) -> "Told":
        await self.propose("LK")
        await self.say(SECOND)
        await self.say(LK)
        await self.do(operations.schedule(self.memory.tx, NZ, self.id, self.now.version, None, False))
        await self.do(operations.start(self.memory.tx, NZ, self.id, self.now.version, NOON))
        return self

    @property
    def operation(self) -> dict[str, Any]:
        return self.shown.row("operation", self.id)


async def test_a_proposal_is_shown_to_its_states_and_to_nobody_else():
    told = await Told().propose("LK", "TH")
    for table in ("operation", "operation_detail", "joint"):
        assert told.shown.row(table, told.id)["audience"] == ("LK", "NZ", "TH"), table
    assert told.operation["partners"] == ["LK", "TH"]
    assert told.operation["version"] == told.now.version
    await told.say(TH, NO)
    word = told.shown.row("joint_word", told.id, "TH", 1)
    assert (word["answer"], word["reason"], word["audience"]) == ("refused", "Elections.", ("LK", "NZ", "TH"))
    assert told.shown.row("joint", told.id)["is_open"] is False
    assert told.operation["version"] == told.now.version, "what is asked of it next names this version"
    assert {readers for kind, readers in told.shown.timeline() if ".joint." in kind} == {("LK", "NZ", "TH")}


async def test_its_states_are_shown_who_will_read_the_detail():
    told = await Told().propose("LK", detail_audience=DetailAudience.PARTICIPANTS)
    shown = told.shown.row("joint", told.id)
    assert (shown["detail_audience"], shown["named"], shown["audience"]) == ("participants", [], ("LK", "NZ"))
    assert told.shown.row("detail_choice", told.id)["detail_audience"] == "participants", "and the owner's own form knows"
    await told.propose("LK", detail_audience=DetailAudience.OWN)
    assert told.shown.row("joint", told.id)["detail_audience"] == "own"


async def test_a_state_that_is_left_out_of_the_next_version_reads_nothing_more_of_it():
    told = await Told().propose("LK", "TH")
    await told.propose("LK")
    for table in ("operation", "operation_detail", "joint"):
        assert told.shown.row(table, told.id)["audience"] == ("LK", "NZ"), table
    assert (told.shown.row("joint", told.id)["number"], told.shown.row("joint", told.id)["is_open"]) == (2, True)


async def test_once_scheduled_all_read_the_headline_and_its_words_stay_between_its_states():
    told = await Told().run()
    assert told.operation["audience"] == ALL
    assert told.operation["partners"] == ["LK"]
    assert told.shown.row("operation_detail", told.id)["audience"] == ("LK", "NZ")
    assert told.shown.row("joint", told.id)["audience"] == ("LK", "NZ")
    assert told.operation["version"] == told.now.version


async def test_readers_see_that_it_stopped_and_by_whose_word_and_not_why():
    told = await Told().run()
    await told.do(joint.withdraw(told.memory.tx, LK, told.id, "Floods."))
    shown = told.operation
    assert (shown["status"], shown["withdrawn_by"], shown["audience"]) == ("cancelled", "LK", ALL)
    assert shown["version"] == told.now.version
    word = told.shown.row("joint_word", told.id, "LK", 1)
    assert (word["answer"], word["reason"], word["audience"]) == ("withdrawn", "Floods.", ("LK", "NZ"))


async def test_leaving_the_period_is_a_withdrawal():
    told = await Told().run()
    await told.do(participation.leave(told.memory.tx, LK, told.memory.period.id, ""))
    assert (told.operation["status"], told.operation["withdrawn_by"]) == ("cancelled", "LK")
    for table in ("operation", "joint"):
        assert "LK" not in told.shown.row(table, told.id)["audience"], table


async def test_what_a_state_was_asked_before_it_left_is_no_longer_shown_to_it():
    told = await Told().propose("LK", "TH")
    await told.do(participation.leave(told.memory.tx, LK, told.memory.period.id, ""))
    for table in ("operation", "operation_detail", "joint"):
        assert told.shown.row(table, told.id)["audience"] == ("NZ", "TH"), table


async def test_a_partners_figures_count_for_it_and_its_words_are_read_by_both_states():
    told = await Told().run()
    by = an_officer("LK")
    update = an_update(told.now, party="LK", posted_by=by.id)
    await told.do(updates.post(told.memory.tx, by, update))
    assert told.shown.row("update", update.id)["party"] == "LK"
    assert told.shown.row("update_detail", update.id)["audience"] == ("LK", "NZ")
    assert {key[1] for key in told.shown.sums("total")} == {"LK"}


JOINT = {
    "operation_id": 1, "owner": "NZ", "partners": ["LK"], "number": 2, "proposed_by": "nz.first", "proposed_at": NOON,
    "is_open": True, "detail_audience": "participants", "named": ["INTERPOL"],
}  # fmt: skip


def a_word(party: str, answer: str = "consented") -> dict[str, Any]:
    return {"party": party, "answer": answer, "by": "x", "reason": "", "at": NOON}


@pytest.mark.parametrize(
    ("party", "role", "status", "words", "may"),
    [
        ("LK", Role.COORDINATOR, "drafted", (), {"answer"}),
        ("LK", Role.COORDINATOR, "drafted", ("LK",), {"withdraw"}),
        ("LK", Role.COORDINATOR, "under_way", ("LK", "NZ"), {"withdraw"}),
        ("LK", Role.COORDINATOR, "completed", ("LK", "NZ"), set()),
        ("LK", Role.LIAISON_OFFICER, "drafted", (), set()),
        ("NZ", Role.COORDINATOR, "drafted", ("LK",), {"answer"}),
    ],
)
async def test_a_page_offers_what_a_state_may_say(
    party: str, role: Role, status: str, words: tuple[str, ...], may: set[str]
):
    at = desk(party, role, joint=JOINT, joint_words=tuple(map(a_word, words)))
    shown = await joint_of(at, at.fake, {"id": 1, "status": status}, Form())  # type: ignore[arg-type]
    assert shown
    assert shown.may == may
    assert shown.detail_audience == ("participants" if status == "drafted" else ""), "later the detail itself says so"
    assert consented(shown) is (set(words) == {"LK", "NZ"})
    assert waits(shown), "and until one refuses the draft is not amended"


async def test_who_proposed_it_is_not_asked_and_who_is_none_of_its_states_is_told_nothing():
    proposer = {**JOINT, "proposed_by": "nz.someone"}
    at = desk("NZ", Role.COORDINATOR, joint=proposer, joint_words=())
    shown = await joint_of(at, at.fake, {"id": 1, "status": "drafted"}, Form())  # type: ignore[arg-type]
    assert shown
    assert shown.may == set()
    at = desk("VN", Role.COORDINATOR, joint=None)
    assert await joint_of(at, at.fake, {"id": 1, "status": "drafted"}, Form()) is None  # type: ignore[arg-type]
    assert consented(None)
    assert not waits(None)
    refused = desk("NZ", Role.COORDINATOR, joint=JOINT, joint_words=(a_word("LK", "refused"), a_word("NZ")))
    assert not waits(await joint_of(refused, refused.fake, {"id": 1, "status": "drafted"}, Form()))  # type: ignore[arg-type]
