"""Levelled decision diagrams at scale: rules of any shape over hundreds of actors, in arrays, compiled.

The diagrams are those of `muniment.control.diagram` (same type, reduced and ordered; the fields are `array.array`s of
whole numbers, sorted by level from the last to the first), so that whatever reads a `Diagram` reads these as well.

Where to go on from a diagram; each module has a function for any size, which takes the plain road where that is
quicker, and one `at_scale`:

    levelled_counts    swings, Shapley-Shubik (exact, or by quadrature with a tolerance), chances of each actor's own
    levelled_sets      minimal coalitions and blocking sets, and how many of them each actor is in

Source:
    S. Bolus, "Power indices of simple games and vector-weighted majority games by means of binary decision diagrams",
    European Journal of Operational Research 210 (2011).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from importlib.util import find_spec
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

from muniment.control.diagram import NO, YES, Diagram, LimitReached, TooLarge, drawn
from muniment.control.formula import Mode, System
from muniment.control.levelled_order import orders_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGEST_SUM = 1 << 62


class Limits(NamedTuple):
    """What a diagram may cost.

    Attributes:
        nodes: Most nodes under construction; each takes about 36 bytes.
        steps: Most joining steps, over all orders that are tried; of some tenths of a microsecond each.
    """

    nodes: int = 2_000_000
    steps: int = 30_000_000


LIMITS = Limits()
ROUNDS = (150_000, 1_000_000)
"""Every order is tried with this few nodes before one is given more."""
HOPELESS = 64
"""A vote that might need this many times the nodes that are allowed is not begun: rarely do so many merge."""


def is_installed() -> bool:
    """Whether numba, which the compiled road needs, is installed."""
    return find_spec("numba") is not None


def not_installed(what: str) -> TooLarge:
    """Return the refusal where numba is missing."""
    return TooLarge(what, "what can be had without numba; install muniment[scale] for more")


def refused_without_numba(refused: TooLarge) -> TooLarge:
    """Return a refusal of the plain road, with what would go further where that is missing."""
    if is_installed():
        return refused
    return refused._replace(limit=f"{refused.limit}; install muniment[scale] for more")


def levelled_diagram_of(
    system: System,
    mode: Mode = Mode.CERTAIN,
    *,
    greatest: bool = False,
    root: int | None = None,
    limits: Limits = LIMITS,
) -> Diagram | TooLarge:
    """Return the function of a system's root, or say that it is too large.

    A few orders of the actors are tried, with more and more room, and the smallest diagram of the first round in which
    one succeeds is kept.

    Args:
        system: The system.
        mode: What is assumed of bounds and of holders who do not act together.
        greatest: Take the greatest fixpoint of circles instead of the least.
        root: Another node to ask about.
        limits: What the diagram may cost.

    Example:
        >>> from muniment.control.formula import AtLeast, Drawing, same_in_every_mode
        >>> drawing = Drawing()
        >>> board = tuple(drawing.actor(f"director-{seat}") for seat in range(31))
        >>> rule = drawing.add(AtLeast(board, same_in_every_mode([1] * 31, 16)))
        >>> len(levelled_diagram_of(drawing.system(rule)).levels) - 2
        256
    """
    what = "the exact table of who passes"
    if not is_installed():
        return not_installed(what)
    asked = system.root if root is None else root
    orders = orders_of(system, asked, mode)
    steps = limits.steps
    for most in sorted({min(nodes, limits.nodes) for nodes in (*ROUNDS, limits.nodes)}):
        best: Diagram | None = None
        for actors in orders:
            shop = CompiledWorkshop(len(actors), most, max(min(steps, 20 * most), 0))
            try:
                made = drawn(shop, system, mode, asked, actors, greatest=greatest)
            except LimitReached:
                continue
            except OverflowError:
                return TooLarge(what, "a sum of votes below 2^62")
            finally:
                steps -= shop.steps_taken
            found = shop.diagram(actors, made)
            if best is None or len(found.levels) < len(best.levels):
                best = found
        if best is not None:
            return best
    return TooLarge(what, f"{limits.nodes:,} nodes or {limits.steps:,} steps")


class CompiledWorkshop:
    """Nodes under construction, in arrays; does what `muniment.control.diagram.Workshop` does."""

    __slots__ = ("_full", "_kernels", "_levels", "_most_quotas", "_step_limit", "_store")

    def __init__(self, size: int, node_limit: int, step_limit: int) -> None:
        from muniment.control import levelled_kernels

        self._kernels = levelled_kernels
        self._store = levelled_kernels.new_store(size, node_limit, step_limit)
        self._levels = self._store.levels
        self._full = 3 * node_limit // 4
        self._step_limit = step_limit
        self._most_quotas = max(1_000_000, 4 * node_limit)

    @property
    def steps_taken(self) -> int:
        """How many steps were taken."""
        return self._step_limit - max(int(self._store.state[self._kernels.STEPS]), 0)

    def node(self, level: int, low: int, high: int) -> int:
        """Return the node that tests the actor of `level`."""
        return _allowed(self._kernels.node(self._store, level, low, high))

    def both(self, first: int, second: int) -> int:
        """Return the conjunction."""
        return self.choose(first, second, NO)

    def either(self, first: int, second: int) -> int:
        """Return the disjunction."""
        return self.choose(first, YES, second)

    def choose(self, test: int, then: int, other: int) -> int:
        """Return `then` where `test` holds and `other` where it does not."""
        return _allowed(self._kernels.choose(self._store, test, then, other))

    def order(self, parts: Sequence[int]) -> Sequence[int]:
        """Return each part once, those that rest on the last actors first, which are joined at little cost."""
        return sorted(dict.fromkeys(parts), key=lambda part: -int(self._levels[part]))

    def threshold(self, parts: Sequence[int], weights: Sequence[int], quota: int) -> int:
        """Return the function that holds where the parts that hold weigh at least `quota`.

        Raises:
            LimitReached: If more nodes or steps are needed than allowed.
            OverflowError: If the weights sum to 2**62 or more, in their smallest whole terms.
        """
        import numpy as np

        counted: dict[int, int] = {}
        for part, weight in zip(parts, weights, strict=True):
            if part == YES:
                quota -= weight
            elif part != NO and weight:
                counted[part] = counted.get(part, 0) + weight
        total = sum(counted.values())
        if quota <= 0 or quota > total:
            return YES if quota <= 0 else NO
        divisor = gcd(*counted.values())
        if total // divisor >= LARGEST_SUM:
            raise OverflowError
        order = sorted(counted, key=lambda part: (int(self._levels[part]), -counted[part]))
        if _most_nodes([counted[part] for part in order], quota, divisor) > HOPELESS * len(self._levels):
            raise LimitReached
        return _allowed(
            self._kernels.threshold(
                self._store,
                np.array(order, np.int64),
                np.array([counted[part] // divisor for part in order], np.int64),
                -(-quota // divisor),
                self._most_quotas,
            )
        )

    def step(self) -> None:
        """Count one step."""
        self._store.state[self._kernels.STEPS] -= 1
        if self._store.state[self._kernels.STEPS] < 0:
            raise LimitReached

    def tidy(self, values: dict[int, int]) -> None:
        """Forget, where room is short, what no value rests on; values are renumbered."""
        used = int(self._store.state[self._kernels.USED])
        if used < self._full:
            return
        import numpy as np

        roots = np.array(list(values.values()), np.int64)
        self._kernels.collect(self._store, roots)
        values.update(zip(list(values), roots.tolist(), strict=True))
        used = int(self._store.state[self._kernels.USED])
        self._full = max(self._full, (used + len(self._levels)) // 2)

    def diagram(self, actors: tuple[str, ...], root: int) -> Diagram:
        """Return one function, without what it does not rest on, sorted by level."""
        levels, lows, highs, made = self._kernels.by_level(
            self._store.levels, self._store.lows, self._store.highs, root
        )
        return Diagram(actors, _array(levels), _array(lows), _array(highs), int(made))


def _most_nodes(weights: Sequence[int], quota: int, divisor: int) -> int:
    """Return how many nodes a vote may need at most, where its parts are actors.

    On each level there are no more than the quotas that can remain, than the sums of the weights before, and than those
    of the weights after, which tell quotas apart.
    """
    bounds = []
    for ordered in (weights, weights[::-1]):
        alike: dict[int, int] = {}
        sums = [1]
        for weight in ordered:
            already = alike.get(weight, 0)
            alike[weight] = already + 1
            sums.append(min(sums[-1] * (already + 2) // (already + 1), LARGEST_SUM))
        bounds.append(sums)
    before, after = bounds
    total, passed, nodes = sum(weights), 0, 0
    for position, weight in enumerate(weights):
        window = (min(quota, total - passed) - max(quota - passed, divisor)) // divisor + 1
        nodes += min(window, before[position], after[len(weights) - position])
        passed += weight
    return nodes


def _allowed(made: int) -> int:
    if made < 0:
        raise LimitReached
    return int(made)


def _array(numbers: NDArray[np.int32]) -> array[int]:
    found = array("i")
    found.frombytes(numbers.tobytes())
    return found
