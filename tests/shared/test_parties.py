"""The parties are the forum's, under its names, each with a clock."""

from zoneinfo import ZoneInfo

import pycountry
import pytest
from pydantic import TypeAdapter, ValidationError

from shared.parties import PARTIES, PartyCode, feed_topic


def test_there_are_45_members_and_6_others():
    kinds = [party.kind for party in PARTIES.values()]
    assert [kinds.count(kind) for kind in ("member", "organisation", "coordination", "support")] == [45, 4, 1, 1]


def test_members_have_iso_codes_and_stand_in_the_order_of_their_names():
    members = [party for party in PARTIES.values() if party.kind == "member"]
    assert all(pycountry.countries.get(alpha_2=party.code) for party in members)
    assert [party.name for party in members] == sorted((party.name for party in members), key=str.casefold)


def test_every_party_has_a_clock():
    for code, party in PARTIES.items():
        assert party.code == code
        assert ZoneInfo(party.time_zone)


@pytest.mark.parametrize(
    ("code", "name"), [("HK", "Hong Kong SAR"), ("MO", "Macau SAR"), ("VN", "Viet Nam"), ("LA", "Lao PDR")]
)
def test_a_party_is_called_as_the_forum_calls_it(code: str, name: str):
    assert PARTIES[code].name == name


@pytest.mark.parametrize("code", ["XX", "nz", "", "GB", "NZ "])
def test_an_unknown_code_is_refused_with_the_reason(code: str):
    with pytest.raises(ValidationError, match="is not a party: use a code such as NZ"):
        TypeAdapter(PartyCode).validate_python(code)


def test_a_feed_is_named_after_its_party():
    assert feed_topic("NZ") == "feed.nz"
    assert feed_topic("INTERPOL") == "feed.interpol"
