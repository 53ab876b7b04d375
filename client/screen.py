"""How the command speaks: colour and tables on a terminal, plain lines or JSON where a program reads."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

MARKS = {
    "ready": ("✓", "green"),
    "starting": ("…", "cyan"),
    "preparing": ("…", "cyan"),
    "stopping": ("…", "yellow"),
    "restarting": ("!", "yellow"),
    "failed": ("✗", "red"),
    "silent": ("✗", "red"),
    "halted": ("✗", "red"),
    "stopped": ("·", "dim"),
}


@cache
def console() -> "Console":
    """Where it is shown."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


@contextmanager
def broken_off(sentence: Callable[[], str]) -> Iterator[None]:
    """Ctrl-C within it is answered with a sentence: where one is now."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"{sentence()}\n")
        raise


def rows(names: Sequence[str], found: Sequence[Sequence[Any]], empty: str, as_json: bool = False) -> None:
    """A table, tab-separated lines, or a list of objects."""
    if as_json:
        items = [dict(zip(names, row, strict=True)) for row in found]
        print(json.dumps(items, default=str))
    elif not found:
        print(empty)
    elif not console().is_terminal:
        for row in found:
            print(*map(_plain, row), sep="\t")
    else:
        _on_screen(names, [list(map(_plain, row)) for row in found])


def _on_screen(names: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """A table where it fits; else a block for each, because what is cut off or broken cannot be copied."""
    columns = zip(names, *cells, strict=True)
    width = sum(max(map(len, column)) for column in columns) + 2 * (len(names) - 1)
    if width <= console().width:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, header_style="bold", pad_edge=False)
        for name in names:
            table.add_column(name)
        for row in cells:
            table.add_row(*map(Text, row))  # as it is: brackets in a name are no style
        console().print(table)
        return
    label = max(map(len, names))
    for number, row in enumerate(cells):
        if number:
            console().print()
        for name, cell in zip(names, row, strict=True):
            console().print(f"[dim]{name:>{label}}[/]  ", end="")
            console().print(cell, markup=False, soft_wrap=True)


def _plain(cell: Any) -> str:
    """As a person reads it; programs take the JSON."""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list):
        return " ".join(map(_plain, cell))
    return "" if cell is None else str(cell)


def once(fields: Mapping[str, Any], what: str, as_json: bool = False) -> None:
    """Fields of something new, with a word of warning when one is a password that is shown once."""
    if as_json:
        print(json.dumps(fields))
        return
    width = max(map(len, fields))
    for name, value in fields.items():
        shown = " ".join(value) if isinstance(value, list) else value
        if console().is_terminal:
            console().print(f"[dim]{name:>{width}}[/]  ", end="")
            console().print(shown, markup=False, soft_wrap=True)
        else:
            print(f"{name}\t{shown}")
    if "password" in fields and console().is_terminal:
        console().print(f"\n[yellow]The password of this {what} is shown this once.[/]")
