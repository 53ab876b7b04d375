"""How long pages and lists of the API take, one after the other on one connection, at few updates and at very many."""

import base64
import time
from typing import Any
from uuid import UUID

from client.bench.apart import quantile
from client.bench.scene import TEXT, Scene
from client.bench.seed import Seed
from client.bench.settings import Options
from client.bench.wire import Line
from deploy.embedded.places import Trouble

WARM = 5
PARTY = "AU"
OFFICER, CHAIR = "au.officer", "nz.chair"


async def measured(scene: Scene, options: Options) -> dict[str, Any]:
    """p50 and p95 of each at both sizes. Takes all updates that are there away first."""
    seed = await Seed.planted(scene.stack.as_admin("portal"), UUID(scene.period_id), TEXT)
    found: dict[str, dict[str, float]] = {}
    try:
        for size, updates in (("few", options.few_updates), ("many", options.updates)):
            began = time.monotonic()
            await seed.grow(updates)
            seeding = time.monotonic() - began
            places = _places(scene.period_id, *await seed.some(PARTY))
            for name, (p50, p95) in (await _timed(scene, places, options.fetches)).items():
                found.setdefault(name, {}).update({f"p50_ms_{size}": p50, f"p95_ms_{size}": p95})
    finally:
        await seed.close()
    for times in found.values():
        times["growth"] = times["p50_ms_many"] / times["p50_ms_few"]
    worst = {kind: max(found, key=lambda name: found[name][kind]) for kind in ("p95_ms_few", "p95_ms_many", "growth")}
    return {
        "few_updates": options.few_updates,
        "many_updates": options.updates,
        "seeding_seconds": seeding,
        "places": found,
        "worst_places": worst,
        **{f"worst_{kind}": found[name][kind] for kind, name in worst.items()},
    }


def _places(period_id: str, operation_id: UUID, update_id: UUID, middle: UUID) -> dict[str, tuple[str, str]]:
    """Who asks for what, by a name for it."""
    period, api = f"/periods/{period_id}", "/api/v1"
    cursor = base64.urlsafe_b64encode(str(middle).encode()).decode().rstrip("=")
    pages = {
        "home": "/",
        "period": period,
        "updates": f"{period}/updates",
        "a figure's updates": f"{period}/updates?indicator=arrests&party={PARTY}",
        "operations": f"{period}/operations",
        "operation": f"/operations/{operation_id}",
        "update": f"/updates/{update_id}",
    }
    lists = {
        "updates": f"{api}/updates?period_id={period_id}",
        "updates, from the middle": f"{api}/updates?period_id={period_id}&cursor={cursor}",
        "updates of an operation": f"{api}/updates?operation_id={operation_id}",
        "updates of an indicator": f"{api}/updates?period_id={period_id}&indicator=arrests",
        "operations": f"{api}/operations?period_id={period_id}",
        "timeline": f"{api}/periods/{period_id}/timeline",
        "totals": f"{api}/periods/{period_id}/totals",
    }
    return {
        **{f"{name} (officer)": (OFFICER, path) for name, path in pages.items()},
        "post an update (officer)": (OFFICER, "/updates/new"),
        **{f"{name} (co-chair)": (CHAIR, path) for name, path in pages.items()},
        **{f"API {name}": (OFFICER, path) for name, path in lists.items()},
    }


async def _timed(scene: Scene, places: dict[str, tuple[str, str]], fetches: int) -> dict[str, tuple[float, float]]:
    """All places in turn, as often as asked, so that no passing disturbance meets only one of them."""
    line = await Line.open(*scene.stack.address)
    took: dict[str, list[float]] = {name: [] for name in places}
    for turn in range(WARM + fetches):
        for name, (who, path) in places.items():
            token = scene.tokens[who]
            proof = f"Authorization: Bearer {token}\r\n" if "/api/" in path else f"Cookie: jpa-session={token}\r\n"
            began = time.perf_counter()
            status, _ = await line.get(path, proof)
            if status != 200:
                raise Trouble(f"The page {path} answered {status}.")
            if turn >= WARM:
                took[name].append((time.perf_counter() - began) * 1e3)
    line.close()
    return {name: (quantile(times, 0.5), quantile(times, 0.95)) for name, times in took.items()}
