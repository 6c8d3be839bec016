"""Threads of mail: which messages belong to one exchange.

Message-ID, References and In-Reply-To decide where a message has them. Court exhibits and printed archives have none;
there the heading above a run of messages, the subject without `Re:`, words that one message quotes from another, and
answers within a few days join messages, and each thread says by which of these it was made.

Source:
    J. Zawinski, "Message threading" (1997), for the use of References; RFC 5322, section 3.6.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.messages import Message

Ground = Literal["ids", "heading", "subject", "quoted text", "near dates"]
GROUNDS: tuple[Ground, ...] = ("ids", "heading", "subject", "quoted text", "near dates")
PREFIX = re.compile(
    r"^\s*(?:re|fw|fwd|aw|antw|wg|tr|rép|rep|réf|ref|rv|rif|sv|vs|vb|odp|ynt|转发|轉寄|回复|回覆|答复|主题)\s*"
    r"(?:\[[0-9]{1,3}\]|\([0-9]{1,3}\)|\^[0-9]{1,3})?\s*[:：]\s*",
    re.IGNORECASE,
)
DECORATION = re.compile(r"[^\w)\].?!'\"]+$")
"""Signs after a subject, such as an archive's mark of an attachment."""
WORD = re.compile(r"\w+")
CJK_WORD = re.compile(r"[\u3400-\u9fff]")
SAME_SUBJECT = timedelta(days=90)
NEAR = timedelta(days=3)
NEXT_DAY = timedelta(days=1)
RUN = 8
"""So many words in a row that one message quotes from another join them."""
MOST_WORDS = 2_000_000
MOST_LOOKED_BACK = 50


_Key = tuple[str, str, int, int]
"""What a message is sorted by: day, time, how many messages it answers in a row, and its place in the sources."""


class Mail(NamedTuple):
    """A message with its own words and those that it quotes.

    Attributes:
        source: Id of the source it is in.
        path: Of the source's file.
        line: On which it begins; 1-based.
        message: Its header.
        words: Its own, without what it quotes.
        quoted: The earlier messages that it quotes, as far as their headers are given, with their words.
        is_under_heading: Its archive prints subjects above runs of messages, and it has none of its own.
    """

    source: str
    path: str
    line: int
    message: Message
    words: str
    quoted: tuple[tuple[Message, str], ...] = ()
    is_under_heading: bool = False


class Thread(NamedTuple):
    """Messages of one exchange, in the order in which they were sent.

    Attributes:
        subject: Of its first message that has one, without `Re:`; empty if none has.
        mails: At least one.
        answers: For each of them, the place in `mails` of the one that it answers by its ids; None if not known.
        grounds: By what they were joined, the strongest first; empty for a single message.
    """

    subject: str
    mails: tuple[Mail, ...]
    answers: tuple[int | None, ...]
    grounds: tuple[Ground, ...]


def mails_of(document: Document, source: str, path: str) -> tuple[Mail, ...]:
    """Return the messages of a document; empty if it is no mail and no archive of mail."""
    own: dict[int, list[str]] = {}
    quoted: dict[int, list[tuple[Message, str]]] = {}
    heads: list[Message] = []
    is_printed = not any(message.id for message in document.messages)
    for message in document.messages:
        words = document.text[message.body : message.end]
        if message.part == "quoted":
            quoted.setdefault(message.number, []).append((message, words))
        else:
            own.setdefault(message.number, []).append(words)
            heads += [message] if message.part == "" else []
    has_headings = is_printed and any(message.subject for message in heads)
    return tuple(
        Mail(
            source,
            path,
            document.line_column(message.start)[0],
            message,
            "\n".join(own[message.number]),
            tuple(quoted.get(message.number, ())),
            has_headings and not message.subject,
        )
        for message in heads
    )


def base_subject(subject: str) -> str:
    """Return a subject without marks of answering and forwarding, in lower case.

    Example:
        >>> base_subject("Re: AW: [2] Terms")
        '[2] terms'
    """
    rest = " ".join(subject.split())
    while (match := PREFIX.match(rest)) is not None:
        rest = rest[match.end() :]
    return DECORATION.sub("", rest).casefold()


