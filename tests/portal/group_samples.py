# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views for the pages of consultations and of the programme."""

from datetime import date

from services.portal.pages.views import (
    ActivityForm,
    ActivityLine,
    ActivityPage,
    ConsultationForm,
    ConsultationLine,
    ConsultationList,
    ConsultationPage,
    Context,
    Form,
    Forms,
    Option,
    Paging,
    PartyWord,
    ProgrammePage,
)
from shared.errors import FieldError
from shared.vocabulary import ActivityKind, Attendance, Precedence
from tests.portal.more_samples import KEY, options, parties
from tests.portal.samples import STATES, ago, context


def forms(*names: str, **given: Form) -> Forms:
    return Forms(by_name={name: given.get(name, KEY) for name in names})


CALLED = ConsultationLine(
    id="c1", title="Boats adrift in the Andaman Sea", status="called", precedence="IMMEDIATE", called_by="NZ",
    called_at=ago(hours=5), answer_by=ago(hours=1), answer="awaited", given=1, invited=3,
)  # fmt: skip
HELD = ConsultationLine(
    id="c2", title="A shipwreck off Beruwala", status="took_place", precedence="FLASH", called_by="LK", called_at=ago(days=2),
    answer_by=ago(days=2), answer="attending", given=2, invited=2,
)  # fmt: skip
WITHDRAWN = ConsultationLine(
    id="c3", title="Reported landing", status="withdrawn", precedence="ROUTINE", called_by="NZ", called_at=ago(days=9),
    answer_by=ago(days=2), given=0, invited=4,
)  # fmt: skip
WORDS = (
    PartyWord(party="ID", answer="attending", at=ago(hours=4), note="With our maritime centre."),
    PartyWord(party="MY", answer="not_attending", at=ago(minutes=30), late=True),
    PartyWord(party="PH", silent=True),
)
STEPS = ("answer", "hold", "record", "close", "withdraw")
TRIGGER = "Two vessels with about 400 persons were abandoned by their crews."
ASKED = ConsultationPage(
    consultation=CALLED, trigger=TRIGGER, place="By video", meets_at=ago(hours=-2), co_chairs=("NZ", "LK"), words=WORDS,
    may=frozenset({"answer"}), forms=forms(*STEPS), answers=options(Attendance), zone="PHT", period=("p2", "2nd period, 2016"),
)  # fmt: skip
STEERED = ConsultationPage(
    consultation=CALLED, trigger=TRIGGER, co_chairs=("NZ",), words=WORDS, may=frozenset({"hold", "withdraw"}),
    forms=forms(*STEPS, withdraw=Form(idempotency_key="k", version=3, errors=(FieldError("reason", "Say why."),)),
                hold=Form(idempotency_key="k2", version=3, chosen={"attendees": frozenset({"ID"})})),
    may_attend=parties("ID"), zone="NZST",
)  # fmt: skip
RECORDED = ConsultationPage(
    consultation=HELD, trigger=TRIGGER, co_chairs=("LK",), words=WORDS[:1], attendees=("ID", "LK"), held_at=ago(days=1),
    record="Each sends a patrol vessel.", record_at=ago(hours=20), record_by="lk.chair", was_there=True,
    may=frozenset({"record", "close"}), forms=forms(*STEPS),
)  # fmt: skip
ABSENT = ConsultationPage(
    consultation=HELD, trigger=TRIGGER, co_chairs=("LK",), words=WORDS[1:2], attendees=("ID", "LK"), held_at=ago(days=1), forms=forms(*STEPS),
)  # fmt: skip

