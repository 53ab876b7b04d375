"""`account` and `keys` with the running system: what is taken away is gone at once, and the audit tells of it."""

import asyncio
import json
import os
import subprocess
import sys

import pytest

from deploy.embedded.places import CHECKOUT
from tests.world import PASSWORD, Officer, World

pytestmark = pytest.mark.system


async def jpa(system: World, *words: str, given: str = "", fine: bool = True) -> str:
    """What the command says."""
    environment = {**os.environ, "JPA_HOME": str(system.servers.home.root), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "client.cli", *words]
    done = await asyncio.to_thread(
        lambda: subprocess.run(
            command, env=environment, input=given, capture_output=True, text=True, check=False, timeout=60
        )
    )
    assert (done.returncode == 0) is fine, done
    return done.stdout if fine else done.stderr


async def signs_in(system: World, officer: Officer, password: str = PASSWORD) -> int:
    body = {"username": officer.username, "password": password}
    return (await system.http.post("/api/v1/sessions", json=body)).status_code


async def is_in(officer: Officer) -> bool:
    return (await officer.get("/me")).status_code == 200


async def audited(system: World, officer: Officer) -> list[str]:
    """What the operator did to this account, in order."""
    connection = await system.portal_database()
    try:
        rows = await connection.fetch(
            "SELECT u.* FROM audit u JOIN account a ON a.id::text = u.target WHERE a.username = $1 AND actor = 'operator'"
            " ORDER BY u.id",
            officer.username,
        )
    finally:
        await connection.close()
    assert {(row["party"], row["outcome"]) for row in rows} == {("RSO", "done")}
    return [row["action"] for row in rows]


async def test_who_is_disabled_is_out_at_once_and_in_again_only_by_signing_in(system: World):
    officer = await system.officer("MV", "liaison_officer", name="leaver")
    await jpa(system, "account", "disable", officer.username)
    assert not await is_in(officer)
    assert await signs_in(system, officer) == 401
    await jpa(system, "account", "enable", officer.username)
    assert not await is_in(officer)
    assert await signs_in(system, officer) == 201
    assert await audited(system, officer) == ["disable account", "enable account"]


async def test_a_new_password_ends_the_old_one_and_what_it_opened(system: World):
    officer = await system.officer("MV", "liaison_officer", name="forgetful")
    made = json.loads(await jpa(system, "account", "password", officer.username, "--json"))
    assert not await is_in(officer)
    assert await signs_in(system, officer) == 401
    assert await signs_in(system, officer, made["password"]) == 201
    said = await jpa(system, "account", "password", officer.username, "--password-stdin", given="chosen by herself\n")
    assert "chosen" not in said
    assert await signs_in(system, officer, made["password"]) == 401
    assert await signs_in(system, officer, "chosen by herself") == 201
    assert await audited(system, officer) == ["set password"] * 2


async def test_a_role_that_is_taken_away_ends_the_sessions_and_one_that_is_given_does_not(system: World):
    officer = await system.officer("MV", "liaison_officer", name="promoted")
    await jpa(system, "account", "roles", officer.username, "--role", "liaison_officer", "--role", "coordinator")
    assert (await officer.see("/me"))["roles"] == ["coordinator", "liaison_officer"]
    await jpa(system, "account", "roles", officer.username, "--role", "coordinator")
    assert not await is_in(officer)
    assert await audited(system, officer) == ["set roles coordinator liaison_officer", "set roles coordinator"]


async def test_an_account_that_is_added_is_listed_and_audited(system: World):
    made = json.loads(await jpa(system, "account", "add", "mv.new", "--party", "MV", "--role", "observer", "--json"))
    listed = {account["username"]: account for account in json.loads(await jpa(system, "account", "list", "--json"))}
    found = listed["mv.new"]
    assert (found["id"], found["party"], found["roles"], found["disabled"]) == (made["id"], "MV", ["observer"], False)
    assert not {"password", "password_hash"} & found.keys()
    assert "mv.new\tMV\tobserver" in await jpa(system, "account", "list")
    assert await audited(system, Officer(system, "mv.new", "MV", ("observer",))) == ["add account"]


@pytest.mark.parametrize("words", [["disable"], ["enable"], ["password"], ["roles", "--role", "observer"]])
async def test_an_account_that_is_not_there_is_told_in_a_sentence(system: World, words: list[str]):
    assert "no account named 'mv.nobody'" in await jpa(system, "account", *words, "mv.nobody", fine=False)
