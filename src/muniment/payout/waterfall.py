"""Who gets paid what of given proceeds, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from muniment.book.structure import Basis, Structure
from muniment.model.values import Money
from muniment.payout.build import Built, Facts, build, gather
from muniment.payout.costs import held_back
from muniment.payout.curve import Breakpoint, Curve
from muniment.payout.distributions import Received
from muniment.payout.explain import explain
from muniment.payout.faults import Refusal
from muniment.payout.modes import SALE
from muniment.payout.piecewise import ONE, ZERO
from muniment.payout.rounding import minor_digits, money_words, plain, share_out

BEFORE_OWNERS = frozenset(("debt", "fees", "carve-out"))
"""Kinds of rows that are paid before the owners."""

MOST_OPEN = 16
"""Positions with open facts beyond which the bounds are refused rather than computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRow:
    """What one party is paid in one capacity.

    Attributes:
        kind: ``class``, ``party`` (named in a distribution), ``excess`` (above a return cap), ``debt``, ``fees``,
            ``carve-out``, ``option``, ``grant``, ``safe`` or ``note``.
        class_id: The class it is paid for, or whose excess it gets; None for others.
        exact: Before rounding; None where a fact is open.
        amount: Rounded to the minor unit; None where a fact is open.
        low: Least amount where a fact is open, rounded down; None otherwise.
        high: Greatest amount where a fact is open, rounded up; None otherwise.
        instrument: Address of the record of an option, a SAFE or a note; empty for others.
        strike: What the party pays in to exercise an option, exactly; `exact` is net of it. None for others.
        later: Of `amount`, what is held back and paid later; None where nothing is held back.
    """

    party: str
    kind: str
    class_id: str | None
    exact: Fraction | None
    amount: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None
    instrument: str = ""
    strike: Fraction | None = None
    later: Fraction | None = None


