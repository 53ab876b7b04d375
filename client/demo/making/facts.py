"""The first Joint Period of Action: what the Bali Process published, and who plays it."""

PUBLISHED = {
    "trafficked_persons_assisted": 59,
    "search_warrants_executed": 7,
    "suspects_identified": 63,
    "arrests": 32,
    "investigations_opened": 8,
    "international_enquiries": 70,
    "awareness_activities": 68,
    "training_sessions": 12,
    "officers_trained": 485,
}
SOURCE = "baliprocess.net, event '1st Joint Period of Action'"
NOTES = [
    "The nine totals are as published by the Bali Process for the eight states together; 'over 70' enquiries is 70.",
    "No split by state, day or place was published. The split here, the operations, the texts, the alerts, the "
    "objectives and their targets are made up to show how such a period runs.",
    "Awareness activities reached employers, civil society and vulnerable groups; trained were police, airport, "
    "immigration and compliance officers. Sectors: agriculture, farming, fishing, beauty services, domestic work.",
]
ILLUSTRATIVE = "Totals as published; the split by state and day, the operations, texts and alerts are illustrative."

STATES = ["AU", "ID", "MY", "MV", "NZ", "PH", "LK", "TH"]

PLACES = {
    "AUCBR": "Canberra",
    "AUMEL": "Melbourne",
    "AUMQL": "Mildura",
    "AUSYD": "Sydney",
    "IDCGK": "Soekarno-Hatta Airport, Jakarta",
    "IDJKT": "Jakarta",
    "IDKOE": "Kupang",
    "IDSUB": "Surabaya",
    "MYJHB": "Johor Bahru",
    "MYKUL": "Kuala Lumpur",
    "MYPEN": "Penang",
    "MVKDP": "Kulhudhuffushi",
    "MVMLE": "Malé",
    "NZAKL": "Auckland",
    "NZBHE": "Blenheim",
    "NZTPK": "Te Puke",
    "NZTRG": "Tauranga",
    "PHCEB": "Cebu",
    "PHDVO": "Davao",
    "PHMNL": "Manila",
    "PHPSG": "Pasig",
    "PHZAM": "Zamboanga",
    "LKBTC": "Batticaloa",
    "LKCMB": "Colombo",
    "LKKAT": "Katunayake",
    "THBKK": "Bangkok",
    "THPYX": "Pattaya",
    "THRNN": "Ranong",
    "THSGK": "Songkhla",
}
"""UN/LOCODE."""

LIAISON = {
    "AU": ["visa integrity", "field inspections", "training"],
    "ID": ["sea patrols", "airports", "community outreach"],
    "MY": ["document examination", "employment agencies", "training"],
    "MV": ["labour inspections", "outreach"],
    "NZ": ["labour inspections", "ports", "outreach"],
    "PH": ["online crime", "airports", "outreach"],
    "LK": ["airport", "outreach", "training"],
    "TH": ["fishing ports", "city inspections", "training"],
}
"""The liaison officers of each state by what they do; no account is a person."""


def accounts() -> list[dict[str, object]]:
    """A coordinator and two or three liaison officers for each state, and those beside them."""
    found: list[dict[str, object]] = []
    for party in STATES:
        low = party.lower()
        found.append(_account(f"{low}.coordinator", party, ["coordinator"], "national coordinator"))
        for number, what in enumerate(LIAISON[party], 1):
            found.append(_account(f"{low}.liaison{number}", party, ["liaison_officer"], f"liaison officer, {what}"))
    for party in ("NZ", "LK"):
        found.append(_account(f"{party.lower()}.chair", party, ["co_chair"], "Working Group co-chair"))
    for party in ("AU", "PH"):
        found.append(_account(f"{party.lower()}.rights", party, ["rights_officer"], "rights officer"))
    found.append(_account("interpol.observer", "INTERPOL", ["observer"], "observer"))
    found.append(_account("interpol.desk", "INTERPOL", ["liaison_officer"], "liaison desk"))
    return found


def _account(username: str, party: str, roles: list[str], what: str) -> dict[str, object]:
    return {"username": username, "party": party, "roles": roles, "name": f"{party} {what}"}
