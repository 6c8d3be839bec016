"""From a structure to the numbers of a round: shares before it, SAFEs, notes and anti-dilution, as recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.accounts import World
from muniment.book.structure import Basis, Convertible, Entity, Structure
from muniment.model.amounts import parse_money
from muniment.model.values import Bounded, Money, Quantity
from muniment.payout.accrued_interest import COMPUTED, DAY_COUNTS, accrued, day_count_of, interest_of
from muniment.payout.faults import Refusal
from muniment.payout.instruments import dilution
from muniment.payout.most_favored import WHAT_IS_TAKEN, terms_it_may_take
from muniment.payout.rounds.asked import AskedRound, counts_of, stated
from muniment.payout.rounds.conversion import Offered, ways_of
from muniment.payout.rounds.recorded import lines_under
from muniment.payout.rounds.round_terms import (
    NOTE,
    POST_MONEY_SAFE,
    PRE_MONEY_SAFE,
    ZERO,
    Counts,
    Instrument,
    Protected,
    RoundTerms,
    Way,
)
from muniment.payout.terms import conversion_chain

CAP = re.compile(r"(.+?)(?: (post-money|pre-money))?\Z")
ANTI_DILUTION = re.compile(
    r"(?:(broad|narrow)-based weighted average|(full ratchet))(?:, counting (.+?))?(?:, (conversions) as issues)?\Z"
)
BASES: Mapping[str, frozenset[str]] = {
    "broad": frozenset(("issued", "options", "promised options")),
    "narrow": frozenset(("issued",)),
}
"""What the base of a weighted average counts where the clause does not say.

