"""The tree while it is read: the lines to which lines below may still be added, and what is wrong so far."""

from __future__ import annotations

from typing import TypeAlias

from muniment.text.characters import MOST_DIAGNOSTICS, more
from muniment.text.codes import CODES, diagnostic
from muniment.text.diagnostics import Diagnostic, Severity
from muniment.text.nodes import Blank, Block, Comment, Field, Item, Quotation, Record, Unread
from muniment.text.spans import Span

MOST_CHARACTERS = 100_000
"""Longest line that is read, in characters."""
MOST_LEVELS = 20
"""Deepest level that is read; a record is level 0."""
NOWHERE = 1 << 60
"""Deeper than any line is indented."""

_new = tuple.__new__  # a third of the time that a named tuple's own constructor takes

LineNode: TypeAlias = Record | Block | Field | Item
AnyNode: TypeAlias = Record | Block | Field | Item | Comment | Blank | Unread


class OpenLine:
    """A line to which lines below may still be added."""

    __slots__ = ("children", "depth", "indent", "node", "quotations")

    def __init__(self, node: LineNode, indent: int, depth: int) -> None:
        self.node = node
        self.indent = indent
        self.depth = depth
        self.children: list[AnyNode] | None = None
        self.quotations: list[OpenQuotation] | None = None


class OpenQuotation:
    """A quotation to which lines may still be added."""

    __slots__ = ("gloss", "gloss_lines", "lines", "span", "words")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.words: list[str] = []
        self.gloss: list[str] = []
        self.lines: list[str] = []
        self.gloss_lines: list[str] = []

    def close(self) -> Quotation:
        """Return the finished quotation."""
        words, gloss = " ".join(filter(None, self.words)), " ".join(filter(None, self.gloss))
        return Quotation(words, gloss, self.span, tuple(self.lines), tuple(self.gloss_lines))


class Growing:
    """The tree of one file, as far as it is read.

    Attributes:
        children: The nodes of the file.
        open: The line last read and those it belongs to, outermost first.
        waiting: Comments and blank lines since the line last read.
        silent: Lines indented deeper than this belong to a line that could not be read.
        after_unread: Whether the last line could not be read.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.children: list[AnyNode] = []
        self.open: list[OpenLine] = []
        self.waiting: list[AnyNode] = []
        self.silent = NOWHERE
        self.after_unread = False
        self.found: list[Diagnostic] = []
        self.more = 0
        self.more_severities: set[Severity] = set()
        self.last_line = 1
        self.indentation_reported = 0

    def report(self, code: str, message: str, line: int, column: int, end: int, hint: str | None) -> None:
        """Say what is wrong at a place; after the first hundred it is only counted."""
        if len(self.found) < MOST_DIAGNOSTICS:
            self.found.append(diagnostic(code, message, Span(self.path, line, column, end), hint))
        else:
            self.more += 1
            self.more_severities.add(CODES[code].severity)
            self.last_line = line

    def diagnostics(self) -> list[Diagnostic]:
        """Return what is wrong so far."""
        if self.more:
            return [*self.found, more(self.more, self.more_severities, Span(self.path, self.last_line, 1, 1))]
        return self.found

    def long_line(self, line: str, number: int) -> None:
        """Keep a line that is too long to read."""
        indent = len(line) - len(line.lstrip(" "))
        message = f"line has {len(line):,} characters; at most {MOST_CHARACTERS:,} are read"
        if indent <= self.silent:
            self.report("M126", message, number, 1, 2, "put the text into a source file and cite it")
        self.unread(line, number, indent + (indent & 1))

    def unread(self, line: str, number: int, indent: int) -> None:
        """Keep a line as it stands; what is indented deeper than `indent` is kept likewise (-1: as before)."""
        if indent == 0:
            self.close_down_to(0)
        place = self.here()
        place += self.waiting
        place.append(Unread(line.rstrip("\r"), number))
        self.waiting.clear()
        self.after_unread = True
        if indent >= 0:
            self.silent = indent

    def here(self) -> list[AnyNode]:
        """Return the list in which the next line stands if nothing is closed."""
        for owner in reversed(self.open):
            if not isinstance(owner.node, Item):
                if owner.children is None:
                    owner.children = []
                return owner.children
            self.close_down_to(len(self.open) - 1)
        return self.children

    def close_down_to(self, number: int) -> None:
        """Finish open lines until `number` are left."""
        stack = self.open
        while len(stack) > number:
            top = stack.pop()
            node = top.node
            if top.quotations is not None or top.children is not None:
                quotations = tuple([one.close() for one in top.quotations]) if top.quotations else ()
                if isinstance(node, Item):
                    node = _new(Item, (*node[:-1], quotations))
                else:
                    # A record, block and field all end with their quotations and with what stands below them.
                    node = _new(type(node), (*node[:-2], quotations, tuple(top.children or ())))
            if stack:
                parent = stack[-1]
                if parent.children is None:
                    parent.children = [node]
                else:
                    parent.children.append(node)
            else:
                self.children.append(node)

    def place(self, node: LineNode, indent: int, depth: int) -> None:
        """Open a line under the open one that is innermost, after the comments and blank lines before it."""
        waiting = self.waiting
        if waiting:
            if indent != 2 * depth:
                for index, one in enumerate(waiting):
                    if isinstance(one, Comment) and one.depth * 2 == indent:
                        waiting[index] = one._replace(depth=depth)
            here = self.here()
            here += waiting
            waiting.clear()
        self.open.append(OpenLine(node, indent, depth))
        self.silent = NOWHERE
        self.after_unread = False

    def step(self, owner: OpenLine, line: int, column: int, what: str) -> None:
        """Report an indentation that is not one level more than that of the line it belongs to."""
        if self.indentation_reported == line:
            return
        wanted = owner.indent + 2
        spaces = column - 1
        deep = spaces > wanted and not spaces & 1
        message = f"{what} is indented by {spaces} space{'' if spaces == 1 else 's'}, not by {wanted}"
        self.report("M107" if deep else "M106", message, line, 1, max(column, 2), "run `muniment fmt`")
