"""What debrief says: that a debrief is open, what it holds, and each party's figures."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.events.planner import Part
from shared.vocabulary import Indicator


class DebriefEvent(Event):
    """On `debrief.debriefs`."""

    topic: ClassVar[str] = "debrief.debriefs"
    key_field: ClassVar[str] = "debrief_id"

    debrief_id: UUID
    period_id: UUID
    version: int = 0


class DebriefOpened(DebriefEvent):
    """A period closed, and its debrief opened itself."""

    type: ClassVar[str] = "debrief.debrief.opened.v1"

    title: str
    first_day: date
    last_day: date
    opened_at: datetime


class ObjectiveDone(Part):
    """Planned against done for one objective of the period."""

    objective_id: UUID
    title: str
    indicator: Indicator
    baseline: int
    target: int
    validated: int
    provisional: int


class DebriefCompiled(DebriefEvent):
    """The debrief as the events give it now; `lacks` says in words what is still missing."""

    type: ClassVar[str] = "debrief.debrief.compiled.v1"

    objectives: tuple[ObjectiveDone, ...]
    operations_planned: int
    operations_completed: int
    operations_cancelled: int
    updates: int
    lacks: tuple[str, ...] = ()


class Figure(Part):
    """One indicator's sum over a party's updates: validated and provisional apart, and how many updates it sums."""

    indicator: Indicator
    validated: int
    provisional: int
    updates: int


class PartyFiguresCompiled(DebriefEvent):
    """The figures of one party: a fact with an audience of its own."""

    type: ClassVar[str] = "debrief.party_figures.compiled.v1"

    reporting: str
    figures: tuple[Figure, ...]
