"""Freeze an entity's folded state into the structure's records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.entity_fold import CHANGED_BY, EntityState, PartState, Sitting, Slot
from muniment.book.seat_numbers import range_of_seats, seats_in
from muniment.book.structure import (
    Body,
    Clawback,
    Cost,
    Entity,
    MatterRule,
    Office,
    Plan,
    Rank,
    Seat,
    SeatGroup,
    ShareClass,
    Tier,
)
from muniment.model.dates import exact_day
from muniment.model.return_cap_terms import ReturnCap
from muniment.model.right_terms import TenureVotes
from muniment.model.rules import Electorate, Vote
from muniment.model.terms import Conversion, Participation
from muniment.model.values import Bounded, Money, Quantity


def freeze(name: str, state: EntityState) -> Entity:
    """Return an entity as its records leave it."""
    slots = state.slots
    return Entity(
        id=name,
        kind=state.kind,
        title=state.title or name,
        law=_value(slots, "law"),
        law_pack=_value(slots, "law pack"),
        legal_form=_value(slots, "legal form"),
        purpose=_value(slots, "purpose"),
        general_partners=_value(slots, "general partner") or (),
        managers=_value(slots, "manager") or (),
        trustees=_value(slots, "trustees") or (),
        members=_value(slots, "members") or (),
        annual_meeting=_value(slots, "annual meeting"),
        cross_held_vote=slots["cross-held shares"].value == "vote" if "cross-held shares" in slots else None,
        classes={class_id: _class(class_id, part) for class_id, part in state.classes.items()},
        bodies={body_id: _body(body_id, part, state) for body_id, part in state.bodies.items()},
        offices={office_id: _office(office_id, part) for office_id, part in state.offices.items()},
        rules={
            matter: MatterRule(rule=slot.value, text=slot.text, basis=slot.basis, changed_by=slot.changed_by)
            for matter, slot in state.rules.items()
        },
        distribution=_tiers(state.tiers),
        clawback=_clawback(state.tiers.get("clawback")),
        costs=_costs(state.costs),
        plans={
            plan_id: Plan(
                id=plan_id,
                title=part.title or plan_id,
                of=(_value(part.slots, "of") or "").rpartition(".")[2],
                reserved=_value(part.slots, "reserved"),
                returns=_value(part.slots, "returns to pool"),
                stated=part.slots["reserved"].when if "reserved" in part.slots else None,
                basis=part.slots["reserved"].basis if "reserved" in part.slots else part.basis,
            )
            for plan_id, part in state.plans.items()
        },
        basis={"": state.basis, **{label: slot.basis for label, slot in slots.items()}},
    )


def _value(slots: Mapping[str, Slot], label: str) -> Any:
    slot = slots.get(label)
    return slot.value if slot is not None else None


def _fraction(value: Any) -> Fraction | None:
    return value.amount if isinstance(value, Quantity) else None


def _within(value: Any) -> Bounded[Fraction] | None:
    """Return bounds on a quantity as bounds on its number; None if it is exact or not stated."""
    if not isinstance(value, Bounded):
        return None
    low, high = _fraction(value.low), _fraction(value.high)
    return Bounded(low, high, value.low_open, value.high_open, value.about, value.text)


def _class(class_id: str, part: PartState) -> ShareClass:
    slots = part.slots
    participation = _value(slots, "participation") or Participation("none")
    conversion: Conversion | None = _value(slots, "converts")
    cap: ReturnCap | None = _value(slots, "return cap")
    stated_votes = _value(slots, "votes per share" if "votes per share" in slots else "votes per unit")
    votes = stated_votes.at_first if isinstance(stated_votes, TenureVotes) else _fraction(stated_votes)
    ranks = _value(slots, "ranks") or ()
    price, accrued = _value(slots, "original issue price"), _value(slots, "dividends accrued")
    inexact = ("original issue price", "liquidation preference", "dividends accrued")
    return ShareClass(
        id=class_id,
        title=part.title or class_id,
        authorized=_value(slots, "authorized"),
        votes=votes,
        original_issue_price=price if isinstance(price, Money) else None,
        price_stated=slots["original issue price"].when if "original issue price" in slots else None,
        preference=_fraction(_value(slots, "liquidation preference")),
        participation=participation.kind,
        participation_cap=participation.cap,
        accrued=accrued if isinstance(accrued, Money) else None,
        ranks=tuple(Rank(ahead=rank.ahead, classes=rank.classes) for rank in ranks),
        converts_into=(conversion.ratio, conversion.into) if conversion is not None and conversion.at_will else None,
        return_cap=cap.multiple if cap else None,
        excess_to=cap.excess_to if cap else None,
        cap_growth=cap.growth if cap else None,
        pooled_cap=cap is not None and cap.pooled,
        votes_within=_within(stated_votes),
        inexact=tuple(label for label in inexact if isinstance(_value(slots, label), Bounded)),
        dividend=slots["dividend"].text if "dividend" in slots else "",
        dividend_stated=slots["dividend"].when if "dividend" in slots else None,
        conversion=slots["converts"].text if conversion is not None and not conversion.at_will else "",
        converts=conversion,
        conversion_vote=_conversion_vote(slots, conversion),
        tenure=stated_votes if isinstance(stated_votes, TenureVotes) else None,
        held_at_most=_value(slots, "held at most"),
        changed_by=_value(slots, CHANGED_BY),
        basis={"": part.basis, **{label: slot.basis for label, slot in slots.items()}},
    )


def _conversion_vote(slots: Mapping[str, Slot], terms: Conversion | None) -> MatterRule | None:
    if terms is None or terms.by_vote is None:
        return None
    return MatterRule(rule=terms.by_vote, text=terms.vote_text, basis=slots["converts"].basis)


def _rule(slots: Mapping[str, Slot], label: str) -> MatterRule | None:
    slot = slots.get(label)
    if slot is None:
        return None
    rule = slot.value[0] if label == "removed by" else slot.value
    return MatterRule(rule=rule, text=slot.text, basis=slot.basis, changed_by=slot.changed_by)


def _decides_by(slots: Mapping[str, Slot], body_id: str) -> MatterRule | None:
    """Return a body's own rule; a share alone (`majority`) is a share of that body."""
    stated = _rule(slots, "decides by")
    if stated is not None and isinstance(stated.rule, Vote) and stated.rule.electorate == Electorate("body", ()):
        return replace(stated, rule=replace(stated.rule, electorate=Electorate("body", (body_id,))))
    return stated


