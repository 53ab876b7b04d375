"""Deconfliction: whatever changes of an operation, its conflicts with others' follow in the same transaction.

Locks are taken in one order everywhere: period, operation, tries, cells and tokens, contacts, conflicts.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.planner.domain.conflict import Conflict
from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from services.planner.domain.presence import Presence, presence_of
from services.planner.domain.targets import Allowance
from services.planner.repository_conflicts import Conflicts, Contacts, Live, NamedTargets, Tries
from shared.events.planner import ConflictEvent
from shared.runtime.db import Tx

allowance = Allowance()
"""As long as the service that runs says nothing else: see `allow`."""


def allow(other: Allowance) -> None:
    """How much a party may try from now on."""
    global allowance  # noqa: PLW0603
    allowance = other


async def deconflict(tx: Tx, operation: Operation, frame: Frame) -> None:
    """To be called when an operation was scheduled, amended, given targets, or ended. Its row must be locked and kept."""
    await deconflict_all(tx, (operation,), frame)


async def deconflict_all(tx: Tx, operations: Sequence[Operation], frame: Frame) -> None:
    """The same for several of one period: all locks come first."""
    ids = [operation.id for operation in operations]
    if not ids:
        return
    before = await Live(tx).of(ids)
    tokens = await NamedTargets(tx).tokens(ids)
    after = {one.id: now for one in operations if (now := _compared(one, frame, tokens.get(one.id, ())))}
    changed = [known for known in ids if before.get(known) != after.get(known)]
    if not changed:
        return
    for known in changed:
        if now := after.get(known):
            await _try(tx, before.get(known), now)
    live = Live(tx)
    await live.lock([one[known] for one in (before, after) for known in changed if known in one])
    for known in changed:
        await live.put(before.get(known), after.get(known))
    met = {known: await live.near(after[known]) if known in after else {} for known in changed}
    await _tell(tx, changed, after, met)


async def _tell(
    tx: Tx, changed: Sequence[UUID], after: dict[UUID, Presence], met: dict[UUID, dict[UUID, Presence]]
) -> None:
    """Bring the conflicts of these operations in line with whom they meet now."""
    others = {other for meets in met.values() for other in meets}
    owners = {one.owner for meets in met.values() for one in meets.values()} | {one.owner for one in after.values()}
    contacts = await Contacts(tx).of(owners) if others else {}
    kept = {_pair(one): one for one in await Conflicts(tx).of(changed, others)}
    told: dict[frozenset[UUID], Conflict] = {}
    said: list[ConflictEvent] = []
    for known in changed:
        pairs = {frozenset((known, other)): one for other, one in met[known].items()}
        for pair in [*pairs, *(pair for pair in kept if known in pair and pair not in pairs)]:
            other = pairs.get(pair)
            conflict = kept.get(pair) or (Conflict.between(after[known], other) if other else None)
            if conflict is None:
                continue
            own_first = conflict.first.operation_id == known
            found = () if other is None else (
                after[known].overlaps(other) if own_first else other.overlaps(after[known])
            )  # fmt: skip
            if step := conflict.meet(found, contacts, tx.now):
                kept[pair] = told[pair] = step[0]
                # one's own last: what a command names as its last event is then one's own
                said += sorted(step[1], key=lambda one: one.audience == ((tx.actor.party if tx.actor else ""),))
    await Conflicts(tx).put(*told.values())
    tx.announce(*said)


async def _try(tx: Tx, before: Presence | None, now: Presence) -> None:
    """A look at others' operations: counted, limited and recorded, whatever comes of it."""
    moved = before is None or (before.window, before.cells) != (now.window, now.cells)
    places, targets = len(now.cells) if moved else 0, len(now.tokens - (before.tokens if before else frozenset()))
    if not places and not targets:
        return
    tries = Tries(tx)
    had_places, had_targets = await tries.since(now.owner, allowance.hours)
    allowance.require((had_places, places), (had_targets, targets))
    await tries.add(now.owner, places, targets)
    tx.audit("deconflict", str(now.operation_id), f"{places} places, {targets} targets compared")


def _compared(operation: Operation, frame: Frame, tokens: Iterable[str]) -> Presence | None:
    now = presence_of(operation, frame, tokens)
    return now if now and (now.cells or now.tokens) else None


def _pair(conflict: Conflict) -> frozenset[UUID]:
    return frozenset((conflict.first.operation_id, conflict.second.operation_id))
