"""Who votes in an electorate of holders, with how many votes, and what share of them is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, lcm
from types import MappingProxyType
from typing import NamedTuple

from muniment.book.structure import Basis, Entity, Holding, Structure
from muniment.control.cross_held import holders_held_by, left_open_of, said_of
from muniment.control.formula import Weighing, same_in_every_mode
from muniment.control.time_held import by_time_held
from muniment.model.rules import Share
from muniment.model.values import Bounded

ZERO = Fraction(0)
HALF = Fraction(1, 2)
NO_LIMITS: Mapping[tuple[str, str], Fraction] = MappingProxyType({})
WITHOUT_BOUND = Fraction(10**40)  # stands for shares whose greatest number nobody states


class Entry(NamedTuple):
    """The votes of one holder.

    Attributes:
        low: Least number of votes.
        high: Greatest number.
        low_open: The least number itself is excluded.
        high_open: The greatest number itself is excluded.
        facts: Addresses of the holdings that are not stated exactly.
    """

    party: str
    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False
    bases: tuple[Basis, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether the number of votes is stated."""
        return self.low == self.high and not (self.low_open or self.high_open)


class Ballot(NamedTuple):
    """An electorate of holders.

    Attributes:
        entries: One for each holder with votes, in order of party id.
        base: Votes of which a share is taken; None = whatever the entries turn out to hold in all.
        others: Name of those who hold what percentages leave over; empty if they leave nothing.
        words: What is counted (`votes of acme`).
        assumptions: Sentences on what the records do not say.
        uncast: Votes in the base that their holders may not cast, at least and at most.
    """

    entries: tuple[Entry, ...]
    base: Fraction | None
    others: str
    words: str
    assumptions: tuple[str, ...] = ()
    uncast: tuple[Fraction, Fraction] = (ZERO, ZERO)

    @property
    def total(self) -> Fraction:
        """All votes; the least number where they are not stated exactly."""
        return sum((entry.low for entry in self.entries), ZERO) if self.base is None else self.base


def votes_of(
    structure: Structure,
    entity: Entity,
    classes: Sequence[str] | None,
    excluding: Collection[str] = (),
    pooled: Collection[str] = (),
    within: Mapping[tuple[str, str], Fraction] = NO_LIMITS,
    *,
    cross_held_count: bool = False,
) -> Ballot:
    """Return the electorate of one or several classes together, or of all votes.

    Votes an entity holds in itself are out of the base; so are its subsidiaries', where it says so. A unit of a class
    has its votes, or one where the class carries none and is asked for by name.

    Args:
        structure: What is in force.
        entity: Whose classes.
        classes: Class ids; None = the votes of the entity.
        excluding: Parties whose votes are left out of the base.
        pooled: Parties whose votes a voting pool casts, so that those who do not act together vote as one there.
        within: By party and class, the part of a holding that votes; the rest stays in the base, cast by nobody.
        cross_held_count: Count what subsidiaries hold, whatever the entity says.
    """
    holdings = list(structure.holdings.get(entity.id, ()))
    notes: list[str] = []
    out = {entity.id, *excluding}
    if entity.cross_held_vote is False and not cross_held_count:

        def all_votes(subsidiary: Entity) -> Ballot:
            return votes_of(structure, subsidiary, None, cross_held_count=True)

        silent, perhaps = (holders_held_by(structure, entity, all_votes, possibly=each) for each in (False, True))
        out.update(silent)
        notes.extend((*said_of(entity, silent), *left_open_of(entity, silent, perhaps)))
    if classes is None:
        direct = [holding for holding in holdings if holding.of == "votes"]
        units = _units_of_votes(entity, holdings, notes)
        words = f"votes of {entity.id}"
        others = f"others of {entity.id}"
        if direct:
            holdings = by_time_held(structure, entity, holdings, units, notes)
            return _shares_of_votes(structure, entity, direct, holdings, units, words, notes, pooled, out)
    else:
        units = {name: _unit(entity, name) for name in classes}
        words = f"{' and '.join(classes)} of {entity.id}"
        others = f"others of {entity.id}.{'+'.join(classes)}"
        in_class = [holding for holding in holdings if holding.class_id in units and holding.of in (None, "class")]
        direct = [holding for holding in holdings if holding.of == "votes"]
        if not in_class and direct and len(entity.classes) <= 1:
            return _shares_of_votes(structure, entity, direct, [], units, words, notes, pooled, out)
    holdings = by_time_held(structure, entity, holdings, units, notes)
    if len(units) > 1:
        for name in units:
            if name in entity.classes and entity.classes[name].votes_within is not None:
                units[name] = Fraction(1)
        holdings = [_with_open_votes(entity, holding) for holding in holdings]
    entries: dict[str, Entry] = {}
    base: Fraction | None = ZERO
    uncast = ZERO
    residue = False
    for name, unit in units.items():
        if not unit:
            continue
        of_class = [holding for holding in holdings if holding.class_id == name and holding.of in (None, "class")]
        size, left = _size(entity, name, of_class, len(units) > 1, notes)
        residue = residue or left
        for holding in of_class:
            scale = unit if holding.of is None else unit * size
            entry = _entry(holding, scale, fixed=holding.of == "class")
            kept = within.get((holding.party, name), Fraction(1)) if holding.party not in out else Fraction(1)
            uncast += entry.low * (1 - kept)
            _add(entries, entry._replace(low=entry.low * kept, high=entry.high * kept))
        if any(holding.of == "class" for holding in of_class):
            base = None if base is None else base + size * unit
        elif any(isinstance(holding.quantity, Bounded) for holding in of_class):
            base = None
        else:
            total = sum((holding.quantity for holding in of_class if isinstance(holding.quantity, Fraction)), ZERO)
            base = None if base is None else base + total * unit
    gone = _left_out(entries, out)
    base = None if base is None else base - gone
    ballot = _ballot(structure, entries, base, others if residue else "", words, notes, pooled)
    return ballot._replace(uncast=(uncast, uncast))


