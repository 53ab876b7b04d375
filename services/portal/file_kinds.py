"""What a file is, by its content and not by what its name says; and a name that is safe to give back."""

import io
import re
import unicodedata
import zipfile
from typing import IO

import puremagic

from shared.errors import Invalid

OFFICE = "application/vnd.openxmlformats-officedocument."
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    f"{OFFICE}wordprocessingml.document": ".docx",
    f"{OFFICE}spreadsheetml.sheet": ".xlsx",
}
_MAIN = {"word/document.xml": f"{OFFICE}wordprocessingml.document", "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet"}
_MOST_ENTRIES = 5000
_LONGEST = 100
_UNSAFE = re.compile(r'[\\/:*?"<>|]')


class NotTaken(Invalid):
    """A file of a kind that is not taken, whatever its name says."""

    status = 415
    title = "This kind of file is not taken"


def kind_of(content: IO[bytes], allowed: tuple[str, ...]) -> str:
    """The media type. Raises NotTaken for what is none of the allowed ones."""
    content.seek(0)
    head = content.read(4096)
    try:
        found = [match.mime_type for match in puremagic.magic_string(head)] if head else []
    except (puremagic.PureError, ValueError):
        found = []
    if head.startswith(b"PK\x03\x04"):
        found = [kind] if (kind := _in_archive(content)) else []
    content.seek(0)
    for kind in found[:1]:
        if kind in allowed:
            return str(kind)
    known = ", ".join(ENDINGS.get(kind, kind).removeprefix(".") for kind in allowed)
    raise NotTaken(f"By its content this is none of: {known}.")


def _in_archive(content: IO[bytes]) -> str:
    """The kind of an office document without macros; nothing for any other archive. Nothing is unpacked."""
    content.seek(0, io.SEEK_SET)
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    if len(names) > _MOST_ENTRIES or any(name.lower().endswith((".bin", ".exe", ".dll", ".js")) for name in names):
        return ""
    return next((kind for main, kind in _MAIN.items() if main in names), "")


def clean_name(given: str, media_type: str) -> str:
    """A name without paths, signs that steer and marks that turn the reading direction, with the ending of what it is."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    plain = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    plain = _UNSAFE.sub("_", plain).strip(" .")
    ending = ENDINGS.get(media_type, "")
    stem = re.sub(r"(\.[A-Za-z0-9]{1,5})+$", "", plain) or "file"
    return stem[:_LONGEST] + ending
