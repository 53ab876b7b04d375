"""An operation's detail as pages show it, and the fields of its form as the command that drafts or amends it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.portal.pages.desk import Desk
from services.portal.pages.forms import Posted
from services.portal.pages.lines import local_field, options, parties
from services.portal.pages.render import country_name, party_name
from services.portal.pages.times import time_there
from services.portal.pages.views import DetailShown, Form, Option, PlaceLine, RecallLine
from services.portal.selects import Row
from shared import gazetteer, places
from shared.errors import FieldError, Invalid
from shared.vocabulary import DetailAudience

TEXTS = ("title", "agency", "place", "narrative", "tactics", "resources", "contacts")
AUDIENCES = options(DetailAudience)


def shown_detail(at: Desk, detail: Mapping[str, Any], starts: datetime, ends: datetime) -> DetailShown:
    """All that it says; the window by the clock of each of its places."""
    lines = tuple(
        PlaceLine(
            text=place_text(place),
            starts=time_there(starts, place["time_zone"], at.locale),
            ends=time_there(ends, place["time_zone"], at.locale),
        )
        for place in detail["places"]
    )
    means = tuple(
        f"{party_name(one['party'])}: {at.words(one['kind'])}, {one['planned']} {one['unit']} ({at.words(one['status'])})"
        + (f", {one['note']}" if one["note"] else "")
        for one in detail["means"]
    )
    tasks = tuple(
        f"{party_name(one['party'])}: {one['title']}" + (f", {one['officer']}" if one["officer"] else "")
        for one in detail["tasks"]
    )
    return DetailShown(places=lines, means=means, tasks=tasks, **{name: detail[name] for name in TEXTS})


def place_text(place: Mapping[str, Any]) -> str:
    """`Auckland (NZAKL)`, or the point."""
    where = place["code"] or f"{place['latitude']}, {place['longitude']}"
    return f"{place['name']} ({where})" if place["name"] else where


async def body_of(at: Desk, posted: Posted) -> dict[str, Any]:
    """What an officer filled in, as the command takes it; what is wrong is noted on the form."""
    posted.need("title", "Give the operation a title.")
    return {
        "kind": posted.need("kind", "Choose a kind."),
        "window": {
            "starts_at": posted.moment("starts_at", at.party, "Say when it starts.", optional=False),
            "ends_at": posted.moment("ends_at", at.party, "Say when it ends.", optional=False),
        },
        "objective_id": posted.get("objective_id") or None,
        "places": await _places(posted),
        **{name: posted.get(name) for name in TEXTS},
    }


def readers_of(posted: Posted) -> dict[str, Any]:
    """For whom the detail is to be. Nobody is named while it stays at home."""
    audience = posted.get("detail_audience") or DetailAudience.OWN.value
    return {"detail_audience": audience, "named": [] if audience == DetailAudience.OWN else posted.every("named")}


def form_of(at: Desk, row: Row, detail: Row, choice: Row | None, key: str) -> Form:
    """The form filled in with the operation as it stands."""
    values = {name: detail[name] for name in TEXTS}
    values |= {
        "kind": row["kind"],
        "starts_at": local_field(row["starts_at"], at.party),
        "ends_at": local_field(row["ends_at"], at.party),
        "objective_id": str(row["objective_id"] or ""),
        "places": "\n".join(_line(place) for place in detail["places"]),
    }
    version, filled = row["version"], chosen_form(choice, key)
    return Form(idempotency_key=key, version=version, values={**values, **filled.values}, chosen=filled.chosen)


def chosen_form(choice: Row | None, key: str, version: int = 0) -> Form:
    """The form filled in with the readers as they are."""
    audience = choice["detail_audience"] if choice else DetailAudience.OWN.value
    named = frozenset(choice["named"] if choice else ())
    return Form(idempotency_key=key, version=version, values={"detail_audience": audience}, chosen={"named": named})


def to_be_named(at: Desk, period: Row, answers: Sequence[Row]) -> tuple[Option, ...]:
    """Who belongs to the period, but for the reader's own party."""
    gone = {row["party"] for row in answers if row["answer"] in {"declined", "left"}}
    asked = {*period["co_chairs"], *period["invited"], *period["supporting"]} - gone
    every = parties("member", "organisation", "coordination", "support", without=at.party)
    return tuple(one for one in every if one.value in asked)


def recall_lines(rows: Sequence[Row]) -> tuple[RecallLine, ...]:
    return tuple(RecallLine(party=row["recipient"], at=row["at"], purged_at=row["purged_at"]) for row in rows)


def renamed(_posted: Posted, name: str) -> str:
    """Which field of the form an error is about."""
    if "places" in name.split("."):
        return "places"
    name = name.rpartition(".")[2]
    return "starts_at" if name == "window" else name


async def _places(posted: Posted) -> list[dict[str, Any]]:
    """One a line; of a name that is no code it is said which codes it may have."""
    found = []
    for line in posted.get("places").splitlines():
        if line.strip():
            try:
                found.append(places.written(line, "places").model_dump(exclude_defaults=True))
            except Invalid as wrong:
                posted.errors.append(FieldError("places", await _meant(line) or wrong.detail))
    return found


async def _meant(line: str) -> str:
    name = line.partition(";")[0].strip()
    likely = await gazetteer.look(name, 4)
    codes = [f"{one.code} ({one.name}, {country_name(one.country)})" for one in likely.entries if one.has_position]
    if not codes:
        return ""
    beside = f", or one of {likely.more} more under Places" if likely.more else ""
    return f"{name[:50]!r} is a name. Write the code of the place that is meant: {', '.join(codes)}{beside}."


def _line(place: Mapping[str, Any]) -> str:
    where = place["code"] or f"{place['latitude']}, {place['longitude']}"
    return f"{where}; {place['name']}" if place["name"] else where
