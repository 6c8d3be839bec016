"""The published schemas: what the commands print is what they say, and nothing else."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from muniment.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "docs" / "reference" / "schemas").glob("*.json"))
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
ON = ("--on", "2021-04-01")
MARKET = ("--volatility", "60%", "--term", "3 years")
TERMS = ("--on", "2017-09-13", "--under", "musk-terms")
HEADER = ("format", "version", "book", "book_hash", "on", "account", "under", "as_recorded", "assumptions")

BOTH = (
    ("check",),
    ("quotes",),
    ("disputes",),
    ("timeline",),
    ("threads",),
    ("timeline", "--on", "2021-03-05"),
    ("report",),
    ("control", "--on", "2021-04-01"),
    ("control", "--on", "2021-04-01", "--as-recorded"),
)
"""Questions put to every book."""
QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((book, words) for book in ("acme", "lighthouse") for words in BOTH),
    ("pyramid", ("control", "--on", "2021-04-01", "--directors", "loyal")),
    ("lighthouse", ("control", "--on", "2021-03-10", "--under", "buy-out")),
    ("acme", ("payout", "acme", "--on", "2021-04-01", "--proceeds", "USD 10,000,000")),
    ("acme", ("payout", "acme", "--on", "2021-04-01", "--proceeds", "EUR 10,000,000")),
    ("acme", ("payout", "acme", "--on", "2021-04-01", "--proceeds", "USD 10,000,000", "--curve")),
    ("lighthouse", ("payout", "lighthouse-lp", "--on", "2021-03-10", "--proceeds", "USD 2,500,000,000")),
    ("acme", ("legal", "--on", "2021-04-01", "--blocked", "ada", "--blocked", "grace")),
    ("acme", ("legal", "--on", "2021-04-01", "--test", "close-links", "--party", "birch-ventures")),
    ("pyramid", ("legal", "--on", "2021-04-01")),
    ("openai", ("legal", *TERMS)),
    ("acme", ("control", "--on", "2021-04-01", "--matter", "acme: sell company", "--why", "--what-if", "grace")),
    ("acme", ("signatures", "acme", "sell company", "--on", "2021-04-01", "--by", "2021-04-30", "--who", "ada")),
    ("pyramid", ("signatures", "left", "elect directors", "--on", "2021-04-01", "--by", "2021-04-30")),
    ("openai", ("signatures", "openai-tech", "ordinary decision", *TERMS, "--by", "2017-10-13")),
    ("acme", ("paths", "--who", "ada,grace", "--matter", "acme: change purpose", "--on", "2021-04-01", "--cuts")),
    ("acme", ("paths", "--who", "ada,grace", "--matter", "acme: merge", "--directors", "independent", "--cuts", *ON)),
    ("acme", ("paths", "--who", "ada", "--matter", "acme: sell company", "--on", "2021-04-01", "--coalitions", "2")),
    ("lighthouse", ("paths", "--who", "oak", "--matter", "lighthouse-lp: sell company", "--on", "2021-03-10")),
    ("openai", ("paths", "--who", "musk", "--matter", "openai-tech: ordinary decision", *TERMS)),
    ("acme", ("cap-table", "acme", "--on", "2021-04-01")),
    ("acme", ("round", "acme-series-a")),
    ("acme", ("round", "acme", *ON, "--raise", "USD 10,000,000", "--pre", "USD 40,000,000", "--pool-after", "10%")),
    ("acme", ("round", "acme", *ON, "--raise", "USD 1", "--price", "USD 3", "--price-rounds", "down to 0 places")),
    ("acme", ("cap-table", "acme", "--on", "2021-04-01", "--by", "holder")),
    ("acme", ("cap-table", "acme", "--on", "2021-04-01", "--by", "instrument")),
    ("acme", ("cap-table", "acme", "--on", "2021-04-01", "--history")),
    ("lighthouse", ("cap-table", "lighthouse-lp", "--on", "2021-03-10")),
    ("acme", ("compare", "--on", "2021-03-04,2021-04-01", "--proceeds", "USD 10,000,000")),
    ("lighthouse", ("compare", "--on", "2021-03-10", "--under", "none,buy-out")),
    ("lighthouse", ("compare", "--on", "2021-03-10", "--account", "gazette-version,lighthouse-version")),
    ("acme", ("control", "--on", "2021-04-01", "--matter", "acme: sell company", "--indices", "all", "--with", "ada")),
    (
        "acme",
        ("control", "--on", "2021-04-01", "--matter", "acme: sell company", "--without", "ada", "--by", "2022-01-01"),
    ),
    (
        "acme",
        (
            *("control", "--on", "2021-04-01", "--matter", "acme: sell company", "--directors", "independent"),
            *("--blocs", "ada, grace", "--chances", "ada=2/3", "--exercise", "all"),
        ),
    ),
    ("openai", ("control", "--on", "2017-09-13", "--under", "musk-terms-filled", "--matter", "ordinary decision")),
    ("openai", ("payout", "openai-tech", *TERMS, "--proceeds", "USD 10 million")),
    ("openai", ("cap-table", "openai-tech", *TERMS)),
    ("openai", ("disputes", "--kind", "category")),
    ("openai", ("timeline",)),
    ("lighthouse", ("distributions", "lighthouse-lp", "--on", "2021-03-10")),
    ("acme", ("distributions", "acme", *ON)),
    ("acme", ("value", "acme", *ON, "--equity", "USD 50,000,000", *MARKET, "--monte-carlo", "100", "--exits", "USD 9")),
    ("acme", ("value", "acme", *ON, "--backsolve", "series-a=USD 1.50", *MARKET)),
    ("acme", ("value", "acme", *ON, "--draw", "50% USD 1 million, 50% USD 9 million")),
    ("acme", ("value", "acme", *ON, "--equity", "EUR 50,000,000", *MARKET)),
    ("openai", ("offers", "--on", "2016-03-01", "--exits", "USD 1 million")),
)

OPEN_PREFERENCE = """\
2021-01-01 source a "A"
  kind: statement
