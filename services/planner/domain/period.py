"""A joint period: proposed by co-chairs, answered by states, planned, adopted by all, run, amended, closed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from services.planner.domain.convened import ASKED, LEFT, RUNS
from services.planner.domain.plan import EndorsementsMissing, Given, Plan, words
from services.planner.domain.planned import Planned
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid
from shared.events.base import audience_of
from shared.events.planner import (
    InvitationAnswered,
    InvitationExtended,
    InvitationUnanswered,
    ParticipantLeft,
    PartiesInvited,
    PeriodActivated,
    PeriodArchived,
    PeriodCancelled,
    PeriodClosed,
    PeriodEvent,
    PeriodProposed,
    PlanAmended,
    PlanAnswered,
    Proposal,
)
from shared.vocabulary import Answer, PeriodState, PlanAnswer

S = PeriodState
LONGEST_DAYS = 366
PART_BYTES = 150_000
"""Of words and versions of the plan in one invitation, unless one version alone has more."""


class AnswerTooLate(Conflict):
    """The time for answers is over. Who was silent has not consented to anything."""


class Period(Planned):
    """The aggregate. Every change returns the new state and the fact to announce."""

    @classmethod
    def propose(cls, period: "Period", by: Actor, at: datetime) -> tuple["Period", PeriodProposed]:
        """A new period, from what its co-chairs ask.

        Raises:
            Invalid: a field breaks a rule; all of them are named.
        """
        errors = tuple(_problems(period, by, at))
        if errors:
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        fields = PeriodProposed.model_fields.keys() & cls.model_fields.keys()
        said = {name: getattr(period, name) for name in fields if name not in {"id", "version"}}
        proposed = period._next()
        return proposed, PeriodProposed(**said, **proposed._envelope(by))

    def answer(
        self, answer: Answer, reservation: str, by: Actor, at: datetime, plan_version: int | None = None
    ) -> tuple[Self, *tuple[PlanAnswered | InvitationAnswered, ...]]:
        """An invited party's word. Once a plan is in force, a party that joins endorses that version first.

        Who was silent in time may still say no: silence binds nobody.
        """
        self.require_visible(by)
        if by.party not in {*self.invited, *self.co_chairs}:
            raise Forbidden("Only an invited party answers the invitation.")
        self._require(*ASKED, doing="Invitations are answered until the period is closed.")
        if self.answer_by and at > self.answer_by and not (answer is Answer.DECLINED and by.party in self.silent):
            raise AnswerTooLate(f"Answers were due by {self.answer_by:%d %b %Y, %H:%M %Z}; a co-chair may extend that.")
        if self.state in RUNS:
            if by.party in self.participants:
                raise Conflict(f"{by.party} takes part. To be out of it, it leaves.")
            if answer is Answer.JOINED:
                return self._join(reservation, by, at, plan_version)
        if plan_version is not None:
            raise Invalid.field("plan_version", "A version is endorsed with this answer only to join once it is in force.")
        return self._answered(answer, reservation, by, at)

    def _join(
        self, reservation: str, by: Actor, at: datetime, plan_version: int | None
    ) -> tuple[Self, *tuple[PlanAnswered | InvitationAnswered, ...]]:
        if plan_version != self.adopted:
            raise EndorsementsMissing(f"Version {self.adopted} of the plan is in force: who joins endorses that version.")
        next(plan for plan in self.plans if plan.number == self.adopted).require_not_own(by)
        number, given = plan_version or 0, Given(answer=PlanAnswer.ENDORSED, by=by.name, at=at)
        plans = tuple(plan.with_word(by.party, given) if plan.number == number else plan for plan in self.plans)
        endorsed = self._next(plans=plans)
        word = PlanAnswered(plan_version=number, answer=PlanAnswer.ENDORSED, by=by.name, **endorsed._envelope(by))
        joined, said = endorsed._answered(Answer.JOINED, reservation, by, at)
        return joined, word, said

    def _answered(self, answer: Answer, reservation: str, by: Actor, at: datetime) -> tuple[Self, InvitationAnswered]:
        given = Given(answer=answer, by=by.name, at=at, note=reservation)
        changed = self._next(answers={**self.answers, by.party: given})
        said = changed._last_word(by)
        return changed, InvitationAnswered(answer=answer, by=by.name, reservation=reservation, **said)

    def extend(self, answer_by: datetime, by: Actor, at: datetime) -> tuple[Self, InvitationExtended]:
        """Give the invited parties more time."""
        self.require_co_chair(by)
        self._require(*ASKED, doing="Invitations are answered until the period is closed.")
        if self.answer_by is None:
            raise Conflict("This invitation has no deadline.")
        if answer_by <= max(at, self.answer_by):
            raise Invalid.field("answer_by", "An extension ends later than now, and later than the time set before.")
        changed = self._next(answer_by=answer_by, silence_told=False)
        return changed, InvitationExtended(answer_by=answer_by, by=by.name, **changed._envelope(by))

    def invite(
        self, invited: tuple[str, ...], supporting: tuple[str, ...], answer_by: datetime | None, by: Actor, at: datetime
    ) -> tuple[Self, *tuple[PartiesInvited, ...]]:
        """Ask further parties, or once more those that declined or left; they get what those asked know by now.

        Raises:
            Invalid: someone is asked already, or its time for an answer would be over.
        """
        self.require_co_chair(by)
        self._require(*ASKED, doing="Parties are invited until the period is closed.")
        newcomers = audience_of((*invited, *supporting))
        until = answer_by or self.answer_by
        errors = []
        if known := ({*self.co_chairs, *self.invited, *self.supporting} - self.gone) & set(newcomers):
            errors.append(FieldError("invited", f"{', '.join(sorted(known))}: invited already."))
        if set(invited) & set(supporting) or not newcomers:
            errors.append(FieldError("invited", "Name at least one party, and each once."))
        if until and until <= at:
            errors.append(FieldError("answer_by", "The time for answers is over: set a later one."))
        if answer_by and self.answer_by and answer_by < self.answer_by:
            errors.append(FieldError("answer_by", "Nobody gets less time than was said before."))
        if errors:
            raise Invalid("Some of this cannot be accepted.", errors=tuple(errors))
        changed = self._next(
            invited=(*(party for party in self.invited if party not in newcomers), *invited),
            supporting=(*(party for party in self.supporting if party not in newcomers), *supporting),
            answers={party: given for party, given in self.answers.items() if party not in newcomers},
            answer_by=until,
            silence_told=False,
        )
        said = {name: getattr(changed, name) for name in Proposal.model_fields.keys() & Period.model_fields.keys()}
        told: list[PartiesInvited] = []
        given = words(changed.answers)
        beside = sum(len(word.model_dump_json().encode()) for word in given)
        for part, plans in enumerate(_parts(changed.plans, beside), 1):
            changed = changed._next() if told else changed
            told.append(PartiesInvited(
                **{**said, **changed._envelope(by)}, newcomers=newcomers, status=changed.state, adopted=changed.adopted,
                words=() if told else given, plans=tuple(plan.standing for plan in plans), by=by.name,
                part=part,
            ))  # fmt: skip
        return changed, *told

    def leave(self, reason: str, by: Actor, at: datetime) -> tuple[Self, ParticipantLeft, *tuple[PlanAmended, ...]]:
        """A party is out of it at once. What waited for its word alone waits no more."""
        self.require_visible(by)
        if by.party not in self.answers or by.party in self.gone:
            raise Forbidden("Only a party that takes part or watches leaves.")
        self._require(*ASKED, doing="A period is left before it is closed.")
        given = Given(answer=LEFT, by=by.name, at=at, note=reason)
        changed = self._next(answers={**self.answers, by.party: given})
        said = ParticipantLeft(by=by.name, reason=reason, **changed._last_word(by))
        amended, *more = changed._amended(by)
        return amended, said, *more

    def activate(self, by: Actor, at: datetime) -> tuple[Self, PeriodActivated]:
        """It runs; before its last day is over it then closes by itself."""
        self.require_co_chair(by)
        return self._activated(by, at)

    def _activated(self, by: Actor, at: datetime) -> tuple[Self, PeriodActivated]:
        changed = self._become(S.ACTIVE, by_clock=at < self.ends)
        self._require_joint()
        return changed, PeriodActivated(by=by.name, **changed._envelope(by))

    def close(self, by: Actor, at: datetime) -> tuple[Self, PeriodClosed]:
        self.require_co_chair(by)
        return self._closed(by, at)

    def _closed(self, by: Actor, at: datetime) -> tuple[Self, PeriodClosed]:
        changed = self._become(S.CLOSED)
        return changed, PeriodClosed(at=at, by=by.name, **changed._envelope(by))

    def turn(self, by: Actor, now: datetime) -> tuple[Self, *tuple[PeriodEvent, ...]]:
        """What has come due by now, one thing at a time; itself and nothing said where nothing has (any more)."""
        if self.due_at is None or now < self.due_at:
            return (self,)
        if self.answer_by and self.due_at == self.answer_by and self._unanswered:
            changed = self._next(silence_told=True)
            return changed, InvitationUnanswered(silent=self.silent, answer_by=self.answer_by, **changed._envelope(by))
        return self._closed(by, now) if self.state is S.ACTIVE else self._activated(by, now)

    def archive(self, by: Actor) -> tuple[Self, PeriodArchived]:
        self.require_co_chair(by)
        changed = self._become(S.ARCHIVED)
        return changed, PeriodArchived(by=by.name, **changed._envelope(by))

    def cancel(self, reason: str, by: Actor) -> tuple[Self, PeriodCancelled]:
        self.require_co_chair(by)
        changed = self._become(S.CANCELLED)
        return changed, PeriodCancelled(by=by.name, reason=reason, **changed._envelope(by))


def _parts(plans: Iterable[Plan], beside: int) -> list[list[Plan]]:
    """The versions of a plan, as many at once as one event carries; the first part has something beside them."""
    parts: list[list[Plan]] = [[]]
    size = beside
    for plan in plans:
        if size and size + plan.size > PART_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(plan)
        size += plan.size
    return parts


def _problems(period: Period, by: Actor, at: datetime) -> list[FieldError]:
    found = []
    if period.answer_by and period.answer_by <= at:
        found.append(FieldError("answer_by", "This is over already."))
    if not period.title.strip():
        found.append(FieldError("title", "Give the period a title."))
    if period.last_day < period.first_day:
        found.append(FieldError("last_day", "The last day is before the first."))
    elif (period.last_day - period.first_day).days >= LONGEST_DAYS:
        found.append(FieldError("last_day", "A period lasts a year at most."))
    if by.party not in period.co_chairs:
        found.append(FieldError("co_chairs", f"{by.party} proposes this and is not among the co-chairs."))
    if not period.invited:
        found.append(FieldError("invited", "Invite at least one party."))
    twice = set(period.supporting) & {*period.invited, *period.co_chairs}
    if twice:
        found.append(FieldError("supporting", f"{', '.join(sorted(twice))} cannot be both invited and in support."))
    for checkpoint in period.checkpoints:
        if not period.first_day <= checkpoint.day <= period.last_day:
            found.append(FieldError("checkpoints", f"{checkpoint.name} is not inside the period."))
    return found
