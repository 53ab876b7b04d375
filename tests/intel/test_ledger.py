"""The ledger: each recipient's line moves forward only, and is between it and the originator."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from services.intel.domain.alert import NotThisState
from services.intel.domain.ledger import Line
from shared.runtime.relay import feeds_of
from shared.vocabulary import TLP, ReceiptState
from tests.builders import NOON, a_coordinator
from tests.intel.builders import a_published_alert

S = ReceiptState
ALERT = a_published_alert()
RECALLED, *_ = ALERT.recall("Wrong.", a_coordinator("NZ"), NOON)
QUEUED = Line(alert_id=uuid7(), recipient="LK", queued_at=NOON)
LATER = NOON + timedelta(hours=1)


def test_a_line_moves_through_delivered_and_read_to_acknowledged():
    line = QUEUED
    for state in (S.DELIVERED, S.READ, S.ACKNOWLEDGED):
        moved = line.forward(ALERT, state, NOON, "lk.officer")
        assert moved
        line, said = moved
        assert (line.state, said.state, said.recipient, said.version) == (state, state, "LK", 1)
    assert (line.delivered_at, line.read_at, line.acknowledged_at) == (NOON, NOON, NOON)
    assert line.acknowledged_by == "lk.officer"


@pytest.mark.parametrize("state", [S.QUEUED, S.DELIVERED, S.READ, S.ACKNOWLEDGED])
def test_a_line_never_moves_back_and_says_nothing_twice(state: ReceiptState):
    moved = QUEUED.forward(ALERT, S.ACKNOWLEDGED, NOON, "lk.officer")
    assert moved
    line, _ = moved
    assert line.forward(ALERT, state, LATER, "another") is None


def test_a_line_is_between_the_recipient_and_the_originator():
    moved = QUEUED.forward(ALERT, S.READ, NOON)
    assert moved
    assert moved[1].audience == ("LK", "NZ")
    moved = QUEUED.forward(a_published_alert(tlp=TLP.RED), S.READ, NOON)
    assert moved
    assert feeds_of(" ".join(moved[1].audience)) == []
    assert "TH#coordinator" not in moved[1].audience


def test_a_purge_is_told_once_beside_what_was():
    line, _ = QUEUED.forward(ALERT, S.READ, NOON) or pytest.fail("it did not move")
    purged, said = line.purge(RECALLED, LATER) or pytest.fail("it was not purged")
    assert (purged.state, purged.purged_at, said.recipient) == (S.READ, LATER, "LK")
    assert purged.purge(RECALLED, LATER) is None


def test_what_was_not_recalled_is_not_purged():
    with pytest.raises(NotThisState):
        QUEUED.purge(ALERT, NOON)
