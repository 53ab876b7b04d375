"""What an endurance run shows: a bar with the last fault on a terminal, plain lines elsewhere; a report at the end."""

import json
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

from client import screen

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

SHOWN_DIFFERENCES = 20
WIDE = 100


@dataclass
class Report:
    """What came of it, in figures and in words."""

    seed: int
    updates: int
    faults: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    unanswered: int = 0
    unanswered_and_kept: int = 0
    tries: int = 0
    retries: dict[str, int] = field(default_factory=dict)
    longest_silence_seconds: float = 0.0
    settle_seconds: float = 0.0
    judge_seconds: float = 0.0
    seconds: float = 0.0
    accounts: int = 0
    feed_messages: int = 0
    quarantined: int = 0
    surprises: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.differences


def progress(console: "Console") -> "Progress":
    """One line: counts are never cut; where it is narrow, what is under way gives way, and the bar."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Column

    counted = Column(no_wrap=True, min_width=len("10000/10000 updates"))
    return Progress(
        TextColumn("[bold]{task.completed:.0f}/{task.total:.0f}[/] updates", table_column=counted),
        TextColumn("{task.fields[rate]:5.1f}/s", table_column=Column(no_wrap=True, min_width=len("1000.0/s"))),
        TextColumn("{task.fields[done]} faults", table_column=Column(no_wrap=True, min_width=len("100/100 faults"))),
        TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=len("0:00:00"))),
        *([BarColumn(12, complete_style="cyan", finished_style="green")] if console.width >= WIDE else []),
        TextColumn("[yellow]{task.fields[last]}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
        console=console,
        transient=True,
        expand=True,
    )


class Show:
    """The progress of one run."""

    def __init__(self, updates: int, faults: int, quiet: bool = False) -> None:
        self._updates, self._faults, self._quiet = updates, faults, quiet
        self._began = time.monotonic()
        self._bar: tuple[Progress, TaskID] | None = None
        self._done = 0
        self._last = "starting"

    def __enter__(self) -> Self:
        if screen.console().is_terminal and not self._quiet:
            bar = progress(screen.console())
            done = f"0/{self._faults}"
            self._bar = bar, bar.add_task("", total=self._updates, rate=0.0, done=done, last=self._last)
            bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar[0].stop()

    def started(self) -> None:
        """From here on updates are counted by the second."""
        self._began = time.monotonic()

    def posted(self, updates: int) -> None:
        if self._bar:
            bar, task = self._bar
            rate = updates / max(0.1, time.monotonic() - self._began)
            bar.update(task, completed=updates, rate=rate, done=f"{self._done}/{self._faults}", last=self._last)

    def begins(self, what: str) -> None:
        self._last = what

    def ends(self, what: str, seconds: float, updates: int) -> None:
        self._done += 1
        self._tell(f"{self._done:3}/{self._faults}  {what:<44} {seconds:5.1f} s  {updates} updates")

    def says(self, what: str) -> None:
        self._last = what
        self._tell(what)

    def _tell(self, text: str) -> None:
        if self._quiet:
            return
        if self._bar:
            self._bar[0].console.print(text, style="dim", markup=False)
        else:
            print(text, flush=True)


def report(found: Report, as_json: bool) -> None:
    """All of it: figures, then the first differences by their coordinates."""
    if as_json:
        print(json.dumps({**asdict(found), "passed": found.passed}))
        return
    rows = [[name, times] for name, times in sorted(found.faults.items())]
    screen.rows(("fault", "times"), rows, "No faults.")
    retries = ", ".join(f"{times} after {status}" for status, times in found.retries.items()) or "none"
    print(
        f"\n{found.accepted} of {found.updates} updates were accepted in {found.seconds:.0f} s, with seed {found.seed}; "
        f"{found.unanswered} were given up without an answer, {found.unanswered_and_kept} of those were kept."
    )
    print(f"{found.tries} tries; sent again: {retries}. The longest silence was {found.longest_silence_seconds:.1f} s.")
    print(
        f"At rest {found.settle_seconds:.1f} s after the last post; {found.accounts} accounts and {found.feed_messages} "
        f"messages of feeds judged in {found.judge_seconds:.0f} s; {found.quarantined} records were to be set aside."
    )
    if found.passed:
        _coloured("Every update is there once, in order, for those entitled to it, and for nobody else.", "green")
        return
    for difference in found.differences[:SHOWN_DIFFERENCES]:
        _coloured(difference, "red")
    if (more := len(found.differences) - SHOWN_DIFFERENCES) > 0:
        print(f"… and {more} more.")
    kinds = Counter(difference.split(":")[0] for difference in found.differences)
    _coloured(f"{len(found.differences)} differences, at {len(kinds)} places.", "red")


def _coloured(text: str, style: str) -> None:
    screen.console().print(text, style=style if screen.console().is_terminal else "", markup=False, soft_wrap=True)
