"""How what is said may be handled, how fast an answer is due, and how a source and its information are graded."""

from datetime import timedelta

from shared.vocabulary.labelled import Labelled


class TLP(Labelled):
    """Traffic Light Protocol, FIRST, version 2.0 (August 2022). What is posted is `AMBER+STRICT` unless changed."""

    RED = "RED", "TLP:RED"
    AMBER_STRICT = "AMBER+STRICT", "TLP:AMBER+STRICT"
    AMBER = "AMBER", "TLP:AMBER"
    GREEN = "GREEN", "TLP:GREEN"
    CLEAR = "CLEAR", "TLP:CLEAR"


class HandlingCode(Labelled):
    """Europol's handling codes, as used in SIENA. `H3` says its restriction in words."""

    H0 = "H0", "Only to prevent and combat crime"
    H1 = "H1", "Not in judicial proceedings without the provider's permission"
    H2 = "H2", "No further dissemination without permission"
    H3 = "H3", "Other restriction"


class Precedence(Labelled):
    """How urgent a message is, by the usual four military precedences."""

    ROUTINE = "ROUTINE", "Routine"
    PRIORITY = "PRIORITY", "Priority"
    IMMEDIATE = "IMMEDIATE", "Immediate"
    FLASH = "FLASH", "Flash"

    @property
    def answer_due(self) -> timedelta:
        """In which time an answer is due, unless the message says otherwise."""
        return _ANSWER_DUE[self]


_ANSWER_DUE = {
    Precedence.ROUTINE: timedelta(days=7),
    Precedence.PRIORITY: timedelta(hours=24),
    Precedence.IMMEDIATE: timedelta(hours=4),
    Precedence.FLASH: timedelta(hours=1),
}


class GradingScale(Labelled):
    """The scales in use. A grading keeps the one that it was given in: their letters mean different things."""

    ADMIRALTY = "admiralty", "Admiralty"
    FOUR_BY_FOUR = "4x4", "4x4"


class SourceAdmiralty(Labelled):
    """Reliability of the source, Admiralty system as in NATO STANAG 2511, edition 1 (2003)."""

    A = "A", "Completely reliable"
    B = "B", "Usually reliable"
    C = "C", "Fairly reliable"
    D = "D", "Not usually reliable"
    E = "E", "Unreliable"
    F = "F", "Reliability cannot be judged"


class InformationAdmiralty(Labelled):
    """Credibility of the information, Admiralty system as in NATO STANAG 2511, edition 1 (2003)."""

    CONFIRMED = "1", "Confirmed by other sources"
    PROBABLY_TRUE = "2", "Probably true"
    POSSIBLY_TRUE = "3", "Possibly true"
    DOUBTFUL = "4", "Doubtful"
    IMPROBABLE = "5", "Improbable"
    CANNOT_BE_JUDGED = "6", "Truth cannot be judged"


class Source4x4(Labelled):
    """Reliability of the source, the 4x4 system of Europol."""

    A = "A", "No doubt about the source"
    B = "B", "Mostly reliable"
    C = "C", "Mostly unreliable"
    X = "X", "Reliability cannot be assessed"


class Information4x4(Labelled):
    """Accuracy of the information, the 4x4 system of Europol."""

    NOT_IN_DOUBT = "1", "Accuracy not in doubt"
    KNOWN_TO_SOURCE = "2", "Known personally to the source, not to the official"
    CORROBORATED = "3", "Not known personally to the source, corroborated"
    NOT_CORROBORATED = "4", "Not known personally to the source, cannot be corroborated"
