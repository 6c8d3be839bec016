"""Where a book records otherwise than a round's terms come to: the price, the shares issued, the money paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.accounts import World
from muniment.book.entity_fold import basis_of
from muniment.book.structure import Basis
from muniment.model.dates import earliest
from muniment.model.values import ClassQuantity, Money, Quantity
from muniment.payout.faults import Refusal
from muniment.payout.rounds.asked import UNNAMED, AskedRound
from muniment.payout.rounds.round_terms import ZERO
from muniment.payout.rounds.solution import Solution


class IssuedUnder(NamedTuple):
    """One line of an `issue` record that names a round.

    Attributes:
        shares: Of the class, not converted.
        paid: None if not stated exactly.
        on: The first day that the record may be of.
    """

    party: str
    class_id: str
    shares: Fraction
    paid: Money | None
    on: date | None
    basis: Basis


def lines_under(world: World, entity: str, round_id: str) -> tuple[IssuedUnder, ...]:
    """Return the lines of `issue` records of an entity under a round, in order of date and file."""
    found: list[IssuedUnder] = []
    for record in world.book.records_of("issue") if round_id else ():
        if record.name != entity or not world.exists(record) or record.value("under"):
            continue
        if record.value("round") != round_id:
            continue
        for fact in record.facts:
            statement = world.resolve(record, fact).statement
            value = statement.value if statement is not None else None
            if statement is None or not isinstance(value, ClassQuantity):
                continue
            if isinstance(value.quantity, Quantity) and not value.quantity.unit:
                found.append(
                    IssuedUnder(
                        party=fact.label,
                        class_id=value.of.rpartition(".")[2],
                        shares=value.quantity.amount,
                        paid=value.paid if isinstance(value.paid, Money) else None,
                        on=earliest(record.date),
                        basis=basis_of(record, fact, statement),
                    )
                )
    return tuple(found)


class _Due(NamedTuple):
    """What a party gets: common-equivalent shares in so many amounts, what it pays, and what it converts."""

    shares: Fraction
    amounts: int
    money: Fraction
    converts: bool


def contradictions(
    world: World, asked: AskedRound, solution: Solution, ratios: Mapping[str, Fraction]
) -> tuple[Refusal, ...]:
    """Return where the price, the shares or the money that the book records differ from what the terms come to.

    Closings after the last day on which shares were issued under the round are taken as still to come. Where no way of
    rounding is recorded, whole shares may differ from exact ones by less than one for each amount.

    Args:
        world: The book in one account.
        asked: The round, as recorded.
        solution: What its terms come to.
        ratios: Common-equivalent shares of one share of each class.
    """
    place = {each.words.partition(":")[0]: each for each in asked.basis}
    found: list[Refusal] = []
    if asked.stated_price is not None and asked.stated_price != solution.price:
        found.append(
            Refusal(
                "price",
                f"the price per share is stated as {shown(asked.stated_price)}, and comes to {shown(solution.price)}",
                place.get("price per share"),
                "correct one figure, or record how the price rounds",
            )
        )
    lines = lines_under(world, asked.entity, asked.round_id)
    if not lines:
        return tuple(found)
    due = _due(asked, solution, lines)
    if any(party.startswith(UNNAMED) for party in due):
        everybody = due.values()
        due = {
            "": _Due(
                sum((each.shares for each in everybody), ZERO),
                sum(each.amounts for each in everybody),
                sum((each.money for each in everybody), ZERO),
                any(each.converts for each in everybody),
            )
        }
        lines = tuple(each._replace(party="") for each in lines)
    for party in sorted(due.keys() | {each.party for each in lines}):
        own = [each for each in lines if each.party == party]
        here = own[0].basis if own else place.get("issuer")
        issued = sum((each.shares * ratios.get(each.class_id, Fraction(1)) for each in own), ZERO)
        expected = due.get(party, _Due(ZERO, 0, ZERO, converts=False))
        differs = (
            issued != expected.shares if solution.rounded else abs(issued - expected.shares) >= max(expected.amounts, 1)
        )
        if differs:
            message = _shares_message(party, expected.shares, issued)
            found.append(Refusal("shares", message, here, "correct one of them, or record how shares round"))
        if own and expected.money and not expected.converts:
            money = _money(party, expected.money, own, asked.currency, here)
            found += [] if money is None else [money]
    return tuple(found)


def _due(asked: AskedRound, solution: Solution, lines: Sequence[IssuedUnder]) -> dict[str, _Due]:
    last = max((each.on for each in lines if each.on is not None), default=date.max)
    due: dict[str, _Due] = {}
    for converted in solution.converted:
        had = due.get(converted.holder, _Due(ZERO, 0, ZERO, converts=False))
        due[converted.holder] = had._replace(
            shares=had.shares + converted.shares, amounts=had.amounts + 1, converts=True
        )
    for bought in solution.bought:
        day = asked.closings[bought.closing - 1] if bought.closing <= len(asked.closings) else None
        if day is not None and day > last:
            continue
        had = due.get(bought.investor, _Due(ZERO, 0, ZERO, converts=False))
        due[bought.investor] = had._replace(
            shares=had.shares + bought.shares, amounts=had.amounts + 1, money=had.money + bought.money
        )
    return due


def _shares_message(party: str, due: Fraction, issued: Fraction) -> str:
    who = party or "the buyers and those who convert"
    if not issued:
        return f"the terms give {who} {shown(due)} shares, and none are issued to it in the round"
    if not due:
        return f"{shown(issued)} shares are issued to {who} in the round, which neither buys nor converts in it"
    return f"the terms give {who} {shown(due)} shares, and {shown(issued)} are issued in the round"


def _money(party: str, due: Fraction, own: Sequence[IssuedUnder], currency: str, here: Basis | None) -> Refusal | None:
    amounts = [each.paid for each in own]
    if any(each is None or each.currency != currency for each in amounts):
        return None
    paid = sum((each.amount for each in amounts if each is not None), ZERO)
    if paid == due:
        return None
    who = party or "the buyers"
    verb = "pay" if not party else "pays"
    message = (
        f"by the terms {who} {verb} {currency} {shown(due)}, and the shares are issued for {currency} {shown(paid)}"
    )
    return Refusal("money", message, here, "correct one of the two amounts")


def shown(number: Fraction) -> str:
    """Return a number in decimals: exact where it has at most ten, else cut there with an ellipsis."""
    scaled = number * 10**10
    if scaled.denominator == 1:
        whole, rest = divmod(scaled.numerator, 10**10)
        return f"{whole:,}" + (f".{rest:010d}".rstrip("0") if rest else "")
    whole, rest = divmod(int(scaled), 10**10)
    return f"{whole:,}.{rest:010d}…"
