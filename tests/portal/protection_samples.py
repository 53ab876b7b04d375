# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views for the pages of what protects people."""

from dataclasses import replace

from services.portal.differences import difference
from services.portal.pages.views import (
    Context,
    DistressForm,
    DistressLine,
    DistressList,
    DistressPage,
    FileLink,
    Form,
    IncidentForm,
    IncidentLine,
    IncidentList,
    IncidentPage,
    IncidentSent,
    Kept,
    Option,
    Paging,
    ReferralForm,
    ReferralLine,
    ReferralList,
    ReferralPage,
    Reporting,
    UpdateDetail,
)
from shared.errors import FieldError
from shared.vocabulary import DistressOutcome, Exploitation, IncidentFinding, ProtectionConcern, Severity, VictimIndicator
from tests.portal.group_samples import forms
from tests.portal.more_samples import MORE, PLAN_2, PLAN_3, options, parties
from tests.portal.samples import CO_CHAIR, HOME, PAGES, STATES, UPDATE, ago, context

ADRIFT = DistressLine(
    id="d1", party="ID", status="open", happened_at=ago(minutes=20), reported_at=ago(minutes=12),
    position="06°12.300′ S 105°30.000′ E", place="جنوب المضيق", persons=42, vessel="Harapan", contact="VHF 16",
    text="Engine failed; water comes in.", language="en",
)  # fmt: skip
WORDS_ONLY = DistressLine(
    id="d2", party="LK", status="open", happened_at=ago(hours=3), reported_at=ago(hours=3), place="Off Beruwala, " * 8
)
OVER = DistressLine(
    id="d3", party="TH", status="closed", happened_at=ago(days=9), reported_at=ago(days=9), persons=1, vessel="Chok Dee 7"
)
BANNER = context("home", distress=(ADRIFT, WORDS_ONLY), distress_more=7)
PERIODS = (Option(value="p2", text="2nd period, 2016"), Option(value="p1", text="1st period, 2015"))
WRONG = Form(idempotency_key="k", errors=(FieldError("place", "Say where it is."),))
REVISED = Form(idempotency_key="k", values={"place": ADRIFT.position, "happened_at": "2016-07-26T05:45:00+00:00"})
OWN = DistressPage(
    distress=ADRIFT, by="id.officer1", period=("p2", "2nd period, 2016"), readers=STATES, own=True,
    forms=forms("revise", "close", revise=REVISED), outcomes=options(DistressOutcome),
)  # fmt: skip
ENDED = DistressPage(
    distress=OVER, by="th.officer1", readers=STATES, outcome="rescued", note="Both ashore.", closed_at=ago(days=8),
    forms=forms("revise", "close"),
)  # fmt: skip

RED = context("", "rights_officer", "LK", "Ruwan Perera", tlp="RED")
INCIDENT = IncidentLine(
    id="i1", party="PH", happened_at=ago(hours=30), reported_at=ago(hours=2), text="ผู้ถูกจับกุมถูกทำร้าย " * 12, language="th",
    place="Holding centre", by="ph.officer1", status="escalated", take_up_by=ago(hours=1),
)  # fmt: skip
TAKEN = replace(INCIDENT, id="i2", status="taken_up", taken_up_by=("iom.rights", "IOM"))
IN_HAND = IncidentPage(
    incident=TAKEN, taken_up_at=ago(minutes=9), may=frozenset({"close"}), findings=options(IncidentFinding),
    forms=forms("take-up", "close", close=Form(idempotency_key="k", version=2, errors=(FieldError("finding", "Say what was found."),))),
)  # fmt: skip
OVER_AND_DONE = replace(
    IN_HAND, incident=replace(TAKEN, status="closed"), may=frozenset(), finding="passed_on", note="สอบสวนแล้ว " * 9, closed_at=ago(minutes=1),
    closed_by=("iom.rights", "IOM"), forms=forms("take-up", "close"),
)  # fmt: skip
ASKED = IncidentForm(
    form=Form(idempotency_key="k"), operation_id="o1", operation="PH · Online exploitation", severities=options(Severity), zone="PHT",
    minor_readers=("PH",), serious_readers=("LK", "UNHCR"),
)  # fmt: skip
KEPT = Kept(
    concern="asylum_seeker", origins=("MM", "ZZ"), released=("VN",), by="ph.rights", reason="The person asked for it.",
    choices=parties("MM"), may_release=True,
)  # fmt: skip
REFERRED = ReferralLine(
    id="r1", reference="PH-2026-114", party="PH", service="IOM", status="overdue", made_at=ago(days=4), answer_by=ago(days=1), late=True
)
ACCEPTED = replace(REFERRED, id="r2", status="accepted", late=False)
REFERRAL_STEPS = ("accept", "refuse", "withdraw")
WHY = tuple(one.label for one in VictimIndicator)
TO_ANSWER = ReferralPage(
    referral=REFERRED, indicators=WHY, exploitation=("Forced labour",), made_by="ph.officer1", may=frozenset(REFERRAL_STEPS),
    forms=forms(*REFERRAL_STEPS, refuse=Form(idempotency_key="k", version=2, errors=(FieldError("reason", "Say why."),))),
)  # fmt: skip
ANSWERED = ReferralPage(
    referral=ACCEPTED, indicators=WHY[:1], exploitation=(), made_by="ph.officer1", note="มาได้คืนนี้", answered_at=ago(hours=1),
    answered_by="iom.manila", forms=forms(*REFERRAL_STEPS),
)  # fmt: skip
SERVICE = context("", "protection_service", "IOM", "Ana Cruz")
FILES = (FileLink(sha256="a" * 64, name="ภาพเรือ.jpg", size=812), FileLink(sha256="b" * 64, name="log-" * 30 + ".pdf", size=9_412_000))

