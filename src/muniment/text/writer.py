"""Nodes to characters: the one way to write a tree (`muniment fmt`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat

from muniment.text.nodes import (
    Blank,
    Block,
    Citation,
    Comment,
    Field,
    File,
    Item,
    Quotation,
    Record,
    Unread,
)
from muniment.text.reader import read
from muniment.text.width import width

FIRST_COLUMN = 55
"""Citations start no further left than after so many columns."""
CLEARANCE = 5
"""Columns between the longest line with a citation and its citation."""
LONGEST_ALIGNED = 60
"""A line longer than this has its citation one space after it, and does not push the others to the right."""
LONGEST_LINE = 110
"""A line that would be longer than this with its citation in the column has it one space after."""


def format_text(text: str, path: str) -> str:
    """Return the text of a file in canonical form; lines that cannot be read stay as they are."""
    return write(read(text, path)[0])


def write(file: File) -> str:
    """Write a tree as text.

    Two spaces a level; one blank line where there are several, none at the start; citations in one column for the
    whole file, which is the shortest that leaves the lines before them `CLEARANCE` columns, and at least
    `FIRST_COLUMN`; every line ends with a line feed.

    Args:
        file: The tree, as `read` returns it.

    Returns:
        The canonical text. Reading it gives the same tree but for runs of blank lines, line numbers and spans.
    """
    rows: list[tuple[str, str]] = []
    # Nodes that are still to be written, each with its depth; the next one is the last.
    waiting: list[tuple[object, int]] = list(zip(reversed(file.children), repeat(0)))
    while waiting:
        node, depth = waiting.pop()
        _write_node(node, depth, rows, waiting)
    return _lay_out(rows)


def _write_node(node: object, depth: int, rows: list[tuple[str, str]], waiting: list[tuple[object, int]]) -> None:
    """Add the lines of one node to `rows`, and what stands below it to `waiting`."""
    below: Sequence[object] = ()
    indent = "  " * depth
    match node:
        case Field():
            words = f"{indent}{node.label}: {node.value}" if node.value else f"{indent}{node.label}:"
            below = node.items
        case Item():
            name = f"({node.name}) " if node.name else ""
            words = f"{indent}- {name}{node.value}".rstrip(" \t")
        case Record():
            words = " ".join(filter(None, (node.date, node.kind, node.name, f'"{node.title}"' if node.title else "")))
            below = node.children
        case Block():
            words = f'{indent}{node.head} "{node.title}"' if node.title else f"{indent}{node.head}"
            below = node.children
        case Blank():
            if rows and rows[-1] != ("", ""):
                rows.append(("", ""))
            return
        case Comment():
            rows.append(("  " * node.depth + node.text, ""))
            return
        case Unread():
            rows.append((node.text, ""))
            return
        case _:
            raise TypeError(f"{type(node).__name__} is not a node")
    rows.append((words, _citations(node.citations)))
    if node.quotations:
        _write_quotations(node.quotations, indent + "  ", rows)
    if below:
        waiting += zip(reversed(below), repeat(depth + 1))


def _write_quotations(quotations: Iterable[Quotation], indent: str, rows: list[tuple[str, str]]) -> None:
    for quotation in quotations:
        for line in (*quotation.lines, *quotation.gloss_lines):
            if line:
                rows.append((indent + line, ""))
            elif rows[-1] != ("", ""):
                rows.append(("", ""))


def _citations(citations: tuple[Citation, ...]) -> str:
    if not citations:
        return ""
    return (
        "[" + "; ".join([f"@{one.source}, {one.place}" if one.place else f"@{one.source}" for one in citations]) + "]"
    )


def _lay_out(rows: list[tuple[str, str]]) -> str:
    """Put the citations in their column and join the lines."""
    if rows and rows[-1] == ("", ""):
        rows.pop()
    lengths = [length for words, citation in rows if citation and (length := width(words)) <= LONGEST_ALIGNED]
    column = max(FIRST_COLUMN, max(lengths, default=0) + CLEARANCE)
    lines: list[str] = []
    for words, citation in rows:
        if citation:
            length = width(words)
            fits = length <= LONGEST_ALIGNED and column + width(citation) <= LONGEST_LINE
            words += (" " * (column - length) if fits else " ") + citation
        lines.append(words)
    return "\n".join(lines) + "\n" if lines else ""
