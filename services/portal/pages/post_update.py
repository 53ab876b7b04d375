"""Post an update or correct one, and its receipt."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.attached import attach, attached
from services.portal.pages.desk import Desk, Signed, go, present
from services.portal.pages.forms import Done, Post, Posted, form_page, new_key, send
from services.portal.pages.lines import (
    LANGUAGE_OPTIONS,
    as_uuid,
    file_links,
    local_field,
    operation_readers,
    options,
    parties,
    readers,
    update_line,
)
from services.portal.pages.times import zone_name
from services.portal.pages.views import Form, Option, PostUpdate, Readers, Receipt, UpdateLine
from services.portal.pages.words import N_
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.countries import UNKNOWN
from shared.errors import Invalid, NotFound
from shared.vocabulary import FIRST_PERIOD, Indicator, ProtectionConcern, Severity, UpdateKind

router = APIRouter(include_in_schema=False)

TAKEN = {"under_way", "completed"}
NO_OPERATION = N_("Updates are posted on your party's own operations once they are under way. There is none now.")
CLOSED = N_("%(title)s is over: it takes corrections of what was posted, and no new updates.")
NOT_STARTED = N_("%(title)s does not run: updates are posted while a period is active.")
OVER = {"closed", "debriefed", "archived"}
KINDS = options(UpdateKind, UpdateKind.PROGRESS, UpdateKind.RESULT)
INCIDENT = options(UpdateKind, UpdateKind.INCIDENT)
CONCERNS = options(ProtectionConcern)


@router.get("/updates/new")
async def new_update(at: Signed, operation: str = "") -> Response:
    return await post_update_page(at, Form(idempotency_key=new_key()), chosen=operation)


@router.post("/updates/new")
async def show_readers(post: Post) -> Response:
    """Without JavaScript: the form as it is filled in, with who sees what of the operation chosen now."""
    at, posted = post
    return await post_update_page(at, posted.form())


@router.get("/updates/{update_id}/correct")
async def correct_update(update_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        row = await reads.update(update_id)
        kept = await reads.protection(update_id) if row["party"] == at.party else None
    await at.portal.note_read(at.actor, "update", update_id)
    values = {
        "kind": row["kind"], "text": row["text"] or "", "place": row["place"] or "", "language": row["language"] or "",
        "happened_at": local_field(row["happened_at"], at.party), "supersedes": str(update_id),
        "protection_concern": row["protection_concern"] or "",
        **{f"counts.{indicator}": str(value) for indicator, value in row["counts"].items()},
    }  # fmt: skip
    chosen = {"origins": frozenset(kept["origins"])} if kept else {}
    return await post_update_page(at, Form(idempotency_key=new_key(), values=values, chosen=chosen))


@form_page("/updates")
async def post_update_page(at: Desk, form: Form, chosen: str = "") -> Response:
    corrects: UpdateLine | None = None
    carried: Sequence[Row] = ()
    chosen = chosen or form.value("operation_id")
    async with at.reads() as reads:
        if superseded := as_uuid(form.value("supersedes")):
            row = await reads.update(superseded)
            if row["party"] != at.party:
                raise NotFound
            corrects, chosen = update_line(at, row), str(row["operation_id"])
            carried = await reads.files_of(superseded)
        wanted = await reads.headline(UUID(chosen)) if as_uuid(chosen) else None
        period = await reads.period(wanted["period_id"]) if wanted else present((await reads.periods())[0])
        context = await at.context(reads, "", period, shown_to=at.say("you choose who reads it below"))
        mine = await _open_operations(reads, period)
        who = await operation_readers(at, reads, mine, period)
        main = _main(period, mine)
    if period and period["status"] != "active" and not corrects:
        raise NotFound(at.say(CLOSED if period["status"] in OVER else NOT_STARTED) % {"title": period["title"]})
    if not who:
        raise NotFound(at.say(NO_OPERATION))
    if "happened_at" not in form.values:
        form = Form(**{**vars(form), "values": {**form.values, "happened_at": local_field(at.now, at.party)}})
    known = {one.operation_id for one in who}
    view = PostUpdate(
        form=form,
        operations=who,
        chosen=chosen if chosen in known else who[0].operation_id,
        main=main,
        further=tuple(one.value for one in Indicator if one.value not in main),
        kinds=INCIDENT if form.value("kind") == UpdateKind.INCIDENT else KINDS,
        attached=attached(at, form),
        carried=tuple(Option(value=row["sha256"], text=row["name"]) for row in carried),
        concerns=CONCERNS,
        origins=(*parties("member", without=at.party), Option(value=UNKNOWN, text=at.say("Elsewhere, or not known"))),
        zone=zone_name(at.party, at.now),
        corrects=corrects,
        languages=LANGUAGE_OPTIONS,
    )
    return at.show(context, "post_update.html", view)


@router.post("/updates")
async def post_update(post: Post) -> Response:
    at, posted = post
    operation_id = as_uuid(posted.get("operation_id"))
    if operation_id is None:
        raise Invalid.field("operation_id", "Choose the operation.")
    posted, seals = await attach(at, posted)
    body = {
        "kind": posted.need("kind", "Choose what it is."),
        "happened_at": posted.moment("happened_at", at.party),
        "text": posted.get("text"),
        "place": posted.get("place"),
        "language": posted.get("language"),
        "counts": _counts(posted),
        "supersedes": posted.get("supersedes") or None,
        "protection_concern": posted.get("protection_concern") or None,
        "origins": posted.every("origins"),
        "files": seals,
        "without_files": posted.every("without_files"),
        "severity": Severity.MINOR.value if posted.get("kind") == UpdateKind.INCIDENT else None,
    }
    done = await send(at, posted, f"operations/{operation_id}/updates", body)
    if done.arrived:
        return go(f"/updates/{done.said['id']}/receipt")
    return await _early_receipt(at, posted, done)


@router.get("/updates/{update_id}/receipt")
async def receipt(update_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        row = await reads.update(update_id)
        if row["party"] != at.party:
            raise NotFound
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "", period)
        entries = await reads.entries(row["audience_id"], row["detail_audience_id"])
        files = await reads.files_of(update_id)
        before = await reads.update(row["supersedes"]) if row["supersedes"] else None
    await at.portal.note_read(at.actor, "update", update_id)
    line = update_line(at, row)
    who = readers(row, line.operation, entries, period)
    view = Receipt(
        update=line,
        readers=who,
        place=row["place"] or "",
        files=file_links(files),
        corrects=str(row["supersedes"] or ""),
        corrects_posted_at=before["posted_at"] if before else None,
        may_post=period["status"] == "active",
    )
    return at.show(context, "receipt.html", view)


async def _early_receipt(at: Desk, posted: Posted, done: Done) -> Response:
    """It is kept, and the pages have not heard of it yet: shown from the answer itself."""
    said = done.said
    async with at.reads() as reads:
        row = await reads.headline(UUID(said["operation_id"]))
        period = await reads.period(UUID(said["period_id"]))
        context = await at.context(reads, "", period)
        superseded = as_uuid(posted.get("supersedes"))
        before = await reads.update(superseded) if superseded else None
        who = await operation_readers(at, reads, [row] if row else [], period)
    name = (row["title"] or at.words(row["kind"])) if row else ""
    line = UpdateLine(
        id=said["id"], party=at.party, kind=said["kind"], status=said["status"], operation_id=said["operation_id"],
        happened_at=datetime.fromisoformat(said["happened_at"]), operation=name,
        posted_at=datetime.fromisoformat(said["posted_at"]),
        counts=said["counts"], text=posted.get("text"), language=posted.get("language"),
    )  # fmt: skip
    shown = who[0] if who else Readers(operation_id="", operation=name, headline=(), co_chairs=(), detail=(at.party,))
    view = Receipt(
        update=line,
        readers=shown,
        place=posted.get("place"),
        corrects=posted.get("supersedes"),
        corrects_posted_at=before["posted_at"] if before else None,
        may_post=period["status"] == "active",
        arrived=False,
    )
    return at.show(context, "receipt.html", view)


async def _open_operations(reads: Reads, period: Row | None) -> list[Row]:
    found = await reads.own_operations(period["id"]) if period else ()
    return [row for row in found if row["status"] in TAKEN]


def _counts(posted: Posted) -> dict[str, int]:
    found = {}
    for name, _ in posted.fields:
        if name.startswith("counts.") and (number := posted.number(name)) is not None:
            found[name.removeprefix("counts.")] = number
    return found


def _main(period: Row | None, mine: list[Row]) -> tuple[str, ...]:
    """The counts shown at once: what the period's objectives and its own work ask for, three or four of them."""
    asked = [str(one["indicator"]) for one in (period["objectives"] if period else ())]
    usual = [Indicator.SUSPECTS_IDENTIFIED.value, Indicator.ARRESTS.value, Indicator.SEARCH_WARRANTS_EXECUTED.value]
    serving = {str(row["objective_id"]) for row in mine}
    own = [str(one["indicator"]) for one in (period["objectives"] if period else ()) if str(one["id"]) in serving]
    order = dict.fromkeys([*own, *(one for one in usual if not asked or one in asked), *usual])
    return tuple(one for one in order if one in {*FIRST_PERIOD, *asked})[:4]