class Alternative(NamedTuple):
    """Another equilibrium: nobody would gain by choosing otherwise there either.

    Attributes:
        converts: Who converts: classes, and addresses of SAFEs and notes.
        totals: What each party is paid in all, exactly.
    """

    converts: tuple[str, ...]
    totals: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """Who is paid what of given proceeds.

    Attributes:
        rows: One for each party and capacity, zeros too; empty if the question is refused.
        totals: What each party is paid in all, rounded; by id, in order of the rows. Empty where a fact is open.
        breakpoints: Where the curve bends, with the clause; empty where a fact is open.
        unallocated: What nobody may have.
        assumptions: Sentences, each once.
        because: The facts it rests on; never empty where there are rows.
        why: Sentences on how each class is paid.
        refusals: Why there is no answer; empty if there is one.
        contradictions: Terms of classes that the distribution does not keep; the rows follow the distribution.
        certificate: What the check by a second road found wrong; empty.
        curve: Payouts for all amounts; None where a fact is open or the question is refused.
        mode: ``sale``, ``ipo``, or the event on which classes must convert.
        monotone: Whether nobody can be paid less where there is more to pay out.
        others: Where the number of shares hangs on who converts: the other equilibria, each with who converts and
            what each party is paid in all, exactly. Empty elsewhere.
        facts: What it rests on; None where the question is refused.
    """

    entity: str
    on: date
    proceeds: Money
    rows: tuple[PayoutRow, ...] = ()
    totals: Mapping[str, Fraction]
    breakpoints: tuple[Breakpoint, ...] = ()
    unallocated: Fraction = ZERO
    assumptions: tuple[str, ...] = ()
    because: tuple[Basis, ...] = ()
    why: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    contradictions: tuple[Refusal, ...] = ()
    certificate: tuple[str, ...] = ()
    curve: Curve | None = None
    mode: str = SALE
    monotone: bool = True
    others: tuple[Alternative, ...] = ()
    facts: Facts | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain values, amounts as decimal strings.

        A breakpoint that does not end at the minor unit is written to the nearest one, and in full under ``exact``.
        """
        fields: dict[str, Any] = {
            "entity": self.entity,
            "proceeds": money_words(self.proceeds),
            "rows": [_row_json(row, self.proceeds.currency) for row in self.rows],
            "totals": {party: _plain(amount, self.proceeds.currency) for party, amount in self.totals.items()},
            "breakpoints": [breakpoint_json(each, self.proceeds.currency) for each in self.breakpoints],
            "unallocated": _plain(self.unallocated, self.proceeds.currency),
            "assumptions": list(self.assumptions),
            "because": [_basis_json(basis) for basis in self.because],
            "why": list(self.why),
            "refusals": [_refusal_json(refusal) for refusal in self.refusals],
            "contradictions": [_refusal_json(refusal) for refusal in self.contradictions],
        }
        if self.mode != SALE:
            fields["mode"] = self.mode
        if not self.monotone:
            fields["monotone"] = False
        if self.others:
            fields["equilibria"] = [
                {
                    "converts": list(each.converts),
                    "totals": {
                        party: _nearest(amount, self.proceeds.currency) for party, amount in each.totals.items()
                    },
                }
                for each in self.others
            ]
        return fields


def curve_of(structure: Structure, entity: str, currency: str | None = None, mode: str = SALE) -> Curve | Refusal:
    """Return the payouts of `entity` for every amount of proceeds.

    Args:
        structure: Everything in force on the date.
        entity: Id of the entity that is sold, wound up, or distributes.
        currency: Of the proceeds; None = the one in which the book states the entity's money.
        mode: ``sale``, ``ipo``, or an event on which classes must convert.
    """
    facts = gather(structure, entity, currency, mode)
    if isinstance(facts, Refusal):
        return facts
    if facts.open_words:
        return Refusal("open fact", f"no single curve: {facts.open_words[0]}", None, "state it exactly")
    built = build(facts, _never)
    return built if isinstance(built, Refusal) else built.curve


def pay_out(
    structure: Structure, entity: str, proceeds: Money, mode: str = SALE, received: Received | None = None
) -> Payout:
    """Return who is paid what when `entity` has `proceeds` to distribute.

    Whoever holds is paid, entities too: what an entity does with the money is another question. Where a fact is known
    only within bounds the rows hold the least and the greatest amount that the bounds allow.

    Args:
        structure: Everything in force on the date.
        entity: Id of the entity that is sold, wound up, or distributes.
        proceeds: At least 0, in whole minor units.
        mode: ``sale``, ``ipo``, or an event on which classes must convert.
        received: When each party was paid what before, by the capacity in which it was paid; None if only the party is
            known.
    """
    facts = gather(structure, entity, proceeds.currency, mode)
    if isinstance(facts, Refusal):
        return _refuse(structure, entity, proceeds, facts, None)
    if received is not None:
        facts = replace(facts, earlier=facts.earlier._replace(in_capacity=received))
    units = proceeds.amount * 10 ** minor_digits(proceeds.currency)
    if proceeds.amount < 0 or units.denominator != 1:
        refusal = Refusal(
            "proceeds not payable",
            f"proceeds of {proceeds.currency} {proceeds.amount} are not a whole number of minor units from 0 up",
            None,
            "state the proceeds in whole minor units",
        )
        return _refuse(structure, entity, proceeds, refusal, facts)
    if facts.open_words:
        return replace(_within_bounds(structure, facts, proceeds), mode=mode)
    built = build(facts, _never)
    if isinstance(built, Refusal):
        return _refuse(structure, entity, proceeds, built, facts)
    exact = _exact_rows(built, proceeds.amount)
    rows, totals, unallocated = _round(exact, proceeds)
    certificate = [*built.verify([proceeds.amount]), *_verify_rounding(rows, totals, unallocated, proceeds)]
    rows, held_words = _held_back(built, facts, _with_strikes(rows, built.strikes(proceeds.amount)), proceeds)
    return Payout(
        entity=entity,
        on=structure.on,
        proceeds=proceeds,
        rows=rows,
        totals=totals,
        breakpoints=built.curve.breakpoints,
        unallocated=unallocated,
        assumptions=tuple(dict.fromkeys([*facts.assumptions, *built.assumptions, *held_words])),
        because=facts.because,
        why=explain(built, proceeds),
        contradictions=built.contradictions,
        certificate=tuple(certificate),
        curve=built.curve,
        mode=mode,
        monotone=all(column.amount.is_non_decreasing() for column in built.curve.columns),
        others=_others(built, proceeds.amount),
        facts=facts,
    )


def _with_strikes(rows: Sequence[PayoutRow], strikes: Mapping[str, Fraction]) -> tuple[PayoutRow, ...]:
    return tuple(replace(row, strike=strikes[row.instrument]) if strikes.get(row.instrument) else row for row in rows)


def _held_back(
    built: Built, facts: Facts, rows: tuple[PayoutRow, ...], proceeds: Money
) -> tuple[tuple[PayoutRow, ...], list[str]]:
    """Split what owners are paid into what they get at once and what is held back, in proportion."""
    remaining = built.remaining.at(proceeds.amount)
    back = held_back(facts.entity.costs, proceeds.amount, remaining)
    if not back:
        return rows, []
    scale = 10 ** minor_digits(proceeds.currency)
    owners = [row for row in rows if row.kind not in BEFORE_OWNERS and row.amount is not None]
    paid = sum((row.amount or ZERO for row in owners), ZERO)
    part = min(back / remaining, ONE)
    held = round(part * paid * scale)
    parts = share_out([(f"{row.party} {row.class_id}", (row.amount or ZERO) * part * scale) for row in owners], held)
    later = {id(row): Fraction(units, scale) for row, units in zip(owners, parts, strict=True)}
    keepers = ", ".join(cost.party for cost in facts.entity.costs if cost.kind == "holdback")
    words = (
        f"Of what the owners get, {money_words(Money(Fraction(held, scale), proceeds.currency))} is held back with "
        f"{keepers} and paid later, in proportion to each payout."
    )
    return tuple(replace(row, later=later[id(row)]) if id(row) in later else row for row in rows), [words]


def _others(built: Built, proceeds: Fraction) -> tuple[Alternative, ...]:
    """Return the other equilibria at `proceeds`."""
    liquidity = built.liquidity
    if liquidity is None:
        return ()
    rest = built.remaining.at(proceeds)
    found: list[Alternative] = []
    before: dict[str, Fraction] = {}
    for column in built.curve.columns:
        if column.kind in BEFORE_OWNERS:
            for party, part in column.holders:
                before[party] = before.get(party, ZERO) + column.amount.at(proceeds) * part
    for regime in liquidity.others(rest):
        totals = dict(before)
        names = []
        for number, (each, take) in enumerate(zip(built.held, regime.swept.takes, strict=True)):
            for party, part in each.holders:
                totals[party] = totals.get(party, ZERO) + take.at(rest) * part
            if regime.vector[number]:
                names.append(each.instrument or each.claim.class_id)
        found.append(Alternative(tuple(dict.fromkeys(names)), totals))
    return tuple(found)


def _never(position: tuple[str, str]) -> bool:  # noqa: ARG001
    return False


def _refuse(structure: Structure, entity: str, proceeds: Money, refusal: Refusal, facts: Facts | None) -> Payout:
    because = facts.because if facts is not None else ()
    if not because and refusal.basis is not None:
        because = (refusal.basis,)
    return Payout(
        entity=entity,
        on=structure.on,
        proceeds=proceeds,
        totals={},
        because=because,
        refusals=(refusal,),
        assumptions=structure.assumptions,
    )


_Key = tuple[str, str, str | None, str]
"""Party, kind, class, instrument; the party of what is unallocated is empty."""


def _exact_rows(built: Built, proceeds: Fraction) -> dict[_Key, Fraction]:
    """Return what each party is paid in each capacity."""
    rows: dict[_Key, Fraction] = {}
    for column in built.curve.columns:
        amount = column.amount.at(proceeds)
        for party, part in column.holders or (("", Fraction(1)),):
            key = (party, column.kind, column.class_id, column.instrument)
            rows[key] = rows.get(key, ZERO) + amount * part
    return rows


def _round(exact: dict[_Key, Fraction], proceeds: Money) -> tuple[tuple[PayoutRow, ...], dict[str, Fraction], Fraction]:
    """Round once for each payee, then split each payee's total over its rows."""
    scale = 10 ** minor_digits(proceeds.currency)
    payees: dict[str, list[_Key]] = {}
    for key in exact:
        payees.setdefault(key[0], []).append(key)
    due = [(party, sum((exact[key] for key in keys), ZERO) * scale) for party, keys in payees.items()]
    rounded = share_out(due, int(proceeds.amount * scale))
    amounts: dict[_Key, Fraction] = {}
    for keys, total in zip(payees.values(), rounded, strict=True):
        if len(keys) == 1:
            amounts[keys[0]] = Fraction(total, scale)
            continue
        parts = share_out([(f"{key[1]} {key[2]} {key[3]}".rstrip(), exact[key] * scale) for key in keys], total)
        amounts.update((key, Fraction(part, scale)) for key, part in zip(keys, parts, strict=True))
    rows = tuple(
        PayoutRow(party=key[0], kind=key[1], class_id=key[2], exact=exact[key], amount=amount, instrument=key[3])
        for key, amount in ((key, amounts[key]) for key in exact)
        if key[0]
    )
    totals = {party: Fraction(total, scale) for party, total in zip(payees, rounded, strict=True) if party}
    return rows, totals, sum((amount for key, amount in amounts.items() if not key[0]), ZERO)


