"""`reset`: back to an installation that was never started."""

import shutil

import typer

from deploy.embedded import state
from deploy.embedded.places import Home, Trouble

OURS = ("run", "logs", "traces", "secrets", "postgres", "kafka", "demo", "bench")
OUR_FILES = ("ports.json", "restoring", "last-backup.json")


def reset(home: Home, yes: bool) -> None:
    """Delete what is ours in JPA_HOME, after asking; what else lies there stays."""
    if not home.root.exists():
        print(f"Nothing is there: {home.root}")
        return
    home.make()
    with state.sole_supervisor(home) as alone:
        require_down(alone)
        if not yes and not typer.confirm(f"Delete all data, accounts and keys in {home.root}?"):
            raise Trouble("Nothing was deleted.")
        runs = [Home(folder) for folder in sorted(home.root.glob("endure-*")) if folder.is_dir()]
        for run in runs:
            _require_over(run)
        state.stop_left_behind(home)
        delete(home)
        for run in runs:
            shutil.rmtree(run.root)
    print(f"Deleted what was in {home.root}.")


def _require_over(run: Home) -> None:
    """What an endurance run that failed has kept goes too; one that is under way does not."""
    run.make()
    with state.sole_supervisor(run) as alone:
        if not alone or state.running(run):
            raise Trouble(f"./jpa endure runs in {run.root}: end it with Ctrl-C first.")
        state.stop_left_behind(run)


def require_down(alone: bool) -> None:
    """Nobody else may have it up."""
    if not alone:
        raise Trouble("It is up: stop it with ./jpa down first.")


def delete(home: Home) -> None:
    """All that is ours."""
    for name in (*OURS, *OUR_FILES):
        path = home.root / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