def _left_out(entries: dict[str, Entry], parties: Collection[str]) -> Fraction:
    """Take parties out of an electorate, and return how many votes they had; the least number where that is open."""
    return sum((entries.pop(party).low for party in parties if party in entries), ZERO)


def _with_open_votes(entity: Entity, holding: Holding) -> Holding:
    """Return a holding in votes where its class states its votes within bounds only."""
    share_class = entity.classes.get(holding.class_id)
    votes = share_class.votes_within if share_class is not None else None
    if share_class is None or votes is None or holding.of is not None:
        return holding
    quantity = holding.quantity
    high = quantity.high if isinstance(quantity, Bounded) else quantity
    open_above = votes.about or votes.high is None or high is None or (isinstance(quantity, Bounded) and quantity.about)
    between = Bounded(
        _low(quantity) * _low(votes),
        None if open_above or votes.high is None or high is None else high * votes.high,
        votes.low_open,
        votes.high_open,
        text=f"{votes.text} each",
    )
    stated = [share_class.basis[label] for label in ("votes per share", "votes per unit") if label in share_class.basis]
    return replace(holding, quantity=between, basis=(*holding.basis, *stated))


def _unit(entity: Entity, class_id: str) -> Fraction:
    share_class = entity.classes.get(class_id)
    return share_class.votes if share_class is not None and share_class.votes else Fraction(1)


def _units_of_votes(entity: Entity, holdings: Sequence[Holding], notes: list[str]) -> dict[str, Fraction]:
    """Return the votes of a unit of each class; one each where no class of the entity says."""
    names = dict.fromkeys([*entity.classes, *(holding.class_id for holding in holdings if holding.class_id)])
    stated = {name: entity.classes[name].votes for name in names if name in entity.classes}
    within = [name for name in stated if entity.classes[name].votes_within is not None]
    if not within and all(votes is None for votes in stated.values()):
        if names:
            notes.append(f"No class of {entity.id} states its votes; each unit is taken to carry one.")
        return dict.fromkeys(names, Fraction(1))
    notes.extend(
        f"{name} of {entity.id} does not state its votes, as other classes do; it is taken to carry none."
        for name, votes in stated.items()
        if votes is None and entity.classes[name].votes_within is None
    )
    return {name: stated.get(name) or ZERO for name in names}


