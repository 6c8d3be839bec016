"""The documentation names everything there is, and its links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from muniment.cli.commands import COMMANDS
from muniment.model.block_kinds import BLOCKS
from muniment.model.record_kinds import RECORDS

DOCS = Path(__file__).resolve().parents[2] / "docs"
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
    labels = [label.name for kind in kinds for label in (*kind.labels, *((kind.open,) if kind.open else ()))]
    assert [label for label in labels if f"| `{label}` |" not in page] == []


def test_every_code_is_described(generate: ModuleType) -> None:
    page = generate.codes_page()
    codes = generate.all_codes()
    assert len(codes) > 10
    assert [code for code in codes if f"### {code}: " not in page] == []


def test_every_command_is_described(generate: ModuleType) -> None:
    page = generate.commands_page()
    assert [name for name in COMMANDS if f"## `muniment {name}`" not in page] == []


def test_the_glossary_is_in_order_and_names_each_word_once() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8").partition(":::{glossary}\n")[2]
    terms = re.findall(r"(?m)^(\w.*)$", text)
    assert len(terms) >= 30
    assert terms == sorted(set(terms), key=str.lower)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_one_sentence_stands_on_one_line(page: Path) -> None:
    prose = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    assert re.findall(r"(?m)^.*[a-z]\. [A-Z].*$", prose) == []
