"""`keys`: the public halves of the keys with which services sign their checkpoints, for whoever checks them."""

import json
from typing import Any

from client.screen import rows
from deploy.embedded import credentials
from deploy.embedded.places import Home, Trouble
from deploy.provision.topics import SERVICES


def show(home: Home, as_json: bool) -> None:
    """A JSON Web Key Set; each key says whose it is."""
    keys = [_public(home, service) for service in SERVICES]
    if as_json:
        print(json.dumps({"keys": keys}))
        return
    rows(["service", "kid", "x"], [[key["service"], key["kid"], key["x"]] for key in keys], "")


def _public(home: Home, service: str) -> dict[str, Any]:
    if not (home.secrets / f"seal-{service}.jwk").exists():  # one made now would have signed nothing
        raise Trouble(f"The services' keys are not below {home.root}: ./jpa up makes them; JPA_HOME says where they are.")
    [key] = json.loads(credentials.public_keys(home, f"seal-{service}").read_text())["keys"]
    return {**key, "service": service}
