"""Nobody reads what was not shared with them, and everyone reads what was: judged from outside by the oracle."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from deploy.embedded.services import SERVICES, Service
from tests.servers import running_servers
from tests.system.oracle import NO_READERS, Fact, Oracle
from tests.world import Officer, Period, World, until

pytestmark = pytest.mark.system

ALERT = {
    "kind": "travel_document_fraud", "language": "en", "handling": "H1", "precedence": "PRIORITY",
    "grading": {"scale": "admiralty", "source": "B", "information": "2"},
    "valid_until": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
}  # fmt: skip


def canary(what: str) -> str:
    """A word that occurs nowhere else."""
    return f"{what}-{uuid4().hex}"


async def a_few_secrets(world: World) -> tuple[Oracle, tuple[str, ...]]:
    """A period of two states, with an operation that each keeps to itself: enough to catch a build that discloses."""
    oracle = Oracle(world)
    period = await world.period("ID", "LK")
    for party in ("ID", "LK", "AU"):
        oracle.watchers.append(await world.officer(party, "liaison_officer"))
    for owner in ("ID", "LK"):
        await _operation(oracle, period, owner, ("ID", "LK"), "own", (owner,))
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
            await _operation(oracle, period, owner, states, "own", (owner,))
            await _operation(oracle, period, owner, states, "participants", states)
        await _held(oracle, period, states[0], states)
    await _draft(oracle, first, "TH")
    await _joint(oracle, first, "NZ", "LK", ("NZ", "LK", "TH"))
    await _amended_jointly(oracle, first, "NZ", "LK")
    await _named(oracle, first, "NZ", ("NZ", "LK", "TH"), "INTERPOL")
    await _taken_back(oracle, first, "LK", ("NZ", "LK", "TH"))
    await _investigation(oracle, first, "NZ", "LK")
    await _conflict(oracle, first, "TH", "NZ")
    await _alert(oracle, first.officers["NZ"], ("LK", "AU"))
    await _alert(oracle, second.officers["ID"], ("NZ",))
    await _red_alert(oracle, first.officers["TH"], "LK")
    chairs = {party: await world.officer(party, "co_chair") for party in ("NZ", "TH")}
    # NZ's state is not affected and AU's co-chairs preside from afar; TH is affected itself
    await _consultation(oracle, chairs["NZ"], ("LK", "ID"), ("LK",), ("AU",))
    await _consultation(oracle, chairs["TH"], ("TH", "INTERPOL"), ("TH", "INTERPOL"), ())
    await _programme(oracle)
    await _incident(oracle, first, "LK", ("NZ", "LK", "AU"))
    await _concern(oracle, first, "NZ", ("NZ", "LK", "TH"), "TH")
    await _referral(oracle, first, "LK", "TH")
    await _distress(oracle, first, "LK", ("NZ", "LK", "TH", "INTERPOL"))
    await world.settled()
    await second.chair.do(f"/periods/{second.id}/close", version=second.version)

    async def compiled() -> bool:
        answer = await second.chair.get(f"/periods/{second.id}/debrief")
        return answer.status_code == 200 and answer.json()["compiled"] is not None

    await until(compiled)
    await world.settled()
    return oracle, parties


async def _operation(
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


async def _held(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...]) -> None:
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


async def _named(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...], named: str) -> None:
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


async def _taken_back(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...]) -> None:
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


async def _draft(oracle: Oracle, period: Period, owner: str) -> None:
    drafted = await period.officers[owner].do(
        "/operations",
        {
            "period_id": period.id, "kind": "training", "title": "Draft",
            "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-03-01T00:00:00Z"},
        },
    )  # fmt: skip
    oracle.knows(f"{owner}'s draft", drafted["id"], (owner,))


async def _joint(oracle: Oracle, period: Period, owner: str, partner: str, states: tuple[str, ...]) -> None:
    """One that a state refuses, and one that runs until a state withdraws. A third state takes part in neither."""
    world, pair = oracle.world, (owner, partner)
    first, second, other = (
        period.coordinators[owner], await world.officer(owner, "coordinator", name=canary("second")),
        period.coordinators[partner],
    )  # fmt: skip
    # the consent board of a third state says that each consented, and not who
    oracle.knows("who gave the consent", second.username, pair)

    async def proposed() -> tuple[str, int]:
        secret = canary("joint")
        body = {
            "period_id": period.id, "kind": "maritime_patrol", "title": "Joint", "narrative": secret,
            "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-03-01T00:00:00Z"},
        }  # fmt: skip
        drafted = await period.officers[owner].do("/operations", body)
        path = f"/operations/{drafted['id']}"
        said = await first.do(f"{path}/proposals", {"partners": [partner]}, version=drafted["version"])
        oracle.knows("the detail of a joint operation", secret, pair)
        return path, said["version"]

    async def reason(what: str) -> str:
        word = canary(what)
        oracle.knows(f"the reason of a {what}", word, pair)
        return word

    path, _ = await proposed()
    await other.do(f"{path}/proposals/1/answers", {"answer": "refused", "reason": await reason("refusal")})
    oracle.knows("a joint operation that is only proposed", path.rpartition("/")[2], pair)
    path, version = await proposed()
    for officer in (second, other):
        version = (await officer.do(f"{path}/proposals/1/answers", {"answer": "consented"}))["version"]
    for step in ("schedule", "start"):
        version = (await first.do(f"{path}/{step}", version=version))["version"]
    text = canary("text")
    posted = await period.officers[partner].do(f"{path}/updates", {"kind": "result", "text": text, "counts": {"arrests": 1}})
    await _of_partner(oracle, period, path, partner, "TH")
    await other.do(f"{path}/withdraw", {"reason": await reason("withdrawal")})
    oracle.knows("the headline of a joint operation", path.rpartition("/")[2], states)
    oracle.knows("the partner's update on it", posted["id"], states)
    oracle.knows("and its text", text, pair)


async def _amended_jointly(oracle: Oracle, period: Period, owner: str, partner: str) -> None:
    """It stays scheduled: an amendment of it came in force, and another was refused; a third state reads neither."""
    world, pair = oracle.world, (owner, partner)
    first, second = period.coordinators[owner], await world.officer(owner, "coordinator", name="second")
    other = period.coordinators[partner]
    body = {
        "kind": "maritime_patrol", "title": "Two coasts",
        "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-03-01T00:00:00Z"},
    }  # fmt: skip
    drafted = await period.officers[owner].do("/operations", {**body, "period_id": period.id})
    path = f"/operations/{drafted['id']}"
    await first.do(f"{path}/proposals", {"partners": [partner]}, version=drafted["version"])
    for officer in (second, other):
        said = await officer.do(f"{path}/proposals/1/answers", {"answer": "consented"})
    said = await first.do(f"{path}/schedule", version=said["version"])
    marks = {what: canary("amended") for what in ("the amendment in force", "the amendment that was refused")}
    for (what, mark), word in zip(marks.items(), ("consented", "refused"), strict=True):
        body |= {"narrative": mark} if word == "consented" else {"tactics": mark}
        said = await first.do(f"{path}/amendments", body, version=said["version"])
        number = said["amendment"]
        for officer in (second, other) if word == "consented" else (other,):
            reason = canary("why") if word == "refused" else ""
            answered = {"answer": word, "reason": reason}
            said = await officer.do(f"{path}/amendments/{number}/answers", answered, version=said["version"])
        oracle.knows(what, mark, pair)
    oracle.knows("why it was refused", reason, pair)


async def _of_partner(oracle: Oracle, period: Period, path: str, partner: str, service: str) -> None:
    """What a partner reports and refers is its own: past its own chain, or for its officers. The owner's read none of it."""
    officer, serious, reference = period.officers[partner], canary("incident"), f"{partner}-{uuid4().int % 10**20}"
    said = await officer.do(f"{path}/updates", {"kind": "incident", "severity": "serious", "text": serious})
    oracle.knows("the partner's serious incident", serious, said["sent_to"], role="rights_officer")
    assert partner not in said["sent_to"]
    await officer.do(f"{path}/referrals", {"service": service, "reference": reference, "indicators": ["deception"]})
    entitled = frozenset(
        watcher.username
        for watcher in oracle.watchers
        if (watcher.party == partner and {"liaison_officer", "coordinator"} & set(watcher.roles))
        or (watcher.party == service and "protection_service" in watcher.roles)
    )
    oracle.facts.append(Fact("the partner's referral", reference, entitled, frozenset()))