ANNEXED = difference(PLAN_2, PLAN_3, [{"name": "map.pdf", "sha256": "a" * 64}, {"name": "old-" * 30, "sha256": "b" * 64}], [{"name": "map.pdf", "sha256": "c" * 64}, {"name": "roster.pdf", "sha256": "d" * 64}])

PROTECTION: dict[str, tuple[str, Context, object]] = {
    "home-distress": ("home.html", BANNER, HOME),
    "distress-list": ("distress_list.html", BANNER, DistressList(open=(ADRIFT, WORDS_ONLY), over=(OVER,), paging=Paging(shown=1),
        open_paging=Paging(shown=2, next_href="/distress?cursor=x"))),
    "distress-list-over": ("distress_list.html", BANNER, DistressList(open=(), over=(OVER,), only_over=True,
        paging=Paging(shown=1, first_href="/distress"))),
    "distress-none": ("distress_list.html", context(), DistressList(open=(), over=(), paging=Paging(shown=0))),
    "distress-new": ("distress_new.html", context(), DistressForm(form=Form(idempotency_key="k"), periods=PERIODS[:1], readers=STATES)),
    "distress-new-wrong": ("distress_new.html", context(), DistressForm(form=WRONG, periods=PERIODS, readers=STATES)),
    "distress-own": ("distress.html", BANNER, OWN),
    "incident-new": ("incident_new.html", context(tlp="RED"), ASKED),
    "incident-new-nobody": ("incident_new.html", context(tlp="RED"), replace(ASKED, serious_readers=(), form=Form(
        idempotency_key="k", errors=(FieldError("severity", "Say how grave it is."), FieldError("text", "Say what happened."))))),
    "incident-sent": ("incident_sent.html", context(tlp="RED"), IncidentSent(sent_to=("LK", "UNHCR"), reported_at=ago(minutes=1), operation_id="o1")),
    "incidents": ("incidents.html", RED, IncidentList(waiting=(INCIDENT,), in_hand=(TAKEN,), paging=Paging(shown=2))),
    "incidents-none": ("incidents.html", RED, IncidentList(waiting=(), in_hand=(), paging=Paging(shown=0))),
    "incidents-elsewhere": ("incidents.html", context(), IncidentList(waiting=(), in_hand=(), paging=Paging(shown=0), is_rights_officer=False)),
    "incident": ("incident.html", RED, IncidentPage(incident=INCIDENT, may=frozenset({"take-up"}), forms=forms("take-up", "close"))),
    "incident-taken-up": ("incident.html", RED, IN_HAND),
    "incident-closed": ("incident.html", RED, OVER_AND_DONE),
    "update-kept": ("update.html", context("updates", "rights_officer"), UpdateDetail(
        update=replace(UPDATE, late=True), version=2, concern="asylum_seeker", kept=KEPT, may_return=True, files=FILES, form=Form(idempotency_key="k", version=2))),
    "period-late": ("period.html", CO_CHAIR, replace(PAGES["period"][2], reporting=(Reporting(party="LK", updates=1204, late=17), Reporting(party="NZ", updates=3, late=0)))),  # type: ignore[type-var]
    "referrals": ("referrals.html", SERVICE, ReferralList(waiting=(REFERRED,), over=(ACCEPTED,), paging=Paging(shown=2))),
    "referrals-none": ("referrals.html", context(), ReferralList(waiting=(), over=(), paging=Paging(shown=0))),
    "referral": ("referral.html", SERVICE, TO_ANSWER),
    "referral-answered": ("referral.html", context(), ANSWERED),
    "referral-new": ("referral_new.html", context(), ReferralForm(
        form=Form(idempotency_key="k", errors=(FieldError("indicators", "Say what makes you think so."),)), operation_id="o1", operation="Fishing ports",
        services=parties("IOM", "TH"), indicators=options(VictimIndicator), exploitation=options(Exploitation), zone="PHT")),
    "post-update-files": ("post_update.html", context(), replace(PAGES["post-update"][2], attached=(("seal", "ภาพเรือ.jpg"),), carried=(Option(value="a" * 64, text="log-" * 30 + ".pdf"),), concerns=options(ProtectionConcern), origins=parties("MM", "TH"), form=Form(  # type: ignore[type-var]
        idempotency_key="k", values={"protection_concern": "victim"}, chosen={"origins": frozenset({"MM"})}, errors=(FieldError("files", "x.exe: none of: pdf."), FieldError("origins", "Name them."))))),
    "plan-annexes": ("plan.html", CO_CHAIR, replace(MORE["plan"][2], annexes=FILES, shown=replace(MORE["plan"][2].shown, difference=ANNEXED))),  # type: ignore[type-var]
    "distress-over": ("distress.html", context(), ENDED),
}  # fmt: skip
