"""Payouts as tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muniment.answers.paying import Paid
from muniment.book.structure import Basis
from muniment.model.amounts import format_amount, format_fraction, format_money
from muniment.model.values import Money
from muniment.payout import Payout, PayoutRow
from muniment.payout.faults import Refusal
from muniment.payout.finding import Found
from muniment.payout.rounding import money_words
from muniment.payout.tracing import in_words, trace
from muniment.render.answer import Column, Table
from muniment.render.curves import curve_points
from muniment.render.grounds import grounds_in_words


def amount_words(amount: Fraction | None, currency: str) -> str:
    """Return an amount with its decimals and thousands set apart; empty where there is none."""
    return "" if amount is None else format_amount(amount, currency, commas=True)


def refusal_words(refusal: Refusal) -> str:
    """Return why there is no answer, where it lies and what can be done."""
    at = f" [{refusal.basis.span}]" if refusal.basis is not None else ""
    return refusal.message + at + (f" ({refusal.hint})" if refusal.hint else "")


def payout_table(paid: Paid) -> Table:
    """Return what each party is paid."""
    payout = paid.payout
    currency = payout.proceeds.currency
    if payout.refusals:
        note = "; ".join(refusal_words(refusal) for refusal in payout.refusals)
        return Table(f"No answer for {payout.entity} at {format_money(payout.proceeds)}", note=f"{note}.")
    rows: list[tuple[str, ...]] = [(row.party, capacity(row), _range(row, currency)) for row in payout.rows]
    later = any(row.later for row in payout.rows)
    if later:
        rows = [
            (*row, amount_words((each.amount or Fraction(0)) - (each.later or Fraction(0)), currency))
            for row, each in zip(rows, payout.rows, strict=True)
        ]
    notes = [f"Unallocated: {currency} {amount_words(payout.unallocated, currency)}."] if payout.unallocated else []
    notes += [f"If {fact} is '{reading}'." for fact, reading in paid.reads.items()]
    notes += [f"{contradiction.message}." for contradiction in payout.contradictions]
    if payout.breakpoints:
        points = "; ".join(
            f"{format_money(Money(point.proceeds, currency))} ({point.cause})" for point in payout.breakpoints
        )
        notes.append(f"The curve bends at {points}.")
    columns: tuple[Column, ...] = (Column("Party"), Column("For"), Column(currency, "right"))
    columns = (*columns, Column("At once", "right")) if later else columns
    exercised = [row for row in payout.rows if row.strike is not None and row.exact is not None]
    notes += [
        f"{row.instrument}: {money_words(Money((row.exact or Fraction(0)) + (row.strike or Fraction(0)), currency))} "
        f"less the price of {money_words(Money(row.strike or Fraction(0), currency))}."
        for row in exercised
    ]
    if not payout.monotone:
        notes.append("Someone is paid less where there is more to pay: see where the curve jumps.")
    mode = "" if payout.mode == "sale" else f", {payout.mode}"
    title = f"Payout of {payout.entity} at {format_money(payout.proceeds)}{mode}"
    return Table(title, columns, tuple(rows), " ".join(notes))


def other_tables(payout: Payout) -> tuple[Table, ...]:
    """Return the other equilibria, one table each."""
    currency = payout.proceeds.currency
    tables = []
    for each in payout.others:
        who = f"{', '.join(each.converts)} convert{'s' if len(each.converts) == 1 else ''}"
        rows = tuple(
            (party, amount_words(Fraction(round(amount * 100), 100), currency))
            for party, amount in each.totals.items()
            if party
        )
        title = f"Another equilibrium: {who if each.converts else 'nobody converts'}"
        note = "Nobody would gain by choosing otherwise here either."
        tables.append(Table(title, (Column("Party"), Column(currency, "right")), rows, note))
    return tuple(tables)


def found_table(found: Sequence[Found | Refusal], payout: Payout) -> Table:
    """Return from which proceeds on what was asked for is paid."""
    sentences = [
        f"{each.message}." if isinstance(each, Refusal) else each.in_words(payout.proceeds.currency) for each in found
    ]
    return Table("From which proceeds on", note=" ".join(sentences) or "There is no single curve to look in.")


def reasons_for(payout: Payout, party: str) -> tuple[str, ...]:
    """Return every step to what one party is paid, with the records it rests on."""
    if payout.curve is None:
        return reasons(payout)
    currency = payout.proceeds.currency
    traces = trace(payout.curve, party, payout.proceeds.amount)
    lines = [f"{payout.entity} at {format_money(payout.proceeds)}:"]
    lines += [f"  {line}" for line in in_words(traces, party, currency)]
    exact = sum((each.amount for each in traces), Fraction(0))
    paid = payout.totals.get(party, Fraction(0))
    if exact != paid:
        lines.append(f"  in all {format_fraction(exact)}, rounded once to {format_money(Money(paid, currency))}.")
    own = [row for row in payout.rows if row.party == party]
    names = {row.class_id for row in own} | {row.instrument for row in own if row.instrument}
    told = {step.basis for each in traces for step in each.steps if step.basis is not None}
    lines += grounds_in_words(
        [basis for basis in payout.because if basis in told or _is_about(basis, party, names)]
        + [basis for basis in sorted(told, key=lambda each: each.record) if basis not in payout.because]
    )
    return tuple(lines)


def _is_about(basis: Basis, party: str, names: set[str | None]) -> bool:
    """Return whether a fact is about a party, or the terms of a class it holds."""
    words = {word.strip(",:") for word in (*basis.record.split(), *basis.words.split())}
    if party in words:
        return True
    inside = basis.record.split(" class ")[-1].split(" ")[0] if " class " in basis.record else ""
    return inside in names or basis.record in names


def capacity(row: PayoutRow) -> str:
    """Return in what capacity a row is paid."""
    if row.kind == "class":
        return row.class_id or ""
    if row.instrument:
        return row.instrument
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
    rows = []
    for point, before in curve_points(payout):
        values = [column.amount.before(point) if before else column.amount.at(point) for column in columns]
        amounts = tuple(amount_words(round(value * 100) / Fraction(100), currency) for value in values)
        at = amount_words(round(point * 100) / Fraction(100), currency)
        rows.append((f"just below {at}" if before else at, *amounts))
    heads = tuple(Column(column.instrument or column.class_id or column.kind, "right") for column in columns)
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
