"""Structures built by hand, as the loader would build them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.structure import Basis, Cost, Entity, Holding, Paid, Party, Rank, ShareClass, Structure, Tier
from muniment.model.values import Bounded, Money
from muniment.text.spans import Span

SPAN = Span("book.muni", 1, 1, 2)


def usd(amount: int | str | Fraction) -> Money:
    return Money(Fraction(amount), "USD")


def basis(words: str) -> Basis:
    return Basis("record", words, SPAN)


def share_class(class_id: str, **terms: Any) -> ShareClass:
    labels = {
        "preference": "liquidation preference",
        "participation": "participation",
        "return_cap": "return cap",
        "converts_into": "converts",
        "ranks": "ranks",
        "original_issue_price": "original issue price",
    }
    found = {label: basis(f"{class_id} {label}") for term, label in labels.items() if term in terms}
    return ShareClass(id=class_id, title=class_id, basis={"": basis(class_id), **found}, **terms)


def ahead(*classes: str) -> tuple[Rank, ...]:
    return (Rank(ahead=True, classes=classes),)


def beside(*classes: str) -> tuple[Rank, ...]:
    return (Rank(ahead=False, classes=classes),)


def held(party: str, class_id: str, quantity: Any, paid: Money | None = None, of: str | None = None) -> Holding:
    number = quantity if isinstance(quantity, Bounded) else Fraction(quantity)
    return Holding(
        party=party,
        entity="e",
        class_id=class_id,
        quantity=number,
        of=of,
        paid=paid,
        basis=(basis(f"{party}: {class_id}"),),
    )


def structure(
    classes: Iterable[ShareClass],
    holdings: Iterable[Holding],
    *,
    tiers: Iterable[Tier] = (),
    costs: Iterable[Cost] = (),
    paid: Iterable[Paid] = (),
    others: Iterable[str] = (),
    kind: str = "company",
) -> Structure:
    holdings = tuple(holdings)
    names = dict.fromkeys([*(each.party for each in holdings), *others])
    parties: Mapping[str, Party] = {name: Party(id=name, kind="person", title=name) for name in names}
    entity = Entity(
        id="e",
        kind=kind,
        title="E",
        classes={each.id: each for each in classes},
        distribution=tuple(tiers),
        costs=tuple(costs),
        basis={"": basis("company e")},
    )
    return Structure(
        on=date(2021, 4, 1),
        account="keeper",
        under=None,
        parties=parties,
        entities={"e": entity},
        holdings={"e": holdings},
        paid=tuple(paid),
    )


def tier(number: int, text: str, *split: tuple[str, str], until: Any = None) -> Tier:
    return Tier(
        number=number,
        split=tuple((Fraction(share), name) for share, name in split),
        until=until,
        text=text,
        basis=basis(f"tier {number}"),
    )


def paid_before(party: str, amount: int, as_: str = "distribution") -> Paid:
    return Paid(by="e", to=party, amount=usd(amount), as_=as_, basis=basis(f"pay {party}"))


def acme() -> Structure:
    return structure(
        [
            share_class("common", votes=Fraction(1), authorized=10_000_000),
            share_class(
                "series-a",
                authorized=4_000_000,
                original_issue_price=usd("1.5"),
                preference=Fraction(1),
                participation="none",
                ranks=ahead("common"),
                converts_into=(Fraction(1), "common"),
            ),
        ],
        [
            held("ada", "common", 4_000_000),
            held("birch-ventures", "series-a", 2_000_000, usd(3_000_000)),
            held("grace", "common", 2_000_000),
        ],
    )


def lighthouse() -> Structure:
    return structure(
        [share_class("first-round", return_cap=Fraction(100), excess_to="lighthouse-foundation")],
        [
            held("elm", "first-round", 4_000_000, usd(4_000_000)),
            held("oak", "first-round", 6_000_000, usd(6_000_000)),
        ],
        tiers=[
            tier(
                1,
                "all to first-round until 100x contributed",
                ("1", "first-round"),
                until=("contributed", Fraction(100)),
            ),
            tier(2, "all to lighthouse-foundation", ("1", "lighthouse-foundation")),
        ],
        others=["lighthouse-foundation"],
        kind="partnership",
    )


def without_distribution(given: Structure) -> Structure:
    entity = replace(given.entities["e"], distribution=())
    return replace(given, entities={"e": entity})
