"""What every answer carries: version, book, hash, date, account, proposal, assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from muniment import __version__
from muniment.book.accounts import World
from muniment.book.structure import Basis

FORMAT = 1


def header(
    world: World, on: date | None = None, under: str | None = None, assumptions: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the fields with which every machine answer begins."""
    return {
        "format": FORMAT,
        "version": __version__,
        "book": world.book.name,
        "book_hash": world.book.hash,
        "on": on.isoformat() if on else None,
        "account": world.account,
        "under": under,
        "as_recorded": world.as_recorded,
        "assumptions": list(dict.fromkeys(assumptions)),
    }


def footer(
    world: World, on: date | None = None, under: str | None = None, directors: str | None = None
) -> tuple[str, ...]:
    """Return the lines with which every printed answer ends."""
    parts = [
        f"As of {on.isoformat()}" if on else "All dates",
        f"account: {world.account}",
        f"proposal: {under or 'none'}",
    ]
    if directors:
        parts.append(f"directors: {directors}")
    if world.as_recorded:
        parts.append("as recorded")
    return (
        ", ".join(parts) + ".",
        f"muniment {__version__}, book '{world.book.name}', hash {world.book.hash[:12]}. "
        "Under these records; duties, courts and persuasion are outside.",
    )


def grounds(bases: Iterable[Basis]) -> list[dict[str, Any]]:
    """Return the records an answer rests on, each with its place, citations and quotations."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for basis in bases:
        found.setdefault(
            (basis.record, str(basis.span)),
            {
                "record": basis.record,
                "says": basis.words,
                "at": str(basis.span),
                "citations": [f"@{c.source}, {c.place}" if c.place else f"@{c.source}" for c in basis.citations],
                "quotations": [q.text for q in basis.quotations if q.text],
            },
        )
    return list(found.values())
