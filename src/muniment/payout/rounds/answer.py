"""What a round comes to, holder by holder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.accounts import World
from muniment.book.structure import Basis, Structure
from muniment.payout.faults import Refusal
from muniment.payout.rounding import share_out
from muniment.payout.rounds.asked import ON_TOP, OUT_OF, AskedRound
from muniment.payout.rounds.certify import faults_of
from muniment.payout.rounds.pro_rata import Rights, Taken, pro_rata_faults, take_pro_rata
from muniment.payout.rounds.reading import Before, read_round
from muniment.payout.rounds.recorded import contradictions, shown
from muniment.payout.rounds.round_terms import ZERO, RoundTerms, Way
from muniment.payout.rounds.settle import settle
from muniment.payout.rounds.solution import Converted, NoSolution, Solution
from muniment.payout.rounds.solve import solve_round


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """What one party has of one thing before and after the round, in common-equivalent shares.

    Attributes:
        of: A class, or the id of a grant, option, SAFE, note or plan.
        kind: ``held``, ``options``, ``pool``, ``promised``, ``converted`` or ``bought``.
        part_before, part_after: Of all shares, 0 to 1.
        money: What is paid in the round, or what converts; None elsewhere.
    """

    party: str
    of: str
    kind: str
    before: Fraction
    part_before: Fraction
    after: Fraction
    part_after: Fraction
    money: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOutcome:
    """One solution with its rows.

    Attributes:
        after_each_closing: For each closing, the part of all shares by then that the buyers so far have bought.
    """

    solution: Solution
    rows: tuple[RoundRow, ...]
    after_each_closing: tuple[tuple[date | None, Fraction], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAnswer:
    """What a round comes to.

    Attributes:
        outcomes: One; several where several prices satisfy the terms; none where none does or the book leaves it open.
        exact: The price before rounding; None where nothing is rounded or there is no single one.
        circular: Rounding runs in a circle of the outcomes and does not settle.
        contradictions: What the book records otherwise; of several outcomes, than the one nearest to the records.
        refusals: Why there is no outcome.
    """

    entity: str
    round_id: str
    on: date
    currency: str
    outcomes: tuple[RoundOutcome, ...] = ()
    exact: Fraction | None = None
    circular: bool = False
    contradictions: tuple[Refusal, ...] = ()
    assumptions: tuple[str, ...] = ()
    because: tuple[Basis, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain values; numbers are exact strings such as ``"64/5"``."""
        return {
            "entity": self.entity,
            "round": self.round_id or None,
            "currency": self.currency,
            "settled": bool(self.outcomes) and not self.circular and len(self.outcomes) == 1,
            "exact_price": None if self.exact is None else str(self.exact),
            "solutions": [_outcome_json(each) for each in self.outcomes],
            "rows": [
                {
                    "solution": number,
                    "party": row.party,
                    "of": row.of,
                    "kind": row.kind,
                    "before": str(row.before),
                    "part_before": str(row.part_before),
                    "after": str(row.after),
                    "part_after": str(row.part_after),
                    "money": None if row.money is None else str(row.money),
                }
                for number, outcome in enumerate(self.outcomes, 1)
                for row in outcome.rows
            ],
            "contradictions": [_refusal_json(each) for each in self.contradictions],
            "refusals": [_refusal_json(each) for each in self.refusals],
        }


