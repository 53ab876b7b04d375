"""The one store of files, content-addressed, in the portal's own database: a rebuild keeps it and a backup holds it."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO

from services.portal.file_kinds import clean_name, kind_of
from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import NotFound, TooLarge
from shared.runtime.db import Database
from shared.runtime.identity import Signer

log = logging.getLogger("jpa.files")

PART = 256 * 1024
_KEEP = """
INSERT INTO file (sha256, media_type, size) VALUES ($1, $2, $3)
ON CONFLICT (sha256) DO UPDATE SET at = clock_timestamp()
"""
# written also where it is there already: the time that an upload takes does not tell that somebody else has this file
_KEEP_PART = """
INSERT INTO file_part (sha256, number, content) VALUES ($1, $2, $3)
ON CONFLICT (sha256, number) DO UPDATE SET content = excluded.content
"""
_UPLOADED = """
INSERT INTO file_upload (sha256, account_id, name) VALUES ($1, $2, $3)
ON CONFLICT (sha256, account_id) DO UPDATE SET name = excluded.name
"""
# what was never named gets time to be
_PURGE = """
DELETE FROM file f WHERE NOT EXISTS (SELECT 1 FROM file_named n WHERE n.sha256 = f.sha256)
AND f.at < clock_timestamp() - make_interval(secs => $1)
RETURNING f.sha256
"""


@dataclass(frozen=True)
class Stored:
    """A file that was taken in, and the portal's sealed word on it, by which its party may name it."""

    sha256: str
    name: str
    media_type: str
    size: int
    seal: str


class FileStore:
    """Takes files in, gives them back part by part, and purges what nobody names."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._signer = Signer(settings.actor_private_key_file)
        self._at_once = asyncio.Semaphore(4)

    async def take(self, actor: Actor, content: IO[bytes], given_name: str) -> Stored:
        """Keep a file whose content lies in a temporary file.

        Raises:
            TooLarge: beyond the limit for one file.
            NotTaken: of a kind that is not taken.
        """
        async with self._at_once:
            sha256, size = await asyncio.to_thread(_measured, content)
            if size > self._settings.file_max_bytes:
                raise TooLarge(f"A file has at most {self._settings.file_max_bytes // 1_000_000} MB.")
            media_type = await asyncio.to_thread(kind_of, content, self._settings.file_types)
            name = clean_name(given_name, media_type)
            async with self._database.begin(actor) as tx:
                await tx.sql(_KEEP, sha256, media_type, size)
                await tx.sql(_UPLOADED, sha256, actor.id, name)
                for number in range(-(-size // PART)):
                    content.seek(number * PART)
                    await tx.sql(_KEEP_PART, sha256, number, content.read(PART))
                tx.audit("upload file", sha256)
        claims = {"party": actor.party, "sha256": sha256, "name": name, "media_type": media_type, "size": size}
        return Stored(sha256, name, media_type, size, self._signer.seal(claims))

    async def own(self, actor: Actor, sha256: str) -> str:
        """The name under which this very account uploaded it. Raises NotFound for everybody else's."""
        rows = await self._database.ask(
            "SELECT name FROM file_upload WHERE sha256 = $1 AND account_id = $2", sha256, actor.id
        )
        if not rows:
            raise NotFound
        return str(rows[0]["name"])

    async def size(self, sha256: str) -> int:
        """Raises NotFound for one that is no longer kept."""
        rows = await self._database.ask("SELECT size FROM file WHERE sha256 = $1", sha256)
        if not rows:
            raise NotFound("This file is no longer kept.")
        return int(rows[0]["size"])

    async def parts(self, sha256: str, size: int) -> AsyncIterator[bytes]:
        """Its content, one part in memory at a time."""
        for number in range(-(-size // PART)):
            query = "SELECT content FROM file_part WHERE sha256 = $1 AND number = $2"
            yield bytes((await self._database.ask(query, sha256, number))[0]["content"])

    async def purge(self) -> list[str]:
        """Delete what nobody names."""
        async with self._database.begin() as tx:
            rows = await tx.sql(_PURGE, self._settings.file_unnamed_hours * 3600)
            for row in rows:
                tx.audit("purge file", row["sha256"])
        return [row["sha256"] for row in rows]

    async def purge_often(self) -> None:
        """For as long as the service runs."""
        while True:
            try:
                await self.purge()
            except Exception as problem:
                log.warning("files are purged later: %s", type(problem).__name__)
            await asyncio.sleep(self._settings.file_purge_seconds)


def _measured(content: IO[bytes]) -> tuple[str, int]:
    """Hash and size."""
    content.seek(0)
    digest = hashlib.sha256()
    while part := content.read(PART):
        digest.update(part)
    return digest.hexdigest(), content.tell()
