"""The quick road for lines as nearly all are written; the reader takes the others with more care, to the same end."""

from __future__ import annotations

import re

from muniment.text.nodes import Block, Citation, Field, Item, Record
from muniment.text.spans import Span
from muniment.text.tree import MOST_CHARACTERS, MOST_LEVELS, NOWHERE, Growing, OpenLine

_new = tuple.__new__  # a third of the time that a named tuple's own constructor takes


class UsualLines(Growing):
    """Adds lines that match one of the usual shapes in `lines`."""

    def read_usual_record(self, match: re.Match[str], number: int, line: str) -> None:
        """Read the head of a record without anything that needs care."""
        date, kind, name, title, source, place = match.groups()
        path = self.path
        kind_end = 12 + len(kind)
        name_span = _new(
            Span, (path, number, kind_end + 1, match.end(3) + 1) if name else (path, number, kind_end, kind_end)
        )
        end = match.end(4) + 2 if title is not None else match.end(3) + 1 if name else kind_end
        citations = self.usual_citation(source, place, number, len(line)) if source else ()
        record = _new(
            Record,
            (
                date,
                _new(Span, (path, number, 1, 11)),
                kind,
                _new(Span, (path, number, 12, kind_end)),
                name or "",
                name_span,
                title or "",
                _new(Span, (path, number, 1, end)),
                citations,
                (),
                (),
            ),
        )
        self.close_down_to(0)
        if self.waiting:
            self.children += self.waiting
            self.waiting.clear()
        self.open.append(OpenLine(record, 0, 0))
        self.silent = NOWHERE
        self.after_unread = False

    def usual_citation(self, source: str, place: str | None, number: int, length: int) -> tuple[Citation, ...]:
        """Return the one citation that ends a line of so many characters."""
        start = length - len(source) - (len(place) + 2 if place else 0) - 1
        return (_new(Citation, (source, place or "", _new(Span, (self.path, number, start, length)))),)

    def usual_place(self, line: str, indent: int) -> int:
        """Return how many open lines are above one so indented; 0 if its place needs care."""
        stack = self.open
        level = len(stack)
        while stack[level - 1].indent >= indent:
            level -= 1
        owner = stack[level - 1]
        if (
            owner.indent + 2 != indent
            or type(owner.node) is Item
            or indent > self.silent
            or owner.depth >= MOST_LEVELS
            or len(line) > MOST_CHARACTERS
        ):
            return 0
        return level

    def read_usual_field(self, match: re.Match[str], number: int, line: str) -> bool:
        """Read a field without anything that needs care; False if its place needs care, and nothing was done."""
        spaces, label, value, source, place = match.groups()
        indent = len(spaces)
        level = self.usual_place(line, indent)
        if not level:
            return False
        stack = self.open
        path = self.path
        label_end = indent + 1 + len(label)
        value_start = label_end + 2
        node = _new(
            Field,
            (
                label,
                _new(Span, (path, number, indent + 1, label_end)),
                value,
                _new(Span, (path, number, value_start, value_start + len(value))),
                self.usual_citation(source, place, number, len(line)) if source else (),
                (),
                (),
            ),
        )
        if level == len(stack) - 1 and not self.waiting:
            top = stack[-1]
            if top.children is None and top.quotations is None:
                # The line above is finished; this one takes its place.
                owner = stack[-2]
                if owner.children is None:
                    owner.children = []
                owner.children.append(top.node)
                top.node, top.indent, top.depth = node, indent, owner.depth + 1
                self.silent = NOWHERE
                self.after_unread = False
                return True
        owner = stack[level - 1]
        if level < len(stack):
            self.close_down_to(level)
        self.place(node, indent, owner.depth + 1)
        return True

    def read_usual_block(self, match: re.Match[str], number: int, line: str) -> bool:
        """Read the head of a block without anything that needs care; False if its place needs care."""
        spaces, head, title, source, place = match.groups()
        indent = len(spaces)
        level = self.usual_place(line, indent)
        if not level:
            return False
        owner = self.open[level - 1]
        if type(owner.node) is Field:
            return False
        citations = self.usual_citation(source, place, number, len(line)) if source else ()
        head_span = _new(Span, (self.path, number, indent + 1, indent + 1 + len(head)))
        node = _new(Block, (head, head_span, title or "", citations, (), ()))
        self.close_down_to(level)
        self.place(node, indent, owner.depth + 1)
        return True
