"""What the timeline says: each event in a few words, with its tone and where it opens."""

from services.portal.pages.desk import Desk
from services.portal.pages.views import TimelineItem
from services.portal.pages.words import N_
from services.portal.selects import Row

_SAID = {
    "planner.period.proposed.v1": ("decision", N_("period proposed")),
    "planner.invitation.answered.v1": ("decision", N_("invitation answered")),
    "planner.parties.invited.v1": ("decision", N_("further parties invited")),
    "planner.invitation.extended.v1": ("decision", N_("more time for answers")),
    "planner.invitation.unanswered.v1": ("attention", N_("invitation unanswered")),
    "planner.participant.left.v1": ("attention", N_("left")),
    "planner.plan.published.v1": ("decision", N_("plan published")),
    "planner.plan.answered.v1": ("decision", N_("plan answered")),
    "planner.plan.adopted.v1": ("decision", N_("plan adopted")),
    "planner.plan.amended.v1": ("decision", N_("amendment in force")),
    "planner.period.activated.v1": ("decision", N_("period started")),
    "planner.period.closed.v1": ("decision", N_("period closed")),
    "planner.period.cancelled.v1": ("attention", N_("period cancelled")),
    "planner.period.debriefed.v1": ("decision", N_("debrief adopted")),
    "planner.period.archived.v1": ("decision", N_("period archived")),
    "planner.operation.drafted.v1": ("operation", N_("operation drafted")),
    "planner.operation.scheduled.v1": ("operation", N_("operation scheduled")),
    "planner.operation.amended.v1": ("operation", N_("operation amended")),
    "planner.task.overdue.v1": ("attention", N_("task overdue")),
    "planner.detail.recalled.v1": ("attention", N_("detail taken back")),
    "planner.headline.released.v1": ("operation", N_("headline released")),
    "planner.joint.proposed.v1": ("operation", N_("joint operation proposed")),
    "planner.joint.answered.v1": ("decision", N_("joint operation answered")),
    "planner.joint.amendment_proposed.v1": ("operation", N_("amendment of a joint operation proposed")),
    "planner.joint.withdrawn.v1": ("attention", N_("withdrew from a joint operation")),
    "planner.operation.started.v1": ("operation", N_("operation started")),
    "planner.operation.completed.v1": ("operation", N_("operation completed")),
    "planner.operation.cancelled.v1": ("attention", N_("operation cancelled")),
    "planner.update.posted.v1": ("update", N_("update")),
    "planner.update.released.v1": ("update", N_("update")),
    "planner.update.validated.v1": ("update", N_("update validated")),
    "planner.update.returned.v1": ("attention", N_("update returned")),
    "planner.distress.reported.v1": ("attention", N_("DISTRESS AT SEA")),
    "planner.distress.revised.v1": ("attention", N_("distress at sea: what is known now")),
    "planner.distress.closed.v1": ("attention", N_("distress at sea: over")),
    "planner.consultation.called.v1": ("attention", N_("consultation called")),
    "planner.consultation.answered.v1": ("decision", N_("call to consultation answered")),
    "planner.consultation.unanswered.v1": ("attention", N_("call to consultation unanswered")),
    "planner.consultation.held.v1": ("decision", N_("consultation held")),
    "planner.consultation.closed.v1": ("decision", N_("consultation closed")),
    "planner.consultation.withdrawn.v1": ("attention", N_("consultation withdrawn")),
    "intel.alert.published.v1": ("alert", N_("alert")),
    "intel.alert.recalled.v1": ("attention", N_("alert recalled")),
    "debrief.debrief.opened.v1": ("decision", N_("debrief opened")),
}
_ON_THE_PLAN = frozenset({"planner.plan.published.v1", "planner.plan.adopted.v1", "planner.plan.amended.v1"})
_WORDS = frozenset({"planner.invitation.answered.v1", "planner.joint.answered.v1"})
POSTED = frozenset({"planner.update.posted.v1", "planner.update.released.v1"})
_HREF = {
    "update": "/updates/", "operation": "/operations/", "headline": "/operations/", "detail": "/operations/",
    "joint": "/operations/",
    "alert": "/alerts/", "consultation": "/consultations/",
    "distress": "/distress/", "task": "/operations/",
}  # fmt: skip


def item(at: Desk, row: Row) -> TimelineItem:
    """One entry."""
    tone, what = _SAID.get(row["type"], ("operation", row["type"].split(".")[1]))
    body, family = row["body"], row["type"].split(".")[1]
    posted = row["type"] in POSTED
    return TimelineItem(
        id=str(row["id"]),
        at=row["at"],
        party=row["party"],
        what=_what(at, row, at.say(what)),
        tone=tone,
        counts=body.get("counts") or {},
        text=(row["text"] or "") if posted else _words(at, row),
        language=(row["language"] or "") if posted else "",
        status=(row["update_status"] or "") if posted else "",
        href=f"{_HREF[family]}{row['subject_id']}" if family in _HREF else _period_href(row, family),
    )


def history(at: Desk, row: Row) -> str:
    """The same in one phrase, on the page of the thing itself."""
    _, what = _SAID.get(row["type"], ("", row["type"]))
    return at.say(what)[:1].upper() + at.say(what)[1:]


def _what(at: Desk, row: Row, what: str) -> str:
    body = row["body"]
    if row["type"] == "planner.update.posted.v1":
        kind = at.words(body["kind"])
        return at.say("%(kind)s, corrected") % {"kind": kind} if body.get("supersedes") else kind
    if row["type"] in _WORDS:
        return at.words(body["answer"])
    if row["type"] == "planner.plan.answered.v1":
        said = {"number": body["plan_version"], "answer": at.words(body["answer"])}
        return at.say("plan version %(number)s: %(answer)s") % said
    if "plan_version" in body:
        return f"{what}, {at.say('version %(number)s') % {'number': body['plan_version']}}"
    if row["type"] == "intel.alert.published.v1":
        return f"{what}, {body['precedence']}"
    return what


def _words(at: Desk, row: Row) -> str:
    """What kind of operation or alert it is about."""
    kind = row["body"].get("kind") or row["operation_kind"]
    text = at.words(kind) if kind else ""
    return text[:1].upper() + text[1:]


def _period_href(row: Row, family: str) -> str:
    page = "/plan" if row["type"] in _ON_THE_PLAN else ""
    if family == "debrief":
        page = "/debrief"
    return f"/periods/{row['period_id']}{page}" if page else ""
