"""A place is found by its name or its code, as an officer writes it."""

import pytest

from shared.gazetteer import MOST, look, search
from shared.vocabulary import PlaceFunction, PlaceKind


def codes(words: str) -> list[str]:
    return [entry.code for entry in search(words).entries]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("poipet", "KHPPT"), ("Aranyaprathet", "THARA"), ("VIENTIANE", "LAVTE"), ("khppt", "KHPPT"), ("kh ppt", "KHPPT"),
        ("Pôipet", "KHPPT"), ("suvarnabhumi", "BKK"), ("bkk", "BKK"), ("  Johor   Bahru ", "MYJHB"), ("Ba", "FJBFJ"),
        ("Kratie", "KHKTI"), ("galle", "LKGAL"), ("davao", "PHDVO"), ("Bangkok", "THBKK"),
    ],
)  # fmt: skip
def test_the_place_that_is_meant_comes_first(words: str, first: str):
    assert codes(words)[0] == first


def test_two_capitals_narrow_it_to_a_country():
    assert codes("Padang Besar")[:2] == ["MYPGB", "THPDB"]
    assert codes("Padang Besar TH") == ["THPDB"]
    assert {code[:2] for code in codes("San PH") if len(code) == 5} == {"PH"}
    assert codes("padang be")[0] == "MYPGB"  # no country, because it is not in capitals


def test_a_place_stands_once_and_what_is_left_out_is_counted():
    found = search("san")
    assert len({(entry.kind, entry.code) for entry in found.entries}) == len(found.entries) == MOST
    assert found.more > 1000


@pytest.mark.parametrize("words", ["", " ", "x", "qqqqqq", "\t", "\n", "' or 1=1", "NZ"])
def test_what_is_no_name_finds_little_or_nothing(words: str):
    assert len(codes(words)) <= 1


async def test_it_says_what_a_place_is_for_and_whether_its_code_is_taken():
    (town,) = (await look("KHPPT")).entries
    assert (town.kind, town.name, town.country) == (PlaceKind.LOCODE, "Paôy Pêt (Poipet)", "KH")
    assert town.functions == (PlaceFunction.RAIL, PlaceFunction.ROAD)
    assert town.has_position
    assert not (await look("KHREP")).entries[0].has_position
    assert PlaceFunction.BORDER_CROSSING in (await look("La Farga de Moles")).entries[0].functions
