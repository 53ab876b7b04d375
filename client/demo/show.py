"""What the demo shows while it plays: a bar with the played date on a terminal, plain lines elsewhere."""

from collections import Counter
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from client import screen
from client.demo.figures import Row
from client.demo.scenario import MADE_UP, Account, Scenario
from client.demo.story import Step

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

COUNTED = {"updates": "posted", "validate": "validated", "acknowledge": "alerts acknowledged"}


class Show:
    """The progress of one play."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done: Counter[str] = Counter()
        self._week: tuple[int, int] | None = None
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        if screen.console().is_terminal:
            from rich.progress import BarColumn, Progress, TextColumn

            bar = Progress(
                TextColumn("[bold]{task.fields[day]}"),
                BarColumn(complete_style="cyan", finished_style="green"),
                TextColumn("{task.fields[counts]}"),
                console=screen.console(),
                transient=True,
            )
            self._bar = bar, bar.add_task("", total=self._steps, day="", counts="")
            bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar[0].stop()

    def played(self, batch: list[Step]) -> None:
        """A batch is done."""
        self._done.update(step.what for step in batch)
        for step in batch:
            if step.tells:
                self._tell(step.at, step.tells)
        at = batch[-1].at.astimezone(UTC)
        if self._bar:
            bar, task = self._bar
            bar.update(task, advance=len(batch), day=f"{at:%a %d %b %Y}", counts=self._counts())
        elif (week := at.isocalendar()[:2]) != self._week:
            self._week = week
            if self._done["updates"]:
                self._tell(at, self._counts())

    def _counts(self) -> str:
        return ", ".join(f"{self._done[what]} {words}" for what, words in COUNTED.items())

    def _tell(self, at: datetime, text: str) -> None:
        if self._bar:
            self._bar[0].console.print(f"[dim]{at:%d %b %Y}[/]  {text}")
        else:
            print(f"{at:%d %b %Y}  {text}", flush=True)


def opening(scenario: Scenario, title: str) -> None:
    """What is played, and what in it is made up."""
    period = scenario.period
    say(f"{title}, {period.first_day:%d %B} to {period.last_day:%d %B %Y}", "bold")
    say(scenario.illustrative, "yellow")
    if scenario.source != MADE_UP:
        say(f"Source of the totals: {scenario.source}", "dim")


def table(rows: list[Row], measure: str) -> None:
    """What must come out against what was computed."""
    names = ("", measure, "co-chair's API", "after the rebuild", "debrief", "same")
    found = [
        (row.indicator.label, row.published, row.computed, row.rebuilt, row.debrief, "✓" if row.agrees else "✗")
        for row in rows
    ]
    if not screen.console().is_terminal:
        print(*names, sep="\t")
    screen.rows(names, found, "")


def accounts(found: tuple[Account, ...], passwords: dict[str, str] | None) -> None:
    """Who may sign in; with passwords only when they were made just now."""
    names = ("username", "party", "roles") + (("password",) if passwords else ())
    listed = [
        (
            account.username,
            account.party,
            ", ".join(role.label for role in account.roles),
            *((passwords[account.username],) if passwords else ()),
        )
        for account in found
    ]
    screen.rows(names, listed, "")


def say(text: str, style: str = "") -> None:
    """A line that stays."""
    if screen.console().is_terminal:
        screen.console().print(text, style=style, markup=False)
    else:
        print(text, flush=True)
