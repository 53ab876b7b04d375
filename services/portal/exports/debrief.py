"""The debrief as an accessible PDF for the parties of a period: figures, how far they go, and the updates behind them.

It carries headlines and figures only. What an update says in words and where it happened stays on pages, where its own
audience is asked each time; a file is passed on.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from babel.dates import format_date

from services.portal.exports.paper import pdf, shown
from services.portal.pages.times import span, zone_name, zone_of
from services.portal.pages.words import counted
from services.portal.selects import Row
from shared.parties import PARTIES
from shared.vocabulary import TLP, Indicator, UpdateKind, UpdateStatus

TEMPLATE = Path(__file__).with_name("debrief.typ")
ROWS = 500
AUDIENCE = "participants and co-chairs of the period"

_COUNTS = {UpdateStatus.VALIDATED.value, UpdateStatus.PROVISIONAL.value}
_LABELS = {value.value: value.label for kind in (Indicator, UpdateKind, UpdateStatus) for value in kind}


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What was meant and what came of it."""

    title: str
    indicator: str
    baseline: int
    target: int
    validated: int
    provisional: int


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One party's sum for one indicator, and how many updates it sums."""

    indicator: str
    party: str
    validated: int
    provisional: int
    updates: int


@dataclass(frozen=True, kw_only=True)
class Update:
    """One update that a figure sums."""

    party: str
    happened_at: datetime
    kind: str
    counts: dict[str, int]
    status: str


@dataclass(frozen=True, kw_only=True)
class DebriefDocument:
    """All that the paper says. `more`: the updates are more than the annex lists."""

    title: str
    first_day: date
    last_day: date
    parties: tuple[str, ...]
    objectives: tuple[Objective, ...]
    figures: tuple[Figure, ...]
    operations_planned: int
    operations_completed: int
    operations_cancelled: int
    updates_posted: int
    lacks: tuple[str, ...]
    updates: tuple[Update, ...]
    more: bool
    generated_at: datetime
    asked_by: str
    tlp: TLP = TLP.AMBER_STRICT
    audience: str = AUDIENCE
    note: str = ""


def from_rows(
    debrief_row: Row,
    figures_rows: Iterable[Row],
    updates_rows: Sequence[Row],
    *,
    parties: Iterable[str],
    generated_at: datetime,
    asked_by: str,
    held: Collection[UUID] = (),
    note: str = "",
) -> DebriefDocument:
    """The document from the read model's rows: `Reads.debrief`, `.figures`, and `.updates` of the period, newest first.

    `held` are the operations whose headline the asking party holds back: it sees their updates, the other readers of
    this paper do not, so they stay out. A debrief that is not compiled yet gives a paper that says so.
    """
    compiled: dict[str, Any] = debrief_row["compiled"] or {}
    summed = [
        Update(
            party=row["party"], happened_at=row["happened_at"], kind=row["kind"], counts=dict(row["counts"]),
            status=row["status"],
        )
        for row in updates_rows
        if row["status"] in _COUNTS and row["counts"] and row["operation_id"] not in held
    ]  # fmt: skip
    names = Objective.__dataclass_fields__
    return DebriefDocument(
        title=debrief_row["title"],
        first_day=debrief_row["first_day"],
        last_day=debrief_row["last_day"],
        parties=tuple(parties),
        objectives=tuple(
            Objective(**{name: one[name] for name in names}) for one in compiled.get("objectives", ())
        ),
        figures=tuple(
            Figure(
                indicator=row["indicator"], party=row["reporting"], validated=row["validated"],
                provisional=row["provisional"], updates=row["updates"],
            )
            for row in figures_rows
        ),
        operations_planned=compiled.get("operations_planned", 0),
        operations_completed=compiled.get("operations_completed", 0),
        operations_cancelled=compiled.get("operations_cancelled", 0),
        updates_posted=compiled.get("updates", 0),
        lacks=tuple(compiled.get("lacks", ())) if compiled else ("It has not been compiled yet.",),
        updates=tuple(summed[:ROWS]),
        more=max(len(summed), len(updates_rows)) > ROWS,
        generated_at=generated_at,
        asked_by=asked_by,
        note=note,
    )  # fmt: skip


async def debrief_pdf(view: DebriefDocument) -> bytes:
    """The document as a PDF, in well under a second for its full 500 rows on an idle core."""
    return await pdf(TEMPLATE, "debrief", _data(view), view.generated_at)


def _data(view: DebriefDocument) -> str:
    """What the template shows, as JSON; everything that someone wrote is text there."""
    return json.dumps(
        {
            "title": shown(view.title),
            "days": span(view.first_day, view.last_day, "en"),
            "tlp": view.tlp.value,
            "audience": view.audience,
            "made": _moment(view.generated_at, view.asked_by),
            "asked-by": _name(view.asked_by),
            "asked-by-code": view.asked_by,
            "note": shown(view.note),
            "parties": [{"code": code, "name": _name(code)} for code in view.parties],
            "objectives": [
                {**asdict(one), "title": shown(one.title), "indicator": _label(one.indicator)} for one in view.objectives
            ],
            "operations": {
                "planned": view.operations_planned,
                "completed": view.operations_completed,
                "cancelled": view.operations_cancelled,
            },
            "updates-posted": view.updates_posted,
            "lacks": [shown(text) for text in view.lacks],
            "totals": _totals(view.figures),
            "updates": [_line(update) for update in view.updates],
            "more": view.more,
        }
    )


def _totals(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """A row for each indicator that has a figure, in the vocabulary's order: every party's, and all together."""
    by: dict[str, dict[str, dict[str, int]]] = {}
    for figure in figures:
        sums = {"validated": figure.validated, "provisional": figure.provisional, "updates": figure.updates}
        by.setdefault(figure.indicator, {})[figure.party] = sums
    order = {indicator.value: place for place, indicator in enumerate(Indicator)}
    return [
        {
            "indicator": _label(indicator),
            "by": parties,
            "all": {name: sum(sums[name] for sums in parties.values()) for name in ("validated", "provisional", "updates")},
        }
        for indicator, parties in sorted(by.items(), key=lambda item: order.get(item[0], len(order)))
    ]


def _line(update: Update) -> dict[str, str | bool]:
    day = update.happened_at.astimezone(zone_of(update.party)).date()
    return {
        "party": update.party,
        "day": format_date(day, "d MMM y", locale="en"),
        "kind": _label(update.kind),
        "counts": counted(update.counts, lambda one, many, count: one if count == 1 else many),
        "status": _label(update.status),
        "provisional": update.status == UpdateStatus.PROVISIONAL,
    }


def _moment(at: datetime, party: str) -> str:
    """`30 Oct 2015, 15:05 NZDT (02:05 UTC)`: paper has no today, so the day is always said."""
    there = at.astimezone(zone_of(party))
    day, zone = format_date(there, "d MMM y", locale="en"), zone_name(party, at)
    here = "" if zone == "UTC" else f" ({at.astimezone(UTC):%H:%M} UTC)"
    return f"{day}, {there:%H:%M} {zone}{here}"


def _name(code: str) -> str:
    return PARTIES[code].name if code in PARTIES else code


def _label(code: str) -> str:
    return _LABELS.get(code, code)
