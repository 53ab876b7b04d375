"""The consent board of a period: each state's word on its plan, its joint operations and its investigation plans, as far as
one reader may know them. Found the same way for its page and for the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.portal.awaited_words import ANSWERED, RUNS
from services.portal.repository import Reads
from services.portal.selects import Row

AWAITED, RECONFIRM, CONSENTED, WITHDRAWN = "awaited", "reconfirm", "consented", "withdrawn"
UNSAID = "unsaid"
"""None was given, and none is asked for any more."""
CONCERNED = "concerned"
"""It is one of its states; what it said is between them."""
WAITS = frozenset({AWAITED, RECONFIRM})
RAN = frozenset({"scheduled", "under_way", "completed"})
A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class BoardWord:
    """A state's word; `by` and `at` where the reader may know them."""

    party: str
    answer: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BoardThing:
    """What words are given on; `number`: the version that they are about, unless the reader is not told."""

    kind: Literal["plan", "joint_operation", "investigation_plan"]
    id: UUID
    title: str
    status: str
    words: tuple[BoardWord, ...]
    number: int | None = None
    owner: str = ""
    operation_kind: str = ""

    @property
    def waits(self) -> bool:
        return any(word.answer in WAITS for word in self.words)


@dataclass(frozen=True, kw_only=True)
class Board:
    """`plans`: the version in force and the one that words are given on; `before`: where the next page begins."""

    states: tuple[str, ...]
    plans: tuple[BoardThing, ...]
    operations: tuple[BoardThing, ...]
    investigations: tuple[BoardThing, ...]
    before: UUID | None = None

    @property
    def tells(self) -> bool:
        """Whether it says anything that only some of the period read."""
        return bool(self.investigations) or any(one.title or one.number for one in self.operations)


async def consent_board(reads: Reads, period: Row, before: UUID | None = None) -> Board:
    """Joint operations page by page; plans and investigation plans on the first page."""
    joined = await reads.participants(period["id"])
    found = await reads.joint_operations(period["id"], before, A_PAGE)
    rows = found[:A_PAGE]
    ids = [row["id"] for row in rows]
    given = await reads.joint_words_of(ids)
    amending = {one["operation_id"]: one["number"] for one in await reads.joint_amendments_of(ids)}
    plans: tuple[BoardThing, ...] = ()
    investigations: Sequence[Row] = ()
    if before is None:
        plans = await _plans(reads, period, joined)
        investigations = (await reads.investigations(period["id"], limit=A_PAGE))[:A_PAGE]
    said = await reads.investigation_words_of([row["id"] for row in investigations])
    operations = [_operation(row, _on(given, "operation_id", row["id"], row["number"])) for row in rows]
    operations += [
        _amendment(row, number, _on(given, "operation_id", row["id"], number))
        for row in rows
        if period["status"] in RUNS and row["status"] == "scheduled" and (number := amending.get(row["id"]))
    ]
    agreed = tuple(_investigation(row, _on(said, "investigation_id", row["id"], row["number"])) for row in investigations)
    concerned = {word.party for thing in (*operations, *agreed) for word in thing.words}
    return Board(
        states=tuple(sorted({*joined, *concerned})),
        plans=plans,
        # what waits comes first; within that, the newest
        operations=tuple(sorted(operations, key=lambda one: not one.waits)),
        investigations=tuple(sorted(agreed, key=lambda one: not one.waits)),
        before=rows[-1]["id"] if len(found) > A_PAGE else None,
    )


def _operation(row: Row, given: Mapping[str, Row]) -> BoardThing:
    states = (row["owner"], *row["partners"])
    if row["number"] is None:
        words = tuple(_outside(row, state) for state in states)
    else:
        asked = row["is_open"] and row["status"] == "drafted"
        words = tuple(_word(state, given.get(state), asked) for state in states)
    return BoardThing(
        kind="joint_operation", id=row["id"], title=row["title"] or "", status=row["status"], number=row["number"],
        owner=row["owner"], operation_kind=row["kind"], words=words,
    )  # fmt: skip


def _amendment(row: Row, number: int, given: Mapping[str, Row]) -> BoardThing:
    """What a scheduled one is to become, for its states: until each has consented it stays as it was."""
    return BoardThing(
        kind="joint_operation", id=row["id"], title=row["title"] or "", status="amends", number=number,
        owner=row["owner"], operation_kind=row["kind"],
        words=tuple(_word(state, given.get(state), True) for state in (row["owner"], *row["partners"])),
    )  # fmt: skip


def _outside(row: Row, state: str) -> BoardWord:
    """For whoever is none of its states: nothing is scheduled without the consent of each; a headline says who withdrew."""
    if row["status"] in RAN:
        return BoardWord(party=state, answer=CONSENTED)
    return BoardWord(party=state, answer=WITHDRAWN if state == row["withdrawn_by"] else CONCERNED)


def _investigation(row: Row, given: Mapping[str, Row]) -> BoardThing:
    asked = row["is_open"] and row["status"] == "proposed"
    states = (row["owner"], *row["members"])
    return BoardThing(
        kind="investigation_plan", id=row["id"], title=row["title"], status=row["status"], number=row["number"],
        owner=row["owner"], words=tuple(_word(state, given.get(state), asked) for state in states),
    )  # fmt: skip


async def _plans(reads: Reads, period: Row, joined: Sequence[str]) -> tuple[BoardThing, ...]:
    versions = await reads.plans(period["id"])
    if not versions:
        return ()
    answers = await reads.plan_answers(period["id"])
    adopted, last = period["adopted"] or 0, versions[-1]["number"]
    found = []
    for version in (one for one in versions if one["number"] in {adopted, last}):
        number = version["number"]
        open_now = number > adopted and number == last and period["status"] in ANSWERED | RUNS
        given = {row["party"]: row for row in answers if row["number"] == number}
        words = tuple(_plan_word(version, state, given.get(state), open_now) for state in sorted(joined))
        status = "in_force" if number == adopted else "amends" if adopted else "proposed"
        found.append(BoardThing(kind="plan", id=period["id"], title="", status=status, number=number, words=words))
    return tuple(found)


def _plan_word(version: Row, state: str, row: Row | None, open_now: bool) -> BoardWord:
    if row is not None:
        return BoardWord(party=state, answer=row["answer"], by=row["by"], at=row["at"])
    if state in version["carried"]:
        return BoardWord(party=state, answer="carried")
    asked = RECONFIRM if version["amends"] else AWAITED
    return BoardWord(party=state, answer=asked if open_now else UNSAID)


def _word(state: str, row: Row | None, asked: bool) -> BoardWord:
    if row is None:
        return BoardWord(party=state, answer=AWAITED if asked else UNSAID)
    return BoardWord(party=state, answer=row["answer"], by=row["by"], at=row["at"])


def _on(words: Sequence[Row], name: str, thing: UUID, number: int | None) -> dict[str, Row]:
    """By state, what was said on that version: nothing else stands."""
    return {row["party"]: row for row in words if row[name] == thing and row["number"] == number}
