"""What a citation's place says about where the words stand: a message, a speaker, a paragraph, lines, a page.

A place is free text for people. In a source without messages, what is not understood here (`art. 4`, `s. 1.1`,
`sched. A`) chooses nothing and contradicts nothing. Where a place speaks of a message, what is not understood of it is
kept, so that the reader can be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.header_dates import MONTH, MONTHS, find_date, find_time
from muniment.evidence.messages import Message

MAIL_WORD = re.compile(
    r"\b(?:i?messages?|(?:e-?)?mails?|m[ée]ls?|courriels?)\b|电子邮件|電子郵件|邮件|郵件|電郵|电邮|短信|消息",
    re.IGNORECASE,
)
MESSAGE_WORD = re.compile(MAIL_WORD.pattern + r"|\b(?:letters?|lettres?|texts?|posts?)\b|信件|来信", re.IGNORECASE)
PARAGRAPH = re.compile(r"(?:\bparas?\.?|\bparagraphs?|¶)\s*(?P<number>[0-9]{1,7})(?![0-9.]*[0-9])", re.IGNORECASE)
LINES = re.compile(r"\b(?:ll?\.|lines?)\s*(?P<first>[0-9]{1,7})(?:\s*[-–]\s*(?P<last>[0-9]{1,7}))?", re.IGNORECASE)
PAGE = re.compile(r"\b(?:p\.|pp\.|pages?)\s*(?P<number>[0-9]{1,7})", re.IGNORECASE)
DAY = re.compile(
    rf"\b(?P<m1>{MONTH})\.?\s+(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?\b"
    rf"|\b(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th|er)?\s+(?:of\s+)?(?P<m2>{MONTH})\b\.?(?:\s+(?P<y2>(?:19|20)[0-9]{{2}})\b)?"
    r"|(?P<m3>[0-9]{1,2})\s?月\s?(?P<d3>[0-9]{1,2})\s?日"
    rf"|\b(?P<m4>{MONTH})\.?,?\s+(?P<y4>(?:19|20)[0-9]{{2}})\b"
    r"|(?<![0-9/.-])(?P<y5>(?:19|20)[0-9]{2})(?:\s?年)?(?![0-9/-])",
    re.IGNORECASE,
)
OTHER_DATE = re.compile(r"\b[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}\b")
OWNS = re.compile(rf"(?P<name>[^,;()]+?)(?:['’]s?\s+|\s*的\s*)(?=(?:{MESSAGE_WORD.pattern}))", re.IGNORECASE)
ROLE = re.compile(
    r"(?P<cue>(?<!\w)(?:from|by|to|cc:?|de la part de|de|of|du|par|an|von|à|pour)\s+|(?<!\w)d['’]|来自|發給|发给|致)",
    re.IGNORECASE,
)
TO = frozenset(("to", "cc", "cc:", "à", "pour", "an", "发给", "發給", "致"))
CAUTIOUS = frozenset(("of", "du", "an", "pour"))
"""Words that stand before many things other than a person."""
FORMS_OF_NAMES = re.compile(r"[^\W\d_a-z]|<redacted>|[^\s,;()<>]+@[^\s,;()<>]+$")
AND = re.compile(r"\s+(?:and|et|und|&)\s+|\s*[&/和、与]\s*")
FILLING = re.compile(
    r"\b(?:the|an?|of|on|at|in|sent|dated|written|wrote|le|les?|la|du|de|des|en|date|am|um|vom|von|à|h|o'clock|archives?"
    r"|chats?|threads?|forwarded|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|utc|gmt|[ecmp][sd]t)\b|(?<!\w)l['’]|[的于於在日]",
    re.IGNORECASE,
)
BEHIND_A_NAME = re.compile(r"\s+(?:on|at|of|in|sent|dated|le|du|en)\s*$", re.IGNORECASE)
LONGEST_NAME = 80


class Day(NamedTuple):
    """A date as a place gives it: any of its parts may be left out."""

    year: int | None
    month: int | None
    day: int | None


class Place(NamedTuple):
    """What was understood of a place.

    Attributes:
        written: The date of a message; None if none is named.
        at: Its wall time; None if none is named.
        has_seconds: The time was written with seconds.
        sender: The names of who sent it, any of which will do; empty if nobody is named.
        recipients: For each who is said to have received it, the names, any of which will do.
        paragraph: 1-based; None if none is named.
        lines: First and last, 1-based; None if none are named.
        page: 1-based; None if none is named.
        unread: What a place that speaks of a message says beyond that; empty if all of it was understood.
    """

    written: Day | None
    at: time | None
    has_seconds: bool
    sender: tuple[str, ...]
    recipients: tuple[tuple[str, ...], ...]
    paragraph: int | None
    lines: tuple[int, int] | None
    page: int | None
    unread: str = ""

    @property
    def names_a_message(self) -> bool:
        """Whether it says which message is meant."""
        return self.written is not None or self.at is not None or bool(self.sender) or bool(self.recipients)


Names = Mapping[str, tuple[str, ...]]
"""What a book calls its parties: an id, title or other name in small letters, and all names of that party."""
NO_NAMES: Names = MappingProxyType({})


class _Cast:
    """The people whom places in one document may name: those of its messages, and the parties of the book."""

    def __init__(self, document: Document, names: Names) -> None:
        self._messages = document.messages
        self._names = names

    @cached_property
    def writers(self) -> tuple[str, ...]:
        """Everybody who writes, is written to or is copied, as written."""
        return tuple(
            {
                name: None
                for message in self._messages
                for name in (message.sender, message.origin, *message.recipients, *message.cc)
            }
        )

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The subjects of the messages, in small letters."""
        return tuple({message.subject.casefold(): None for message in self._messages})

    def known(self, name: str, by_book: bool) -> tuple[str, ...]:
        """Return the names of the party or writer that a name means; empty if nobody is known by it."""
        if len(name) > LONGEST_NAME:
            return ()
        cleaned = BEHIND_A_NAME.sub("", name.strip())
        called = self._names.get(cleaned.casefold(), ())
        is_writer = any(_is_named(cleaned, writer) for writer in self.writers)
        if called and (by_book or is_writer or _is_any(called, self.writers)):
            return tuple(dict.fromkeys((cleaned, *called)))
        return (cleaned,) if is_writer else ()

    def is_subject(self, words: str) -> bool:
        """Return whether words of a place are those of the subject of a message."""
        bare = words.casefold().strip(" .:'’\"“”")
        return bool(bare) and any(bare in subject for subject in self.subjects)


