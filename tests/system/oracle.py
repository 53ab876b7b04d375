"""The oracle: who may see what, kept apart from the code that filters, and judged from outside only.

It knows the rules in its own words: each fact is a marker (an id, or a word that occurs nowhere else) and the readers
entitled to it. It then looks through every door with every account and every party's own Kafka credential, and compares.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.world import Officer, World


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

    def knows(self, what: str, marker: str, parties: Iterable[str], role: str | None = None) -> None:
        """`parties` are entitled: all their people that read content, or those of one role; feeds for whole parties."""
        parties = frozenset(parties)
        entitled = frozenset(
            watcher.username
            for watcher in self.watchers
            if watcher.party in parties
            and (role in watcher.roles if role else not set(watcher.roles) <= {"party_admin", "operator"})
        )
        self.facts.append(Fact(what, marker, entitled, frozenset() if role else parties))

    async def judge(self, parties: Iterable[str]) -> list[str]:
        """Every difference between what is seen and what may be seen, in words."""
        wrong: list[str] = []
        for watcher in self.watchers:
            seen = await everything(watcher)
            for fact in self.facts:
                entitled, found = watcher.username in fact.officers, fact.marker in seen
                if entitled != found:
                    wrong.append(f"{watcher.username} {'misses' if entitled else 'SEES'} {fact.what}")
        for party in parties:
            fed = json.dumps(await self.world.feed(party, "oracle"), ensure_ascii=False)
            for fact in self.facts:
                entitled, found = party in fact.feeds, fact.marker in fed
                if entitled != found:
                    wrong.append(f"feed.{party.lower()} {'misses' if entitled else 'HOLDS'} {fact.what}")
        return wrong


async def everything(watcher: Officer) -> str:
    """All that an account is shown, through lists and through every single thing that any list names."""
    found: list[str] = []
    periods = await watcher.all("/periods")
    found += map(json.dumps, periods)
    for period in periods:
        path = f"/periods/{period['id']}"
        for more in ("", "/totals", "/debrief"):
            found.append((await watcher.get(path + more)).text)
        found += map(json.dumps, await watcher.all(f"{path}/timeline", limit=200))
    for kind in ("operations", "updates", "alerts"):
        for thing in await watcher.all(f"/{kind}"):
            found.append(json.dumps(thing))
            found.append((await watcher.get(f"/{kind}/{thing['id']}")).text)
    return "\n".join(text.encode().decode("unicode_escape", "replace") for text in found)
