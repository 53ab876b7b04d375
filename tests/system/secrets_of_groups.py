"""What goes to those that are named or belong together: alerts, consultations, the programme."""

from datetime import UTC, datetime, timedelta

from tests.system.oracle import Oracle, canary
from tests.world import Officer

ALERT = {
    "kind": "travel_document_fraud", "language": "en", "handling": "H1", "precedence": "PRIORITY",
    "grading": {"scale": "admiralty", "source": "B", "information": "2"},
    "valid_until": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
}  # fmt: skip


async def alert(oracle: Oracle, officer: Officer, recipients: tuple[str, ...]) -> None:
    text = canary("alert")
    said = await officer.do("/alerts", {**ALERT, "title": "An alert", "text": text, "recipients": recipients})
    oracle.knows(f"{officer.party}'s alert", said["id"], (officer.party, *recipients))
    oracle.knows(f"the text of {officer.party}'s alert", text, (officer.party, *recipients))


async def red_alert(oracle: Oracle, officer: Officer, recipient: str) -> None:
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


async def consultation(
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


async def programme(oracle: Oracle) -> None:
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
