"""Decisions as tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.answers.deciding import Decided, coalitions_in_words, names
from muniment.control import Decision
from muniment.render.answer import Column, Table
from muniment.render.grounds import grounds_in_words
from muniment.render.numbers import exact


def decision_table(found: Sequence[Decided]) -> Table:
    """Return one row for each answer."""
    columns = (Column("Matter"), Column("Directors"), Column("Alone"), Column("Can block"), Column("Smallest coalitions"), Column("Through"))
    rows = []
    for each in found:
        decision = each.decision
        reads = "".join(f"\nif {fact} is '{reading}'" for fact, reading in each.reads.items())
        circular = f"\ncircular: {', '.join(decision.circular)}" if decision.circular else ""
        left_open = "".join(f"\n{entry.party}: {entry.question} undetermined ({entry.fact})" for entry in decision.undetermined)
        rows.append(
            (
                f"{decision.entity}: {decision.matter}{reads}{circular}{left_open}", decision.directors, names(decision.alone),
                names(decision.can_block), coalitions_in_words(decision), names(decision.through, ""),
            )  # fmt: skip
        )
    return Table("Who decides", columns, tuple(rows))


def power_table(decision: Decision) -> Table:
    """Return the power of every actor over one matter."""
    rows = tuple(
        (party, exact(decision.banzhaf[party], longest=24), exact(decision.shapley_shubik[party], longest=24))
        for party in sorted(decision.banzhaf, key=lambda name: (-decision.banzhaf[name], name))
    )
    title = f"Power over {decision.entity}: {decision.matter} (directors {decision.directors})"
    return Table(title, (Column("Party"), Column("Banzhaf", "right"), Column("Shapley-Shubik", "right")), rows)


def reasons(found: Sequence[Decided]) -> tuple[str, ...]:
    """Return how each answer comes about, with the records it rests on."""
    lines: list[str] = []
    for each in found:
        decision = each.decision
        lines.append(f"{decision.entity}: {decision.matter} (directors {decision.directors}):")
        lines += [f"  {sentence}" for sentence in decision.why]
        lines += grounds_in_words(decision.because)
    return tuple(lines)
