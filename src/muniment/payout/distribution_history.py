"""What each dated distribution paid by the tiers, and where every tier stood before and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from muniment.book.structure import Basis, Paid, Structure
from muniment.payout.build import Facts, gather
from muniment.payout.distributions import UNCLEAR_CAPACITY, Capacity, Earlier, Pass, Received, Stake, distribute
from muniment.payout.faults import Refusal
from muniment.payout.hurdles import Flow
from muniment.payout.piecewise import ZERO
from muniment.payout.rounding import minor_digits, share_out
from muniment.payout.stakes import stakes_of
from muniment.payout.unclear import DISTRIBUTIONS, inexact_payment


@dataclass(frozen=True, slots=True, kw_only=True)
class TierState:
    """One tier in one distribution.

    Attributes:
        before: What the tier would still have taken before it; None = without end.
        through: What it took.
        after: What it would take after it, on the same day; None = without end.
        payees: (party, class or its own id, amount), in the order of the tier.
    """

    number: int
    text: str
    before: Fraction | None
    through: Fraction
    after: Fraction | None
    payees: tuple[tuple[str, str, Fraction], ...]
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeState:
    """One payee in one distribution.

    Attributes:
        name: The class for which it is paid, or its own id.
        before: What it had received in this capacity before.
        due: What the tiers give it, exact.
        rounded: The same in whole minor units.
        paid: What the book says that it was paid in this capacity.
    """

    party: str
    name: str
    before: Fraction
    due: Fraction
    rounded: Fraction
    paid: Fraction

    @property
    def after(self) -> Fraction:
        """What it has received in this capacity in all."""
        return self.before + self.paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Everything that was distributed on one day.

    Attributes:
        unallocated: What no tier gives to anybody.
        departures: Sentences on payees that were paid otherwise than the tiers say; empty if none was.
    """

    on: date
    amount: Fraction
    tiers: tuple[TierState, ...]
    payees: tuple[PayeeState, ...]
    unallocated: Fraction
    departures: tuple[str, ...]
    because: tuple[Basis, ...]


def payments(structure: Structure, entity_id: str) -> tuple[Paid, ...] | Refusal:
    """Return what an entity has distributed, by day; refused where a day, a payee or an amount is not known."""
    inexact = inexact_payment(structure, entity_id)
    if inexact is not None:
        return inexact
    found = [each for each in structure.paid if each.by == entity_id and each.as_ in DISTRIBUTIONS]
    undated = next((each for each in found if each.on is None), None)
    if undated is not None:
        return Refusal(
            "day unknown",
            f"the day of a distribution to {undated.to} is not known exactly",
            undated.basis,
            "date the record to the day",
        )
    return tuple(sorted(found, key=lambda each: each.on or date.min))


def tiers_on(
    facts: Facts, received: Received, today: date
) -> tuple[tuple[Pass, ...], Mapping[str, Sequence[Stake]], tuple[str, ...]] | Refusal:
    """Return where each tier stands on a day, the stakes it counts, and what is assumed.

    Args:
        facts: What the payouts rest on.
        received: What was paid before, by capacity.
        today: The day to which hurdles grow.
    """
    if facts.open_words:
        return Refusal("open fact", facts.open_words[0], None, "state it exactly")
    stakes = stakes_of(facts.entity, facts.positions, facts.currency, lambda _: False)
    by_party: dict[str, Fraction] = {}
    for (party, _), flows in received.items():
        by_party[party] = by_party.get(party, ZERO) + sum((flow.amount for flow in flows), ZERO)
    earlier = Earlier(by_party, None, today, received)
    outcome = distribute(facts.entity.distribution, stakes, facts.parties, earlier)
    if isinstance(outcome, Refusal):
        return outcome
    return outcome.passes, stakes, outcome.assumptions


