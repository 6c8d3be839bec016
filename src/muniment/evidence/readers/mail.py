"""Mail: one message (eml) or many (mbox), as header lines and decoded body.

Each message becomes its From, To, Cc, Date and Subject lines, an empty line, and its body: the plain text part, else
the HTML part as a reader sees it. Attachments are named, not read. An earlier message that a body quotes is found by
the line that introduces it, and is a message of its own, so that its words are not its quoter's.

Headers are measured before anything parses them: the standard library takes time that grows with the square of a list
of addresses, and recursion that grows with nested parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Part
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from muniment.evidence.messages import Message
from muniment.evidence.quoted_mail import part_quoted
from muniment.evidence.readers.extracted import Extracted, unreadable
from muniment.evidence.readers.plain import DOUBT, MEANINGLESS, decode_as

EXTRACTOR = "mail, standard library"
LARGEST_HEADER = 256 * 1024
LONGEST_VALUE = 16_000
"""Characters of one header that are read, about 400 addresses."""
MOST_NESTED = 100
MOST_PARTS = 2_000
MOST_MESSAGES = 50_000
MOST_ATTACHMENTS = 50
LONGEST_NAME = 200
HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
NESTING = re.compile(rb"content-type\s*:[^\r\n]{0,200}(?:\r?\n[ \t][^\r\n]{0,200}){0,3}", re.IGNORECASE)
SEPARATOR = re.compile(
    rb"^From (?:\S+ +)?(?:.{0,80}?)(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +[0-9]{1,2} +[0-9:]{5,8}"
    rb"[^\r\n]{0,40}\r?\n",
    re.MULTILINE,
)
FIELD_LINE = re.compile(rb"[!-9;-~]{1,80}:")
ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
BARE_FROM = re.compile(rb"\n\r?\nFrom ")
ADDRESS = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>\s]*)\s*>")
COMMENT_NAME = re.compile(r"^\s*(?P<address>\S+@\S+)\s*\((?P<name>[^()]*)\)\s*$")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
MOST_REFERENCES = 200
SPACE = re.compile(r"\s+")


class _Head(NamedTuple):
    """What a message's headers say.

    Attributes:
        sender: By name, else by address.
        lines: The header lines as they are shown.
        faults: What could not be read, in a few words each.
    """

    sender: str
    recipients: tuple[str, ...]
    cc: tuple[str, ...]
    sent: date | None
    at: time | None
    subject: str
    id: str
    references: tuple[str, ...]
    lines: tuple[str, ...]
    faults: tuple[str, ...]


class _Body(NamedTuple):
    """A message's words, the names of its attachments, and what must be known of how it was read."""

    text: str
    attachments: tuple[str, ...]
    faults: tuple[str, ...]


def read_eml(data: bytes) -> Extracted:
    """Read one message."""
    fault = _unfit(data)
    if fault:
        return unreadable(EXTRACTOR, fault)
    return _lay_out([data], ())


def read_mbox(data: bytes) -> Extracted:
    """Read a mailbox: messages parted by lines `From SENDER DATE` that stand below an empty line and above a header."""
    pieces = _split(data)
    if not pieces:
        return unreadable(EXTRACTOR, "it has no line that begins a message of a mailbox")
    notes = []
    if len(pieces) > MOST_MESSAGES:
        notes.append(f"only its first {MOST_MESSAGES:,} messages are read")
        pieces = pieces[:MOST_MESSAGES]
    inside = sum(1 for piece in pieces for _ in BARE_FROM.finditer(piece))
    if inside:
        notes.append(f"{inside} line{'s' if inside > 1 else ''} beginning with 'From ' taken as words of a body")
    return _lay_out([ESCAPED_FROM.sub(rb"\1", piece) for piece in pieces], tuple(notes))


def _split(data: bytes) -> list[bytes]:
    starts: list[tuple[int, int]] = []
    for match in SEPARATOR.finditer(data):
        before = data[max(0, match.start() - 4) : match.start()]
        if (not before or before.endswith((b"\n\n", b"\r\n\r\n"))) and FIELD_LINE.match(data, match.end()):
            starts.append(match.span())
    ends = [start for start, _ in starts[1:]] + [len(data)][: len(starts)]
    return [data[after:end] for (_, after), end in zip(starts, ends, strict=True)]


