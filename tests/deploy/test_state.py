"""What an earlier supervisor left is found again, and nothing else is touched."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import control, state
from deploy.embedded.places import Home, Trouble
from deploy.embedded.state import ProcessState, State


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["/bin/sleep", "60"])
    yield process
    process.kill()
    process.wait()


def a_process(pid: int, born: str | None) -> ProcessState:
    return {
        "name": "planner",
        "pid": pid,
        "born": born,
        "port": 1,
        "status": "ready",
        "restarts": 0,
        "since": 0.0,
    }


def a_state(processes: list[ProcessState], pid: int = 2**22 - 1, born: str | None = "gone") -> State:
    return {"pid": pid, "born": born, "status": "ready", "portal": "http://127.0.0.1:1", "processes": processes}


def test_a_child_that_was_left_behind_is_stopped(home: Home, sleeper: subprocess.Popen[bytes]):
    state.write(home, a_state([a_process(sleeper.pid, state.birth(sleeper.pid))]))
    assert state.stop_left_behind(home) == ["planner"]
    assert sleeper.wait(5) == -15


def test_another_process_with_the_same_number_is_left_alone(home: Home, sleeper: subprocess.Popen[bytes]):
    state.write(home, a_state([a_process(sleeper.pid, "another:birth")]))
    assert state.stop_left_behind(home) == []
    assert sleeper.poll() is None


def test_a_state_whose_supervisor_is_gone_does_not_count_as_running(home: Home):
    state.write(home, a_state([]))
    assert state.running(home) is None
    state.write(home, a_state([], os.getpid(), state.birth(os.getpid())))
    assert state.running(home)


def test_a_state_that_was_cut_off_is_no_state(home: Home):
    home.state_file.write_text('{"pid": 1')
    assert state.read(home) is None
    assert state.stop_left_behind(home) == []


def test_there_is_one_supervisor_and_the_place_is_free_after_it_was_killed(home: Home):
    code = (
        "import sys, time; from pathlib import Path; from deploy.embedded import state;"
        "from deploy.embedded.places import Home\n"
        "with state.sole_supervisor(Home(Path(sys.argv[1]))) as alone: print(alone, flush=True); time.sleep(60)"
    )
    words = [sys.executable, "-c", code, str(home.root)]
    first = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert first.stdout
    assert first.stdout.readline() == "True\n"
    with state.sole_supervisor(home) as alone:
        assert not alone
    first.kill()
    first.communicate()
    with state.sole_supervisor(home) as alone:
        assert alone


async def test_the_control_socket_answers_only_its_owner(home: Home):
    async def handle(question: dict[str, object]) -> dict[str, object]:
        return {"heard": question["do"]}

    server = await control.serve(home, handle)
    assert home.control_socket.stat().st_mode & 0o077 == 0
    import asyncio

    assert await asyncio.to_thread(control.ask, home, {"do": "status"}) == {"heard": "status"}
    server.close()


def test_asking_where_nobody_listens_is_one_sentence(home: Home):
    with pytest.raises(Trouble, match="not up"):
        control.ask(home, {"do": "status"})
