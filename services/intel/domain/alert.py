"""An alert: graded and labelled, published to parties, and taken back by its originator if it must be."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.intel import (
    AlertBodyPublished,
    AlertBodyRecalled,
    AlertPublished,
    AlertRecalled,
    Grading,
)
from shared.parties import PARTIES
from shared.vocabulary import (
    TLP,
    AlertKind,
    AlertState,
    GradingScale,
    HandlingCode,
    Information4x4,
    InformationAdmiralty,
    Labelled,
    Precedence,
    Role,
    Source4x4,
    SourceAdmiralty,
)

S = AlertState
NEXT: dict[AlertState, set[AlertState]] = {
    S.DRAFTED: {S.PUBLISHED},
    S.PUBLISHED: {S.EXPIRED, S.RECALLED},
    S.EXPIRED: {S.RECALLED},
    S.RECALLED: set(),
}
LONGEST = timedelta(days=365)
GRADES: dict[GradingScale, tuple[type[Labelled], type[Labelled]]] = {
    GradingScale.ADMIRALTY: (SourceAdmiralty, InformationAdmiralty),
    GradingScale.FOUR_BY_FOUR: (Source4x4, Information4x4),
}
# each of these says that its reader may pass it on, and H2 says that nobody may
PASSED_ON_FREELY = frozenset({TLP.CLEAR, TLP.GREEN})


class NotThisState(Conflict):
    """The alert is in a state in which this does not happen."""


class Message(BaseModel):
    """What the alert says. It is gone once the alert is recalled."""

    model_config = ConfigDict(frozen=True)
    title: str
    text: str
    language: str
    grading: Grading


class Alert(BaseModel):
    """The aggregate. `version` counts changes to the alert itself; its recipients' lines move on beside it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    originator: str
    version: int = 0
    state: AlertState = S.DRAFTED
    kind: AlertKind
    tlp: TLP = TLP.AMBER_STRICT
    handling: HandlingCode = HandlingCode.H1
    handling_text: str = ""
    precedence: Precedence = Precedence.ROUTINE
    recipients: tuple[str, ...]
    valid_until: datetime
    period_id: UUID | None = None
    published_by: str
    published_at: datetime
    message: Message | None

    @classmethod
    def publish(cls, alert: "Alert", by: Actor) -> tuple["Alert", AlertPublished, AlertBodyPublished]:
        """Send it out, from what its officer asks.

        Raises:
            Invalid: fields that break a rule; all of them are named.
            Forbidden: the officer would not be among its readers.
        """
        errors = tuple(alert._problems())
        if errors:
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        others = tuple(sorted(set(alert.recipients) - {alert.originator}))
        # nobody's setting slows a distress call down
        distress = alert.kind is AlertKind.DISTRESS_AT_SEA
        precedence = Precedence.FLASH if distress else alert.precedence
        published = alert._become(S.PUBLISHED, recipients=others, precedence=precedence)
        if not by.reads(published.audience):
            raise Forbidden("A TLP:RED alert is read by liaison officers and coordinators; you are neither.")
        assert published.message
        headline = AlertPublished(
            **published.model_dump(include=_HEADLINE),
            answer_due=published.answer_due,
            **published._envelope(),
        )
        return published, headline, AlertBodyPublished(**published.message.model_dump(), **published._envelope())

    def recall(
        self, reason: str, by: Actor, at: datetime
    ) -> tuple[Self, AlertRecalled, AlertBodyRecalled]:
        """Take it back: the text is forgotten here, and every receiver purges it and says so."""
        if by.party != self.originator:
            raise Forbidden(f"This is an alert of {self.originator}; only {self.originator} recalls it.")
        if Role.COORDINATOR not in by.roles and by.id != self.published_by:
            raise Forbidden("A coordinator or the officer who published the alert recalls it.")
        if not reason.strip():
            raise Invalid.field("reason", "Say why the alert is taken back; its readers will see this.")
        changed = self._become(S.RECALLED, message=None)
        said = changed._envelope()
        return changed, AlertRecalled(at=at, by=by.name, **said), AlertBodyRecalled(at=at, reason=reason, **said)

    @property
    def answer_due(self) -> datetime:
        return self.published_at + self.precedence.answer_due

    @property
    def audience(self) -> tuple[str, ...]:
        """The originator and all recipients."""
        return self._readers(self.originator, *self.recipients)

    def line_audience(self, recipient: str) -> tuple[str, ...]:
        """How far one recipient has come is between it and the originator."""
        return self._readers(self.originator, recipient)

    def require_visible(self, by: Actor) -> None:
        """Raises NotFound for whoever it was not sent to."""
        if not by.reads(self.audience):
            raise NotFound

    def _readers(self, *parties: str) -> tuple[str, ...]:
        """TLP:RED names roles and not parties, so it reaches no feed, mail or export."""
        if self.tlp is not TLP.RED:
            return audience_of(parties)
        # the support office has neither liaison officers nor a coordinator of its own
        office = [party for party in parties if PARTIES[party].kind == "coordination"]
        return audience_of(liaison_officer=parties, coordinator=parties, rso_officer=office)

    def _problems(self) -> list[FieldError]:
        found = []
        assert self.message
        if not self.message.title.strip():
            found.append(FieldError("title", "Give the alert a title."))
        if not self.message.text.strip():
            found.append(FieldError("text", "Say what the others should know."))
        found += _grading_problems(self.message.grading)
        if not set(self.recipients) - {self.originator}:
            found.append(FieldError("recipients", "Name at least one party other than your own."))
        if not self.published_at < self.valid_until <= self.published_at + LONGEST:
            found.append(FieldError("valid_until", "An alert is valid until a time to come, a year ahead at most."))
        if self.handling is HandlingCode.H3 and not self.handling_text.strip():
            found.append(FieldError("handling_text", "H3 says its restriction in words."))
        if self.handling is not HandlingCode.H3 and self.handling_text.strip():
            found.append(FieldError("handling_text", "Only H3 has a restriction in words."))
        if self.handling is HandlingCode.H2 and self.tlp in PASSED_ON_FREELY:
            found.append(FieldError("handling", f"{self.tlp.label} lets readers pass it on, and H2 forbids that."))
        return found

    def _become(self, state: AlertState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            raise NotThisState(f"An alert that is {self.state.value} does not become {state.value}.")
        return self.model_copy(update={**changes, "state": state, "version": self.version + 1})

    def _envelope(self) -> dict[str, object]:
        return {
            "alert_id": self.id,
            "version": self.version,
            "party": self.originator,
            "audience": self.audience,
            "tlp": self.tlp,
        }


_HEADLINE = {"kind", "recipients", "precedence", "handling", "handling_text", "valid_until", "period_id"}


def _grading_problems(grading: Grading) -> list[FieldError]:
    """A grading is kept in its own scale, so each letter and number must be one of that scale's."""
    source, information = GRADES[grading.scale]
    found = []
    for name, value, scale in (("source", grading.source, source), ("information", grading.information, information)):
        if value not in {member.value for member in scale}:
            values = ", ".join(member.value for member in scale)
            found.append(FieldError(f"grading.{name}", f"The {grading.scale.label} scale has {values}."))
    return found
