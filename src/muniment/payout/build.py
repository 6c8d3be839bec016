"""From an entity as it stands to its payout curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from muniment.book.structure import Basis, Entity, Paid, Structure
from muniment.model.values import Money
from muniment.payout.certificate import verify_columns, verify_sweep
from muniment.payout.contradictions import broken_caps, broken_preferences
from muniment.payout.costs import Ahead, take_costs
from muniment.payout.curve import Breakpoint, Cause, Column, Curve
from muniment.payout.distributions import Earlier, Stake, distribute
from muniment.payout.faults import Refusal
from muniment.payout.hurdles import Flow
from muniment.payout.piecewise import ONE, ZERO, Piecewise, compose, reach
from muniment.payout.positions import Positions, has_preference, positions_of
from muniment.payout.rounding import money_words
from muniment.payout.sweep import Event, Sweep, sweep
from muniment.payout.terms import Held, Raised, claims_of, fact

DISTRIBUTIONS = frozenset(("distribution", "dividend"))
"""Payments that count against return caps and limits of tiers; interest and salary do not."""

TERMS = (
    "original issue price",
    "liquidation preference",
    "dividends accrued",
    "participation",
    "ranks",
    "converts",
    "return cap",
)
"""Labels of a class on which payouts turn."""

WITHOUT_OWNERS = frozenset(("nonprofit", "foundation", "trust", "government"))
"""Kinds of entities that nobody owns, as a rule."""

NOT_ABOUT_MONEY = frozenset(
    ("board", "seats", "office", "rules", "consent", "general", "manager", "trustees", "members", "law", "purpose")
)
"""First words of facts of an entity that do not change payouts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the payouts of one entity rest on, read once from the structure.

    Attributes:
        earlier: What the entity has distributed before.
        currency: Of all money concerned; empty if the book names none.
        open_positions: (party, class id) with a fact that is known only within bounds.
    """

    entity: Entity
    parties: frozenset[str]
    positions: Positions
    earlier: Earlier
    currency: str
    open_positions: tuple[tuple[str, str], ...]
    open_words: tuple[str, ...]
    because: tuple[Basis, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A curve, and what it rests on.

    Attributes:
        swept: The claims and their sweep, for the certificate; None where a distribution decides.
        remaining: What is left after costs, as a function of the proceeds.
        contradictions: Terms of classes that the distribution does not keep, and tiers never reached.
    """

    curve: Curve
    held: tuple[Held, ...]
    swept: Sweep | None
    remaining: Piecewise
    assumptions: tuple[str, ...]
    contradictions: tuple[Refusal, ...]

    def verify(self, proceeds: Sequence[Fraction]) -> list[str]:
        """Return what is wrong with the curve at `proceeds` and at its vertices; empty if nothing is."""
        faults = verify_columns([column.amount for column in self.curve.columns], proceeds)
        explained = {each.proceeds for each in self.curve.breakpoints}
        bends = {x for column in self.curve.columns for x, _ in column.amount.knots if x > 0}
        faults += [f"no clause is named for the bend at {x}" for x in sorted(bends - explained)]
        if self.swept is not None:
            claims = [each.claim for each in self.held]
            for point in proceeds:
                faults += verify_sweep(claims, self.swept, self.remaining.at(point))
        return faults


