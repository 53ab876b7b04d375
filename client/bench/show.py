"""What the bench shows: where it is while it runs, and at its end tables for people or lines for programs."""

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from client.bench.figures import Figure
from client.screen import console, rows

if TYPE_CHECKING:
    from rich.status import Status


class Steps:
    """The step that is being done: a spinner on a terminal, a line elsewhere; on standard error when a program reads."""

    def __init__(self, for_program: bool) -> None:
        self._for_program = for_program
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if console().is_terminal and not self._for_program:
            self._status = console().status("")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._status:
            self._status.stop()

    def now(self, text: str) -> None:
        """What comes next."""
        if self._status:
            self._status.update(f"{text}…")
        else:
            print(f"{text}…", file=sys.stderr if self._for_program else sys.stdout, flush=True)

    def done(self, text: str) -> None:
        """What came of it; it stays."""
        if self._status:
            console().print(f"[green]✓[/] {text}")
        else:
            print(text, file=sys.stderr if self._for_program else sys.stdout, flush=True)


def report(found: dict[str, Any], figures: Sequence[Figure]) -> None:
    """All of it, the aims first."""
    _aims(figures, found.get("miniature", False))
    if places := found.get("pages", {}).get("places"):
        _pages(found["pages"], places)
    if throughput := found.get("system", {}).get("throughput"):
        _cpu(throughput, found.get("floor", {}).get("mean"))
    _memory(found["memory"])
    machine = found["machine"]
    say(
        f"{machine['cores']} cores; load average {machine['load_average_before']:.2f} before and "
        f"{machine['load_average_after']:.2f} after; {machine['seconds']:.0f} s in all."
    )


def say(text: str, style: str = "") -> None:
    """A line that stays."""
    if console().is_terminal:
        console().print(text, style=style, markup=False)
    else:
        print(text, flush=True)


def _aims(figures: Sequence[Figure], miniature: bool) -> None:
    """In miniature none is judged: so little work says nothing of how fast it is."""
    if not figures:
        return
    _heading("In miniature: it runs. The figures say nothing of how fast it is" if miniature else "Against the aims")
    marks = {True: "·", False: "·"} if miniature else {True: "✓", False: "✗"}
    if not console().is_terminal:
        names = ("", "figure", "value", "unit", "aim", "beside")
        print(*names, sep="\t")
        rows(names, [(marks[f.met], f.name, _number(f.value), f.unit, f.aim, f.beside) for f in figures], "")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("", "figure", "value", "unit", "aim"):
        table.add_column(name, justify="right" if name == "value" else "left")
    for f in figures:
        style = "dim" if miniature else "green" if f.met else "red"
        table.add_row(
            Text(marks[f.met], style=style),
            f.name,
            Text(_number(f.value), style=f"bold {style}"),
            f.unit,
            Text("" if miniature else f.aim, style="dim"),
        )
        if f.beside:
            table.add_row("", Text(f.beside, style="dim"), "", "", "")
    console().print(table)


def _pages(pages: dict[str, Any], places: dict[str, dict[str, float]]) -> None:
    _heading("Pages, ms, by how many updates there are")
    few, many = f"{pages['few_updates']:,}", f"{pages['many_updates']:,}"
    names = ("", f"p50 at {few}", f"p95 at {few}", f"p50 at {many}", f"p95 at {many}", "growth of p50")
    keys = ("p50_ms_few", "p95_ms_few", "p50_ms_many", "p95_ms_many")
    found = [(name, *(f"{t[key]:.1f}" for key in keys), f"{t['growth']:.2f}×") for name, t in places.items()]
    _right(names, found)


def _cpu(throughput: dict[str, Any], floor: dict[str, float] | None) -> None:
    share = throughput["cpu_share_of_machine"]
    _heading(f"CPU in the {throughput['seconds']:.0f} s of full load: {share:.0%} of the machine")
    each = throughput["cpu_ms_per_update_by_process"]
    spent = throughput["cpu_seconds_by_process"]
    lines = [(name, f"{spent[name]:.1f}", f"{ms:.3f}") for name, ms in each.items()]
    lines.append(("all", f"{sum(spent.values()):.1f}", f"{throughput['cpu_ms_per_update']:.3f}"))
    if floor:
        lines.append(("the floor, all", "", f"{floor['cpu_ms_per_update']:.3f}"))
    _right(("", "s", "ms per update"), lines)


def _memory(found: dict[str, dict[str, float]]) -> None:
    _heading("Memory, MiB: resident (and its share of it, Pss)")
    names = ("", "begin", "Pss", "peak", "Pss", "end", "Pss")
    kinds = [f"{when}_{what}_mib" for when in ("begin", "peak", "end") for what in ("resident", "proportional")]
    lines: list[Sequence[str]] = [(name, *(f"{sizes[kind]:.0f}" for kind in kinds)) for name, sizes in found.items()]
    lines.append(("all", *(f"{sum(sizes[kind] for sizes in found.values()):.0f}" for kind in kinds)))
    _right(names, lines)


def _right(names: Sequence[str], found: Sequence[Sequence[str]]) -> None:
    """A table whose columns but the first hold numbers."""
    if not console().is_terminal:
        print(*names, sep="\t")
        rows(names, found, "")
        return
    from rich.table import Table

    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for number, name in enumerate(names):
        table.add_column(name, justify="right" if number else "left")
    for row in found:
        table.add_row(*row)
    console().print(table)


def _heading(text: str) -> None:
    if console().is_terminal:
        console().print(f"\n[bold]{text}[/]")
    else:
        print(f"\n{text}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}" if value < 10 else f"{value:.1f}"
