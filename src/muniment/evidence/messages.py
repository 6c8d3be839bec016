"""Messages in an e-mail archive that was printed as text: who wrote what to whom, and when.

Header lines that are read:

    Sam Altman to Elon Musk - May 25, 2015 9:10 PM
    Elon Musk to: Ilya Sutskever, (cc: Greg Brockman) - Sep 13, 2017
    ### _**Sam Altman** to Elon Musk - Jun 24, 2015 10:24 AM_
    NAME received this email from NAME and forwards it to NAME - April 27, 2016 7:25 AM
    [Elon forwards the above email to Sam Altman on Jan 2, 2016 8:18AM]
    Sam Altman - 8:07 AM            in a chat, below a title such as `iMessage between ...`
    Shivon Zilis                    in a chat, if the name is known there
    From: ... / Date: ...           a block of such lines
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from itertools import islice
from typing import Literal, NamedTuple

from muniment.evidence.header_dates import find_date, find_time

LONGEST_HEADER = 800
LONGEST_BLOCK = 8
MOST_LINES = 1_000_000
MOST_MESSAGES = 30_000
"""In longer texts, and after so many messages, none are looked for; `read_document` says so."""
LINE = re.compile(r"[^\r\n]+(?:\r\n|\r|\n|$)")
MARKUP = re.compile(r"^\s*#{1,6}\s+|[*_]|\\(?=[<>\[\]])")
NAME_WORD = r"(?:[^\W\d_a-z][\w.'’-]*|<redacted>|\[redacted\]|del?|der|van|von|bin|al|la|le)"
NAME = rf"{NAME_WORD}(?: {NAME_WORD}){{0,5}}"
ADDRESSED = re.compile(
    rf"^(?P<sender>{NAME})(?: received this e-?mail from (?P<origin>{NAME}) and forwards it)? to:? (?P<to>\S.*)$"
)
FORWARDED = re.compile(rf"^\[(?P<sender>{NAME}) forwards the above e-?mail to:? (?P<to>\S.*?) on (?P<sent>[^\]]*)\]$")
BEFORE_DATE = re.compile(r"\s[-–—]\s+")
COPIES = re.compile(r"[\s,]*\(\s*cc\b:?\s*(?P<cc>[^()]*)\)\s*$|[\s,]+cc:\s*(?P<bare>[^()]*)$", re.IGNORECASE)
CHAT_TITLE = re.compile(r"^(?:iMessages?|SMS|WhatsApp|Text messages?)\b", re.IGNORECASE)
CHAT_BETWEEN = re.compile(rf"\bbetween (?P<one>{NAME}) and (?P<other>{NAME})")
CHAT_SENDER = re.compile(rf"^(?P<sender>{NAME})$")
MARKS_OF_HEADERS = (
    "from:",
    "from*:",
    "from**:",
    "from_:",
    "forwards the above",
    "imessage",
    "sms",
    "whatsapp",
    "text message",
)
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
SUBJECT = re.compile(r"^Subject:\s?(?P<subject>.*)$", re.IGNORECASE)
FIELD = re.compile(r"^(?P<label>From|To|Cc|Bcc|Date|Sent|Subject):\s?(?P<words>.*)$", re.IGNORECASE)
ROLE = re.compile(r"^(?:fw|fwd|cc|bcc):\s*", re.IGNORECASE)
UNDERLINE = re.compile(r"^[-=_]*$")
FOOTNOTE = re.compile(r"^\s*[0-9]+\.\s+\*\*\[\^\]\(")
WEEKDAY = re.compile(r"^\(?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?", re.IGNORECASE)
AFTER_SENT = re.compile(r"^[)\s]*(?:[A-Z]{2,4}\b|[+-][0-9]{4}\b)?[)\s]*(?:\([^()]*\))?\W*$")


class Message(NamedTuple):
    """One message of an archive.

    Attributes:
        number: Its place in the archive; 1-based. The parts of one message, and what it quotes, have its number.
        sender: Who sent it, as written.
        recipients: To whom, as written.
        cc: Who got a copy, as written.
        origin: Whose words it forwards; empty if it says nothing of that.
        sent: The day; None if its header gives none.
        at: Wall time, without zone; None if its header gives none.
        not_before: In a chat, the day of the last message above it that has one; None if there is none.
        subject: Empty if none is printed.
        start: Offset of its first character, with the subject and header lines; 0-based.
        body: Offset of the first character after the header.
        end: One past its last character.
        id: Its Message-ID without the angle brackets; empty if it gives none, as printed archives do.
        references: Ids of the messages that it answers, the oldest first, the one it replies to last.
        part: Empty for a message or its beginning; ``quoted`` for an earlier message that a mail quotes in its body;
            ``continued`` where a mail goes on after what it quotes.
        not_before_time: In a chat, the time that was given together with `not_before`; None if none was.
        after: In a chat that gives no date, the day of the last message above it in the archive; None if none has one.
    """

    number: int
    sender: str
    recipients: tuple[str, ...]
    cc: tuple[str, ...]
    origin: str
    sent: date | None
    at: time | None
    not_before: date | None
    subject: str
    start: int
    body: int
    end: int
    id: str = ""
    references: tuple[str, ...] = ()
    part: Literal["", "quoted", "continued"] = ""
    not_before_time: time | None = None
    after: date | None = None

    def __str__(self) -> str:
        when = [self.sent.isoformat()] if self.sent else []
        if self.at:
            when.append(self.at.isoformat("seconds" if self.at.second else "minutes"))
        to = f" to {', '.join(self.recipients)}" if self.recipients else ""
        return " ".join(("message", *when, "from", self.sender)) + to


class _Header(NamedTuple):
    """What a header says, before it is known where its message ends; `lines` is how many it takes."""

    sender: str
    recipients: tuple[str, ...]
    cc: tuple[str, ...]
    origin: str
    sent: date | None
    at: time | None
    subject: str = ""
    lines: int = 1


class _Line(NamedTuple):
    """One line: its words without Markdown marks, and where it stands."""

    words: str
    start: int
    end: int
    is_footnote: bool


class _Chat(NamedTuple):
    """A run of short messages between the same few people; `day` and `at` are the last date in it and its time."""

    names: frozenset[str]
    day: date | None
    at: time | None = None


def find_messages(text: str) -> tuple[Message, ...]:
    """Return the messages of an archive in the order of the text; none for any other text.

    A line that has the form of a header is taken for one, also inside a message that quotes it.
    """
    if not _may_hold_headers(text):
        return ()
    lines = [line for line in islice(_lines(text), MOST_LINES) if line.words]
    found: list[Message] = []
    chat: _Chat | None = None
    last: date | None = None
    index = 0
    while index < len(lines) and len(found) < MOST_MESSAGES:
        title = _title(lines[index].words)
        starts_chat = title is not None and CHAT_TITLE.match(title) is not None
        at = index + (title is not None)
        expected = chat if title is None else None
        if starts_chat:
            expected = _Chat(_names_in_title(lines[index].words), None)
        header = _header_at(lines, at, expected)
        if header is None and title is not None:
            at, title, header = index, None, _header_at(lines, index, chat)
        elif title is not None:
            chat = expected
        if header is not None:
            recipients = header.recipients
            if chat is not None:
                recipients = recipients or tuple(sorted(chat.names - {header.sender}))
                when = (header.sent, header.at) if header.sent else (chat.day, chat.at)
                chat = _Chat(chat.names | {header.sender, *recipients}, *when)
            last = header.sent or last
            _end_last(found, lines[index].start)
            body = lines[at + header.lines - 1].end
            subject = header.subject or _subject(title)
            since = chat if chat is not None and header.sent is None else _Chat(frozenset(), None)
            found.append(
                Message(
                    len(found) + 1,
                    header.sender,
                    recipients,
                    header.cc,
                    header.origin,
                    header.sent,
                    header.at,
                    since.day,
                    subject,
                    lines[index].start,
                    body,
                    len(text),
                    not_before_time=since.at,
                    after=last if header.sent is None and since.day is None else None,
                )
            )
            index = at + header.lines
            continue
        if lines[index].is_footnote:
            _end_last(found, lines[index].start)
        index += 1
    return tuple(found)


def _may_hold_headers(text: str) -> bool:
    """Return whether any line can be a header: whether the text names a sender field, a chat, or a dash and a year."""
    low = text.lower()
    if any(mark in low for mark in MARKS_OF_HEADERS):
        return True
    return " to" in low and YEAR.search(text) is not None and BEFORE_DATE.search(text) is not None


def _end_last(found: list[Message], end: int) -> None:
    if found and found[-1].end > end:
        found[-1] = found[-1]._replace(end=end)


def _lines(text: str) -> Iterator[_Line]:
    """Yield each line that is short enough to be a header; longer ones have no words."""
    for match in LINE.finditer(text):
        start, end = match.span()
        if end - start > LONGEST_HEADER:
            continue
        written = match.group()
        words = MARKUP.sub("", written).strip()
        yield _Line("" if UNDERLINE.match(words) else words, start, end, FOOTNOTE.match(written) is not None)


def _title(words: str) -> str | None:
    """Return the line if it may stand above a header: a subject or the title of a chat."""
    return words if SUBJECT.match(words) or CHAT_TITLE.match(words) else None


def _subject(title: str | None) -> str:
    match = SUBJECT.match(title or "")
    return match["subject"].strip() if match else (title or "")


def _names_in_title(words: str) -> frozenset[str]:
    between = CHAT_BETWEEN.search(words)
    return frozenset(between.group("one", "other")) if between else frozenset()


def _header_at(lines: list[_Line], index: int, chat: _Chat | None) -> _Header | None:
    """Return the header that begins at a line, or None."""
    if index >= len(lines):
        return None
    words = lines[index].words
    header = _block(lines, index) or _forwarded(words) or _addressed(words)
    if header is None and chat is not None:
        header = _in_chat(words, chat)
    return header


def _addressed(words: str) -> _Header | None:
    if " to" not in words:
        return None
    for separator in BEFORE_DATE.finditer(words):
        when = _sent(words[separator.end() :])
        match = ADDRESSED.match(words[: separator.start()]) if when else None
        if when and match:
            recipients, cc = _addressees(match["to"])
            return _Header(match["sender"], recipients, cc, match["origin"] or "", *when)
    return None


def _forwarded(words: str) -> _Header | None:
    match = FORWARDED.match(words) if words.startswith("[") else None
    when = _sent(match["sent"]) if match else None
    if match is None or when is None:
        return None
    recipients, cc = _addressees(match["to"])
    return _Header(match["sender"], recipients, cc, "", *when)


def _in_chat(words: str, chat: _Chat) -> _Header | None:
    """Return the header of a chat message: a name that is known there, or any name with a time."""
    separator = BEFORE_DATE.search(words)
    name = CHAT_SENDER.match(words[: separator.start()] if separator else words)
    if name is None:
        return None
    if separator is None:
        return _Header(name["sender"], (), (), "", None, None) if name["sender"] in chat.names else None
    written = words[separator.end() :]
    clock = find_time(written)
    if clock is not None and clock.start == 0 and AFTER_SENT.match(written[clock.end :]):
        return _Header(name["sender"], (), (), "", None, clock.time)
    when = _sent(written)
    return _Header(name["sender"], (), (), "", *when) if when else None


def _block(lines: list[_Line], index: int) -> _Header | None:
    """Return the header that a block of `From:`, `To:`, `Date:` lines makes."""
    fields: dict[str, str] = {}
    count = 0
    for line in lines[index : index + LONGEST_BLOCK]:
        match = FIELD.match(line.words)
        if match is None:
            break
        fields.setdefault(match["label"].lower(), match["words"].strip())
        count += 1
    when = _sent(fields.get("date") or fields.get("sent") or "")
    if not fields.get("from") or when is None:
        return None
    recipients, cc = _addressees(fields.get("to", ""))
    return _Header(
        fields["from"], recipients, cc + _names(fields.get("cc", "")), "", *when, fields.get("subject", ""), count
    )


def _sent(words: str) -> tuple[date, time | None] | None:
    """Return the day and wall time that some words consist of, or None if they say anything else."""
    words = words.strip()
    start = WEEKDAY.match(words)
    written = find_date(words)
    if written is None or written.date is None or start is None or written.start != start.end():
        return None
    rest = words[written.end :]
    clock = find_time(rest)
    if clock is not None and rest[: clock.start].strip(" (,\t").strip() not in ("", "at"):
        return None
    if not AFTER_SENT.match(rest[clock.end :] if clock else rest):
        return None
    return written.date, clock.time if clock else None


def _addressees(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the recipients and those copied."""
    copies = COPIES.search(words)
    if copies is None:
        return _names(words), ()
    return _names(words[: copies.start()]), _names(copies["cc"] or copies["bare"] or "")


def _names(words: str) -> tuple[str, ...]:
    parts = (ROLE.sub("", part.strip()) for part in re.split("[,;]", words))
    return tuple(part for part in parts if part)