def _unfit(data: bytes) -> str:
    """Return why a message is not parsed, or an empty text."""
    end = HEADER_END.search(data, 0, LARGEST_HEADER + 4)
    if end is None and len(data) > LARGEST_HEADER:
        return f"its headers are longer than {LARGEST_HEADER >> 10} KB"
    nested = 0
    for parts, match in enumerate(NESTING.finditer(data), start=1):
        kind = match.group().lower()
        nested += b"multipart" in kind or b"message/" in kind
        if nested > MOST_NESTED or parts > MOST_PARTS:
            return "it has too many parts in parts"
    return ""


def _lay_out(raw: list[bytes], notes: tuple[str, ...]) -> Extracted:
    """Return the text of messages one after the other, and where each stands in it."""
    pieces: list[str] = []
    messages: list[Message] = []
    faults: dict[str, list[int]] = {}
    length = 0
    for number, data in enumerate(raw, start=1):
        fault = _unfit(data)
        if fault:
            faults.setdefault(f"not read, since {fault}", []).append(number)
            continue
        part = message_from_bytes(data, policy=policy.compat32)
        head, body = _head(part), _body(part)
        doubt = next((fault for fault in body.faults if fault in (DOUBT, MEANINGLESS)), "")
        if doubt and len(raw) == 1:
            return unreadable(EXTRACTOR, doubt)
        for fault in (*head.faults, *body.faults):
            faults.setdefault(fault, []).append(number)
        shown = "".join(f"{line}\n" for line in head.lines)
        attached = "".join(f"Attachment: {name}\n" for name in body.attachments)
        words = body.text.strip("\n")
        piece = f"{shown}{attached}\n{words}\n\n"
        start, at_body = length, length + len(shown) + len(attached) + 1
        end = length + len(piece)
        pieces.append(piece)
        length = end
        own = Message(
            number, head.sender, head.recipients, head.cc, "", head.sent, head.at, None, head.subject,
            start, at_body, end, head.id, head.references,
        )  # fmt: skip
        messages += part_quoted(own, words)
    said = tuple(_said(fault, numbers, len(raw)) for fault, numbers in faults.items())
    if not pieces:
        return unreadable(EXTRACTOR, said[0] if said else "it holds no message")
    title = messages[0].subject if len(raw) == 1 else ""
    return Extracted("".join(pieces), EXTRACTOR, (*notes, *said), title, (), (), tuple(messages))


def _said(fault: str, numbers: list[int], count: int) -> str:
    if count == 1:
        return fault
    shown = ", ".join(map(str, numbers[:5])) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")
    return f"message{'s' if len(numbers) > 1 else ''} {shown}: {fault}"


def _head(part: Part) -> _Head:
    faults: list[str] = []
    values = {name: _header(part, name, faults) for name in ("From", "To", "Cc", "Date", "Subject")}
    senders = addressees(values["From"] or _header(part, "Sender", faults))
    sent, at = _date(values["Date"])
    if sent is None:
        faults.append("its date cannot be read" if values["Date"] else "it has no date")
    id_match = MESSAGE_ID.search(_header(part, "Message-ID", faults))
    answered = MESSAGE_ID.findall(_header(part, "References", faults))
    answered += MESSAGE_ID.findall(_header(part, "In-Reply-To", faults))[:1]
    references = tuple(reversed(dict.fromkeys(reversed(answered))))[-MOST_REFERENCES:]
    return _Head(
        sender=senders[0] if senders else "",
        recipients=addressees(values["To"]),
        cc=addressees(values["Cc"]),
        sent=sent,
        at=at,
        subject=values["Subject"],
        id=id_match[1] if id_match else "",
        references=references,
        lines=tuple(f"{name}: {words}" for name, words in values.items() if words),
        faults=tuple(dict.fromkeys(faults)),
    )


def _header(part: Part, name: str, faults: list[str]) -> str:
    """Return a header's words on one line, encoded words decoded; of several headers of one name the first."""
    found = part.get_all(name) or []
    if len(found) > 1 and name in ("From", "Date", "Subject", "Message-ID"):
        faults.append(f"it has {len(found)} headers '{name}'; the first is read")
    if not found:
        return ""
    value = str(found[0])
    if len(value) > LONGEST_VALUE:
        faults.append(f"its header '{name}' is read only in part: it is very long")
        value = value[:LONGEST_VALUE]
        value = value[: value.rfind(",")] if name in ("To", "Cc") and "," in value else value
    return SPACE.sub(" ", _decoded(value)).strip()


