"""What something rests on: the record, its words and its authority."""

from __future__ import annotations

from typing import NamedTuple

from muniment.text.nodes import Citation, Quotation
from muniment.text.spans import Span


class Basis(NamedTuple):
    """The fact that something rests on.

    Attributes:
        record: Address of the record, with the path of the fact inside it (`acme rules sell company`).
        words: What it says, in short (`sell company: majority of board`).
        span: Where it stands.
        citations: The authority for it.
        quotations: Words quoted from that authority.
    """

    record: str
    words: str
    span: Span
    citations: tuple[Citation, ...] = ()
    quotations: tuple[Quotation, ...] = ()
