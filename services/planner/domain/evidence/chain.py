"""The chain of the ledger's lines: each fits to the one before it, or something was changed or taken out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from services.planner.domain.ledger import Line, chained


class Gap(NamedTuple):
    """A line that stands without one that it needs."""

    line: Line
    why: str


class Sealed(NamedTuple):
    """A line with its place in the chain and its hash; without them while it is not sealed."""

    line: Line
    seal: int | None
    hash: bytes | None


@dataclass
class Links:
    """How far the chain was read: the last place in it, and the hash there."""

    place: int = 0
    before: bytes = b""

    def take(self, row: Sealed) -> Iterator[str]:
        """Take the next sealed row in, in the order of the seals; says how it does not fit to the one before."""
        line, seal, value = row
        if seal is None or value is None:
            return
        if seal != self.place + 1:
            yield f"Just before it {seal - self.place - 1} sealed lines are missing."
        elif chained(self.before, line) != value:
            yield "It is not as it was when it was sealed."
        self.place, self.before = seal, value
