"""docker-compose.yml as far as it runs without an engine: its commands, variables, secrets, settings and health checks."""

import json
import os
import re
import signal
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.deploy.composed import SETTINGS
from tests.deploy.test_compose import metrics_in, rules
from tests.system.composed import Composed, composed
from tests.world import until

pytestmark = pytest.mark.system

PERIOD = {
    "title": "A joint period",
    "focus": ["people_smuggling"],
    "first_day": "2020-01-01",
    "last_day": "2020-12-30",
    "co_chairs": ["NZ"],
    "invited": ["NZ", "VN"],
    "objectives": [{"title": "Arrest facilitators", "indicator": "arrests", "target": 100}],
}


@pytest.fixture(scope="module")
async def system() -> AsyncIterator[Composed]:
    """All that the file starts, in the order that it names."""
    async with composed() as running:
        code, said, trouble = await running.do("provision")
        assert code == 0, trouble
        assert "topics: as they should be" in said
        await running.up(*(running.service(name) for name in SETTINGS))
        yield running


async def healthy(running: Composed, name: str) -> bool:
    code, _, _ = await running.call(running.health_check(name), running.environment(name))
    return code == 0


async def all_healthy(running: Composed) -> bool:
    return all([await healthy(running, name) for name in SETTINGS])


async def test_the_services_come_up_healthy_with_what_the_file_tells_them(system: Composed):
    await until(lambda: all_healthy(system), 60)


async def test_provisioning_again_changes_nothing_and_without_names_is_one_sentence(system: Composed):
    code, _, trouble = await system.do("provision")
    assert code == 0, trouble
    nameless = {name: value for name, value in system.environment("provision").items() if name != "DATABASE_URL_FILE"}
    code, _, trouble = await system.call(system.command("provision"), nameless)
    assert code == 1
    assert trouble.count("\n") == 1
    assert "DATABASE_URL_FILE" in trouble


async def test_an_officer_whom_the_operators_container_lets_in_sees_what_another_posts(system: Composed):
    await until(lambda: all_healthy(system), 60)
    tokens = {}
    async with httpx.AsyncClient(base_url=f"{system.url('portal')}/api/v1", trust_env=False, timeout=20) as http:
        for party, role in (("NZ", "co_chair"), ("VN", "coordinator")):
            name = f"{party.lower()}.{role.replace('_', '-')}"
            code, said, trouble = await system.do("operator", "account", "add", name, "--party", party, "--role", role)
            assert code == 0, trouble
            password = re.search(r"^password\t(\S+)$", said, re.MULTILINE)
            assert password
            answer = await http.post("/sessions", json={"username": name, "password": password[1]})
            assert answer.status_code == 201, answer.text
            tokens[party] = {"authorization": f"Bearer {answer.json()['token']}"}
        proposed = await http.post("/periods", json=PERIOD, headers={**tokens["NZ"], "idempotency-key": "one"})
        assert proposed.status_code == 201, proposed.text

        async def seen() -> bool:
            return proposed.json()["id"] in (await http.get("/periods", headers=tokens["VN"])).text

        await until(seen, 20)


async def test_the_operators_container_can_ask_how_all_of_it_is(system: Composed):
    await until(lambda: all_healthy(system), 60)
    code, said, trouble = await system.do("operator", "doctor", "--json")
    assert trouble == ""
    found = json.loads(said)
    assert found["findings"] == [], said
    assert code == 0
    assert found["checks"] > 30


async def test_every_metric_in_an_alert_is_at_every_services_door(system: Composed):
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        for name in SETTINGS:
            text = (await http.get(f"{system.url(name)}/metrics")).text
            there = set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))
            for rule in rules():
                assert metrics_in(rule["expr"]) - {"up"} <= there, (name, rule["alert"])
            assert float(re.findall(r"^jpa_disk_free_bytes (\S+)$", text, re.MULTILINE)[0]) > 0


async def test_a_broker_that_was_killed_is_told_of_and_one_that_was_stopped_is_not(system: Composed):
    mark = system.marks / "unclean.json"
    broker = system.children["kafka"]
    await broker.stop()
    broker.start()
    await broker.ready()
    assert not mark.exists()
    assert broker.pid
    os.kill(broker.pid, signal.SIGKILL)

    async def told() -> bool:
        return mark.exists()

    await until(told, 30)
    await broker.ready()
    await until(lambda: all_healthy(system), 60)
