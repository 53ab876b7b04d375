"""Which replica of a service the portal asks."""

from services.portal.addresses import Addresses


def test_each_replica_is_asked_first_in_its_turn():
    addresses = Addresses("http://one, http://two/")
    firsts = [addresses.turn()[0] for _ in range(4)]
    assert firsts in (["http://one", "http://two"] * 2, ["http://two", "http://one"] * 2)
    assert set(addresses.turn()) == {"http://one", "http://two"}


def test_one_that_failed_is_asked_last_for_a_while_and_never_left_out():
    addresses = Addresses("http://one,http://two")
    addresses.failed("http://one", seconds=1000)
    assert [addresses.turn() for _ in range(3)] == [["http://two", "http://one"]] * 3
    addresses.failed("http://two", seconds=1000)
    assert len(addresses.turn()) == 2
    addresses.failed("http://one", seconds=0)
    assert addresses.turn()[0] == "http://one"


def test_a_single_one_is_always_asked():
    addresses = Addresses("http://one")
    addresses.failed("http://one", seconds=1000)
    assert addresses.turn() == ["http://one"]
