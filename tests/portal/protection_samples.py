# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views for the pages of what protects people."""

from services.portal.pages.views import Context, DistressForm, DistressLine, DistressList, DistressPage, Form, Option, Paging
from shared.errors import FieldError
from shared.vocabulary import DistressOutcome
from tests.portal.group_samples import forms
from tests.portal.more_samples import options
from tests.portal.samples import HOME, STATES, ago, context

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
BANNER = context("home", distress=(ADRIFT, WORDS_ONLY))
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

PROTECTION: dict[str, tuple[str, Context, object]] = {
    "home-distress": ("home.html", BANNER, HOME),
    "distress-list": ("distress_list.html", BANNER, DistressList(open=(ADRIFT, WORDS_ONLY), over=(OVER,), paging=Paging(shown=3))),
    "distress-none": ("distress_list.html", context(), DistressList(open=(), over=(), paging=Paging(shown=0))),
    "distress-new": ("distress_new.html", context(), DistressForm(form=Form(idempotency_key="k"), periods=PERIODS[:1], readers=STATES)),
    "distress-new-wrong": ("distress_new.html", context(), DistressForm(form=WRONG, periods=PERIODS, readers=STATES)),
    "distress-own": ("distress.html", BANNER, OWN),
    "distress-over": ("distress.html", context(), ENDED),
}  # fmt: skip
