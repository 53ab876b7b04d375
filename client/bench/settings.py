"""How much a bench does: its sizes and times, in one place."""

from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.places import Trouble

PARTS = ("floor", "system", "rebuild", "pages")


@dataclass(frozen=True)
class Options:
    """As the command was told."""

    seconds: float = 60.0
    updates: int = 1_000_000  # for the pages
    few_updates: int = 10_000  # to hold the many against
    events: int = 100_000  # for the rebuild
    writers: tuple[int, ...] = (16, 32)
    try_seconds: float = 8.0
    floor_seconds: float = 10.0
    floor_writers: int = 16
    paced_seconds: float = 10.0
    slow_seconds: float = 20.0
    fetches: int = 60  # of each page
    parts: tuple[str, ...] = field(default=PARTS)
    profile: Path | None = None
    miniature: bool = False

    def quick(self) -> "Options":
        """All of it in miniature: whether it runs, not how fast."""
        return Options(
            seconds=2.0,
            updates=3_000,
            few_updates=1_000,
            events=2_000,
            writers=(4,),
            try_seconds=0.5,
            floor_seconds=1.0,
            floor_writers=4,
            paced_seconds=1.0,
            slow_seconds=1.0,
            fetches=3,
            parts=self.parts,
            profile=self.profile,
            miniature=True,
        )


def asked(
    seconds: float, updates: int, events: int, writers: list[int] | None, parts: list[str] | None,
    profile: Path | None, quick: bool,
) -> Options:  # fmt: skip
    """What the words of the command mean."""
    if unknown := set(parts or ()) - set(PARTS):
        raise Trouble(f"{unknown.pop()!r} is no part of the bench: use {', '.join(PARTS)}.")
    options = Options(
        seconds=seconds,
        updates=updates,
        events=events,
        writers=tuple(writers or Options.writers),
        parts=tuple(parts or PARTS),
        profile=profile.absolute() if profile else None,
    )
    return options.quick() if quick else options
