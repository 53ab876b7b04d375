"""The referral of a possible victim: from a state to a protection service, without a name; answered, or overdue."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import Frame
from services.planner.domain.joint import require_consented
from services.planner.domain.operation import Operation
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import (
    ReferralAccepted,
    ReferralMade,
    ReferralOverdue,
    ReferralRefused,
    ReferralsCounted,
    ReferralWithdrawn,
)
from shared.vocabulary import Exploitation, ReferralState, VictimIndicator

S = ReferralState
NEXT: dict[ReferralState, set[ReferralState]] = {
    S.MADE: {S.ACCEPTED, S.REFUSED, S.OVERDUE, S.WITHDRAWN},
    S.OVERDUE: {S.ACCEPTED, S.REFUSED, S.WITHDRAWN},
    S.ACCEPTED: set(),
    S.REFUSED: set(),
    S.WITHDRAWN: set(),
}
REFERENCE = re.compile(r"[A-Za-z]{0,6}[-/]?\d[\d/-]{0,30}")
"""Letters of an office and then a number: there is no room for a name."""


class ReferralAnswered(Conflict):
    """It has left the state in which this happens."""


class Referral(BaseModel):
    """The aggregate. It lives on its operation's topics; the operation is locked before it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    operation_id: UUID
    period_id: UUID
    party: str
    service: str
    version: int = 0
    state: ReferralState = S.MADE
    reference: str
    indicators: tuple[VictimIndicator, ...]
    exploitation: tuple[Exploitation, ...] = ()
    made_at: datetime
    answer_by: datetime

    @classmethod
    def make(cls, referral: "Referral", operation: Operation, frame: Frame, by: Actor) -> tuple["Referral", ReferralMade]:
        """A new one, from an officer at work on an operation of the own state, alone or jointly, in whatever state that is.

        Raises:
            Invalid: fields that break a rule; all of them are named.
            PeriodNotOpen: nothing of the period changes any more.
        """
        require_consented(operation, by, frame)
        frame.require_not_over()
        if errors := tuple(referral._problems()):
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        made = referral._next()
        told = made.model_dump(include={"service", "reference", "indicators", "exploitation", "made_at", "answer_by"})
        return made, ReferralMade(**told, by=by.name, **made._envelope(made.party))

    @property
    def readers(self) -> tuple[str, ...]:
        """Officers of the state that refers, and the protection service, each by its role: nobody else, and no feed."""
        own = (self.party,)
        return audience_of(liaison_officer=own, coordinator=own, protection_service=(self.service,))

    @property
    def due_at(self) -> datetime | None:
        """When the clock has to look at it."""
        return self.answer_by if self.state is S.MADE else None

    def accept(self, note: str, by: Actor, now: datetime) -> tuple[Self, ReferralAccepted]:
        self._require_service(by)
        changed = self._become(S.ACCEPTED)
        return changed, ReferralAccepted(note=note, at=now, by=by.name, **changed._envelope(self.service))

    def refuse(self, reason: str, by: Actor, now: datetime) -> tuple[Self, ReferralRefused]:
        self._require_service(by)
        _need(reason, "Say why; the state that refers has to find another way.")
        changed = self._become(S.REFUSED)
        return changed, ReferralRefused(reason=reason, at=now, by=by.name, **changed._envelope(self.service))

    def withdraw(self, reason: str, by: Actor, now: datetime) -> tuple[Self, ReferralWithdrawn]:
        """As long as it is not answered."""
        self.require_visible(by)
        if by.party != self.party or not by.reads(audience_of(liaison_officer=[self.party], coordinator=[self.party])):
            raise Forbidden(f"{self.party} made this referral; only its officers withdraw it.")
        _need(reason, "Say why it is withdrawn.")
        changed = self._become(S.WITHDRAWN)
        return changed, ReferralWithdrawn(reason=reason, at=now, by=by.name, **changed._envelope(self.party))

    def tell_overdue(self, now: datetime) -> tuple[Self, ReferralOverdue] | None:
        """The time for an answer is over: told once. None when there is nothing to tell (any more)."""
        if self.due_at is None or self.due_at > now:
            return None
        changed = self._become(S.OVERDUE)
        return changed, ReferralOverdue(answer_by=self.answer_by, **changed._envelope(""))

    def require_visible(self, by: Actor) -> None:
        """Raises NotFound for whoever is neither an officer of the state that refers nor of the service."""
        if not by.reads(self.readers):
            raise NotFound

    def _require_service(self, by: Actor) -> None:
        self.require_visible(by)
        if not by.reads(audience_of(protection_service=[self.service])):
            raise Forbidden("Only the protection service to which it was made answers it.")

    def _problems(self) -> list[FieldError]:
        found = []
        if not REFERENCE.fullmatch(self.reference):
            said = "A reference of your own, such as PH-2026-114, that only your state can resolve; never a name."
            found.append(FieldError("reference", said))
        if not self.indicators:
            found.append(FieldError("indicators", "Say what makes you think of a victim."))
        if self.answer_by <= self.made_at:
            found.append(FieldError("answer_by", "The time for an answer is over before it begins."))
        return found

    def _become(self, state: ReferralState) -> Self:
        if state not in NEXT[self.state]:
            raise ReferralAnswered(f"A referral that is {self.state.value} does not become {state.value}.")
        return self._next(state=state)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _envelope(self, party: str) -> dict[str, object]:
        return {
            "referral_id": self.id,
            "operation_id": self.operation_id,
            "period_id": self.period_id,
            "version": self.version,
            "party": party,
            "audience": self.readers,
        }


def counted(counts: Mapping[str, int], operation: Operation, frame: Frame) -> ReferralsCounted | None:
    """What the readers of the operation's headline see of its referrals; nothing while there is none."""
    if not counts:
        return None
    return ReferralsCounted(
        operation_id=operation.id, period_id=operation.period_id, party=operation.owner,
        audience=operation.headline_readers(frame), **{state.value: counts.get(state.value, 0) for state in S},
    )  # fmt: skip


def _need(reason: str, said: str) -> None:
    if not reason.strip():
        raise Invalid.field("reason", said)
