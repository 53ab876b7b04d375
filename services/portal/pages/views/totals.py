"""The table of indicators by party; every number opens to its updates."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.portal.checkpoints import Session


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One indicator: per party (validated, provisional), and the sum."""

    indicator: str
    by_party: Mapping[str, tuple[int, int]]
    validated: int
    provisional: int


@dataclass(frozen=True, kw_only=True)
class Totals:
    """All of them for a period."""

    period_id: str
    parties: tuple[str, ...]
    rows: tuple[IndicatorRow, ...]
    note: str = ""

    def href(self, indicator: str, party: str = "") -> str:
        where = f"&party={party}" if party else ""
        return f"/periods/{self.period_id}/updates?indicator={indicator}{where}"


@dataclass(frozen=True, kw_only=True)
class CheckpointsPage:
    """Progression sessions in the order of their days."""

    period_id: str
    title: str
    sessions: tuple[Session, ...]
