"""From bytes to text: choose the reader, and run it apart where the format can be made hostile."""

from __future__ import annotations

from muniment.evidence.readers.apart import read_apart
from muniment.evidence.readers.extracted import Extracted, unreadable
from muniment.evidence.readers.formats import recognise
from muniment.evidence.readers.pdf import STAMP
from muniment.evidence.readers.plain import read_plain

HEIGHTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")
"""Raised and lowered digits."""


def extract(data: bytes, name: str, kind: str = "") -> Extracted:
    """Return the text of a file.

    Plain text is read here. Every other format is read in a process of its own with limits on time, memory and output
    (`apart`), so that a hostile file costs seconds at most.

    Args:
        data: The file's bytes.
        name: Its name, as the source's record or the shelf gives it.
        kind: What the source's record says it is (`email`); empty if it says nothing.

    Returns:
        The text with its notes, or why there is none. Never raises for what a file holds.
    """
    recognised = recognise(data, name, kind)
    if recognised.format == "refused":
        return unreadable("", recognised.fault)
    if recognised.format == "plain":
        found = read_plain(data)
    elif recognised.format == "pdf":
        found = _read_pdf(data)
    else:
        found = read_apart(recognised.format, data)
    return found._replace(notes=(*recognised.notes, *found.notes))


def _read_pdf(data: bytes) -> Extracted:
    """Read a PDF in two reading orders, each apart: one may fail where the other does not.

    A page counts as unreadable if the second reader finds it to be a scan and the first finds few words on it too.
    """
    first, second = read_apart("pdf-first", data), read_apart("pdf-second", data)
    if second.fault:
        return first
    if first.fault:
        note = f"the first reader of PDF gave no text ({first.fault}); the second one's is used"
        return second._replace(notes=(*second.notes, note))
    pages = [len("".join(words.split())) for words in first.text.split("\f")]
    first = first._replace(text=_with_heights(first.text, second.text))
    scans = tuple(page for page in second.pages_unreadable if page > len(pages) or pages[page - 1] <= STAMP)
    return first._replace(
        pages_unreadable=scans,
        title=first.title or second.title,
        second="" if second.text == first.text else second.text,
        second_extractor="" if second.text == first.text else second.extractor,
    )


def _with_heights(first: str, second: str) -> str:
    """Return the first reader's text, but of each page on which only the second tells raised digits, the second's."""
    pages, others = first.split("\f"), second.split("\f")
    if len(pages) != len(others) or HEIGHTS.isdisjoint(second):
        return first
    return "\f".join(
        other if HEIGHTS.intersection(other) - set(page) else page for page, other in zip(pages, others, strict=True)
    )
