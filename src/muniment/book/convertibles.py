"""SAFEs and notes that are outstanding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from muniment.book.entity_fold import OF_THE_RECORD, basis_of, basis_of_record
from muniment.book.selecting import Choices, Selector
from muniment.book.structure import Basis, Convertible, Entity
from muniment.model.dates import exact_day, latest
from muniment.model.terms import Conversion
from muniment.model.values import Bounded, Money, PartialDate, Quantity

if TYPE_CHECKING:
    from muniment.book.accounts import World

WHAT_IS_DUE = ("amount", "interest", "day count", "matures", "at maturity", "repays")
"""Labels that say what is due on a SAFE or note, and when."""


def convertibles_in_force(
    world: World, selector: Selector, choices: Choices, entities: Mapping[str, Entity]
) -> tuple[Convertible, ...]:
    """Return the SAFEs and notes in force, in order of kind and file; those that a round in force converts say so."""
    converted_in: dict[str, str] = {}
    for record in world.book.records_of("round"):
        fact = record.fact("converts")
        statement = choices.choose(record, fact) if fact is not None and selector.is_in_force(record) else None
        for name in statement.value if statement is not None and statement.value is not None else ():
            converted_in.setdefault(name, record.address)
    found: list[Convertible] = []
    for kind in ("safe", "note"):
        for record in world.book.records_of(kind):
            if not selector.is_in_force(record):
                continue
            issuer = record.value("issuer")
            choices.entity = issuer if issuer in entities else ""
            values = {}
            texts: dict[str, str] = {}
            places: list[tuple[str, Basis]] = []
            for fact in record.facts:
                statement = choices.choose(record, fact) if fact.label not in OF_THE_RECORD else None
                if statement is not None and statement.value is not None:
                    values[fact.label], texts[fact.label] = statement.value, statement.text
                    if fact.label in WHAT_IS_DUE:
                        places.append((fact.label, basis_of(record, fact, statement)))
            issuer, holder = values.get("issuer"), values.get("to")
            terms = values.get("converts")
            if issuer is None and isinstance(terms, Conversion):
                issuer = terms.into.rpartition(".")[0]
            if issuer not in entities or not isinstance(holder, str):
                continue
            amount, matures = values.get("amount"), values.get("matures")
            found.append(
                Convertible(
                    id=record.address,
                    kind=kind,
                    holder=holder,
                    entity=issuer,
                    amount=amount if isinstance(amount, Money | Bounded) else None,
                    interest=texts.get("interest", ""),
                    day_count=texts.get("day count", ""),
                    cap=texts.get("cap", ""),
                    discount=texts.get("discount", ""),
                    part=texts.get("part", ""),
                    cap_counts=texts.get("cap counts", ""),
                    most_favored=values.get("mfn") is True,
                    since=_day(selector, record.address, world),
                    matures=latest(matures) if isinstance(matures, PartialDate) else None,
                    repays=_multiple(values["repays"]) if "repays" in values else Fraction(1),
                    count=values.get("quantity") or 1,
                    converts=terms if isinstance(terms, Conversion) else None,
                    converted_in=converted_in.get(record.address, ""),
                    at_maturity=values.get("at maturity"),
                    places=tuple(places),
                    basis=basis_of_record(record),
                )
            )
    return tuple(found)


def _multiple(value: object) -> Fraction | None:
    return value.amount if isinstance(value, Quantity) and value.unit == "x" else None


def _day(selector: Selector, address: str, world: World) -> date | None:
    return exact_day(selector.counts_from(world.book.index.by_address[address]))
