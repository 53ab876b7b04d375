"""The shell script `jpa` on machines that lack something, each made of a checkout of locks and a PATH of our own."""

import os
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT

TOOLS = "sh cat chmod cp cksum date df dirname awk find grep head kill mkdir readlink rm sleep tail touch env sed"


class Machine:
    """A copy of the script in a checkout without anything else, and the programs that the machine has."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.bin = folder / "bin"
        (self.checkout / "deploy").mkdir(parents=True)
        self.bin.mkdir()
        for name in ("jpa", "requirements.lock", "deploy/uv.lock", "deploy/node.lock"):
            shutil.copy(CHECKOUT / name, self.checkout / name)
        for tool in TOOLS.split():
            if path := shutil.which(tool):
                (self.bin / tool).symlink_to(path)

    def has(self, name: str, script: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def has_python(self) -> None:
        """A python3 whose `-m venv` gives an environment that acts as the test's `venv_python` says."""
        venv = 'for folder; do :; done; mkdir -p "$folder/bin"; cp "$(dirname "$0")/venv_python" "$folder/bin/python"'
        self.has("python3", f'case "$*" in "-m venv"*) {venv} ;; esac')

    def run(self, *words: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(at or self.checkout / "jpa"), *words],
            env={"PATH": str(self.bin), "HOME": str(self.checkout)},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def the_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_no_python_of_3_11(machine: Machine):
    machine.has("python3", "exit 1")
    assert "Python 3.11 or newer is needed" in the_sentence(machine.run("status"))


def test_too_little_disk(machine: Machine):
    machine.has_python()
    machine.has("df", "echo head; echo '/dev/x 9 9 1000000 9 /'")
    assert "Less than 2 GB is free" in the_sentence(machine.run("status"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: Could not find a version that satisfies the requirement uv", "registries cannot be reached"),
        ("error: dns error: Temporary failure in name resolution", "registries cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that the lock"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something else", 'stopped at "Python packages"'),
    ],
)
def test_a_step_that_fails_is_one_sentence(machine: Machine, words: str, sentence: str):
    machine.has_python()
    machine.has("venv_python", f"echo '{words}' >&2; exit 1")
    assert sentence in the_sentence(machine.run("status"))
    assert not (machine.checkout / ".jpa" / "setup.lock").exists()


def ready(machine: Machine) -> None:
    """A machine where setting up works and takes a moment; the command says its words and where it was called."""
    tools = machine.checkout / ".jpa" / "tools" / "bin"
    uv = f'mkdir -p {tools}; printf "#!/bin/sh\\nexit 0\\n" >{tools}/uv; chmod +x {tools}/uv; sleep 0.5'
    machine.has_python()
    pip = f"echo set-up >>{machine.checkout}/made; {uv}"
    machine.has("venv_python", f'case "$*" in *pip*) {pip} ;; *) echo "$*" ;; esac')


def test_it_works_from_anywhere_and_through_a_symlink(machine: Machine, tmp_path: Path):
    ready(machine)
    link = tmp_path / "elsewhere"
    link.symlink_to(Path(os.path.relpath(machine.checkout / "jpa", tmp_path)))
    assert machine.run("status", "--json", at=link).stdout == "-m client.cli status --json\n"


def test_it_sets_up_once_and_again_when_a_lock_has_changed(machine: Machine):
    ready(machine)
    for _ in range(2):
        assert machine.run("status").returncode == 0
    assert (machine.checkout / "made").read_text().count("set-up") == 1
    with (machine.checkout / "requirements.lock").open("a") as file:
        file.write("# changed\n")
    shutil.rmtree(machine.checkout / ".jpa" / "tools")
    machine.run("status")
    assert (machine.checkout / "made").read_text().count("set-up") == 2


def test_two_at_once_set_up_once(machine: Machine):
    ready(machine)
    words = [str(machine.checkout / "jpa"), "status"]
    environment = {"PATH": str(machine.bin)}
    both = [subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = "".join(one.communicate(timeout=30)[1] for one in both)
    assert [one.returncode for one in both] == [0, 0]
    assert "waiting for it" in said
    assert (machine.checkout / "made").read_text().count("set-up") == 1


def test_a_lock_whose_holder_is_gone_is_taken_over(machine: Machine):
    ready(machine)
    lock = machine.checkout / ".jpa" / "setup.lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(str(2**22 - 1))
    assert machine.run("status").returncode == 0


def test_afterwards_it_adds_less_than_0_3_seconds(machine: Machine):
    ready(machine)
    machine.run("status")
    began = time.monotonic()
    machine.run("status")
    assert time.monotonic() - began < 0.3
