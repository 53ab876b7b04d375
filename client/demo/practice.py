"""A small period that runs when the demo is over, so that whoever looks round can post something: its own closed."""

from datetime import datetime, timedelta

from client.demo.api import Api
from client.demo.stage import Stage
from client.demo.story import Known, Step
from shared.vocabulary import Answer, DetailAudience, Focus, OperationKind, PlanAnswer

TITLE = "Practice period (made up)"
OFFICER, CHAIR = "nz.liaison1", "nz.chair"
COORDINATORS = ("nz.coordinator", "lk.coordinator")
DAYS = 28
_PERIOD, _OPERATION = "practice", "practice operation"


async def leave(api: Api, stage: Stage, now: datetime) -> None:
    """Two states, a plan of one sentence, one operation under way; nothing when it runs already."""
    found = (await api.get(CHAIR, "periods"))["items"]
    if not any(period["title"] == TITLE and period["status"] == "active" for period in found):
        await stage.play(steps(now))


def steps(now: datetime) -> list[Step]:
    """All in one lane, in order."""
    period, operation = ("periods", Known(_PERIOD)), ("operations", Known(_OPERATION))
    last = now + timedelta(days=DAYS - 1)

    def step(by: str, *path: str | Known, on: str | None = _PERIOD, makes: str | None = None, **body: object) -> Step:
        return Step(now, by, _PERIOD, path, body, on, makes)

    asked = {
        "title": TITLE, "focus": [Focus.TRAFFICKING_LABOUR], "co_chairs": ["NZ"], "invited": ["NZ", "LK"],
        "first_day": now.date().isoformat(), "last_day": last.date().isoformat(),
    }  # fmt: skip
    drafted = {
        "period_id": Known(_PERIOD), "kind": OperationKind.LABOUR_INSPECTION, "title": "Practice inspections",
        "window": {"starts_at": now.isoformat(), "ends_at": last.isoformat()}, "detail_audience": DetailAudience.OWN,
    }  # fmt: skip
    return [
        step(CHAIR, "periods", on=None, makes=_PERIOD, **asked),
        *(step(by, *period, "answers", answer=Answer.JOINED) for by in COORDINATORS),
        step(CHAIR, *period, "plan-versions", sections=[{"title": "Aim", "text": "Try the system."}]),
        *(step(by, *period, "plan-versions", "1", "answers", answer=PlanAnswer.ENDORSED) for by in COORDINATORS),
        step(CHAIR, *period, "adopt", plan_version=1),
        step(CHAIR, *period, "activate"),
        step(OFFICER, "operations", on=None, makes=_OPERATION, **drafted),
        step(COORDINATORS[0], *operation, "schedule", on=_OPERATION),
        step(OFFICER, *operation, "start", on=_OPERATION),
    ]
