"""The check itself: an optional field may be added, and every other change is found."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from tests.contracts.compatibility import problems


class Part(BaseModel):
    name: str
    note: str = ""


class Before(BaseModel):
    """As it was."""

    place: str
    count: int = 0
    kind: Literal["a", "b"] = "a"
    part: Part
    parts: tuple[Part, ...] = ()
    counts: dict[str, int] = {}
    maybe: int | None = None


def schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(mode="serialization")


def after(drop: str = "", **changes: Any) -> dict[str, Any]:
    """`Before` with fields changed, added or dropped."""
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in Before.model_fields.items() if name != drop}
    return schema(create_model("After", **(fields | changes)))


class WiderPart(Part):
    more: str = ""


class StricterPart(Part):
    more: str


class OtherPart(BaseModel):
    name: int
    note: str = ""


@pytest.mark.parametrize(
    "now",
    [
        schema(Before),
        after(),
        after(added=(str, "")),
        after(added=(int | None, None)),
        after(part=(WiderPart, ...)),
        after(parts=(tuple[WiderPart, ...], ())),
        after(place=(str, Field(description="other words", title="Other"))),
    ],
    ids=["same", "another name", "optional", "optional or null", "in a part", "in a list's parts", "words"],
)
def test_allowed(now: dict[str, Any]) -> None:
    assert problems(schema(Before), now) == []


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (after(drop="count"), "data.count: removed"),
        (after(drop="place"), "data.place: removed"),
        (after(added=(str, ...)), "data.added: added as required"),
        (after(count=(int, ...)), "data.count: became required"),
        (after(place=(str, "")), "data.place: is no longer required"),
        (after(count=(str, "0")), "data.count: type was 'integer', is 'string'"),
        (after(count=(int, 1)), "data.count: default was 0, is 1"),
        (after(count=(int | None, 0)), "data.count: anyOf was 'absent'"),
        (after(maybe=(int, 0)), "data.maybe: anyOf was"),
        (after(maybe=(str | None, None)), "data.maybe|0: type was 'integer', is 'string'"),
        (after(kind=(Literal["a"], "a")), "data.kind: const was 'absent'"),
        (after(kind=(Literal["a", "b", "c"], "a")), "data.kind: enum was ['a', 'b'], is ['a', 'b', 'c']"),
        (after(place=(str, Field(max_length=3))), "data.place: maxLength was 'absent', is 3"),
        (after(part=(OtherPart, ...)), "data.part.name: type was 'string', is 'integer'"),
        (after(part=(StricterPart, ...)), "data.part.more: added as required"),
        (after(parts=(tuple[OtherPart, ...], ())), "data.parts[].name: type was 'string', is 'integer'"),
        (after(parts=(Part, ...)), "data.parts: became required"),
        (after(counts=(dict[str, str], {})), "data.counts[]: type was 'integer', is 'string'"),
        (schema(Before) | {"x-topic": "other.topic"}, "data: x-topic was 'absent', is 'other.topic'"),
    ],
)
def test_refused(now: dict[str, Any], what: str) -> None:
    assert any(problem.startswith(what) for problem in problems(schema(Before), now)), problems(schema(Before), now)
