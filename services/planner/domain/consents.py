"""The consent of several states to one version of something: each by an officer who did not propose it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.planner.domain.plan import Given
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid
from shared.vocabulary import JointAnswer

WITHDRAWN = "withdrawn"
"""What stands in the place of the word of a state that took it back."""


class ConsentMissing(Conflict):
    """A state's consent to exactly this version is missing; the detail names who has not given it."""


class OwnProposal(Forbidden):
    """Two people are needed: nobody consents to what they proposed themselves."""


class Proposal(BaseModel):
    """A version that was put to states, and their words on it. `terms` is the mark of what was proposed."""

    model_config = ConfigDict(frozen=True)
    number: int
    by: str  # the account
    officer: str  # its name
    terms: str
    words: dict[str, Given] = {}

    def missing(self, states: Iterable[str]) -> list[str]:
        """Who has not consented, with what they said instead."""
        words = {state: self.words[state].answer if state in self.words else "" for state in states}
        return [
            f"{state} ({word})" if word else state
            for state, word in sorted(words.items()) if word != JointAnswer.CONSENTED
        ]  # fmt: skip

    @property
    def refused_by(self) -> list[str]:
        return sorted(state for state, given in self.words.items() if given.answer != JointAnswer.CONSENTED)

    def require_open(self, number: int) -> None:
        """Raises Conflict where no word is taken on that version any more."""
        if number != self.number:
            raise Conflict(f"The present version is {self.number}.")
        if self.refused_by:
            raise Conflict(f"{', '.join(self.refused_by)} refused version {number}: it takes a new version to go on.")

    def require_same(self, terms: str) -> None:
        """Raises ConsentMissing where these are not the terms that were proposed."""
        if terms != self.terms:
            raise ConsentMissing(f"It was changed after version {self.number} was proposed: propose it anew.")

    def with_word(self, answer: JointAnswer, reason: str, by: Actor, at: datetime) -> Self:
        """The officer's state says so.

        Raises:
            OwnProposal: the officer proposed it.
            Invalid: a refusal says why.
            Conflict: another officer said the same for that state.
        """
        if by.id == self.by:
            raise OwnProposal("You proposed this version yourself: another coordinator of your state answers it.")
        if answer is JointAnswer.REFUSED and not reason.strip():
            raise Invalid.field("reason", "Say what your state refuses.")
        if by.party in self.words and self.words[by.party].answer == answer:
            raise Conflict(f"{by.party} has {answer.value} already: {self.words[by.party].by} said so.")
        return self._with(answer.value, reason, by, at)

    def withdrawn(self, reason: str, by: Actor, at: datetime) -> Self:
        """The officer's state takes its word back: that needs no second officer."""
        return self._with(WITHDRAWN, reason, by, at)

    def _with(self, answer: str, reason: str, by: Actor, at: datetime) -> Self:
        given = Given(answer=answer, by=by.name, at=at, note=reason)
        return self.model_copy(update={"words": {**self.words, by.party: given}})

    def require_all(self, states: Iterable[str], terms: str) -> None:
        """Raises ConsentMissing unless each of these states consented to exactly these terms."""
        self.require_same(terms)
        if missing := self.missing(states):
            raise ConsentMissing(f"Version {self.number} still lacks the consent of {', '.join(missing)}.")