async def _investigation(oracle: Oracle, period: Period, owner: str, member: str) -> None:
    """Agreed by its states, and withdrawn from: a third state takes part in the period and is not in it."""
    world, pair = oracle.world, (owner, member)
    second, other = await world.officer(owner, "coordinator", name="second"), period.coordinators[member]
    marks = {what: canary(what) for what in ("plan", "aim", "milestone", "withdrawal")}
    body = {
        "period_id": period.id, "title": marks["plan"], "aim": marks["aim"], "members": [member],
        "milestones": [{"title": marks["milestone"], "owner": member, "due": "2020-06-01"}],
    }  # fmt: skip
    plan = await period.coordinators[owner].do("/investigations", body)
    path = f"/investigations/{plan['id']}"
    for officer in (second, other):
        await officer.do(f"{path}/versions/1/answers", {"answer": "consented"})
    await other.do(f"{path}/withdraw", {"reason": marks["withdrawal"]})
    for what, mark in (("its id", plan["id"]), *marks.items()):
        oracle.knows(f"an investigation plan: {what}", mark, pair)
async def _conflict(oracle: Oracle, period: Period, owner: str, other: str) -> None:
    """Two hide from each other at one place: each has its own side of it, its own operation, and the words of both."""
    world, sides, place = oracle.world, {}, {"kind": "point", "latitude": 5.2, "longitude": 97.1}
    contact, words = canary("desk"), canary("agreed")
    giver = period.coordinators[owner]
    version = (await giver.see("/conflicts/contact"))["version"]
    await giver.do("/conflicts/contact", {"contact": contact}, version=version)
    for party in (owner, other):
        sides[party] = await world.operation(period, party, hold=True, places=[place])
    await world.settled()
    for party, operation in sides.items():
        (side,) = [
            one for one in await period.officers[party].all("/conflicts") if one["operation_id"] == operation["id"]
        ]
        oracle.knows(f"{party}'s operation that is in conflict", operation["id"], (party,))
        oracle.knows(f"{party}'s side of the conflict", side["id"], (party,))
        if party == other:
            said = {"answer": "adjusted", "words": words}
            await period.coordinators[party].do(f"/conflicts/{side['id']}/answer", said, version=side["version"])
    oracle.knows(f"where {owner} is reached", contact, (owner, other))
    oracle.knows("what was said of the conflict", words, (owner, other))


