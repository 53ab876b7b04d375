"""What stands between states, for the pages that show it: joint work in its states, a conflict, and incidents."""

import asyncio
from dataclasses import dataclass

from tests.world import Json, Officer, Period, World

WINDOW = {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-11-01T00:00:00Z"}
YES = {"answer": "consented"}


@dataclass
class Between:
    """NZ has put an operation and a plan to LK, which has not answered; one of LK and PH runs."""

    proposed: Json
    running: Json
    meeting: Json
    """Scheduled by LK where one of PH is."""
    amended: Json
    """Scheduled by NZ and LK, with an amendment on which NZ has not spoken."""
    plan: Json
    minor: Json
    incidents: list[str]
    """The ids of serious ones, as rights officers of LK know them: nobody has taken up the first, the last is closed."""
    conflict: str
    """The id of LK's side of it."""
    rights: Officer
    service: Officer


async def made(world: World, period: Period, operation: Json) -> Between:
    """In a period whose plan names LK's rights officers, beside an operation of NZ."""
    nz, lk, ph = (period.coordinators[party] for party in ("NZ", "LK", "PH"))
    others = [await world.officer(party, "coordinator", name="second") for party in ("NZ", "LK")]
    rights = await world.officer("LK", "rights_officer")

    async def joint(owner: Officer, partner: str, consenting: list[Officer], title: str) -> Json:
        body = {"period_id": period.id, "kind": "maritime_patrol", "title": title, "window": WINDOW}
        said = await owner.do("/operations", {**body, "narrative": "Together."})
        path = f"/operations/{said['id']}"
        said = await owner.do(f"{path}/proposals", {"partners": [partner]}, version=said["version"])
        for officer in consenting:
            said = await officer.do(f"{path}/proposals/1/answers", YES)
        return said

    async def proposed() -> Json:
        return await joint(nz, "LK", others[:1], "Two coasts")

    async def running() -> Json:
        said = await joint(lk, "PH", [others[1], ph], "Dua pesisir, satu laut")
        for step in ("schedule", "start"):
            said = await lk.do(f"/operations/{said['id']}/{step}", version=said["version"])
        return said

    async def amended() -> Json:
        said = await joint(others[0], "LK", [nz, lk], "Three harbours")
        path = f"/operations/{said['id']}"
        said = await nz.do(f"{path}/schedule", version=said["version"])
        to = {
            "kind": "maritime_patrol", "title": "Three harbours", "window": WINDOW, "narrative": "Ashore, and apart.",
            "places": [{"kind": "locode", "code": "NZTRG"}],
        }  # fmt: skip
        said = await others[0].do(f"{path}/amendments", to, version=said["version"])
        return await lk.do(f"{path}/amendments/2/answers", YES, version=said["version"])

    async def plan() -> Json:
        steps = [{"title": "Bank records exchanged", "owner": party, "due": "2020-06-01"} for party in ("NZ", "LK")]
        body = {"period_id": period.id, "title": "من يدفع ثمن القوارب", "aim": "Find who pays.", "members": ["LK"]}
        said = await nz.do("/investigations", {**body, "milestones": steps})
        await others[0].do(f"/investigations/{said['id']}/versions/1/answers", YES)
        return said

    async def incidents() -> tuple[Json, list[str]]:
        path, serious = f"/operations/{operation['id']}/updates", []
        text = {"kind": "incident", "text": "ผู้ถูกจับกุมถูกทำร้าย " * 9, "language": "th"}
        for _ in range(3):
            serious.append((await period.officers["NZ"].do(path, {**text, "severity": "serious"}))["id"])
        for one in serious[1:]:
            await rights.do(f"/incidents/{one}/take-up", version=1)
        found = {"finding": "passed_on", "note": "To the ombudsman of that state."}
        await rights.do(f"/incidents/{serious[2]}/close", found, version=2)
        return await period.officers["NZ"].do(path, {**text, "severity": "minor"}), serious

    async def meeting() -> Json:
        # where nobody else is in any test, and not of NZ, whose contact others watch
        places = [{"kind": "point", "latitude": -52.5, "longitude": 169.1}]
        await world.operation(period, "PH", places=places)
        body = {"period_id": period.id, "kind": "training", "title": "At one place", "window": WINDOW, "places": places}
        said = await lk.do("/operations", body)
        return await lk.do(f"/operations/{said['id']}/schedule", version=said["version"])

    put, runs, agreed, (minor, serious), met, changed = await asyncio.gather(
        proposed(), running(), plan(), incidents(), meeting(), amended()
    )
    await world.settled()
    conflict = next(side for side in await lk.all("/conflicts") if side["operation_id"] == met["id"])
    service = await world.officer("PH", "protection_service")
    return Between(put, runs, met, changed, agreed, minor, serious, conflict["id"], rights, service)