PROPOSED = ActivityLine(id="a1", kind="training", title="Course on seafarers' books", owner="PH", status="proposed", due=date(2016, 9, 30))
LATE = ActivityLine(id="a2", kind="expert_roster", title="Roster of document examiners", owner="PH", status="under_way", due=date(2016, 7, 15), overdue=True)
DONE = ActivityLine(id="a3", kind="policy_guide", title="คู่มือการคัดแยกผู้เสียหาย", owner="TH", status="completed", due=date(2016, 3, 1))
ACTIVITY_STEPS = ("agree", "decline", "start", "complete", "revise", "cancel")
PROPOSAL = ActivityPage(
    activity=PROPOSED, description="Three days for twenty officers.", may=frozenset({"agree", "decline"}), forms=forms(*ACTIVITY_STEPS),
    documents=(("Outline, version 2", "https://documents.example/" + "outline-" * 20), ("Request of the Working Group", "")),
)  # fmt: skip
OWN = ActivityPage(
    activity=LATE, note="With three ministries.", may=frozenset({"complete", "revise", "cancel"}),
    forms=forms(*ACTIVITY_STEPS, revise=Form(idempotency_key="k", version=4, values={"title": LATE.title, "due": "2016-07-15"})),
)  # fmt: skip
KINDS = options(ActivityKind)

OFFICER = context("consultations", "coordinator")
CHAIR = context("consultations", "co_chair", "NZ", "Aroha Ngata")

GROUP: dict[str, tuple[str, Context, object]] = {
    "consultations": ("consultations.html", OFFICER, ConsultationList(waiting=(CALLED,), open=(HELD,), over=(WITHDRAWN,), paging=Paging(shown=3, next_href="/consultations?cursor=x"))),
    "consultations-empty": ("consultations.html", OFFICER, ConsultationList(waiting=(), open=(), over=(), paging=Paging(shown=0))),
    "consultations-empty-chair": ("consultations.html", CHAIR, ConsultationList(waiting=(), open=(), over=(), paging=Paging(shown=0), may_call=True)),
    "consultation-asked": ("consultation.html", OFFICER, ASKED),
    "consultation-steered": ("consultation.html", CHAIR, STEERED),
    "consultation-recorded": ("consultation.html", CHAIR, RECORDED),
    "consultation-absent": ("consultation.html", OFFICER, ABSENT),
    "consultation-withdrawn": ("consultation.html", OFFICER, ConsultationPage(consultation=WITHDRAWN, trigger=TRIGGER, reason="A false report.", forms=forms(*STEPS))),
    "consultation-new": ("consultation_new.html", CHAIR, ConsultationForm(
        form=Form(idempotency_key="k"), precedences=options(Precedence), parties=parties(*STATES), co_chairs=parties("NZ", "LK"),
        periods=(Option(value="p2", text="2nd period, 2016"),), zone="NZST")),
    "programme": ("programme.html", context("programme"), ProgrammePage(
        form=Form(values={"kind": "training"}), open=(LATE, PROPOSED), over=(DONE,), members=STATES, kinds=KINDS, owners=parties(*STATES), filters=(("Training", "/programme"),))),
    "programme-empty": ("programme.html", context("programme", "co_chair", "NZ", "Aroha Ngata"), ProgrammePage(
        form=Form(), open=(), over=(), members=STATES, kinds=KINDS, owners=parties(*STATES), may_propose=True)),
    "programme-elsewhere": ("programme.html", context("programme", party="AU"), ProgrammePage(form=Form(), open=(), over=(), members=(), kinds=KINDS, owners=())),
    "activity-proposed": ("activity.html", context("programme", "coordinator"), PROPOSAL),
    "activity-own": ("activity.html", context("programme", "coordinator"), OWN),
    "activity-foreign": ("activity.html", context("programme"), ActivityPage(activity=DONE, forms=forms(*ACTIVITY_STEPS))),
    "activity-new": ("activity_new.html", context("programme", "co_chair", "NZ", "Aroha Ngata"), ActivityForm(
        form=Form(idempotency_key="k", errors=(FieldError("documents.0.address", "An address begins with https://."),)), kinds=KINDS, owners=parties(*STATES))),
}  # fmt: skip
