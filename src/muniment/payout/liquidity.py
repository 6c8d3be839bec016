"""Who is paid what where the number of shares hangs on who converts, as with post-money SAFEs at a sale.

The shares that such a SAFE gets are a part of the capitalization, and the capitalization counts only those who convert.
So what one gains by converting depends on the others, there may be several equilibria, and payouts may jump. For every
combination of choices the payouts are swept; the stretches of proceeds on which nobody gains by choosing otherwise are
then found exactly. Where there are several equilibria, the greatest is taken: the one in which most convert.

What converts at a discount is counted too. It gets shares of a fixed worth, and so fewer of them the higher the price;
a part of the capitalization is then a part of that worth beside a part of the shares whose number is fixed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import NamedTuple

from muniment.payout.certificate import pour, verify_sweep
from muniment.payout.piecewise import ONE, ZERO, Piecewise, minus, positions, spliced
from muniment.payout.sweep import Claim, Event, Form, Sweep, sweep

MOST_COMBINATIONS = 512
"""Combinations of choices beyond which no answer is given."""

Vector = tuple[int, ...]
"""For each claim the index of its form; 0 for claims that do not choose here, as options."""

Stretch = tuple[Fraction, Fraction | None]
"""From and to, both included; None = without end."""


class Game(NamedTuple):
    """Claims of which some get a part of the capitalization.

    Attributes:
        claims: The claims; the units of a form in `parts` are not used.
        tiers: Number of tiers of preferences.
        fixed: Shares that the capitalization counts whoever converts: common shares and options outstanding.
        counted: By (claim, form): shares that it counts if that form is chosen.
        parts: By (claim, form): the part of the capitalization that is got in that form, over 0 and below 1.
        worth: (claim, form) of forms that get shares worth the form's preference, all of one tier, the last: the
            capitalization counts as many shares as that is worth at the price of the sale.

    Source:
        Y Combinator, Post-Money SAFE (Valuation Cap), s. 2, "Liquidity Capitalization" and "Liquidity Price".
    """

    claims: tuple[Claim, ...]
    tiers: int
    fixed: Fraction
    counted: Mapping[tuple[int, int], Fraction]
    parts: Mapping[tuple[int, int], Fraction]
    worth: frozenset[tuple[int, int]] = frozenset()

    def deciders(self) -> list[int]:
        """Return the claims whose choice may change the capitalization: all that choose, but options."""
        return [number for number, claim in enumerate(self.claims) if len(claim.forms) > 1 and not claim.is_option]

    def combinations(self) -> int:
        """Return in how many ways the deciders can choose together."""
        count = 1
        for number in self.deciders():
            count *= len(self.claims[number].forms)
        return count

    def shares(self, vector: Vector) -> Fraction:
        """Return the shares in fixed number that are counted under given choices."""
        return sum((count for (number, form), count in self.counted.items() if vector[number] == form), self.fixed)

    def at_a_discount(self, vector: Vector) -> list[tuple[int, Form]]:
        """Return the claims that under given choices get shares of a fixed worth, with their forms."""
        return [(number, self.claims[number].forms[form]) for number, form in self.worth if vector[number] == form]

    def rest(self, vector: Vector) -> Fraction:
        """Return the part of the capitalization that is left beside the parts got under given choices."""
        return ONE - sum((part for (number, form), part in self.parts.items() if vector[number] == form), ZERO)

    def capitalization(self, vector: Vector, price: Fraction) -> Fraction | None:
        """Return all shares that are counted under given choices at a price of one share.

        None where that is no number: the parts reach the whole, or a share is worth nothing and something is got at a
        discount on that.
        """
        rest = self.rest(vector)
        worth = sum((form.preference for _, form in self.at_a_discount(vector)), ZERO)
        if rest <= 0 or (worth and not price):
            return None
        return (self.shares(vector) + (worth / price if worth else ZERO)) / rest

    def under(self, vector: Vector) -> tuple[Claim, ...] | None:
        """Return the claims with the choices of their deciders made, and shares in place of parts."""
        rest = self.rest(vector)
        if rest <= 0:
            return None
        shares, discounted = self.shares(vector), self.at_a_discount(vector)
        worth = sum((form.preference for _, form in discounted), ZERO)
        last = max((form.tier for _, form in discounted), default=0)
        deciding = set(self.deciders())
        made: list[Claim] = []
        for number, claim in enumerate(self.claims):
            if number not in deciding:
                made.append(claim)
                continue
            form = claim.forms[vector[number]]
            part = self.parts.get((number, vector[number]))
            if part is not None:
                # Of T shares counted, worth p each, part * T * p, where T = (shares + worth / p + the parts of T).
                form = form._replace(tier=last, preference=part * worth / rest, units=part * shares / rest)
            made.append(claim._replace(forms=(form,)))
        return tuple(made)


class Regime(NamedTuple):
    """The payouts under one combination of choices.

    Attributes:
        vector: The choices.
        claims: With those choices made; options still choose.
        swept: Payouts for all proceeds.
        holds: Where nobody gains by choosing otherwise.
    """

    vector: Vector
    claims: tuple[Claim, ...]
    swept: Sweep
    holds: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Liquidity:
    """The payouts of a game.

    Attributes:
        pieces: (from which proceeds, regime), ascending; the first from 0. None where no choices are an equilibrium.
        regimes: Every combination that is possible, by vector.
        greatest: Whether wherever there are several equilibria, one has all the conversions of the others.
    """

    game: Game
    pieces: tuple[tuple[Fraction, Regime | None], ...]
    regimes: Mapping[Vector, Regime]
    greatest: bool

    def gap(self) -> Fraction | None:
        """Return the least proceeds from which there is no equilibrium; None if there always is one."""
        return next((start for start, regime in self.pieces if regime is None), None)

    def at(self, proceeds: Fraction) -> Regime:
        """Return the regime that is taken at `proceeds`.

        Raises:
            ValueError: If there is none.
        """
        regime = self.pieces[bisect_right([start for start, _ in self.pieces], proceeds) - 1][1]
        if regime is None:
            raise ValueError(f"no choices are an equilibrium at {proceeds}")
        return regime

    def others(self, proceeds: Fraction) -> list[Regime]:
        """Return the equilibria at `proceeds` that pay otherwise than the one taken, each payout once."""
        paid = [_payouts(self.at(proceeds), proceeds)]
        found: list[Regime] = []
        for regime in self.regimes.values():
            own = _payouts(regime, proceeds)
            if _holds_at(regime, proceeds) and own not in paid:
                paid.append(own)
                found.append(regime)
        return found

    def otherwise(self, number: int, proceeds: Fraction) -> list[tuple[int, Fraction]]:
        """Return what a claim would get by each other form, all others choosing as they do: (form, amount)."""
        vector = self.at(proceeds).vector
        found = []
        for form in range(len(self.game.claims[number].forms)):
            switched = self.regimes.get((*vector[:number], form, *vector[number + 1 :]))
            if form != vector[number] and switched is not None:
                found.append((form, switched.swept.takes[number].at(proceeds)))
        return found

    def take(self, number: int) -> Piecewise:
        """Return what a claim keeps, as a function of the proceeds; with jumps."""
        return spliced([(start, regime.swept.takes[number]) for start, regime in self.pieces if regime is not None])

    def excess(self, number: int) -> Piecewise:
        """Return what a claim draws for its beneficiary, as a function of the proceeds; with jumps."""
        return spliced([(start, regime.swept.excesses[number]) for start, regime in self.pieces if regime is not None])

    def unallocated(self) -> Piecewise:
        """Return what nobody may have, as a function of the proceeds."""
        return spliced([(start, regime.swept.unallocated) for start, regime in self.pieces if regime is not None])

    def events(self) -> list[tuple[Fraction, Event]]:
        """Return what happens where, ascending: the events of each regime, and the changes between them."""
        found: list[tuple[Fraction, Event]] = []
        before: Regime | None = None
        for index, (start, regime) in enumerate(self.pieces):
            if regime is None:
                continue
            end = self.pieces[index + 1][0] if index + 1 < len(self.pieces) else None
            if before is not None:
                found += [(start, event) for event in _changes(self.game.claims, before.vector, regime.vector)]
            found += [(x, event) for x, event in regime.swept.events if x >= start and (end is None or x < end)]
            before = regime
        return found

    def verify(self, proceeds: Fraction) -> list[str]:
        """Return what is wrong at `proceeds`; empty if nothing is.

        Pours the money under the choices taken, and under each choice changed alone. After such a change options are
        exercised again where that pays.
        """
        regime = self.at(proceeds)
        faults = verify_sweep(regime.claims, regime.swept, proceeds)
        kept = pour(regime.claims, regime.swept.choices(proceeds), proceeds)[0]
        faults += self._parts_not_got(regime, kept, proceeds)
        for number in self.game.deciders():
            vector = regime.vector
            for form in range(len(self.game.claims[number].forms)):
                switched = self.regimes.get((*vector[:number], form, *vector[number + 1 :]))
                if form == vector[number] or switched is None:
                    continue
                faults += verify_sweep(switched.claims, switched.swept, proceeds)
                gained = pour(switched.claims, switched.swept.choices(proceeds), proceeds)[0][number]
                if gained > kept[number]:
                    faults.append(f"{self.game.claims[number].class_id} would gain by another choice at {proceeds}")
        return faults

    def _parts_not_got(self, regime: Regime, kept: Sequence[Fraction], proceeds: Fraction) -> list[str]:
        """Return who does not get its part of what all shares counted are worth; the price is that of plain shares."""
        priced = (
            kept[number] / claim.forms[0].units
            for number, claim in enumerate(regime.claims)
            if len(claim.forms) == 1
            and claim.return_cap is None
            and claim.pool is None
            and (number, regime.vector[number]) not in self.game.parts
            and claim.forms[0].units
            and not claim.forms[0].tier
            and claim.forms[0].cap is None
        )
        price = next(priced, None)
        if price is None:
            return []
        got = {number: part for (number, form), part in self.game.parts.items() if regime.vector[number] == form}
        counted = self.game.shares(regime.vector) * price
        counted += sum((kept[number] for number, _ in self.game.at_a_discount(regime.vector)), ZERO)
        counted += sum((kept[number] for number in got), ZERO)
        return [
            f"{self.game.claims[number].class_id} does not get its part of the capitalization at {proceeds}"
            for number, part in got.items()
            if kept[number] != part * counted
        ]


def equilibria_by_proceeds(game: Game) -> Liquidity:
    """Return the payouts of a game for every amount of proceeds, in its greatest equilibrium.

    Args:
        game: At most `MOST_COMBINATIONS` combinations of choices.

    Raises:
        ValueError: If there are more.

    Example:
        Two SAFEs, 1M and 2M, each with a cap of 10M after the money, beside 8M shares; sold for 10.5M.

        >>> from muniment.payout.sweep import Form
        >>> safe = lambda name, amount: Claim(name, (Form(1, Fraction(amount), ZERO), Form(0, ZERO, ZERO)))
        >>> common = Claim("common", (Form(0, ZERO, Fraction(8_000_000)),))
        >>> game = Game((common, safe("one", 1_000_000), safe("two", 2_000_000)), 1, Fraction(8_000_000), {},
        ...             {(1, 1): Fraction(1, 10), (2, 1): Fraction(2, 10)})
        >>> found = equilibria_by_proceeds(game)
        >>> str(found.take(0).at(Fraction(10_500_000)))
        '7350000'
        >>> [str(each.swept.takes[0].at(Fraction(10_500_000))) for each in found.others(Fraction(10_500_000))]
        ['7500000']
        >>> str(found.take(0).before(Fraction(10_000_000))), str(found.take(0).at(Fraction(10_000_000)))
        ('7000000', '7000000')
    """
    count = game.combinations()
    if count > MOST_COMBINATIONS:
        raise ValueError(f"{count} combinations of choices are too many; at most {MOST_COMBINATIONS}")
    deciders = set(game.deciders())
    options = [range(len(claim.forms)) if number in deciders else range(1) for number, claim in enumerate(game.claims)]
    swept: dict[Vector, tuple[tuple[Claim, ...], Sweep]] = {}
    for vector in product(*options):
        claims = game.under(vector)
        if claims is not None:
            swept[vector] = (claims, sweep(claims, game.tiers))
    regimes: dict[Vector, Regime] = {}
    for vector, (claims, payouts) in swept.items():
        holds: list[Stretch] = [(ZERO, None)]
        for number in sorted(deciders):
            for form in range(len(game.claims[number].forms)):
                other = swept.get((*vector[:number], form, *vector[number + 1 :]))
                if form != vector[number] and other is not None and holds:
                    gain = minus(other[1].takes[number], payouts.takes[number])
                    holds = _both(holds, _where_not_positive(gain))
        regimes[vector] = Regime(vector, claims, payouts, tuple(holds))
    return _chosen(game, regimes)


def _chosen(game: Game, regimes: Mapping[Vector, Regime]) -> Liquidity:
    """Take the greatest equilibrium on every stretch between two amounts at which anything changes."""
    able = [regime for regime in regimes.values() if regime.holds]
    ends = {ZERO, *positions(take for regime in able for take in regime.swept.takes)}
    ends |= {end for regime in able for stretch in regime.holds for end in stretch if end is not None}
    ordered = sorted(ends)
    pieces: list[tuple[Fraction, Regime | None]] = []
    greatest = True
    for start, end in [*pairwise(ordered), (ordered[-1], None)]:
        inner = (start + 1, start + 2) if end is None else ((2 * start + end) / 3, (start + 2 * end) / 3)
        there = [regime for regime in able if _holds_at(regime, inner[0])]
        if not there:
            taken = None
        else:
            top = max(there, key=lambda regime: (_conversions(game, regime.vector), regime.vector))
            alike = [each for each in there if all(_payouts(each, x) == _payouts(top, x) for x in inner)]
            taken = min(alike, key=lambda regime: (_conversions(game, regime.vector), regime.vector))
            greatest &= all(_includes(game, top.vector, each.vector) for each in there)
        if not pieces or pieces[-1][1] is not taken:
            pieces.append((start, taken))
    return Liquidity(game, tuple(pieces), regimes, greatest)


def _conversions(game: Game, vector: Vector) -> tuple[int, int]:
    """Return how many that get a part convert, and how many convert in all."""
    parts = {number for number, _ in game.parts}
    return sum(1 for number in parts if vector[number]), sum(1 for choice in vector if choice)


def _includes(game: Game, great: Vector, small: Vector) -> bool:
    parts = {number for number, _ in game.parts}
    return all(great[number] or not small[number] for number in parts)


def _payouts(regime: Regime, proceeds: Fraction) -> tuple[Fraction, ...]:
    return tuple(take.at(proceeds) for take in regime.swept.takes)


def _holds_at(regime: Regime, proceeds: Fraction) -> bool:
    return any(low <= proceeds and (high is None or proceeds <= high) for low, high in regime.holds)


def _changes(claims: Sequence[Claim], before: Vector, after: Vector) -> list[Event]:
    changed: dict[tuple[str, str | None], list[int]] = {}
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            form = claims[number].forms[new]
            changed.setdefault(("converts" if new else "does not convert", form.becomes), []).append(number)
    return [Event(kind, tuple(numbers), becomes) for (kind, becomes), numbers in changed.items()]


def _where_not_positive(function: Piecewise) -> list[Stretch]:
    """Return the stretches on which a continuous function is at most 0, ascending."""
    found: list[Stretch] = []

    def add(low: Fraction, high: Fraction | None) -> None:
        if found and (last := found[-1])[1] is not None and low <= last[1]:
            found[-1] = (last[0], high)
        else:
            found.append((low, high))

    knots = function.knots
    for (x0, y0), (x1, y1) in pairwise(knots):
        cross = x0 + (x1 - x0) * y0 / (y0 - y1) if y0 != y1 else x0
        if y0 <= 0 and y1 <= 0:
            add(x0, x1)
        elif y0 <= 0:
            add(x0, cross)
        elif y1 <= 0:
            add(cross, x1)
    x, y = knots[-1]
    if y <= 0:
        add(x, x - y / function.slope if function.slope > 0 else None)
    elif function.slope < 0:
        add(x - y / function.slope, None)
    return found


def _both(first: Sequence[Stretch], second: Sequence[Stretch]) -> list[Stretch]:
    """Return where two lists of stretches overlap."""
    found: list[Stretch] = []
    for low, high in first:
        for other_low, other_high in second:
            start = max(low, other_low)
            ends = [end for end in (high, other_high) if end is not None]
            end = min(ends) if ends else None
            if end is None or start <= end:
                found.append((start, end))
    return found
