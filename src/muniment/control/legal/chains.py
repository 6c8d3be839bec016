"""Chains of holdings: what a party controls link by link, and what it owns when the links are multiplied and added.

Both are exact and end for circular holdings: control is the least fixpoint (nobody controls by grace of themselves),
ownership the solution of linear equations in fractions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from muniment.book.structure import Basis
from muniment.control.formula import And, System, components
from muniment.control.legal.finding import Verdict, verdict
from muniment.control.legal.powers import ORDINARY
from muniment.control.legal.stakes import NOTHING, ONE, ZERO, Measure, Stake

if TYPE_CHECKING:
    from muniment.control.legal.inquiry import Inquiry

HALF = Fraction(1, 2)
LARGEST_CIRCLE = 60
MOST_BASES = 40


class Reach(NamedTuple):
    """When one party controls the entity below it in a chain.

    Attributes:
        measures: What the share is taken of; one that suffices is enough.
        share: How much of it.
        strict: More than the share, not just the share itself.
        other_means: The ordinary decisions, or most of the board's seats, are control too.
    """

    measures: tuple[Measure, ...]
    share: Fraction
    strict: bool
    other_means: bool


MAJORITY = Reach(("votes",), HALF, True, True)
"""A majority of votes, of the board, or the ordinary decisions."""


class Controlled(NamedTuple):
    """What a party controls.

    Attributes:
        certain: Entities, in the order in which control was found.
        possible: The same under some value of bounded facts; holds `certain` too.
    """

    certain: tuple[str, ...]
    possible: tuple[str, ...]

    def holds(self, entity: str) -> Verdict:
        """Return whether the entity is controlled."""
        return verdict(entity in self.certain, entity in self.possible)


def controlled(inquiry: Inquiry, start: Collection[str], scope: Iterable[str], reach: Reach = MAJORITY) -> Controlled:
    """Return the entities of a scope that parties control together, at whatever distance.

    A holding of every entity that is controlled counts in full towards the next.

    Args:
        inquiry: The structure asked.
        start: Parties taken together.
        scope: Entities looked at.
        reach: When a share, or something else, is control.
    """
    names = {name: None for name in scope if name not in start}
    below: dict[str, list[str]] = {}
    for name in names:
        for other in inquiry.around(name):
            below.setdefault(other, []).append(name)
    ends = []
    for possible in (False, True):
        inside = set(start)
        found: list[str] = []
        waiting = list(start)
        while waiting:
            # Only what a newly controlled one stands directly behind can be controlled by it.
            touched = dict.fromkeys(name for other in waiting for name in below.get(other, ()) if name not in inside)
            waiting = [name for name in touched if _joins(inquiry, name, inside, reach, possible)]
            inside.update(waiting)
            found += waiting
        ends.append(tuple(found))
    return Controlled(ends[0], ends[1])


def _joins(inquiry: Inquiry, entity: str, inside: Collection[str], reach: Reach, possible: bool) -> bool:
    enough: tuple[Verdict, ...] = ("yes", "undetermined") if possible else ("yes",)
    for measure in reach.measures:
        free = [name for name in inside if measure != "votes" or not bound_by_pool(inquiry, entity, name, inside)]
        stake = inquiry.stakes(entity, measure).of(free)
        if (stake.more_than(reach.share) if reach.strict else stake.at_least(reach.share)) in enough:
            return True
    if not reach.other_means or not _is_decided_otherwise(inquiry, entity):
        return False
    powers = inquiry.powers(entity)
    if powers.passes(inside, ORDINARY) in enough:
        return True
    board = powers.board(inside)
    return board is not None and (board.appoints_majority in enough or board.removes_majority in enough)


def _is_decided_otherwise(inquiry: Inquiry, entity: str) -> bool:
    """Whether anything but a plain majority of votes may decide in an entity."""
    owner = inquiry.structure.entities[entity]
    roles = owner.general_partners or owner.managers or owner.trustees or owner.members
    own = owner.bodies or owner.rules or owner.offices or owner.consents
    return bool(roles or own) or any(pool.over == entity for pool in inquiry.structure.pools)


def bound_by_pool(inquiry: Inquiry, entity: str, party: str, inside: Collection[str]) -> bool:
    """Whether a party's votes in an entity are cast by a pool to which others than those inside belong too."""
    return any(
        pool.over == entity and party in pool.members and not pool.revocable and not set(pool.members) <= set(inside)
        for pool in inquiry.structure.pools
    )