def _size(
    entity: Entity, name: str, holdings: Sequence[Holding], several: bool, notes: list[str]
) -> tuple[Fraction, bool]:
    """Return the units of a class that percentages are taken of, and whether they leave something over."""
    percents = [holding for holding in holdings if holding.of == "class"]
    if not percents:
        return Fraction(1), False
    stated = sum((_low(holding.quantity) for holding in percents), ZERO)
    certain = all(isinstance(holding.quantity, Fraction) for holding in percents)
    in_units = sum((_low(holding.quantity) for holding in holdings if holding.of is None), ZERO)
    if in_units and stated < 1:
        notes.append(f"Holders of {entity.id}.{name} in units are taken to hold what its percentages leave over.")
        return in_units / (1 - stated), False
    share_class = entity.classes.get(name)
    if several and share_class is not None and share_class.authorized:
        notes.append(f"Percentages of {entity.id}.{name} are taken of the {share_class.authorized:,} authorized.")
        return Fraction(share_class.authorized), stated < 1 or not certain
    if several:
        notes.append(f"{entity.id}.{name} is held in percentages of an unstated number; classes are taken as equal.")
    return Fraction(1), stated < 1 or not certain


def _shares_of_votes(
    structure: Structure,
    entity: Entity,
    direct: Sequence[Holding],
    holdings: Sequence[Holding],
    units: dict[str, Fraction],
    words: str,
    notes: list[str],
    pooled: Collection[str] = (),
    out: Collection[str] = (),
) -> Ballot:
    """Return the electorate where holdings are stated as shares of all votes."""
    entries: dict[str, Entry] = {}
    for holding in direct:
        _add(entries, _entry(holding, Fraction(1), fixed=True))
    stated = sum((entry.low for entry in entries.values()), ZERO)
    in_units = [
        (holding, _low(holding.quantity) * units.get(holding.class_id, ZERO))
        for holding in holdings
        if stated < 1 and holding.of is None and holding.party not in entries
    ]
    total = sum((votes for _, votes in in_units), ZERO)
    if total:
        notes.append(f"Holders of {entity.id} in units are taken to hold the votes that the percentages leave over.")
        for holding, votes in in_units:
            share = (1 - stated) * votes / total
            _add(entries, Entry(holding.party, share, share, bases=holding.basis))
    certain = all(entry.is_exact for entry in entries.values())
    residue = not total and (stated < 1 or not certain)
    others = f"others of {entity.id}" if residue else ""
    return _ballot(structure, entries, 1 - _left_out(entries, out), others, words, notes, pooled)


def _low(quantity: Fraction | Bounded[Fraction]) -> Fraction:
    if isinstance(quantity, Bounded):
        return ZERO if quantity.about or quantity.low is None else quantity.low
    return quantity


def _entry(holding: Holding, scale: Fraction, *, fixed: bool) -> Entry:
    """Return a holding as votes; of `about X` nothing is concluded."""
    quantity = holding.quantity
    if not isinstance(quantity, Bounded):
        return Entry(holding.party, quantity * scale, quantity * scale, bases=holding.basis)
    top = Fraction(1) if fixed else WITHOUT_BOUND
    high = top if quantity.about or quantity.high is None else min(quantity.high, top)
    low = min(_low(quantity), high)
    facts = tuple(basis.record for basis in holding.basis) or (f"{holding.entity} {holding.party}",)
    return Entry(
        holding.party,
        low * scale,
        high * scale,
        quantity.low_open and not quantity.about and low == quantity.low,
        quantity.high_open and not quantity.about and high == quantity.high,
        holding.basis,
        facts,
    )


def _add(entries: dict[str, Entry], entry: Entry) -> None:
    if entry.high <= 0:
        return
    before = entries.get(entry.party)
    if before is None:
        entries[entry.party] = entry
        return
    entries[entry.party] = Entry(
        entry.party,
        before.low + entry.low,
        before.high + entry.high,
        before.low_open or entry.low_open,
        before.high_open or entry.high_open,
        before.bases + entry.bases,
        before.facts + entry.facts,
    )


