"""What is wrong with a book, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muniment.text.spans import Span

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault, at one place.

    Attributes:
        code: Stable code such as ``M304``; never reused.
        severity: ``error`` = the record cannot be used; ``warning`` = doubtful; ``note`` = something to know.
        message: Names the thing at fault; no full stop.
        span: Where the fault stands.
        hint: One action the reader can take.
        related: Other places that belong to the fault, each with a word on why.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    hint: str | None = None
    related: tuple[tuple[Span, str], ...] = ()
