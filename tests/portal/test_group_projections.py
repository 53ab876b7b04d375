"""Consultations and the programme out of their events: in one batch, one by one, heard twice; for each reader its own."""

from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.activity import Activity
from services.planner.domain.consultation import Consultation
from services.planner.domain.group import Group
from services.planner.usecases import consultations, programme
from services.portal.group_queries import is_overdue
from shared.errors import NotFound
from shared.events.base import internal_bytes
from shared.vocabulary import Attendance, Role
from tests.builders import NOON, a_chair, a_coordinator, an_actor, an_officer
from tests.intel.hearing import Record
from tests.planner.memory import Kept, MemoryWorld, a_consultation, a_group, an_activity
from tests.portal.conftest import Shown

pytestmark = pytest.mark.system

LATE = NOON + timedelta(days=40)


class Told:
    """What the planner says of one consultation and one activity, and as what it ends."""

    def __init__(self) -> None:
        self.consultation, self.activity = uuid7(), uuid7()
        self.world = MemoryWorld()
        kept, activities, groups = Kept(Consultation), Kept(Activity), Kept(Group)
        # a group of its own, so that stories do not meet in the row of the one there is
        group = a_group().model_copy(update={"id": uuid7()})
        groups._rows[group.id] = group.model_dump_json()
        with (
            mock.patch.object(consultations, "Consultations", kept),
            mock.patch.object(programme, "Activities", activities),
            mock.patch.object(programme, "Groups", groups),
        ):
            self._consult()
            self._act()
        self.ends = kept.now(self.consultation), activities.now(self.activity)
        self.records = [*self._records()]

    def _consult(self) -> None:
        do, known = self.world.do, self.consultation
        do(consultations.call, a_chair(), a_consultation(id=known, version=0))
        do(consultations.answer, a_coordinator("TH"), known, Attendance.NOT_ATTENDING, "Not now.")
        do(consultations.answer, a_coordinator("TH"), known, Attendance.ATTENDING, "")
        self.world.now = LATE
        do(consultations.tell_silence, None, known)
        do(consultations.answer, a_coordinator("ID"), known, Attendance.NOT_ATTENDING, "")
        do(consultations.hold, a_chair(), known, 5, ("TH",), NOON)
        do(consultations.write_record, a_chair(), known, 6, "Two vessels go.")
        do(consultations.write_record, a_chair(), known, 7, "Three vessels go.")

    def _act(self) -> None:
        do, known, owner = self.world.do, self.activity, a_coordinator("LK")
        self.world.now = NOON
        do(programme.propose, a_chair(), an_activity(id=known, version=0))
        do(programme.agree, owner, known, 1, "In Colombo.")
        self.world.now = LATE
        do(programme.tell_overdue, None, known)
        do(programme.name_members, None, frozenset({"AU"}), frozenset({"TH"}))
        do(programme.start, owner, known, 4)

    def _records(self) -> Any:
        numbers: dict[str, int] = {}
        for offset, event in enumerate(self.world.said):
            number = numbers[event.key] = numbers.get(event.key, 0) + 1
            at = NOON + timedelta(hours=offset)
            body = internal_bytes(event.public_bytes(at), number, " ".join(event.audience), "")
            yield Record(event.topic, offset, event.key.encode(), body)


async def consultation_of(shown: Shown, told: Told, by: Any) -> tuple[Any, ...]:
    async with shown.read_model.reader(by) as reads:
        row = await reads.consultation(told.consultation)
        words = {word["party"]: (word["answer"], word["late"]) for word in await reads.consultation_answers(row["id"])}
        record = await reads.consultation_record(row["id"])
        known = row["status"], row["version"], row["silent"], row["attendees"], row["my_answer"]
        return *known, words, record["text"] if record else None


async def activity_of(shown: Shown, told: Told, party: str) -> tuple[Any, ...] | None:
    async with shown.read_model.reader(an_officer(party)) as reads:
        try:
            row = await reads.activity(told.activity)
        except NotFound:
            return None
        return row["status"], row["version"], row["title"], row["note"], is_overdue(row)


@pytest.mark.parametrize("events", [1000, 1, 3])
async def test_each_reader_is_shown_what_it_may_see_as_it_stands(shown: Shown, events: int):
    await shown.renew()
    told = Told()
    consumer = shown.consumer(transaction_max_events=events, write_events=events)
    await consumer.batch(told.records)
    await consumer.batch(told.records)
    consultation, activity = told.ends
    words = {"TH": ("attending", False), "ID": ("not_attending", True)}
    stands = ("held", consultation.version, ["ID"], ["NZ", "TH"])
    assert await consultation_of(shown, told, an_officer("TH")) == (*stands, "attending", words, "Three vessels go.")
    assert await consultation_of(shown, told, a_chair()) == (*stands, None, words, "Three vessels go.")
    assert await consultation_of(shown, told, an_officer("ID")) == (*stands, "not_attending", words, None)
    assert await consultation_of(shown, told, a_chair("AU")) == (*stands, None, words, None)
    for stranger in (an_officer("NZ"), an_officer("VN"), an_actor("TH", Role.PARTY_ADMIN)):
        with pytest.raises(NotFound):
            await consultation_of(shown, told, stranger)
    seen = ("under_way", activity.version, activity.title, "In Colombo.", True)
    assert [await activity_of(shown, told, party) for party in ("NZ", "LK", "AU", "TH")] == [seen, seen, seen, None]


async def test_lists_hold_what_their_reader_may_see_in_their_order(shown: Shown):
    await shown.renew()
    stories = [Told() for _ in range(3)]
    for told in stories:
        await shown.consumer().batch(told.records)
    ids: list[UUID] = [told.consultation for told in stories]
    async with shown.read_model.reader(an_officer("TH")) as reads:
        assert [row["id"] for row in await reads.consultations(limit=1)] == ids[:0:-1]
        assert [row["id"] for row in await reads.consultations(before=ids[1])] == ids[:1]
        assert await reads.consultations_awaited() == []
        assert await reads.consultations_chaired() == []
        assert await reads.activities() == []
        assert await reads.working_group() == ()
    async with shown.read_model.reader(a_chair()) as reads:
        assert {row["id"] for row in await reads.consultations_chaired()} == set(ids)
    async with shown.read_model.reader(a_coordinator("LK")) as reads:
        assert len(await reads.activities_by_day(True, "training", "LK", 10)) == 3
        assert await reads.activities_by_day(True, "road_map", None, 10) == []
        assert await reads.activities_by_day(False, None, None, 10) == []
        assert len(await reads.activities_asked()) == 3
        assert await reads.working_group() == ("AU", "LK", "NZ")
    async with shown.read_model.reader(an_officer("VN")) as reads:
        assert await reads.consultations() == []
        assert await reads.activities_by_day(True, None, None, 10) == []