def _ballot(
    structure: Structure,
    entries: dict[str, Entry],
    base: Fraction | None,
    others: str,
    words: str,
    notes: Iterable[str],
    pooled: Collection[str] = (),
) -> Ballot:
    """Return the electorate; whoever does not act together is counted among the others."""
    acting: list[Entry] = []
    for party in sorted(entries):
        known = structure.parties.get(party)
        apart = party not in pooled and (
            party.startswith("others of ") or (known is not None and known.kind == "group" and not known.acts_together)
        )
        if apart:
            others = others or party
        else:
            acting.append(entries[party])
    if others and base is None:
        base = sum((entry.high for entry in entries.values()), ZERO)
    return Ballot(tuple(acting), base, others, words, tuple(notes))


def of_members(ballot: Ballot, members: Collection[str]) -> Ballot:
    """Return the electorate of the members of a voting pool alone: their votes are the base."""
    entries = tuple(entry for entry in ballot.entries if entry.party in members)
    exact = all(entry.is_exact for entry in entries)
    base = sum((entry.low for entry in entries), ZERO) if exact else None
    return ballot._replace(entries=entries, base=base, others="")


class Needed(NamedTuple):
    """How much of a base must agree.

    Attributes:
        share: Fraction of the base; None where `number` or `all_but` says it.
        more: More than the share is needed, not just the share itself.
        number: Votes or seats.
        all_but: The base less so many.
        words: As a rule says it (`all but 1`).
    """

    share: Fraction | None
    more: bool
    number: int | None
    all_but: int | None
    words: str

    def of(self, base: Fraction) -> Fraction:
        """Return the votes that are needed (or, with `more`, just not enough)."""
        if self.number is not None:
            return Fraction(self.number)
        if self.all_but is not None:
            return base - self.all_but
        return (self.share or ZERO) * base

    def figure(self, base: Fraction) -> str:
        """Return what is needed as a figure (`4`, `more than 50`)."""
        amount = self.of(base)
        if not self.more:
            return figure(amount)
        if base.denominator == 1 and base < 100:
            return str(floor(amount) + 1)
        return f"more than {figure(amount)}"


def figure(amount: Fraction) -> str:
    """Return an exact number as people write it: `1,200`, `0.25`, `1/3`."""
    if amount.denominator == 1:
        return f"{amount.numerator:,}"
    rest = amount.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or amount.denominator > 10**9:
        return f"{amount.numerator}/{amount.denominator}"
    places = 0
    while (amount * 10**places).denominator != 1:
        places += 1
    whole, digits = divmod((abs(amount) * 10**places).numerator, 10**places)
    return f"{'-' if amount < 0 else ''}{whole:,}.{digits:0{places}d}"


def needed(share: Share, seats: int = 1, wanted: int = 1) -> Needed:
    """Return what a share of a rule asks for.

    Args:
        share: As the rule says.
        seats: For cumulative voting: how many seats are filled at once.
        wanted: For cumulative voting: how many of them must be secured; w of W secures k of n if w(n+1) > kW.
    """
    match share.kind:
        case "majority":
            return Needed(HALF, True, None, None, "a majority")
        case "plurality":
            return Needed(HALF, True, None, None, "a plurality, read as a majority,")
        case "more":
            return Needed(share.amount or ZERO, True, None, None, f"more than {_percent(share.amount)}")
        case "least":
            return Needed(share.amount or ZERO, False, None, None, f"at least {_percent(share.amount)}")
        case "all":
            return Needed(Fraction(1), False, None, None, "all")
        case "all but":
            return Needed(None, False, None, share.count or 0, f"all but {share.count or 0}")
        case "count":
            return Needed(None, False, share.count or 0, None, f"{share.count or 0:,}")
        case "cumulative":
            words = f"{wanted} of {seats} seats by cumulative votes"
            return Needed(Fraction(wanted, seats + 1), True, None, None, words)


def _percent(amount: Fraction | None) -> str:
    percent = (amount or ZERO) * 100
    return f"{figure(percent)}%" if "/" not in figure(percent) else str(amount or ZERO)


