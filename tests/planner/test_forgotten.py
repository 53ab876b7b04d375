"""What was taken from a party is not in what is kept to be said again: neither its words, nor an incident that it had."""

from typing import Any

import pytest

from services.planner.domain.disclosing import Choice
from services.planner.domain.update import Update
from services.planner.usecases import disclosure, updates
from shared.events.planner import DetailForgotten, UpdateDetailed, UpdateForgotten, UpdateReleased
from shared.vocabulary import DetailAudience, OperationState, PeriodState, ProtectionConcern, UpdateKind
from tests.builders import a_coordinator, a_period, a_plan, an_officer, an_operation, an_update
from tests.planner.in_memory import Memory

JOINED = ("NZ", "LK", "TH")
NZ = an_officer("NZ")
SECRET = "Her name, and the hotel."


class Kept(Memory):
    """An operation of NZ that runs, its detail for all that take part."""

    def __init__(self, **changes: Any) -> None:
        plan = a_plan(**dict.fromkeys(JOINED, "endorsed"))
        period = a_period(joined=JOINED, state=PeriodState.ACTIVE, plans=(plan,), adopted=1)
        shared = {"detail_audience": DetailAudience.PARTICIPANTS, **changes}
        self.operation = an_operation(state=OperationState.UNDER_WAY, period_id=period.id, **shared)
        super().__init__(period, self.operation)

    async def posts(self, **changes: Any) -> Update:
        return await updates.post(self.tx, NZ, an_update(self.operation, posted_by=NZ.id, **changes))

    def replayed(self, party: str) -> str:
        """What a replay of its feed would send."""
        return "\n".join(event.model_dump_json() for event in self.said if party in event.audience)


async def test_a_concern_that_comes_later_takes_the_earlier_words_out_of_what_a_feed_is_sent_again():
    kept = Kept()
    first = await kept.posts(text=SECRET)
    other = await kept.posts(text="Of another.")
    second = await kept.posts(text=SECRET, supersedes=first.id)
    assert SECRET in kept.replayed("TH")
    before = len(kept.said)
    concern = {"protection_concern": ProtectionConcern.VICTIM, "origins": ("TH",)}
    third = await kept.posts(text=SECRET, supersedes=second.id, **concern)
    assert SECRET not in kept.replayed("TH")
    assert "Of another." in kept.replayed("TH")
    forgotten = [event for event in kept.said if isinstance(event, DetailForgotten)]
    assert [event.audience for event in forgotten] == [("LK", "NZ", "TH")] * 2
    assert not {"update_id", "text"} & DetailForgotten.model_fields.keys()
    again = [event for event in kept.said[before:] if isinstance(event, UpdateDetailed)]
    assert {(event.update_id, event.audience) for event in again} == {
        (one.id, ("LK", "NZ")) for one in (first, second, third)
    }
    assert next(event.update_id for event in kept.said if isinstance(event, UpdateDetailed)) == other.id


@pytest.mark.parametrize("origins", [("KH",), ("LK", "TH")])
async def test_only_what_a_state_of_origin_was_told_is_forgotten(origins: tuple[str, ...]):
    kept = Kept(detail_audience=DetailAudience.INVOLVED, named=("LK",))
    first = await kept.posts(text=SECRET)
    await kept.posts(supersedes=first.id, protection_concern=ProtectionConcern.WITNESS, origins=origins)
    assert (SECRET in kept.replayed("LK")) is ("LK" not in origins)
    assert SECRET in kept.replayed("NZ"), "who keeps it has it"
    assert any(isinstance(event, DetailForgotten) for event in kept.said) is ("LK" in origins)


async def test_a_recall_takes_an_incident_out_of_what_is_said_again_altogether_and_no_other_headline():
    kept = Kept()
    incident = await kept.posts(kind=UpdateKind.INCIDENT, counts={}, text=SECRET)
    corrected = await kept.posts(kind=UpdateKind.INCIDENT, counts={}, text=SECRET, supersedes=incident.id)
    await updates.validate(kept.tx, a_coordinator("NZ"), corrected.id, 1)
    result = await kept.posts(text="Two arrests.")
    told = kept.replayed("LK")
    assert str(incident.id) in told
    assert str(corrected.id) in told
    choice = Choice(DetailAudience.INVOLVED, ("TH",))
    await disclosure.recall(kept.tx, a_coordinator("NZ"), kept.operation.id, kept.operation.version, choice)
    for lost in (str(incident.id), str(corrected.id), SECRET):
        assert lost not in kept.replayed("LK")
        assert lost in kept.replayed("TH"), "who keeps it got it anew"
    assert str(result.id) in kept.replayed("LK"), "what was said in the headline stays said"
    forgotten = [event for event in kept.said if isinstance(event, UpdateForgotten)]
    assert len(forgotten) == 3, "posted, posted as a correction, validated"
    assert not {"update_id", "kind"} & UpdateForgotten.model_fields.keys()
    again = [event for event in kept.said if isinstance(event, UpdateReleased)]
    assert [(one.update_id, one.status, one.audience) for one in again] == [
        (incident.id, "superseded", ("NZ", "TH")), (corrected.id, "validated", ("NZ", "TH")),
    ]  # fmt: skip
