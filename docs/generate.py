"""Reference pages made from what the program itself uses: the vocabulary, the tables of codes, the commands.

`make docs` runs this; to see the pages alone, run `python docs/generate.py`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

import muniment
from muniment.cli.commands import COMMANDS
from muniment.cli.group import cli
from muniment.model.block_kinds import BLOCKS
from muniment.model.record_kinds import RECORDS
from muniment.model.vocabulary import COMMON, STANDARD_MATTERS, Kind, Label
from muniment.render.inert import inert_markdown

RANGES = (
    ("M1", "Text"),
    ("M2", "Vocabulary and values"),
    ("M3", "References"),
    ("M4", "Sources and quotations"),
    ("M5", "Arithmetic that does not add up"),
    ("M6", "Law"),
    ("M9", "Our own fault"),
)
NAMED_BY = {"id": "an id of its own, unique in the book", "none": "nothing, or its entity", "subject": "its subject"}


def all_codes() -> dict[str, Any]:
    """Return every row of every `codes` module of the package, by code."""
    rows: dict[str, Any] = {}
    for part in pkgutil.iter_modules(muniment.__path__):
        for name in (f"muniment.{part.name}.codes", f"muniment.{part.name}.vocabulary_codes"):
            if part.ispkg and find_spec(name) is not None:
                table: Mapping[str, Any] = import_module(name).CODES
                rows.update(table)
    return dict(sorted(rows.items()))


def records_page() -> str:
    """Return the page of record kinds, blocks and labels."""
    lines = [
        "# Records, blocks and labels",
        "",
        "This page is made from the table that the program itself reads by.",
        "A record starts at the left edge with its date and kind.",
        "A block stands inside a record; a label states one fact.",
        "",
        "## Labels that every record takes",
        "",
        *labels_table(COMMON),
        "## Records",
        "",
    ]
    for kind in RECORDS.values():
        lines += kind_section(kind)
    lines += ["## Blocks", ""]
    for kind in BLOCKS.values():
        lines += kind_section(kind)
    lines += ["## Standard matters", "", "Paths and statutory packs rely on these words."]
    lines += ["Any other words name a matter of the book's own.", ""]
    lines += [f"- {matter}" for matter in STANDARD_MATTERS]
    return "\n".join(lines) + "\n"


def kind_section(kind: Kind) -> list[str]:
    """Return the lines that describe one kind of record or block."""
    named_by = NAMED_BY[kind.defines] + (f" ({kind.subject})" if kind.subject else "")
    lines = [f"### `{kind.name}`", "", prose(kind.meaning), f"It is named by {named_by}.", ""]
    lines += ["```text", kind.example, "```", ""]
    lines += labels_table((*kind.labels, *((kind.open,) if kind.open else ())))
    if kind.parts:
        lines += ["Blocks inside: " + ", ".join(f"`{part}`" for part in kind.parts) + ".", ""]
    return lines


def labels_table(labels: Iterable[Label]) -> list[str]:
    """Return a table of labels, or nothing if there are none."""
    rows = [
        f"| `{label.name}` | {prose(label.type)} | {prose(label.meaning)}"
        f"{' It may stand more than once.' if label.many else ''} | {code_cell(label.example)} |"
        for label in labels
    ]
    return ["| label | value | what it states | example |", "| --- | --- | --- | --- |", *rows, ""] if rows else []


def prose(text: str) -> str:
    """Return a sentence of the program's own for Markdown: code stands between backticks, the rest is plain words."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return inert_markdown(text)
    return "".join(code_cell(part) if at % 2 else inert_markdown(part) for at, part in enumerate(parts))


def code_cell(text: str) -> str:
    """Return a line of a record as code inside a table cell."""
    return "`" + text.replace("|", "\\|") + "`"


def codes_page() -> str:
    """Return the page of diagnostic codes, by range."""
    codes = all_codes()
    lines = ["# Diagnostic codes", "", "`muniment explain CODE` prints the same in the terminal.", ""]
    for prefix, title in RANGES:
        chosen = [row for code, row in codes.items() if code.startswith(prefix)]
        if chosen:
            lines += [f"## {prefix}xx: {title}", ""]
        for row in chosen:
            lines += code_section(row)
    return "\n".join(lines) + "\n"


def code_section(row: Any) -> Iterator[str]:
    """Yield the lines that describe one code."""
    yield from (f"### {row.code}: {row.name} ({row.severity})", "")
    yield from ("**What it checks.**", prose(row.what), "", "**Why it matters.**", prose(row.why), "")
    yield from ("**Example.**", "", "````text", row.example, "````", "")
    yield from ("**Instead write.**", "", "````text", row.instead, "````", "")
    yield from ("**When to silence it.**", prose(row.when_to_silence), "")


def commands_page() -> str:
    """Return the page of commands, as their own help describes them."""
    lines = ["# Commands", "", "`muniment COMMAND --help` prints the same in the terminal.", ""]
    for name, summary in COMMANDS.items():
        module = "muniment.cli." + name.replace("-", "_")
        if find_spec(module) is None:
            continue
        command: click.Command = import_module(module).command
        with click.Context(cli, info_name="muniment", **cli.context_settings) as parent:
            text = command.get_help(click.Context(command, parent, info_name=name, terminal_width=88))
        lines += [f"## `muniment {name}`", "", prose(summary), "", "```text", text, "```", ""]
    return "\n".join(lines) + "\n"


def write_reference(folder: Path) -> None:
    """Write the generated pages into a folder, touching only those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("records", records_page()), ("codes", codes_page()), ("commands", commands_page())):
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_reference(Path(__file__).resolve().parent / "reference")
