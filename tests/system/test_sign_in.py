"""Guessing a password from outside: how often, how many at once, from where, and with what for a name."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from deploy.embedded.credentials import signing_key
from shared.actor import Actor
from shared.runtime.identity import Signer
from shared.vocabulary import Role
from tests.world import PASSWORD, World, until

pytestmark = pytest.mark.system


@contextlib.asynccontextmanager
async def coming_from(system: World, host: int) -> AsyncIterator[httpx.AsyncClient]:
    """The portal, called from an address of our own: each test has some, because failures count for an address."""
    transport = httpx.AsyncHTTPTransport(local_address=f"127.0.7.{host}")
    url = system.servers.surroundings.url("portal")
    async with httpx.AsyncClient(base_url=url, timeout=60, transport=transport) as http:
        yield http


async def guess(http: httpx.AsyncClient, username: str, password: str = "wrong", **headers: str) -> int:
    body = {"username": username, "password": password}
    return (await http.post("/api/v1/sessions", json=body, headers=headers)).status_code


async def test_guesses_in_parallel_are_no_more_than_guesses_in_a_row(system: World):
    officer = await system.officer("TH", "liaison_officer", name="guessed")
    async with coming_from(system, 1) as http:
        found = Counter(await asyncio.gather(*(guess(http, officer.username) for _ in range(40))))
        assert set(found) == {401, 429}
        while (status := await guess(http, officer.username)) == 401:
            found[status] += 1
        assert found[401] == 10
        assert await guess(http, officer.username, PASSWORD) == 429


async def test_few_wait_for_a_check_and_the_others_are_told_at_once(system: World):
    names = [f"nobody{number}" for number in range(40)]
    async with coming_from(system, 2) as http:
        found = Counter(await asyncio.gather(*(guess(http, name) for name in names)))
        assert set(found) == {401, 429}
        assert found[429] >= 20
        same = Counter(await asyncio.gather(*(guess(http, "nobody") for _ in range(8))))
    assert same[401] <= 4
    async with coming_from(system, 2) as http:
        assert await guess(http, "nobody-else") == 401


async def test_who_knows_a_name_does_not_lock_its_owner_out(system: World):
    officer = await system.officer("TH", "liaison_officer", name="known-elsewhere")
    async with coming_from(system, 3) as elsewhere, coming_from(system, 4) as home:
        assert [await guess(elsewhere, officer.username) for _ in range(11)] == [401] * 10 + [429]
        assert await guess(home, officer.username, PASSWORD) == 201


async def test_a_name_is_guessed_from_everywhere_a_hundred_times(system: World):
    officer = await system.officer("TH", "liaison_officer", name="famous")
    found: Counter[int] = Counter()
    for host in range(10, 21):
        async with coming_from(system, host) as http:
            found.update([await guess(http, officer.username) for _ in range(10)])
    assert found == {401: 100, 429: 10}


async def test_an_address_guesses_a_hundred_times(system: World):
    found: Counter[int] = Counter()
    async with coming_from(system, 5) as http:
        for number in range(11):
            officer = await system.officer("FJ", "liaison_officer", name=f"one-of-many{number}")
            found.update([await guess(http, officer.username) for _ in range(10)])
    assert found == {401: 100, 429: 10}


async def test_who_gets_in_has_failed_nothing(system: World):
    officer = await system.officer("TH", "liaison_officer", name="often")
    async with coming_from(system, 6) as http:
        assert {await guess(http, officer.username, PASSWORD) for _ in range(12)} == {201}


async def test_nobody_on_this_machine_says_which_address_they_come_from(system: World):
    officer = await system.officer("TH", "liaison_officer", name="forwarded")
    # from 127.0.0.1, which uvicorn would believe
    found = [await guess(system.http, officer.username, **{"x-forwarded-for": f"10.0.0.{n}"}) for n in range(11)]
    assert found == [401] * 10 + [429]


@pytest.mark.parametrize(
    ("host", "body"),
    [
        (30, b'{"username": "th.\\u0000", "password": "wrong"}'),
        (31, b'{"username": "%s", "password": "wrong"}' % (b"x" * 101)),
        (32, b'{"username": "th.\\ud800", "password": "wrong"}'),
        (33, b'{"username": "th.strange", "password": "\\ud800"}'),
        (34, b'{"username": "th.strange", "password": "\\u0000"}'),
        (35, b'{"username": "", "password": ""}'),
    ],
)
async def test_a_name_or_password_that_cannot_be_is_like_any_other_that_is_wrong(
    system: World, host: int, body: bytes
):
    await system.officer("TH", "liaison_officer", name="strange")
    async with coming_from(system, host) as http:
        wrong = await http.post("/api/v1/sessions", json={"username": "th.strange", "password": "wrong"})
        answer = await http.post("/api/v1/sessions", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (401, wrong.json())


async def test_who_is_disabled_while_signing_in_does_not_get_in(system: World):
    officer = await system.officer("TH", "liaison_officer", name="caught")
    operator, watcher = await system.portal_database(), await system.portal_database()
    try:
        async with coming_from(system, 7) as http:
            async with operator.transaction():
                await operator.execute("UPDATE account SET disabled = true WHERE username = $1", officer.username)
                signing_in = asyncio.create_task(guess(http, officer.username, PASSWORD))

                async def waits() -> bool:
                    blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'portal'"
                    return signing_in.done() or bool(await watcher.fetchval(blocked))

                await until(waits)
            assert await signing_in == 401
    finally:
        await operator.close()
        await watcher.close()


async def test_a_persons_word_to_one_service_is_nothing_to_another(system: World):
    signer = Signer(signing_key(system.servers.home, "actor"))
    actor = Actor("1", "th.chair", "TH", frozenset({Role.LIAISON_OFFICER}))
    found: dict[tuple[str, str], Any] = {}
    async with httpx.AsyncClient(trust_env=False) as http:
        for service, path in (("planner", "/periods"), ("intel", "/alerts")):
            for meant in ("planner", "intel", "portal"):
                headers = {"authorization": f"Bearer {signer.token(actor, meant)}", "idempotency-key": "a-word"}
                answer = await http.post(system.servers.surroundings.url(service) + path, json={}, headers=headers)
                found[service, meant] = answer.status_code
    assert {pair for pair, status in found.items() if status != 401} == {("planner", "planner"), ("intel", "intel")}
