"""What bodies of commands are made of: text that can be kept, moments that can be shown anywhere, and no unknown field."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints


def _no_zero(text: str) -> str:
    if "\0" in text:
        raise ValueError("A zero character cannot be kept.")
    return text


def _of_our_time(moment: datetime) -> datetime:
    # beyond these a moment cannot be kept, or not be shown in every zone; unset dates of other systems are among them
    if not 2000 <= moment.year <= 2100:
        raise ValueError("This is not between the years 2000 and 2100.")
    return moment


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_no_zero)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_no_zero)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_500), AfterValidator(_no_zero)]
"""What stands beside a word that is told on to whoever comes later: those of sixty parties fit into one event."""
Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""A moment with its offset from UTC."""


class Body(BaseModel):
    """A command's body: a field that is not known is refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """No fields."""


class Reason(Body):
    """Why."""

    reason: Text = ""
