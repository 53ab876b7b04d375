"""`tail`: what a party gets, one line an event, read with a credential of that party and no more than its rights."""

import asyncio
import sys
from datetime import datetime
from typing import Any

from client import accounts, integrators
from client.feed import subscribe
from client.screen import console
from deploy.embedded import credentials
from deploy.embedded.places import Home, Trouble
from shared.parties import PARTIES

WIDE = 100
NAME = "tail"
"""Of this command's integrator of a party, made at first use; its password stays among the secrets."""


def follow(home: Home, party: str, as_json: bool, only_new: bool) -> None:
    """Print until Ctrl-C; the audit knows first."""
    party = party_of(party)
    broker, username = integrators.broker_of(home), integrators.username_of(party, NAME)
    password = credentials.password(home, f"kafka-{username}")
    credential = accounts.noted(home, "tail", username, lambda: integrators.issue(broker, party, NAME, password))
    try:
        asyncio.run(_print(credential, as_json, only_new))
    except KeyboardInterrupt:
        return


def party_of(words: str) -> str:
    """The party that is meant by its code or by its feed, in whatever case."""
    code = words.upper().removeprefix("FEED.")
    if code not in PARTIES:
        raise Trouble(f"{code} is no party: use a code such as NZ or INTERPOL, or its feed, such as feed.nz.")
    return code


async def _print(credential: integrators.Credential, as_json: bool, only_new: bool) -> None:
    from aiokafka.errors import KafkaError

    try:
        async for found in subscribe(credential.broker(), credential.topic, only_new=only_new):
            if as_json:
                sys.stdout.write(found.body.decode() + "\n")
                sys.stdout.flush()
            else:
                line(found.number, found.event)
    except KafkaError as error:
        raise Trouble(f"Kafka does not let {credential.username} read {credential.topic}: {error}") from error


def line(number: int, event: dict[str, Any]) -> None:
    """Number, time, who said it, what, about which, how far it may go."""
    try:
        when = datetime.fromisoformat(event["time"]).strftime("%Y-%m-%d %H:%M:%S")
    except (KeyError, ValueError):
        when = "?"
    what = str(event.get("type", "?")).removesuffix(".v1")
    words = [event.get(name, "") for name in ("party", "subject", "tlp")]
    if not console().is_terminal:
        print(number, when, words[0], what, words[1], words[2], sep="\t", flush=True)
        return
    about = str(words[1])
    if console().width >= WIDE:
        shown = f"[dim]{number:>6}[/]  {when}  [bold]{words[0]:<8}[/]  {what:<36}  [dim]{about[:13]}[/]  {words[2]}"
    else:  # the day and the minute; the start of the id last, where it may be cut
        shown = f"[dim]{number:>5}[/] {when[5:16]} [bold]{words[0]:<8}[/] {what:<32} {words[2]:<5} [dim]{about[:8]}[/]"
    console().print(shown, no_wrap=True, overflow="ellipsis")
