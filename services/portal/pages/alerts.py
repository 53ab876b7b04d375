"""Alerts: the list, one with its ledger, publishing, acknowledging, recalling."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.api import open_alert
from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.lines import ENDS, LANGUAGE_OPTIONS, alert_line, as_uuid, options, parties
from services.portal.pages.problems import inside
from services.portal.pages.times import zone_name
from services.portal.pages.views import AlertDetail, AlertForm, AlertList, Form, LedgerLine, Option, Paging
from services.portal.selects import Row
from shared.errors import Forbidden
from shared.vocabulary import (
    TLP,
    AlertKind,
    GradingScale,
    HandlingCode,
    Information4x4,
    InformationAdmiralty,
    Labelled,
    Precedence,
    Role,
    Source4x4,
    SourceAdmiralty,
)

router = APIRouter(include_in_schema=False)

WRITERS = (Role.LIAISON_OFFICER, Role.COORDINATOR, Role.RSO_OFFICER)
ANSWERERS = (Role.LIAISON_OFFICER, Role.COORDINATOR, Role.RSO_OFFICER)
KINDS = ("member", "organisation", "coordination", "support")
SCALES = {
    GradingScale.ADMIRALTY.value: (SourceAdmiralty, InformationAdmiralty),
    GradingScale.FOUR_BY_FOUR.value: (Source4x4, Information4x4),
}


@router.get("/alerts")
async def alerts(at: Signed, cursor: str = "") -> Response:
    async with at.reads() as reads:
        context = await at.context(reads, "alerts", shown_to=at.say("each alert is for its recipients only"))
        waiting = [] if cursor else [alert_line(at, row) for row in await reads.alerts_waiting()]
        rows, more = await reads.alerts(cursor or None)
    known = {one.id for one in waiting}
    lines = [line for line in (alert_line(at, row) for row in rows) if line.id not in known]
    view = AlertList(
        form=Form(),
        waiting=tuple(waiting),
        own=tuple(line for line in lines if line.originator == at.party),
        others=tuple(line for line in lines if line.originator != at.party),
        paging=Paging(
            shown=len(lines), first_href="/alerts" if cursor else "", next_href=f"/alerts?cursor={more}" if more else ""
        ),
        may_write=at.has(*WRITERS),
    )
    if any(line.title for line in (*view.waiting, *view.own, *view.others)):
        await at.portal.note_read(at.actor, "titles of alerts", "list")
    return at.show(context, "alerts.html", view)


@router.get("/alerts/new")
async def new_alert(at: Signed) -> Response:
    return await alert_form(at, Form(idempotency_key=new_key(), values={"language": at.locale}))


def _graded(posted: Posted, name: str) -> str:
    scale = posted.get("grading.scale", GradingScale.ADMIRALTY.value)
    return name.replace("grading.", f"grading.{scale}.") if name in {"grading.source", "grading.information"} else name


@form_page("/alerts", _graded)
async def alert_form(at: Desk, form: Form) -> Response:
    if not at.has(*WRITERS):
        raise Forbidden(at.say("Alerts are published by liaison officers, coordinators and the support office."))
    async with at.reads() as reads:
        context = await at.context(reads, "alerts", shown_to=at.say("you choose who reads it below"))
        near = await reads.participants(UUID(context.period.id)) if context.period else ()
    view = AlertForm(
        form=form,
        kinds=options(AlertKind),
        precedences=options(Precedence),
        tlps=options(TLP),
        handlings=tuple(Option(value=one.value, text=f"{one.value} · {one.label}") for one in HandlingCode),
        scales=tuple(_scale(one) for one in GradingScale),
        # those of the present period first: an alert mostly goes to some of them
        parties=tuple(sorted(parties(*KINDS, without=at.party), key=lambda one: one.value not in near)),
        languages=LANGUAGE_OPTIONS,
        zone=zone_name(at.party, at.now),
    )
    return at.show(context, "alert_new.html", view)


@router.post("/alerts")
async def publish(post: Post) -> Response:
    at, posted = post
    scale = posted.get("grading.scale", GradingScale.ADMIRALTY.value)
    body = {
        "kind": posted.need("kind", "Choose what it is about."),
        "title": posted.get("title"),
        "text": posted.get("text"),
        "language": posted.get("language"),
        "grading": {
            "scale": scale,
            "source": posted.need(f"grading.{scale}.source", "Grade the source."),
            "information": posted.need(f"grading.{scale}.information", "Grade the information."),
        },
        "tlp": posted.get("tlp") or TLP.AMBER_STRICT.value,
        "handling": posted.get("handling") or HandlingCode.H1.value,
        "handling_text": posted.get("handling_text"),
        "precedence": posted.get("precedence") or Precedence.PRIORITY.value,
        "recipients": posted.every("recipients"),
        "valid_until": posted.moment("valid_until", at.party, "Say until when it holds.", optional=False),
        "period_id": str(as_uuid(posted.get("period_id")) or "") or None,
    }
    done = await send(at, posted, "alerts", body)
    return go(f"/alerts/{done.said['id']}", "published") if done.arrived else go("/alerts", "later")


@router.get("/alerts/{alert_id}")
async def alert(alert_id: UUID, at: Signed) -> Response:
    return await alert_page(at, Form(idempotency_key=new_key()), str(alert_id))


@form_page("/alerts/{alert_id}/recall")
async def alert_page(at: Desk, form: Form, alert_id: str) -> Response:
    row, ledger = await open_alert(at.portal, at.actor, UUID(alert_id))
    async with at.reads() as reads:
        shown_to = at.say("shown to its originator and its recipients")
        context = await at.context(reads, "alerts", tlp=row["tlp"], shown_to=shown_to)
    line = alert_line(at, row)
    own, open_ = row["originator"] == at.party, row["status"] == "published"
    source, information = _grading(row)
    view = AlertDetail(
        alert=line,
        text=row["text"] or "",
        language=row["language"] or "",
        tlp=row["tlp"],
        handling=((row["handling"], row["handling_text"] or HandlingCode(row["handling"]).label),),
        source=source,
        information=information,
        scale=GradingScale(row["scale"]).label if row["scale"] else "",
        valid_until=row["valid_until"],
        recipients=tuple(row["recipients"]),
        ledger=tuple(_ledger_line(at, row, one) for one in ledger) if own else (),
        recalled_at=row["recalled_at"],
        may_acknowledge=open_ and not own and at.party in row["recipients"] and line.state not in ENDS
        and at.has(*ANSWERERS),
        may_recall=own and open_ and at.has(*WRITERS),
        form=Form(**{**vars(form), "version": row["version"]}),
    )  # fmt: skip
    return at.show(context, "alert.html", view)


@router.post("/alerts/{alert_id}/acknowledge")
async def acknowledge(alert_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"alerts/{alert_id}/acknowledge", {})
    return go(inside(posted.get("next") or f"/alerts/{alert_id}"), done.then("acknowledged"))


@router.post("/alerts/{alert_id}/recall")
async def recall(alert_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"alerts/{alert_id}/recall", {"reason": posted.get("reason")})
    return go(f"/alerts/{alert_id}", done.then("recalled"))


def _scale(scale: GradingScale) -> tuple[str, str, tuple[Option, ...], tuple[Option, ...]]:
    sources, informations = SCALES[scale.value]
    return scale.value, scale.label, _grades(sources), _grades(informations)


def _grades(kind: type[Labelled]) -> tuple[Option, ...]:
    return tuple(Option(value=one.value, text=f"{one.value} · {one.label}") for one in kind)


def _grading(row: Row) -> tuple[tuple[str, str], tuple[str, str]]:
    if not row["scale"]:
        return ("", ""), ("", "")
    sources, informations = SCALES[row["scale"]]
    source, information = sources(row["source"]), informations(row["information"])
    return (source.value, source.label), (information.value, information.label)


def _ledger_line(at: Desk, row: Row, line: Row) -> LedgerLine:
    moments = {
        "purged": line["purged_at"], "acknowledged": line["acknowledged_at"], "read": line["read_at"],
        "delivered": line["delivered_at"],
    }  # fmt: skip
    late = line["state"] in {"queued", "delivered", "read"} and row["status"] == "published"
    return LedgerLine(
        recipient=line["recipient"],
        state=line["state"],
        at=moments.get(line["state"]),
        overdue=late and row["answer_due"] < at.now,
    )