def _decoded(value: str) -> str:
    """Return a header with its encoded words decoded; bytes without a charset are read as UTF-8, else Windows-1252."""
    raw = value.encode("utf-8", "surrogateescape")
    if b"=?" not in raw:
        return decode_as(raw, "").text
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return decode_as(raw, "").text
    words = []
    for piece, charset in pieces:
        words.append(piece if isinstance(piece, str) else decode_as(piece, charset or "").text)
    return "".join(words)


def addressees(words: str) -> tuple[str, ...]:
    """Return who is named in a list of addresses: each by name, else by address.

    Example:
        >>> addressees('"Okafor, Ada" <ada@acme.example>, bo@birch.example')
        ('Okafor, Ada', 'bo@birch.example')
    """
    found = []
    for each in _at_commas(words):
        named = ADDRESS.search(each) or COMMENT_NAME.match(each)
        name = SPACE.sub(" ", named["name"].replace('"', "").replace("\\", "")).strip() if named else ""
        bare = name or (named["address"] if named else each).strip().strip('"')
        if bare:
            found.append(bare)
    return tuple(found)


def _at_commas(words: str) -> Iterator[str]:
    """Yield the parts between commas and semicolons that stand in no quotation marks; a group's name is left out."""
    quoted, start = False, 0
    for index, sign in enumerate(words):
        if sign == '"' and words[index - 1 : index] != "\\":
            quoted = not quoted
        elif not quoted and sign in ",;":
            yield words[start:index]
            start = index + 1
        elif not quoted and sign == ":" and "<" not in words[start:index] and "@" not in words[start:index]:
            start = index + 1
    yield words[start:]


def _date(words: str) -> tuple[date | None, time | None]:
    """Return the day and the wall time that a Date header has, as its sender wrote them."""
    try:
        when: datetime = parsedate_to_datetime(words[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, None
    return when.date(), when.time()


def _body(part: Part) -> _Body:
    plain: list[str] = []
    pages: list[str] = []
    attachments: list[str] = []
    faults: list[str] = []
    for each in _leaves(part):
        kind = each.get_content_type()
        disposition = str(each.get("Content-Disposition", ""))[:20].strip().lower()
        name = each.get_filename()
        if disposition.startswith("attachment") or name or kind not in ("text/plain", "text/html"):
            shown = _decoded(str(name)) if name else kind
            attachments.append("".join(c if c.isprintable() else " " for c in shown)[:LONGEST_NAME])
            continue
        (plain if kind == "text/plain" else pages).append(_words(each, kind, faults))
    text = "\n\n".join(words for words in plain if words.strip())
    if not text and pages:
        text = "\n\n".join(pages)
        faults.append("its HTML part is read, since it has no other text")
    if len(attachments) > MOST_ATTACHMENTS:
        attachments = [*attachments[:MOST_ATTACHMENTS], f"and {len(attachments) - MOST_ATTACHMENTS} more"]
    return _Body(text, tuple(attachments), tuple(faults))


def _leaves(part: Part) -> Iterator[Part]:
    """Yield the parts that hold no parts, in order; an attached message is one."""
    waiting = [part]
    while waiting:
        each = waiting.pop()
        inside = each.get_payload()
        if isinstance(inside, list) and each.get_content_maintype() != "message":
            waiting += [below for below in reversed(inside) if isinstance(below, Part)]
        else:
            yield each


def _words(part: Part, kind: str, faults: list[str]) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_param("charset")
    decoded = decode_as(data, charset if isinstance(charset, str) else "")
    faults += [note for note in (*decoded.notes, decoded.doubt) if note and note not in faults]
    if kind == "text/plain":
        return decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        from muniment.evidence.readers.html import read_markup

        page = read_markup(decoded, marks_quotes=True)
    except ImportError:
        faults.append("its HTML part needs packages that are not installed: muniment[evidence]")
        return ""
    if page.fault:
        faults.append(f"its HTML part is not read: {page.fault}")
    if page.annotations:
        faults.append("its HTML part holds hidden text or struck-out passages, which are left out")
    return page.text
