"""Earlier messages that the body of a mail quotes, so that their words are not taken for its sender's.

Forms that are read: a line such as `On 3 May 2016 at 14:05, Ada Okafor wrote:` (also French, German, Spanish and
Chinese) above lines that begin with `>` or `|`, or above the rest of the body; a block of `From:`, `Sent:`, `To:` lines
in any of several languages, whether or not its date can be read; a rule such as `-----Original Message-----`; and lines
that begin with `>` below none of these, which are somebody's, not the sender's.

In an archive that was printed as text, a line `Ada wrote:` counts only if it has a date or stands above lines that
begin with `>`: there it may as well be prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from muniment.evidence.header_dates import find_date, find_time
from muniment.evidence.messages import Message

SOMEONE = "(someone quoted)"
LONGEST_LINE = 400
LINE = re.compile(r"[^\n]*(?:\n|$)")
MARKS = re.compile(r"(?:\\?[>|][ \t]?){1,50}")
TABLE_ROW = re.compile(r"\|.*\|\s*$")
WROTE = re.compile(
    r"[ ,]*\b(?:wrote|a écrit|escribió|schrieb(?P<after>[^:：]{0,120}))\s*[:：]$|\s*(?:写道|寫道)\s*[:：]$",
    re.IGNORECASE,
)
BEGINS = re.compile(r"^(?:On|Le|Am|El)\b|^(?:在|于)|<|@|写道|寫道|\b(?:wrote|écrit|escribió|schrieb)\b", re.IGNORECASE)
OPENING = re.compile(r"^(?:On|Le|Am|El)\b\s*|^[在于於]\s*", re.IGNORECASE)
BETWEEN = re.compile(r"^[\s,;]*(?:\([A-Z]{2,5}\)|[A-Z]{3,4}(?=\s*,)|[+-][0-9]{4})?[\s,;]*")
ADDRESS = re.compile(r"\s*[<(\[]\s*(?:mailto:)?[^<>()\[\]\s]+@[^<>()\[\]\s]*\s*[>)\]]")
WEEKDAY_CJK = re.compile(r"^\s*(?:周|星期|週)[一二三四五六日天]\s*(?:上午|下午|晚上|中午|凌晨)?")
LABELS = {
    "from": "From|De|Von|Da|Van|Från|Fra|От|发件人|寄件者|寄件人|發件人|差出人|보낸 사람",
    "sent": (
        "Sent|Date|Envoyé(?: le)?|Gesendet(?: am)?|Datum|Enviado(?: el)?|Enviada(?: em)?|Fecha|Data|Inviato|Verzonden|"
        "Skickat|Sendt|Дата|Отправлено|发送时间|发送日期|日期|时间|時間|寄件日期|傳送時間|送信日時|日時|보낸 날짜"
    ),
    "to": "To|À|A|An|Para|Aan|Till|Til|Кому|收件人|收件者|宛先|받는 사람",
    "cc": "Cc|Bcc|CCI|Kopie|Copie(?: à)?|Копия|抄送|副本|참조",
    "subject": "Subject|Objet|Betreff|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Тема|主题|主旨|主題|件名|제목",
    "": "Reply-To|Importance|Attachments?|Pièces jointes|Anlagen|附件|Priority|Organization",
}
"""How the lines of a quoted message's heading begin, in the languages of common mail programs."""
FIELD = re.compile(
    r"^[*_]{0,3}(?:" + "|".join(f"(?P<f{number}>{words})" for number, words in enumerate(LABELS.values()))
    + r")[*_]{0,3}\s{0,2}[:：][*_]{0,3}\s?(?P<words>.*)$",
    re.IGNORECASE,
)  # fmt: skip
ORDINAL_DAY = re.compile(r"\b([0-9]{1,2})\.(?=\s)")
LONGEST_BLOCK = 10
"""Lines of a heading that are read, lines that go on with a long list of names included."""
RULE = re.compile(
    r"^-{2,}\s*(?:Original(?: Message| Appointment)?|Forwarded (?:Message|by\b.{0,200})|"
    r"Message (?:d['’]origine|original|initial|transféré)|Ursprüngliche Nachricht|Original-?Nachricht|"
    r"Weitergeleitete Nachricht|Mensaje (?:original|"
    r"reenviado)|Mensagem original|Messaggio (?:originale|inoltrato)|Oorspronkelijk bericht|原始邮件|原始郵件|"
    r"转发的?邮件|轉寄的?郵件|转发邮件信息|邮件原件)\s*-{2,}$|^Begin forwarded message\s*[:：]$|"
    r"^Début du message (?:transféré|réexpédié)\s*[:：]$|^Anfang der weitergeleiteten Nachricht\s*[:：]$",
    re.IGNORECASE,
)
SIGNS_OF_QUOTING = re.compile(
    r"^[ \t]*(?:[*_]{0,3}\\?[>|-]|Begin forwarded|Début du|Anfang der)|"
    r"\b(?:wrote|écrit|escribió|schrieb)\b|写道|寫道|[:：]",
    re.IGNORECASE | re.MULTILINE,
)


