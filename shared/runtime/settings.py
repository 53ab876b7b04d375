"""What a service is told from outside, by environment variables; every limit is here and has a unit in its name."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Common to all services. Names are the environment variables in lower case."""

    model_config = SettingsConfigDict(extra="ignore")

    # a folder with a file for each value that belongs in no environment: its name is the setting's, such as database_url
    secrets_dir: Path | None = None

    # the servers
    database_url: SecretStr
    database_connections: int = Field(default=12, ge=1, le=100)
    kafka_bootstrap_servers: str
    kafka_security_protocol: str = "SASL_PLAINTEXT"
    kafka_sasl_mechanism: str = "SCRAM-SHA-256"
    kafka_sasl_username: str = ""
    kafka_sasl_password: SecretStr = SecretStr("")

    # identity and evidence
    actor_public_keys_file: Path
    seal_private_key_file: Path
    checkpoint_seconds: float = Field(default=3600, gt=0)

    # the played clock: the embedded stack only
    playback: bool = False
    clock_file: Path | None = None

    # where an endurance run arms failpoints: the embedded stack only, by the same word as the played clock
    failpoints_path: Path | None = None

    # telemetry
    trace_file: Path | None = None
    trace_file_max_bytes: int = 20_000_000
    trace_share: float = Field(default=0.1, ge=0, le=1)
    otel_exporter_otlp_endpoint: str | None = None

    # limits
    body_max_bytes: int = 256 * 1024
    disk_path: Path | None = None
    min_free_bytes: int = 500_000_000
    ready_lag_events: int = 10_000
    ready_unsent_seconds: float = 30.0

    # the bus
    batch_max_events: int = Field(default=4000, ge=1)  # what is taken from Kafka at once
    transaction_max_events: int = Field(default=1000, ge=1)
    fetch_max_bytes: int = 4_000_000  # of one partition at once
    fetch_min_bytes: int = Field(default=1, ge=1)  # Kafka answers once it has so much,
    fetch_wait_ms: int = Field(default=500, ge=1)  # or after so long
    retry_min_seconds: float = 0.2
    retry_max_seconds: float = 10.0
    release_seconds: float = 5.0  # how often to look for what waits although its turn has come
    session_timeout_ms: int = 10_000

    # the relay
    relay_batch: int = Field(default=500, ge=1)
    relay_poll_seconds: float = 0.25
    lead_seconds: float = Field(default=6.0, ge=4)  # how long a replica that was stopped keeps the others from relaying
    unclean_file: Path | None = None
    resend_seconds: float = 600.0

    # saying it again
    replay_page: int = Field(default=2000, ge=1)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *args: Any, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A variable goes before a file of SECRETS_DIR."""
        files = SecretsSettingsSource(settings_cls, secrets_dir=os.environ.get("SECRETS_DIR"))
        return named["init_settings"], named["env_settings"], files
