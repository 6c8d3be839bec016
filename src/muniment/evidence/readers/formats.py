"""Which format a file has: its own first bytes say, and its name where they leave it open."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Format = Literal["plain", "html", "docx", "pdf", "eml", "mbox", "refused"]

BY_SUFFIX: dict[str, Format] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".docm": "docx",
    ".pdf": "pdf",
    ".eml": "eml",
    ".mbox": "mbox",
    ".mbx": "mbox",
}
PLAIN_SUFFIXES = (".txt", ".md", ".markdown", ".text", ".csv", ".muni", ".json", ".xml", ".log", ".srt", ".tex")
NO_TEXT = (
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office file, or one that is encrypted"),
    (b"{\\rtf", "a Rich Text file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"ID3", "a sound recording"),
    (b"\0\0\0\x18ftyp", "a film or sound recording"),
    (b"\0\0\0 ftyp", "a film or sound recording"),
)
"""How files begin that this program has no reader for."""
ZIP = b"PK\x03\x04"
PDF_MARK = b"%PDF-"
PDF_MARK_WITHIN = 1024
BEGINS_HTML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
BEGINS_MBOX = re.compile(rb"^From \S+ .{0,60}[0-9]{4}\s*\r?\n[!-9;-~]{1,80}:")
BEGINS_MAIL = re.compile(
    rb"^(?:[!-9;-~]{1,80}:[^\r\n]{0,2000}\r?\n(?:[ \t][^\r\n]{0,2000}\r?\n){0,40}){0,60}?"
    rb"(?:Received|Return-Path|Message-ID|MIME-Version|DKIM-Signature):",
    re.IGNORECASE,
)
SNIFFED = 20_000


class Recognised(NamedTuple):
    """The format of a file.

    Attributes:
        format: See `Format`; ``refused`` if there is no reader for it.
        notes: That name and content differ; empty otherwise.
        fault: Why there is no reader; empty otherwise.
    """

    format: Format
    notes: tuple[str, ...] = ()
    fault: str = ""


def recognise(data: bytes, name: str, kind: str = "") -> Recognised:
    """Return the format of a file.

    Args:
        data: The file's bytes.
        name: Its name; the ending counts where the bytes do not decide.
        kind: What the source's record says it is (`email`, `web page`); helps where neither decides.
    """
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    stated = BY_SUFFIX.get(suffix)
    head = data[:SNIFFED]
    for mark, what in NO_TEXT:
        if head.startswith(mark):
            return Recognised("refused", (), f"it is {what}, which is not searchable")
    if PDF_MARK in head[:PDF_MARK_WITHIN] and (stated == "pdf" or head.lstrip().startswith(PDF_MARK)):
        return _named(Recognised("pdf"), stated, "PDF")
    if head.startswith(ZIP):
        if stated == "docx" or b"word/document.xml" in data:
            return _named(Recognised("docx"), stated, "Word")
        return Recognised("refused", (), "it is a compressed file, which is not searchable")
    if stated in ("pdf", "docx"):
        what = "PDF" if stated == "pdf" else "Word"
        return Recognised("plain", (f"it is named as a {what} file, but is plain text",))
    if stated is not None:
        return Recognised("mbox" if stated == "eml" and BEGINS_MBOX.match(head) else stated)
    if suffix in PLAIN_SUFFIXES:
        return Recognised("plain")
    if BEGINS_HTML.match(head) or (kind == "web page" and b"</p>" in head):
        return Recognised("html")
    if BEGINS_MBOX.match(head):
        return Recognised("mbox")
    if BEGINS_MAIL.match(head):
        return Recognised("eml")
    return Recognised("plain")


def _named(found: Recognised, stated: Format | None, what: str) -> Recognised:
    if stated in (None, found.format):
        return found
    return found._replace(notes=(f"its name ends otherwise, but it is a {what} file",))
