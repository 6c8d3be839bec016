"""`muniment payout`: inverse questions, one payee's trace, the curve as a file, and modes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from muniment.cli.main import run as command_line

BOOKS = Path(__file__).resolve().parents[2] / "books"
TERN = (str(BOOKS / "exit"), "tern", "--on", "2024-01-01")
ACME = (str(BOOKS / "acme"), "acme", "--on", "2021-04-01")

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*words: str) -> tuple[int, str]:
        code = command_line(["payout", *words])
        caught = capsys.readouterr()
        return code, caught.out + caught.err

    return run


def test_an_inverse_question_alone_shows_the_payouts_there(ask: Ask) -> None:
    code, out = ask(*ACME, "--find", "ada gets USD 5,000,000", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["found"] == [{"name": "ada", "gets": "USD 5,000,000", "proceeds": "USD 10,500,000"}]
    assert (data["proceeds"], data["totals"]["ada"]) == ("USD 10,500,000", "5000000.00")


def test_a_multiple_that_is_never_reached_says_the_most(ask: Ask) -> None:
    _, out = ask(*TERN, "--find", "harbor-bank gets USD 2,000,000")
    assert "harbor-bank gets USD 2,000,000 at no proceeds; the most is USD 1,000,000." in " ".join(out.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--find", "ada has a lot"), "write 'ada gets USD 5,000,000' or 'series-a gets 3x'"),
        (("--find", "nobody gets 3x"), "'nobody' is neither paid anything nor a class of acme"),
        (("--find", "ada gets EUR 5"), "ask in USD"),
        (("--proceeds", "JPY 0.5"), "--proceeds 'JPY 0.5' is finer than JPY can be paid; write a whole number"),
        (("--proceeds", "USD 5.001"), "--proceeds 'USD 5.001' is finer than USD can be paid; write at most 2 decimals"),
        (("--find", "ada gets USD 0.001"), "--find 'ada gets USD 0.001' is finer than USD can be paid"),
        (("--proceeds", "USD 5", "--why", "zoe"), "'zoe' is paid nothing here"),
        (("--proceeds", "USD 5", "--why", "series-b"), "is no class for which one is; payees are"),
        (("--proceeds", "USD 5", "--mode", "sael"), "did you mean 'sale'?; there is: sale, ipo"),
        (("--proceeds", "USD 5", "--mode", "Sale"), "did you mean 'sale'?"),
        (("--proceeds", "USD 5", "--mode", "merger"), "nothing of 'acme' converts on 'merger'; there is: sale, ipo"),
        (("--curve", "--mode", "merger"), "nothing of 'acme' converts on 'merger'"),
        (("--proceeds", "USD 5", "-o", "curve.pdf"), "ends neither in .csv nor in .json"),
        (("--proceeds", "USD 5", "-o", "/no/such/folder/curve.csv"), "cannot be written"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(ask: Ask, words: tuple[str, ...], says: str) -> None:
    code, out = ask(*ACME, *words)
    assert code == 2
    assert says in " ".join(out.split())


@pytest.mark.parametrize(
    "words",
    [
        ("round", *ACME, "--raise", "JPY 1,000.5", "--pre", "JPY 5,000"),
        ("round", *ACME, "--raise", "JPY 1,000", "--pre", "JPY 5,000.5"),
        ("value", *ACME, "--exits", "JPY 0.5"),
    ],
)
def test_no_command_takes_money_that_cannot_be_paid(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(list(words)) == 2
    assert "is finer than JPY can be paid; write a whole number" in " ".join(capsys.readouterr().err.split())


def test_a_claim_that_is_not_exact_is_named_with_its_place(ask: Ask, tmp_path: Path) -> None:
    text = (BOOKS / "exit" / "tern.muni").read_text(encoding="utf-8")
    (tmp_path / "muniment.toml").write_text('name = "Tern"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "tern.muni").write_text(text.replace("  cap: USD ", "  cap: about USD "), encoding="utf-8")
    where = (str(tmp_path), "tern", "--on", "2024-01-01", "--proceeds", "USD 30,000,000")
    code, out = ask(*where)
    assert code == 1
    assert re.search(
        r"is not an exact amount of money, so what it is paid is not known \[tern\.muni:58:1\]", " ".join(out.split())
    )
    data = json.loads(ask(*where, "--json")[1])
    assert (data["rows"], data["refusals"][0]["at"]) == ([], "tern.muni:58:1")


def test_the_steps_of_one_payee_add_up_to_what_it_gets(ask: Ask) -> None:
    _, out = ask(*TERN, "--proceeds", "USD 60,000,000", "--why", "pia")
    said = " ".join(out.split())
    own = said[said.index("pia, for") : said.index("rounded once")]
    steps = re.findall(r"of it, USD ([\d,.]+\d)|: USD (-?[\d,.]+\d) at once", own)
    total = sum(Fraction((step or jump).replace(",", "")) for step, jump in steps)
    _, answer = ask(*TERN, "--proceeds", "USD 60,000,000", "--json")
    assert abs(total - Fraction(json.loads(answer)["totals"]["pia"])) < Fraction(1, 10)
    assert "bridge converts into common [tern.muni:58:1]" in said


def test_the_curve_as_a_table_has_both_sides_of_a_jump_and_adds_up(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "curve.csv"
    assert ask(*TERN, "--proceeds", "USD 30,000,000", "-o", str(file))[0] == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    jump = [row for row in rows if row["proceeds"] == "40000000.00"]
    assert [row["side"] for row in jump] == ["before", "at"]
    assert jump[0]["cause"] == ""
    assert "carve-out to managers falls due" in jump[1]["cause"]
    for row in rows:
        paid = [Fraction(row[name]) for name in row if name not in ("proceeds", "side", "currency", "cause")]
        assert abs(sum(paid) - Fraction(row["proceeds"])) < Fraction(1, 10)


def test_the_curve_is_printed_as_csv_with_what_it_rests_on(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "curve.csv"
    code, out = ask(*TERN, "--proceeds", "USD 30,000,000", "--curve", "--format", "csv")
    assert code == 0
    assert ask(*TERN, "--proceeds", "USD 30,000,000", "-o", str(file))[0] == 0
    printed, written = (list(csv.DictReader(io.StringIO(text))) for text in (out, file.read_text(encoding="utf-8")))
    assert [{name: row[name] for name in written[0]} for row in printed] == written
    assert [row["side"] for row in printed if row["proceeds"] == "40000000.00"] == ["before", "at"]
    assert {row["on"] for row in printed} == {"2024-01-01"}
    assert set(printed[0]) - set(written[0]) >= {"on", "account"}


def test_without_the_curve_csv_is_the_rows_and_with_it_two_questions_do_not_mix(ask: Ask) -> None:
    _, out = ask(*ACME, "--proceeds", "USD 20,000,000", "--format", "csv")
    assert [row["amount"] for row in csv.DictReader(io.StringIO(out)) if row["party"] == "ada"]
    _, out = ask(*ACME, "--proceeds", "USD 20,000,000", "--format", "csv", "--curve")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["series-a"] for row in rows] == ["0.00", "3000000.00", "3000000.00", "5000000.00"]


def test_the_curve_as_a_chart_needs_no_library(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "curve.json"
    assert ask(*ACME, "--proceeds", "USD 20,000,000", "-o", str(file))[0] == 0
    chart = json.loads(file.read_text(encoding="utf-8"))
    assert chart["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    lines, rules = (layer["data"]["values"] for layer in chart["layer"])
    assert {each["payee"] for each in lines} == {"common", "series-a"}
    last = [each["amount"] for each in lines if each["proceeds"] == "20000000.00"]
    assert last == ["15000000.00", "5000000.00"]
    assert [each["cause"] for each in rules][1] == "series-a converts into common"


def test_on_an_offering_classes_convert_that_must(ask: Ask) -> None:
    _, out = ask(*TERN, "--proceeds", "USD 30,000,000", "--mode", "ipo", "--json")
    data = json.loads(out)
    assert data["mode"] == "ipo"
    rows = {row["class"]: row for row in data["rows"] if row["as"] == "class" and row["party"] != "nora"}
    assert Fraction(rows["series-a"]["amount"]) == 2 * Fraction(rows["series-seed"]["amount"]) + Fraction("-0.01")
    assert "On ipo, series-seed, series-a must convert, so they are paid as converted." in data["assumptions"]
    assert not [words for words in data["assumptions"] if "not taken to have happened" in words]
    option = next(row for row in data["rows"] if row["as"] == "option")
    assert Fraction(option["gross"]) - Fraction(option["strike"]) == Fraction(option["amount"])
    assert Fraction(option["at_once"]) + Fraction(option["later"]) == Fraction(option["amount"])


def test_a_transfer_does_not_start_dividends_anew(ask: Ask, tmp_path: Path) -> None:
    text = (BOOKS / "exit" / "tern.muni").read_text(encoding="utf-8")
    (tmp_path / "muniment.toml").write_text('name = "Tern"\nformat = 1\n', encoding="utf-8")
    moved = "\n2023-07-01 transfer tern\n  from: reef-fund\n  nora: 500,000 series-a\n"
    (tmp_path / "tern.muni").write_text(text + moved, encoding="utf-8")
    _, out = ask(str(tmp_path), *TERN[1:], "--proceeds", "USD 30,000,000", "--json")
    rows = [row for row in json.loads(out)["rows"] if row["class"] == "series-a"]
    assert {row["party"]: row["amount"] for row in rows} == {"nora": "2320000.00", "reef-fund": "6960000.00"}


def test_an_event_that_terms_name_is_a_mode(ask: Ask, tmp_path: Path) -> None:
    text = (BOOKS / "exit" / "tern.muni").read_text(encoding="utf-8")
    (tmp_path / "muniment.toml").write_text('name = "Tern"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "tern.muni").write_text(text.replace("at will, on ipo", "at will, on qualified-financing"), "utf-8")
    asked = (str(tmp_path), *TERN[1:], "--proceeds", "USD 30,000,000", "--mode")
    code, out = ask(*asked, "qualified financing", "--json")
    assert code == 0
    assert json.loads(out)["mode"] == "qualified financing"
    code, out = ask(*asked, "qualified-financin")
    assert code == 2
    words = "did you mean 'qualified-financing'?; there is: sale, ipo, qualified-financing"
    assert words in " ".join(out.split())


def test_why_of_a_class_explains_whoever_is_paid_for_it(ask: Ask) -> None:
    asked = (*TERN, "--proceeds", "USD 30,000,000", "--why")
    code, out = ask(*asked, "common")
    assert code == 0
    for party in ("nora", "otis"):
        assert f"  {party}, for common: USD" in out
    assert "reef-fund, for series-a" not in out
    assert "  reef-fund, for series-a: USD" in ask(*asked, "series-a")[1]


def test_a_line_at_fault_moves_nothing_and_is_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "T"\nformat = 1\n', encoding="utf-8")
    text = (
        "2015-01-01 person ada\n2015-01-01 person ben\n2015-01-01 person cy\n\n"
        "2020-01-01 company t\n  class common\n  class sa\n    original issue price: USD 1\n"
        "    liquidation preference: 1x\n\n2020-01-01 issue t\n  ada: 100 common\n  ben: 100 sa\n\n"
        "2021-01-01 transfer t\n  from: ben\n  to: cy\n  quantity: 40 sa\n"
    )
    (tmp_path / "t.muni").write_text(text, encoding="utf-8")
    _, out = ask(str(tmp_path), "t", "--on", "2022-01-01", "--proceeds", "USD 500", "--json")
    data = json.loads(out[: out.index("\n}") + 2])
    assert data["totals"] == {"ada": "400.00", "ben": "100.00"}
    left_out = "The line 'quantity: 40 sa' of t/transfer/2021-01-01 is left out: no record defines a party 'quantity'."
    assert left_out in data["assumptions"]
    assert "error[M302]: party 'quantity' is not defined" in out