def _body(body_id: str, part: PartState, state: EntityState) -> Body:
    counts = seats_in(part)
    chair = part.slots.get("chair")
    return Body(
        id=body_id,
        title=part.title or body_id,
        groups={group_id: _group(group_id, group, counts[group_id], state) for group_id, group in part.groups.items()},
        decides_by=_decides_by(part.slots, body_id),
        chair=chair.value.party if chair else None,
        casting_vote=bool(chair and chair.value.casting_vote),
        changed_by=_value(part.slots, CHANGED_BY),
        basis=part.basis,
    )


def _group(group_id: str, part: PartState, count: int, state: EntityState) -> SeatGroup:
    slots = part.slots
    office = _value(slots, "occupant")
    sitting = list(part.sitting)
    if office is not None:
        holder = state.offices.get(office)
        sitting = holder.sitting[:1] if holder is not None else []
    number_basis = slots["number"].basis if "number" in slots else part.basis
    seats = [
        Seat(number=at, occupant=who.party, since=_since(who), basis=who.basis) for at, who in enumerate(sitting, 1)
    ]
    seats += [Seat(number=i + 1, occupant=None, basis=number_basis) for i in range(len(seats), count)]
    removal = _value(slots, "removed by")
    conditions = _value(slots, "while") or ()
    least, most = range_of_seats(part, count)
    return SeatGroup(
        id=group_id,
        seats=tuple(seats),
        filled_by=_rule(slots, "filled by"),
        removed_by=_rule(slots, "removed by"),
        vacancies_filled_by=_rule(slots, "vacancies filled by"),
        for_cause_only=bool(removal and removal[1]),
        votes_each=_value(slots, "votes each") if "votes each" in slots else 1,
        office=office,
        term=slots["term"].text if "term" in slots else None,
        sits_for=_value(slots, "term"),
        conditions=conditions,
        least=least,
        most=most,
        changed_by=_value(slots, CHANGED_BY),
        basis=number_basis,
    )


def _since(sitting: Sitting) -> date | None:
    return exact_day(sitting.setter.date)


def _office(office_id: str, part: PartState) -> Office:
    holder = part.sitting[0] if part.sitting else None
    return Office(
        id=office_id,
        holder=holder.party if holder else None,
        filled_by=_rule(part.slots, "filled by"),
        removed_by=_rule(part.slots, "removed by"),
        basis=part.basis,
        holder_basis=holder.basis if holder else None,
    )


def _clawback(slot: Slot | None) -> Clawback | None:
    if slot is None:
        return None
    terms = slot.value
    return Clawback(payee=terms.payee, part=terms.part, over=terms.over, most=terms.most, basis=slot.basis)


def _tiers(tiers: Mapping[str, Slot]) -> tuple[Tier, ...]:
    found = []
    for label, slot in tiers.items():
        word = label.removeprefix("tier ")
        if word.isascii() and word.isdecimal() and len(word) < 6:
            found.append(
                Tier(number=int(word), split=slot.value.split, until=slot.value.until, text=slot.text, basis=slot.basis)
            )
    return tuple(sorted(found, key=lambda tier: tier.number))


def _costs(costs: Mapping[str, Slot]) -> tuple[Cost, ...]:
    found = []
    for label, slot in costs.items():
        kind, _, party = label.partition(" to ")
        if isinstance(slot.value.amount, Bounded):
            continue
        terms = slot.value
        found.append(
            Cost(
                kind=kind,
                party=party,
                amount=terms.amount,
                above=terms.above,
                reaching=terms.reaching,
                basis=slot.basis,
            )
        )
    return tuple(found)
