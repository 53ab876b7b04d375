"""Who takes part: eight parties with their accounts, those who look on, a period, and its operations."""

import asyncio
import secrets
from dataclasses import dataclass, field

from client import accounts
from client.endure.door import Door
from client.endure.journal import Journal, Lane
from client.endure.stack import Stack
from shared.vocabulary import Role

PARTIES = ("NZ", "AU", "LK", "TH", "MV", "ID", "PH", "MY")
OUTSIDER, SUPPORTING, RSO = "IN", "INTERPOL", "RSO"
FED = (*PARTIES, OUTSIDER, SUPPORTING, RSO)
R = Role
NO_READERS = frozenset({R.PARTY_ADMIN, R.OPERATOR})
"""Of the roles here, those that read nothing of what their party is told."""
CAST: dict[str, tuple[Role, ...]] = {
    **dict.fromkeys(PARTIES, (R.LIAISON_OFFICER, R.COORDINATOR, R.OBSERVER, R.RIGHTS_OFFICER, R.PARTY_ADMIN)),
    OUTSIDER: (R.LIAISON_OFFICER, R.COORDINATOR, R.CO_CHAIR),
    SUPPORTING: (R.LIAISON_OFFICER,),
    RSO: (R.RSO_OFFICER, R.OPERATOR),
}
CHAIR = "nz.co_chair"
FIRST_DAY, LAST_DAY = "2020-01-01", "2020-12-30"


@dataclass(frozen=True)
class Watcher:
    """An account, and whether it reads what its party is told."""

    username: str
    party: str
    reads: bool


@dataclass
class Cast:
    """Everyone with an account, and the period that they share."""

    watchers: list[Watcher] = field(default_factory=list)
    period_id: str = ""
    period_version: int = 0


async def assemble(stack: Stack, door: Door, journal: Journal) -> Cast:
    """Accounts, the period and its operations, before anything is done to the system."""
    cast = Cast()
    asked = [(party, role) for party, roles in CAST.items() for role in roles] + [("NZ", R.CO_CHAIR)]
    made = []
    for party, role in asked:
        name = f"{party.lower()}.{role.value}"
        made.append(accounts.prepared(name, party, [role.value], password=secrets.token_urlsafe(12)))
        cast.watchers.append(Watcher(name, party, role not in NO_READERS))
    await asyncio.to_thread(accounts.add_all, stack.home, made)
    for account in made:
        await door.sign_in(account.username, account.password)
    await _period(door, cast)
    # of each party an operation that is open, one that shares its details, and one that it holds
    drafts = [(party, number) for number in range(3) for party in PARTIES]
    journal.lanes += [await _operation(door, cast, party, number) for party, number in drafts]
    return cast


async def _period(door: Door, cast: Cast) -> None:
    asked = {
        "title": "A period under attack",
        "focus": ["people_smuggling"],
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "co_chairs": ["NZ"],
        "invited": list(PARTIES),
        "supporting": [SUPPORTING],
        "objectives": [{"title": "Arrest facilitators", "indicator": "arrests", "target": 100}],
    }
    said = await door.do(CHAIR, "/periods", asked)
    path = f"/periods/{said['id']}"
    for party in PARTIES:
        said = await door.do(f"{party.lower()}.coordinator", f"{path}/answers", {"answer": "joined"})
    plan = {"sections": [{"title": "Aim", "text": "Go on."}]}
    said = await door.do(CHAIR, f"{path}/plan-versions", plan, said["version"])
    for party in PARTIES:
        by = f"{party.lower()}.coordinator"
        said = await door.do(by, f"{path}/plan-versions/1/answers", {"answer": "endorsed"})
    said = await door.do(CHAIR, f"{path}/adopt", {"plan_version": 1}, said["version"])
    said = await door.do(CHAIR, f"{path}/activate", {}, said["version"])
    cast.period_id, cast.period_version = said["id"], said["version"]


async def _operation(door: Door, cast: Cast, party: str, number: int) -> Lane:
    officer, coordinator = f"{party.lower()}.liaison_officer", f"{party.lower()}.coordinator"
    shares, held = number == 1, number == 2
    asked = {
        "period_id": cast.period_id,
        "kind": "visa_checks",
        "title": f"Operation {number}",
        "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-11-01T00:00:00Z"},
        "detail_audience": "participants" if shares or (held and party in PARTIES[::2]) else "own",
    }
    said = await door.do(officer, "/operations", asked)
    path = f"/operations/{said['id']}"
    said = await door.do(coordinator, f"{path}/schedule", {"hold": held}, said["version"])
    said = await door.do(coordinator, f"{path}/start", {}, said["version"])
    shares = asked["detail_audience"] == "participants"
    return Lane(said["id"], party, frozenset(PARTIES), shares, held, said["version"])
