"""Typed records: what a file says, with every value read by the type that the vocabulary gives its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from muniment.model.values import PartialDate
from muniment.text.nodes import Citation, Quotation
from muniment.text.spans import Span


class Statement(NamedTuple):
    """One source's assertion of a fact.

    Attributes:
        value: Typed by the vocabulary; None if the words could not be read (a diagnostic says why).
        text: As written.
        name: The name of a reading (`- (name) value`); empty if none.
        citations: The authority: the line's own, else that of its block or record.
        quotations: Words quoted under the line.
        span: The value's words.
    """

    value: Any
    text: str
    name: str
    citations: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]
    span: Span


class Prefer(NamedTuple):
    """`prefer: @source, because ...` or `prefer: (name)`: the keeper's choice among statements."""

    source: str
    name: str
    reason: str
    span: Span


class Fact(NamedTuple):
    """A label with what is stated under it.

    Attributes:
        address: The label's place in its record (`series-a-director`, `board seats outside removed by`).
        statements: One if the line states a value; several under `disputed`.
        prefer: The keeper's choice; None where there is none.
        changed_by: The matter by which the rule may be changed; empty where that is not stated.
        changed_by_span: Where that stands; None where it is not stated.
    """

    label: str
    address: str
    statements: tuple[Statement, ...]
    prefer: Prefer | None
    span: Span
    changed_by: str = ""
    changed_by_span: Span | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether the fact was written as `disputed`."""
        return len(self.statements) != 1

    @property
    def agreed(self) -> Any:
        """Return the value that all sources agree on, or None if the fact is disputed or unreadable."""
        return self.statements[0].value if len(self.statements) == 1 else None


class Part(NamedTuple):
    """A block inside a record: a class, a board, a group of seats, rules, ...

    Attributes:
        kind: A key of `block_kinds.BLOCKS`, such as `class` or `seats`.
        id: Empty where the kind takes none.
    """

    kind: str
    id: str
    title: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One dated record.

    Attributes:
        kind: As in the vocabulary.
        date: When it takes effect.
        name: The id it defines, or the subject it is about.
        address: Unique in the book: the id, or `SUBJECT/KIND/DATE` (then `/2`).
        facts: In the order written; a label that may stand often stands often.
        parts: Blocks, in the order written.
        span: The head line.
        last_line: The last line that belongs to the record.
    """

    kind: str
    date: PartialDate
    name: str
    address: str
    title: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...]
    quotations: tuple[Quotation, ...]
    name_span: Span
    span: Span
    last_line: int

    def fact(self, label: str) -> Fact | None:
        """Return the first fact under a label, or None."""
        for fact in self.facts:
            if fact.label == label:
                return fact
        return None

    def facts_of(self, label: str) -> tuple[Fact, ...]:
        """Return every fact under a label that may stand often."""
        return tuple(fact for fact in self.facts if fact.label == label)

    def value(self, label: str) -> Any:
        """Return the agreed value under a label, or None."""
        fact = self.fact(label)
        return fact.agreed if fact else None
