"""What stands beside a document's text: tracked changes, comments, and text that a reader of the page does not see.

The words of a tracked deletion, of a comment, of hidden text and of a struck-out passage are no part of the text, so no
quotation verifies against them. The words of a tracked insertion are part of it, since they stand in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

AnnotationKind = Literal["tracked deletion", "tracked insertion", "comment", "hidden text", "struck-out passage"]
OUTSIDE: tuple[AnnotationKind, ...] = ("tracked deletion", "comment", "hidden text", "struck-out passage")
"""Kinds whose words are no part of the text."""


class Annotation(NamedTuple):
    """Words beside the text, or a mark on words in it.

    Attributes:
        kind: See `AnnotationKind`.
        start: Offset in the text where it stands; 0-based.
        end: One past the characters that it marks; equal to `start` for words that are no part of the text.
        words: Its own words: what was deleted, inserted, commented or hidden.
        by: Its author, as written; empty if none is stated.
        when: Its date, as written (`2021-03-04T10:00:00Z`); empty if none is stated.
    """

    kind: AnnotationKind
    start: int
    end: int
    words: str
    by: str = ""
    when: str = ""

    def __str__(self) -> str:
        by = f" by {self.by}" if self.by else ""
        return f"a {self.kind}{by}" + (f" of {self.when[:10]}" if self.when else "")


def before_changes(text: str, annotations: Iterable[Annotation]) -> str:
    """Return the text as it was before its tracked changes: insertions left out, deletions put back.

    Example:
        >>> before_changes("may remove", [Annotation("tracked deletion", 4, 4, "not ")])
        'may not remove'
    """
    parts, done = [], 0
    changes = (each for each in annotations if each.kind in ("tracked deletion", "tracked insertion"))
    for each in sorted(changes, key=lambda each: (each.start, each.end)):
        if each.start < done:
            continue
        parts.append(text[done : each.start])
        if each.kind == "tracked deletion":
            parts.append(each.words)
        done = max(done, each.end)
    return "".join((*parts, text[done:]))


def overlapping(annotations: Sequence[Annotation], start: int, end: int) -> tuple[Annotation, ...]:
    """Return the annotations that mark any of these characters, or stand inside them.

    Args:
        annotations: Of a document.
        start: Offset of the first character.
        end: One past the last.
    """
    return tuple(
        each for each in annotations if (each.start < end and each.end > start) or start < each.start == each.end < end
    )
