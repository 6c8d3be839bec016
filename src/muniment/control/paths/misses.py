"""How close a coalition comes, where no path is found: what is short at its strongest, vote by vote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from muniment.book.structure import Basis
from muniment.control.ballots import figure
from muniment.control.compiled import VoteNote
from muniment.control.paths.answer import Miss
from muniment.control.paths.arena import Arena, name_of
from muniment.control.paths.network import Prepared, says
from muniment.control.paths.problem import Bit, Either, Enough, Every, Fixed, Gate

MOST_MISSES = 8
FAR = Fraction(10**9)


def closest_misses(arena: Arena, prepared: Prepared, states: Sequence[int], matter: str) -> tuple[Miss, ...]:
    """Return what is short of the matter, and of each move that cannot be made, at the coalition's strongest.

    Args:
        arena: The problem.
        prepared: It, prepared.
        states: The closure, or the maximal states; the one nearest to the matter is taken.
        matter: `ENTITY: MATTER`.
    """
    measured = [(_Shortage(arena, prepared, state), state) for state in states]
    best, _ = min(measured, key=lambda each: (min(each[0].of(goal)[0] for goal in arena.goals), -each[1].bit_count()))
    goal = min(arena.goals, key=lambda gate: best.of(gate)[0])
    found = [(Fraction(-1), _miss(matter, best.of(goal), best))]
    for act, needs in zip(arena.acts, arena.needs, strict=True):
        if not needs or any(best.said[gate] for gate in needs):
            continue
        short = min((best.of(gate) for gate in needs), key=lambda each: each[0])
        if short[0] < FAR:
            found.append((short[0], _miss(name_of(act), short, best)))
    found.sort(key=lambda each: each[0])
    together: dict[str, list[Miss]] = {}
    for _, miss in found:
        if miss.short:
            together.setdefault(miss.short, []).append(miss)
    first, *rest = [_named_together(misses) for misses in _apart(found[0][1], together)]
    return (first, *rest[: MOST_MISSES - 1])


def _apart(of_matter: Miss, together: dict[str, list[Miss]]) -> Iterator[list[Miss]]:
    """Yield the matter by itself, then the moves for which the same is short."""
    yield [of_matter]
    for misses in together.values():
        rest = [miss for miss in misses if miss is not of_matter]
        if rest:
            yield rest


def _named_together(misses: Sequence[Miss]) -> Miss:
    """Return one for several moves for which the same is short."""
    first = misses[0]
    if len(misses) == 1:
        return first
    rest = len(misses) - 2
    more = f"{first.what}; {misses[1].what}" + (f"; and {rest} more move{'s' * (rest > 1)}" if rest else "")
    return Miss(more, first.short, tuple(dict.fromkeys(basis for miss in misses for basis in miss.because)))


def _miss(what: str, short: tuple[Fraction, tuple[int, ...]], shortage: _Shortage) -> Miss:
    votes = shortage.arena.votes
    words = [shortage.in_words(gate) for gate in short[1]] or ["no consent that anybody can give satisfies its rule"]
    because: tuple[Basis, ...] = tuple(dict.fromkeys(votes[gate].rule for gate in short[1] if gate in votes))
    return Miss(what, "; ".join(dict.fromkeys(words)), because)


class _Shortage:
    """What is short at each gate in one state; a share of the votes of each vote that fails."""

    def __init__(self, arena: Arena, prepared: Prepared, state: int) -> None:
        self.arena = arena
        self.gates = arena.problem.gates
        self.said = says(prepared, state)
        self.names = {bit: name for name, bit in arena.actors.items()}
        self._known: dict[int, tuple[Fraction, tuple[int, ...]]] = {}

    def of(self, gate: int) -> tuple[Fraction, tuple[int, ...]]:
        """Return how much is short of a gate, as a part of the votes, and the gates that fail."""
        order: list[tuple[int, bool]] = [(gate, False)]
        under_way: set[int] = set()
        while order:
            number, ready = order.pop()
            if number in self._known:
                continue
            if self.said[number]:
                self._known[number] = (Fraction(0), ())
                continue
            parts = self._failing_parts(number)
            if not ready:
                if number in under_way:
                    self._known[number] = (FAR, ())
                    continue
                under_way.add(number)
                order.append((number, True))
                order.extend((part, False) for part in parts if part not in self._known and part not in under_way)
                continue
            self._known[number] = self._sum(number, parts)
        return self._known[gate]

    def _failing_parts(self, number: int) -> tuple[int, ...]:
        made: Gate = self.gates[number]
        if number in self.arena.votes or isinstance(made, Bit | Fixed | Enough):
            return ()
        return tuple(part for part in made.parts if not self.said[part])

    def _sum(self, number: int, parts: Sequence[int]) -> tuple[Fraction, tuple[int, ...]]:
        made = self.gates[number]
        if number in self.arena.votes:
            return self._of_vote(number)
        match made:
            case Bit(bit):
                return (Fraction(1), (number,)) if bit in self.names else (FAR, ())
            case Fixed() | Enough():
                return FAR, ()
            case Every():
                each = [self._known.get(part, (FAR, ())) for part in parts]
                return sum((short for short, _ in each), Fraction(0)), tuple(
                    gate for _, gates in each for gate in gates
                )
            case Either():
                return min((self._known.get(part, (FAR, ())) for part in parts), default=(FAR, ()), key=lambda s: s[0])

    def _of_vote(self, number: int) -> tuple[Fraction, tuple[int, ...]]:
        made = self.gates[number]
        if not isinstance(made, Enough) or made.quota <= 0:
            return FAR, ()
        agreed = sum(weight for part, weight in zip(made.parts, made.weights, strict=True) if self.said[part])
        return Fraction(made.quota - agreed, made.quota), (number,)

    def in_words(self, number: int) -> str:
        """Return what is short at a gate that fails."""
        made = self.gates[number]
        note = self.arena.votes.get(number)
        if note is None or not isinstance(made, Enough):
            return f"the consent of {self.names[made.bit]}" if isinstance(made, Bit) else "what nobody can give"
        short = self._votes_short(number, note, made)
        if note.base == 1:
            most = figure(100 * (note.needed.of(note.base) - short))
            return f"is sure of {most}% of the {note.words}, and {note.needed.words} is needed"
        least = floor(short) + 1 if note.needed.more else ceil(short)
        needs = f"{note.needed.words} of {figure(note.base)} {note.words} is needed"
        return f"short by {figure(Fraction(least))} vote{'s' if least != 1 else ''} of the {note.words} ({needs})"

    def _votes_short(self, number: int, note: VoteNote, made: Enough) -> Fraction:
        """Return the votes that are short of what is needed or, where more is needed, of what is just not enough."""
        unit = self.arena.units.get(number)
        if unit is not None:
            agreed = sum(weight for part, weight in zip(made.parts, made.weights, strict=True) if self.said[part])
            return max(Fraction(made.quota - (1 if note.needed.more else 0) - agreed) / unit, Fraction(0))
        agreeing = zip(made.parts, note.voters, strict=False)
        have = sum((votes for part, (_, votes) in agreeing if self.said[part]), Fraction(0))
        return max(note.needed.of(note.base) - have, Fraction(0))
