"""The `jpa` command: each subcommand says what it takes and hands over; what it needs is imported only then."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from client import cli_groups
from client.cli_groups import Json, home
from deploy.embedded.places import Trouble

app = typer.Typer(
    name="jpa",
    help="Runs the system for Joint Periods of Action: plan, exchange alerts, learn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(cli_groups.account, name="account")
app.add_typer(cli_groups.group, name="group")
app.add_typer(cli_groups.integrator, name="integrator")
app.add_typer(cli_groups.ledger, name="ledger")
app.add_typer(cli_groups.quarantine, name="quarantine")


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", help="Stay up in the background.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of the portal.")] = 8080,
    brokers: Annotated[int, typer.Option(help="1 or 3; for good, once there is data.", show_default="as last time")] = 0,
    replicas: Annotated[int, typer.Option(min=0, max=2, help="Of each service.", show_default="as last time")] = 0,
) -> None:
    """Start everything; Ctrl-C stops all in order."""
    from client import up as command

    (command.detached if detach else command.foreground)(home(), port, brokers, replicas)


@app.command()
def down() -> None:
    """Stop everything, the portal first and the databases last."""
    from client.up import down as command

    command(home())


@app.command()
def status(json: Json = False) -> None:
    """What runs, how far behind it is and what it uses."""
    from client import status as command

    command.show(home(), as_json=json)


@app.command()
def doctor(json: Json = False) -> None:
    """What is wrong, the most urgent first, and what to do; exit code 1 if something is."""
    from client import doctor as command

    command.show(home(), as_json=json)


@app.command("compose-secrets")
def compose_secrets(
    folder: Annotated[Path, typer.Argument(help="As JPA_FOLDER names it for docker-compose.yml.")] = Path("/etc/jpa"),
) -> None:
    """Make the secrets of a compose installation; those that are there stay."""
    from deploy.compose.secrets import make

    typer.echo(f"{len(make(folder))} files are in {folder / 'secrets'}, for root and the containers' group only.")


@app.command()
def keys(json: Json = False) -> None:
    """The public keys that checkpoints of the audit are checked with."""
    from client.keys import show

    show(home(), as_json=json)


@app.command()
def logs(
    service: Annotated[str, typer.Argument(help="planner, intel, debrief, portal, kafka, postgres, supervisor.")],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines are written.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0)] = 200,
) -> None:
    """What a process has written."""
    from client.logs import show

    show(home(), service, lines, follow)


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete all data and secrets of this installation."""
    from client.reset import reset as command

    command(home(), yes)


@app.command()
def demo(
    scenario: Annotated[str, typer.Argument(help="A scenario's name or file.")] = "jpa-1-2015",
    speed: Annotated[str, typer.Option(help="fast, or real for showing it live.")] = "fast",
) -> None:
    """Play a Joint Period of Action through the running system: jpa-1-2015, or jpa-2, which is made up."""
    from client.demo.play import main as play

    raise SystemExit(play(scenario, speed, home().root))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file; it will hold passwords and keys.")],
    json: Json = False,
) -> None:
    """Copy a running system to one file."""
    from client.backup import backup as command

    command(home(), file, as_json=json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What backup wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Delete what is there first; asks.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of the portal.")] = 8080,
    json: Json = False,
) -> None:
    """Bring a system back from a backup and start it; what was said after the backup is lost."""
    from client.restore import restore as command

    command(home(), file, replace, yes, port, as_json=json)


@app.command()
def replay(
    consumer: Annotated[str, typer.Argument(help="portal, planner, intel, debrief, or a feed such as feed.nz.")],
    json: Json = False,
) -> None:
    """Have all that was ever said be said again to one consumer; the portal's tables are built anew beside the old."""
    from client.replay import show

    show(home(), consumer, as_json=json)


@app.command()
def endure(
    updates: Annotated[
        int, typer.Option(help="That are posted meanwhile: 20 or more for each fault, so 640 at least.")
    ] = 10_000,
    kills: Annotated[
        int, typer.Option(min=0, help="SIGKILLs. Every other fault is done by their number, and once at least: 30 with 0.")
    ] = 30,
    seed: Annotated[int, typer.Option(min=0, help="Of the plan of faults; 0 takes a new one.")] = 0,
    outage: Annotated[float | None, typer.Option(min=0, help="Seconds for which both servers are away.")] = None,
    brokers: Annotated[int, typer.Option(help="1 or 3.")] = 1,
    replicas: Annotated[int, typer.Option(min=1, max=2, help="Of each service.")] = 1,
    without: Annotated[str, typer.Option(help="A safeguard to take out, to see that the run then fails.")] = "",
    json: Json = False,
) -> None:
    """Attack a system of its own under load, and judge from outside whether anything was lost or doubled."""
    from dataclasses import replace

    from client.endure import without as removed
    from client.endure.plan import Shape
    from client.endure.run import main as run

    shape, services = Shape(updates, kills, seed, outage, (), brokers, replicas), removed.services(without)
    if without:
        shape = replace(shape, updates=min(updates, 400), faults=removed.REMOVED[without][1])
    raise SystemExit(run(shape, home().root, json, services))


@app.command()
def bench(
    seconds: Annotated[float, typer.Option(min=1, help="Of full load.")] = 60.0,
    updates: Annotated[int, typer.Option(min=20_000, help="In the read tables when pages are fetched.")] = 1_000_000,
    events: Annotated[int, typer.Option(min=2_000, help="That the rebuild reads.")] = 100_000,
    writers: Annotated[list[int] | None, typer.Option(min=1, help="At once; 16 and 32 are tried.")] = None,
    part: Annotated[list[str] | None, typer.Option(help="Only floor, system, rebuild or pages.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="In miniature: whether it runs, not how fast.")] = False,
    profile: Annotated[Path | None, typer.Option(help="Folder for a profile of the full load.")] = None,
    json: Json = False,
) -> None:
    """Measure how fast it is against the least that the same work could cost."""
    from client.bench.command import main as command
    from client.bench.settings import asked

    command(home(), asked(seconds, updates, events, writers, part, profile, quick), json)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(
    context: typer.Context,
    quick: Annotated[bool, typer.Option("--quick", help="Without servers and browser.")] = False,  # noqa: PT028
) -> None:
    """Check and test everything; further words are pytest's."""
    from client.checks import run

    raise SystemExit(run(quick, context.args))


@app.command()
def tail(
    party: Annotated[str, typer.Argument(help="Code of a party, such as NZ, or its feed, such as feed.nz.")],
    json: Annotated[bool, typer.Option("--json", help="Each event whole, as it came.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Only what comes from now on.")] = False,
) -> None:
    """Follow what a party gets, with a credential of that party."""
    from client.tail import follow

    follow(home(), party, as_json=json, only_new=new)


def main() -> None:
    """Run; a refusal is one sentence on standard error and exit code 1."""
    try:
        app(prog_name="jpa")
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stdout = Path("/dev/null").open("w")  # noqa: SIM115  # `| head` had enough
        raise SystemExit(0) from None
    except Exception as error:
        if os.environ.get("JPA_TRACEBACK"):
            raise
        first = next(iter(str(error).splitlines()), "")
        said = f"{type(error).__name__}: {first}"
        sys.stderr.write(f"This should not happen: {said} (JPA_TRACEBACK=1 shows where).\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