class _Line(NamedTuple):
    """A line of a body: how many `>` it begins with, its words after them, and where it stands."""

    depth: int
    words: str
    start: int
    end: int


class _Owner(NamedTuple):
    """Whose words lines of some depth are; `message` gives sender and date, its offsets mean nothing."""

    depth: int
    message: Message


def part_quoted(own: Message, body: str, *, is_printed: bool = False) -> Iterator[Message]:
    """Yield a message and those that its body quotes, in the order of the text; its own words go on after them.

    Args:
        own: The message; the offsets of what is yielded are of its text.
        body: Its words, as they stand from `own.body` on.
        is_printed: It stands in an archive that was printed as text.
    """
    part = own
    for quoted in find_quoted(body, is_printed=is_printed) if SIGNS_OF_QUOTING.search(body) else ():
        start, end = own.body + quoted.start, own.body + quoted.end
        if start > part.start:
            yield part._replace(end=start)
        yield quoted._replace(number=own.number, start=start, body=own.body + quoted.body, end=end)
        part = own._replace(start=end, body=end, part="continued")
    if part is own or body[part.start - own.body :].strip():
        yield part


def find_quoted(body: str, *, is_printed: bool = False) -> tuple[Message, ...]:
    """Return the stretches of a body that are quoted from earlier messages, in order; offsets are those of the body.

    One earlier message has several stretches where the sender's answers stand between its lines.

    Args:
        body: The words of a message.
        is_printed: It stands in an archive that was printed as text, where prose may look like a heading.
    """
    lines = [_line(match) for match in LINE.finditer(body) if match.end() > match.start()]
    stretches: list[tuple[Message, int, int, int]] = []
    owners: list[_Owner] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        header, count = _header_at(lines, index)
        if header is not None and is_printed and not (header.sent or _is_marked(lines, index, count)):
            header = header if RULE.match(line.words) or FIELD.match(line.words) else None
        if header is not None:
            owners = [owner for owner in owners if owner.depth <= line.depth]
            depth = line.depth + 1 if _is_marked(lines, index, count) else line.depth
            owners = [owner for owner in owners if owner.depth < depth]
            owners.append(_Owner(depth, header))
            last = lines[index + count - 1]
            stretches.append((header, line.start, last.end, last.end))
            index += count
            continue
        if line.words or line.depth:
            owners = [owner for owner in owners if owner.depth <= line.depth]
            if line.depth and not owners:
                owners.append(_Owner(1, _message(SOMEONE, "")))
        if owners:
            message, start, at, end = stretches[-1] if stretches else (None, 0, 0, -1)
            if message is owners[-1].message and end == line.start:
                stretches[-1] = (message, start, at, line.end)
            else:
                stretches.append((owners[-1].message, line.start, line.start, line.end))
        index += 1
    return tuple(message._replace(start=start, body=at, end=end) for message, start, at, end in stretches)


def _is_marked(lines: Sequence[_Line], index: int, count: int) -> bool:
    """Return whether the words below a heading of `count` lines begin with more marks than the heading itself."""
    after = index + count
    while after < len(lines) - 1 and not lines[after].words:
        after += 1
    return after < len(lines) and lines[after].depth > lines[index].depth


