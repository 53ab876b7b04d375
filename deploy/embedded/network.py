"""A network of our own for brokers: each in a namespace, joined by a bridge that carries nobody else's packets.

All that is made is named after the installation, so that what a crash left is found and removed by the next start.
Faults are made on the sender's side: packets to a peer go to a hardware address that nobody has, so they vanish in one
direction only, as on a real network, and a broken rule leaves with the namespace or the bridge that it belongs to.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from deploy.embedded.places import Home, Trouble

RANGE = IPv4Network("198.18.0.0/15")  # kept for tests of networks (RFC 2544): nobody's real machines are there
NOBODY = "02:00:00:00:de:ad"
CLIENTS = 0  # the root namespace's end of the bridge, as a place to cut from
_PROBE = """
import errno, socket, sys
probe = socket.socket()
probe.settimeout(2)
sys.exit(probe.connect_ex((sys.argv[1], 9)) != errno.ECONNREFUSED)
"""


@dataclass(frozen=True)
class Network:
    """Names and addresses; nothing exists before `make` and after `remove`."""

    mark: str
    subnet: IPv4Network

    @classmethod
    def of(cls, home: Home) -> "Network":
        """For this installation, on addresses that this machine does not use now."""
        return cls(mark(home), _free_subnet(mark(home)))

    @property
    def bridge(self) -> str:
        return f"jpa-{self.mark}"

    def namespace(self, place: int) -> str:
        return f"jpa-{self.mark}-{place}"

    def address(self, place: int) -> str:
        """Of a broker, or of the root namespace."""
        return str(self.subnet[place] if place != CLIENTS else self.subnet[-2])

    def make(self, places: int) -> None:
        """Bridge, namespaces and the links between, or a sentence that says why not; then nothing is left."""
        self.remove()
        lines = [f"link add {self.bridge} type bridge", f"addr add {self.address(CLIENTS)}/28 dev {self.bridge}"]
        lines += [f"link set {self.bridge} up"]
        try:
            for place in range(1, places + 1):
                name = self.namespace(place)
                _ip("netns", "add", name)
                lines += [f"link add {name} type veth peer name eth0 netns {name}"]
                lines += [f"link set {name} master {self.bridge} up"]
            _ip("-batch", "-", lines=lines)
            for place in range(1, places + 1):
                inside = ["link set lo up", f"addr add {self.address(place)}/28 dev eth0", "link set eth0 up"]
                _ip("-n", self.namespace(place), "-batch", "-", lines=inside)
            if places > 1:
                self._probe()
        except Trouble:
            self.remove()
            raise

    def _probe(self) -> None:
        """Whether a packet really passes: a machine's own filters may apply to every bridge."""
        words = [sys.executable, "-I", "-S", "-c", _PROBE, self.address(2)]
        _ip("netns", "exec", self.namespace(1), *words)

    def remove(self) -> None:
        """All that has our names, whoever left it."""
        remove(self.mark)

    def drop(self, source: int, target: int) -> None:
        """From now on no packet of `source` reaches `target`; the other direction is as it was."""
        self._neighbour(source, "replace", self.address(target), "lladdr", NOBODY, "nud", "permanent")

    def pass_again(self, source: int, target: int) -> None:
        """Take that back."""
        self._neighbour(source, "del", self.address(target), must=False)  # two faults may have dropped the same

    def _neighbour(self, source: int, verb: str, address: str, *more: str, must: bool = True) -> None:
        device = self.bridge if source == CLIENTS else "eth0"
        inside = () if source == CLIENTS else ("-n", self.namespace(source))
        _run(_program("ip"), *inside, "neigh", verb, address, *more, "dev", device, must=must)

    def slow(self, place: int, milliseconds: int) -> None:
        """Delay what a broker sends; 0 ends it. Raises Trouble where the kernel has no `netem`."""
        words = ["-n", self.namespace(place), "qdisc", "replace", "dev", "eth0", "root"]
        words += ["netem", "delay", f"{milliseconds}ms"] if milliseconds else ["pfifo"]
        _run(_program("tc"), *words)


def mark(home: Home) -> str:
    """Six letters that tell one installation's names from another's."""
    return hashlib.sha256(os.fsencode(home.root)).hexdigest()[:6]


def why_not() -> str:
    """Why this machine lets us make no network; nothing when it does."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "that needs root on Linux"
    if not _program("ip"):
        return "the program ip (iproute2) is missing"
    return ""


def remove(of_mark: str) -> list[str]:
    """Remove what has this mark: namespaces first, their links go with them. Returns what there was."""
    if why_not():
        return []
    try:
        ours = [name for name in _namespaces() if name.startswith(f"jpa-{of_mark}-")]
        links = _json("link", "show")
    except Trouble:  # where nothing can be listed nothing was made
        return []
    for name in ours:
        _ip("netns", "del", name)
    for link in links:
        name = str(link["ifname"])
        if name == f"jpa-{of_mark}" or name.startswith(f"jpa-{of_mark}-"):
            ours.append(name)
            _run(_program("ip"), "link", "del", name, must=False)  # a link may be gone with its namespace by now
    return ours


def _namespaces() -> Iterator[str]:
    for entry in _json("netns", "list"):
        yield str(entry["name"])


def _free_subnet(of_mark: str) -> IPv4Network:
    """Sixteen addresses in no network that this machine is on or has a route to."""
    addresses = [address for link in _json("-4", "addr", "show") for address in link["addr_info"]]
    taken = [IPv4Network(address["local"]) for address in addresses]
    for route in _json("-4", "route", "show", "table", "all"):
        if route["dst"] != "default":
            taken.append(IPv4Network(route["dst"], strict=False))
    start = int(of_mark, 16) * 16 % RANGE.num_addresses
    for step in range(0, RANGE.num_addresses, 16):
        first = IPv4Address(int(RANGE[0]) + (start + step) % RANGE.num_addresses)
        subnet = IPv4Network(f"{first}/28")
        if not any(subnet.overlaps(other) for other in taken):
            return subnet
    raise Trouble(f"Every address of {RANGE} is in use on this machine.")


@cache
def _program(name: str) -> str:
    return shutil.which(name, path=f"{os.defpath}:/usr/sbin:/sbin") or ""


def _json(*words: str) -> list[dict[str, Any]]:
    try:
        said: list[dict[str, Any]] = json.loads(_ip("-j", *words) or "[]")
    except ValueError:
        raise Trouble("No network of our own: this machine's ip (busybox?) speaks no JSON.") from None
    return [entry for entry in said if entry]


def _ip(*words: str, lines: list[str] | None = None) -> str:
    return _run(_program("ip"), *words, lines=lines)


def _run(*words: str, lines: list[str] | None = None, must: bool = True) -> str:
    given = "".join(f"{line}\n" for line in lines or ())
    done = subprocess.run(words, input=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode and must:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Trouble(f"No network of our own ({' '.join(words[1:4])}): {said[-1] if said else 'it failed'}")
    return done.stdout
