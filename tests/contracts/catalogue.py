"""The contracts as files: where the examples and schemas lie, and what the documentation says of each event."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.events import CATALOGUE, Event

FOLDER = Path(__file__).parent
GOLDEN, SCHEMAS = FOLDER / "golden", FOLDER / "schemas"
DOCUMENT = FOLDER.parents[1] / "docs" / "events.md"
BEGIN, END = "<!-- catalogue: made by python -m tests.contracts.export -->", "<!-- /catalogue -->"


def schema_of(kind: type[Event]) -> dict[str, Any]:
    """The JSON Schema of an event's data, and where it travels: its topic and key are promises too."""
    schema = kind.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:jpa:schema:{kind.type}",
        "x-topic": kind.topic,
        "x-key": kind.key_field,
        "x-passes-hold": kind.passes_hold,
        **schema,
    }


def document_with(catalogue: str) -> str:
    """docs/events.md with this catalogue between its two marks."""
    before, rest = DOCUMENT.read_text().split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{catalogue}\n{END}{after}"


def markdown() -> str:
    """Every event by topic, with what it says and its fields."""
    topics: dict[str, list[type[Event]]] = {}
    for kind in CATALOGUE.values():
        topics.setdefault(kind.topic, []).append(kind)
    return "\n".join(_topic(name, topics[name]) for name in sorted(topics))


def _topic(name: str, kinds: list[type[Event]]) -> str:
    keys = " or ".join(dict.fromkeys(f"`{kind.key_field}`" for kind in kinds))
    lines = [f"### `{name}`", "", f"Key: {keys}.", ""]
    for kind in kinds:
        lines += [f"**`{kind.type}`** · {_sentence(kind)}", "", f"{', '.join(_fields(kind))}.", ""]
    return "\n".join(lines)


def _sentence(kind: type[Event]) -> str:
    said = re.sub(r"\s+", " ", kind.__doc__ or "").strip()
    return f"{said} Passes a hold." if kind.passes_hold else said


def _fields(kind: type[Event]) -> Iterator[str]:
    schema = kind.model_json_schema(mode="serialization")
    for name, field in schema["properties"].items():
        shown = f"`{name}` {_type(field, schema.get('$defs', {}))}"
        yield shown if name in schema.get("required", ()) else f"{shown} (optional)"


def _type(field: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        target = definitions[name]
        if "properties" in target:
            return "{" + ", ".join(f"{key} {_type(part, definitions)}" for key, part in target["properties"].items()) + "}"
        return str(name)
    if "anyOf" in field:
        return " or ".join(_type(part, definitions) for part in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {_type(field['items'], definitions)}"
    if field.get("type") == "object":
        key = _type(field["propertyNames"], definitions) if "propertyNames" in field else "string"
        return f"map of {key} to {_type(field['additionalProperties'], definitions)}"
    if "enum" in field:
        return "one of " + ", ".join(field["enum"])
    return str(field.get("const") or field.get("format") or field["type"])


def text_of(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
