"""Words for codes: what a person reads for a status, a kind, an indicator and its number."""

from collections.abc import Callable, Mapping

Gettext = Callable[[str], str]
Ngettext = Callable[[str, str, int], str]


def N_(text: str) -> str:
    """Marks a text for translation where it is defined; it is translated where it is shown."""
    return text


WORDS = {
    "proposed": N_("proposed"), "planning": N_("planning"), "adopted": N_("plan adopted"), "active": N_("active"),
    "closed": N_("closed"), "debriefed": N_("debriefed"), "archived": N_("archived"), "cancelled": N_("cancelled"),
    "drafted": N_("draft"), "scheduled": N_("scheduled"), "under_way": N_("under way"), "completed": N_("completed"),
    "held": N_("held"), "provisional": N_("provisional"), "validated": N_("validated"), "returned": N_("returned"),
    "superseded": N_("corrected since"), "progress": N_("progress"), "result": N_("result"), "incident": N_("incident"),
    "distress": N_("distress"), "joined": N_("joined"), "observing": N_("observing"), "declined": N_("declined"),
    "awaited": N_("answer awaited"), "endorsed": N_("endorsed"), "reserved": N_("reservation"),
    "reconfirm": N_("to reconfirm"), "carried": N_("carried over"), "left": N_("left"),
    "queued": N_("queued"), "delivered": N_("delivered"), "read": N_("read"),
    "acknowledged": N_("acknowledged"), "actioned": N_("acted on"), "purged": N_("removed"), "recalled": N_("recalled"),
    "own": N_("sent by you"), "opened": N_("open"), "compiled": N_("compiled"), "waiting": N_("waits for a word"),
    "liaison_officer": N_("liaison officer"), "coordinator": N_("coordinator"), "co_chair": N_("co-chair"),
    "rso_officer": N_("RSO officer"), "rights_officer": N_("rights officer"), "observer": N_("observer"),
    "protection_service": N_("protection service"), "party_admin": N_("account administrator"),
    "integrator": N_("integrator"), "operator": N_("operator"),
    "called": N_("called"), "took_place": N_("took place"), "withdrawn": N_("withdrawn"), "attending": N_("attends"),
    "not_attending": N_("does not attend"), "agreed": N_("agreed"), "training": N_("training"),
    "expert_roster": N_("roster of experts"), "information_campaign": N_("information campaign"),
    "returns_and_reintegration": N_("returns and reintegration"), "civil_registration": N_("civil registration"),
    "asylum_seeker": N_("asylum seeker"), "victim": N_("victim"), "witness": N_("witness"),
    "made": N_("made"), "accepted": N_("accepted"), "refused": N_("refused"), "overdue": N_("overdue"),
    "open": N_("not over"), "rescued": N_("persons rescued"), "reached_safety": N_("reached safety by themselves"),
    "handed_over": N_("taken over by a rescue co-ordination centre"), "not_found": N_("searched for and not found"),
    "lives_lost": N_("lives lost"), "false_alarm": N_("false alarm"),
    "policy_guide": N_("policy guide"), "road_map": N_("road map"),
    "settled": N_("settled"), "lapsed": N_("over"), "adjusted": N_("adjusted"),
    "coordinated": N_("coordinated"), "no_conflict": N_("no conflict"), "window_and_place": N_("time and place"),
    "target": N_("the same target"), "passport": N_("passport number"), "phone": N_("telephone number"),
    "vessel_imo": N_("vessel (IMO number)"), "vessel_mmsi": N_("vessel (MMSI)"), "person": N_("name and date of birth"),
    "yes": N_("yes"), "reservation": N_("yes, with a reservation"), "no": N_("no"), "published": N_("published"),
    "amended": N_("amended"), "activated": N_("started"), "started": N_("started"), "released": N_("released"),
    "disclosed": N_("shown"), "consented": N_("consented"),
    "pledged": N_("pledged"), "confirmed": N_("confirmed"), "deployed": N_("deployed"),
    "officers": N_("officers"), "interpreters": N_("interpreters"), "vehicles": N_("vehicles"), "vessels": N_("vessels"),
    "aircraft": N_("aircraft"), "equipment": N_("equipment"), "funds": N_("funds"), "other_resource": N_("other"),
    "stopped": N_("stopped"),
    "port": N_("port"), "rail": N_("station"), "road": N_("road terminal"), "airport": N_("airport"),
    "post": N_("postal exchange"), "dry_port": N_("dry port"), "inland_port": N_("inland port"),
    "installation": N_("fixed installation"), "border_crossing": N_("border crossing"),
    "substantiated": N_("substantiated"), "not_substantiated": N_("not substantiated"),
    "not_established": N_("could not be established"), "passed_on": N_("passed to a body that is competent for it"),
    "reported": N_("not taken up"), "escalated": N_("not taken up in time"), "taken_up": N_("taken up"),
    "unsaid": N_("no word given"), "concerned": N_("concerned"),
    "in_force": N_("in force"), "amends": N_("amendment"),
}  # fmt: skip

