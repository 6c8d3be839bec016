"""Values of claims as tables."""

from __future__ import annotations

from fractions import Fraction

from muniment.answers.valuing import Valued
from muniment.model.amounts import format_money
from muniment.model.values import Money
from muniment.payout.rounding import minor_digits, money_words
from muniment.payout.valuation.value import Valuation, ValueRow, whole
from muniment.render.answer import Column, Table
from muniment.render.payouts import amount_words


def value_tables(valued: Valued) -> tuple[Table, ...]:
    """Return what each holder's claims are worth, by holder, by class, by breakpoint and at stated exits."""
    found = valued.valuation
    if found.refusals:
        words = "; ".join(each.message + (f" ({each.hint})" if each.hint else "") for each in found.refusals)
        return (Table(f"No value of {found.entity}", note=f"{words}."),)
    tables: list[Table] = []
    notes = [f"If {fact} is '{reading}'." for fact, reading in valued.reads.items()]
    if found.equity is not None or any(row.simulated or row.expected is not None for row in found.rows):
        tables.append(_holders(found, notes))
    if found.classes:
        tables.append(_classes(found))
    if found.strikes:
        tables.append(_strikes(found))
    if found.table:
        tables.append(_exits(found))
    return tuple(tables)


def _near(amount: float | Fraction | None, currency: str) -> str:
    if amount is None:
        return ""
    digits = minor_digits(currency)
    return amount_words(Fraction(round(Fraction(amount) * 10**digits), 10**digits), currency)


def _holders(found: Valuation, notes: list[str]) -> Table:
    currency = found.question.currency
    heads = [Column("Party"), Column("For")]
    if any(row.value is not None for row in found.rows):
        heads += [Column(currency, "right"), Column("Of all", "right")]
    if any(row.simulated is not None for row in found.rows):
        heads += [Column("Mean", "right"), Column("From", "right"), Column("To", "right")]
    if any(row.expected is not None for row in found.rows):
        heads.append(Column("Mean of the scenarios", "right"))
    rows = []
    for row in found.rows:
        cells = [row.party or "nobody", _capacity(row)]
        if row.value is not None:
            of_all = row.value / found.equity if found.equity else 0.0
            cells += [_near(row.value, currency), f"{of_all * 100:.2f}%"]
        if row.simulated is not None:
            cells += [_near(each, currency) for each in (row.simulated.mean, row.simulated.low, row.simulated.high)]
        if row.expected is not None:
            cells.append(_near(row.expected, currency))
        rows.append(tuple(cells))
    if found.roots and found.question.class_price is not None:
        class_id, per_share = found.question.class_price
        price = _price(per_share, currency)
        notes.append(
            f"The whole is worth {currency} {_near(found.equity, currency)} "
            f"where a share of {class_id} is worth {price}; that value is found to within {found.roots[0].within:.1g}."
        )
    if found.equity is not None:
        notes.append(f"Each value by option pricing is within {currency} {found.tolerance:.1g}, before rounding.")
    if found.question.draws:
        notes.append(f"The mean is of {found.question.draws:,} exits, seed {found.question.seed}.")
    title = f"Value of {found.entity}"
    if found.equity is not None:
        title += f" at {currency} {_near(whole(found), currency)}"
    return Table(title, tuple(heads), tuple(rows), " ".join(notes))


def _price(per_share: Fraction, currency: str) -> str:
    """Return a price per share with all its decimals, where it has few."""
    if (per_share * 10 ** minor_digits(currency)).denominator == 1:
        return format_money(Money(per_share, currency))
    return f"{currency} {float(per_share):.10g}"


def _capacity(row: ValueRow) -> str:
    if row.kind == "class":
        return row.class_id or ""
    if row.kind == "excess":
        return f"excess over the cap of {row.class_id}"
    if row.kind == "party":
        return "the order of distributions"
    return f"{row.kind} {row.class_id}" if row.class_id else row.kind


def _classes(found: Valuation) -> Table:
    currency = found.question.currency
    rows = tuple(
        (
            each.class_id,
            "" if each.units is None else f"{float(each.units):,.10g}",
            _near(each.value, currency),
            "" if each.units is None else f"{each.value / float(each.units):.4f}",
        )
        for each in found.classes
    )
    columns = (Column("Class"), Column("Shares", "right"), Column(currency, "right"), Column("A share", "right"))
    return Table("By class", columns, rows)


def _strikes(found: Valuation) -> Table:
    currency = found.question.currency
    rows = tuple(
        (_near(point.proceeds, currency), point.cause, _near(worth, currency)) for point, worth in found.strikes
    )
    columns = (Column(f"Breakpoint, {currency}", "right"), Column("Cause"), Column("Call on what exceeds it", "right"))
    return Table("The breakpoints as strikes", columns, rows)


def _exits(found: Valuation) -> Table:
    currency = found.question.currency
    parties = dict.fromkeys(party for _, totals, _ in found.table for party in totals)
    rows = [
        (party, *(_near(totals.get(party, Fraction(0)), currency) for _, totals, _ in found.table)) for party in parties
    ]
    if any(left for _, _, left in found.table):
        rows.append(("nobody", *(_near(left, currency) for _, _, left in found.table)))
    heads = (Column("Party"), *(Column(money_words(Money(x, currency)), "right") for x, _, _ in found.table))
    return Table("Payouts at stated exits", heads, tuple(rows))
