"""`doctor`: one screen with what is wrong and what to do, the most urgent first; never a content or a secret."""

import json
import textwrap
from collections.abc import Sequence

from client.doctor.finding import ADVICE, Checks, Finding, Urgency
from client.screen import console
from deploy.embedded.places import Home

MARKS = {Urgency.NOW: ("✗", "bold red"), Urgency.SOON: ("!", "yellow"), ADVICE: ("·", "dim")}
WIDTH = 80


def show(home: Home, as_json: bool) -> None:
    """Print it; exit code 1 if something is wrong. Advice is nothing wrong."""
    checks = examine(home)
    wrong = [finding for finding in checks.ordered() if finding.urgency is not ADVICE]
    if as_json:
        found = [
            {"urgency": f.urgency.name.lower(), "about": f.about, "what": f.what, "do": f.do,
             "follows": [{"about": one.about, "what": one.what} for one in f.follows]}
            for f in checks.ordered()
        ]  # fmt: skip
        print(json.dumps({"ok": not wrong, "checks": checks.made, "findings": found}))
    else:
        for line in lines(checks.ordered(), checks.made, min(console().width, 100) if console().is_terminal else WIDTH):
            console().print(line, markup=console().is_terminal, soft_wrap=True)
    if wrong:
        raise SystemExit(1)


def examine(home: Home) -> Checks:
    """Look at everything that can be looked at; what cannot be reached is itself what is wrong."""
    from client.doctor import machine, processes, servers, services

    checks = Checks()
    running = processes.look(home, checks)
    machine.look(home, checks, up=running)
    if running:
        reached = servers.look(home, checks)
        services.look(home, checks, reached)
        if reached.database:
            from client.doctor import records

            records.look(home, checks)
    return checks


def lines(found: Sequence[Finding], made: int, width: int) -> list[str]:
    """As they are shown: what, and below it what to do."""
    shown = []
    for finding in found:
        mark, style = MARKS[finding.urgency]
        what = textwrap.wrap(finding.what, width - 2)
        so = f" So also: {', '.join(dict.fromkeys(one.about for one in finding.follows))}." if finding.follows else ""
        do = textwrap.wrap(finding.do + so, width - 4)
        plain = not console().is_terminal
        first = f"{mark} {what[0]}" if plain else f"[{style}]{mark}[/] [bold]{_safe(what[0])}[/]"
        shown.append(first)
        shown += [f"  {line if plain else f'[bold]{_safe(line)}[/]'}" for line in what[1:]]
        shown += [f"    {line if plain else _safe(line)}" for line in do]
    if not any(finding.urgency is not ADVICE for finding in found):
        shown.insert(0, f"Nothing is wrong ({made} checks).")
    return shown


def _safe(text: str) -> str:
    return text.replace("[", r"\[")
