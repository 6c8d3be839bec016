"""Answers as plain text for a terminal: aligned columns under a hairline, wrapped, never cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from muniment.render.answer import Answer, Column, Table
from muniment.render.inert import inert, inert_line

GAP = "  "
NARROWEST = 8
"""A column is not wrapped to less than this (terminal cells); a table that would need it is printed row by row."""

_words = re.compile(r"\S+|\s+")
_joints = re.compile(r"[/:.,-]")
"""Where a word that is too long for its column may be broken: after one of these."""


def to_text(answer: Answer, width: int, colour: bool) -> str:
    """Return the answer as lines of at most `width` terminal cells, where words allow."""
    parts = [_table(table, width, colour) for table in answer.tables]
    if answer.sentences:
        parts.append("\n".join(_sentences(answer.sentences, width)))
    if answer.footer:
        lines = ["─" * min(width, 40), *_sentences(answer.footer, width)]
        parts.append("\n".join(_styled(line, "2", colour) for line in lines))
    return "\n\n".join(part for part in parts if part) + "\n" if any(parts) else ""


def cells(text: str) -> int:
    """Return how many terminal cells a text takes: two for a wide East Asian sign, none for a combining mark."""
    if text.isascii():
        return len(text)
    return sum(_sign_cells(sign) for sign in text)


@lru_cache(maxsize=4096)
def _sign_cells(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Return `text` in lines of at most `width` cells, broken between words; a longer word is broken inside.

    Args:
        text: One paragraph; its own leading spaces stay on the first line.
        width: Terminal cells, at least 2 more than `indent`.
        indent: Put before every line but the first.
    """
    if cells(text) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0
    for word in _words.findall(text):
        size = cells(word)
        if used + size > width and word.isspace() and line:
            continue
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = indent, len(indent)
        while used + size > width:
            at = _joint(word, _fit(word, width - used))
            lines.append(line + word[:at])
            line, used, word = indent, len(indent), word[at:]
            size = cells(word)
        if word and not (word.isspace() and lines and line == indent):
            line, used = line + word, used + size
    return [*lines, line.rstrip()] if line.strip() else lines


def _fit(word: str, width: int) -> int:
    """Return how many signs of `word` go into `width` cells; at least one."""
    if word.isascii():
        return max(1, width)
    used = 0
    for at, sign in enumerate(word):
        used += _sign_cells(sign)
        if used > width:
            return max(1, at)
    return len(word)


