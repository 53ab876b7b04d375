"""The work of an operation: what parties bring to it, and what is to be done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, form_page, new_key, send
from services.portal.pages.lines import PARTY_ROLES, local_field, operation_line, options
from services.portal.pages.render import party_name
from services.portal.pages.times import zone_name
from services.portal.pages.views import Form, OperationLine, Option, ResourceLine, TaskForm, TaskLine, Work
from services.portal.selects import Row
from shared.errors import NotFound
from shared.vocabulary import ResourceKind, ResourceState, Role

router = APIRouter(include_in_schema=False)

R = ResourceState
OVER = {"completed", "cancelled"}


@router.get("/operations/{operation_id}/work")
async def work(operation_id: UUID, at: Signed) -> Response:
    return await work_page(at, Form(), str(operation_id))


@form_page("/operations/{operation_id}/resources")
async def work_page(at: Desk, form: Form, operation_id: str) -> Response:
    row, detail, context, _ = await _near(at, operation_id)
    acts = at.has(*PARTY_ROLES) and row["status"] not in OVER
    view = Work(
        form=form if form.idempotency_key else Form(idempotency_key=new_key()),
        operation_id=operation_id,
        operation=_name(at, operation_line(row)),
        resources=tuple(_resource(at, row, one) for one in detail["means"]),
        tasks=tuple(_task(at, row, one, detail["tasks"]) for one in detail["tasks"]),
        kinds=options(ResourceKind),
        may_pledge=acts,
        may_set=acts and row["owner"] == at.party,
    )
    await at.portal.note_read(at.actor, "operation", operation_id)
    return at.show(context, "work.html", view)


@router.post("/operations/{operation_id}/resources")
async def pledge(operation_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {
        "kind": posted.need("kind", "Choose a kind."),
        "unit": posted.get("unit"),
        "planned": posted.number("planned") or posted.need("planned", "Say how much."),
        "note": posted.get("note"),
    }
    done = await send(at, posted, f"operations/{operation_id}/resources", body)
    return go(f"/operations/{operation_id}/work", done.then("pledged"))


@form_page("/operations/{operation_id}/resources/{resource_id}")
async def moved_page(at: Desk, form: Form, operation_id: str, resource_id: str) -> Response:
    return await work_page(at, Form(idempotency_key=form.idempotency_key, errors=form.errors), operation_id)


@router.post("/operations/{operation_id}/resources/{resource_id}")
async def move(operation_id: UUID, resource_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"status": posted.get("status"), "actual": posted.number("actual")}
    done = await send(at, posted, f"operations/{operation_id}/resources/{resource_id}", body)
    return go(f"/operations/{operation_id}/work", done.then("stated"))


@router.get("/operations/{operation_id}/tasks/new")
async def new_task(operation_id: UUID, at: Signed) -> Response:
    return await task_page(at, Form(), str(operation_id))


@router.get("/operations/{operation_id}/tasks/{task_id}")
async def task(operation_id: UUID, task_id: UUID, at: Signed) -> Response:
    return await task_page(at, Form(), str(operation_id), str(task_id))


@form_page("/operations/{operation_id}/tasks")
@form_page("/operations/{operation_id}/tasks/{task_id}")
async def task_page(at: Desk, form: Form, operation_id: str, task_id: str = "") -> Response:
    row, detail, context, entries = await _near(at, operation_id)
    there = next((one for one in detail["tasks"] if one["id"] == task_id), None)
    if row["owner"] != at.party or (task_id and there is None):
        raise NotFound
    if not form.values:
        form = _filled(at, there)
    view = TaskForm(
        form=form,
        operation_id=operation_id,
        operation=_name(at, operation_line(row)),
        task_id=task_id,
        parties=tuple(Option(value=code, text=party_name(code)) for code in entries),
        others=tuple(Option(value=one["id"], text=one["title"]) for one in detail["tasks"] if one["id"] != task_id),
        zone=zone_name(at.party, at.now),
    )
    return at.show(context, "task.html", view)


@router.post("/operations/{operation_id}/tasks")
async def set_task(operation_id: UUID, post: Post) -> Response:
    return await _set(post, operation_id, f"operations/{operation_id}/tasks")


@router.post("/operations/{operation_id}/tasks/{task_id}")
async def change_task(operation_id: UUID, task_id: UUID, post: Post) -> Response:
    return await _set(post, operation_id, f"operations/{operation_id}/tasks/{task_id}")


@router.post("/operations/{operation_id}/tasks/{task_id}/finish")
async def finish(operation_id: UUID, task_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"operations/{operation_id}/tasks/{task_id}/finish", {})
    return go(f"/operations/{operation_id}/work", done.then("task_done"))


async def _set(post: Post, operation_id: UUID, path: str) -> Response:
    at, posted = post
    body = {
        "title": posted.need("title", "Say what is to be done."),
        "party": posted.get("party") or at.party,
        "officer": posted.get("officer"),
        "due": posted.moment("due", at.party, "Say until when.", optional=False),
        "after": posted.every("after"),
    }
    done = await send(at, posted, path, body)
    return go(f"/operations/{operation_id}/work", done.then("task_set"))


async def _near(at: Desk, operation_id: str) -> tuple[Row, Row, Any, tuple[str, ...]]:
    """The operation with its detail and who reads that; for who does not read the detail there is no such page."""
    async with at.reads() as reads:
        row = await reads.operation(UUID(operation_id))
        detail = await reads.operation_detail(row["id"])
        if detail is None:
            raise NotFound
        period = await reads.period(row["period_id"])
        entries = await reads.entries(detail["audience_id"]) if row["owner"] == at.party else {}
        context = await at.context(reads, "operations", period, shown_to=at.say("for those that read the detail"))
    return row, detail, context, entries.get(detail["audience_id"], ())


def _name(at: Desk, line: OperationLine) -> str:
    return line.title or at.words(line.kind)


def _resource(at: Desk, row: Row, one: dict[str, Any]) -> ResourceLine:
    """With the states that its own party may set next; whether they are taken, the planner decides."""
    may: tuple[ResourceState, ...] = ()
    if one["party"] == at.party and at.has(*PARTY_ROLES):
        confirms = (R.CONFIRMED,) if at.has(Role.COORDINATOR) and row["status"] not in OVER else ()
        deploys = (R.DEPLOYED,) if row["status"] == "under_way" else ()
        may = {R.PLEDGED: (*confirms, R.RELEASED), R.CONFIRMED: (*deploys, R.RELEASED), R.DEPLOYED: (R.RELEASED,)}.get(
            one["status"], ()
        )
    shown = {name: one[name] for name in ("id", "party", "kind", "unit", "planned", "actual", "status", "note", "version")}
    return ResourceLine(**shown, may=tuple(state.value for state in may))


def _task(at: Desk, row: Row, one: dict[str, Any], every: list[dict[str, Any]]) -> TaskLine:
    waits = tuple(other["title"] for other in every if other["id"] in one["after"] and not other["done_at"])
    live = not one["done_at"] and row["status"] not in OVER and at.has(*PARTY_ROLES)
    return TaskLine(
        due=datetime.fromisoformat(one["due"]),
        done_at=datetime.fromisoformat(one["done_at"]) if one["done_at"] else None,
        waits=waits,
        may_finish=live and not waits and at.party in {one["party"], row["owner"]},
        may_change=live and at.party == row["owner"],
        **{name: one[name] for name in ("id", "title", "party", "officer", "done_by", "overdue", "version")},
    )


def _filled(at: Desk, there: dict[str, Any] | None) -> Form:
    if there is None:
        return Form(idempotency_key=new_key(), values={"party": at.party})
    values = {name: there[name] for name in ("title", "party", "officer")}
    values["due"] = local_field(datetime.fromisoformat(there["due"]), at.party)
    chosen = {"after": frozenset(there["after"])}
    return Form(idempotency_key=new_key(), version=there["version"], values=values, chosen=chosen)
