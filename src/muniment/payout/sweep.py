"""Who is paid what out of one pot, by sweeping the common price.

Each claim is paid in the *form* that gives it most: as preferred, or converted. Along one path of states (first the
preferences are filled in their order, then the price of one common share rises from nothing) what each form pays is
known without asking what the others chose. So the sum over all claims is a rising function of the state, and turning
it round gives the payout for every amount of proceeds at once.

A claim that changed its form alone would move the state a little, in the same direction for all; it gains from that
exactly where the other form already pays more in the state as it stands. So the swept payouts are an equilibrium.
`muniment.payout.certificate` checks this by a second road.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from muniment.payout.piecewise import (
    ONE,
    ZERO,
    Piecewise,
    ascending,
    constant,
    in_all,
    least,
    minus,
    most,
    plus,
    positions,
    reach,
    through,
    values,
)


class Form(NamedTuple):
    """One way in which a claim can be paid.

    Attributes:
        tier: Place of its preference in the order, 1 = paid first; 0 if it has none.
        preference: Due in that tier (money).
        units: Common-equivalent shares with which it shares what is left after all preferences; 0 if it does not.
        cap: Most that preference and sharing may give together (money); None = no cap.
        becomes: Class it is converted into; None if it stays what it is.
        strike: Money to be paid in for this form, as the exercise price of an option is; it enlarges what there is to
            share, and the claim counts what it is paid less the strike.
    """

    tier: int
    preference: Fraction
    units: Fraction
    cap: Fraction | None = None
    becomes: str | None = None
    strike: Fraction = ZERO


class Claim(NamedTuple):
    """What one class, or the holders in it who stand alike, may claim.

    Attributes:
        class_id: The class.
        forms: Ways to be paid, the unconverted one first; never empty.
        return_cap: Most it may keep in whichever form (money, net of earlier distributions); None = no cap.
        excess_goes_out: Above the return cap the claim still draws, but for a beneficiary (`excess to X`); otherwise
            it stops drawing and the others share the rest (`released`).
        pool: Claims of one pool keep at most `return_cap` together; it and `excess_goes_out` are the same in each.
    """

    class_id: str
    forms: tuple[Form, ...]
    return_cap: Fraction | None = None
    excess_goes_out: bool = False
    pool: str | None = None

    @property
    def is_option(self) -> bool:
        """Whether its first form is to take nothing: an option that is not exercised."""
        first = self.forms[0]
        return not first.tier and not first.units and len(self.forms) > 1


class Event(NamedTuple):
    """Something that happens to claims at one amount of proceeds.

    Attributes:
        kind: ``preference paid``, ``converts``, ``participation cap``, ``return cap``, ``exercises`` or ``does not
            convert``.
        claims: Indices of the claims, ascending.
        becomes: For ``converts`` and ``exercises``: the class.
    """

    kind: str
    claims: tuple[int, ...]
    becomes: str | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Payouts as functions of the proceeds.

    Attributes:
        takes: What each claim keeps; in the order of the claims.
        excesses: What each claim draws for its beneficiary; in the order of the claims.
        unallocated: What nobody may have, because all who share are capped.
        events: (proceeds, event), ascending.
        forms: What each form of each claim would pay, as functions of the state.
        total: What all claims draw together, as a function of the state.
        stops: For each claim the state at which it stops to draw since its pool is full; None if it does not.
    """

    takes: tuple[Piecewise, ...]
    excesses: tuple[Piecewise, ...]
    unallocated: Piecewise
    events: tuple[tuple[Fraction, Event], ...]
    forms: tuple[tuple[Piecewise, ...], ...]
    total: Piecewise
    stops: tuple[Fraction | None, ...] = ()

    def choices(self, proceeds: Fraction) -> list[int]:
        """Return for each claim the index of the form in which it is paid; the first of equals."""
        state = reach(self.total, proceeds)
        if state is None:
            state = self.total.knots[-1][0] + 1
        chosen = []
        for number, forms in enumerate(self.forms):
            stop = self.stops[number] if self.stops else None
            paid = [form.at(state if stop is None else min(state, stop)) for form in forms]
            chosen.append(paid.index(max(paid)))
        return chosen


