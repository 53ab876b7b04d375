"""Refusals on pages: what went wrong, what was kept, what to do now. The API's stay problem details."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.doors import Portal, portal_of
from services.portal.gateway import Refused
from services.portal.pages import door
from services.portal.pages.desk import Desk, html, plays
from services.portal.pages.forms import Posted, again, new_key
from services.portal.pages.render import page
from services.portal.pages.views import Context, Form, Problem, SignIn
from services.portal.pages.words import N_
from shared.errors import FieldError, NotFound, Refusal, Unauthenticated

Handler = Callable[[Request, Any], Awaitable[Response]]
PROBLEM = (b"content-type", b"application/problem+json")
NOT_PAGES = ("/api/", "/health/", "/operator/", "/metrics", "/static/")
SAME_KEY = N_(
    "This was posted already, and what is here now differs. To change what was posted, open it and correct it; "
    "if this is another one, post it."
)
NOT_SHOWN = N_("This page cannot be shown just now. Nothing is lost: try again in a moment.")


class Faults:
    """ASGI middleware around the common door: on a page, its answer to a fault or to a body too large becomes a page too."""

    def __init__(self, app: ASGIApp, portal: Portal) -> None:
        self._app, self._portal = app, portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NOT_PAGES):
            await self._app(scope, receive, send)
            return
        status = 0

        async def turned(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start" and PROBLEM in message["headers"]:
                status = message["status"]
            elif not status:
                await send(message)
            elif not message.get("more_body"):
                request = Request(scope)
                text = page(bare(self._portal), "problem.html", Problem(status=status, back_href=_back(request)))
                await html(request, text, status)(scope, receive, send)

        await self._app(scope, receive, turned)


def install(app: FastAPI, portal: Portal) -> None:
    """Put the pages' answers before the common ones."""
    app.add_middleware(Faults, portal=portal)
    common: dict[Any, Handler] = dict(app.exception_handlers)

    def either(key: Any, on_pages: Handler) -> None:
        async def answer(request: Request, problem: Any) -> Response:
            elsewhere = request.url.path.startswith(NOT_PAGES)
            return await (common.get(key, common[HTTPException]) if elsewhere else on_pages)(request, problem)

        app.add_exception_handler(key, answer)

    async def refused(request: Request, refusal: Refusal) -> Response:
        if not isinstance(refusal, (Refused, Unauthenticated)):
            await common[Refusal](request, refusal)  # counts it, and notes it in the audit
        return await show(request, refusal)

    async def nowhere(request: Request, _problem: Exception) -> Response:
        return await show(request, NotFound())

    either(Refusal, refused)
    either(RequestValidationError, nowhere)  # on a page: an address that cannot be one of ours
    either(404, nowhere)
    either(405, nowhere)


async def show(request: Request, refusal: Refusal) -> Response:
    """The page for a refusal; the form itself where it can be mended."""
    portal = portal_of(request)
    at: Desk | None = getattr(request.state, "desk", None)
    posted: Posted | None = getattr(request.state, "posted", None)
    if isinstance(refusal, Unauthenticated):
        return _sign_in(request, portal, posted)
    if at and posted and (shown := await _mended(at, request.url.path, posted, refusal)):
        return shown
    context = at.bare() if at else bare(portal)
    problem = _problem(request, posted, refusal)
    return html(request, page(context, "problem.html", problem), problem.status)


async def _mended(at: Desk, path: str, posted: Posted, refusal: Refusal) -> Response | None:
    """The form again, if another try with other words may succeed."""
    status, key, errors = _status(refusal), "", refusal.errors
    if isinstance(refusal, Refused) and refusal.said_code == "key-reused":
        key, errors = new_key(), (FieldError("", at.say(SAME_KEY)),)
    elif status != 422:
        return None
    try:
        response = await again(at, path, posted, errors or (FieldError("", refusal.detail),), key=key)
    except Refusal:
        return None  # what the form is about cannot be read: the refusal itself is still shown
    if response is not None:
        response.status_code = status
    return response


def _problem(request: Request, posted: Posted | None, refusal: Refusal) -> Problem:
    status, path = _status(refusal), request.url.path
    resend = posted if posted and path != "/sign-in" else None  # a password is never written into a page
    action = path if status in {503, 504} else thing_of(path) if status == 409 else ""
    told = isinstance(refusal, Refused) and status != 404
    told = told or status in {403, 413, 429} or (status == 404 and refusal.detail != NotFound().detail)
    detail = refusal.detail if told else ""
    if status == 503 and request.method == "GET":
        detail = NOT_SHOWN
    title = refusal.said_title if isinstance(refusal, Refused) else refusal.title
    return Problem(
        status=status,
        title=title if detail and status in {403, 409} else "",
        detail=detail,
        changed=refusal.changed,
        errors=refusal.errors,
        back_href=_back(request),
        action=action,
        fields=resend.fields if resend else (),
    )


def _sign_in(request: Request, portal: Portal, posted: Posted | None) -> Response:
    path = request.url.path
    had = door.cookie_name(portal) in request.cookies
    if path.endswith("/stream"):
        return Response(status_code=401)
    if posted is None:
        where = path + (f"?{request.url.query}" if request.url.query else "")
        asked = {"next": where} if where != "/" else {}
        query = urlencode(asked | ({"reason": "expired"} if had else {}))
        response: Response = RedirectResponse(f"/sign-in?{query}" if query else "/sign-in", 303)
    else:
        kept = tuple((name, value) for name, value in posted.fields if name != "csrf")
        view = SignIn(form=Form(), next=path, fields=kept, reason="expired")
        response = sign_in_page(request, portal, view, 401)
    if had:
        door.take(response, portal)
    return response


def sign_in_page(request: Request, portal: Portal, view: SignIn, status: int = 200) -> Response:
    """The door, with its own secret in a cookie and in the form."""
    secret = door.door_secret(request, portal)
    context = bare(portal, door.masked(secret))
    response = html(request, page(context, "sign_in.html", view), status)
    door.give(response, portal, secret, door.DOOR)
    return response


def bare(portal: Portal, csrf: str = "") -> Context:
    """Around a page for someone of whom nothing is known."""
    return Context(now=portal.service.clock.now(), csrf=csrf, playback=plays(portal))


def thing_of(path: str) -> str:
    """The page of what a form at this address is about."""
    parts = path.strip("/").split("/")
    if "plan-versions" in parts or parts[-1] == "adopt":
        return f"/periods/{parts[1]}/plan"
    return "/" + "/".join(parts[:2]) if len(parts) > 2 else "/"


def _status(refusal: Refusal) -> int:
    return refusal.said_status if isinstance(refusal, Refused) else refusal.status


def _back(request: Request) -> str:
    """Where a person came from, if that is one of our own pages."""
    referer = request.headers.get("referer", "")
    base = f"{request.url.scheme}://{request.headers.get('host', '')}/"
    return inside("/" + referer.removeprefix(base)) if referer.startswith(base) else "/"


def inside(path: str) -> str:
    """A path of this site, never an address elsewhere."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and not any(c in path for c in "\r\n\t\\")
    return path if plain else "/"
