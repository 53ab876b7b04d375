"""Random drafts, holds, releases, recalls, a late join and a leave: every door shows what it may, and all of it."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.system.oracle import Oracle, canary
from tests.world import Json, Officer, Period, World

pytestmark = pytest.mark.system

FIRST = ("JP", "KR", "MN")
LATE, DESK, STRANGER = "BT", "INTERPOL", "NR"
STEPS = 45


@dataclass
class Marker:
    """What one finds something by; who has it now, and who ever was given it: their feeds keep it."""

    what: str
    word: str
    ever: set[str] = field(default_factory=set)
    now: set[str] = field(default_factory=set)


@dataclass
class Op:
    """An operation as this test believes it to be, by rules of its own."""

    owner: str
    path: str
    version: int
    audience: str
    headlines: list[Marker]
    details: list[Marker]
    named: set[str] = field(default_factory=set)
    held: bool = False
    state: str = "drafted"

    def readers(self, members: set[str]) -> tuple[set[str], set[str]]:
        """Of the headline, and of the detail."""
        if self.state == "drafted" or self.held:
            return {self.owner}, {self.owner}
        near = {"own": set[str](), "involved": self.named, "participants": members | self.named}[self.audience]
        return {self.owner} | members | self.named, {self.owner} | near


class Story:
    """What happens, command by command, and what this test makes of it."""

    def __init__(self, world: World, period: Period, seed: int) -> None:
        self.world, self.period, self.chance = world, period, random.Random(seed)
        self.members, self.gone = set(FIRST), set[str]()
        self.ops: list[Op] = []
        self.after_leaving: list[Marker] = []
        self.done: Counter[str] = Counter()

    def _coordinator(self, op: Op) -> Officer:
        return self.period.coordinators[op.owner]

    async def _do(self, op: Op, verb: str, body: Json | None = None) -> None:
        said = await self._coordinator(op).do(f"{op.path}/{verb}", body, version=op.version)
        op.version = said["version"]

    def _told(self) -> None:
        """Whoever reads it from now on was given it by an event."""
        for op in self.ops:
            far, near = op.readers(self.members)
            for marks, readers in ((op.headlines, far), (op.details, near)):
                for mark in marks:
                    mark.now = readers - self.gone
                    mark.ever |= mark.now

    def _new(self, what: str, word: str) -> Marker:
        mark = Marker(what, word)
        if self.gone:
            self.after_leaving.append(mark)
        return mark

    async def draft(self) -> None:
        owner = self.chance.choice(sorted(self.members))
        audience = self.chance.choice(("own", "participants", "involved"))
        named = [DESK] if audience == "involved" else []
        secret = canary("narrative")
        made = await self.period.officers[owner].do(
            "/operations",
            {
                "period_id": self.period.id, "kind": "training", "title": f"Of {owner}", "narrative": secret,
                "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-11-01T00:00:00Z"},
                "detail_audience": audience, "named": named,
            },
        )  # fmt: skip
        number = len(self.ops) + 1
        headline, detail = self._new(f"operation {number}", made["id"]), self._new(f"detail {number}", secret)
        path = f"/operations/{made['id']}"
        self.ops.append(Op(owner, path, made["version"], audience, [headline], [detail], set(named)))

    async def schedule(self, op: Op) -> None:
        op.held = self.chance.random() < 0.4
        await self._do(op, "schedule", {"hold": op.held})
        op.state = "scheduled"

    async def start(self, op: Op) -> None:
        await self._do(op, "start")
        op.state = "under_way"

    async def update(self, op: Op) -> None:
        text = canary("text")
        body = {"kind": "result", "text": text, "counts": {"arrests": 1}}
        posted = await self.period.officers[op.owner].do(f"{op.path}/updates", body)
        op.headlines.append(self._new(f"an update of {op.headlines[0].what}", posted["id"]))
        op.details.append(self._new(f"the text of an update of {op.headlines[0].what}", text))

    async def release_headline(self, op: Op) -> None:
        await self._do(op, "release-headline")
        op.held = False

    async def release_detail(self, op: Op) -> None:
        to = self.chance.choice(("participants", "involved") if op.audience == "own" else ("participants",))
        named = {DESK} if to == "involved" else op.named
        await self._do(op, "release-detail", {"detail_audience": to, "named": sorted(named)})
        op.audience, op.named = to, named

    async def recall_detail(self, op: Op) -> None:
        await self._do(op, "recall-detail", {"detail_audience": "own"})
        op.audience = "own"

    async def join(self) -> None:
        answer = {"answer": "joined", "plan_version": 1}
        await self.period.coordinators[LATE].do(f"/periods/{self.period.id}/answers", answer)
        self.members.add(LATE)

    async def leave(self) -> None:
        await self.period.coordinators["MN"].do(f"/periods/{self.period.id}/leave", {"reason": "Elections."})
        self.members.discard("MN")
        self.gone.add("MN")
        # what was under way of it is cancelled, and what was not yet shown stays at home
        self.ops = [op for op in self.ops if op.owner != "MN"]

    async def go_on(self, step: int) -> None:
        """One command that the rules allow."""
        if step == STEPS // 3:
            await self.join()
        elif step == 2 * STEPS // 3:
            await self.leave()
        else:
            ready = {
                self.schedule: [op for op in self.ops if op.state == "drafted"],
                self.start: [op for op in self.ops if op.state == "scheduled"],
                self.update: [op for op in self.ops if op.state == "under_way"],
                self.release_headline: [op for op in self.ops if op.held],
                self.release_detail: [
                    op for op in self.ops if op.state != "drafted" and op.audience != "participants" and not op.held
                ],
                self.recall_detail: [
                    op for op in self.ops if op.state != "drafted" and op.audience == "participants" and not op.named
                ],
            }  # fmt: skip
            possible = [(act, ops) for act, ops in ready.items() if ops]
            if not possible or self.chance.random() < 0.2:
                await self.draft()
            else:
                act, ops = self.chance.choice(possible)
                self.done[act.__name__] += 1
                await act(self.chance.choice(ops))
        self._told()


async def a_period(world: World) -> Period:
    """JP, KR and MN take part, BT is asked, INTERPOL supports; NR was never asked."""
    parties = (*FIRST, LATE)
    chair = await world.officer("JP", "co_chair", name="chair")
    coordinators = {party: await world.officer(party, "coordinator", name="coordinator") for party in parties}
    officers = {party: await world.officer(party, "liaison_officer", name="officer") for party in parties}
    said = await chair.do(
        "/periods",
        {
            "title": "By chance", "focus": ["land"], "first_day": "2020-01-01", "last_day": "2020-12-30",
            "co_chairs": ["JP"], "invited": list(parties), "supporting": [DESK],
        },
    )  # fmt: skip
    base = f"/periods/{said['id']}"
    for party in FIRST:
        said = await coordinators[party].do(f"{base}/answers", {"answer": "joined"})
    said = await chair.do(f"{base}/plan-versions", {"sections": [{"title": "Aim", "text": "By chance."}]}, said["version"])
    for party in FIRST:
        said = await coordinators[party].do(f"{base}/plan-versions/1/answers", {"answer": "endorsed"})
    said = await chair.do(f"{base}/adopt", {"plan_version": 1}, said["version"])
    said = await chair.do(f"{base}/activate", version=said["version"])
    world.period_ids.append(said["id"])
    return Period(said["id"], said["version"], chair, coordinators, officers)


@pytest.mark.parametrize("seed", [2, 44])
async def test_whatever_is_held_released_and_taken_back_each_sees_what_it_may_and_all_of_it(system: World, seed: int):
    period = await a_period(system)
    story = Story(system, period, seed)
    for step in range(STEPS):
        await story.go_on(step)
    await system.settled()
    oracle = Oracle(system, periods=[period.id])
    oracle.watchers = [
        *(period.officers[party] for party in (*FIRST, LATE)),
        await system.officer(DESK, "liaison_officer", name="desk"),
        await system.officer(STRANGER, "liaison_officer", name="officer"),
    ]
    for op in story.ops:
        for mark in (*op.headlines, *op.details):
            oracle.knows(f"{mark.what} of {op.owner} ({op.state}, {op.audience})", mark.word, mark.now, once=mark.ever)
    assert len(story.ops) > 3
    assert {"update", "release_headline", "release_detail", "recall_detail"} <= story.done.keys()
    kept = [op for op in story.ops if len(op.details) > 1 and op.headlines[1].now > op.details[1].now]
    assert kept, "an update whose headline is for more than its text"
    watched = {watcher.party for watcher in oracle.watchers}
    assert not (wrong := await oracle.judge(watched)), "\n".join(wrong)
    fed = str(await system.feed("MN", "oracle"))
    assert not [mark.what for mark in story.after_leaving if mark.word in fed], "who left is told nothing new"
