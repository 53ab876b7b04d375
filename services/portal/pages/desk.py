"""One page's request by one reader: who asks, what they may read, and how it becomes an answer."""

import contextlib
import gzip
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Annotated, Any

from babel.support import NullTranslations, Translations
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from services.portal.accounts import Session
from services.portal.doors import Portal, the_portal
from services.portal.files import accepts_gzip
from services.portal.pages import door
from services.portal.pages.distress_lines import distress_line
from services.portal.pages.render import HERE, page
from services.portal.pages.said import sentence
from services.portal.pages.views import Account, Context, PeriodLink, Tab
from services.portal.pages.words import counted, words
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.actor import Actor
from shared.vocabulary import Role

_WORTH = ("active", "adopted", "planning", "proposed", "closed", "debriefed", "archived", "cancelled")
"""Which period a page is about that names none: the first of these that there is."""


@dataclass
class Desk:
    """Made for each request of someone signed in."""

    request: Request
    portal: Portal
    session: Session
    locale: str = "en"

    @property
    def actor(self) -> Actor:
        return self.session.actor

    @property
    def party(self) -> str:
        return self.actor.party

    @cached_property
    def now(self) -> datetime:
        return self.portal.service.clock.now()

    def has(self, *roles: Role) -> bool:
        return not self.actor.roles.isdisjoint(roles)

    def chairs(self, period: Row) -> bool:
        return self.has(Role.CO_CHAIR) and self.party in period["co_chairs"]

    def say(self, text: str) -> str:
        """The text in the reader's language."""
        return str(translations(self.locale).gettext(text))

    def words(self, code: str) -> str:
        return words(code, self.say)

    def counted(self, counts: dict[str, int]) -> str:
        return counted(counts, translations(self.locale).ngettext)

    @contextlib.asynccontextmanager
    async def reads(self) -> AsyncIterator[Reads]:
        """The read model as this reader may see it."""
        async with self.portal.reads(self.actor) as reads:
            yield reads

    async def context(
        self, reads: Reads, tab: Tab = "", period: Row | None = None, tlp: str = "AMBER+STRICT", shown_to: str = ""
    ) -> Context:
        """What surrounds the page; its period is the one given, or the one that matters most now."""
        periods, _ = await reads.periods()
        distress = await reads.distress_open()
        chosen = period or present(periods)
        link = _link(chosen) if chosen else None
        return Context(
            now=self.now,
            csrf=door.masked(self.session.csrf),
            account=account(self.session),
            locale=self.locale,
            period=link,
            periods=tuple(_link(row) for row in periods[:8]),
            tab=tab,
            tlp=tlp,
            shown_to=shown_to,
            waiting_alerts=await reads.alerts_waiting_count(),
            distress=tuple(distress_line(row) for row in distress),
            distress_more=distress[0]["open"] - len(distress) if distress else 0,
            playback=plays(self.portal),
            said=self.say(sentence(self.request.query_params.get("said", ""))),
        )

    def bare(self) -> Context:
        """The same when nothing can be read."""
        return Context(
            now=self.now, csrf=door.masked(self.session.csrf), account=account(self.session), playback=plays(self.portal)
        )

    def show(self, context: Context, template: str, view: object, status: int = 200) -> HTMLResponse:
        return html(self.request, page(context, template, view), status)


def html(request: Request, text: str, status: int = 200) -> HTMLResponse:
    """A page, compressed where the browser takes that."""
    content, headers = text.encode(), {"vary": "accept-encoding"}
    if accepts_gzip(request):
        content, headers["content-encoding"] = gzip.compress(content, 5, mtime=0), "gzip"
    return HTMLResponse(content, status, headers)


def go(path: str, said: str = "") -> RedirectResponse:
    """See there (303); `said` names the sentence shown on top."""
    if said:
        path += f"{'&' if '?' in path else '?'}said={said}"
    return RedirectResponse(path, 303)


def present(periods: Sequence[Row]) -> Row | None:
    return min(periods, key=lambda row: _WORTH.index(row["status"]), default=None)


def account(session: Session) -> Account:
    roles = frozenset(role.value for role in session.actor.roles)
    return Account(display_name=session.display_name, party=session.actor.party, roles=roles)


def plays(portal: Portal) -> bool:
    """Whether a played clock runs: the strip says so."""
    file = portal.settings.clock_file
    return portal.settings.playback and file is not None and file.exists()


@cache
def translations(locale: str) -> NullTranslations:
    return Translations.load(HERE / "locale", [locale], domain="portal")


def _link(row: Row) -> PeriodLink:
    return PeriodLink(id=str(row["id"]), title=row["title"], status=row["status"])


async def desk(request: Request, portal: Annotated[Any, Depends(the_portal)]) -> Desk:
    """For pages; whoever is not signed in is sent to the door."""
    found = Desk(request, portal, await door.session_of(request, portal))
    request.state.desk = found
    return found


Signed = Annotated[Desk, Depends(desk)]
