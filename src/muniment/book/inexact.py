"""Claims and payments in force that the book does not state well enough to be counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from muniment.book.claims import Inexact
from muniment.book.entity_fold import basis_of_record
from muniment.book.selecting import Choices, Selector
from muniment.book.structure import Entity
from muniment.book.vesting import vesting_steps
from muniment.model.dates import exact_day, latest
from muniment.model.records import Record
from muniment.model.right_terms import OptionOver, Vesting
from muniment.model.values import Money, PartialDate

if TYPE_CHECKING:
    from muniment.book.accounts import World

NEEDED: Mapping[str, tuple[tuple[str, type, str], ...]] = {
    "grant": (("to", str, "who gets it"), ("of", str, "its class"), ("quantity", int, "how many shares it is over")),
    "option": (("holder", str, "who holds it"), ("over", OptionOver, "what it is over")),
    "safe": (("to", str, "who holds it"),),
    "note": (("to", str, "who holds it"),),
    "pay": (("to", str, "to whom it was paid"), ("amount", Money, "how much was paid")),
}
"""By kind of record: each label without which it is not counted, what is read from it, and what it says."""

ENTITY = {"grant": "", "option": "issuer", "safe": "issuer", "note": "issuer", "pay": "by"}
"""By kind of record: the label that names the entity; empty where the subject does."""


def inexact_claims(
    world: World,
    selector: Selector,
    choices: Choices,
    entities: Mapping[str, Entity],
    counted: Collection[str],
    on: date,
) -> tuple[Inexact, ...]:
    """Return the grants, options, SAFEs, notes and payments in force that do not say what is needed to count them.

    Args:
        world: The book in one account.
        selector: Selects the records in force on the date.
        choices: How facts are resolved.
        entities: As they stand.
        counted: Addresses of records that are known to be read in full.
        on: The date.
    """
    found: list[Inexact] = []
    for kind, needed in NEEDED.items():
        for record in world.book.records_of(kind):
            if record.address in counted or not selector.is_in_force(record):
                continue
            entity = record.value(ENTITY[kind]) if ENTITY[kind] else record.name
            if entity not in entities:
                continue
            choices.entity = entity
            missing = list(_missing(record, needed, choices))
            if missing:
                payee, paid_as = _value(record, "to", choices), _value(record, "as", choices)
                found.append(
                    Inexact(
                        id=record.address,
                        kind=kind,
                        entity=entity,
                        missing=missing[0],
                        party=payee if isinstance(payee, str) else "",
                        as_=paid_as if kind == "pay" and isinstance(paid_as, str) else "",
                        waits=_waits(record, choices, selector, on) if kind == "grant" else "",
                        basis=basis_of_record(record),
                    )
                )
    return tuple(found)


def _missing(record: Record, needed: tuple[tuple[str, type, str], ...], choices: Choices) -> Iterator[str]:
    for label, wanted, words in needed:
        if not isinstance(_value(record, label, choices), wanted):
            yield words


def _value(record: Record, label: str, choices: Choices) -> Any:
    fact = record.fact(label)
    statement = choices.choose(record, fact) if fact is not None else None
    return statement.value if statement is not None else None


def _waits(record: Record, choices: Choices, selector: Selector, on: date) -> str:
    """Return why nothing of a grant can be used on a day, however large it is; empty if something may be."""
    last = _value(record, "expires", choices)
    if isinstance(last, PartialDate) and (day := latest(last)) is not None and day < on:
        return f"it was exercisable until {day}"
    vests = record.fact("vests")
    if vests is None or record.fact("accelerates") is not None:
        return ""
    terms, start = _value(record, "vests", choices), _value(record, "vesting from", choices)
    first = exact_day(start) if isinstance(start, PartialDate) else exact_day(selector.counts_from(record))
    if not isinstance(terms, Vesting) or (first is None and terms.day is None):
        return ""
    steps = vesting_steps(terms, first or terms.day or date.min)
    return f"nothing of it has vested by {on}" if steps and all(step.day > on for step in steps) else ""
