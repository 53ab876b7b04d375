"""Whom a leaving party's reading is taken from: the party itself, in whatever role it read."""

import pytest

from services.planner.domain.leaving import taken_from
from shared.events.planner import DetailReaderLeft, ReaderLeft
from shared.vocabulary import DetailAudience, OperationState
from tests.builders import NOON, a_frame, an_operation

HEADLINE, BOTH = [ReaderLeft], [ReaderLeft, DetailReaderLeft]


@pytest.mark.parametrize(
    ("party", "audience", "taken"),
    [
        ("LK", DetailAudience.OWN, HEADLINE),
        ("LK", DetailAudience.PARTICIPANTS, BOTH),
        ("TH", DetailAudience.OWN, HEADLINE),  # presides without taking part: its co-chairs read by their role
        ("NZ", DetailAudience.PARTICIPANTS, []),
        ("AU", DetailAudience.PARTICIPANTS, []),
    ],
)
def test_all_that_a_party_read_by_taking_part_or_presiding_is_taken_from_it(
    party: str, audience: DetailAudience, taken: list[type]
):
    was = a_frame(joined=("NZ", "LK"), co_chairs=("NZ", "TH"))
    operation = an_operation(state=OperationState.SCHEDULED, detail_audience=audience)
    said = taken_from(party, operation, was, NOON)
    assert [type(one) for one in said] == taken
    assert {(one.reader, one.audience) for one in said} <= {(party, ())}
