"""The story as commands in the order of the played clock: each is one POST of one party to the public API."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from client.demo.scenario import Act, Alert, Attached, Command, Operation, Scenario, Update

PERIOD = "period"
TOGETHER = timedelta(hours=3)
"""What lies closer than this is played at once, except within a lane."""


@dataclass(frozen=True)
class Known:
    """The id that the system gave to what the scenario calls by this key."""

    key: str


@dataclass(frozen=True)
class Step:
    """One command. In a lane (the period, an operation, an alert) steps keep their order.

    `on` is what must not have changed since its version was last seen; `makes` is what the answer's id is kept as;
    with `reads` the thing is opened first, as a person would; `refused` is the status of the refusal that has to come.
    With `finds`, the newest thing of that list is what `makes` stands for. With `awaits` nothing is sent: the system's own
    clock does it, and the step is done when the thing at `path` shows this status. `file` is uploaded first.
    """

    at: datetime
    by: str
    lane: str
    path: tuple[str | Known, ...]
    body: dict[str, Any] = field(default_factory=dict)
    on: str | None = None
    makes: str | None = None
    tells: str = ""
    reads: bool = False
    awaits: str = ""
    refused: int | None = None
    finds: str = ""
    file: Attached | None = None

    @property
    def what(self) -> str:
        """The kind of step, for counting: its last plain word."""
        if self.awaits:
            return self.awaits
        words = [part for part in self.path if isinstance(part, str)]
        return next(word for word in reversed(words) if not word.isdigit())


def story(scenario: Scenario, title: str) -> list[Step]:
    """All steps, by the clock. The period gets the given title, so that a second play can be told from the first."""
    steps = [*_period(scenario, title)]
    for operation in scenario.operations:
        steps += _operation(scenario, operation)
    for alert in scenario.alerts:
        steps += _alert(scenario, alert)
    steps += [_command(command) for command in scenario.commands]
    return sorted(steps, key=lambda step: step.at)


def batches(steps: list[Step]) -> Iterator[list[Step]]:
    """What is played at once. A step of the period stands alone: it opens or ends what the others do."""
    batch: list[Step] = []
    for step in steps:
        alone = PERIOD in {step.lane, *(each.lane for each in batch)}
        if batch and (alone or step.at - batch[0].at > TOGETHER):
            yield batch
            batch = []
        batch.append(step)
    if batch:
        yield batch


def _period(scenario: Scenario, title: str) -> Iterator[Step]:
    period, known = scenario.period, Known(PERIOD)
    asked = period.model_dump(
        mode="json",
        include={"focus", "first_day", "last_day", "co_chairs", "invited", "supporting", "checkpoints"},
    )
    objectives = [objective.model_dump(mode="json", exclude={"key"}) for objective in period.objectives]
    yield _step(
        period.proposed, PERIOD, ("periods",), {"title": title, "objectives": objectives, **asked}, makes=PERIOD,
        tells=f"{scenario.party_of(period.proposed)} proposes the {title}",
    )  # fmt: skip
    for word in period.answers:
        body = word.model_dump(mode="json", include={"answer", "reservation"})
        yield _step(word, PERIOD, ("periods", known, "answers"), body, tells=f"{scenario.party_of(word)}: {word.answer}")
    for number, plan in enumerate(period.plans, 1):
        body = plan.model_dump(mode="json", include={"sections", "rights_officers"})
        path: tuple[str | Known, ...] = ("periods", known, "plan-versions")
        yield _step(plan, PERIOD, path, body, on=PERIOD, tells=f"Version {number} of the plan is published")
        for answer in plan.answers:
            body = answer.model_dump(mode="json", include={"answer", "reason"})
            tells = f"{scenario.party_of(answer)} on version {number}: {answer.answer}"
            yield _step(answer, PERIOD, (*path, str(number), "answers"), body, tells=tells)
    version = {"plan_version": len(period.plans)}
    yield _step(period.adopted, PERIOD, ("periods", known, "adopt"), version, on=PERIOD, tells="The plan is adopted")
    for act, status, tells in (
        (period.activated, "active", "The period begins by the clock"),
        (period.closed, "closed", "The period's last day is over"),
    ):
        yield Step(act.at, act.by, PERIOD, ("periods", known), tells=tells, awaits=status)


def _operation(scenario: Scenario, operation: Operation) -> Iterator[Step]:
    key, here = operation.key, ("operations", Known(operation.key))
    told = {"kind", "title", "window", "narrative", "tactics", "resources", "contacts", "detail_audience"}
    body = operation.model_dump(mode="json", include=told) | {
        "period_id": Known(PERIOD),
        "objective_id": Known(operation.objective),
        "place": scenario.place(operation.place),
        "places": [point.model_dump() for point in operation.points],
    }
    yield _step(operation.drafted, key, ("operations",), body, makes=key)
    held = operation.released is not None
    tells = f"{operation.party} schedules an operation and holds its headline" if held else ""
    yield _step(operation.scheduled, key, (*here, "schedule"), {"hold": held}, on=key, tells=tells)
    if operation.released:
        tells = f"{operation.party} releases the headline that it held"
        yield _step(operation.released, key, (*here, "release-headline"), on=key, tells=tells)
    yield _step(operation.started, key, (*here, "start"), on=key)
    for update in operation.updates:
        yield from _update(scenario, operation, update)
    yield _step(operation.completed, key, (*here, "complete"), on=key)


def _update(scenario: Scenario, operation: Operation, update: Update) -> Iterator[Step]:
    body = update.model_dump(mode="json", include={"kind", "happened_at", "text", "language", "counts"})
    body["place"] = scenario.place(update.place)
    tells = ""
    if update.supersedes:
        body["supersedes"] = Known(update.supersedes)
        tells = f"{operation.party} corrects a result"
    path: tuple[str | Known, ...] = ("operations", Known(operation.key), "updates")
    yield _step(update, operation.key, path, body, makes=update.key, tells=tells)
    here = ("updates", Known(update.key))
    if update.returned:
        reason, tells = {"reason": update.returned.reason}, f"{operation.party} returns a result with a question"
        yield _step(update.returned, operation.key, (*here, "return"), reason, on=update.key, tells=tells)
    if update.validated:
        tells = f"{operation.party} validates it after all" if update.returned else ""
        yield _step(update.validated, operation.key, (*here, "validate"), on=update.key, tells=tells)


def _alert(scenario: Scenario, alert: Alert) -> Iterator[Step]:
    left_out = {"key", "at", "by", "acknowledged", "recalled"}
    body = alert.model_dump(mode="json", exclude=left_out) | {"period_id": Known(PERIOD)}
    tells = (
        f"{scenario.party_of(alert)} alerts {', '.join(alert.recipients)}: {alert.kind.label.lower()}, {alert.precedence}"
    )
    yield _step(alert, alert.key, ("alerts",), body, makes=alert.key, tells=tells)
    here = ("alerts", Known(alert.key))
    for act in alert.acknowledged:
        yield _step(act, alert.key, (*here, "acknowledge"), reads=True)
    if alert.recalled:
        reason, tells = {"reason": alert.recalled.reason}, f"{scenario.party_of(alert)} recalls an alert"
        yield _step(alert.recalled, alert.key, (*here, "recall"), reason, on=alert.key, tells=tells)


def _command(said: Command) -> Step:
    path = tuple(Known(part[1:]) if part.startswith("@") else part for part in said.path.split("/"))
    return Step(
        said.at, said.by, said.lane, path, {name: _meant(value) for name, value in said.body.items()}, said.on, said.makes,
        said.tells, refused=said.refused, finds=said.finds, file=said.file,
    )  # fmt: skip


def _meant(value: Any) -> Any:
    """With what stands for an id in the place of its key, however deep."""
    if isinstance(value, str) and value.startswith("@"):
        return Known(value[1:])
    if isinstance(value, list):
        return [_meant(each) for each in value]
    if isinstance(value, dict):
        return {name: _meant(each) for name, each in value.items()}
    return value


def _step(
    act: Act,
    lane: str,
    path: tuple[str | Known, ...],
    body: dict[str, Any] | None = None,
    *,
    on: str | None = None,
    makes: str | None = None,
    tells: str = "",
    reads: bool = False,
) -> Step:
    return Step(act.at, act.by, lane, path, body or {}, on, makes, tells, reads)
