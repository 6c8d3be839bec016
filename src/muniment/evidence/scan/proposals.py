"""Records proposed from what a scan found, each cited and quoted, for a keeper to keep or discard.

A proposal has no score. Its remark says on which cues it rests.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from muniment.book.book import Book
from muniment.evidence.edges import is_whole
from muniment.evidence.messages import Message
from muniment.evidence.negations import negation_after, negation_before
from muniment.evidence.scan.already import already_recorded
from muniment.evidence.scan.calendar_points import written
from muniment.evidence.scan.cues import BOARD, CHAIR, OFFICE, SPEECH, Cue, find_cues, is_telling
from muniment.evidence.scan.findings import Finding
from muniment.evidence.scan.names import KnownNames, Named
from muniment.evidence.scan.passages import UNQUOTABLE, Passage, quotation_around, sentence_around
from muniment.evidence.scan.quoted_words import RECIPIENT, Quoted, subject_before
from muniment.evidence.scan.scanning import LONGEST_SCANNED, Scanned
from muniment.evidence.scan.units import PEOPLE, SHARES
from muniment.evidence.weighty import has_negation
from muniment.model.dates import parse_date
from muniment.model.values import ValueFault
from muniment.text import nodes
from muniment.text.spans import Span

MOST_PROPOSALS = 2_000
MOST_NAMED = 6
AROUND = 200
NEAR = 60
NOWHERE = Span("", 1, 1, 1)
PROPOSED_OF_CHINESE = re.compile("成员|员工|股东|董事|投资|创始|研究人员|股|票|席")
SHARES_OF_CHINESE = re.compile("^股(?:$|[份票权普优的])")
NEXT_TO = 25
STOP = re.compile(r"[\r\n.,;:!?()，。；：！？（）]|(?<!\w)(?:pour|afin|qui|que|who|which|that|to)(?!\w)")
OBJECT = re.compile(
    rf"{RECIPIENT.pattern}|(?:[的被把将由]|(?<!\w)(?:of|by|from|de|du|des|par|d['’]))[ \u00a0]?$", re.IGNORECASE
)
INFINITIVE = re.compile(r"(?:[eio]ir|tir|er|ing|oir)$", re.IGNORECASE)
UNSAFE = re.compile(rf"[\[\]\"“”@{UNQUOTABLE}]")
ACTS = {
    "appoint": "appointed", "remove": "removed", "resign": "leaves", "pledge": "promises money", "give": "gives money",
    "invest": "money is put in", "own": "ownership", "merge": "merger or acquisition",
}  # fmt: skip
"""What a general event says of an act that no record kind of its own can hold."""
TELLING = frozenset({"appoint", "remove", "resign", "merge", "pledge"})
"""Acts that are proposed even where no figure and no quotation stands with them."""
NO_NEGATION = re.compile(
    r"non[- ]?lucrati\w+|non-?profit|非营利|未来|非常|无论|不断|不过|不仅|不久|别人|特别|分别|区别|性别|级别|个别",
    re.IGNORECASE,
)
"""Words with a negation in them that deny nothing."""
POINT = re.compile(r"\d{4}(?:-\d\d){0,2}(?![?~%\d-])")


class Origin(NamedTuple):
    """The source that is scanned.

    Attributes:
        source: Its id, in the book or made from the file's name.
        is_known: The book has a record of it.
        record: Its record where the book has none; None otherwise.
        book: The book whose parties, seats and offices are known; None if none is given.
    """

    source: str
    is_known: bool
    record: nodes.Record | None
    book: Book | None


class Proposal(NamedTuple):
    """One proposed record.

    Attributes:
        record: As it would stand in the book.
        source: Id of the source.
        place: As the citation has it.
        quote: The quoted words.
        start: Offset of the quotation in the document.
        line: Line of the quotation in the document; 1-based.
        column: Its column; 1-based.
        findings: Figures and dates that it rests on.
        cues: What it rests on, in a few words each.
    """

    record: nodes.Record
    source: str
    place: str
    quote: str
    start: int
    line: int
    column: int
    findings: tuple[Finding, ...]
    cues: tuple[str, ...]


class Proposed(NamedTuple):
    """The proposals of one document, in its order, and what the reader should know."""

    proposals: tuple[Proposal, ...]
    notes: tuple[str, ...]


class _Core(NamedTuple):
    """What a proposal is about: a figure, a quotation, an act or a date."""

    start: int
    end: int
    figure: Finding | None = None
    quoted: Quoted | None = None
    cue: Cue | None = None
    date: Finding | None = None


class _Sentence(NamedTuple):
    """What stands in one sentence."""

    passage: Passage
    dates: list[Finding]
    cues: list[Cue]
    names: list[Named]


def propose(scanned: Scanned, names: KnownNames, origin: Origin, taken: set[str]) -> Proposed:
    """Return the records that a scan proposes.

    Args:
        scanned: What was found.
        names: Of the parties of the book, as this source writes them.
        origin: The source.
        taken: Ids that are in use; those of the proposals are added.

    Returns:
        At most 2,000 proposals. Each has a quotation that stands in the document, of at most a dozen words or thirty
        signs.
    """
    proposals: list[Proposal] = []
    notes = list(scanned.notes)
    dropped = 0
    for core, sentence in _cores(scanned, names):
        if len(proposals) == MOST_PROPOSALS:
            notes.append(f"only the first {MOST_PROPOSALS:,} proposals are given")
            break
        made = _proposal(scanned, core, sentence, names, origin, taken)
        if made is None:
            dropped += 1
        else:
            proposals.append(made)
    if dropped:
        notes.append(f"{dropped:,} found could not be quoted and were left out")
    return Proposed(tuple(proposals), tuple(notes))


def _cores(scanned: Scanned, names: KnownNames) -> Iterator[tuple[_Core, _Sentence]]:
    """Yield what is proposed, left to right, each with its sentence."""
    text = scanned.document.text
    figures = [_Core(one.start, one.end, figure=one) for one in scanned.figures if is_proposed(one)]
    quoted = [_Core(one.start, one.end, quoted=one) for one in scanned.quoted if one.speaker]
    dates = [one for one in scanned.dates if one.value]
    starts = [one.start for one in dates]
    told = sorted([*figures, *quoted, *_acts(scanned)], key=lambda one: (one.start, one.figure is None))
    covered: list[tuple[int, int]] = []
    last: _Sentence | None = None
    pending = sorted([*told, *(_Core(one.start, one.end, date=one) for one in dates)], key=lambda one: one.start)
    busy = _sentences_of(text, told)
    for core in pending:
        if last is None or not (last.passage.start <= core.start and core.end <= last.passage.end):
            passage = sentence_around(text, core.start, core.end)
            inside = dates[bisect_left(starts, passage.start) : bisect_left(starts, passage.end)]
            named = names.find(text, passage.start, passage.end)
            places = [(one.start, one.end) for one in named if one.party in names.entities]
            cues = [
                cue
                for cue in find_cues(text, scanned.language, passage.start, passage.end)
                if is_telling(text, cue, passage.start, passage.end, places)
            ]
            last = _Sentence(passage, inside, cues, named)
        if core.date is not None:
            at = bisect_right(busy, (core.start, len(text)))
            is_busy = at > 0 and busy[at - 1][1] > core.start
            if is_busy or not (last.names or last.cues) or any(low <= core.start < high for low, high in covered[-3:]):
                continue
            covered.append(last.passage)
        if core.cue is not None and (not last.names or core.cue not in last.cues):
            continue
        if core.cue is not None and any(
            one.start < last.passage.end and one.end > last.passage.start for one in _near(figures, core)
        ):
            continue
        yield core, last


def _near(figures: Sequence[_Core], core: _Core) -> Sequence[_Core]:
    """Return the figures that may stand in the sentence of an act."""
    at = bisect_left(figures, core.start, key=lambda one: one.start)
    return figures[max(0, at - 4) : at + 4]


def _sentences_of(text: str, cores: Sequence[_Core]) -> list[tuple[int, int]]:
    """Return the sentences that already have a proposal, in order, without repetition."""
    found: list[tuple[int, int]] = []
    for core in islice(cores, 4 * MOST_PROPOSALS):
        if not found or core.start >= found[-1][1]:
            passage = sentence_around(text, core.start, core.end)
            found.append((passage.start, passage.end))
    return found


def _acts(scanned: Scanned) -> Iterator[_Core]:
    """Yield the cues of acts, one a line and act."""
    text = scanned.document.text
    last: tuple[str, int] = ("", -1)
    for cue in find_cues(text, scanned.language, 0, min(len(text), LONGEST_SCANNED)):
        if cue.act in TELLING and (cue.act != last[0] or cue.start - last[1] > AROUND):
            last = (cue.act, cue.start)
            yield _Core(cue.start, cue.end, cue=cue)


def is_proposed(finding: Finding) -> bool:
    """Return whether a figure is worth a record by itself: lengths of time and counts of anything are not."""
    if finding.kind == "count":
        noun = finding.unit.casefold()
        is_of_chinese = (SHARES_OF_CHINESE if noun[:1] == "股" else PROPOSED_OF_CHINESE).search(noun) is not None
        return noun in SHARES or noun in PEOPLE or is_of_chinese
    return finding.kind != "duration"


def _proposal(
    scanned: Scanned,
    core: _Core,
    sentence: _Sentence,
    names: KnownNames,
    origin: Origin,
    taken: set[str],
) -> Proposal | None:
    document = scanned.document
    where = sentence.passage
    if core.quoted is not None:
        where = Passage(core.start, core.end)
        first = document.text.find(" ", core.start, core.end)
        passage = quotation_around(document.text, core.start, first if first > core.start else core.start + 1, where)
    else:
        passage = quotation_around(document.text, core.start, core.end, where)
    if passage is None:
        return None
    quote = document.text[passage.start : passage.end]
    if not _verifies(scanned, passage):
        passage = Passage(core.start, core.end)
        quote = document.text[passage.start : passage.end]
        if core.quoted is not None or quote != quote.strip() or quote[:1] in ">#" or not _verifies(scanned, passage):
            return None
    message = document.message_at(passage.start)
    line, column = document.line_column(passage.start)
    place = _place(scanned, message, passage.start, line)
    when, dated_by, dates = _when(scanned, core, sentence, message)
    cues = [*_cues_of(core, sentence), dated_by]
    words = NO_NEGATION.sub(" ", document.text[sentence.passage.start : sentence.passage.end])
    if has_negation(words.split()):
        cues.append("a negation in the sentence")
    citation = nodes.Citation(origin.source, place, NOWHERE)
    quotation = nodes.Quotation(quote, "", NOWHERE, (f"> {quote}",), ())
    labels = _labels(scanned, core, sentence, message, names, origin, when)
    if labels.note:
        cues.append(labels.note)
    name = labels.subject or _free(f"{origin.source}-l{line}", taken)
    children = []
    for at, (label, value) in enumerate(labels.fields):
        cited = at == labels.cited
        citations, quotations = ((citation,) if cited else ()), ((quotation,) if cited else ())
        children.append(nodes.Field(label, NOWHERE, value, NOWHERE, citations, quotations, ()))
    remark = "scan rests on: " + "; ".join(dict.fromkeys(_plain(cue) for cue in cues if cue))
    children.append(nodes.Field("remark", NOWHERE, remark, NOWHERE, (), (), ()))
    record = nodes.Record(when, NOWHERE, labels.kind, NOWHERE, name, NOWHERE, "", NOWHERE, (), (), tuple(children))
    found = tuple(one for one in (core.figure, core.date, *dates) if one is not None)
    return Proposal(
        record, origin.source, place, quote, passage.start, line, column, tuple(dict.fromkeys(found)), tuple(cues)
    )


def _verifies(scanned: Scanned, passage: Passage) -> bool:
    """Return whether a stretch is a quotation of its text as the check would have it.

    It is cut out of no word, number or message, and from beside no negation. Where it stands is known here, so that the
    text need not be searched for it, which would take long for words that stand there very often.
    """
    text, (start, end) = scanned.document.text, passage
    return (
        any(sign.isalnum() for sign in text[start:end])
        and is_whole(text, start, end)
        and not scanned.document.is_across_messages(start, end)
        and not negation_before(text, start)
        and not negation_after(text, start, end)
    )


def _place(scanned: Scanned, message: Message | None, start: int, line: int) -> str:
    if message is not None and message.sent is not None:
        at = f" {message.at.isoformat('seconds' if message.at.second else 'minutes')}" if message.at else ""
        named = f"message {message.sent.isoformat()}{at}"
        return named if scanned.document.is_extracted else f"{named}, l. {line}"
    document = scanned.document
    if len(document.page_starts) > 1:
        return f"p. {document.page_at(start)}"
    if document.is_extracted:
        return f"para. {document.paragraph_at(start)}"
    return f"l. {line}"


def _when(
    scanned: Scanned, core: _Core, sentence: _Sentence, message: Message | None
) -> tuple[str, str, list[Finding]]:
    """Return the record's date, how it is known, and the date found that it is."""
    document = scanned.document
    if core.date is not None:
        return core.date.value, _said_of(core.date), [core.date]
    if sentence.dates:
        nearest = min(sentence.dates, key=lambda one: (one.is_relative, abs(one.start - core.start)))
        return nearest.value, _said_of(nearest), [nearest]
    if message is not None and message.sent is not None:
        return message.sent.isoformat(), "the date of the message", []
    if message is not None and message.not_before is not None:
        return f"{message.not_before.isoformat()}?", "the last dated message above it", []
    line = document.line_column(core.start)[0]
    line_start = document.line_starts[line - 1]
    starts = [one.start for one in scanned.dates]
    for one in reversed(scanned.dates[bisect_left(starts, line_start) : bisect_left(starts, core.start)]):
        if one.value:
            return _uncertain(one.value), "the date last written in its paragraph", [one]
    told = next((one for one in reversed(scanned.dates[: bisect_left(starts, line_start)]) if one.value), None)
    above = f"; last written above: {told.value}, l. {document.line_column(told.start)[0]}" if told is not None else ""
    if scanned.dated is not None:
        return f"../{written(scanned.dated).rpartition('/')[2]}", f"no date but that of the document{above}", []
    return "../..", f"no date{above}", []


