"""What each command prints in each format on two worked books, letter by letter (tests/golden).

`pytest --update` rewrites the files; their diff is read like code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.cli.main import run
from muniment.render.formats import FORMATS

BOOKS = Path(__file__).resolve().parents[2] / "books"

QUESTIONS: dict[str, list[str]] = {
    "acme-control": ["control", "acme", "--on", "2021-04-01"],
    "acme-control-why": ["control", "acme", "--on", "2021-04-01", "--matter", "acme: sell company", "--why"],
    "acme-legal": ["legal", "acme", "--on", "2021-04-01", "--blocked", "grace", "--blocked", "ada"],
    "acme-payout": ["payout", "acme", "acme", "--on", "2021-04-01", "--proceeds", "USD 10,000,000", "--curve", "--why"],
    "acme-what-if": [
        *("control", "acme", "--on", "2021-04-01", "--matter", "acme: sell company", "--directors", "loyal"),
        *("--what-if", "grace"),
    ],
    "acme-signatures": [
        *("signatures", "acme", "acme", "sell company", "--on", "2021-04-01", "--by", "2021-04-30", "--who", "ada"),
        "--why",
    ],
    "acme-paths": [
        *("paths", "acme", "--who", "ada", "--matter", "acme: sell company", "--on", "2021-04-01", "--cuts"),
        *("--coalitions", "2", "--why"),
    ],
    "acme-paths-cuts": [
        *("paths", "acme", "--who", "ada,grace", "--matter", "acme: change purpose", "--on", "2021-04-01", "--cuts"),
        *("--directors", "independent"),
    ],
    "acme-cap-table": ["cap-table", "acme", "acme", "--on", "2021-04-01"],
    "acme-round": ["round", "acme", "acme-series-a", "--on", "2021-03-04"],
    "acme-what-if-round": [
        *("round", "acme", "acme", "--on", "2021-04-01", "--raise", "USD 10,000,000", "--pre", "USD 40,000,000"),
        *("--pool-after", "10%", "--price-rounds", "up to 4 places", "--shares-round", "down"),
    ],
    "acme-quotes": ["quotes", "acme"],
    "acme-disputes": ["disputes", "acme"],
    "acme-timeline": ["timeline", "acme"],
    "acme-compare": ["compare", "acme", "--on", "2021-03-04,2021-04-01", "--matter", "appoint ceo"],
    "acme-check": ["check", "acme"],
    "acme-report": ["report", "acme"],
    "lighthouse-control": ["control", "lighthouse", "--on", "2021-03-10"],
    "lighthouse-control-buy-out": [
        *("control", "lighthouse", "--on", "2021-03-10", "--under", "buy-out"),
        *("--matter", "lighthouse-lp: sell company", "--directors", "loyal", "--why"),
    ],
    "lighthouse-payout": [
        "payout",
        "lighthouse",
        "lighthouse-lp",
        "--on",
        "2021-03-10",
        "--proceeds",
        "USD 2.5 billion",
    ],
    "lighthouse-paths": [
        *("paths", "lighthouse", "--who", "oak", "--matter", "lighthouse-lp: sell company", "--on", "2021-03-10"),
        *("--under", "buy-out"),
    ],
    "lighthouse-cap-table": ["cap-table", "lighthouse", "lighthouse-lp", "--on", "2021-03-10"],
    "lighthouse-quotes": ["quotes", "lighthouse"],
    "lighthouse-disputes": ["disputes", "lighthouse"],
    "lighthouse-timeline": ["timeline", "lighthouse", "--account", "gazette-version"],
    "lighthouse-compare": [
        *("compare", "lighthouse", "--on", "2021-03-10", "--under", "none,buy-out"),
        *("--proceeds", "USD 2,500,000,000"),
    ],
    "lighthouse-check": ["check", "lighthouse"],
    "acme-value": [
        *("value", "acme", "acme", "--on", "2021-04-01", "--equity", "USD 50,000,000", "--volatility", "60%"),
        *("--term", "3 years", "--rate", "4%", "--exits", "USD 3,000,000, USD 10,000,000, USD 1 billion"),
    ],
    "lighthouse-distributions": ["distributions", "lighthouse", "lighthouse-lp", "--on", "2021-03-10"],
    "openai-offers": ["offers", "openai", "--on", "2016-03-01"],
    "lighthouse-report": ["report", "lighthouse"],
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_printed_as_before(
    name: str, form: str, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(BOOKS)
    monkeypatch.setenv("COLUMNS", "100")
    assert run([*QUESTIONS[name], "--format", form]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "\x1b" not in said.out
    assert not re.search(r"(?m)[ \t]+$", said.out) or form != "table"
    golden(f"{name}.{'txt' if form == 'table' else form}", said.out)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_printed_answer_says_what_it_rests_on(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BOOKS)
    words = QUESTIONS[name]
    for form in ("table", "md"):
        assert run([*words, "--format", form]) == 0
        end = " ".join(capsys.readouterr().out.splitlines()[-6:]).replace("\\", "")
        asked = words[words.index("--on") + 1].split(",") if "--on" in words else ["All dates"]
        assert all(day in end for day in asked), end
        assert "account: " in end
        assert "proposal: " in end
        assert "muniment 0." in end
        assert re.search(r"hash [0-9a-f]{12}\b", end), end
        if words[0] in ("control", "compare", "report", "paths"):
            assert "directors: " in end
    for form in ("json", "jsonl", "csv"):
        assert run([*words, "--format", form]) == 0
        out = capsys.readouterr().out
        if out.strip():
            for field in ("version", "book_hash", "on", "account", "under"):
                assert field in out.replace('"', ""), (form, field)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_answer_has_a_wrong_plural(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(BOOKS / word) if at == 1 else word for at, word in enumerate(QUESTIONS[name])]
    run(words)
    out = capsys.readouterr().out
    assert (
        re.findall(r"(?<![\d,.])1 (?:errors|warnings|notes|expectations|records|sources|votes|seats|trustees)\b", out)
        == []
    )
