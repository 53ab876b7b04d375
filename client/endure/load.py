"""The load: on each operation one command after the other, at a pace that leaves updates for every fault."""

import asyncio
import random
import secrets
from uuid import uuid4

from client.endure.cast import PARTIES
from client.endure.door import AGAIN, Door
from client.endure.journal import DETAILED, EXPLAINED, POSTED, RETURNED, VALIDATED, Journal, Lane, Post
from deploy.embedded.places import Trouble

INDICATORS = ("arrests", "search_warrants_executed", "persons_checked")
CARELESS, CORRECTS, JUDGES = 0.05, 0.08, 0.12
"""Shares of the updates that are tried once only, that supersede another, and that are followed by a judgement."""
RELEASED = frozenset(PARTIES[1::2]) | {"NZ"}
"""Whose held operation is released half way; the others' stay held."""


class Pace:
    """Hands out turns: so many a second, and never so many that none is left for the faults still to come."""

    def __init__(self, total: int, a_second: float) -> None:
        self.total, self._pause = total, 1 / a_second
        self.given, self.allowed = 0, 0
        self._next = 0.0
        self._one = asyncio.Lock()
        self._more = asyncio.Event()

    def allow(self, share: float) -> None:
        """Up to this share of all."""
        self.allowed = max(self.allowed, min(self.total, round(self.total * share)))
        self._more.set()

    def spare(self, turns: int) -> None:
        """So many more at least: a fault that took long may find all used up that was its own."""
        self.allowed = max(self.allowed, min(self.total, self.given + turns))
        self._more.set()

    async def turn(self) -> bool:
        """Wait for one; False when all have been given."""
        async with self._one:
            while self.given >= self.allowed:
                if self.given >= self.total:
                    return False
                self._more.clear()
                await self._more.wait()
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._next - loop.time()))
            self._next = max(self._next, loop.time() - 1) + self._pause
            self.given += 1
            return True


class Load:
    """Everyone who posts."""

    def __init__(self, door: Door, journal: Journal, pace: Pace, seed: int) -> None:
        self._door, self._journal, self._pace, self._seed = door, journal, pace, seed

    async def run(self) -> None:
        """Until every turn was taken, and everything that was insisted on is answered."""
        async with asyncio.TaskGroup() as group:
            for lane in self._journal.lanes:
                group.create_task(self._work(lane))

    async def _work(self, lane: Lane) -> None:
        chance = random.Random(f"{self._seed} {lane.owner} {lane.shares_detail} {lane.held}")  # noqa: S311
        goes_out = lane.held and lane.owner in RELEASED
        while await self._pace.turn():
            if goes_out and self._pace.given * 2 > self._pace.total:
                goes_out = False
                await self._release(lane)
            await self._post(lane, chance)
            if chance.random() < JUDGES:
                await self._judge(lane, chance)

    async def _post(self, lane: Lane, chance: random.Random) -> None:
        counts = {name: chance.randint(1, 9) for name in chance.sample(INDICATORS, chance.randint(1, 2))}
        post = Post(f"{len(lane.posts)}-{secrets.token_hex(8)}", counts)
        superseded: Post | None = None
        if chance.random() < CORRECTS:
            open_ones = [other for other in lane.accepted if other.status != "superseded"]
            superseded = chance.choice(open_ones) if open_ones else None
        post.supersedes = superseded.id if superseded else None
        careless = superseded is None and chance.random() < CARELESS
        if not await self._tell(lane, post, careless):
            return
        if superseded:
            superseded.status = "superseded"
        assert post.id
        lane.note(POSTED, post.id, lane.readers)
        lane.note(DETAILED, post.id, lane.detail_readers)

    async def _tell(self, lane: Lane, post: Post, careless: bool) -> bool:
        """Whether it was answered with 201; who is not careless asks until then."""
        key, pause = str(uuid4()), 0.1
        body = {"kind": "result", "text": post.word, "counts": post.counts, "supersedes": post.supersedes}
        by, path = f"{lane.owner.lower()}.liaison_officer", f"/operations/{lane.operation_id}/updates"
        self._journal.asks(lane, post, key)
        while True:
            answer = await self._door.once(by, path, body, key)
            self._journal.was_told(key, post, answer.status, answer.body.get("id") if answer.status == 201 else None)
            if answer.status == 201:
                return True
            if answer.status not in AGAIN:
                self._journal.is_surprised(f"{answer.status} {answer.body.get('type', '')} to a post")
            if careless or answer.status not in AGAIN:
                return False
            self._door.retries[answer.status] += 1
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)

    async def _judge(self, lane: Lane, chance: random.Random) -> None:
        """A coordinator stands by an update, or sends it back."""
        provisional = [post for post in lane.accepted if post.status == "provisional"]
        if not provisional:
            return
        post = chance.choice(provisional)
        verb, body = ("validate", {}) if chance.random() < 0.6 else ("return", {"reason": "Count again."})
        assert post.id
        answer = await self._door.insist(f"{lane.owner.lower()}.coordinator", f"/updates/{post.id}/{verb}", body, 1)
        if answer.status != 200:
            self._journal.is_surprised(f"{answer.status} {answer.body.get('type', '')} to {verb}")
            return
        post.status = "validated" if verb == "validate" else "returned"
        self._journal.line(post.status, id=post.id)
        lane.note(VALIDATED if verb == "validate" else RETURNED, post.id, lane.readers)
        if verb == "return":
            lane.note(EXPLAINED, post.id, frozenset({lane.owner}))

    async def _release(self, lane: Lane) -> None:
        by, path = f"{lane.owner.lower()}.coordinator", f"/operations/{lane.operation_id}/release-headline"
        answer = await self._door.insist(by, path, {}, lane.version)
        if answer.status != 200:
            raise Trouble(f"{by} at {path}: {answer.status}.")
        self._journal.line("released", operation=lane.operation_id)
        lane.release()
