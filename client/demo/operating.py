"""What the demo needs of an operator, as an operator does it: up, accounts, the clock, the rebuild."""

import json
import os
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from client.demo.scenario import Account
from deploy.embedded.places import Home, Trouble

PORT = 8080
READY_WITHIN = 120.0
PASSWORDS = "accounts.json"


class Operator(Protocol):
    """All that is done around the play and not by a party."""

    @property
    def accounts_file(self) -> Path: ...

    def up(self) -> str:
        """The portal's address; the system is started if it is not up."""

    def let_in(self, accounts: Sequence[Account]) -> tuple[dict[str, str], bool]:
        """Passwords by username, and whether some were made now."""

    def gather(self, parties: Sequence[str]) -> None:
        """These belong to the Working Group from now on, beside those that do."""

    def set_clock(self, played: datetime, speed: float = 0.0) -> None:
        """Every process takes this as now."""

    def leave_clock(self) -> str:
        """The clock stays on, on purpose; the file whose end puts it right."""

    def is_settled(self) -> bool:
        """Nothing said is unsent, nothing sent is unheard."""

    def quarantined(self) -> int:
        """How many messages a service could not take in."""

    def verify_ledger(self) -> bool:
        """Prove from the consent ledger that nothing ran or was shown unasked, and say so."""

    def rebuild(self) -> float:
        """Have the portal's read tables built anew from what the services say again; seconds."""


class LocalOperator:
    """On this machine's installation."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def accounts_file(self) -> Path:
        return self._home.root / "demo" / PASSWORDS

    def up(self) -> str:
        from client.up import detached
        from deploy.embedded import state

        now = state.running(self._home)
        if not now:
            print("The system is not up; starting it in the background.", flush=True)
            detached(self._home, PORT)
            now = state.running(self._home)
        until = time.monotonic() + READY_WITHIN
        while now and now["status"] != "ready" and time.monotonic() < until:
            time.sleep(0.2)
            now = state.running(self._home)
        if not now or now["status"] != "ready":
            raise Trouble("The system does not come up: see ./jpa status.")
        return now["portal"]

    def let_in(self, accounts: Sequence[Account]) -> tuple[dict[str, str], bool]:
        from client.accounts import add_all, prepared

        kept = self._kept()
        new = [
            prepared(account.username, account.party, [role.value for role in account.roles], account.name)
            for account in accounts
            if account.username not in kept
        ]
        if new:
            add_all(self._home, new)
            kept |= {account.username: account.password for account in new}
            self._keep(kept)
        return kept, bool(new)

    def gather(self, parties: Sequence[str]) -> None:
        from client.group import change

        change(self._home, list(parties), [])

    def set_clock(self, played: datetime, speed: float = 0.0) -> None:
        from client.operator import set_clock

        set_clock(self._home, played, speed)

    def leave_clock(self) -> str:
        from client.operator import leave_clock

        leave_clock(self._home)
        return str(self._home.clock_file)

    def is_settled(self) -> bool:
        from client.status import read

        now = read(self._home)
        return (now["lag"], now["outbox"]) == (0, 0)

    def quarantined(self) -> int:
        from client.status import read

        return int(read(self._home)["quarantine"] or 0)

    def verify_ledger(self) -> bool:
        from client.ledger import verify

        return verify(self._home, None, as_json=False) == 0

    def rebuild(self) -> float:
        from client.operator import rebuild_portal

        return rebuild_portal(self._home)

    def _kept(self) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads(self.accounts_file.read_text())
        except FileNotFoundError:
            return {}
        return kept

    def _keep(self, passwords: dict[str, str]) -> None:
        """Readable by nobody else, from the first byte on."""
        self.accounts_file.parent.mkdir(mode=0o700, exist_ok=True)
        draft = self.accounts_file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(passwords, file, indent=1)
        draft.replace(self.accounts_file)
