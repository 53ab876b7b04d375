"""What the bench acts in: an active period of eight states, their accounts and their operations, all through the API."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from client.accounts import add_all, prepared
from client.bench.stack import Stack
from client.demo.api import Api, Refused
from deploy.embedded.places import Home, Trouble

PARTIES = ("AU", "FJ", "ID", "KH", "LK", "NZ", "TH", "VN")
WATCHER = PARTIES[-1]
"""Whose eyes the bench looks with; latencies are of what the other seven post."""
OPERATIONS = 4
"""Of each party."""
COUNTS = {"arrests": 1, "persons_checked": 40}
COUNTED = "arrests"
TEXT = ("Officers stopped and searched a vehicle; what was found is held as evidence. " * 8)[:600]
DAYS = 60


@dataclass(frozen=True)
class Scene:
    """The period, and who acts in it."""

    stack: Stack
    api: Api
    tokens: dict[str, str]
    period_id: str
    operations: dict[str, list[str]]  # by party

    def lanes(self, parties: Sequence[str] = PARTIES) -> list[dict[str, str]]:
        """Where posts go: an operation and its officer's token, parties in turn."""
        return [
            {"operation": self.operations[party][turn], "token": self.tokens[f"{party.lower()}.officer"]}
            for turn in range(OPERATIONS)
            for party in parties
        ]

    def job(self, name: str, **more: Any) -> dict[str, Any]:
        host, port = self.stack.address
        return {"host": host, "port": port, "name": name, "text": TEXT, "counts": COUNTS, **more}

    async def visible(self) -> int:
        """How many updates the other party's totals sum, as the API tells it."""
        found = await self.api.get(f"{WATCHER.lower()}.officer", f"periods/{self.period_id}/totals")
        return sum(item["updates"] for item in found["items"] if item["indicator"] == COUNTED)

    async def visible_ids(self) -> list[str]:
        """Every update that the other party is shown, list page by list page."""
        ids: list[str] = []
        path = f"updates?period_id={self.period_id}&limit=200"
        cursor = ""
        while True:
            page = await self.api.get(f"{WATCHER.lower()}.officer", path + cursor)
            ids += [item["id"] for item in page["items"]]
            if not page["next"]:
                return ids
            cursor = f"&cursor={page['next']}"


async def made(stack: Stack, api: Api) -> Scene:
    """Accounts, period and operations, as people make them."""
    accounts = [prepared("nz.chair", "NZ", ["co_chair"])]
    for party in PARTIES:
        accounts.append(prepared(f"{party.lower()}.officer", party, ["liaison_officer"]))
        accounts.append(prepared(f"{party.lower()}.coordinator", party, ["coordinator"]))
    await _added(stack.home, accounts)
    tokens = {}
    for account in accounts:
        await api.sign_in(account.username, account.password)
        tokens[account.username] = api.token(account.username)
    period_id = await _period(api)
    operations = {party: [await _operation(api, party, period_id) for _ in range(OPERATIONS)] for party in PARTIES}
    scene = Scene(stack, api, tokens, period_id, operations)
    await _shown(scene)
    return scene


async def _added(home: Home, accounts: Any) -> None:
    await asyncio.to_thread(add_all, home, accounts)


async def _period(api: Api) -> str:
    today = datetime.now(UTC).date()
    asked = {
        "title": "A joint period",
        "focus": ["people_smuggling"],
        "first_day": str(today - timedelta(days=DAYS)),
        "last_day": str(today + timedelta(days=DAYS)),
        "co_chairs": ["NZ"],
        "invited": list(PARTIES),
        "objectives": [{"title": "Arrest facilitators", "indicator": "arrests", "target": 100_000}],
    }
    said = await api.post("nz.chair", "periods", asked)
    path = f"periods/{said['id']}"
    for party in PARTIES:
        said = await api.post(f"{party.lower()}.coordinator", f"{path}/answers", {"answer": "joined"})
    plan = {"sections": [{"title": "Aim", "text": "Act together."}]}
    said = await api.post("nz.chair", f"{path}/plan-versions", plan, said["version"])
    for party in PARTIES:
        said = await api.post(f"{party.lower()}.coordinator", f"{path}/plan-versions/1/answers", {"answer": "endorsed"})
    said = await api.post("nz.chair", f"{path}/adopt", {"plan_version": 1}, said["version"])
    said = await api.post("nz.chair", f"{path}/activate", {}, said["version"])
    return str(said["id"])


async def _operation(api: Api, party: str, period_id: str) -> str:
    now = datetime.now(UTC)
    asked = {
        "period_id": period_id,
        "kind": "visa_checks",
        "title": f"Operation of {party}",
        "window": {"starts_at": _day(now - timedelta(days=DAYS - 1)), "ends_at": _day(now + timedelta(days=DAYS - 1))},
        "detail_audience": "own",
    }
    said = await api.post(f"{party.lower()}.officer", "operations", asked)
    path, by = f"operations/{said['id']}", f"{party.lower()}.coordinator"
    said = await api.post(by, f"{path}/schedule", {"hold": False}, said["version"])
    said = await api.post(by, f"{path}/start", {}, said["version"])
    return str(said["id"])


def _day(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


async def _shown(scene: Scene, patience: float = 30.0) -> None:
    """Until the other party is shown all of it under way."""
    path = f"operations?period_id={scene.period_id}&status=under_way"
    async with asyncio.timeout(patience):
        while True:
            try:
                found = await scene.api.get(f"{WATCHER.lower()}.officer", path)
                if len(found["items"]) == OPERATIONS * len(PARTIES):
                    return
            except Refused as refused:
                if refused.status != 404:
                    raise Trouble("The period of the bench does not show.") from refused
            await asyncio.sleep(0.1)
