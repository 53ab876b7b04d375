# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views, one for each page: what the tests render and the preview shows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.portal.pages.views import (
    Account,
    AlertLine,
    Bar,
    Checkpoint,
    Context,
    Days,
    Figures,
    Form,
    Home,
    NumberCard,
    Objective,
    OperationLine,
    Option,
    PeriodLink,
    PeriodPage,
    PostUpdate,
    Readers,
    SignIn,
    Silent,
    TimelineItem,
    UpdateLine,
    Waiting,
)
from shared.errors import FieldError
from shared.vocabulary import Indicator

NOW = datetime(2016, 7, 26, 6, 5, tzinfo=UTC)
PERIOD = PeriodLink(id="p2", title="2nd period, 2016", status="active")
PERIODS = (PERIOD, PeriodLink(id="p1", title="1st period, 2015", status="debriefed"))
STATES = ("AU", "ID", "LK", "MV", "MY", "NZ", "PH", "TH", "VN")
MAIN = ("suspects_identified", "arrests", "search_warrants_executed")
FURTHER = tuple(str(one) for one in Indicator if one not in MAIN)


def ago(**how: float) -> datetime:
    return NOW - timedelta(**how)


def context(
    tab: str = "", role: str = "liaison_officer", party: str = "PH", name: str = "Maria Santos", **more: object
) -> Context:
    return Context(
        now=NOW,
        csrf="c0ffee",
        account=Account(display_name=name, party=party, roles=frozenset({role})),
        period=PERIOD,
        periods=PERIODS,
        tab=tab,  # type: ignore[arg-type]
        shown_to="shown to participants and co-chairs",
        waiting_alerts=2,
        **more,  # type: ignore[arg-type]
    )


OFFICER = context("home")
CO_CHAIR = context("overview", "co_chair", "NZ", "Aroha Ngata")
COORDINATOR = context("updates", "coordinator", "PH", "Jose Reyes")

OPERATION = OperationLine(
    id="o1", party="PH", kind="online_exploitation", status="under_way", title="Online exploitation, Manila",
    place="Quezon City", starts_at=ago(days=70), ends_at=ago(days=-50), last_update_at=ago(hours=3), updates=14,
)  # fmt: skip
OPERATIONS = (
    OPERATION,
    OperationLine(id="o2", party="PH", kind="fishing_ports", status="scheduled", title="Fishing ports, General Santos",
                  place="General Santos", starts_at=ago(days=-10), ends_at=ago(days=-60), held=True),
    OperationLine(id="o3", party="PH", kind="awareness", status="completed", title="Seafarers' schools",
                  starts_at=ago(days=80), ends_at=ago(days=20), last_update_at=ago(days=21), updates=6),
)  # fmt: skip
FOREIGN = OperationLine(
    id="o4", party="AU", kind="visa_checks", status="under_way", starts_at=ago(days=60), ends_at=ago(days=-1),
    last_update_at=ago(days=2), updates=9,
)  # fmt: skip

UPDATE = UpdateLine(
    id="u1", party="PH", kind="result", status="provisional", happened_at=ago(minutes=2), posted_at=ago(minutes=1),
    operation_id="o1", operation="Online exploitation, Manila", period_id="p2",
    counts={"suspects_identified": 4, "arrests": 2, "search_warrants_executed": 2}, language="en",
    text="Two search warrants executed in Quezon City; four suspects identified, two arrested.",
)  # fmt: skip
UPDATES = (
    UPDATE,
    UpdateLine(id="u2", party="ID", kind="progress", status="provisional", happened_at=ago(hours=3), posted_at=ago(hours=2),
               operation_id="o5", operation="Maritime patrol", language="id", text="Dua kapal diperiksa, tidak ada temuan"),
    UpdateLine(id="u3", party="TH", kind="result", status="validated", happened_at=ago(days=2), posted_at=ago(days=2),
               operation_id="o6", operation="Fishing ports", counts={"trafficked_persons_assisted": 12, "arrests": 1},
               language="th", text="ช่วยเหลือผู้เสียหาย 12 คนจากเรือประมงที่สงขลา"),
    UpdateLine(id="u4", party="AU", kind="result", status="superseded", happened_at=ago(days=5), posted_at=ago(days=5),
               operation_id="o4", operation="Visa checks", counts={"international_enquiries": 11}),
    UpdateLine(id="u5", party="PH", kind="result", status="returned", happened_at=ago(days=9), posted_at=ago(days=9),
               operation_id="o1", operation="Online exploitation, Manila", counts={"arrests": 20}, text="Raid in Angeles."),
)  # fmt: skip

ALERT = AlertLine(
    id="a1", kind="visa_fraud", originator="AU", precedence="IMMEDIATE", published_at=ago(minutes=25), key="k-a1", version=3,
    title="Fraudulently obtained visas, series of 11, one agent", answer_due=ago(hours=-3), acknowledged=5, recipients=8,
)  # fmt: skip
ALERTS = (
    ALERT,
    AlertLine(id="a2", kind="vessel", originator="LK", precedence="FLASH", published_at=ago(minutes=4), key="k-a2", version=1,
              title="MV Sea Lotus left Beruwala with 40 on board", answer_due=ago(minutes=-50), recipients=4),
    AlertLine(id="a3", kind="modus_operandi", originator="TH", precedence="ROUTINE", published_at=ago(days=6), state="acknowledged",
              title="Photo substitution in seafarers' books", acknowledged=3, recipients=8),
)  # fmt: skip