def _said_of(finding: Finding) -> str:
    return f"date, {finding.note}" if finding.note else finding.cues[0]


def _uncertain(value: str) -> str:
    """Return a date marked as uncertain, where it has no mark yet; unchanged if it could not be read then."""
    marked = POINT.sub(lambda match: f"{match[0]}?", value)
    return value if isinstance(parse_date(marked), ValueFault) else marked


def _cues_of(core: _Core, sentence: _Sentence) -> list[str]:
    found: list[str] = []
    if core.figure is not None:
        found += [core.figure.kind, *core.figure.cues, *filter(None, (core.figure.note,))]
    if core.quoted is not None:
        found.append("quotation marks and a verb of speech")
    if core.cue is not None:
        found.append(f"{core.cue.act} ({core.cue.word})")
    else:
        found += [f"{cue.act} ({cue.word})" for cue in sentence.cues[:3]]
    return found


class _Labels(NamedTuple):
    """Kind and lines of a record; `cited` is the place of the line with the citation, `subject` its name if not an id."""  # noqa: E501

    kind: str
    fields: tuple[tuple[str, str], ...]
    cited: int
    subject: str = ""
    note: str = ""


def _labels(
    scanned: Scanned,
    core: _Core,
    sentence: _Sentence,
    message: Message | None,
    names: KnownNames,
    origin: Origin,
    when: str,
) -> _Labels:
    own = _of_own_kind(scanned, core, sentence, names, origin, when)
    if own is not None:
        return own
    speaker, says = _speaker(scanned, core, sentence, message, names)
    parties = list(dict.fromkeys(one.party for one in sentence.names))
    if not speaker and core.cue is not None:
        speaker = _actor(scanned.document.text, sentence.names, core.cue.start)
    about = [party for party in parties if party != speaker][:MOST_NAMED]
    fields = [("who", speaker)] if speaker else []
    if about:
        fields.append(("about", ", ".join(about)))
    fields.append(("says" if says else "what", _what(core, sentence)))
    return _Labels("event", tuple(fields), len(fields) - 1)


