"""The documentation names everything there is, and its links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click
import pytest

from muniment.book.load import KNOWN_SETTINGS
from muniment.cli.commands import COMMANDS
from muniment.model.block_kinds import BLOCKS
from muniment.model.record_kinds import RECORDS
from muniment.model.vocabulary import COMMON, STANDARD_MATTERS

DOCS = Path(__file__).resolve().parents[2] / "docs"
SOURCE = DOCS.parent / "src" / "muniment"
PAGES = sorted(path for path in DOCS.rglob("*.md") if not {"_build", "reference"} & set(path.parts))


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_kind_and_label_is_described(generate: ModuleType) -> None:
    page = generate.records_page()
    kinds = [*RECORDS.values(), *BLOCKS.values()]
    assert [kind.name for kind in kinds if f"### `{kind.name}`" not in page] == []
    labels = [label.name for label in COMMON]
    labels += [label.name for kind in kinds for label in (*kind.labels, *((kind.open,) if kind.open else ()))]
    assert [label for label in labels if f"| `{label}` |" not in page] == []


def test_every_code_is_described(generate: ModuleType) -> None:
    page = generate.codes_page()
    codes = generate.all_codes()
    assert len(codes) > 10
    assert [code for code in codes if f"### {code}: " not in page] == []


def test_every_code_that_the_program_gives_is_in_a_table(generate: ModuleType) -> None:
    modules = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    given = {code for module in modules for code in re.findall(r"[\"\[](M[1-9]\d\d)[\"\]]", module)}
    assert len(given) > 50
    assert sorted(given - set(generate.all_codes())) == []


def test_every_standard_matter_is_named(generate: ModuleType) -> None:
    page = generate.records_page()
    assert [matter for matter in STANDARD_MATTERS if f"\n- {matter}\n" not in page] == []


def test_every_command_is_described_with_every_option(generate: ModuleType) -> None:
    page = generate.commands_page()
    assert [name for name in COMMANDS if f"## `muniment {name}`" not in page] == []
    assert list(generate.commands()) == list(COMMANDS)
    for name, command in generate.commands().items():
        section = page.partition(f"## `muniment {name}`")[2].partition("\n## ")[0]
        options = [word for option in command.params if isinstance(option, click.Option) for word in option.opts]
        assert [word for word in options if word not in section] == []


def test_every_setting_is_described(generate: ModuleType) -> None:
    page = generate.settings_page()
    assert [key for key in KNOWN_SETTINGS if f"| `{key}` |" not in page] == []
    variables = {
        option.envvar for command in generate.commands().values() for option in command.params
        if isinstance(option, click.Option) and isinstance(option.envvar, str)
    }  # fmt: skip
    assert "MUNIMENT_ON" in variables
    assert [name for name in variables if f"| `{name}` |" not in page] == []


def test_every_command_that_answers_has_its_fields_described(generate: ModuleType) -> None:
    page = generate.json_page()
    commands = generate.commands().items()
    answering = [name for name, command in commands if any(option.name == "json" for option in command.params)]
    assert [name for name in answering if f"## `muniment {name}`" not in page] == []
    assert "| `answers[].number_of_minimal_coalitions` | integer or null |" in page
    assert "| `disputes[].flips[].answers` | object |" in page


def test_words_beside_code_keep_their_space(generate: ModuleType) -> None:
    assert generate.prose("Take `adopted DATE` or *this*.") == "Take `adopted DATE` or \\*this\\*."
    assert generate.prose("`none`") == "`none`"


def test_every_page_is_in_the_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    names = {page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES} - {"index"}
    assert sorted(names - set(index.split("\n"))) == []


def test_the_glossary_is_in_order_and_names_each_word_once() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8").partition(":::{glossary}\n")[2]
    terms = re.findall(r"(?m)^(\w.*)$", text)
    assert len(terms) >= 30
    assert terms == sorted(set(terms), key=str.lower)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path, generate: ModuleType) -> None:
    made = {DOCS / "reference" / f"{name}.md" for name in generate.PAGES}
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    targets = [(page.parent / link).resolve() for link in links]
    assert [target for target in targets if not target.exists() and target not in made] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_one_sentence_stands_on_one_line(page: Path) -> None:
    prose = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    assert re.findall(r"(?m)^.*[a-z]\. [A-Z].*$", prose) == []
