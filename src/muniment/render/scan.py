"""Proposed records as a table, for the formats that are not records themselves."""

from __future__ import annotations

from muniment.answers.scanning import Numbered, Scanning
from muniment.render.answer import Column, Table
from muniment.text.nodes import Field

COLUMNS = (
    Column("Number", "right"),
    Column("At"),
    Column("Date"),
    Column("Kind"),
    Column("Says"),
    Column("Quotation"),
    Column("Rests on"),
)


def scan_tables(scanning: Scanning) -> tuple[Table, ...]:
    """Return the proposals as one table, with a sentence for each file below it."""
    note = " ".join(file_sentences(scanning)) or "No file was scanned."
    return (Table("Proposed records", COLUMNS, tuple(_row(one) for one in scanning.proposals), note),)


def file_sentences(scanning: Scanning) -> list[str]:
    """Return a sentence for each file: what was proposed from it, or why nothing could be."""
    sentences = []
    for file in scanning.files:
        if file.scanned is None:
            sentences.append(f"{file.path} is not scanned: {file.fault}.")
            continue
        count = sum(1 for one in scanning.proposals if one.file is file)
        known = f"@{file.origin.source}" if file.origin.is_known else f"new source @{file.origin.source}"
        proposed = f"{count} record{'' if count == 1 else 's'} proposed"
        sentences.append(f"{file.path} ({known}, {file.scanned.language}): {proposed}.")
        sentences += [f"{file.path}: {note}." for note in file.notes]
    return sentences


def _row(one: Numbered) -> tuple[str, ...]:
    proposal = one.proposal
    fields = [each for each in proposal.record.children if isinstance(each, Field) and each.label != "remark"]
    said = [f"{field.label}: {field.value}" for field in fields]
    return (
        str(one.number),
        f"{one.file.path}:{proposal.line}:{proposal.column}",
        proposal.record.date,
        proposal.record.kind,
        "; ".join(said),
        proposal.quote,
        "; ".join(dict.fromkeys(cue for cue in proposal.cues if cue)),
    )
