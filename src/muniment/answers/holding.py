"""Who holds what: a cap table under every reading that an account leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import ask
from muniment.book.accounts import World
from muniment.payout import CapTable, cap_table


@dataclass(frozen=True, slots=True)
class Held:
    """A cap table, with the readings of open facts it depends on."""

    table: CapTable
    reads: dict[str, str]


def cap_tables(world: World, on: date, under: str | None, entity: str) -> tuple[Held, ...]:
    """Answer who holds what; more than one table where an open fact changes it."""
    readings = ask(
        world,
        on,
        under,
        entity,
        lambda structure: cap_table(structure, entity),
        lambda table: tuple((row.party, row.class_id, row.quantity, row.stated) for row in table.rows),
    )
    return tuple(Held(each.answer, dict(each.reads)) for each in readings.each)


def cap_table_json(held: Held) -> dict[str, Any]:
    """Return one cap table as plain values."""
    fields = held.table.to_json()
    fields["because"] = grounds(held.table.because)
    if held.reads:
        fields["reads"] = held.reads
    return fields
