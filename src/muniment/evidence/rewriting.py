"""A text in another form, with a map back to where each character came from."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text after some pieces of it were replaced.

    Between the pieces the text is unchanged, so that four numbers a piece are enough to go back.

    Attributes:
        text: The text in its new form.
        piece_starts: Where each replaced piece begins in `text`; ascending, characters.
        piece_lengths: How long it is there; 0 where it was removed.
        source_starts: Where it began in the text that was rewritten; characters.
        source_lengths: How long it was there.
        inner: How that text was itself made from an earlier one; None if it was the source.
    """

    text: str
    piece_starts: array[int]
    piece_lengths: array[int]
    source_starts: array[int]
    source_lengths: array[int]
    inner: Rewritten | None = None

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the run of the source that `text[start:end]` was made from.

        Args:
            start: First character; 0-based.
            end: One past the last; greater than `start`.

        Returns:
            (start, end) in the source. A piece is always taken whole.
        """
        view: Rewritten | None = self
        while view is not None:
            start, end = view._outward(start)[0], view._outward(end - 1)[1]
            view = view.inner
        return start, end

    def _outward(self, position: int) -> tuple[int, int]:
        """Return the run, one step back, behind the character at `position`."""
        index = bisect_right(self.piece_starts, position) - 1
        if index < 0:
            return position, position + 1
        after = position - self.piece_starts[index] - self.piece_lengths[index]
        source_end = self.source_starts[index] + self.source_lengths[index]
        if after < 0:
            return self.source_starts[index], source_end
        return source_end + after, source_end + after + 1


def rewrite(text: str, edits: Iterable[tuple[int, int, str]], inner: Rewritten | None = None) -> Rewritten:
    """Replace pieces of a text and keep the map back.

    Args:
        text: What to rewrite.
        edits: (start, end, replacement), in order, not overlapping.
        inner: How `text` was made, if it was not the source.

    Returns:
        The new text with its map.
    """
    parts: list[str] = []
    piece_starts, piece_lengths = array("q"), array("q")
    source_starts, source_lengths = array("q"), array("q")
    done = length = 0
    for start, end, replacement in edits:
        parts.append(text[done:start])
        length += start - done
        piece_starts.append(length)
        piece_lengths.append(len(replacement))
        source_starts.append(start)
        source_lengths.append(end - start)
        parts.append(replacement)
        length += len(replacement)
        done = end
    parts.append(text[done:])
    return Rewritten("".join(parts), piece_starts, piece_lengths, source_starts, source_lengths, inner)
