"""Large bodies are read as they come, to their own limit; everything else is held whole and small as before."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from shared.runtime.door import Door

SMALL, LARGE = 10, 100


class Line:
    """What a client sends, part by part, and what it is answered."""

    def __init__(self, *parts: bytes, breaks: bool = False) -> None:
        more = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        end = {"type": "http.disconnect"} if breaks else {"type": "http.request", "body": b"", "more_body": False}
        self._messages: Iterator[Message] = iter([*more, end])
        self.taken, self.said = 0, list[Message]()

    async def receive(self) -> Message:
        self.taken += 1
        return next(self._messages)

    async def send(self, message: Message) -> None:
        self.said.append(message)

    @property
    def status(self) -> int:
        return next(one["status"] for one in self.said if one["type"] == "http.response.start")


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    size = sum([len(part) async for part in Request(scope, receive).stream()])
    await Response(str(size))(scope, receive, send)


async def post(line: Line, path: str) -> None:
    door = Door(reads_all, SMALL, lambda scope: LARGE if scope["path"] == "/files" else None)
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    await door(scope, line.receive, line.send)


LIMITS = [("/x", 10, 200), ("/x", 11, 413), ("/files", 100, 200), ("/files", 101, 413)]


@pytest.mark.parametrize(("path", "size", "status"), LIMITS)
async def test_each_has_its_limit(path: str, size: int, status: int):
    line = Line(b"x" * size)
    await post(line, path)
    assert line.status == status


async def test_what_is_too_large_is_not_read_to_its_end():
    line = Line(*[b"x" * 60] * 1000)
    await post(line, "/files")
    assert (line.status, line.taken) == (413, 2)


@pytest.mark.parametrize("path", ["/x", "/files"])
async def test_a_line_that_breaks_is_answered_with_nothing_and_is_no_fault(path: str, caplog: pytest.LogCaptureFixture):
    line = Line(b"x", breaks=True)
    await post(line, path)
    assert line.said == []
    assert caplog.records == []
