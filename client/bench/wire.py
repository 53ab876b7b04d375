"""HTTP/1.1 on a kept connection and nothing more: the load must cost little beside what it loads."""

import asyncio
from typing import Self


class Line:
    """One connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        reader, writer = await asyncio.open_connection(host, port, limit=2**22)
        return cls(reader, writer, f"{host}:{port}")

    async def get(self, path: str, headers: str) -> tuple[int, bytes]:
        return await self._exchange(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n{headers}\r\n".encode())

    async def post(self, path: str, headers: str, body: bytes) -> tuple[int, bytes]:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n{headers}\r\n"
        )
        return await self._exchange(head.encode() + body)

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises OSError or EOFError when the line breaks."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        _, named, rest = head.partition(b"\r\ncontent-length:")
        if not named:
            raise OSError("an answer without its length")
        body = await self._reader.readexactly(int(rest.partition(b"\r\n")[0]))
        return int(head[9:12]), body

    def close(self) -> None:
        self._writer.close()
