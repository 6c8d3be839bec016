"""A path problem as plain data: bits that are better on than off, gates over them, moves, a start and a goal.

Everything that can change is a bit, worded so that the coalition never minds having it on: "the seat is ours", "the
seat is not filled by others", "this rule is as we like it", "that day has come", "that day has not come yet". A state
is the set of bits that are on. Every gate is monotone, so a state that has all the bits of another can do whatever that
one can; moves set constants, so it stays so after each move.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Bit(NamedTuple):
    """Says yes while a bit is on."""

    bit: int


class Fixed(NamedTuple):
    """Always yes, or always no."""

    value: bool


class Every(NamedTuple):
    """Every part says yes; empty = yes."""

    parts: tuple[int, ...]


class Either(NamedTuple):
    """One part says yes; empty = no."""

    parts: tuple[int, ...]


class Enough(NamedTuple):
    """The parts that say yes weigh at least the quota.

    Attributes:
        weights: One for each part; whole, not negative.
    """

    parts: tuple[int, ...]
    weights: tuple[int, ...]
    quota: int


Gate: TypeAlias = Bit | Fixed | Every | Either | Enough


class Effect(NamedTuple):
    """What a move does to one bit.

    Attributes:
        bit: Which bit.
        on: Whether the move turns it on, else off.
        where: A bit that must have been on just before the move for this effect to happen; None = it always does.
    """

    bit: int
    on: bool
    where: int | None = None


class Step(NamedTuple):
    """A move of the problem.

    Attributes:
        name: What is done, in words; names are unique.
        guard: The gate that must say yes.
        effects: All read the state before the move. Effects that turn bits off make the move lossy. An effect that
            turns a bit off never has a `where`.
        days: Days of notice from the day on which the guard says yes.
        not_before: Days from the start of the problem before which the move cannot take effect (a wait, a meeting).
        not_after: Days from the start after which it cannot; None = no last day.
    """

    name: str
    guard: int
    effects: tuple[Effect, ...]
    days: int = 0
    not_before: int = 0
    not_after: int | None = None

    @property
    def is_lossy(self) -> bool:
        """Whether the move turns a bit off."""
        return any(not effect.on for effect in self.effects)


class Problem(NamedTuple):
    """A path problem.

    Gates refer to one another by position and may do so in circles: a gate says yes in a state if it does so in the
    least fixpoint, so that no yes rests on itself.

    Attributes:
        bits: Name of each bit; bit `i` of a state stands for `bits[i]`.
        gates: The gates.
        steps: The moves.
        start: The state at the start, as a whole number: bit `i` is on if `start >> i & 1`.
        goal: The gate that says yes in the states wanted.
    """

    bits: tuple[str, ...]
    gates: tuple[Gate, ...]
    steps: tuple[Step, ...]
    start: int
    goal: int


def after(step: Step, state: int) -> int:
    """Return the state after a move that takes effect in a state; its guard is not asked."""
    raised = lowered = 0
    for effect in step.effects:
        if effect.where is None or state >> effect.where & 1:
            if effect.on:
                raised |= 1 << effect.bit
            else:
                lowered |= 1 << effect.bit
    return state & ~lowered | raised
