# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views for the pages beyond home, post and period."""

from dataclasses import replace
from datetime import date

from services.portal.checkpoints import sessions
from services.portal.differences import difference
from services.portal.pages.views import (
    AlertDetail,
    AlertForm,
    AlertList,
    AnswerForm,
    CheckpointsPage,
    Confirm,
    ConfirmDisclosure,
    Context,
    DebriefObjective,
    DebriefPage,
    DetailShown,
    Disclosed,
    ExtendForm,
    Form,
    IndicatorRow,
    InvitationLine,
    InviteForm,
    LedgerLine,
    OperationDetail,
    OperationForm,
    OperationLine,
    OperationList,
    Option,
    Paging,
    PartyReport,
    PeriodForm,
    PeriodLine,
    PeriodList,
    PlaceLine,
    PlanAnswer,
    PlanObjective,
    PlanPage,
    PlanVersion,
    Problem,
    ReadersForm,
    ReadReceipt,
    RecallLine,
    Receipt,
    ResourceLine,
    Schedule,
    TaskForm,
    TaskLine,
    Totals,
    UpdateDetail,
    UpdateList,
    Work,
)
from shared.errors import FieldError
from shared.parties import PARTIES
from shared.vocabulary import (
    AlertKind,
    DetailAudience,
    Focus,
    HandlingCode,
    Indicator,
    Information4x4,
    InformationAdmiralty,
    Labelled,
    OperationKind,
    Precedence,
    ResourceKind,
    Source4x4,
    SourceAdmiralty,
)
from tests.portal.samples import (
    ALERT,
    ALERTS,
    CO_CHAIR,
    COORDINATOR,
    FOREIGN,
    LANGUAGES,
    NOW,
    OFFICER,
    OPERATION,
    OPERATIONS,
    READERS,
    STATES,
    UPDATE,
    UPDATES,
    ago,
    context,
)

KEY = Form(idempotency_key="8f14e45f", version=3)


def options(values: type[Labelled], coded: bool = False) -> tuple[Option, ...]:
    return tuple(Option(value=one.value, text=f"{one.value} · {one.label}" if coded else one.label) for one in values)


def parties(*codes: str) -> tuple[Option, ...]:
    return tuple(Option(value=code, text=PARTIES[code].name) for code in codes)


def row(indicator: str, *figures: tuple[int, int]) -> IndicatorRow:
    return IndicatorRow(
        indicator=indicator, by_party=dict(zip(STATES, figures, strict=False)),
        validated=sum(v for v, _ in figures), provisional=sum(p for _, p in figures),
    )  # fmt: skip


TOTALS = Totals(
    period_id="p2", parties=STATES, note="The split by state and day is illustrative; only the sums were published.",
    rows=(
        row("trafficked_persons_assisted", (2, 0), (8, 2), (1, 0), (0, 0), (4, 0), (0, 0), (8, 4), (12, 0), (0, 0)),
        row("arrests", (1, 0), (4, 0), (0, 0), (0, 0), (2, 0), (1, 0), (8, 3), (4, 0), (0, 0)),
        row("suspects_identified", (5, 0), (6, 4), (2, 0), (0, 0), (4, 0), (3, 0), (12, 7), (5, 0), (0, 0)),
        row("international_enquiries", (21, 0), (3, 0), (4, 0), (0, 0), (6, 0), (14, 0), (2, 0), (2, 0), (0, 0)),
        row("officers_trained", (40, 0), (60, 0), (25, 0), (30, 0), (45, 0), (20, 0), (50, 0), (40, 0), (0, 0)),
    ),
)  # fmt: skip

