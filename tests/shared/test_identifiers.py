"""Identifiers: what is written differently and means alike becomes one text; what cannot be one is refused, unrepeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.identifiers import Identifier, normalised
from shared.vocabulary import IdentifierKind as K


def said(kind: K, value: str, born: str | None = None) -> str:
    return normalised(Identifier(kind=kind, value=value, born=born))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        (K.PASSPORT, ("N1234567", " n 123-4567 ", "N1234567<", "Ｎ１２３４５６７"), "N1234567"),
        (K.PHONE, ("+66 2 123 4567", "0066-2-123-4567", "+66 (0)2 1234567", "+๖๖ ๒ ๑๒๓ ๔๕๖๗"), "+6621234567"),
        (K.VESSEL_IMO, ("IMO 9074729", "9074729", "imo9074729"), "9074729"),
        (K.VESSEL_MMSI, ("MMSI 512 000 123", "512000123"), "512000123"),
    ],
)
def test_ways_to_write_one_identifier_are_one(kind: K, written: tuple[str, ...], meant: str):
    assert {said(kind, one) for one in written} == {meant}


@pytest.mark.parametrize(
    "names",
    [
        ("Nguyễn Văn An", "NGUYEN VAN AN", "An, Nguyen-Van", "  van  an nguyen "),
        ("Siobhán O’Brien", "SIOBHAN O'BRIEN", "OBrien, Siobhan"),
        ("สมชาย ใจดี", "ใจดี สมชาย"),
        ("محمد علي", "علي محمد"),
    ],
)
def test_a_name_is_the_same_in_any_order_case_and_accent(names: tuple[str, ...]):
    assert len({said(K.PERSON, name, "1980-02-29") for name in names}) == 1


def test_in_scripts_whose_vowels_are_marks_other_vowels_make_another_name():
    assert said(K.PERSON, "กิ", "1980-01-01") != said(K.PERSON, "กุ", "1980-01-01")


def test_a_name_alone_or_with_another_birthday_is_not_the_same_person():
    assert said(K.PERSON, "An Van", "1980-02-01") != said(K.PERSON, "An Van", "1980-01-02")
    with pytest.raises(Invalid, match="date of birth"):
        said(K.PERSON, "An Van")


@pytest.mark.parametrize(
    ("kind", "value", "born"),
    [
        (K.PASSPORT, "N12", None),
        (K.PASSPORT, "N1234567", "1980-01-01"),
        (K.PHONE, "02 123 4567", None),
        (K.VESSEL_IMO, "9074728", None),
        (K.VESSEL_IMO, "907472", None),
        (K.VESSEL_MMSI, "51200012", None),
        (K.PERSON, "1234", "1980-01-01"),
        (K.PERSON, "An Van", "1 Jan 1980"),
        (K.PASSPORT, "N" * 201, None),
    ],
)
def test_what_cannot_be_such_an_identifier_is_refused_and_not_repeated(kind: K, value: str, born: str | None):
    with pytest.raises(Invalid) as refused:
        said(kind, value, born)
    for told in (str(refused.value), repr(refused.value.errors)):
        assert value not in told
        assert (born or "1980") not in told


def test_nothing_that_is_made_of_an_identifier_shows_it():
    identifier = Identifier(kind=K.PERSON, value="Nguyen Van An", born="1980-02-29")  # type: ignore[arg-type]
    for shown in (repr(identifier), str(identifier), identifier.model_dump_json()):
        assert "Nguyen" not in shown
        assert "1980" not in shown


@given(kind=st.sampled_from(K), value=st.text(max_size=40))
def test_what_was_normalised_stays_as_it_is(kind: K, value: str):
    try:
        once = said(kind, value, "1990-12-01" if kind is K.PERSON else None)
    except Invalid:
        return
    name = once.partition("|")[0]
    assert said(kind, name, "1990-12-01" if kind is K.PERSON else None) == once
