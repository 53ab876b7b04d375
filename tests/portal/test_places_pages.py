"""An officer finds a place's code by its name, on its own page and in the form that asks for it; a program by the API."""

import re
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.portal import api_places
from services.portal.doors import bearer
from services.portal.pages.details import body_of
from services.portal.pages.forms import Posted
from services.portal.pages.places import places
from services.portal.pages.render import country_name
from shared.errors import Unauthenticated
from shared.vocabulary import Role
from tests.portal.fake_desk import desk, period


async def shown(words: str) -> str:
    at = desk("KH", Role.LIAISON_OFFICER, periods=([period("active")], None), alerts_waiting_count=0)
    at.request.query_params = {}  # type: ignore[misc]
    at.request.headers = {}  # type: ignore[misc]
    return bytes((await places(at, words)).body).decode()


async def test_the_page_shows_the_code_the_country_and_what_the_place_is_for():
    page = await shown("poipet")
    assert re.search(r"<code[^>]*>KHPPT</code>", page)
    for text in ("Paôy Pêt (Poipet)", "Cambodia", "station, road terminal"):
        assert text in page, text
    assert "no position known" not in page
    assert "no position known" in await shown("siem reap")


async def test_what_was_asked_for_comes_back_as_text_and_what_is_left_out_is_counted():
    page = await shown('"><script>san')
    assert "<script>san" not in page
    assert "No place of that name or code" in page
    assert "more: write more of the name" in await shown("san")
    assert "No place" not in await shown("")


def posted(places: str) -> Posted:
    return Posted((("title", "Ports"), ("kind", "training"), ("starts_at", "2016-07-26T08:00"),
                   ("ends_at", "2016-07-26T09:00"), ("places", places)))  # fmt: skip


async def test_a_code_or_a_point_is_taken_as_it_was_written():
    form = posted("KHPPT; Market\n\n13.69, 100.75\nbkk")
    body = await body_of(desk("KH", Role.COORDINATOR), form)
    assert form.errors == []
    assert [one.get("code", one.get("latitude")) for one in body["places"]] == ["KHPPT", 13.69, "bkk"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Poipet; Market", ("'Poipet' is a name", "KHPPT (Paôy Pêt (Poipet), Cambodia)")),
        ("Padang Besar", ("MYPGB (Padang Besar, Malaysia)", "THPDB (Padang Besar, Thailand, Thailand)")),
        ("Suvarnabhumi", ("BKK (Suvarnabhumi Airport, Thailand)",)),
        ("San Fernando", ("or one of", "more under Places")),
        ("Atlantis on sea", ("is no place: write a UN/LOCODE",)),
        ("95, 100", ("is no point",)),
    ],
)
async def test_of_a_name_the_form_says_which_codes_it_may_have(line: str, told: tuple[str, ...]):
    form = posted(line)
    await body_of(desk("KH", Role.COORDINATOR), form)
    (error,) = form.errors
    assert error.field == "places"
    for text in told:
        assert text in error.reason, error.reason


async def test_a_code_whose_position_is_not_known_is_not_proposed():
    form = posted("Siem Reap")
    await body_of(desk("KH", Role.COORDINATOR), form)
    assert "KHREP" not in form.errors[0].reason
    assert "SAI (Siem Reap Angkor" in form.errors[0].reason


def test_a_country_has_the_partys_name_and_others_the_readers_language():
    assert country_name("LA") == "Lao PDR"
    assert country_name("FR") == "France"
    assert country_name("DE", "id") == "Jerman"
    assert country_name("XZ") == "XZ"


async def asked(query: str, signed_in: bool = True) -> httpx.Response:
    async def session() -> Any:
        return SimpleNamespace()

    app = FastAPI()
    app.include_router(api_places.router)
    app.dependency_overrides |= {bearer: session} if signed_in else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal") as client:
        return await client.get("/api/v1/places", params={"q": query})


async def test_a_program_gets_the_same_list():
    said = (await asked("KHPPT")).json()
    assert said == {"more": 0, "items": [{
        "kind": "locode", "code": "KHPPT", "name": "Paôy Pêt (Poipet)", "country": "KH", "functions": ["rail", "road"],
        "has_position": True,
    }]}  # fmt: skip


@pytest.mark.parametrize("query", ["", "x", "a" * 101])
async def test_a_question_that_is_too_short_or_too_long_is_refused(query: str):
    assert (await asked(query)).status_code == 422


async def test_nobody_asks_without_a_session():
    with pytest.raises(Unauthenticated):
        await asked("KHPPT", signed_in=False)