def weighings(ballot: Ballot, wanted: Needed) -> tuple[tuple[Weighing, Weighing, Weighing, Weighing], bool]:
    """Return the threshold of a ballot in every mode, and whether those who do not act together are its last part.

    With a fixed base, a holder who is not among those who agree leaves the rest of the base to the others. Without one,
    the base grows with the holding: those who agree suffice if their votes, less the needed share of everybody's, do.
    """
    others = bool(ballot.others)
    entries = ballot.entries
    if all(entry.is_exact for entry in entries):
        weights = [entry.low for entry in entries]
        base = sum(weights, ZERO) if ballot.base is None else ballot.base
        if others:
            weights.append(max(base - sum(weights, ZERO) - ballot.uncast[0], ZERO))
        weighing = _whole(weights, [0] * len(weights), wanted.of(base), 0, wanted.more)
        return same_in_every_mode(weighing.weights, weighing.quota), others
    lows, highs = [entry.low for entry in entries], [entry.high for entry in entries]
    up = [int(entry.low_open) for entry in entries]
    down = [-int(entry.high_open) for entry in entries]
    if ballot.base is None:
        share = wanted.share
        if share is None:
            all_high, all_low = sum(highs, ZERO), sum(lows, ZERO)
            if wanted.number is not None:
                pair = (
                    _whole(lows, up, Fraction(wanted.number), 0, False),
                    _whole(highs, down, Fraction(wanted.number), 0, False),
                )
            else:
                pair = (
                    _whole(highs, down, wanted.of(all_high), sum(down), False),
                    _whole(lows, up, wanted.of(all_low), sum(up), False),
                )
            return (pair[0], pair[0], pair[1], pair[1]), False
        against = [low * (1 - share) + high * share for low, high in zip(lows, highs, strict=True)]
        favour = [high * (1 - share) + low * share for low, high in zip(lows, highs, strict=True)]
        # A hair counts only where its bound does: one's own votes by 1 - share, everybody's by share.
        own, all_ = int(share < 1), int(share > 0)
        certain_hairs = [above * own + under * all_ for above, under in zip(up, down, strict=True)]
        possible_hairs = [above * all_ + under * own for above, under in zip(up, down, strict=True)]
        certain = _whole(against, certain_hairs, share * sum(highs, ZERO), sum(down) * all_, wanted.more)
        possible = _whole(favour, possible_hairs, share * sum(lows, ZERO), sum(up) * all_, wanted.more)
        return (certain, certain, possible, possible), False
    quota = wanted.of(ballot.base)
    certain = _whole(lows, up, quota, 0, wanted.more)
    possible = _whole(highs, down, quota, 0, wanted.more)
    if not others:
        return (certain, certain, possible, possible), False
    rest_certain = ballot.base - sum(highs, ZERO) - ballot.uncast[1]
    rest_possible = ballot.base - sum(lows, ZERO) - ballot.uncast[0]
    over = min(rest_certain, ZERO)
    with_certain = _whole([*highs, rest_certain - over], [*down, -sum(down)], quota - over, 0, wanted.more)
    with_possible = _whole([*lows, rest_possible], [*up, -sum(up)], quota, 0, wanted.more)
    return (
        Weighing((*certain.weights, 0), certain.quota),
        with_certain,
        Weighing((*possible.weights, 0), possible.quota),
        with_possible,
    ), True


def _whole(weights: Sequence[Fraction], hairs: Sequence[int], quota: Fraction, quota_hair: int, more: bool) -> Weighing:
    """Return whole weights for exact ones.

    A hair is less than any difference between sums: `more than 50%` is 50% and a hair.
    """
    scale = lcm(quota.denominator, *(weight.denominator for weight in weights))
    grain = 1
    if any(hairs) or quota_hair:
        grain = 4 * (len(weights) + 2) * 2
    whole = [int(weight * scale) * grain + hair for weight, hair in zip(weights, hairs, strict=True)]
    exact = quota * scale * grain + quota_hair
    limit = floor(exact) + 1 if more else ceil(exact)
    if any(weight < 0 for weight in whole):
        whole = [max(weight, 0) for weight in whole]
    return Weighing(tuple(whole), limit)
