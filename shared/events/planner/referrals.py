"""Referrals of possible victims: on `planner.details` for referrer and service, and as counts on `planner.operations`."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.planner.details import DetailEvent
from shared.events.planner.operations import OperationEvent
from shared.vocabulary import Exploitation, VictimIndicator


class ReferralEvent(DetailEvent):
    """For officers of the state that refers and for the protection service, by their roles: never in a feed."""

    referral_id: UUID
    version: int = 0


class ReferralMade(ReferralEvent):
    """A state refers a possible victim. No name: only that state knows whom the reference means."""

    type: ClassVar[str] = "planner.referral.made.v1"

    service: str
    reference: str
    indicators: tuple[VictimIndicator, ...]
    exploitation: tuple[Exploitation, ...] = ()
    made_at: datetime
    answer_by: datetime
    by: str


class ReferralAccepted(ReferralEvent):
    """The protection service takes the person on."""

    type: ClassVar[str] = "planner.referral.accepted.v1"

    at: datetime
    by: str
    note: str = ""


class ReferralRefused(ReferralEvent):
    """The protection service does not take the person on, and says why."""

    type: ClassVar[str] = "planner.referral.refused.v1"

    at: datetime
    by: str
    reason: str


class ReferralOverdue(ReferralEvent):
    """The time for an answer is over, and there is none. Said once."""

    type: ClassVar[str] = "planner.referral.overdue.v1"

    answer_by: datetime


class ReferralWithdrawn(ReferralEvent):
    """The state that referred takes it back."""

    type: ClassVar[str] = "planner.referral.withdrawn.v1"

    at: datetime
    by: str
    reason: str


class ReferralsCounted(OperationEvent):
    """How many referrals an operation has now, by where they stand: what everybody else sees of them.

    Small numbers are not suppressed: whoever may see the operation's headline may conclude from them.
    """

    type: ClassVar[str] = "planner.referrals.counted.v1"

    made: int
    overdue: int
    accepted: int
    refused: int
    withdrawn: int