def _what(core: _Core, sentence: _Sentence) -> str:
    """Return what an event says: the figure as a book writes it, or what was done."""
    if core.figure is not None:
        unit = core.figure.unit if core.figure.kind == "count" else ""
        return _plain(f"{core.figure.value} {unit}".strip())
    if core.quoted is not None:
        return "the words quoted here"
    if core.cue is not None:
        return ACTS[core.cue.act]
    acts = [ACTS[cue.act] for cue in sentence.cues[:2]]
    return ", ".join(dict.fromkeys(acts)) or "what happened on this date"


def _speaker(
    scanned: Scanned, core: _Core, sentence: _Sentence, message: Message | None, names: KnownNames
) -> tuple[str, bool]:
    """Return who says it, and whether it is said at all: the words are quoted, written in a message, or reported."""
    text = scanned.document.text
    if core.quoted is not None:
        return _plain(core.quoted.speaker), True
    at = bisect_right(scanned.quoted, core.start, key=lambda one: one.start) - 1
    if at >= 0 and core.end <= scanned.quoted[at].end and scanned.quoted[at].speaker:
        return _plain(scanned.quoted[at].speaker), True
    if message is not None:
        known = names.find(message.sender, 0, len(message.sender))
        return (known[0].party if known else _plain(message.sender)), True
    verb = SPEECH[scanned.language].search(text, sentence.passage.start, core.start)
    if verb is not None:
        before = [one for one in sentence.names if one.end <= verb.start() <= one.end + NEAR]
        subject = subject_before(text, before, verb.start(), verb[0], scanned.language, names)
        if subject:
            return subject, True
    return "", False


