"""What is counted. What exactly each one means is in `shared.indicators`."""

from shared.vocabulary.labelled import Labelled


class Indicator(Labelled):
    """A number that updates carry and periods sum: the first period's nine, then the further ones."""

    TRAFFICKED_PERSONS_ASSISTED = "trafficked_persons_assisted"
    SEARCH_WARRANTS_EXECUTED = "search_warrants_executed"
    SUSPECTS_IDENTIFIED = "suspects_identified"
    ARRESTS = "arrests"
    INVESTIGATIONS_OPENED = "investigations_opened"
    INTERNATIONAL_ENQUIRIES = "international_enquiries"
    AWARENESS_ACTIVITIES = "awareness_activities"
    TRAINING_SESSIONS = "training_sessions"
    OFFICERS_TRAINED = "officers_trained"

    ARRESTS_TIP_SOM = "arrests_tip_som", "Arrests for trafficking or smuggling"
    PERSONS_CHECKED = "persons_checked"
    PERSONS_REFUSED = "persons_refused"
    DOCUMENTS_DETECTED = "documents_detected", "Fraudulent documents detected"
    VICTIMS_REFERRED = "victims_referred"
    SMUGGLED_MIGRANTS_DETECTED = "smuggled_migrants_detected"
    FACILITATORS_IDENTIFIED = "facilitators_identified"
    SEIZURES = "seizures"
    PROSECUTIONS = "prosecutions"
    CONVICTIONS = "convictions"


FIRST_PERIOD: tuple[Indicator, ...] = tuple(Indicator)[:9]
"""The nine whose totals the first Joint Period of Action published."""
