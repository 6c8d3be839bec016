"""What each holder's claims are worth: by option pricing, by a round's price, by simulation, at stated exits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import fsum
from typing import NamedTuple

from muniment.book.structure import Basis, Structure
from muniment.model.values import Money
from muniment.payout.build import Facts, gather
from muniment.payout.curve import Breakpoint, Curve
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import ONE, ZERO, Piecewise, plus, times
from muniment.payout.rounding import money_words
from muniment.payout.valuation.black_scholes import Market, call
from muniment.payout.valuation.exits import Exits, Lognormal, Scenarios, discounted
from muniment.payout.valuation.option_pricing import Root, backsolve, price, tolerance
from muniment.payout.valuation.simulation import Simulated, simulate
from muniment.payout.waterfall import curve_of, pay_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes:
        currency: Of all money asked about.
        equity: Value of everything that is paid out, today; None where it is to be found, or only exits are asked.
        market: Volatility, term and rate; None if not given.
        class_price: (class id, price of one share) from which the value of the whole is found; None if not asked.
        exits: How exits are distributed; None = by the market's lognormal.
        draws: Exits to simulate; 0 = none.
        seed: Of the simulation.
        confidence: Of its intervals; between 0 and 1.
        simultaneous: Whether they hold for all holders together.
        table: Exits at which the payouts are listed.
    """

    currency: str
    equity: Fraction | None = None
    market: Market | None = None
    class_price: tuple[str, Fraction] | None = None
    exits: Exits | None = None
    draws: int = 0
    seed: int = 0
    confidence: float = 0.95
    simultaneous: bool = True
    table: tuple[Fraction, ...] = ()


class Claim(NamedTuple):
    """One row of an answer: what a party has in one capacity.

    Attributes:
        kind, class_id: As in `Column`.
        amount: What a group of claims is paid.
        part: This party's part of it.
    """

    party: str
    kind: str
    class_id: str | None
    amount: Piecewise
    part: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """What one party's claim in one capacity is worth.

    Attributes:
        value: By option pricing; money; None if not asked.
        simulated: By simulation; None if not asked.
        expected: The exact mean over stated scenarios, not discounted; None if none are stated.
    """

    party: str
    kind: str
    class_id: str | None
    value: float | None = None
    simulated: Simulated | None = None
    expected: Fraction | None = None


