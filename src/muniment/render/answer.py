"""What a command answers, before it is written in any format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

MAIN_LISTS = ("answers", "rows", "quotes", "disputes", "entries", "threads", "diagnostics")
"""Names under which an answer keeps its main list; the first that is present is the one."""


class Column(NamedTuple):
    """The head of a column; amounts and counts stand on the right."""

    name: str
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a reader.

    Attributes:
        title: What the table shows, in a few words.
        columns: One a cell; may be empty for a table that is a heading and a note only.
        rows: Cells as text, as many in each row as there are columns; a line break in a cell is kept.
        note: What the reader must know about the table; stands below it.
        picture: The same as an SVG, for formats that show pictures; it says in `aria-label` what it shows.
        is_part: It belongs to the table before it, as a plan to its answer.
    """

    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    picture: str = ""
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, for machines and for readers.

    Attributes:
        command: The command that was asked (`control`).
        data: The machine answer, in the order it is to be printed. Exact numbers may stand as `Fraction`; they are
            written as strings.
        tables: The same for a reader.
        sentences: Further sentences, such as the derivation; two leading spaces are one level of indentation.
        footer: What the answer rests on: date, account, assumptions, open facts.
    """

    command: str
    data: Mapping[str, Any]
    tables: tuple[Table, ...] = ()
    sentences: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()

    def main_list(self) -> list[Any] | None:
        """Return the list that the answer is about, or None if it has none."""
        for name in MAIN_LISTS:
            items = self.data.get(name)
            if isinstance(items, (list, tuple)):
                return list(items)
        return None
