"""A joint period as its debrief knows it."""

from datetime import date
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.base import audience_of
from shared.events.planner import Objective
from shared.vocabulary import Answer

LEFT: Final = "left"


class Period(BaseModel):
    """What the planner said of a period, as far as the debrief needs it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    title: str
    first_day: date
    last_day: date
    objectives: tuple[Objective, ...] = ()
    co_chairs: tuple[str, ...]
    answers: dict[str, Answer | Literal["left"]] = {}

    @property
    def participants(self) -> tuple[str, ...]:
        """The parties that joined."""
        return tuple(sorted(party for party, answer in self.answers.items() if answer is Answer.JOINED))

    @property
    def left(self) -> tuple[str, ...]:
        """The parties that left: they read nothing of it, and what they had done counts."""
        return tuple(sorted(party for party, answer in self.answers.items() if answer == LEFT))

    @property
    def together(self) -> tuple[str, ...]:
        """Who reads what headlines gave: participants, and co-chairs by role where their state does not take part."""
        gone = {party for party, answer in self.answers.items() if answer in {Answer.DECLINED, LEFT}}
        return audience_of(self.participants, co_chair=set(self.co_chairs) - set(self.participants) - gone)
