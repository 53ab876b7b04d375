"""Sign in and out."""

from fastapi import APIRouter, Request, Response

from services.portal.doors import ThePortal
from services.portal.pages import door
from services.portal.pages.desk import Desk, go
from services.portal.pages.forms import Post, Posted, again, read
from services.portal.pages.problems import inside, sign_in_page, thing_of
from services.portal.pages.views import Form, SignIn
from shared.errors import TooMany, Unauthenticated

router = APIRouter(include_in_schema=False)
KEPT = "kept."


@router.get("/sign-in")
async def door_page(request: Request, portal: ThePortal, next: str = "/", reason: str = "") -> Response:
    told = reason if reason in {"expired", "signed_out"} else ""
    return sign_in_page(request, portal, SignIn(form=Form(), next=inside(next), reason=told))  # type: ignore[arg-type]


@router.post("/sign-in")
async def sign_in(request: Request, portal: ThePortal) -> Response:
    posted = await read(request)
    kept = tuple((name.removeprefix(KEPT), value) for name, value in posted.fields if name.startswith(KEPT))
    where = inside(posted.get("next", "/"))
    form = Form(values={"username": posted.get("username")})
    door.require_own_origin(request, portal)
    try:
        door.require_secret(posted.get("csrf"), request.cookies.get(door.cookie_name(portal, door.DOOR), ""))
    except door.NotOurForm:  # the browser was closed since, or another tab signed out: the same page, made afresh
        return sign_in_page(request, portal, SignIn(form=form, next=where, fields=kept), 403)
    address = request.client.host if request.client else ""
    password = next((value for name, value in posted.fields if name == "password"), "")
    try:
        signed = await portal.accounts.sign_in(posted.get("username"), password, address)
    except Unauthenticated:
        return sign_in_page(request, portal, SignIn(form=form, next=where, fields=kept, reason="refused"), 401)
    except TooMany:
        return sign_in_page(request, portal, SignIn(form=form, next=where, fields=kept, reason="limited"), 429)
    at = Desk(request, portal, signed.session)
    response = await _back_to_work(at, where, Posted(kept)) if kept else go(where)
    return door.signed_in(response, portal, signed)


@router.post("/sign-out")
async def sign_out(portal: ThePortal, post: Post) -> Response:
    at, _ = post
    await portal.accounts.sign_out(at.session)
    response = go("/sign-in?reason=signed_out")
    door.take(response, portal)
    return response


async def _back_to_work(at: Desk, path: str, posted: Posted) -> Response:
    """The form as it was when the session ended; a single button is pressed again on its page."""
    shown = await again(at, path, posted, kept=True)
    return shown or go(inside(posted.get("next") or thing_of(path)), "again")
