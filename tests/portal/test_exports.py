"""The debrief's PDF: the figures that went in come out, what people wrote stays text, and it is an accessible file."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdf
import pytest

from services.portal.exports.debrief import (
    ROWS,
    DebriefDocument,
    Figure,
    Objective,
    Update,
    debrief_pdf,
    from_rows,
)
from services.portal.exports.paper import shown

MADE = datetime(2015, 10, 30, 2, 5, tzinfo=UTC)
FIGURES = (
    Figure(indicator="arrests", party="LK", validated=17, provisional=4, updates=9),
    Figure(indicator="arrests", party="NZ", validated=11, provisional=0, updates=1),
    Figure(indicator="officers_trained", party="LK", validated=1485, provisional=0, updates=21),
)


def a_document(**changes: Any) -> DebriefDocument:
    given = DebriefDocument(
        title="1st Joint Period of Action",
        first_day=date(2015, 9, 28),
        last_day=date(2015, 10, 28),
        parties=("LK", "NZ"),
        objectives=(
            Objective(
                title="Train the front line", indicator="officers_trained", baseline=31, target=1400, validated=1485,
                provisional=0,
            ),
            Objective(title="Arrest", indicator="arrests", baseline=0, target=32, validated=28, provisional=4),
        ),
        figures=FIGURES,
        operations_planned=19,
        operations_completed=16,
        operations_cancelled=2,
        updates_posted=33,
        lacks=("LK has not validated 1 update.",),
        updates=(an_update(),),
        more=False,
        generated_at=MADE,
        asked_by="NZ",
    )  # fmt: skip
    return replace(given, **changes)


def an_update(**changes: Any) -> Update:
    at = datetime(2015, 10, 13, 20, 30, tzinfo=UTC)
    given = Update(party="LK", happened_at=at, kind="result", counts={"arrests": 4}, status="provisional")
    return replace(given, **changes)


async def pages(document: DebriefDocument) -> list[str]:
    """Each page's text, without the breaks of its lines."""
    read = pypdf.PdfReader(io.BytesIO(await debrief_pdf(document)))
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in read.pages]


async def test_the_figures_on_paper_are_the_figures_given() -> None:
    text = " ".join(await pages(a_document()))
    totals = text[text.index("Indicator LK NZ All") :]
    assert "Arrests 17 +4 9 updates 11 1 update 28 +4 10 updates" in totals
    assert "Officers trained 1,485 21 updates 1,485 21 updates" in totals
    assert "Train the front line Officers trained 31 1,400 1,485 0 reached" in text
    assert "Arrest Arrests 0 32 28 4 reached, if validated" in text
    assert "Operations completed 16 of 19 2 cancelled" in text
    assert "LK has not validated 1 update." in text


async def test_an_update_is_dated_where_it_happened() -> None:
    text = " ".join(await pages(a_document()))
    assert re.search(r"LK 14 Oct 2015 Result 4 arrests\s+Provisional", text)


async def test_every_page_says_how_far_it_may_go_and_where_it_ends() -> None:
    updates = tuple(an_update(happened_at=MADE - timedelta(hours=hour)) for hour in range(120))
    found = await pages(a_document(updates=updates))
    assert len(found) > 2
    for place, text in enumerate(found, 1):
        assert text.count("TLP:AMBER+STRICT") >= 2
        assert f"page {place} of {len(found)}" in text
    assert "TLP:AMBER+STRICT · participants and co-chairs of the period" in found[0]
    assert "Made 30 Oct 2015, 15:05 NZDT (02:05 UTC) for New Zealand" in found[0]
    assert all("Party Happened Kind Counts Status" in text for text in found[-2:])


async def test_the_note_is_on_the_first_page() -> None:
    note = "The split by state and day is illustrative."
    assert note in (await pages(a_document(note=note)))[0]


@pytest.mark.parametrize(
    "hostile",
    [
        '#import "other.typ": * #set page(fill: red)',
        "*bold* _slanted_ `raw` $x^2$ = heading // comment",
        '@label <label> \\ #read("/etc/passwd") [content] {code}',
        "https://example.org/" + "a" * 300,
        "W" * 200,
    ],
)
async def test_what_people_write_is_text(hostile: str) -> None:
    objective = replace(a_document().objectives[0], title=hostile)
    found = await pages(a_document(title=hostile, objectives=(objective,), lacks=(hostile,), note=hostile))
    wanted = re.sub(r"\s", "", hostile)
    assert re.sub(r"\s", "", " ".join(found)).count(wanted) >= 4


async def test_words_run_in_their_own_direction_and_keep_their_letters() -> None:
    written = ("مكافحة التهريب", "ผู้เสียหาย", "လူကုန်ကူး")
    found = "".join(await pages(a_document(lacks=written)))
    assert {"ف", "ผ", "လ"} <= set(found)