def compute_round(
    world: World, structure: Structure, asked: AskedRound, day_counts: Mapping[str, str] | None = None
) -> RoundAnswer:
    """Return what a round comes to.

    Args:
        world: The book in one account.
        structure: On the day of the round.
        asked: The round.
        day_counts: The day count to take for each note that states none.
    """
    read = read_round(world, structure, asked, day_counts or {})
    if isinstance(read, Refusal):
        return _refused(structure, asked, read)
    notes = [*structure.assumptions, *read.notes]
    terms = read.terms
    try:
        found = solve_round(terms)
        pairs = tuple(Taken(terms, each) for each in found.each)
        if asked.pro_rata and found.each:
            taken = _parts_taken(terms, found.each, read.before, asked, notes)
            if isinstance(taken, Refusal):
                return _refused(structure, asked, taken)
            pairs = taken
        exact = pairs
        circular = False
        if asked.rounding is not None:
            settled = [(each.terms, settle(each.terms, asked.rounding, each.solution)) for each in exact]
            pairs = tuple(dict.fromkeys(Taken(own, each) for own, one in settled for each in one.each))
            circular = any(one.circular for _, one in settled)
    except ValueError as fault:
        return _refused(structure, asked, Refusal("not a round", str(fault), read.basis[0] if read.basis else None))
    if found.none is not None:
        refusal = Refusal(found.none.kind, found.none.message, read.basis[0] if read.basis else None)
        return _refused(structure, asked, refusal)
    if found.above:
        notes.append(f"Prices below {shown(found.above)} {asked.currency} a share were not looked at.")
    if asked.rounding is None:
        notes.append("No convention of rounding is recorded: prices and shares are exact.")
    wrong = [fault for own, each in pairs if not circular for fault in faults_of(own, each, asked.rounding)]
    if wrong:
        raise AssertionError(f"the solution of {asked.round_id or asked.entity} does not hold: {wrong[0]}")
    outcomes = tuple(_outcome(own, read.before, asked, each) for own, each in pairs)
    return RoundAnswer(
        entity=asked.entity,
        round_id=asked.round_id,
        on=structure.on,
        currency=asked.currency,
        outcomes=outcomes,
        exact=exact[0].solution.price if asked.rounding is not None and len(exact) == 1 else None,
        circular=circular,
        contradictions=() if circular else _contradicted(world, asked, outcomes, read.before),
        assumptions=tuple(dict.fromkeys(notes)),
        because=read.basis,
    )


def _parts_taken(
    terms: RoundTerms, solutions: tuple[Solution, ...], before: Before, asked: AskedRound, notes: list[str]
) -> tuple[Taken, ...] | Refusal:
    """Return the round with the parts taken pro rata; what is assumed is added to `notes`."""
    place = next((each for each in asked.basis if each.words.startswith("pro rata")), None)
    if asked.on_top is None:
        return Refusal(
            "open term",
            "it is not said whether what is taken pro rata comes out of the new money or on top of it",
            place,
            f"add 'pro rata money: {OUT_OF}' or 'pro rata money: {ON_TOP}'",
        )
    held: dict[str, Fraction] = {}
    for party, _, kind, shares in before.holders:
        if kind == "held":
            held[party] = held.get(party, ZERO) + shares
    rights = Rights(tuple(dict.fromkeys(asked.pro_rata)), held, asked.on_top)
    where = f"{ON_TOP}, of which it is that part then" if asked.on_top else f"{OUT_OF}, the others giving way"
    notes.append(
        "A part pro rata is what the holder has before the new money, its conversions counted, of all shares before "
        "the new money, options and what was left of the pool among them; what the round adds to the pool, and by "
        f"anti-dilution, is not counted; it is taken in full, {where}."
    )
    if asked.on_top and terms.price.by == "post-money":
        notes.append("The post-money is taken to count what is bought pro rata on top of the new money.")
    taken = take_pro_rata(terms, solutions, rights)
    if isinstance(taken, NoSolution):
        return Refusal(taken.kind, taken.message, place)
    wrong = [fault for each in taken for fault in pro_rata_faults(terms, each, rights)]
    if wrong:
        raise AssertionError(f"the parts taken in {asked.round_id or asked.entity} do not hold: {wrong[0]}")
    return taken


def _refused(structure: Structure, asked: AskedRound, refusal: Refusal) -> RoundAnswer:
    return RoundAnswer(
        entity=asked.entity,
        round_id=asked.round_id,
        on=structure.on,
        currency=asked.currency,
        assumptions=structure.assumptions,
        because=(refusal.basis,) if refusal.basis is not None else asked.basis,
        refusals=(refusal,),
    )


