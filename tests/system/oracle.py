"""The oracle: who may see what, kept apart from the code that filters, and judged from outside only.

It knows the rules in its own words: each fact is a marker (an id, or a word that occurs nowhere else) and the readers
entitled to it. It then looks through every door with every account and every party's own Kafka credential, and compares.
"""

import asyncio
import contextlib
import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

from tests.portal.pages_client import Desk
from tests.world import Officer, World

NO_READERS = {"party_admin", "operator", "protection_service"}
"""Roles that read nothing of what is shared with their party."""


def canary(what: str) -> str:
    """A word that occurs nowhere else."""
    return f"{what}-{uuid4().hex}"


@dataclass
class Fact:
    """Something that was said: by which marker one finds it, and who is entitled to it."""

    what: str
    marker: str
    officers: frozenset[str]  # user names
    feeds: frozenset[str]  # parties


@dataclass
class Oracle:
    """All facts of a world, and the accounts that look."""

    world: World
    facts: list[Fact] = field(default_factory=list)
    watchers: list[Officer] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    """Of which the live streams are followed; all that exist, unless it is told which it knows something of. A stream says
    nothing at its end, so that each has to be waited for."""

    files: list[str] = field(default_factory=list)
    """By their hashes, which everybody is taken to know: each account asks for the bytes of each."""

    def keeps(self, what: str, sha256: str, parties: Iterable[str]) -> None:
        """The bytes of a file are for all people of these parties that read content; no feed carries bytes."""
        self.files.append(sha256)
        self.knows(what, _bytes_of(sha256), parties)
        self.facts[-1].feeds = frozenset()

    def knows(
        self,
        what: str,
        marker: str,
        parties: Iterable[str],
        role: str | None = None,
        chairs: Iterable[str] = (),
        once: Iterable[str] = (),
    ) -> None:
        """`parties` are entitled: all their people that read content, or those of one role; feeds for whole parties.

        Of `chairs` the co-chairs too, who are told by no feed; `once` are parties that were entitled before: what their feed
        got stays there, and nothing else shows it to them any more.
        """
        parties, chairs = frozenset(parties), frozenset(chairs)
        entitled = frozenset(
            watcher.username
            for watcher in self.watchers
            if (watcher.party in parties and (role in watcher.roles if role else not set(watcher.roles) <= NO_READERS))
            or (watcher.party in chairs and "co_chair" in watcher.roles)
        )
        feeds = frozenset() if role else parties | frozenset(once)
        self.facts.append(Fact(what, marker, entitled, feeds))

    async def judge(self, parties: Iterable[str]) -> list[str]:
        """Every difference between what is seen and what may be seen, in words."""
        wrong: list[str] = []
        for watcher in self.watchers:
            wrong += self._compare(watcher, await by_program(watcher, self.files), "by program")
        for watcher in self._one_of_each_standing():
            pages = await by_browser(self.world, watcher, self.files)
            wrong += self._compare(watcher, pages, "on pages")
            for path, text in (await by_stream(self.world, watcher, self.periods)).items():
                wrong += [
                    f"{watcher.username} SEES {fact.what} in {path}"
                    for fact in self.facts
                    if fact.marker in text and watcher.username not in fact.officers
                ]
        for party in parties:
            fed = json.dumps(await self.world.feed(party, "oracle"), ensure_ascii=False)
            for fact in self.facts:
                entitled, found = party in fact.feeds, fact.marker in fed
                if entitled != found:
                    wrong.append(f"feed.{party.lower()} {'misses' if entitled else 'HOLDS'} {fact.what}")
        return wrong

    def _compare(self, watcher: Officer, seen: str, where: str) -> list[str]:
        return [
            f"{watcher.username} {'misses' if entitled else 'SEES'} {fact.what} {where}"
            for fact in self.facts
            if (entitled := watcher.username in fact.officers) != (fact.marker in seen)
        ]

    def _one_of_each_standing(self) -> list[Officer]:
        """Crawling pages takes long: an officer of each party, a rights officer, and one of each kind that reads nothing."""
        return [
            watcher
            for watcher in self.watchers
            if "liaison_officer" in watcher.roles
            or (watcher.party in {"NZ", "RSO"} and {"operator", "party_admin", "rights_officer"} & set(watcher.roles))
        ]


