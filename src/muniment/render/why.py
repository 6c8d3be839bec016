"""Derivations as sentences with their records, and what would have to be otherwise as a table."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.answers.deciding import Decided
from muniment.book.structure import Basis
from muniment.control import NoSuchMatter
from muniment.control.counterfactuals import WhatIf
from muniment.control.derivation import Step
from muniment.render.answer import Column, Table
from muniment.render.grounds import grounds_in_words

MOST_BESIDES = 60


def reasons(found: Sequence[Decided], derived: Sequence[Sequence[Step]]) -> tuple[str, ...]:
    """Return how each answer comes about, step by step, with the records it rests on.

    A record is given in full where it first stands, with its citation and the words quoted; after that only its place.
    """
    lines: list[str] = []
    for each, steps in zip(found, derived, strict=True):
        decision = each.decision
        reads = "".join(f"; if {fact} is '{reading}'" for fact, reading in each.reads.items())
        lines.append(f"{decision.entity}: {decision.matter} (directors {decision.directors}{reads}):")
        shown: set[str] = set()
        for step in steps:
            level = "  " * (step.depth + 1)
            lines.append(f"{level}{step.words}")
            lines += [f"{level}{line}" for line in _grounds(step, shown)]
        rest = [basis for basis in decision.because if str(basis.span) not in shown]
        if rest:
            lines.append("  It rests besides on:")
            lines += grounds_in_words(rest[:MOST_BESIDES])
            if len(rest) > MOST_BESIDES:
                lines.append(f"    and {len(rest) - MOST_BESIDES:,} more records, which --json lists.")
    return tuple(lines)


def _grounds(step: Step, shown: set[str]) -> list[str]:
    full: list[Basis] = []
    again: list[str] = []
    for basis in step.because:
        place = str(basis.span)
        if place in shown:
            again.append(place)
        else:
            full.append(basis)
            shown.add(place)
    lines = grounds_in_words(full)
    if again:
        lines.append(f"    see {', '.join(dict.fromkeys(again))}")
    if step.more:
        lines.append(f"    and {step.more:,} more record{'s' if step.more > 1 else ''}")
    return lines


def what_if_table(decided: Decided, flips: tuple[WhatIf, ...] | NoSuchMatter) -> Table:
    """Return what would flip the answers about some parties, one change a row."""
    decision = decided.decision
    title = f"What would change: {decision.entity}: {decision.matter} (directors {decision.directors})"
    if isinstance(flips, NoSuchMatter):
        return Table(title, note=flips.message)
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for each in flips:
        now = {
            ("alone", True): f"{each.party} passes it alone",
            ("alone", False): f"{each.party} does not pass it alone",
            ("can block", True): f"{each.party} can block it",
            ("can block", False): f"{each.party} cannot block it",
        }[each.question, each.holds]
        rows += [(now, change.words, change.answer) for change in each.changes]
        if not each.changes:
            rows.append((now, "nothing that was tried", "the answer stays"))
    for party in dict.fromkeys(each.party for each in flips):
        of_party = [each for each in flips if each.party == party]
        cut = "" if all(each.complete for each in of_party) else "; the limit was reached, other changes may do"
        tries = max(each.tries for each in of_party)
        notes.append(f"Every change was decided afresh: {tries} structures for {party}{cut}.")
    columns = (Column("Now"), Column("What if"), Column("Then"))
    return Table(title, columns, tuple(rows), "\n".join(notes))
