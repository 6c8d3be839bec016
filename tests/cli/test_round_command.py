"""`muniment round` on the command line: recorded rounds, rounds only thought of, and what is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from muniment.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
ACME = str(ROOT / "books" / "acme")
ON = ("--on", "2021-04-01")
SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "round.json").read_text(encoding="utf-8"))

TIDE = """\
2021-01-01 person ada "Ada"
2021-01-01 fund elm "Elm"
2021-01-01 company tide
  law pack: none
  class common
2021-01-01 issue tide
  ada: 8,000,000 common
2021-01-01 note bridge
  issuer: tide
  to: elm
  amount: USD 1,000,000
  discount: 20%
  interest: 8% a year, simple
2022-01-01 round seed-round
  issuer: tide
  pre-money: USD 32,000,000
  new money: USD 8,000,000
  converts: bridge
"""


@pytest.fixture
def tide(tmp_path: Path) -> Path:
    (tmp_path / "muniment.toml").write_text('name = "Tide"\n', encoding="utf-8")
    (tmp_path / "tide.muni").write_text(TIDE, encoding="utf-8")
    return tmp_path


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert run(["round", *words, "--json"]) in (0, 1)
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    faults = Draft202012Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(answer)
    assert [f"{fault.json_path}: {fault.message[:200]}" for fault in faults] == []
    return answer


def test_a_recorded_round_is_computed_on_its_own_day(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, ACME, "acme-series-a")
    assert answer["on"] == "2021-03-04"
    assert answer["solutions"][0]["price"] == "3/2"  # type: ignore[index]
    assert answer["because"]


def test_an_answer_for_each_day_count_is_as_the_schema_says(tide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, str(tide), "seed-round")
    reads = [each["reads"]["bridge day count"] for each in answer["answers"]]  # type: ignore[attr-defined]
    assert reads == ["actual/365 or 30/360", "actual/360"]
    assert run(["round", str(tide), "seed-round"]) == 0
    assert "If bridge day count is 'actual/360'." in capsys.readouterr().out


def test_a_round_only_thought_of(tide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tide / "tide.muni").write_text(TIDE.partition("2022-01-01 round")[0], encoding="utf-8")
    terms = ("--raise", "USD 8,000,000", "--pre", "USD 32,000,000", "--pool-after", "10%", "--on", "2021-01-01")
    answer = answered(capsys, str(tide), "tide", *terms)
    rows = {(row["kind"], row["party"]): row for row in answer["rows"]}  # type: ignore[attr-defined]
    assert rows["bought", "new investors"]["part_after"] == "1/5"
    assert rows["pool", "pool"]["part_after"] == "1/10"
    assert rows["converted", "elm"]["money"] == "1000000"
    out_of = ("--pro-rata", "ada", "--pro-rata-money", "out-of")
    named = answered(capsys, str(tide), "tide", *terms, "--sold-to", "elm for USD 3,000,000", *out_of)
    assert {row["party"] for row in named["rows"] if row["kind"] == "bought"} == {"ada", "elm", "new investors"}  # type: ignore[attr-defined]


def test_terms_that_hold_at_no_price_end_with_1(tide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(tide), "tide", "--on", "2021-06-01", "--raise", "USD 1,000", "--pre", "USD 1,000"]
    assert run(["round", *words]) == 1
    assert "at every price" in capsys.readouterr().out
    assert answered(capsys, *words)["refusals"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nope",), "there is no round or entity 'nope'"),
        (("acme",), "needs one of --pre, --post and --price"),
        (("acme", "--pre", "USD 4", "--post", "USD 5", "--raise", "USD 1"), "needs one of"),
        (("acme", "--pre", "USD 4"), "say how much is raised"),
        (("acme", "--pre", "a lot", "--raise", "USD 1"), "--pre 'a lot' is not an exact amount"),
        (("acme", "--pre", "USD 0", "--raise", "USD 1"), "--pre is not above 0"),
        (("acme", "--pre", "USD 4", "--raise", "EUR 1"), "in EUR"),
        (("acme", "--pre", "USD 4", "--raise", "USD 1", "--pool-after", "120%"), "--pool-after '120%'"),
        (("acme", "--pre", "USD 4", "--raise", "USD 1", "--price-rounds", "sideways"), "not a way to round"),
        (("acme", "--pre", "USD 4", "--raise", "USD 1", "--sold-to", "oak"), "who buys for how much"),
        (("acme", "--pre", "USD 4", "--raise", "USD 1", "--sold-to", "oak for USD 1"), "there is no party 'oak'"),
        (("acme", "--pre", "USD 4", "--raise", "USD 1", "--sold-to", "ada for USD 2"), "more than --raise"),
        (("acme", "--pre", "USD 4", "--raise", "USD 1", "--pro-rata", "nobody-here"), "there is no party"),
        (("acme-series-a", "--pre", "USD 4"), "is recorded with its own terms"),
    ],
)
def test_wrong_usage_is_one_line(words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["round", ACME, *words, *ON]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("converts", ["nothing-there", "acme-series-a"])
def test_what_does_not_convert_is_refused_in_a_sentence(converts: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("round", ACME, "acme", *ON, "--pre", "USD 4", "--raise", "USD 1", "--converts", converts)
    assert run([*words]) == 1
    assert f"{converts} is not a SAFE or note of acme" in capsys.readouterr().out


def test_parts_pro_rata_are_answered_both_ways_unless_it_is_said_which(
    tide: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ada has all shares but those the note becomes: 8 of 8.3125 million at a price of 4 before the note."""
    terms = ("--raise", "USD 8,000,000", "--price", "USD 4", "--on", "2021-01-01", "--pro-rata", "ada")
    both = answered(capsys, str(tide), "tide", *terms, "--converts", "bridge")
    reads = [each["reads"]["pro rata money"] for each in both["answers"]]  # type: ignore[attr-defined]
    assert reads == ["out of the new money", "on top of the new money"]
    top = answered(capsys, str(tide), "tide", *terms, "--converts", "bridge", "--pro-rata-money", "on-top")
    paid = {row["party"]: row["money"] for row in top["rows"] if row["kind"] == "bought"}  # type: ignore[attr-defined]
    # A note of a million at 3.2 is 312,500 of 8,312,500 shares: the rest pay 8 million for that part of the money.
    whole = Fraction(8_000_000) * Fraction(8_312_500, 312_500)
    assert {party: Fraction(money) for party, money in paid.items()} == {
        "new investors": 8_000_000,
        "ada": whole - 8_000_000,
    }


