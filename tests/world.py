"""Acting in a running system from outside: officers of several states with their tokens, and what each then sees."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition
from argon2 import PasswordHasher
from uuid_utils.compat import uuid7

from client import operator
from tests.servers import RunningServers

PASSWORD = "a password for tests only"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Json = dict[str, Any]


@dataclass
class Officer:
    """One account, signed in."""

    world: "World"
    username: str
    party: str
    roles: tuple[str, ...]
    token: str = ""

    async def post(
        self, path: str, body: Json | None = None, version: int | None = None, key: str | None = None, **options: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": key or str(uuid7())}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self.world.http.post(f"/api/v1{path}", json=body or {}, headers=headers, **options)

    async def do(self, path: str, body: Json | None = None, version: int | None = None) -> Json:
        """Post, and expect it to be accepted."""
        answer = await self.post(path, body, version)
        assert answer.is_success, f"{self.username} {path}: {answer.status_code} {answer.text}"
        said: Json = answer.json()
        return said

    async def get(self, path: str, **query: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return await self.world.http.get(f"/api/v1{path}", params=query or None, headers=headers)

    async def see(self, path: str, **query: Any) -> Json:
        """Get, and expect to be shown it."""
        answer = await self.get(path, **query)
        assert answer.is_success, f"{self.username} {path}: {answer.status_code} {answer.text}"
        said: Json = answer.json()
        return said

    async def all(self, path: str, **query: Any) -> list[Json]:
        """Every item of a list, page by page."""
        items: list[Json] = []
        cursor: str | None = None
        while True:
            page = await self.see(path, **query, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items


@dataclass
class Period:
    """A period that runs, with the officers of its states."""

    id: str
    version: int
    chair: Officer
    coordinators: dict[str, Officer]
    officers: dict[str, Officer]


@dataclass
class World:
    """The system as its users have it."""

    servers: RunningServers
    http: httpx.AsyncClient
    officers: dict[str, Officer] = field(default_factory=dict)
    period_ids: list[str] = field(default_factory=list)

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, servers: RunningServers) -> AsyncIterator["World"]:
        url = servers.surroundings.url("portal")
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits, trust_env=False) as http:
            yield cls(servers, http)

    async def portal_database(self) -> asyncpg.Connection:
        """As the portal's own role."""
        words = self.servers.surroundings
        return await asyncpg.connect(words.database.as_role("portal", words.passwords()["portal"], "portal"))

    async def officer(self, party: str, *roles: str, name: str = "") -> Officer:
        """An account of a party with these roles, signed in; made when it is first asked for."""
        username = f"{party.lower()}.{name or '-'.join(roles)}"
        if username not in self.officers:
            connection = await self.portal_database()
            try:
                await connection.execute(
                    "INSERT INTO account (id, username, party, roles, password_hash, display_name, disabled) "
                    "VALUES ($1, $2, $3, $4, $5, $2, false)",
                    uuid7(),
                    username,
                    party,
                    list(roles),
                    CHEAP.hash(PASSWORD),
                )
            finally:
                await connection.close()
            officer = Officer(self, username, party, roles)
            await self.sign_in(officer)
            self.officers[username] = officer
        return self.officers[username]

    async def sign_in(self, officer: Officer) -> None:
        answer = await self.http.post("/api/v1/sessions", json={"username": officer.username, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        officer.token = answer.json()["token"]

    async def period(
        self, *parties: str, supporting: tuple[str, ...] = (), rights_officers: tuple[str, ...] = ()
    ) -> Period:
        """An active period of these states; the first one's co-chair proposed it."""
        chair = await self.officer(parties[0], "co_chair", name="chair")
        coordinators = {party: await self.officer(party, "coordinator", name="coordinator") for party in parties}
        officers = {party: await self.officer(party, "liaison_officer", name="officer") for party in parties}
        proposed = await chair.do(
            "/periods",
            {
                "title": "A joint period",
                "focus": ["people_smuggling"],
                "first_day": "2020-01-01",
                "last_day": "2020-12-30",
                "co_chairs": [parties[0]],
                "invited": list(parties),
                "supporting": list(supporting),
                "objectives": [{"title": "Arrest facilitators", "indicator": "arrests", "target": 100}],
            },
        )
        period_id = proposed["id"]
        self.period_ids.append(period_id)
        for coordinator in coordinators.values():
            said = await coordinator.do(f"/periods/{period_id}/answers", {"answer": "joined"})
        plan = {"sections": [{"title": "Aim", "text": "Act together."}], "rights_officers": list(rights_officers)}
        said = await chair.do(f"/periods/{period_id}/plan-versions", plan, version=said["version"])
        for coordinator in coordinators.values():
            said = await coordinator.do(f"/periods/{period_id}/plan-versions/1/answers", {"answer": "endorsed"})
        said = await chair.do(f"/periods/{period_id}/adopt", {"plan_version": 1}, version=said["version"])
        said = await chair.do(f"/periods/{period_id}/activate", version=said["version"])
        return Period(period_id, said["version"], chair, coordinators, officers)

    async def operation(
        self, period: Period, party: str, hold: bool = False, detail_audience: str = "own", **more: Any
    ) -> Json:
        """An operation of this state that is under way."""
        coordinator = period.coordinators[party]
        drafted = await period.officers[party].do(
            "/operations",
            {
                "period_id": period.id,
                "kind": "visa_checks",
                "title": f"Operation of {party}",
                "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-11-01T00:00:00Z"},
                "detail_audience": detail_audience,
                **more,
            },
        )
        path = f"/operations/{drafted['id']}"
        said = await coordinator.do(f"{path}/schedule", {"hold": hold}, version=drafted["version"])
        return await coordinator.do(f"{path}/start", version=said["version"])

    async def working_group(self, *members: str) -> None:
        """The operator lets these join that are not of it, and all others leave."""
        url = f"{self.servers.surroundings.url('planner')}/operator/working-group"
        headers = {"authorization": f"Bearer {operator.token(self.servers.home, 'planner')}"}
        async with httpx.AsyncClient(trust_env=False, timeout=30, headers=headers) as http:
            leave = set((await http.get(url)).json()["members"]) - set(members)
            answer = await http.post(url, params={"add": list(members), "remove": sorted(leave)})
        assert answer.json()["members"] == sorted(members), answer.text

    async def feed(self, party: str, name: str = "test") -> list[Json]:
        """Everything in a party's feed, read with that party's own credential, repeats and all."""
        credential = await asyncio.to_thread(self.servers.integrator, party, name)
        consumer = AIOKafkaConsumer(**credential.broker().for_aiokafka(), enable_auto_commit=False)
        await consumer.start()
        try:
            place = TopicPartition(credential.topic, 0)
            consumer.assign([place])
            end = (await consumer.end_offsets([place]))[place]
            consumer.seek(place, 0)
            found: list[Json] = []
            read = 0
            while read < end:
                for messages in (await consumer.getmany(timeout_ms=1000)).values():
                    for message in messages:
                        assert message.offset == read, "a feed's offset is its gapless number"
                        read += 1
                        with contextlib.suppress(ValueError):
                            found.append(json.loads(message.value or b""))
            return found
        finally:
            await consumer.stop()

    async def forget_quarantine(self) -> None:
        """Take out what a test put in, for the tests after it, once each consumer has heard it: debrief takes its time."""
        words = self.servers.surroundings

        async def heard() -> bool:
            urls = [words.url(service) for service in ("portal", "debrief", "intel", "planner")]
            said = [await asyncio.to_thread(operator.readiness, url) for url in urls]
            return all(each.get("lag") == 0 for each in said)

        await until(heard)
        tables = {"portal": "read.quarantine", **dict.fromkeys(("debrief", "intel", "planner"), "quarantine")}
        for service, table in tables.items():
            connection = await asyncpg.connect(words.database.as_role(service, words.passwords()[service], service))
            try:
                await connection.execute(f"TRUNCATE {table}")
            finally:
                await connection.close()

    async def settled(self, seconds: float = 60) -> None:
        """Wait until nothing is on its way any more: every outbox empty, every consumer without lag."""

        said: Json = {}

        async def still() -> bool:
            nonlocal said
            words = self.servers.surroundings
            for url in [url for service in ("planner", "intel", "debrief", "portal") for url in words.urls(service)]:
                try:
                    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
                        said = (await http.get(f"{url}/health/ready")).json()
                except (httpx.HTTPError, ValueError):
                    return False
                if not said["ready"] or said["lag"] or said["outbox"]:
                    return False
                assert not said["quarantine"], f"{said['service']} has set something aside: see its log"
            return True

        for _ in range(2):  # receipts make further events: quiet twice in a row is quiet
            try:
                await until(still, seconds)
            except AssertionError as late:
                raise AssertionError(f"it does not come to rest: {said}") from late


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 15) -> None:
    """Ask again until it is so; fail when it takes longer."""
    end = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.05)
