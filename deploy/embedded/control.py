"""The supervisor's Unix socket: one JSON line asks, one answers."""

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from deploy.embedded.places import Home, Trouble

Handle = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


async def serve(home: Home, handle: Handle) -> asyncio.Server:
    """Listen; only the same user can ask."""
    path = home.control_socket
    path.unlink(missing_ok=True)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            said = await handle(json.loads(await reader.readline()))
            writer.write(json.dumps(said).encode() + b"\n")
            await writer.drain()
        except (ValueError, OSError):
            pass  # whoever asked in another language, or has gone
        finally:
            writer.close()

    mask = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(answer, path)
    finally:
        os.umask(mask)


def ask(home: Home, question: dict[str, Any], patience: float = 90.0) -> dict[str, Any]:
    """Ask the supervisor that runs; a sentence if there is none or it refuses."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience)
        try:
            line.connect(os.fspath(home.control_socket))
            line.sendall(json.dumps(question).encode() + b"\n")
            answer: dict[str, Any] = json.loads(line.makefile().readline() or "{}")
        except (OSError, ValueError) as error:
            raise Trouble("The system is not up: start it with ./jpa up.") from error
    if problem := answer.get("problem"):
        raise Trouble(problem)
    return answer
