"""What the Working Group does beside its periods: consultations in an emergency, and the activities of its programme."""

from shared.vocabulary.labelled import Labelled


class ConsultationState(Labelled):
    """Where a consultation stands."""

    CALLED = "called"
    HELD = "held"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Attendance(Labelled):
    """A party's word on the call to a consultation. Silence is neither."""

    ATTENDING = "attending"
    NOT_ATTENDING = "not_attending"


class ActivityKind(Labelled):
    """What the Working Group agrees to do beside its Joint Periods of Action."""

    TRAINING = "training"
    EXPERT_ROSTER = "expert_roster", "Roster of experts"
    INFORMATION_CAMPAIGN = "information_campaign"
    RETURNS_AND_REINTEGRATION = "returns_and_reintegration"
    CIVIL_REGISTRATION = "civil_registration"
    POLICY_GUIDE = "policy_guide"
    ROAD_MAP = "road_map"


class ActivityState(Labelled):
    """Where an activity of the programme stands: proposed by a co-chair, and its owner's from its word on."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
