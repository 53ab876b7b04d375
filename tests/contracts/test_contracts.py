"""Every version of every event that was ever said can be read for ever, and what is said today fits last year's readers."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.events import CATALOGUE, read
from shared.events.base import internal_bytes
from shared.parties import PARTIES
from tests.contracts.catalogue import DOCUMENT, GOLDEN, SCHEMAS, document_with, markdown, schema_of
from tests.contracts.compatibility import problems

EXPORT = "run: python -m tests.contracts.export"
INTERNAL = ("sequence", "audience", "traceparent")


def kept(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.json"))


def golden(name: str) -> tuple[bytes, dict[str, Any]]:
    raw = (GOLDEN / f"{name}.json").read_bytes()
    return raw, json.loads(raw)


def test_every_event_has_an_example_and_a_schema() -> None:
    assert kept(GOLDEN) == sorted(CATALOGUE), EXPORT
    assert kept(SCHEMAS) == sorted(CATALOGUE), EXPORT


def said_of(understood: Any, said: Any) -> Any:
    """What was understood of what was said: fields that came later are left out, at every depth."""
    if isinstance(said, dict) and isinstance(understood, dict):
        return {field: said_of(understood[field], value) for field, value in said.items()}
    if isinstance(said, list) and isinstance(understood, list) and len(said) == len(understood):
        return [said_of(*pair) for pair in zip(understood, said, strict=True)]
    return understood


@pytest.mark.parametrize("name", kept(GOLDEN))
def test_an_example_still_means_what_it_said(name: str) -> None:
    raw, envelope = golden(name)
    event = read(raw)
    assert event.type == envelope["type"] == name
    assert event.key == envelope["subject"]
    assert (event.party, event.tlp) == (envelope["party"], envelope["tlp"])
    assert " ".join(event.audience) == envelope["audience"]
    assert event.sequence == int(envelope["sequence"])
    assert said_of(event.model_dump(mode="json"), envelope["data"]) == envelope["data"]


@pytest.mark.parametrize("name", kept(GOLDEN))
def test_an_example_says_each_field_that_its_schema_requires_and_no_other(name: str) -> None:
    _, envelope = golden(name)
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    assert set(schema["required"]) <= envelope["data"].keys() <= schema["properties"].keys()


@pytest.mark.parametrize("name", kept(GOLDEN))
def test_the_feeds_edition_of_an_example_reads_the_same_without_its_readers(name: str) -> None:
    _, envelope = golden(name)
    event = read(json.dumps({key: value for key, value in envelope.items() if key not in INTERNAL}).encode())
    assert event.model_dump() == read(golden(name)[0]).model_dump()
    assert (event.sequence, event.audience, event.traceparent) == (0, (), "")


@pytest.mark.parametrize("name", kept(GOLDEN))
def test_what_is_said_today_has_the_envelope_of_the_example(name: str) -> None:
    raw, envelope = golden(name)
    event = read(raw)
    assert event.time is not None
    sequence, audience = int(envelope["sequence"]), envelope["audience"]
    today = json.loads(internal_bytes(event.public_bytes(event.time, event.epoch), sequence, audience, event.traceparent))
    assert {**today, "data": None} == {**envelope, "data": None}


@pytest.mark.parametrize("name", kept(GOLDEN))
def test_an_examples_readers_are_parties_or_their_roles(name: str) -> None:
    entries = golden(name)[1]["audience"].split()
    assert entries == sorted(set(entries))
    assert {entry.partition("#")[0] for entry in entries} <= PARTIES.keys()


def test_a_moment_is_written_in_utc_from_whatever_clock_it_was_read() -> None:
    """The hour that a clock shows twice is two moments, although Python takes them for equal."""
    event = read(golden(kept(GOLDEN)[0])[0])
    auckland, vilnius = ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/Vilnius")
    for moment, written in (
        (datetime(2016, 7, 26, 18, 5, tzinfo=auckland), "2016-07-26T06:05:00.000Z"),
        (datetime(2016, 7, 26, 6, 5, tzinfo=UTC), "2016-07-26T06:05:00.000Z"),
        (datetime(2016, 10, 30, 3, 30, tzinfo=vilnius), "2016-10-30T00:30:00.000Z"),
        (datetime(2016, 10, 30, 3, 30, tzinfo=vilnius, fold=1), "2016-10-30T01:30:00.000Z"),
    ):
        assert json.loads(event.model_copy(update={"time": moment}).public_bytes(moment))["time"] == written


@pytest.mark.parametrize("name", kept(SCHEMAS))
def test_a_schema_only_gains_optional_fields(name: str) -> None:
    assert name in CATALOGUE, f"{name} is no longer known: what was said must be read for ever"
    before = json.loads((SCHEMAS / f"{name}.json").read_text())
    now = schema_of(CATALOGUE[name])
    assert not problems(before, now), "not allowed: declare a new version beside the old"
    assert before == json.loads(json.dumps(now)), EXPORT


def test_the_catalogue_in_the_documentation_is_this_one() -> None:
    assert DOCUMENT.read_text() == document_with(markdown()), EXPORT
