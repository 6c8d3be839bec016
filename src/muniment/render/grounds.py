"""What an answer rests on, as lines: the place of each record, its words, its authority and the words quoted."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.book.structure import Basis


def grounds_in_words(bases: Iterable[Basis]) -> list[str]:
    """Return one indented line for each record, each once."""
    lines = []
    for basis in bases:
        cited = "; ".join(f"@{c.source}, {c.place}".removesuffix(", ") for c in basis.citations)
        quoted = "".join(f' "{quotation.text}"' for quotation in basis.quotations if quotation.text)
        lines.append(f"    {basis.span}: {basis.words}" + (f" [{cited}]" if cited else "") + quoted)
    return list(dict.fromkeys(lines))