def read_place(place: str, document: Document, names: Names = NO_NAMES) -> Place:
    """Return what one place says; see `read_places`."""
    return read_places((place,), document, names)[place]


def read_places(places: Iterable[str], document: Document, names: Names = NO_NAMES) -> dict[str, Place]:
    """Read places against the document they are in: names are those of its messages and of the book.

    A date, time or name counts only in a document that has messages, and only if the place speaks of a message, names
    one of the people who write in it, or has the date at its beginning or between commas.

    Args:
        places: As the citations have them.
        document: The source.
        names: Of the parties of the book.
    """
    cast = _Cast(document, names)
    return {place: _read(place, document, cast) for place in dict.fromkeys(places)}


def _read(place: str, document: Document, cast: _Cast) -> Place:
    place = place.strip()[:500]
    paragraph, lines, page = PARAGRAPH.search(place), LINES.search(place), PAGE.search(place)
    written = None
    at: time | None = None
    has_seconds = False
    people = _People((), (), "")
    rest = place
    for found in (paragraph, lines, page):
        if found:
            rest = rest.replace(found.group(), ", ")
    if document.messages:
        written, at, has_seconds, people = _message_of(rest, cast)
    elif MAIL_WORD.search(rest) and not document.unreadable:
        people = people._replace(unread=rest.strip(" ,;"))
    return Place(
        written,
        at,
        has_seconds,
        people.sender,
        people.recipients,
        int(paragraph["number"]) if paragraph else None,
        (int(lines["first"]), int(lines["last"] or lines["first"])) if lines else None,
        int(page["number"]) if page else None,
        people.unread,
    )


class _People(NamedTuple):
    sender: tuple[str, ...]
    recipients: tuple[tuple[str, ...], ...]
    unread: str


def _message_of(place: str, cast: _Cast) -> tuple[Day | None, time | None, bool, _People]:
    """Return the date, the time, whether it has seconds, and the people that a place names."""
    speaks = MESSAGE_WORD.search(place) is not None
    day, rest = _day(place, speaks)
    clock = find_time(rest)
    if clock:
        rest = f"{rest[: clock.start]} , {rest[clock.end :]}"
    people = _people(rest, cast, speaks)
    if not speaks and not people.sender and not people.recipients:
        if not _begins_or_is_alone(place) and (clock is None or _is_left(rest)):
            return None, None, False, _People((), (), place if OTHER_DATE.fullmatch(place) else "")
        people = _people(rest, cast, True)
    return day, clock.time if clock else None, clock is not None and clock.has_seconds, people


def _begins_or_is_alone(place: str) -> bool:
    """Return whether a place begins with a date, or has one, and a time at most, between commas."""
    if _day(place, False)[1].startswith(" ,"):
        return True
    for part in re.split("[,;()]", place):
        day, rest = _day(part, False)
        clock = find_time(rest)
        if day is not None and not _is_left(rest[: clock.start] + rest[clock.end :] if clock else rest):
            return True
    return False


def _is_left(words: str) -> bool:
    """Return whether words say anything beside what goes with a date or a name."""
    return bool(FILLING.sub("", MESSAGE_WORD.sub("", words)).strip(" .,;:()'’\"“”-"))


