"""The debrief of a period: planned against done, figures, what it still lacks."""

from dataclasses import dataclass

from services.portal.pages.views.totals import Totals


@dataclass(frozen=True, kw_only=True)
class DebriefObjective:
    """What was meant and what came of it."""

    title: str
    indicator: str
    baseline: int
    target: int
    validated: int
    provisional: int
    href: str = ""

    @property
    def met(self) -> bool:
        return self.validated >= self.target


@dataclass(frozen=True, kw_only=True)
class PartyReport:
    """What one party brought into the period."""

    party: str
    operations: int
    completed: int
    updates: int
    provisional: int
    silent_days: int


@dataclass(frozen=True, kw_only=True)
class DebriefPage:
    """The debrief as compiled so far."""

    period_id: str
    title: str
    status: str
    span: str
    objectives: tuple[DebriefObjective, ...]
    operations_planned: int
    operations_completed: int
    operations_cancelled: int
    totals: Totals
    reports: tuple[PartyReport, ...]
    lacks: tuple[str, ...] = ()
    note: str = ""
    pdf_href: str = ""
