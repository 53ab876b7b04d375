"""Where the replicas of a service are: asked in turn, and one that failed is left alone for a while."""

import time


class Addresses:
    """One or several addresses, as a setting names them with commas between."""

    def __init__(self, named: str) -> None:
        self._all = [address.strip().rstrip("/") for address in named.split(",")]
        self._next = 0
        self._left_alone: dict[str, float] = {}  # until this monotonic time

    def turn(self) -> list[str]:
        """All of them in the order to ask: another one first each time, those that are left alone last."""
        self._next = (self._next + 1) % len(self._all)
        now = time.monotonic()
        return sorted(self._all[self._next :] + self._all[: self._next], key=lambda one: self._left_alone.get(one, 0) > now)

    def failed(self, address: str, seconds: float = 1) -> None:
        """Ask the others first for so long."""
        self._left_alone[address] = time.monotonic() + seconds