LANGUAGES = (
    Option(value="en", text="English"),
    Option(value="fil", text="Filipino"),
    Option(value="id", text="Bahasa Indonesia"),
)
KINDS = (Option(value="progress", text="Progress"), Option(value="result", text="Result"))
READERS = Readers(
    operation_id="o1", operation="PH · Online exploitation, Manila", headline=STATES, co_chairs=("NZ", "LK"), detail=("PH",)
)
HELD = Readers(operation_id="o2", operation="PH · Fishing ports, General Santos", headline=STATES, co_chairs=("NZ", "LK"),
               detail=("PH", "ID"), held=True)  # fmt: skip

HOME = Home(
    greeting="Good afternoon, Maria", operations=OPERATIONS, alerts=ALERTS[:2], recent=(UPDATE, UPDATES[4]),
    invitations=(("p3", "3rd Joint Period of Action"),), returned=(UPDATES[4],),
)  # fmt: skip
HOME_WORDS = Home(
    greeting="Good afternoon", may_post=False, has_posted=False,
    waiting=(
        Waiting(text="Endorse plan version 3", who="3rd Joint Period of Action", href="/periods/p3/plan", days=2),
        Waiting(text="Start the period", who="3rd Joint Period of Action", href="/periods/p3"),
    ),
)  # fmt: skip
POST = PostUpdate(
    form=Form(idempotency_key="8f14e45f", values={"happened_at": "2016-07-26T14:05"}),
    operations=(READERS, HELD), chosen="o1", main=MAIN, further=FURTHER, kinds=KINDS, zone="PHT", languages=LANGUAGES,
)  # fmt: skip
POST_WRONG = PostUpdate(
    form=Form(
        idempotency_key="8f14e45f",
        kept=True,
        values={"kind": "result", "text": UPDATE.text, "counts.suspects_identified": "4", "counts.arrests": "-2",
                "happened_at": "2016-08-26T14:05", "place": "Quezon City, PH"},
        errors=(FieldError("counts.arrests", "A count is a whole number from 0."),
                FieldError("happened_at", "This is in the future: 26 August, 14:05 PHT.")),
    ),
    operations=(READERS, HELD), chosen="o1", main=MAIN, further=FURTHER, kinds=KINDS, zone="PHT", languages=LANGUAGES,
)  # fmt: skip

TIMELINE = (
    TimelineItem(id="e4", at=ago(minutes=1), party="PH", what="result", counts=UPDATE.counts, status="provisional", href="/updates/u1"),
    TimelineItem(id="e3", at=ago(minutes=25), party="AU", to="Bangkok RILON", what="alert, IMMEDIATE, B2", tone="alert",
                 text="Fraudulently obtained visas, series of 11, one agent. 5 of 8 acknowledged", href="/alerts/a1"),
    TimelineItem(id="e2", at=ago(hours=3), party="ID", what="progress", text="Dua kapal diperiksa, tidak ada temuan", language="id",
                 href="/updates/u2"),
    TimelineItem(id="e1", at=ago(hours=5), party="VN", what="operation scheduled", tone="operation", text="Maritime patrol, 1 to 20 August",
                 href="/operations/o7"),
    TimelineItem(id="e0", at=ago(days=1), party="MV", what="plan endorsed", tone="decision", text="Version 3"),
    TimelineItem(id="d9", at=ago(days=1, hours=2), party="MY", what="request overdue", tone="attention", text="Request 0142, by 6 hours"),
)  # fmt: skip
DAYS = Days(
    first=date(2016, 5, 1), last=date(2016, 11, 30), today=date(2016, 7, 26),
    checkpoints=(Checkpoint(name="session 1", day=date(2016, 6, 10)), Checkpoint(name="session 2", day=date(2016, 9, 9)),
                 Checkpoint(name="debrief", day=date(2016, 11, 30))),
)  # fmt: skip


def _card(
    indicator: str, validated: int, provisional: int = 0, change: int | None = None, since: str = "", note: str = ""
) -> NumberCard:
    return NumberCard(indicator=indicator, validated=validated, provisional=provisional, change=change, since=since, note=note,
                      href=f"/periods/p2/updates?indicator={indicator}")  # fmt: skip


