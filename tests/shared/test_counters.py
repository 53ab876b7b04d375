"""Counters that alarms stand on are there before the first fault, and every fault raises one."""

import re

import pytest
import yaml
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from prometheus_client import REGISTRY

from deploy.embedded.places import CHECKOUT
from shared.errors import Conflict
from shared.runtime.door import Door
from shared.runtime.problems import count_from_zero, install


def refused(reason: str) -> float | None:
    return REGISTRY.get_sample_value("jpa_refused_total", {"reason": reason})


def test_what_an_alarm_counts_is_there_at_0_before_the_first_fault():
    count_from_zero(["/a/route/of/this/test"])
    for route in ("/a/route/of/this/test", "none"):
        assert REGISTRY.get_sample_value("jpa_http_requests_total", {"route": route, "status": "500"}) is not None
    rules = (CHECKOUT / "deploy" / "compose" / "alerts.yaml").read_text()
    for reasons in re.findall(r'reason=~"([^"]+)"', yaml.safe_dump(yaml.safe_load(rules), width=10_000)):
        assert all(refused(reason) is not None for reason in reasons.split("|"))


@pytest.mark.parametrize(
    ("body", "reason", "status"),
    [(b"{}", "unforeseen", 500), (b"x" * 100, "too-large", 413), (b"1", "conflict", 409), (b'"x"', "invalid", 422)],
)
async def test_what_is_refused_is_counted_once_wherever_it_is_refused(body: bytes, reason: str, status: int):
    app = FastAPI()

    @app.post("/thing")
    async def thing(given: int | dict[str, str]) -> None:
        if given == 1:
            raise Conflict("not now")
        raise RuntimeError

    install(app)
    app.add_middleware(Door, body_max_bytes=50)
    count_from_zero([])
    before = refused(reason)
    assert before is not None
    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
        answer = await client.post("/thing", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert refused(reason) == before + 1
