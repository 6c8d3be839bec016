"""Who holds what: a cap table under every reading that an account leaves open, and ownership over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import ask
from muniment.book.accounts import World
from muniment.book.structure import OpenFact
from muniment.model.records import Record
from muniment.model.values import PartialDate
from muniment.model.vocabulary import ENTITY_KINDS, LEDGER_KINDS
from muniment.payout import CapTable, Refusal, cap_table
from muniment.payout.cap_rows import View, row_json

CHANGES_OWNERSHIP = frozenset((*ENTITY_KINDS, *LEDGER_KINDS, "amend", "holding", "grant", "forfeit"))
CHANGES_WHAT_IS_COUNTED = ("option", "safe", "note", "round")
MOST_DAYS = 1_000
"""Days of a history beyond which it is refused: each is one more fold of the book."""


@dataclass(frozen=True, slots=True)
class Held:
    """A cap table, with the readings of open facts it depends on."""

    table: CapTable
    reads: dict[str, str]


@dataclass(frozen=True, slots=True)
class History:
    """Ownership over time.

    Attributes:
        tables: One for each day on which what is held changes, in order of time.
        refusals: Why there are none; empty otherwise.
        assumptions: Of any of the tables; each once.
    """

    entity: str
    tables: tuple[CapTable, ...]
    refusals: tuple[Refusal, ...]
    assumptions: tuple[str, ...]


def cap_tables(world: World, on: date, under: str | None, entity: str) -> tuple[Held, ...]:
    """Answer who holds what; more than one table where an open fact changes it.

    Open facts that make too many combinations to try are said in the assumptions of every table.
    """
    readings = ask(
        world,
        on,
        under,
        entity,
        lambda structure: cap_table(structure, entity),
        lambda table: (
            tuple((row.party, row.class_id, row.quantity, row.stated, row.fully_diluted) for row in table.rows),
            tuple((row.party, row.id, row.quantity) for row in table.instruments),
        ),
    )
    untried = tuple(_left_open(fact, "is open, with too many readings to try") for fact in readings.untried)
    return tuple(
        Held(replace(each.answer, assumptions=(*each.answer.assumptions, *untried)), dict(each.reads))
        for each in readings.each
    )


def _left_open(fact: OpenFact, why: str) -> str:
    """Return how an open fact is taken of which no reading is tried."""
    address, _, what = fact.address.rpartition(" ")
    if what == "order":
        return f"The order of {address} {why}: it is taken to stand at the first day that its date allows."
    return f"{fact.address} {why}, and left out."


def cap_table_json(held: Held, by: View | None = None) -> dict[str, Any]:
    """Return one cap table as plain values."""
    fields = held.table.to_json(by)
    fields["because"] = grounds(held.table.because)
    if held.reads:
        fields["reads"] = held.reads
    return fields


def ownership_history(world: World, on: date, under: str | None, entity: str) -> History:
    """Answer who held what on every day, up to a day, on which that changed.

    Facts that the account leaves open are left out, as in every structure, and said in the assumptions.
    """
    days = sorted({day for day in _days(world, on, under, entity) if day <= on})
    if len(days) > MOST_DAYS:
        message = f"the records of {entity} change on {len(days)} days, more than {MOST_DAYS}"
        refusal = Refusal("too many days", message, None, "ask the cap table on the days that matter, with --on")
        return History(entity, (), (refusal,), ())
    tables: list[CapTable] = []
    assumptions: dict[str, None] = {}
    before: object = ()
    for day in days:
        structure = world.on(day, under)
        if entity not in structure.entities:
            continue
        table = cap_table(structure, entity)
        held = tuple((row.party, row.class_id, row.quantity, row.stated, row.fully_diluted) for row in table.rows)
        if held == before:
            continue
        before = held
        tables.append(table)
        assumptions |= dict.fromkeys(table.assumptions)
        assumptions |= {
            _left_open(each, "is open in this account"): None for each in structure.open_facts if each.entity == entity
        }
    return History(entity, tuple(tables), (), tuple(assumptions))


def history_json(history: History) -> dict[str, Any]:
    """Return the history as plain values: one row for each day, holder and class."""
    return {
        "entity": history.entity,
        "history": True,
        "rows": [
            {"date": table.on.isoformat(), **row_json(row, None)} for table in history.tables for row in table.rows
        ],
        "because": grounds(dict.fromkeys(basis for table in history.tables for basis in table.because)),
        "refusals": [{"kind": each.kind, "message": each.message, "hint": each.hint} for each in history.refusals],
    }


def _days(world: World, on: date, under: str | None, entity: str) -> Iterator[date]:
    """Yield the days on which a record about the ownership of an entity may take effect or end."""
    book = world.book
    records: list[Record] = [
        record for record in book.index.by_subject.get(entity, ()) if record.kind in CHANGES_OWNERSHIP
    ]
    own = book.index.defined.get(entity)
    records += [own] if own is not None else []
    for kind in CHANGES_WHAT_IS_COUNTED:
        records += book.records_of(kind)
    # What stands under a proposal or an event takes effect on that one's day.
    records += book.records_of("event", "proposal")
    for record in records:
        yield from _ends(record.date)
        for label in ("until", "recorded", "date", "expires", "exercisable", "outcome"):
            fact = record.fact(label)
            for statement in fact.statements if fact is not None else ():
                value = getattr(statement.value, "date", statement.value)
                if isinstance(value, PartialDate):
                    yield from _ends(value, after=label == "expires")
    found = world.on(on, under).entities.get(entity)
    for share_class in found.classes.values() if found is not None else ():
        if share_class.converts is not None and share_class.converts.on_date is not None:
            yield from _ends(share_class.converts.on_date)


def _ends(when: PartialDate, after: bool = False) -> Iterator[date]:
    """Yield the first and last day that a date allows; with `after`, the day that follows the last."""
    for low, high in when.ranges:
        ends = (high,) if after else (low, high)
        yield from (
            date.fromordinal(end + after) for end in ends if end is not None and end + after <= date.max.toordinal()
        )
