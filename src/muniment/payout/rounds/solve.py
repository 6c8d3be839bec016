"""Solve a priced round exactly: every price at which its definitions hold.

Between two bends every quantity is affine in q = 1 / price, so the equation of the price is linear and its root is a
fraction. What instruments and adjustments take is convex in q, so there are at most two roots, and tangents from either
side lead to them. Only where the base of a weighted average has the conversions of the round in it is the
equation rational; then intervals of q are halved, and those are dropped that exact bounds show to hold no root.
"""

from __future__ import annotations

from fractions import Fraction

from muniment.payout.rounds.coupled import coupled_roots, is_coupled
from muniment.payout.rounds.round_terms import ZERO, Counts, RoundTerms, Way, check_terms, counted_before
from muniment.payout.rounds.solution import Adjusted, Bought, Converted, NoSolution, Solution, Solutions
from muniment.payout.rounds.system import (
    Affine,
    Definitions,
    Policy,
    Totals,
    Unbounded,
    definitions_of,
    first_policy,
    improve,
    improve_for_ever,
    line_of,
    next_bend,
)


def solve_round(terms: RoundTerms) -> Solutions:
    """Return every price at which all definitions of a round hold, with what each instrument becomes.

    Args:
        terms: The round; shares are common-equivalent, money is of one currency.

    Returns:
        The solutions, the highest price first; none, with the reason, where no price satisfies the terms.

    Raises:
        ValueError: If a number is out of its range.

    Example:
        >>> from fractions import Fraction
        >>> from muniment.payout.rounds import Instrument, Price, Purchase, RoundTerms, Way
        >>> safe = Instrument("safe", "angel", Fraction(2_000_000), (Way("cap", Fraction(10_000_000)),))
        >>> terms = RoundTerms(
        ...     issued=Fraction(2_000_000),
        ...     price=Price("pre-money", Fraction(32_000_000)),
        ...     purchases=(Purchase("lead", Fraction(8_000_000)),),
        ...     instruments=(safe,),
        ... )
        >>> found = solve_round(terms).each[0]
        >>> str(found.price), str(found.total), str(found.converted[0].shares)
        ('64/5', '3125000', '500000')
    """
    check_terms(terms)
    try:
        if is_coupled(terms):
            return _coupled(terms)
        definitions = definitions_of(terms)
        if terms.price.by == "share":
            q = 1 / terms.price.value
            policy, totals = improve(definitions, first_policy(definitions), q)
            return Solutions((solution_at(terms, definitions, policy, totals, q),))
        return _crossings(terms, definitions)
    except Unbounded as fault:
        return Solutions((), NoSolution("the whole is promised", str(fault)))


def _crossings(terms: RoundTerms, definitions: Definitions) -> Solutions:
    """Return where the counted shares are worth the value, from both ends.

    What is counted less value x q is convex in q. From the left, each tangent reaches 0 before the first root does, and
    from the right, after the last; so following tangents leads to both, in finitely many steps.
    """
    value = terms.price.value
    counted = definitions.pre_money if terms.price.by == "pre-money" else definitions.total
    policy, totals = improve(definitions, first_policy(definitions), ZERO)
    level, slope = line_of(counted, totals)
    q = ZERO
    while level + slope * q > value * q and slope < value:
        q = level / (value - slope)
        policy, totals = improve(definitions, policy, q)
        level, slope = line_of(counted, totals)
    if level + slope * q == value * q and slope == value:
        return Solutions(
            (), NoSolution("every price", "the terms hold at more than one price, and nothing says which is meant")
        )
    roots: dict[Fraction, tuple[Policy, Totals]] = {}
    if q and level + slope * q == value * q:
        roots[q] = (policy, totals)
    elif q or level:
        return Solutions((), NoSolution("no price", _nowhere(terms)))
    last = _from_the_right(definitions, counted, value, policy, q)
    if last is not None:
        roots.setdefault(last[0], (last[1], last[2]))
    if not roots:
        return Solutions((), NoSolution("no price", _nowhere(terms)))
    return Solutions(tuple(solution_at(terms, definitions, *found, root) for root, found in roots.items()))


def _from_the_right(
    definitions: Definitions, counted: Affine, value: Fraction, policy: Policy, first: Fraction
) -> tuple[Fraction, Policy, Totals] | None:
    """Return the last root after `first` with what holds there; None if there is none."""
    q = first
    try:
        policy, totals = improve_for_ever(definitions, policy)
    except Unbounded:
        return _by_bends(definitions, counted, value, policy, q)
    level, slope = line_of(counted, totals)
    if slope <= value or level >= 0:
        return None
    while level + slope * q != value * q:
        q = level / (value - slope)
        if q <= first:
            return None
        policy, totals = improve(definitions, policy, q)
        level, slope = line_of(counted, totals)
    return (q, policy, totals) if q > first else None