def _joint(word: str, most: int) -> int:
    """Return where to break a word of which `most` signs fit: after the last joint in their second half, if any."""
    if most >= len(word):
        return most
    return max((match.end() for match in _joints.finditer(word, most // 2, most)), default=most)


def column_widths(
    natural: Sequence[int], columns: Sequence[Column], width: int, words: Sequence[int] | None = None
) -> list[int] | None:
    """Return how wide each column is to be; None if the table does not fit.

    Args:
        natural: Widest cell of each column; shape (n,), terminal cells.
        columns: Heads; shape (n,). Columns on the right hold amounts, and are kept whole unless one
            alone takes two thirds of the line.
        width: Cells of the whole line.
        words: Longest word of each column; shape (n,), terminal cells. None = words may be broken.

    Returns:
        Widths; shape (n,), terminal cells. The widest columns give way first, all to the same limit, and none to less
        than its longest word while the others can.
    """
    if words is not None and (whole := _widths_for_whole_words(natural, columns, width, words)) is not None:
        return whole
    room = width - len(GAP) * (len(natural) - 1)
    if sum(natural) <= room:
        return list(natural)
    giving = [column.align == "left" or size > width * 2 // 3 for size, column in zip(natural, columns, strict=True)]
    kept = sum(size for size, gives in zip(natural, giving, strict=True) if not gives)
    sizes = sorted(size for size, gives in zip(natural, giving, strict=True) if gives)
    left = room - kept
    for at, size in enumerate(sizes):
        limit = left // (len(sizes) - at)
        if size > limit:
            if limit < NARROWEST:
                return None
            return [min(own, limit) if gives else own for own, gives in zip(natural, giving, strict=True)]
        left -= size
    return None


def _widths_for_whole_words(
    natural: Sequence[int], columns: Sequence[Column], width: int, words: Sequence[int]
) -> list[int] | None:
    """Return widths in which no word of a column on the left is broken, or None if there are none."""
    room = width - len(GAP) * (len(natural) - 1)
    least = [
        min(size, max(word, NARROWEST)) if column.align == "left" else size
        for size, word, column in zip(natural, words, columns, strict=True)
    ]
    if sum(least) > room:
        return None
    low, high = 0, max(natural, default=0)
    while low < high:
        limit = (low + high + 1) // 2
        if sum(_given_way(natural, least, limit)) <= room:
            low = limit
        else:
            high = limit - 1
    return _given_way(natural, least, low)


def _given_way(natural: Sequence[int], least: Sequence[int], limit: int) -> list[int]:
    return [min(size, max(limit, small)) for size, small in zip(natural, least, strict=True)]


def _table(table: Table, width: int, colour: bool) -> str:
    lines = [_styled(part, "1", colour) for part in wrap(inert_line(table.title), width)] if table.title else []
    if table.columns:
        rows = [tuple(inert(text).split("\n") for text in row) for row in table.rows]
        heads = [inert_line(column.name) for column in table.columns]
        natural = [
            max([cells(head), *(cells(line) for row in rows for line in row[at])]) for at, head in enumerate(heads)
        ]
        words = [
            max([0, *(cells(word) for row in rows for line in row[at] for word in line.split())])
            for at in range(len(heads))
        ]
        widths = column_widths(natural, table.columns, width, words)
        if widths is None:
            lines += _row_by_row(heads, rows, width)
        else:
            lines += _aligned(heads, rows, table.columns, widths, colour)
    if table.note:
        lines += _sentences(table.note.splitlines(), width)
    return "\n".join(lines)


def _aligned(
    heads: Sequence[str],
    rows: Sequence[tuple[list[str], ...]],
    columns: Sequence[Column],
    widths: Sequence[int],
    colour: bool,
) -> list[str]:
    lines = [_styled(line, "2", colour) for line in _row_lines([[head] for head in heads], columns, widths)]
    lines.append(_styled(GAP.join("─" * size for size in widths).rstrip(), "2", colour))
    for row in rows:
        lines += _row_lines(row, columns, widths)
    return lines


def _row_lines(row: Iterable[list[str]], columns: Sequence[Column], widths: Sequence[int]) -> list[str]:
    wrapped = [
        [line for part in text for line in wrap(part, size)] or [""] for text, size in zip(row, widths, strict=True)
    ]
    lines = []
    for at in range(max(map(len, wrapped))):
        parts = []
        for text, column, size in zip(wrapped, columns, widths, strict=True):
            line = text[at] if at < len(text) else ""
            space = " " * (size - cells(line))
            parts.append(space + line if column.align == "right" else line + space)
        lines.append(GAP.join(parts).rstrip())
    return lines


def _row_by_row(heads: Sequence[str], rows: Sequence[tuple[list[str], ...]], width: int) -> list[str]:
    """Return a table too wide for its columns as one `name: value` line a cell, with a blank line between rows."""
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        for head, text in zip(heads, row, strict=True):
            lines += wrap(f"{head}: {' / '.join(text)}".rstrip(), width, indent=GAP)
    return lines


def _sentences(sentences: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for sentence in sentences:
        text = inert_line(sentence)
        indent = text[: len(text) - len(text.lstrip(" "))][: width // 2] + GAP
        lines += wrap(text, width, indent=indent if text[:1] == " " else "")
    return lines


def _styled(line: str, style: str, colour: bool) -> str:
    return f"\x1b[{style}m{line}\x1b[0m" if colour and line else line
