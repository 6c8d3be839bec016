"""What the commands on value, offers and distributions refuse, and that they need no extra packages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.cli.main import run

BOOKS = Path(__file__).resolve().parents[2] / "books"
ACME = ("value", str(BOOKS / "acme"), "acme", "--on", "2021-04-01")
MARKET = ("--volatility", "60%", "--term", "3 years")
EQUITY = ("--equity", "USD 50,000,000")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "say what is asked"),
        (("--exits", ""), "say what is asked"),
        (EQUITY, "needs --volatility and --term"),
        ((*EQUITY, *MARKET, "--backsolve", "series-a=USD 1"), "exclude each other"),
        ((*EQUITY, "--volatility", "60%", "--term", "soon"), "--term 'soon'"),
        ((*EQUITY, "--volatility", "much", "--term", "1 year"), "is not a percentage"),
        ((*EQUITY, "--volatility", "5000%", "--term", "1 year"), "--volatility is from"),
        ((*EQUITY, "--volatility", "60%", "--term", "900 years"), "at most 100 years"),
        (("--equity", "USD 0", *MARKET), "more than 0"),
        (("--equity", "fifty", *MARKET), "--equity 'fifty'"),
        (("--equity", "between USD 1 and USD 2", *MARKET), "is a range"),
        ((*EQUITY, *MARKET, "--monte-carlo", "3"), "--monte-carlo is from"),
        ((*EQUITY, *MARKET, "--exits", "EUR 5"), "one currency"),
        (("--exits", "USD 5", "--monte-carlo", "100"), "--monte-carlo needs"),
        (("--draw", "triangular USD 3, USD 2, USD 1", "--monte-carlo", "100"), "least, the likeliest"),
        (("--draw", "triangular USD 1, USD 2, USD 3"), "needs --monte-carlo"),
        (("--draw", "60% USD 1, 30% USD 2"), "do not add up"),
        (("--backsolve", "no-round", *MARKET), "is no round"),
        (("--backsolve", "series-a=USD 0", *MARKET), "more than 0"),
        (("--exits", "USD 5", *MARKET), "belong to"),
        (("--exits", "USD 5", "--rate", "3%"), "without --term"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*ACME, *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err


def test_a_recorded_round_gives_its_price(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ACME, *MARKET, "--backsolve", "acme-series-a", "--json"]) == 0
    of_round = json.loads(capsys.readouterr().out)
    assert of_round["backsolve"]["class"] == "series-a"
    assert run([*ACME, *MARKET, "--backsolve", "series-a=USD 1.50", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["backsolve"]["price"] == "1.5"
    assert answer["equity"] == of_round["equity"]
    assert next(each for each in answer["classes"] if each["class"] == "series-a")["per_share"] == "1.500000"


def test_option_pricing_needs_neither_numpy_nor_scipy() -> None:
    code = (
        "import sys\n"
        "sys.modules['numpy'] = sys.modules['scipy'] = None\n"
        "from muniment.cli.main import run\n"
        f"raise SystemExit(run({[*ACME, *EQUITY, *MARKET]!r}))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "birch-ventures" in ended.stdout


def test_an_unknown_offer_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["offers", str(BOOKS / "openai"), "--on", "2016-03-01", "--offer", "intern"]) == 2
    assert "did you mean 'interns'" in capsys.readouterr().err


def test_an_entity_without_tiers_has_no_history(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["distributions", str(BOOKS / "acme"), "acme", "--on", "2021-04-01"]) == 1
    assert "no order of distributions" in capsys.readouterr().out


def test_the_openai_book_leaves_the_equity_of_its_offers_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["offers", str(BOOKS / "openai"), "--on", "2016-03-01", "--json"]) == 0
    found = {each["offer"]: each for each in json.loads(capsys.readouterr().out)["offers"]}
    assert found["later-hires"]["cash"][0] == {"year": 1, "low": "300000.00", "high": "300000.00"}
    assert found["interns"]["cash"][0]["low"] == "108000.00"
    for name in ("first-letters", "founding-package"):
        assert found[name]["equity"] is None
        assert "only in words" in found[name]["open"][0]
