"""A place is found by UN/LOCODE, IATA code or point, with the clock of the people there, and what is unknown is refused."""

import subprocess
import sys

import pytest

from shared.errors import Invalid
from shared.parties import PARTIES
from shared.places import PlaceAsked, find, resolve, written
from shared.vocabulary import PlaceKind

A_POINT = PlaceAsked(kind=PlaceKind.POINT, name="Off Merak", latitude=-5.9, longitude=105.9)


@pytest.mark.parametrize(
    ("text", "name", "zone"),
    [
        ("NZAKL", "Auckland", "Pacific/Auckland"),
        ("lk cmb", "Colombo", "Asia/Colombo"),
        ("BKK", "Suvarnabhumi Airport", "Asia/Bangkok"),
        ("DPS", "Ngurah Rai (Bali) International Airport", "Asia/Makassar"),
        ("-8.65, 115.2", "", "Asia/Makassar"),
        ("13.69 100.75", "", "Asia/Bangkok"),
        ("3.0, 105.0", "", "Etc/GMT-7"),
        ("LAVTE", "Vientiane", "Asia/Vientiane"),
        ("THARA", "Aranyaprathet", "Asia/Bangkok"),
        ("MYJHB", "Johor Bahru", "Asia/Kuala_Lumpur"),
        ("KHPNH", "Phnom Penh", "Asia/Phnom_Penh"),
        ("NZAKL; Container terminal", "Container terminal", "Pacific/Auckland"),
    ],
)
def test_a_place_that_a_person_wrote_is_found_with_its_own_clock(text, name, zone):
    place = find(written(text))
    assert (place.name, place.time_zone) == (name, zone)
    assert -90 <= place.latitude <= 90


def test_a_code_is_kept_in_capitals_and_a_name_that_was_given_stays():
    place = find(PlaceAsked(kind=PlaceKind.LOCODE, code="nzakl", name="Container terminal"))
    assert (place.code, place.name) == ("NZAKL", "Container terminal")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (PlaceAsked(kind=PlaceKind.LOCODE, code="NZQQQ"), "not in the UN/LOCODE list"),
        (PlaceAsked(kind=PlaceKind.IATA, code="QQQ"), "not the IATA code"),
        (PlaceAsked(kind=PlaceKind.IATA), "not the IATA code"),
        (PlaceAsked(kind=PlaceKind.POINT, latitude=3.0), "a latitude and a longitude"),
    ],
)
async def test_what_is_not_known_is_refused_and_the_field_is_named(asked, why):
    with pytest.raises(Invalid, match=why) as refused:
        await resolve([A_POINT, asked])
    assert [error.field for error in refused.value.errors] == ["places.1"]


@pytest.mark.parametrize("text", ["", "Auckland harbour", "95, 100", "12.5", "NZAKL1"])
def test_a_line_that_is_no_place_is_refused(text):
    with pytest.raises(Invalid, match=r"no place|no point") as refused:
        find(written(text, "place"), "place")
    assert refused.value.errors[0].field == "place"


def test_the_capital_zones_of_parties_are_found_on_the_map():
    """A wrong order of latitude and longitude would not survive this."""
    assert find(written("-36.85, 174.76")).time_zone == PARTIES["NZ"].time_zone
    assert find(written("6.93, 79.85")).time_zone == PARTIES["LK"].time_zone


def test_nothing_of_the_lists_is_read_at_start():
    program = "import sys, shared.places; sys.exit('tzfpy' in sys.modules or 'airportsdata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
