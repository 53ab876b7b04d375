# ruff: noqa: E501 (one made-up thing a line reads as the table that it is)
"""Made-up views for the pages of conflicts and targets."""

from dataclasses import replace

from services.portal.pages.views import (
    ConflictLine,
    ConflictList,
    ConflictPage,
    ContactForm,
    Context,
    Deconfliction,
    Form,
    Paging,
    SaidOfConflict,
    TargetsPage,
)
from shared.errors import FieldError
from shared.vocabulary import IdentifierKind, Settlement
from tests.portal.more_samples import KEY, OPERATION_DETAIL, options
from tests.portal.samples import ago, context

OPEN = ConflictLine(
    id="x1", other_party="TH", operation_id="o1", operation="Checks of crews at Batangas", status="open",
    overlaps=("window_and_place", "target"), found_at=ago(days=2), answered=True,
)  # fmt: skip
SETTLED = replace(OPEN, id="x2", other_party="ID", status="settled", overlaps=("window_and_place",))
LAPSED = replace(OPEN, id="x3", other_party="MY", status="lapsed", overlaps=("target",), answered=False)
SAID = (
    SaidOfConflict(party="PH", answer="adjusted", words="نؤجل يومين", by="ph.coordinator", at=ago(hours=3)),
    SaidOfConflict(party="TH", answer="coordinated", words="Our teams speak at 06:00.", at=ago(hours=1)),
)
SILENT = tuple(SaidOfConflict(party=party) for party in ("PH", "TH"))
WRONG = Form(idempotency_key="k", values={"kind": "phone", "value": "02 123"}, errors=(FieldError("value", "Write the number with + and the country's code."),))
OWN = Deconfliction(
    operation_id="o1", conflicts=(OPEN, LAPSED), targets=(("passport", 2), ("vessel_imo", 1)), is_live=True, may_name=True, form=KEY,
    kinds=options(IdentifierKind),
)  # fmt: skip

COORDINATOR, OFFICER = context("", "coordinator"), context("")

CONFLICTS: dict[str, tuple[str, Context, object]] = {
    "conflicts": ("conflicts.html", COORDINATOR, ConflictList(open=(OPEN,), over=(SETTLED, LAPSED), contact="Deconfliction desk, +63 2 0000", paging=Paging(shown=3, next_href="/conflicts?cursor=x"), may_give=True)),
    "conflicts-empty": ("conflicts.html", OFFICER, ConflictList(open=(), over=(), contact="", paging=Paging(shown=0))),
    "conflict-open": ("conflict.html", COORDINATOR, ConflictPage(form=replace(KEY, version=3), conflict=OPEN, contact="Desk, +66 2 000 0000", said=SAID, may_answer=True, answers=options(Settlement))),
    "conflict-wrong": ("conflict.html", COORDINATOR, ConflictPage(form=replace(WRONG, errors=(FieldError("answer", "Choose what was agreed."),)), conflict=OPEN, contact="", said=SILENT, may_answer=True, answers=options(Settlement))),
    "conflict-officer": ("conflict.html", OFFICER, ConflictPage(form=KEY, conflict=LAPSED, contact="", said=SILENT)),
    "conflict-settled": ("conflict.html", OFFICER, ConflictPage(form=KEY, conflict=SETTLED, contact="Desk", said=SAID, settlement="coordinated")),
    "contact": ("contact.html", COORDINATOR, ContactForm(form=KEY, contact="Desk, +63 2 0000")),
    "targets": ("targets.html", OFFICER, TargetsPage(operation="Checks", deconfliction=OWN)),
    "targets-wrong": ("targets.html", OFFICER, TargetsPage(operation="Checks", deconfliction=replace(OWN, form=WRONG))),
    "targets-draft": ("targets.html", OFFICER, TargetsPage(operation="Checks", deconfliction=Deconfliction(operation_id="o1", may_name=True, form=KEY, kinds=options(IdentifierKind)))),
    "operation-in-conflict": ("operation.html", context("operations"), replace(OPERATION_DETAIL, deconfliction=OWN)),
}  # fmt: skip