def _bytes_of(sha256: str) -> str:
    return f"the bytes of {sha256}"


async def by_program(watcher: Officer, files: Iterable[str] = ()) -> str:
    """All that an account is shown, through lists and through every single thing that any list names."""
    found = [_bytes_of(one) for one in files if (await watcher.get(f"/files/{one}")).status_code == 200]
    periods = await watcher.all("/periods")
    found += [_plain(period) for period in periods]
    for period in periods:
        path = f"/periods/{period['id']}"
        for more in ("", "/totals", "/debrief", "/consents"):
            found.append(_plain((await watcher.get(path + more)).json()))
        found += [_plain(entry) for entry in await watcher.all(f"{path}/timeline", limit=200)]
    found.append(_plain((await watcher.get("/working-group")).json()))
    found.append(_plain((await watcher.get("/waiting")).json()))
    found.append(_plain((await watcher.get("/conflicts/contact")).json()))
    for kind in (
        "operations", "updates", "distress", "incidents", "referrals", "alerts", "conflicts", "consultations", "programme",
        "investigations",
    ):  # fmt: skip
        for thing in await watcher.all(f"/{kind}"):
            found.append(_plain(thing))
            found.append(_plain((await watcher.get(f"/{kind}/{thing['id']}")).json()))
            if kind == "operations":
                found.append(_plain((await watcher.get(f"/operations/{thing['id']}/joint")).json()))
            if kind == "updates":
                found.append(_plain((await watcher.get(f"/updates/{thing['id']}/protection")).json()))
    found += [_plain(line) for line in await _ledger(watcher)]
    return "\n".join(found)


async def _ledger(watcher: Officer) -> list[object]:
    """The consent ledger from its beginning."""
    lines: list[object] = []
    page: dict[str, str] = {}
    while True:
        said = await watcher.see("/consent-ledger", limit=500, **page)
        lines += said["items"]
        if not said["next"]:
            return lines
        page = {"after": said["next"]}


async def by_browser(world: World, watcher: Officer, files: Iterable[str] = ()) -> str:
    """Every page that links lead to, from home on."""
    async with Desk(str(world.http.base_url)) as desk:
        await desk.sign_in(watcher)
        found = [_bytes_of(one) for one in files if (await desk.http.get(f"/files/{one}")).status_code == 200]
        seen, due = {"/"}, ["/"]
        while due:
            answer = await desk.http.get(due.pop())
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            found.append(html.unescape(answer.text))
            for link in map(html.unescape, re.findall(r'href="(/[^"#]*)', answer.text)):
                # each thing once: filters of one list are the same things again
                if link not in seen and "?" not in link and not link.startswith(("/static", "/sign")):
                    seen.add(link)
                    due.append(link)
    return "\n".join(found)


async def by_stream(world: World, watcher: Officer, periods: list[str]) -> dict[str, str]:
    """What the live streams of these periods, or of all that exist, tell: whether or not the account has a link to them."""
    told: dict[str, str] = {}
    two = asyncio.Semaphore(2)  # of the three that a session may have open
    async with Desk(str(world.http.base_url)) as desk:
        await desk.sign_in(watcher)

        async def follow(path: str) -> None:
            async with two, desk.http.stream("GET", path) as answer:
                text, lines = "", answer.aiter_text()
                with contextlib.suppress(TimeoutError, StopAsyncIteration):
                    while True:
                        text += await asyncio.wait_for(anext(lines), 1.5)
                told[path] = html.unescape(text)

        await asyncio.gather(*(follow(f"/periods/{period_id}/stream?after=0") for period_id in periods or world.period_ids))
    return told


def _plain(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False)
