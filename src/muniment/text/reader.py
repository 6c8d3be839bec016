"""Characters to nodes: reads a `.muni` file into a tree without knowing what its words mean.

Every line is looked at once, none is refused: what has no shape is kept as `Unread`, and what stands below it is kept
with it in silence, so that one fault is reported once.

Indentation. A line belongs to the nearest line above that is indented less, whatever the step. Where the step is not
two spaces that is reported, and the writer puts it right.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager

from muniment.text.characters import decode, shorten
from muniment.text.diagnostics import Diagnostic
from muniment.text.lines import (
    BLOCK_HEAD,
    DATE,
    FIELD,
    ITEM_NAME,
    PLAIN_WORDS,
    RECORD,
    SPACE,
    USUAL_BLOCK,
    USUAL_FIELD,
    USUAL_RECORD,
    first_word,
    take_citations,
    take_title,
    wrong_date,
)
from muniment.text.nodes import Blank, Block, Citation, Comment, Field, File, Item, Record
from muniment.text.spans import Span
from muniment.text.tree import MOST_CHARACTERS, MOST_LEVELS, NOWHERE, LineNode, OpenLine, OpenQuotation
from muniment.text.usual import UsualLines

__all__ = ["decode", "read", "read_bytes"]

_CRLF = re.compile(r"\r+\n")
_BYTE_ORDER_MARKS = re.compile("^\ufeff+", re.MULTILINE)
_ENDING = " \t\r"
_new = tuple.__new__  # quicker than a named tuple's own constructor


def read_bytes(data: bytes, path: str) -> tuple[File, list[Diagnostic]]:
    """Decode and read a file; the diagnostics of both, in the order of the file, at most 101."""
    text, of_characters = decode(data, path)
    file, of_lines = read(text, path)
    found = sorted([*of_characters, *of_lines], key=lambda one: (one.code == "M199", one.span.line, one.span.column))
    return file, shorten(found, path)


def read(text: str, path: str) -> tuple[File, list[Diagnostic]]:
    """Read a file into a tree.

    Args:
        text: The file's text, as `decode` returns it.
        path: The file, relative to the book's folder, with forward slashes.

    Returns:
        The tree, which holds every line of the text, and what is wrong with its lines; at most 101 diagnostics.
    """
    reader = _Reader(path)
    with without_cycle_search():
        reader.read(text)
    return File(path, text, tuple(reader.children)), reader.diagnostics()  # type: ignore[arg-type]


@contextmanager
def without_cycle_search() -> Iterator[None]:
    """Pause the search for cycles: a tree has none, and searching it over and over takes half the time of a read."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Reader(UsualLines):
    """Reads one file, line by line."""

    # Lines

    def read(self, text: str) -> None:
        if "\r" in text:
            text = _CRLF.sub("\n", text).replace("\r", " ")
        if "\ufeff" in text:
            text = _BYTE_ORDER_MARKS.sub("", text)
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        waiting, stack = self.waiting, self.open
        usual_field, usual_block, usual_record = USUAL_FIELD.match, USUAL_BLOCK.match, USUAL_RECORD.match
        for number, line in enumerate(lines, 1):
            if not line:
                waiting.append(_new(Blank, (number,)))
                continue
            if line[0] == " ":
                if stack:
                    match = usual_field(line)
                    if match:
                        if self.read_usual_field(match, number, line):
                            continue
                    else:
                        match = usual_block(line)
                        if match and self.read_usual_block(match, number, line):
                            continue
            else:
                match = usual_record(line)
                if match and len(line) <= MOST_CHARACTERS:
                    self.read_usual_record(match, number, line)
                    continue
            body = line.lstrip(" ")
            indent = len(line) - len(body)
            body = body.rstrip(_ENDING)
            if not body:
                waiting.append(Blank(number))
                continue
            if len(line) > MOST_CHARACTERS:
                self.long_line(line, number)
                continue
            first = body[0]
            tabs = first == "\t"
            if tabs:
                body = line.lstrip(SPACE)
                before = len(line) - len(body)
                indent = before + line.count("\t", 0, before)
                body = body.rstrip(_ENDING)
                first = body[0]
            if first == "#":
                waiting.append(Comment(body, (indent + 1) // 2, number))
                continue
            if indent & 1:
                indent += 1
            column = len(line.rstrip(_ENDING)) - len(body) + 1
            if first == ">":
                if self.after_unread:
                    self.unread(line, number, -1)
                else:
                    self.quotation(line, number, column, body)
                continue
            if first == "-" and body[1:2] in ("", " ", "\t"):
                self.item(line, number, indent, column, body)
                continue
            if indent == 0:
                self.at_the_edge(line, number, column, body)
                continue
            if indent > self.silent:
                self.unread(line, number, -1)
                continue
            if tabs:
                self.tab(number, column)
            self.nested(line, number, indent, column, body)
        self.close_down_to(0)
        self.children += waiting

    def tab(self, line: int, column: int) -> None:
        self.indentation_reported = line
        self.report("M105", "line is indented with a tab", line, 1, column, "write two spaces for each level")

    # The five shapes

    def at_the_edge(self, line: str, number: int, column: int, body: str) -> None:
        """Read a line at the left edge: a record, or what should be one or should be indented."""
        words = body
        citations: tuple[Citation, ...] = ()
        wrong = wrong_date(body)
        if not wrong and (not DATE.match(body) or body.startswith("[@")):
            self.dateless(line, number, column, body)
            return
        if "[@" in words:
            words, citations = take_citations(words, number, column, self.path, self.report)
            wrong = wrong or wrong_date(words)
        date = wrong
        plain = None if wrong else RECORD.match(words)
        if plain:
            date, kind, name, title = plain[1], plain[2], plain[3] or "", plain[4] or ""
        else:
            parts = take_title(words, number, column, self.report)
            if parts is None:
                self.unread(line, number, 0)
                return
            front, title = parts
            if not wrong:
                date = first_word(front)
            kind, *names = re.split(r"[ \t]+", front[len(date) :].strip(SPACE), maxsplit=1)
            name = names[0] if names else ""
            if not kind:
                self.report(
                    "M111", "record has no kind", number, column, column + len(words), "write it after the date"
                )
                self.unread(line, number, 0)
                return
        path = self.path
        kind_column = column + words.index(kind, len(date))
        kind_end = kind_column + len(kind)
        name_column = column + words.index(name, kind_end - column) if name else kind_end
        if wrong:
            hint = "write year-month-day, for example 2021-03-04"
            self.report("M110", f"'{date[:40]}' is not a date", number, column, column + len(date), hint)
        if " " in name or "\t" in name:
            hint = f"write one id, '{'-'.join(name.lower().split())[:60]}', and the words in quotes after it"
            self.report("M115", "record has several names", number, name_column, name_column + len(name), hint)
        self.close_down_to(0)
        if self.waiting:
            self.children += self.waiting
            self.waiting.clear()
        record = Record(
            date,
            Span(path, number, column, column + len(date)),
            kind,
            Span(path, number, kind_column, kind_end),
            name,
            Span(path, number, name_column, name_column + len(name)),
            title,
            Span(path, number, column, column + len(words)),
            citations,
            (),
            (),
        )
        self.place(record, 0, 0)

    def dateless(self, line: str, number: int, column: int, body: str) -> None:
        """Read a line at the left edge that does not start with a date."""
        field = FIELD.match(body)
        if field and field[1].strip(SPACE) and not body.startswith("[@") and (self.open or self.silent < NOWHERE):
            if self.silent < 2:
                self.unread(line, number, -1)
                return
            self.indentation_reported = number
            self.report("M108", "line is not indented", number, 1, column + len(field[1]), "indent it by two spaces")
            self.nested(line, number, 2, column, body)
            return
        word = first_word(body)
        if field and not body.startswith("[@"):
            message, hint, code = (
                "no record stands above this line",
                "write a record first: 2021-03-04 company acme",
                "M125",
            )
        else:
            message, hint, code = "record has no date", f"write one first: 2021-03-04 {body[:60]}", "M109"
        if self.silent != 0:
            self.report(code, message, number, column, column + len(word), hint)
        self.unread(line, number, 0)

    def nested(self, line: str, number: int, indent: int, column: int, body: str) -> None:
        """Read an indented line: a field, or a block."""
        stack = self.open
        if not stack:
            hint = "write a record first: 2021-03-04 company acme"
            self.report("M125", "no record stands above this line", number, column, column + len(body), hint)
            self.unread(line, number, 0)
            return
        if body[0] == "-":
            hint = f'write "- {body[1:60]}" for a statement'
            self.report("M128", "no space after the hyphen", number, column, column + 1, hint)
            self.unread(line, number, indent)
            return
        level = len(stack)
        while stack[level - 1].indent >= indent:
            level -= 1
        owner = stack[level - 1]
        words = body
        citations: tuple[Citation, ...] = ()
        if "[@" in body:
            words, citations = take_citations(body, number, column, self.path, self.report)
            if body.startswith("[@"):
                if not words:
                    hint = "write it at the end of the line it belongs to"
                    self.report(
                        "M120", "citation stands on a line of its own", number, column, column + len(body), hint
                    )
                self.unread(line, number, indent)
                return
        field = FIELD.match(words)
        label = field[1].rstrip(SPACE) if field else ""
        node: LineNode
        if field and "“" not in label:
            if not label:
                self.report("M117", "fact has no label", number, column, column + 1, "write a label before the colon")
                self.unread(line, number, indent)
                return
            if type(owner.node) is Item:
                level -= 1
                owner = stack[level - 1]
            path = self.path
            value = field[2] or ""
            end = column + len(words)
            node = Field(
                label,
                Span(path, number, column, column + len(label)),
                value,
                Span(path, number, end - len(value), end),
                citations,
                (),
                (),
            )
        else:
            block = self.block(line, number, indent, column, words, citations, owner)
            if block is None:
                return
            node = block
            while type(owner.node) is Item or type(owner.node) is Field:
                level -= 1
                owner = stack[level - 1]
        depth = owner.depth + 1
        if depth > MOST_LEVELS:
            message = f"line stands deeper than {MOST_LEVELS} levels"
            self.report("M127", message, number, column, column + len(body), "write a record of its own")
            self.unread(line, number, indent)
            return
        if column != owner.indent + 3:
            self.step(owner, number, column, "line")
        if level < len(stack):
            self.close_down_to(level)
        self.place(node, indent, depth)

    def block(
        self,
        line: str,
        number: int,
        indent: int,
        column: int,
        words: str,
        citations: tuple[Citation, ...],
        owner: OpenLine,
    ) -> Block | None:
        """Read the head of a block; None if the line is not one and is kept as unread."""
        parts = take_title(words, number, column, self.report)
        if parts is None:
            self.unread(line, number, indent)
            return None
        head, title = parts
        titled = bool(title)
        if not titled and isinstance(owner.node, Field | Item):
            above = owner.node.span.line if isinstance(owner.node, Item) else owner.node.label_span.line
            hint = f"write it at the end of line {above}; a value stands on one line"
            self.report("M129", "line has no label", number, column, column + len(words), hint)
            self.unread(line, number, indent)
            return None
        if not BLOCK_HEAD.match(head):
            if not titled:
                split = PLAIN_WORDS.match(words)
                label = split[0] if split else first_word(words)
                hint = f'write "{label[:80]}: {words[len(label) :].strip(SPACE)[:80]}"'.replace(': "', ':"')
                self.report("M116", "no colon between label and value", number, column, column + len(words), hint)
                self.unread(line, number, indent)
                return None
            message = f"'{head[:60]}' does not name a block"
            hint = "write its kind and id in lower-case letters, digits and hyphens before the title"
            self.report("M118", message, number, column, column + max(len(head), 1), hint)
            if not head[:1].isalpha() or ":" in head:
                self.unread(line, number, indent)
                return None
        return Block(head, Span(self.path, number, column, column + len(head)), title, citations, (), ())

    def item(self, line: str, number: int, indent: int, column: int, body: str) -> None:
        """Read `- value` or `- (name) value`."""
        stack = self.open
        level = len(stack)
        while level and (
            type(stack[level - 1].node) is Item
            or (stack[level - 1].indent >= indent and level > 1 and _both_fields(stack[level - 1], stack[level - 2]))
        ):
            level -= 1
        owner = stack[level - 1] if level else None
        inside = 2 * owner.depth + 2 if owner else 0
        if max(indent, inside) > self.silent:
            self.unread(line, number, -1)
            return
        if owner is None or not isinstance(owner.node, Field):
            hint = "write a label and a colon on the line above"
            self.report("M123", "no label stands above this statement", number, column, column + len(body), hint)
            self.unread(line, number, indent)
            return
        words = body
        citations: tuple[Citation, ...] = ()
        if "[@" in body:
            words, citations = take_citations(body, number, column, self.path, self.report)
        value = words[1:].lstrip(SPACE)
        named = ITEM_NAME.match(value)
        name = named[1].strip(SPACE) if named else ""
        value = value[named.end() :] if named else value
        if column != owner.indent + 3:
            self.step(owner, number, column, "statement")
        if level < len(stack):
            self.close_down_to(level)
        end = column + len(words)
        item = Item(name, value, Span(self.path, number, end - len(value) if value else column, end), citations, ())
        self.place(item, max(indent, inside), owner.depth + 1)

    def quotation(self, line: str, number: int, column: int, body: str) -> None:
        """Read `> words` or `>> gloss`; it belongs to the line last read."""
        if not self.open:
            hint = "write it below the line whose source it quotes"
            self.report("M124", "no line stands above this quotation", number, column, column + len(body), hint)
            self.unread(line, number, 0)
            return
        owner = self.open[-1]
        is_gloss = body.startswith(">>")
        words = body[2 if is_gloss else 1 :].lstrip(SPACE)
        end = column + len(body)
        if column != owner.indent + 3:
            self.step(owner, number, column, "quotation")
        quotations = owner.quotations
        if quotations is None:
            quotations = owner.quotations = []
        waiting = self.waiting
        if not quotations or (not is_gloss and (waiting or quotations[-1].gloss_lines)):
            quotations.append(OpenQuotation(Span(self.path, number, end - len(words), end)))
        current = quotations[-1]
        lines = current.gloss_lines if is_gloss else current.lines
        if waiting:
            before = [one.text if isinstance(one, Comment) else "" for one in waiting]
            lines += [text for text, next_text in zip(before, [*before[1:], ">"], strict=True) if text or next_text]
            waiting.clear()
        (current.gloss if is_gloss else current.words).append(words)
        lines.append(f"{'>>' if is_gloss else '>'} {words}".rstrip(SPACE))


def _both_fields(inner: OpenLine, outer: OpenLine) -> bool:
    return isinstance(inner.node, Field) and isinstance(outer.node, Field)
