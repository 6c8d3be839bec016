"""Every minimal set of provisions under which no path is left: implicit hitting sets, over any test of a path.

A set of provisions that leaves a path shows a conflict: each cut must have one of the provisions outside it. Grown as
far as the path stays, it shows the sharpest conflict it can. A smallest set that meets every conflict found so far
either is a cut, and then a minimal one, or shows the next conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

Test: TypeAlias = Callable[[frozenset[int]], bool | None]


class MinimalCuts(NamedTuple):
    """Minimal cuts among numbered provisions.

    Attributes:
        cuts: By size, then numbers.
        complete: There are no others. False where a limit was met, a test was undetermined, or adopting more brought a
            path back.
        calls: How often a path was asked for.
        undetermined: Sets for which it was not decided whether a path is left; they count as leaving one.
    """

    cuts: tuple[frozenset[int], ...]
    complete: bool
    calls: int
    undetermined: tuple[frozenset[int], ...] = ()


class OutOfCalls(Exception):  # noqa: N818 -- no error: the caller asked for no more
    """As many paths were asked for as allowed."""


class _Asking:
    """Asks for paths, each set once, and knows what follows from the answers.

    Sets are whole numbers, one bit a provision.
    """

    def __init__(self, has_path: Test, most_calls: int) -> None:
        self.has_path = has_path
        self.most_calls = most_calls
        self.known: dict[int, bool] = {}
        self.open: list[int] = []
        self.calls = 0

    def directly(self, chosen: int) -> bool:
        """Whether a path is left under these provisions, as the test itself says."""
        if chosen not in self.known:
            if self.calls >= self.most_calls:
                raise OutOfCalls
            self.calls += 1
            answer = self.has_path(members(chosen))
            if answer is None:
                self.open.append(chosen)
            self.known[chosen] = answer is not False
        return self.known[chosen]

    def __call__(self, chosen: int) -> bool:
        """Whether a path is left; what follows from sets with more or fewer provisions is not asked for again."""
        for other, left in self.known.items():
            if other & chosen == chosen if left else other & chosen == other:
                return left
        return self.directly(chosen)

    def is_consistent(self) -> bool:
        """Whether no set leaves a path where one with fewer provisions leaves none."""
        without = [chosen for chosen, left in self.known.items() if not left]
        return not any(left and chosen & cut == cut for chosen, left in self.known.items() for cut in without)


def members(chosen: int) -> frozenset[int]:
    """Return the numbers in a set that is written as bits."""
    return frozenset(number for number in range(chosen.bit_length()) if chosen >> number & 1)


def minimal_cuts(
    number: int, has_path: Test, *, most_cuts: int = 20, most_calls: int = 2_000, most_steps: int = 200_000
) -> MinimalCuts:
    """Return the minimal sets of provisions under which no path is left.

    Every set returned was asked for itself, and so was each set that has one provision less.

    Args:
        number: How many provisions there are; up to about 40.
        has_path: Whether a path is left under a set of them; None = undetermined, which counts as a path. It should be
            monotone: adopting more brings no path back. Where it does, that is noticed on the sets asked for alone.
        most_cuts: Return as many at most, the smallest.
        most_calls: Ask for at most as many paths.
        most_steps: Of each search for a set that meets every conflict.

    Raises:
        ValueError: If a limit is below one.

    Source:
        J. Davies, F. Bacchus, "Solving MAXSAT by solving a sequence of simpler SAT instances", CP 2011 (implicit
        hitting sets); M. H. Liffiton and others, "Fast, flexible MUS enumeration", Constraints 21 (2016) (growing to
        maximal sets).

    Example:
        >>> found = minimal_cuts(3, lambda adopted: not adopted >= {0, 1} and 2 not in adopted)
        >>> [sorted(cut) for cut in found.cuts], found.complete
        ([[2], [0, 1]], True)
    """
    if most_cuts < 1 or most_calls < 1 or most_steps < 1:
        raise ValueError("limits are at least one")
    asking = _Asking(has_path, most_calls)
    cuts: list[int] = []
    conflicts: list[int] = []
    complete = True
    try:
        # Each by itself first: what cuts alone then stands, even where together with others it would not.
        if asking.directly(0):
            for at in range(number):
                asking.directly(1 << at)
        while True:
            chosen = _smallest(conflicts, cuts, number, most_steps)
            if chosen is None:
                break
            # Every cut smaller than this one is known, so those that are as small are the smallest there are.
            if chosen < 0 or sum(cut.bit_count() <= chosen.bit_count() for cut in cuts) >= most_cuts:
                complete = False
                break
            if asking.directly(chosen):
                chosen, stopped = _grown(chosen, number, asking)
                conflicts.append(((1 << number) - 1) & ~chosen)
                # What stopped the growth is itself a cut with idle parts.
                for each in stopped:
                    if not any(each & cut == cut for cut in cuts):
                        _add(cuts, _shrunk(each, asking), asking)
            else:
                _add(cuts, chosen, asking)
    except OutOfCalls:
        complete = False
    found = sorted(map(members, cuts), key=lambda cut: (len(cut), sorted(cut)))
    complete = complete and len(found) <= most_cuts and not asking.open and asking.is_consistent()
    return MinimalCuts(tuple(found[:most_cuts]), complete, asking.calls, tuple(map(members, asking.open)))


def _add(cuts: list[int], chosen: int, asking: _Asking) -> None:
    """Add a cut once it was asked for itself, and every set with one provision less."""
    if asking.directly(chosen):
        return
    for each in _bits(chosen):
        if not asking.directly(chosen & ~each):
            chosen &= ~each
    cuts[:] = [cut for cut in cuts if cut & chosen != chosen]
    cuts.append(chosen)


def _bits(chosen: int) -> Iterator[int]:
    """Yield each provision of a set by itself, the last first."""
    while chosen:
        bit = 1 << (chosen.bit_length() - 1)
        chosen &= ~bit
        yield bit


def _grown(chosen: int, number: int, asking: _Asking) -> tuple[int, tuple[int, ...]]:
    """Return a set that leaves a path and has as many provisions beside those chosen as can be added.

    Returns:
        The set; and sets without a path that are each one provision more than it was when it was tried.
    """
    rest = [1 << at for at in range(number) if not chosen >> at & 1]
    waiting = [rest] if rest else []
    stopped: list[int] = []
    while waiting:
        chunk = waiting.pop()
        more = chosen | sum(chunk)
        if asking(more):
            chosen = more
        elif len(chunk) > 1:
            half = len(chunk) // 2
            waiting += [chunk[half:], chunk[:half]]
        else:
            stopped.append(more)
    return chosen, tuple(stopped)


def _shrunk(chosen: int, asking: _Asking) -> int:
    """Return a part of a set without a path from which nothing can be left out; what comes last is left out first."""
    waiting = [list(_bits(chosen))]
    while waiting:
        chunk = waiting.pop()
        less = chosen & ~sum(chunk)
        if not asking(less):
            chosen = less
        elif len(chunk) > 1:
            half = len(chunk) // 2
            waiting += [chunk[half:], chunk[:half]]
    return chosen


def _smallest(conflicts: Sequence[int], cuts: Sequence[int], number: int, most_steps: int) -> int | None:
    """Return a smallest set that meets every conflict and has no cut in it.

    Returns:
        None if there is none; -1 if that could not be found out within the steps allowed.
    """
    left = most_steps
    for size in range(number + 1):
        # Sets of just this size; what has been decided against is not tried again.
        stack: list[tuple[int, int]] = [(0, 0)]
        too_small = False
        while stack:
            chosen, barred = stack.pop()
            left -= 1
            if left < 0:
                return -1
            if any(chosen & cut == cut for cut in cuts):
                continue
            unmet = [conflict & ~barred for conflict in conflicts if not conflict & chosen]
            if not unmet:
                return chosen
            if not all(unmet):
                continue
            if chosen.bit_count() + _apart(unmet) > size:
                too_small = True
                continue
            branches: list[tuple[int, int]] = []
            for bit in sorted(_bits(min(unmet, key=lambda conflict: (conflict.bit_count(), conflict)))):
                branches.append((chosen | bit, barred))
                barred |= bit
            stack.extend(reversed(branches))
        if not too_small:
            return None
    return None


def _apart(conflicts: Sequence[int]) -> int:
    """Return how many provisions at least are needed to meet conflicts: as many as have nothing in common."""
    met = count = 0
    for conflict in sorted(conflicts, key=lambda each: (each.bit_count(), each)):
        if not conflict & met:
            met |= conflict
            count += 1
    return count
