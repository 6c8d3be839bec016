"""Everything that a scan finds in one document: figures, dates and quotations."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.scan.calendar_points import Interval
from muniment.evidence.scan.dates import MOST_DATES, Anchors, find_dates
from muniment.evidence.scan.figures import MOST_NUMERALS, find_figures
from muniment.evidence.scan.findings import Finding
from muniment.evidence.scan.languages import Language, language_of
from muniment.evidence.scan.names import NOBODY, KnownNames
from muniment.evidence.scan.numerals import PATTERNS
from muniment.evidence.scan.quoted_words import Quoted, find_quoted

LONGEST_SCANNED = 4_000_000
ADDRESS = re.compile(r"(?:https?://|www\.|(?<![\w.+-])[\w.+-]{1,64}@)[^\s<>\"«»“”()\u3000-\u9fff]{1,2000}")


class Scanned(NamedTuple):
    """What was found in one document.

    Attributes:
        document: The document.
        language: How its figures and dates were read.
        dates: Left to right; those without a value had nothing to be counted from.
        figures: Left to right.
        quoted: Words given as somebody's, left to right.
        dated: The document's own date; None if not known.
        notes: What was not looked at.
    """

    document: Document
    language: Language
    dates: tuple[Finding, ...]
    figures: tuple[Finding, ...]
    quoted: tuple[Quoted, ...]
    dated: Interval | None
    notes: tuple[str, ...]

    @property
    def findings(self) -> list[Finding]:
        """Return figures and dates, left to right."""
        return sorted((*self.dates, *self.figures), key=lambda one: one.start)


def scan(
    document: Document,
    names: KnownNames = NOBODY,
    language: Language | None = None,
    dated: Interval | None = None,
) -> Scanned:
    """Find the figures, dates and quotations of a document.

    Headers of messages and addresses of the web are left out. The time it takes grows with the text and not faster;
    of a text of over 4,000,000 characters only the first so many are looked at, which is noted.

    Args:
        document: As read.
        names: Of the parties of a book.
        language: How figures and dates are written; None = the document's own, or what its words are most likely of.
        dated: The document's own date, from which `last week` is counted outside messages.

    Returns:
        What was found. A date that covers a figure stands for it.
    """
    spoken = language or language_of(document)
    notes: list[str] = []
    if len(document.text) > LONGEST_SCANNED:
        notes.append(f"only the first {LONGEST_SCANNED:,} characters were scanned")
    text = document.text[:LONGEST_SCANNED]
    closed = _closed(document, text)

    def said(offset: int) -> date | None:
        message = document.message_at(offset)
        return (message.sent or message.not_before) if message is not None else None

    dates = _outside(find_dates(text, spoken, Anchors(said, dated)), closed)
    figures = _outside(find_figures(text, spoken), closed)
    resolved = [one for one in dates if one.value]
    figures = _outside(figures, [(one.start, one.end) for one in resolved])
    if next(islice(PATTERNS[spoken].finditer(text), MOST_NUMERALS, None), None) is not None:
        notes.append(f"only the first {MOST_NUMERALS:,} numbers were looked at")
    if len(dates) >= MOST_DATES:
        notes.append(f"of each form of date only the first {MOST_DATES:,} were looked at")
    quoted = find_quoted(text, spoken, names)
    return Scanned(document, spoken, tuple(dates), tuple(figures), tuple(quoted), dated, tuple(notes))


def _closed(document: Document, text: str) -> list[tuple[int, int]]:
    """Return the stretches that are not read: headers of messages, and addresses."""
    found = [(message.start, message.body) for message in document.messages]
    found += [match.span() for match in ADDRESS.finditer(text)]
    return sorted(found)


def _outside(findings: Sequence[Finding], closed: Sequence[tuple[int, int]]) -> list[Finding]:
    """Return the findings that touch none of some stretches, which are in order."""
    starts = [start for start, _ in closed]
    ends = [end for _, end in closed]
    return [one for one in findings if bisect_right(ends, one.start) >= bisect_left(starts, one.end)]
