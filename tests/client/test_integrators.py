"""Integrators in the running system: none is replaced by chance, and a new password ends the old one."""

import asyncio
import json
import os
import sys

import pytest

from client import integrators
from client.feed import subscribe
from deploy.embedded.places import CHECKOUT, Trouble
from tests.client.test_accounts import jpa
from tests.world import World, until

pytestmark = pytest.mark.system


async def reads(credential: integrators.Credential) -> bool:
    """Whether it is let in and sees the feed's first event."""
    from aiokafka.errors import KafkaError

    try:
        async for _ in subscribe(credential.broker(), credential.topic):
            return True
    except KafkaError:
        return False
    raise AssertionError("the feed ended")


async def test_a_second_integrator_of_the_same_name_is_refused_and_the_first_reads_on(system: World):
    await system.period("NZ", "LK")
    await system.settled()
    made = integrators.Credential(**json.loads(await jpa(system, "integrator", "add", "NZ", "twice", "--json")))
    refused = await jpa(system, "integrator", "add", "NZ", "twice", fine=False)
    assert "NZ has an integrator 'twice' already: ./jpa integrator remove NZ twice first" in refused
    assert await reads(made)
    words = ("integrator", "password", "NZ", "twice", "--json")
    renewed = integrators.Credential(**json.loads(await jpa(system, *words)))
    assert renewed.password != made.password
    assert await reads(renewed)
    assert not await reads(made)
    await jpa(system, "integrator", "remove", "NZ", "twice")
    assert "no integrator 'twice'" in await jpa(system, "integrator", "password", "NZ", "twice", fine=False)
    await jpa(system, "integrator", "add", "NZ", "twice")


async def audited(system: World, username: str) -> list[str]:
    """What the operator did about this integrator, in order."""
    connection = await system.portal_database()
    try:
        rows = await connection.fetch(
            "SELECT action FROM audit WHERE target = $1 AND actor = 'operator' ORDER BY id", username
        )
    finally:
        await connection.close()
    return [row["action"] for row in rows]


async def test_who_opens_a_way_into_a_feed_is_in_the_audit_and_who_was_refused_is_not(system: World):
    for word in ("add", "password", "remove"):
        await jpa(system, "integrator", word, "AU", "seen")
    await jpa(system, "integrator", "password", "AU", "seen", fine=False)
    assert await audited(system, "feed-au-seen") == ["add integrator", "set integrator password", "remove integrator"]
    environment = {**os.environ, "JPA_HOME": str(system.servers.home.root), "PYTHONPATH": str(CHECKOUT)}
    tail = await asyncio.create_subprocess_exec(sys.executable, "-m", "client.cli", "tail", "AU", env=environment)
    try:
        await until(lambda: looked(system, "feed-au-tail"), 30)
    finally:
        tail.terminate()
        await tail.wait()


async def looked(system: World, username: str) -> bool:
    return await audited(system, username) == ["tail"]


async def test_a_new_password_is_for_somebody_who_is_there(system: World):
    with pytest.raises(Trouble, match="no integrator 'nobody'"):
        await asyncio.to_thread(integrators.new_password, system.servers.broker, "LK", "nobody")
