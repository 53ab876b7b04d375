"""`up` and `down`: starts the supervisor here or in the background, and shows what it does."""

import asyncio
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from client.screen import MARKS, console
from deploy.embedded import control, state
from deploy.embedded.places import CHECKOUT, Home, Trouble
from deploy.embedded.state import State

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table


def foreground(home: Home, port: int, brokers: int = 0, replicas: int = 0) -> None:
    """Be the supervisor until Ctrl-C."""
    home.make()
    with state.sole_supervisor(home) as alone:
        if not alone:
            _tell_of_first(home)
            return
        from deploy.embedded.supervisor import Supervisor, first_problem

        screen = Screen(home)
        supervisor = Supervisor(home, port, say=screen.say, changed=screen.changed, brokers=brokers, replicas=replicas)
        screen.look = lambda: (supervisor.state(), {n: c.note for n, c in supervisor.children.items()})
        try:
            with screen:
                asyncio.run(supervisor.run())
        except (Trouble, BaseExceptionGroup) as error:
            raise first_problem(error) or error from None
        print("Everything is stopped.")


def detached(home: Home, port: int, brokers: int = 0, replicas: int = 0) -> None:
    """Start a supervisor that stays, and wait until all is up."""
    home.make()
    with state.sole_supervisor(home) as alone:
        if not alone:
            _tell_of_first(home)
            return
    out = home.logs / "supervisor.out"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    options = ["--port", str(port), "--brokers", str(brokers), "--replicas", str(replicas)]
    with out.open("wb") as file:
        supervisor = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "deploy.embedded", str(home.root), *options],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=environment,
            cwd=CHECKOUT,
            start_new_session=True,
        )
    screen = Screen(home, stays=False)
    screen.look = lambda: (state.running(home), {})
    with screen:
        while supervisor.poll() is None:
            screen.changed()
            if (now := state.running(home)) and now["status"] == "ready":
                return
            time.sleep(0.1)
    said = out.read_text().strip().splitlines()
    raise Trouble(said[-1] if said else "The supervisor ended: see ./jpa logs supervisor.")


def down(home: Home) -> None:
    """Ask the supervisor to stop all; if it was killed, stop what it left behind."""
    from deploy.embedded.supervisor import wait_until_gone

    if not home.run.exists():
        print("It is not up.")
        return
    with state.sole_supervisor(home) as alone:
        left = state.stop_left_behind(home) if alone else []
        if alone:
            home.state_file.unlink(missing_ok=True)
    if alone:
        print(f"Its supervisor was gone; stopped {', '.join(left)}." if left else "It is not up.")
        return
    began = time.monotonic()
    control.ask(home, {"do": "down"})
    with console().status("Stopping…"):
        if not wait_until_gone(home):
            raise Trouble("It does not stop: see ./jpa logs supervisor.")
    print(f"Everything is stopped ({time.monotonic() - began:.1f} s).")


def _tell_of_first(home: Home) -> None:
    deadline = time.monotonic() + 5
    while not (now := state.running(home)) and time.monotonic() < deadline:
        time.sleep(0.05)  # the first one has its place, but has not written yet
    if not now:
        raise Trouble("Another supervisor holds this installation: see ./jpa logs supervisor.")
    also = "" if now["status"] == "ready" else f" (it is {now['status']})"
    print(f"It is already up: {now['portal']}{also}")


def has_nobody(home: Home) -> bool:
    """Whether no account was ever made. In a thread of its own: the supervisor's loop may run in this one."""
    from client.accounts import all_accounts

    with ThreadPoolExecutor(1) as thread:
        try:
            return not thread.submit(all_accounts, home).result()
        except (Trouble, OSError):
            return False


class Screen:
    """Live on a terminal while something changes; a line for each change elsewhere."""

    def __init__(self, home: Home, stays: bool = True) -> None:
        self._home = home
        self.look: Any = lambda: (None, {})
        self._stays = stays
        self._began = time.monotonic()
        self._live: Live | None = None
        self._said: dict[str, str] = {}
        self._status = ""

    def __enter__(self) -> "Screen":
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.changed()
        self._close()

    def say(self, text: str) -> None:
        """A line that stays."""
        if console().is_terminal:
            console().print(f"[yellow]{time.strftime('%H:%M:%S')}[/] {text}")
        else:
            print(text, flush=True)

    def changed(self) -> None:
        """Look again."""
        now, _ = self.look()
        if not now:
            return
        if not console().is_terminal:
            self._plain(now)
        if now["status"] != self._status:
            self._status = now["status"]
            if self._status == "ready":
                self._close()
                self._welcome(now)
            elif self._status == "stopping":
                self._open()

    def _open(self) -> None:
        if console().is_terminal and not self._live:
            from rich.live import Live

            self._live = Live(get_renderable=self._table, console=console(), refresh_per_second=12, transient=True)
            self._live.start()

    def _close(self) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def _plain(self, now: State) -> None:
        for process in now["processes"]:
            if self._said.get(process["name"]) != process["status"]:
                self._said[process["name"]] = process["status"]
                if process["status"] in ("ready", "failed"):
                    print(f"{process['name']} {process['status']} after {self._seconds()}", flush=True)

    def _seconds(self) -> str:
        return f"{time.monotonic() - self._began:.1f} s"

    def _table(self) -> "Table":
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        now, notes = self.look()
        table = Table.grid(padding=(0, 2, 0, 0))
        for process in now["processes"] if now else []:
            mark, style = MARKS.get(process["status"], ("?", ""))
            busy = process["status"] in ("starting", "preparing", "stopping", "restarting")
            first = Spinner("dots", style=style) if busy else Text(mark, style=style)
            note = notes.get(process["name"], "")
            waits = process["status"] == "stopped" and now["status"] == "starting"
            status = "waits" if waits else process["status"]
            table.add_row(first, process["name"], Text(status, style=style), Text(note, style="dim"))
        table.add_row("", Text(self._seconds(), style="dim"))
        return table

    def _welcome(self, now: State) -> None:
        first = "No account yet: ./jpa demo or ./jpa account add." if has_nobody(self._home) else ""
        if not console().is_terminal:
            print(*filter(None, (f"portal: {now['portal']}", first)), sep="\n", flush=True)
            return
        count = len(now["processes"])
        console().print(f"[green]✓[/] {count} processes are up after {self._seconds()}.\n")
        console().print(f"  [bold]{now['portal']}[/]\n")
        console().print("  [dim]./jpa demo[/]  plays the first Joint Period of Action through it")
        console().print("  [dim]./jpa status[/]  tells how it is   [dim]./jpa account add[/]  lets someone in")
        if first:
            console().print(f"\n  [yellow]{first}[/]")
        stop = "Ctrl-C stops everything." if self._stays else "./jpa down stops everything."
        console().print(f"\n  {stop}")
