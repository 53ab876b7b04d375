"""The commands of `jpa account`, `jpa group`, `jpa integrator`, `jpa ledger` and `jpa quarantine`, and what they share."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.embedded.places import Home, default_home
from shared.vocabulary import Role

if TYPE_CHECKING:
    from client.integrators import Credential

account = typer.Typer(no_args_is_help=True, help="People's accounts.", rich_markup_mode=None)
group = typer.Typer(no_args_is_help=True, help="Members of the Working Group.", rich_markup_mode=None)
integrator = typer.Typer(no_args_is_help=True, help="Machines that read a party's feed.", rich_markup_mode=None)
ledger = typer.Typer(no_args_is_help=True, help="Every word that was given, as evidence.", rich_markup_mode=None)
quarantine = typer.Typer(no_args_is_help=True, help="Messages that could not be taken in.", rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="For programs.")]
Party = Annotated[str, typer.Argument(help="Code of a party, such as NZ or INTERPOL.")]
PasswordStdin = Annotated[bool, typer.Option(help="Read the password from standard input.")]
Roles = Annotated[list[str], typer.Option(help=f"May be given several times: {', '.join(Role)}.")]
Parties = Annotated[list[str], typer.Argument(help="Codes of parties, such as NZ or INTERPOL.")]
Reference = Annotated[str, typer.Argument(help="As `quarantine list` names it, such as planner/12.")]


def home() -> Home:
    """The installation that a command is about."""
    return Home(default_home())


@account.command("add")
def account_add(  # the command's options
    username: str,
    party: Annotated[str, typer.Option(help="Code of the party that it belongs to.")],
    role: Roles,
    name: Annotated[str | None, typer.Option(help="As people see it.")] = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Add an account; its password is made and shown once, unless it is given."""
    from client.accounts import add, prepared
    from client.screen import once

    made = add(home(), prepared(username, party, role, name, _given(password_stdin)))
    once(made.as_json(show_password=not password_stdin), "account", as_json=json)


@account.command("disable")
def account_disable(username: str) -> None:
    """Let nobody in with it, and end its sessions."""
    from client.accounts import disable

    disable(home(), username)
    typer.echo(f"{username} is disabled and signed out.")


@account.command("enable")
def account_enable(username: str) -> None:
    """Let it in again, with the password that it had."""
    from client.accounts import enable

    enable(home(), username)
    typer.echo(f"{username} may sign in.")


@account.command("password")
def account_password(username: str, password_stdin: PasswordStdin = False, json: Json = False) -> None:
    """Give it a new password, made and shown once unless it is given, and end its sessions."""
    from client.accounts import set_password
    from client.screen import once

    new = set_password(home(), username, _given(password_stdin))
    once({"username": username, **({} if password_stdin else {"password": new})}, "account", as_json=json)


@account.command("roles")
def account_roles(username: str, role: Roles) -> None:
    """Give it exactly these roles; when one is taken away its sessions end."""
    from client.accounts import set_roles

    set_roles(home(), username, role)
    typer.echo(f"{username} has the roles {', '.join(sorted(set(role)))}.")


@account.command("list")
def account_list(json: Json = False) -> None:
    """All accounts."""
    from client.accounts import SHOWN, all_accounts
    from client.screen import rows

    rows(SHOWN, all_accounts(home()), "No accounts yet: ./jpa account add makes one.", as_json=json)


def _given(password_stdin: bool) -> str | None:
    return sys.stdin.readline().rstrip("\n") if password_stdin else None


@group.command("list")
def group_list(json: Json = False) -> None:
    """Who belongs to the Working Group."""
    from client.group import show

    show(home(), as_json=json)


@group.command("add")
def group_add(parties: Parties, json: Json = False) -> None:
    """Let parties join: they read the programme as it stands, and what is said of it from now on."""
    from client.group import change, shown

    shown(change(home(), parties, []), as_json=json)


@group.command("remove")
def group_remove(parties: Parties, json: Json = False) -> None:
    """Let parties leave: of the programme they read what is their own, and nothing new."""
    from client.group import change, shown

    shown(change(home(), [], parties), as_json=json)


@integrator.command("add")
def integrator_add(
    party: Party,
    name: Annotated[str, typer.Argument(help="To tell several of one party apart.")] = "main",
    json: Json = False,
) -> None:
    """Make a credential for one party's feed, shown once."""
    from client import accounts, integrators

    broker, username = integrators.broker_of(home()), integrators.username_of(party, name)
    made = accounts.noted(home(), "add integrator", username, lambda: integrators.add(broker, party, name))
    _issued(made, json)


@integrator.command("password")
def integrator_password(party: Party, name: Annotated[str, typer.Argument()] = "main", json: Json = False) -> None:
    """Give it a new password, shown once; the old one opens nothing any more."""
    from client import accounts, integrators

    broker, username = integrators.broker_of(home()), integrators.username_of(party, name)
    new = accounts.noted(home(), "set integrator password", username, lambda: integrators.new_password(broker, party, name))
    _issued(new, json)


def _issued(made: "Credential", json: bool) -> None:
    from client import integrators
    from client.screen import once

    kept = integrators.keep(home(), made)
    once(made.as_json(), "integrator", as_json=json)
    if not kept:
        typer.echo("The password could not be kept here: no restore will know it.", err=True)


@integrator.command("remove")
def integrator_remove(party: Party, name: Annotated[str, typer.Argument()] = "main") -> None:
    """Take its rights away, then its credential."""
    from client import accounts, integrators

    username = integrators.remove(integrators.broker_of(home()), party, name)
    integrators.forget(home(), username)
    typer.echo(f"{username} can read nothing any more.")
    accounts.noted(home(), "remove integrator", username, lambda: None)  # afterwards: it must not wait for a database


@integrator.command("list")
def integrator_list(json: Json = False) -> None:
    """All integrators."""
    from client import integrators
    from client.screen import rows

    found = integrators.names(integrators.broker_of(home()))
    empty = "No integrators yet: ./jpa integrator add PARTY makes one."
    rows(["party", "name"], [[party, name] for party, name in found], empty, as_json=json)


@ledger.command("export")
def ledger_export(file: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Write the consent ledger to a file, one JSON object a line."""
    from client.ledger import export

    export(home(), file)


@ledger.command("verify")
def ledger_verify(
    file: Annotated[Path | None, typer.Argument(help="An exported ledger, instead of the running system's.")] = None,
    json: Json = False,
) -> None:
    """Prove from its lines alone that nothing ran and nothing was shown without what it needed; else exit code 1."""
    from client.ledger import verify

    raise SystemExit(verify(home(), file, json))


@quarantine.command("list")
def quarantine_list(json: Json = False) -> None:
    """Where each came from and why it could not be taken in; never its content."""
    from client import quarantine as command

    command.show_all(home(), as_json=json)


@quarantine.command("show")
def quarantine_show(reference: Reference, json: Json = False) -> None:
    """One of them."""
    from client import quarantine as command

    command.show(home(), reference, as_json=json)


@quarantine.command("replay")
def quarantine_replay(reference: Reference) -> None:
    """Let its service try it again."""
    from client import quarantine as command

    command.replay(home(), reference)


@quarantine.command("close")
def quarantine_close(
    reference: Reference,
    reason: Annotated[str, typer.Option("--reason", help="Why it is of no concern: kept with it, and in the audit.")],
) -> None:
    """Count no longer what nobody can read. What can be read is refused: it would be lost."""
    from client import quarantine as command

    command.close(home(), reference, reason)