def threads_of(mails: Sequence[Mail]) -> tuple[Thread, ...]:
    """Group messages into threads.

    Messages of different sources are joined by ids only, since two archives may print the same message.

    Args:
        mails: In the order of their sources and texts.

    Returns:
        Every message in one thread; threads in the order of their first messages.
    """
    groups = _Groups(len(mails))
    _join_by_ids(mails, groups)
    for of_source in _by_source(mails):
        _join_under_headings(mails, of_source, groups)
        _join_by_subject(mails, of_source, groups)
        _join_by_quoted_text(mails, of_source, groups)
        _join_by_dates(mails, of_source, groups)
    keys = _order(mails)
    threads = [_thread(mails, members, groups, keys) for members in groups.members()]
    firsts = [min(keys[index] for index in members) for members in groups.members()]
    return tuple(threads[at] for at in sorted(range(len(threads)), key=firsts.__getitem__))


class _Groups:
    """Disjoint sets of messages, each with the grounds on which it was joined."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))
        self._grounds: list[set[Ground]] = [set() for _ in range(count)]

    def root(self, index: int) -> int:
        """Return what stands for a message's group."""
        while self._above[index] != index:
            self._above[index] = self._above[self._above[index]]
            index = self._above[index]
        return index

    def join(self, one: int, other: int, ground: Ground) -> None:
        """Make one group of two; nothing if they are one already."""
        one, other = self.root(one), self.root(other)
        if one != other:
            low, high = sorted((one, other))
            self._above[high] = low
            self._grounds[low] |= self._grounds[high] | {ground}

    def grounds(self, index: int) -> tuple[Ground, ...]:
        """Return why a message's group is one."""
        return tuple(ground for ground in GROUNDS if ground in self._grounds[self.root(index)])

    def members(self) -> list[list[int]]:
        """Return every group, its members in ascending order."""
        groups: dict[int, list[int]] = {}
        for index in range(len(self._above)):
            groups.setdefault(self.root(index), []).append(index)
        return list(groups.values())


def _by_source(mails: Sequence[Mail]) -> Iterator[list[int]]:
    by_source: dict[str, list[int]] = {}
    for index, mail in enumerate(mails):
        by_source.setdefault(mail.source, []).append(index)
    yield from by_source.values()


def _join_by_ids(mails: Sequence[Mail], groups: _Groups) -> None:
    first: dict[str, int] = {}
    for index, mail in enumerate(mails):
        for name in (mail.message.id, *mail.message.references):
            if name:
                groups.join(first.setdefault(name, index), index, "ids")


def _join_under_headings(mails: Sequence[Mail], indices: Sequence[int], groups: _Groups) -> None:
    for before, index in pairwise(indices):
        if mails[index].is_under_heading:
            groups.join(before, index, "heading")


def _join_by_subject(mails: Sequence[Mail], indices: Sequence[int], groups: _Groups) -> None:
    """Join messages of one subject that are near in time; of two with ids one must say that it answers."""
    last: dict[str, list[int]] = {}
    for index in indices:
        message = mails[index].message
        subject = base_subject(message.subject)
        if not subject:
            continue
        for before in reversed(last.setdefault(subject, [])[-MOST_LOOKED_BACK:]):
            other = mails[before].message
            says_so = PREFIX.match(message.subject) or PREFIX.match(other.subject)
            if _apart(message.sent, other.sent) <= SAME_SUBJECT and (says_so or not (message.id and other.id)):
                groups.join(before, index, "subject")
                break
        last[subject].append(index)


def _join_by_quoted_text(mails: Sequence[Mail], indices: Sequence[int], groups: _Groups) -> None:
    """Join a message to the one that it quotes: by the sender and time it names, or by a run of the same words."""
    written: dict[tuple[str, object, object], int] = {}
    runs: dict[int, int] = {}
    quoting = [index for index in indices if mails[index].quoted]
    if not quoting:
        return
    budget = MOST_WORDS
    for index in indices:
        message = mails[index].message
        if message.sent and message.at:
            written.setdefault((message.sender.casefold(), message.sent, message.at.replace(second=0)), index)
        for run in _runs(mails[index].words):
            budget -= 1
            runs.setdefault(run, index)
        if budget < 0:
            break
    for index in quoting:
        for message, words in mails[index].quoted:
            found = None
            if message.sent and message.at:
                found = written.get((message.sender.casefold(), message.sent, message.at.replace(second=0)))
            if found is None:
                found = next((runs[run] for run in _runs(words) if runs.get(run, index) != index), None)
            if found is not None and found != index:
                groups.join(found, index, "quoted text")


