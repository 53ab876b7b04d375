"""Progression sessions: what was counted from each checkpoint of a period to the next, and what stood by then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.vocabulary import Indicator


@dataclass(frozen=True)
class Counted:
    """One indicator at a checkpoint: what was added since the one before, and what stood in all."""

    indicator: str
    since: int
    standing: int


@dataclass(frozen=True)
class Session:
    """A checkpoint, or the present day after the last one: `name` is empty then.

    What was posted before its day stands by then; of the present day all that there is. `ahead`: its day is to come.
    """

    name: str
    day: date
    before: str
    """The name of the checkpoint that it counts from; empty: from the beginning."""
    ahead: bool
    counted: tuple[Counted, ...]


Days = Sequence[Mapping[Any, Any]]


def sessions(checkpoints: Iterable[Mapping[str, Any]], today: date, days: Days) -> tuple[Session, ...]:
    """`days` has what stands of each day's counts, by indicator."""
    points = sorted((date.fromisoformat(str(one["day"])), str(one["name"])) for one in checkpoints)
    held = [(day, name) for day, name in points if day <= today]
    found: list[Session] = []
    stood: dict[str, int] = {}
    for until, name in [*held, (_after(today, days), "")]:
        now = _standing(days, until)
        before = found[-1].name if found else ""
        found.append(Session(name, until if name else today, before, False, _counted(stood, now)))
        stood = now
    return (*found, *(Session(name, day, "", True, ()) for day, name in points if day > today))


def _after(today: date, days: Days) -> date:
    """Days are kept by UTC: what was posted this morning may stand under one that the reader's calendar has not yet."""
    last: date = max([today, *(row["day"] for row in days)])
    return last + timedelta(days=1)


def _standing(days: Days, until: date) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in days:
        if row["day"] < until:
            found[row["indicator"]] = found.get(row["indicator"], 0) + row["value"]
    return found


def _counted(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[Counted, ...]:
    """In the order in which indicators are defined; what never stood is left out."""
    return tuple(
        Counted(one.value, now.get(one.value, 0) - before.get(one.value, 0), now.get(one.value, 0))
        for one in Indicator
        if before.get(one.value) or now.get(one.value)
    )
