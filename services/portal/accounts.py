"""Accounts and sessions: who someone is, proven by a password once and by a secret of the session afterwards.

Times here are real time, never the played clock. The session's secret is kept as a hash; so are the names and addresses
of failed attempts.
"""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import TooMany, Unauthenticated
from shared.runtime.db import Database
from shared.vocabulary import Role

HASHER = PasswordHasher()  # Argon2id with RFC 9106's second recommended parameters
_NOBODY = HASHER.hash(secrets.token_urlsafe(16))
_WINDOW = timedelta(minutes=15)
# each check takes 64 MiB and a core for a moment: one at a time keeps the rest alive
_ONE_AT_A_TIME = asyncio.Semaphore(1)

_SESSION = """
SELECT s.csrf, s.seen_at, s.expires_at, a.id, a.username, a.display_name, a.party, a.roles
FROM session s JOIN account a ON a.id = s.account_id WHERE s.token_hash = $1 AND NOT a.disabled
"""


@dataclass(frozen=True)
class Session:
    """A sign-in that is still good."""

    token_hash: bytes
    csrf: str
    expires_at: datetime
    actor: Actor
    display_name: str


@dataclass(frozen=True)
class SignedIn:
    """A new session: the only time that its secret is in hand."""

    token: str
    session: Session


class Accounts:
    """Sign in, recognise, sign out."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._hours = timedelta(hours=settings.session_hours)
        self._idle = timedelta(hours=settings.session_idle_hours)
        self._attempts = settings.attempts_per_quarter_hour

    async def sign_in(self, username: str, password: str, address: str) -> SignedIn:
        """A new session.

        Raises:
            Unauthenticated: unknown name, wrong password or disabled account, in the same words and time.
            TooMany: too many failures for this name, or ten times as many from this address.
        """
        marks = [_mark("name", username.casefold()), _mark("address", address)]
        async with self._database.begin() as tx:
            since = datetime.now(UTC) - _WINDOW
            rows = await tx.sql(
                "SELECT who, count(*) AS n FROM attempt WHERE who = ANY ($1::bytea[]) AND at > $2 GROUP BY who",
                marks,
                since,
            )
            failed = {bytes(row["who"]): row["n"] for row in rows}
            if failed.get(marks[0], 0) >= self._attempts or failed.get(marks[1], 0) >= 10 * self._attempts:
                raise TooMany("Too many attempts. Please try again in a quarter of an hour.")
            found = await tx.sql("SELECT * FROM account WHERE username = $1 AND NOT disabled", username)
        kept = found[0]["password_hash"] if found else _NOBODY
        async with _ONE_AT_A_TIME:
            right = await asyncio.to_thread(_verify, kept, password)
        if not (right and found):
            async with self._database.begin() as tx:
                await tx.sql("INSERT INTO attempt (who) SELECT unnest($1::bytea[])", marks)
                await tx.sql("DELETE FROM attempt WHERE at < $1", datetime.now(UTC) - timedelta(days=1))
            raise Unauthenticated("The name or the password is not right.")
        row = found[0]
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        expires = datetime.now(UTC) + self._hours
        actor = Actor(str(row["id"]), row["username"], row["party"], _roles(row["roles"]))
        async with self._database.begin(actor) as tx:
            await tx.sql(
                "INSERT INTO session (token_hash, account_id, csrf, expires_at) VALUES ($1, $2, $3, $4)",
                _hash(token),
                row["id"],
                csrf,
                expires,
            )
            await tx.sql("DELETE FROM session WHERE expires_at < now()")
            tx.audit("sign in", actor.id)
        return SignedIn(token, Session(_hash(token), csrf, expires, actor, row["display_name"]))

    async def session(self, token: str, seen: bool = True) -> Session:
        """The session behind a secret. Raises Unauthenticated. A look that nobody asked for does not keep it alive."""
        token_hash, now = _hash(token), datetime.now(UTC)
        async with self._database.begin() as tx:
            rows = await tx.sql(_SESSION, token_hash)
            row = rows[0] if rows else None
            if row is None or row["expires_at"] <= now or now - row["seen_at"] > self._idle:
                raise Unauthenticated("Your session has ended. Please sign in again.")
            if seen and now - row["seen_at"] > timedelta(minutes=1):
                await tx.sql("UPDATE session SET seen_at = $2 WHERE token_hash = $1", token_hash, now)
        actor = Actor(str(row["id"]), row["username"], row["party"], _roles(row["roles"]))
        return Session(token_hash, row["csrf"], row["expires_at"], actor, row["display_name"])

    async def sign_out(self, session: Session) -> None:
        async with self._database.begin(session.actor) as tx:
            await tx.sql("DELETE FROM session WHERE token_hash = $1", session.token_hash)
            tx.audit("sign out", session.actor.id)

    async def disable(self, account_id: UUID) -> None:
        """End an account's sessions at once, then the account."""
        async with self._database.begin() as tx:
            await tx.sql("DELETE FROM session WHERE account_id = $1", account_id)
            await tx.sql("UPDATE account SET disabled = true WHERE id = $1", account_id)
            tx.audit("disable account", str(account_id))


def _verify(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _roles(values: list[str]) -> frozenset[Role]:
    return frozenset(Role(value) for value in values)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _mark(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind}\n{value}".encode()).digest()
