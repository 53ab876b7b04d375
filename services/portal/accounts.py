"""Accounts and sessions: who someone is, proven by a password once and by a secret of the session afterwards.

Times here are real time, never the played clock. The session's secret is kept as a hash.
"""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.portal.attempts import Attempts
from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import Unauthenticated
from shared.runtime.db import Database
from shared.runtime.pool import Row
from shared.vocabulary import Role

HASHER = PasswordHasher()  # Argon2id with RFC 9106's second recommended parameters
_NOBODY = HASHER.hash(secrets.token_urlsafe(16))
_LONGEST_USERNAME = 100
_REFUSED = "The name or the password is not right."

_SESSION = """
SELECT s.csrf, s.seen_at, s.expires_at, a.id, a.username, a.display_name, a.party, a.roles
FROM session s JOIN account a ON a.id = s.account_id WHERE s.token_hash = $1 AND NOT a.disabled
"""
# The account as it was checked: FOR SHARE waits for an operator who is taking it away, and then finds nothing.
_BEGIN = """
INSERT INTO session (token_hash, account_id, csrf, expires_at)
SELECT $1::bytea, id, $2::text, $3::timestamptz FROM account
WHERE id = $4 AND password_hash = $5 AND NOT disabled FOR SHARE
RETURNING account_id
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
        self._attempts = Attempts(database, settings.attempts_per_quarter_hour)

    async def sign_in(self, username: str, password: str, address: str) -> SignedIn:
        """A new session.

        Raises:
            Unauthenticated: unknown name, wrong password or disabled account, in the same words and time.
            TooMany: too many failures, or too many who wait.
        """
        name = username.casefold()
        async with self._attempts.turn(name, address):
            counted = await self._attempts.count(name, address)
            row = await self._named(username)
            right = await asyncio.to_thread(_verify, row["password_hash"] if row else _NOBODY, password)
        if not (right and row):
            raise Unauthenticated(_REFUSED)
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        expires = datetime.now(UTC) + self._hours
        actor = Actor(str(row["id"]), row["username"], row["party"], _roles(row["roles"]))
        async with self._database.begin(actor) as tx:
            if not await tx.sql(_BEGIN, _hash(token), csrf, expires, row["id"], row["password_hash"]):
                raise Unauthenticated(_REFUSED)
            await self._attempts.forget(tx, counted)
            await tx.sql("DELETE FROM session WHERE expires_at < now()")
            tx.audit("sign in", actor.id)
        return SignedIn(token, Session(_hash(token), csrf, expires, actor, row["display_name"]))

    async def session(self, token: str, seen: bool = True) -> Session:
        """The session behind a secret. Raises Unauthenticated. A look that nobody asked for does not keep it alive."""
        token_hash, now = _hash(token), datetime.now(UTC)
        rows = await self._database.ask(_SESSION, token_hash)
        row = rows[0] if rows else None
        if row is None or row["expires_at"] <= now or now - row["seen_at"] > self._idle:
            raise Unauthenticated("Your session has ended. Please sign in again.")
        if seen and now - row["seen_at"] > timedelta(minutes=1):
            await self._database.ask("UPDATE session SET seen_at = $2 WHERE token_hash = $1", token_hash, now)
        actor = Actor(str(row["id"]), row["username"], row["party"], _roles(row["roles"]))
        return Session(token_hash, row["csrf"], row["expires_at"], actor, row["display_name"])

    async def sign_out(self, session: Session) -> None:
        async with self._database.begin(session.actor) as tx:
            await tx.sql("DELETE FROM session WHERE token_hash = $1", session.token_hash)
            tx.audit("sign out", session.actor.id)

    async def _named(self, username: str) -> Row | None:
        """The account, unless it is disabled. What no account can be named is not asked for."""
        if len(username) > _LONGEST_USERNAME or not username.isprintable():  # NUL and lone surrogates do not print
            return None
        found = await self._database.ask("SELECT * FROM account WHERE username = $1 AND NOT disabled", username)
        return found[0] if found else None


def _verify(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password.encode(errors="surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


def _roles(values: list[str]) -> frozenset[Role]:
    return frozenset(Role(value) for value in values)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
