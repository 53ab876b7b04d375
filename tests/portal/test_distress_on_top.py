"""The banner of distress: it says of every party that reported one, how many there are, and where all of them stand."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.planner.domain.distress import Distress
from shared.events.base import internal_bytes
from tests.builders import NOON, a_period, an_officer
from tests.intel.hearing import Record
from tests.planner.test_distress import a_distress
from tests.portal.conftest import Shown

pytestmark = pytest.mark.system


async def test_one_party_with_many_reports_pushes_nobody_elses_off_the_page(shown: Shown):
    await shown.renew()
    period = a_period()
    reporters = ["LK", "TH", *["NZ"] * 7]
    records = []
    for number, party in enumerate(reporters, 1):
        made = a_distress(period, party, id=UUID(int=number))
        _, said = Distress.report(made, period, an_officer(party))
        body = internal_bytes(said.public_bytes(NOON + timedelta(minutes=number)), 1, " ".join(said.audience), "")
        records.append(Record(said.topic, number, said.key.encode(), body))
    await shown.consumer().batch(records)
    async with shown.read_model.reader(an_officer("LK")) as reads:
        rows = await reads.distress_open()
        assert [(row["party"], row["id"].int) for row in rows] == [("NZ", 9), ("TH", 2), ("LK", 1), ("NZ", 8), ("NZ", 7)]
        assert {row["open"] for row in rows} == {9}
        assert len(await reads.distresses(None, 50, "open")) == 9
        assert await reads.distresses(None, 50, "closed") == []
        assert [row["id"].int for row in await reads.distresses(UUID(int=3), 50, "open")] == [2, 1]
    async with shown.read_model.reader(an_officer("AU")) as reads:
        assert await reads.distress_open() == []
