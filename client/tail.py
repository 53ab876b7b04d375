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

NAME = "tail"
"""Of this command's integrator of a party, made at first use; its password stays among the secrets."""


def follow(home: Home, party: str, as_json: bool, only_new: bool) -> None:
    """Print until Ctrl-C; the audit knows first."""
    broker, username = integrators.broker_of(home), integrators.username_of(party, NAME)
    password = credentials.password(home, f"kafka-{username}")
    credential = accounts.noted(home, "tail", username, lambda: integrators.issue(broker, party, NAME, password))
    try:
        asyncio.run(_print(credential, as_json, only_new))
    except KeyboardInterrupt:
        return


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
    console().print(
        f"[dim]{number:>6}[/]  {when}  [bold]{words[0]:<8}[/]  {what:<36}  [dim]{str(words[1])[:13]}[/]  {words[2]}"
    )
