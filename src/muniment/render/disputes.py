"""Disputes as tables: one for each, with its values, who says so, and what turns on it."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.answers.disputes import Dispute, Flip
from muniment.render.answer import Column, Table

COLUMNS = (Column("Value"), Column("Sources"), Column("Accounts"))


def dispute_tables(disputes: Sequence[Dispute]) -> tuple[Table, ...]:
    """Return a table for each dispute; an account that follows none of its sources takes what the keeper prefers."""
    if not disputes:
        return (Table("Disputes", note="No fact of the book is given differently by its sources."),)
    return tuple(_table(dispute) for dispute in disputes)


def _table(dispute: Dispute) -> Table:
    rows = []
    preferred = next((value.accounts for value in dispute.values if "keeper" in value.accounts), ())
    for value in dispute.values:
        said = f"({value.name}) {value.value}" if value.name else value.value
        if value.follows:
            said += f"\ndoes not follow: {value.follows}"
        rows.append(
            (
                said,
                ", ".join(f"@{source}" for source in value.sources),
                _accounts(value.accounts, value.accounts == preferred),
            )
        )
    notes = [f"{dispute.witnesses} independent source{'s' if dispute.witnesses != 1 else ''}."]
    if dispute.open_in:
        notes.append(f"Open in: {', '.join(dispute.open_in)}.")
    notes += [flip_in_words(flip) for flip in dispute.flips]
    if dispute.label != "between records" and not dispute.flips:
        notes.append("No answer that the book asks for turns on it.")
    if dispute.turns_on:
        notes.append(f"The keeper says that it matters for: {dispute.turns_on}.")
    title = f"{dispute.title or dispute.record} ({dispute.record}: {dispute.label}), {dispute.kind}"
    return Table(title, COLUMNS, tuple(rows), "\n".join(notes))


def _accounts(accounts: Sequence[str], is_preferred: bool) -> str:
    if is_preferred and len(accounts) > 2:
        return f"keeper, and {len(accounts) - 1} accounts that do not follow another"
    return ", ".join(accounts)


def flip_in_words(flip: Flip) -> str:
    """Return what changes with a fact in one sentence."""
    answers = "; ".join(f"{shortened(answer)} if {value}" for value, answer in flip.answers.items())
    beside = f", together with {', '.join(flip.with_facts)}" if flip.with_facts else ""
    return f"Turns on it{beside}: {flip.question}: {answers}."


def shortened(words: str) -> str:
    """Return a long list of coalitions as its length and its first; other words as they are."""
    coalitions = words.split("; ")
    return words if len(coalitions) <= 4 else f"{len(coalitions)} coalitions, the first {coalitions[0]}"
