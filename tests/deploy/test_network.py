"""The brokers' own network: packets vanish in one direction only, and nothing of it stays behind."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import network as networks
from deploy.embedded import state
from deploy.embedded.network import CLIENTS, Network
from deploy.embedded.places import Home

pytestmark = pytest.mark.skipif(bool(networks.why_not()), reason=f"the brokers share loopback here: {networks.why_not()}")

# sends a datagram to each address from port 5; prints who is heard on port 5 within a second
HEARD = """
import select, socket, sys
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.bind(("0.0.0.0", 5))
print("up", flush=True)
sys.stdin.readline()
for address in sys.argv[1:]:
    line.sendto(b"here", (address, 5))
heard = set()
while select.select([line], [], [], 1)[0]:
    heard.add(line.recvfrom(9)[1][0])
print(*sorted(heard))
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def network(home: Home) -> Iterator[Network]:
    made = Network.of(home)
    made.make(3)
    yield made
    made.remove()


def who_hears_whom(network: Network) -> dict[int, set[int]]:
    """All send to all at once."""
    places = (CLIENTS, 1, 2, 3)
    running = {}
    for place in places:
        others = [network.address(other) for other in places if other != place]
        inside = ["ip", "netns", "exec", network.namespace(place)] if place != CLIENTS else []
        words = [*inside, sys.executable, "-c", HEARD, *others]
        running[place] = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for process in running.values():
        assert process.stdout
        assert process.stdout.readline() == "up\n"
    said = {}
    for process in running.values():
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for place, process in running.items():
        heard = process.communicate()[0].split()
        said[place] = {other for other in places if network.address(other) in heard}
    return said


ALL = {place: {0, 1, 2, 3} - {place} for place in range(4)}


def test_packets_vanish_in_the_direction_that_is_cut_and_in_no_other(network: Network):
    assert who_hears_whom(network) == ALL
    network.drop(1, 2)
    network.drop(CLIENTS, 3)
    network.drop(2, CLIENTS)
    assert who_hears_whom(network) == {**ALL, 2: {0, 3}, 3: {1, 2}, CLIENTS: {1, 3}}
    for cut in ((1, 2), (CLIENTS, 3), (2, CLIENTS)):
        network.pass_again(*cut)
    network.pass_again(1, 2)  # once more does no harm
    assert who_hears_whom(network) == ALL


def ours(network: Network) -> str:
    said = [subprocess.run(["ip", what], capture_output=True, text=True, check=True).stdout for what in ("link", "netns")]
    return "".join(line for line in "".join(said).splitlines() if network.mark in line)


def test_what_a_crash_left_is_removed_with_the_processes_that_it_left(home: Home, network: Network):
    network.drop(CLIENTS, 1)
    assert ours(network)
    state.stop_left_behind(home)
    assert ours(network) == ""


def test_two_installations_do_not_share_addresses_or_names(network: Network, tmp_path: Path):
    other = Network.of(Home(tmp_path / "another"))
    assert not other.subnet.overlaps(network.subnet)
    assert other.bridge != network.bridge
    assert networks.remove(other.mark) == []
    assert ours(network)


def test_a_network_in_use_is_not_taken(home: Home, network: Network):
    """The addresses that this installation would take by itself are in use, by itself."""
    assert not Network.of(home).subnet.overlaps(network.subnet)
