"""Writes the contract of what is new: schemas of new types and of added optional fields, and the list in docs/events.md.

    python -m tests.contracts.export                     refuses a change that is not allowed, and writes nothing then
    python -m tests.contracts.export EXAMPLE.json ...    keeps these events as examples of their types, where none is kept

An example is one event of the services' edition, as a topic holds it, with made-up content. Take the shape from a run of
the system (`./jpa tail PARTY --json` shows the feeds' edition; add `sequence` and `audience`) or from a neighbour.
"""

import json
import sys
from pathlib import Path

from shared.events import CATALOGUE, read
from tests.contracts.catalogue import DOCUMENT, GOLDEN, SCHEMAS, document_with, markdown, schema_of, text_of
from tests.contracts.compatibility import problems


def main(examples: list[str]) -> int:
    """0 when the contracts are whole."""
    refused = [
        f"{kind}: {problem}"
        for kind in CATALOGUE
        if (kept := SCHEMAS / f"{kind}.json").exists()
        for problem in problems(json.loads(kept.read_text()), schema_of(CATALOGUE[kind]))
    ]
    if refused:
        print("Not allowed. Declare a new version beside the old instead (….v2).", *refused, sep="\n  ")
        return 1
    for example in map(Path, examples):
        keep(example.read_bytes().strip())
    for name, kind in CATALOGUE.items():
        (SCHEMAS / f"{name}.json").write_text(text_of(schema_of(kind)))
    DOCUMENT.write_text(document_with(markdown()))
    missing = [name for name in CATALOGUE if not (GOLDEN / f"{name}.json").exists()]
    for name in missing:
        print(f"{name} has no example: give one.")
    return 1 if missing else 0


def keep(example: bytes) -> None:
    """Keep the bytes of an example; one that is kept already is never replaced."""
    event = read(example)
    place = GOLDEN / f"{event.type}.json"
    if place.exists():
        raise SystemExit(f"{place.name} is kept already: examples are never replaced.")
    place.write_bytes(example)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