Source: NVCA, Model Certificate of Incorporation, art. Fourth, B, s. 4.4.4 (broad: with options and convertible
securities outstanding); a narrow base has shares that are issued only."""


class Before(NamedTuple):
    """What there is before the round.

    Attributes:
        holders: (party, what it is of, kind, common-equivalent shares); kinds are ``held``, ``options`` and ``pool``.
        ratios: Common-equivalent shares of one share of each class.
    """

    holders: tuple[tuple[str, str, str, Fraction], ...]
    ratios: Mapping[str, Fraction]
    issued: Fraction
    options: Fraction
    unissued: Fraction
    basis: tuple[Basis, ...]
    notes: tuple[str, ...]


class RoundRead(NamedTuple):
    """A round in numbers, with what it rests on."""

    terms: RoundTerms
    before: Before
    basis: tuple[Basis, ...]
    notes: tuple[str, ...]


def read_round(
    world: World, structure: Structure, asked: AskedRound, day_counts: Mapping[str, str]
) -> RoundRead | Refusal:
    """Return the numbers of a round on the date of a structure.

    Args:
        world: The book in one account.
        structure: On the day of the round.
        asked: The round.
        day_counts: The day count to take for each note that states none.
    """
    entity = structure.entities.get(asked.entity)
    if entity is None:
        return Refusal("unknown entity", f"'{asked.entity}' is not an entity on {structure.on.isoformat()}")
    before = shares_before(world, structure, entity, asked.round_id)
    if isinstance(before, Refusal):
        return before
    chosen = converting(structure, asked)
    if isinstance(chosen, Refusal):
        return chosen
    notes = [*before.notes, *asked.notes]
    first = asked.closings[0]
    if chosen and first is not None and first != structure.on:
        notes.append(f"SAFEs and notes convert on {structure.on}, though the first closing is on {first}.")
    basis = [*asked.basis, *before.basis]
    instruments = _instruments(world, structure, asked, chosen, before.ratios, day_counts, basis, notes)
    if isinstance(instruments, Refusal):
        return instruments
    protected = _protected(entity, before, asked, basis, notes)
    if isinstance(protected, Refusal):
        return protected
    terms = RoundTerms(
        issued=before.issued,
        options=before.options,
        promised=asked.promised,
        unissued=before.unissued,
        price=asked.price,
        purchases=asked.purchases,
        instruments=instruments,
        pool=asked.pool,
        protected=protected,
        pre_money_counts=asked.pre_money_counts,
    )
    return RoundRead(terms, before, tuple(dict.fromkeys(basis)), tuple(dict.fromkeys(notes)))


def shares_before(world: World, structure: Structure, entity: Entity, round_id: str) -> Before | Refusal:
    """Return who has what before a round: what was issued under it by then is left out."""
    under = issued_under(world, structure.on, entity.id, round_id)
    holders: list[tuple[str, str, str, Fraction]] = []
    basis: list[Basis] = []
    notes: list[str] = []
    ratios: dict[str, Fraction] = {}
    for class_id, share_class in entity.classes.items():
        chain = conversion_chain(entity, class_id)
        if isinstance(chain, Refusal):
            return chain
        ratios[class_id] = chain[-1][1] if chain else Fraction(1)
        if not chain and share_class.preference:
            notes.append(f"{class_id} does not convert at will; one share of it is counted as one.")
    for holding in structure.holdings.get(entity.id, ()):
        if holding.party == entity.id:
            continue
        if holding.of is not None or not isinstance(holding.quantity, Fraction):
            return Refusal(
                "number of shares unknown",
                f"what {holding.party} holds in {entity.id} is not recorded as an exact number of shares",
                holding.basis[0] if holding.basis else None,
                "record the number of shares",
            )
        left = holding.quantity - under.get((holding.party, holding.class_id), ZERO)
        if left < 0:
            return Refusal(
                "does not follow",
                f"{holding.party} holds fewer {holding.class_id} than it was issued in {round_id}",
                holding.basis[0] if holding.basis else None,
                "ask with --on the day of the round",
            )
        if left:
            holders.append((holding.party, holding.class_id, "held", left * ratios.get(holding.class_id, Fraction(1))))
            basis += holding.basis
    issued = sum((each[3] for each in holders), ZERO)
    beside = dilution(structure, entity)
    options, unissued = ZERO, ZERO
    for each in beside.instruments:
        if each.kind in ("safe", "note"):
            continue
        exact = each.shares.exact
        if exact is None:
            return Refusal(
                "number of shares unknown", f"{each.id} is not over an exact number of shares", each.basis, None
            )
        shares = exact * ratios[each.class_id]
        if each.kind == "pool":
            unissued += shares
            holders.append((f"pool of {each.id}", each.class_id, "pool", shares))
        else:
            options += shares
            holders.append((each.party, each.id, "options", shares))
        basis.append(each.basis)
    for plan in beside.plans:
        if plan.available is None:
            return Refusal(
                "number of shares unknown",
                f"the plan {plan.plan} does not say how many shares are reserved",
                plan.basis,
            )
    if not issued + options + unissued:
        return Refusal(
            "no shares", f"nobody holds shares of {entity.id} before the round", entity.basis.get(""), "record an issue"
        )
    return Before(tuple(holders), ratios, issued, options, unissued, tuple(basis), tuple(notes))


def issued_under(world: World, on: date | None, entity: str, round_id: str) -> dict[tuple[str, str], Fraction]:
    """Return the shares that `issue` records give each party of each class under a round, by a day (None = ever)."""
    found: dict[tuple[str, str], Fraction] = {}
    for line in lines_under(world, entity, round_id):
        if on is None or line.on is None or line.on <= on:
            key = (line.party, line.class_id)
            found[key] = found.get(key, ZERO) + line.shares
    return found


def converting(structure: Structure, asked: AskedRound) -> tuple[Convertible, ...] | Refusal:
    """Return the SAFEs and notes that convert in a round."""
    own = {each.id: each for each in structure.convertibles if each.entity == asked.entity}
    if asked.converts is None:
        return tuple(each for each in own.values() if not each.converted_in)
    for name in asked.converts:
        if name not in own:
            place = next((each for each in asked.basis if each.words.startswith("converts")), None)
            return Refusal(
                "not outstanding",
                f"{name} is not a SAFE or note of {asked.entity} in force on {structure.on.isoformat()}"
                + (", the day on which all convert" if len(asked.closings) > 1 else ""),
                place,
                "correct the line 'converts'" if asked.round_id else "correct --converts",
            )
    chosen = tuple(own[name] for name in dict.fromkeys(asked.converts))
    for each in chosen:
        if each.converted_in and each.converted_in != asked.round_id:
            return Refusal(
                "not outstanding",
                f"{each.id} is taken as converted in {each.converted_in}, and converts once",
                each.basis,
                "name it in one of the two rounds",
            )
    return chosen


def without_day_count(chosen: Sequence[Convertible]) -> tuple[str, ...]:
    """Return the notes that bear interest and state no day count."""
    return tuple(each.id for each in chosen if each.interest and not each.day_count)


def _instruments(
    world: World,
    structure: Structure,
    asked: AskedRound,
    chosen: Sequence[Convertible],
    ratios: Mapping[str, Fraction],
    day_counts: Mapping[str, str],
    basis: list[Basis],
    notes: list[str],
) -> tuple[Instrument, ...] | Refusal:
    offered: list[Offered] = []
    for each in structure.convertibles:
        if each.entity != asked.entity:
            continue
        ways = _own_ways(world, each, asked.currency)
        if isinstance(ways, Refusal):
            if each in chosen:
                return ways
            continue
        paid = each.amount.amount if isinstance(each.amount, Money) else None
        offered.append(Offered(each.id, each.since or date.min, ways, each.most_favored, paid))
    ways_by_id = ways_of(offered)
    found: list[Instrument] = []
    for each in chosen:
        if each.most_favored:
            taken = terms_it_may_take(each, structure.convertibles)
            if isinstance(taken, Refusal):
                return taken
            if len(taken) > 1:
                notes.append(WHAT_IS_TAKEN.format(id=each.id))
        amount = _amount(each, structure.on, asked.currency, day_counts, notes)
        if isinstance(amount, Refusal):
            return amount
        fixed: tuple[Way, ...] = ()
        if each.converts is not None:
            shares = each.count * each.converts.ratio * ratios.get(each.converts.into.rpartition(".")[2], Fraction(1))
            fixed = (Way("fixed", amount / shares),)
        ways = (*fixed, *ways_by_id[each.id]) or ()
        if each.kind == "safe" or not fixed:
            ways = (*ways, Way("discount", ZERO))
        found.append(Instrument(each.id, each.holder, amount, tuple(dict.fromkeys(ways))))
        basis.append(each.basis)
    for each in structure.convertibles:
        if each.entity == asked.entity and each not in chosen:
            elsewhere = each.converted_in if each.converted_in != asked.round_id else ""
            why = f"is taken as converted in {elsewhere}" if elsewhere else "does not convert in the round"
            notes.append(f"{each.id} {why} and is not counted.")
    return tuple(found)


def _own_ways(world: World, each: Convertible, currency: str) -> tuple[Way, ...] | Refusal:
    record = world.book.index.by_address[each.id]
    said, left_open = stated(world, record)
    if left_open:
        fact = left_open[0]
        return Refusal("open fact", f"{fact.address} is disputed and left open", fact.basis, "write 'prefer'")
    one = {label: values[0][0] for label, values in said.items()}
    usual = POST_MONEY_SAFE if each.kind == "safe" else NOTE
    ways: list[Way] = []
    if each.cap:
        place = said["cap"][0][1]
        match = CAP.match(each.cap)
        money = parse_money(match[1]) if match else None
        if not isinstance(money, Money) or money.amount <= 0 or money.currency != currency:
            return Refusal(
                "cap not read",
                f"the cap of {each.id} ('{each.cap}') is not an exact amount of {currency}",
                place,
                "write it as in 'USD 10,000,000 post-money'",
            )
        counts: Counts | None = counts_of(one["cap counts"]) if "cap counts" in one else None
        if counts is None:
            if match is None or match[2] is None:
                return Refusal(
                    "cap not read",
                    f"the cap of {each.id} does not say whether it is pre-money or post-money",
                    place,
                    "write 'post-money' or 'pre-money' behind it, or add 'cap counts'",
                )
            pre_money = PRE_MONEY_SAFE if each.kind == "safe" else NOTE
            counts = POST_MONEY_SAFE if match[2] == "post-money" else pre_money
        ways.append(Way("cap", money.amount, counts))
    for label, kind in (("discount", "discount"), ("part", "percent")):
        value = one.get(label)
        if value is None:
            continue
        if not isinstance(value, Quantity) or not 0 <= value.amount < 1:
            return Refusal(
                f"{label} not read",
                f"the {label} of {each.id} is not an exact part below 100%",
                said[label][0][1],
                None,
            )
        counts = counts_of(one["cap counts"]) if "cap counts" in one and kind == "percent" else usual
        ways.append(Way(kind, value.amount, counts))  # type: ignore[arg-type]
    return tuple(ways)


def _amount(
    each: Convertible, on: date, currency: str, day_counts: Mapping[str, str], notes: list[str]
) -> Fraction | Refusal:
    """Return what converts: the purchase amount, or the principal with interest up to the day."""
    if isinstance(each.amount, Bounded) or each.amount is None or each.amount.amount <= 0:
        return Refusal("amount unknown", f"the amount of {each.id} is not stated exactly", each.basis, None)
    if each.amount.currency != currency:
        return Refusal(
            "mixed currencies",
            f"{each.id} is in {each.amount.currency} and the round in {currency}",
            each.basis,
            "record its amount in the currency of the round",
        )
    principal = each.amount.amount
    if not each.interest:
        return principal
    terms = interest_of(each.interest)
    if terms is None or each.since is None:
        return Refusal(
            "interest not read",
            f"the interest of {each.id} ('{each.interest}') cannot be computed",
            each.basis,
            "write it as in '6% a year, simple' or '6% a year, compounded monthly', on a record with an exact day",
        )
    named = day_count_of(each.day_count) if each.day_count else day_counts.get(each.id, DAY_COUNTS[0])
    if named is None:
        return Refusal(
            "interest not read",
            f"'{each.day_count}' of {each.id} is not a day count that is computed",
            each.basis,
            f"write one of: {', '.join(COMPUTED)}",
        )
    if each.due_on is not None and each.due_on < on:
        notes.append(f"{each.id} was due on {each.due_on}; it is taken to be outstanding, its interest to run on.")
    if "simple" not in each.interest and not terms.compounded:
        notes.append(f"The interest of {each.id} is taken to be simple.")
    return principal + accrued(principal, terms, each.since, on, named)


def _protected(
    entity: Entity, before: Before, asked: AskedRound, basis: list[Basis], notes: list[str]
) -> tuple[Protected, ...] | Refusal:
    found: list[Protected] = []
    for class_id, share_class in entity.classes.items():
        place = share_class.basis.get("anti-dilution")
        shares = sum((each[3] for each in before.holders if each[1] == class_id and each[2] == "held"), ZERO)
        if place is None or not shares or class_id == asked.class_id:
            continue
        words = place.words.partition(": ")[2]
        match = ANTI_DILUTION.match(words)
        counted = set((match[3] or "").split(", ")) - {""} if match else set()
        known = {"issued", "options", "promised options", "unissued pool", "conversions"}
        if match is None or not counted <= known:
            if words == "none":
                continue
            return Refusal(
                "anti-dilution not read",
                f"the anti-dilution of {class_id} ('{words}') cannot be computed",
                place,
                "write 'full ratchet', or 'broad-based weighted average', perhaps with ', counting issued, options'",
            )
        price = share_class.original_issue_price
        if price is None or price.currency != asked.currency:
            return Refusal(
                "no conversion price",
                f"{class_id} has anti-dilution, but no original issue price in {asked.currency}",
                place,
                "state 'original issue price'",
            )
        basis.append(place)
        old = price.amount / before.ratios[class_id]
        if match[2]:
            found.append(Protected(class_id, shares, old, "ratchet"))
            continue
        if not counted:
            counted = set(BASES[match[1]])
            notes.append(f"The base of the weighted average of {class_id} counts {', '.join(sorted(counted))}.")
        base = (
            before.issued * ("issued" in counted)
            + before.options * ("options" in counted)
            + asked.promised * ("promised options" in counted)
            + before.unissued * ("unissued pool" in counted)
        )
        found.append(Protected(class_id, shares, old, "weighted", base, "conversions" in counted, bool(match[4])))
    return tuple(found)