def _outcome(terms: RoundTerms, before: Before, asked: AskedRound, solution: Solution) -> RoundOutcome:
    rows: list[RoundRow] = []
    old, total = terms.existing, solution.total

    def add(party: str, of: str, kind: str, had: Fraction, has: Fraction, money: Fraction | None = None) -> None:
        rows.append(
            RoundRow(
                party=party,
                of=of,
                kind=kind,
                before=had,
                part_before=had / old,
                after=has,
                part_after=has / total,
                money=money,
            )
        )

    added = _added_to_holders(before, solution)
    pools = [each for each in before.holders if each[2] == "pool"]
    for index, (party, of, kind, shares) in enumerate(before.holders):
        if kind != "pool":
            add(party, of, kind, shares, shares + added.get(index, ZERO))
    for party, of, kind, shares in pools:
        grows = solution.pool_increase if len(pools) == 1 else ZERO
        add(party, of, kind, shares, shares + grows)
    if len(pools) != 1 and solution.pool_increase:
        add("pool", "increase", "pool", ZERO, solution.pool_increase)
    if terms.promised:
        add("promised options", "", "promised", terms.promised, terms.promised)
    for each in solution.converted:
        add(each.holder, each.id, "converted", ZERO, each.shares, each.amount)
    for bought in solution.bought:
        new = asked.class_id or "new shares"
        new += f", closing {bought.closing}" if len(asked.closings) > 1 else ""
        add(bought.investor, new, "bought", ZERO, bought.shares, bought.money)
    closings: list[tuple[date | None, Fraction]] = []
    for number, day in enumerate(asked.closings, 1):
        so_far = sum((each.shares for each in solution.bought if each.closing <= number), ZERO)
        later = sum((each.shares for each in solution.bought if each.closing > number), ZERO)
        closings.append((day, so_far / (total - later)))
    return RoundOutcome(solution=solution, rows=tuple(rows), after_each_closing=tuple(closings))


def _added_to_holders(before: Before, solution: Solution) -> dict[int, Fraction]:
    """Return what anti-dilution adds to each row of holders; whole shares are divided by largest remainder."""
    found: dict[int, Fraction] = {}
    for adjusted in solution.adjusted:
        of_class = [
            (i, each) for i, each in enumerate(before.holders) if each[1] == adjusted.class_id and each[2] == "held"
        ]
        whole = sum((each[3] for _, each in of_class), ZERO)
        if not whole or not adjusted.added:
            continue
        exact = [(str(i), adjusted.added * each[3] / whole) for i, each in of_class]
        shares = [amount for _, amount in exact]
        if solution.rounded:
            shares = [Fraction(each) for each in share_out(exact, int(adjusted.added))]
        found |= {index: share for (index, _), share in zip(of_class, shares, strict=True)}
    return found


def _contradicted(
    world: World, asked: AskedRound, outcomes: tuple[RoundOutcome, ...], before: Before
) -> tuple[Refusal, ...]:
    """Return what the book records otherwise; nothing where one of several outcomes is as it is recorded."""
    found = [contradictions(world, asked, each.solution, before.ratios) for each in outcomes]
    return min(found, key=len, default=())


def way_words(way: Way) -> str:
    """Return the way an instrument took, in words."""
    words = {
        "cap": "cap",
        "percent": "part of the capitalization",
        "fixed": "fixed number of shares",
        "discount": "discount" if way.value else "price of the round",
    }[way.kind]
    return f"{words} of {way.of}" if way.of else words


def _refusal_json(refusal: Refusal) -> dict[str, Any]:
    return {
        "kind": refusal.kind,
        "message": refusal.message,
        "hint": refusal.hint,
        "at": None if refusal.basis is None else str(refusal.basis.span),
    }


def _converted_json(each: Converted) -> dict[str, Any]:
    return {
        "instrument": each.id,
        "holder": each.holder,
        "amount": str(each.amount),
        "way": way_words(each.way),
        "price": str(each.price),
        "shares": str(each.shares),
    }


def _outcome_json(outcome: RoundOutcome) -> dict[str, Any]:
    found = outcome.solution
    return {
        "price": str(found.price),
        "tolerance": str(found.tolerance),
        "rounded": found.rounded,
        "pre_money": str(found.pre_money),
        "post_money": str(found.post_money),
        "pre_money_shares": str(found.pre_money_shares),
        "total_shares": str(found.total),
        "pool_increase": str(found.pool_increase),
        "pool": str(found.unissued),
        "conversions": [_converted_json(each) for each in found.converted],
        "adjustments": [
            {
                "class": each.class_id,
                "conversion_price_before": str(each.before),
                "conversion_price_after": str(each.after),
                "factor": str(each.factor),
                "shares_added": str(each.added),
            }
            for each in found.adjusted
        ],
        "closings": [
            {"closing": number, "on": None if day is None else day.isoformat(), "bought_so_far": str(part)}
            for number, (day, part) in enumerate(outcome.after_each_closing, 1)
        ],
    }
