"""`account add`: lets a person or a machine in, as the operator, straight into the portal's own table."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Any

from deploy.embedded.places import Home, Trouble
from deploy.embedded.servers import Servers
from shared.parties import PARTIES
from shared.vocabulary import Role

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
SHORTEST_PASSWORD = 12


@dataclass(frozen=True)
class Account:
    """What was added; the password is in it only to be shown once."""

    id: str
    username: str
    display_name: str
    party: str
    roles: list[str]
    password: str

    def as_json(self, show_password: bool = True) -> dict[str, Any]:
        hidden = () if show_password else ("password",)
        return {name: value for name, value in vars(self).items() if name not in hidden}


def add(home: Home, account: Account) -> Account:
    """Add one account that is `prepared`."""
    return add_all(home, [account])[0]


def add_all(home: Home, accounts: list[Account]) -> list[Account]:
    """Add several at once, all or none."""
    surroundings = Servers.installed(home).surroundings
    url = surroundings.database.as_role("portal", surroundings.passwords()["portal"], "portal")
    asyncio.run(_insert(url, accounts))
    return accounts


def prepared(username: str, party: str, roles: list[str], name: str | None = None, password: str | None = None) -> Account:
    """An account that may be added, with a password made for it if none is given."""
    from uuid_utils import uuid7

    if not USERNAME.fullmatch(username):
        raise Trouble("A username has small letters, digits, dots, hyphens and underscores, 2 to 63 of them.")
    if party not in PARTIES:
        raise Trouble(f"{party!r} is not a party: use a code such as NZ, VN or INTERPOL.")
    if unknown := sorted(set(roles) - {role.value for role in Role}):
        known = ", ".join(role.value for role in Role)
        raise Trouble(f"{unknown[0]!r} is not a role: use one of {known}.")
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise Trouble(f"A password has {SHORTEST_PASSWORD} characters or more.")
    return Account(
        id=str(uuid7()),
        username=username,
        display_name=name or username,
        party=party,
        roles=sorted(set(roles)),
        password=password or secrets.token_urlsafe(15),
    )


async def _insert(url: str, accounts: list[Account]) -> None:
    import asyncpg
    from argon2 import PasswordHasher

    hasher = PasswordHasher()
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise Trouble("The portal's database does not answer: start the system with ./jpa up.") from error
    statement = (
        "INSERT INTO account (id, username, party, roles, password_hash, display_name, disabled) "
        "VALUES ($1, $2, $3, $4, $5, $6, false)"
    )
    try:
        async with connection.transaction():
            for account in accounts:
                hashed = await asyncio.to_thread(hasher.hash, account.password)
                fields = (account.id, account.username, account.party, account.roles, hashed)
                await connection.execute(statement, *fields, account.display_name)
    except asyncpg.UniqueViolationError:
        raise Trouble(f"There is an account named {account.username!r} already.") from None
    except asyncpg.UndefinedTableError:
        raise Trouble("The portal has not made its tables yet: see ./jpa status.") from None
    finally:
        await connection.close()