def gather(structure: Structure, entity_id: str, currency: str | None = None) -> Facts | Refusal:
    """Return the facts on which payouts of an entity rest.

    Args:
        structure: Everything in force.
        entity_id: Whose payouts are asked.
        currency: Currency of the proceeds; None if no proceeds are given.
    """
    entity = structure.entities.get(entity_id)
    if entity is None:
        return Refusal("unknown entity", f"'{entity_id}' is not an entity on {structure.on.isoformat()}")
    for left_open in structure.open_facts:
        if left_open.entity == entity_id and _concerns_money(left_open.address):
            return Refusal(
                "open fact",
                f"the account '{structure.account}' leaves {left_open.address} open",
                left_open.basis,
                "ask in an account that settles it, or say under it which statement to prefer",
            )
    positions = positions_of(structure, entity)
    if isinstance(positions, Refusal):
        return positions
    unclear = _unclear_term(entity, positions)
    if unclear is not None:
        return unclear
    if not positions.by_class and not entity.distribution:
        if entity.kind in WITHOUT_OWNERS:
            message = f"{entity_id} is a {entity.kind}: what is given to it carries no claim, and nobody holds one"
        else:
            message = f"nobody is recorded as holding anything in {entity_id}"
        return Refusal(
            "class nobody issued",
            message,
            entity.basis.get(""),
            "record who holds what with 'issue' or 'holding'",
        )
    paid = [each for each in structure.paid if each.by == entity_id and each.as_ in DISTRIBUTIONS]
    moneys = list(_moneys(entity, positions)) + [(each.amount, each.basis) for each in paid]
    stated = currency or (moneys[0][0].currency if moneys else "")
    for money, basis in moneys:
        if money.currency != stated:
            return Refusal(
                "mixed currencies",
                f"{money_words(money)} cannot be set against amounts in {stated}",
                basis,
                "state all money of one payout in one currency",
            )
    received: dict[str, Fraction] = {}
    for each in paid:
        received[each.to] = received.get(each.to, ZERO) + each.amount.amount
    open_positions: dict[tuple[str, str], None] = {}
    open_words: list[str] = []
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id)
        unpriced = share_class is not None and share_class.return_cap is not None and not entity.distribution
        unpriced = unpriced and _issue_price(entity, class_id) is None
        for member in members:
            if unpriced and member.paid is None:
                open_words.append(f"what {member.party} contributed for {class_id} is not recorded")
                open_positions[(member.party, class_id)] = None
            if member.words:
                open_words.append(member.words)
                open_positions[(member.party, class_id)] = None
    open_words += [member.words for members in positions.spread.values() for member in members if member.words]
    because = _because(entity, positions, [each.basis for each in paid])
    party = structure.parties.get(entity_id)
    if not because and party is not None and party.basis is not None:
        because = (party.basis,)
    assumptions = [
        *structure.assumptions,
        *positions.assumptions,
        *_term_notes(entity, positions),
        *structure.uncounted.get(entity_id, ()),
    ]
    if paid:
        assumptions.append("Earlier distributions and dividends count against return caps and limits of tiers.")
    return Facts(
        entity=entity,
        parties=frozenset(structure.parties) | frozenset(structure.entities),
        positions=positions,
        earlier=Earlier(received, _on_days(paid), structure.on),
        currency=stated,
        open_positions=tuple(open_positions),
        open_words=tuple(open_words),
        because=because,
        assumptions=tuple(dict.fromkeys(assumptions)),
    )


def build(facts: Facts, raised: Raised) -> Built | Refusal:
    """Return the payout curve.

    Args:
        facts: What it rests on.
        raised: Whether the open facts of a position are taken at their upper ends (or else at their lower ends).
    """
    ahead = take_costs(facts.entity.costs)
    if isinstance(ahead, Refusal):
        return ahead
    if facts.entity.distribution:
        return _by_distribution(facts, ahead, raised)
    return _by_classes(facts, ahead, raised)


def _unclear_term(entity: Entity, positions: Positions) -> Refusal | None:
    """Return why no payout can be computed where a class that is held states a term about money within bounds only."""
    for class_id in positions.by_class:
        share_class = entity.classes.get(class_id)
        if share_class is None or entity.distribution:
            continue
        label = next((label for label in share_class.inexact), None)
        if label is not None:
            return Refusal(
                "open term",
                f"the {label} of {class_id} is not stated exactly",
                share_class.basis.get(label),
                "state one value, or each possible value under 'disputed'",
            )
        accrues = "cumulative" in share_class.dividend.replace("-", " ").split() and share_class.accrued is None
        if accrues:
            return Refusal(
                "open term",
                f"{class_id} carries a dividend ({share_class.dividend}), and what has accrued is not stated",
                share_class.basis.get("dividend"),
                "state 'dividends accrued: USD ...' on the day of the payout",
            )
    return None


