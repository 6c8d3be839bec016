"""Evaluates the handful of spreadsheet functions that exported workbooks use, in exact fractions.

It shares nothing with the code that writes them: it reads the saved file and works the formulas out by their own rules.
"""

from __future__ import annotations

import io
import re
from fractions import Fraction
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>"(?:[^"]|"")*")"""
    r"""|(?P<range>(?:(?:'[^']+'|[A-Za-z]\w*)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"""
    r"""|(?P<name>[A-Z]+)(?=\()|(?P<sign>[-+*/=(),]))"""
)


class Sheets:
    def __init__(self, raw: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(raw))
        self.known: dict[tuple[str, str], Any] = {}

    def set(self, sheet: str, cell: str, value: Any) -> None:
        self.book[sheet][cell] = value
        self.known.clear()

    def value(self, sheet: str, cell: str) -> Any:
        key = (sheet, cell)
        if key not in self.known:
            held = self.book[sheet][cell]
            found: Any = held.value
            if held.data_type == "f":
                found = _Formula(self, sheet, found[1:]).result()
            elif isinstance(found, int | float) and not isinstance(found, bool):
                found = Fraction(repr(found))
            self.known[key] = found
        return self.known[key]

    def rows(self, sheet: str) -> list[list[Any]]:
        page = self.book[sheet]
        return [
            [self.value(sheet, f"{get_column_letter(at)}{number}") for at in range(1, page.max_column + 1)]
            for number in range(1, page.max_row + 1)
        ]

    def cells(self, sheet: str, words: str) -> list[Any]:
        title, _, place = words.rpartition("!")
        title = title.strip("'") or sheet
        first, _, last = place.replace("$", "").partition(":")
        (c0, r0), (c1, r1) = _corner(first), _corner(last or first)
        return [self.value(title, f"{get_column_letter(c)}{r}") for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)]


def _corner(cell: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    assert match is not None
    return column_index_from_string(match[1]), int(match[2])


class _Formula:
    def __init__(self, sheets: Sheets, sheet: str, text: str) -> None:
        self.sheets, self.sheet = sheets, sheet
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = TOKEN.match(text, at)
            assert match is not None, text[at:]
            assert match.lastgroup is not None
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.at = 0

    def result(self) -> Any:
        found = self._compared()
        assert self.at == len(self.tokens), self.tokens[self.at :]
        return found

    def _next(self, *signs: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at] in [("sign", sign) for sign in signs]:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def _compared(self) -> Any:
        left = self._sum()
        return left == self._sum() if self._next("=") else left

    def _sum(self) -> Any:
        left = self._product()
        while sign := self._next("+", "-"):
            right = self._product()
            left = left + right if sign == "+" else left - right
        return left

    def _product(self) -> Any:
        left = self._one()
        while sign := self._next("*", "/"):
            right = self._one()
            left = left * right if sign == "*" else left / right
        return left

    def _one(self) -> Any:
        if self._next("-"):
            return -self._one()
        if self._next("("):
            found = self._compared()
            assert self._next(")")
            return found
        kind, words = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Fraction(words)
        if kind == "text":
            return words[1:-1].replace('""', '"')
        if kind == "range":
            cells = self.sheets.cells(self.sheet, words)
            return cells if ":" in words else cells[0]
        assert kind == "name", (kind, words)
        assert self._next("(")
        if words == "IF":
            return self._if()
        given = [self._compared()]
        while self._next(","):
            given.append(self._compared())
        assert self._next(")")
        return _CALLS[words](*given)

    def _if(self) -> Any:
        # Only the branch that is taken is worked out: the other may divide by zero.
        wanted = self._compared()
        assert self._next(",")
        start = self.at
        ends: list[int] = []
        depth = 0
        while True:
            token = self.tokens[self.at]
            depth += (token == ("sign", "(")) - (token == ("sign", ")"))
            if depth < 0:
                break
            if token == ("sign", ",") and depth == 0:
                ends.append(self.at)
            self.at += 1
        close = self.at
        self.at = start if wanted else ends[0] + 1
        found = self._compared()
        self.at = close + 1
        return found


def _sum(cells: list[Any]) -> Fraction:
    return sum((each for each in cells if isinstance(each, Fraction)), Fraction(0))


def _sumifs(cells: list[Any], *wanted: Any) -> Fraction:
    kept = [
        cell
        for at, cell in enumerate(cells)
        if all(values[at] == criterion for values, criterion in zip(wanted[::2], wanted[1::2], strict=True))
    ]
    return _sum(kept)


def _match(value: Any, cells: list[Any], how: Fraction) -> Fraction:
    if how == 0:
        return Fraction(cells.index(value) + 1)
    # The last of the cells, which ascend, that is not above the value.
    return Fraction(max(at for at, cell in enumerate(cells, 1) if cell <= value))


def _index(cells: list[Any], at: Fraction) -> Any:
    return cells[int(at) - 1]


_CALLS: dict[str, Any] = {"SUM": _sum, "SUMIFS": _sumifs, "MATCH": _match, "INDEX": _index}
