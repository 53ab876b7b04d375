"""What the planner is told from outside."""

from pydantic import Field

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """The common settings, how often the planner looks at the clock, and how much a party may try."""

    clockwork_seconds: float = 1.0

    # how long rights officers have to take up a serious incident before it is escalated
    incident_hours: float = Field(default=24.0, gt=0)

    # how many places and targets a party may have compared with others' operations, in so many hours
    tries_places: int = Field(default=100, ge=1)
    tries_targets: int = Field(default=300, ge=1)
    tries_hours: float = Field(default=24.0, gt=0)