2021-01-01 source b "B"
  kind: statement
2021-01-01 person ada
2021-01-01 fund birch
2021-01-01 company acme
  law pack: none
  class common
    votes per share: 1
  class preferred
    votes per share: 1
    original issue price: USD 1
    liquidation preference: disputed
      - 1x   [@a]
      - 2x   [@b]
2021-01-01 issue acme
  ada: disputed
    - 10 common   [@a]
    - 20 common   [@b]
  birch: 10 preferred for USD 10
"""


def asked(words: tuple[str, ...]) -> dict[str, Any]:
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(io.StringIO()):
        code = run([*words, "--json"])
    assert code in (0, 1)
    answer: dict[str, Any] = json.loads(printed.getvalue())
    return answer


def faults(command: str, answer: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(SCHEMAS[command], format_checker=FormatChecker())
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(answer)]


@pytest.mark.parametrize(("book", "words"), QUESTIONS, ids=[f"{book} {' '.join(words)}" for book, words in QUESTIONS])
def test_answers_are_as_the_schema_says(book: str, words: tuple[str, ...]) -> None:
    command, *rest = words
    answer = asked((command, str(ROOT / "books" / book), *rest))
    assert faults(command, answer) == []


@pytest.mark.parametrize("words", [("payout", "--proceeds", "USD 100"), ("cap-table",)], ids=["payout", "cap-table"])
def test_an_answer_for_each_reading_is_as_the_schema_says(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Open"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "open.muni").write_text(OPEN_PREFERENCE, encoding="utf-8")
    command, *rest = words
    answer = asked((command, str(tmp_path), "acme", "--on", "2021-02-01", *rest))
    assert len(answer["answers"]) >= 2
    assert all(each["reads"] for each in answer["answers"])
    assert faults(command, answer) == []


def test_a_book_with_every_sort_of_diagnostic_is_as_the_schema_says(tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Faults"\nformat = 1\nnmae = 2\n', encoding="utf-8")
    twice = "2021-01-01 person ada\n2021-01-02 person ada\n"
    unknown = "2021-01-01 compny acme\n2021-01-01 expect acme\n  merge, alone: ada\n"
    (tmp_path / "faults.muni").write_text(twice + unknown, encoding="utf-8")
    answer = asked(("check", str(tmp_path)))
    assert {diagnostic["severity"] for diagnostic in answer["diagnostics"]} >= {"error", "warning"}
    assert faults("check", answer) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_says_what_every_field_is(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:muniment:format:1:{name}"
    waiting, bare = [(name, schema)], []
    while waiting:
        path, part = waiting.pop()
        for field, inner in part.get("properties", {}).items():
            waiting.append((f"{path}.{field}", inner))
            if "description" not in inner:
                bare.append(f"{path}.{field}")
        inside = [part.get("items"), part.get("additionalProperties")]
        waiting += [(f"{path}[]", inner) for inner in inside if isinstance(inner, dict)]
        waiting += [(f"{path}#{field}", inner) for field, inner in part.get("$defs", {}).items()]
    assert bare == []


def test_what_several_schemas_describe_is_described_alike() -> None:
    for field in HEADER:
        if field != "assumptions":
            assert len({json.dumps(schema["properties"][field]) for schema in SCHEMAS.values()}) == 1, field
    definitions: dict[str, set[str]] = {}
    for schema in SCHEMAS.values():
        for name, part in schema.get("$defs", {}).items():
            definitions.setdefault(name, set()).add(json.dumps(part))
    assert [name for name, forms in definitions.items() if len(forms) > 1] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_field_that_is_missing_or_unknown_is_noticed(name: str) -> None:
    empty: dict[str, Any] = {}
    assert faults(name, empty)
    assert any("unknown_field" in fault for fault in faults(name, {"unknown_field": 1}))