def _runs(words: str) -> Iterator[int]:
    """Yield a number for every run of so many words, the same for the same words; signs of Chinese are words."""
    found = WORD.findall(CJK_WORD.sub(r" \g<0> ", re.sub(r"(?m)^[> \t]+", "", words)).casefold())
    for index in range(len(found) - RUN + 1):
        yield hash(tuple(found[index : index + RUN]))


def _join_by_dates(mails: Sequence[Mail], indices: Sequence[int], groups: _Groups) -> None:
    """Join messages without id and subject that answer one another within days.

    Within a day an answer to anybody in it counts; later, only one among almost the same people.
    """
    bare = [index for index in indices if _is_bare(mails[index])]
    for place, index in enumerate(bare):
        message = mails[index].message
        for before in reversed(bare[max(0, place - MOST_LOOKED_BACK) : place]):
            other = mails[before].message
            apart = _apart(message.sent, other.sent)
            if apart > NEAR:
                continue
            people, others = _people(message), _people(other)
            is_answer = message.sender in others and other.sender in people
            is_close = apart <= NEXT_DAY or 2 * len(people & others) > len(people | others)
            if is_answer and is_close:
                groups.join(before, index, "near dates")
                break


def _is_bare(mail: Mail) -> bool:
    message = mail.message
    return not (message.id or message.subject or mail.is_under_heading)


def _people(message: Message) -> frozenset[str]:
    return frozenset((message.sender, *message.recipients, *message.cc)) - {""}


def _apart(one: date | None, other: date | None) -> timedelta:
    """Return how far two days lie apart; unknown days are as far as can be."""
    return abs(one - other) if one and other else timedelta.max


def _order(mails: Sequence[Mail]) -> list[_Key]:
    """Return for each message what it is sorted by: when it was sent, and never before what it answers.

    A message without a date takes the place after the one above it in its source. Printed archives keep their own order
    within a day, since their times may be of several zones.
    """
    keys: list[tuple[str, str, int]] = []
    latest: dict[str, tuple[str, str]] = {}
    for index, mail in enumerate(mails):
        message = mail.message
        known = latest.get(mail.source, ("", ""))
        when = known
        if message.sent:
            at = message.at.isoformat() if message.at and message.id else ""
            when = (message.sent.isoformat(), at)
        latest[mail.source] = when
        keys.append((*when, index))
    by_id = {mail.message.id: index for index, mail in reversed(list(enumerate(mails))) if mail.message.id}
    raised: list[_Key] = []
    for index in range(len(mails)):
        chain: list[int] = []
        above = index
        while len(chain) < MOST_LOOKED_BACK and above not in chain:
            chain.append(above)
            parents = [by_id[name] for name in reversed(mails[above].message.references) if name in by_id]
            if not parents:
                break
            above = parents[0]
        top = max(keys[each][:2] for each in chain)
        raised.append((*top, len(chain), index))
    return raised


def _thread(mails: Sequence[Mail], members: Iterable[int], groups: _Groups, keys: Sequence[_Key]) -> Thread:
    ordered = sorted(members, key=lambda index: keys[index])
    place = {mails[index].message.id: at for at, index in reversed(list(enumerate(ordered))) if mails[index].message.id}
    answers: list[int | None] = []
    for at, index in enumerate(ordered):
        known = (place[name] for name in reversed(mails[index].message.references) if place.get(name, at) != at)
        answers.append(next(known, None))
    subjects = (mails[index].message.subject for index in ordered)
    subject = next((words for words in subjects if words), "")
    while (match := PREFIX.match(subject)) is not None:
        subject = subject[match.end() :]
    return Thread(subject.strip(), tuple(mails[index] for index in ordered), tuple(answers), groups.grounds(ordered[0]))
