"""What became of a plan from one version to another: sections, objectives, annexes, rights officers, down to the words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Any, Literal

Change = Literal["same", "added", "removed", "changed", "moved"]

Named = Mapping[Any, Any]
"""A file by its `name` and `sha256`."""
MEASURED = ("title", "indicator", "baseline", "target", "measured_by")
_SENTENCE = re.compile(r"[^\n.!?。؟]*[\n.!?。؟]*\s*")
# Thai, Lao, Tibetan, Burmese, Khmer, kana and Chinese are written without spaces: there each letter is compared
_WITHOUT_SPACES = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
MOST_STEPS = 400_000
"""Of work on one difference: what is still to be compared then is shown as taken out and put in."""
_STEPS_A_PART = 150_000
_STEPS_A_LETTER = 4
"""What it takes to find the words of a text, by what one step of comparing takes."""


@dataclass(frozen=True)
class Piece:
    """A run of text that is in both versions, or in one."""

    change: Literal["same", "added", "removed"]
    text: str


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


class TooMuch(Exception):
    """More work than a page may cost those who wait beside its reader."""


@dataclass
class Budget:
    """How much work is left."""

    left: int = MOST_STEPS

    def spend(self, steps: int) -> None:
        """Raises TooMuch where that is not left."""
        if steps > self.left:
            raise TooMuch
        self.left -= steps


class _Compared(SequenceMatcher[str]):
    """Counts what it does: where tokens repeat, its work grows with the third power of their number."""

    def __init__(self, old: list[str], new: list[str], budget: Budget) -> None:
        self._budget = budget
        self._steps: list[int] = []
        super().__init__(None, old, new, False)
        times = Counter(new)
        self._steps = [0, *accumulate(1 + times[token] for token in old)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        self._budget.spend(self._steps[len(self._steps) - 1 if ahi is None else ahi] - self._steps[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


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


def pieces_of(old: str, new: str, budget: Budget | None = None) -> Iterator[Piece]:
    """The words of two texts: sentence by sentence first, then within those that are others now."""
    budget = budget or Budget()
    if old == new:
        yield from _joined(_plain(old, new))
        return
    yield from _joined(
        piece
        for was, now in _blocks(old, new, _SENTENCE.findall, budget)
        for piece in (_words_of(was, now, budget) if was and now and was != now else _plain(was, now))
    )


def _words_of(old: str, new: str, budget: Budget) -> Iterator[Piece]:
    for was, now in _blocks(old, new, _tokens, budget):
        yield from _plain(was, now)


def _plain(was: str, now: str) -> Iterator[Piece]:
    if was == now:
        yield Piece("same", now)
    else:
        yield Piece("removed", was)
        yield Piece("added", now)


def _blocks(old: str, new: str, parts: Callable[[str], list[str]], budget: Budget) -> Iterator[tuple[str, str]]:
    """Runs of both, side by side; all of them as one where there is too much to compare."""
    part = Budget(min(_STEPS_A_PART, budget.left))
    granted = part.left
    try:
        part.spend(_STEPS_A_LETTER * (len(old) + len(new)))
        before, after = parts(old), parts(new)
        found = _Compared(before, after, part).get_opcodes()
        runs = [("".join(before[a:b]), "".join(after[c:d])) for _, a, b, c, d in found]
    except TooMuch:
        runs = [(old, new)]
    budget.left -= granted - part.left
    yield from runs


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one, and nothing that is empty."""
    held: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if held and held.change == piece.change:
            held = Piece(held.change, held.text + piece.text)
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _tokens(text: str) -> list[str]:
    """Words, spaces and signs; a mark stays with the letter that carries it."""
    found: list[str] = []
    last = ""
    for letter in text:
        category = unicodedata.category(letter)
        if category[0] == "M" or letter == "\u200d":
            kind = last or "mark"
        elif category[0] in "LN":
            kind = "" if _WITHOUT_SPACES.match(letter) else "word"
        else:
            kind = "space" if letter.isspace() else ""
        if found and (category[0] == "M" or letter == "\u200d" or (kind and kind == last)):
            found[-1] += letter
        else:
            found.append(letter)
            last = kind
    return found


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
