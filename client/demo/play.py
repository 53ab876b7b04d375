"""`./jpa demo`: plays a scenario, has the portal built anew by a replay, and holds the figures to the published."""

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import Any

from client.demo import figures, practice, show
from client.demo.api import Api, Refused
from client.demo.figures import Row
from client.demo.operating import LocalOperator, Operator
from client.demo.scenario import Scenario, load
from client.demo.stage import Stage
from client.demo.story import Step, batches, story
from deploy.embedded.places import Home, Trouble, default_home
from shared.vocabulary import Role

SECONDS_AN_HOUR = {"fast": 0.0, "real": 0.25}
"""How long a played hour lasts, at most up to LONGEST_PAUSE between two batches."""
LONGEST_PAUSE = 1.5
SIGN_INS_AT_ONCE = 4
SETTLED_WITHIN = 60.0


def main(scenario: str = "jpa-1-2015", speed: str = "fast", home: Path | None = None) -> int:
    """Play it; 0 when all figures agree, the consent ledger holds and every message was taken in, else 1."""
    if speed not in SECONDS_AN_HOUR:
        raise Trouble(f"{speed!r} is no speed: use {' or '.join(SECONDS_AN_HOUR)}.")
    operator = LocalOperator(Home(home or default_home()))
    try:
        return asyncio.run(play(load(scenario), operator, SECONDS_AN_HOUR[speed]))
    except BaseExceptionGroup as group:
        from deploy.embedded.supervisor import first_problem

        raise first_problem(group) or group from None


async def play(scenario: Scenario, operator: Operator, seconds_an_hour: float = 0.0) -> int:
    """The whole demo around one scenario."""
    began = time.monotonic()
    address = await asyncio.to_thread(operator.up)
    passwords, are_new = await asyncio.to_thread(operator.let_in, scenario.accounts)
    chair = next(account.username for account in scenario.accounts if Role.CO_CHAIR in account.roles)
    before = await asyncio.to_thread(operator.quarantined)
    async with Api(address) as api:
        await _sign_in(api, scenario, passwords, operator)
        title = await _title(api, chair, scenario.period.title)
        show.opening(scenario, title)
        stage = Stage(api, scenario)
        steps = story(scenario, title)
        try:
            operator.set_clock(steps[0].at)
            if scenario.working_group:
                await asyncio.to_thread(operator.gather, scenario.working_group)
            await _perform(stage, operator, steps, seconds_an_hour)
            rows = await _figures(api, stage, operator, scenario, chair)
        finally:
            # from here the clock runs on as clocks do, so that the system can be used
            operator.set_clock(steps[-1].at, speed=1.0)
        await practice.leave(api, Stage(api, scenario), steps[-1].at)
    clock = operator.leave_clock()
    show.table(rows, scenario.measure)
    agree = all(row.agrees for row in rows)
    show.say(
        f"All {len(rows)} totals are as {scenario.measure}." if agree else f"Some totals are not as {scenario.measure}.",
        "green" if agree else "red",
    )
    holds = await asyncio.to_thread(operator.verify_ledger)
    if stuck := await asyncio.to_thread(operator.quarantined) - before:
        show.say(f"{stuck} messages could not be taken in: see ./jpa quarantine list.", "red")
    show.say(scenario.illustrative, "yellow")
    show.say(f"{len(steps)} commands in {time.monotonic() - began:.1f} s. The system stays up: {address}")
    show.accounts(scenario.accounts, passwords if are_new else None)
    shown = "The passwords are shown this once; they are kept in" if are_new else "The accounts are those of before; see"
    show.say(f"{shown} {operator.accounts_file}")
    show.say(f"Try {chair} (co-chair), {address}/periods/{stage.period_id} and its debrief: that period is closed.")
    show.say(f"Try {practice.OFFICER} (officer), who can post in the {practice.TITLE}: it runs on.")
    show.say(f"The played clock runs on from {steps[-1].at:%d %B %Y}: what you post is dated by it.", "yellow")
    show.say(f"Before any other use: ./jpa reset, or at least rm {clock}", "yellow")
    return 0 if agree and holds and not stuck else 1


async def _sign_in(api: Api, scenario: Scenario, passwords: dict[str, str], operator: Operator) -> None:
    """Everyone who acts. A few at a time: a password is slow to check, on purpose."""
    places = asyncio.Semaphore(SIGN_INS_AT_ONCE)

    async def one(username: str) -> None:
        async with places:
            try:
                await api.sign_in(username, passwords[username])
            except Refused as refused:
                if refused.status != 401:
                    raise
                raise Trouble(
                    f"{operator.accounts_file} does not fit this installation: delete it and run ./jpa reset."
                ) from refused

    async with asyncio.TaskGroup() as group:
        for username in sorted({step.by for step in story(scenario, "")}):
            group.create_task(one(username))


async def _title(api: Api, chair: str, title: str) -> str:
    """The scenario's own title the first time, a numbered one when it was played before."""
    played = [period["title"] for period in (await api.get(chair, "periods"))["items"]]
    before = sum(each == title or each.startswith(f"{title}, replay ") for each in played)
    return f"{title}, replay {before + 1}" if before else title


async def _perform(stage: Stage, operator: Operator, steps: list[Step], seconds_an_hour: float) -> None:
    """Batch by batch, the clock moved ahead of each."""
    last = steps[0].at
    with show.Show(len(steps)) as shown:
        for batch in batches(steps):
            now = batch[-1].at
            await asyncio.sleep(min(LONGEST_PAUSE, seconds_an_hour * (now - last).total_seconds() / 3600))
            operator.set_clock(now)
            await stage.play(batch)
            shown.played(batch)
            last = now


async def _figures(api: Api, stage: Stage, operator: Operator, scenario: Scenario, chair: str) -> list[Row]:
    """Read, rebuild, and read again."""
    await _settle(operator)
    computed = await _totals(api, stage, chair)
    show.say("Building the portal's read tables anew from what the services say again…")
    seconds = await asyncio.to_thread(operator.rebuild)
    await _settle(operator)
    show.say(f"Rebuilt in {seconds:.1f} s.")
    rebuilt = await _totals(api, stage, chair)
    debrief = await stage.shown(chair, f"periods/{stage.period_id}/debrief")
    return figures.compare(scenario.published, computed, rebuilt, figures.validated(debrief["figures"]))


async def _totals(api: Api, stage: Stage, chair: str) -> Counter[str]:
    found: dict[str, Any] = await api.get(chair, f"periods/{stage.period_id}/totals")
    return figures.validated(found["items"])


async def _settle(operator: Operator) -> None:
    """Until all that was said has been heard everywhere."""
    until = time.monotonic() + SETTLED_WITHIN
    while not await asyncio.to_thread(operator.is_settled):
        if time.monotonic() > until:
            raise Trouble(f"Something is still unheard after {SETTLED_WITHIN:.0f} s: see ./jpa status.")
        await asyncio.sleep(0.1)
