"""Questions the other way round: the proceeds that give a party or a class a stated amount."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from muniment.model.amounts import parse_money, parse_quantity
from muniment.model.values import Money, Quantity
from muniment.payout.build import Facts
from muniment.payout.curve import Curve
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import ZERO, Piecewise, plus, reach
from muniment.payout.rounding import money_words

_QUESTION = re.compile(r"(\S+) gets (.+)\Z")


class Target(NamedTuple):
    """`ada gets USD 5,000,000` or `series-a gets 3x`: who, and how much, as money or as a multiple of what was paid."""

    name: str
    amount: Money | Fraction
    words: str


class Found(NamedTuple):
    """The answer to one question.

    Attributes:
        amount: What was asked for, in money.
        proceeds: The least proceeds at which it is reached; None if it never is.
        most: Where it is never reached: the most that is paid.
        falls: Whether it is paid less again at some greater proceeds.
    """

    target: Target
    amount: Fraction
    proceeds: Fraction | None
    most: Fraction | None
    falls: bool

    def in_words(self, currency: str) -> str:
        """Say it in a sentence."""
        wanted = money_words(Money(self.amount, currency))
        who = f"{self.target.name} gets {wanted}"
        who += f" ({self.target.words})" if isinstance(self.target.amount, Fraction) else ""
        if self.proceeds is None:
            return f"{who} at no proceeds; the most is {money_words(Money(self.most or ZERO, currency))}."
        said = f"{who} from proceeds of {money_words(Money(self.proceeds, currency))} on"
        return f"{said}, and less again at some greater proceeds." if self.falls else f"{said}."


def read_target(text: str) -> Target | None:
    """Read a question; None if it is not of the form `NAME gets MONEY` or `NAME gets 3x`."""
    match = _QUESTION.match(text.strip())
    if match is None:
        return None
    money = parse_money(match[2])
    if isinstance(money, Money):
        return Target(match[1], money, match[2])
    multiple = parse_quantity(match[2])
    if isinstance(multiple, Quantity) and multiple.unit == "x":
        return Target(match[1], multiple.amount, match[2])
    return None


def find(facts: Facts, curve: Curve, target: Target) -> Found | Refusal:
    """Return the least proceeds at which a party or class is paid a stated amount.

    Args:
        facts: What the curve rests on: what was paid for shares.
        curve: The exact curve.
        target: The question.
    """
    paid = _paid_to(curve, target.name)
    if paid is None:
        return Refusal(
            "unknown payee",
            f"'{target.name}' is neither paid anything nor a class of {curve.entity}",
            None,
            "name a party, a class, or the address of an option, SAFE or note",
        )
    if isinstance(target.amount, Money):
        if target.amount.currency != curve.currency and curve.currency:
            return Refusal(
                "mixed currencies",
                f"{money_words(target.amount)} cannot be found in a payout in {curve.currency}",
                None,
                f"ask in {curve.currency}",
            )
        wanted = target.amount.amount
    else:
        contributed = _contributed(facts, target.name)
        if contributed is None:
            return Refusal(
                "no price",
                f"what was paid for {target.name} is not recorded, so a multiple of it is not known",
                None,
                "ask for an amount of money",
            )
        wanted = target.amount * contributed
    met = _reached(paid, wanted)
    after = [y for x, y in paid.knots if met is not None and x > met]
    falls = met is not None and (any(y < wanted for y in after) or paid.slope < 0)
    most = max(y for _, y in paid.knots) if met is None else None
    return Found(target, wanted, met, most, falls)


def _reached(paid: Piecewise, wanted: Fraction) -> Fraction | None:
    """Return the least x at which `paid` is at least `wanted`: not one where it falls below it at once."""
    met = reach(paid, wanted)
    while met is not None and paid.at(met) < wanted:
        later = [knot for knot in paid.knots if knot[0] > met]
        met = reach(Piecewise(((met, paid.at(met)), *later), paid.slope), wanted)
    return met


def _paid_to(curve: Curve, name: str) -> Piecewise | None:
    if any(name == column.instrument for column in curve.columns):
        return plus([column.amount for column in curve.columns if column.instrument == name])
    if any(name == column.class_id and column.kind == "class" for column in curve.columns):
        return curve.of_class(name)
    if any(name == party for column in curve.columns for party, _ in column.holders):
        return curve.of_party(name)
    return None


def _contributed(facts: Facts, name: str) -> Fraction | None:
    """Return what was paid for a class, or by a party, in all; None where a part of it is not known."""
    total = ZERO
    for class_id, members in facts.positions.by_class.items():
        share_class = facts.entity.classes.get(class_id)
        price = share_class.original_issue_price if share_class is not None else None
        for member in members:
            if name not in (class_id, member.party):
                continue
            if member.paid is not None:
                total += member.paid.amount
            elif price is not None and member.low == member.high:
                total += price.amount * member.low
            else:
                return None
    for paper in facts.papers.counted:
        if name in (paper.id, paper.holder):
            total += paper.due
    return total or None
