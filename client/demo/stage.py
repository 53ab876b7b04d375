"""Plays steps through the API, and remembers what the system called things and in which version it last saw them."""

import asyncio
from collections import defaultdict
from typing import Any

from client.demo import papers
from client.demo.api import Api, Refused
from client.demo.scenario import Scenario
from client.demo.story import PERIOD, Known, Step
from deploy.embedded.places import Trouble

SHOWN_WITHIN = 20.0
"""Seconds in which what was accepted must show."""


class Stage:
    """One play of one scenario."""

    def __init__(self, api: Api, scenario: Scenario) -> None:
        self._api = api
        self._scenario = scenario
        self._ids: dict[str, str] = {}
        self._versions: dict[str, int] = {}

    @property
    def period_id(self) -> str:
        return self._ids[PERIOD]

    async def play(self, batch: list[Step]) -> None:
        """All steps of a batch: lanes side by side, each in its order."""
        lanes: dict[str, list[Step]] = defaultdict(list)
        for step in batch:
            lanes[step.lane].append(step)
        async with asyncio.TaskGroup() as group:
            for steps in lanes.values():
                group.create_task(self._in_order(steps))

    async def _in_order(self, steps: list[Step]) -> None:
        for step in steps:
            await self._do(step)

    async def _do(self, step: Step) -> None:
        if step.finds and step.makes:
            await self._find(step.by, step.finds, step.makes)
        path, body = self._path(step.path), self._known(step.body)
        if step.awaits:
            await self._awaited(step)
            return
        if step.reads:
            await self.shown(step.by, self._path(step.path[:2]))
        if step.refused:
            await self._refused(step, path, body)
            return
        if step.file:
            paper = await asyncio.to_thread(papers.pdf, step.file, self._scenario.illustrative, step.at)
            body |= {"files": [await self._api.upload(step.by, step.file.name, paper)]}
        on = step.on or (step.makes if step.finds else None) or ""
        try:
            answer = await self._api.post(step.by, path, body, self._versions.get(on))
        except Refused as refused:
            if not refused.is_stale or on not in self._versions:
                raise
            await self._look_again(step, on)
            answer = await self._api.post(step.by, path, body, self._versions[on])
        changed = step.makes or step.on or (PERIOD if step.lane == PERIOD else None)
        if step.makes:
            self._ids[step.makes] = answer["id"]
        if changed:
            self._versions[changed] = answer["version"]
        if step.makes == PERIOD:
            await self._learn_objectives(step.by)

    async def _find(self, by: str, where: str, key: str) -> None:
        """The newest thing of a list, once there is one."""
        async with asyncio.timeout(SHOWN_WITHIN):
            found = (await self._api.get(by, where))["items"]
            while not found:
                await asyncio.sleep(0.05)
                found = (await self._api.get(by, where))["items"]
        self._ids[key], self._versions[key] = found[0]["id"], found[0]["version"]

    async def _refused(self, step: Step, path: str, body: dict[str, Any]) -> None:
        """What must not be done is tried, and the server says no.

        Raises:
            Trouble: it did not, or for another reason.
        """
        try:
            await self._api.post(step.by, path, body, self._versions.get(step.on or ""))
        except Refused as refused:
            if refused.status == step.refused:
                return
            raise
        raise Trouble(f"{step.by} was not refused: {path}")

    async def _awaited(self, step: Step) -> None:
        """Until it has the status that the system gives it by the clock; its version is taken."""
        async with asyncio.timeout(SHOWN_WITHIN):
            found = await self._api.get(step.by, self._path(step.path))
            while found["status"] != step.awaits:
                await asyncio.sleep(0.05)
                found = await self._api.get(step.by, self._path(step.path))
        self._versions[step.lane] = found["version"]

    async def _look_again(self, step: Step, on: str) -> None:
        """Someone else changed it: wait until that shows here too, and take its version."""
        seen = self._versions[on]
        async with asyncio.timeout(SHOWN_WITHIN):
            while self._versions[on] == seen:
                found = await self._api.get(step.by, self._path(step.path[:2]))
                self._versions[on] = found["version"]
                await asyncio.sleep(0.05)

    async def _learn_objectives(self, by: str) -> None:
        """The system gave the objectives ids of its own; operations name them."""
        period = await self.shown(by, f"periods/{self.period_id}")
        ids = {objective["title"]: objective["id"] for objective in period["objectives"]}
        self._ids |= {objective.key: ids[objective.title] for objective in self._scenario.period.objectives}

    async def shown(self, by: str, path: str) -> dict[str, Any]:
        """What lies there, once it shows: reading follows writing by a moment."""
        until = asyncio.get_running_loop().time() + SHOWN_WITHIN
        while True:
            try:
                return await self._api.get(by, path)
            except Refused as refused:
                if refused.status != 404 or asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(0.05)

    def _path(self, path: tuple[str | Known, ...]) -> str:
        return "/".join(self._known(part) for part in path)

    def _known(self, value: Any) -> Any:
        """With the system's ids in the place of the scenario's keys."""
        if isinstance(value, Known):
            return self._ids[value.key]
        if isinstance(value, dict):
            return {name: self._known(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._known(each) for each in value]
        return value
