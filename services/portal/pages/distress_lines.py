"""Reports of distress as lines: on top of every page, in their list, on their own page."""

from services.portal.pages.views.protection import DistressLine
from services.portal.positions import show_position
from services.portal.selects import Row


def distress_line(row: Row) -> DistressLine:
    north, east = row["latitude"], row["longitude"]
    return DistressLine(
        id=str(row["id"]),
        party=row["party"],
        status=row["status"],
        happened_at=row["happened_at"],
        reported_at=row["reported_at"],
        position=show_position(north, east) if north is not None and east is not None else "",
        place=row["place"],
        persons=row["persons_on_board"],
        vessel=row["vessel"],
        contact=row["contact"],
        text=row["text"],
        language=row["language"],
    )
