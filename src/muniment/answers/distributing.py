"""Distributions over time: every dated distribution, where the tiers stand after it, and what must be given back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import ask_world
from muniment.book.accounts import World
from muniment.book.structure import Basis, Clawback, Structure
from muniment.payout import Refusal
from muniment.payout.build import Facts
from muniment.payout.clawback import Clawed, claw_back
from muniment.payout.distribution_history import (
    Distribution,
    TierState,
    distribution_on,
    facts_before,
    payments,
    tiers_on,
)
from muniment.payout.distributions import Pass, Received
from muniment.payout.hurdles import Flow
from muniment.payout.piecewise import ZERO
from muniment.payout.rounding import minor_digits, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The distributions of one entity up to a day.

    Attributes:
        distributions: By day; empty if none is recorded or the question is refused.
        standing: Each tier on the day asked: (number, text, what it would still take; None = without end).
        received: What each (party, class or its own id) has received in all.
        clawback: What must be given back on the day asked; None where no clawback is agreed.
        clawback_terms: The terms of it.
        refusals: Why there is no answer; empty if there is one.
        reads: The readings of open facts it depends on.
    """

    entity: str
    on: date
    currency: str = ""
    distributions: tuple[Distribution, ...] = ()
    standing: tuple[Pass, ...] = ()
    received: tuple[tuple[str, str, Fraction], ...] = ()
    clawback: Clawed | None = None
    clawback_terms: Clawback | None = None
    assumptions: tuple[str, ...] = ()
    because: tuple[Basis, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    reads: tuple[tuple[str, str], ...] = ()


def histories(world: World, on: date, under: str | None, entity: str) -> tuple[History, ...]:
    """Answer what was distributed by which tier; more than one answer where an open fact changes it."""
    readings = ask_world(
        world,
        on,
        under,
        entity,
        lambda read: _history(read, on, under, entity),
        lambda found: (found.distributions, found.standing, found.clawback, found.refusals),
    )
    return tuple(replace(each.answer, reads=tuple(each.reads.items())) for each in readings.each)


def received_in_capacities(world: World, structure: Structure, under: str | None, entity: str) -> Received | Refusal:
    """Return when each party was paid what in which capacity, as the tiers divided each distribution on its day.

    Args:
        world: The book in one account and one reading.
        structure: On the day asked.
        under: The proposal taken as adopted, if any.
        entity: Who distributed.
    """
    replayed = _replay(world, structure, under, entity)
    return replayed if isinstance(replayed, Refusal) else replayed.received


@dataclass(frozen=True, slots=True)
class _Replayed:
    """One entity's distributions, and what is left of its tiers on the day asked."""

    distributions: tuple[Distribution, ...]
    facts: Facts
    received: Received
    standing: tuple[Pass, ...]
    assumptions: tuple[str, ...]


def _history(world: World, on: date, under: str | None, entity: str) -> History:
    structure = world.on(on, under)
    replayed = _replay(world, structure, under, entity)
    if isinstance(replayed, Refusal):
        return _refused(entity, structure, replayed)
    facts = replayed.facts
    assumptions = [*replayed.assumptions]
    clawed: Clawed | None = None
    terms = facts.entity.clawback
    if terms is not None:
        found = _claw(world, structure, under, terms, replayed, assumptions)
        if isinstance(found, Refusal):
            return _refused(entity, structure, found)
        clawed = found
    received = tuple(
        (party, name, sum((flow.amount for flow in flows), ZERO)) for (party, name), flows in replayed.received.items()
    )
    because = [*facts.because, *(basis for each in replayed.distributions for basis in each.because)]
    if terms is not None:
        because.append(terms.basis)
    return History(
        entity=entity,
        on=on,
        currency=facts.currency,
        distributions=replayed.distributions,
        standing=replayed.standing,
        received=received,
        clawback=clawed,
        clawback_terms=terms,
        assumptions=tuple(dict.fromkeys(assumptions)),
        because=tuple(dict.fromkeys(because)),
    )


def _refused(entity: str, structure: Structure, refusal: Refusal) -> History:
    because = (refusal.basis,) if refusal.basis is not None else ()
    return History(
        entity=entity, on=structure.on, refusals=(refusal,), because=because, assumptions=structure.assumptions
    )


def _replay(world: World, structure: Structure, under: str | None, entity: str) -> _Replayed | Refusal:
    """Go through the distributions day by day, each under what was in force on its day."""
    paid = payments(structure, entity)
    if isinstance(paid, Refusal):
        return paid
    received: Received = {}
    distributions: list[Distribution] = []
    assumptions: list[str] = []
    currency = paid[0].amount.currency if paid else None
    for day in dict.fromkeys(each.on for each in paid if each.on is not None):
        then = world.on(day, under) if day != structure.on else structure
        facts = facts_before(then, entity, currency)
        if isinstance(facts, Refusal):
            return facts
        of_the_day = [each for each in paid if each.on == day]
        found = distribution_on(facts, received, day, of_the_day)
        if isinstance(found, Refusal):
            return found
        distribution, received, assumed = found
        distributions.append(distribution)
        assumptions += assumed
    facts = facts_before(structure, entity, currency)
    if isinstance(facts, Refusal):
        return facts
    standing = tiers_on(facts, received, structure.on)
    if isinstance(standing, Refusal):
        return standing
    counted = "Earlier distributions and dividends count against return caps and limits of tiers."
    assumptions = [*(each for each in facts.assumptions if each != counted), *assumptions, *standing[2]]
    return _Replayed(tuple(distributions), facts, received, standing[0], tuple(dict.fromkeys(assumptions)))


def _claw(
    world: World,
    structure: Structure,
    under: str | None,
    terms: Clawback,
    own: _Replayed,
    assumptions: list[str],
) -> Clawed | Refusal:
    """Return what the payee must give back, over all entities that count together."""
    carried = ZERO
    paid_in: dict[str, list[Flow]] = {}
    paid_out: dict[str, list[Flow]] = {}
    rates: dict[Fraction, str] = {}
    for name in terms.over or (own.facts.entity.id,):
        replayed = own if name == own.facts.entity.id else _replay(world, structure, under, name)
        if isinstance(replayed, Refusal):
            return replayed
        if replayed.facts.currency not in ("", own.facts.currency):
            return Refusal(
                "mixed currencies",
                f"{name} distributes {replayed.facts.currency}, which cannot be set against {own.facts.currency}",
                terms.basis,
                "state all money of one clawback in one currency",
            )
        rates.setdefault(_first_return(replayed.facts, terms.payee), name)
        for (party, capacity), flows in replayed.received.items():
            if capacity == terms.payee:
                carried += sum((flow.amount for flow in flows), ZERO)
            else:
                paid_out.setdefault(party, []).extend(flows)
        standing = tiers_on(replayed.facts, replayed.received, structure.on)
        if isinstance(standing, Refusal):
            return standing
        for class_id, stakes in standing[1].items():
            for stake in stakes if class_id != terms.payee else ():
                contributed = stake.contributed
                if stake.paid is None:
                    return Refusal(
                        "contribution unknown",
                        f"the clawback needs what {stake.party} contributed to {name}, which is not recorded",
                        terms.basis,
                        "record the price where its interest was issued ('for USD ...')",
                    )
                if contributed is None and any(rates):
                    return Refusal(
                        "hurdle needs dates",
                        f"the clawback needs the day of each contribution of {stake.party} to {name}",
                        terms.basis,
                        "date the records of issue to the day",
                    )
                paid_in.setdefault(stake.party, []).extend(contributed or (Flow(structure.on, stake.paid),))
    if len(rates) > 1:
        return Refusal(
            "several hurdles",
            f"the tiers of {' and '.join(rates.values())} pay different returns first",
            terms.basis,
            "let each entity have a clawback of its own",
        )
    assumptions.append("The clawback is what would be due on the day asked if nothing more were distributed.")
    return claw_back(
        carried, paid_in, paid_out, part=terms.part, rate=next(iter(rates)), most=terms.most, on=structure.on
    )


def _first_return(facts: Facts, payee: str) -> Fraction:
    """Return the compounded return that others than `payee` are paid first; 0 if none."""
    rates = [
        tier.until[1]
        for tier in facts.entity.distribution
        if tier.until is not None and tier.until[0] == "hurdle" and tier.split[0][1] != payee
    ]
    return rates[0] if rates else ZERO


def history_json(history: History) -> dict[str, Any]:
    """Return one history as plain values; amounts in minor units, and exactly under ``exact`` where that differs."""
    digits = minor_digits(history.currency)

    def words(amount: Fraction | None) -> str | None:
        return None if amount is None else plain(Fraction(round(amount * 10**digits), 10**digits), digits)

    fields: dict[str, Any] = {
        "entity": history.entity,
        "currency": history.currency,
        "rows": [
            {
                "on": each.on.isoformat(),
                "tier": tier.number,
                "before": words(tier.before),
                "after": words(tier.after),
                "party": party,
                "as": name,
                "amount": words(amount),
            }
            for each in history.distributions
            for tier in each.tiers
            for party, name, amount in tier.payees
        ],
        "distributions": [
            {
                "on": each.on.isoformat(),
                "amount": words(each.amount),
                "tiers": [_tier_json(tier, words) for tier in each.tiers],
                "payees": [
                    {
                        "party": payee.party,
                        "as": payee.name,
                        "before": words(payee.before),
                        "due": words(payee.rounded),
                        "paid": words(payee.paid),
                        "after": words(payee.after),
                    }
                    for payee in each.payees
                ],
                "unallocated": words(each.unallocated),
                "departures": list(each.departures),
            }
            for each in history.distributions
        ],
        "standing": [
            {"tier": each.tier.number, "text": each.tier.text, "open": words(each.flow)} for each in history.standing
        ],
        "received": [{"party": party, "as": name, "amount": words(amount)} for party, name, amount in history.received],
        "clawback": None,
        "assumptions": list(history.assumptions),
        "because": grounds(history.because),
        "refusals": [
            {
                "kind": each.kind,
                "message": each.message,
                "at": str(each.basis.span) if each.basis is not None else None,
                "hint": each.hint,
            }
            for each in history.refusals
        ],
    }
    if history.clawback is not None and history.clawback_terms is not None:
        found = history.clawback
        fields["clawback"] = {"payee": history.clawback_terms.payee} | {
            name: words(getattr(found, name)) for name in Clawed._fields
        }
    if history.reads:
        fields["reads"] = dict(history.reads)
    return fields


def _tier_json(tier: TierState, words: Any) -> dict[str, Any]:
    return {
        "tier": tier.number,
        "text": tier.text,
        "before": words(tier.before),
        "through": words(tier.through),
        "after": words(tier.after),
        "payees": [
            {"party": party, "as": name, "amount": words(amount)} for party, name, amount in tier.payees if amount
        ],
    }
