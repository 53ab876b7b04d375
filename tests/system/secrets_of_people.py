"""What protects people: distress, incidents, concerns, referrals."""

from uuid import uuid4

from tests.system.oracle import Fact, Oracle, canary
from tests.world import Period


async def distress(oracle: Oracle, period: Period, party: str, everybody: tuple[str, ...]) -> None:
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


async def incident(oracle: Oracle, period: Period, party: str, rights: tuple[str, ...]) -> None:
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


async def concern(oracle: Oracle, period: Period, owner: str, states: tuple[str, ...], origin: str) -> None:
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


async def referral(oracle: Oracle, period: Period, party: str, service: str) -> None:
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
