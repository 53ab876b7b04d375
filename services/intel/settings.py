"""What intel is told from outside."""

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """The common settings."""
