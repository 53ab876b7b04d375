"""A file is what its content says; its name is cleaned and ends as what it is."""

import io
import zipfile

import pytest

from services.portal.file_kinds import ENDINGS, NotTaken, clean_name, kind_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n" * 20
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\x00" * 64
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 64
ALL = tuple(ENDINGS)
DOCX, XLSX = [kind for kind, ending in ENDINGS.items() if ending in {".docx", ".xlsx"}]


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg"),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX), (archive("xl/workbook.xml"), XLSX),
    ],
)  # fmt: skip
def test_a_kind_is_told_by_the_content(content: bytes, kind: str):
    assert kind_of(io.BytesIO(content), ALL) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"<html><script>alert(1)</script>", b"MZ" + b"\0" * 60, b"#!/bin/sh\n",
        b"<?xml version='1.0'?><svg/>",
        archive("a.txt"), archive("word/document.xml", "word/vbaProject.bin"), archive("word/document.xml", "x.exe"),
        b"PK\x03\x04 and no archive", b"GIF89a" + b"\0" * 60,
    ],
)  # fmt: skip
def test_what_is_none_of_the_kinds_is_not_taken_whatever_it_is_called(content: bytes):
    with pytest.raises(NotTaken, match="pdf"):
        kind_of(io.BytesIO(content), ALL)


def test_kinds_are_a_setting():
    with pytest.raises(NotTaken):
        kind_of(io.BytesIO(PDF), ("image/png",))


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\plan.exe", "plan.pdf"),
        ("invoice.pdf.exe", "invoice.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_bSet-Cookie_ x.pdf"),
        ("ตรวจค้น.pdf", "ตรวจค้น.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_what_the_file_is(given: str, clean: str):
    assert clean_name(given, "application/pdf") == clean
