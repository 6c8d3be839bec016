"""Tables of a manifest of sources."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.evidence.manifest import Departure, Entry
from muniment.render.answer import Column, Table

NOTHING = "–"


def manifest_tables(entries: Sequence[Entry], changes: Sequence[Departure], is_verified: bool) -> tuple[Table, ...]:
    """Return the table of sources, and that of what differs from an earlier manifest if there is one."""
    sources = Table(
        "Sources",
        (
            Column("Source"),
            Column("State"),
            Column("SHA-256"),
            Column("Bytes", "right"),
            Column("File"),
            Column("Read by"),
        ),
        tuple(
            (
                f"@{entry.source}",
                entry.state,
                entry.sha256[:12] or NOTHING,
                NOTHING if entry.size is None else f"{entry.size:,}",
                entry.file or NOTHING,
                entry.extractor or NOTHING,
            )
            for entry in entries
        ),
        _count(entries),
    )
    if not is_verified:
        return (sources,)
    differences = Table(
        "Against the earlier manifest",
        (Column("Source"), Column("What"), Column("Then"), Column("Now")) if changes else (),
        tuple(
            (f"@{change.source}", change.field, change.before or NOTHING, change.now or NOTHING) for change in changes
        ),
        "" if changes else "Every source is as it was.",
    )
    return sources, differences


def _count(entries: Sequence[Entry]) -> str:
    states = [entry.state for entry in entries]
    return ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states))) or "The book has no source."
