"""Whose turn it is: an event's place among those of its aggregate is its epoch and its number in that epoch.

Numbers have no gaps within an epoch and begin at 1 in each. A higher epoch begins when nothing of an earlier one is set
aside; what comes of an earlier epoch after that is judged by its id alone and moves nobody back.
"""

from enum import Enum
from typing import NamedTuple


class Number(NamedTuple):
    """How far an aggregate has come, or where an event stands. Before the first event it is (0, 0)."""

    epoch: int
    sequence: int

    def __str__(self) -> str:
        return str(self.sequence) if self.epoch <= 1 else f"{self.sequence} of epoch {self.epoch}"

    @property
    def following(self) -> "Number":
        """The next number of the same epoch."""
        return Number(max(self.epoch, 1), self.sequence + 1)


NOWHERE = Number(0, 0)


class Turn(Enum):
    """What becomes of an event whose id is new."""

    PASSED = "it is applied, and the aggregate stays where it is"
    NEXT = "it is applied, and the aggregate moves on"
    LATER = "it waits"


def turn(at: Number, event: Number, earlier_aside: bool = False) -> Turn:
    """Judge an event by where its aggregate is; `earlier_aside`: something of an earlier epoch is still set aside."""
    if event <= at:
        return Turn.PASSED
    if event.epoch == at.epoch:
        return Turn.NEXT if event.sequence == at.sequence + 1 else Turn.LATER
    return Turn.NEXT if event.sequence == 1 and not earlier_aside else Turn.LATER
