"""What the portal is told from outside."""

from pathlib import Path

from pydantic import Field, FilePath, SecretStr

from services.portal.file_kinds import ENDINGS
from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """The common settings, the two further roles on its database, where the services are, and the limits of sessions."""

    projector_database_url: SecretStr
    reader_database_url: SecretStr
    reader_connections: int = Field(default=12, ge=1)
    actor_private_key_file: Path
    # what tokens of targets are made with: a JWK whose `kid` is its version; no database holds it
    target_key_file: FilePath
    # one address of a service, or those of its replicas with commas between
    planner_url: str
    intel_url: str
    debrief_url: str
    public_url: str = "http://127.0.0.1:8000"

    command_timeout_seconds: float = 10.0
    page_wait_seconds: float = 2.0  # how long a page waits for the projection of its own command
    session_hours: float = 12.0
    session_idle_hours: float = 2.0
    attempts_per_quarter_hour: int = 10
    streams_per_session: int = 3
    silent_days: int = 7
    late_hours: float = 24.0  # an update that comes later after what it tells of is marked late; `replay portal` marks anew

    # files; of the kinds that `services/portal/file_kinds.py` can tell by their content
    file_max_bytes: int = 10_000_000
    files_per_request: int = Field(default=3, ge=1, le=10)
    file_types: tuple[str, ...] = tuple(ENDINGS)
    file_unnamed_hours: float = 24.0  # how long a file is kept that nothing names yet
    file_purge_seconds: float = 60.0

    # another generation of the read model
    generation_poll_seconds: float = 0.5  # how soon a portal follows when another one is shown
    rebuild_transaction_events: int = Field(default=4000, ge=1)
    swap_lag_events: int = 200  # with how few events still to hear it is shown

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")