def distribution_on(
    facts: Facts, received: Received, today: date, paid: Sequence[Paid]
) -> tuple[Distribution, Received, tuple[str, ...]] | Refusal:
    """Return what the tiers make of the payments of one day, and everything received after it.

    Where a party is paid in several capacities, its payment is read as the tiers divide it; where it was not paid what
    they give it, that division is unknown, and the question is refused.

    Args:
        facts: What the payouts rest on, on that day.
        received: What was paid before, by capacity.
        today: The day.
        paid: What the entity paid on it; at least one.
    """
    found = tiers_on(facts, received, today)
    if isinstance(found, Refusal):
        return found
    passes, _, assumptions = found
    amount = sum((each.amount.amount for each in paid), ZERO)
    states = tuple(_tier_state(each, amount) for each in passes)
    due: dict[Capacity, Fraction] = {}
    for state in states:
        for party, name, part in state.payees:
            due[(party, name)] = due.get((party, name), ZERO) + part
    unallocated = amount - sum(due.values(), ZERO)
    rounded = _round(due, unallocated, amount, facts.currency)
    recorded: dict[str, Fraction] = {}
    for each in paid:
        recorded[each.to] = recorded.get(each.to, ZERO) + each.amount.amount
    unit = Fraction(1, 10 ** minor_digits(facts.currency))
    actual: dict[Capacity, Fraction] = {}
    departures: list[str] = []
    for party in dict.fromkeys([*(party for party, _ in due), *recorded]):
        mine = [capacity for capacity in due if capacity[0] == party] or [(party, party)]
        gets, gave = sum((due.get(each, ZERO) for each in mine), ZERO), recorded.get(party, ZERO)
        departs = abs(gets - gave) >= unit
        if departs:
            departures.append(party)
        if len(mine) > 1 and departs:
            return Refusal(
                UNCLEAR_CAPACITY,
                f"{party} is paid in several capacities, and on {today.isoformat()} not what the tiers give it",
                next((each.basis for each in paid if each.to == party), None),
                "record who is paid in which capacity under ids of their own",
            )
        for capacity in mine[1:]:
            actual[capacity] = due[capacity]
        actual[mine[0]] = gave - sum((actual[each] for each in mine[1:]), ZERO)
    after = {capacity: tuple(flows) for capacity, flows in received.items()}
    payees = []
    for capacity, part in actual.items():
        before = sum((flow.amount for flow in received.get(capacity, ())), ZERO)
        payees.append(
            PayeeState(
                party=capacity[0],
                name=capacity[1],
                before=before,
                due=due.get(capacity, ZERO),
                rounded=rounded.get(capacity, ZERO),
                paid=part,
            )
        )
        if part:
            after[capacity] = (*after.get(capacity, ()), Flow(today, part))
    distribution = Distribution(
        on=today,
        amount=amount,
        tiers=states,
        payees=tuple(payees),
        unallocated=unallocated,
        departures=tuple(departures),
        because=tuple(dict.fromkeys(each.basis for each in paid)),
    )
    return distribution, after, assumptions


def facts_before(structure: Structure, entity_id: str, currency: str | None) -> Facts | Refusal:
    """Return what the payouts of an entity rest on, as `gather` does, where it must have tiers."""
    facts = gather(structure, entity_id, currency)
    if isinstance(facts, Refusal):
        return facts
    if not facts.entity.distribution:
        return Refusal(
            "no tiers",
            f"{entity_id} has no order of distributions on {structure.on.isoformat()}",
            facts.entity.basis.get(""),
            "record it in a 'distribution' block; 'payout' answers for classes of shares",
        )
    return facts


def _tier_state(each: Pass, amount: Fraction) -> TierState:
    through = each.through(amount)
    return TierState(
        number=each.tier.number,
        text=each.tier.text,
        before=each.flow,
        through=through,
        after=None if each.flow is None else each.flow - through,
        payees=tuple((party, name, part * through) for party, name, part in each.parts),
        basis=each.tier.basis,
    )


def _round(
    due: Mapping[Capacity, Fraction], unallocated: Fraction, amount: Fraction, currency: str
) -> dict[Capacity, Fraction]:
    """Round what is due to whole minor units that add up; nothing where the payments themselves are not whole."""
    scale = 10 ** minor_digits(currency)
    if (amount * scale).denominator != 1:
        return dict(due)
    names = list(due)
    amounts = [(f"{party} {name}", due[(party, name)] * scale) for party, name in names]
    units = share_out([*amounts, ("", unallocated * scale)], int(amount * scale))
    return {name: Fraction(count, scale) for name, count in zip(names, units, strict=False)}