def _verify_rounding(
    rows: Sequence[PayoutRow], totals: Mapping[str, Fraction], unallocated: Fraction, proceeds: Money
) -> list[str]:
    """Return what is wrong with rounded amounts; empty if nothing is."""
    faults = []
    if sum(totals.values(), unallocated) != proceeds.amount:
        faults.append("rounded totals do not add up to the proceeds")
    by_rows: dict[str, Fraction] = {}
    exact: dict[str, Fraction] = {}
    for row in rows:
        by_rows[row.party] = by_rows.get(row.party, ZERO) + (row.amount or ZERO)
        exact[row.party] = exact.get(row.party, ZERO) + (row.exact or ZERO)
    unit = Fraction(1, 10 ** minor_digits(proceeds.currency))
    faults += [f"rows of {party} do not add up to its total" for party in totals if totals[party] != by_rows[party]]
    faults += [
        f"{party} is rounded by a whole unit" for party in totals if not -unit < totals[party] - exact[party] < unit
    ]
    return faults


def _within_bounds(structure: Structure, facts: Facts, proceeds: Money) -> Payout:
    """Return the least and greatest amount of each row.

    The open facts of a position at their upper ends raise its claim in every state, so with the sum unchanged it rises
    and all others fall. So its extremes lie where its own facts are at one end and those of all others at the other.
    """
    refusal = _cannot_bound(facts)
    if refusal is not None:
        return _refuse(structure, facts.entity.id, proceeds, refusal, facts)
    scale = 10 ** minor_digits(proceeds.currency)
    all_open = frozenset(facts.open_positions)
    assumptions: dict[str, None] = dict.fromkeys(facts.assumptions)
    certificate: list[str] = []
    lows: dict[_Key, Fraction] = {}
    highs: dict[_Key, Fraction] = {}
    for position in (*facts.open_positions, None):
        alone = frozenset[tuple[str, str]]() if position is None else frozenset((position,))
        for raised, found in ((alone, highs), (all_open - alone, lows)):
            built = build(facts, raised.__contains__)
            if isinstance(built, Refusal):
                return _refuse(structure, facts.entity.id, proceeds, built, facts)
            assumptions.update(dict.fromkeys(built.assumptions))
            certificate += built.verify([proceeds.amount])
            for key, amount in _exact_rows(built, proceeds.amount).items():
                of_position = (key[0], key[2]) if key[1] == "class" and (key[0], key[2]) in all_open else None
                if of_position == position:
                    found[key] = amount
    rows = []
    for key in dict.fromkeys([*highs, *lows]):
        low, high = lows.get(key, ZERO) * scale, highs.get(key, ZERO) * scale
        for party, from_, to in _holders(facts, key):
            least, greatest = Fraction(floor(low * from_), scale), Fraction(ceil(high * to), scale)
            _, kind, class_id, instrument = key
            rows.append(
                PayoutRow(
                    party=party,
                    kind=kind,
                    class_id=class_id,
                    exact=None,
                    amount=None,
                    low=least,
                    high=greatest,
                    instrument=instrument,
                )
            )
    why = ["Some facts are known only within bounds, so each row gives the least and the greatest amount."]
    rest = ("", "unallocated", None, "")
    if highs.get(rest):
        bounds = [money_words(Money(found.get(rest, ZERO), proceeds.currency)) for found in (lows, highs)]
        why.append(f"Between {bounds[0]} and {bounds[1]} is left that nobody may have.")
    assumptions.update(dict.fromkeys(f"Open: {words}." for words in facts.open_words))
    return Payout(
        entity=facts.entity.id,
        on=structure.on,
        proceeds=proceeds,
        rows=tuple(rows),
        totals={},
        assumptions=tuple(assumptions),
        because=facts.because,
        certificate=tuple(certificate),
        why=tuple(why),
    )


