"""What a period's updates sum to: its six numbers and its objectives, on the page and in the live stream."""

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date

from services.portal.pages.desk import Desk
from services.portal.pages.times import zone_of
from services.portal.pages.views import Figures, NumberCard, Objective
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.vocabulary import FIRST_PERIOD, Indicator

CARDS = (
    Indicator.TRAFFICKED_PERSONS_ASSISTED, Indicator.ARRESTS, Indicator.SUSPECTS_IDENTIFIED,
    Indicator.INVESTIGATIONS_OPENED, Indicator.INTERNATIONAL_ENQUIRIES, Indicator.OFFICERS_TRAINED,
)  # fmt: skip
Sums = Mapping[str, tuple[int, int]]


async def read_figures(at: Desk, reads: Reads, period: Row, totals: Sequence[Row]) -> Figures:
    """As this reader may see them now."""
    sums = sum_up(totals)
    parties = sorted({str(row["party"]) for row in totals})  # also of one that left: its figures stay
    before, since = await _last_checkpoint(at, reads, period, parties)
    return Figures(
        period_id=str(period["id"]), cards=cards(period, sums, before, since), objectives=objectives(period, sums)
    )


def sum_up(totals: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """Validated and provisional by indicator, over all parties."""
    found: dict[str, tuple[int, int]] = {}
    for row in totals:
        validated, provisional = found.get(row["indicator"], (0, 0))
        found[row["indicator"]] = (validated + row["validated"], provisional + row["provisional"])
    return found


def cards(period: Row, sums: Sums, before: Mapping[str, int] | None, since: str) -> tuple[NumberCard, ...]:
    """Six numbers: the usual ones, and in the place of those that nobody counts what this period does count."""
    meant = {str(one["indicator"]) for one in period["objectives"]}
    usual = [one.value for one in CARDS]
    counted = [one for one in usual if one in sums or one in meant]
    further = [one.value for one in (*FIRST_PERIOD, *Indicator) if one.value not in usual]
    further = [one for one in dict.fromkeys(further) if one in sums or one in meant]
    chosen = [*counted, *further, *(one for one in usual if one not in counted)][:6]
    order = [*usual, *further]
    shown = []
    for indicator in sorted(chosen, key=order.index):
        validated, provisional = sums.get(indicator, (0, 0))
        change = validated + provisional - before.get(indicator, 0) if before is not None else None
        shown.append(
            NumberCard(
                indicator=indicator,
                validated=validated,
                provisional=provisional,
                href=f"/periods/{period['id']}/updates?indicator={indicator}",
                change=change if change else None,
                since=since,
            )
        )
    return tuple(shown)


def objectives(period: Row, sums: Sums) -> tuple[Objective, ...]:
    found = []
    for one in period["objectives"]:
        validated, provisional = sums.get(one["indicator"], (0, 0))
        href = f"/periods/{period['id']}/updates?indicator={one['indicator']}"
        found.append(
            Objective(
                title=one["title"], validated=validated, provisional=provisional, target=one["target"],
                baseline=one["baseline"], href=href,
            )
        )  # fmt: skip
    return tuple(found)


_BEFORE: OrderedDict[tuple[object, ...], tuple[float, dict[str, int]]] = OrderedDict()
_KEPT_SECONDS = 60


async def _last_checkpoint(
    at: Desk, reads: Reads, period: Row, parties: Sequence[str]
) -> tuple[dict[str, int] | None, str]:
    """What stood at the last checkpoint, and its name. It hardly changes any more, so it is kept for a minute."""
    today = at.now.astimezone(zone_of(at.party)).date()
    past = [one for one in period["checkpoints"] if date.fromisoformat(str(one["day"])) <= today]
    if not past:
        return None, ""
    last = max(past, key=lambda one: str(one["day"]))
    day = date.fromisoformat(str(last["day"]))
    key = (at.actor.entries, period["id"], day)
    kept = _BEFORE.get(key)
    if not kept or kept[0] < time.monotonic():
        kept = (time.monotonic() + _KEPT_SECONDS, await reads.counts_before(period["id"], parties, day))
        _BEFORE[key] = kept
        if len(_BEFORE) > 200:
            _BEFORE.popitem(last=False)
    return kept[1], str(last["name"])
