"""Quotations of a book with what was found of each, and translations beside the words that they render."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from muniment.book.book import Book
from muniment.evidence.messages import Message
from muniment.evidence.quotes import STATES_VERIFIED
from muniment.evidence.scan.languages import NAMES, Language
from muniment.evidence.scan.names import known_names
from muniment.evidence.searching import CJK_SIGN
from muniment.evidence.stale import Change
from muniment.evidence.translation import Difference, compare_translation
from muniment.text.spans import Span

SIGN = re.compile(f"[{CJK_SIGN}]")
FARTHEST = 20
"""How many sources a translation may be away from what it renders, by way of others."""


class QuoteRow(NamedTuple):
    """One quotation of the book and what was found of it.

    Attributes:
        record: Address of the record it stands in.
        source: Id of the source it is cited from; empty if it has no citation.
        place: The citation's place, as written.
        quote: The quotation, as written, on one line.
        state: See `QuoteResult`; also ``stale`` (its words stand in a file that is not the one that was read),
            ``not-held`` and ``refused``.
        critical: The difference may change the meaning.
        at: `file:line:column` in the source; empty if it was not located.
        found: The source's own words.
        diff: For a near-miss, how the words differ.
        hidden: What each gap hides.
        notes: What else the reader should know.
        span: Where the quotation stands in the book.
        matched: The state of its words in the file as it is; other than `state` for ``stale`` and ``translation``.
        located: Line and column in the source, 1-based; None if it was not located.
        page: 1-based; None if it was not located or the source has no pages.
        message: The message it stands in; None outside messages.
        extractor: What made the text of the source, with its version; empty if it was not read.
        sha256: Of the file as it is; empty if it was not read.
        change: Where the file is not the one that was read, what became of the quotation; else None.
        translation_of: Id of the source whose words, quoted in the same fact, it was compared with; empty if none.
        differences: In what it departs from them.
    """

    record: str
    source: str
    place: str
    quote: str
    state: str
    critical: bool
    at: str
    found: str
    diff: str
    hidden: tuple[str, ...]
    notes: tuple[str, ...]
    span: Span
    matched: str = ""
    located: tuple[int, int] | None = None
    page: int | None = None
    message: Message | None = None
    extractor: str = ""
    sha256: str = ""
    change: Change | None = None
    translation_of: str = ""
    differences: tuple[Difference, ...] = ()

    def is_in(self, state: str) -> bool:
        """Return whether it is in a state; what a changed file has lost is stale as well."""
        return self.state == state or (state == "stale" and self.change is not None)

    @property
    def is_verified(self) -> bool:
        """Whether the words stand in the source where the citation says."""
        return self.state in STATES_VERIFIED


def compare_with_originals(book: Book, rows: Sequence[QuoteRow], facts: Sequence[Hashable]) -> tuple[QuoteRow, ...]:
    """Compare quotations from translations with the words that they render, where the same fact quotes both.

    Args:
        book: As loaded; says what is a translation of what, and who is known by which name.
        rows: As found.
        facts: For each row what stands for its fact.

    Returns:
        The rows. Those that could be compared have the state ``translation``; differences make them critical.
    """
    together: dict[Hashable, list[int]] = defaultdict(list)
    for number, fact in enumerate(facts):
        if rows[number].is_verified:
            together[fact].append(number)
    compared = list(rows)
    for numbers in together.values():
        names = {rows[number].source for number in numbers}
        if len(names) < 2:
            continue
        for number in numbers:
            row = rows[number]
            rendered = _rendered(book, row.source) & names
            found = [
                (rows[other].source, _differences(book, row, rows[other]))
                for other in numbers
                if rows[other].source in rendered
            ]
            if found:
                source, differences = min(found, key=lambda each: len(each[1]))
                compared[number] = row._replace(
                    state="translation",
                    critical=row.critical or bool(differences),
                    translation_of=source,
                    differences=differences,
                )
    return tuple(compared)


def _rendered(book: Book, source: str) -> set[str]:
    """Return the sources that a translation renders: its original, and what that derives from; empty if it is none."""
    record = book.index.defined.get(source)
    waiting = _named(record, "translation of")
    found: set[str] = set()
    for _ in range(FARTHEST):
        found |= waiting
        below = (book.index.defined.get(name) for name in waiting)
        waiting = {
            name for each in below for label in ("translation of", "derived from") for name in _named(each, label)
        } - found
        if not waiting:
            break
    return found - {source}


def _named(record: Any, label: str) -> set[str]:
    """Return the sources that a record names under a label."""
    fact = record.fact(label) if record is not None else None
    texts = (statement.text for statement in fact.statements) if fact else ()
    return {name.strip().removeprefix("@") for text in texts for name in text.split(",")}


def _differences(book: Book, here: QuoteRow, original: QuoteRow) -> tuple[Difference, ...]:
    return compare_translation(
        here.quote,
        original.quote,
        (_language(book, here), _language(book, original)),
        (known_names(book, here.source), known_names(book, original.source)),
    )


def _language(book: Book, row: QuoteRow) -> Language:
    """Return the language of a source as its record states it; else by the signs of the quotation."""
    record = book.index.defined.get(row.source)
    fact = record.fact("language") if record is not None else None
    stated = fact.statements[0].text.strip().casefold() if fact and fact.statements else ""
    known = NAMES.get(stated.partition("-")[0])
    return known or ("zh" if SIGN.search(row.quote) else "en")


def to_json(rows: Sequence[QuoteRow]) -> dict[str, Any]:
    """Return rows as `muniment quotes --format json` gives them."""
    return {"format": 1, "quotes": [_of_row(row) for row in rows]}


def _of_row(row: QuoteRow) -> dict[str, Any]:
    was = row.change.was if row.change else None
    return {
        "record": row.record,
        "source": row.source,
        "quote": row.quote,
        "state": row.state,
        "critical": row.critical,
        "at": row.at,
        "found": row.found,
        "diff": row.diff,
        "matched": row.matched,
        "place": row.place,
        "line": row.located[0] if row.located else None,
        "column": row.located[1] if row.located else None,
        "page": row.page,
        "message": _of_message(row.message),
        "hidden": list(row.hidden),
        "notes": list(row.notes),
        "extractor": row.extractor,
        "sha256": row.sha256,
        "change": row.change.kind if row.change else None,
        "was_line": was[0] if was else None,
        "translation_of": row.translation_of or None,
        "differences": [{"kind": each.kind, "here": each.here, "original": each.original} for each in row.differences],
    }


def _of_message(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "number": message.number,
        "sender": message.sender,
        "recipients": list(message.recipients),
        "cc": list(message.cc),
        "date": message.sent.isoformat() if message.sent else None,
        "time": message.at.isoformat() if message.at else None,
        "subject": message.subject,
        "id": message.id,
    }