def _day(place: str, speaks: bool) -> tuple[Day | None, str]:
    """Return the date that a place gives, and the place without it."""
    whole = find_date(place)
    if whole is not None:
        return Day(whole.year, whole.month, whole.day), f"{place[: whole.start]} , {place[whole.end :]}"
    for match in DAY.finditer(place):
        groups = match.groupdict()
        month = next((words for key, words in groups.items() if key[0] == "m" and words), None)
        number = next((words for key, words in groups.items() if key[0] == "d" and words), None)
        year = next((words for key, words in groups.items() if key[0] == "y" and words), None)
        if month is None and not speaks:
            continue
        value = None if month is None else int(month) if month.isdigit() else MONTHS[month.lower()]
        if (value is None or 1 <= value <= 12) and (number is None or 1 <= int(number) <= 31):
            day = Day(int(year) if year else None, value, int(number) if number else None)
            return day, f"{place[: match.start()]} , {place[match.end() :]}"
    return None, place


def _people(rest: str, cast: _Cast, speaks: bool) -> _People:
    """Return who is named as sender and recipients in a place without its date and time, and what is left of it."""
    sender: tuple[str, ...] = ()
    recipients: list[tuple[str, ...]] = []
    unread: list[str] = []
    after_to = False
    for role, words in _roles(rest):
        bare = words.strip(" .:'’\"")
        bare = re.sub(r"^(?:the|le|la)\s+(?=\S)", "", bare, flags=re.IGNORECASE)
        if not _is_left(bare):
            continue
        is_to = role in TO or (role == "," and after_to)
        for name in AND.split(bare) if is_to else (bare,):
            known = cast.known(name, speaks or role not in ("", ","))
            if not known and role not in ("", ",", *CAUTIOUS) and FORMS_OF_NAMES.match(name) and (speaks or is_to):
                known = (name,)
            if known and is_to:
                recipients.append(known)
            elif known and not sender:
                sender = known
            elif sender and role == "," and (whole := cast.known(f"{name} {sender[0]}", True)):
                sender = whole
            else:
                unread.append(words.strip())
        after_to = is_to
    if recipients and not sender and not speaks:
        return _People((), (), "")
    left = [words for words in unread if not cast.is_subject(words)]
    return _People(sender, tuple(recipients), " ".join(left) if speaks or sender else "")


def _roles(rest: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a place, each with the word before it (`from`, `to`); `,` where it follows a comma."""
    owner = OWNS.search(rest)
    if owner:
        yield "from", ROLE.sub("", owner["name"].strip(), count=1)
        rest = f"{rest[: owner.start()]} , {rest[owner.end() :]}"
    for number, segment in enumerate(re.split("[,;()]", MESSAGE_WORD.sub(" , ", rest))):
        cues = [*ROLE.finditer(segment)]
        yield "," if number else "", segment[: cues[0].start()] if cues else segment
        ends = [*(cue.start() for cue in cues[1:]), len(segment)]
        for cue, end in zip(cues, ends[-len(cues) :] if cues else (), strict=True):
            yield cue["cue"].strip().lower(), segment[cue.end() : end]


def _is_named(name: str, full_name: str) -> bool:
    """Return whether every word of a name belongs to a fuller name."""
    words = re.findall(r"[\w<>\[\]]+", name.casefold())
    return bool(words) and set(words) <= set(re.findall(r"[\w<>\[\]]+", full_name.casefold()))


def is_of_message(place: Place, message: Message | None) -> bool:
    """Return whether a message is the one that a place names, as far as the place says.

    What a message does not give (its date, its time, to whom it went) cannot agree with what a place says of it. In a
    chat, a message without a date counts as of the day, and one without a time also as of the time, that was last given
    above it; where a chat gives no date at all, the month of the message above it is as near as a place can come.
    """
    if not place.names_a_message:
        return True
    if message is None:
        return False
    if place.sender and not _is_any(place.sender, (message.sender, message.origin)):
        return False
    if not all(_is_any(names, (*message.recipients, *message.cc)) for names in place.recipients):
        return False
    if place.at is not None:
        given = message.at or message.not_before_time
        if given is None or (given if place.has_seconds else given.replace(second=0)) != place.at:
            return False
    return place.written is None or _is_on_day(place.written, message)


def _is_any(names: Iterable[str], full_names: Iterable[str]) -> bool:
    return any(_is_named(name, full_name) for full_name in full_names for name in names)


def _is_on_day(written: Day, message: Message) -> bool:
    day = message.sent or message.not_before
    if day is None and written.day is None and written.month is not None:
        day = message.after
    return day is not None and all(
        cited in (None, given) for cited, given in zip(written, (day.year, day.month, day.day), strict=True)
    )


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
