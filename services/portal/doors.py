"""What requests of the portal share: its parts, and who is calling, by bearer token or by the session's cookie."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from services.portal.accounts import Accounts, Session
from services.portal.file_store import FileStore
from services.portal.gateway import Gateway
from services.portal.progress import Progress
from services.portal.repository import ReadModel, Reads
from services.portal.settings import Settings
from services.portal.tokens import Tokens
from shared.actor import Actor
from shared.errors import Unauthenticated
from shared.runtime.service import Service

COOKIE = "jpa-session"


@dataclass
class Portal:
    """The parts of the portal beyond those of every service. At `app.state.portal`."""

    service: Service
    settings: Settings
    accounts: Accounts
    read_model: ReadModel
    gateway: Gateway
    progress: Progress
    files: FileStore

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.settings)

    @contextlib.asynccontextmanager
    async def reads(self, actor: Actor) -> AsyncIterator[Reads]:
        async with self.read_model.reader(actor) as reads:
            yield reads

    async def note_read(self, actor: Actor, what: str, target: object) -> None:
        """A detail is about to be shown: the audit knows first."""
        async with self.service.database.begin(actor) as tx:
            tx.audit(f"read {what}", str(target))


def portal_of(request: Request) -> Portal:
    found: Portal = request.app.state.portal
    return found


async def the_portal(request: Request) -> Portal:
    """As a dependency; async although it waits for nothing, because what is not is run in a thread."""
    return portal_of(request)


async def bearer(request: Request) -> Session:
    """The session behind `Authorization: Bearer`, for programs."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send `Authorization: Bearer` with a token from POST /api/v1/sessions.")
    session = await portal_of(request).accounts.session(token)
    request.state.actor = session.actor
    return session


ThePortal = Annotated[Portal, Depends(the_portal)]
Bearer = Annotated[Session, Depends(bearer)]
