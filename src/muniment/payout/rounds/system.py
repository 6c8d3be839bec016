"""Shares at a given price: the least fixed point of definitions that refer to one another.

With q = 1 / price every definition is affine, or the greatest of several affine functions, in q and in three totals:
S, what SAFEs and notes become; t, the increase of the pool; X, what anti-dilution adds. A choice of one function for
each definition is a policy; under a policy the totals solve three linear equations. The greatest of the functions is
reached by improving the policy until nothing improves (R. A. Howard, Dynamic Programming and Markov Processes, 1960),
which ends, since each step raises the totals and there are finitely many policies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.payout.rounds.round_terms import ZERO, Counts, Instrument, RoundTerms, Way, counted_before

ONE = Fraction(1)

Affine = tuple[Fraction, Fraction, Fraction, Fraction, Fraction]
"""Coefficients of 1, q, S, t and X."""

Line = tuple[Fraction, Fraction]
"""Value at q = 0 and slope."""


class Unbounded(Exception):  # noqa: N818 -- an outcome of the terms, not a mistake of the caller
    """Under a policy the totals have no finite solution: together the parts reach the whole."""


class Definitions(NamedTuple):
    """The functions of each definition, to be taken at their greatest.

    Attributes:
        instruments: For each instrument, one function for each way.
        pool: Functions for the increase of the pool; the first is 0.
        protected: For each class, functions for what it adds; the first is 0.
        total: All shares after the round.
        pre_money: The capitalization that the pre-money is divided by.
    """

    instruments: tuple[tuple[Affine, ...], ...]
    pool: tuple[Affine, ...]
    protected: tuple[tuple[Affine, ...], ...]
    total: Affine
    pre_money: Affine


class Policy(NamedTuple):
    """Which function each definition takes, by index."""

    instruments: tuple[int, ...]
    pool: int
    protected: tuple[int, ...]


class Totals(NamedTuple):
    """S, t and X as functions of q under a policy."""

    conversions: Line
    pool: Line
    adjustments: Line


NOTHING: Affine = (ZERO, ZERO, ZERO, ZERO, ZERO)


def capitalization(terms: RoundTerms, counts: Counts) -> Affine:
    """Return a capitalization that counts all instruments or none."""
    return (
        counted_before(terms, counts),
        terms.new_money * counts.new_money,
        ONE * counts.others,
        ONE * counts.pool_increase,
        ONE * counts.adjustments,
    )


def definitions_of(terms: RoundTerms, added: Sequence[Fraction] | None = None) -> Definitions:
    """Return the functions of each definition of a round.

    Args:
        terms: The round.
        added: What each protected class adds, where that is known already; None = by its rule.

    Raises:
        Unbounded: If an instrument alone would take the whole of its capitalization.
    """
    everything = Counts(pool_increase=True, adjustments=True, new_money=True)
    total = capitalization(terms, everything)
    pool: list[Affine] = [NOTHING]
    if terms.pool is not None:
        base = terms.unissued if terms.pool.of == "unissued" else terms.unissued + terms.options + terms.promised
        part = terms.pool.part
        pool.append(_plus(_times(total, part), -base))
        if terms.pool.least > base:
            pool.append(_plus(NOTHING, terms.pool.least - base))
    return Definitions(
        tuple(tuple(_shares(terms, each, way) for way in each.ways) for each in terms.instruments),
        tuple(pool),
        tuple(
            ((added[index], ZERO, ZERO, ZERO, ZERO),) if added is not None else (NOTHING, *_added(terms, index))
            for index in range(len(terms.protected))
        ),
        total,
        capitalization(terms, terms.pre_money_counts),
    )


def _shares(terms: RoundTerms, instrument: Instrument, way: Way) -> Affine:
    if way.kind == "discount":
        return (ZERO, instrument.amount / (1 - way.value), ZERO, ZERO, ZERO)
    if way.kind == "fixed":
        return (instrument.amount / way.value, ZERO, ZERO, ZERO, ZERO)
    part = instrument.amount / way.value if way.kind == "cap" else way.value
    of_itself = part * (way.counts.this - way.counts.others)
    if of_itself >= 1:
        raise Unbounded(f"{instrument.id} alone would take the whole of the capitalization its price is divided by")
    return _times(capitalization(terms, way.counts), part / (1 - of_itself))


def _added(terms: RoundTerms, index: int) -> tuple[Affine, ...]:
    """Return what a class adds: shares x (C - B) / (A + B), or for a ratchet shares x (price x q - 1)."""
    protected = terms.protected[index]
    if protected.rule == "ratchet":
        return ((-protected.shares, protected.shares * protected.price, ZERO, ZERO, ZERO),)
    money, converted = terms.new_money, ZERO
    if protected.issue_counts_conversions:
        money += sum((each.amount for each in terms.instruments), ZERO)
        converted = ONE
    at_old_price = money / protected.price
    base = protected.base + at_old_price
    if not base:
        return ()
    part = protected.shares / base
    return ((-part * at_old_price, part * terms.new_money, part * converted, ZERO, ZERO),)


def first_policy(definitions: Definitions) -> Policy:
    """Return the policy that takes the first function of each definition."""
    return Policy((0,) * len(definitions.instruments), 0, (0,) * len(definitions.protected))


def totals_under(definitions: Definitions, policy: Policy) -> Totals:
    """Return the totals under a policy, as functions of q.

    Raises:
        Unbounded: If they have no finite solution at or above 0.
    """
    rows = [
        _sum([options[index] for options, index in zip(definitions.instruments, policy.instruments, strict=True)]),
        definitions.pool[policy.pool],
        _sum([options[index] for options, index in zip(definitions.protected, policy.protected, strict=True)]),
    ]
    matrix = [[ONE * (i == j) - rows[i][2 + j] for j in range(3)] for i in range(3)]
    right = [[rows[i][0], rows[i][1]] for i in range(3)]
    for pivot in range(3):
        head = matrix[pivot][pivot]
        if head <= 0:
            raise Unbounded("together the parts promised reach the whole of the shares they are parts of")
        for i in range(3):
            if i == pivot or not matrix[i][pivot]:
                continue
            part = matrix[i][pivot] / head
            matrix[i] = [a - part * b for a, b in zip(matrix[i], matrix[pivot], strict=True)]
            right[i] = [a - part * b for a, b in zip(right[i], right[pivot], strict=True)]
    solved = [(right[i][0] / matrix[i][i], right[i][1] / matrix[i][i]) for i in range(3)]
    return Totals(*solved)


def line_of(function: Affine, totals: Totals) -> Line:
    """Return a function of q and the totals as one of q alone."""
    level, slope = function[0], function[1]
    for part, (start, rise) in zip(function[2:], totals, strict=True):
        if part:
            level += part * start
            slope += part * rise
    return level, slope


def lines_under(definitions: Definitions, totals: Totals) -> tuple[tuple[Line, ...], ...]:
    """Return the functions of each definition, instruments first, then the pool, then the classes."""
    groups = (*definitions.instruments, definitions.pool, *definitions.protected)
    return tuple(tuple(line_of(each, totals) for each in options) for options in groups)


def improve(definitions: Definitions, policy: Policy, q: Fraction) -> tuple[Policy, Totals]:
    """Return the policy that gives the most shares just above q, and its totals.

    Raises:
        Unbounded: If the shares have no finite solution there.
    """
    return _improved(definitions, policy, lambda line: (line[0] + line[1] * q, line[1]))


def improve_for_ever(definitions: Definitions, policy: Policy) -> tuple[Policy, Totals]:
    """Return the policy that gives the most shares for every q that is large enough, and its totals.

    Raises:
        Unbounded: If the shares have no finite solution there.
    """
    return _improved(definitions, policy, lambda line: (line[1], line[0]))


def _improved(definitions: Definitions, policy: Policy, worth: Callable[[Line], Line]) -> tuple[Policy, Totals]:
    while True:
        totals = totals_under(definitions, policy)
        chosen = _flat(policy)
        best = list(chosen)
        for index, options in enumerate(lines_under(definitions, totals)):
            if len(options) == 1:
                continue
            reached = [worth(line) for line in options]
            most = max(reached)
            if most > reached[chosen[index]]:
                best[index] = reached.index(most)
        if best == chosen:
            return policy, totals
        count = len(definitions.instruments)
        policy = Policy(tuple(best[:count]), best[count], tuple(best[count + 1 :]))


def next_bend(definitions: Definitions, policy: Policy, totals: Totals, q: Fraction) -> Fraction | None:
    """Return the least q' above q at which another function overtakes the one taken; None if none does."""
    found: Fraction | None = None
    for options, index in zip(lines_under(definitions, totals), _flat(policy), strict=True):
        level, slope = options[index]
        for other_level, other_slope in options:
            if other_slope > slope:
                meet = (level - other_level) / (other_slope - slope)
                if meet > q and (found is None or meet < found):
                    found = meet
    return found


def _flat(policy: Policy) -> list[int]:
    return [*policy.instruments, policy.pool, *policy.protected]


def _times(function: Affine, factor: Fraction) -> Affine:
    a, b, c, d, e = function
    return a * factor, b * factor, c * factor, d * factor, e * factor


def _plus(function: Affine, constant: Fraction) -> Affine:
    return (function[0] + constant, *function[1:])


def _sum(functions: Sequence[Affine]) -> Affine:
    a, b, c, d, e = (sum((function[i] for function in functions), ZERO) for i in range(5))
    return a, b, c, d, e
