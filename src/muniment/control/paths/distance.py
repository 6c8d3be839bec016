"""Who must agree for a path to exist: the fewest outsiders, and every coalition up to a size.

Whether a coalition has a path is monotone: more who agree never hurt. A set of people that has none is widened until
everybody else would give it one; whoever has a path must then have somebody from outside it. What meets all such
conditions with the fewest people is tried next. Twins are told apart by their number alone.

Source:
    E. Moreno-Centeno and R. M. Karp, "The implicit hitting set approach to solve combinatorial optimization problems
    with an application to multigenome alignment", Operations Research 61 (2013). M. H. Liffiton and A. Malik,
    "Enumerating infeasibility: finding multiple MUSes quickly", CPAIOR 2013 (widening to a maximal set).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import chain, combinations, islice, product
from math import comb, prod
from typing import NamedTuple, TypeAlias

from muniment.control.paths.answer import ConsentDistance
from muniment.control.paths.network import Prepared, relaxed
from muniment.control.paths.search import Absent, TooLarge, search
from muniment.control.paths.twins import twin_classes

Counts: TypeAlias = tuple[int, ...]

MOST_SETS = 20
MOST_LISTED = 100_000
LOOKED_AT = 5_000_000  # numbers compared or written down, for candidates that are not tried
STATES = 20_000  # of one exact search


class _LimitError(Exception):
    """The tries are used up."""


class _Tries:
    """Asks whether so many of each class, added to a start, have a path; counts how often."""

    def __init__(self, prepared: Prepared, start: int, classes: Sequence[Sequence[int]], limit: int) -> None:
        self.prepared = prepared
        self.start = start
        self.classes = classes
        self.left = limit

    def has_path(self, counts: Counts) -> bool | None:
        """Return whether there is a path; None where the exact search was too large."""
        if self.left <= 0:
            raise _LimitError
        self.left -= 1
        state = self.start
        for bits, count in zip(self.classes, counts, strict=True):
            for bit in bits[:count]:
                state |= 1 << bit
        if not relaxed(self.prepared, state).goal:
            return False
        found = search(self.prepared, state, STATES)
        return None if isinstance(found, TooLarge) else not isinstance(found, Absent)

    def widened(self, counts: Counts) -> Counts:
        """Return counts without a path, from others without one, to which as good as nobody can be added.

        Halves of those left out are tried at a time, so that the many who do not matter cost one try. Ends early where
        the tries are used up.
        """
        absent = [at for at, bits in enumerate(self.classes) for _ in range(len(bits) - counts[at])]
        waiting, refused = [absent], set[int]()
        while waiting and self.left:
            chunk = [at for at in waiting.pop() if at not in refused]
            if not chunk:
                continue
            more = list(counts)
            for at in chunk:
                more[at] += 1
            if self.has_path(tuple(more)) is False:
                counts = tuple(more)
            elif len(chunk) == 1:
                refused.update(chunk)
            else:
                middle = len(chunk) // 2
                waiting += [chunk[middle:], chunk[:middle]]
        return counts


class _Found(NamedTuple):
    """Minimal counts that have a path, in order of size.

    Attributes:
        undecided: No smaller counts than of this many people are missing; None = none is missing at all.
    """

    minimal: list[Counts]
    undecided: int | None


def consent_distance(
    prepared: Prepared, start: int, actor_bits: Mapping[str, int], who: Collection[str], limit: int = 2_000
) -> ConsentDistance | None:
    """Return the fewest outsiders who, added to a coalition, have a path or hold the goal already.

    Args:
        prepared: The problem; each actor's agreement is a bit of it, which no move sets.
        start: The state at the start; the coalition's bits are turned on in it, the outsiders' off.
        actor_bits: The bit of each actor, of the coalition and outside.
        who: The coalition.
        limit: Most sets of outsiders to try.

    Returns:
        Exact, with every smallest set counted, unless the limit or the size of a search leaves it open; then
        `at_least` says how many at least. None where even that is open: the coalition itself may have a path.
    """
    outsiders = sorted(set(actor_bits) - set(who))
    state = _with(
        _with(start, actor_bits, outsiders, on=False), actor_bits, [name for name in who if name in actor_bits]
    )
    classes = twin_classes(prepared, state, actor_bits, outsiders)
    tries = _Tries(prepared, state, [[actor_bits[name] for name in members] for members in classes], limit)
    try:
        if tries.has_path(tuple(len(members) for members in classes)) is False:
            return ConsentDistance(None, at_least=0)
    except _LimitError:
        return None
    conditions: list[Counts] = []
    first = _minimal(tries, len(outsiders), conditions, outweighing=_outweighing(prepared, tries.classes))
    if not first.minimal:
        return ConsentDistance(None, at_least=first.undecided) if first.undecided else None
    fewest = sum(first.minimal[0])
    found = _minimal(tries, fewest, conditions)
    minimal = list(dict.fromkeys((*found.minimal, *first.minimal)))
    sets = chain.from_iterable(_sets(classes, counts, MOST_SETS) for counts in minimal)
    number = sum(
        prod(comb(len(names), count) for names, count in zip(classes, counts, strict=True)) for counts in minimal
    )
    listed = tuple(sorted(sets)[:MOST_SETS])
    if found.undecided is not None:
        return ConsentDistance(fewest, listed)
    met = [names for at, names in enumerate(classes) if any(counts[at] for counts in minimal)]
    any_of = tuple(sorted(chain.from_iterable(met)))
    return ConsentDistance(fewest, listed, number, any_of=any_of if number == comb(len(any_of), fewest) else ())


def coalitions_up_to(
    prepared: Prepared, start: int, actor_bits: Mapping[str, int], size: int, limit: int = 2_000
) -> tuple[tuple[str, ...], ...] | None:
    """Return every minimal coalition of up to so many actors that has a path or holds the goal already.

    Args:
        prepared: As of `consent_distance`.
        start: The state at the start; no actor's bit counts as on in it.
        actor_bits: The bit of each actor who may be in a coalition.
        size: Most members.
        limit: Most coalitions to try.

    Returns:
        By size, then names, each sorted; None where the limit or the size of a search leaves it open, or where
        there are more than 100,000.
    """
    names = sorted(actor_bits)
    state = _with(start, actor_bits, names, on=False)
    classes = twin_classes(prepared, state, actor_bits, names)
    tries = _Tries(prepared, state, [[actor_bits[name] for name in members] for members in classes], limit)
    found = _minimal(tries, size, [])
    if found.undecided is not None:
        return None
    most = MOST_LISTED + 1
    each = chain.from_iterable(_sets(classes, counts, most) for counts in found.minimal)
    listed = list(islice(each, most))
    return None if len(listed) == most else tuple(sorted(listed, key=lambda members: (len(members), members)))


def _minimal(
    tries: _Tries, most: int, conditions: list[Counts], outweighing: Sequence[Sequence[int]] | None = None
) -> _Found:
    """Return all minimal counts of at most so many people that have a path.

    Candidates come in order of size. Each meets all conditions known so far with nothing to spare, so that one with a
    path is minimal: a smaller one with a path would have come before.

    Args:
        tries: Asks for a path.
        most: Most people.
        conditions: Known so far, added to: in some class there must be more than this many.
        outweighing: For each class those that can stand in for it anywhere. Then only candidates count that have
            nobody of a class without all of those that outweigh it, and the first with a path ends it: of the fewest
            people there is such a one.
    """
    sizes = [len(bits) for bits in tries.classes]
    minimal: list[Counts] = []
    undecided: int | None = None
    looks = LOOKED_AT
    nobody = (0,) * len(sizes)
    waiting, seen = [(0, nobody)], {nobody}
    while waiting:
        people, counts = heappop(waiting)
        if any(all(map(int.__le__, smaller, counts)) for smaller in minimal):
            continue
        looks -= len(sizes) * (1 + len(conditions) + len(minimal))
        unmet = next((each for each in conditions if all(map(int.__le__, counts, each))), None)
        try:
            if looks <= 0:
                raise _LimitError
            if unmet is None:
                answer = tries.has_path(counts)
                if answer:
                    minimal.append(counts)
                    if outweighing is not None:
                        break
                    continue
                if answer is None:
                    undecided = people if undecided is None else undecided
                    continue
                unmet = tries.widened(counts)
                conditions.append(unmet)
        except _LimitError:
            undecided = people if undecided is None else undecided
            break
        for at, count in enumerate(unmet):
            if count == sizes[at]:
                continue
            more = list(counts)
            more[at] = count + 1
            for other in outweighing[at] if outweighing is not None else ():
                more[other] = sizes[other]
            looks -= len(sizes)
            following = tuple(more)
            if sum(more) <= most and following not in seen:
                seen.add(following)
                heappush(waiting, (sum(more), following))
    if outweighing is not None and undecided is not None:
        minimal = [counts for counts in minimal if sum(counts) <= undecided]
    return _Found(minimal, undecided)


def _outweighing(prepared: Prepared, classes: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return for each class those whose agreement counts for as much wherever its own does; of equals the former."""
    network = prepared.network
    moved = 0
    for on, off, conditional in zip(network.on, network.off, network.conditional, strict=True):
        moved |= on | off
        for _, bit in conditional:
            moved |= bit
    counts_for: list[dict[int, int]] = []
    for bits in classes:
        weights = {-1: 1} if network.goal == bits[0] else {}
        for node, weight in network.out[bits[0]]:
            weights[node] = weights.get(node, 0) + weight
        counts_for.append(weights)
    stays = [not any(moved >> bit & 1 for bit in bits) for bits in classes]
    return [
        [
            other
            for other, theirs in enumerate(counts_for)
            if other != at
            and stays[at]
            and stays[other]
            and all(theirs.get(node, 0) >= weight for node, weight in mine.items())
            and (theirs != mine or other < at)
        ]
        for at, mine in enumerate(counts_for)
    ]


def _sets(classes: Sequence[Sequence[str]], counts: Counts, most: int) -> Iterator[tuple[str, ...]]:
    """Yield sets with so many of each class, at most so many of them, the names of each sorted."""
    chosen = [islice(combinations(members, count), most) for members, count in zip(classes, counts, strict=True)]
    for parts in islice(product(*chosen), most):
        yield tuple(sorted(chain.from_iterable(parts)))


def _with(state: int, actor_bits: Mapping[str, int], names: Collection[str], *, on: bool = True) -> int:
    for name in names:
        mask = 1 << actor_bits[name]
        state = state | mask if on else state & ~mask
    return state
