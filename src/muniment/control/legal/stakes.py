"""Who holds which share of an entity's votes, and of its capital, directly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from muniment.book.structure import Basis, Entity, Structure
from muniment.control.ballots import Ballot, Entry, votes_of
from muniment.control.legal.finding import Verdict, percent, verdict

Measure: TypeAlias = Literal["votes", "capital"]
ZERO, ONE = Fraction(0), Fraction(1)


class Stake(NamedTuple):
    """A share of the whole, between two ends.

    Attributes:
        low, high: 0 to 1.
        low_open, high_open: The end itself is excluded.
        bases: Holdings it comes from.
        facts: Addresses of the holdings that are not stated exactly, or what is not recorded.
    """

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False
    bases: tuple[Basis, ...] = ()
    facts: tuple[str, ...] = ()

    def at_least(self, share: Fraction) -> Verdict:
        """Return whether it is that share or more."""
        return verdict(self.low >= share, self.high > share or (self.high == share and not self.high_open))

    def more_than(self, share: Fraction) -> Verdict:
        """Return whether it is more than that share."""
        return verdict(self.low > share or (self.low == share and self.low_open), self.high > share)

    def words(self) -> str:
        """Return it as people read it: `25%`, `more than 25%, at most 50%`."""
        if self.low == self.high:
            return percent(self.low)
        low = "" if self.low == 0 and not self.low_open else f"{'more than' if self.low_open else 'at least'} "
        high = f"{'less than' if self.high_open else 'at most'} {percent(self.high)}"
        return f"{low}{percent(self.low)}, {high}" if low else high


NOTHING = Stake(ZERO, ZERO)


class Stakes(NamedTuple):
    """The direct stakes in one entity.

    Attributes:
        each: By holder; who does not act together counts as one holder here, unnamed holders not at all.
        unnamed: Whether some of the whole is held by nobody the records name.
        assumptions: Sentences on what the records do not say.
        least: What all these holders have together at least.
    """

    each: Mapping[str, Stake]
    unnamed: bool
    assumptions: tuple[str, ...] = ()
    least: Fraction = ZERO

    def of(self, parties: Collection[str]) -> Stake:
        """Return what parties hold together: bounded from above by what the others hold at least."""
        inside = [self.each[name] for name in sorted(set(parties)) if name in self.each]
        if len(inside) <= 1:
            return inside[0] if inside else NOTHING
        total = added(inside)
        top = max(ONE - (self.least - sum((stake.low for stake in inside), ZERO)), total.low)
        return total if total.high <= top else total._replace(high=top, high_open=False)


def added(stakes: Iterable[Stake]) -> Stake:
    """Return the sum of stakes; it is never more than the whole, nor more at one end than at the other."""
    low, high = ZERO, ZERO
    low_open, high_open = False, False
    bases: tuple[Basis, ...] = ()
    facts: dict[str, None] = {}
    for stake in stakes:
        low, high = low + stake.low, high + stake.high
        low_open, high_open = low_open or stake.low_open, high_open or stake.high_open
        bases += stake.bases
        facts.update(dict.fromkeys(stake.facts))
    if high > ONE:
        high, high_open = max(ONE, low), False
    return Stake(low, high, low_open, high_open, bases, tuple(facts))


def direct_stakes(structure: Structure, entity: Entity, measure: Measure) -> Stakes:
    """Return who holds which share of an entity's votes, or of its capital.

    What the entity holds in itself is left out of both. A unit of every class counts alike in the capital, since
    records state no nominal value. Where only votes are recorded and the entity has one class at most, they are taken
    to measure the capital too.

    Args:
        structure: What is in force.
        entity: In whom.
        measure: `votes` or `capital`.
    """
    parties = {name: replace(party, acts_together=True) for name, party in structure.parties.items()}
    together = replace(structure, parties=parties)
    held = structure.holdings.get(entity.id, ())
    if measure == "votes":
        return _shares(votes_of(together, entity, None))
    in_capital = [holding for holding in held if holding.of != "votes"]
    notes: list[str] = []
    if not in_capital and held:
        if len(entity.classes) > 1:
            missing = f"who holds which part of the capital of {entity.id}"
            return Stakes({h.party: Stake(ZERO, ONE, bases=h.basis, facts=(missing,)) for h in held}, True)
        in_capital = list(held)
        notes.append(f"Of {entity.id} only votes are recorded; they are taken to measure its capital too.")
    if len({holding.class_id for holding in in_capital}) > 1:
        notes.append(f"One share or unit of {entity.id} counts as much of its capital as another, whatever its class.")
    # Shares of capital are reckoned as votes are, once each unit carries one.
    alike = [replace(holding, of="votes") if holding.of == "capital" else holding for holding in in_capital]
    classes = {name: replace(part, votes=ONE, votes_within=None) for name, part in entity.classes.items()}
    holdings = {**structure.holdings, entity.id: tuple(alike)}
    ballot = votes_of(replace(together, holdings=holdings), replace(entity, classes=classes), None)
    return _shares(ballot, notes)


def _shares(ballot: Ballot, notes: Sequence[str] = ()) -> Stakes:
    """Return the votes of each holder as shares of the base."""
    entries = ballot.entries
    lows, highs = sum((e.low for e in entries), ZERO), sum((e.high for e in entries), ZERO)
    each: dict[str, Stake] = {}
    for entry in entries:
        if ballot.base is not None:
            each[entry.party] = _of_base(entry, ballot.base, lows)
        else:
            low, high = entry.low + highs - entry.high, entry.high + lows - entry.low
            each[entry.party] = Stake(
                entry.low / low if low else ZERO,
                entry.high / high if high else ONE,
                entry.low_open or any(e.high_open for e in entries if e is not entry),
                entry.high_open or any(e.low_open for e in entries if e is not entry),
                entry.bases,
                tuple(dict.fromkeys(fact for e in entries for fact in e.facts)),
            )
    least = sum((stake.low for stake in each.values()), ZERO)
    return Stakes(each, bool(ballot.others), (*notes, *ballot.assumptions), least)


def _of_base(entry: Entry, base: Fraction, lows: Fraction) -> Stake:
    if not base:
        return NOTHING
    top = max(base - (lows - entry.low), entry.low)
    high, high_open = (entry.high, entry.high_open) if entry.high <= top else (top, False)
    low_open = entry.low_open and entry.low < high
    return Stake(entry.low / base, high / base, low_open, high_open, entry.bases, entry.facts)
