"""The vocabulary has exactly the agreed values, and words for people."""

from datetime import timedelta

import pytest

from shared import vocabulary
from shared.indicators import DEFINITIONS
from shared.vocabulary import FIRST_PERIOD, Indicator, Labelled, Precedence

AGREED = {
    "TLP": "RED AMBER+STRICT AMBER GREEN CLEAR",
    "HandlingCode": "H0 H1 H2 H3",
    "Precedence": "ROUTINE PRIORITY IMMEDIATE FLASH",
    "GradingScale": "admiralty 4x4",
    "SourceAdmiralty": "A B C D E F",
    "InformationAdmiralty": "1 2 3 4 5 6",
    "Source4x4": "A B C X",
    "Information4x4": "1 2 3 4",
    "DocumentFraud": "counterfeit forged pseudo fraudulently_obtained imposter stolen_blank",
    "Forgery": "photo_substitution page_substitution data_alteration visa_or_stamp",
    "AlertKind": "travel_document_fraud visa_fraud smuggling_route smuggler_or_trafficker vessel air_route"
    " modus_operandi victim_indicator visa_refusal_or_cancellation illicit_finance distress_at_sea",
    "Focus": "people_smuggling trafficking_labour trafficking_sexual child_exploitation_online document_fraud"
    " money_laundering maritime air land",
    "Indicator": "trafficked_persons_assisted search_warrants_executed suspects_identified arrests"
    " investigations_opened international_enquiries awareness_activities training_sessions officers_trained"
    " arrests_tip_som persons_checked persons_refused documents_detected victims_referred"
    " smuggled_migrants_detected facilitators_identified seizures prosecutions convictions",
    "Exploitation": "ForcedLabour SexualExploitation ChildLabour ForcedMarriage Servitude"
    " ForcedMilitaryByNonStateActors OrganRemoval ForcedBegging ForcedAdoption Surrogacy Other",
    "VictimStatus": "Possible Actual NotVictim",
    "VictimDecider": "Police NGO CourtOrProsecution NonPoliceGovernmentalOrganization Other",
    "ObjectiveRating": "P S M U",
    "LessonState": "identified endorsed assigned implemented validated rejected",
    "CheckAnswer": "hit no_hit inconclusive refused",
    "Role": "liaison_officer coordinator co_chair rso_officer rights_officer protection_service observer"
    " party_admin integrator operator",
    "Standing": "member ahg observer network_only",
    "Answer": "joined observing declined",
    "PlanAnswer": "endorsed reserved declined",
    "PeriodState": "proposed planning adopted active closed debriefed archived cancelled",
    "OperationState": "drafted scheduled under_way completed cancelled",
    "UpdateKind": "progress result incident distress",
    "UpdateStatus": "provisional validated returned superseded",
    "DetailAudience": "own involved participants",
    "ConsultationState": "called held closed withdrawn",
    "Attendance": "attending not_attending",
    "ActivityKind": "training expert_roster information_campaign returns_and_reintegration civil_registration"
    " policy_guide road_map",
    "ActivityState": "proposed agreed under_way completed declined cancelled",
}


@pytest.mark.parametrize("name", AGREED)
def test_an_enumeration_has_exactly_the_agreed_values(name: str):
    assert [member.value for member in getattr(vocabulary, name)] == AGREED[name].split()


def test_every_member_has_words_for_people():
    for each in vars(vocabulary).values():
        if isinstance(each, type) and issubclass(each, Labelled):
            for member in each:
                assert member.label
                assert "_" not in member.label
                assert each(member.value) is member


@pytest.mark.parametrize(
    ("precedence", "due"),
    [
        (Precedence.ROUTINE, timedelta(days=7)),
        (Precedence.PRIORITY, timedelta(hours=24)),
        (Precedence.IMMEDIATE, timedelta(hours=4)),
        (Precedence.FLASH, timedelta(hours=1)),
    ],
)
def test_an_answer_is_due_by_precedence(precedence: Precedence, due: timedelta):
    assert precedence.answer_due == due


def test_the_first_period_published_nine():
    assert len(FIRST_PERIOD) == 9
    assert FIRST_PERIOD[-1] is Indicator.OFFICERS_TRAINED


def test_every_indicator_is_defined_once():
    assert list(DEFINITIONS) == list(Indicator)
    for definition in DEFINITIONS.values():
        assert definition.counts
        assert definition.leaves_out
        assert definition.unit
        assert definition.version >= 1
