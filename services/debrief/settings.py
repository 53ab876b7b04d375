"""What debrief is told from outside."""

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """The common settings, and how often what changed is compiled."""

    compile_seconds: float = 0.5
