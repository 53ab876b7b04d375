"""May this schema stand in the place of that one? A field that is optional may be added; nothing else may change.

Both directions count: a service reads what was said years ago, and an integrator's program of last year reads what is said
today. So nothing is removed, retyped, widened or narrowed, nothing becomes required or stops being so, and what an absent
field means (its default) stays. Words for people (titles, descriptions) are free.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_WORDS = {"title", "description", "examples", "$defs", "$id", "$schema"}


def problems(old: Schema, new: Schema) -> list[str]:
    """What forbids the change, each with its place; nothing if it is allowed."""
    return list(_compare(_plain(old, old), _plain(new, new), "data"))


def _plain(schema: Any, root: Schema) -> Any:
    """Without words for people, and with references put in: how a schema is cut into definitions is no promise."""
    if isinstance(schema, list):
        return [_plain(part, root) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = root["$defs"][schema["$ref"].rpartition("/")[2]]
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return _plain({**target, **rest}, root)
    plain: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            plain[key] = {name: _plain(field, root) for name, field in value.items()}
        elif key in {"enum", "required"}:
            plain[key] = sorted(value, key=str)
        elif key == "default":
            plain[key] = value
        elif key not in _WORDS:
            plain[key] = _plain(value, root)
    return plain


def _compare(old: Any, new: Any, place: str) -> Iterator[str]:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield f"{place}: was {old!r}, is {new!r}"
        return
    for key in sorted(old.keys() | new.keys()):
        if key == "properties":
            yield from _compare_fields(old, new, place)
        elif key == "required":
            yield from _compare_required(old, new, place)
        elif key in {"items", "additionalProperties", "propertyNames"} and key in old and key in new:
            yield from _compare(old[key], new[key], f"{place}[]")
        elif key in {"anyOf", "prefixItems"} and len(old.get(key, ())) == len(new.get(key, ())):
            for number, (before, after) in enumerate(zip(old[key], new[key], strict=True)):
                yield from _compare(before, after, f"{place}|{number}")
        elif key not in new or key not in old or old[key] != new[key]:
            yield f"{place}: {key} was {old.get(key, 'absent')!r}, is {new.get(key, 'absent')!r}"


def _compare_fields(old: Schema, new: Schema, place: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, field in before.items():
        if name not in after:
            yield f"{place}.{name}: removed"
        else:
            yield from _compare(field, after[name], f"{place}.{name}")


def _compare_required(old: Schema, new: Schema, place: str) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(after - before):
        is_new = name not in old.get("properties", {})
        yield f"{place}.{name}: {'added as required' if is_new else 'became required'}"
    for name in sorted(before - after):
        if name in new.get("properties", {}):
            yield f"{place}.{name}: is no longer required"
