"""Explain a code, a kind of record or block, or a label, from the tables that the program itself uses."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.answers import codes as answer_codes
from muniment.answers.explaining_packs import explain_pack, explain_packs
from muniment.book import codes as book_codes
from muniment.book import law_codes
from muniment.book.packs import PACKS
from muniment.evidence import codes as evidence_codes
from muniment.model import codes as value_codes
from muniment.model import vocabulary_codes
from muniment.model.block_kinds import BLOCKS
from muniment.model.record_kinds import RECORDS
from muniment.model.typed import nearest
from muniment.model.vocabulary import COMMON, STANDARD_MATTERS, Kind, Label
from muniment.text import codes as text_codes
from muniment.text.codes import Code

CODES: Mapping[str, Code] = {
    **text_codes.CODES,
    **vocabulary_codes.CODES,
    **value_codes.CODES,
    **book_codes.CODES,
    **law_codes.CODES,
    **evidence_codes.CODES,
    **answer_codes.CODES,
}


def explain(topic: str) -> str | None:
    """Return a page of plain text on a topic, or None if there is none of that name."""
    if topic.upper() in CODES:
        return explain_code(CODES[topic.upper()])
    by_name = {code.name: code for code in CODES.values()}
    if topic in by_name:
        return explain_code(by_name[topic])
    if topic == "codes":
        return "".join(
            f"{code.code}  {code.severity:<8} {code.name}\n" for code in sorted(CODES.values(), key=lambda c: c.code)
        )
    if topic == "kinds":
        kinds = [*RECORDS.values(), *BLOCKS.values()]
        return "".join(f"{kind.name:<15} {kind.meaning}\n" for kind in kinds)
    if topic == "matters":
        return "".join(f"{matter}\n" for matter in STANDARD_MATTERS)
    if topic == "packs":
        return explain_packs()
    if topic in PACKS:
        return explain_pack(topic)
    if topic == "common":
        return _labels("Labels that any record may have", COMMON)
    for kinds_table in (RECORDS, BLOCKS):
        if topic in kinds_table:
            return explain_kind(kinds_table[topic], is_block=kinds_table is BLOCKS)
        for kind in kinds_table.values():
            for label in kind.labels:
                if topic == f"{kind.name} {label.name}":
                    return f"{topic}\n\n{label.meaning}\n\nType: {label.type}\nWritten: {label.example}\n"
    return None


def explain_code(code: Code) -> str:
    """Return the page of one code."""
    example = "\n".join("    " + line for line in _short(code.example).splitlines())
    instead = "\n".join("    " + line for line in code.instead.splitlines())
    return (
        f"{code.code} {code.name} ({code.severity})\n\n"
        f"What it checks. {code.what}\nWhy it matters. {code.why}\n\nExample.\n{example}\n\n"
        f"Instead write.\n{instead}\n\nWhen to silence it. {code.when_to_silence}\n"
    )


def explain_kind(kind: Kind, is_block: bool) -> str:
    """Return the page of one kind of record or block."""
    what = "block" if is_block else "record"
    text = f"{kind.name} ({what})\n\n{kind.meaning}\n\nExample.\n    {kind.example}\n\n"
    labels = [*kind.labels, *([kind.open] if kind.open else [])]
    if labels:
        text += _labels("Labels", labels)
    if kind.parts:
        text += f"\nBlocks: {', '.join(kind.parts)}\n"
    return text


def _labels(title: str, labels: tuple[Label, ...] | list[Label]) -> str:
    lines = [f"{title}."]
    for label in labels:
        many = " May stand often." if label.many else ""
        lines.append(f"  {label.name} ({label.type}): {label.meaning}{many}\n      {label.example}")
    return "\n".join(lines) + "\n"


def _short(example: str) -> str:
    return example if len(example) <= 400 else example[:399] + "…"


def topics(named: tuple[str, ...] = ()) -> list[str]:
    """Return what can be explained; after a kind has been named, its labels."""
    kind = {**BLOCKS, **RECORDS}.get(" ".join(named)) if named else None
    if kind is not None:
        return [label.name for label in kind.labels]
    words = ("codes", "kinds", "matters", "common", "packs")
    return [*CODES, *(code.name for code in CODES.values()), *RECORDS, *BLOCKS, *words, *PACKS]


def nearest_topic(topic: str) -> str | None:
    """Return the topic whose name is most like the words asked."""
    return nearest(topic, topics())
