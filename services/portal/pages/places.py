"""The gazetteer: a place's code by its name, and its name by its code."""

from fastapi import APIRouter, Response

from services.portal.pages.desk import Signed
from services.portal.pages.render import country_name
from services.portal.pages.views import PlaceFound, PlacesPage
from shared import gazetteer

router = APIRouter(include_in_schema=False)


@router.get("/places")
async def places(at: Signed, q: str = "") -> Response:
    asked = q.strip()[:100]
    found = await gazetteer.look(asked)
    async with at.reads() as reads:
        context = await at.context(reads, shown_to=at.say("the same for everybody"))
    lines = tuple(
        PlaceFound(
            code=one.code,
            name=one.name,
            country=country_name(one.country, at.locale),
            functions=tuple(one.functions),
            has_position=one.has_position,
        )
        for one in found.entries
    )
    return at.show(context, "places.html", PlacesPage(asked=asked, places=lines, more=found.more))
