"""A joint operation names places and further readers as any other does, and its states see whom before they consent."""

from typing import Any

import pytest

from services.planner.api_joint import ProposeJoint, changes_of
from services.planner.domain.joint import answer, propose
from services.planner.domain.operation import Operation
from services.planner.usecases import joint
from shared.errors import Invalid
from shared.events.planner import DetailAudienceChosen, JointProposed, OperationBriefed
from shared.vocabulary import DetailAudience, JointAnswer, OperationState
from tests.builders import NOON, a_coordinator, a_frame, an_operation
from tests.planner.ledger_story import Story
from tests.planner.test_amending import a_place
from tests.planner.test_joint_usecases import NZ, SECOND, a_memory

A = DetailAudience
JOINED = ("NZ", "LK", "TH")
FRAME = a_frame(joined=JOINED, supporting=("INTERPOL",))


def proposed(**changes: Any) -> tuple[Operation, list[Any]]:
    operation, *said = propose(an_operation(state=OperationState.DRAFTED), FRAME, ("LK",), changes, NZ)
    return operation, said


def test_its_states_see_who_else_would_read_the_detail_and_the_owner_keeps_its_choice():
    changes = {"detail_audience": A.INVOLVED, "named": ("INTERPOL",), "places": (a_place("Asia/Colombo"),)}
    _, (headline, brief, chosen) = proposed(**changes)
    assert isinstance(headline, JointProposed)
    assert isinstance(brief, OperationBriefed)
    assert isinstance(chosen, DetailAudienceChosen)
    assert (headline.detail_audience, headline.named, headline.audience) == (A.INVOLVED, ("INTERPOL",), ("LK", "NZ"))
    assert brief.places == (a_place("Asia/Colombo"),)
    assert (chosen.named, chosen.audience) == (("INTERPOL",), ("NZ",))
    _, said = proposed()
    assert [type(event) for event in said] == [JointProposed, OperationBriefed], "the choice is said where it is another"


@pytest.mark.parametrize(
    ("named", "audience"),
    [(("AU",), A.INVOLVED), (("NZ",), A.INVOLVED), (("LK",), A.INVOLVED), (("INTERPOL",), A.OWN)],
)
def test_whom_it_may_not_name_is_refused_at_the_field(named: tuple[str, ...], audience: DetailAudience):
    with pytest.raises(Invalid) as refused:
        proposed(named=named, detail_audience=audience)
    assert [error.field for error in refused.value.errors] == ["named"]


def test_the_window_is_checked_by_the_clock_of_each_place():
    last = FRAME.last_day
    ends = NOON.replace(month=last.month, day=last.day, hour=13)
    window = an_operation().window.model_copy(update={"ends_at": ends})
    assert proposed(window=window, places=(a_place("Asia/Colombo"),))
    with pytest.raises(Invalid):
        proposed(window=window, places=(a_place("Asia/Colombo"), a_place("Pacific/Auckland")))


def test_who_is_named_reads_it_once_it_is_scheduled_and_the_ledger_holds():
    story = Story().runs(*JOINED)
    frame = story.period.frame
    now = story.does(
        propose(story.drafts("NZ"), frame, ("LK",), {"detail_audience": A.INVOLVED, "named": ("INTERPOL",)}, NZ), NZ
    )
    assert "INTERPOL" not in now.headline_readers(frame)
    for by in (SECOND, a_coordinator("LK")):
        now = story.does(answer(now, frame, 1, JointAnswer.CONSENTED, "", by, NOON), by)
    now = story.does(now.schedule(frame, None, False, NZ, NOON), NZ)
    assert "INTERPOL" in now.headline_readers(frame)
    assert now.detail_readers(frame) == ("INTERPOL", "LK", "NZ")
    assert story.ledger.gaps() == []


async def test_by_command_any_party_of_the_period_can_be_named():
    memory, operation = a_memory()
    changes = {"detail_audience": A.INVOLVED, "named": ("INTERPOL",), "places": (a_place("Asia/Colombo"),)}
    after = await joint.propose(memory.tx, NZ, operation.id, operation.version, ("LK",), changes, {"agency": "Customs"})
    assert (after.named, after.places, after.brief.agency) == (("INTERPOL",), (a_place("Asia/Colombo"),), "Customs")
    assert after.brief.title == operation.brief.title


async def test_what_is_not_said_stays_and_what_is_said_to_be_nothing_is_taken_out():
    async def changes(**said: Any) -> dict[str, Any]:
        return await changes_of(ProposeJoint.model_validate({"partners": ["LK"], **said}))

    assert await changes() == {}
    assert await changes(kind=None, window=None, places=None, named=None) == {}
    assert await changes(places=[], named=[], objective_id=None) == {"places": (), "named": (), "objective_id": None}
    asked = await changes(places=[{"kind": "locode", "code": "NZAKL"}], named=["LK", "INTERPOL", "LK"])
    assert (asked["places"][0].code, asked["named"]) == ("NZAKL", ("INTERPOL", "LK"))
