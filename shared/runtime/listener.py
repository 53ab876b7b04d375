"""What a service hears, and who handles each kind of event."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from shared.events.base import Event
from shared.runtime import telemetry
from shared.runtime.db import Tx

Handler = Callable[[Any, Any], Awaitable[None]]
H = TypeVar("H", bound=Handler)


class Work(Protocol):
    """What handlers are given when their writing is gathered: they change it, and it writes at the end."""

    async def prepare(self, events: Sequence[Event]) -> None:
        """These will be handled: read at once what each would ask for."""

    async def flush(self) -> None:
        """Write what the handlers left."""


Gather = Callable[[Tx], Work]
"""Makes what the handlers of one transaction are given in its place."""


class Listener:
    """What a service hears: its topics, and the handler of each kind of event."""

    def __init__(self, *topics: str, gather: Gather | None = None) -> None:
        self.topics, self.gather = topics, gather
        self._handlers: dict[type[Event], Handler] = {}
        self._after: list[Callable[[], None]] = []

    def on(self, *kinds: type[Event]) -> Callable[[H], H]:
        """Register a handler: `@listener.on(PeriodClosed)`."""

        def register(handler: H) -> H:
            for kind in kinds:
                if kind in self._handlers:
                    raise TypeError(f"{kind.__name__} has two handlers")
                self._handlers[kind] = handler
            return handler

        return register

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this after each committed batch."""
        self._after.append(call)

    async def handle(self, event: Event, work: Any) -> None:
        """`work` is what the consumer gives its handlers: the transaction, or what gathers their writing."""
        handler = self._handlers.get(type(event))
        if handler:
            with telemetry.span_if_sampled("handle", event.traceparent, type=event.type, event=str(event.id)):
                await handler(event, work)

    def committed(self) -> None:
        for call in self._after:
            call()