def _actor(text: str, named: Sequence[Named], at: int) -> str:
    """Return who acts, where the name stands just before the act and nothing makes it the object of another word."""
    before = [one for one in named if one.end <= at]
    if not before or at - before[-1].end > NEXT_TO or STOP.search(text, before[-1].end, at):
        return ""
    return "" if OBJECT.search(text[max(0, before[-1].start - 12) : before[-1].start]) else before[-1].party


def _of_own_kind(
    scanned: Scanned, core: _Core, sentence: _Sentence, names: KnownNames, origin: Origin, when: str
) -> _Labels | None:
    """Return a record of the act's own kind, where the actor and the entity are known through the book."""
    if origin.book is None or not sentence.names:
        return None
    if core.cue is not None and core.cue.act in ("appoint", "remove", "resign"):
        return _of_seat(scanned, core.cue, sentence, names, origin.book, when)
    if core.figure is None or core.figure.kind != "money" or not core.figure.unit:
        return None
    cue = next((one for one in sentence.cues if one.act in ("pledge", "give", "invest")), None)
    if cue is None or not 0 <= core.start - cue.end <= NEAR or INFINITIVE.search(cue.word) is not None:
        return None
    givers = [one for one in sentence.names if cue.start - NEAR <= one.end <= min(cue.start, core.start)]
    takers = [one.party for one in sentence.names if one.start >= cue.end and one.party in names.entities]
    if not givers or not takers or givers[-1].party == takers[0]:
        return None
    if SPEECH[scanned.language].search(scanned.document.text, givers[-1].end, cue.start) is not None:
        return None
    kind = "pledge" if any(one.act == "pledge" for one in sentence.cues) else "contribute"
    return _Labels(kind, (("by", givers[-1].party), ("to", takers[0]), ("amount", core.figure.value)), 2)


