"""A supervisor with the smallest services, for the tests that start and kill it: `supervise.py HOME PORT`."""

import asyncio
import sys
from pathlib import Path

from deploy.embedded import state
from deploy.embedded.places import Home, Trouble
from deploy.embedded.services import Service
from deploy.embedded.supervisor import Supervisor, first_problem

STUBS = [Service(name, "tests.deploy.stub:app") for name in ("planner", "portal")]


def main() -> None:
    home = Home(Path(sys.argv[1]))
    home.make()
    with state.sole_supervisor(home) as alone:
        assert alone
        supervisor = Supervisor(home, int(sys.argv[2]), STUBS, say=lambda text: print(text, flush=True))
        try:
            asyncio.run(supervisor.run())
        except (Trouble, BaseExceptionGroup) as error:
            sys.exit(str(first_problem(error) or repr(error)))


if __name__ == "__main__":
    main()
