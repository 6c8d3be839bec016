"""A second road to the same payouts, for checking: fix every choice, pour the money, and see who would rather switch.

Nothing here uses the sweep. `pour` gives each tier its due in order and then lets the rest rise evenly over the shares,
taking out whoever is full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from muniment.payout.piecewise import ZERO, Piecewise
from muniment.payout.sweep import Claim, Sweep


def pour(
    claims: Sequence[Claim], choices: Sequence[int], proceeds: Fraction
) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """Return what each claim keeps, what it draws for a beneficiary, and what is left over.

    Of the claims of one pool only what they keep together, and draw together, has a meaning. Strikes of the chosen
    forms are added to the proceeds, and taken off what their claims keep, which may so be less than nothing.

    Args:
        claims: Who may claim.
        choices: For each claim the index of the form in which it is paid.
        proceeds: Money to pay out.
    """
    forms = [claim.forms[choice] for claim, choice in zip(claims, choices, strict=True)]
    limits: list[Fraction | None] = []
    for claim, form in zip(claims, forms, strict=True):
        bounds = [form.cap, None if claim.excess_goes_out or claim.pool is not None else claim.return_cap]
        stated = [bound for bound in bounds if bound is not None]
        limits.append(min(stated) if stated else None)
    pools = _pools(claims)
    shared = [_Shared(limit, members) for members, limit, goes_out in pools if not goes_out]
    drawn = [ZERO] * len(claims)
    left = proceeds + sum((form.strike for form in forms), ZERO)
    for tier in sorted({form.tier for form in forms if form.tier}):
        left = _pay_tier(
            drawn,
            left,
            [i for i, form in enumerate(forms) if form.tier == tier],
            [form.preference for form in forms],
            [form.cap for form in forms],
            limits,
            shared,
        )
    units = [form.units for form in forms]
    left = _share_in_pools(drawn, left, units, limits, shared) if shared else _share_rest(drawn, left, units, limits)
    kept = [
        amount if claim.return_cap is None or claim.pool is not None else min(amount, claim.return_cap)
        for claim, amount in zip(claims, drawn, strict=True)
    ]
    for members, limit, _ in pools:
        room = limit
        for i in members:
            kept[i] = min(kept[i], room)
            room -= kept[i]
    over = [all_drawn - take for all_drawn, take in zip(drawn, kept, strict=True)]
    return [take - form.strike for take, form in zip(kept, forms, strict=True)], over, left


class _Shared(NamedTuple):
    """What some claims may draw together."""

    limit: Fraction
    members: tuple[int, ...]

    def room(self, drawn: Sequence[Fraction]) -> Fraction:
        return self.limit - sum((drawn[i] for i in self.members), ZERO)


def _pools(claims: Sequence[Claim]) -> list[tuple[tuple[int, ...], Fraction, bool]]:
    """Return for each pool with a limit its claims, the limit, and whether the excess goes to a beneficiary."""
    found: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        if claim.pool is not None and claim.return_cap is not None:
            found.setdefault(claim.pool, []).append(number)
    return [
        (tuple(numbers), claims[numbers[0]].return_cap or ZERO, claims[numbers[0]].excess_goes_out)
        for numbers in found.values()
    ]


def _in_full_pools(shared: Sequence[_Shared], drawn: Sequence[Fraction]) -> set[int]:
    return {i for each in shared if each.room(drawn) <= 0 for i in each.members}


def _pay_tier(
    drawn: list[Fraction],
    left: Fraction,
    members: Sequence[int],
    preferences: Sequence[Fraction],
    caps: Sequence[Fraction | None],
    limits: Sequence[Fraction | None],
    shared: Sequence[_Shared] = (),
) -> Fraction:
    """Fill one tier: all rise at the pace of what is due to them, and whoever reaches its limit stops."""
    due = {i: preferences[i] if (cap := caps[i]) is None else min(preferences[i], cap) for i in members}
    active = {i for i in members if due[i] > 0} - _in_full_pools(shared, drawn)
    filled = ZERO
    while active and left > 0 and filled < 1:
        steps = [1 - filled]
        for i in active:
            limit = limits[i]
            if limit is not None:
                steps.append((limit - drawn[i]) / due[i])
        for each in shared:
            together = sum((due[i] for i in each.members if i in active), ZERO)
            if together:
                steps.append(each.room(drawn) / together)
        pace = sum((due[i] for i in active), ZERO)
        step = min(min(steps), left / pace)
        for i in active:
            drawn[i] += step * due[i]
        left -= step * pace
        filled += step
        active = {i for i in active if (limit := limits[i]) is None or drawn[i] < limit}
        active -= _in_full_pools(shared, drawn)
    return left


def _share_in_pools(
    drawn: list[Fraction],
    left: Fraction,
    units: Sequence[Fraction],
    limits: Sequence[Fraction | None],
    shared: Sequence[_Shared],
) -> Fraction:
    """Share what is left by units, where some claims stop together."""
    while left > 0:
        active = {
            i for i, count in enumerate(units) if count and ((limit := limits[i]) is None or drawn[i] < limit)
        } - _in_full_pools(shared, drawn)
        if not active:
            return left
        steps = [left / sum((units[i] for i in active), ZERO)]
        steps += [(limit - drawn[i]) / units[i] for i in active if (limit := limits[i]) is not None]
        for each in shared:
            together = sum((units[i] for i in each.members if i in active), ZERO)
            if together:
                steps.append(each.room(drawn) / together)
        for i in active:
            drawn[i] += min(steps) * units[i]
            left -= min(steps) * units[i]
    return left


def _share_rest(
    drawn: list[Fraction], left: Fraction, units: Sequence[Fraction], limits: Sequence[Fraction | None]
) -> Fraction:
    """Share what is left by units; whoever reaches its limit stops."""
    full_at: list[tuple[Fraction, int]] = []
    pool = ZERO
    for i, count in enumerate(units):
        limit = limits[i]
        if not count or (limit is not None and drawn[i] >= limit):
            continue
        pool += count
        if limit is not None:
            full_at.append(((limit - drawn[i]) / count, i))
    full_at.sort()
    in_pool = {i for i, count in enumerate(units) if count and ((limit := limits[i]) is None or drawn[i] < limit)}
    price = ZERO
    for stop, i in full_at:
        needed = (stop - price) * pool
        if needed > left:
            break
        left -= needed
        price = stop
        pool -= units[i]
        in_pool.discard(i)
        drawn[i] += price * units[i]
    if in_pool and left:
        price += left / pool
        left = ZERO
    for i in in_pool:
        drawn[i] += price * units[i]
    return left


def _gains(claims: Sequence[Claim], choices: Sequence[int], proceeds: Fraction) -> Iterable[tuple[int, int]]:
    """Yield (claim, form) for every switch that gains, counting what the claim draws for a beneficiary as its own.

    A holder above a return cap would otherwise be indifferent, and the payouts of the others would hang on its whim. A
    claim of a pool gains only if its pool does too: what it takes from its own sisters is no gain.
    """
    kept, excess, _ = pour(claims, choices, proceeds)
    for number, claim in enumerate(claims):
        for other in range(len(claim.forms)):
            if other == choices[number]:
                continue
            switched = [*choices[:number], other, *choices[number + 1 :]]
            new_kept, new_excess, _ = pour(claims, switched, proceeds)
            sisters = [i for i, each in enumerate(claims) if each.pool == claim.pool] if claim.pool else [number]
            if new_kept[number] + new_excess[number] > kept[number] + excess[number] and sum(
                new_kept[i] + new_excess[i] for i in sisters
            ) > sum(kept[i] + excess[i] for i in sisters):
                yield number, other


def equilibria(claims: Sequence[Claim], proceeds: Fraction) -> list[tuple[Fraction, ...]]:
    """Return every payout in which no claim gains by switching alone, by trying all choices. At most 4,096 of them."""
    count = 1
    for claim in claims:
        count *= len(claim.forms)
    if count > 4096:
        raise ValueError(f"{count} combinations of choices are too many to try; at most 4,096")
    found: list[tuple[Fraction, ...]] = []
    for choices in product(*(range(len(claim.forms)) for claim in claims)):
        kept = tuple(pour(claims, choices, proceeds)[0])
        if kept not in found and not any(True for _ in _gains(claims, choices, proceeds)):
            found.append(kept)
    return found


def verify_sweep(claims: Sequence[Claim], swept: Sweep, proceeds: Fraction) -> list[str]:
    """Return what is wrong with a sweep at `proceeds`; empty if nothing is.

    Pours the money under the choices that the sweep made, and under each of them changed alone.
    """
    choices = swept.choices(proceeds)
    kept, excesses, left = pour(claims, choices, proceeds)
    if _by_pool(claims, kept) != _by_pool(claims, [take.at(proceeds) for take in swept.takes]):
        return [f"pouring {proceeds} under the same choices pays otherwise"]
    gains = [claims[number].class_id for number, _ in _gains(claims, choices, proceeds)]
    if gains:
        return [f"{class_id} would gain by the other choice at {proceeds}" for class_id in gains]
    if _by_pool(claims, excesses) != _by_pool(claims, [excess.at(proceeds) for excess in swept.excesses]):
        return [f"what goes beyond the return caps differs at {proceeds}"]
    if left != swept.unallocated.at(proceeds):
        return [f"what is unallocated differs at {proceeds}"]
    return []


def _by_pool(claims: Sequence[Claim], amounts: Sequence[Fraction]) -> list[Fraction]:
    """Return the amounts of claims that stand alone and the sums of pools."""
    found: dict[str | int, Fraction] = {}
    for number, (claim, amount) in enumerate(zip(claims, amounts, strict=True)):
        key = claim.pool if claim.pool is not None else number
        found[key] = found.get(key, ZERO) + amount
    return list(found.values())


def verify_columns(columns: Sequence[Piecewise], proceeds: Sequence[Fraction], monotone: bool = True) -> list[str]:
    """Return what is wrong with columns of a curve: together they must be the proceeds, on both sides of a jump.

    Args:
        columns: The columns.
        proceeds: Where to look beside their knots.
        monotone: Whether no column may fall; not so where payouts may jump.
    """
    faults = [
        f"column {number} falls as proceeds rise"
        for number, column in enumerate(columns, 1)
        if monotone and not column.is_non_decreasing()
    ]
    jumps = {x for column in columns for x in column.jumps()}
    points = sorted({*proceeds, *(x for column in columns for x, _ in column.knots)})
    faults += [
        f"payouts at {point} do not add up to it"
        for point in points
        if sum((column.at(point) for column in columns), ZERO) != point
        or (point in jumps and sum((column.before(point) for column in columns), ZERO) != point)
    ]
    if sum((column.slope for column in columns), ZERO) != 1:
        faults.append("beyond the last breakpoint payouts do not add up to the proceeds")
    return faults
