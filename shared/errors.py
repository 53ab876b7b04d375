"""Refusals: each says why, once, for both doors (HTTP and Kafka)."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be accepted, by its path in the body, and the reason in a person's words."""

    field: str
    reason: str


class Refusal(Exception):
    """Something that was asked and is not done. Over HTTP a problem answer; on Kafka quarantine, without a retry."""

    status: ClassVar[int] = 422
    title: ClassVar[str] = "Not accepted"

    def __init__(
        self, detail: str, *, errors: tuple[FieldError, ...] = (), changed: tuple[dict[str, Any], ...] = ()
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.changed = changed

    @property
    def code(self) -> str:
        """Stable name of the reason, for programs: the class in kebab case."""
        return code_of(type(self))


class Invalid(Refusal):
    """The input breaks a rule that its sender can mend; `errors` names the fields."""

    title = "Please correct what is marked"

    @classmethod
    def field(cls, field: str, reason: str) -> "Invalid":
        return cls(reason, errors=(FieldError(field, reason),))


class Unauthenticated(Refusal):
    """No credential, or one that is no longer good."""

    status = 401
    title = "Please sign in"


class Forbidden(Refusal):
    """The caller may see the thing and may not do this to it."""

    status = 403
    title = "Not yours to do"


class NotFound(Refusal):
    """Unknown, or hidden from the caller: the two are told in the same words."""

    status = 404
    title = "Not found"

    def __init__(self, detail: str = "There is nothing here that you can see.") -> None:
        super().__init__(detail)


class Conflict(Refusal):
    """The state of things does not allow it now."""

    status = 409
    title = "Not possible now"


class Stale(Conflict):
    """The thing changed since the caller looked; `changed` lists what happened since."""

    title = "This changed since you looked"


class KeyReused(Conflict):
    """The Idempotency-Key was used before, for a different command."""

    title = "This key was used for something else"


class TooLarge(Refusal):
    """Beyond a size limit, which the detail names."""

    status = 413
    title = "Too large"


class PreconditionMissing(Refusal):
    """A command on what exists did not say which version it means."""

    status = 428
    title = "Say which version you mean"


class TooMany(Refusal):
    """Beyond a rate limit; try again later."""

    status = 429
    title = "Too many attempts"


class Unavailable(Refusal):
    """Certainly not accepted: nothing was kept. The same request may be sent again."""

    status = 503
    title = "Not accepted, nothing was kept"

    def __init__(self, detail: str = "A part of the system is down. Please post again in a moment.") -> None:
        super().__init__(detail)


class Unknown(Refusal):
    """It may have been kept or not. The same request with the same Idempotency-Key is kept once."""

    status = 504
    title = "Not known yet: post again, it is kept once"

    def __init__(self, detail: str = "The answer was lost on the way. Post again: it is kept once.") -> None:
        super().__init__(detail)


def code_of(kind: type[Refusal]) -> str:
    """The code of every refusal of this kind."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("-")
