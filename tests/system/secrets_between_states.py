"""What is between states: joint operations, what they are to become, investigation plans, conflicts."""

from uuid import uuid4

from tests.system.oracle import Fact, Oracle, canary
from tests.world import Period


async def joint(oracle: Oracle, period: Period, owner: str, partner: str, states: tuple[str, ...]) -> None:
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


async def amended_jointly(oracle: Oracle, period: Period, owner: str, partner: str) -> None:
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


async def investigation(oracle: Oracle, period: Period, owner: str, member: str) -> None:
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


async def conflict(oracle: Oracle, period: Period, owner: str, other: str) -> None:
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
