"""Paper: a Typst template and data become a PDF that is accessible (PDF/UA-1) and lasts (PDF/A-2a)."""

import asyncio
import logging
import re
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typst import Fonts

log = logging.getLogger("jpa.exports")

_ONE_AT_A_TIME = asyncio.Semaphore(1)
# overrides of the writing direction could make a figure read backwards; what people need of them, the letters say
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
# a run that no line could take; the scripts without spaces know where their own words end
_LONG = re.compile(r"[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff]{25,}")


async def pdf(template: Path, name: str, data: str, at: datetime) -> bytes:
    """The template with `data` (JSON) in its `sys.inputs.<name>`, dated `at`. Takes a core for a moment, so in a thread."""
    async with _ONE_AT_A_TIME:
        return await asyncio.to_thread(_compile, template, {name: data}, at)


def _compile(template: Path, inputs: dict[str, str], at: datetime) -> bytes:
    import typst

    compiler = typst.Compiler(str(template), font_paths=_fonts(), sys_inputs=inputs)
    try:
        made = compiler.compile(format="pdf", timestamp=at, pdf_standards=["a-2a", "ua-1"])
    except typst.TypstError:
        # a letter that no font here has: the standards forbid the box that stands for it, and any paper is better than none
        log.warning("a %s has text that no font here shows: made without PDF/UA and PDF/A", template.stem)
        made = compiler.compile(format="pdf", timestamp=at)
    finally:
        _forget()
    assert isinstance(made, bytes)
    return made


def _forget() -> None:
    """Typst keeps what it laid out for the next ten documents; ours are seldom alike and would hold 40 MB each."""
    import typst

    for _ in range(11):
        typst.compile(b"", format="pdf", font_paths=_fonts())


@cache
def _fonts() -> "Fonts":
    """The machine's fonts, looked for once: that takes longer than a short document."""
    import typst

    return typst.Fonts()


def shown(text: str) -> str:
    """Text as paper can take it: nothing invisible that moves or hides letters, no run longer than a line."""
    kept = "".join(_letter(letter) for letter in _DIRECTION.sub("", text))
    return _LONG.sub(lambda run: _with_breaks(run.group()), kept)


def _letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cc":
        return " " if letter.isspace() else ""
    if letter == "\ufeff":
        return ""
    return "\ufffd" if category in {"Cn", "Co", "Cs"} else letter


def _with_breaks(run: str) -> str:
    """A place to break (U+200B) after every twelfth letter, never between a letter and its marks."""
    broken, length = [], 0
    for letter in run:
        if length >= 12 and not unicodedata.category(letter).startswith("M") and letter != "\u200d":
            broken.append("\u200b")
            length = 0
        broken.append(letter)
        length += 1
    return "".join(broken)
