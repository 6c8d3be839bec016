"""Answers as Markdown, for an issue, a memorandum or a notebook."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.render.answer import Answer, Table
from muniment.render.inert import inert_line, inert_markdown


def to_markdown(answer: Answer) -> str:
    """Return the answer as headings, tables and paragraphs."""
    parts = [part for table in answer.tables for part in _table(table)]
    parts += _paragraphs(answer.sentences)
    if answer.footer:
        parts += ["---", *_paragraphs(answer.footer)]
    return "\n\n".join(parts) + "\n" if parts else ""


def _table(table: Table) -> list[str]:
    parts = [f"### {inert_markdown(inert_line(table.title))}"] if table.title else []
    if table.columns:
        heads = [inert_markdown(inert_line(column.name)) for column in table.columns]
        lines = [_line(heads), _line("---:" if column.align == "right" else "---" for column in table.columns)]
        lines += [_line(_cell(text) for text in row) for row in table.rows]
        parts.append("\n".join(lines))
    if table.note:
        parts += _paragraphs(table.note.splitlines())
    return parts


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return "<br>".join(inert_markdown(line) for line in text.split("\n"))


def _paragraphs(sentences: Iterable[str]) -> list[str]:
    """Return each sentence as a paragraph, and indented ones as a nested list."""
    parts: list[str] = []
    listed: list[str] = []
    depth = 0
    for sentence in sentences:
        words = inert_markdown(inert_line(sentence).strip())
        depth = min((len(sentence) - len(sentence.lstrip(" "))) // 2, depth + 1)
        if depth and words:
            listed.append("  " * (depth - 1) + "- " + words)
        elif words:
            if listed:
                parts.append("\n".join(listed))
                listed = []
            parts.append(words)
    return [*parts, "\n".join(listed)] if listed else parts
