"""What is paid before the owners: debt, fees and carve-outs; and what is held back from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Cost
from muniment.model.values import Money
from muniment.payout.curve import Cause, Column
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import (
    ONE,
    ZERO,
    Piecewise,
    constant,
    least,
    minus,
    most,
    proportional,
    spliced,
    through,
    times,
)


class Ahead(NamedTuple):
    """What the costs take.

    Attributes:
        columns: One for each cost, in the order in which they are paid.
        remaining: What is left for the owners, as a function of the proceeds.
        events: (proceeds, cause), ascending.
        assumptions: Sentences on what the book leaves open.
        bases: The clause of each column.
    """

    columns: tuple[Column, ...]
    remaining: Piecewise
    events: tuple[tuple[Fraction, Cause], ...]
    assumptions: tuple[str, ...]
    bases: tuple[Basis, ...] = ()


def take_costs(costs: Sequence[Cost]) -> Ahead | Refusal:
    """Return what debt, fees and carve-outs take, in that order, of every amount of proceeds.

    Debts share in proportion if the money does not suffice; fees and carve-outs follow in the order written. A
    percentage is of the proceeds before anything is taken.

    Args:
        costs: All in one currency.
    """
    cliffs = sorted({cost.reaching.amount for cost in costs if cost.reaching is not None and cost.reaching.amount > 0})
    if cliffs:
        return _with_cliffs(costs, cliffs)
    debts = [cost for cost in costs if cost.kind == "debt"]
    later = [cost for kind in ("fees", "carve-out") for cost in costs if cost.kind == kind]
    parts = sum((cost.amount for cost in later if isinstance(cost.amount, Fraction)), ZERO)
    if parts >= 1:
        return Refusal(
            "costs exceed proceeds",
            "fees and carve-outs together take all of the proceeds",
            later[0].basis,
            "check the percentages under 'costs of sale'",
        )
    columns: list[Column] = []
    events: list[tuple[Fraction, Cause]] = []
    remaining = proportional(ONE)
    owed = sum((_fixed(cost) for cost in debts), ZERO)
    if owed:
        repaid = least(remaining, constant(owed))
        columns += [_column(cost, times(repaid, _fixed(cost) / owed)) for cost in debts]
        events += [(owed, Cause(f"{_name(cost)} is paid in full", cost.basis)) for cost in debts]
        remaining = minus(remaining, repaid)
    for cost in later:
        taken = least(remaining, _due(cost))
        columns.append(_column(cost, taken))
        known = {x for x, _ in remaining.knots}
        remaining = minus(remaining, taken)
        events += [(x, Cause(_name(cost), cost.basis)) for x, _ in taken.knots if x not in known]
    assumptions = []
    if len(debts) > 1:
        assumptions.append("Debts stand side by side: where the money falls short they share it in proportion.")
    if len(later) > 1 or (debts and later):
        assumptions.append("Costs are paid in this order: debt, fees, carve-outs; fees and carve-outs as listed.")
    if parts:
        assumptions.append("Percentages of costs are of the proceeds before anything is taken.")
    bases = [cost.basis for cost in (*(debts if owed else ()), *later)]
    ordered = tuple(sorted(events, key=lambda event: event[0]))
    return Ahead(tuple(columns), remaining, ordered, tuple(assumptions), tuple(bases))


def _with_cliffs(costs: Sequence[Cost], cliffs: Sequence[Fraction]) -> Ahead | Refusal:
    """Return what costs take of which some are due only from a point on: what remains falls there."""
    starts = [ZERO, *cliffs]
    found: list[Ahead] = []
    for start in starts:
        due = [
            replace(cost, reaching=None)
            if cost.reaching is None or cost.reaching.amount <= start
            else replace(cost, reaching=None, above=None, amount=Money(ZERO, cost.reaching.currency))
            for cost in costs
        ]
        ahead = take_costs(due)
        if isinstance(ahead, Refusal):
            return ahead
        found.append(ahead)
    columns = [
        _column(cost, spliced([(start, _taken(ahead, cost)) for start, ahead in zip(starts, found, strict=True)]))
        for cost in costs
        if cost.kind != "holdback"
    ]
    remaining = spliced([(start, ahead.remaining) for start, ahead in zip(starts, found, strict=True)])
    events = [
        (cost.reaching.amount, Cause(f"{_name(cost)} falls due", cost.basis))
        for cost in costs
        if cost.reaching is not None and cost.reaching.amount > 0
    ]
    for index, (start, ahead) in enumerate(zip(starts, found, strict=True)):
        end = starts[index + 1] if index + 1 < len(starts) else None
        events += [event for event in ahead.events if event[0] >= start and (end is None or event[0] < end)]
    said = "A cost that falls due at one amount takes from the owners what they had just below it: payouts may fall."
    assumptions = dict.fromkeys([*(words for ahead in found for words in ahead.assumptions), said])
    return Ahead(tuple(columns), remaining, tuple(sorted(events, key=lambda event: event[0])), tuple(assumptions))


def _taken(ahead: Ahead, cost: Cost) -> Piecewise:
    """Return what a cost takes; nothing if it is not among the columns."""
    name = (cost.kind, ((cost.party, ONE),), cost.basis)
    found = [
        column.amount
        for column, basis in zip(ahead.columns, ahead.bases, strict=True)
        if (column.kind, column.holders, basis) == name
    ]
    return found[0] if found else constant(ZERO)


def held_back(costs: Sequence[Cost], proceeds: Fraction, remaining: Fraction) -> Fraction:
    """Return how much of what remains for the owners is paid to them later.

    Args:
        costs: Those of the entity; only holdbacks count.
        proceeds: Before anything is taken.
        remaining: For the owners.
    """
    total = ZERO
    for cost in costs:
        if cost.kind == "holdback" and (cost.reaching is None or proceeds >= cost.reaching.amount):
            total += _due(cost).at(proceeds)
    return min(total, remaining)


def _fixed(cost: Cost) -> Fraction:
    return cost.amount.amount if isinstance(cost.amount, Money) else ZERO


def _due(cost: Cost) -> Piecewise:
    if isinstance(cost.amount, Money):
        return constant(cost.amount.amount)
    if cost.above is None:
        return proportional(cost.amount)
    over = most(through([(ZERO, -cost.above.amount)], ONE), constant(ZERO))
    return times(over, cost.amount)


def _name(cost: Cost) -> str:
    return f"{cost.kind} to {cost.party}"


def _column(cost: Cost, amount: Piecewise) -> Column:
    return Column(cost.kind, None, ((cost.party, ONE),), amount)