def _term_notes(entity: Entity, positions: Positions) -> list[str]:
    """Return what is assumed of terms that do not take effect by themselves."""
    notes: list[str] = []
    for class_id in positions.by_class:
        share_class = entity.classes.get(class_id)
        if share_class is not None and share_class.conversion and not entity.distribution:
            notes.append(f"{class_id} is taken as not converted: it converts {share_class.conversion}.")
    return notes


def _by_classes(facts: Facts, ahead: Ahead, raised: Raised) -> Built | Refusal:
    claims = claims_of(facts.entity, facts.positions, facts.earlier.received, raised)
    if isinstance(claims, Refusal):
        return claims
    swept = sweep([each.claim for each in claims.held], claims.tiers)
    columns = [
        Column("class", each.claim.class_id, each.holders, take)
        for each, take in zip(claims.held, swept.takes, strict=True)
    ]
    for each, over in zip(claims.held, swept.excesses, strict=True):
        if each.beneficiary is not None:
            columns.append(Column("excess", each.claim.class_id, ((each.beneficiary, ONE),), over))
    columns.append(Column("unallocated", None, (), swept.unallocated))
    events = [(x, _cause(facts.entity, claims.held, event)) for x, event in swept.events]
    assumptions = list(claims.assumptions)
    if any(each.claim.return_cap is not None and len(each.claim.forms) > 1 for each in claims.held):
        assumptions.append("A return cap binds a holder whether or not it converts.")
    return _assemble(facts, ahead, columns, events, claims.held, swept, assumptions, ())


def _by_distribution(facts: Facts, ahead: Ahead, raised: Raised) -> Built | Refusal:
    entity = facts.entity
    stakes: dict[str, list[Stake]] = {class_id: [] for class_id in entity.classes}
    for class_id, members in facts.positions.by_class.items():
        for member in members:
            units = member.high if raised((member.party, class_id)) else member.low
            paid = None if member.paid is None else member.paid.amount
            in_shares = class_id not in facts.positions.in_fractions
            if paid is None and in_shares and (price := _issue_price(entity, class_id)) is not None:
                paid = price * units
            flows = None
            if member.contributed is not None and all(
                money.currency == facts.currency for _, money in member.contributed
            ):
                flows = tuple(Flow(day, money.amount) for day, money in member.contributed)
            stakes.setdefault(class_id, []).append(Stake(member.party, units, paid, flows))
    outcome = distribute(entity.distribution, stakes, facts.parties, facts.earlier)
    if isinstance(outcome, Refusal):
        return outcome
    assumptions = [*outcome.assumptions]
    contradictions = [
        *outcome.contradictions,
        *broken_caps(entity, stakes, outcome.columns, facts.earlier.received, facts.currency),
    ]
    if any(has_preference(share_class) for share_class in entity.classes.values()):
        claims = claims_of(entity, facts.positions, facts.earlier.received, raised)
        if isinstance(claims, Refusal):
            assumptions.append(f"The terms of the classes are not checked against the distribution: {claims.message}.")
        else:
            contradictions += broken_preferences(entity, outcome.columns, claims, facts.currency)
    named = {name for tier in entity.distribution for _, name in tier.split}
    assumptions += [
        f"The distribution does not name {class_id}, so it is paid nothing."
        for class_id in facts.positions.by_class
        if class_id not in named
    ]
    return _assemble(facts, ahead, outcome.columns, outcome.events, (), None, assumptions, contradictions)


def _issue_price(entity: Entity, class_id: str) -> Fraction | None:
    share_class = entity.classes.get(class_id)
    if share_class is None or share_class.original_issue_price is None:
        return None
    return share_class.original_issue_price.amount


