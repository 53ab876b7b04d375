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


class ProtectionConcern(Labelled):
    """Why the state that a person comes from must not learn of that person."""

    ASYLUM_SEEKER = "asylum_seeker"
    VICTIM = "victim"
    WITNESS = "witness"
