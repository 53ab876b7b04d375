"""Forms: as they came in, and how they become the command that the API takes too.

A page that holds a form is registered for the address that the form is posted to. So one place shows it again with its
errors, with what was typed before a session ended, or with a new key.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Request, Response
from starlette.datastructures import UploadFile
from starlette.routing import compile_path

from services.portal.doors import Portal, ThePortal
from services.portal.gateway import Refused, Reply
from services.portal.pages import door
from services.portal.pages.desk import Desk, desk
from services.portal.pages.times import zone_of
from services.portal.pages.views import Form
from shared.errors import FieldError, Invalid

OURS = frozenset({"csrf", "idempotency_key", "version"})


def new_key() -> str:
    return str(uuid4())


@dataclass(frozen=True)
class Posted:
    """What a person sent: each name with all its values, in order."""

    fields: tuple[tuple[str, str], ...]
    errors: list[FieldError] = field(default_factory=list, compare=False)
    uploads: tuple[UploadFile, ...] = field(default=(), compare=False)

    def get(self, name: str, default: str = "") -> str:
        return next((value.strip() for key, value in self.fields if key == name), default)

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name and value]

    def some(self, name: str, reason: str) -> list[str]:
        """Boxes of which one must be ticked at least."""
        values = self.every(name)
        if not values:
            self.errors.append(FieldError(name, reason))
        return values

    def rows(self, name: str, *parts: str) -> list[tuple[int, dict[str, str]]]:
        """Numbered rows (`objectives.0.title`) of which any part is filled in, with their numbers."""
        numbers = sorted({int(n) for key, _ in self.fields for n in re.findall(rf"^{name}\.(\d{{1,3}})\.", key)})
        found = [(n, {part: self.get(f"{name}.{n}.{part}") for part in parts}) for n in numbers]
        return [(n, row) for n, row in found if any(row.values())]

    def need(self, name: str, reason: str) -> str:
        """A field that must be filled in."""
        value = self.get(name)
        if not value:
            self.errors.append(FieldError(name, reason))
        return value

    def moment(self, name: str, party: str, reason: str = "", optional: bool = True) -> str | None:
        """A local date and time of the party's zone, with its offset."""
        value = self.get(name)
        if not value and optional:
            return None
        try:
            return datetime.fromisoformat(value).replace(tzinfo=zone_of(party)).isoformat()
        except ValueError:
            self.errors.append(FieldError(name, reason or "Give a date and a time."))
            return None

    def number(self, name: str) -> int | None:
        value = self.get(name)
        if not value:
            return None
        try:
            return int(value)
        except ValueError:
            self.errors.append(FieldError(name, "This is a whole number."))
            return None

    def check(self) -> None:
        """Raises Invalid with all that was found wrong so far."""
        if self.errors:
            raise Invalid("Please correct what is marked.", errors=tuple(self.errors))

    def form(self, errors: tuple[FieldError, ...] = (), kept: bool = False, key: str = "") -> Form:
        """The form again, as it was filled in."""
        chosen: dict[str, set[str]] = {}
        for name, value in self.fields:
            chosen.setdefault(name, set()).add(value)
        version = self.get("version")
        return Form(
            idempotency_key=key or self.get("idempotency_key") or new_key(),
            version=int(version) if version.isdecimal() else 0,
            values={name: value for name, value in self.fields if name not in OURS},
            chosen={name: frozenset(values) for name, values in chosen.items()},
            errors=errors,
            kept=kept,
        )


async def read(request: Request) -> Posted:
    data = await request.form(max_fields=400, max_files=10)
    posted = Posted(
        tuple((name, value) for name, value in data.multi_items() if isinstance(value, str)),
        uploads=tuple(value for _, value in data.multi_items() if isinstance(value, UploadFile) and value.filename),
    )
    request.state.posted = posted
    return posted


async def posted_by(request: Request, portal: ThePortal) -> tuple[Desk, Posted]:
    """A form from someone signed in, on a page of ours. What was typed is at hand before anything is refused."""
    if _is_large(request, portal):
        await door.session_of(request, portal)  # nobody else fills our disk
    posted = await read(request)
    door.require_own_origin(request, portal)
    at = await desk(request, portal)
    door.require_secret(posted.get("csrf"), at.session.csrf)
    return at, posted


def _is_large(request: Request, portal: Portal) -> bool:
    length = request.headers.get("content-length", "")
    return not length.isdecimal() or int(length) > portal.settings.body_max_bytes


Post = Annotated[tuple[Desk, Posted], Depends(posted_by)]


@dataclass(frozen=True)
class Done:
    """A command was accepted; `arrived` when what it changed is on the pages already."""

    said: Mapping[str, Any]
    arrived: bool

    def then(self, code: str) -> str:
        return code if self.arrived else "later"


async def send(at: Desk, posted: Posted, path: str, body: Mapping[str, Any]) -> Done:
    """Forward the command, and wait a moment until the pages show what it did.

    Raises:
        Refused: the deciding service does not do it.
        Unavailable, Unknown: it could not be asked, or its answer was lost.
    """
    posted.check()
    headers = {"idempotency-key": posted.get("idempotency_key"), "content-type": "application/json"}
    if version := posted.get("version"):
        headers["if-match"] = f'"{version}"'
    reply: Reply = await at.portal.gateway.command(at.actor, path, json.dumps(body).encode(), headers)
    if reply.status >= 400:
        raise Refused(reply)
    wait = at.portal.settings.page_wait_seconds
    return Done(reply.json(), await at.portal.progress.reached(reply.headers.get("last-event"), wait))


FormPage = Callable[..., Awaitable[Response]]
Rename = Callable[[Posted, str], str]
_PAGES: list[tuple[re.Pattern[str], FormPage, Rename]] = []


def form_page(path: str, rename: Rename = lambda _posted, name: name) -> Callable[[FormPage], FormPage]:
    """This function `(desk, form, **path parameters)` shows the form that is posted to `path`.

    `rename` says which field of the form an error of the command is about.
    """

    def keep(page: FormPage) -> FormPage:
        _PAGES.append((compile_path(path)[0], page, rename))
        return page

    return keep


async def again(
    at: Desk, path: str, posted: Posted, errors: tuple[FieldError, ...] = (), kept: bool = False, key: str = ""
) -> Response | None:
    """The page with the form that is posted to `path`, filled in as it was; None when no page is registered."""
    for pattern, page, rename in _PAGES:
        if match := pattern.match(path):
            told = tuple(FieldError(rename(posted, error.field), error.reason) for error in errors)
            return await page(at, posted.form(told, kept, key), **match.groupdict())
    return None


def renamed(**names: str) -> Rename:
    """A plain renaming; a double underscore stands for a dot."""
    table = {old.replace("__", "."): new for old, new in names.items()}
    return lambda _posted, name: table.get(name, name)
