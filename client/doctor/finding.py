"""What a check found, and how urgent it is."""

import enum
from dataclasses import dataclass, field, replace


class Urgency(enum.IntEnum):
    """NOW: something does not work or is at risk. SOON: it will be. ADVICE: nothing is wrong."""

    NOW = 0
    SOON = 1
    ADVICE = 2


NOW, SOON, ADVICE = Urgency


@dataclass(frozen=True)
class Finding:
    """One thing, in words for a person: what it is, and what to do."""

    urgency: Urgency
    about: str
    what: str
    do: str
    because: tuple[str, ...] = ()
    """What else would explain it: the `about` of findings that are looked for before this one."""
    follows: tuple["Finding", ...] = ()
    """What is explained by this one, and mended with it."""


@dataclass
class Checks:
    """All that was looked at."""

    found: list[Finding] = field(default_factory=list)
    made: int = 0

    def that(
        self, fine: bool, urgency: Urgency, about: str, what: str, do: str, because: tuple[str, ...] = ()
    ) -> bool:
        """Note a check; a finding if it is not fine."""
        self.made += 1
        if not fine:
            self.found.append(Finding(urgency, about, what, do, because))
        return fine

    def ordered(self) -> list[Finding]:
        """The most urgent first; of the same urgency in the order in which they were looked at, causes before effects.

        What follows from another finding is folded under it: one cause is one thing to do.
        """
        roots: list[Finding] = []
        causes: dict[str, int] = {}  # of what is wrong now: the place of its first finding
        follows: dict[int, list[Finding]] = {}
        for finding in self.found:
            cause = next((causes[name] for name in finding.because if name in causes), None)
            if cause is not None:
                follows.setdefault(cause, []).append(finding)
                continue
            if finding.urgency is NOW:
                causes.setdefault(finding.about, len(roots))
            roots.append(finding)
        folded = [replace(root, follows=tuple(follows.get(place, ()))) for place, root in enumerate(roots)]
        return sorted(folded, key=lambda finding: finding.urgency)


def counted(number: int, what: str) -> str:
    """`1 event`, `2 events`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def lasting(seconds: float) -> str:
    """A time as people say it."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"


def size(count: float) -> str:
    """Bytes as people say them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
