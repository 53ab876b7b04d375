"""One trace follows an update from the HTTP request through outbox and Kafka to the last projection."""

import json
from collections import defaultdict
from typing import Any

import pytest

from tests.world import World, until

pytestmark = pytest.mark.system


async def test_an_update_is_one_trace_from_the_request_to_the_projection(system: World):
    period = await system.period("NZ", "LK")
    operation = await system.operation(period, "NZ")
    body = {"kind": "result", "text": "Never in a trace: the weather in Auckland.", "counts": {"arrests": 1}}
    await period.officers["NZ"].do(f"/operations/{operation['id']}/updates", body)

    async def whole() -> bool:
        for spans in traces(system).values():
            steps = {(span["service"], span["name"]) for span in spans}
            if {
                ("portal", "POST /api/v1/operations/{path:path}"),
                ("planner", "POST /operations/{operation_id}/updates"),
                ("planner", "publish"),
                ("portal", "handle"),
                ("debrief", "handle"),
            } <= steps:
                return True
        return False

    await until(whole)
    every = traces(system)
    assert "Auckland" not in json.dumps(every)
    named = {name for spans in every.values() for span in spans for name in span["attributes"]}
    assert named <= {"method", "status", "type", "event"}, "spans hold names and counts, never addresses or contents"


def traces(world: World) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in world.servers.home.traces.glob("*.jsonl"):
        for line in file.read_text().splitlines():
            span = json.loads(line)
            found[span["trace"]].append(span)
    return found
