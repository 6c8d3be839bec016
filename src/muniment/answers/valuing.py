"""What claims are worth: a valuation under every reading that an account leaves open, and as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import ask
from muniment.book.accounts import World
from muniment.model.values import Money
from muniment.payout.rounding import minor_digits, money_words, plain
from muniment.payout.valuation.exits import Lognormal, Scenarios, Triangular
from muniment.payout.valuation.value import Question, Valuation, ValueRow, value, whole
from muniment.payout.waterfall import breakpoint_json


@dataclass(frozen=True, slots=True)
class Valued:
    """A valuation, with the readings of open facts it depends on."""

    valuation: Valuation
    reads: dict[str, str]


def valuations(world: World, on: date, under: str | None, entity: str, question: Question) -> tuple[Valued, ...]:
    """Answer what each claim is worth; more than one answer where an open fact changes it."""
    readings = ask(
        world,
        on,
        under,
        entity,
        lambda structure: value(structure, entity, question),
        lambda found: (found.rows, found.equity, tuple(str(each) for each in found.table), found.refusals),
    )
    return tuple(Valued(each.answer, dict(each.reads)) for each in readings.each)


def class_of_price(world: World, words: str) -> tuple[str, Money] | None:
    """Return the class and the price per share of a round that the book records; None if `words` names none."""
    record = world.book.index.defined.get(words)
    if record is None or record.kind != "round":
        return None
    class_fact, price_fact = record.fact("class"), record.fact("price per share")
    if class_fact is None or price_fact is None:
        return None
    class_id, price = (world.resolve(record, fact).statement for fact in (class_fact, price_fact))
    if class_id is None or price is None or not isinstance(price.value, Money):
        return None
    return class_id.value.rpartition(".")[2], price.value


def minor(amount: float | Fraction, currency: str) -> str:
    """Return an amount to the nearest minor unit, as a decimal string."""
    digits = minor_digits(currency)
    return plain(Fraction(round(Fraction(amount) * 10**digits), 10**digits), digits)


def valuation_json(valued: Valued) -> dict[str, Any]:
    """Return one valuation as plain values."""
    found, question = valued.valuation, valued.valuation.question
    currency = question.currency
    market = question.market
    fields: dict[str, Any] = {
        "entity": found.entity,
        "currency": currency,
        "equity": None if (of_all := whole(found)) is None else minor(of_all, currency),
        "volatility": None if market is None else f"{market.volatility:.12g}",
        "term": None if market is None else f"{market.term:.12g}",
        "rate": None if market is None else f"{market.rate:.12g}",
        "backsolve": _backsolve(found),
        "tolerance": f"{found.tolerance:.3g}",
        "simulation": _simulation(question),
        "rows": [_row(each, currency) for each in found.rows],
        "classes": [
            {
                "class": each.class_id,
                "value": minor(each.value, currency),
                "shares": None if each.units is None else str(each.units),
                "per_share": None if each.units is None else f"{each.value / float(each.units):.6f}",
            }
            for each in found.classes
        ],
        "breakpoints": [
            breakpoint_json(point, currency) | {"call": minor(worth, currency)} for point, worth in found.strikes
        ],
        "exits": [
            {
                "proceeds": money_words(Money(x, currency)),
                "totals": {party: minor(amount, currency) for party, amount in totals.items()},
                "unallocated": minor(left, currency),
            }
            for x, totals, left in found.table
        ],
        "assumptions": list(found.assumptions),
        "because": grounds(found.because),
        "refusals": [
            {
                "kind": each.kind,
                "message": each.message,
                "at": str(each.basis.span) if each.basis is not None else None,
                "hint": each.hint,
            }
            for each in found.refusals
        ],
    }
    if valued.reads:
        fields["reads"] = valued.reads
    return fields


def _backsolve(found: Valuation) -> dict[str, Any] | None:
    asked = found.question.class_price
    if asked is None or not found.roots:
        return None
    class_id, per_share = asked
    root = found.roots[0]
    return {
        "class": class_id,
        "price": str(per_share) if per_share.denominator == 1 else f"{float(per_share):.12g}",
        "within": f"{root.within:.3g}",
    }


def _simulation(question: Question) -> dict[str, Any] | None:
    if not question.draws:
        return None
    exits = question.exits
    return {
        "draws": question.draws,
        "seed": question.seed,
        "exits": exits.words if isinstance(exits, Triangular | Scenarios | Lognormal) else "lognormal",
        "confidence": f"{question.confidence:g}",
        "simultaneous": question.simultaneous,
    }


def _row(row: ValueRow, currency: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"party": row.party, "as": row.kind, "class": row.class_id}
    if row.value is not None:
        fields["value"] = minor(row.value, currency)
    if row.simulated is not None:
        fields["mean"] = minor(row.simulated.mean, currency)
        fields["standard_error"] = f"{row.simulated.standard_error:.6g}"
        fields["low"] = minor(row.simulated.low, currency)
        fields["high"] = minor(row.simulated.high, currency)
    if row.expected is not None:
        fields["expected"] = minor(row.expected, currency)
    return fields
