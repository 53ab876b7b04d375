"""A version of a period's plan: immutable, with the words that states gave on it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden
from shared.events.planner import FileRef, Objective, PlanStanding, Section, Word
from shared.vocabulary import PlanAnswer

MOST_BYTES = 150_000
"""Of one version: with the words of sixty states it still fits into one event, for those that are invited later."""


class EndorsementsMissing(Conflict):
    """A plan is adopted by all or not at all; the detail names who is missing."""


class OwnVersion(Forbidden):
    """Nobody endorses what they published themselves: another officer of that state does."""


class Given(BaseModel):
    """A party's word on an invitation or a plan version: what, by which officer, when, and its reservation."""

    model_config = ConfigDict(frozen=True)
    answer: str
    by: str
    at: datetime
    note: str = ""


def words(given: Mapping[str, Given]) -> tuple[Word, ...]:
    """As events carry them."""
    return tuple(Word(party=party, **word.model_dump()) for party, word in sorted(given.items()))


class Plan(BaseModel):
    """One version and the words given on it.

    `amends`: the version that was in force when this one was published; the endorsements that `carried` states gave to
    that one stand for this one too, unless such a state says otherwise.
    """

    model_config = ConfigDict(frozen=True)
    number: int
    sections: tuple[Section, ...]
    objectives: tuple[Objective, ...] | None = None
    """None: those of the period as it was proposed."""
    rights_officers: tuple[str, ...] = ()
    answers: dict[str, Given] = {}
    amends: int | None = None
    affected: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    annexes: tuple[FileRef, ...] = ()
    by: str = ""
    """Who published it; nothing of a version from before this was kept."""

    def word_of(self, party: str) -> str:
        """What this party says to it; nothing where it is still to say something."""
        if party in self.answers:
            return self.answers[party].answer
        return PlanAnswer.ENDORSED.value if party in self.carried else ""

    def missing(self, participants: Iterable[str]) -> list[str]:
        """Who has not endorsed it, with what they said instead."""
        words = {party: self.word_of(party) for party in participants}
        return [
            f"{party} ({word})" if word else party for party, word in words.items() if word != PlanAnswer.ENDORSED
        ]

    @property
    def against(self) -> set[str]:
        """Who reserved or declined it."""
        return {party for party, given in self.answers.items() if given.answer != PlanAnswer.ENDORSED}

    def require_not_own(self, by: Actor) -> None:
        if by.name == self.by:
            raise OwnVersion(f"You published version {self.number}: another officer of {by.party} endorses it.")

    def with_word(self, party: str, given: Given) -> "Plan":
        return self.model_copy(update={"answers": {**self.answers, party: given}})

    @property
    def standing(self) -> PlanStanding:
        """For those who get it only now."""
        return PlanStanding(**self.model_dump(exclude={"answers"}), words=words(self.answers))

    @property
    def size(self) -> int:
        """In bytes, as an event carries it."""
        return len(self.standing.model_dump_json().encode())

    def problems(self, participants: Iterable[str]) -> list[FieldError]:
        """What of it breaks a rule; `participants` are those of whom an amendment may affect some."""
        found = []
        if not self.sections:
            found.append(FieldError("sections", "A plan has at least one section."))
        if self.size > MOST_BYTES:
            found.append(FieldError("sections", f"A version has at most {MOST_BYTES // 1000} kB; attach the rest as files."))
        named = [objective.id for objective in self.objectives or ()]
        if len(set(named)) < len(named):
            found.append(FieldError("objectives", "One objective stands here twice."))
        if self.amends is None and self.affected:
            found.append(FieldError("affected", "Before adoption every version is answered by all."))
        if self.amends is not None and not self.affected:
            found.append(FieldError("affected", "Name the states that this amendment affects."))
        if strangers := sorted(set(self.affected) - set(participants)):
            found.append(FieldError("affected", f"{', '.join(strangers)}: not a participating state."))
        return found