def _holders(facts: Facts, key: _Key) -> list[tuple[str, Fraction, Fraction]]:
    """Return (party, least, greatest part) of a row: several where the division of a class is open."""
    party, kind, class_id, _ = key
    if party:
        return [(party, ONE, ONE)]
    if kind == "class" and class_id is not None:
        return [(each.party, each.low, each.high) for each in facts.positions.spread.get(class_id, ())]
    return []


def _cannot_bound(facts: Facts) -> Refusal | None:
    basis = facts.because[0] if facts.because else None
    redirects = any(
        (share_class := facts.entity.classes.get(class_id)) is not None and share_class.excess_to is not None
        for class_id in facts.positions.by_class
    )
    bounded = {each.class_id for members in facts.positions.by_class.values() for each in members if each.words}
    in_all = any(
        share_class.accrued is not None or isinstance(share_class.participation_cap, Money)
        for class_id in bounded
        if (share_class := facts.entity.classes.get(class_id)) is not None
    )
    by_tiers = bool(facts.open_positions and facts.entity.distribution)
    if len(facts.open_positions) > MOST_OPEN or by_tiers or in_all or (redirects and bounded):
        return Refusal("open fact", facts.open_words[0], basis, "state it exactly")
    return None


def _plain(amount: Fraction, currency: str) -> str:
    return plain(amount, minor_digits(currency))


