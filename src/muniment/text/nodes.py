"""The tree a `.muni` file is read into: five line shapes, with comments and blank lines kept.

Text knows no law: a node holds the words of its line and where they stand, nothing about what they mean.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from muniment.text.spans import Span


class Citation(NamedTuple):
    """`@source, place` inside the square brackets at the end of a line."""

    source: str
    place: str
    span: Span


class Quotation(NamedTuple):
    """Consecutive `>` lines (joined by one space), with the `>>` gloss that follows them.

    Attributes:
        text: Words as written in the source; empty if there is only a gloss.
        gloss: What they mean, in the book's language; never verified.
        span: The words of the first line.
        lines: The `>` lines as written, for the writer, with the blank lines and comments that stand before them.
        gloss_lines: The `>>` lines as written, likewise.
    """

    text: str
    gloss: str
    span: Span
    lines: tuple[str, ...]
    gloss_lines: tuple[str, ...]


class Blank(NamedTuple):
    """An empty line."""

    line: int


class Comment(NamedTuple):
    """A whole line that starts with `#`; `depth` is its level of indentation (0 at the left edge)."""

    text: str
    depth: int
    line: int


class Unread(NamedTuple):
    """A line that has none of the five shapes; kept as written, with its diagnostic given elsewhere."""

    text: str
    line: int


class Item(NamedTuple):
    """`- value` or `- (name) value` under a label: one of several statements."""

    name: str
    value: str
    span: Span
    citations: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]


class Field(NamedTuple):
    """`label: value`. The label ends at the first colon followed by a space or the end of the words.

    `items` are the lines indented below it: statements, and fields that speak of this one (`prefer:`, `changed by:`).
    """

    label: str
    label_span: Span
    value: str
    value_span: Span
    citations: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]
    items: tuple[Item | Field | Comment | Blank | Unread, ...]


class Block(NamedTuple):
    """`kind [id] ["Title"]` inside a record; `head` is everything before the title (`seats founders`)."""

    head: str
    head_span: Span
    title: str
    citations: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]
    children: tuple[Block | Field | Comment | Blank | Unread, ...]


class Record(NamedTuple):
    """`DATE kind id "Title"` at the left edge, with everything indented below it.

    Attributes:
        date: The date as written (EDTF, no spaces).
        kind: The kind as written.
        name: The id or subject as written; empty if the line has none.
        span: The whole head, from the date to the end of the title.
    """

    date: str
    date_span: Span
    kind: str
    kind_span: Span
    name: str
    name_span: Span
    title: str
    span: Span
    citations: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]
    children: tuple[Block | Field | Comment | Blank | Unread, ...]


class File(NamedTuple):
    """One file: its path, its text as it stands on disk, and the tree."""

    path: str
    text: str
    children: tuple[Record | Comment | Blank | Unread, ...]


Child: TypeAlias = Block | Field | Comment | Blank | Unread
