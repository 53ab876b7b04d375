"""A PostgreSQL that is not ours: a role that may make roles and databases, and is no superuser, is enough."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.embedded.child import Child
from deploy.embedded.cluster import Shape
from deploy.embedded.places import Home, Trouble, take_ports
from deploy.embedded.servers import Servers
from deploy.provision import database
from deploy.provision.access import Database
from deploy.provision.database import ROLES
from tests.servers import fresh_home

pytestmark = pytest.mark.system

PASSWORDS = {role: f"password-of-{role}" for role in ROLES}


@pytest.fixture
async def elsewhere(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """A bare server, as its superuser."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with fresh_home() as home:
        child, bare = await _bare(home)
        yield bare
        await child.stop()


async def _bare(home: Home) -> tuple[Child, Database]:
    servers = Servers.of(home, take_ports(home, Shape().ports([])))
    program = next(program for program in servers.programs() if program.name == "postgres")
    child = Child(program, home.logs / "postgres.log", lambda: None, lambda text: None)
    child.start()
    await child.ready()
    return child, servers.surroundings.database


async def test_a_maker_of_roles_and_databases_is_enough_and_twice_is_once(elsewhere: Database):
    root = await asyncpg.connect(elsewhere.url)
    await root.execute("CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'made'")
    await root.close()
    maker = Database(elsewhere.as_role("maker", "made", "postgres"))
    for _ in range(2):
        await database.ensure(maker, PASSWORDS, own_server=False)
    planner = await asyncpg.connect(maker.as_role("planner", PASSWORDS["planner"], "planner"))
    await planner.execute("CREATE TABLE note (text text)")
    await planner.close()
    for role, place in (("planner", "intel"), ("portal_reader", "planner")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(maker.as_role(role, PASSWORDS[role], place))
    reader = await asyncpg.connect(maker.as_role("portal_reader", PASSWORDS["portal_reader"], "portal"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reader.execute("CREATE TABLE note (text text)")
    await reader.close()


async def test_a_wrong_password_is_one_sentence(elsewhere: Database):
    wrong = Database(elsewhere.as_role("postgres", "wrong", "postgres"))
    with pytest.raises(Trouble, match="cannot be reached as an administrator"):
        await database.ensure(wrong, PASSWORDS, own_server=False)
