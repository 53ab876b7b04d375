"""Bodies of what an owner does with an operation after it was drafted."""

from uuid import UUID

from pydantic import Field

from services.planner.schemas import WindowAsked
from shared.parties import PartyCode
from shared.places import PlaceAsked
from shared.runtime.bodies import Body, Line, Text
from shared.vocabulary import DetailAudience, OperationKind


class AmendOperation(Body):
    """The whole of it, as it is to be. Without `detail_audience` and `named` the detail stays for whom it is."""

    kind: OperationKind
    title: Line
    window: WindowAsked
    objective_id: UUID | None = None
    agency: Line = ""
    place: Line = ""
    places: tuple[PlaceAsked, ...] = Field(default=(), max_length=20)
    narrative: Text = ""
    tactics: Text = ""
    resources: Text = ""
    contacts: Text = ""
    detail_audience: DetailAudience | None = None
    named: tuple[PartyCode, ...] | None = Field(default=None, max_length=60)


class ChooseReaders(Body):
    """For whom the detail is to be from now on."""

    detail_audience: DetailAudience
    named: tuple[PartyCode, ...] = Field(default=(), max_length=60)


class AskDisclosure(Body):
    """What is thought of: an amendment, other readers, or neither (how it stands; a draft as it would be scheduled)."""

    amendment: AmendOperation | None = None
    readers: ChooseReaders | None = None
