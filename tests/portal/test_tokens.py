"""Tokens of targets: the same for all that mean the same, of no use without the key, and made over no open line."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.embedded import credentials
from deploy.embedded.places import Home
from services.portal.tokens import NotPrivate, Tokens
from shared.errors import Invalid
from shared.events.planner import Target
from shared.identifiers import Identifier
from shared.vocabulary import IdentifierKind as K


def an_identifier(value: str = "N1234567", kind: K = K.PASSPORT) -> Identifier:
    return Identifier.model_validate({"kind": kind, "value": value})


def tokens(key_file: Path, public_url: str = "https://jpa.example") -> Tokens:
    settings: Any = SimpleNamespace(target_key_file=key_file, public_url=public_url)
    return Tokens(settings)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return credentials.target_key(Home(tmp_path))


def test_the_key_is_made_once_beside_the_other_secrets_and_nobody_else_reads_it(tmp_path: Path):
    first = credentials.target_key(Home(tmp_path))
    said = first.read_text()
    assert credentials.target_key(Home(tmp_path)).read_text() == said
    assert first.stat().st_mode & 0o777 == 0o600
    assert len(tokens(first)._key) == 32
    assert json.loads(said)["kid"] == "1"


def test_what_means_the_same_has_one_token_and_another_kind_or_key_has_another(key_file: Path, tmp_path: Path):
    made = tokens(key_file)
    token = made.token(an_identifier())
    assert Target(kind=K.PASSPORT, token=token).token.startswith("1:")
    assert made.token(an_identifier(" n 123-4567")) == token
    assert made.token(an_identifier("N1234568")) != token
    imo = an_identifier("9074729", K.VESSEL_IMO)
    assert made.token(imo) != made.token(an_identifier("9074729"))
    assert tokens(credentials.target_key(Home(tmp_path / "other"))).token(an_identifier()) != token
    key = {**json.loads(key_file.read_text()), "kid": "2"}
    (tmp_path / "next.jwk").write_text(json.dumps(key))
    assert tokens(tmp_path / "next.jwk").token(an_identifier()) == f"2:{token[2:]}"


def test_the_command_that_goes_on_holds_tokens_only_and_is_the_same_when_it_comes_again(key_file: Path):
    body = tokens(key_file).body([an_identifier(), an_identifier("9074729", K.VESSEL_IMO)])
    assert body == tokens(key_file).body([an_identifier("n1234567"), an_identifier("IMO9074729", K.VESSEL_IMO)])
    assert b"1234567" not in body
    assert b"9074729" not in body
    assert [set(one) for one in json.loads(body)["targets"]] == [{"kind", "token"}] * 2


def test_every_identifier_that_is_wrong_is_named_by_its_number_and_not_repeated(key_file: Path):
    with pytest.raises(Invalid) as refused:
        tokens(key_file).body([an_identifier("N1"), an_identifier(), an_identifier("02 123", K.PHONE)])
    assert [one.field for one in refused.value.errors] == ["identifiers.0.value", "identifiers.2.value"]
    assert "02 123" not in repr(refused.value.errors)


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://jpa.example", True), ("http://127.0.0.1:8080", True), ("http://jpa.example", False),
        ("http://10.0.0.4", False),
    ],
)
def test_identifiers_are_taken_over_tls_or_on_this_machine_only(key_file: Path, url: str, taken: bool):
    made = tokens(key_file, url)
    if taken:
        assert made.body([an_identifier()])
    else:
        with pytest.raises(NotPrivate):
            made.body([an_identifier()])
