"""Vesting: on which days a grant vests, how much has vested by a day, and what an acceleration adds."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.model.durations import day_after
from muniment.model.right_terms import Vesting
from muniment.model.values import Duration

ZERO = Fraction(0)
ONE = Fraction(1)


class Step(NamedTuple):
    """A day on which more vests.

    Attributes:
        day: The first day on which it has vested.
        part: Part of the whole grant that has vested by then in all, 0 to 1.
    """

    day: date
    part: Fraction


class Quickened(NamedTuple):
    """An acceleration that has taken effect: on a day, a part (0 to 1) of what has not vested by then vests."""

    day: date
    part: Fraction


def vesting_steps(terms: Vesting, start: date) -> tuple[Step, ...]:
    """Return the days on which a grant vests.

    A month after 31 January is the last day of February. With a day of the month in the terms (`on the 1st`), it is
    that day of the month so reached, or its last where the month is shorter. Nothing vests before the cliff; on it
    everything vests that would have vested by then.

    Args:
        terms: A schedule, parts one by one, or one day. Other words give no days.
        start: The day from which it vests.

    Returns:
        Steps in order of time, parts ascending; the last part is 1. Empty where the terms are words.

    Example:
        >>> from muniment.model.right_terms import parse_vesting
        >>> terms = parse_vesting("3 months monthly, on the last day")
        >>> [str(step.day) for step in vesting_steps(terms, date(2021, 1, 9))]
        ['2021-02-28', '2021-03-31', '2021-04-30']
    """
    if terms.day is not None:
        return (Step(terms.day, ONE),)
    if terms.parts:
        found: list[Step] = []
        reached = ZERO
        for months, part in terms.parts:
            reached += part
            found.append(Step(_after(start, months, terms.on_day), reached))
        return tuple(found)
    if not terms.months:
        return ()
    # A cliff between two steps is a step of its own: what the steps before it gave vests then.
    reached_at = {months: months for months in range(terms.step, terms.months + 1, terms.step)}
    reached_at[terms.cliff] = min(terms.cliff, terms.months) // terms.step * terms.step
    return tuple(
        Step(_after(start, months, terms.on_day), Fraction(reached, terms.months))
        for months, reached in sorted(reached_at.items())
        if months >= terms.cliff and reached
    )


def _after(start: date, months: int, on_day: int) -> date:
    day = day_after(start, Duration(months, "months"))
    return day.replace(day=min(on_day, monthrange(day.year, day.month)[1])) if on_day else day


def _step_by_step(steps: Sequence[Step], quantity: Fraction) -> tuple[tuple[date, Fraction], ...]:
    """Return what `vested_in_shares` does where nothing is accelerated; whole numbers are compared, for speed."""
    found: list[tuple[date, Fraction]] = []
    last = 0
    shares, units = quantity.as_integer_ratio()
    for day, part in steps:
        top, bottom = part.as_integer_ratio()
        whole = shares * top // (units * bottom)
        is_last = top == bottom
        if found and found[-1][0] == day:
            if is_last or whole > last:
                found[-1] = (day, quantity if is_last else Fraction(whole))
        elif whole > last or not found or (is_last and quantity > found[-1][1]):
            found.append((day, quantity if is_last else Fraction(whole)))
        last = whole if whole > last else last
    return tuple(found)


def vested_in_shares(
    steps: Sequence[Step], quantity: Fraction, quickened: Sequence[Quickened] = ()
) -> tuple[tuple[date, Fraction], ...]:
    """Return each day on which more vests, with what has vested by then in all, in whole shares.

    Shares are rounded down at every step, so that the last step makes them up (cumulative rounding down). An
    acceleration of a part of the unvested leaves the days of the rest as they are: each later step then vests that
    much less.

    Args:
        steps: As `vesting_steps` gives them.
        quantity: Shares of the whole grant, more than 0.
        quickened: Accelerations, in order of time.

    Returns:
        (day, shares), days ascending and each once; the last has all the shares, even if they are not whole.

    Source:
        Open Cap Format 1.2, VestingTerms: allocation type CUMULATIVE_ROUND_DOWN.

    Example:
        >>> steps = [Step(date(2022, 1, 1), Fraction(1, 3)), Step(date(2023, 1, 1), Fraction(1))]
        >>> at_once = [Quickened(date(2022, 6, 1), Fraction(1, 2))]
        >>> [int(shares) for _, shares in vested_in_shares(steps, Fraction(100), at_once)]
        [33, 66, 100]
    """
    if not quickened:
        return _step_by_step(steps, quantity)
    found: list[tuple[date, Fraction]] = []
    passed = ZERO
    left_over = ONE
    events: list[tuple[date, int, Fraction]] = [(step.day, 0, step.part) for step in steps]
    # On one day a step comes before an acceleration, which takes its part of what is then left.
    events += [(each.day, 1, each.part) for each in quickened]
    for day, kind, part in sorted(events):
        if kind == 0:
            passed = part
        elif passed < 1:
            left_over *= ONE - part
        vested = ONE - (ONE - passed) * left_over
        top, bottom = quantity.numerator * vested.numerator, quantity.denominator * vested.denominator
        shares = quantity if vested.numerator == vested.denominator else Fraction(top // bottom)
        if found and found[-1][0] == day:
            found[-1] = (day, max(shares, found[-1][1]))
        elif not found or shares > found[-1][1]:
            found.append((day, shares))
    return tuple(found)


def vested_by(vesting: Sequence[tuple[date, Fraction]], day: date) -> Fraction:
    """Return what has vested by a day in all (shares), from (day, shares) in order of time."""
    come = bisect_right(vesting, day, key=_day)
    return vesting[come - 1][1] if come else ZERO


def _day(step: tuple[date, Fraction]) -> date:
    return step[0]
