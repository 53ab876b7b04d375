"""What was reported before incidents had rows is to be taken up as well: on the planner's real database."""

from importlib import import_module

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.incident import Incident
from services.planner.repository import Operations, Periods
from services.planner.repository_protection import Incidents
from services.planner.usecases import incidents
from shared.vocabulary import Role
from tests.builders import NOON, an_actor, an_officer, an_operation
from tests.planner.test_clockwork import a_planner
from tests.planner.test_incident import INCIDENT, a_planned
from tests.servers import RunningServers

pytestmark = pytest.mark.system

REPORTED: str = import_module("services.planner.migrations.versions.0011_incidents_that_are_taken_up").REPORTED


async def test_an_incident_that_only_its_event_tells_of_is_waiting_as_one_that_is_reported_now(servers: RunningServers):
    period = a_planned("LK", "UNHCR").model_copy(update={"id": uuid7()})
    operation = an_operation(period_id=period.id).model_copy(update={"id": uuid7()})
    given = INCIDENT.model_copy(
        update={"id": uuid7(), "operation_id": operation.id, "period_id": period.id, "place": "Pier", "language": "en"}
    )
    officer, rights = an_officer("NZ"), an_actor("LK", Role.RIGHTS_OFFICER)
    async with a_planner(servers, NOON) as service:
        async with service.database.begin() as tx:
            await Periods(tx).put(period)
            await Operations(tx).put(operation)
        async with service.database.begin(officer) as tx:
            reported = await incidents.report(tx, officer, given)
        async with service.database.begin() as tx:
            await tx.sql("DELETE FROM incident")
            await tx.sql(REPORTED)
            kept: Incident = await Incidents(tx).get(given.id)
        assert kept.model_copy(update={"take_up_by": reported.take_up_by}) == reported
        assert kept.take_up_by > reported.take_up_by, "a day from the change on, by the database's clock"
        async with service.database.begin(rights) as tx:
            assert (await incidents.take_up(tx, rights, given.id, 1)).version == 2
        async with service.database.begin() as tx:
            await tx.sql("DELETE FROM incident")
