"""The oracle: from the clients' journal alone what each account and each feed must hold, and every difference.

It knows who may see what from what the clients chose, and shares no code with what filters. Differences name accounts,
operations and updates by id, never what was written.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator

from client.endure.cast import FED, PARTIES, SUPPORTING, Watcher
from client.endure.door import Json
from client.endure.faults.attack import Attack
from client.endure.journal import HEADLINES, POSTED, Lane, Post
from client.endure.views import Fed, Told, View, by_program, feed

AT_ONCE = 3
Sums = dict[tuple[str, str], tuple[int, int, int]]


class Oracle:
    """Judges one run that has come to rest."""

    def __init__(self, attack: Attack) -> None:
        self._attack, self._journal = attack, attack.journal
        self._lanes = {lane.operation_id: lane for lane in attack.journal.lanes}
        self.unsure: dict[str, tuple[Lane, Post]] = {}  # kept although never answered with 201, by id
        self.feed_messages = 0

    async def judge(self) -> list[str]:
        """Every difference, in words."""
        wrong = [*await self._resolve()]
        place = asyncio.Semaphore(AT_ONCE)

        async def account(watcher: Watcher) -> list[str]:
            async with place:
                view = await by_program(self._attack.door, self._attack.cast, watcher)
                return [f"{watcher.username}: {what}" for what in self._of_account(watcher, view)]

        for found in await asyncio.gather(*map(account, self._attack.cast.watchers)):
            wrong += found
        for party in FED:
            seen = await feed(self._attack.stack.surroundings.broker, party)
            self.feed_messages += seen.messages
            wrong += [f"feed.{party.lower()}: {what}" for what in self._of_feed(party, seen)]
        return wrong

    async def _resolve(self) -> list[str]:
        """What became of posts without a certain answer, as their own officers see it."""
        wrong: list[str] = []
        open_ones = {post.word: (lane, post) for lane, post in self._journal.posts() if not post.id}
        for owner in PARTIES:
            rows = await self._attack.door.all(f"{owner.lower()}.liaison_officer", "/updates", party=owner, limit=200)
            for row in rows:
                lane, post = open_ones.get(row["detail"]["text"] if row["detail"] else "", (None, None))
                if lane is None or post is None:
                    continue
                if row["id"] in self.unsure or any(other is post for _, other in self.unsure.values()):
                    wrong.append(f"a post without an answer is kept twice: update {row['id']}")
                if not post.may_be_kept:
                    wrong.append(f"a post that was answered 'nothing was kept' is kept: update {row['id']}")
                self.unsure[row["id"]] = lane, post
        return wrong

    def _of_account(self, watcher: Watcher, view: View) -> Iterator[str]:
        party = watcher.party if watcher.reads else ""
        period = self._attack.cast.period_id
        if (period in view.periods) != (party in {*PARTIES, SUPPORTING}):
            yield "sees or misses the period wrongly"
        yield from self._operations(party, view)
        yield from self._updates(party, view.updates)
        yield from self._timeline(party, view.timeline)
        shown = {
            (row["party"], row["indicator"]): (row["validated"], row["provisional"], row["updates"])
            for row in view.totals
        }
        wanted = sums((lane, post) for lane, post in self._kept() if party in lane.readers)
        for key in sorted(shown.keys() | wanted.keys()):
            if shown.get(key) != wanted.get(key):
                yield f"total of {' '.join(key)} is {shown.get(key)}, by the journal {wanted.get(key)}"

    def _operations(self, party: str, view: View) -> Iterator[str]:
        seen = {row["id"]: row for row in view.operations}
        mine = {lane.operation_id for lane in self._lanes.values() if party in lane.readers}
        forged = {operation_id for operation_id, owner in self._attack.forged.items() if owner == party}
        for operation_id in sorted(mine - seen.keys() | forged - seen.keys()):
            yield f"misses operation {operation_id}"
        for operation_id in sorted(seen.keys() - mine - forged):
            # drafts that the run itself made without a journal are their owner's
            if seen[operation_id]["status"] != "drafted" or seen[operation_id]["owner"] != party:
                yield f"SEES operation {operation_id}"
        for operation_id in sorted(forged & seen.keys()):
            if seen[operation_id]["status"] != "scheduled":
                yield f"operation {operation_id} came in the wrong order"
        for operation_id in sorted(self._attack.never & seen.keys()):
            yield f"SEES operation {operation_id}, which must have no effect"

    def _updates(self, party: str, rows: list[Json]) -> Iterator[str]:
        wanted = {post_id: (lane, post) for post_id, lane, post in self._all() if party in lane.readers}
        counted = Counter(row["id"] for row in rows)
        for update_id in sorted(wanted.keys() - counted.keys()):
            yield f"misses update {update_id} of operation {wanted[update_id][0].operation_id}"
        for update_id, times in counted.items():
            if update_id not in wanted:
                yield f"SEES update {update_id}"
            elif times > 1:
                yield f"sees update {update_id} {times} times"
        order: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row["id"] not in wanted:
                continue
            lane, post = wanted[row["id"]]
            word = post.word if party in lane.detail_readers else None
            shown = row["detail"]["text"] if row["detail"] else None
            if shown != word:
                yield f"{'misses' if shown is None else 'SEES'} the text of update {row['id']}"
            fields = row["operation_id"], row["party"], row["status"], row["counts"], row["supersedes"]
            if fields != (lane.operation_id, lane.owner, post.status, post.counts, post.supersedes):
                yield f"sees another state of update {row['id']}: {row['status']} where the journal has {post.status}"
            if row["id"] not in self.unsure:
                order[lane.operation_id].append(row["id"])
        for operation_id, seen in order.items():
            if len(seen) == len(set(seen)) and seen != [post.id for post in self._lanes[operation_id].accepted]:
                yield f"sees the updates of operation {operation_id} in another order"

    def _timeline(self, party: str, entries: list[Told]) -> Iterator[str]:
        of_update = {update_id: lane.operation_id for update_id, lane, _ in self._all()}
        told: dict[str, list[Told]] = defaultdict(list)
        posted: Counter[str] = Counter()
        for kind, subject in entries:
            if kind in HEADLINES and subject not in of_update:
                yield f"the timeline tells of update {subject}, which nobody posted"
            elif kind in HEADLINES and subject in self.unsure:
                posted[subject] += kind == POSTED
            elif kind in HEADLINES:
                told[of_update[subject]].append((kind, subject))
        yield from self._told(party, told, HEADLINES, "in the timeline")
        yield from (f"the timeline tells update {one} {times} times" for one, times in posted.items() if times > 1)

    def _of_feed(self, party: str, seen: Fed) -> Iterator[str]:
        if seen.gaps:
            yield f"{seen.gaps} numbers are missing"
        if party not in PARTIES:
            yield from (f"HOLDS operation {subject}" for subject in sorted(seen.subjects & self._lanes.keys()))
        yield from self._told(party, self._sure(seen.headlines), HEADLINES, "in the feed")
        details = frozenset(said.type for lane in self._lanes.values() for said in lane.said) - HEADLINES
        yield from self._told(party, self._sure(seen.details), details, "in the feed")
        words = {post_id: post.word for post_id, _, post in self._all()}
        for update_id, text in seen.texts.items():
            if words.get(update_id) != text:
                yield f"HOLDS another text of update {update_id}"
        for operation_id in sorted(self._attack.never & seen.subjects):
            yield f"HOLDS operation {operation_id}, which must have no effect"

    def _sure(self, told: dict[str, list[Told]]) -> dict[str, list[Told]]:
        return {key: [one for one in ones if one[1] not in self.unsure] for key, ones in told.items()}

    def _told(self, party: str, told: dict[str, list[Told]], kinds: frozenset[str], where: str) -> Iterator[str]:
        """Each operation's events, all of them once and in order, to whom they were said."""
        for operation_id, lane in self._lanes.items():
            wanted = [
                (said.type, said.update_id) for said in lane.said if said.type in kinds and party in said.readers
            ]
            found = told.get(operation_id, [])
            if found == wanted:
                continue
            few, many = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
            for kind, update_id in [*few][:3]:
                yield f"misses {kind} of update {update_id} {where}"
            for kind, update_id in [*many][:3]:
                yield f"HAS {kind} of update {update_id} too often {where}"
            if not few and not many:
                first = next(a for a, b in zip(found, wanted, strict=True) if a != b)
                yield f"has operation {operation_id} in another order {where}, from update {first[1]} on"

    def _all(self) -> Iterator[tuple[str, Lane, Post]]:
        """Every update that is kept, by id."""
        for lane, post in self._journal.posts():
            if post.id:
                yield post.id, lane, post
        for update_id, (lane, post) in self.unsure.items():
            yield update_id, lane, post

    def _kept(self) -> Iterator[tuple[Lane, Post]]:
        return ((lane, post) for _, lane, post in self._all())

    def shared_sums(self) -> Sums:
        """Of what all participants see: what the debrief's figures must be."""
        return sums((lane, post) for lane, post in self._kept() if lane.readers == lane.participants)


def sums(kept: Iterator[tuple[Lane, Post]]) -> Sums:
    """By party and indicator: validated, provisional, and of how many updates."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for lane, post in kept:
        if post.status in {"validated", "provisional"}:
            for indicator, count in post.counts.items():
                row = found[lane.owner, indicator]
                row[post.status == "provisional"] += count
                row[2] += 1
    return {key: (row[0], row[1], row[2]) for key, row in found.items()}
