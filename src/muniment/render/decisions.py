"""Decisions as tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.answers.deciding import Decided, coalitions_in_words, names
from muniment.control import Decision
from muniment.render.answer import Column, Table
from muniment.render.grounds import grounds_in_words
from muniment.render.numbers import exact

MOST_NAMED = 12
INDEX_NAMES = {
    "penrose": "Penrose",
    "coleman_prevent": "Coleman, to prevent",
    "coleman_initiate": "Coleman, to initiate",
    "coleman_act": "Coleman, to act",
    "deegan_packel": "Deegan-Packel",
    "holler": "Holler",
    "johnston": "Johnston",
}


def decision_table(found: Sequence[Decided]) -> Table:
    """Return one row for each answer."""
    columns = (
        Column("Matter"),
        Column("Directors"),
        Column("Alone"),
        Column("Can block"),
        Column("Smallest coalitions"),
        Column("Through"),
    )
    rows = []
    for each in found:
        decision = each.decision
        reads = "".join(f"\nif {fact} is '{reading}'" for fact, reading in each.reads.items())
        circular = f"\ncircular: {_few(decision.circular)}" if decision.circular else ""
        left_open = "".join(
            f"\n{entry.party}: {entry.question} undetermined ({entry.fact})" for entry in decision.undetermined
        )
        rows.append(
            (
                f"{decision.entity}: {decision.matter}{reads}{circular}{left_open}",
                decision.directors,
                names(decision.alone),
                names(decision.can_block),
                coalitions_in_words(decision),
                _few(decision.through),
            )
        )
    return Table("Who decides", columns, tuple(rows))


def _few(parties: Sequence[str]) -> str:
    """Return parties in one line; of many, the first and how many more there are."""
    more = len(parties) - MOST_NAMED
    return ", ".join(parties) if more <= 0 else f"{', '.join(parties[:MOST_NAMED])} and {more:,} more"


def power_table(decision: Decision) -> Table:
    """Return the power of every actor over one matter, by every index that was asked."""
    indices = {"Banzhaf": decision.banzhaf, "Shapley-Shubik": decision.shapley_shubik}
    indices.update({INDEX_NAMES.get(name, name): shares for name, shares in decision.more_indices.items()})
    title = f"Power over {decision.entity}: {decision.matter} (directors {decision.directors})"
    if not decision.banzhaf:
        why = "The rule is too large for exact indices." if decision.too_large else "Nobody's will is asked for."
        return Table(title, note=why)
    parties = sorted(decision.banzhaf, key=lambda name: (-decision.banzhaf[name], name))
    rows = tuple((party, *(exact(shares[party], longest=24) for shares in indices.values())) for party in parties)
    return Table(title, (Column("Party"), *(Column(name, "right") for name in indices)), rows)


def reasons(found: Sequence[Decided]) -> tuple[str, ...]:
    """Return how each answer comes about, with the records it rests on."""
    lines: list[str] = []
    for each in found:
        decision = each.decision
        lines.append(f"{decision.entity}: {decision.matter} (directors {decision.directors}):")
        lines += [f"  {sentence}" for sentence in decision.why]
        lines += grounds_in_words(decision.because)
    return tuple(lines)