CHOICE = parties(*STATES)
STATUSES = tuple(Option(value=one, text=one) for one in ("provisional", "validated", "returned"))
UPDATE_LIST = UpdateList(
    form=Form(values={"indicator": "arrests", "party": "PH"}), period_id="p2", updates=UPDATES,
    paging=Paging(shown=5, total=214, next_href="/periods/p2/updates?indicator=arrests&cursor=x"), indicators=options(Indicator),
    operations=(Option(value="o1", text="PH · Online exploitation, Manila"),), summed="These updates sum to 23 arrests.", unseen=2,
    filters=(("Arrests", "/periods/p2/updates?party=PH"), ("Philippines", "/periods/p2/updates?indicator=arrests")), parties=CHOICE, statuses=STATUSES,
)  # fmt: skip
DETAIL = DetailShown(
    title="Online exploitation, Manila", agency="National Bureau", place="Quezon City",
    places=(PlaceLine(text="Manila (PHMNL)", starts="13 May 2016, 08:00 PST", ends="25 Sep 2016, 18:00 PST"),
            PlaceLine(text="3.0, 105.0", starts="13 May 2016, 07:00 UTC+07", ends="25 Sep 2016, 17:00 UTC+07")),
    narrative="Operators of live-streamed abuse in and around Manila.\nWarrants prepared with the prosecutor.",
    tactics="Two teams, unmarked cars.", resources="12 officers, 1 digital forensics unit", contacts="Insp. Reyes, by the duty desk",
    means=("Australia: aircraft, 40 hours (deployed)",), tasks=("Philippines: Brief the harbour masters, Lt. Cruz",),
)  # fmt: skip
OPERATION_DETAIL = OperationDetail(
    operation=OPERATION, period_id="p2", version=4, objective="Arrests for trafficking: 40", counts={"suspects_identified": 12, "arrests": 11},
    detail=DETAIL,
    recalls=(RecallLine(party="LK", at=ago(minutes=9)), RecallLine(party="AU", at=ago(hours=9), purged_at=ago(hours=8))),
    headline_readers=STATES, detail_readers=("PH", "AU"), updates=(UPDATE, UPDATES[4]), updates_href="/periods/p2/updates?operation=o1",
    may=frozenset({"post", "readers", "complete", "cancel"}), form=KEY,
)  # fmt: skip
ANSWERS = (
    Option(
        value="joined",
        text="Joins",
        hint="Takes part with its own operations; participants and co-chairs read its headlines.",
    ),
    Option(value="observing", text="Observes", hint="Reads period and plan, nothing of operations."),
    Option(value="declined", text="Declines", hint="Gets nothing new of this period."),
)
PERIODS = (
    PeriodLine(id="p3", title="3rd Joint Period of Action", status="proposed", first_day=date(2017, 3, 1), last_day=date(2017, 9, 30),
               co_chairs=("NZ", "LK"), answer="awaited"),
    PeriodLine(id="p2", title="2nd Joint Period of Action", status="active", first_day=date(2016, 5, 1), last_day=date(2016, 11, 30),
               co_chairs=("NZ", "LK"), participants=9, answer="joined"),
    PeriodLine(id="p1", title="1st Joint Period of Action", status="debriefed", first_day=date(2015, 9, 28), last_day=date(2015, 10, 28),
               co_chairs=("NZ", "LK"), participants=8, answer="joined"),
)  # fmt: skip
AIM = {"title": "Aim", "text": "Disrupt the networks that smuggle and traffic people in the region, together and at one time."}
PLAN_2 = {
    "number": 2, "rights_officers": ["NZ", "LK"], "objectives": [{"id": "a", "title": "Arrests", "indicator": "arrests", "baseline": 0, "target": 40}, {"id": "b", "title": "Training"}],
    "sections": [AIM, {"title": "Exchange of information", "text": "Alerts go out graded."}, {"title": "Press", "text": "One line for all."}],
}  # fmt: skip
PLAN_3 = {
    "number": 3, "rights_officers": ["NZ", "AU"], "objectives": [{"id": "a", "title": "Arrests for trafficking", "indicator": "arrests_tip_som", "baseline": 12, "target": 40, "measured_by": "RSO"}],
    "sections": [AIM, {"title": "Exchange of information", "text": "Alerts go out graded, and are answered within their precedence."},
                 {"title": "Victims", "text": "Every possible victim is offered referral before an interview."}],
}  # fmt: skip
PLAN = PlanPage(
    period_id="p2", period_version=7, status="planning", versions=(1, 2, 3), may_answer=True, may_write=True, may_adopt=True, form=KEY,
    shown=PlanVersion(
        number=3, published_at=ago(days=3), rights_officers=("NZ", "AU"), difference=difference(PLAN_2, PLAN_3),
        objectives=(PlanObjective(title="Arrests for trafficking", indicator="arrests_tip_som", baseline=12, target=40, measured_by="RSO"),),
    ),
    answers=(PlanAnswer(party="AU", answer="endorsed", at=ago(days=2)), PlanAnswer(party="ID"),
             PlanAnswer(party="MY", answer="reserved", at=ago(days=1), reason="Alerts at sea go through the coast guard first."),
             PlanAnswer(party="PH", answer="endorsed", at=ago(days=2)), PlanAnswer(party="VN", answer="reconfirm")),
    invitations=(InvitationLine(party="AU", answer="joined"), InvitationLine(party="MM", answer="observing"),
                 InvitationLine(party="BD"), InvitationLine(party="FJ", answer="declined")),
    blocks=("Indonesia has not answered version 3.", "Viet Nam is to reconfirm.", "Malaysia has a reservation."),
    answer_options=(Option(value="endorsed", text="Endorses"), Option(value="reserved", text="With reservation"), Option(value="declined", text="Declines")),
    section_titles=("Aim", "Exchange of information", "Victims"), rights_parties=parties("NZ", "AU", "PH"), objective_rows=2, indicators=options(Indicator),
)  # fmt: skip
AMENDED = replace(
    PLAN, status="active", adopted=2, amending=True, may_adopt=False, shown=replace(PLAN.shown, amends=2, affected=("ID", "VN")),
    answers=(PlanAnswer(party="AU", answer="carried"), PlanAnswer(party="ID", answer="reconfirm"), PlanAnswer(party="VN", answer="endorsed", at=ago(days=1))),
    blocks=("Indonesia: to reconfirm.",), answer_by=ago(days=-9), may_extend=True, may_invite=True, may_leave=True, may_reply=True,
)
ALERT_DETAIL = AlertDetail(
    alert=ALERT, text="Series of eleven visitor visas obtained with letters of one agent in Bangkok.\nPassport numbers follow by request.",
    language="en", tlp="AMBER+STRICT", handling=(("H2", "No further dissemination without permission"),), source=("B", "Usually reliable"),
    information=("2", "Probably true"), scale="Admiralty", valid_until=ago(days=-30), recipients=("MY", "PH", "TH", "VN"), may_acknowledge=True, form=KEY,
)  # fmt: skip
OWN_ALERT = AlertDetail(
    alert=ALERTS[2], text="Photo substitution under a second laminate.", tlp="AMBER", source=("A", "No doubt about the source"),
    information=("1", "Accuracy not in doubt"), scale="4x4", recipients=("PH", "MY", "VN", "LK"), may_recall=True, form=KEY,
    ledger=(LedgerLine(recipient="PH", state="acknowledged", at=ago(hours=5)), LedgerLine(recipient="MY", state="read", at=ago(hours=9), overdue=True),
            LedgerLine(recipient="VN", state="delivered", at=ago(days=1)), LedgerLine(recipient="LK", state="queued")),
)  # fmt: skip
ALERT_FORM = AlertForm(
    form=Form(idempotency_key="k", errors=(FieldError("grading", "Say how good the source and the information are."),)),
    kinds=options(AlertKind), precedences=options(Precedence), tlps=tuple(Option(value=v, text=v) for v in ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")),
    handlings=options(HandlingCode, coded=True), parties=parties(*STATES, "INTERPOL"), languages=LANGUAGES, zone="PHT",
    scales=(("admiralty", "Admiralty", options(SourceAdmiralty, True), options(InformationAdmiralty, True)),
            ("4x4", "4x4", options(Source4x4, True), options(Information4x4, True))),
)  # fmt: skip
DEBRIEF = DebriefPage(
    period_id="p1", title="1st Joint Period of Action", status="compiled", span="28 September – 28 October 2015", pdf_href="/periods/p1/debrief.pdf",
    objectives=(DebriefObjective(title="Assist trafficked persons", indicator="trafficked_persons_assisted", baseline=0, target=50, validated=59, provisional=0, href="/periods/p1/updates?indicator=trafficked_persons_assisted"),
                DebriefObjective(title="Arrests", indicator="arrests", baseline=10, target=40, validated=29, provisional=3, href="/periods/p1/updates?indicator=arrests")),
    operations_planned=18, operations_completed=16, operations_cancelled=2, totals=TOTALS, note="The split by state and day is illustrative.",
    reports=tuple(PartyReport(party=p, operations=2, completed=2, updates=20 + n, provisional=n, silent_days=n * 2) for n, p in enumerate(STATES)),
    lacks=("3 updates of Sri Lanka are still provisional.", "No observation has been handed in."),
)  # fmt: skip
DISCLOSED = Disclosed(
    operation=OPERATIONS[1], objective="Arrests for trafficking: 40", detail=DETAIL, headline_readers=STATES, co_chairs=("NZ", "LK"),
    detail_readers=("PH",),
)  # fmt: skip
SCHEDULE = Schedule(form=KEY, disclosed=DISCLOSED, zone="PHT")
WIDER = replace(DISCLOSED, detail_readers=("AU", "INTERPOL", "PH"), gaining=("AU", "INTERPOL"))
NARROWER = replace(DISCLOSED, losing=("AU",))
AUDIENCE = {"audiences": options(DetailAudience), "parties": parties("INTERPOL", "LK", "AU")}
FORM_OF_READERS = Form(idempotency_key="k", version=4, values={"detail_audience": "involved"}, chosen={"named": frozenset({"INTERPOL"})})
ASKED = (("detail_audience", "involved"), ("named", "INTERPOL"))
TASKS = (
    TaskLine(id="t1", title="Brief the harbour masters", party="PH", officer="Lt. Cruz", due=ago(hours=3), done_at=None, done_by="", overdue=True,
             waits=(), version=2, may_finish=True, may_change=True),
    TaskLine(id="t2", title="Board the vessels", party="AU", officer="", due=ago(days=-2), done_at=None, done_by="", overdue=False,
             waits=("Brief the harbour masters",), version=1, may_change=True),
    TaskLine(id="t3", title="Ask for warrants", party="PH", officer="", due=ago(days=2), done_at=ago(days=3), done_by="ph.officer1",
             overdue=False, waits=(), version=2),
)  # fmt: skip
LOST = (("csrf", "c0ffee"), ("idempotency_key", "8f14e45f"), ("text", "Two search warrants"))

MORE: dict[str, tuple[str, Context, object]] = {
    "receipt": ("receipt.html", OFFICER, Receipt(update=UPDATE, readers=READERS, read_by=(ReadReceipt(party="NZ", at=ago(minutes=1)),))),
    "update": ("update.html", COORDINATOR, UpdateDetail(
        update=UPDATE, version=1, place="Quezon City, PH", may_validate=True, may_return=True, may_correct=True, form=KEY,
        history=((ago(minutes=1), "PH", "Posted"),))),
    "update-foreign": ("update.html", OFFICER, UpdateDetail(
        update=UPDATES[3], version=2, detail_visible=False, superseded_by="u9", history=((ago(days=5), "AU", "Posted"), (ago(days=4), "AU", "Corrected")))),
    "updates": ("updates.html", COORDINATOR, UPDATE_LIST),
    "updates-empty": ("updates.html", COORDINATOR, UpdateList(form=Form(), period_id="p2", updates=(), paging=Paging(shown=0))),
    "receipt-correction": ("receipt.html", OFFICER, Receipt(update=UPDATE, readers=READERS, place="Quezon City", corrects="u0", corrects_posted_at=ago(hours=4), may_post=False)),
    "operations": ("operations.html", context("operations"), OperationList(
        form=Form(), period_id="p2", operations=(*OPERATIONS, FOREIGN), paging=Paging(shown=4, total=4), held_by_others=2, may_draft=True, parties=CHOICE, statuses=STATUSES)),
    "operation": ("operation.html", context("operations"), OPERATION_DETAIL),
    "operation-draft": ("operation.html", context("operations"), OperationDetail(
        operation=OperationLine(id="o9", party="PH", kind="training", status="drafted", title="Course for airport officers", starts_at=ago(days=-3), ends_at=ago(days=-4)),
        period_id="p2", version=1, detail=DetailShown(title="Course"), detail_readers=("PH",), may=frozenset({"schedule", "edit", "cancel"}), form=KEY)),
    "operation-foreign": ("operation.html", context("operations"), OperationDetail(operation=FOREIGN, period_id="p2", version=1, updates=(UPDATES[3],), updates_href="/x")),
    "schedule": ("schedule.html", context("operations"), SCHEDULE),
    "disclosure-amend": ("disclosure.html", context("operations"), ConfirmDisclosure(
        form=KEY, disclosed=DISCLOSED, action="/operations/o2/edit", what="amend", fields=(("title", "Fishing ports"),))),
    "disclosure-release": ("disclosure.html", context("operations"), ConfirmDisclosure(
        form=KEY, disclosed=WIDER, action="/operations/o2/readers", what="release", fields=ASKED)),
    "disclosure-recall": ("disclosure.html", context("operations"), ConfirmDisclosure(
        form=KEY, disclosed=NARROWER, action="/operations/o2/readers", what="recall", fields=ASKED)),
    "work": ("work.html", context("operations", "coordinator"), Work(
        form=KEY, operation_id="o2", operation="Fishing ports", kinds=options(ResourceKind), may_pledge=True, may_set=True, tasks=TASKS,
        resources=(
            ResourceLine(id="r1", party="PH", kind="officers", unit="officers", planned=12, actual=None, status="pledged", note="", version=1,
                         may=("confirmed", "released")),
            ResourceLine(id="r2", party="PH", kind="vessels", unit="", planned=2, actual=None, status="confirmed", note="From Cebu", version=2,
                         may=("deployed", "released")),
            ResourceLine(id="r3", party="AU", kind="aircraft", unit="hours", planned=40, actual=31, status="deployed", note="", version=3)))),
    "work-empty": ("work.html", context("operations"), Work(
        form=KEY, operation_id="o2", operation="Fishing ports", kinds=options(ResourceKind), resources=(), tasks=())),
    "task": ("task.html", context("operations", "coordinator"), TaskForm(
        form=KEY, operation_id="o2", operation="Fishing ports", task_id="t1", parties=parties("PH", "AU"), zone="PHT",
        others=(Option(value="t2", text="Board the vessels"),))),
    "operation-readers": ("operation_readers.html", context("operations"), ReadersForm(
        form=FORM_OF_READERS, operation=OPERATIONS[1], detail_readers=("PH", "INTERPOL"), recalls=OPERATION_DETAIL.recalls, **AUDIENCE)),
    "operation-amend": ("operation_new.html", context("operations"), OperationForm(
        form=Form(idempotency_key="k", version=3, values={"title": "Fishing ports"}), period_id="p2", first_day="2016-05-01", last_day="2016-11-30",
        zone="PHT", kinds=options(OperationKind), objectives=(), operation_id="o2", scheduled=True, **AUDIENCE)),
    "operation-new": ("operation_new.html", context("operations"), OperationForm(
        form=Form(idempotency_key="k"), period_id="p2", first_day="2016-05-01", last_day="2016-11-30", zone="PHT", kinds=options(OperationKind),
        objectives=(Option(value="ob1", text="Arrests for trafficking: 40"),),
        audiences=(Option(value="own", text="Own party only"), Option(value="involved", text="Parties involved"), Option(value="participants", text="All participants")))),
    "totals": ("totals.html", context("totals", "co_chair", "NZ", "Aroha Ngata"), TOTALS),
    "checkpoints": ("checkpoints.html", CO_CHAIR, CheckpointsPage(period_id="p2", title="2nd period, 2016", sessions=sessions(
        ({"name": "First session", "day": "2016-06-01"}, {"name": "Review", "day": "2016-11-01"}), NOW.date(),
        ({"day": date(2016, 5, 9), "indicator": "arrests", "value": 12}, {"day": date(2016, 6, 9), "indicator": "arrests", "value": -2})))),
    "plan": ("plan.html", context("plan", "coordinator", "ID", "Dewi Lestari"), PLAN),
    "plan-amended": ("plan.html", context("plan", "co_chair", "NZ", "Aroha Ngata"), AMENDED),
    "periods": ("periods.html", context("periods"), PeriodList(periods=PERIODS, may_propose=True)),
    "period-new": ("period_new.html", CO_CHAIR, PeriodForm(
        form=Form(idempotency_key="k"), focuses=options(Focus), parties=parties(*[c for c, p in PARTIES.items() if p.kind == "member"]),
        co_chairs=parties("NZ", "LK", "AU", "ID"), supporting=parties("INTERPOL", "IOM", "UNODC"), indicators=options(Indicator))),
    "answer": ("answer.html", context("", "coordinator"), AnswerForm(
        form=KEY, period=PERIODS[0], focus=("people_smuggling", "maritime"), invited=STATES, answers=ANSWERS)),
    "answer-late": ("answer.html", context("", "coordinator"), AnswerForm(
        form=KEY, period=PERIODS[0], focus=("air",), invited=STATES, answers=ANSWERS, answer_by=ago(days=-3), in_force=2)),
    "answer-over": ("answer.html", context("", "coordinator"), AnswerForm(
        form=KEY, period=PERIODS[0], focus=("air",), invited=STATES, answers=ANSWERS, answer_by=ago(days=3), open=False, may_leave=True)),
    "extend": ("extend.html", CO_CHAIR, ExtendForm(form=KEY, period_id="p2", answer_by=ago(days=1), value="2016-07-25T18:05", silent=("FJ", "MM"))),
    "invite": ("invite.html", CO_CHAIR, InviteForm(
        form=KEY, period_id="p2", answer_by=ago(days=1), over=True, parties=tuple(Option(value=code, text=PARTIES[code].name) for code in ("BD", "FJ", "KR", "LA")),
        supporting=(Option(value="IOM", text="International Organization for Migration"),))),
    "confirm-reason": ("confirm.html", CO_CHAIR, Confirm(
        form=KEY, title="Cancel the 2nd Joint Period of Action?", text="This cannot be undone.", button="Cancel the period", reason="Reason",
        action="/periods/p2/cancel", back_href="/periods/p2", consequences=("Operations under way now: 3.",))),
    "confirm": ("confirm.html", CO_CHAIR, Confirm(
        form=KEY, title="Close the 2nd Joint Period of Action?", text="No operation can start and no update can be posted afterwards.", button="Close the period",
        action="/periods/p2/close", back_href="/periods/p2", consequences=("Results may still be validated or returned.", "The debrief opens itself."))),
    "alerts": ("alerts.html", context("alerts"), AlertList(form=Form(), waiting=ALERTS[:2], others=ALERTS[2:], own=(), paging=Paging(shown=1), may_write=True)),
    "alert": ("alert.html", context("alerts"), ALERT_DETAIL),
    "alert-own": ("alert.html", context("alerts", party="TH"), OWN_ALERT),
    "alert-recalled": ("alert.html", context("alerts"), AlertDetail(alert=ALERTS[2], recalled_at=ago(minutes=5))),
    "alert-new": ("alert_new.html", context("alerts"), ALERT_FORM),
    "debrief": ("debrief.html", context("debrief", "co_chair", "NZ", "Aroha Ngata"), DEBRIEF),
    "problem-404": ("problem.html", OFFICER, Problem(status=404)),
    "problem-403": ("problem.html", OFFICER, Problem(status=403)),
    "problem-409": ("problem.html", OFFICER, Problem(
        status=409, changed=({"what": "completed", "by": "PH", "at": "14:02 PHT"},), action="/operations/o1")),
    "problem-422": ("problem.html", OFFICER, Problem(status=422, title="Not accepted", detail="An active period is needed.", errors=(FieldError("period", "It is closed."),))),
    "problem-503": ("problem.html", OFFICER, Problem(status=503, action="/updates", fields=LOST, reference="4bf92f3577b34da6")),
    "problem-504": ("problem.html", OFFICER, Problem(status=504, action="/updates", fields=LOST)),
}  # fmt: skip
