"""Integrators' credentials: each reads its own party's feed, in its own consumer groups, and nothing else."""

import contextlib
import re
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.embedded import credentials
from deploy.embedded.places import Home, Trouble
from deploy.embedded.servers import Servers
from deploy.provision.access import Broker
from deploy.provision.broker import BrokerAdmin
from deploy.provision.topics import integrator_rights
from shared.parties import PARTIES, feed_topic

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
PREFIX = "feed-"
LISTENS_WITHIN = 2.0


@dataclass(frozen=True)
class Credential:
    """All that an integrator needs to subscribe; the password is shown once, and kept among the secrets for a restore."""

    bootstrap_servers: str
    security_protocol: str
    mechanism: str
    username: str
    password: str
    topic: str
    group_prefix: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    def broker(self) -> Broker:
        """For our own subscriber."""
        return Broker(self.bootstrap_servers, self.username, self.password, self.security_protocol, self.mechanism)


def username_of(party: str, name: str) -> str:
    """`feed-nz-desk` for the integrator named desk of NZ; refuses what is not a party or a name."""
    if party not in PARTIES:
        raise Trouble(f"{party!r} is not a party: use a code such as NZ, VN or INTERPOL.")
    if not NAME.fullmatch(name):
        raise Trouble("A name has small letters, digits and hyphens, 31 at most.")
    return f"{PREFIX}{party.lower()}-{name}"


def broker_of(home: Home) -> Broker:
    """The installation's Kafka, when somebody listens there; its clients would wait half a minute to find out."""
    broker = Servers.installed(home).surroundings.broker
    for server in broker.bootstrap_servers.split(","):
        host, _, port = server.strip().rpartition(":")
        with contextlib.suppress(OSError), socket.create_connection((host.strip("[]"), int(port)), LISTENS_WITHIN):
            return broker
    if Broker.named():
        raise Trouble(f"Kafka does not answer at {broker.bootstrap_servers}.")
    raise Trouble("The system is not up: start it with ./jpa up.")


def add(broker: Broker, party: str, name: str) -> Credential:
    """A new integrator; one that is there keeps its password, or a running desk would be cut off."""
    username = username_of(party, name)
    if username in _usernames(BrokerAdmin(broker)):
        ways = f"./jpa integrator remove {party} {name} first, or ./jpa integrator password {party} {name}"
        raise Trouble(f"{party} has an integrator {name!r} already: {ways}.")
    return issue(broker, party, name)


def new_password(broker: Broker, party: str, name: str) -> Credential:
    """The old password opens nothing from here on; a connection that is open stays open until it ends."""
    if username_of(party, name) not in _usernames(BrokerAdmin(broker)):
        raise _nobody(party, name)
    return issue(broker, party, name)


def issue(broker: Broker, party: str, name: str, password: str | None = None) -> Credential:
    """Make the user, or give it another password, and its two rights."""
    username = username_of(party, name)
    password = password or secrets.token_urlsafe(32)
    admin = BrokerAdmin(broker)
    admin.set_password(username, password)
    admin.ensure_rights({username: integrator_rights(username, party)})
    return Credential(
        bootstrap_servers=broker.bootstrap_servers,
        security_protocol=broker.security_protocol,
        mechanism="SCRAM-SHA-256",
        username=username,
        password=password,
        topic=feed_topic(party),
        group_prefix=f"{username}.",
    )


def keep(home: Home, made: Credential) -> bool:
    """Kafka cannot give a password back: kept, so that after a restore an integrator goes on with the one that it has.

    False where nothing can be written, as in a container: whoever is given the password must be given it all the same.
    """
    try:
        credentials.write_secret(_secret(home, made.username), made.password)
    except OSError:
        return False
    return True


def forget(home: Home, username: str) -> None:
    """What was kept of one that was removed; it opens nothing any more."""
    with contextlib.suppress(OSError):
        _secret(home, username).unlink(missing_ok=True)


def kept(home: Home) -> list[tuple[str, str, str]]:
    """(party, name, password) of all that were kept."""
    found = []
    for path in sorted(home.secrets.glob(f"kafka-{PREFIX}*.txt")):
        party, _, name = path.stem.removeprefix(f"kafka-{PREFIX}").partition("-")
        found.append((party.upper(), name, path.read_text().strip()))
    return found


def _secret(home: Home, username: str) -> Path:
    return home.secrets / f"kafka-{username}.txt"


def remove(broker: Broker, party: str, name: str) -> str:
    """Its rights first, then its credential."""
    username = username_of(party, name)
    admin = BrokerAdmin(broker)
    if username not in _usernames(admin):
        raise _nobody(party, name)
    admin.revoke(username)
    return username


def names(broker: Broker) -> list[tuple[str, str]]:
    """(party, name) of every integrator."""
    found = []
    for username in sorted(_usernames(BrokerAdmin(broker))):
        party, _, name = username.removeprefix(PREFIX).partition("-")
        found.append((party.upper(), name))
    return found


def _usernames(admin: BrokerAdmin) -> set[str]:
    """Who has a right; a credential without one opens nothing."""
    return {right.principal for right in admin.rights() if right.principal.startswith(PREFIX)}


def _nobody(party: str, name: str) -> Trouble:
    return Trouble(f"There is no integrator {name!r} of {party}: ./jpa integrator list shows those that are.")
