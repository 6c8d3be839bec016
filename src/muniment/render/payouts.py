"""Payouts as tables and sentences."""

from __future__ import annotations

from fractions import Fraction

from muniment.answers.paying import Paid
from muniment.model.amounts import format_amount, format_money
from muniment.model.values import Money
from muniment.payout import Payout, PayoutRow
from muniment.render.answer import Column, Table
from muniment.render.grounds import grounds_in_words


def amount_words(amount: Fraction | None, currency: str) -> str:
    """Return an amount with its decimals and thousands set apart; empty where there is none."""
    return "" if amount is None else format_amount(amount, currency, commas=True)


def payout_table(paid: Paid) -> Table:
    """Return what each party is paid."""
    payout = paid.payout
    currency = payout.proceeds.currency
    if payout.refusals:
        note = "; ".join(
            refusal.message + (f" ({refusal.hint})" if refusal.hint else "") for refusal in payout.refusals
        )
        return Table(f"No answer for {payout.entity} at {format_money(payout.proceeds)}", note=f"{note}.")
    rows = [(row.party, capacity(row), _range(row, currency)) for row in payout.rows]
    notes = [f"Unallocated: {currency} {amount_words(payout.unallocated, currency)}."] if payout.unallocated else []
    notes += [f"If {fact} is '{reading}'." for fact, reading in paid.reads.items()]
    notes += [f"{contradiction.message}." for contradiction in payout.contradictions]
    if payout.breakpoints:
        points = "; ".join(
            f"{format_money(Money(point.proceeds, currency))} ({point.cause})" for point in payout.breakpoints
        )
        notes.append(f"The curve bends at {points}.")
    columns = (Column("Party"), Column("For"), Column(currency, "right"))
    return Table(f"Payout of {payout.entity} at {format_money(payout.proceeds)}", columns, tuple(rows), " ".join(notes))


def capacity(row: PayoutRow) -> str:
    """Return in what capacity a row is paid."""
    if row.kind == "class":
        return row.class_id or ""
    if row.kind == "excess":
        return f"excess over the cap of {row.class_id}"
    return "the order of distributions" if row.kind == "party" else row.kind


def _range(row: PayoutRow, currency: str) -> str:
    if row.amount is not None:
        return amount_words(row.amount, currency)
    return f"{amount_words(row.low, currency)} to {amount_words(row.high, currency)}"


def curve_table(payout: Payout) -> Table | None:
    """Return the payouts at every breakpoint, or None where there is no single curve."""
    curve = payout.curve
    if curve is None:
        return None
    currency = payout.proceeds.currency
    columns = [column for column in curve.columns if column.holders]
    points = [Fraction(0), *(point.proceeds for point in payout.breakpoints), payout.proceeds.amount]
    rows = []
    for point in sorted(set(points)):
        amounts = tuple(
            amount_words(round(column.amount.at(point) * 100) / Fraction(100), currency) for column in columns
        )
        rows.append((amount_words(point, currency), *amounts))
    heads = tuple(Column(f"{column.class_id or column.kind}", "right") for column in columns)
    return Table(
        "The curve, in all by class",
        (Column(f"Proceeds, {currency}", "right"), *heads),
        tuple(rows),
        "Between two rows it is straight.",
    )


def reasons(payout: Payout) -> tuple[str, ...]:
    """Return how the amounts come about, with the records they rest on."""
    lines = [f"{payout.entity} at {format_money(payout.proceeds)}:"]
    lines += [f"  {sentence}" for sentence in payout.why]
    lines += grounds_in_words(payout.because)
    return tuple(lines)
