# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views for the consent board."""

from collections.abc import Mapping

from services.portal.consent_board import BoardWord
from services.portal.pages.views import BoardPage, BoardRow, Context, Paging
from tests.portal.samples import STATES, ago, context


def words(**said: str) -> Mapping[str, BoardWord]:
    """By state; what was said is said by a coordinator, and what is awaited by nobody."""
    silent = ("awaited", "unsaid", "concerned", "carried", "reconfirm")
    return {
        party: BoardWord(party=party, answer=answer) if answer in silent
        else BoardWord(party=party, answer=answer, by=f"{party.lower()}.coordinator", at=ago(days=n, hours=3))
        for n, (party, answer) in enumerate(said.items())
    }  # fmt: skip


def unsigned(**said: str) -> Mapping[str, BoardWord]:
    """As whoever is none of its states reads them."""
    return {party: BoardWord(party=party, answer=answer) for party, answer in said.items()}


PLANS = (
    BoardRow(href="/periods/p2/plan?version=2", name="", status="in_force", number=2, words=words(**dict.fromkeys(STATES, "endorsed"))),
    BoardRow(href="/periods/p2/plan?version=3", name="", status="amends", number=3, words=words(AU="carried", ID="endorsed", LK="carried", MV="reconfirm", MY="reserved", NZ="carried", PH="carried", TH="carried", VN="carried")),
)
OPERATIONS = (
    BoardRow(href="/operations/o9", name="Two coasts", status="drafted", number=2, owner="PH", words=words(PH="consented", MY="awaited", TH="refused")),
    BoardRow(href="/operations/o8", name="البحر والشاطئ: دورية مشتركة", status="drafted", number=1, owner="TH", words=words(TH="consented", PH="awaited", VN="awaited")),
    BoardRow(href="/operations/o7", name="Maritime patrol", status="under_way", owner="NZ", words=unsigned(NZ="consented", VN="consented")),
    BoardRow(href="/operations/o6", name="Visa checks", status="cancelled", owner="AU", words=unsigned(AU="concerned", ID="withdrawn")),
)
INVESTIGATIONS = (
    BoardRow(href="/investigations/i1", name="Recruiters along the Mekong", status="agreed", number=1, owner="PH", words=words(PH="consented", MY="consented", TH="consented")),
)
READER = context("consents", "coordinator")
ALL = (*STATES, "KH", "LA", "MM", "BD", "IN", "PK", "SG", "FJ", "PG")

BOARD: dict[str, tuple[str, Context, object]] = {
    "board": ("board.html", READER, BoardPage(
        period_id="p2", title="2nd period, 2016", states=STATES, plans=PLANS, operations=OPERATIONS, investigations=INVESTIGATIONS,
        awaited={"MV": 1, "MY": 1, "PH": 1, "VN": 1}, paging=Paging(shown=4, next_href="/periods/p2/consents?cursor=x"))),
    "board-many-states": ("board.html", READER, BoardPage(
        period_id="p2", title="2nd period, 2016", states=ALL, plans=PLANS, operations=OPERATIONS, awaited={}, paging=Paging(shown=4))),
    "board-empty": ("board.html", READER, BoardPage(period_id="p2", title="2nd period, 2016", states=(), awaited={}, paging=Paging(shown=0))),
}  # fmt: skip
