"""What each process used: CPU time, and memory as resident and as its share of it (Pss). PostgreSQL's by whom they serve."""

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """MiB."""

    resident: float
    share: float


def cpu(pids: Mapping[str, int]) -> dict[int, tuple[str, float]]:
    """CPU seconds so far of every process below these, with the name it is counted under."""
    found = {}
    for name, pid in pids.items():
        for each in _tree(pid):
            if spent := _cpu(each):
                found[each] = (name if each == pid else _named(name, each), spent)
    return found


def used(before: Mapping[int, tuple[str, float]], after: Mapping[int, tuple[str, float]]) -> dict[str, float]:
    """CPU seconds between two looks, by name, the most first."""
    total: dict[str, float] = defaultdict(float)
    for pid, (name, spent) in after.items():
        total[name] += spent - before.get(pid, ("", 0.0))[1]
    return dict(sorted(total.items(), key=lambda item: -item[1]))


def memory(pids: Mapping[str, int]) -> dict[str, Memory]:
    """Of each with all below it."""
    found = {}
    for name, pid in pids.items():
        sizes = [_memory(each) for each in _tree(pid)]
        found[name] = Memory(sum(size[0] for size in sizes) / 1024, sum(size[1] for size in sizes) / 1024)
    return found


def _tree(pid: int) -> list[int]:
    pids = [pid]
    for parent in pids:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                pids += map(int, task.read_text().split())
            except OSError:
                continue
    return pids


def _named(parent: str, pid: int) -> str:
    """`postgres: planner planner [local] idle` serves the planner; what serves nobody in particular is its own."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0 ").decode(errors="replace").split()
    except OSError:
        return parent
    return f"{parent} for {words[1]}" if len(words) > 3 and words[0] == "postgres:" and "[local]" in words else parent


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(pid: int) -> tuple[int, int]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    sizes = {words[0]: int(words[1]) for line in lines[1:] if (words := line.split())}
    return sizes.get("Rss:", 0), sizes.get("Pss:", 0)


def cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0))
