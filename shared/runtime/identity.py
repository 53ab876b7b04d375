"""Who acts: a short-lived token that the portal signs for a person and one service; services trust nothing else."""

import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.actor import Actor
from shared.errors import Unauthenticated
from shared.vocabulary import Role

ALGORITHM = "Ed25519"
LIFETIME_SECONDS = 60
FILE = "file"
"""Whom a seal is for: no service has this name, so that it never passes for a token."""


class Signer:
    """Makes actor tokens. One serves an account at a service for half its lifetime, so a burst costs one signature."""

    def __init__(self, private_key_file: Path) -> None:
        self._key = OKPKey.import_key(json.loads(private_key_file.read_text()))
        self._kept: OrderedDict[tuple[Actor, str], tuple[float, str]] = OrderedDict()

    def token(self, actor: Actor, service: str) -> str:
        """A token with which this service, and no other, takes the actor's word."""
        now = time.time()
        kept = self._kept.get((actor, service))
        if kept and kept[0] > now:
            return kept[1]
        claims = {
            "aud": service,
            "sub": actor.id,
            "name": actor.name,
            "party": actor.party,
            "roles": sorted(role.value for role in actor.roles),
            "iat": int(now),
            "exp": int(now) + LIFETIME_SECONDS,
        }
        header = {"alg": ALGORITHM, "kid": self._key.kid}
        token = jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])
        self._kept[actor, service] = (now + LIFETIME_SECONDS / 2, token)
        if len(self._kept) > 1000:
            self._kept.popitem(last=False)
        return token


    def seal(self, claims: Mapping[str, Any]) -> str:
        """The portal's word on a file, for whoever is shown it: the same words always have the same seal."""
        header = {"alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, {"aud": FILE, **claims}, self._key, algorithms=[ALGORITHM])


class Verifier:
    """Reads actor tokens with the portal's registered keys, and remembers the good ones until they expire."""

    def __init__(self, public_keys_file: Path, service: str) -> None:
        self._service = service
        self._keys = KeySet.import_key_set(json.loads(public_keys_file.read_text()))
        self._kept: OrderedDict[str, tuple[float, Actor]] = OrderedDict()

    def unseal(self, token: str) -> dict[str, Any]:
        """What a seal of the portal is on. Raises Unauthenticated for what is none; an actor token is none either."""
        try:
            claims = jwt.decode(token, self._keys, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            claims = {}
        if claims.get("aud") != FILE:
            raise Unauthenticated("This is no word of the portal on a file.")
        return claims

    def actor(self, token: str) -> Actor:
        """Raises Unauthenticated for a token that is missing, forged, expired or not for this service."""
        kept = self._kept.get(token)
        if kept:
            if kept[0] > time.time():
                return kept[1]
            del self._kept[token]
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            claims = decoded.claims
            expires = float(claims["exp"])
            if expires <= time.time():
                raise Unauthenticated("The actor token has expired.")
            if claims["aud"] != self._service:
                raise Unauthenticated("The actor token is for another service.")
            actor = Actor(claims["sub"], claims["name"], claims["party"], frozenset(Role(r) for r in claims["roles"]))
        except (JoseError, KeyError, ValueError, TypeError):
            raise Unauthenticated("The actor token is not good.") from None
        self._kept[token] = (expires, actor)
        if len(self._kept) > 2000:
            self._kept.popitem(last=False)
        return actor
