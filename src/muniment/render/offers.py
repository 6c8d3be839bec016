"""Offers of employment as tables."""

from __future__ import annotations

from fractions import Fraction

from muniment.answers.offering import Comparison, Package, words_of
from muniment.model.values import Money
from muniment.payout.offers import Cash
from muniment.payout.rounding import money_words
from muniment.render.answer import Column, Table
from muniment.render.payouts import amount_words


def offer_tables(found: Comparison) -> tuple[Table, ...]:
    """Return the cash of each offer by year, what its equity brings at each exit, and where two bring the same."""
    if not found.packages:
        return (Table("Offers", note="No offer is recorded up to this day."),)
    tables = [_cash(found)]
    if any(each.equity is not None for each in found.packages):
        tables.append(_vested(found))
    if found.exits and any(each.equity is not None for each in found.packages):
        tables.append(_exits(found))
    if found.even:
        tables.append(_even(found))
    return tuple(tables)


def _words(amount: Fraction, currency: str) -> str:
    return amount_words(Fraction(words_of(amount, currency)), currency)


def _range(cash: Cash, currency: str) -> str:
    low, high = _words(cash.low, currency), _words(cash.high, currency)
    return low if cash.low == cash.high else f"{low} to {high}"


def _total(each: Package) -> Cash:
    return Cash(sum((cash.low for cash in each.cash), Fraction(0)), sum((cash.high for cash in each.cash), Fraction(0)))


def _cash(found: Comparison) -> Table:
    rows = []
    for each in found.packages:
        paid = [_range(cash, each.currency) for cash in each.cash] or [""] * found.years
        rows.append((each.name, each.currency, *paid, _range(_total(each), each.currency) if each.cash else ""))
    years = (Column(f"Year {year}", "right") for year in range(1, found.years + 1))
    columns = (Column("Offer"), Column("In"), *years, Column("In all", "right"))
    notes = [f"{each.name}: {words}" for each in found.packages for words in each.open]
    return Table("Cash of each offer", columns, tuple(rows), " ".join(notes))


def _vested(found: Comparison) -> Table:
    rows = [
        (each.name, f"{each.equity.entity}.{each.equity.class_id}", *(_units(units) for units in each.equity.vested))
        for each in found.packages
        if each.equity is not None
    ]
    years = (Column(f"Year {year}", "right") for year in range(1, found.years + 1))
    return Table(
        "Shares that have vested at the end of each year", (Column("Offer"), Column("Of"), *years), tuple(rows)
    )


def _units(units: Fraction) -> str:
    return f"{units.numerator:,}" if units.denominator == 1 else f"{float(units):,.2f}"


def _exits(found: Comparison) -> Table:
    rows = []
    for each in found.packages:
        if each.equity is None and each.open:
            continue
        equity, cash = each.equity, _total(each)
        for label in ("equity", "equity and cash") if equity is not None else ("cash",):
            cells = []
            for exit_ in found.exits:
                if equity is not None and equity.currency not in ("", exit_.currency):
                    cells.append(f"in {equity.currency}")
                    continue
                brings = equity.net.at(exit_.amount) if equity is not None else Fraction(0)
                if label == "equity":
                    cells.append(_words(brings, exit_.currency))
                elif each.currency == exit_.currency:
                    cells.append(_range(Cash(brings + cash.low, brings + cash.high), exit_.currency))
                else:
                    cells.append("")
            rows.append((each.name, label, *cells))
    heads = (Column(money_words(exit_), "right") for exit_ in found.exits)
    note = f"The exit comes after {found.years} years; equity is net of the strike."
    return Table("What each offer brings at an exit", (Column("Offer"), Column("What"), *heads), tuple(rows), note)


def _even(found: Comparison) -> Table:
    currency = next((each.currency for each in found.packages if each.currency), "")
    rows = []
    for first, second, at in found.even:
        words = at if isinstance(at, str) else ", ".join(money_words(Money(x, currency)) for x in at)
        rows.append((first, second, words or "at no exit"))
    return Table(
        "The exits at which two offers bring the same", (Column("Offer"), Column("Offer"), Column("Exit")), tuple(rows)
    )
