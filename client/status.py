"""`status`: what runs, how far behind it is, what waits, what memory it takes."""

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from client.screen import MARKS, console
from deploy.embedded import state
from deploy.embedded.places import Home

COUNTS = ("lag", "outbox", "quarantine")


def read(home: Home) -> dict[str, Any]:
    """All that `status --json` says."""
    now = state.running(home)
    if not now:
        return {"portal": None, "status": "down", "processes": [], **dict.fromkeys(COUNTS), "memory_mib": 0}
    processes: list[dict[str, Any]] = [{key: value for key, value in p.items() if key != "born"} for p in now["processes"]]
    web = [p for p in processes if p["port"] and state.kind(p["name"]) != "kafka"]
    with ThreadPoolExecutor(8) as pool:
        for process, said in zip(web, pool.map(_ask, web), strict=True):
            process.update(said)
    for process in processes:
        if process["status"] == "ready" and state.halted(process["pid"]):
            process["status"] = "halted"
            process["problems"] = [f"stopped by SIGSTOP; kill -CONT {process['pid']} lets it go on"]
        elif process["status"] == "ready" and process.get("ready", True) is None:
            process["status"] = "silent"
        process["memory_mib"] = memory(process["pid"]) if process["pid"] else 0
    own = memory(now["pid"], with_children=False)
    me = {"name": "supervisor", "pid": now["pid"], "port": None, "status": now["status"], "memory_mib": own}
    processes.append(me)
    return {
        "portal": now["portal"],
        "status": now["status"],
        "processes": processes,
        **{count: _sum(count, web) for count in COUNTS},
        "memory_mib": round(sum(p["memory_mib"] for p in processes), 1),
    }


def _sum(count: str, web: list[dict[str, Any]]) -> int | None:
    known = [p[count] for p in web if p.get(count) is not None]
    return sum(known) if len(known) == len(web) else None


def _ask(process: dict[str, Any]) -> dict[str, Any]:
    url = f"http://127.0.0.1:{process['port']}/health/ready"
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as error:  # 503 says why it is not ready
        try:
            said = json.load(error)
        except ValueError:
            return {"problems": [f"HTTP {error.code}"]}
    except (OSError, ValueError) as error:
        return {"ready": None, "problems": [f"does not answer ({getattr(error, 'reason', error)})"]}
    return {key: said.get(key) for key in (*COUNTS, "ready", "problems")} if isinstance(said, dict) else {}


def memory(pid: int, with_children: bool = True) -> float:
    """MiB of a process and those below it, shared pages divided among their users (Pss); 0 if it is not told."""
    pids = [pid]
    if with_children:
        for parent in pids:
            for task in Path(f"/proc/{parent}/task").glob("*/children"):
                try:
                    pids += map(int, task.read_text().split())
                except OSError:
                    continue
    return round(sum(map(_pss, pids)) / 1024, 1)


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def show(home: Home, as_json: bool) -> None:
    """Print it; exit code 1 if it is not up."""
    now = read(home)
    if as_json:
        print(json.dumps(now))
    elif now["status"] == "down":
        print("It is not up. ./jpa up starts it.")
    elif console().is_terminal:
        _table(now)
    else:
        _lines(now)
    if now["status"] == "down":
        raise SystemExit(1)


def _lines(now: dict[str, Any]) -> None:
    print(f"portal\t{now['portal']}\t{now['status']}")
    for p in now["processes"]:
        counts = "\t".join(f"{count}={p[count]}" for count in COUNTS if p.get(count) is not None)
        problems = "; ".join(p.get("problems") or [])
        line = f"{p['name']}\t{p['status']}\tpid={p['pid']}\t{p['memory_mib']} MiB\t{counts}".rstrip()
        print(f"{line}\t{problems}".rstrip())


def _table(now: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("", "process", "status", "for", "pid", "port", "MiB", "behind", "unsent", "quarantine", ""):
        table.add_column(name, justify="left" if name in ("", "process", "status") else "right")
    for p in now["processes"]:
        mark, style = MARKS.get(p["status"], ("?", ""))
        if p["status"] == "ready" and p.get("ready") is False:
            mark, style = "!", "yellow"
        problems = "; ".join(p.get("problems") or [])
        again = f"restarted {p['restarts']}×" if p.get("restarts") else ""
        note = "  ".join(part for part in (problems, again) if part)
        table.add_row(
            Text(mark, style=style),
            p["name"],
            Text(p["status"], style=style),
            _since(p.get("since")),
            str(p["pid"] or ""),
            str(p["port"] or ""),
            f"{p['memory_mib']:.0f}",
            *("" if p.get(count) is None else str(p[count]) for count in COUNTS),
            Text(note, style="yellow"),
        )
    console().print(table)
    console().print(f"\n  [bold]{now['portal']}[/]   [dim]{now['memory_mib']:.0f} MiB in all[/]")


def _since(moment: float | None) -> str:
    if moment is None:
        return ""
    seconds = int(time.time() - moment)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
