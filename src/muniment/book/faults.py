"""How a fold notes what is wrong with a record."""

from __future__ import annotations

from typing import Protocol

from muniment.text.spans import Span


class Fault(Protocol):
    """Notes a fault."""

    def __call__(
        self, code: str, message: str, span: Span, hint: str, related: tuple[tuple[Span, str], ...] = ()
    ) -> None:
        """Note a fault at a place, with a hint and related places."""
