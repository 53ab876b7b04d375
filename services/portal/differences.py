"""What became of a plan from one version to another: sections, objectives, annexes, rights officers, down to the words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

from services.portal.texts import Budget, Piece, pieces_of

Change = Literal["same", "added", "removed", "changed", "moved"]

Named = Mapping[Any, Any]
"""A file by its `name` and `sha256`."""
MEASURED = ("title", "indicator", "baseline", "target", "measured_by")


@dataclass(frozen=True)
class SectionChange:
    """A section; `former_title` where it had another."""

    change: Change
    title: str
    pieces: tuple[Piece, ...]
    former_title: str = ""


@dataclass(frozen=True)
class FieldChange:
    """One field of an objective."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ObjectiveChange:
    """An objective, and the fields of it that are others now."""

    change: Change
    title: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class AnnexChange:
    """A file. `changed`: under one name another content, or one content under another name; `former_…` says from which."""

    change: Change
    name: str
    sha256: str
    former_name: str = ""
    former_sha256: str = ""


@dataclass(frozen=True)
class Difference:
    """From `before` to `after`; before the first version there is nothing (0)."""

    before: int
    after: int
    sections: tuple[SectionChange, ...]
    objectives: tuple[ObjectiveChange, ...]
    annexes: tuple[AnnexChange, ...] = ()
    rights_added: tuple[str, ...] = ()
    rights_removed: tuple[str, ...] = ()
    same: bool = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.sections, self.objectives, self.annexes)
        kinds = {one.change for part in parts for one in part}
        object.__setattr__(self, "same", kinds <= {"same"} and not self.rights_added and not self.rights_removed)


def difference(
    before: Mapping[Any, Any] | None, after: Mapping[Any, Any], had: Sequence[Named] = (), has: Sequence[Named] = ()
) -> Difference:
    """Between two versions, as the read model has them; `had` and `has` are their files."""
    old: Mapping[Any, Any] = before or {"number": 0, "sections": [], "objectives": [], "rights_officers": []}
    was, now = set(old["rights_officers"]), set(after["rights_officers"])
    budget = Budget()
    return Difference(
        before=old["number"],
        after=after["number"],
        sections=tuple(_sections(old["sections"], after["sections"], budget)),
        objectives=tuple(_objectives(old["objectives"] or [], after["objectives"] or [])),
        annexes=tuple(_annexes(had, has)),
        rights_added=tuple(sorted(now - was)),
        rights_removed=tuple(sorted(was - now)),
    )


def _sections(
    old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]], budget: Budget
) -> Iterator[SectionChange]:
    """In the order of the new version; what was taken out stands where it stood."""
    pairs = _pairs(old, new)
    places = {place: old_place for old_place, place in pairs.items()}
    mine = [("both", place) if place in pairs else ("old", place) for place in range(len(old))]
    theirs = [("both", places[place]) if place in places else ("new", place) for place in range(len(new))]
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, mine, theirs, False).get_opcodes():
        for place in range(from_old, to_old) if kind != "equal" else ():
            if place not in pairs:
                yield SectionChange("removed", old[place]["title"], (Piece("removed", old[place]["text"]),))
        for place in range(from_new, to_new):
            if place not in places:
                yield SectionChange("added", new[place]["title"], (Piece("added", new[place]["text"]),))
            else:
                yield _section(old[places[place]], new[place], kind != "equal", budget)


def _pairs(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> dict[int, int]:
    """Which section became which: those of one title in their order, then those of one text."""
    found: dict[int, int] = {}
    for name in ("title", "text"):
        free: dict[str, list[int]] = {}
        for place, section in enumerate(new):
            if place not in found.values():
                free.setdefault(section[name], []).append(place)
        for place, section in enumerate(old):
            if place not in found and free.get(section[name]):
                found[place] = free[section[name]].pop(0)
    return found


def _section(old: Mapping[str, str], new: Mapping[str, str], moved: bool, budget: Budget) -> SectionChange:
    renamed = old["title"] != new["title"]
    pieces = tuple(pieces_of(old["text"], new["text"], budget))
    change: Change = "changed" if renamed or old["text"] != new["text"] else "moved" if moved else "same"
    return SectionChange(change, new["title"], pieces, old["title"] if renamed else "")


def _objectives(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[ObjectiveChange]:
    """An objective is the same one as long as it has its id, whatever it is called."""
    before, present = {str(one["id"]): one for one in old}, {str(one["id"]) for one in new}
    for one in new:
        was = before.get(str(one["id"]))
        if was is None:
            yield ObjectiveChange("added", one["title"])
            continue
        said = ((name, str(was.get(name, "")), str(one.get(name, ""))) for name in MEASURED)
        fields = tuple(FieldChange(name, then, now) for name, then, now in said if then != now)
        yield ObjectiveChange("changed" if fields else "same", one["title"], fields)
    for key, one in before.items():
        if key not in present:
            yield ObjectiveChange("removed", one["title"])


def _annexes(old: Sequence[Named], new: Sequence[Named]) -> Iterator[AnnexChange]:
    """In the order of the new version, then what was taken out; paired by what is the same, then name, then content."""
    pairs: dict[int, int] = {}
    for parts in (("name", "sha256"), ("name",), ("sha256",)):
        free: dict[tuple[str, ...], list[int]] = {}
        for place, file in enumerate(old):
            if place not in pairs.values():
                free.setdefault(tuple(file[part] for part in parts), []).append(place)
        for place, file in enumerate(new):
            if place not in pairs and (same := free.get(tuple(file[part] for part in parts))):
                pairs[place] = same.pop(0)
    for place, file in enumerate(new):
        if place not in pairs:
            yield AnnexChange("added", file["name"], file["sha256"])
            continue
        was = old[pairs[place]]
        name, sha256 = (was[part] if was[part] != file[part] else "" for part in ("name", "sha256"))
        yield AnnexChange("changed" if name or sha256 else "same", file["name"], file["sha256"], name, sha256)
    for place, file in enumerate(old):
        if place not in pairs.values():
            yield AnnexChange("removed", file["name"], file["sha256"])
