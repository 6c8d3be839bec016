"""Documents: the text of a source, and what stands where in it.

A place in a text is a line, a paragraph, a page (where form feeds mark them) or a message of an e-mail archive that was
printed as text.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from muniment.evidence.messages import Message, find_messages

LINE_END = re.compile(r"\r\n|\r|\n")
PARAGRAPH_BREAK = re.compile(r"(?>\r\n|\r|\n)[ \t\u00a0]*(?>\r\n|\r|\n)\s*")
MARKDOWN_SUFFIXES = (".md", ".markdown")
OTHER_FORMATS = {".pdf": "PDF", ".html": "HTML", ".htm": "HTML", ".docx": "Word", ".eml": "e-mail", ".mbox": "e-mail"}


class Decoded(NamedTuple):
    """The characters of a file.

    Attributes:
        text: Without a byte order mark.
        notes: What the reader must know of how the bytes were read; empty for plain UTF-8.
    """

    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One source's text, indexed.

    Attributes:
        text: All characters.
        name: The file's name; its ending says whether the text is Markdown.
        language: As the source's record gives it (`fr`, `Chinese`); empty if it gives none.
        sha256: Of the file's bytes, or of the text in UTF-8 where no file is known; hexadecimal.
        is_markdown: The Markdown view may be used.
        line_starts: Offset of the first character of each line; 0-based, ascending.
        paragraph_starts: Offset of each paragraph (text between empty lines); ascending.
        page_starts: Offset of each page; one page where the text has no form feeds.
        messages: In the order of the text; empty if it is no archive.
        notes: What the reader must know of how the text was read.
    """

    text: str
    name: str
    language: str
    sha256: str
    is_markdown: bool
    line_starts: array[int]
    paragraph_starts: array[int]
    page_starts: array[int]
    messages: tuple[Message, ...]
    notes: tuple[str, ...] = ()

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return the line and column of a character; both 1-based, columns in characters."""
        index = bisect_right(self.line_starts, offset) - 1
        return index + 1, offset - self.line_starts[index] + 1

    def paragraph_at(self, offset: int) -> int:
        """Return the number of the paragraph that holds a character; 1-based, 0 before the first."""
        return bisect_right(self.paragraph_starts, offset)

    def page_at(self, offset: int) -> int:
        """Return the number of the page that holds a character; 1-based."""
        return bisect_right(self.page_starts, offset)

    def message_at(self, offset: int) -> Message | None:
        """Return the message that holds a character, or None outside all messages."""
        index = bisect_right(self.messages, offset, key=lambda message: message.start) - 1
        if index < 0 or offset >= self.messages[index].end:
            return None
        return self.messages[index]


def decode(data: bytes) -> Decoded:
    """Read bytes as characters: UTF-8, else UTF-16 by its byte order mark, else Windows-1252 with a note.

    Every byte gives a character, so that no file is refused; bytes without a meaning in Windows-1252 become U+FFFD.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not data.startswith(codecs.BOM_UTF32_LE):
        try:
            return Decoded(data.decode("utf-16"), ("read as UTF-16",))
        except UnicodeDecodeError:
            note = "read as UTF-16; some bytes have no meaning in it"
            return Decoded(data.decode("utf-16", errors="replace"), (note,))
    try:
        return Decoded(data.decode("utf-8-sig"), ())
    except UnicodeDecodeError:
        return Decoded(data.decode("cp1252", errors="replace"), ("not UTF-8; read as Windows-1252",))


def read_document(text: str, name: str, language: str = "", sha256: str = "", notes: tuple[str, ...] = ()) -> Document:
    """Index a source's text.

    Args:
        text: The source's characters.
        name: File name; `.md` and `.markdown` allow the Markdown view.
        language: Of the text; empty if unknown.
        sha256: Of the file's bytes; computed from the text if empty.
        notes: From decoding.

    Returns:
        The document. Text in a format that is not read yet (HTML, PDF, e-mail) is taken as it stands, with a note.
    """
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in OTHER_FORMATS:
        notes = (*notes, f"{OTHER_FORMATS[suffix]} is read as plain text")
    return Document(
        text=text,
        name=name,
        language=language,
        sha256=sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        is_markdown=suffix in MARKDOWN_SUFFIXES,
        line_starts=array("q", [0, *(match.end() for match in LINE_END.finditer(text))]),
        paragraph_starts=_paragraph_starts(text),
        page_starts=array("q", [0, *(match.end() for match in re.finditer("\f", text))]),
        messages=find_messages(text),
        notes=notes,
    )


def _paragraph_starts(text: str) -> array[int]:
    first = len(text) - len(text.lstrip())
    ends = (match.end() for match in PARAGRAPH_BREAK.finditer(text, first))
    return array("q", [first, *(end for end in ends if end < len(text))])