async def _alert(oracle: Oracle, officer: Officer, recipients: tuple[str, ...]) -> None:
    text = canary("alert")
    said = await officer.do("/alerts", {**ALERT, "title": "An alert", "text": text, "recipients": recipients})
    oracle.knows(f"{officer.party}'s alert", said["id"], (officer.party, *recipients))
    oracle.knows(f"the text of {officer.party}'s alert", text, (officer.party, *recipients))


async def _red_alert(oracle: Oracle, officer: Officer, recipient: str) -> None:
    """TLP:RED goes to roles, not to parties, and to no feed."""
    text = canary("red")
    body = {**ALERT, "title": "For few", "text": text, "recipients": [recipient], "tlp": "RED"}
    await officer.do("/alerts", body)
    entitled = frozenset(
        watcher.username
        for watcher in oracle.watchers
        if watcher.party in {officer.party, recipient} and {"liaison_officer", "coordinator"} & set(watcher.roles)
    )
    oracle.knows("the text of a RED alert", text, ())
    fact = oracle.facts.pop()
    oracle.facts.append(type(fact)(fact.what, fact.marker, entitled, frozenset()))


async def _consultation(
    oracle: Oracle, chair: Officer, invited: tuple[str, ...], attending: tuple[str, ...], chairs: tuple[str, ...]
) -> None:
    """Called by co-chairs, of which some are affected themselves; those invited answer, and some of them attend."""
    world, marks = oracle.world, [canary(what) for what in ("title", "trigger", "note", "record")]
    title, trigger, note, record = marks
    body = {
        "title": title, "trigger": trigger, "co_chairs": [chair.party, *chairs], "invited": list(invited),
        "precedence": "FLASH",
    }  # fmt: skip
    called = await chair.do("/consultations", body)
    path = f"/consultations/{called['id']}"
    for party in invited:
        coordinator = await world.officer(party, "coordinator")
        word = "attending" if party in attending else "not_attending"
        said = await coordinator.do(f"{path}/answers", {"answer": word, "note": note})
    said = await chair.do(f"{path}/hold", {"attendees": list(attending)}, version=said["version"])
    await chair.do(f"{path}/record", {"text": record}, version=said["version"])
    presiding = ({chair.party} | set(chairs)) - set(invited)
    for what, mark in (("call", called["id"]), ("title", title), ("trigger", trigger), ("answers", note)):
        oracle.knows(f"the {what} of {chair.party}'s consultation", mark, invited, chairs=presiding)
    present = {chair.party} & presiding
    whole = {*attending, *({chair.party} - presiding)}
    oracle.knows(f"the record of {chair.party}'s consultation", record, whole, chairs=present)


