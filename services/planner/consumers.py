"""What the planner does with what it hears."""

from shared.runtime.bus import Listener

listener = Listener("debrief.debriefs", "debrief.lessons", "debrief.library", "portal.receipts")
