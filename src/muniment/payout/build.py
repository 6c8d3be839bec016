"""From an entity as it stands to its payout curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from muniment.book.structure import Basis, Entity, Paid, ShareClass, Structure
from muniment.model.values import Money
from muniment.payout.causes import cause_of
from muniment.payout.certificate import verify_columns, verify_sweep
from muniment.payout.contradictions import broken_caps, broken_preferences
from muniment.payout.converting import NO_PAPERS, Papers, papers_of, with_papers
from muniment.payout.costs import Ahead, take_costs
from muniment.payout.curve import Breakpoint, Cause, Column, Curve
from muniment.payout.distributions import Earlier, distribute
from muniment.payout.faults import Refusal
from muniment.payout.hurdles import Flow
from muniment.payout.liquidity import MOST_COMBINATIONS, Game, Liquidity, equilibria_by_proceeds
from muniment.payout.modes import SALE, at_exit
from muniment.payout.options import NO_OPTIONS, Option, options_of
from muniment.payout.piecewise import ONE, ZERO, Piecewise, compose, proportional, reaches
from muniment.payout.positions import Positions, has_preference, positions_of
from muniment.payout.resting import moneys_of, rested_on
from muniment.payout.return_caps import with_grown_caps
from muniment.payout.rounding import money_words
from muniment.payout.stakes import stakes_of
from muniment.payout.sweep import Sweep, sweep
from muniment.payout.terms import Held, Raised, claims_of, conversion_chain, conversions_as_stated
from muniment.payout.unclear import DISTRIBUTIONS, unclear_payment, unclear_term, unnamed_payments

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
        options: Options over new shares that can be exercised; empty where a distribution decides.
        waiting: (class id, shares) of options that are outstanding and cannot be exercised on the day.
        forced: Classes that must convert in the case that is asked about, such as a public offering.
        papers: SAFEs and notes outstanding; none where a distribution decides.
    """

    entity: Entity
    on: date
    parties: frozenset[str]
    positions: Positions
    earlier: Earlier
    currency: str
    open_positions: tuple[tuple[str, str], ...]
    open_words: tuple[str, ...]
    because: tuple[Basis, ...]
    assumptions: tuple[str, ...]
    options: tuple[Option, ...] = ()
    waiting: tuple[tuple[str, Fraction], ...] = ()
    forced: frozenset[str] = frozenset()
    papers: Papers = NO_PAPERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A curve, and what it rests on.

    Attributes:
        swept: The claims and their sweep, for the certificate; None where a distribution decides.
        remaining: What is left after costs, as a function of the proceeds.
        contradictions: Terms of classes that the distribution does not keep, and tiers never reached.
        liquidity: Where the number of shares hangs on who converts: the equilibria; None elsewhere.
    """

    curve: Curve
    held: tuple[Held, ...]
    swept: Sweep | None
    remaining: Piecewise
    assumptions: tuple[str, ...]
    contradictions: tuple[Refusal, ...]
    liquidity: Liquidity | None = None

    @property
    def is_monotone(self) -> bool:
        """Whether the terms are such that nobody can be paid less where there is more to pay."""
        return self.liquidity is None and not self.remaining.jumps()

    def strikes(self, proceeds: Fraction) -> dict[str, Fraction]:
        """Return what is paid in on each option that is exercised, by its address."""
        if self.swept is None and self.liquidity is None:
            return {}
        rest = self.remaining.at(proceeds)
        if self.liquidity is not None:
            regime = self.liquidity.at(rest)
            claims, choices = regime.claims, regime.swept.choices(rest)
        else:
            assert self.swept is not None
            claims, choices = tuple(each.claim for each in self.held), self.swept.choices(rest)
        return {
            each.instrument: claim.forms[choice].strike
            for each, claim, choice in zip(self.held, claims, choices, strict=True)
            if claim.is_option and choice
        }

    def verify(self, proceeds: Sequence[Fraction]) -> list[str]:
        """Return what is wrong with the curve at `proceeds` and at its vertices; empty if nothing is."""
        faults = verify_columns([column.amount for column in self.curve.columns], proceeds, self.is_monotone)
        explained = {each.proceeds for each in self.curve.breakpoints}
        bends = {x for column in self.curve.columns for x, _ in column.amount.knots if x > 0}
        faults += [f"no clause is named for the bend at {x}" for x in sorted(bends - explained)]
        if self.swept is not None:
            claims = [each.claim for each in self.held]
            for point in proceeds:
                faults += verify_sweep(claims, self.swept, self.remaining.at(point))
        if self.liquidity is not None:
            for point in proceeds:
                faults += self.liquidity.verify(self.remaining.at(point))
        return faults


def gather(structure: Structure, entity_id: str, currency: str | None = None, mode: str = SALE) -> Facts | Refusal:
    """Return the facts on which payouts of an entity rest.

    Args:
        structure: Everything in force.
        entity_id: Whose payouts are asked.
        currency: Currency of the proceeds; None if no proceeds are given.
        mode: ``sale``, ``ipo``, or an event on which classes must convert.
    """
    entity = structure.entities.get(entity_id)
    if entity is None:
        return Refusal("unknown entity", f"'{entity_id}' is not an entity on {structure.on.isoformat()}")
    entity, forced, notes_on_mode = at_exit(entity, mode)
    entity, notes_on_caps = with_grown_caps(entity, structure.on)
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
    unclear = unclear_term(entity, positions)
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
    unclear = unclear_payment(structure, entity, positions)
    if unclear is not None:
        return unclear
    paid = [each for each in structure.paid if each.by == entity_id and each.as_ in DISTRIBUTIONS]
    moneys = list(moneys_of(entity, positions)) + [(each.amount, each.basis) for each in paid]
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
    countable = not entity.distribution and not positions.in_fractions
    papers = papers_of(structure, entity, stated, mode) if countable else NO_PAPERS
    if isinstance(papers, Refusal):
        return papers
    stated = stated or papers.currency
    options = options_of(structure, entity, stated) if countable else NO_OPTIONS
    if isinstance(options, Refusal):
        return options
    if options.unsized is not None and papers.count_options:
        return options.unsized
    bases = [*(each.basis for each in options.counted), *(each.basis for each in papers.counted)]
    of_options = [basis for basis in bases if basis is not None]
    because = rested_on(entity, positions, [*(each.basis for each in paid), *of_options])
    party = structure.parties.get(entity_id)
    if not because and party is not None and party.basis is not None:
        because = (party.basis,)
    assumptions = [
        *(words for words in structure.assumptions if not _is_overtaken(words, entity_id, forced)),
        *positions.assumptions,
        *_term_notes(entity, positions, forced),
        *(() if entity.distribution else conversions_as_stated(structure, entity)),
        *notes_on_mode,
        *notes_on_caps,
        *unnamed_payments(structure, entity, positions),
        *options.notes,
        *papers.notes,
        *(
            words
            for words in structure.uncounted.get(entity_id, ())
            if not _tells_of(words, options.told | papers.told)
        ),
    ]
    if paid:
        assumptions.append("Earlier distributions and dividends count against return caps and limits of tiers.")
    return Facts(
        entity=entity,
        on=structure.on,
        parties=frozenset(structure.parties) | frozenset(structure.entities),
        positions=positions,
        earlier=Earlier(received, _on_days(paid), structure.on),
        currency=stated,
        open_positions=tuple(open_positions),
        open_words=tuple(open_words),
        because=because,
        assumptions=tuple(dict.fromkeys(assumptions)),
        options=options.counted,
        waiting=options.waiting,
        forced=forced,
        papers=papers,
    )


def _is_overtaken(sentence: str, entity: str, forced: frozenset[str]) -> bool:
    """Return whether a sentence says that a class is not taken as converted that here must convert."""
    return sentence.endswith("that is not taken to have happened.") and any(
        sentence.startswith(f"{entity}.{class_id} converts on ") for class_id in forced
    )


def _tells_of(sentence: str, ids: frozenset[str]) -> bool:
    """Return whether a sentence says that one of the instruments is not counted."""
    name = sentence.removesuffix(" is not counted in payouts.")
    return name != sentence and any(name.endswith(f" {each}") for each in ids)


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


def _term_notes(entity: Entity, positions: Positions, forced: frozenset[str]) -> list[str]:
    """Return what is assumed of terms that do not take effect by themselves."""
    notes: list[str] = []
    for class_id in positions.by_class:
        share_class = entity.classes.get(class_id)
        stays = share_class is not None and class_id not in forced and not entity.distribution
        if share_class is not None and stays and share_class.conversion:
            notes.append(f"{class_id} is taken as not converted: it converts {share_class.conversion}.")
    return notes


def _by_classes(facts: Facts, ahead: Ahead, raised: Raised) -> Built | Refusal:
    claims = claims_of(
        facts.entity, facts.positions, facts.earlier.received, raised, facts.on, facts.options, facts.forced
    )
    if isinstance(claims, Refusal):
        return claims
    held, tiers, assumptions = claims.held, claims.tiers, list(claims.assumptions)
    game: Game | None = None
    if facts.papers.counted:
        added = with_papers(
            [each.claim for each in held],
            tiers,
            [facts.entity.classes.get(each.claim.class_id) or _plain(each.claim.class_id) for each in held],
            facts.papers,
            _outstanding(facts),
        )
        papers = [
            Held(claim, ((paper.holder, ONE),), None, paper.kind, paper.id, paper.basis)
            for paper, claim in zip(facts.papers.counted, added.claims[len(held) :], strict=True)
        ]
        held = (*(each._replace(claim=claim) for each, claim in zip(held, added.claims, strict=False)), *papers)
        tiers, game = added.tiers, added.game
        assumptions += added.assumptions
    paid: Sweep | Liquidity
    if game is None:
        swept = paid = sweep([each.claim for each in held], tiers)
        takes, excesses, unallocated, happened = swept.takes, swept.excesses, swept.unallocated, swept.events
    elif game.combinations() > MOST_COMBINATIONS:
        return Refusal(
            "too many choices",
            f"{game.combinations()} combinations of who converts are more than the {MOST_COMBINATIONS} that are tried",
            facts.papers.counted[0].basis,
            "record a round in which some of the SAFEs convert",
        )
    else:
        paid = equilibria_by_proceeds(game)
        gap = paid.gap()
        if gap is not None:
            return Refusal(
                "no equilibrium",
                f"from {money_words(Money(gap, facts.currency))} on, whatever the holders choose, one would gain by "
                "choosing otherwise",
                facts.papers.counted[0].basis,
                "state in the records who converts",
            )
        takes = tuple(paid.take(number) for number in range(len(held)))
        excesses = tuple(paid.excess(number) for number in range(len(held)))
        unallocated, happened = paid.unallocated(), tuple(paid.events())
        assumptions.append(
            "Shares hang on who converts: the equilibrium in which most convert is taken."
            if paid.greatest
            else "Shares hang on who converts: the equilibrium in which most convert is taken; it does not always have "
            "the conversions of every other."
        )
    columns = [
        Column(each.kind, each.claim.class_id, each.holders, take, each.instrument)
        for each, take in zip(held, takes, strict=True)
    ]
    for each, over in zip(held, excesses, strict=True):
        if each.beneficiary is not None:
            columns.append(Column("excess", each.claim.class_id, ((each.beneficiary, ONE),), over))
    columns.append(Column("unallocated", None, (), unallocated))
    events = [(x, cause_of(facts.entity, held, event)) for x, event in happened]
    pooled = list(dict.fromkeys(each.claim.pool for each in held if each.claim.pool is not None))
    if pooled:
        assumptions.append(
            f"The return caps of all pooled classes of {', '.join(pooled)} are one cap: when it is reached, each class "
            "keeps what it had then."
        )
    if any(each.claim.return_cap is not None and len(each.claim.forms) > 1 for each in held):
        assumptions.append("A return cap binds a holder whether or not it converts.")
    return _assemble(facts, ahead, columns, events, held, paid, assumptions, ())


def _plain(class_id: str) -> ShareClass:
    return ShareClass(id=class_id, title=class_id)


def _outstanding(facts: Facts) -> Fraction:
    """Return the common-equivalent shares under options, vested or not."""
    total = ZERO
    usable = [(option.class_id, option.outstanding) for option in facts.options]
    for class_id, shares in (*usable, *facts.waiting):
        chain = conversion_chain(facts.entity, class_id)
        ratio = ONE if isinstance(chain, Refusal) or not chain else chain[-1][1]
        total += shares * ratio
    return total


def _by_distribution(facts: Facts, ahead: Ahead, raised: Raised) -> Built | Refusal:
    entity = facts.entity
    stakes = stakes_of(entity, facts.positions, facts.currency, raised)
    outcome = distribute(entity.distribution, stakes, facts.parties, facts.earlier)
    if isinstance(outcome, Refusal):
        return outcome
    assumptions = [*outcome.assumptions]
    contradictions = [
        *outcome.contradictions,
        *broken_caps(entity, stakes, outcome.columns, facts.earlier.received, facts.currency),
    ]
    if any(has_preference(share_class) for share_class in entity.classes.values()):
        claims = claims_of(entity, facts.positions, facts.earlier.received, raised, facts.on)
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
    paid: Sweep | Liquidity | None,
    assumptions: Sequence[str],
    contradictions: Sequence[Refusal],
) -> Built:
    """Put costs before what the owners get, and keep the events at which a column bends."""
    merged = [*ahead.columns, *(each._replace(amount=compose(each.amount, ahead.remaining)) for each in columns)]
    bends = {x for column in merged for x, _ in column.amount.knots if x}
    untouched = ahead.remaining == proportional(ONE)
    causes: dict[Fraction, list[Cause]] = {}
    for x, cause in ahead.events:
        causes.setdefault(x, []).append(cause)
    for y, cause in events:
        for met in [y] if untouched else reaches(ahead.remaining, y):
            causes.setdefault(met, []).append(cause)
    breakpoints = tuple(Breakpoint(x, tuple(dict.fromkeys(causes[x]))) for x in sorted(bends & set(causes)))
    curve = Curve(entity=facts.entity.id, currency=facts.currency, columns=tuple(merged), breakpoints=breakpoints)
    return Built(
        curve=curve,
        held=held,
        swept=paid if isinstance(paid, Sweep) else None,
        liquidity=paid if isinstance(paid, Liquidity) else None,
        remaining=ahead.remaining,
        assumptions=tuple(dict.fromkeys([*ahead.assumptions, *assumptions])),
        contradictions=tuple(contradictions),
    )


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