def form_by_state(form: Form, tiers: int) -> Piecewise:
    """Return what a form pays as a function of the state.

    State s in [k - 1, k] means that tier k is filled to s - (k - 1) of its sum; s >= `tiers` means that one common
    share is worth s - `tiers`. A cap below the preference limits the preference itself. A strike is taken off, so that
    the form may pay less than nothing.
    """
    if form.strike:
        gross = form_by_state(form._replace(strike=ZERO), tiers)
        return Piecewise(tuple((x, y - form.strike) for x, y in gross.knots), gross.slope)
    preference = form.preference if form.cap is None else min(form.preference, form.cap)
    points = [(ZERO, ZERO)]
    if form.tier and preference:
        points += [(Fraction(form.tier - 1), ZERO), (Fraction(form.tier), preference)]
    points.append((Fraction(tiers), preference if form.tier else ZERO))
    if form.cap is None or not form.units:
        return through(points, form.units)
    capped_at = tiers + (form.cap - points[-1][1]) / form.units
    return through([*points, (capped_at, form.cap)], ZERO)


def sweep(claims: Sequence[Claim], tiers: int) -> Sweep:
    """Return the payouts of `claims` for every amount of proceeds.

    Args:
        claims: Who may claim. All money in one currency.
        tiers: Number of tiers of preferences.

    Source:
        The common-price sweep; exact for any mix of preferences, participation, caps and conversion.

    Example:
        >>> preferred = Claim("a", (Form(1, Fraction(3), ZERO), Form(0, ZERO, Fraction(2), becomes="common")))
        >>> swept = sweep([preferred, Claim("common", (Form(0, ZERO, Fraction(6)),))], tiers=1)
        >>> [str(take.at(Fraction(10))) for take in swept.takes]
        ['3', '7']
        >>> [str(x) for x, _ in swept.events]
        ['3', '12']
    """
    forms = [[form_by_state(form, tiers) for form in claim.forms] for claim in claims]
    bests: list[Piecewise] = []
    for choices in forms:
        best = choices[0]
        for other in choices[1:]:
            best = most(best, other)
        bests.append(best)
    full = _full(claims, bests)
    drawn: list[Piecewise] = []
    kept: list[Piecewise] = []
    for claim, best, end in zip(claims, bests, full, strict=True):
        limited = best
        if end is not None:
            limited = _frozen(best, end)
        elif claim.pool is None and claim.return_cap is not None:
            limited = least(best, constant(claim.return_cap))
        kept.append(limited)
        drawn.append(best if claim.excess_goes_out else limited)
    knots = [
        [x for x, _ in gross.knots] if gross is take else positions((gross, take))
        for gross, take in zip(drawn, kept, strict=True)
    ]
    knots = [own if end is None else ascending([*own, end]) for own, end in zip(knots, full, strict=True)]
    states = ascending([*(Fraction(tier) for tier in range(tiers + 1)), *(x for own in knots for x in own)])
    heights = [values(function, states) for function in drawn]
    sums = [in_all(column) for column in zip(*heights, strict=True)] or [ZERO] * len(states)
    total = through(zip(states, sums, strict=True), sum((function.slope for function in drawn), ZERO))
    takes: list[Piecewise] = []
    excesses: list[Piecewise] = []
    for claim, gross, take, column in zip(claims, drawn, kept, heights, strict=True):
        pays = _by_proceeds(gross, column, sums, total.slope)
        keeps = _by_proceeds(take, values(take, states), sums, total.slope) if claim.excess_goes_out else pays
        takes.append(keeps)
        excesses.append(minus(pays, keeps) if claim.excess_goes_out else constant(ZERO))
    unallocated = constant(ZERO) if total.slope else through([(ZERO, ZERO), (sums[-1], ZERO)], ONE)
    events = _events(claims, forms, knots, full, dict(zip(states, sums, strict=True)))
    stops = tuple(None if claim.excess_goes_out else end for claim, end in zip(claims, full, strict=True))
    by_form = tuple(tuple(each) for each in forms)
    return Sweep(tuple(takes), tuple(excesses), unallocated, events, by_form, total, stops)


