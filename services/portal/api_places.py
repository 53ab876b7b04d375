"""The public HTTP API's gazetteer: places by name or code."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.portal.doors import Bearer
from services.portal.schemas import Said
from shared import gazetteer
from shared.vocabulary import PlaceFunction, PlaceKind

router = APIRouter(prefix="/api/v1")


class PlaceOut(Said):
    """`has_position`: it is known where it lies, so that a command takes its code."""

    kind: PlaceKind
    code: str
    name: str
    country: str
    functions: list[PlaceFunction]
    has_position: bool


class PlacesOut(Said):
    """The nearest to what was asked for, best first; `more`: how many there are besides."""

    items: list[PlaceOut]
    more: int


@router.get("/places")
async def places(q: Annotated[str, Query(min_length=2, max_length=100)], session: Bearer) -> PlacesOut:
    """Places of that name or code; two capitals at the end narrow it to a country: `San KH`."""
    found = await gazetteer.look(q)
    return PlacesOut(items=[PlaceOut.model_validate(one) for one in found.entries], more=found.more)
