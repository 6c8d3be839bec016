"""Places in a file."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A run of characters on one line of one file.

    Attributes:
        path: The file, relative to the book's folder, with forward slashes.
        line: Line number; 1-based.
        column: First character; 1-based, counted in characters.
        end_column: One past the last character; 1-based.
    """

    path: str
    line: int
    column: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
