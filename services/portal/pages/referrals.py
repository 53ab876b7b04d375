"""Referrals of possible victims: the list, one of them with its answer, and making one."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, form_page, new_key, renamed, send
from services.portal.pages.joint_lines import acts_on
from services.portal.pages.lines import PARTY_ROLES, as_uuid, options, parties
from services.portal.pages.several import comes_back, forms_of
from services.portal.pages.times import zone_name
from services.portal.pages.views import Form, Paging, ReferralForm, ReferralLine, ReferralList, ReferralPage
from services.portal.repository import encode_cursor, thing_after
from services.portal.selects import Row
from shared.errors import Invalid, NotFound
from shared.vocabulary import Exploitation, Role, VictimIndicator

router = APIRouter(include_in_schema=False)

STEPS = ("accept", "refuse", "withdraw")
OPEN = {"made", "overdue"}
LISTED = 50


@router.get("/referrals")
async def referrals(at: Signed, cursor: str = "") -> Response:
    async with at.reads() as reads:
        told = at.say("for officers who refer, and the protection service")
        context = await at.context(reads, shown_to=told)
        rows = await reads.referrals(thing_after(cursor or None), LISTED)
    if rows:
        await at.portal.note_read(at.actor, "referrals", "list")
    lines = [referral_line(at, row) for row in rows[:LISTED]]
    more = f"/referrals?cursor={encode_cursor(rows[LISTED - 1]['id'])}" if len(rows) > LISTED else ""
    view = ReferralList(
        waiting=tuple(line for line in lines if line.status in OPEN),
        over=tuple(line for line in lines if line.status not in OPEN),
        paging=Paging(shown=len(lines), first_href="/referrals" if cursor else "", next_href=more),
    )
    return at.show(context, "referrals.html", view)


@router.get("/referrals/new")
async def new_referral(at: Signed, operation: str = "") -> Response:
    return await referral_form(at, Form(idempotency_key=new_key(), values={"operation_id": operation}))


@form_page("/referrals")
async def referral_form(at: Desk, form: Form) -> Response:
    operation_id = as_uuid(form.value("operation_id"))
    if operation_id is None or not at.has(*PARTY_ROLES):
        raise NotFound
    async with at.reads() as reads:
        row = await reads.headline(operation_id)
        if row is None or not await acts_on(at, reads, row):
            raise NotFound
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "", period, shown_to=at.say("officers of your party, and the protection service"))
    view = ReferralForm(
        form=form,
        operation_id=str(operation_id),
        operation=row["title"] or at.words(row["kind"]),
        services=parties("member", "organisation", "coordination", "support"),
        indicators=options(VictimIndicator),
        exploitation=options(Exploitation),
        zone=zone_name(at.party, at.now),
    )
    return at.show(context, "referral_new.html", view)


@router.post("/referrals")
async def refer(post: Post) -> Response:
    at, posted = post
    operation_id = as_uuid(posted.get("operation_id"))
    if operation_id is None:
        raise Invalid.field("operation_id", "Choose the operation.")
    body = {
        "service": posted.need("service", "Choose the protection service."),
        "reference": posted.need("reference", "Give a reference that only your party can resolve."),
        "indicators": posted.some("indicators", "Say what makes you think of a victim."),
        "exploitation": posted.every("exploitation"),
        "answer_by": posted.moment("answer_by", at.party),
    }
    done = await send(at, posted, f"operations/{operation_id}/referrals", body)
    return go(f"/referrals/{done.said['id']}", "referred") if done.arrived else go("/referrals", "later")


@router.get("/referrals/{referral_id}")
async def referral(referral_id: UUID, at: Signed) -> Response:
    return await referral_page(at, str(referral_id), {})


async def referral_page(at: Desk, referral_id: str, typed: dict[str, Form]) -> Response:
    async with at.reads() as reads:
        row = await reads.referral(UUID(referral_id))
        told = at.say("for officers who refer, and the protection service")
        context = await at.context(reads, shown_to=told)
    await at.portal.note_read(at.actor, "referral", referral_id)
    view = ReferralPage(
        referral=referral_line(at, row),
        indicators=tuple(VictimIndicator(one).label for one in row["indicators"]),
        exploitation=tuple(Exploitation(one).label for one in row["exploitation"]),
        made_by=row["made_by"],
        note=row["note"] or "",
        answered_at=row["answered_at"],
        answered_by=row["answered_by"] or "",
        may=_may(at, row),
        forms=forms_of(STEPS, typed, row["version"]),
    )
    return at.show(context, "referral.html", view)


comes_back(referral_page, "/referrals/{referral_id}", "referral_id", ("accept", "refuse"), renamed())
comes_back(referral_page, "/referrals/{referral_id}", "referral_id", ("withdraw",), renamed(reason="withdraw_reason"))


@router.post("/referrals/{referral_id}/accept")
async def accept(referral_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"referrals/{referral_id}/accept", {"note": posted.get("note")})
    return go(f"/referrals/{referral_id}", done.then("referral_answered"))


@router.post("/referrals/{referral_id}/refuse")
async def refuse(referral_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"referrals/{referral_id}/refuse", {"reason": posted.get("reason")})
    return go(f"/referrals/{referral_id}", done.then("referral_answered"))


@router.post("/referrals/{referral_id}/withdraw")
async def withdraw(referral_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"referrals/{referral_id}/withdraw", {"reason": posted.get("withdraw_reason")})
    return go(f"/referrals/{referral_id}", done.then("referral_withdrawn"))


def _may(at: Desk, row: Row) -> frozenset[str]:
    """Which steps to offer; whether they are taken, the planner decides."""
    if row["status"] not in OPEN:
        return frozenset()
    found = {"accept", "refuse"} if row["service"] == at.party and at.has(Role.PROTECTION_SERVICE) else set()
    return frozenset(found | ({"withdraw"} if row["party"] == at.party and at.has(*PARTY_ROLES) else set()))


def referral_line(at: Desk, row: Row) -> ReferralLine:
    return ReferralLine(
        id=str(row["id"]),
        reference=row["reference"],
        party=row["party"],
        service=row["service"],
        status=row["status"],
        made_at=row["made_at"],
        answer_by=row["answer_by"],
        late=row["status"] in OPEN and row["answer_by"] < at.now,
    )
