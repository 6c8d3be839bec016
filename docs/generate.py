"""Reference pages made from what the program itself uses: the vocabulary, the tables of codes, the commands.

`make docs` runs this; to see the pages alone, run `python docs/generate.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mechanism_rows import mechanisms_page

from muniment.answers.explaining import CODES
from muniment.answers.explaining_packs import applies_to, laws_of, sources_of
from muniment.book.load import KNOWN_SETTINGS
from muniment.book.packs import PACKS, read_pack, stated_in
from muniment.cli import codes as own_faults
from muniment.cli.commands import COMMANDS
from muniment.cli.group import cli
from muniment.control.legal import TESTS
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
SETTINGS = {
    "name": ("What the book is called.", 'name = "Acme Robotics"'),
    "format": ("The number of the record format; 1 if not stated.", "format = 1"),
    "law_pack": (
        'The statutory pack of every entity that names none itself; `"none"` switches the packs off.',
        'law_pack = "none"',
    ),
    "law pack": ("Another spelling of `law_pack`.", '"law pack" = "none"'),
}
"""What each key of `muniment.toml` means; the keys are those that the program reads."""
SETTINGS_HEAD = """\
# Settings

## In `muniment.toml`

A book's own settings.
There are no other files of settings.

| setting | what it states | example |
| --- | --- | --- |"""
VARIABLES_HEAD = """
## In the environment

An option on the command line goes before its variable.

| variable | option | what it states |
| --- | --- | --- |"""
PACKS_HEAD = """\
# Statutory packs

This page is made from the packs that the program itself uses.
A default is used only where the book says nothing, and is then listed among the assumptions of the answer.
The day after *since* is the day from which the pack states the rule; the statute may be older.
`the-class` stands for the class that elects the seats in question, `the-seats` for those seats.
[What packs do](../explanation/statutory-packs.md) says more.
`muniment explain us-de` prints a pack in the terminal.
"""
SETTINGS_FOOT = """\
| `MUNIMENT_DRAFT_KEY` | | The key of the service that `muniment draft` asks; never read from anywhere else. |
| `MUNIMENT_DEBUG` | | With a fault of our own, print a traceback; it may hold words from the book. |
| `NO_COLOR` | | Print without color. |
| `COLUMNS` | | How many cells a line of a table may take. |

## Exit codes

| code | meaning |
| --- | --- |
| 0 | fine |
| 1 | the book has errors, or an expectation does not hold |
| 2 | wrong usage |
| 3 | a fault of our own |
| 130 | interrupted |"""
JSON_HEAD = """\
# Machine answers

`--format json` prints one object; `--json` is short for it.
`--format jsonl` prints one object a line: each item of the main list, with the book, date, account and proposal.
Exact numbers that JSON would round are strings: a decimal such as `4666666.67` or a fraction such as `3/5`.
`format` is raised when a field changes its meaning or goes; a new field does not raise it.

## Every answer
"""
SCHEMAS = Path(__file__).resolve().parent / "reference" / "schemas"
NAMED_BY = {"id": "an id of its own, unique in the book", "none": "nothing, or its entity", "subject": "its subject"}


def all_codes() -> dict[str, Any]:
    """Return every row of every table of codes, by code."""
    return dict(sorted({**CODES, **own_faults.CODES}.items()))


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
    return "".join(code_cell(part) if at % 2 else plain_words(part) for at, part in enumerate(parts))


def plain_words(text: str) -> str:
    """Return words for Markdown with the spaces at their ends kept, since code may stand beside them."""
    words = text.strip()
    before, _, after = text.partition(words) if words else (text, "", "")
    return before + inert_markdown(words) + after


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


def commands() -> dict[str, click.Command]:
    """Return every command that is there, by name."""
    modules = {name: "muniment.cli." + name.replace("-", "_") for name in COMMANDS}
    modules = {name: f"{module}_" if iskeyword(name) else module for name, module in modules.items()}
    return {name: import_module(module).command for name, module in modules.items() if find_spec(module) is not None}


def commands_page() -> str:
    """Return the page of commands, as their own help describes them."""
    lines = ["# Commands", "", "`muniment COMMAND --help` prints the same in the terminal.", ""]
    for name, command in commands().items():
        with click.Context(cli, info_name="muniment", **cli.context_settings) as parent:
            own = click.Context(command, parent, info_name=name, terminal_width=88)
            texts = [command.get_help(own)]
            for inner_name, inner in sorted(getattr(command, "commands", {}).items()):
                texts.append(inner.get_help(click.Context(inner, own, info_name=inner_name, terminal_width=88)))
        lines += [f"## `muniment {name}`", "", prose(COMMANDS[name]), ""]
        lines += [line for text in texts for line in ("```text", text, "```", "")]
        if schema_of(name) is not None:
            lines += [f"The fields of `--format json` are [listed here](json.md#muniment-{name}).", ""]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Return the page of settings: those of a book, and those of the environment."""
    lines = [SETTINGS_HEAD]
    for key in KNOWN_SETTINGS:
        meaning, example = SETTINGS[key]
        lines.append(f"| `{key}` | {prose(meaning)} | {code_cell(example)} |")
    lines.append(VARIABLES_HEAD)
    for variable, (option, meaning) in sorted(variables().items()):
        lines.append(f"| `{variable}` | `{option}` | {prose(meaning)} |")
    lines.append(SETTINGS_FOOT)
    return "\n".join(lines) + "\n"


