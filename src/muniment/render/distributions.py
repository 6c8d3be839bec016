"""Distributions over time as tables."""

from __future__ import annotations

from fractions import Fraction

from muniment.answers.distributing import History
from muniment.model.amounts import format_money
from muniment.model.values import Money
from muniment.payout.rounding import minor_digits
from muniment.render.answer import Column, Table
from muniment.render.payouts import amount_words, refusal_words


def history_tables(history: History) -> tuple[Table, ...]:
    """Return each distribution by tier and payee, the state on the day asked, and what must be given back."""
    if history.refusals:
        words = "; ".join(refusal_words(each) for each in history.refusals)
        return (Table(f"No answer for the distributions of {history.entity}", note=f"{words}."),)
    tables = [_distributions(history), _standing(history)]
    clawed = _clawback(history)
    return tuple(tables if clawed is None else [*tables, clawed])


def _words(amount: Fraction | None, currency: str) -> str:
    if amount is None:
        return "no limit"
    digits = minor_digits(currency)
    return amount_words(Fraction(round(amount * 10**digits), 10**digits), currency)


def _distributions(history: History) -> Table:
    currency = history.currency
    rows: list[tuple[str, ...]] = []
    notes = [f"If {fact} is '{reading}'." for fact, reading in history.reads]
    for each in history.distributions:
        day = each.on.isoformat()
        for tier in each.tiers:
            state = (f"{tier.number}", _words(tier.before, currency), _words(tier.after, currency))
            payees = [payee for payee in tier.payees if payee[2]]
            if not payees:
                rows.append((day, *state, "nobody", "", ""))
            rows += [(day, *state, party, _as(party, name), _words(part, currency)) for party, name, part in payees]
        if each.unallocated:
            notes.append(f"Of {day}, {currency} {_words(each.unallocated, currency)} fits no tier.")
        for party in each.departures:
            paid = sum((payee.paid for payee in each.payees if payee.party == party), Fraction(0))
            due = sum((payee.rounded for payee in each.payees if payee.party == party), Fraction(0))
            notes.append(
                f"On {day} {party} was paid {format_money(Money(paid, currency))}, "
                f"where the tiers give it {format_money(Money(due, currency))}."
            )
    columns = (
        Column("Day"),
        Column("Tier", "right"),
        Column("Open before", "right"),
        Column("Open after", "right"),
        Column("Payee"),
        Column("For"),
        Column(currency or "Amount", "right"),
    )
    title = f"Distributions of {history.entity}"
    if not rows:
        return Table(title, note="No distribution is recorded up to this day.")
    return Table(title, columns, tuple(rows), " ".join(notes))


def _as(party: str, name: str) -> str:
    return "" if party == name else name


def _standing(history: History) -> Table:
    currency = history.currency
    rows = [(f"{each.tier.number}", each.tier.text, _words(each.flow, currency)) for each in history.standing]
    received = "; ".join(
        f"{party}{f' for {name}' if name != party else ''} {format_money(Money(amount, currency))}"
        for party, name, amount in history.received
    )
    columns = (Column("Tier", "right"), Column("Terms"), Column(f"Still takes, {currency}", "right"))
    note = f"Received in all: {received}." if received else ""
    return Table(f"The tiers on {history.on.isoformat()}", columns, tuple(rows), note)


def _clawback(history: History) -> Table | None:
    found, terms = history.clawback, history.clawback_terms
    if found is None or terms is None:
        return None
    currency = history.currency
    rows = (
        ("carry received", _words(found.carried, currency)),
        ("contributed by the others", _words(found.contributed, currency)),
        ("distributed in all", _words(found.distributed, currency)),
        ("profit", _words(found.profit, currency)),
        ("carry above its part of the profit", _words(found.excess, currency)),
        ("what the others still lack", _words(found.shortfall, currency)),
        ("most it gives back", _words(found.limit, currency)),
        ("to be given back", _words(found.due, currency)),
    )
    return Table(f"Clawback of {terms.payee}", (Column("What"), Column(currency, "right")), rows)
