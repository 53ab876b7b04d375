"""The UN/LOCODE list is read whole and right: minutes are no decimals, a post at a border has its own side's clock."""

from zoneinfo import ZoneInfo

import pytest

from shared import locodes
from shared.errors import Invalid
from shared.parties import PARTIES
from shared.places import PlaceAsked, _seaports, airports, find
from shared.vocabulary import PlaceKind
from shared.zones import zone_at, zone_in

MEMBERS = tuple(code for code, party in PARTIES.items() if party.kind == "member")


def at(code: str):
    return find(PlaceAsked(kind=PlaceKind.LOCODE, code=code))


def test_the_whole_list_is_there_for_every_member():
    text = locodes._list().text
    assert text.count("\n") > 115_000
    for country in MEMBERS:
        begin, end = locodes._list().countries[country]
        assert all(line[:2] == country for line in text[begin:end].split("\n") if line), country
        assert locodes.is_country(country)


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        ("1339N 10233E", (13.65, 102.55)),
        ("3651S 17445E", (-36.85, 174.75)),
        ("0115N 05030W", (1.25, -50.5)),
        ("", None),
        ("2444N 05045", None),
        ("9130N 00000E", None),
    ],
)
def test_positions_are_of_degrees_and_minutes(written, degrees):
    assert locodes._degrees(written) == degrees


def test_what_is_no_code_finds_nothing():
    assert locodes.find("KHPPT").position == (13.65, 102.55)
    assert locodes.find("KHQQQ") is None
    assert locodes.find("QQQQQ") is None
    assert locodes.find("") is None
    assert locodes.find("KHPPT\tpaoy pet (poipet)") is None


@pytest.mark.parametrize(
    ("code", "beyond", "own"),
    [
        ("NPKGJ", "Asia/Kolkata", "Asia/Kathmandu"),
        ("CNKJP", "Asia/Karachi", "Asia/Shanghai"),
        ("THMSA", "Asia/Yangon", "Asia/Bangkok"),
        ("CNHEK", "Asia/Yakutsk", "Asia/Shanghai"),
        ("LKNEG", "Etc/GMT-5", "Asia/Colombo"),
    ],
)
def test_a_place_at_a_border_or_a_coast_has_the_clock_of_its_own_country(code, beyond, own):
    place = at(code)
    assert zone_at(place.latitude, place.longitude) == beyond
    assert place.time_zone == own


def test_where_a_country_keeps_a_neighbours_zone_that_is_its_clock():
    assert at("VNLGT").time_zone == "Asia/Bangkok"


def test_a_position_in_another_country_is_none():
    assert locodes.find("LKHET").position == (7.2667, -80.0833)
    assert zone_in("LK", 7.2667, -80.0833) is None
    with pytest.raises(Invalid, match=r"LKHET \(Hettimulla\) is in the UN/LOCODE list without a usable position") as refused:
        at("LKHET")
    assert refused.value.errors[0].field == "place"


def test_a_code_without_a_position_takes_the_seaports_or_the_airports_and_is_refused_without_either():
    assert locodes.find("SGSIN").position is None
    assert (at("SGSIN").latitude, at("SGSIN").name) == (_seaports()["SGSIN"].latitude, "Singapore")
    assert locodes.find("NPPKR").position is None
    assert (at("NPPKR").latitude, at("NPPKR").name) == (airports()["PKR"].latitude, "Pokhara")
    with pytest.raises(Invalid, match=r"KHREP \(Siem Reap\) .*: write a point"):
        at("KHREP")


def test_an_airport_is_taken_by_the_iata_code_in_the_list_and_never_that_of_another_country():
    """IATA's letters and those of a UN/LOCODE are the same only mostly."""
    assert locodes.find("AUBDG").iata == "BXG"
    assert at("AUBDG").latitude == airports()["BXG"].latitude
    assert airports()["ADA"].country == "TR"
    with pytest.raises(Invalid, match=r"AUADA \(Adelaide Apt\)"):
        at("AUADA")


def test_the_seaports_own_position_counts_only_beside_that_of_the_list():
    assert (at("NZAKL").latitude, at("NZAKL").longitude) == (_seaports()["NZAKL"].latitude, _seaports()["NZAKL"].longitude)
    elsewhere = _seaports()["CNQIN"]
    assert elsewhere.latitude < 23
    assert at("CNQIN").latitude == locodes.find("CNQIN").position[0] > 36


def test_nearly_every_seaport_is_found_in_a_zone_whose_clock_is_known():
    assert len(_seaports()) > 3900
    refused = []
    for code in _seaports():
        try:
            assert ZoneInfo(at(code).time_zone)
        except Invalid:
            refused.append(code)
    assert len(refused) <= 12, refused
    assert len(airports()) > 7000
    for zone in {airport.time_zone for airport in airports().values()}:
        assert not zone or ZoneInfo(zone)


@pytest.mark.parametrize(
    ("code", "listed", "zone"),
    [
        ("BUA", "Pacific/Port_Moresby", "Pacific/Bougainville"),
        ("GXM", "Asia/Makassar", "Asia/Pontianak"),
        ("SJU", "America/Puerto_Rico", "America/Puerto_Rico"),
    ],
)
def test_an_airports_clock_is_that_of_the_map_where_the_list_of_airports_is_wrong(code, listed, zone):
    assert airports()[code].time_zone == listed
    assert find(PlaceAsked(kind=PlaceKind.IATA, code=code)).time_zone == zone


def test_a_code_that_takes_an_airports_position_has_the_clock_of_the_map_as_well():
    assert airports()["MQL"].time_zone == "Australia/Hobart"
    assert at("AUMQL").time_zone == "Australia/Melbourne"
