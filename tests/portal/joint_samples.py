# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views for the pages of joint work and of the record."""

from dataclasses import replace
from datetime import date

from services.portal.differences import Piece
from services.portal.pages.views import (
    AwaitedWord,
    Changed,
    ConsentLine,
    Context,
    DetailShown,
    Form,
    InvestigationForm,
    InvestigationLine,
    InvestigationList,
    InvestigationPage,
    Joint,
    JointAmendment,
    MilestoneLine,
    OperationDetail,
    OperationForm,
    OperationLine,
    Option,
    OwnWordPage,
    Paging,
    PlaceFound,
    PlacesPage,
    ProposeJoint,
    RecordPage,
    StateWord,
)
from shared.errors import FieldError
from shared.vocabulary import JointAnswer, OperationKind
from tests.portal.more_samples import KEY, options, parties
from tests.portal.samples import CO_CHAIR, FOREIGN, OFFICER, ago, context

WORDS = (
    StateWord(party="PH", answer="consented", by="ph.second", at=ago(hours=2)), StateWord(party="MY"),
    StateWord(party="TH", answer="refused", by="th.coordinator", reason="The window falls into our own exercise.", at=ago(hours=1)),
)
JOINT = Joint(
    number=2, proposed_by="ph.coordinator", proposed_at=ago(hours=3), may=frozenset({"answer", "withdraw"}), answers=options(JointAnswer),
    form=KEY, words=WORDS, detail_audience="participants", named=("INTERPOL",),
)
AMENDMENT = JointAmendment(
    number=3, version=9, in_force=2, proposed_by="ph.coordinator", proposed_at=ago(hours=3), refused=False, words=WORDS[:2], may_answer=True,
    answers=options(JointAnswer), form=KEY, changes=(
        Changed(what="Window", pieces=(Piece("removed", "26 Jul 2016, 08:00 PHT"), Piece("same", " "), Piece("added", "28 Jul 2016, 08:00 PHT"))),
        Changed(what="Narrative", pieces=(Piece("same", "Crews are spoken with "), Piece("removed", "at sea"), Piece("added", "ashore, apart from their masters"), Piece("same", "."))),
        Changed(what="Places", pieces=(Piece("same", "Puerto Princesa (PHPPS)\n"), Piece("added", "Kudat (MYKUD)")))),
)
PLAN = InvestigationLine(id="i1", title="Recruiters along the Mekong", status="agreed", owner="PH", members=("MY", "TH"), reached=1, milestones=3, overdue=1)
STEPS = (
    MilestoneLine(id="m1", title="Bank records exchanged", owner="TH", due=date(2016, 7, 1), done_at=ago(days=20)),
    MilestoneLine(id="m2", title="Witnesses heard", owner="PH", due=date(2016, 7, 20), overdue=True, may_reach=True),
    MilestoneLine(id="m3", title="Warrants asked for", owner="MY", due=date(2016, 9, 20)),
)
COORDINATOR = context("operations", "coordinator")

