"""A period of very many operations is sealed in parts: its debrief waits for the operations of all of them."""

import pytest
from uuid_utils.compat import uuid7

from shared.events.planner import PeriodSealed
from tests.debrief.story import Story
from tests.debrief.test_consumers import compiled
from tests.intel.hearing import Ear

pytestmark = pytest.mark.system


async def test_a_seal_in_parts_names_the_operations_of_all_of_them(debrief: Ear):
    story = Story()
    first, second = story.operation("NZ"), story.operation("LK")
    story.close()
    *until_closed, sealed = story.period
    assert isinstance(sealed, PeriodSealed)
    parts = [sealed.model_copy(update={"id": uuid7(), "operations": (one,), "part": part})
             for part, one in enumerate(sealed.operations, 1)]  # fmt: skip
    await debrief.hear(*until_closed, *story.operations[second], *parts)
    assert "still on its way" in str((await compiled(debrief, story.id)).content), "of the first nothing was heard yet"
    await debrief.hear(*story.operations[first])
    assert "still on its way" not in str((await compiled(debrief, story.id)).content)