FIGURES = Figures(
    period_id="p2",
    cards=(
        _card("trafficked_persons_assisted", 35, 6, 12, "session 1"), _card("arrests", 20, 3, 5), _card("suspects_identified", 37, 11, 19),
        _card("investigations_opened", 7, 0, 2), _card("international_enquiries", 52, 0, 21, "", "answered in 31 h (median)"),
        _card("officers_trained", 310, 0, 85),
    ),
    objectives=(
        Objective(title="Persons assisted", validated=35, provisional=6, target=60, href="/periods/p2/updates?indicator=trafficked_persons_assisted"),
        Objective(title="Joint investigations", validated=1, provisional=0, target=3, href="/periods/p2/updates?indicator=investigations_opened"),
        Objective(title="Arrests for trafficking", validated=20, provisional=3, target=40, href="/periods/p2/updates?indicator=arrests"),
        Objective(title="Officers trained", validated=310, provisional=0, target=400, href="/periods/p2/updates?indicator=officers_trained"),
    ),
)  # fmt: skip
PERIOD_PAGE = PeriodPage(
    id="p2", title="2nd Joint Period of Action", status="active", version=9, days=DAYS, co_chairs=("NZ", "LK"), participants=9,
    supporting=("INTERPOL",), stream="/periods/p2/stream?after=e4", may=frozenset({"draft", "close"}), posted_this_week=7, held=2,
    figures=FIGURES,
    bars=(
        Bar(label="AU · visa checks", first=date(2016, 5, 6), last=date(2016, 7, 15), style="under_way", href="/operations/o4"),
        Bar(label="ID · maritime patrol", first=date(2016, 5, 20), last=date(2016, 9, 2), style="under_way", href="/operations/o5"),
        Bar(label="LK · airport checks", first=date(2016, 5, 3), last=date(2016, 6, 17), style="completed", href="/operations/o8"),
        Bar(label="MV · labour inspection", first=date(2016, 6, 20), last=date(2016, 8, 17), style="under_way", href="/operations/o9"),
        Bar(label="MY · document checks", first=date(2016, 6, 3), last=date(2016, 8, 19), style="under_way", href="/operations/o10"),
        Bar(label="NZ+VN · investigation", first=date(2016, 8, 1), last=date(2016, 10, 24), style="waiting", href="/operations/o7", note="waits for VN's consent"),
        Bar(label="PH · online exploitation", first=date(2016, 5, 13), last=date(2016, 9, 25), style="under_way", href="/operations/o1"),
        Bar(label="TH · fishing ports", first=date(2016, 7, 4), last=date(2016, 9, 5), style="under_way", href="/operations/o6"),
        Bar(label="NZ · training", first=date(2016, 9, 5), last=date(2016, 10, 14), style="scheduled", href="/operations/o11"),
        Bar(label="NZ · visa checks", first=date(2016, 9, 10), last=date(2016, 10, 30), style="held", href="/operations/o12"),
    ),
    silent=(Silent(party="MV", days=19), Silent(party="TH", days=9)),
    waiting=(
        Waiting(text="Consent to joint operation NZ+VN", who="VN", days=3, href="/operations/o7"),
        Waiting(text="Endorse plan version 3", who="ID", days=1, href="/periods/p2/plan"),
        Waiting(text="Alert: fraudulently obtained visas", who="MY", overdue=True, href="/alerts/a1"),
        Waiting(text="Validate 3 updates", who="LK", days=2, href="/periods/p2/updates?party=LK&status=provisional"),
    ),
    timeline=TIMELINE,
)  # fmt: skip

PERIOD_EMPTY = PeriodPage(
    id="p3", title="3rd Joint Period of Action", status="adopted", version=4, co_chairs=("NZ", "LK"), participants=8, may=frozenset({"activate", "draft"}),
    days=Days(first=date(2016, 9, 28), last=date(2016, 10, 28), today=date(2016, 7, 26), begun=False), figures=Figures(period_id="p3", cards=tuple(_card(one, 0) for one in MAIN)),
)  # fmt: skip

PERIOD_PROPOSED = replace(
    PERIOD_EMPTY, status="proposed", participants=0, invited=9, may=frozenset(),
    days=Days(first=date(2016, 7, 24), last=date(2016, 8, 15), today=date(2016, 7, 26), begun=False),
)  # fmt: skip

ANYONE = Context(now=NOW, csrf="c0ffee")
SIGN_IN = SignIn(form=Form())

PAGES: dict[str, tuple[str, Context, object]] = {
    "sign-in": ("sign_in.html", ANYONE, SIGN_IN),
    "sign-in-expired": (
        "sign_in.html",
        ANYONE,
        SignIn(form=Form(values={"username": "ph.santos"}), reason="expired", fields=(("text", "Two"),)),
    ),
    "home": ("home.html", OFFICER, HOME),
    "home-empty": ("home.html", OFFICER, Home(greeting="Good afternoon, Maria")),
    "home-words": ("home.html", COORDINATOR, HOME_WORDS),
    "post-update": ("post_update.html", OFFICER, POST),
    "post-update-wrong": ("post_update.html", OFFICER, POST_WRONG),
    "period": ("period.html", CO_CHAIR, PERIOD_PAGE),
    "period-proposed": ("period.html", CO_CHAIR, PERIOD_PROPOSED),
    "period-empty": ("period.html", CO_CHAIR, PERIOD_EMPTY),
}
"""Name of the file: template, who reads it, what it shows."""
