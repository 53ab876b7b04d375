"""The supervisor in the background: `up --detach` starts it and reads its state."""

import argparse
import asyncio
import sys
from pathlib import Path

from deploy.embedded import state
from deploy.embedded.places import Home, Trouble
from deploy.embedded.supervisor import Supervisor, first_problem


def main() -> int:
    """Run until told to stop; the reason for not starting goes to the log and to standard error."""
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--brokers", type=int, default=0)
    parser.add_argument("--replicas", type=int, default=0)
    given = parser.parse_args()
    home = Home(given.home)
    home.make()
    with state.sole_supervisor(home) as alone:
        if not alone:
            return 0
        supervisor = Supervisor(home, port=given.port, brokers=given.brokers, replicas=given.replicas)
        try:
            asyncio.run(supervisor.run())
        except (Trouble, BaseExceptionGroup) as error:
            problem = first_problem(error)
            if problem is None:
                raise
            supervisor.say(str(problem))
            sys.stderr.write(f"{problem}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
