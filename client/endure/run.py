"""One endurance run from the first account to the verdict."""

import asyncio
import logging
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from pathlib import Path

from client.endure import books
from client.endure.cast import assemble
from client.endure.door import Door
from client.endure.faults import FAULTS, Attack
from client.endure.journal import Journal
from client.endure.load import Load, Pace
from client.endure.oracle import Oracle
from client.endure.plan import Shape
from client.endure.show import Report, Show, report
from client.endure.stack import Stack, fresh_home, running, until
from client.screen import broken_off
from deploy.embedded.places import Home, Trouble
from deploy.embedded.services import SERVICES, Service
from deploy.embedded.supervisor import first_problem

LONGEST_FAULT = 420.0
ENDED = "Broken off: nothing of it is left running, and its home is deleted. Nothing was judged."
FLOW = 3
"""Updates that must have been accepted since the last fault before the next one begins."""


class Failed(Trouble):
    """The run found a difference, or could not be brought to its end."""


def main(shape: Shape, beside: Path, as_json: bool = False, services: Sequence[Service] = SERVICES) -> int:
    """0 when the promise was kept, 1 when not; then the home with the evidence is kept and named."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # brokers that go away are what this is about
    shape = shape.seeded()
    shape.require_enough()
    try:
        with broken_off(lambda: ENDED), fresh_home(beside) as home:
            show = Show(shape.updates, len(shape.planned), quiet=as_json)
            show.says(f"{shape.updates} updates, {len(shape.planned)} faults, seed {shape.seed}, in {home.root}")
            try:
                found = asyncio.run(_interruptible(endured(home, shape, show, services)))
            except (Trouble, BaseExceptionGroup) as error:
                problem = first_problem(error)
                if problem is None:
                    raise
                raise Failed(f"{problem} Seed {shape.seed}. {_kept(home)}") from error
            report(found, as_json)
            if not found.passed:
                raise Failed(_kept(home))
    except Failed as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    except asyncio.CancelledError:  # SIGTERM
        sys.stderr.write(f"{ENDED}\n")
        return 143
    return 0


def _kept(home: Home) -> str:
    return f"Journal, logs and data are kept in {home.root}."


async def _interruptible(work: Coroutine[None, None, Report]) -> Report:
    """Ctrl-C and SIGTERM end it in order, so that nothing is left running."""
    task = asyncio.create_task(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


async def endured(home: Home, shape: Shape, show: Show, services: Sequence[Service] = SERVICES) -> Report:
    """Everything in this home."""
    with show:
        async with running(home, services, shape.brokers, shape.replicas) as stack:
            journal = Journal(home.root / "endure" / "journal.jsonl")
            try:
                async with Door(stack.surroundings.urls("portal")) as door:
                    return await attacked(stack, door, journal, shape, show)
            finally:
                journal.close()


async def attacked(stack: Stack, door: Door, journal: Journal, shape: Shape, show: Show) -> Report:
    """Load and faults together, then rest, then the verdict."""
    began = time.monotonic()
    show.says("Accounts, a period and its operations are made.")
    cast = await assemble(stack, door, journal)
    chance = random.Random(shape.seed)  # noqa: S311
    found = Report(shape.seed, shape.updates, dict(Counter(shape.planned)), accounts=len(cast.watchers))
    pace = Pace(shape.updates, shape.a_second)
    attack = Attack(stack, door, journal, cast, chance, shape.outage, pace)
    load = asyncio.create_task(Load(door, journal, pace, shape.seed).run())
    watch = asyncio.create_task(_watch(journal, show))
    try:
        show.started()
        await _inflict(attack, shape.planned, pace, load, show)
        pace.allow(1)
        await load
    finally:
        load.cancel()
        watch.cancel()
        await asyncio.gather(load, watch, return_exceptions=True)
    settling = time.monotonic()
    found.differences += await _verdict(books.settled(attack))
    found.settle_seconds = time.monotonic() - settling
    show.says("At rest. The oracle looks through every door.")
    judged = time.monotonic()
    oracle = Oracle(attack)
    found.differences += attack.problems
    found.differences += [f"{times} unexpected answers: {what}" for what, times in journal.surprises.items()]
    found.differences += await oracle.judge()
    found.differences += await _verdict(books.quarantine(attack))
    found.differences += await _verdict(books.debrief(attack, oracle.shared_sums()))
    found.differences += await _verdict(books.evidence(attack))
    found.accepted, found.tries = journal.answered, journal.tries
    found.unanswered = shape.updates - journal.answered
    found.unanswered_and_kept = len(oracle.unsure)
    found.retries = {str(status or "no answer"): times for status, times in sorted(door.retries.items())}
    found.longest_silence_seconds = journal.longest_silence
    found.feed_messages, found.quarantined = oracle.feed_messages, len(attack.quarantined)
    found.surprises = dict(journal.surprises)
    found.judge_seconds, found.seconds = time.monotonic() - judged, time.monotonic() - began
    return found


async def _verdict(part: Coroutine[None, None, list[str]]) -> list[str]:
    """Its differences; that it does not come about is one too, and keeps no other from being found."""
    try:
        return await part
    except Trouble as problem:
        return [str(problem)]


async def _inflict(attack: Attack, planned: list[str], pace: Pace, load: "asyncio.Task[None]", show: Show) -> None:
    """Each fault at its share of the updates, with others still to come meanwhile."""
    journal, parts = attack.journal, len(planned) + 2
    pace.allow(1.6 / parts)
    for number, name in enumerate(planned, 1):
        await _flows(journal, pace.total * (number - 0.4) / parts, load)
        if load.done():
            load.result()
            raise Trouble("the updates ran out before the faults")
        show.begins(name)
        journal.line("fault", name=name, asked=journal.asked)
        began = time.monotonic()
        try:
            await asyncio.wait_for(FAULTS[name](attack), LONGEST_FAULT)
        except (Trouble, TimeoutError) as problem:
            raise Trouble(f"{name}: {problem}") from problem
        journal.line("over", name=name, seconds=time.monotonic() - began)
        show.ends(name, time.monotonic() - began, journal.answered)
        pace.allow((number + 1.6) / parts)


async def _flows(journal: Journal, share: float, load: "asyncio.Task[None]") -> None:
    """Wait until so many updates were asked for, and some of them accepted since the fault before."""
    enough = journal.answered + FLOW
    flowing = "no update is accepted any more"
    await until(lambda: load.done() or (journal.asked >= share and journal.answered >= enough), flowing)


async def _watch(journal: Journal, show: Show) -> None:
    while True:
        show.posted(journal.asked)
        await asyncio.sleep(0.2)
