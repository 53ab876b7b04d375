"""Domain objects for tests: `a_period(state=...)` and the like, complete and ordinary unless said otherwise."""

from datetime import UTC, date, datetime
from typing import Any

from uuid_utils.compat import uuid7

from services.planner.domain.detail import Brief
from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.plan import Given, Plan
from services.planner.domain.update import Update
from shared.actor import Actor
from shared.events.planner import Section, Window
from shared.vocabulary import Focus, Indicator, OperationKind, OperationState, PeriodState, Role, UpdateKind

NOON = datetime(2015, 10, 1, 12, tzinfo=UTC)


def an_actor(party: str, *roles: Role, name: str = "officer") -> Actor:
    return Actor(f"{party}-{name}", f"{party.lower()}.{name}", party, frozenset(roles))


def an_officer(party: str, name: str = "officer") -> Actor:
    return an_actor(party, Role.LIAISON_OFFICER, name=name)


def a_coordinator(party: str, name: str = "coordinator") -> Actor:
    return an_actor(party, Role.COORDINATOR, name=name)


def a_chair(party: str = "NZ") -> Actor:
    return an_actor(party, Role.CO_CHAIR, name="chair")


def a_word(answer: str, by: str = "somebody") -> Given:
    return Given(answer=answer, by=by, at=NOON)


def a_period(joined: tuple[str, ...] = ("NZ", "LK"), **changes: Any) -> Period:
    """Proposed by NZ to NZ, LK and TH, which the `joined` have joined."""
    period = Period(
        id=uuid7(),
        version=1,
        title="1st Joint Period of Action",
        focus=(Focus.PEOPLE_SMUGGLING,),
        first_day=date(2015, 9, 28),
        last_day=date(2015, 10, 28),
        co_chairs=("NZ",),
        invited=("NZ", "LK", "TH"),
        supporting=("INTERPOL",),
        answers={party: a_word("joined") for party in joined},
    )
    return period.model_copy(update=changes)


def a_plan(number: int = 1, **answers: str) -> Plan:
    """A version of the plan with these answers by party: `a_plan(NZ="endorsed")`."""
    given = {party: a_word(answer) for party, answer in answers.items()}
    return Plan(number=number, sections=(Section(title="Aim", text="Act together."),), answers=given)


def a_frame(state: PeriodState = PeriodState.ACTIVE, **changes: Any) -> Frame:
    period = a_period(state=state, **changes)
    return period.frame


def an_operation(owner: str = "NZ", state: OperationState = OperationState.UNDER_WAY, **changes: Any) -> Operation:
    operation = Operation(
        id=uuid7(),
        period_id=uuid7(),
        owner=owner,
        version=3,
        state=state,
        kind=OperationKind.VISA_CHECKS,
        window=Window(
            starts_at=datetime(2015, 10, 1, tzinfo=UTC), ends_at=datetime(2015, 10, 20, tzinfo=UTC)
        ),
        brief=Brief(title="Visa checks at the airport", place="NZAKL", narrative="Quietly."),
    )
    return operation.model_copy(update=changes)


def an_update(operation: Operation, **changes: Any) -> Update:
    update = Update(
        id=uuid7(),
        operation_id=operation.id,
        period_id=operation.period_id,
        party=operation.owner,
        kind=UpdateKind.RESULT,
        happened_at=NOON,
        posted_at=NOON,
        posted_by=f"{operation.owner}-officer",
        counts={Indicator.ARRESTS: 2},
        text="Two arrests at the airport.",
    )
    return update.model_copy(update=changes)