class Ownership(NamedTuple):
    """What each entity behind a target stands for of it, by number; the target is number 0.

    Attributes:
        low, high: The part of the target, at both ends.
        undefined: Why there is no such part, or none that can be reckoned.
        held: For each entity, what it holds: number and stake.
        by_holder: The same for every holder, by party.
    """

    low: Mapping[int, Fraction]
    high: Mapping[int, Fraction]
    undefined: Mapping[int, str]
    held: Sequence[Sequence[tuple[int, Stake]]]
    by_holder: Mapping[str, Sequence[tuple[int, Stake]]]

    def of(self, party: str) -> Stake:
        """Return what a party owns of the target, directly and through others."""
        stakes = self.by_holder.get(party, ())
        used: list[Stake] = []
        seen: set[int] = set()
        waiting = [(at, stake) for at, stake in stakes if self.high[at]]
        while waiting:
            at, stake = waiting.pop()
            used.append(stake)
            if at not in seen:
                seen.add(at)
                waiting.extend(pair for pair in self.held[at] if self.high[pair[0]])
        if not used:
            return NOTHING
        least = min(sum((stake.low * self.low[at] for at, stake in stakes), ZERO), ONE)
        most = sum((stake.high * self.high[at] for at, stake in stakes), ZERO)
        causes = [self.undefined[at] for at, _ in stakes if at in self.undefined]
        if causes:
            most = ONE
        bases: dict[Basis, None] = dict.fromkeys(basis for stake in used for basis in stake.bases)
        facts: dict[str, None] = dict.fromkeys([*(fact for stake in used for fact in stake.facts), *causes])
        return Stake(
            least,
            max(min(most, ONE), least),
            least < ONE and any(stake.low_open for stake in used),
            most <= ONE and any(stake.high_open for stake in used),
            tuple(bases)[:MOST_BASES],
            tuple(facts),
        )


def integrated(inquiry: Inquiry, target: str, measure: Measure) -> Ownership:
    """Return what parties own of an entity, directly and through others.

    Shares are multiplied along a chain and added over chains; in a circle every round counts, so that the shares of
    those outside it add up to the whole. A circle that nobody outside it owns has no such shares: what stands behind it
    is between 0 and 1.

    Args:
        inquiry: The structure asked.
        target: Of whom.
        measure: `votes` or `capital`.

    Source:
        Integrated ownership, (I - A)^-1 A, as in F. Brioschi, L. Buzzacchi, M. Colombo, "Risk capital financing and
        the separation of ownership and control in business groups", J. Banking & Finance 13 (1989).
    """
    names = list(inquiry.behind(target))
    place = {name: at for at, name in enumerate(names)}
    by_holder: dict[str, list[tuple[int, Stake]]] = {}
    for name in names:
        for holder, stake in inquiry.stakes(name, measure).each.items():
            by_holder.setdefault(holder, []).append((place[name], stake))
    held = [by_holder.get(name, []) for name in names]
    system = System(tuple(And(tuple(at for at, _ in of)) for of in held), 0)
    low: dict[int, Fraction] = {}
    high: dict[int, Fraction] = {}
    undefined: dict[int, str] = {}
    for members in components(system, range(len(names))):
        ordered = sorted(members)
        below = [at for member in ordered for at, _ in held[member] if at not in ordered]
        ends = (_solved(ordered, held, low, top=False), _solved(ordered, held, high, top=True))
        cause = next((undefined[at] for at in below if at in undefined), "")
        if ends[0] is None or ends[1] is None:
            cause = f"who stands behind the circle of {', '.join(names[at] for at in ordered)}"
        for position, member in enumerate(ordered):
            low[member] = ends[0][position] if ends[0] is not None else ZERO
            high[member] = ends[1][position] if ends[1] is not None else ONE
            if cause:
                undefined[member] = cause
    return Ownership(low, high, undefined, held, by_holder)


def _solved(
    members: Sequence[int], held: Sequence[Sequence[tuple[int, Stake]]], known: Mapping[int, Fraction], *, top: bool
) -> list[Fraction] | None:
    """Return the part of the target that each member of a circle stands for, or None where there is no solution.

    The target is number 0: it stands for itself, and for what comes back to it.
    """
    size = len(members)
    if size > LARGEST_CIRCLE:
        return None
    at = {member: position for position, member in enumerate(members)}
    rows = [[ZERO] * size + [ONE if member == 0 else ZERO] for member in members]
    for member in members:
        row = rows[at[member]]
        row[at[member]] += ONE
        for other, stake in held[member]:
            share = stake.high if top else stake.low
            if other in at:
                row[at[other]] -= share
            else:
                row[size] += share * known[other]
    for column in range(size):
        pivot = next((r for r in range(column, size) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [value / lead for value in rows[column]]
        for r in range(size):
            factor = rows[r][column]
            if r != column and factor:
                rows[r] = [value - factor * own for value, own in zip(rows[r], rows[column], strict=True)]
    values = [row[size] for row in rows]
    return None if any(value < 0 for value in values) else values
