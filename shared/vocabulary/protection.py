"""What is said when lives, rights or possible victims are at stake."""

from shared.vocabulary.labelled import Labelled


class DistressState(Labelled):
    """Where a report of distress stands. It is shown on top of every page until it is closed."""

    OPEN = "open"
    CLOSED = "closed"


class DistressOutcome(Labelled):
    """How a distress ended, as the state says that reported it."""

    RESCUED = "rescued", "Persons rescued"
    REACHED_SAFETY = "reached_safety", "Reached safety by themselves"
    HANDED_OVER = "handed_over", "Taken over by a rescue co-ordination centre"
    NOT_FOUND = "not_found", "Searched for and not found"
    LIVES_LOST = "lives_lost"
    FALSE_ALARM = "false_alarm"


class Severity(Labelled):
    """How grave an incident is. A serious one goes past the chain of whoever reports it."""

    MINOR = "minor"
    SERIOUS = "serious"


class IncidentState(Labelled):
    """Where a serious incident stands. `escalated`: nobody took it up in time; somebody still may."""

    REPORTED = "reported"
    ESCALATED = "escalated", "Not taken up in time"
    TAKEN_UP = "taken_up"
    CLOSED = "closed"


class IncidentFinding(Labelled):
    """With what a rights officer closes a serious incident."""

    SUBSTANTIATED = "substantiated"
    NOT_SUBSTANTIATED = "not_substantiated"
    NOT_ESTABLISHED = "not_established", "Could not be established"
    PASSED_ON = "passed_on", "Passed to a body that is competent for it"


class ProtectionConcern(Labelled):
    """Why the state that a person comes from must not learn of that person."""

    ASYLUM_SEEKER = "asylum_seeker"
    VICTIM = "victim"
    WITNESS = "witness"


class ReferralState(Labelled):
    """Where the referral of a possible victim stands. `overdue`: the service has not answered in time; it still may."""

    MADE = "made"
    OVERDUE = "overdue"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class VictimIndicator(Labelled):
    """What makes one think of a victim: the eleven of ILO Indicators of Forced Labour, International Labour Office, 2012."""

    ABUSE_OF_VULNERABILITY = "abuse_of_vulnerability"
    DECEPTION = "deception"
    RESTRICTION_OF_MOVEMENT = "restriction_of_movement"
    ISOLATION = "isolation"
    PHYSICAL_AND_SEXUAL_VIOLENCE = "physical_and_sexual_violence"
    INTIMIDATION_AND_THREATS = "intimidation_and_threats"
    RETENTION_OF_IDENTITY_DOCUMENTS = "retention_of_identity_documents"
    WITHHOLDING_OF_WAGES = "withholding_of_wages"
    DEBT_BONDAGE = "debt_bondage"
    ABUSIVE_WORKING_AND_LIVING_CONDITIONS = "abusive_working_and_living_conditions"
    EXCESSIVE_OVERTIME = "excessive_overtime"
