"""`ledger`: writes the consent ledger to a file, and proves from its lines alone that nothing ran or was shown unasked."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.embedded.places import Home, Trouble
from deploy.embedded.servers import Servers
from services.planner.domain.evidence import Gap, Sealed, Walk
from services.planner.domain.ledger import read, shown
from services.planner.ledger import COLUMNS, line_from

_ROWS = f"SELECT {COLUMNS}, seal, hash FROM consent_ledger"  # noqa: S608
_ANCHOR = """
SELECT target, request FROM audit WHERE action = 'seal consent_ledger' AND outcome = 'done' ORDER BY id DESC LIMIT 1
"""
SHOWN = 20


@dataclass
class Verdict:
    """What was read, and what does not hold."""

    walk: Walk = field(default_factory=Walk)
    ends: str = ""
    """What the audit says of the chain's end that the ledger does not have."""

    @property
    def holds(self) -> bool:
        return not self.walk.gaps and not self.ends


def export(home: Home, file: Path) -> None:
    """All lines in order, one JSON object each, with their places in the chain."""
    if file.exists():
        raise Trouble(f"{file} is there already.")
    written = asyncio.run(_exported(home, file))
    print(f"{written} lines in {file}.")


async def _exported(home: Home, file: Path) -> int:
    written = 0
    async with _planner(home) as planner, planner.transaction():
        with file.open("x", encoding="utf-8") as out:
            async for row in _rows(planner, "number"):
                value = row.hash.hex() if row.hash else None
                out.write(f"{json.dumps({**shown(row.line), 'seal': row.seal, 'hash': value}, ensure_ascii=False)}\n")
                written += 1
    return written


def verify(home: Home, file: Path | None, as_json: bool) -> int:
    """Say whether it holds, and where not; the exit code."""
    verdict = verdict_on(file) if file else asyncio.run(_of_planner(home))
    walk = verdict.walk
    said = [_told(gap) for gap in walk.gaps]
    if as_json:
        found = {"lines": walk.lines, "sealed": walk.links.place, "hash": walk.links.before.hex()}
        print(json.dumps({**found, "holds": verdict.holds, "gaps": said, "end": verdict.ends}))
        return 0 if verdict.holds else 1
    for one in said[:SHOWN]:
        print(f"Line {one['number']}, {one['at']}, {one['kind']} of {one['party']} on {one['aggregate']} {one['subject']}:")
        print(f"  {one['why']}")
    if len(said) > SHOWN:
        print(f"And {len(said) - SHOWN} more.")
    if verdict.ends:
        print(verdict.ends)
    if not verdict.holds:
        print(f"The consent ledger does not hold ({walk.lines} lines).")
        return 1
    chain = f"{walk.links.place} of them sealed, the last as {walk.links.before.hex()}"
    print(f"The consent ledger holds: {walk.lines} lines, {chain}.")
    return 0


def verdict_on(file: Path) -> Verdict:
    """Of an exported ledger, on whatever machine."""
    try:
        rows = list(_of_file(file))
    except OSError as problem:
        raise Trouble(f"{file} cannot be read: {problem.strerror}.") from None
    except (ValueError, KeyError, TypeError) as problem:
        raise Trouble(f"{file} is no consent ledger: {type(problem).__name__}.") from None
    walk = Walk()
    for row in sorted(rows, key=lambda row: row.line.number):
        walk.read(row.line)
    for row in sorted((row for row in rows if row.seal), key=lambda row: row.seal or 0):
        walk.link(row)
    return Verdict(walk)


def _of_file(file: Path) -> Iterator[Sealed]:
    with file.open(encoding="utf-8") as lines:
        for text in lines:
            given = json.loads(text)
            value = given["hash"]
            yield Sealed(read(given), given["seal"], bytes.fromhex(value) if value else None)


async def _of_planner(home: Home) -> Verdict:
    """Of the planner's own table, at one moment."""
    walk = Walk()
    async with _planner(home) as planner, planner.transaction(isolation="repeatable_read", readonly=True):
        anchor = await planner.fetchrow(_ANCHOR)
        async for row in _rows(planner, "number"):
            walk.read(row.line)
        known = False
        async for row in _rows(planner, "seal"):
            walk.link(row)
            known |= bool(anchor) and (str(row.seal), row.hash) == (anchor["target"], bytes(anchor["request"]))
    lost = f"The audit knows of a chain of {anchor['target']} lines whose end is not here." if anchor and not known else ""
    return Verdict(walk, lost)


@asynccontextmanager
async def _planner(home: Home) -> AsyncIterator[Any]:
    """The planner's database, as its own role."""
    import asyncpg

    words = Servers.installed(home).surroundings
    try:
        address = words.database.as_role("planner", words.passwords()["planner"], "planner")
        planner = await asyncpg.connect(address, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError) as problem:
        raise Trouble("The planner's database does not answer: is the system up?") from problem
    try:
        yield planner
    finally:
        await planner.close()


async def _rows(planner: Any, order: str) -> AsyncIterator[Sealed]:
    where = "WHERE seal IS NOT NULL " if order == "seal" else ""
    async for row in planner.cursor(f"{_ROWS} {where}ORDER BY {order}", prefetch=2000):
        value = row["hash"]
        yield Sealed(line_from(row), row["seal"], bytes(value) if value else None)


def _told(gap: Gap) -> dict[str, Any]:
    told = shown(gap.line)
    return {**{name: told[name] for name in ("number", "at", "kind", "party", "aggregate", "subject")}, "why": gap.why}