async def test_no_word_leaves_the_page() -> None:
    document = a_document(title="W" * 200, lacks=("W" * 200,))
    read = pypdf.PdfReader(io.BytesIO(await debrief_pdf(document)))
    ends: list[float] = []

    def visit(text: str, _matrix: Any, at: Any, _font: Any, size: float) -> None:
        if "WWW" in text:
            ends.append(at[4] + 0.5 * size * len(text))

    for page in read.pages:
        page.extract_text(visitor_text=visit)
    assert ends
    assert max(ends) < 595 - 36  # the width of A4, less most of its margin


async def test_it_is_pdf_ua_and_pdf_a() -> None:
    made = await debrief_pdf(a_document())
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    read = pypdf.PdfReader(io.BytesIO(made))
    assert read.metadata is not None
    assert read.metadata.title == "1st Joint Period of Action – debrief"
    assert str(read.root_object["/Lang"]) == "en-GB"


async def test_a_letter_without_a_font_does_not_stop_it() -> None:
    found = await pages(a_document(lacks=("a letter of the Yezidi: \U00010e80\U00010eff",)))
    assert "a letter of the Yezidi" in " ".join(found)


async def test_the_same_debrief_is_the_same_file() -> None:
    assert await debrief_pdf(a_document()) == await debrief_pdf(a_document())


async def test_nothing_yet_is_said_in_words() -> None:
    empty = a_document(objectives=(), figures=(), updates=(), lacks=())
    text = " ".join(await pages(empty))
    assert "This period had no objectives with a number." in text
    assert "No figures yet." in text
    assert "None that NZ may see." in text


def test_invisible_letters_are_taken_out_and_long_runs_may_break() -> None:
    assert shown("a\x00\x07b\ufeffc\u202ed") == "abcd"
    assert shown("one\ntwo") == "one two"
    assert shown("\ue000") == "\ufffd"
    assert shown("ก" * 60) == "ก" * 60
    assert shown("a" * 30).replace("\u200b", "") == "a" * 30
    assert max(map(len, shown("e\u0301" * 60).split("\u200b"))) <= 14


OPERATION, HELD = uuid4(), uuid4()


def an_update_row(operation_id: UUID = OPERATION, **changes: Any) -> dict[str, Any]:
    row = {"operation_id": operation_id, "party": "LK", "happened_at": MADE, "kind": "result", "counts": {"arrests": 1}}
    return {**row, "status": "validated", **changes}


def a_debrief_row(**changes: Any) -> dict[str, Any]:
    days = {"first_day": date(2015, 9, 28), "last_day": date(2015, 10, 28)}
    return {"title": "1st Joint Period of Action", **days, "compiled": None, **changes}


COMPILED = {
    "objectives": [
        {
            "objective_id": str(uuid4()), "title": "Arrest", "indicator": "arrests", "baseline": 0, "target": 32,
            "validated": 28, "provisional": 4,
        }
    ],
    "operations_planned": 19, "operations_completed": 16, "operations_cancelled": 2, "updates": 33,
    "lacks": ["LK has not validated 1 update."],
}  # fmt: skip


def a_document_of(updates: list[dict[str, Any]], **debrief: Any) -> DebriefDocument:
    figures = [{"indicator": "arrests", "reporting": "LK", "validated": 17, "provisional": 4, "updates": 9}]
    row = a_debrief_row(**{"compiled": COMPILED, **debrief})
    return from_rows(row, figures, updates, parties=("LK",), generated_at=MADE, asked_by="LK", held={HELD})


def test_rows_become_the_document() -> None:
    document = a_document_of([an_update_row()])
    assert document.objectives == (a_document().objectives[1],)
    assert document.figures == FIGURES[:1]
    assert (document.operations_planned, document.operations_completed, document.operations_cancelled) == (19, 16, 2)
    assert (document.updates_posted, len(document.updates)) == (33, 1)


def test_only_what_counts_and_others_may_see_is_listed() -> None:
    rows = [
        an_update_row(),
        an_update_row(status="returned"),
        an_update_row(status="superseded"),
        an_update_row(counts={}),
        an_update_row(HELD),
    ]
    assert len(a_document_of(rows).updates) == 1


def test_the_annex_ends_and_says_so() -> None:
    document = a_document_of([an_update_row()] * (ROWS + 1))
    assert (len(document.updates), document.more) == (ROWS, True)


def test_a_debrief_that_is_not_compiled_says_so() -> None:
    assert a_document_of([], compiled=None).lacks == ("It has not been compiled yet.",)