def _line(match: re.Match[str]) -> _Line:
    written = match.group()
    marks = None if TABLE_ROW.match(written) else MARKS.match(written)
    rest = written[marks.end() :] if marks else written
    depth = marks.group().count(">") + marks.group().count("|") if marks else 0
    return _Line(depth, rest.strip(), *match.span())


def _header_at(lines: Sequence[_Line], index: int) -> tuple[Message | None, int]:
    """Return the header of a quoted message that begins at a line, and how many lines it takes."""
    line = lines[index]
    if not line.words or len(line.words) > LONGEST_LINE:
        return None, 0
    if RULE.match(line.words):
        below = index + 1
        while below < len(lines) - 1 and below < index + 3 and not lines[below].words:
            below += 1
        header, count = _block_at(lines, below, fewest=1) if below < len(lines) else (None, 0)
        return (header, count + below - index) if header else (_message("", ""), 1)
    if FIELD.match(line.words):
        header, count = _block_at(lines, index, fewest=2)
        if header is not None:
            return header, count
    if not BEGINS.search(line.words):
        return None, 0
    words = line.words
    for count in (1, 2, 3):
        wrote = WROTE.search(words)
        if wrote:
            return _attributed(words[: wrote.start()], wrote["after"] or ""), count
        if index + count >= len(lines) or lines[index + count].depth < line.depth or not lines[index + count].words:
            break
        words = f"{words} {lines[index + count].words}"
        if len(words) > LONGEST_LINE:
            break
    return None, 0


def _block_at(lines: Sequence[_Line], index: int, fewest: int) -> tuple[Message | None, int]:
    """Return the header that a block of `From:`, `Sent:`, `To:` lines makes; it names a sender in one of them."""
    fields: dict[str, str] = {}
    last = ""
    count = stated = 0
    for line in lines[index : index + LONGEST_BLOCK]:
        field = FIELD.match(line.words)
        if not line.words or line.depth != lines[index].depth or len(line.words) > LONGEST_LINE:
            break
        if field is not None:
            last = next(label for number, label in enumerate(LABELS) if field[f"f{number}"] is not None)
            fields.setdefault(last, field["words"].strip())
            count, stated = count + 1, stated + 1
        elif last in ("to", "cc") and (fields[last].endswith((",", ";")) or "@" in line.words):
            fields[last] += f" {line.words}"
            count += 1
        else:
            break
    if stated < fewest or not fields.get("from"):
        return None, 0
    when = ORDINAL_DAY.sub(r"\1", WEEKDAY_CJK.sub("", fields.get("sent", "")))
    written = find_date(when)
    clock = find_time(WEEKDAY_CJK.sub("", when[written.end :])) if written else None
    return _message(_name(fields["from"]), fields.get("subject", ""))._replace(
        recipients=_people(fields.get("to", "")),
        cc=_people(fields.get("cc", "")),
        sent=written.date if written else None,
        at=clock.time if clock else None,
    ), count


def _people(words: str) -> tuple[str, ...]:
    return tuple(name for part in re.split("[,;]", words) if (name := _name(part)))


def _attributed(words: str, after: str) -> Message:
    """Return the message that `On DATE, NAME wrote:` introduces; the name may also stand before the date."""
    written = find_date(words)
    if written is None:
        name = after or words.rpartition(",")[2]
        return _message(_name(OPENING.sub("", name)), "")
    rest = WEEKDAY_CJK.sub("", words[written.end :])
    clock = find_time(rest)
    name = _name(BETWEEN.sub("", rest[clock.end :] if clock else rest, count=1)) or _name(after)
    if not name:
        name = _name(re.sub(r"[在于於]\s*$", "", OPENING.sub("", words[: written.start])))
    return _message(name, "")._replace(sent=written.date, at=clock.time if clock else None)


def _name(words: str) -> str:
    bare = ADDRESS.sub("", words).strip(" ,;:\"'*_<>()").strip()
    return bare or next(iter(re.findall(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+", words)), "")


def _message(sender: str, subject: str) -> Message:
    return Message(0, sender or SOMEONE, (), (), "", None, None, None, subject, 0, 0, 0, part="quoted")
