"""Why a payout cannot be given, and what contradicts it."""

from __future__ import annotations

from typing import NamedTuple

from muniment.book.structure import Basis


class Refusal(NamedTuple):
    """One reason why a question has no answer, or an answer that the book contradicts.

    Attributes:
        kind: Stable word for it, such as ``mixed currencies``.
        message: Names the thing at fault; no full stop.
        basis: The fact it lies in; None where a fact is missing altogether.
        hint: One action the reader can take.
    """

    kind: str
    message: str
    basis: Basis | None = None
    hint: str | None = None
