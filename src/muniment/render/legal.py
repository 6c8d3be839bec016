"""Legal tests of control as tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.answers.legal import Tested
from muniment.control.legal import TESTS
from muniment.render.answer import Column, Table
from muniment.render.grounds import grounds_in_words

MOST_NAMED = 8


def legal_tables(found: Sequence[Tested], *, collapse: bool) -> tuple[Table, ...]:
    """Return a table for each entity.

    Args:
        found: The answers.
        collapse: Put the parties whose answer is no into one row for each test.
    """
    entities = dict.fromkeys(each.finding.entity for each in found)
    return tuple(_table(entity, [e for e in found if e.finding.entity == entity], collapse) for entity in entities)


def _table(entity: str, found: Sequence[Tested], collapse: bool) -> Table:
    rows: list[tuple[str, ...]] = []
    for test in TESTS:
        of_test = [each for each in found if each.finding.test == test.id]
        shown = [each for each in of_test if not collapse or each.finding.answer != "no" or each.reads]
        rows += [_row(each) for each in shown]
        denied = [each.finding.party for each in of_test if each not in shown]
        if denied:
            rows.append((test.id, _few(denied), "no", "" if shown else test.title + ": nobody on record"))
    columns = (Column("Test"), Column("Party"), Column("Answer"), Column("Because"))
    return Table(f"Who controls {entity}, by legal test", columns, tuple(rows))


def _row(tested: Tested) -> tuple[str, ...]:
    finding = tested.finding
    reads = "".join(f"\nif {fact} is '{reading}'" for fact, reading in tested.reads.items())
    because = finding.why[0]
    if finding.would_decide:
        because += "\nWould decide: " + " ".join(finding.would_decide)
    return finding.test, f"{finding.party}{reads}", finding.answer, because


def _few(parties: Sequence[str]) -> str:
    more = len(parties) - MOST_NAMED
    return ", ".join(parties) if more <= 0 else f"{', '.join(parties[:MOST_NAMED])} and {more:,} more"


def reasons(found: Sequence[Tested]) -> tuple[str, ...]:
    """Return every reason of each answer, its source, and the records it rests on."""
    sources = {test.id: f"{test.source}. {test.version}." for test in TESTS}
    lines: list[str] = []
    for each in found:
        finding = each.finding
        lines.append(f"{finding.entity}: {finding.test} of {finding.party}: {finding.answer}")
        lines += [f"  {sentence}" for sentence in finding.why]
        lines += [f"  Would decide: {sentence}" for sentence in finding.would_decide]
        lines.append(f"  Test: {sources[finding.test]}")
        lines += grounds_in_words(finding.because)
    return tuple(lines)
