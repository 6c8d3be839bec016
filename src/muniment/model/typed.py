"""From nodes to typed records: each value is read by the type that the vocabulary gives its label."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from muniment.model.block_kinds import BLOCKS
from muniment.model.dates import parse_date
from muniment.model.record_kinds import RECORDS
from muniment.model.records import Fact, Part, Prefer, Record, Statement
from muniment.model.rules import RuleFault
from muniment.model.terms import IDENTIFIER
from muniment.model.typing_table import PARSERS
from muniment.model.values import ValueFault
from muniment.model.vocabulary import COMMON, Kind, Label
from muniment.text import nodes
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

REFERRING: frozenset[str] = frozenset(
    (
        "party",
        "parties",
        "entity",
        "class",
        "proposal",
        "condition",
        "account",
        "accounts",
        "source",
        "sources",
        "record",
        "records",
        "addresses",
        "rule",
        "body rule",
        "removal",
        "class quantity",
        "rank",
        "conversion",
        "return cap",
        "chair",
        "occupant",
        "tier",
        "clawback",
        "alias",
        "entity matter",
        "reading",
        "endings",
        "option over",
        "option source",
    )
)
COMMON_LABELS: Mapping[str, Label] = {label.name: label for label in COMMON}
RECORD_LABELS: Mapping[str, Mapping[str, Label]] = {
    name: {**COMMON_LABELS, **{label.name: label for label in kind.labels}} for name, kind in RECORDS.items()
}
BLOCK_LABELS: Mapping[str, Mapping[str, Label]] = {
    name: {label.name: label for label in kind.labels} for name, kind in BLOCKS.items()
}
HEADS = tuple(sorted(BLOCKS, key=len, reverse=True))
REPEATED = frozenset(("consent", "voting pool"))
"""Blocks without an id of which a record may have several."""
OPEN_LABEL_REFERS: Mapping[str, str] = {
    "PARTY": "party",
    "CLASS": "class",
    "SEATS or OFFICE": "seats or office",
    "COST to PARTY": "cost",
}
PREFER = re.compile(r"(?:@([a-z0-9-]+)|\(([^)]+)\))(?:, (?:because )?(.*))?\Z")
AS_RULE_OF: re.Pattern[str] = re.compile(r"(consent to [a-z0-9-]+: .+?): (.+)\Z")


class Reference(NamedTuple):
    """A value that names something, for the resolver.

    Attributes:
        type: The label's type; for an open label, what the label itself is (`party`, `class`, `cost`).
        value: The typed value.
        text: As written.
        span: Where it stands.
        record: The record it stands in (its kind and its name give the scope).
    """

    type: str
    value: Any
    text: str
    span: Span
    kind: str
    subject: str


class Typed(NamedTuple):
    """The records of one file, what they refer to, and what could not be read."""

    records: tuple[Record, ...]
    references: tuple[Reference, ...]
    diagnostics: tuple[Diagnostic, ...]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word most like another, or None if none is."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.7)
    return found[0] if found else None


def within(span: Span, start: int, end: int) -> Span:
    """Return the part of a span between two 0-based offsets."""
    column = min(span.column + start, span.end_column)
    return Span(span.path, span.line, column, max(column + 1, min(span.column + end, span.end_column)))


def type_file(file: nodes.File) -> Typed:
    """Type every record of a file.

    Returns:
        The records that can be used; a record whose kind or date cannot be read is left out, with a diagnostic.
        Addresses of subject records are completed by the loader, which sees all files.
    """
    reader = _RecordReader()
    records = [
        record
        for node in file.children
        if isinstance(node, nodes.Record) and (record := reader.record(node)) is not None
    ]
    return Typed(tuple(records), tuple(reader.references), tuple(reader.diagnostics))


class _RecordReader:
    """Reads the nodes of one file; collects references and diagnostics as it goes."""

    def __init__(self) -> None:
        self.references: list[Reference] = []
        self.diagnostics: list[Diagnostic] = []
        self.kind = ""
        self.subject = ""
        self.last_line = 0

    def fault(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        self.diagnostics.append(Diagnostic(code=code, severity="error", message=message, span=span, hint=hint))

    def record(self, node: nodes.Record) -> Record | None:
        kind = RECORDS.get(node.kind)
        if kind is None:
            close = nearest(node.kind, RECORDS)
            hint = f"did you mean '{close}'?" if close else "'muniment explain kinds' lists the kinds of record"
            self.fault("M200", f"'{node.kind}' is not a kind of record", node.kind_span, hint)
            return None
        date = parse_date(node.date)
        if isinstance(date, ValueFault):
            self.fault(date.code, date.message, within(node.date_span, date.start, date.end), date.hint)
            return None
        if not node.name:
            what = "an id" if kind.defines == "id" else f"the {kind.subject} it is about"
            self.fault(
                "M293", f"this {kind.name} record lacks {what}", node.kind_span, f"write it as in '{kind.example}'"
            )
            return None
        if not IDENTIFIER.match(node.name):
            self.fault(
                "M201",
                f"'{node.name}' is not an id",
                node.name_span,
                "an id has small letters, digits and hyphens, as in 'birch-ventures'",
            )
            return None
        self.kind, self.subject, self.last_line = kind.name, node.name, node.span.line
        facts, parts = self.children(node.children, kind, RECORD_LABELS[kind.name], node.citations, "")
        return Record(
            kind=kind.name,
            date=date,
            name=node.name,
            address=node.name if kind.defines == "id" else "",
            title=node.title,
            facts=facts,
            parts=parts,
            citations=node.citations,
            quotations=node.quotations,
            name_span=node.name_span,
            span=node.span,
            last_line=self.last_line,
        )

    def children(
        self,
        children: tuple[nodes.Child, ...],
        kind: Kind,
        labels: Mapping[str, Label],
        inherited: tuple[nodes.Citation, ...],
        prefix: str,
    ) -> tuple[tuple[Fact, ...], tuple[Part, ...]]:
        facts: list[Fact] = []
        parts: list[Part] = []
        seen: dict[str, Span] = {}
        for child in children:
            if isinstance(child, nodes.Field):
                self.last_line = max(self.last_line, child.label_span.line)
                fact = self.field(child, kind, labels, inherited, prefix, seen)
                if fact is not None:
                    facts.append(fact)
            elif isinstance(child, nodes.Block):
                self.last_line = max(self.last_line, child.head_span.line)
                part = self.block(child, kind, inherited, {(other.kind, other.id): other.span for other in parts})
                if part is not None:
                    parts.append(part)
        return tuple(facts), tuple(parts)

    def block(
        self,
        node: nodes.Block,
        outer: Kind,
        inherited: tuple[nodes.Citation, ...],
        seen: Mapping[tuple[str, str], Span],
    ) -> Part | None:
        name = next((head for head in HEADS if node.head == head or node.head.startswith(head + " ")), None)
        words = node.head.split(" ", 1)
        if name is None:
            close = nearest(node.head, outer.parts) or nearest(words[0], outer.parts)
            labels = {**RECORD_LABELS.get(outer.name, {}), **BLOCK_LABELS.get(outer.name, {})}
            label = next(
                (label for label in sorted(labels, key=len, reverse=True) if node.head.startswith(label + " ")), None
            )
            if label or outer.open is not None:
                first, rest = (label, node.head[len(label) + 1 :]) if label else (words[0], words[-1])
                hint = f"a colon is missing: write '{first}: {rest}'"
            else:
                hint = (
                    f"did you mean '{close}'?"
                    if close
                    else f"blocks of a {outer.name} are: {', '.join(outer.parts) or 'none'}"
                )
            self.fault("M291", f"'{node.head}' is not a block", node.head_span, hint)
            return None
        kind = BLOCKS[name]
        block_id = node.head[len(name) :].strip()
        if name not in outer.parts:
            owners = [block.name for block in BLOCKS.values() if name in block.parts]
            kinds = [record.name for record in RECORDS.values() if name in record.parts]
            where = f"inside a '{owners[0]}' block" if owners else f"in a record such as '{kinds[0]}'"
            self.fault("M296", f"a {outer.name} has no block '{name}'", node.head_span, f"write it {where}")
            return None
        if kind.defines == "id" and not block_id:
            self.fault("M293", f"this {name} block lacks an id", node.head_span, f"write it as in '{kind.example}'")
            return None
        if block_id and not IDENTIFIER.match(block_id):
            self.fault(
                "M201", f"'{block_id}' is not an id", node.head_span, "an id has small letters, digits and hyphens"
            )
            return None
        if (name, block_id) in seen and name not in REPEATED:
            above = seen[(name, block_id)]
            self.diagnostics.append(
                Diagnostic(
                    code="M292",
                    severity="error",
                    message=f"the block '{node.head}' stands twice",
                    span=node.head_span,
                    hint="write all its facts under the first",
                    related=((above, "first written here"),),
                )
            )
        prefix = f"{name} {block_id} " if block_id else f"{name} "
        citations = node.citations or inherited
        facts, parts = self.children(node.children, kind, BLOCK_LABELS[name], citations, prefix)
        return Part(name, block_id, node.title, facts, parts, citations, node.quotations, node.head_span)

    def field(
        self,
        node: nodes.Field,
        kind: Kind,
        labels: Mapping[str, Label],
        inherited: tuple[nodes.Citation, ...],
        prefix: str,
        seen: dict[str, Span],
    ) -> Fact | None:
        label_text, value, value_span = node.label, node.value, node.value_span
        label = labels.get(label_text)
        if label is None and kind.name in ("expect", "rules"):
            label_text, value, value_span = _split_again(node, kind.name)
            label = labels.get(label_text)
        if label is None:
            label = kind.open
            if label is None:
                self.unknown_label(node, kind, labels)
                return None
            refers = OPEN_LABEL_REFERS.get(label.name)
            if refers:
                self.references.append(
                    Reference(refers, label_text, label_text, node.label_span, self.kind, self.subject)
                )
        if not label.many:
            if label_text in seen:
                self.diagnostics.append(
                    Diagnostic(
                        code="M292",
                        severity="error",
                        message=f"'{label_text}' is stated twice",
                        span=node.label_span,
                        hint=f"write '{label_text}: disputed' with one line a source, or end one of them",
                        related=((seen[label_text], "first stated here"),),
                    )
                )
                return None
            seen[label_text] = node.label_span
        citations = node.citations or inherited
        address = prefix + label_text
        if value == "disputed":
            return self.disputed(node, label, label_text, address, citations)
        changed_by, changed_by_span = "", None
        for item in node.items:
            if isinstance(item, nodes.Item):
                self.fault(
                    "M295",
                    f"'{label_text}' has a value and statements",
                    item.span,
                    f"write '{label_text}: disputed' above them",
                )
            elif isinstance(item, nodes.Field):
                self.last_line = max(self.last_line, item.label_span.line)
                if item.label == "changed by" and label.type in ("rule", "removal"):
                    changed_by, changed_by_span = item.value, item.value_span
                else:
                    self.fault(
                        "M290",
                        f"'{item.label}' does not belong under '{label_text}'",
                        item.label_span,
                        "move it two spaces to the left",
                    )
        if not value:
            self.fault("M294", f"'{label_text}' has no value", node.label_span, f"write it as in '{label.example}'")
            return None
        statement = self.statement(label, value, "", citations, node.quotations, value_span)
        return Fact(label_text, address, (statement,), None, node.label_span, changed_by, changed_by_span)

    def disputed(
        self, node: nodes.Field, label: Label, label_text: str, address: str, inherited: tuple[nodes.Citation, ...]
    ) -> Fact | None:
        statements: list[Statement] = []
        prefer: Prefer | None = None
        for item in node.items:
            if isinstance(item, nodes.Item):
                self.last_line = max(self.last_line, item.span.line)
                statements.append(
                    self.statement(
                        label, item.value, item.name, item.citations or inherited, item.quotations, item.span
                    )
                )
            elif isinstance(item, nodes.Field):
                self.last_line = max(self.last_line, item.label_span.line)
                if item.label == "prefer":
                    prefer = self.prefer(item, statements)
                else:
                    self.fault(
                        "M290",
                        f"'{item.label}' does not belong under 'disputed'",
                        item.label_span,
                        "only statements and 'prefer:' stand here",
                    )
        if len(statements) < 2 and not any(isinstance(item, nodes.Unread) for item in node.items):
            hint = "write one line a source below it, each as '- value [@source, place]'"
            self.fault(
                "M295",
                f"'{label_text}' is disputed but has {'one statement' if statements else 'no statements'}",
                node.value_span,
                hint
                if not statements
                else "add what another source says, or write the one value instead of 'disputed'",
            )
        if not statements:
            return None
        return Fact(label_text, address, tuple(statements), prefer, node.label_span)

    def prefer(self, node: nodes.Field, statements: list[Statement]) -> Prefer | None:
        match = PREFER.match(node.value)
        if not match:
            self.fault(
                "M297",
                f"'{node.value}' does not choose a statement",
                node.value_span,
                "write 'prefer: @source, because ...' or 'prefer: (name)'",
            )
            return None
        source, name = match[1] or "", match[2] or ""
        chosen = [
            s
            for s in statements
            if (source and any(c.source == source for c in s.citations)) or (name and s.name == name)
        ]
        if len(chosen) != 1:
            said = f"'@{source}' is cited by" if source else f"'({name})' is the name of"
            which = "none" if not chosen else "several"
            self.fault(
                "M297",
                f"{said} {which} of the statements above",
                within(node.value_span, match.start(), match.end(1 if source else 2)),
                "name a source or a reading that just one of the lines above has",
            )
            return None
        return Prefer(source, name, match[3] or "", node.value_span)

    def statement(
        self,
        label: Label,
        text: str,
        name: str,
        citations: tuple[nodes.Citation, ...],
        quotations: tuple[nodes.Quotation, ...],
        span: Span,
    ) -> Statement:
        value = PARSERS[label.type](text)
        if isinstance(value, ValueFault | RuleFault):
            self.fault(value.code, value.message, within(span, value.start, value.end), value.hint)
            value = None
        elif label.type in REFERRING:
            self.references.append(Reference(label.type, value, text, span, self.kind, self.subject))
        return Statement(value, text, name, citations, quotations, span)

    def unknown_label(self, node: nodes.Field, kind: Kind, labels: Mapping[str, Label]) -> None:
        close = nearest(node.label, labels)
        hint = (
            f"did you mean '{close}'?"
            if close
            else f"labels of a {kind.name}: {', '.join(label.name for label in kind.labels) or 'none'}"
        )
        self.fault("M290", f"'{node.label}' is not a label of a {kind.name}", node.label_span, hint)


def _split_again(node: nodes.Field, kind: str) -> tuple[str, str, Span]:
    """Split at the last colon-space in an `expect` record, and after the matter in `consent to E: M: rule`."""
    whole = f"{node.label}: {node.value}"
    if kind == "expect":
        label, _, value = whole.rpartition(": ")
    else:
        match = AS_RULE_OF.match(whole)
        if match is None:
            return node.label, node.value, node.value_span
        label, value = match[1], match[2]
    span = node.value_span
    start = span.column + (len(node.value) - len(value)) if len(value) <= len(node.value) else span.column
    return label, value, Span(span.path, span.line, start, span.end_column)
