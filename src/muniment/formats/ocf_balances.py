"""Whether a security that is issued when a grant is used or lapses is nothing but what is left of that grant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.vesting import Step, vesting_steps
from muniment.formats.ocf_exercises import vestings_left, vestings_of
from muniment.formats.ocf_package import Item, Package
from muniment.formats.ocf_state import Security
from muniment.formats.ocf_terms import class_over, vesting_line
from muniment.formats.ocf_types import day
from muniment.formats.ocf_words import numeric
from muniment.model.right_terms import Vesting, parse_vesting

ALIKE = (
    "compensation_type",
    "option_grant_type",
    "expiration_date",
    "warrant_expiration_date",
    "stock_plan_id",
    "early_exercisable",
)
"""Fields in which what is left of a grant does not differ from it."""


class GrantSoFar(NamedTuple):
    """A grant and what was exercised of it or lapsed; numbers are in shares of the day reached.

    Attributes:
        first: The security that was granted.
        strike: Of one share; None if not stated.
        steps: When it vests; empty where it is vested, or no days are computed.
        last: The security that is open now.
    """

    first: Security
    last: Security
    class_id: str
    granted: Fraction
    gone: Fraction
    lapsed: Fraction
    strike: Fraction | None
    steps: tuple[Step, ...]

    @classmethod
    def of(
        cls, security: Security, package: Package, plans: Mapping[str, Item], terms: Mapping[str, Item]
    ) -> GrantSoFar | None:
        """Return a grant of which nothing is exercised; None where it is no whole number of shares of one class."""
        class_id, granted = class_over(security, plans), security.quantity
        if security.family not in ("EQUITY_COMPENSATION", "WARRANT") or not class_id:
            return None
        if granted is None or granted.denominator != 1 or granted <= 0:
            return None
        starts = [
            on
            for item in package.of("TX_VESTING_START")
            if item.data.get("security_id") == security.id and (on := day(item.data.get("date"))) is not None
        ]
        said = dict(vesting_line(security, terms, {security.id: min(starts)} if starts else {}, []))
        read = parse_vesting(said["vests"]) if "vests" in said else Vesting()
        since = date.fromisoformat(said["vesting from"]) if "vesting from" in said else security.issued
        strike = security.price.amount if security.price is not None else None
        return cls(security, security, class_id, granted, Fraction(0), Fraction(0), strike, vesting_steps(read, since))

    def split(self, times: Fraction) -> GrantSoFar:
        """Return the grant where each share has become `times` by splits."""
        strike = None if self.strike is None else self.strike / times
        gone, lapsed = self.gone * times, self.lapsed * times
        return self._replace(granted=self.granted * times, gone=gone, lapsed=lapsed, strike=strike)

    def exercised(self, shares: Fraction) -> GrantSoFar:
        """Return the grant once shares are exercised."""
        return self._replace(gone=self.gone + shares)

    def lapse(self, shares: Fraction) -> GrantSoFar:
        """Return the grant once shares lapse."""
        return self._replace(lapsed=self.lapsed + shares)

    @property
    def left(self) -> Fraction:
        """Return what has not been exercised, and has not lapsed."""
        return self.granted - self.gone - self.lapsed

    def leaves(self, balance: Security | None, on: date) -> bool:
        """Whether what is left is nothing, or this security and no other."""
        left = self.left
        if balance is None:
            return left == 0
        before, after = self.last.item.data, balance.item.data
        same = all((before.get(label) or None) == (after.get(label) or None) for label in ALIKE)
        known = (balance.family, balance.holder, balance.issued) == (self.first.family, self.first.holder, on)
        if not same or not known or balance.quantity != left or left <= 0:
            return False
        if balance.class_id not in ("", self.class_id):
            return False
        price = balance.price.amount if balance.price is not None else None
        too_long = self.strike is not None and numeric(self.strike) is None
        if price != self.strike and not (price is None and too_long):
            return False
        if balance.price and self.first.price and balance.price.currency != self.first.price.currency:
            return False
        return self._vests_as(balance)

    def _vests_as(self, balance: Security) -> bool:
        stated = vestings_of(balance.item.data)
        if not self.steps:
            return not stated or bool(vestings_of(self.first.item.data))
        expected: dict[date, Fraction] = {}
        for each in vestings_left(self.steps, self.granted, self.gone, self.lapsed):
            expected |= vestings_of({"vestings": [each]})
        return stated == expected