def variables() -> dict[str, tuple[str, str]]:
    """Return each variable of the environment that an option reads: the option and its help."""
    found: dict[str, tuple[str, str]] = {}
    for command in commands().values():
        for option in command.params:
            if isinstance(option, click.Option) and isinstance(option.envvar, str):
                found.setdefault(option.envvar, (option.opts[0], option.help or ""))
    return found


def packs_page() -> str:
    """Return the page of the statutory packs: every default with its section and its day."""
    lines = [PACKS_HEAD]
    for pack_id, title in PACKS.items():
        pack = read_pack(pack_id)
        lines += [f"## `{pack_id}`: {plain_words(title)}", ""]
        lines += ["Brought in by " + ", ".join(f"`law: {law}`" for law in laws_of(pack_id)) + ".", ""]
        lines += [f"- [{plain_words(name)}]({link})" for name, link in sources_of(pack)]
        for default in pack.defaults:
            lines += ["", f"### `{default.record.name}`: {plain_words(default.record.title)}", ""]
            lines += [code_cell(applies_to(default)), ""]
            lines += ["| matter | rule | statute |", "| --- | --- | --- |"]
            lines += [
                f"| {plain_words(row.matter)} | {code_cell(row.rule)} | {plain_words(row.authority)} |"
                for row in stated_in(default)
            ]
            if default.remarks:
                lines += ["", *(f"- {plain_words(remark)}" for remark in default.remarks)]
        lines.append("")
    return "\n".join(lines)


def schema_of(name: str) -> dict[str, Any] | None:
    """Return the JSON Schema of a command's machine answer; None if it has none."""
    path = SCHEMAS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def json_page() -> str:
    """Return the page of the fields of machine answers, from the schemas."""
    found = {name: schema for name in COMMANDS if (schema := schema_of(name)) is not None}
    lines = [JSON_HEAD]
    shared = [set(schema["properties"]) for schema in found.values()]
    first = next(iter(found.values()))["properties"]
    everywhere = {name: part for name, part in first.items() if all(name in each for each in shared)}
    lines += fields_table({"properties": everywhere}, {})
    for name, schema in found.items():
        own = {field: part for field, part in schema["properties"].items() if field not in everywhere}
        lines += [f"## `muniment {name}`", "", f"Schema: {{download}}`{name}.json <schemas/{name}.json>`", ""]
        lines += fields_table({**schema, "properties": own}, schema.get("$defs", {}))
    return "\n".join(lines) + "\n"


def fields_table(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[str]:
    """Return a table of the fields of an object, those inside it too, by their paths."""
    rows = ["| field | type | what it holds |", "| --- | --- | --- |"]
    waiting = [(name, part, name in schema.get("required", (name,))) for name, part in schema["properties"].items()]
    while waiting:
        path, part, always = waiting.pop(0)
        part = {**resolved(part, definitions), **{key: value for key, value in part.items() if key == "description"}}
        meaning = prose(part.get("description", "")) + ("" if always else " Not always there.")
        rows.append(f"| `{path}` | {type_words(part)} | {meaning} |")
        inside, at = part, path
        while "items" in inside:
            inside, at = resolved(inside["items"], definitions), at + "[]"
        inner = inside.get("properties", {})
        waiting[:0] = [(f"{at}.{name}", each, name in inside.get("required", ())) for name, each in inner.items()]
    return [*rows, ""]


def resolved(part: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of a schema, with what it refers to in its place."""
    return dict(definitions[part["$ref"].rpartition("/")[2]]) if "$ref" in part else dict(part)


def type_words(part: Mapping[str, Any]) -> str:
    """Return the type of a field in words."""
    if "enum" in part:
        return " or ".join("null" if value is None else f"`{value}`" for value in part["enum"])
    if "const" in part:
        return f"`{part['const']}`"
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    return " or ".join("list" if kind == "array" else kind for kind in kinds)


LEGAL_HEAD = """\
# Legal tests of control

`muniment legal` asks these tests, and so do lines `TEST of PARTY` of an `expect` record.
Each answers yes, no or undetermined on the facts of the book alone.
Where it is undetermined, the answer says what would decide.
[Who controls it, by which law's test?](../howto/who-controls-it-by-which-law.md) shows them at work.
The sources were read as the version says; Muniment does not follow later changes by itself.
A limit is what the source asks beyond the records.
"""


def legal_tests_page() -> str:
    """Return the page of legal tests, from the registry that the program asks."""
    lines = [LEGAL_HEAD, "| test | a yes means |", "| --- | --- |"]
    lines += [f"| [`{test.id}`](#{test.id}) | {prose(test.title)} |" for test in TESTS]
    for test in TESTS:
        lines += ["", f"({test.id})=", f"## `{test.id}`", ""]
        doc = (test.ask.__doc__ or "").strip().split("\n\n")
        lines += [prose(" ".join(part.split()).replace("Return whether", "It asks whether", 1)) for part in doc]
        parts = {"Source": test.source, "Version": test.version, "What it reads": test.reads, "Limits": test.limits}
        lines += ["", *(f"**{name}.** {prose(words)}  " for name, words in parts.items())]
    return "\n".join(lines) + "\n"


PAGES = {
    "records": records_page,
    "codes": codes_page,
    "commands": commands_page,
    "settings": settings_page,
    "json": json_page,
    "legal-tests": legal_tests_page,
    "mechanisms": mechanisms_page,
    "packs": packs_page,
}


def write_reference(folder: Path) -> None:
    """Write the generated pages into a folder, touching only those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        path, text = folder / f"{name}.md", page()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_reference(Path(__file__).resolve().parent / "reference")
