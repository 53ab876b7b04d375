"""The consent board: what each state is shown of every state's word, from the planner's events on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.planner.usecases import joint, operations, participation
from services.portal.consent_board import Board, BoardThing, consent_board
from services.portal.pages.board import consents
from services.portal.selects import Row
from shared.errors import NotFound
from shared.vocabulary import JointAnswer, Role
from tests.builders import NOON
from tests.portal.fake_desk import NOW, PERIOD, desk, period
from tests.portal.in_memory import Shown
from tests.portal.test_joint_amendment_rows import asked
from tests.portal.test_joint_rows import ALL, LK, NZ, SECOND, TH, Told

YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
SIGNED = {"by": "x.coordinator", "at": NOW, "note": ""}


@dataclass
class Eyes:
    """The questions of the board, answered from rows in memory with what row-level security would leave of them."""

    shown: Shown
    party: str

    def _seen(self, table: str) -> list[Row]:
        return [row for row in self.shown.rows(table) if self.party in row["audience"]]

    async def participants(self, _: UUID) -> tuple[str, ...]:
        return ALL

    async def joint_operations(self, *_: Any) -> list[Row]:
        found = []
        for row in self._seen("operation"):
            put = next((one for one in self._seen("joint") if one["operation_id"] == row["id"]), {})
            detail = next((one for one in self._seen("operation_detail") if one["operation_id"] == row["id"]), {})
            more = {"title": detail.get("title"), "number": put.get("number"), "is_open": put.get("is_open")}
            found += [{"withdrawn_by": None, **row, **more}] if row["partners"] else []
        return found

    async def joint_words_of(self, _: Any) -> list[Row]:
        return self._seen("joint_word")

    async def joint_amendments_of(self, _: Any) -> list[Row]:
        return [row for row in self._seen("joint_amendment") if row["status"] == "proposed"]

    async def nothing(self, *_: Any, **__: Any) -> tuple[Row, ...]:
        return ()

    plans = investigations = investigation_words_of = nothing


async def board(told: Told, party: str) -> Board:
    row = {"id": told.memory.period.id, "status": "active", "adopted": 1}
    return await consent_board(Eyes(told.shown, party), row)  # type: ignore[arg-type]


def said(thing: BoardThing) -> dict[str, str]:
    return {word.party: word.answer for word in thing.words}


async def only(told: Told, party: str) -> BoardThing:
    (found,) = (await board(told, party)).operations
    return found


async def test_what_is_only_proposed_is_a_row_for_its_states_and_not_there_for_a_third():
    told = await Told().propose("LK", "TH")
    await told.say(SECOND)
    for party in ("NZ", "LK", "TH"):
        row = await only(told, party)
        assert said(row) == {"NZ": "consented", "LK": "awaited", "TH": "awaited"}, party
        assert [(word.by, word.at is not None) for word in row.words] == [(SECOND.name, True), ("", False), ("", False)]
    outside = await board(told, "VN")
    assert (outside.operations, outside.tells) == ((), False)
    assert outside.states == ALL, "the columns say nothing either"


async def test_only_words_on_the_present_version_stand_and_after_a_refusal_none_is_awaited():
    told = await Told().propose("LK", "TH")
    await told.say(SECOND)
    await told.say(TH, NO)
    assert said(await only(told, "LK")) == {"NZ": "consented", "LK": "unsaid", "TH": "refused"}
    await told.propose("LK", "TH")
    row = await only(told, "LK")
    assert (row.number, said(row)) == (2, {"NZ": "awaited", "LK": "awaited", "TH": "awaited"})
    await told.do(operations.cancel(told.memory.tx, NZ, told.id, told.now.version, NOON))
    assert set(said(await only(told, "LK")).values()) == {"unsaid"}, "of what was cancelled nobody is asked"


async def test_of_what_is_scheduled_all_know_that_each_consented_and_its_states_know_who():
    told = await Told().run()
    inside, outside = await only(told, "LK"), await only(told, "VN")
    assert said(inside) == said(outside) == {"NZ": "consented", "LK": "consented"}
    assert {word.by for word in inside.words} == {SECOND.name, LK.name}
    assert {(word.by, word.at) for word in outside.words} == {("", None)}
    assert (outside.title, outside.number) == ("", None)
    assert inside.title


async def test_what_is_to_become_of_it_is_a_row_of_its_own_for_its_states_and_leaves_the_words_in_force():
    told = await asked()
    await told.word(TH)
    before = {"NZ": "consented", "LK": "consented", "TH": "consented"}
    for party in ("NZ", "LK"):
        to_come, in_force = (await board(told, party)).operations
        assert (to_come.number, to_come.status, in_force.number) == (2, "amends", 1)
        assert said(to_come) == {"NZ": "awaited", "LK": "awaited", "TH": "consented"}
        assert said(in_force) == before
    assert said(await only(told, "VN")) == before
    await told.word(LK, NO)
    assert said(await only(told, "NZ")) == before, "what was refused is not to come any more"


async def test_all_know_whose_word_a_stopped_one_no_longer_has_and_no_more():
    told = await Told().run()
    await told.do(joint.withdraw(told.memory.tx, LK, told.id, "Floods."))
    assert said(await only(told, "NZ")) == {"NZ": "consented", "LK": "withdrawn"}
    assert said(await only(told, "VN")) == {"NZ": "concerned", "LK": "withdrawn"}


async def test_a_state_that_left_has_no_row_of_what_it_was_asked_before():
    told = await Told().propose("LK", "TH")
    await told.do(participation.leave(told.memory.tx, LK, told.memory.period.id, ""))
    assert (await board(told, "LK")).operations == ()
    assert said(await only(told, "TH")) == {"NZ": "unsaid", "LK": "withdrawn", "TH": "unsaid"}


def a_version(number: int, **more: Any) -> Row:
    return {"number": number, "amends": None, "carried": [], "affected": [], "at": NOW, **more}


async def plans_of(status: str, adopted: int | None, answers: list[tuple[str, int, str]], *versions: Row) -> list[Any]:
    rows = [{"party": party, "number": number, "answer": answer, **SIGNED} for party, number, answer in answers]
    at = desk("NZ", Role.CO_CHAIR, participants=("LK", "NZ", "TH"), plans=versions, plan_answers=rows)
    found = await consent_board(at.fake, {"id": PERIOD, "status": status, "adopted": adopted})  # type: ignore[arg-type]
    return [(one.number, one.status, tuple(said(one).values())) for one in found.plans]


async def test_above_the_operations_stand_the_words_on_the_plan_in_force_and_on_what_amends_it():
    given = [("LK", 1, "endorsed"), ("NZ", 1, "reserved")]
    assert await plans_of("planning", None, given, a_version(1)) == [
        (1, "proposed", ("endorsed", "reserved", "awaited"))
    ]  # fmt: skip
    amending = a_version(3, amends=2, carried=["LK"], affected=["NZ", "TH"])
    given = [*((party, 2, "endorsed") for party in ("LK", "NZ", "TH")), ("TH", 3, "declined")]
    assert await plans_of("active", 2, given, a_version(1), a_version(2), amending) == [
        (2, "in_force", ("endorsed", "endorsed", "endorsed")),
        (3, "amends", ("carried", "reconfirm", "declined")),
    ]
    assert await plans_of("closed", 2, [], a_version(2)) == [(2, "in_force", ("unsaid", "unsaid", "unsaid"))]


def an_investigation(title: str, **more: Any) -> Row:
    return {
        "id": uuid4(), "title": title, "owner": "NZ", "members": ["LK"], "status": "proposed", "number": 1, "is_open": True,
        **more,
    }  # fmt: skip


@pytest.mark.parametrize("before", [None, uuid4()])
async def test_investigation_plans_come_with_the_first_page_and_what_waits_comes_first(before: UUID | None):
    agreed, asked = an_investigation("Agreed", status="agreed", is_open=False), an_investigation("Asked")
    words = [
        {"investigation_id": plan["id"], "party": party, "number": 1, "answer": "consented", **SIGNED}
        for plan, party in ((agreed, "NZ"), (agreed, "LK"), (asked, "NZ"))
    ]
    at = desk("NZ", Role.COORDINATOR, investigations=[agreed, asked], investigation_words_of=words, participants=("NZ",))
    found = await consent_board(at.fake, period("active"), before)  # type: ignore[arg-type]
    told = [] if before else [("Asked", ("consented", "awaited")), ("Agreed", ("consented", "consented"))]
    assert [(one.title, tuple(said(one).values())) for one in found.investigations] == told
    assert found.states == (("LK", "NZ") if told else ("NZ",)), "a state that left still has its column"


async def test_a_page_has_so_many_and_says_where_the_next_begins():
    rows = [
        {
            "id": UUID(int=n), "owner": "NZ", "partners": ["LK"], "kind": "training", "status": "completed", "title": None,
            "withdrawn_by": None, "number": None, "is_open": None,
        }
        for n in range(60, 9, -1)
    ]  # fmt: skip
    at = desk("TH", Role.LIAISON_OFFICER, joint_operations=rows)
    found = await consent_board(at.fake, period("active"))  # type: ignore[arg-type]
    assert (len(found.operations), found.before) == (50, UUID(int=11))


async def test_the_page_counts_what_is_awaited_of_each_state_and_notes_that_it_was_read():
    asked = an_investigation("Recruiters")
    at = desk(
        "LK", Role.COORDINATOR, periods=([period("active")], None), alerts_waiting_count=0, participants=("LK", "NZ"),
        investigations=[asked],
    )  # fmt: skip
    at.request.query_params, at.request.headers = {}, {}  # type: ignore[misc]
    noted: list[object] = []

    async def note(*what: object) -> None:
        noted.append(what[1:])

    at.portal.note_read = note  # type: ignore[method-assign, assignment]
    page = bytes((await consents(PERIOD, at)).body).decode()
    assert "LK · 1" in page
    assert "NZ · 1" in page
    assert f'href="/investigations/{asked["id"]}"' in page
    assert noted == [("consent board", PERIOD)]


async def test_who_does_not_know_of_the_period_has_no_board_of_it():
    at = desk("VN", Role.COORDINATOR)

    async def unknown(_: UUID) -> Row:
        raise NotFound

    at.fake.period = unknown  # type: ignore[method-assign]
    with pytest.raises(NotFound):
        await consents(PERIOD, at)
