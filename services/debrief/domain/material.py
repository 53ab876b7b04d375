"""What a debrief is compiled from: sums over what was heard, as far as each of its readers may know it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.events.debrief import Figure
from shared.vocabulary import Indicator, OperationState


@dataclass(frozen=True)
class Sum:
    """One indicator over one party's updates."""

    party: str
    indicator: Indicator
    validated: int
    provisional: int
    updates: int

    @property
    def figure(self) -> Figure:
        return Figure(
            indicator=self.indicator, validated=self.validated, provisional=self.provisional, updates=self.updates
        )


@dataclass(frozen=True)
class Posted:
    """How many updates of one party stand and are shared with all who read the debrief, and how many are provisional."""

    party: str
    shared: int
    provisional: int


@dataclass(frozen=True)
class Material:
    """All of it. `operations` counts the shared ones of each owner by their state."""

    sums: tuple[Sum, ...] = ()
    posted: tuple[Posted, ...] = ()
    operations: Mapping[tuple[str, OperationState], int] = field(default_factory=dict)
    heard_to_the_end: bool = True

    def operations_that_are(self, *states: OperationState) -> int:
        return sum(count for (_, state), count in self.operations.items() if state in states)

    def lacks(self, participants: tuple[str, ...]) -> tuple[str, ...]:
        """What is still missing, in words. They are read by all participants: nothing here tells of what is held."""
        said = []
        if not self.heard_to_the_end:
            said.append("Some of what was said until the close is still on its way.")
        present = {posted.party: posted for posted in self.posted}
        said += [
            f"{party}: no update is included." for party in participants
            if party not in present or not present[party].shared
        ]  # fmt: skip
        said += [
            f"{posted.party}: {_counted(posted.provisional, 'update is', 'updates are')} not validated yet."
            for posted in self.posted
            if posted.provisional
        ]
        open_states = (OperationState.SCHEDULED, OperationState.UNDER_WAY)
        for owner in sorted({owner for owner, _ in self.operations}):
            unfinished = sum(self.operations.get((owner, state), 0) for state in open_states)
            if unfinished:
                said.append(f"{owner}: {_counted(unfinished, 'operation was', 'operations were')} not completed.")
        return tuple(said)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
