"""What the clients asked and were told, on disk and in memory: all that the oracle knows."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

POSTED, RELEASED, VALIDATED, RETURNED, DETAILED, EXPLAINED = (
    "planner.update.posted.v1", "planner.update.released.v1", "planner.update.validated.v1",
    "planner.update.returned.v1", "planner.update.detailed.v1", "planner.return.explained.v1",
)  # fmt: skip
HEADLINES = frozenset({POSTED, RELEASED, VALIDATED, RETURNED})
"""What is said on the operations' own topic; the rest goes with the details."""


@dataclass
class Post:
    """One update as its client has it. Without an id it was never answered with 201."""

    word: str  # its text, which occurs nowhere else
    counts: dict[str, int]
    supersedes: str | None = None
    id: str | None = None
    status: str = "provisional"
    answers: list[int] = field(default_factory=list)

    @property
    def may_be_kept(self) -> bool:
        """Not answered, and not only with answers that say that nothing was kept."""
        return self.id is None and any(status != 503 for status in self.answers)


@dataclass(frozen=True)
class Said:
    """An event that must follow from an answer: what it says of which update, and the parties that get it."""

    type: str
    update_id: str
    readers: frozenset[str]


@dataclass
class Lane:
    """One operation and those who work on it, one command after the other."""

    operation_id: str
    owner: str
    participants: frozenset[str]
    shares_detail: bool
    held: bool
    version: int
    posts: list[Post] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def readers(self) -> frozenset[str]:
        """Of the headline, now."""
        return frozenset({self.owner}) if self.held else self.participants

    @property
    def detail_readers(self) -> frozenset[str]:
        return self.readers if self.shares_detail else frozenset({self.owner})

    @property
    def accepted(self) -> list[Post]:
        return [post for post in self.posts if post.id]

    def note(self, kind: str, update_id: str, readers: frozenset[str]) -> None:
        self.said.append(Said(kind, update_id, readers))

    def release(self) -> None:
        """The newcomers get what is there, in the order of its making; whoever had it hears of it again."""
        self.held = False
        for update_id in sorted(post.id for post in self.posts if post.id):
            self.note(RELEASED, update_id, self.readers)
            self.note(DETAILED, update_id, self.detail_readers)


class Journal:
    """Every lane, every line of it also in a file that outlives the run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")
        self.lanes: list[Lane] = []
        self.answered = self.asked = 0  # 201s, and posts of which at least one try went out
        self.tries = 0
        self.surprises: Counter[str] = Counter()
        self.longest_silence, self._last = 0.0, 0.0

    def line(self, what: str, **fields: Any) -> None:
        self._file.write(json.dumps({"at": time.time(), "what": what, **fields}) + "\n")
        self._file.flush()

    def asks(self, lane: Lane, post: Post, key: str) -> None:
        """Written before the first try."""
        self.asked += 1
        self._last = self._last or time.monotonic()
        lane.posts.append(post)
        self.line("asked", operation=lane.operation_id, key=key, word=post.word, counts=post.counts)

    def was_told(self, key: str, post: Post, status: int, update_id: str | None) -> None:
        self.tries += 1
        post.answers.append(status)
        self.line("answer", key=key, status=status, id=update_id)
        if update_id:
            post.id = update_id
            self.answered += 1
            now = time.monotonic()
            self.longest_silence, self._last = max(self.longest_silence, now - self._last), now

    def is_surprised(self, what: str) -> None:
        """An answer that no client should ever get."""
        self.surprises[what] += 1
        self.line("surprise", answer=what)

    def posts(self) -> Iterator[tuple[Lane, Post]]:
        for lane in self.lanes:
            for post in lane.posts:
                yield lane, post

    def close(self) -> None:
        self._file.close()
