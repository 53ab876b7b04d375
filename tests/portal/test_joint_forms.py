"""The forms of a joint operation: of a version of a draft, and of an amendment of what is scheduled."""

import json
from typing import Any

import pytest

from services.portal.gateway import Reply
from services.portal.pages.disclosure import edit_page
from services.portal.pages.forms import Posted
from services.portal.pages.joint import propose, propose_page
from services.portal.pages.joint_amending import amend_page
from services.portal.pages.joint_amending import propose as propose_amendment
from services.portal.pages.views import Form
from shared.errors import Conflict, Forbidden
from shared.vocabulary import Role
from tests.portal.fake_desk import FakeDesk, desk
from tests.portal.test_disclosure_pages import OPERATION, a_detail, an_operation, reader

FILLED = (
    ("version", "4"), ("idempotency_key", "k"), ("partners", "LK"), ("kind", "visa_checks"), ("title", "Ports"),
    ("starts_at", "2016-07-01T08:00"), ("ends_at", "2016-07-02T08:00"), ("agency", "Customs"),
    ("places", "NZAKL; Auckland\n3.0, 105.0"), ("detail_audience", "involved"), ("named", "INTERPOL"),
)  # fmt: skip


def at(status: str, **more: Any) -> FakeDesk:
    found = reader("NZ", an_operation(status=status, **more), a_detail())
    found.fake.said |= {
        "joint": None, "joint_amendment": None, "participants": ("LK", "NZ"),
        "detail_choice": {"detail_audience": "involved", "named": ["INTERPOL"]},
    }  # fmt: skip
    return found


def forwarding(found: FakeDesk) -> list[tuple[str, dict[str, Any]]]:
    sent: list[tuple[str, dict[str, Any]]] = []

    class Gateway:
        """Takes every command."""

        async def command(self, _actor: Any, path: str, body: bytes, headers: dict[str, str]) -> Reply:
            sent.append((path, json.loads(body) | {"if-match": headers["if-match"]}))
            return Reply(201, {}, b"{}")

    class Progress:
        """What was sent is there at once."""

        async def reached(self, *_: Any) -> bool:
            return True

    found.portal.gateway, found.portal.progress = Gateway(), Progress()  # type: ignore[misc, assignment]
    found.portal.settings.page_wait_seconds = 0
    return sent


async def shown(page: Any, found: FakeDesk) -> str:
    return bytes((await page(found, Form(idempotency_key="k"), str(OPERATION))).body).decode()


async def test_a_version_is_filled_in_with_places_and_readers_as_the_draft_has_them():
    page = await shown(propose_page, at("drafted"))
    assert "NZAKL; Auckland\n3.0, 105.0" in page
    assert 'name="version" value="4"' in page
    for party, there in (("INTERPOL", True), ("LK", True), ("AU", False)):
        assert (f'name="named" value="{party}"' in page or f'value="{party}"' in page) is there, party
    ticked = page.partition('value="INTERPOL"')[2][:40]
    assert "checked" in ticked


async def test_it_is_sent_with_places_and_named_parties_as_a_draft_is():
    found = at("drafted")
    sent = forwarding(found)
    await propose(OPERATION, (found, Posted(FILLED)))
    ((path, body),) = sent
    assert path == f"operations/{OPERATION}/proposals"
    assert (body["partners"], body["named"], body["detail_audience"], body["agency"]) == (
        ["LK"], ["INTERPOL"], "involved", "Customs",
    )  # fmt: skip
    assert [place.get("code", "") for place in body["places"]] == ["NZAKL", ""]
    assert body["if-match"] == '"4"'


async def test_an_amendment_is_asked_of_what_is_scheduled_jointly_by_a_coordinator_of_its_owner():
    page = await shown(amend_page, at("scheduled", partners=["LK"]))
    assert f'action="/operations/{OPERATION}/amend"' in page
    assert "NZAKL; Auckland\n3.0, 105.0" in page
    assert 'name="version" value="4"' in page
    assert 'name="detail_audience"' not in page
    for found in (at("scheduled", partners=[]), at("drafted", partners=["LK"]), at("under_way", partners=["LK"])):
        with pytest.raises(Forbidden):
            await shown(amend_page, found)
    partner = reader("LK", an_operation(partners=["LK"]), a_detail())
    officer = desk("NZ", Role.LIAISON_OFFICER, rows=partner.fake.rows, **partner.fake.said)
    officer.request.query_params, officer.request.headers = {}, {}  # type: ignore[misc]
    for found in (partner, officer):
        with pytest.raises(Forbidden):
            await shown(amend_page, found)


@pytest.mark.parametrize(("status", "told"), [("proposed", True), ("refused", False), ("in_force", False)])
async def test_who_asks_again_is_told_that_what_was_asked_is_void_then(status: str, told: bool):
    found = at("scheduled", partners=["LK"])
    found.fake.said["joint_amendment"] = {"number": 7, "status": status}
    assert ("Version 7, on which they are asked now, is void then." in await shown(amend_page, found)) is told


async def test_what_several_states_consented_to_has_no_page_on_which_one_amends_it():
    with pytest.raises(Conflict):
        await shown(edit_page, at("scheduled", partners=["LK"]))


async def test_an_amendment_is_sent_whole_and_names_no_readers():
    found = at("scheduled", partners=["LK"])
    sent = forwarding(found)
    await propose_amendment(OPERATION, (found, Posted(FILLED)))
    ((path, body),) = sent
    assert path == f"operations/{OPERATION}/amendments"
    assert {"partners", "named", "detail_audience"}.isdisjoint(body)
    assert (body["title"], len(body["places"]), body["if-match"]) == ("Ports", 2, '"4"')
