"""Payouts by the tiers of a distribution, counted over everything distributed so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Tier
from muniment.model.values import Money
from muniment.payout.curve import Cause, Column
from muniment.payout.faults import Refusal
from muniment.payout.hurdles import Flow, outstanding
from muniment.payout.piecewise import ONE, ZERO, through

Capacity = tuple[str, str]
"""A party, and the class for which it is paid, or its own id where a tier names it."""


Received = Mapping[Capacity, tuple[Flow, ...]]
"""When each party was paid what, by the capacity in which it was paid."""

UNCLEAR_CAPACITY = "earlier distribution unclear"
"""Kind of the refusal where it is not known in which of several capacities a payee was paid before."""


class Stake(NamedTuple):
    """What one party has in a class that a distribution names.

    Attributes:
        units: Shares or units.
        paid: What it contributed; None if not stated.
        contributed: When each part of it was paid in; None if a day is not known.
    """

    party: str
    units: Fraction
    paid: Fraction | None
    contributed: tuple[Flow, ...] | None = None


class Earlier(NamedTuple):
    """Earlier distributions.

    Attributes:
        received: What each party was paid in all.
        on_days: When each was paid what; None if a day is not known.
        today: The day of the distribution asked for; None if it is not known.
        in_capacity: When each (party, class or its own id) was paid what, where it is known in which capacity; it then
            stands in the place of `received` and `on_days` for all parties. None if it is not known.
    """

    received: Mapping[str, Fraction]
    on_days: Mapping[str, tuple[Flow, ...]] | None = None
    today: date | None = None
    in_capacity: Mapping[Capacity, tuple[Flow, ...]] | None = None


class Pass(NamedTuple):
    """How money flows through one tier as the amount distributed rises.

    Attributes:
        start: The amount at which the tier begins to take.
        flow: How much it takes in all; None = without end.
        parts: (party, class or its own id, part of what the tier takes); parts sum to 1.
    """

    tier: Tier
    start: Fraction
    flow: Fraction | None
    parts: tuple[tuple[str, str, Fraction], ...]

    def through(self, amount: Fraction) -> Fraction:
        """Return how much of `amount` the tier takes."""
        over = max(amount - self.start, ZERO)
        return over if self.flow is None else min(over, self.flow)


class Distributed(NamedTuple):
    """The outcome of a distribution for every amount.

    Attributes:
        columns: One for each position that a tier names; the last is what is unallocated.
        events: (amount, cause), ascending: where one tier ends.
        contradictions: Tiers that are never reached.
        assumptions: Sentences on what the book leaves open.
        passes: One for each tier that is reached, in order.
    """

    columns: tuple[Column, ...]
    events: tuple[tuple[Fraction, Cause], ...]
    contradictions: tuple[Refusal, ...]
    assumptions: tuple[str, ...]
    passes: tuple[Pass, ...] = ()


@dataclass(slots=True)
class _Account:
    """What one position has received, and what it receives as the amount distributed rises."""

    column: tuple[str, str | None, str]
    before: Fraction
    points: list[tuple[Fraction, Fraction]] = field(default_factory=lambda: [(ZERO, ZERO)])
    slope: Fraction = ZERO

    @property
    def paid(self) -> Fraction:
        """What it is paid in this distribution, up to the tier reached so far."""
        return self.points[-1][1]

    def credit(self, begin: Fraction, end: Fraction, amount: Fraction) -> None:
        """Let it rise by `amount` while the amount distributed rises from `begin` to `end`."""
        paid = self.paid
        if self.points[-1][0] == end:
            self.points[-1] = (end, paid + amount)
            return
        if self.points[-1][0] < begin:
            self.points.append((begin, paid))
        self.points.append((end, paid + amount))


class _Limit(NamedTuple):
    """How much flows through a tier (None = without end), and what is due to each holder of its first payee."""

    flow: Fraction | None
    due: Mapping[str, Fraction] | None = None


def distribute(
    tiers: Sequence[Tier],
    stakes: Mapping[str, Sequence[Stake]],
    parties: frozenset[str],
    earlier: Earlier,
) -> Distributed | Refusal:
    """Return who is paid what of each amount distributed, by tiers in order.

    A limit counts what the payee named first in its tier has received in all, earlier distributions and tiers included.
    Holders of a class share in proportion to what remains due to each under that limit, otherwise to units.

    Args:
        tiers: In order; all money in one currency.
        stakes: By class id: who holds it.
        parties: Ids that a tier may name beside classes.
        earlier: What was distributed before.
    """
    accounts = _open_accounts(tiers, stakes, parties, earlier)
    if isinstance(accounts, Refusal):
        return accounts
    start = ZERO
    events: list[tuple[Fraction, Cause]] = []
    assumptions: list[str] = []
    contradictions: list[Refusal] = []
    before = sum(earlier.received.values(), ZERO)
    passes: list[Pass] = []
    ended = False
    for tier in tiers:
        if ended:
            contradictions.append(
                Refusal(
                    "tier never reached",
                    f"tier {tier.number} is never reached",
                    tier.basis,
                    "give the tier before it a limit",
                )
            )
            continue
        limit = _limit(tier, stakes, accounts, start + before, earlier, assumptions)
        if isinstance(limit, Refusal):
            return limit
        flow = limit.flow
        parts: list[tuple[str, str, Fraction]] = []
        for share, name in tier.split:
            for party, part in _weights(name, stakes, limit.due if name == tier.split[0][1] else None):
                parts.append((party, name, share * part))
                account = accounts[(party, name)]
                if flow is None:
                    account.slope += share * part
                elif flow:
                    account.credit(start, start + flow, share * part * flow)
        passes.append(Pass(tier, start, flow, tuple(parts)))
        if flow is None:
            ended = True
        elif flow:
            start += flow
            events.append((start, Cause(f"tier {tier.number}: {tier.text}", tier.basis)))
    columns = [
        Column(kind, class_id, ((party, ONE),), through([*account.points, (start, account.paid)], account.slope))
        for account in accounts.values()
        for kind, class_id, party in (account.column,)
    ]
    columns.append(Column("unallocated", None, (), through([(ZERO, ZERO), (start, ZERO)], ZERO if ended else ONE)))
    return Distributed(
        tuple(columns), tuple(events), tuple(contradictions), tuple(dict.fromkeys(assumptions)), tuple(passes)
    )


def _open_accounts(
    tiers: Sequence[Tier],
    stakes: Mapping[str, Sequence[Stake]],
    parties: frozenset[str],
    earlier: Earlier,
) -> dict[Capacity, _Account] | Refusal:
    accounts: dict[Capacity, _Account] = {}
    for tier in tiers:
        if sum((share for share, _ in tier.split), ZERO) != 1:
            return Refusal("tier not whole", f"the shares of tier {tier.number} do not add up to 100%", tier.basis)
        for _, name in tier.split:
            if name in stakes:
                if not stakes[name]:
                    return Refusal(
                        "class nobody issued",
                        f"tier {tier.number} pays {name}, which nobody holds",
                        tier.basis,
                        f"record who holds {name}",
                    )
                for stake in stakes[name]:
                    accounts.setdefault((stake.party, name), _Account(("class", name, stake.party), ZERO))
            elif name in parties:
                accounts.setdefault((name, name), _Account(("party", None, name), ZERO))
            else:
                return Refusal(
                    "unknown payee", f"tier {tier.number} pays {name}, which is no class and no party", tier.basis
                )
    if earlier.in_capacity is not None:
        for capacity, flows in earlier.in_capacity.items():
            if capacity in accounts:
                accounts[capacity].before = sum((flow.amount for flow in flows), ZERO)
        return accounts
    for party, amount in earlier.received.items():
        mine = [account for (holder, _), account in accounts.items() if holder == party]
        if len(mine) == 1:
            mine[0].before = amount
        elif len(mine) > 1 and amount:
            return Refusal(
                UNCLEAR_CAPACITY,
                f"{party} is paid in several capacities, and the book does not say in which it was paid before",
                tiers[0].basis,
                "record who is paid in which capacity under ids of their own",
            )
    return accounts


def _weights(
    name: str, stakes: Mapping[str, Sequence[Stake]], due: Mapping[str, Fraction] | None
) -> list[tuple[str, Fraction]]:
    """Return (party, part) for a payee: by what is due where that is known and not nothing, else by units."""
    if name not in stakes:
        return [(name, ONE)]
    members = stakes[name]
    if due is not None and (together := sum(due.values(), ZERO)):
        return [(stake.party, due[stake.party] / together) for stake in members]
    units = sum((stake.units for stake in members), ZERO)
    return [(stake.party, stake.units / units) for stake in members]


def _limit(
    tier: Tier,
    stakes: Mapping[str, Sequence[Stake]],
    accounts: Mapping[Capacity, _Account],
    distributed: Fraction,
    earlier: Earlier,
    assumptions: list[str],
) -> _Limit | Refusal:
    if tier.until is None:
        return _Limit(None)
    kind, size = tier.until
    share, first = tier.split[0]
    members = stakes.get(first)
    mine = [account for (_, name), account in accounts.items() if name == first]
    if len(tier.split) > 1:
        assumptions.append(f"The limit of tier {tier.number} counts what {first}, named first, has received in all.")
    if not share:
        return Refusal(
            "tier without end", f"tier {tier.number} pays nothing to {first}, whose limit ends it", tier.basis
        )
    received = sum((account.before + account.paid for account in mine), ZERO)
    if kind == "money" and isinstance(size, Money):
        return _Limit(max(size.amount - received, ZERO) / share)
    if kind == "contributed":
        if members is None:
            return _nothing_contributed(tier, first)
        due: dict[str, Fraction] = {}
        for stake in members:
            if stake.paid is None:
                return _nothing_contributed(tier, stake.party)
            account = accounts[(stake.party, first)]
            due[stake.party] = max(size * stake.paid - account.before - account.paid, ZERO)
        return _Limit(sum(due.values(), ZERO) / share, due)
    if kind == "profit":
        return _catch_up(tier, share, size, stakes, received, distributed)
    if kind == "hurdle" and members is not None:
        found = _hurdle(members, first, size, accounts, earlier)
        if found is not None:
            assumptions.append(
                "Hurdles compound on each anniversary, with simple interest for the days after the last."
            )
            return _Limit(sum(found.values(), ZERO) / share, found)
    return Refusal(
        "hurdle needs dates",
        f"tier {tier.number} ({tier.text}) needs the day of each contribution and payment, which are not at hand",
        tier.basis,
        "state what has accrued as an amount of money",
    )


def _hurdle(
    members: Sequence[Stake],
    first: str,
    rate: Fraction,
    accounts: Mapping[Capacity, _Account],
    earlier: Earlier,
) -> dict[str, Fraction] | None:
    """Return what each holder is still due so that its contributions earn `rate`; None if a day is not known."""
    if earlier.today is None or (earlier.on_days is None and earlier.in_capacity is None):
        return None
    due: dict[str, Fraction] = {}
    for stake in members:
        paid_in, paid_out = stake.contributed, _paid_out(earlier, stake.party, first)
        if paid_in is None or not all(_is_near(flow.on, earlier.today) for flow in (*paid_in, *paid_out)):
            return None
        grown = outstanding(paid_in, paid_out, rate, earlier.today)
        due[stake.party] = max(grown - accounts[(stake.party, first)].paid, ZERO)
    return due


def _paid_out(earlier: Earlier, party: str, name: str) -> tuple[Flow, ...]:
    if earlier.in_capacity is not None:
        return earlier.in_capacity.get((party, name), ())
    return (earlier.on_days or {}).get(party, ())


def _is_near(day: date, today: date) -> bool:
    """Return whether a day is one from which growth can be counted: not later, and within two centuries."""
    return day <= today and today.year < min(day.year + 200, 9999)


def _catch_up(
    tier: Tier,
    share: Fraction,
    part: Fraction,
    stakes: Mapping[str, Sequence[Stake]],
    received: Fraction,
    distributed: Fraction,
) -> _Limit | Refusal:
    """Return how much flows until the first payee has `part` of the profit, which is what exceeds all contributed."""
    contributed = ZERO
    for members in stakes.values():
        for stake in members:
            if stake.paid is None:
                return _nothing_contributed(tier, stake.party)
            contributed += stake.paid
    if distributed < contributed:
        return Refusal(
            "no profit yet",
            f"tier {tier.number} ({tier.text}) comes before the contributions are returned, so there is no profit",
            tier.basis,
            "put a tier 'until 1x contributed' before it",
        )
    missing = part * (distributed - contributed) - received
    if missing <= 0:
        return _Limit(ZERO)
    if share <= part:
        return Refusal("tier without end", f"tier {tier.number} ({tier.text}) never reaches its limit", tier.basis)
    return _Limit(missing / (share - part))


def _nothing_contributed(tier: Tier, party: str) -> Refusal:
    return Refusal(
        "contribution unknown",
        f"tier {tier.number} ({tier.text}) needs what {party} contributed, which is not recorded",
        tier.basis,
        "record the price where its interest was issued ('for USD ...')",
    )
