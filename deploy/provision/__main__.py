"""Makes topics, users, rights, roles and databases on the servers that the environment names: `provision` in compose.

Read are KAFKA_BOOTSTRAP_SERVERS, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and DATABASE_URL, of administrators (the last
two also as …_FILE), and JPA_HOME, below which the passwords to give out lie. Twice is once.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable

from deploy.embedded.places import Home, Trouble, default_home
from deploy.embedded.servers import Servers
from deploy.provision.access import Broker, Database


async def work() -> None:
    """Both servers at once; each says what was wrong."""
    if not (Broker.named() and Database.named()):
        raise Trouble("Name both servers: KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL (or DATABASE_URL_FILE) are needed.")
    servers = Servers.of(Home(default_home()), {})
    await asyncio.gather(_timed("databases", servers.provision_database()), _timed("topics", servers.provision_broker()))


async def _timed(what: str, doing: Awaitable[None]) -> None:
    began = time.monotonic()
    await doing
    print(f"{what}: as they should be ({time.monotonic() - began:.1f} s)", flush=True)


def main() -> int:
    """0 when all is as it should be; else a sentence."""
    try:
        asyncio.run(work())
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
