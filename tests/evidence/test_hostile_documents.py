"""Hostile files cost bounded time and memory, and give a reason instead of a text."""

from __future__ import annotations

import io
import sys
import time
import warnings
import zipfile
import zlib

import pytest
from made_files import docx, lines, paragraph, pdf, pdf_of, relations, stream

from muniment.evidence.documents import read_document
from muniment.evidence.messages import MOST_MESSAGES
from muniment.evidence.quotes import check_quotation
from muniment.evidence.readers.apart import LIMITS, MOST_MEMORY, Limits, from_json, read_apart, to_json
from muniment.evidence.readers.extracted import Extracted
from muniment.evidence.readers.html import DEEPEST, depth_of

MOST_SECONDS = 10
SHORT = Limits(1, 3)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
HEAD = b"From: ada@acme.example\nDate: Tue, 3 May 2016 14:05:00 +0200\n"


def one_page(contents: bytes, resources: bytes = b"/Font << /F1 5 0 R >>") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << %s >> >>" % resources
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    return pdf_of([catalog, b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page, contents, FONT])


def deflated(unit: bytes, size: int) -> bytes:
    packer = zlib.compressobj(9)
    return packer.compress(unit * (size // len(unit))) + packer.flush()


def word_file(document: str, times: int = 1) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr("_rels/.rels", relations({"officeDocument": "word/document.xml"}))
        for _ in range(times):
            archive.writestr("word/document.xml", document)
    return out.getvalue()


def parts_in_parts(count: int) -> bytes:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(count))
    return HEAD + nested + b"Content-Type: text/plain\n\nwords"


ADDRESSES = b", ".join(b"u%d <u%d@acme.example>" % (n, n) for n in range(200_000))
FLATE = b"/Filter /FlateDecode"

UNREADABLE = {
    "elements.html": b"<div>" * 1_000_000,
    "parts.eml": parts_in_parts(5_000),
    "addresses.eml": HEAD + b"To: " + ADDRESSES + b"\n\nwords",
    "header-without-end.eml": b"From: ada\nX: " + b"x" * 5_000_000,
    "no-message.mbox": b"\nFrom " * 500_000,
    "zip-bomb.docx": word_file("<a>" + "x" * 60_000_000 + "</a>"),
    "elements.docx": word_file("<a>" * 100_000),
    "entities.docx": word_file('<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
    "external.docx": word_file('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
    "two-texts.docx": word_file("<a/>", times=2),
    "cut.docx": docx(paragraph("words"))[:-40],
    "encrypted.pdf": pdf(lines("a")).replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -1 /O <%s> /U <%s> >>"
        % (b"41" * 32, b"42" * 32),
    ),
    "pages.pdf": pdf(*[b""] * 20_001),
    "cut.pdf": b"%PDF-1.7\nnothing",
    "nested.pdf": pdf_of([b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 500_000 + b" >>"]),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_says_why_and_is_never_absent(name):
    began = time.monotonic()
    document = read_document(UNREADABLE[name], name)
    assert time.monotonic() - began < MOST_SECONDS + 5  # so much the machine may be busy otherwise
    assert document.text == ""
    assert document.unreadable
    assert document.messages == ()
    assert check_quotation("any words at all", document).state == "unreadable"


SLOW = {
    "pdf-first": one_page(stream(deflated(b"BT /F1 12 Tf (x) Tj ET ", 20 << 20), FLATE)),
    "pdf-second": one_page(stream(b"q " * 3_000_000)),
    "html": b"<p " + b" ".join(b"a%d=1" % number for number in range(1_000_000)) + b">x",
    "eml": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 300_000,
}


@pytest.mark.parametrize("reader", SLOW)
def test_a_reader_that_takes_too_long_is_stopped(reader):
    began = time.monotonic()
    found = read_apart(reader, SLOW[reader], SHORT)
    assert time.monotonic() - began < SHORT.wall + 3
    assert found.text == ""
    assert "too" in found.fault


@pytest.mark.skipif(sys.platform == "win32", reason="the system cannot limit memory")
def test_a_reader_that_takes_too_much_memory_is_stopped():
    found = read_apart("html", b"<p>" + b"x" * 20_000_000, memory=120 << 20)
    assert found.text == ""
    assert found.fault


def test_a_bomb_in_a_pdf_is_a_page_that_cannot_be_read():
    data = one_page(stream(deflated(b"\0" * (1 << 20), 1 << 28), FLATE))
    document = read_document(data, "bomb.pdf")
    assert document.text.strip() == ""
    assert document.pages_unreadable == (1,) or document.unreadable
    assert check_quotation("any words", document).state == "unreadable"


def test_the_limits_keep_below_ten_seconds_and_512_megabytes():
    assert MOST_MEMORY <= 512 << 20
    assert all(limit.wall < MOST_SECONDS for limit in LIMITS.values())
    assert LIMITS["pdf-first"].wall + LIMITS["pdf-second"].wall < MOST_SECONDS


BOUNDED = {
    "zero.txt": b"\0" * 5_000_000,
    "one-line.txt": b"x" * 20_000_000,
    "line-ends.txt": b"\n" * 5_000_000,
    "wrong-bytes.txt": b"\xff" * 5_000_000,
    "utf-16.txt": ("中" * 1_000_000).encode("utf-16"),
    "tags.html": b"<" * 2_000_000,
    "entities.html": b"&notin;&amp;" * 500_000,
    "comment.html": b"<!-" * 500_000,
    "tables.html": b"<table><tr><td>" * 1_000 + b"x",
    "scripts.html": b"<script>" * 500_000,
    "addresses.eml": HEAD + b"To: " + ADDRESSES[:200_000] + b"\n\nwords",
    "encoded.eml": HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 10_000 + b"\n\nwords",
    "parts.eml": parts_in_parts(90),
    "cyclic.pdf": pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 2 /Kids [2 0 R 2 0 R] >>"]),
    "size.pdf": pdf(lines("words")).replace(b"/Size 7", b"/Size 999999999"),
    "previous.pdf": pdf(lines("words")).replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
    "itself.pdf": one_page(stream(b"/X Do"), b"/XObject << /X 4 0 R >>"),
}


@pytest.mark.parametrize("name", BOUNDED)
def test_odd_files_are_read_in_bounded_time(name):
    began = time.monotonic()
    read_document(BOUNDED[name], name)
    assert time.monotonic() - began < MOST_SECONDS + 5


def test_an_archive_of_very_many_messages_is_told_apart_at_its_beginning_only():
    document = read_document(b"Ada to Bo - May 2, 2016\n" * (MOST_MESSAGES + 5), "a.txt")
    assert len(document.messages) == MOST_MESSAGES
    assert any("only the messages at its beginning" in note for note in document.notes)


@pytest.mark.parametrize(
    ("markup", "depth"),
    [
        ("<div><p>x</div>", 1),
        ("<p>" * 100, 0),
        ("<br>" * 100, 0),
        ("<b><i>x</i></b>" * 100, 2),
        ("<script>" + "<div>" * 100 + "</script><div>", 1),
        ("<!--" + "<div>" * 100 + "--><div>", 1),
        ("</div>" * 10 + "<div>", 1),
        ("<div>" * 2 * DEEPEST, DEEPEST + 1),
    ],
)
def test_depth_is_counted_before_parsing(markup, depth):
    assert depth_of(markup) == depth


def test_what_a_misled_reader_writes_is_checked():
    good = to_json(Extracted("text", "html", messages=()))
    assert from_json({**good, "annotations": [], "notes": [], "pages_unreadable": []}).text == "text"
    message = [1, "a", [], [], "", "", "", "", "", 0, 0, 9, "", [], ""]
    base = {**good, "annotations": [], "notes": [], "pages_unreadable": []}
    for changed in (
        {"text": 1},
        {"notes": "no list"},
        {"pages_unreadable": [True]},
        {"annotations": [["comment", 0, 9, "", "", ""]]},
        {"annotations": [["other", 0, 1, "", "", ""]]},
        {"messages": [message]},
        {"messages": [[*message[:5], "no date", *message[6:11], 4, *message[12:]]]},
    ):
        with pytest.raises((ValueError, TypeError)):
            from_json({**base, **changed})


def test_a_reader_takes_no_code_from_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "pypdf.py").write_text("open('ran', 'w')\n")
    (tmp_path / "muniment").mkdir()
    (tmp_path / "muniment" / "__init__.py").write_text("open('ran', 'w')\n")
    monkeypatch.chdir(tmp_path)
    assert "words" in read_document(pdf(lines("words")), "a.pdf").text
    assert not (tmp_path / "ran").exists()
