"""Nobody reads what was not shared with them, and everyone reads what was: judged from outside by the oracle."""

import pytest

from deploy.embedded.services import SERVICES, Service
from tests.servers import running_servers
from tests.system.oracle import NO_READERS, Oracle
from tests.system.secrets_between_states import amended_jointly, conflict, investigation, joint
from tests.system.secrets_of_groups import alert, consultation, programme, red_alert
from tests.system.secrets_of_operations import draft, held, named, operation, taken_back
from tests.system.secrets_of_people import concern, distress, incident, referral
from tests.world import World, until

pytestmark = pytest.mark.system


async def a_few_secrets(world: World) -> tuple[Oracle, tuple[str, ...]]:
    """A period of two states, with an operation that each keeps to itself: enough to catch a build that discloses."""
    oracle = Oracle(world)
    period = await world.period("ID", "LK")
    for party in ("ID", "LK", "AU"):
        oracle.watchers.append(await world.officer(party, "liaison_officer"))
    for owner in ("ID", "LK"):
        await operation(oracle, period, owner, ("ID", "LK"), "own", (owner,))
    await world.settled()
    return oracle, ("ID", "LK", "AU")


async def a_world_of_secrets(world: World) -> tuple[Oracle, tuple[str, ...]]:
    """Two periods with different states, operations open and held, details at home and shared, alerts to few."""
    oracle = Oracle(world)
    first = await world.period("NZ", "LK", "TH", supporting=("INTERPOL",), rights_officers=("NZ", "LK", "AU"))
    second = await world.period("ID", "LK")
    parties = ("NZ", "LK", "TH", "ID", "AU", "INTERPOL")
    for party in parties:
        for roles in (("liaison_officer",), ("coordinator",), ("observer",), ("party_admin",), ("co_chair",)):
            oracle.watchers.append(await world.officer(party, *roles))
    for roles in ("rights_officer", "protection_service", "integrator"):
        oracle.watchers.append(await world.officer("NZ", roles))
    for roles in ("operator", "rso_officer"):
        oracle.watchers.append(await world.officer("RSO", roles))
    oracle.watchers.append(await world.officer("TH", "protection_service"))
    for party in ("LK", "AU"):
        oracle.watchers.append(await world.officer(party, "rights_officer"))

    oracle.knows("the first period", first.id, ("NZ", "LK", "TH", "INTERPOL"))
    oracle.knows("the second period", second.id, ("ID", "LK"))
    for period, states in ((first, ("NZ", "LK", "TH")), (second, ("ID", "LK"))):
        for owner in states:
            await operation(oracle, period, owner, states, "own", (owner,))
            await operation(oracle, period, owner, states, "participants", states)
        await held(oracle, period, states[0], states)
    await draft(oracle, first, "TH")
    await joint(oracle, first, "NZ", "LK", ("NZ", "LK", "TH"))
    await amended_jointly(oracle, first, "NZ", "LK")
    await named(oracle, first, "NZ", ("NZ", "LK", "TH"), "INTERPOL")
    await taken_back(oracle, first, "LK", ("NZ", "LK", "TH"))
    await investigation(oracle, first, "NZ", "LK")
    await conflict(oracle, first, "TH", "NZ")
    await alert(oracle, first.officers["NZ"], ("LK", "AU"))
    await alert(oracle, second.officers["ID"], ("NZ",))
    await red_alert(oracle, first.officers["TH"], "LK")
    chairs = {party: await world.officer(party, "co_chair") for party in ("NZ", "TH")}
    # NZ's state is not affected and AU's co-chairs preside from afar; TH is affected itself
    await consultation(oracle, chairs["NZ"], ("LK", "ID"), ("LK",), ("AU",))
    await consultation(oracle, chairs["TH"], ("TH", "INTERPOL"), ("TH", "INTERPOL"), ())
    await programme(oracle)
    await incident(oracle, first, "LK", ("NZ", "LK", "AU"))
    await concern(oracle, first, "NZ", ("NZ", "LK", "TH"), "TH")
    await referral(oracle, first, "LK", "TH")
    await distress(oracle, first, "LK", ("NZ", "LK", "TH", "INTERPOL"))
    await world.settled()
    await second.chair.do(f"/periods/{second.id}/close", version=second.version)

    async def compiled() -> bool:
        answer = await second.chair.get(f"/periods/{second.id}/debrief")
        return answer.status_code == 200 and answer.json()["compiled"] is not None

    await until(compiled)
    await world.settled()
    return oracle, parties


async def test_every_door_shows_each_party_its_own_and_no_more(system: World):
    oracle, parties = await a_world_of_secrets(system)
    wrong = await oracle.judge(parties)
    closed = system.period_ids[-1]
    for watcher in oracle.watchers:
        entitled = watcher.party in {"ID", "LK"} and not set(watcher.roles) <= NO_READERS
        for path in (f"/periods/{closed}/debrief", f"/periods/{closed}/debrief.pdf"):
            if ((await watcher.get(path)).status_code == 200) != entitled:
                wrong.append(f"{watcher.username} {'misses' if entitled else 'SEES'} {path}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("service", "mutant", "what_shows"),
    [
        ("planner", "relay_ignores_audience", "HOLDS"),
        ("portal", "row_level_security_is_off", "SEES"),
    ],
)
async def test_the_oracle_catches_a_build_that_discloses(service: str, mutant: str, what_shows: str):
    services = tuple(
        Service(name.name, f"tests.system.mutants:{mutant}") if name.name == service else name for name in SERVICES
    )
    async with running_servers(services) as running, World.of(running) as world:
        oracle, parties = await a_few_secrets(world)
        assert any(what_shows in difference for difference in await oracle.judge(parties))
