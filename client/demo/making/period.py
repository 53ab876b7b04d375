"""The period's own steps: proposed, answered, planned twice, adopted, run and closed."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.parties import PARTIES

OBJECTIVES = [
    ("assisted", "Assist trafficked persons", "trafficked_persons_assisted", 50),
    ("suspects", "Identify suspects of trafficking and smuggling", "suspects_identified", 60),
    ("enquiries", "Put questions to each other and through INTERPOL", "international_enquiries", 60),
    ("awareness", "Reach employers, civil society and vulnerable groups", "awareness_activities", 60),
    ("trained", "Train police, airport, immigration and compliance officers", "officers_trained", 450),
]
ANSWERED = {"AU": 5, "PH": 6, "TH": 7, "NZ": 7, "LK": 10, "MY": 11, "ID": 12, "MV": 14}  # August 2015
RESERVATIONS = {"MV": "Patrols at sea stay outside; inspections on land take part."}
FIRST_WORDS = {"AU": 26, "NZ": 26, "LK": 27, "TH": 31}  # August 2015
SECOND_WORDS = {"ID": 10, "NZ": 10, "AU": 11, "LK": 11, "MY": 14, "PH": 14, "TH": 15, "MV": 17}  # September 2015
SECTIONS = [
    (
        "Aim",
        "Each state acts in its own jurisdiction over the same month, against people smuggling and trafficking in "
        "persons, with labour and sexual exploitation and the exploitation of children online in focus.",
    ),
    (
        "What is shared",
        "Headlines and counts by indicator among the eight states and the co-chairs. Place, tactics and names stay "
        "with each state unless it gives them to others.",
    ),
    ("Sessions", "A session in the middle of the period, and one at its end. The debrief is open to the Ad Hoc Group."),
    ("Protection", "Possible victims are referred to a protection service before anything else is asked of them."),
]
AT_SEA = (
    "Operations at sea",
    "A state that patrols at sea sets its own windows and may move them; others are told of the window, not of the area.",
)


def zone_of(username: str) -> ZoneInfo:
    """By whose clock an account lives: its party's."""
    return ZoneInfo(PARTIES[username.split(".", maxsplit=1)[0].upper()].time_zone)


def act(username: str, month: int, day: int, hour: int, minute: int = 0) -> dict[str, Any]:
    """Someone does something at a moment of 2015 by the clock of their own party."""
    return {"at": datetime(2015, month, day, hour, minute, tzinfo=zone_of(username)), "by": username}


def period(states: list[str]) -> dict[str, Any]:
    return {
        "title": "1st Joint Period of Action",
        "focus": ["people_smuggling", "trafficking_labour", "trafficking_sexual", "child_exploitation_online"],
        "first_day": date(2015, 9, 28),
        "last_day": date(2015, 10, 28),
        "co_chairs": ["NZ", "LK"],
        "invited": states,
        "supporting": ["INTERPOL"],
        "objectives": [
            {"key": key, "title": title, "indicator": indicator, "baseline": 0, "target": target}
            for key, title, indicator, target in OBJECTIVES
        ],
        "checkpoints": [
            {"name": "Middle session", "day": date(2015, 10, 13)},
            {"name": "Closing session", "day": date(2015, 10, 27)},
        ],
        "proposed": act("nz.chair", 8, 3, 10),
        "answers": [_answer(party, day) for party, day in ANSWERED.items()],
        "plans": [_first_plan(), _second_plan()],
        "adopted": act("lk.chair", 9, 21, 11),
        "activated": act("nz.chair", 9, 28, 0, 5),
        "closed": act("nz.chair", 10, 29, 8, 5),
    }


def _answer(party: str, day: int) -> dict[str, Any]:
    said = {**act(f"{party.lower()}.coordinator", 8, day, 11), "answer": "joined"}
    return said | ({"reservation": RESERVATIONS[party]} if party in RESERVATIONS else {})


def _first_plan() -> dict[str, Any]:
    words = [{**act(f"{party.lower()}.coordinator", 8, day, 14), "answer": "endorsed"} for party, day in FIRST_WORDS.items()]
    reserved = {
        **act("id.coordinator", 9, 1, 10),
        "answer": "reserved",
        "reason": "Windows of patrols depend on the weather and on the navy: say that they may be moved.",
    }
    return _plan("lk.chair", 8, 24, SECTIONS, [*words, reserved])


def _second_plan() -> dict[str, Any]:
    words = [
        {**act(f"{party.lower()}.coordinator", 9, day, 9 + place), "answer": "endorsed"}
        for place, (party, day) in enumerate(SECOND_WORDS.items())
    ]
    return _plan("nz.chair", 9, 9, [*SECTIONS, AT_SEA], words)


def _plan(by: str, month: int, day: int, sections: list[tuple[str, str]], words: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **act(by, month, day, 10),
        "sections": [{"title": title, "text": text} for title, text in sections],
        "rights_officers": ["AU", "PH"],
        "answers": words,
    }
