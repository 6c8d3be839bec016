"""What a citation's place says about where the words stand: a message, a speaker, a paragraph, lines, a page.

A place is free text for people. What is not understood here (`art. 4`, `s. 1.1`, `sched. A`) chooses nothing and
contradicts nothing.
"""

from __future__ import annotations

import re
from datetime import time
from typing import NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.header_dates import Written, find_date, find_time
from muniment.evidence.messages import Message

MESSAGE_WORD = re.compile(
    r"\b(?:i?messages?|e-?mails?|letters?|texts?|courriels?|posts?)\b|邮件|電郵|短信|消息", re.IGNORECASE
)
FROM = re.compile(r"\b(?:from|by|de)\s+(?P<name>[^\W\d_a-z][^,;()]*?)(?=\s+(?:to|on|of|at|à)\b|\s*[,;()]|\s*$)")
FROM_TO = re.compile(r"(?:^|[,;:(]|\s)(?P<name>[^\W\d_a-z][\w.'’ -]*?)\s+to\s+(?P<to>[^\W\d_a-z][\w.'’ -]*)")
PARAGRAPH = re.compile(r"(?:\bparas?\.?|\bparagraphs?|¶)\s*(?P<number>[0-9]{1,7})(?![0-9.]*[0-9])", re.IGNORECASE)
LINES = re.compile(r"\b(?:ll?\.|lines?)\s*(?P<first>[0-9]{1,7})(?:\s*[-–]\s*(?P<last>[0-9]{1,7}))?", re.IGNORECASE)
PAGE = re.compile(r"\b(?:p\.|pp\.|pages?)\s*(?P<number>[0-9]{1,7})", re.IGNORECASE)


class Place(NamedTuple):
    """What was understood of a place.

    Attributes:
        written: The date of a message; None if none is named.
        at: Its wall time; None if none is named.
        has_seconds: The time was written with seconds.
        sender: Who sent it; empty if nobody is named.
        recipient: To whom; empty if nobody is named.
        paragraph: 1-based; None if none is named.
        lines: First and last, 1-based; None if none are named.
        page: 1-based; None if none is named.
    """

    written: Written | None
    at: time | None
    has_seconds: bool
    sender: str
    recipient: str
    paragraph: int | None
    lines: tuple[int, int] | None
    page: int | None

    @property
    def names_a_message(self) -> bool:
        """Whether it says which message is meant."""
        return self.written is not None or self.at is not None or bool(self.sender)


def read_place(place: str, document: Document) -> Place:
    """Read a place against the document it is in: names are those of its messages.

    A date, time or name counts only in a document that has messages, and only if the place speaks of a message or
    begins with the date or name.
    """
    place = place.strip()[:500]
    paragraph, lines, page = PARAGRAPH.search(place), LINES.search(place), PAGE.search(place)
    written = clock = None
    sender = recipient = ""
    if document.messages:
        speaks_of_message = MESSAGE_WORD.search(place) is not None
        written = find_date(place)
        if written and not (speaks_of_message or written.start == 0):
            written = None
        clock = find_time(place) if written or speaks_of_message else None
        sender, recipient = _people(place, document, speaks_of_message)
    return Place(
        written,
        clock.time if clock else None,
        clock is not None and clock.has_seconds,
        sender,
        recipient,
        int(paragraph["number"]) if paragraph else None,
        (int(lines["first"]), int(lines["last"] or lines["first"])) if lines else None,
        int(page["number"]) if page else None,
    )


def _people(place: str, document: Document, speaks_of_message: bool) -> tuple[str, str]:
    """Return (sender, recipient) as the place names them; empty where it names nobody."""
    addressed = FROM_TO.search(place)
    named = FROM.search(place) if speaks_of_message else None
    if addressed and (speaks_of_message or addressed.start() == 0):
        name = re.sub(r"^.*\b(?:from|by|de)\s+", "", addressed["name"])
        name = MESSAGE_WORD.sub("", name).strip()
        return name, addressed["to"].strip()
    if named:
        return named["name"].strip(), ""
    rest = MESSAGE_WORD.sub(" ", place)
    senders = {message.sender for message in document.messages}
    for words in re.split(r"[,;()]", rest):
        bare = words.strip()
        is_known = any(_is_named(bare, sender) for sender in senders)
        if is_known and (speaks_of_message or rest.startswith(words)):
            return bare, ""
    return "", ""


def _is_named(name: str, full_name: str) -> bool:
    """Return whether every word of a name belongs to a fuller name."""
    words = re.findall(r"[\w<>\[\]]+", name.casefold())
    return bool(words) and set(words) <= set(re.findall(r"[\w<>\[\]]+", full_name.casefold()))


def is_of_message(place: Place, message: Message | None) -> bool:
    """Return whether a message can be the one that a place names.

    A message without a date of its own (in a chat) can be of any day from the last one given above it; one without a
    time can be of any time.
    """
    if not place.names_a_message:
        return True
    if message is None:
        return False
    if place.sender and not any(_is_named(place.sender, name) for name in (message.sender, message.origin)):
        return False
    if place.recipient and not any(_is_named(place.recipient, name) for name in (*message.recipients, *message.cc)):
        return False
    if place.at is not None and message.at is not None:
        at = message.at if place.has_seconds else message.at.replace(second=0)
        if at != place.at:
            return False
    return place.written is None or _is_on_day(place.written, message)


def _is_on_day(written: Written, message: Message) -> bool:
    day = message.sent
    if day is None:
        first = message.not_before
        if first is None:
            return True
        return (written.year, written.month, written.day or 31) >= (first.year, first.month, first.day)
    return (day.year, day.month) == (written.year, written.month) and written.day in (None, day.day)


def is_at(place: Place, document: Document, start: int, end: int) -> bool:
    """Return whether a run of characters stands in the paragraph, lines and page that a place names, if any."""
    if place.paragraph is not None and document.paragraph_at(start) != place.paragraph:
        return False
    if place.page is not None and len(document.page_starts) > 1 and document.page_at(start) != place.page:
        return False
    if place.lines is not None:
        first, last = document.line_column(start)[0], document.line_column(max(start, end - 1))[0]
        return first <= place.lines[1] and last >= place.lines[0]
    return True
