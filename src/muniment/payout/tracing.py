"""Where one party's money comes from: the part it gets of each stretch of the proceeds, and the clause for it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis
from muniment.model.amounts import format_fraction
from muniment.model.values import Money
from muniment.payout.curve import Curve
from muniment.payout.piecewise import ONE, ZERO, Piecewise, times
from muniment.payout.rounding import money_words


class Step(NamedTuple):
    """What a party gets of one stretch of the proceeds.

    Attributes:
        start: Where the stretch begins.
        end: Where it ends; equal to `start` for a jump.
        part: Of every unit in the stretch; 0 for a jump.
        amount: In all.
        cause: What happens at `start`; empty at the beginning, or where nothing is named.
        basis: The clause; None where none is named.
    """

    start: Fraction
    end: Fraction
    part: Fraction
    amount: Fraction
    cause: str
    basis: Basis | None


class Trace(NamedTuple):
    """How one party is paid in one capacity.

    Attributes:
        words: The capacity: a class, an instrument, a cost.
        part: The party's part of its column.
        steps: Ascending; their amounts add up to `amount`.
        amount: Before rounding.
    """

    words: str
    part: Fraction
    steps: tuple[Step, ...]
    amount: Fraction


def trace(curve: Curve, party: str, proceeds: Fraction) -> tuple[Trace, ...]:
    """Return how a party's money adds up over the proceeds, one entry for each of its capacities.

    Args:
        curve: The exact curve.
        party: Who is paid.
        proceeds: What there is to pay out.
    """
    found: list[Trace] = []
    for column in curve.columns:
        for holder, part in column.holders:
            if holder == party:
                steps = _steps(curve, times(column.amount, part), proceeds)
                words = column.instrument or column.class_id or column.kind
                if column.kind == "excess":
                    words = f"excess over the cap of {column.class_id}"
                found.append(Trace(words, part, steps, sum((step.amount for step in steps), ZERO)))
    return tuple(found)


def _steps(curve: Curve, paid: Piecewise, proceeds: Fraction) -> tuple[Step, ...]:
    causes = {each.proceeds: each.causes for each in curve.breakpoints}
    jumps = set(paid.jumps())
    found: list[Step] = []
    starts = [*dict.fromkeys(x for x, _ in paid.knots if x < proceeds or (x in jumps and x == proceeds))]
    for index, start in enumerate(starts):
        named = causes.get(start, ())
        words, basis = "; ".join(cause.words for cause in named), next((c.basis for c in named if c.basis), None)
        if start in jumps:
            found.append(Step(start, start, ZERO, paid.at(start) - paid.before(start), words, basis))
        elif not index and paid.at(start):
            found.append(Step(start, start, ZERO, paid.at(start), words, basis))
        end = starts[index + 1] if index + 1 < len(starts) else proceeds
        if end > start:
            amount = paid.before(end) - paid.at(start)
            found.append(Step(start, end, amount / (end - start), amount, words, basis))
    return tuple(found)


def in_words(traces: Sequence[Trace], party: str, currency: str) -> tuple[str, ...]:
    """Say how a party's money adds up, a line for each stretch, with the clause that begins it."""
    lines: list[str] = []
    for each in traces:
        head = f"{party}, for {each.words}: {_money(each.amount, currency)}"
        head += "" if each.part == ONE else f", which is {format_fraction(each.part)} of what is paid for it"
        lines.append(head + ":")
        for step in each.steps:
            cause = f", from where {step.cause}" if step.cause else ""
            at = f" [{step.basis.span}]" if step.basis is not None and step.cause else ""
            if step.start == step.end:
                lines.append(f"  at {_money(step.start, currency)}: {_money(step.amount, currency)} at once{cause}{at}")
            else:
                span = f"{_money(step.start, currency)} to {_money(step.end, currency)}"
                lines.append(
                    f"  of {span}: {format_fraction(step.part)} of it, {_money(step.amount, currency)}{cause}{at}"
                )
    return tuple(lines)


def _money(amount: Fraction, currency: str) -> str:
    return money_words(Money(amount, currency))
