"""Tokens of identifiers: HMACs under one versioned key, which lies in a file and in no database. Clear text ends here.

Whoever steals a database learns from a token nothing; whoever holds the key can try every passport number there is.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from services.portal.settings import Settings
from shared.errors import FieldError, Forbidden, Invalid
from shared.identifiers import Identifier, normalised

_HERE = {"127.0.0.1", "::1", "localhost"}


class NotPrivate(Forbidden):
    """What would be read on the way is not taken."""


class Tokens:
    """Makes them."""

    def __init__(self, settings: Settings) -> None:
        self._version, self._key = _read(settings.target_key_file)
        address = urlsplit(settings.public_url)
        self._private = address.scheme == "https" or address.hostname in _HERE

    def body(self, identifiers: Sequence[Identifier]) -> bytes:
        """The command as the planner takes it: tokens in the place of what was written.

        Raises:
            NotPrivate: this portal is reached without TLS.
            Invalid: with every field that is wrong, and nothing of what it says.
        """
        if not self._private:
            raise NotPrivate("Identifiers are taken over HTTPS only.")
        targets: list[dict[str, str]] = []
        errors: list[FieldError] = []
        for number, one in enumerate(identifiers):
            try:
                targets.append({"kind": one.kind.value, "token": self.token(one, f"identifiers.{number}.value")})
            except Invalid as wrong:
                errors += wrong.errors
        if errors:
            raise Invalid("Please correct what is marked.", errors=tuple(errors))
        return json.dumps({"targets": targets}).encode()

    def token(self, identifier: Identifier, field: str = "value") -> str:
        """The same for all that mean the same, of its kind; with another version of the key another one."""
        text = f"{identifier.kind.value}\0{normalised(identifier, field)}"
        return f"{self._version}:{hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()}"


def _read(path: Path) -> tuple[int, bytes]:
    """The version and the key, from a JWK."""
    said = json.loads(path.read_text())
    return int(said["kid"]), base64.urlsafe_b64decode(said["k"] + "=" * (-len(said["k"]) % 4))