def _full(claims: Sequence[Claim], bests: Sequence[Piecewise]) -> list[Fraction | None]:
    """Return for each claim of a pool the state at which the pool has what it may keep."""
    pools: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        if claim.pool is not None:
            pools.setdefault(claim.pool, []).append(number)
    full: list[Fraction | None] = [None] * len(claims)
    for numbers in pools.values():
        limit = claims[numbers[0]].return_cap
        if limit is not None:
            state = reach(plus([bests[number] for number in numbers]), limit)
            for number in numbers:
                full[number] = state
    return full


def _frozen(function: Piecewise, end: Fraction) -> Piecewise:
    """Return a continuous function that from `end` on stays as it is there."""
    return through([*((x, y) for x, y in function.knots if x < end), (end, function.at(end))], ZERO)


def _by_proceeds(
    function: Piecewise, heights: Sequence[Fraction], sums: Sequence[Fraction], slope: Fraction
) -> Piecewise:
    """Turn a function of the state into one of the proceeds; where the sum is flat, so is every part of it."""
    return through(zip(sums, heights, strict=True), function.slope / slope if slope else ZERO)


class _Standing(NamedTuple):
    form: int
    capped: bool
    limited: bool


_KINDS = ("preference paid", "converts", "participation cap", "return cap", "exercises")


def _events(
    claims: Sequence[Claim],
    forms: Sequence[Sequence[Piecewise]],
    knots: Sequence[Sequence[Fraction]],
    full: Sequence[Fraction | None],
    proceeds: Mapping[Fraction, Fraction],
) -> tuple[tuple[Fraction, Event], ...]:
    """Compare how each claim stands before and after each of its knots.

    Args:
        claims: The claims.
        forms: What each form would pay by state.
        knots: For each claim the states at which it bends, ascending.
        full: For each claim of a pool the state at which the pool is full.
        proceeds: The proceeds at each state.
    """
    happened: dict[tuple[Fraction, int, str | None], list[int]] = {}
    for number, (claim, choices, own, end) in enumerate(zip(claims, forms, knots, full, strict=True)):
        middles = [_middle(a, b) for a, b in pairwise(own)] + [own[-1] + 1]
        standings = _standings(claim, choices, middles, end)
        for state, (before, after) in zip(own[1:], pairwise(standings), strict=True):
            if after.form != before.form:
                new = claim.forms[after.form]
                exercised = claim.is_option and before.form == 0
                happened.setdefault((state, 4 if exercised else 1, new.becomes), []).append(number)
            elif after.capped and not before.capped:
                happened.setdefault((state, 2, None), []).append(number)
            if after.limited and not before.limited:
                happened.setdefault((state, 3, None), []).append(number)
        for index, form in enumerate(claim.forms):
            end = Fraction(form.tier)
            if form.tier and form.preference and standings[bisect_left(own, end) - 1].form == index:
                happened.setdefault((end, 0, None), []).append(number)
    return tuple(
        (proceeds[state], Event(_KINDS[kind], tuple(numbers), becomes))
        for (state, kind, becomes), numbers in sorted(happened.items(), key=lambda item: item[0][:2])
    )


def _middle(first: Fraction, second: Fraction) -> Fraction:
    (a, b), (c, d) = first.as_integer_ratio(), second.as_integer_ratio()
    return Fraction(a * d + c * b, 2 * b * d)


def _standings(
    claim: Claim, choices: Sequence[Piecewise], middles: Sequence[Fraction], full: Fraction | None
) -> list[_Standing]:
    if len(choices) == 1 and claim.forms[0].cap is None and claim.return_cap is None:
        return [_Standing(0, capped=False, limited=False)] * len(middles)
    columns = [values(choice, middles) for choice in choices]
    found: list[_Standing] = []
    for middle, row in zip(middles, zip(*columns, strict=True), strict=True):
        best = max(row)
        form = row.index(best)
        cap = claim.forms[form].cap
        if claim.pool is None:
            limited = claim.return_cap is not None and best >= claim.return_cap
        else:
            limited = full is not None and middle > full
        found.append(_Standing(form, cap is not None and best >= cap, limited))
    return found