def _by_bends(
    definitions: Definitions, counted: Affine, value: Fraction, policy: Policy, q: Fraction
) -> tuple[Fraction, Policy, Totals] | None:
    """Return the first root after q, bend by bend; for terms that promise the whole below some price."""
    first = q
    try:
        while True:
            policy, totals = improve(definitions, policy, q)
            bend = next_bend(definitions, policy, totals, q)
            level, slope = line_of(counted, totals)
            root = level / (value - slope) if slope != value else None
            if root is not None and root > first and root >= q and (bend is None or root < bend):
                return root, *improve(definitions, policy, root)
            if bend is None:
                return None
            q = bend
    except Unbounded:
        return None


def _nowhere(terms: RoundTerms) -> str:
    """Return why no price satisfies the terms: what it is without which there would be one."""
    fixed = terms.price.by
    counted = terms.pre_money_counts if fixed == "pre-money" else Counts(new_money=True)
    if counted.new_money and terms.new_money >= terms.price.value:
        return f"the new money is not below the {fixed}, so nothing of it is left for the shares there are before"
    parts = {
        "what SAFEs and notes convert into": (terms.instruments, terms._replace(instruments=())),
        "the increase of the pool": (terms.pool, terms._replace(pool=None)),
        "what anti-dilution adds": (terms.protected, terms._replace(protected=())),
    }
    there = [words for words, (part, _) in parts.items() if part]
    if not there:
        return f"the capitalization of the {fixed} counts no shares that are there before the round"
    causes = [words for words, (part, without) in parts.items() if part and solve_round(without).each]
    if causes:
        cause = f"{' or '.join(causes)} grows faster than the price falls, and without it there would be a price"
    else:
        cause = f"{_and(there)} {'grows' if len(there) == 1 else 'grow together'} faster than the price falls"
    return f"at every price the shares that are counted in the {fixed} are worth more than it: {cause}"


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _coupled(terms: RoundTerms) -> Solutions:
    roots = coupled_roots(terms)
    found = []
    for root in roots.each:
        definitions = definitions_of(terms, root.added)
        policy, totals = improve(definitions, first_policy(definitions), root.q)
        solution = solution_at(terms, definitions, policy, totals, root.q)
        found.append(solution._replace(tolerance=root.tolerance))
    if found:
        return Solutions(tuple(found), above=roots.above)
    return Solutions((), NoSolution("no price", _nowhere(terms)), above=roots.above)


def solution_at(terms: RoundTerms, definitions: Definitions, policy: Policy, totals: Totals, q: Fraction) -> Solution:
    """Return what the round comes to at q, under the policy that holds there."""
    price = 1 / q
    conversions, pool, adjustments = (level + slope * q for level, slope in totals)
    new_shares = terms.new_money * q

    def value(line: tuple[Fraction, Fraction]) -> Fraction:
        return line[0] + line[1] * q

    converted = []
    for instrument, options, index in zip(terms.instruments, definitions.instruments, policy.instruments, strict=True):
        shares = value(line_of(options[index], totals))
        if not shares:
            raise ValueError(f"the capitalization that {instrument.id} is a part of counts no shares")

        def price_of(
            way: Way, amount: Fraction = instrument.amount, own: Fraction = shares, name: str = instrument.id
        ) -> Fraction:
            if way.kind == "discount":
                return (1 - way.value) * price
            if way.kind == "fixed":
                return way.value
            counts = way.counts
            counted = (
                counted_before(terms, counts)
                + own * counts.this
                + (conversions - own) * counts.others
                + pool * counts.pool_increase
                + adjustments * counts.adjustments
                + new_shares * counts.new_money
            )
            if not counted or not way.value:
                raise ValueError(f"the capitalization that {name} is a part of counts no shares")
            return way.value / counted if way.kind == "cap" else amount / (way.value * counted)

        converted.append(
            Converted(
                instrument.id,
                instrument.holder,
                instrument.amount,
                instrument.amount / shares,
                instrument.ways[index],
                shares,
                tuple(price_of(way) for way in instrument.ways),
            )
        )
    adjusted = []
    for protected, options, index in zip(terms.protected, definitions.protected, policy.protected, strict=True):
        added = value(line_of(options[index], totals))
        factor = 1 + (added / protected.shares if protected.shares else ZERO)
        adjusted.append(Adjusted(protected.class_id, protected.price, protected.price / factor, factor, added))
    counted = value(line_of(definitions.pre_money, totals))
    return Solution(
        price=price,
        converted=tuple(converted),
        bought=tuple(Bought(each.investor, each.money, each.closing, each.money * q) for each in terms.purchases),
        adjusted=tuple(adjusted),
        pool_increase=pool,
        unissued=terms.unissued + pool,
        pre_money_shares=counted,
        total=value(line_of(definitions.total, totals)),
        pre_money=price * counted,
        post_money=price * counted + terms.new_money,
    )
