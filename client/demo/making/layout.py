"""Lays an operation's updates out over its days: when, by whom, in which words, with which part of the totals."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from client.demo.making.facts import LIAISON
from client.demo.making.outline import Sketch
from client.demo.making.words import counted
from shared.parties import PARTIES

ADOPTED = date(2015, 9, 21)
LARGEST_PART = 3


def operation(sketch: Sketch, draw: Random) -> dict[str, Any]:
    """The whole operation as the file has it."""
    low = sketch.party.lower()
    officer, coordinator = f"{low}.liaison{sketch.officer}", f"{low}.coordinator"
    opens, closes = sketch.hours
    starts, ends = moment(sketch, sketch.first, opens), moment(sketch, sketch.last, closes)
    drafted = moment(sketch, date(2015, 9, draw.randint(10, 18)), 9, draw)
    first = min(sketch.first - timedelta(days=2), date(2015, 10, 3))
    scheduled = moment(sketch, max(ADOPTED + timedelta(days=draw.randint(1, 4)), first), 10, draw)
    return {
        "key": sketch.key,
        "party": sketch.party,
        "kind": sketch.kind,
        "title": sketch.title,
        "window": {"starts_at": starts, "ends_at": ends},
        "objective": sketch.objective,
        "place": sketch.voices[0].place,
        "narrative": sketch.narrative,
        "tactics": sketch.tactics,
        "resources": sketch.resources,
        "contacts": "Duty desk of the national coordinator.",
        "detail_audience": sketch.detail_audience,
        "drafted": {"at": drafted, "by": officer},
        "scheduled": {"at": scheduled, "by": coordinator},
        "started": {"at": starts, "by": officer},
        "completed": {"at": ends + timedelta(minutes=30), "by": officer},
        "updates": _updates(sketch, draw, starts, ends),
    }


def moment(sketch: Sketch, on: date, hour: int, draw: Random | None = None) -> datetime:
    """That hour in the state's own zone; with `draw` some minutes later."""
    zone = ZoneInfo(PARTIES[sketch.party].time_zone)
    minutes = 5 * draw.randint(0, 11) if draw else 0
    return datetime.combine(on, time(hour, minutes), zone)


def judged(posted: datetime, draw: Random) -> datetime:
    """When the coordinator comes to it: some hours later, at a desk in daytime."""
    at = posted + timedelta(minutes=5 * draw.randint(20, 280))
    if at.hour >= 18:
        at = at.replace(hour=8) + timedelta(days=1)
    return at.replace(hour=draw.randint(8, 9)) if at.hour < 8 else at


def _updates(sketch: Sketch, draw: Random, starts: datetime, ends: datetime) -> list[dict[str, Any]]:
    parts = _parts(sketch, draw)
    talk = [(voice, text) for voice in sketch.voices for text in voice.progress]
    order = ["result"] * len(parts) + ["progress"] * len(talk)
    draw.shuffle(order)
    moments = _moments(sketch, draw, len(order), starts, ends)
    done = said = 0
    low = sketch.party.lower()
    found = []
    for number, (kind, at) in enumerate(zip(order, moments, strict=True), 1):
        officer = sketch.officer
        if kind == "result":
            voice = sketch.voices[done % len(sketch.voices)]
            beginning = voice.results[done // len(sketch.voices) % len(voice.results)]
            counts = parts[done]
            text = f"{beginning} {counted(voice.language, counts)}"
            done += 1
            if draw.random() < 0.25:  # a colleague is on duty
                officer = draw.randint(1, len(LIAISON[sketch.party]))
        else:
            (voice, text), counts = talk[said], {}
            said += 1
        update = {
            "key": f"{sketch.key}-{number:02}",
            "at": at,
            "by": f"{low}.liaison{officer}",
            "kind": kind,
            "happened_at": max(starts, at - timedelta(minutes=5 * draw.randint(3, 30))),
            "place": voice.place,
            "language": voice.language,
            "text": text,
        }
        if counts:
            update["counts"] = counts
        found.append(update | {"validated": {"at": judged(at, draw), "by": f"{low}.coordinator"}})
    return found


def _moments(sketch: Sketch, draw: Random, number: int, starts: datetime, ends: datetime) -> list[datetime]:
    """Spread over the days, in the hours of work."""
    days = (sketch.last - sketch.first).days + 1
    opens, closes = sketch.hours
    found: list[datetime] = []
    for place in range(number):
        on = sketch.first + timedelta(days=place * days // number)
        at = moment(sketch, on, draw.randint(opens, closes - 1), draw)
        at = max(at, starts + timedelta(minutes=40))
        while at in found:
            at += timedelta(minutes=25)
        found.append(min(at, ends))
    return sorted(found)


def _parts(sketch: Sketch, draw: Random) -> list[dict[str, int]]:
    """The operation's figures cut into parts, at least one for each result."""
    if sketch.exact:
        return [
            {name: parts[place] for name, parts in sketch.exact.items() if parts[place]} for place in range(sketch.results)
        ]
    found: list[dict[str, int]] = [{} for _ in range(sketch.results)]
    units = sum(sketch.figures.values())
    for indicator, total in sketch.figures.items():
        left = total
        while left:
            empty = sum(not counts for counts in found)
            part = min(left, draw.randint(1, LARGEST_PART), max(1, units - empty + 1))
            fewest = min(map(len, found))
            counts = draw.choice([counts for counts in found if len(counts) == fewest])
            counts[indicator] = counts.get(indicator, 0) + part
            left, units = left - part, units - part
    return found