TONES = {
    "active": "well", "under_way": "action", "scheduled": "action", "completed": "", "provisional": "provisional",
    "validated": "validated", "returned": "returned", "superseded": "superseded", "held": "provisional",
    "joined": "well", "endorsed": "well", "carried": "well", "adopted": "well", "awaited": "waiting", "reconfirm": "waiting",
    "reserved": "attention", "declined": "wrong", "cancelled": "wrong", "recalled": "wrong", "planning": "action",
    "called": "attention", "took_place": "action", "attending": "well", "not_attending": "wrong", "withdrawn": "wrong",
    "agreed": "action",
    "acknowledged": "well", "actioned": "well", "read": "action", "delivered": "attention", "queued": "waiting",
    "FLASH": "wrong", "IMMEDIATE": "attention", "PRIORITY": "alert", "waiting": "waiting", "purged": "well",
    "left": "wrong", "open": "attention", "settled": "well", "adjusted": "well", "coordinated": "well",
    "no_conflict": "well",
    "yes": "well", "reservation": "attention", "no": "wrong", "released": "action",
    "consented": "well", "refused": "wrong",
    "made": "waiting", "accepted": "well", "overdue": "wrong",
    "pledged": "waiting", "confirmed": "well", "deployed": "action",
    "stopped": "wrong",
    "reported": "waiting", "escalated": "wrong", "taken_up": "action",
    "in_force": "well", "amends": "attention",
}  # fmt: skip
"""The style of each tag; its words say the same."""

COUNTED = {
    "trafficked_persons_assisted": (N_("trafficked person assisted"), N_("trafficked persons assisted")),
    "search_warrants_executed": (N_("search warrant executed"), N_("search warrants executed")),
    "suspects_identified": (N_("suspect identified"), N_("suspects identified")),
    "arrests": (N_("arrest"), N_("arrests")),
    "investigations_opened": (N_("investigation opened"), N_("investigations opened")),
    "international_enquiries": (N_("international enquiry"), N_("international enquiries")),
    "awareness_activities": (N_("awareness activity"), N_("awareness activities")),
    "training_sessions": (N_("training session"), N_("training sessions")),
    "officers_trained": (N_("officer trained"), N_("officers trained")),
    "arrests_tip_som": (N_("arrest for trafficking or smuggling"), N_("arrests for trafficking or smuggling")),
    "persons_checked": (N_("person checked"), N_("persons checked")),
    "persons_refused": (N_("person refused"), N_("persons refused")),
    "documents_detected": (N_("document detected"), N_("documents detected")),
    "victims_referred": (N_("victim referred"), N_("victims referred")),
    "smuggled_migrants_detected": (N_("smuggled migrant detected"), N_("smuggled migrants detected")),
    "facilitators_identified": (N_("facilitator identified"), N_("facilitators identified")),
    "seizures": (N_("seizure"), N_("seizures")),
    "prosecutions": (N_("prosecution"), N_("prosecutions")),
    "convictions": (N_("conviction"), N_("convictions")),
}


def words(code: str, gettext: Gettext) -> str:
    """What a person reads for a code; one that has no words of its own reads without its underscores."""
    if code in WORDS:
        return gettext(WORDS[code])
    if code in COUNTED:
        many = gettext(COUNTED[code][1])
        return many[:1].upper() + many[1:]
    return gettext(code.replace("_", " "))


def counted(counts: Mapping[str, int], ngettext: Ngettext) -> str:
    """`4 suspects identified, 2 arrests`."""
    said = []
    for code, number in counts.items():
        one, many = COUNTED.get(code, (code.replace("_", " "),) * 2)
        said.append(f"{number} {ngettext(one, many, number)}")
    return ", ".join(said)
