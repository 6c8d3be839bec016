"""Documents: the text of a source, and what stands where in it.

A place in a text is a line, a paragraph, a page (where form feeds mark them) or a message of a mailbox or of an e-mail
archive that was printed as text. Of another format than plain text the lines are those of the text that its reader
gives.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass

from muniment.evidence.annotations import Annotation, before_changes
from muniment.evidence.messages import MOST_LINES, MOST_MESSAGES, Message, find_messages
from muniment.evidence.quoted_mail import part_quoted
from muniment.evidence.readers.extracted import Extracted
from muniment.evidence.readers.reading import extract

LINE_END = re.compile(r"\r\n|\r|\n")
PARAGRAPH_BREAK = re.compile(r"(?>\r\n|\r|\n)[ \t\u00a0]*(?>\r\n|\r|\n)\s*")
MARKDOWN_SUFFIXES = (".md", ".markdown")
PLAIN = "plain text"
CHANGES = ("tracked deletion", "tracked insertion")
LONGEST_BEFORE_CHANGES = 2_000_000
LONG = 1_000_000
"""Characters from which on numpy finds the line ends."""


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
        title: As the format states it; empty if it states none.
        extractor: What made the text out of the file, with its version (`html, selectolax 1.0.2`).
        pages_unreadable: Pages without text, as a scan has them; 1-based, ascending.
        second: The same file in another reading order; None where there is but one.
        annotations: Tracked changes, comments and hidden text. The words of deletions, comments and hidden text are no
            part of `text`.
        unreadable: Why no text can be had (encrypted, damaged, a picture); empty if it can.
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
    title: str = ""
    extractor: str = ""
    pages_unreadable: tuple[int, ...] = ()
    second: Document | None = None
    annotations: tuple[Annotation, ...] = ()
    unreadable: str = ""

    @property
    def is_extracted(self) -> bool:
        """Whether the text was made by a reader, so that its lines are not the file's own."""
        return self.extractor not in ("", PLAIN)

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

    def is_across_messages(self, start: int, end: int) -> bool:
        """Return whether a run of characters reaches from one message into another, or from a header into its words."""
        message = self.message_at(start)
        if message is None:
            index = bisect_right(self.messages, start, key=lambda each: each.start)
            return index < len(self.messages) and self.messages[index].start < end
        return end > message.end or start < message.body < end


def read_document(
    text: str | bytes,
    name: str,
    language: str = "",
    sha256: str = "",
    notes: tuple[str, ...] = (),
    kind: str = "",
) -> Document:
    """Read a source's file, or index its text.

    Args:
        text: The bytes of a file in any format that has a reader, or characters, which are taken as they are.
        name: File name; `.md` and `.markdown` allow the Markdown view.
        language: Of the text; empty if unknown.
        sha256: Of the file's bytes; computed if empty.
        notes: What is known already of how it was read.
        kind: What the source's record says it is (`email`); helps to choose the reader.

    Returns:
        The document. Of a file that cannot be read, `text` is empty and `unreadable` says why.
    """
    found = Extracted(text, PLAIN) if isinstance(text, str) else extract(text, name, kind)
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    digest = sha256 or hashlib.sha256(raw).hexdigest()
    second = Extracted(found.second, found.second_extractor, messages=None) if found.second_extractor else None
    return _index(
        found._replace(notes=(*notes, *found.notes)),
        (name, language, digest),
        None if second is None else _index(second, (name, language, digest), None),
    )


def _index(found: Extracted, of: tuple[str, str, str], second: Document | None) -> Document:
    """Return the document that a reader's text makes; `of` is the file's name, language and hash."""
    name, language, sha256 = of
    text = found.text
    line_starts = _line_starts(text)
    messages = _printed_messages(text) if found.messages is None else found.messages
    return Document(
        text=text,
        name=name,
        language=language,
        sha256=sha256,
        is_markdown=found.extractor == PLAIN and name.lower().endswith(MARKDOWN_SUFFIXES),
        line_starts=line_starts,
        paragraph_starts=_paragraph_starts(text),
        page_starts=array("q", [0, *(match.end() for match in re.finditer("\f", text))]),
        messages=messages,
        notes=(*found.notes, *_left_unsought(found, line_starts, messages)),
        title=found.title,
        extractor=found.extractor,
        pages_unreadable=found.pages_unreadable,
        second=second,
        annotations=found.annotations,
        unreadable=found.fault,
    )


def _printed_messages(text: str) -> tuple[Message, ...]:
    """Return the messages of an archive that was printed as text, with what each of them quotes as parts of its own."""
    return tuple(
        part
        for message in find_messages(text)
        for part in part_quoted(message, text[message.body : message.end], is_printed=True)
    )


def _left_unsought(found: Extracted, line_starts: array[int], messages: tuple[Message, ...]) -> tuple[str, ...]:
    """Say so if a text is too long for every message in it to be looked for."""
    if found.messages is None and messages and (len(line_starts) > MOST_LINES or len(messages) >= MOST_MESSAGES):
        return ("it is very long; only the messages at its beginning are told apart",)
    return ()


def _line_starts(text: str) -> array[int]:
    if len(text) < LONG:
        return array("q", [0, *(match.end() for match in LINE_END.finditer(text))])
    import numpy as np

    if text.isascii():
        signs = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    else:
        signs = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_end = signs == ord("\n")
    is_return = signs == ord("\r")
    is_return[:-1] &= ~is_end[1:]
    starts = array("q", [0])
    starts.frombytes((np.flatnonzero(is_end | is_return) + 1).astype(np.int64).tobytes())
    return starts


def _paragraph_starts(text: str) -> array[int]:
    first = len(text) - len(text.lstrip())
    ends = (match.end() for match in PARAGRAPH_BREAK.finditer(text, first))
    return array("q", [first, *(end for end in ends if end < len(text))])


def text_before_changes(document: Document) -> str:
    """Return the text as it was before its tracked changes; empty if it has none, or is too long to be made again."""
    changes = [each for each in document.annotations if each.kind in CHANGES]
    if not changes or len(document.text) > LONGEST_BEFORE_CHANGES:
        return ""
    return before_changes(document.text, changes)
