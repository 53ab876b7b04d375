"""What the planner is told from outside."""

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """The common settings, and how often the planner looks at the clock."""

    clockwork_seconds: float = 1.0
