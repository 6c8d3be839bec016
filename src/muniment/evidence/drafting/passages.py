"""A document in pieces that a model can be given one at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from muniment.evidence.documents import Document

USUAL_SIZE = 6_000
"""Characters of a passage, at most."""


class Passage(NamedTuple):
    """A run of a document's text.

    Attributes:
        start: Offset of its first character; 0-based.
        end: One past its last character.
        first_line: 1-based.
        last_line: 1-based; the line of its last character.
        text: Its characters.
    """

    start: int
    end: int
    first_line: int
    last_line: int
    text: str


def passages_of(document: Document, size: int = USUAL_SIZE) -> tuple[Passage, ...]:
    """Cut a document into passages.

    A passage ends before a message if it can, else before a paragraph, else before a line, and inside a line only where
    the line is longer than a passage. Together the passages are the whole text, but for those without a word.

    Args:
        document: The source.
        size: Characters of a passage, at most; at least 1.

    Returns:
        In the order of the text.
    """
    messages = [message.start for message in document.messages]
    found = []
    start, length = 0, len(document.text)
    while start < length:
        end = length if length - start <= size else _cut(start, start + size, messages, document)
        text = document.text[start:end]
        if any(character.isalnum() for character in text):
            first, last = document.line_column(start)[0], document.line_column(end - 1)[0]
            found.append(Passage(start, end, first, last, text))
        start = end
    return tuple(found)


def _cut(start: int, most: int, messages: Sequence[int], document: Document) -> int:
    """Return where a passage is to end: in its second half at the best place there is, else where it must."""
    middle = start + (most - start) // 2
    for places in (messages, document.paragraph_starts, document.line_starts):
        at = bisect_right(places, most) - 1
        if at >= 0 and places[at] > max(start, middle):
            return places[at]
    at = bisect_left(document.line_starts, start + 1)
    if at < len(document.line_starts) and document.line_starts[at] <= most:
        return document.line_starts[bisect_right(document.line_starts, most) - 1]
    return most
