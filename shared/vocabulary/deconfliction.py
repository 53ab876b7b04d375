"""Deconfliction: how two operations overlap, how their owners settle it, and by what a target is named."""

from shared.vocabulary.labelled import Labelled


class Overlap(Labelled):
    """By what two operations of different owners are in each other's way."""

    WINDOW_AND_PLACE = "window_and_place", "Time and place"
    TARGET = "target", "The same target"


class Settlement(Labelled):
    """What an owner says has been agreed. A conflict is settled when both owners say the same."""

    ADJUSTED = "adjusted"
    COORDINATED = "coordinated"
    NO_CONFLICT = "no_conflict", "No conflict"


class ConflictState(Labelled):
    """Where a conflict stands. It lapses when the overlap is gone."""

    OPEN = "open"
    SETTLED = "settled"
    LAPSED = "lapsed"


class IdentifierKind(Labelled):
    """By what a target can be named; `shared/identifiers.py` says how each is written before it is made a token."""

    PASSPORT = "passport", "Passport number"
    PHONE = "phone", "Telephone number"
    VESSEL_IMO = "vessel_imo", "Vessel (IMO number)"
    VESSEL_MMSI = "vessel_mmsi", "Vessel (MMSI)"
    PERSON = "person", "Name and date of birth"
