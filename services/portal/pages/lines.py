"""Rows of the read model as the lines, entries and readers that views are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.portal.pages.desk import Desk
from services.portal.pages.forms import new_key
from services.portal.pages.times import zone_of
from services.portal.pages.views import AlertLine, Bar, FileLink, OperationLine, Option, Readers, UpdateLine
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.parties import PARTIES
from shared.vocabulary import Labelled, Role

ENDS = {"acknowledged", "actioned"}
PARTY_ROLES = (Role.LIAISON_OFFICER, Role.COORDINATOR)


def update_line(at: Desk, row: Row) -> UpdateLine:
    operation = row["operation_title"] or at.words(row["operation_kind"] or "")
    return UpdateLine(
        id=str(row["id"]),
        party=row["party"],
        kind=row["kind"],
        status=row["status"],
        happened_at=row["happened_at"],
        posted_at=row["posted_at"],
        operation_id=str(row["operation_id"]),
        operation=operation[:1].upper() + operation[1:],
        counts=row["counts"],
        text=row["text"] or "",
        language=row["language"] or "",
        period_id=str(row["period_id"]),
        late=bool(row.get("late")),
    )


def operation_line(row: Row) -> OperationLine:
    return OperationLine(
        id=str(row["id"]),
        party=row["owner"],
        kind=row["kind"],
        status=row["status"],
        title=row["title"] or "",
        place=row["place"] or "",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        last_update_at=row.get("last_update_at"),
        updates=row.get("updates") or 0,
        held=row["held"],
    )


def bar(at: Desk, row: Row) -> Bar:
    zone = zone_of(at.party)
    style = "held" if row["held"] and row["status"] == "scheduled" else row["status"]
    return Bar(
        label=f"{row['owner']} · {at.words(row['kind'])}",
        first=row["starts_at"].astimezone(zone).date(),
        last=row["ends_at"].astimezone(zone).date(),
        style=style,  # type: ignore[arg-type]
        href=f"/operations/{row['id']}",
    )


def alert_line(at: Desk, row: Row) -> AlertLine:
    own = row["originator"] == at.party
    state = "own" if own else row["my_state"] or "delivered"
    if row["status"] == "recalled":
        state = "recalled"
    elif state == "queued":
        state = "delivered"
    return AlertLine(
        id=str(row["id"]),
        kind=row["kind"],
        originator=row["originator"],
        precedence=row["precedence"],
        published_at=row["published_at"],
        title=row["title"] or "",
        answer_due=row["answer_due"],
        state=state,
        acknowledged=row["acknowledged"],
        recipients=len(row["recipients"]),
        version=row["version"],
        key=new_key(),
    )


def readers(row: Row, name: str, entries: Mapping[int | None, tuple[str, ...]], period: Row | None) -> Readers:
    """Who reads an own operation's or update's two halves, as the domain decided when it said them."""
    headline = entries.get(row["audience_id"], ())
    return Readers(
        operation_id=str(row.get("operation_id") or row["id"]),
        operation=name,
        headline=tuple(sorted({entry.partition("#")[0] for entry in headline})),
        co_chairs=tuple(period["co_chairs"]) if period and not row["held"] else (),
        detail=entries.get(row["detail_audience_id"], ()),
        held=bool(row["held"]),
    )


async def operation_readers(at: Desk, reads: Reads, rows: list[Row], period: Row | None) -> tuple[Readers, ...]:
    numbers = [number for row in rows for number in (row["audience_id"], row["detail_audience_id"])]
    entries = await reads.entries(*numbers)
    return tuple(
        readers(row, f"{row['owner']} · {row['title'] or at.words(row['kind'])}", entries, period) for row in rows
    )


def file_links(rows: Sequence[Row]) -> tuple[FileLink, ...]:
    return tuple(FileLink(sha256=row["sha256"], name=row["name"], size=row["size"]) for row in rows)


def options(kind: type[Labelled], *only: Labelled) -> tuple[Option, ...]:
    """An enumeration as choices."""
    return tuple(Option(value=one.value, text=one.label) for one in (only or tuple(kind)))


def parties(*kinds: str, without: str = "") -> tuple[Option, ...]:
    """Parties as choices, by name."""
    found = [party for party in PARTIES.values() if party.kind in kinds and party.code != without]
    return tuple(Option(value=party.code, text=party.name) for party in sorted(found, key=lambda party: party.name))


def local_field(moment: datetime, party: str) -> str:
    """A time as a `datetime-local` field holds it, on the party's own clock."""
    return moment.astimezone(zone_of(party)).strftime("%Y-%m-%dT%H:%M")


def as_uuid(value: str | None) -> UUID | None:
    """An id from an address; what cannot be one is none."""
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


LANGUAGES = (
    ("ar", "العربية"), ("bn", "বাংলা"), ("my", "မြန်မာ"), ("zh", "中文"), ("dz", "རྫོང་ཁ"), ("en", "English"),
    ("fil", "Filipino"), ("fr", "Français"), ("hi", "हिन्दी"), ("id", "Bahasa Indonesia"), ("ja", "日本語"),
    ("km", "ខ្មែរ"), ("ko", "한국어"), ("lo", "ລາວ"), ("ms", "Bahasa Melayu"), ("mn", "Монгол"), ("ne", "नेपाली"),
    ("fa", "فارسی"), ("pt", "Português"), ("si", "සිංහල"), ("ta", "தமிழ்"), ("tet", "Tetun"), ("th", "ไทย"),
    ("tr", "Türkçe"), ("ur", "اردو"), ("vi", "Tiếng Việt"), ("dv", "ދިވެހި"), ("ps", "پښتو"), ("ku", "Kurdî"),
)  # fmt: skip
LANGUAGE_OPTIONS = tuple(Option(value=code, text=name) for code, name in LANGUAGES)