async def _activity(
    oracle: Oracle, chair: Officer, owner: str, group: tuple[str, ...], once: tuple[str, ...] = ()
) -> str:
    """In the programme of this Working Group, and for its owner; `once` were members when it was proposed."""
    title, text = canary("activity"), canary("description")
    due = str(datetime.now(UTC).date() + timedelta(days=400))
    said = await chair.do(
        "/programme", {"kind": "training", "title": title, "description": text, "owner": owner, "due": due}
    )
    for what, mark in (("activity", said["id"]), ("its title", title), ("its description", text)):
        oracle.knows(f"{what}, of {owner}", mark, {*group, owner}, once=once)
    return str(said["id"])


async def _programme(oracle: Oracle) -> None:
    """A Working Group that one party leaves and another joins, with activities from before and after."""
    world = oracle.world
    chair = await world.officer("NZ", "co_chair")
    before, after = ("NZ", "LK", "TH", "ID"), ("NZ", "TH", "AU")
    await world.working_group(*before)
    first = await _activity(oracle, chair, "TH", after, once=("LK", "ID"))
    await _activity(oracle, chair, "LK", after, once=("ID",))  # whoever owns one keeps it
    coordinator = await world.officer("TH", "coordinator")
    note = canary("note")
    await coordinator.do(f"/programme/{first}/agree", {"note": note}, version=1)
    oracle.knows("the owner's word on it", note, after, once=("LK", "ID"))
    await world.working_group(*after)
    await _activity(oracle, chair, "AU", after)


async def _distress(oracle: Oracle, period: Period, party: str, everybody: tuple[str, ...]) -> None:
    """From a held operation: all of the period learn where it is, and nobody of the operation."""
    held = await oracle.world.operation(period, party, hold=True)
    where, contact = canary("adrift"), canary("contact")
    body = {"kind": "distress", "place": where}
    said = await period.officers[party].do(f"/operations/{held['id']}/updates", body)
    oracle.knows(f"the operation of {party}'s distress", held["id"], (party,))
    oracle.knows(f"{party}'s distress", said["id"], everybody)
    await period.officers[party].do(
        f"/distress/{said['id']}/revise", {"place": where, "contact": contact}, version=said["version"]
    )
    for what, mark in (("where", where), ("contact", contact)):
        oracle.knows(f"{what} of {party}'s distress", mark, everybody)


