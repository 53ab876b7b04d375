"""The clockwork: what comes due is done once, whoever looks and however often; one that cannot be done stops no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.planner import clockwork
from services.planner.clockwork import Due
from services.planner.consumers import listener
from services.planner.domain.incident import Incident
from services.planner.repository import Operations, Periods
from services.planner.repository_group import Activities, Consultations, Groups
from services.planner.repository_protection import Incidents, Referrals
from services.planner.settings import Settings
from services.planner.usecases import incidents, programme, referrals
from shared.events.planner import (
    ActivityEvent,
    ConsultationEvent,
    DetailEvent,
    IncidentEvent,
    OperationEvent,
    PeriodEvent,
    ReferralEvent,
    Task,
)
from shared.runtime.migrate import migrate
from shared.runtime.service import Service, build
from shared.vocabulary import ActivityState, PeriodState, Role
from tests.builders import NOON, a_period, a_plan, a_word, an_actor, an_officer, an_operation
from tests.planner.memory import a_consultation, a_group, an_activity
from tests.planner.test_incident import INCIDENT, a_planned
from tests.planner.test_referral import a_referral
from tests.servers import RunningServers, lowered


class Shelf:
    """Things by number, and which of them are due."""

    def __init__(self, *due: int) -> None:
        self.due = [UUID(int=number) for number in due]
        self.done: list[int] = []
        self.woken = 0
        self.database, self.wake = SimpleNamespace(begin=self._begin), self._wake

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[None]:
        yield

    def _wake(self) -> None:
        self.woken += 1

    async def find(self, _tx: Any) -> list[UUID]:
        return list(self.due)

    async def act(self, _tx: Any, thing: UUID) -> None:
        if thing.int == 13:
            raise RuntimeError
        self.done.append(thing.int)
        self.due.remove(thing)


async def nothing_found(_tx: Any) -> list[UUID]:
    raise RuntimeError


async def test_one_that_cannot_be_done_keeps_none_of_the_others_and_is_tried_again():
    shelf: Any = Shelf(1, 13, 2)
    kinds = (Due("what is not found", nothing_found, shelf.act), Due("a thing", shelf.find, shelf.act))
    await clockwork.look(shelf, kinds)
    assert (shelf.done, shelf.woken) == ([1, 2], 2)
    await clockwork.look(shelf, kinds)
    assert shelf.done == [1, 2]
    assert shelf.due == [UUID(int=13)]


@asynccontextmanager
async def a_planner(servers: RunningServers, now: datetime) -> AsyncIterator[Service]:
    """One replica, without relay and doors, by whose clock it is `now`."""
    service = build("planner", Settings(**lowered(servers.settings("planner"))), listener)
    service.clock.now = lambda: now  # type: ignore[method-assign]
    await migrate(service.database, "services.planner")
    yield service
    await service.database.close()


async def said(service: Service, topic: str, thing: UUID) -> list[str]:
    rows = await service.database.ask("SELECT type FROM outbox WHERE topic = $1 AND key = $2 ORDER BY id", topic, str(thing))
    return [row["type"] for row in rows]


@pytest.fixture
async def due(servers: RunningServers) -> tuple[UUID, UUID]:
    """A consultation whose time for answers ends, and an activity whose day is over, a month and more after NOON."""
    consultation, activity = a_consultation(id=uuid7()), an_activity(id=uuid7(), state=ActivityState.AGREED)
    async with a_planner(servers, NOON) as service, service.database.begin() as tx:
        await Groups(tx).put(a_group())
        await Consultations(tx).put(consultation)
        await Activities(tx).put(activity)
    return consultation.id, activity.id


@pytest.fixture
async def referred(servers: RunningServers) -> tuple[UUID, UUID]:
    """A referral that nobody answers, and its operation."""
    period, operation = a_period(id=uuid7()), an_operation(id=uuid7())
    operation = operation.model_copy(update={"period_id": period.id})
    referral = a_referral(id=uuid7(), operation_id=operation.id, period_id=period.id, version=1)
    async with a_planner(servers, NOON) as service, service.database.begin() as tx:
        await Periods(tx).put(period)
        await Operations(tx).put(operation)
        await Referrals(tx).put(referral)
    return referral.id, operation.id


@pytest.mark.system
async def test_an_unanswered_referral_is_told_once_with_the_count_and_is_answered_after_all(
    servers: RunningServers, referred: tuple[UUID, UUID]
):
    referral, operation = referred
    async with a_planner(servers, LATE) as first, a_planner(servers, LATE) as second:
        await asyncio.gather(*(clockwork.look(replica) for replica in (first, second, first, second)))
        assert await said(first, ReferralEvent.topic, operation) == ["planner.referral.overdue.v1"]
        assert await said(first, OperationEvent.topic, operation) == ["planner.referrals.counted.v1"]
        service = an_actor("IOM", Role.PROTECTION_SERVICE)
        async with second.database.begin(service) as tx:
            accepted = await referrals.accept(tx, service, referral, 2, "Tonight.")
        assert accepted.version == 3
        await clockwork.look(first)
        told = await said(first, ReferralEvent.topic, operation)
        assert told == ["planner.referral.overdue.v1", "planner.referral.accepted.v1"]


@pytest.mark.system
async def test_an_incident_that_nobody_takes_up_is_escalated_once_and_taken_up_after_all(servers: RunningServers):
    period = a_planned("LK", "UNHCR").model_copy(update={"id": uuid7()})
    asked = INCIDENT.model_copy(update={"id": uuid7(), "period_id": period.id})
    incident, _ = Incident.report(asked, an_operation(), period, an_officer("NZ"))
    async with a_planner(servers, NOON) as service, service.database.begin() as tx:
        await Periods(tx).put(period)
        await Incidents(tx).put(incident)
    async with a_planner(servers, INCIDENT.take_up_by - SECOND) as early:
        await clockwork.look(early)
        assert await said(early, IncidentEvent.topic, incident.id) == []
    rights = an_actor("UNHCR", Role.RIGHTS_OFFICER)
    async with a_planner(servers, LATE) as first, a_planner(servers, LATE) as second:
        await asyncio.gather(*(clockwork.look(replica) for replica in (first, second, first, second)))
        assert await said(first, IncidentEvent.topic, incident.id) == ["planner.incident.escalated.v1"]
        async with second.database.begin(rights) as tx:
            await incidents.take_up(tx, rights, incident.id, 2)
        await clockwork.look(first)
        told = await said(first, IncidentEvent.topic, incident.id)
        assert told == ["planner.incident.escalated.v1", "planner.incident.taken_up.v1"]


@pytest.mark.system
async def test_where_nobody_is_left_to_read_it_the_clock_looks_again_later(servers: RunningServers):
    incident = INCIDENT.model_copy(update={"id": uuid7(), "period_id": uuid7(), "version": 1, "sent_to": ("LK",)})
    gone = {"NZ": a_word("joined"), "LK": a_word("left")}
    period = a_planned("LK", answers=gone).model_copy(update={"id": incident.period_id})
    async with a_planner(servers, LATE) as service:
        async with service.database.begin() as tx:
            await Periods(tx).put(period)
            await Incidents(tx).put(incident)
        await clockwork.look(service)
        assert await said(service, IncidentEvent.topic, incident.id) == []
        async with service.database.begin() as tx:
            assert incident.id not in await Incidents(tx).due()
            await Periods(tx).put(period.model_copy(update={"answers": {"NZ": gone["NZ"]}}))
    async with a_planner(servers, LATE + incidents.take_up_within) as later:
        await clockwork.look(later)
        assert await said(later, IncidentEvent.topic, incident.id) == ["planner.incident.escalated.v1"]


LATE = NOON + timedelta(days=40)
SECOND = timedelta(seconds=1)


@pytest.mark.system
async def test_of_replicas_that_look_at_the_same_moment_one_tells_it_and_after_a_restart_nobody_tells_it_again(
    servers: RunningServers, due: tuple[UUID, UUID]
):
    consultation, activity = due
    async with a_planner(servers, LATE) as first, a_planner(servers, LATE) as second:
        await asyncio.gather(*(clockwork.look(replica) for replica in (first, second, first, second)))
    async with a_planner(servers, LATE + timedelta(days=1)) as after:
        await clockwork.look(after)
        assert await said(after, ConsultationEvent.topic, consultation) == ["planner.consultation.unanswered.v1"]
        assert await said(after, ActivityEvent.topic, activity) == ["planner.activity.overdue.v1"]


@pytest.mark.system
async def test_a_period_begins_closes_and_is_sealed_once_each_at_its_moment_whoever_looks(servers: RunningServers):
    period = a_period(
        id=uuid7(), state=PeriodState.ADOPTED, by_clock=True, plans=(a_plan(NZ="endorsed", LK="endorsed"),), adopted=1
    )
    moments = (period.begins - SECOND, period.begins, period.ends - SECOND, period.ends, period.ends + SECOND)
    async with a_planner(servers, moments[0]) as service, service.database.begin() as tx:
        await Periods(tx).put(period)
    told = []
    for moment in moments:
        async with a_planner(servers, moment) as first, a_planner(servers, moment) as second:
            await asyncio.gather(*(clockwork.look(replica) for replica in (first, second, first)))
            told.append([name.split(".", 1)[1] for name in await said(first, PeriodEvent.topic, period.id)])
    begun, over = "period.activated.v1", ["period.closed.v1", "period.sealed.v1"]
    assert told == [[], [begun], [begun], [begun, *over], [begun, *over]]


@pytest.mark.system
async def test_nothing_is_told_before_its_time(servers: RunningServers, due: tuple[UUID, UUID]):
    consultation, activity = due
    async with a_planner(servers, NOON + timedelta(hours=3)) as early:
        await clockwork.look(early)
        assert await said(early, ConsultationEvent.topic, consultation) == []
        assert await said(early, ActivityEvent.topic, activity) == []


@pytest.mark.system
async def test_what_another_replica_finds_and_has_not_done_yet_is_decided_under_the_lock(
    servers: RunningServers, due: tuple[UUID, UUID]
):
    _, activity = due
    async with a_planner(servers, LATE) as first, a_planner(servers, LATE) as second:
        async with first.database.begin() as tx:
            await programme.tell_overdue(tx, activity)
            async with second.database.begin() as looking:
                assert activity in await Activities(looking).due()  # nobody has committed anything yet
            waiting = asyncio.create_task(clockwork.look(second))
            async with asyncio.timeout(10):
                while not (await tx.sql("SELECT count(*) AS n FROM pg_locks WHERE NOT granted"))[0]["n"]:
                    await asyncio.sleep(0)
        await waiting
        assert await said(first, ActivityEvent.topic, activity) == ["planner.activity.overdue.v1"]


@pytest.mark.system
async def test_an_overdue_task_is_told_by_one_of_the_replicas_that_look_and_by_none_after_a_restart(servers: RunningServers):
    period, task = a_period(), Task(id=uuid7(), title="Brief the airport", party="NZ", due=NOON + timedelta(days=2))
    operation = an_operation(period_id=period.id, tasks=(task,))
    async with a_planner(servers, NOON) as service:
        async with service.database.begin() as tx:
            await Periods(tx).put(period)
            await Operations(tx).put(operation)
        await clockwork.look(service)
        assert await said(service, DetailEvent.topic, operation.id) == []
    async with a_planner(servers, LATE) as first, a_planner(servers, LATE) as second:
        await asyncio.gather(*(clockwork.look(replica) for replica in (first, second, first, second)))
    async with a_planner(servers, LATE + timedelta(days=1)) as after:
        await clockwork.look(after)
        assert await said(after, DetailEvent.topic, operation.id) == ["planner.task.overdue.v1"]
