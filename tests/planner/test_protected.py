"""A person whose own state must not learn of them: that state is kept out of all that is said of an update, for ever."""

from typing import Any
from uuid import uuid4

import pytest

from services.planner.domain.protected import NotOneself
from services.planner.domain.update import Update
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.planner import OriginWithheld, UpdateDetailed
from shared.vocabulary import DetailAudience, ProtectionConcern, Role, UpdateKind, UpdateStatus
from tests.builders import a_coordinator, a_frame, a_word, an_actor, an_officer, an_operation, an_update

EVERYBODY = ("NZ", "LK", "TH")
OPERATION = an_operation(detail_audience=DetailAudience.PARTICIPANTS)
FRAME = a_frame(joined=EVERYBODY)
RIGHTS = an_actor("NZ", Role.RIGHTS_OFFICER, name="rights")


def about(*origins: str, **changes: Any) -> Update:
    concern = ProtectionConcern.ASYLUM_SEEKER
    return an_update(OPERATION, protection_concern=concern, origins=origins, **changes)


def test_the_state_of_origin_gets_neither_headline_nor_detail_nor_what_becomes_of_it():
    update, headline, detail, withheld = Update.post(about("TH"), OPERATION, FRAME, an_officer("NZ"))
    assert headline.audience == detail.audience == ("LK", "NZ")
    assert detail.protection_concern is ProtectionConcern.ASYLUM_SEEKER
    assert "protection_concern" not in headline.model_dump()
    assert isinstance(withheld, OriginWithheld)
    assert (withheld.origins, withheld.audience) == (("TH",), ("NZ",))
    judge = a_coordinator("NZ")
    assert update.validate_counts(OPERATION, FRAME, judge)[1].audience == ("LK", "NZ")
    assert update.send_back("Why?", OPERATION, FRAME, judge)[1].audience == ("LK", "NZ")
    assert {said.audience for said in update.release(OPERATION, FRAME)} == {("LK", "NZ")}
    assert update.open_to(["TH"], OPERATION, FRAME) == (), "nor when it joins late"


def test_its_co_chairs_get_nothing_either():
    frame = a_frame(answers={"NZ": a_word("observing"), "LK": a_word("joined")})
    operation = an_operation("LK")
    made = an_update(operation, protection_concern=ProtectionConcern.VICTIM, origins=("NZ",))
    _, headline, *_ = Update.post(made, operation, frame, an_officer("LK"))
    assert frame.together == ("LK", "NZ#co_chair")
    assert headline.audience == ("LK",)


def test_an_ordinary_update_says_nothing_more_than_before():
    assert len(Update.post(an_update(OPERATION), OPERATION, FRAME, an_officer("NZ"))) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origins": ("TH",)}, "protection_concern"),
        ({"protection_concern": ProtectionConcern.WITNESS}, "origins"),
        ({"protection_concern": ProtectionConcern.WITNESS, "origins": ("NZ", "TH")}, "origins"),
    ],
)
def test_a_concern_names_whom_it_keeps_out_and_never_the_state_that_posts(changes: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        Update.post(an_update(OPERATION, **changes), OPERATION, FRAME, an_officer("NZ"))
    assert [error.field for error in refused.value.errors] == [field]


def test_a_correction_keeps_out_whom_the_first_version_kept_out():
    first = about("TH")
    correction = an_update(OPERATION, id=uuid4(), supersedes=first.id)
    corrected, headline, detail, _ = Update.post(correction, OPERATION, FRAME, an_officer("NZ"), first)
    assert (corrected.origins, corrected.protection_concern) == (("TH",), ProtectionConcern.ASYLUM_SEEKER)
    assert headline.audience == detail.audience == ("LK", "NZ")


def test_a_concern_that_comes_with_a_correction_takes_the_words_of_earlier_versions_back():
    first = an_update(OPERATION).supersede()
    shielded, detail, withheld = first.shield(about("TH"), OPERATION, FRAME)
    assert isinstance(detail, UpdateDetailed)
    assert (detail.audience, shielded.origins, shielded.status) == (("LK", "NZ"), ("TH",), UpdateStatus.SUPERSEDED)
    assert withheld.audience == ("NZ",)
    assert shielded.open_to(["TH"], OPERATION, FRAME) == ()
    assert shielded.shield(about("TH"), OPERATION, FRAME) == (shielded,), "once is enough"


def test_a_rights_officer_of_the_same_state_who_did_not_post_it_lets_them_know():
    update = about("TH", "VN")
    freed, said, headline, detail = update.release_origins(("TH",), "Their embassy asks.", OPERATION, FRAME, RIGHTS)
    assert (freed.origins, freed.version, said.audience) == (("VN",), update.version + 1, ("NZ",))
    assert (said.released, said.origins, said.reason) == (("TH",), ("VN",), "Their embassy asks.")
    assert headline.audience == detail.audience == ("TH",)
    assert headline.to_newcomers
    assert detail.to_newcomers
    own = update.model_copy(update={"posted_by": RIGHTS.id})
    with pytest.raises(NotOneself):
        own.release_origins(("TH",), "Why not.", OPERATION, FRAME, RIGHTS)


def test_what_is_released_stays_within_what_others_in_their_place_read():
    held = an_operation(held=True)
    freed, *said = about("TH").release_origins(("TH",), "Asked.", held, FRAME, RIGHTS)
    assert freed.origins == ()
    assert len(said) == 1, "nobody else reads it yet"


def test_a_release_names_states_that_are_kept_out_and_says_why():
    for states, reason, field in ((("LK",), "x", "origins"), ((), "x", "origins"), (("TH",), " ", "reason")):
        with pytest.raises(Invalid) as refused:
            about("TH").release_origins(states, reason, OPERATION, FRAME, RIGHTS)
        assert [error.field for error in refused.value.errors] == [field]
    for party, refusal in (("LK", Forbidden), ("AU", NotFound)):
        with pytest.raises(refusal):
            about("TH").release_origins(("TH",), "x", OPERATION, FRAME, an_actor(party, Role.RIGHTS_OFFICER))


def test_who_reads_the_operation_and_not_the_update_is_answered_as_if_it_were_not_there():
    hidden, incident = about("TH"), an_update(OPERATION, kind=UpdateKind.INCIDENT)
    closed = an_operation(detail_audience=DetailAudience.OWN)
    for update, operation, by in (
        (hidden, OPERATION, a_coordinator("TH")),
        (incident, closed, a_coordinator("LK")),
        (an_update(OPERATION, party="LK", protection_concern=ProtectionConcern.VICTIM, origins=("NZ",)),
         OPERATION, a_coordinator("NZ")),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            update.require_own(operation, FRAME, by)
    with pytest.raises(Forbidden, match="an update of NZ"):
        hidden.require_own(OPERATION, FRAME, a_coordinator("LK"))
