"""The door to the pages: the session's cookie, and proof that a form was filled in on a page of ours.

A form is taken from our own origin only (`Origin`, `Sec-Fetch-Site`), and with the session's secret in a hidden field. The
field is masked anew on each page, so that compressing pages tells nothing about it. Before there is a session, the sign-in
form carries the value of a cookie of its own.
"""

import base64
import secrets
from urllib.parse import urlsplit

from fastapi import Request, Response

from services.portal.accounts import Session, SignedIn
from services.portal.doors import COOKIE, Portal
from shared.errors import Forbidden, Unauthenticated

DOOR = "jpa-door"


class NotOurForm(Forbidden):
    """The form came from elsewhere, or is older than the session."""

    title = "The form was too old, or not from here"

    def __init__(self) -> None:
        super().__init__("")


def cookie_name(portal: Portal, name: str = COOKIE) -> str:
    """With TLS the name promises that it was set by this very host, over TLS."""
    return f"__Host-{name}" if portal.settings.secure_cookies else name


def give(response: Response, portal: Portal, value: str, name: str = COOKIE) -> None:
    """Set a cookie for as long as the browser is open; the session itself ends on the server."""
    response.set_cookie(
        cookie_name(portal, name), value, path="/", httponly=True, samesite="lax", secure=portal.settings.secure_cookies
    )


def take(response: Response, portal: Portal) -> None:
    response.delete_cookie(
        cookie_name(portal), path="/", httponly=True, samesite="lax", secure=portal.settings.secure_cookies
    )


async def session_of(request: Request, portal: Portal) -> Session:
    """The session behind the cookie. Raises Unauthenticated."""
    token = request.cookies.get(cookie_name(portal))
    if not token:
        raise Unauthenticated("Please sign in.")
    session = await portal.accounts.session(token)
    request.state.actor = session.actor
    return session


def require_own_origin(request: Request, portal: Portal) -> None:
    """Raises NotOurForm for a post that another site's page sent."""
    origin = request.headers.get("origin")
    own = {request.headers.get("host", ""), urlsplit(portal.settings.public_url).netloc}
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise NotOurForm
    if origin is not None and urlsplit(origin).netloc not in own:
        raise NotOurForm


def require_secret(given: str, secret: str) -> None:
    """Raises NotOurForm unless the hidden field holds the secret."""
    if not secret or not secrets.compare_digest(unmasked(given).encode(), secret.encode()):
        raise NotOurForm


def door_secret(request: Request, portal: Portal) -> str:
    """The secret of someone who has not signed in yet; a new one where there is none."""
    return request.cookies.get(cookie_name(portal, DOOR), "") or secrets.token_urlsafe(24)


def masked(secret: str) -> str:
    """The secret under a fresh mask, as the hidden field carries it."""
    plain = secret.encode()
    mask = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(mask + _xor(plain, mask)).decode()


def unmasked(value: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(value)
        half = len(raw) // 2
        return _xor(raw[half:], raw[:half]).decode()
    except ValueError:
        return ""


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))


def signed_in(response: Response, portal: Portal, signed: SignedIn) -> Response:
    give(response, portal, signed.token)
    response.delete_cookie(cookie_name(portal, DOOR), path="/", secure=portal.settings.secure_cookies)
    return response