class ClassValue(NamedTuple):
    """What a class is worth.

    Attributes:
        units: Shares that are held; None where only percentages are recorded.
    """

    class_id: str
    value: float
    units: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """The value of an entity's claims.

    Attributes:
        equity: Value of everything that is paid out; None where only exits are asked.
        roots: Every value of the whole that gives the price asked; empty if it was not asked.
        tolerance: Greatest error of a value by option pricing; money.
        strikes: (breakpoint, value today of all that exceeds it).
        table: (exit, what each party is paid in all, what nobody may have).
        refusals: Why there is no answer; empty if there is one.
    """

    entity: str
    on: date
    question: Question
    equity: float | None = None
    roots: tuple[Root, ...] = ()
    tolerance: float = 0.0
    rows: tuple[ValueRow, ...] = ()
    classes: tuple[ClassValue, ...] = ()
    strikes: tuple[tuple[Breakpoint, float], ...] = ()
    table: tuple[tuple[Fraction, Mapping[str, Fraction], Fraction], ...] = ()
    assumptions: tuple[str, ...] = ()
    because: tuple[Basis, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def whole(found: Valuation) -> Fraction | None:
    """Return the value of the whole: exactly as asked, or as found from a price; None where only exits are asked."""
    asked = found.question.equity
    return asked if asked is not None or found.equity is None else Fraction(found.equity)


def value(structure: Structure, entity: str, question: Question) -> Valuation:
    """Return what each claim on `entity` is worth.

    Args:
        structure: Everything in force on the date.
        entity: Id of the entity.
        question: What is asked.
    """
    facts = gather(structure, entity, question.currency)
    if isinstance(facts, Refusal):
        return _refused(structure, entity, question, facts)
    curve = curve_of(structure, entity, question.currency)
    if isinstance(curve, Refusal):
        return _refused(structure, entity, question, curve, facts)
    assumptions = list(facts.assumptions)
    claims = claims_of_curve(curve)
    equity = None if question.equity is None else float(question.equity)
    roots: tuple[Root, ...] = ()
    market = question.market
    if question.class_price is not None and market is not None:
        found = _equity_from_price(facts, curve, question.class_price, market, assumptions)
        if isinstance(found, Refusal):
            return _refused(structure, entity, question, found, facts)
        roots = found
        equity = roots[0].equity
    values: list[float] | None = None
    if equity is not None and market is not None:
        priced = _once_each(claims, lambda amount: price(amount, equity, market))
        values = [priced[id(each.amount)] * float(each.part) for each in claims]
        _assume(curve, assumptions)
    simulated: list[Simulated] | None = None
    expected: list[Fraction] | None = None
    exits = question.exits
    if exits is None and equity is not None and market is not None:
        exits = Lognormal(Fraction(equity), market)
    if question.draws and exits is not None:
        simulated = _simulate(claims, exits, question)
        assumptions.append(_interval_words(question))
    if isinstance(exits, Scenarios):
        expected = [sum((weight * each.amount.at(x) for weight, x in exits.each), ZERO) * each.part for each in claims]
    rows = tuple(
        ValueRow(
            party=each.party,
            kind=each.kind,
            class_id=each.class_id,
            value=None if values is None else values[index],
            simulated=None if simulated is None else simulated[index],
            expected=None if expected is None else expected[index],
        )
        for index, each in enumerate(claims)
    )
    table = []
    for x in question.table:
        paid = pay_out(structure, entity, Money(x, question.currency))
        if paid.refusals:
            return _refused(structure, entity, question, paid.refusals[0], facts)
        table.append((x, paid.totals, paid.unallocated))
    strikes: list[tuple[Breakpoint, float]] = []
    if equity is not None and market is not None:
        strikes = [(each, call(equity, float(each.proceeds), market)) for each in curve.breakpoints]
    return Valuation(
        entity=entity,
        on=structure.on,
        question=question,
        equity=equity,
        roots=roots,
        tolerance=tolerance([each.amount for each in curve.columns], equity) if equity is not None else 0.0,
        rows=rows,
        classes=_classes(facts, rows) if values is not None else (),
        strikes=tuple(strikes),
        table=tuple(table),
        assumptions=tuple(dict.fromkeys(assumptions)),
        because=facts.because,
    )


def claims_of_curve(curve: Curve) -> tuple[Claim, ...]:
    """Return one claim for each party and capacity of a curve, and one for what nobody may have, if there is any."""
    found: dict[tuple[str, str, str | None], list[tuple[Piecewise, Fraction]]] = {}
    for column in curve.columns:
        for party, part in column.holders or (("", ONE),):
            if party or any(y for _, y in column.amount.knots) or column.amount.slope:
                found.setdefault((party, column.kind, column.class_id), []).append((column.amount, part))
    claims = []
    for (party, kind, class_id), parts in found.items():
        if len(parts) == 1:
            claims.append(Claim(party, kind, class_id, *parts[0]))
        else:
            claims.append(Claim(party, kind, class_id, plus([times(amount, part) for amount, part in parts]), ONE))
    return tuple(claims)


def _once_each(claims: Sequence[Claim], priced: Callable[[Piecewise], float]) -> dict[int, float]:
    """Return the price of each distinct payout, by its identity."""
    distinct = {id(each.amount): each.amount for each in claims}
    return {key: priced(amount) for key, amount in distinct.items()}


def _simulate(claims: Sequence[Claim], exits: Exits, question: Question) -> list[Simulated]:
    distinct = {id(each.amount): each.amount for each in claims}
    found = dict(
        zip(
            distinct,
            simulate(
                list(distinct.values()),
                exits,
                draws=question.draws,
                seed=question.seed,
                discount=discounted(question.market),
                confidence=question.confidence,
                simultaneous=question.simultaneous,
            ),
            strict=True,
        )
    )
    return [Simulated(*(end * float(each.part) for end in found[id(each.amount)])) for each in claims]


def _equity_from_price(
    facts: Facts, curve: Curve, class_price: tuple[str, Fraction], market: Market, assumptions: list[str]
) -> tuple[Root, ...] | Refusal:
    """Return the values of the whole at which one share of a class is worth a price."""
    class_id, per_share = class_price
    units = _units(facts, class_id)
    if units is None:
        return Refusal(
            "number of shares unknown",
            f"nobody is recorded as holding a number of shares of {class_id}",
            facts.entity.basis.get(""),
            "record who holds how many shares of it, those of the round included",
        )
    columns = [each for each in curve.columns if each.kind == "class" and each.class_id == class_id]
    if len(columns) > 1:
        assumptions.append(f"The shares of {class_id} do not all stand alike; the price is taken as that of the mean.")
    if not market.spread:
        return Refusal(
            "no volatility",
            "without volatility and term a price need not have one value of the whole behind it",
            None,
            "give a volatility and a term above 0",
        )
    roots = backsolve(curve.of_class(class_id), float(per_share * units), market)
    words = money_words(Money(per_share, curve.currency))
    if not roots:
        return Refusal(
            "no value gives the price",
            f"no value of {facts.entity.id} makes a share of {class_id} worth {words}: it is never paid so much",
            facts.entity.classes[class_id].basis.get("") if class_id in facts.entity.classes else None,
            "check the price and the terms of the class",
        )
    if len(roots) > 1:
        found = ", ".join(money_words(Money(Fraction(round(each.equity)), curve.currency)) for each in roots)
        return Refusal(
            "several values give the price",
            f"a share of {class_id} is worth {words} at {len(roots)} values of {facts.entity.id}: {found}",
            None,
            "give the value of the whole with --equity",
        )
    assumptions.append(
        f"The price of {class_id} is taken as fair, and the shares issued at it as those that stand in the book."
    )
    return roots


def _units(facts: Facts, class_id: str) -> Fraction | None:
    members = facts.positions.by_class.get(class_id, ())
    if not members or class_id in facts.positions.in_fractions:
        return None
    return sum((member.low for member in members), ZERO) or None


def _classes(facts: Facts, rows: Sequence[ValueRow]) -> tuple[ClassValue, ...]:
    names = dict.fromkeys(each.class_id for each in rows if each.kind == "class" and each.class_id is not None)
    return tuple(
        ClassValue(
            name,
            fsum(each.value or 0.0 for each in rows if each.kind == "class" and each.class_id == name),
            _units(facts, name),
        )
        for name in names
    )


def _assume(curve: Curve, assumptions: list[str]) -> None:
    assumptions.append(
        "The value of the whole is lognormal at the exit, and the rate is compounded continuously; "
        "nothing is deducted for a lack of control or of a market."
    )
    if any(column.kind in ("debt", "fees", "carve-out") for column in curve.columns):
        assumptions.append("The value of the whole is that of everything that is paid out: debts and costs come first.")


def _interval_words(question: Question) -> str:
    percent = f"{question.confidence * 100:g}%"
    which = "all rows together" if question.simultaneous else "each row by itself"
    return f"The intervals hold for {which} with {percent} confidence, the mean being taken as normally distributed."


def _refused(
    structure: Structure, entity: str, question: Question, refusal: Refusal, facts: Facts | None = None
) -> Valuation:
    because = facts.because if facts is not None else ((refusal.basis,) if refusal.basis is not None else ())
    return Valuation(
        entity=entity,
        on=structure.on,
        question=question,
        assumptions=structure.assumptions,
        because=because,
        refusals=(refusal,),
    )
