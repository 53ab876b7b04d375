"""`group`: who belongs to the Working Group, and therefore reads its programme. The planner decides and says it."""

from urllib.parse import urlencode

from client import operator
from client.screen import rows
from deploy.embedded.places import Home, Trouble
from shared.parties import PARTIES

PATH = "/operator/working-group"


def show(home: Home, as_json: bool) -> None:
    """The members."""
    shown(operator.ask(home, "planner", PATH)["members"], as_json)


def change(home: Home, add: list[str], remove: list[str]) -> list[str]:
    """These join, those leave; who is told what follows from it. The members of now."""
    if unknown := sorted({*add, *remove} - PARTIES.keys()):
        raise Trouble(f"{unknown[0]!r} is not a party: use a code such as NZ, VN or INTERPOL.")
    asked = urlencode([*(("add", code) for code in add), *(("remove", code) for code in remove)])
    return list(operator.ask(home, "planner", f"{PATH}?{asked}", "POST")["members"])


def shown(members: list[str], as_json: bool) -> None:
    rows(["party", "name"], [[code, PARTIES[code].name] for code in members], "Nobody is named yet.", as_json)
