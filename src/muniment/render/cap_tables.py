"""Cap tables as tables."""

from __future__ import annotations

from fractions import Fraction

from muniment.answers.holding import Held
from muniment.model.amounts import format_fraction
from muniment.render.answer import Column, Table
from muniment.render.numbers import exact


def cap_table_tables(held: Held) -> tuple[Table, ...]:
    """Return the holders by class, and the totals of each class."""
    table = held.table
    if table.refusals:
        return (
            Table(
                f"No cap table of {table.entity}", note="; ".join(refusal.message for refusal in table.refusals) + "."
            ),
        )
    columns = (
        Column("Party"),
        Column("Class"),
        Column("Quantity", "right"),
        Column("Of class", "right"),
        Column("Of total", "right"),
        Column("Fully diluted", "right"),
    )
    rows = tuple(
        (
            row.party,
            row.class_id,
            row.stated or _count(row.quantity),
            _part(row.of_class),
            _part(row.of_total),
            _part(row.fully_diluted),
        )
        for row in table.rows
    )
    note = " ".join(f"If {fact} is '{reading}'." for fact, reading in held.reads.items())
    holders = Table(
        f"Cap table of {table.entity}", columns, rows, note if rows else "Nobody is recorded as a holder. " + note
    )
    totals = tuple(
        (
            total.class_id,
            _count(total.issued),
            f"{total.authorized:,}" if total.authorized is not None else "not stated",
            _count(total.as_converted),
        )
        for total in table.totals
    )
    heads = (Column("Class"), Column("Issued", "right"), Column("Authorized", "right"), Column("As converted", "right"))
    return (holders, Table("Classes", heads, totals)) if totals else (holders,)


def _count(amount: Fraction | None) -> str:
    if amount is None:
        return "not recorded"
    return f"{amount.numerator:,}" if amount.denominator == 1 else exact(amount, longest=24)


def _part(amount: Fraction | None) -> str:
    """Return a percentage to two places; the exact fraction is in the machine answer."""
    return "" if amount is None else f"{format_fraction(Fraction(round(amount * 10_000), 100), 2)}%"
