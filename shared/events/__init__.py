"""The catalogue: importing this knows every event of the system, by its type."""

from shared.events import audit, debrief, intel, planner, portal
from shared.events.base import CATALOGUE, MAX_EVENT_BYTES, Audience, Event, Unreadable, audience_of, read

__all__ = [
    "CATALOGUE",
    "MAX_EVENT_BYTES",
    "Audience",
    "Event",
    "Unreadable",
    "audience_of",
    "audit",
    "debrief",
    "intel",
    "planner",
    "portal",
    "read",
]
