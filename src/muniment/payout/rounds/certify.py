"""Hold a solution of a round against every definition, one by one.

This shares no arithmetic with the solver or with the rounding: it takes the numbers of the answer, puts them back into
the words of each definition, and says which do not hold.
"""

from __future__ import annotations

from fractions import Fraction

from muniment.payout.rounds.round_terms import Counts, Mode, Rounding, RoundTerms
from muniment.payout.rounds.solution import Solution

CLOSE = Fraction(1, 10**30)
"""Relative difference that is allowed where the price is known within a tolerance only."""


def faults_of(terms: RoundTerms, solution: Solution, rounding: Rounding | None = None) -> tuple[str, ...]:
    """Return what does not hold in a solution; empty if every definition does.

    Args:
        terms: The round.
        solution: The answer.
        rounding: The conventions it follows; None = the answer is not rounded.
    """
    return tuple(_Audit(terms, solution, rounding).faults())


class _Audit:
    def __init__(self, terms: RoundTerms, solution: Solution, rounding: Rounding | None) -> None:
        self.terms = terms
        self.found = solution
        self.rounding = rounding
        self.from_conversion = Fraction(sum(each.shares for each in solution.converted))
        self.sold = Fraction(sum(each.shares for each in solution.bought))
        self.extra = Fraction(sum(each.added for each in solution.adjusted))

    def faults(self) -> list[str]:
        return [
            *self._price(),
            *self._sums(),
            *self._purchases(),
            *self._conversions(),
            *self._pool(),
            *self._classes(),
        ]

    def _same(self, one: Fraction, other: Fraction) -> bool:
        if not self.found.tolerance:
            return one == other
        return abs(one - other) <= CLOSE * max(abs(one), abs(other))

    def _cut(self, number: Fraction, places: int | None, mode: Mode) -> Fraction:
        if places is None:
            return number
        scale = 10**places
        below = (number * scale).__floor__()
        rest = number * scale - below
        if (mode == "up" and rest) or (mode == "nearest" and rest * 2 >= 1):
            below += 1
        return Fraction(below, scale)

    def _whole(self, number: Fraction) -> Fraction:
        return number if self.rounding is None else self._cut(number, 0, self.rounding.shares)

    def _to_price(self, number: Fraction) -> Fraction:
        rounding = self.rounding
        return number if rounding is None else self._cut(number, rounding.price_places, rounding.price_mode)

    def _to_conversion(self, number: Fraction) -> Fraction:
        rounding = self.rounding
        return number if rounding is None else self._cut(number, rounding.conversion_places, rounding.conversion_mode)

    def _count(self, counts: Counts, own: Fraction) -> Fraction:
        terms, amount = self.terms, Fraction(0)
        for counted, shares in (
            (counts.issued, terms.issued),
            (counts.options, terms.options),
            (counts.promised, terms.promised),
            (counts.unissued, terms.unissued),
            (counts.this, own),
            (counts.others, self.from_conversion - own),
            (counts.pool_increase, self.found.pool_increase),
            (counts.adjustments, self.extra),
            (counts.new_money, self.sold),
        ):
            if counted:
                amount += shares
        return amount

    def _price(self) -> list[str]:
        price, fixed = self.found.price, self.terms.price
        counted = self._count(self.terms.pre_money_counts, Fraction(0))
        wrong = []
        if not self._same(counted, self.found.pre_money_shares):
            wrong.append("the pre-money capitalization is not the sum of what it counts")
        if fixed.by == "share":
            expected = fixed.value
        elif fixed.by == "pre-money":
            expected = self._to_price(fixed.value / counted)
        else:
            expected = self._to_price(fixed.value / self.found.total)
        if not self._same(price, expected):
            wrong.append(f"the price is not what the {fixed.by} gives")
        if not self._same(self.found.pre_money, price * counted):
            wrong.append("the pre-money is not the price times its capitalization")
        money = sum(each.money for each in self.terms.purchases)
        if not self._same(self.found.post_money, self.found.pre_money + money):
            wrong.append("the post-money is not the pre-money and the new money")
        return wrong

    def _sums(self) -> list[str]:
        terms = self.terms
        before = terms.issued + terms.options + terms.promised + terms.unissued
        total = before + self.from_conversion + self.sold + self.extra + self.found.pool_increase
        return [] if self._same(total, self.found.total) else ["the total is not the sum of its parts"]

    def _purchases(self) -> list[str]:
        wrong = []
        for asked, got in zip(self.terms.purchases, self.found.bought, strict=True):
            if (asked.investor, asked.money, asked.closing) != (got.investor, got.money, got.closing):
                wrong.append(f"the purchase of {asked.investor} is another's")
            if not self._same(got.shares, self._whole(asked.money / self.found.price)):
                wrong.append(f"{asked.investor} does not get its money's worth")
        return wrong

    def _conversions(self) -> list[str]:
        wrong = []
        for asked, got in zip(self.terms.instruments, self.found.converted, strict=True):
            prices, shares = [], []
            for way in asked.ways:
                if way.kind == "discount":
                    price = (1 - way.value) * self.found.price
                    price = self._to_conversion(price) if way.value else price
                elif way.kind == "fixed":
                    price = way.value
                elif way.kind == "cap":
                    price = self._to_conversion(way.value / self._count(way.counts, got.shares))
                else:
                    price = asked.amount / (way.value * self._count(way.counts, got.shares))
                prices.append(price)
                shares.append(self._whole(asked.amount / price))
            if not self._same(got.shares, max(shares)):
                wrong.append(f"{asked.id} does not get the most shares that its terms give")
            if not any(self._same(got.price, price) for price in prices) or not self._same(got.price, min(prices)):
                wrong.append(f"{asked.id} does not convert at the lowest of its prices")
            if got.way not in asked.ways:
                wrong.append(f"{asked.id} takes a way that it does not have")
        return wrong

    def _pool(self) -> list[str]:
        terms, increase, target = self.terms, self.found.pool_increase, self.terms.pool
        wrong = []
        if not self._same(self.found.unissued, terms.unissued + increase):
            wrong.append("the pool after the round is not the pool before it and the increase")
        if target is None:
            return [*wrong, *(["the pool grows without a target"] if increase else [])]
        before = terms.unissued if target.of == "unissued" else terms.unissued + terms.options + terms.promised
        wanted = max(self._whole(target.part * self.found.total), target.least)
        if increase < 0 or not self._same(before + increase, max(wanted, before)):
            wrong.append("the pool is not what was agreed")
        return wrong

    def _classes(self) -> list[str]:
        wrong = []
        for asked, got in zip(self.terms.protected, self.found.adjusted, strict=True):
            sold, money = self.sold, Fraction(sum(each.money for each in self.terms.purchases))
            base = asked.base + (self.from_conversion if asked.base_counts_conversions else 0)
            if asked.issue_counts_conversions:
                sold += self.from_conversion
                money += sum(each.amount for each in self.terms.instruments)
            price = asked.price
            if asked.rule == "ratchet":
                price = min(asked.price, self.found.price)
            elif sold and money / sold < asked.price and base + sold:
                price = asked.price * (base + money / asked.price) / (base + sold)
            if not self._same(got.after, price):
                wrong.append(f"the conversion price of {asked.class_id} is not what its anti-dilution gives")
            if not self._same(got.added, self._whole(asked.shares * (asked.price / price - 1))):
                wrong.append(f"{asked.class_id} does not get the shares of its new conversion price")
            if not self._same(got.factor * got.after, got.before) or got.before != asked.price:
                wrong.append(f"the ratio of {asked.class_id} is not the quotient of its conversion prices")
        return wrong
