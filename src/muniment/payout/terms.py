"""From the terms of classes to claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Entity, ShareClass, Structure
from muniment.model.values import Money
from muniment.payout.accruing import accrued_dividends, dividend_terms
from muniment.payout.faults import Refusal
from muniment.payout.options import Option, option_claim
from muniment.payout.piecewise import ZERO
from muniment.payout.positions import Position, Positions, has_preference
from muniment.payout.return_caps import left_of_pool, pools, unclear_pool
from muniment.payout.seniority import order_preferences
from muniment.payout.sweep import Claim, Form

Raised = Callable[[tuple[str, str]], bool]
"""Whether the open facts of a position (party, class id) are taken at their upper ends."""


class Held(NamedTuple):
    """A claim and who holds it.

    Attributes:
        holders: (party, part of the claim); parts sum to 1.
        beneficiary: Who gets what exceeds the return cap; None if nobody is named.
        kind: ``class``, or ``option``, ``grant``, ``safe`` or ``note``.
        instrument: Address of the record of an option, SAFE or note; empty for shares.
        basis: The record of the instrument; None for shares.
    """

    claim: Claim
    holders: tuple[tuple[str, Fraction], ...]
    beneficiary: str | None
    kind: str = "class"
    instrument: str = ""
    basis: Basis | None = None


class Claims(NamedTuple):
    """All claims on one entity.

    Attributes:
        held: In the order of the classes.
        tiers: Number of tiers of preferences.
        assumptions: Sentences on what the book leaves open.
    """

    held: tuple[Held, ...]
    tiers: int
    assumptions: tuple[str, ...]


class _Terms(NamedTuple):
    """What one position may claim; equal per unit for holders who stand alike."""

    preference: Fraction
    cap: Fraction | None
    return_cap: Fraction | None


def fact(share_class: ShareClass, *labels: str) -> Basis | None:
    """Return where the first of `labels` that the class states stands, or else where the class does."""
    return next((basis for label in (*labels, "") if (basis := share_class.basis.get(label)) is not None), None)


def conversion_chain(entity: Entity, class_id: str) -> list[tuple[str, Fraction]] | Refusal:
    """Return (class, what one share has become) for each class that a share can be converted into, step by step."""
    chain: list[tuple[str, Fraction]] = []
    seen = {class_id}
    ratio = Fraction(1)
    share_class = entity.classes[class_id]
    while share_class.converts_into is not None:
        step, target = share_class.converts_into
        if target in seen:
            return Refusal(
                "circular conversion",
                f"{class_id} converts into {target}, which leads back to it",
                fact(share_class, "converts"),
                "let one class of the circle not convert at will",
            )
        if target not in entity.classes:
            break
        seen.add(target)
        ratio *= step
        chain.append((target, ratio))
        share_class = entity.classes[target]
    return chain


def conversions_as_stated(structure: Structure, entity: Entity) -> tuple[str, ...]:
    """Return what is assumed of conversions into classes that were split: a split leaves their terms as stated."""
    return tuple(
        f"The conversion of {each.id} into {into} is taken as stated: no split of {into} changes it."
        for each in entity.classes.values()
        if each.converts_into is not None
        and (entity.id, into := each.converts_into[1].rpartition(".")[2]) in structure.splits
    )


def claims_of(
    entity: Entity,
    positions: Positions,
    received: Mapping[str, Fraction],
    raised: Raised,
    on: date,
    options: Sequence[Option] = (),
    forced: frozenset[str] = frozenset(),
) -> Claims | Refusal:
    """Return what the holders of each class, and of options, may claim.

    Args:
        entity: Whose classes they are.
        positions: Who holds what.
        received: What the entity has distributed to each party before.
        raised: Whether the open facts of a position are taken at their upper ends (or else at their lower ends).
        on: The day of the payout, to which dividends accrue.
        options: Options over new shares that can be exercised.
        forced: Classes that must convert, as on a public offering.
    """
    pooled = pools(entity, positions)
    unclear = _unclear_receipts(entity, positions, received, pooled) or unclear_pool(entity, pooled)
    if unclear is not None:
        return unclear
    if len(positions.by_class) > 1 and positions.in_fractions:
        class_id = min(positions.in_fractions)
        return Refusal(
            "number of shares unknown",
            f"only percentages of {class_id} are recorded, so it cannot be set against the other classes",
            positions.by_class[class_id][0].basis[0] if positions.by_class[class_id][0].basis else None,
            "record the number of shares",
        )
    for class_id in positions.in_fractions:
        share_class = entity.classes.get(class_id)
        if share_class is not None and (has_preference(share_class) or share_class.return_cap is not None):
            return Refusal(
                "number of shares unknown",
                f"only percentages of {class_id} are recorded, so its preference or cap is not known in money",
                fact(share_class, "liquidation preference", "return cap"),
                "record the number of shares",
            )
    chains: dict[str, list[tuple[str, Fraction]]] = {}
    for class_id in dict.fromkeys([*positions.by_class, *(option.class_id for option in options)]):
        if class_id in entity.classes:
            chain = conversion_chain(entity, class_id)
            if isinstance(chain, Refusal):
                return chain
            chains[class_id] = chain
    reached = dict.fromkeys([*chains, *(target for chain in chains.values() for target, _ in chain)])
    order = order_preferences(entity.classes, [each for each in reached if has_preference(entity.classes[each])])
    if isinstance(order, Refusal):
        return order
    assumptions = list(order.assumptions)
    held: list[Held] = []
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id) or ShareClass(id=class_id, title=class_id)
        found = _claims_of_class(
            entity,
            share_class,
            members,
            chains.get(class_id, []),
            order.tiers,
            {party: amount for party, amount in received.items() if class_id not in pooled.get(party, ())},
            raised,
            assumptions,
            on,
            frozenset(party for party, ids in pooled.items() if class_id in ids),
        )
        if isinstance(found, Refusal):
            return found
        held += [_converted(each) for each in found] if class_id in forced else found
    held = _with_pools(held, pooled, received)
    for option in options:
        forms = _forms_of_share(entity, option, chains[option.class_id], order.tiers)
        if isinstance(forms, Refusal):
            return forms
        forms = forms[-1:] if option.class_id in forced else forms
        holders = ((option.holder, Fraction(1)),)
        kind = "option" if option.strike else "grant"
        held.append(Held(option_claim(option, forms), holders, None, kind, option.id, option.basis))
    return Claims(tuple(held), max(order.tiers.values(), default=0), tuple(dict.fromkeys(assumptions)))


def _with_pools(
    held: Sequence[Held], pooled: Mapping[str, Sequence[str]], received: Mapping[str, Fraction]
) -> list[Held]:
    """Return the claims with one return cap for all classes of a pool, net of what was received before."""
    if not pooled:
        return list(held)
    of: dict[str, list[Held]] = {}
    for each in held:
        party = each.holders[0][0]
        if each.claim.class_id in pooled.get(party, ()):
            of.setdefault(party, []).append(each)
    limits = {
        party: left_of_pool([each.claim.return_cap for each in mine], received.get(party, ZERO))
        for party, mine in of.items()
    }
    return [
        each._replace(claim=each.claim._replace(return_cap=limits[party], pool=party))
        if each.claim.class_id in pooled.get(party := each.holders[0][0], ())
        else each
        for each in held
    ]


def _converted(held: Held) -> Held:
    """Return a claim that must be paid as converted."""
    return held._replace(claim=held.claim._replace(forms=held.claim.forms[-1:]))


def _forms_of_share(
    entity: Entity, option: Option, chain: list[tuple[str, Fraction]], tiers: Mapping[str, int]
) -> list[Form] | Refusal:
    """Return the forms in which one share that an option gives is paid."""
    share_class = entity.classes[option.class_id]
    price = share_class.original_issue_price
    in_all = isinstance(share_class.participation_cap, Money)
    if share_class.return_cap is not None or in_all or (share_class.preference and price is None):
        return Refusal(
            "option over open terms",
            f"{option.id} is over {share_class.id}, whose preference or cap is not stated for each share",
            option.basis,
            "state the 'original issue price' and a cap as a multiple of it",
        )
    later = _converted_forms(entity, share_class, chain, tiers)
    if isinstance(later, Refusal):
        return later
    tier = tiers.get(share_class.id, 0)
    if not tier:
        return [Form(0, ZERO, Fraction(1)), *later]
    each = price.amount if price is not None else ZERO
    sharing = ZERO if share_class.participation == "none" else chain[-1][1] if chain else Fraction(1)
    cap = share_class.participation_cap
    limit = cap * each if isinstance(cap, Fraction) and share_class.participation == "capped" else None
    return [Form(tier, (share_class.preference or ZERO) * each, sharing, limit), *later]


def _unclear_receipts(
    entity: Entity, positions: Positions, received: Mapping[str, Fraction], pooled: Mapping[str, Sequence[str]]
) -> Refusal | None:
    count: dict[str, int] = {}
    capped: set[str] = set()
    for class_id, members in positions.by_class.items():
        for member in members:
            count[member.party] = count.get(member.party, 0) + 1
            if class_id in entity.classes and entity.classes[class_id].return_cap is not None:
                capped.add(member.party)
    for party in sorted(capped):
        if count[party] > max(1, len(pooled.get(party, ()))) and received.get(party):
            return Refusal(
                "earlier distribution unclear",
                f"{party} holds several classes, and the book does not say for which it was paid before",
                None,
                "record who holds each class under its own id, or leave one class with each",
            )
    return None


def _claims_of_class(
    entity: Entity,
    share_class: ShareClass,
    members: tuple[Position, ...],
    chain: list[tuple[str, Fraction]],
    tiers: Mapping[str, int],
    received: Mapping[str, Fraction],
    raised: Raised,
    assumptions: list[str],
    on: date,
    apart: frozenset[str] = frozenset(),
) -> list[Held] | Refusal:
    at_top = {member: raised((member.party, member.class_id)) for member in members}
    units = {member: member.high if at_top[member] else member.low for member in members}
    in_all = sum(units.values(), ZERO)
    later = _converted_forms(entity, share_class, chain, tiers)
    if isinstance(later, Refusal):
        return later
    groups: dict[tuple[Fraction | str | None, ...], list[tuple[str, Fraction, _Terms]]] = {}
    for member, count in units.items():
        if not count:
            continue
        terms = _terms(
            share_class, member, count, in_all, received.get(member.party, ZERO), at_top[member], assumptions, on
        )
        if isinstance(terms, Refusal):
            return terms
        per_unit = (
            terms.preference / count,
            None if terms.cap is None else terms.cap / count,
            None if terms.return_cap is None else terms.return_cap / count,
            member.party if member.party in apart else None,
        )
        groups.setdefault(per_unit, []).append((member.party, count, terms))
    tier = tiers.get(share_class.id, 0)
    as_converted = chain[-1][1] if chain else Fraction(1)
    found: list[Held] = []
    for alike in groups.values():
        count = sum((each[1] for each in alike), ZERO)
        cap = None if alike[0][2].cap is None else sum((each[2].cap or ZERO for each in alike), ZERO)
        limit = None if alike[0][2].return_cap is None else sum((each[2].return_cap or ZERO for each in alike), ZERO)
        preference = sum((each[2].preference for each in alike), ZERO)
        if not tier:
            own = Form(0, ZERO, count)
        elif share_class.participation == "none":
            own = Form(tier, preference, ZERO)
        else:
            own = Form(tier, preference, count * as_converted, cap)
            if cap is not None and cap <= preference:
                assumptions.append(
                    f"The cap of {share_class.id} is not above its preference, so it limits the preference."
                )
        forms = [own]
        for form in later:
            scaled = Form(
                form.tier,
                form.preference * count,
                form.units * count,
                None if form.cap is None else form.cap * count,
                form.becomes,
            )
            never_better = not scaled.tier and own.cap is None and scaled.units <= own.units
            if not never_better:
                forms.append(scaled)
        claim = Claim(share_class.id, tuple(forms), limit, limit is not None and share_class.excess_to is not None)
        holders = tuple((party, part / count) for party, part, _ in alike)
        found.append(Held(claim, holders, share_class.excess_to if share_class.return_cap is not None else None))
    return found


def _terms(
    share_class: ShareClass,
    member: Position,
    count: Fraction,
    in_all: Fraction,
    received: Fraction,
    raised: bool,
    assumptions: list[str],
    on: date,
) -> _Terms | Refusal:
    issue_price = share_class.original_issue_price
    if issue_price is not None:
        price: Fraction | None = issue_price.amount * count
    else:
        price = member.paid.amount if member.paid is not None else None
    needs_price = bool(share_class.preference) or isinstance(share_class.participation_cap, Fraction)
    if price is None and needs_price:
        return Refusal(
            "no price for a preference",
            f"{share_class.id} states no original issue price, and what {member.party} paid for it is not recorded",
            fact(share_class, "liquidation preference", "participation"),
            "state 'original issue price', or the price where the shares were issued",
        )
    preference = (share_class.preference or ZERO) * (price or ZERO)
    if share_class.accrued is not None:
        preference += share_class.accrued.amount * count / in_all
    elif (running := dividend_terms(share_class.dividend)) is not None and running.cumulative:
        accrued = None
        if isinstance(running.rate, Money):
            if share_class.dividend_shares is None:
                return Refusal(
                    "open term",
                    f"it is not known whether the dividend of {share_class.id} ({share_class.dividend}) was stated "
                    "before a split",
                    fact(share_class, "dividend"),
                    "date the split to the day, or state 'dividends accrued: USD ...' on the day of the payout",
                )
            if share_class.dividend_shares != 1:
                assumptions.append(f"The dividend of {share_class.id} for each share is taken to follow its splits.")
            running = running._replace(
                rate=Money(running.rate.amount / share_class.dividend_shares, running.rate.currency)
            )
        if not member.words and sum((lot.quantity for lot in member.lots), ZERO) == count:
            accrued = accrued_dividends(running, member.lots, None if price is None else price / count, on)
        if accrued is None:
            return Refusal(
                "open term",
                f"{share_class.id} carries a dividend ({share_class.dividend}), and the day or the price is not "
                f"recorded at which {member.party} got its shares",
                fact(share_class, "dividend"),
                "state 'dividends accrued: USD ...' on the day of the payout",
            )
        preference += accrued
        kind = "" if running.stated else " Nothing says that they are compounded, so they are simple."
        assumptions.append(
            f"Dividends of {share_class.id} accrue to {on} from the day on which each share was issued, or is first "
            f"recorded as held, and are added to the preference.{kind}"
        )
    cap: Fraction | None = None
    if share_class.participation == "capped":
        if isinstance(share_class.participation_cap, Money):
            cap = share_class.participation_cap.amount * count / in_all
        elif share_class.participation_cap is not None:
            cap = share_class.participation_cap * (price or ZERO)
    return_cap: Fraction | None = None
    if share_class.return_cap is not None:
        contributed = member.paid.amount if member.paid is not None else price
        if contributed is not None:
            if member.paid is None:
                assumptions.append(
                    f"What {member.party} contributed for {share_class.id} is taken from the original issue price."
                )
            return_cap = max(share_class.return_cap * contributed - received, ZERO)
        elif not raised:
            return_cap = ZERO
    return _Terms(preference, cap, return_cap)


def _converted_forms(
    entity: Entity, share_class: ShareClass, chain: list[tuple[str, Fraction]], tiers: Mapping[str, int]
) -> list[Form] | Refusal:
    """Return the forms in which one converted share is paid, one for each step of the chain."""
    forms: list[Form] = []
    for index, (target, ratio) in enumerate(chain):
        becomes = entity.classes[target]
        if not has_preference(becomes):
            forms.append(Form(0, ZERO, ratio, becomes=target))
            continue
        if becomes.original_issue_price is None or isinstance(becomes.participation_cap, Money):
            return Refusal(
                "conversion into a preference",
                f"{share_class.id} converts into {target}, whose preference or cap is not stated for each share",
                fact(becomes, "liquidation preference"),
                "state the 'original issue price' and a cap as a multiple of it",
            )
        price = becomes.original_issue_price.amount * ratio
        sharing = ZERO if becomes.participation == "none" else chain[-1][1] if index + 1 < len(chain) else ratio
        cap = becomes.participation_cap * price if becomes.participation_cap is not None and sharing else None
        forms.append(Form(tiers[target], (becomes.preference or ZERO) * price, sharing, cap, target))
    return forms
