"""Actor tokens: for one service, for a minute, from one key."""

import json
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from deploy.embedded import credentials
from deploy.embedded.places import Home
from shared.errors import Unauthenticated
from shared.runtime.identity import Signer, Verifier
from tests.builders import an_officer


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_token_is_good_where_it_is_meant_for_and_nowhere_else(home: Home):
    signer, public = Signer(credentials.signing_key(home, "actor")), credentials.public_keys(home, "actor")
    actor = an_officer("NZ")
    token = signer.token(actor, "planner")
    assert Verifier(public, "planner").actor(token) == actor
    with pytest.raises(Unauthenticated, match="another service"):
        Verifier(public, "intel").actor(token)


def test_one_token_serves_a_burst_at_one_service(home: Home):
    signer, actor = Signer(credentials.signing_key(home, "actor")), an_officer("NZ")
    assert signer.token(actor, "planner") == signer.token(actor, "planner")
    assert signer.token(actor, "planner") != signer.token(actor, "intel")


def test_a_token_that_names_no_service_is_not_good(home: Home):
    key = OKPKey.import_key(json.loads(credentials.signing_key(home, "actor").read_text()))
    claims = {"sub": "1", "name": "nz.officer", "party": "NZ", "roles": [], "exp": 2**40}
    token = jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=["Ed25519"])
    with pytest.raises(Unauthenticated):
        Verifier(credentials.public_keys(home, "actor"), "planner").actor(token)