async def _incident(oracle: Oracle, period: Period, party: str, rights: tuple[str, ...]) -> None:
    """A serious one: for rights officers of the parties that the plan names, and no feed; nobody of the reporter's state."""
    operation, text = await oracle.world.operation(period, party), canary("incident")
    body = {"kind": "incident", "severity": "serious", "text": text}
    said = await period.officers[party].do(f"/operations/{operation['id']}/updates", body)
    assert said["sent_to"] == sorted(set(rights) - {party})
    for what, mark in (("text", text), ("id", said["id"])):
        oracle.knows(f"the {what} of {party}'s serious incident", mark, set(rights) - {party}, role="rights_officer")
    await _taken_up(oracle, said["id"], party, set(rights) - {party})
    minor = canary("minor")
    body = {"kind": "incident", "severity": "minor", "text": minor}
    said = await period.officers[party].do(f"/operations/{operation['id']}/updates", body)
    for what, mark in (("text", minor), ("id", said["id"])):
        oracle.knows(f"the {what} of {party}'s minor incident", mark, (party,))


async def _taken_up(oracle: Oracle, incident: str, party: str, rights: set[str]) -> None:
    """One of them takes it up, another closes it; for all others, the reporter's rights officers too, it is not there."""
    path = f"/incidents/{incident}"
    for stranger in (party, "TH"):
        officer = await oracle.world.officer(stranger, "rights_officer")
        assert (await officer.post(f"{path}/take-up", version=1)).status_code == 404
    first, second = [await oracle.world.officer(one, "rights_officer") for one in sorted(rights)]
    taken = await first.do(f"{path}/take-up", version=1)
    assert (await second.post(f"{path}/take-up", version=1)).status_code == 409
    found = canary("finding")
    await second.do(f"{path}/close", {"finding": "substantiated", "note": found}, version=taken["version"])
    oracle.knows(f"what was found of {party}'s serious incident", found, rights, role="rights_officer")


async def _concern(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...], origin: str) -> None:
    """About somebody whose own state must not learn of it, unless a rights officer of the owner says so."""
    operation = await oracle.world.operation(period, owner, detail_audience="participants")
    path, others = f"/operations/{operation['id']}/updates", tuple(state for state in states if state != origin)
    for released in (False, True):
        text, reason = canary("concern"), canary("why")
        body = {"kind": "progress", "text": text, "protection_concern": "witness", "origins": [origin]}
        said = await period.officers[owner].do(path, body)
        if released:
            rights = await oracle.world.officer(owner, "rights_officer")
            body = {"origins": [origin], "reason": reason}
            await rights.do(f"/updates/{said['id']}/release-origins", body, version=said["version"])
            oracle.knows("why it was released", reason, (owner,))
        for what, mark in (("text", text), ("headline", said["id"])):
            oracle.knows(f"the {what} of {owner}'s update about {origin}'s own", mark, states if released else others)


async def _referral(oracle: Oracle, period: Period, party: str, service: str) -> None:
    """Known to officers who refer and to one protection service, by role and in no feed."""
    operation = await oracle.world.operation(period, party)
    reference = f"{party}-{uuid4().int % 10**20}"
    body = {"service": service, "reference": reference, "indicators": ["deception"]}
    said = await period.officers[party].do(f"/operations/{operation['id']}/referrals", body)
    answering, note = await oracle.world.officer(service, "protection_service"), canary("note")
    await answering.do(f"/referrals/{said['id']}/accept", {"note": note}, version=said["version"])
    entitled = frozenset(
        watcher.username
        for watcher in oracle.watchers
        if (watcher.party == party and {"liaison_officer", "coordinator"} & set(watcher.roles))
        or (watcher.party == service and "protection_service" in watcher.roles)
    )
    for what, mark in (("reference", reference), ("id", said["id"]), ("answer", note)):
        oracle.facts.append(Fact(f"the {what} of {party}'s referral", mark, entitled, frozenset()))


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