JOINTLY: dict[str, tuple[str, Context, object]] = {
    "operation-joint": ("operation.html", context("operations", "coordinator", "MY", "Farah Aziz"), OperationDetail(
        operation=OperationLine(id="o9", party="PH", kind="maritime_patrol", status="drafted", title="Two coasts", starts_at=ago(days=-3), ends_at=ago(days=-4)),
        period_id="p2", version=4, detail=DetailShown(title="Two coasts"), detail_readers=("MY", "PH", "TH"), partners=("MY", "TH"), joint=JOINT, form=KEY)),
    "operation-stopped": ("operation.html", context("operations"), OperationDetail(operation=replace(FOREIGN, status="cancelled"), period_id="p2", version=6, partners=("TH",), withdrawn_by="TH")),
    "operation-amended-jointly": ("operation.html", context("operations", "coordinator", "MY", "Farah Aziz"), OperationDetail(
        operation=OperationLine(id="o9", party="PH", kind="maritime_patrol", status="scheduled", title="Two coasts", starts_at=ago(days=-3), ends_at=ago(days=-4)),
        period_id="p2", version=9, detail=DetailShown(title="Two coasts"), detail_readers=("MY", "PH", "TH"), partners=("MY", "TH"), joint=replace(JOINT, may=frozenset({"withdraw"})),
        amendment=AMENDMENT, form=Form(idempotency_key="k", errors=(FieldError("reason", "Say what your state refuses."),)))),
    "operation-amendment-refused": ("operation.html", COORDINATOR, OperationDetail(
        operation=OperationLine(id="o9", party="PH", kind="maritime_patrol", status="scheduled", title="Two coasts", starts_at=ago(days=-3), ends_at=ago(days=-4)),
        period_id="p2", version=9, detail=DetailShown(title="Two coasts"), partners=("MY", "TH"), joint=replace(JOINT, may=frozenset({"withdraw"})), may=frozenset({"amend", "start", "cancel"}),
        amendment=replace(AMENDMENT, refused=True, words=WORDS, may_answer=False), form=KEY)),
    "amend-joint": ("operation_new.html", COORDINATOR, OperationForm(
        form=Form(idempotency_key="k", version=9, values={"title": "Two coasts", "places": "PHPPS"}, errors=(FieldError("window", "The window is not inside the period."),)),
        period_id="p2", first_day="2016-05-01", last_day="2016-11-30", zone="PHT", kinds=options(OperationKind), objectives=(), audiences=(), operation_id="o9", scheduled=True, asked=True, voids=3)),
    "propose-joint": ("propose_joint.html", COORDINATOR, ProposeJoint(
        form=Form(idempotency_key="k", version=3, values={"title": "Two coasts"}, chosen={"partners": frozenset({"TH"})}), operation_id="o9", number=2,
        states=parties("MY", "TH"), parties=parties("NZ"), kinds=options(OperationKind), objectives=(), audiences=(Option(value="own", text="Own party only"),), zone="PHT",
        first_day="2016-05-01", last_day="2016-11-30")),
    "investigations": ("investigations.html", COORDINATOR, InvestigationList(period_id="p2", title="2nd period, 2016", plans=(PLAN,), may_propose=True)),
    "investigations-counted": ("investigations.html", CO_CHAIR, InvestigationList(period_id="p2", title="2nd period, 2016", plans=(), counted=3)),
    "investigation": ("investigation.html", COORDINATOR, InvestigationPage(
        plan=PLAN, period_id="p2", period="2nd period, 2016", aim="Find who pays the boats.", number=1, proposed_by="ph.coordinator", proposed_at=ago(days=9),
        words=WORDS, milestones=STEPS, may=frozenset({"withdraw", "revise"}), form=KEY)),
    "investigation-asked": ("investigation.html", context("operations", "coordinator", "MY", "Farah Aziz"), InvestigationPage(
        plan=replace(PLAN, status="proposed"), period_id="p2", period="2nd period, 2016", number=2, proposed_by="ph.coordinator", proposed_at=ago(days=1),
        words=WORDS, milestones=(), may=frozenset({"answer"}), answers=options(JointAnswer),
        form=Form(idempotency_key="k", errors=(FieldError("reason", "Say what your state refuses."),)))),
    "investigation-form": ("investigation_form.html", COORDINATOR, InvestigationForm(
        form=Form(idempotency_key="k", version=2, values={"milestones.0.title": "Bank records exchanged", "milestones.0.owner": "TH"}, errors=(FieldError("milestones.0.due", "This day is not inside the period."),)),
        action="/investigations/i1/revise", back_href="/investigations/i1", number=2, states=parties("MY", "TH"), owners=parties("MY", "PH", "TH"), first_day="2016-05-01", last_day="2016-11-30")),
    "record": ("record.html", context("overview", "coordinator"), RecordPage(period_id="p2", title="2nd period, 2016", paging=Paging(shown=4, next_href="/x"), lines=(
        ConsentLine(at=ago(minutes=4), party="AU", officer="", kind="disclosed", aggregate="update", href="/updates/u1", version=1, on_plan=False, audience=()),
        ConsentLine(at=ago(hours=2), party="PH", officer="ph.coordinator", kind="scheduled", aggregate="operation", href="/operations/o1", version=2, on_plan=False, audience=("AU", "NZ#co_chair", "PH")),
        ConsentLine(at=ago(days=1), party="LK", officer="", kind="reservation", aggregate="period", href="/periods/p2", version=3, on_plan=True, audience=()),
        ConsentLine(at=ago(days=2), party="NZ", officer="", kind="no", aggregate="consultation", href="", version=3, on_plan=False, audience=())))),
    "waiting": ("waiting.html", COORDINATOR, OwnWordPage(may_answer=True, words=(
        AwaitedWord(text="Answer the invitation", title="2nd period, 2016", href="/periods/p2/answer", by=ago(days=-3)),
        AwaitedWord(text="Answer version 2 of a joint operation", title="Two coasts", href="/operations/o9", since=ago(days=1)),
        AwaitedWord(text="Answer the call to a consultation", title="Boats adrift", href="/consultations/c1", since=ago(hours=5), by=ago(hours=1), late=True)))),
    "places": ("places.html", OFFICER, PlacesPage(asked="San", more=412, places=(
        PlaceFound(code="KHPPT", name="Paôy Pêt (Poipet)", country="Cambodia", functions=("rail", "road"), has_position=True),
        PlaceFound(code="KHREP", name="Siem Reap", country="Cambodia", functions=("airport", "border_crossing"), has_position=False),
        PlaceFound(code="XZZZZ", name="Nowhere", country="XZ", functions=(), has_position=False)))),
    "places-none": ("places.html", OFFICER, PlacesPage(asked="Qq")),
    "places-first": ("places.html", OFFICER, PlacesPage()),
    "waiting-nothing": ("waiting.html", COORDINATOR, OwnWordPage(may_answer=False, words=())),
    "record-empty": ("record.html", context("overview"), RecordPage(period_id="p2", title="2nd period, 2016", paging=Paging(shown=0), lines=())),
}  # fmt: skip
