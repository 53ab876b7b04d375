"""What a service is told: by the environment, and by files where a value belongs in none."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.runtime.settings import ServiceSettings

PLAIN = {
    "KAFKA_BOOTSTRAP_SERVERS": "kafka:9092",
    "ACTOR_PUBLIC_KEYS_FILE": "/keys/actor-public.jwk",
    "SEAL_PRIVATE_KEY_FILE": "/keys/seal.jwk",
}


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("DATABASE_URL", "KAFKA_SASL_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in PLAIN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    (tmp_path / "database_url").write_text("postgresql+asyncpg://planner:word@postgres/planner\n")
    (tmp_path / "kafka_sasl_password").write_text("another word\n")
    return tmp_path


def test_a_secret_is_read_from_a_file_of_its_name_and_without_its_last_newline(secrets: Path):
    settings = ServiceSettings()
    assert settings.database_url.get_secret_value() == "postgresql+asyncpg://planner:word@postgres/planner"
    assert settings.kafka_sasl_password.get_secret_value() == "another word"


def test_a_variable_goes_before_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "from the environment")
    assert ServiceSettings().kafka_sasl_password.get_secret_value() == "from the environment"


def test_a_secret_that_is_nowhere_is_missed_and_none_is_shown(secrets: Path):
    (secrets / "database_url").unlink()
    with pytest.raises(ValidationError, match="database_url") as missed:
        ServiceSettings()
    assert "another word" not in str(missed.value)
