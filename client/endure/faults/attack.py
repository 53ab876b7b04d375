"""What every fault has at hand, and what it leaves for the oracle to know."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from client.endure.cast import Cast
from client.endure.door import Door
from client.endure.journal import Journal
from client.endure.load import Pace
from client.endure.stack import Stack, until

Place = tuple[str, str, int, int]
"""Who set it aside, and its topic, partition and offset."""


@dataclass
class Attack:
    """One run's hands."""

    stack: Stack
    door: Door
    journal: Journal
    cast: Cast
    chance: random.Random
    outage_seconds: float
    pace: Pace
    quarantined: dict[Place, str] = field(default_factory=dict)  # with the state that it must be in
    forged: dict[str, str] = field(default_factory=dict)  # operations that nobody drafted, with their owner
    never: set[str] = field(default_factory=set)  # ids that must show nowhere
    problems: list[str] = field(default_factory=list)

    def one_of(self, what: str) -> str:
        """A process of this service or server."""
        return self.chance.choice(self.stack.all_of(what))

    def forgets(self, service: str) -> None:
        """It was built anew from what the owners say, and they never said what was forged."""
        self.quarantined = {place: state for place, state in self.quarantined.items() if place[0] != service}
        self.forged.clear()

    async def more(self, updates: int, otherwise: str) -> None:
        """Wait until so many more updates were accepted."""
        self.pace.spare(2 * updates)  # some are tried once only
        enough = self.journal.answered + updates
        await until(lambda: self.journal.answered >= enough, otherwise)

    def aside(self, services: tuple[str, ...], topic: str, partition: int, offset: int, state: str = "failed") -> None:
        """These services hear the topic, and must set this record aside."""
        for service in services:
            self.quarantined[service, topic, partition, offset] = state


Fault = Callable[[Attack], Awaitable[None]]
