"""Tables of quotations and what was found of them."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.evidence.quote_rows import QuoteRow
from muniment.render.answer import Column, Table


def quote_table(rows: Sequence[QuoteRow], asked: str | None = None) -> Table:
    """Return the table of some quotations.

    Args:
        rows: As found.
        asked: The state that was asked for; None if all were.
    """
    return Table(
        "Quotations",
        (Column("State"), Column("Source"), Column("Quotation"), Column("Found at"), Column("Record")),
        tuple((_state(row), f"@{row.source}", _words(row), _place(row), row.record) for row in rows),
        _counts([row.state for row in rows], asked),
    )


def change_table(rows: Sequence[QuoteRow], source: str, file: str) -> Table:
    """Return what became of the quotations from a source in another version of it."""
    kinds = [row.change.kind for row in rows if row.change]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("unchanged", "moved", "lost") if kind in kinds)
    return Table(
        f"Quotations from @{source} in {file}",
        (Column("What became of it"), Column("Quotation"), Column("Found at"), Column("Record")),
        tuple((str(row.change or ""), _words(row), _place(row), row.record) for row in rows),
        counts or f"The book quotes nothing from @{source}.",
    )


def _state(row: QuoteRow) -> str:
    parts = [row.state + (" (critical)" if row.critical else "")]
    if row.change is not None:
        parts.append(str(row.change))
    return "\n".join(parts)


def _words(row: QuoteRow) -> str:
    """Return the quotation, and below it how the source differs, what its gaps hide and what else is to be known."""
    lines = [row.quote]
    if row.diff and row.diff != row.quote:
        lines.append(f"source: {row.diff}")
    lines += [f"[...] hides: {each}" for each in row.hidden if each]
    lines += [f"against @{row.translation_of}: {each}" for each in row.differences]
    return "\n".join(lines)


def _place(row: QuoteRow) -> str:
    """Return where the words stand: file, line and column, page and message."""
    lines = [row.at]
    if row.page is not None:
        lines.append(f"p. {row.page}")
    if row.message is not None:
        lines.append(str(row.message))
    return "\n".join(line for line in lines if line)


def _counts(states: Sequence[str], asked: str | None) -> str:
    nothing = f"No quotation is {asked}." if asked else "The book quotes nothing."
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))) or nothing
