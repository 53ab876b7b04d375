"""What the planner does with what it hears."""

from shared.runtime.listener import Listener

# Nothing yet. A topic is subscribed together with its first handler, which then starts at the beginning of its history.
listener = Listener()
