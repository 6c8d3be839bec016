"""What is asked of a round: the terms of a `round` record, or those of a round that is only thought of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.accounts import World
from muniment.book.entity_fold import OF_THE_RECORD, basis_of
from muniment.book.structure import Basis, OpenFact
from muniment.model.records import Record
from muniment.model.round_words import COUNTED, RoundingTerms
from muniment.model.values import Bounded, Money, Quantity
from muniment.payout.faults import Refusal
from muniment.payout.rounds.round_terms import PRE_MONEY, Counts, PoolTarget, Price, Purchase, Rounding

UNNAMED = "new investors"
"""Who buys where nobody is named."""
ON_TOP = "on top of the new money"
OUT_OF = "out of the new money"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRound:
    """A round as it is asked about.

    Attributes:
        entity: The issuer.
        round_id: Id of the record; empty for a round that is only thought of.
        class_id: The class that is issued; empty if not named.
        currency: Of every amount.
        purchases: Who buys, before anyone takes a part pro rata.
        closings: The day of each closing; None where it is not said.
        pro_rata: Who takes its part.
        on_top: The parts taken pro rata come on top of the new money (True) or out of it (False); None if not said.
        converts: Which SAFEs and notes convert; None = all that are outstanding.
        rounding: None = nothing is rounded.
        stated_price: A price that is stated beside the pre-money, to be compared; None if there is none.
    """

    entity: str
    round_id: str = ""
    class_id: str = ""
    currency: str
    price: Price
    purchases: tuple[Purchase, ...]
    closings: tuple[date | None, ...] = (None,)
    pro_rata: tuple[str, ...] = ()
    on_top: bool | None = None
    converts: tuple[str, ...] | None = None
    pool: PoolTarget | None = None
    pre_money_counts: Counts = PRE_MONEY
    promised: Fraction = Fraction(0)
    rounding: Rounding | None = None
    stated_price: Fraction | None = None
    basis: tuple[Basis, ...] = ()
    notes: tuple[str, ...] = field(default=())


def stated(world: World, record: Record) -> tuple[dict[str, list[tuple[Any, Basis]]], list[OpenFact]]:
    """Return what a record says in an account, by label, and the facts that the account leaves open."""
    found: dict[str, list[tuple[Any, Basis]]] = {}
    left_open: list[OpenFact] = []
    for fact in record.facts:
        if fact.label in OF_THE_RECORD:
            continue
        resolution = world.resolve(record, fact)
        statement = resolution.statement
        if statement is None:
            readings = tuple(s.text if i in resolution.choices else "" for i, s in enumerate(fact.statements))
            left_open.append(
                OpenFact(
                    address=f"{record.address} {fact.address}",
                    readings=readings,
                    entity=record.value("issuer") or "",
                    basis=basis_of(record, fact, fact.statements[0]),
                )
            )
        elif statement.value is not None:
            found.setdefault(fact.label, []).append((statement.value, basis_of(record, fact, statement)))
    return found, left_open


def counts_of(words: Sequence[str]) -> Counts:
    """Return what a list of `COUNTED` words counts."""
    return Counts(*(word in words for word in COUNTED))


def asked_of_record(world: World, record: Record) -> AskedRound | Refusal:
    """Return what a `round` record asks, or why it cannot be computed."""
    said, left_open = stated(world, record)
    here = Basis(record.address, record.title or f"round {record.name}", record.name_span)
    if left_open:
        fact = left_open[0]
        return Refusal(
            "open fact",
            f"{fact.address} is disputed, and the account does not say which statement holds",
            fact.basis,
            "ask one account with --account, or write 'prefer'",
        )
    one = {label: values[0][0] for label, values in said.items()}
    basis = tuple(place for values in said.values() for _, place in values)
    if not isinstance(one.get("issuer"), str):
        return Refusal("no issuer", f"{record.address} does not say who issues the shares", here, "add 'issuer: ...'")
    money: dict[str, Money] = {}
    for label in ("price per share", "pre-money", "post-money", "new money"):
        value = one.get(label)
        if isinstance(value, Bounded):
            place = said[label][0][1]
            return Refusal(
                "not exact", f"the {label} of {record.address} is not stated exactly", place, "ask a what-if"
            )
        if isinstance(value, Money):
            money[label] = value
    if len({each.currency for each in money.values()} | {p.money.currency for p, _ in said.get("sold to", ())}) > 1:
        return Refusal("mixed currencies", f"{record.address} has amounts in several currencies", here, None)
    price = _price(record, money, here)
    if isinstance(price, Refusal):
        return price
    bought = _purchases(record, said, money, here)
    if isinstance(bought, Refusal):
        return bought
    purchases, closings = bought
    pool = _pool(one, said, record)
    if isinstance(pool, Refusal):
        return pool
    if "shares round" in one and one["shares round"].places:
        place = said["shares round"][0][1]
        return Refusal("not whole", f"the shares of {record.address} are to become whole", place, "write 'down'")
    counts = counts_of(one["pre-money counts"]) if "pre-money counts" in one else PRE_MONEY
    if one.get("pool increase") == "after the money":
        counts = counts._replace(pool_increase=False)
    return AskedRound(
        entity=one["issuer"],
        round_id=record.address,
        class_id=(one.get("class") or "").rpartition(".")[2],
        currency=next(iter(money.values())).currency,
        price=price,
        purchases=purchases,
        closings=closings,
        pro_rata=tuple(one.get("pro rata") or ()),
        on_top=None if "pro rata money" not in one else one["pro rata money"] == ON_TOP,
        converts=tuple(one.get("converts") or ()),
        pool=pool,
        pre_money_counts=counts,
        promised=Fraction(one.get("promised options") or 0),
        rounding=_rounding(one),
        stated_price=money["price per share"].amount if "price per share" in money and price.by != "share" else None,
        basis=basis or (here,),
    )


def _price(record: Record, money: Mapping[str, Money], here: Basis) -> Price | Refusal:
    both = [label for label in ("pre-money", "post-money") if label in money]
    if len(both) == 2:
        if "new money" in money and money["pre-money"].amount + money["new money"].amount != money["post-money"].amount:
            return Refusal(
                "does not follow",
                f"the pre-money and the new money of {record.address} do not come to its post-money",
                here,
                "correct one of the three",
            )
        return Price("pre-money", money["pre-money"].amount)
    for label, by in (("pre-money", "pre-money"), ("post-money", "post-money"), ("price per share", "share")):
        if label in money:
            return Price(by, money[label].amount)  # type: ignore[arg-type]
    return Refusal(
        "no price",
        f"{record.address} states neither a pre-money nor a price per share",
        here,
        "add 'pre-money: USD 9,000,000', 'post-money: ...' or 'price per share: ...'",
    )


def _purchases(
    record: Record, said: Mapping[str, list[tuple[Any, Basis]]], money: Mapping[str, Money], here: Basis
) -> tuple[tuple[Purchase, ...], tuple[date | None, ...]] | Refusal:
    lines = [value for value, _ in said.get("sold to", ())]
    days = tuple(sorted({line.closing for line in lines if line.closing is not None}))
    closings: tuple[date | None, ...] = days or (None,)
    purchases = [
        Purchase(line.investor, line.money.amount, closings.index(line.closing) + 1 if line.closing is not None else 1)
        for line in lines
    ]
    sold = sum((each.money for each in purchases), Fraction(0))
    if "new money" in money:
        left = money["new money"].amount - sold
        if left < 0:
            return Refusal(
                "does not follow",
                f"{record.address} is sold for more than its new money",
                said["sold to"][0][1],
                "correct 'new money' or one of the lines 'sold to'",
            )
        if left:
            purchases.append(Purchase(UNNAMED, left))
    if not purchases:
        return Refusal(
            "no new money", f"{record.address} does not say how much is paid in", here, "add 'new money: USD 3,000,000'"
        )
    return tuple(purchases), closings


def _pool(
    one: Mapping[str, Any], said: Mapping[str, list[tuple[Any, Basis]]], record: Record
) -> PoolTarget | Refusal | None:
    after = one.get("pool after")
    if after is None:
        return None
    if not isinstance(after, Quantity) or not 0 <= after.amount < 1:
        return Refusal(
            "not exact",
            f"the pool after {record.address} is not an exact part below 100%",
            said["pool after"][0][1],
            "write it as in '10%'",
        )
    return PoolTarget(after.amount, one.get("pool measure") or "unissued")


def _rounding(one: Mapping[str, Any]) -> Rounding | None:
    return rounding_of(one.get("price rounds"), one.get("conversion prices round"), one.get("shares round"))


def rounding_of(
    price: RoundingTerms | None, conversion: RoundingTerms | None, shares: RoundingTerms | None
) -> Rounding | None:
    """Return the conventions that are stated; None where none is.

    Conversion prices follow the price of the round where nothing is said of them, and shares are rounded down.
    """
    if price is None and conversion is None and shares is None:
        return None
    conversion = conversion or price
    return Rounding(
        price_places=None if price is None else price.places,
        price_mode="up" if price is None else price.mode,
        conversion_places=None if conversion is None else conversion.places,
        conversion_mode="up" if conversion is None else conversion.mode,
        shares="down" if shares is None else shares.mode,
    )
