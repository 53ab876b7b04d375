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
