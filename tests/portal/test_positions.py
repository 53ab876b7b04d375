"""A position is read however it was given; what is none goes out as words."""

import pytest

from services.portal.positions import read_position, show_position

NEAR = (-6.205, 105.5)


@pytest.mark.parametrize(
    "text",
    [
        "-6.205, 105.5", "-6.205 105.5", "6.205 S 105.5 E", "06°12.3′ S 105°30.0′ E", "6 12.3 S, 105 30 E",
        "06-12.3S / 105-30E", "6°12'18\"S 105°30'0\"E", "  06° 12,3' s 105° 30' e ",
    ],
)  # fmt: skip
def test_a_position_is_read_however_it_was_given(text: str):
    assert read_position(text) == pytest.approx(NEAR)


@pytest.mark.parametrize(
    "text", ["", "off Beruwala", "12 miles W of 6", "95.0 10.0", "6 12.3", "6, 105", "1052 S 10 E", "6 S", "6 N 200 E"]
)
def test_what_is_no_position_stays_words(text: str):
    assert read_position(text) is None


def test_a_position_that_is_shown_is_read_back_as_it_was():
    for position in (NEAR, (59.99999, -0.00001), (0.0, 179.99999), (-89.5, -179.25)):
        assert read_position(show_position(*position)) == pytest.approx(position, abs=0.00001)
    assert show_position(*NEAR) == "06°12.300′ S 105°30.000′ E"
