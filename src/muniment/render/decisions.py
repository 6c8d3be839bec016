"""Decisions as tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from muniment.answers.deciding import Decided, coalitions_in_words, names
from muniment.control import Decision
from muniment.control.powers import Powers
from muniment.render.answer import Column, Table
from muniment.render.numbers import exact

MOST_NAMED = 12
MOST_ROWS = 100
LONGEST_FRACTION = 13
LEAST_DECIMAL = Fraction(1, 10_000)
INDEX_NAMES = {
    "banzhaf": "Banzhaf",
    "shapley_shubik": "Shapley-Shubik",
    "penrose": "Penrose",
    "coleman_prevent": "Coleman, to prevent",
    "coleman_initiate": "Coleman, to initiate",
    "coleman_act": "Coleman, to act",
    "deegan_packel": "Deegan-Packel",
    "holler": "Holler",
    "johnston": "Johnston",
    "owen": "Owen",
    "banzhaf_owen": "Banzhaf-Owen",
    "symmetric_coalitional_banzhaf": "Symmetric",
    "of_blocs": "blocs as one",
    "swings": "Decides",
    "swing_shares": "Share of decisions",
    "passes": "passes",
}
TOGETHER = (
    ("banzhaf", "shapley_shubik", "penrose"),
    ("coleman_prevent", "coleman_initiate"),
    ("deegan_packel", "holler", "johnston"),
)
"""Indices that share a table, so that it is no wider than a page."""


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


def power_tables(decision: Decision) -> tuple[Table, ...]:
    """Return the power of every actor over one matter, by every index that was asked, a few indices a table."""
    tables = {"banzhaf": decision.banzhaf, "shapley_shubik": decision.shapley_shubik, **decision.more_indices}
    title = f"Power over {decision.entity}: {decision.matter} (directors {decision.directors})"
    if not any(tables.values()):
        why = "The rule is too large for power indices." if decision.too_large else "Nobody's will is asked for."
        return (Table(title, note=why),)
    leading = decision.banzhaf or next(table for table in tables.values() if table)
    parties = sorted(leading, key=lambda name: (-leading[name], name))
    asked = [[name for name in names if tables.get(name)] for names in TOGETHER]
    found: list[Table] = []
    for position, together in enumerate(filter(None, asked)):
        rows = tuple(
            (party, *(share_in_words(tables[name][party], name in decision.tolerance) for name in together))
            for party in parties[:MOST_ROWS]
        )
        columns = (Column("Party"), *(Column(INDEX_NAMES[name], "right") for name in together))
        found.append(Table(title if position == 0 else f"{title}, continued", columns, rows))
    notes = [accuracy_in_words(decision)]
    if len(parties) > MOST_ROWS:
        notes.append(f"The first {MOST_ROWS} of {len(parties):,} parties; --format json has all.")
    if decision.more_indices.get("coleman_act"):
        act = next(iter(decision.more_indices["coleman_act"].values()))
        words = share_in_words(act, "coleman_act" in decision.tolerance)
        notes.append(f"Of all coalitions {words} pass (Coleman's power of the body to act).")
    found[-1] = replace(found[-1], note=" ".join(filter(None, notes)))
    return tuple(found)


def share_in_words(share: Fraction, rounded: bool = False) -> str:
    """Return a share for a reader: a short fraction as it is; a long one, or one within a tolerance, as a decimal."""
    text = exact(share)
    if rounded or len(text) > LONGEST_FRACTION:
        return f"{float(share):.6f}" if share == 0 or abs(share) >= LEAST_DECIMAL else f"{float(share):.3e}"
    return text


def accuracy_in_words(powers: Powers | Decision) -> str:
    """Return how far figures may be off, and how they were sampled; empty where all are exact."""
    if not powers.tolerance:
        return ""
    off = ", ".join(f"{INDEX_NAMES.get(name, name)} ± {float(most):.1e}" for name, most in powers.tolerance.items())
    note = powers.sampled
    if note is None:
        return f"To within: {off}."
    return (
        f"To within: {off}. Sampled: {note.samples:,} coalitions, seed {note.seed}, "
        f"all intervals at {float(note.confidence):.1%}; --format json has them."
    )
