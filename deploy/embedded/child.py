"""One child process: started on a leash, again (with back-off) when it ends by itself, stopped when told."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import leash
from deploy.embedded.places import Trouble
from deploy.embedded.state import ProcessState, birth, patience, stopping_signal

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 20.0
STEADY = 30.0  # seconds after which a crash counts as the first one again
TRIES_AT_START = 3
START_PATIENCE = 180.0  # a first start fetches what it needs


@dataclass
class Program:
    """What to run. `prepare` runs in a thread before each start; it may take long, and tells how far."""

    name: str
    command: Callable[[], list[str]]
    environment: Callable[[], dict[str, str]]
    answers: Callable[[], Awaitable[bool]]
    port: int | None = None
    prepare: Callable[[Callable[[str], None]], None] = field(default=lambda tell: None)
    user: tuple[int, int] | None = None
    network: str | None = None  # the namespace that it runs in, where it is not ours
    folder: Path = Path("/")


class Child:
    """Keeps one program running until it is told to stop."""

    def __init__(self, program: Program, log: Path, changed: Callable[[], None], say: Callable[[str], None]) -> None:
        self.program = program
        self.name = program.name
        self.status = "stopped"
        self.note = ""
        self.restarts = 0
        self.ended = ""
        self.since = time.time()
        self.pid: int | None = None
        self.born: str | None = None
        self._log = log
        self._changed = changed
        self._say = say
        self._wanted = False
        self._was_ready = False
        self._stopped_once = asyncio.Event()
        self._ready = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    def state(self) -> ProcessState:
        return {
            "name": self.name,
            "pid": self.pid,
            "born": self.born,
            "port": self.program.port,
            "status": self.status,
            "restarts": self.restarts,
            "since": self.since,
            "ended": self.ended,
        }

    def start(self) -> None:
        """Run it from now on."""
        if self._keeper and not self._keeper.done():
            return
        self._wanted = True
        self._stopped_once.clear()
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.name}")

    async def ready(self, patience: float = START_PATIENCE) -> None:
        """Wait until it answers; a sentence that says why if it does not."""
        assert self._keeper
        waiting = asyncio.create_task(self._ready.wait())
        done, _ = await asyncio.wait({waiting, self._keeper}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._keeper in done:
            self._keeper.result()  # raises what went wrong
        if waiting not in done:
            raise Trouble(f"{self.name} does not answer: {last_line(self._log)} (more: ./jpa logs {self.name}).")

    async def stop(self) -> None:
        """Ask it to end; after its time, end it."""
        self._wanted = False
        self._stopped_once.set()
        if self._process and self._process.returncode is None:
            self._become("stopping")
            self._signal(stopping_signal(self.name))
            try:
                await asyncio.wait_for(self._process.wait(), patience(self.name))
            except TimeoutError:
                self._say(f"{self.name} did not stop when asked and was killed")
                self._signal(signal.SIGKILL)
        if self._keeper:
            await asyncio.wait({self._keeper})
            if not self._keeper.cancelled():
                self._keeper.exception()  # seen: whoever waited for it was told
        self._become("stopped")

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            assert self._process
            self._process.send_signal(number)

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        failures = 0
        while self._wanted:
            if self.status == "stopped":
                self._become("preparing")
            await asyncio.to_thread(self.program.prepare, self._noter())
            self.note = ""
            if not self._wanted:
                break
            began = time.monotonic()
            await self._run()
            if not self._wanted:
                break
            if time.monotonic() - began > STEADY:
                pause, failures = FIRST_PAUSE, 0
            failures += 1
            if not self._was_ready and failures >= TRIES_AT_START:
                self._become("failed")
                raise self._trouble("does not start")
            self.restarts += 1
            self.ended = self._how_it_ended()
            self._become("restarting")
            self._say(f"{self.name} {self.ended}; starting it again in {pause:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped_once.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _run(self) -> None:
        user = ":".join(map(str, self.program.user)) if self.program.user else "-"
        last_word = stopping_signal(self.name).name
        words = [sys.executable, "-I", "-S", leash.__file__, last_word, user, self.program.network or "-", str(os.getpid())]
        log = await asyncio.to_thread(self._log.open, "ab")
        with log:
            self._process = await asyncio.create_subprocess_exec(
                *words,
                *self.program.command(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.program.environment(),
                cwd=self.program.folder,
                start_new_session=True,  # Ctrl-C is for the supervisor, which stops all in order
            )
        self.pid = self._process.pid
        self.born = birth(self.pid)
        self._become("starting")
        waiting = asyncio.create_task(self._tell_when_it_answers(self.pid))
        try:
            await self._process.wait()
        finally:
            waiting.cancel()
            self._ready.clear()
            self.pid = self.born = None

    async def _tell_when_it_answers(self, pid: int) -> None:
        while not await self.program.answers():  # noqa: ASYNC110  # another process: it does not tell us
            await asyncio.sleep(0.05)
        if self.pid == pid and self.status == "starting":
            self._was_ready = True
            self._become("ready")
            self._ready.set()
            if self.restarts:
                self._say(f"{self.name} is back")

    def _noter(self) -> Callable[[str], None]:
        loop = asyncio.get_running_loop()

        def note(text: str) -> None:
            self.note = text
            loop.call_soon_threadsafe(self._changed)

        return note

    def _trouble(self, what: str) -> Trouble:
        return Trouble(f"{self.name} {what}: {last_line(self._log)} (more: ./jpa logs {self.name}).")

    def _how_it_ended(self) -> str:
        assert self._process
        code = self._process.returncode
        if code is not None and code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended by itself (exit code {code})"

    def _become(self, status: str) -> None:
        if status != self.status:
            self.status = status
            self.since = time.time()
            self._changed()


def last_line(log: Path) -> str:
    """The last thing it said, shortened."""
    if not log.exists():
        return "it said nothing"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it said nothing"
