"""Cap tables as tables."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muniment.answers.holding import Held, History
from muniment.model.amounts import format_fraction
from muniment.model.values import Money
from muniment.payout.cap_rows import CapRow, CapTable, View
from muniment.payout.instruments import ZERO, Owed, Range
from muniment.payout.maturity import Due, then_words
from muniment.payout.rounding import money_words
from muniment.payout.rounds.recorded import shown
from muniment.render.answer import Column, Table
from muniment.render.numbers import exact

PARTS = (Column("Of class", "right"), Column("Of total", "right"), Column("Fully diluted", "right"))


def cap_table_tables(held: Held, by: View | None = None) -> tuple[Table, ...]:
    """Return the holders by class, or in another view; then the totals, grants, plans, SAFEs and notes."""
    table = held.table
    if table.refusals:
        return (_refused(table.entity, "; ".join(refusal.message for refusal in table.refusals)),)
    note = " ".join(f"If {fact} is '{reading}'." for fact, reading in held.reads.items())
    shown = {"holder": _by_holder, "class": _totals, "instrument": _by_instrument}[by](table) if by else _rows(table)
    if not table.view(by):
        note = "Nobody is recorded as a holder. " + note
    first = Table(shown.title, shown.columns, shown.rows, note)
    more = [] if by == "class" or not table.totals else [_totals(table)]
    return (first, *more, *_grants(table), *_plans(table), *_owed(table.owed), *_due(table.due))


def history_table(history: History) -> Table:
    """Return who held what on each day on which that changed."""
    if history.refusals:
        return _refused(history.entity, "; ".join(refusal.message for refusal in history.refusals))
    rows: list[tuple[str, ...]] = []
    for table in history.tables:
        rows += [
            (table.on.isoformat() if not at else "", row.party, row.class_id, _quantity(row), *_parts(row))
            for at, row in enumerate(table.rows)
        ] or [(table.on.isoformat(), "nobody", "", "", "", "", "")]
    columns = (Column("Since"), Column("Party"), Column("Class"), Column("Quantity", "right"), *PARTS)
    note = "" if rows else "Nobody is recorded as a holder on any day."
    return Table(f"Ownership of {history.entity} over time", columns if rows else (), tuple(rows), note)


def _refused(entity: str, why: str) -> Table:
    return Table(f"No cap table of {entity}", note=why + ".")


def _rows(table: CapTable) -> Table:
    columns = (Column("Party"), Column("Class"), Column("Quantity", "right"), *PARTS)
    rows = tuple((row.party, row.class_id, _quantity(row), *_parts(row)) for row in table.rows)
    return Table(f"Cap table of {table.entity}", columns, rows)


def _by_holder(table: CapTable) -> Table:
    columns = (Column("Party"), Column("Shares", "right"), *PARTS[1:])
    rows = tuple((row.party or f"(left in {row.id})", _quantity(row), *_parts(row)[1:]) for row in table.view("holder"))
    return Table(f"Cap table of {table.entity}, by holder", columns, rows)


def _by_instrument(table: CapTable) -> Table:
    columns = (Column("Instrument"), Column("Party"), Column("Class"), Column("Quantity", "right"), *PARTS)
    rows = tuple(
        (
            row.instrument if row.instrument != "pool" else f"left in {row.id}",
            row.party,
            row.class_id,
            _quantity(row),
            *_parts(row),
        )
        for row in table.view("instrument")
    )
    return Table(f"Cap table of {table.entity}, by instrument", columns, rows)


def _totals(table: CapTable) -> Table:
    itself = any(total.issued != total.outstanding for total in table.totals)
    diluted = any(total.as_converted != total.fully_diluted for total in table.totals)
    columns = [Column("Class"), Column("Issued", "right")]
    columns += [Column("Outstanding", "right")] if itself else []
    columns += [Column("Authorized", "right"), Column("As converted", "right")]
    columns += [Column("Fully diluted", "right")] if diluted else []
    rows = tuple(
        (
            total.class_id,
            _count(total.issued),
            *([_count(total.outstanding)] if itself else []),
            f"{total.authorized:,}" if total.authorized is not None else "not stated",
            _count(total.as_converted),
            *([_count(total.fully_diluted)] if diluted else []),
        )
        for total in table.totals
    )
    return Table("Classes", tuple(columns), rows)


def _grants(table: CapTable) -> Sequence[Table]:
    if not table.grants:
        return ()
    names = ("Granted", "Vested", "Unvested", "Exercised", "Forfeited", "Expired", "Strike")
    columns = (Column("Grant"), Column("To"), Column("Over"), *(Column(name, "right") for name in names))
    rows = tuple(
        (
            grant.id,
            grant.holder,
            f"{grant.class_id} ({grant.kind})",
            _count(grant.granted),
            _count(grant.usable),
            _count(None if grant.usable is None else grant.outstanding - grant.usable),
            _count(grant.exercised),
            _count(grant.forfeited),
            _count(grant.expired),
            money_words(grant.strike) if grant.strike is not None else "",
        )
        for grant in table.grants
    )
    note = "Vested and unvested are what is left: not exercised, forfeited or expired."
    return (Table("Grants", columns, rows, note),)


def _plans(table: CapTable) -> Sequence[Table]:
    if not table.plans:
        return ()
    names = ("Reserved", "Granted", "Exercised", "Returned", "Available")
    columns = (Column("Plan"), Column("Class"), *(Column(name, "right") for name in names))
    rows = tuple(
        (
            plan.plan,
            plan.class_id,
            *(_count(each) for each in (plan.reserved, plan.granted, plan.exercised, plan.returned, plan.available)),
        )
        for plan in table.plans
    )
    return (Table("Plans", columns, rows),)


def _owed(owed: Sequence[Owed]) -> Sequence[Table]:
    if not owed:
        return ()
    columns = (
        Column("SAFEs and notes"),
        Column("To"),
        Column("Amount", "right"),
        Column("Interest", "right"),
        Column("Cap"),
        Column("Discount"),
        Column("Due"),
    )
    rows = tuple(
        (
            each.terms.id,
            each.terms.holder,
            _money(each.amount, each.currency),
            _money(each.interest, each.currency) if each.terms.interest else "",
            each.terms.cap,
            each.terms.discount + (" MFN" if each.terms.most_favored else ""),
            each.terms.due_on.isoformat() if each.terms.due_on is not None else "",
        )
        for each in owed
    )
    return (Table("SAFEs and notes outstanding", columns, rows),)


def _due(due: Sequence[Due]) -> Sequence[Table]:
    if not due:
        return ()
    columns = (
        Column("Note"),
        Column("Due on"),
        Column("Principal", "right"),
        Column("Interest by then", "right"),
        Column("In all", "right"),
        Column("Interest since, if it runs on", "right"),
        Column("At maturity"),
        Column("Stated"),
    )
    rows = tuple(
        (
            each.id,
            f"{each.on.isoformat()}{', matured' if each.matured else ''}",
            *(_money(amount, each.currency) for amount in (each.principal, each.interest, each.in_all)),
            "" if each.since is None else _money(each.since, each.currency),
            then_words(each) + ("" if each.shares is None else f": {_shares(each.shares)}"),
            "; ".join(dict.fromkeys(str(basis.span) for basis in each.because)),
        )
        for each in due
    )
    return (Table("Due at maturity, without a sale or a round", columns, rows),)


def _shares(shares: Range) -> str:
    low = shown(shares.low)
    if shares.exact is not None:
        return f"{low} shares"
    return f"{low} shares or more" if shares.high is None else f"{low} to {shown(shares.high)} shares"


def _money(amount: Range | None, currency: str) -> str:
    if amount is None:
        return "not computed" if currency else "not stated"
    low = money_words(Money(amount.low, currency))
    if amount.exact is not None:
        return low
    return f"{low} or more" if amount.high is None else f"{low} to {money_words(Money(amount.high, currency))}"


def _quantity(row: CapRow) -> str:
    if row.stated:
        return row.stated
    if row.quantity is None and row.within is not None and row.within.quantity is not None:
        least, most = row.within.quantity
        return f"{_count(least)} to {_count(most)}" if most is not None else f"at least {_count(least)}"
    return _count(row.quantity)


def _parts(row: CapRow) -> tuple[str, str, str]:
    within = row.within
    return (
        _part(row.of_class, within.of_class if within is not None else None),
        _part(row.of_total, within.of_total if within is not None else None),
        _part(row.fully_diluted, within.fully_diluted if within is not None else None),
    )


def _count(amount: Fraction | None) -> str:
    if amount is None:
        return "not recorded"
    return f"{amount.numerator:,}" if amount.denominator == 1 else exact(amount, longest=24)


def _part(amount: Fraction | None, within: Range | None) -> str:
    """Return a percentage to two places; the exact fraction is in the machine answer."""
    if amount is not None:
        return _percent(amount)
    if within is None or within.high is None or (within.low == ZERO and within.high == 1):
        return ""
    return f"{_percent(within.low)} to {_percent(within.high)}"


def _percent(amount: Fraction) -> str:
    return f"{format_fraction(Fraction(round(amount * 10_000), 100), 2)}%"
