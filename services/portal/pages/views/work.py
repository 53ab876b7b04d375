"""Resources and tasks of an operation, as its readers see them."""

from dataclasses import dataclass
from datetime import datetime

from services.portal.pages.views.common import FormPage, Option


@dataclass(frozen=True, kw_only=True)
class ResourceLine:
    """What a party brings: as much as was planned, and as much as came. `may`: the states that its party may set next."""

    id: str
    party: str
    kind: str
    unit: str
    planned: int
    actual: int | None
    status: str
    note: str
    version: int
    may: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """Something to be done; `waits`: what is not done yet that it comes after."""

    id: str
    title: str
    party: str
    officer: str
    due: datetime
    done_at: datetime | None
    done_by: str
    overdue: bool
    waits: tuple[str, ...]
    version: int
    may_finish: bool = False
    may_change: bool = False


@dataclass(frozen=True, kw_only=True)
class Work(FormPage):
    """The work of one operation: plan against actual, and what is to be done."""

    operation_id: str
    operation: str
    resources: tuple[ResourceLine, ...]
    tasks: tuple[TaskLine, ...]
    kinds: tuple[Option, ...]
    may_pledge: bool = False
    may_set: bool = False


@dataclass(frozen=True, kw_only=True)
class TaskForm(FormPage):
    """A task, set anew or changed."""

    operation_id: str
    operation: str
    task_id: str
    parties: tuple[Option, ...]
    others: tuple[Option, ...]
    zone: str
