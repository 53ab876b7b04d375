"""What no column of a consumer's books can hold is set aside like anything else that cannot be read."""

import json
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.shared.test_bus import Bench, Record, bench, event_id, started

__all__ = ["bench"]

pytestmark = pytest.mark.system


def forged(**envelope: Any) -> Record:
    """A checkpoint whose envelope says this."""
    said = {"specversion": "1.0", "id": str(uuid7()), "type": "audit.checkpointed.v1", "source": "/intel",
            "subject": "intel", "tlp": "AMBER+STRICT", "party": "", "audience": "NZ", "sequence": "1",
            "data": {"service": "intel", "count": 1, "hash": "00", "signature": "x"}}  # fmt: skip
    return Record("audit.checkpoints", json.dumps(said | envelope).encode(), b"intel")


@pytest.mark.parametrize(
    "envelope",
    [
        {"epoch": str(2**31)},
        {"epoch": str(2**62)},
        {"source": "/\0", "subject": "\0", "data": {"service": "\0", "count": 1, "hash": "00", "signature": "x"}},
    ],
)
async def test_what_no_column_can_hold_is_set_aside_and_what_comes_behind_it_goes_on(bench: Bench, envelope: dict[str, Any]):
    strange, good = forged(**envelope), started(uuid7(), 1)
    if "subject" in envelope:
        strange.key = envelope["subject"].encode()
    await bench.hear(strange, good)
    assert [row["state"] for row in await bench.aside()] == ["failed"]
    assert bench.done == [event_id(good)]
