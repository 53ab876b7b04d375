"""Writes `jpa-1-2015.yaml`: `python -m client.demo.make_jpa_1_2015`. The same file each time."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import yaml

from client.demo.making import alerts, archipelago, facts, layout, mainland, ocean, pacific, period
from client.demo.scenario import FOLDER

FILE = FOLDER / "jpa-1-2015.yaml"
SEED = 2015
FLOW_WIDTH = 114
HEADER = f"""\
# The first Joint Period of Action, 28 September to 28 October 2015, as `./jpa demo` plays it.
# {facts.ILLUSTRATIVE}
# Made by client/demo/make_jpa_1_2015.py from the published figures; change that, not this.
"""
SKETCHES = (
    *pacific.AUSTRALIA,
    *archipelago.INDONESIA,
    *mainland.MALAYSIA,
    *ocean.MALDIVES,
    *pacific.NEW_ZEALAND,
    *archipelago.PHILIPPINES,
    *ocean.SRI_LANKA,
    *mainland.THAILAND,
)


def scenario() -> dict[str, Any]:
    """All of the file, as plain values."""
    draw = Random(SEED)  # noqa: S311  # the same story each time
    operations = [layout.operation(sketch, draw) for sketch in SKETCHES]
    by_key = {operation["key"]: operation for operation in operations}
    _hold(by_key["ph-online"])
    _correct(by_key["th-fishing"])
    _return(by_key["my-domestic"])
    return {
        "illustrative": facts.ILLUSTRATIVE,
        "notes": facts.NOTES,
        "source": facts.SOURCE,
        "published": facts.PUBLISHED,
        "places": facts.PLACES,
        "accounts": facts.accounts(),
        "period": period.period(facts.STATES),
        "alerts": alerts.alerts(),
        "operations": operations,
    }


def _hold(operation: dict[str, Any]) -> None:
    """Its headline is held until the first doors are open; then the others learn of it and of what came before."""
    names = list(operation)
    place = names.index("scheduled") + 1
    released = period.act("ph.coordinator", 10, 14, 9, 30)
    items = list(operation.items())
    operation.clear()
    operation.update([*items[:place], ("released", released), *items[place:]])


def _correct(operation: dict[str, Any]) -> None:
    """A validated result counted two persons twice; the correction takes its place."""
    updates = operation["updates"]
    right = next(u for u in updates if u.get("counts", {}).get("trafficked_persons_assisted", 0) > 1)
    wrong = dict(right)
    number = right["counts"]["trafficked_persons_assisted"]
    wrong["counts"] = {**right["counts"], "trafficked_persons_assisted": number + 2}
    wrong["text"] = right["text"].replace(f" {number} คน", f" {number + 2} คน", 1)
    moment: datetime = right["at"] + timedelta(days=2, minutes=35)
    right |= {
        "key": f"{right['key']}-corrected",
        "at": moment,
        "text": f"แก้ไข: นับซ้ำสองคน {right['text']}",
        "supersedes": wrong["key"],
        "validated": {"at": moment + timedelta(hours=1), "by": right["validated"]["by"]},
    }
    operation["updates"] = sorted([wrong, *updates], key=lambda update: update["at"])


def _return(operation: dict[str, Any]) -> None:
    """A result is returned with a question, the officer answers, and it is validated after all."""
    updates = operation["updates"]
    asked = next(u for u in updates if u.get("counts", {}).get("trafficked_persons_assisted", 0) > 1)
    coordinator = asked["validated"]["by"]
    returned: datetime = asked["at"] + timedelta(hours=2)
    answered = returned + timedelta(hours=3)
    asked["returned"] = {
        "at": returned,
        "by": coordinator,
        "reason": "Adakah mereka orang yang sama seperti dalam laporan sebelumnya? Sila sahkan tiada kiraan berganda.",
    }
    asked["validated"] = {"at": answered + timedelta(minutes=45), "by": coordinator}
    answer = {
        **{name: asked[name] for name in ("by", "place", "language")},
        "key": f"{asked['key']}-answer",
        "at": answered,
        "kind": "progress",
        "happened_at": answered - timedelta(minutes=15),
        "text": "Disahkan: orang yang berlainan, tiada kiraan berganda.",
        "validated": {"at": answered + timedelta(minutes=50), "by": coordinator},
    }
    ordered = ["key", "at", "by", "kind", "happened_at", "place", "language", "text", "validated"]
    operation["updates"] = sorted([*updates, {name: answer[name] for name in ordered}], key=lambda update: update["at"])


class _Writer(yaml.SafeDumper):
    """Short things on one line; moments as they are said."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _mapping(writer: _Writer, data: dict[str, Any]) -> yaml.Node:
    node = writer.represent_mapping("tag:yaml.org,2002:map", data.items())
    short = sum(len(name) + len(_plain(value)) + 4 for name, value in data.items()) < FLOW_WIDTH
    node.flow_style = short and not any(_is_deep(value) for value in data.values())
    return node


def _is_deep(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(each, str) for each in value))


def _sequence(writer: _Writer, data: list[Any]) -> yaml.Node:
    node = writer.represent_sequence("tag:yaml.org,2002:seq", data)
    node.flow_style = all(isinstance(value, str) and len(value) < 30 for value in data)
    return node


def _moment(writer: _Writer, data: datetime) -> yaml.Node:
    return writer.represent_str(data.isoformat(timespec="minutes"))


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_Writer.add_representer(dict, _mapping)
_Writer.add_representer(list, _sequence)
_Writer.add_representer(datetime, _moment)


def text() -> str:
    """The file's content."""
    return HEADER + yaml.dump(scenario(), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=118)


if __name__ == "__main__":
    FILE.write_text(text())
