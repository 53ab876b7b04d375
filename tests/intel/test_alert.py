"""An alert: graded or not published, read by whom it names, taken back by its own."""

from datetime import timedelta

import pytest

from services.intel.domain.alert import NEXT, Alert, NotThisState
from shared.actor import Actor
from shared.errors import Forbidden, Invalid, NotFound
from shared.runtime.relay import feeds_of
from shared.vocabulary import TLP, AlertKind, AlertState, HandlingCode, Precedence, Role
from tests.builders import NOON, a_coordinator, an_actor, an_officer
from tests.intel.builders import SECRET, a_published_alert, an_alert

RED_READERS = {f"{party}#{role}" for party in ("LK", "NZ", "TH") for role in ("coordinator", "liaison_officer")}


def test_an_alert_is_read_by_its_originator_and_its_recipients():
    _, headline, body = Alert.publish(an_alert(), an_officer("NZ"))
    assert headline.audience == body.audience == ("LK", "NZ", "TH")
    assert headline.party == body.party == "NZ"


def test_the_headline_carries_no_text():
    _, headline, body = Alert.publish(an_alert(), an_officer("NZ"))
    assert SECRET not in headline.model_dump_json()
    assert body.text == SECRET


def test_a_red_alert_names_roles_so_that_it_reaches_no_feed():
    _, *said = Alert.publish(an_alert(tlp=TLP.RED), an_officer("NZ"))
    for event in said:
        assert set(event.audience) == RED_READERS
        assert feeds_of(" ".join(event.audience)) == []


def test_a_red_alert_is_read_by_the_support_office_through_its_own_role():
    office = an_actor("RSO", Role.RSO_OFFICER)
    published, headline, _ = Alert.publish(an_alert("RSO", tlp=TLP.RED), office)
    assert office.reads(headline.audience)
    assert published.line_audience("LK") == (
        "LK#coordinator", "LK#liaison_officer", "RSO#coordinator", "RSO#liaison_officer", "RSO#rso_officer",
    )  # fmt: skip


def test_nobody_publishes_what_they_could_not_read_themselves():
    with pytest.raises(Forbidden):
        Alert.publish(an_alert(tlp=TLP.RED), an_actor("NZ", Role.RSO_OFFICER))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grading": ("admiralty", "X", "2")}, "grading.source"),
        ({"grading": ("admiralty", "B", "7")}, "grading.information"),
        ({"grading": ("4x4", "F", "1")}, "grading.source"),
        ({"grading": ("4x4", "A", "5")}, "grading.information"),
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"recipients": ("NZ",)}, "recipients"),
        ({"recipients": ()}, "recipients"),
        ({"valid_until": NOON}, "valid_until"),
        ({"valid_until": NOON + timedelta(days=366)}, "valid_until"),
        ({"handling": HandlingCode.H3}, "handling_text"),
        ({"handling_text": "Not to be shown to the carrier."}, "handling_text"),
        ({"handling": HandlingCode.H2, "tlp": TLP.CLEAR}, "handling"),
        ({"handling": HandlingCode.H2, "tlp": TLP.GREEN}, "handling"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_field(changes: dict[str, object], field: str):
    with pytest.raises(Invalid) as refused:
        Alert.publish(an_alert(**changes), an_officer("NZ"))
    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"grading": ("4x4", "X", "4")},
        {"grading": ("admiralty", "F", "6")},
        {"handling": HandlingCode.H3, "handling_text": "Not to be shown to the carrier."},
        {"handling": HandlingCode.H2},
        {"valid_until": NOON + timedelta(days=365)},
    ],
)
def test_what_keeps_the_rules_is_published(changes: dict[str, object]):
    published, *_ = Alert.publish(an_alert(**changes), an_officer("NZ"))
    assert (published.state, published.version) == (AlertState.PUBLISHED, 1)


def test_the_originator_is_not_its_own_recipient():
    published, headline, _ = Alert.publish(an_alert(recipients=("TH", "NZ", "LK", "TH")), an_officer("NZ"))
    assert published.recipients == headline.recipients == ("LK", "TH")


@pytest.mark.parametrize(("precedence", "hours"), [("ROUTINE", 168), ("PRIORITY", 24), ("IMMEDIATE", 4), ("FLASH", 1)])
def test_an_answer_is_due_by_precedence(precedence: str, hours: int):
    _, headline, _ = Alert.publish(an_alert(precedence=Precedence(precedence)), an_officer("NZ"))
    assert headline.answer_due == NOON + timedelta(hours=hours)


def test_distress_at_sea_goes_out_as_flash_whatever_was_chosen():
    _, headline, _ = Alert.publish(an_alert(kind=AlertKind.DISTRESS_AT_SEA), an_officer("NZ"))
    assert headline.precedence is Precedence.FLASH
    assert headline.answer_due == NOON + timedelta(hours=1)


def test_an_alert_does_not_exist_for_who_is_not_named():
    with pytest.raises(NotFound):
        a_published_alert().require_visible(an_officer("AU"))
    with pytest.raises(NotFound):
        a_published_alert(tlp=TLP.RED).require_visible(an_actor("LK", Role.OBSERVER))
    a_published_alert(tlp=TLP.RED).require_visible(an_officer("LK"))


@pytest.mark.parametrize("by", [an_officer("NZ"), a_coordinator("NZ")])
def test_who_published_it_or_a_coordinator_takes_it_back_and_the_text_is_gone(by: Actor):
    recalled, headline, body = a_published_alert().recall("The source was wrong.", by, NOON)
    assert (recalled.state, recalled.version, recalled.message) == (AlertState.RECALLED, 2, None)
    assert headline.audience == body.audience == ("LK", "NZ", "TH")
    assert headline.passes_hold
    assert body.passes_hold
    assert body.reason == "The source was wrong."
    assert "reason" not in headline.model_dump()


@pytest.mark.parametrize("by", [an_officer("NZ", name="colleague"), an_officer("LK"), a_coordinator("LK")])
def test_nobody_else_takes_it_back(by: Actor):
    with pytest.raises(Forbidden):
        a_published_alert().recall("The source was wrong.", by, NOON)


def test_a_recall_says_why():
    with pytest.raises(Invalid):
        a_published_alert().recall(" ", a_coordinator("NZ"), NOON)


def test_states_follow_the_table():
    for state in AlertState:
        alert = a_published_alert(state=AlertState.DRAFTED).model_copy(update={"state": state})
        if AlertState.RECALLED in NEXT[state]:
            alert.recall("Wrong.", a_coordinator("NZ"), NOON)
        else:
            with pytest.raises(NotThisState):
                alert.recall("Wrong.", a_coordinator("NZ"), NOON)