def _assemble(
    facts: Facts,
    ahead: Ahead,
    columns: Sequence[Column],
    events: Sequence[tuple[Fraction, Cause]],
    held: tuple[Held, ...],
    swept: Sweep | None,
    assumptions: Sequence[str],
    contradictions: Sequence[Refusal],
) -> Built:
    """Put costs before what the owners get, and keep the events at which a column bends."""
    merged = [*ahead.columns, *(each._replace(amount=compose(each.amount, ahead.remaining)) for each in columns)]
    bends = {x for column in merged for x, _ in column.amount.knots if x > 0}
    causes: dict[Fraction, list[Cause]] = {}
    for x, cause in ahead.events:
        causes.setdefault(x, []).append(cause)
    for y, cause in events:
        met = reach(ahead.remaining, y)
        if met is not None:
            causes.setdefault(met, []).append(cause)
    breakpoints = tuple(Breakpoint(x, tuple(dict.fromkeys(causes[x]))) for x in sorted(bends & set(causes)))
    curve = Curve(entity=facts.entity.id, currency=facts.currency, columns=tuple(merged), breakpoints=breakpoints)
    return Built(
        curve=curve,
        held=held,
        swept=swept,
        remaining=ahead.remaining,
        assumptions=tuple(dict.fromkeys([*ahead.assumptions, *assumptions])),
        contradictions=tuple(contradictions),
    )


def _cause(entity: Entity, held: Sequence[Held], event: Event) -> Cause:
    """Put an event into words, with the clause that brings it about."""
    names = list(dict.fromkeys(held[number].claim.class_id for number in event.claims))
    classes = [entity.classes[name] for name in names if name in entity.classes]
    joined = " and ".join(names)
    labels: tuple[str, ...]
    if event.kind == "preference paid":
        labels = ("liquidation preference", "dividends accrued")
        words = f"the liquidation preference of {joined} is paid in full"
    elif event.kind == "converts":
        labels = ("converts",)
        words = f"{joined} {'converts' if len(names) == 1 else 'convert'} into {event.becomes}"
    elif event.kind == "participation cap":
        labels = ("participation",)
        words = f"the participation of {joined} reaches its cap"
    else:
        beneficiary = next((held[number].beneficiary for number in event.claims if held[number].beneficiary), None)
        rest = f"the excess goes to {beneficiary}" if beneficiary else "the others share the rest"
        labels = ("return cap",)
        words = f"the return cap of {joined} is reached: {rest}"
    return Cause(words, next((basis for each in classes if (basis := fact(each, *labels)) is not None), None))


def _concerns_money(address: str) -> bool:
    """Return whether an open fact may change who is paid; what is under the board, offices or rules does not."""
    inside = address.split(" ")[1:]
    return not inside or inside[0] not in NOT_ABOUT_MONEY


def _on_days(paid: Sequence[Paid]) -> dict[str, tuple[Flow, ...]] | None:
    """Return when each party was paid what; None if a day is not known."""
    found: dict[str, tuple[Flow, ...]] = {}
    for each in paid:
        if each.on is None:
            return None
        found[each.to] = (*found.get(each.to, ()), Flow(each.on, each.amount.amount))
    return found


def _moneys(entity: Entity, positions: Positions) -> Iterable[tuple[Money, Basis | None]]:
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id)
        if share_class is not None:
            for label, money in (
                ("original issue price", share_class.original_issue_price),
                ("dividends accrued", share_class.accrued),
                ("participation", share_class.participation_cap),
            ):
                if isinstance(money, Money):
                    yield money, fact(share_class, label)
        if share_class is not None and (share_class.preference or share_class.return_cap or entity.distribution):
            for member in members:
                if member.paid is not None:
                    yield member.paid, member.basis[0] if member.basis else None
    for cost in entity.costs:
        for amount in (cost.amount, cost.above):
            if isinstance(amount, Money):
                yield amount, cost.basis
    for tier in entity.distribution:
        if tier.until is not None and isinstance(tier.until[1], Money):
            yield tier.until[1], tier.basis


def _because(entity: Entity, positions: Positions, paid: Sequence[Basis]) -> tuple[Basis, ...]:
    """Return the facts that payouts rest on, each once; the entity's own record if there is nothing else."""
    found: list[Basis] = []
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id)
        if share_class is not None:
            labels = ("return cap",) if entity.distribution else TERMS
            found += [basis for label in labels if (basis := share_class.basis.get(label)) is not None]
        for member in members:
            found += member.basis
    found += [cost.basis for cost in entity.costs]
    found += [tier.basis for tier in entity.distribution]
    found += paid
    if not found:
        found += [basis for label, basis in entity.basis.items() if label == ""]
    return tuple(dict.fromkeys(found))