def _of_seat(
    scanned: Scanned, cue: Cue, sentence: _Sentence, names: KnownNames, book: Book, when: str
) -> _Labels | None:
    """Return an appointment, removal or departure, where one person, one entity and one seat or office are named."""
    text, passage = scanned.document.text, sentence.passage
    people = dict.fromkeys(one.party for one in sentence.names if one.party in names.persons)
    entities = dict.fromkeys(one.party for one in sentence.names if one.party in book.index.names)
    if len(people) != 1 or len(entities) != 1:
        return None
    person, entity = next(iter(people)), next(iter(entities))
    defined = book.index.names[entity]
    place = ""
    if OFFICE.search(text, passage.start, passage.end) and "ceo" in defined.offices:
        place = "ceo"
    elif CHAIR.search(text, passage.start, passage.end) and "chair" in defined.offices:
        place = "chair"
    elif BOARD.search(text, passage.start, passage.end) and len(defined.seats) == 1:
        place = next(iter(defined.seats))
    if not place:
        return None
    kind = {"appoint": "appoint", "remove": "remove", "resign": "leave"}[cue.act]
    known = already_recorded(book, kind, entity, person, when)
    if known:
        fields = (("who", person), ("about", entity), ("what", ACTS[cue.act]))
        return _Labels("event", fields, 2, note=f"already recorded: {known}")
    return _Labels(kind, ((place, person),), 0, entity)


def _plain(words: str) -> str:
    """Return words that are safe as a value: no brackets, quotes or signs that a line of a book may not hold."""
    return " ".join(UNSAFE.sub(" ", words[:200]).split())


def _free(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, and take it."""
    chosen, number = name, 2
    while chosen in taken:
        chosen, number = f"{name}-{number}", number + 1
    taken.add(chosen)
    return chosen


def source_record(source: str, title: str, file: str, sha256: str, language: str, when: str) -> nodes.Record:
    """Return a record of the source that was scanned, for a book that has none of it."""
    labels = (("file", file), ("language", language), ("sha256", sha256))
    fields = tuple(nodes.Field(label, NOWHERE, value, NOWHERE, (), (), ()) for label, value in labels if value)
    return nodes.Record(when, NOWHERE, "source", NOWHERE, source, NOWHERE, _plain(title), NOWHERE, (), (), fields)
