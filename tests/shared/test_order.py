"""Whose turn it is, within an epoch and across a restore."""

import pytest

from shared.runtime.order import NOWHERE, Number, Turn, turn


@pytest.mark.parametrize(
    ("at", "event", "whose"),
    [
        (NOWHERE, Number(1, 1), Turn.NEXT),
        (NOWHERE, Number(1, 2), Turn.LATER),
        (Number(1, 4), Number(1, 5), Turn.NEXT),
        (Number(1, 4), Number(1, 6), Turn.LATER),
        (Number(1, 4), Number(1, 4), Turn.PASSED),
        (Number(1, 4), Number(1, 2), Turn.PASSED),
    ],
)
def test_within_an_epoch_only_the_next_number_moves_an_aggregate_on(at: Number, event: Number, whose: Turn):
    assert turn(at, event) is whose


@pytest.mark.parametrize("at", [Number(1, 4), Number(2, 9), NOWHERE])
def test_a_higher_epoch_begins_with_its_first_number_however_far_the_one_before_had_come(at: Number):
    assert turn(at, Number(3, 1)) is Turn.NEXT
    assert turn(at, Number(3, 2)) is Turn.LATER


def test_a_higher_epoch_waits_while_something_of_an_earlier_one_is_set_aside():
    assert turn(Number(1, 4), Number(2, 1), earlier_aside=True) is Turn.LATER


@pytest.mark.parametrize("event", [Number(1, 1), Number(1, 5), Number(1, 500)])
def test_what_comes_late_of_an_earlier_epoch_moves_nobody_back(event: Number):
    assert turn(Number(2, 1), event) is Turn.PASSED
    assert max(Number(2, 1), event) == Number(2, 1)


def test_within_one_epoch_what_is_set_aside_holds_by_its_number_alone():
    assert turn(Number(1, 4), Number(1, 5), earlier_aside=True) is Turn.NEXT


def test_a_number_of_a_later_epoch_says_so():
    assert str(Number(1, 5)) == "5"
    assert str(Number(2, 3).following) == "4 of epoch 2"
