"""Referrals as the portal shows them: to the two that know of one, and how many there are to the others."""

from typing import Any

import pytest

from services.planner.domain.referral import Referral, counted
from services.portal.pages.awaited import referral_words
from services.portal.pages.referrals import _may
from shared.vocabulary import Role
from tests.builders import NOON, an_officer
from tests.planner.test_referral import FRAME, OPERATION, ROLES, SERVICE, a_referral
from tests.portal.fake_desk import NOW, desk
from tests.portal.in_memory import Shown


async def test_a_referral_is_shown_as_it_stands_with_its_answer():
    shown = Shown()
    referral, said = Referral.make(a_referral(), OPERATION, FRAME, an_officer("NZ"))
    await shown.hear(said, said)
    assert shown.row("referral", referral.id)["status"] == "made"
    told = referral.tell_overdue(referral.answer_by)
    assert told
    _, answer = told[0].refuse("No room.", SERVICE, NOON)
    await shown.hear(told[1], answer)
    row = shown.row("referral", referral.id)
    assert (row["status"], row["version"], row["note"], row["answered_by"]) == ("refused", 3, "No room.", SERVICE.name)
    assert (row["reference"], row["indicators"], row["exploitation"]) == ("NZ-2015-114", ["debt_bondage"], ["ForcedLabour"])
    assert row["audience"] == tuple(sorted(ROLES))
    assert shown.timeline() == []


async def test_the_count_is_replaced_and_tells_no_reference_and_no_service():
    shown = Shown()
    for counts in ({"made": 2}, {"made": 1, "accepted": 1}):
        said = counted(counts, OPERATION, FRAME)
        assert said
        await shown.hear(said)
    row = shown.row("referral_count", OPERATION.id)
    assert (row["made"], row["accepted"], row["refused"], row["audience"]) == (1, 1, 0, ("LK", "NZ", "TH"))
    assert {"reference", "service", "indicators"}.isdisjoint(row)
    assert shown.timeline() == []


def a_row(status: str = "made", **more: Any) -> dict[str, Any]:
    return {"id": 1, "party": "NZ", "service": "IOM", "status": status, "reference": "NZ-1", "answer_by": NOW, **more}


@pytest.mark.parametrize(
    ("party", "role", "status", "offered"),
    [
        ("IOM", Role.PROTECTION_SERVICE, "made", {"accept", "refuse"}),
        ("IOM", Role.PROTECTION_SERVICE, "overdue", {"accept", "refuse"}),
        ("IOM", Role.PROTECTION_SERVICE, "accepted", set()),
        ("NZ", Role.LIAISON_OFFICER, "made", {"withdraw"}),
        ("NZ", Role.LIAISON_OFFICER, "refused", set()),
        ("NZ", Role.PROTECTION_SERVICE, "made", set()),
    ],
)
def test_each_is_offered_what_it_may_do(party: str, role: Role, status: str, offered: set[str]):
    assert _may(desk(party, role), a_row(status)) == offered


async def test_home_tells_the_service_what_waits_and_those_who_referred_what_is_overdue():
    rows = [a_row(), a_row("overdue", id=2)]
    for party, role, hrefs in (
        ("IOM", Role.PROTECTION_SERVICE, ["/referrals/1", "/referrals/2"]),
        ("NZ", Role.LIAISON_OFFICER, ["/referrals/2"]),
        ("NZ", Role.OBSERVER, []),
    ):
        at = desk(party, role, referrals_waiting=rows)
        assert [one.href for one in await referral_words(at, at.fake)] == hrefs  # type: ignore[arg-type]