def _nearest(amount: Fraction, currency: str) -> str:
    scale = 10 ** minor_digits(currency)
    return _plain(Fraction(round(amount * scale), scale), currency)


def _row_json(row: PayoutRow, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {"party": row.party, "class": row.class_id, "as": row.kind}
    if row.instrument:
        found["instrument"] = row.instrument
    if row.amount is not None:
        found["amount"] = _plain(row.amount, currency)
    if row.low is not None and row.high is not None:
        found["low"], found["high"] = _plain(row.low, currency), _plain(row.high, currency)
    if row.strike is not None and row.exact is not None:
        found["strike"] = _nearest(row.strike, currency)
        found["gross"] = _nearest(row.exact + row.strike, currency)
    if row.later is not None and row.amount is not None:
        found["at_once"], found["later"] = _plain(row.amount - row.later, currency), _plain(row.later, currency)
    return found


def breakpoint_json(each: Breakpoint, currency: str) -> dict[str, str]:
    """Return a breakpoint as plain values: ``proceeds``, ``cause``, and ``exact`` where the proceeds are rounded."""
    found = {"proceeds": money_words(Money(each.proceeds, currency)), "cause": each.cause}
    if (each.proceeds * 10 ** minor_digits(currency)).denominator != 1:
        found["exact"] = str(each.proceeds)
    return found


def _basis_json(basis: Basis) -> dict[str, Any]:
    return {"record": basis.record, "words": basis.words, "at": str(basis.span)}


def _refusal_json(refusal: Refusal) -> dict[str, Any]:
    return {
        "kind": refusal.kind,
        "message": refusal.message,
        "at": str(refusal.basis.span) if refusal.basis is not None else None,
        "hint": refusal.hint,
    }
