"""The secrets of one installation: made at first need, each in its own file that only its owner reads."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from deploy.embedded.places import Home


def write_secret(path: Path, text: str) -> None:
    """Write a file that was never readable by others, all of it or nothing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def password(home: Home, name: str) -> str:
    """The password that `secrets/<name>.txt` holds."""
    path = home.secrets / f"{name}.txt"
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def signing_key(home: Home, name: str) -> Path:
    """The file of an Ed25519 private key, as a JWK that names itself by `kid`."""
    path = home.secrets / f"{name}.jwk"
    if not path.exists():
        write_secret(path, json.dumps(_new_key()))
    return path


def public_keys(home: Home, name: str) -> Path:
    """The file of the public half of `signing_key(name)`, as a set."""
    path = home.secrets / f"{name}-public.jwk"
    if not path.exists():
        private: dict[str, Any] = json.loads(signing_key(home, name).read_text())
        public = {key: value for key, value in private.items() if key != "d"}
        write_secret(path, json.dumps({"keys": [public]}))
    return path


def target_key(home: Home) -> Path:
    """The file of the key of which tokens of targets are made, as a JWK; its `kid` is its version."""
    path = home.secrets / "targets-portal.jwk"
    if not path.exists():
        write_secret(path, json.dumps({"kty": "oct", "kid": "1", "k": secrets.token_urlsafe(32)}))
    return path


def _new_key() -> dict[str, Any]:
    from joserfc.jwk import OKPKey

    key = OKPKey.generate_key("Ed25519", parameters={"use": "sig", "alg": "Ed25519"})
    return {**key.as_dict(private=True), "kid": key.thumbprint()}
