"""What a scenario file says, checked when it is read: who does what, and when by the played clock."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from deploy.embedded.places import Trouble
from shared.parties import PartyCode
from shared.vocabulary import (
    TLP,
    AlertKind,
    Answer,
    DetailAudience,
    Focus,
    GradingScale,
    HandlingCode,
    Indicator,
    OperationKind,
    PlanAnswer,
    Precedence,
    Role,
    UpdateKind,
)

FOLDER = Path(__file__).parent
MADE_UP = "made up"


class Part(BaseModel):
    """A part of the file; a key that is not known is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Account(Part):
    """Who takes part, by what the account is for: no person is named."""

    username: str
    party: PartyCode
    roles: tuple[Role, ...]
    name: str


class Act(Part):
    """Someone does something at a moment."""

    at: AwareDatetime
    by: str


class Reasoned(Act):
    """With a reason, in the words of whoever does it."""

    reason: str


class Objective(Part):
    key: str
    title: str
    indicator: Indicator
    baseline: int
    target: int


class Checkpoint(Part):
    name: str
    day: date


class Invited(Act):
    """A state's word on the invitation."""

    answer: Answer
    reservation: str = ""


class Endorsement(Act):
    """A state's word on a version of the plan."""

    answer: PlanAnswer
    reason: str = ""


class Section(Part):
    title: str
    text: str


class PlanVersion(Act):
    sections: tuple[Section, ...]
    rights_officers: tuple[PartyCode, ...] = ()
    answers: tuple[Endorsement, ...]


class Period(Part):
    """The period and its own steps."""

    title: str
    focus: tuple[Focus, ...]
    first_day: date
    last_day: date
    co_chairs: tuple[PartyCode, ...]
    invited: tuple[PartyCode, ...]
    supporting: tuple[PartyCode, ...]
    objectives: tuple[Objective, ...]
    checkpoints: tuple[Checkpoint, ...]
    proposed: Act
    answers: tuple[Invited, ...]
    plans: tuple[PlanVersion, ...]
    adopted: Act
    activated: Act
    closed: Act


class Update(Act):
    """What an officer posts, and what the coordinator then does with it."""

    key: str
    kind: UpdateKind
    happened_at: AwareDatetime
    place: str
    language: str
    text: str
    counts: dict[Indicator, int] = {}
    supersedes: str | None = None
    returned: Reasoned | None = None
    validated: Act | None = None


class Window(Part):
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Point(Part):
    """A place by its position; degrees, WGS 84."""

    kind: Literal["point"]
    latitude: float
    longitude: float
    name: str


class Operation(Part):
    """An operation from its draft to its end. `released` means that the headline was held until then."""

    key: str
    party: PartyCode
    kind: OperationKind
    title: str
    window: Window
    objective: str
    place: str
    points: tuple[Point, ...] = ()
    narrative: str
    tactics: str
    resources: str
    contacts: str
    detail_audience: DetailAudience
    drafted: Act
    scheduled: Act
    released: Act | None = None
    started: Act
    completed: Act
    updates: tuple[Update, ...]


class Grading(Part):
    scale: GradingScale
    source: str
    information: str


class Alert(Act):
    """What a state tells others, and what they answer."""

    key: str
    kind: AlertKind
    title: str
    text: str
    language: str
    grading: Grading
    tlp: TLP
    handling: HandlingCode
    precedence: Precedence
    recipients: tuple[PartyCode, ...]
    valid_until: AwareDatetime
    acknowledged: tuple[Act, ...]
    recalled: Reasoned | None = None


class Attached(Part):
    """A file that goes with an update; it is made when it is played, and says itself that it is made up."""

    name: str
    title: str
    text: str


class Command(Act):
    """Anything else that a party does: a POST below /api/v1. In path and body `@key` stands for the id of that thing.

    `makes` and `on` are keys: of what it makes, and of what must not have changed since. `finds`: a list of whoever acts,
    of which the newest thing gets the key `makes` first. `refused`: the status with which the server must refuse it.
    `file`: uploaded first, and named in the body.
    """

    lane: str
    path: str
    body: dict[str, Any] = {}
    on: str | None = None
    makes: str | None = None
    tells: str = ""
    refused: int | None = None
    finds: str = ""
    file: Attached | None = None


class Scenario(Part):
    """One scenario file."""

    illustrative: str
    notes: tuple[str, ...]
    source: str
    published: dict[Indicator, int]
    places: dict[str, str]
    accounts: tuple[Account, ...]
    working_group: tuple[PartyCode, ...] = ()
    """Whom the operator names as its members before the play."""
    period: Period
    operations: tuple[Operation, ...]
    alerts: tuple[Alert, ...] = ()
    commands: tuple[Command, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        parties = {account.username: account.party for account in self.accounts}
        for operation in self.operations:
            if operation.place not in self.places:
                raise ValueError(f"{operation.key} is at {operation.place}, which is no place of this file.")
            for update in operation.updates:
                if parties.get(update.by) != operation.party:
                    raise ValueError(f"{update.key} is posted by {update.by}, who is not of {operation.party}.")
        return self

    @property
    def measure(self) -> str:
        """What its totals are held to: what was published, or the story itself where all of it is made up."""
        return "in the story" if self.source == MADE_UP else "published"

    @property
    def updates(self) -> Iterator[Update]:
        for operation in self.operations:
            yield from operation.updates

    def party_of(self, act: Act) -> str:
        """Whose act it is."""
        return next(account.party for account in self.accounts if account.username == act.by)

    def place(self, code: str) -> str:
        """As an officer writes it: the name, and the UN/LOCODE that is sure."""
        return f"{self.places[code]} ({code})"

    def sums(self) -> Counter[Indicator]:
        """What the story must add up to: validated updates that nothing supersedes."""
        superseded = {update.supersedes for update in self.updates}
        total: Counter[Indicator] = Counter()
        for update in self.updates:
            if update.validated and update.key not in superseded:
                total.update(update.counts)
        return total


def load(name: str) -> Scenario:
    """A scenario of this folder by its name, or any file by its path."""
    file = Path(name) if name.endswith(".yaml") else FOLDER / f"{name}.yaml"
    if not file.is_file():
        known = ", ".join(sorted(each.stem for each in FOLDER.glob("*.yaml")))
        raise Trouble(f"There is no scenario {name!r}: there are {known}.")
    return Scenario.model_validate(read(file))


def read(file: Path) -> Any:
    """The file as plain values; with libyaml where it is there, which is ten times as fast."""
    return yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
