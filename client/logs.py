"""`logs`: the end of what a process has written, and then what it writes."""

import sys
import time
from collections import deque

from deploy.embedded.places import Home, Trouble
from deploy.embedded.state import ORDER

WRITERS = {*ORDER, "supervisor"}


def show(home: Home, name: str, lines: int, follow: bool) -> None:
    """The last lines; with `follow` also those to come, across the file's being cut."""
    path = home.logs / f"{name}.log"
    if not path.exists() and name in WRITERS and home.logs.exists():
        print(f"{name} has written nothing yet.", flush=True)
        while follow and not path.exists():
            time.sleep(0.2)
        if not path.exists():
            return
    if not path.exists() or path.parent != home.logs:
        there = ", ".join(sorted(p.stem for p in home.logs.glob("*.log"))) or "none yet"
        raise Trouble(f"There is no log of {name!r}; there is: {there}.")
    with path.open(errors="replace") as file:
        sys.stdout.writelines(deque(file, maxlen=lines))
        sys.stdout.flush()
        while follow:
            if line := file.readline():
                sys.stdout.write(line)
                sys.stdout.flush()
                continue
            if path.stat().st_size < file.tell():
                file.seek(0)
            time.sleep(0.2)
