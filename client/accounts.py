"""`account`: lets people and machines in and out, as the operator, straight in the portal's own tables.

What takes something away ends the account's sessions in the same transaction. Every change is a row of the audit.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from deploy.embedded.places import Home, Trouble
from deploy.embedded.servers import Servers
from shared.parties import PARTIES
from shared.vocabulary import Role

if TYPE_CHECKING:
    import asyncpg

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
SHORTEST_PASSWORD = 12
SHOWN = ("username", "party", "roles", "display_name", "disabled", "created_at", "id")

T = TypeVar("T")
Work = Callable[["asyncpg.Connection", Any], Awaitable[None]]


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
    asyncio.run(_insert(home, accounts))
    return accounts


def prepared(username: str, party: str, roles: list[str], name: str | None = None, password: str | None = None) -> Account:
    """An account that may be added, with a password made for it if none is given."""
    from uuid_utils import uuid7

    if not USERNAME.fullmatch(username):
        raise Trouble("A username has small letters, digits, dots, hyphens and underscores, 2 to 63 of them.")
    if party not in PARTIES:
        raise Trouble(f"{party!r} is not a party: use a code such as NZ, VN or INTERPOL.")
    return Account(
        id=str(uuid7()),
        username=username,
        display_name=name or username,
        party=party,
        roles=_known(roles),
        password=_good(password),
    )


def disable(home: Home, username: str) -> None:
    """Nobody gets in with it until it is enabled; who is in is out."""

    async def work(connection: "asyncpg.Connection", account: Any) -> None:
        await connection.execute("UPDATE account SET disabled = true WHERE id = $1", account["id"])
        await _end_sessions(connection, account)

    asyncio.run(_change(home, username, "disable account", work))


def enable(home: Home, username: str) -> None:
    """Its password is good again."""

    async def work(connection: "asyncpg.Connection", account: Any) -> None:
        await connection.execute("UPDATE account SET disabled = false WHERE id = $1", account["id"])

    asyncio.run(_change(home, username, "enable account", work))


def set_password(home: Home, username: str, password: str | None = None) -> str:
    """The new password, made here if none is given. The old one and what it opened end."""
    from argon2 import PasswordHasher

    new = _good(password)
    hashed = PasswordHasher().hash(new)

    async def work(connection: "asyncpg.Connection", account: Any) -> None:
        await connection.execute("UPDATE account SET password_hash = $2 WHERE id = $1", account["id"], hashed)
        await _end_sessions(connection, account)

    asyncio.run(_change(home, username, "set password", work))
    return new


def set_roles(home: Home, username: str, roles: list[str]) -> None:
    """Exactly these roles from now on."""
    wanted = _known(roles)

    async def work(connection: "asyncpg.Connection", account: Any) -> None:
        await connection.execute("UPDATE account SET roles = $2 WHERE id = $1", account["id"], wanted)
        if set(account["roles"]) - set(wanted):
            await _end_sessions(connection, account)

    asyncio.run(_change(home, username, f"set roles {' '.join(wanted)}", work))


def all_accounts(home: Home) -> list[list[Any]]:
    """What is `SHOWN` of each, by username."""

    async def read() -> list[list[Any]]:
        async with _portal(home) as connection:
            rows = await connection.fetch(f"SELECT {', '.join(SHOWN)} FROM account ORDER BY username")  # noqa: S608
        return [list(row.values()) for row in rows]

    return asyncio.run(read())


def noted(home: Home, action: str, target: str, work: Callable[[], T]) -> T:
    """What is no account's but opens or closes a way to content: done with its row in the audit, or not at all."""

    async def both() -> T:
        async with _portal(home) as connection:
            await _audit(connection, action, target)
            return await asyncio.to_thread(work)

    return asyncio.run(both())


def _known(roles: list[str]) -> list[str]:
    if unknown := sorted(set(roles) - {role.value for role in Role}):
        known = ", ".join(role.value for role in Role)
        raise Trouble(f"{unknown[0]!r} is not a role: use one of {known}.")
    return sorted(set(roles))


def _good(password: str | None) -> str:
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise Trouble(f"A password has {SHORTEST_PASSWORD} characters or more.")
    return password or secrets.token_urlsafe(15)


async def _change(home: Home, username: str, action: str, work: Work) -> None:
    """One change to one account, which nobody signs in to meanwhile, and its row in the audit."""
    async with _portal(home) as connection:
        account = await connection.fetchrow("SELECT id, roles FROM account WHERE username = $1 FOR UPDATE", username)
        if not account:
            raise Trouble(f"There is no account named {username!r}: ./jpa account list shows those that are.")
        await work(connection, account)
        await _audit(connection, action, str(account["id"]))


async def _end_sessions(connection: "asyncpg.Connection", account: Any) -> None:
    await connection.execute("DELETE FROM session WHERE account_id = $1", account["id"])


async def _audit(connection: "asyncpg.Connection", action: str, target: str) -> None:
    # as where this operator replays from quarantine
    statement = "INSERT INTO audit (actor, party, action, target, outcome) VALUES ('operator', 'RSO', $1, $2, 'done')"
    await connection.execute(statement, action, target)


async def _insert(home: Home, accounts: list[Account]) -> None:
    import asyncpg
    from argon2 import PasswordHasher

    hasher = PasswordHasher()
    statement = (
        "INSERT INTO account (id, username, party, roles, password_hash, display_name, disabled) "
        "VALUES ($1, $2, $3, $4, $5, $6, false)"
    )
    async with _portal(home) as connection:
        for account in accounts:
            hashed = await asyncio.to_thread(hasher.hash, account.password)
            fields = (account.id, account.username, account.party, account.roles, hashed)
            try:
                await connection.execute(statement, *fields, account.display_name)
            except asyncpg.UniqueViolationError:
                raise Trouble(f"There is an account named {account.username!r} already.") from None
            await _audit(connection, "add account", account.id)


@asynccontextmanager
async def _portal(home: Home) -> AsyncIterator["asyncpg.Connection"]:
    """A transaction in the portal's database, as its own role."""
    import asyncpg

    surroundings = Servers.installed(home).surroundings
    url = surroundings.database.as_role("portal", surroundings.passwords()["portal"], "portal")
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise Trouble("The portal's database does not answer: start the system with ./jpa up.") from error
    try:
        async with connection.transaction():
            yield connection
    except asyncpg.UndefinedTableError:
        raise Trouble("The portal has not made its tables yet: see ./jpa status.") from None
    finally:
        await connection.close()
