"""Documents: bytes to characters, the format of a file, and what stands where."""

from __future__ import annotations

import hashlib
import random

import pytest
from made_files import docx, lines, mail, paragraph, pdf

from muniment.evidence import documents
from muniment.evidence.documents import read_document
from muniment.evidence.readers.formats import recognise
from muniment.evidence.readers.plain import decode, decode_as


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        ("é".encode(), "é", None),
        (b"\xef\xbb\xbf" + "é".encode(), "é", None),
        ("é".encode("utf-16"), "é", "UTF-16"),
        ("The board of Acme".encode("utf-16-le"), "The board of Acme", "UTF-16"),
        ("The board of Acme".encode("utf-16-be"), "The board of Acme", "UTF-16"),
        ("é’".encode("cp1252"), "é’", "Windows-1252"),
        (b"\xff\xfe\x00", "\ufffd", "UTF-16"),
        (b"\x81\xe9", "\ufffdé", "Windows-1252"),
        (b"a\0b", "a\0b", "number 0"),
        (b"", "", None),
    ],
)
def test_any_bytes_become_text(data, text, note):
    found = decode(data)
    assert found.text == text
    assert (note in found.notes[0]) if note else found.notes == ()


@pytest.mark.parametrize(
    ("data", "label", "text", "note"),
    [
        ("董事会".encode("gbk"), "gb2312", "董事会", None),
        ("董事會".encode("big5"), "Big5", "董事會", None),
        ("société".encode("latin-1"), "ISO-8859-1", "société", None),
        ("société".encode(), "iso-8859-1", "société", "but is UTF-8"),
        ("société".encode("latin-1"), "utf-8", "société", "it says it is utf-8, but is not UTF-8"),
        ("société".encode(), "rot13", "société", "not known"),
        ("société".encode(), "utf-7", "société", "not known"),
        (b"\xff\xff", "gbk", "\ufffd\ufffd", "no meaning"),
        (b"plain", "windows-1251", "plain", None),
    ],
)
def test_a_stated_charset_is_believed_unless_the_bytes_belie_it(data, label, text, note):
    found = decode_as(data, label)
    assert found.text == text
    assert (note in found.notes[0]) if note else found.notes == ()


PAGE = b"<!DOCTYPE html><p>Five directors."
LETTER = mail("Five directors.\n", MIME_Version="1.0", From="ada@acme.example", Date="Tue, 3 May 2016 14:05:00 +0200")
BOX = b"From ada@acme.example Tue May  3 14:05:00 2016\n" + LETTER


@pytest.mark.parametrize(
    ("data", "name", "kind", "expected"),
    [
        (PAGE, "a.html", "", "html"),
        (PAGE, "a", "", "html"),
        (PAGE, "a.txt", "", "plain"),
        (PAGE, "a.md", "", "plain"),
        (b"Five directors.", "a.html", "", "html"),
        (b"x <p>Five</p>", "a", "web page", "html"),
        (b"x <p>Five</p>", "a", "", "plain"),
        (pdf(b""), "a.pdf", "", "pdf"),
        (pdf(b""), "a.txt", "", "pdf"),
        (b"junk \n%PDF-1.4", "a.pdf", "", "pdf"),
        (b"Five directors.", "a.pdf", "", "plain"),
        (docx(""), "a.docx", "", "docx"),
        (docx(""), "a", "", "docx"),
        (b"PK\x03\x04zip", "a.zip", "", "refused"),
        (LETTER, "a.eml", "", "eml"),
        (LETTER, "a", "", "eml"),
        (LETTER, "a.txt", "", "plain"),
        (BOX, "a.mbox", "", "mbox"),
        (BOX, "a.eml", "", "mbox"),
        (BOX, "mail", "", "mbox"),
        (b"From here on it is ours.", "a", "", "plain"),
        (b"\x89PNG\r\n\x1a\n...", "a.txt", "", "refused"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "", "refused"),
        (b"{\\rtf1 Five}", "a.rtf", "", "refused"),
        (b"", "a", "", "plain"),
    ],
)
def test_the_format_is_told_by_content_then_by_name(data, name, kind, expected):
    found = recognise(data, name, kind)
    assert found.format == expected
    assert bool(found.fault) == (expected == "refused")


def test_a_name_that_contradicts_the_content_is_noted():
    assert "PDF" in recognise(pdf(b""), "a.docx").notes[0]
    assert "plain text" in recognise(b"Five", "a.docx").notes[0]


@pytest.mark.parametrize(
    ("data", "name", "extractor"),
    [
        (b"Five directors.", "a.txt", "plain text"),
        (PAGE, "a.html", "html, selectolax "),
        (docx(paragraph("Five directors.")), "a.docx", "docx, standard library"),
        (pdf(lines("Five directors.")), "a.pdf", "pdf, pypdf "),
        (LETTER, "a.eml", "mail, standard library"),
        (BOX, "a.mbox", "mail, standard library"),
    ],
)
def test_every_format_is_read_with_its_hash_and_reader(data, name, extractor):
    document = read_document(data, name)
    assert "Five directors." in document.text
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.extractor.startswith(extractor)
    assert document.is_extracted == (extractor != "plain text")
    assert document.unreadable == ""
    assert not document.is_markdown


def test_only_plain_text_is_markdown():
    assert read_document(b"*Five*", "a.md").is_markdown
    assert read_document("*Five*", "a.md").is_markdown
    assert not read_document(pdf(lines("*Five*")), "a.md").is_markdown


def test_a_file_without_a_reader_is_unreadable_not_empty():
    document = read_document(b"\x89PNG\r\n\x1a\n" + b"x" * 50, "scan.png")
    assert (document.text, document.unreadable) == ("", "it is a picture, which is not searchable")


@pytest.mark.parametrize("signs", ["a\r\n", "é\r\n中 "])
def test_lines_of_a_long_text_are_those_of_a_short_one(signs, monkeypatch):
    chosen = random.Random(7)
    text = "".join(chosen.choice(signs) for _ in range(5_000))
    short = read_document(text, "a.txt").line_starts
    monkeypatch.setattr(documents, "LONG", 1)
    assert read_document(text, "a.txt").line_starts == short
