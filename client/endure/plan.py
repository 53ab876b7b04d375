"""Which faults, how often and in which order: from the size of the run and a seed."""

import random
from dataclasses import dataclass, replace

from client.endure.faults import ALWAYS, BROKERS, KILLS, POINTS, REPLICAS
from deploy.embedded.places import Trouble
from shared.runtime.failpoints import Point

SECONDS_A_FAULT = 3.5
"""For which posts are kept in hand at each fault, so that none falls into silence."""
SLOWEST = 5.0
LEAST = 20
"""Updates for each fault: some wait until a few more were accepted."""
LONG_RUN = 20
"""From so many kills on, the servers are away for minutes and not for moments."""


@dataclass(frozen=True)
class Shape:
    """The size of a run. `faults` names them one by one, instead of by number."""

    updates: int = 10_000
    kills: int = 30
    seed: int = 0
    outage_seconds: float | None = None
    faults: tuple[str, ...] = ()
    brokers: int = 1
    replicas: int = 1

    @property
    def outage(self) -> float:
        if self.outage_seconds is not None:
            return self.outage_seconds
        return 120.0 if self.kills >= LONG_RUN else 5.0

    @property
    def planned(self) -> list[str]:
        """In the order in which they are done."""
        return list(self.faults) or plan(self.kills, self.seed, self.brokers > 1, self.replicas > 1)

    @property
    def a_second(self) -> float:
        """How fast it is posted: so that every fault meets a flow, and there is one left for the next."""
        return max(SLOWEST, self.updates / (len(self.planned) + 1) / SECONDS_A_FAULT)

    def require_enough(self) -> None:
        """Raises Trouble where the faults would run out of updates."""
        least = LEAST * (len(self.planned) + 2)
        if self.updates < least:
            raise Trouble(f"{len(self.planned)} faults need {least} updates or more: use --updates {least}.")

    def seeded(self) -> "Shape":
        """With a seed of its own where none was given."""
        return self if self.seed else replace(self, seed=random.SystemRandom().randrange(1, 10**6))


def plan(kills: int, seed: int, brokers: bool = False, replicas: bool = False) -> list[str]:
    """At every point a tenth of the kills, the rest at each process in turn; of everything else a fifteenth each."""
    chance = random.Random(seed)  # noqa: S311
    at_points = max(1, kills // 10) if kills >= len(Point) else 0
    chosen = [f"kill {point}" for point in Point for _ in range(at_points)]
    processes = chance.sample(sorted(KILLS), len(KILLS))
    chosen += [processes[number % len(processes)] for number in range(kills - len(chosen))]
    for name in (*ALWAYS, *(BROKERS if brokers else ()), *(REPLICAS if replicas else ())):
        if name == "both down":
            chosen.append(name)
        elif name in POINTS:
            chosen += [] if name.startswith("kill") else [name]
        elif name not in KILLS:
            chosen += [name] * max(1, kills // 15)
    return _mixed(chosen, chance)


def _mixed(chosen: list[str], chance: random.Random) -> list[str]:
    """Shuffled, and where it can be helped not twice the same one after the other."""
    chance.shuffle(chosen)
    for number in range(1, len(chosen)):
        if chosen[number] == chosen[number - 1]:
            other = chance.randrange(len(chosen))
            chosen[number], chosen[other] = chosen[other], chosen[number]
    return chosen
