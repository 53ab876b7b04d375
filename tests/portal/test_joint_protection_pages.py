"""Incidents and referrals on a joint operation: pages offer them to exactly those from whom the planner takes them."""

from typing import Any

import pytest

from services.planner.domain.joint import has_consented
from services.planner.usecases import joint, operations
from services.portal.pages.incidents import incident_form
from services.portal.pages.joint_lines import acts_on
from services.portal.pages.operations import operation
from services.portal.pages.referrals import referral_form
from services.portal.pages.views import Form
from shared.errors import NotFound
from shared.vocabulary import JointAnswer, Role
from tests.builders import NOON
from tests.portal.fake_desk import PERIOD, FakeDesk, desk, period
from tests.portal.test_joint_rows import LK, NO, NZ, SECOND, TH, Told

STEPS = (
    "proposed", "consented", "scheduled", "started", "completed", "cancelled", "withdrawn",
    "cancelled as a draft", "refused", "taken back from a draft",
)  # fmt: skip


async def told_until(step: str) -> Told:
    """A joint operation of NZ with LK and TH, as far as that."""
    told = await Told().propose("LK", "TH")
    tx, answers = told.memory.tx, {"refused": NO}
    if step != "proposed":
        await told.say(LK, answers.get(step, JointAnswer.CONSENTED))
    if step == "cancelled as a draft":
        await told.do(operations.cancel(tx, NZ, told.id, told.now.version, NOON))
    if step == "taken back from a draft":
        await told.do(joint.withdraw(tx, LK, told.id, ""))
    if step not in STEPS[2:7]:
        return told
    for by in (SECOND, TH):
        await told.say(by)
    await told.do(operations.schedule(tx, NZ, told.id, told.now.version, None, False))
    if step in {"started", "completed", "withdrawn"}:
        await told.do(operations.start(tx, NZ, told.id, told.now.version, NOON))
    if step == "completed":
        await told.do(operations.complete(tx, NZ, told.id, told.now.version, NOON))
    if step == "cancelled":
        await told.do(operations.cancel(tx, NZ, told.id, told.now.version, NOON))
    if step == "withdrawn":
        await told.do(joint.withdraw(tx, LK, told.id, ""))
    return told


def reader(told: Told, party: str, *roles: Role, status: str = "active") -> FakeDesk:
    number = told.shown.row("joint", told.id)["number"]
    row = {
        **told.operation, "withdrawn_by": told.operation.get("withdrawn_by"), "title": "Visa checks", "place": "",
        "period_id": PERIOD, "detail_audience_id": 1, "choice_version": None, "last_update_at": None, "updates": 0,
    }  # fmt: skip
    words = [one for one in told.shown.rows("joint_word") if one["number"] == number]
    found = desk(
        party, *roles, rows=period(status), operation=row, headline=row, joint=told.shown.row("joint", told.id),
        joint_words=words, updates=((), None), alerts_waiting_count=0, entries={}, operation_detail=None,
        operation_counts={}, referred={}, periods=((), None), targets={"counts": {}},
    )  # fmt: skip
    found.request.query_params = {}  # type: ignore[misc]
    found.request.headers = {}  # type: ignore[misc]
    return found


def text(answer: Any) -> str:
    return bytes(answer.body).decode()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("party", ["NZ", "LK", "TH", "VN"])
async def test_they_are_offered_exactly_where_they_are_taken(step: str, party: str):
    told = await told_until(step)
    taken = party == "NZ" or has_consented(told.now, party)
    for role, offered in ((Role.LIAISON_OFFICER, taken), (Role.COORDINATOR, taken), (Role.CO_CHAIR, False)):
        at = reader(told, party, role)
        assert await acts_on(at, at.fake, at.fake.said["headline"]) is taken  # type: ignore[arg-type]
        shown = text(await operation(told.id, at))
        assert (f'href="/incidents/new?operation={told.id}"' in shown) is offered
        assert (f'href="/referrals/new?operation={told.id}"' in shown) is offered
        for form in (incident_form, referral_form):
            asked = form(at, Form(values={"operation_id": str(told.id)}))
            if offered:
                assert f'value="{told.id}"' in text(await asked)
            else:
                with pytest.raises(NotFound):
                    await asked


async def test_nothing_is_offered_of_a_period_of_which_nothing_changes():
    told = await told_until("completed")
    shown = text(await operation(told.id, reader(told, "LK", Role.LIAISON_OFFICER, status="archived")))
    assert "/incidents/new" not in shown


@pytest.mark.parametrize(("step", "status", "minor"), [
    ("scheduled", "active", False), ("started", "active", True), ("completed", "active", True),
    ("completed", "closed", False),
])  # fmt: skip
async def test_a_minor_one_is_offered_while_updates_are_taken(step: str, status: str, minor: bool):
    at = reader(await told_until(step), "LK", Role.LIAISON_OFFICER, status=status)
    shown = text(await incident_form(at, Form(values={"operation_id": str(at.fake.said["headline"]["id"])})))
    assert ('value="minor"' in shown) is minor
    assert 'value="serious"' in shown