def test_a_what_if_round_of_two_closings(tide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sold = ("--sold-to", "elm for USD 6,000,000 on 2021-01-01", "--sold-to", "elm for USD 2,000,000 on 2021-03-01")
    found = answered(capsys, str(tide), "tide", *sold, "--price", "USD 4", "--on", "2021-01-01")
    rows = [(row["of"], row["after"]) for row in found["rows"] if row["kind"] == "bought"]  # type: ignore[attr-defined]
    assert rows == [("new shares, closing 1", "1500000"), ("new shares, closing 2", "500000")]
    (converted,) = found["solutions"][0]["conversions"]  # type: ignore[index]
    assert converted["shares"] == "312500"


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (("--raise", "USD 0", "--pre", "USD 5"), "--raise is not above 0"),
        (("--raise", "USD -5", "--pre", "USD 5"), "'USD -5' is not an exact amount above 0"),
        (("--raise", "USD 5", "--pre", "USD 9", "--pool-after", "100%"), "not a part below the whole"),
        (("--raise", "USD 5", "--pre", "USD 9", "--shares-round", "up to 5 places"), "shares become whole"),
        (("--pre", "USD 9", "--sold-to", "elm for USD 5 on 2020-05-01"), "is before the day of the round"),
        (("--raise", "USD 5", "--pre", "USD 9", "--pro-rata-money", "on-top"), "give --pro-rata too"),
    ],
)
def test_terms_that_are_no_round_are_refused_by_their_own_name(
    tide: Path, capsys: pytest.CaptureFixture[str], terms: tuple[str, ...], words: str
) -> None:
    assert run(["round", str(tide), "tide", "--on", "2021-01-01", *terms]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_post_money_that_is_all_new_money_is_named_as_that(tide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    all_new = ("--raise", "USD 5,000,000", "--post", "USD 5,000,000", "--on", "2021-01-01")
    (refusal,) = answered(capsys, str(tide), "tide", *all_new)["refusals"]  # type: ignore[misc]
    assert refusal["message"].startswith("the new money is not below the post-money")  # type: ignore[index]
