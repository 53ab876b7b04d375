"""What is kept of operations: open and held, drafts, details at home, shared, released and taken back."""

from datetime import UTC, datetime, timedelta

from tests.system.oracle import Oracle, canary
from tests.world import Period


async def operation(
    oracle: Oracle, period: Period, owner: str, states: tuple[str, ...], audience: str, readers: tuple[str, ...]
) -> None:
    secret, text = canary("narrative"), canary("text")
    operation = await oracle.world.operation(period, owner, detail_audience=audience, narrative=secret)
    posted = await period.officers[owner].do(
        f"/operations/{operation['id']}/updates", {"kind": "result", "text": text, "counts": {"arrests": 1}}
    )
    oracle.knows(f"the headline of {owner}'s operation", operation["id"], states)
    oracle.knows(f"the detail ({audience}) of {owner}'s operation", secret, readers)
    oracle.knows(f"the headline of {owner}'s update", posted["id"], states)
    oracle.knows(f"the text ({audience}) of {owner}'s update", text, readers)
    reason = canary("reason")
    await period.coordinators[owner].do(f"/updates/{posted['id']}/return", {"reason": reason}, version=1)
    oracle.knows(f"why {owner} returned it", reason, (owner,))


async def held(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...]) -> None:
    world = oracle.world
    held = await world.operation(period, owner, hold=True, detail_audience="participants", narrative=canary("held"))
    posted = await period.officers[owner].do(f"/operations/{held['id']}/updates", {"kind": "progress", "text": "x"})
    oracle.knows(f"{owner}'s held headline", held["id"], (owner,))
    oracle.knows(f"{owner}'s update on it", posted["id"], (owner,))
    released = await world.operation(period, owner, hold=True, narrative=(secret := canary("released")))
    posted = await period.officers[owner].do(
        f"/operations/{released['id']}/updates", {"kind": "progress", "text": (text := canary("text"))}
    )
    await period.coordinators[owner].do(
        f"/operations/{released['id']}/release-headline", version=released["version"]
    )
    oracle.knows(f"{owner}'s released headline", released["id"], states)
    oracle.knows(f"{owner}'s update before the release", posted["id"], states)
    oracle.knows(f"the detail of {owner}'s released operation", secret, (owner,))
    oracle.knows("and its text", text, (owner,))


async def named(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...], named: str) -> None:
    """With everything that a detail has, for a party that does not take part: place, agency, resources and tasks."""
    agency, place, note, task, later = (canary(what) for what in ("agency", "place", "note", "task", "released"))
    operation = await oracle.world.operation(
        period, owner, detail_audience="involved", named=[named], agency=agency,
        places=[{"kind": "locode", "code": "NZLYT", "name": place}],
    )  # fmt: skip
    officer, path = period.officers[owner], f"/operations/{operation['id']}"
    await officer.do(f"{path}/resources", {"kind": "officers", "planned": 3, "note": note})
    due = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    await officer.do(f"{path}/tasks", {"title": task, "due": due, "party": named})
    oracle.knows("the headline of an operation with a party named", operation["id"], (*states, named))
    for what, mark in (("agency", agency), ("place", place), ("resource", note), ("task", task)):
        oracle.knows(f"its {what}", mark, (owner, named))
    own = await oracle.world.operation(period, owner, narrative=later)
    whom = {"detail_audience": "involved", "named": [named]}
    await period.coordinators[owner].do(f"/operations/{own['id']}/release-detail", whom, version=own["version"])
    oracle.knows("a detail that was released later", later, (owner, named))
    oracle.knows("the headline that goes with it", own["id"], (*states, named))


async def taken_back(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...]) -> None:
    """A detail that all participants had, with an update's text and a task: their feeds keep it, no door shows it."""
    world, others = oracle.world, tuple(party for party in states if party != owner)
    secret, text, task = canary("narrative"), canary("text"), canary("task")
    operation = await world.operation(period, owner, detail_audience="participants", narrative=secret)
    path, officer = f"/operations/{operation['id']}", period.officers[owner]
    await officer.do(f"{path}/updates", {"kind": "result", "text": text, "counts": {"arrests": 1}})
    await officer.do(f"{path}/tasks", {"title": task, "due": (datetime.now(UTC) + timedelta(days=9)).isoformat()})
    await world.settled()
    whom = {"detail_audience": "own"}
    await period.coordinators[owner].do(f"{path}/recall-detail", whom, version=operation["version"])
    oracle.knows("the headline of what was taken back", operation["id"], states)
    for what, mark in (("detail", secret), ("update's text", text), ("task", task)):
        oracle.knows(f"the {what} that was taken back", mark, (owner,), once=others)


async def draft(oracle: Oracle, period: Period, owner: str) -> None:
    drafted = await period.officers[owner].do(
        "/operations",
        {
            "period_id": period.id, "kind": "training", "title": "Draft",
            "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-03-01T00:00:00Z"},
        },
    )  # fmt: skip
    oracle.knows(f"{owner}'s draft", drafted["id"], (owner,))
