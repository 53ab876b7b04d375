"""A debrief: opens when its period closes, and is compiled anew whenever what it sums has changed."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.debrief.domain.material import Material
from services.debrief.domain.period import Period
from shared.events.debrief import (
    DebriefCompiled,
    DebriefEvent,
    DebriefOpened,
    Figure,
    ObjectiveDone,
    PartyFiguresCompiled,
)
from shared.vocabulary import OperationState

S = OperationState


class Content(BaseModel):
    """What was compiled for all participants."""

    model_config = ConfigDict(frozen=True)

    objectives: tuple[ObjectiveDone, ...]
    operations_planned: int
    operations_completed: int
    operations_cancelled: int
    updates: int
    lacks: tuple[str, ...]


class Debrief(BaseModel):
    """The aggregate, with what it said last. `version` counts the opening and each announced compilation."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    period_id: UUID
    version: int = 1
    opened_at: datetime
    content: Content | None = None
    figures: dict[str, tuple[Figure, ...]] = {}

    @classmethod
    def open(cls, debrief_id: UUID, period: Period, at: datetime) -> tuple["Debrief", DebriefOpened]:
        opened = cls(id=debrief_id, period_id=period.id, opened_at=at)
        said = DebriefOpened(
            title=period.title, first_day=period.first_day, last_day=period.last_day, opened_at=at,
            **opened._envelope(period),
        )  # fmt: skip
        return opened, said

    def compile(self, period: Period, material: Material) -> tuple[Self, list[DebriefEvent]]:
        """What the material gives now, and what is to be announced: nothing where it gives the same as before."""
        content = _content(period, material)
        reported = {line.party for line in material.sums}
        parties = sorted({*period.participants, *reported.intersection(period.left)})
        figures = {party: tuple(line.figure for line in material.sums if line.party == party) for party in parties}
        if (content, figures) == (self.content, self.figures):
            return self, []
        changed = self.model_copy(update={"content": content, "figures": figures, "version": self.version + 1})
        envelope = changed._envelope(period)
        # the whole is said each time, because it carries the version; a party's figures only when they changed
        said: list[DebriefEvent] = [
            PartyFiguresCompiled(reporting=party, figures=lines, **envelope)
            for party, lines in figures.items()
            if self.figures.get(party) != lines
        ]
        return changed, [*said, DebriefCompiled(**content.model_dump(), **envelope)]

    def _envelope(self, period: Period) -> dict[str, object]:
        return {
            "debrief_id": self.id,
            "period_id": self.period_id,
            "version": self.version,
            "audience": period.together,
        }


def _content(period: Period, material: Material) -> Content:
    return Content(
        objectives=tuple(
            ObjectiveDone(
                objective_id=objective.id,
                title=objective.title,
                indicator=objective.indicator,
                baseline=objective.baseline,
                target=objective.target,
                validated=sum(line.validated for line in material.sums if line.indicator is objective.indicator),
                provisional=sum(line.provisional for line in material.sums if line.indicator is objective.indicator),
            )
            for objective in period.objectives
        ),
        operations_planned=material.operations_that_are(*S),
        operations_completed=material.operations_that_are(S.COMPLETED),
        operations_cancelled=material.operations_that_are(S.CANCELLED),
        updates=sum(posted.shared for posted in material.posted),
        lacks=material.lacks(period.participants),
    )
