"""Small books about money, each with the answer worked out by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muniment.cli.main import run as command_line

PARTIES = "".join(f"2000-01-01 person {name}\n" for name in ("ada", "bo", "chen", "dara")) + "".join(
    f"2000-01-01 fund {name}\n" for name in ("oak", "elm")
)
COMMON = "2020-01-01 company acme\n  class common\n"
PREFERRED = """2020-01-01 company acme
  class common
  class a
    original issue price: USD 1
    liquidation preference: 1x
    ranks: ahead of common
    converts: 1:1 into common at will
"""
HELD = "2020-01-01 issue acme\n  ada: 100 common\n"
BOTH = HELD + "  oak: 100 a for USD 100\n"
GRANT = """2020-01-31 grant acme
  id: g
  to: bo
  quantity: 480
  of: common
  strike: USD 1
"""
MONTHLY = GRANT + "  vests: 4 years monthly, 12 months cliff\n"

Ask = Callable[..., dict[str, Any]]
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def book(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        folder = tmp_path / "book"
        folder.mkdir()
        (folder / "muniment.toml").write_text('name = "Test"\nformat = 1\n', encoding="utf-8")
        (folder / "book.muni").write_text(PARTIES + text, encoding="utf-8")
        return str(folder)

    return write


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*words: str) -> tuple[int, str]:
        code = command_line(list(words))
        caught = capsys.readouterr()
        return code, caught.out + caught.err

    return run


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*words: str) -> dict[str, Any]:
        command_line([*words, "--json"])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


def paid(ask: Ask, where: str, proceeds: str, on: str = "2022-01-01", entity: str = "acme") -> dict[str, str]:
    found: dict[str, str] = ask("payout", where, entity, "--on", on, "--proceeds", proceeds)["totals"]
    return found


def granted(ask: Ask, where: str, on: str) -> dict[str, str]:
    found: dict[str, str] = ask("cap-table", where, "acme", "--on", on)["grants"][0]
    return found


def said(ask: Ask, where: str, on: str = "2022-01-01") -> str:
    return " ".join(ask("cap-table", where, "acme", "--on", on)["assumptions"])


def test_nothing_vests_before_the_cliff_and_months_end_with_their_month(book: Callable[[str], str], ask: Ask) -> None:
    where = book(COMMON + HELD + MONTHLY)
    days = ("2021-01-30", "2021-01-31", "2021-02-27", "2021-02-28", "2024-01-30", "2024-01-31")
    assert [granted(ask, where, day)["vested"] for day in days] == ["0", "120", "120", "130", "470", "480"]


def test_a_grant_of_a_leap_day_vests_on_the_last_of_february(book: Callable[[str], str], ask: Ask) -> None:
    where = book(COMMON + HELD + GRANT.replace("2020-01-31", "2020-02-29") + "  vests: 4 years yearly\n")
    days = ("2021-02-27", "2021-02-28", "2024-02-28", "2024-02-29")
    assert [granted(ask, where, day)["vested"] for day in days] == ["0", "120", "360", "480"]


@pytest.mark.parametrize(("second", "vested"), [("2022-06-30", "385"), ("2022-07-01", "290")])
def test_two_events_accelerate_only_within_their_time(
    book: Callable[[str], str], ask: Ask, second: str, vested: str
) -> None:
    """29 months give 290; half of the 190 left is 95."""
    events = f"2021-06-30 event sale\n{second} event dismissal\n"
    terms = "  accelerates: 50% on sale and dismissal within 12 months\n"
    where = book(COMMON + HELD + MONTHLY + terms + events)
    assert granted(ask, where, "2022-07-01")["vested"] == vested


def test_exercise_split_and_forfeit_add_up(book: Callable[[str], str], ask: Ask) -> None:
    """1,440 after the split: 540 vested after 18 months, 150 of them exercised, 900 given up."""
    where = book(
        COMMON
        + HELD
        + MONTHLY
        + "2021-02-01 exercise acme\n  bo: 50 common for USD 50\n"
        + "2021-06-30 split acme\n  common: 1:3\n"
        + "2021-07-31 forfeit acme\n  grant: g\n"
    )
    found = granted(ask, where, "2021-08-01")
    assert [found[name] for name in ("granted", "outstanding", "vested", "exercised", "forfeited", "strike")] == [
        "1440", "390", "390", "150", "900", "USD 1/3",
    ]  # fmt: skip


def test_a_split_of_a_preferred_class_leaves_its_preference(book: Callable[[str], str], ask: Ask) -> None:
    where = book(PREFERRED + BOTH + "2021-01-01 split acme\n  a: 1:2\n")
    assert paid(ask, where, "USD 150") == {"ada": "50.00", "oak": "100.00"}
    assert "The original issue price of a is taken to follow the split of 2021-01-01." in said(ask, where)


def test_a_price_stated_after_a_split_is_taken_as_it_is(book: Callable[[str], str], ask: Ask) -> None:
    restated = "2021-01-01 amend acme\n  class a\n    original issue price: USD 0.50\n"
    where = book(PREFERRED + BOTH + "2021-01-01 split acme\n  a: 1:2\n" + restated)
    assert paid(ask, where, "USD 150") == {"ada": "50.00", "oak": "100.00"}


def test_a_split_class_comes_back_from_the_open_cap_format(
    book: Callable[[str], str], ask: Ask, command: Command, tmp_path: Path
) -> None:
    where = book(PREFERRED + BOTH + "2021-01-01 split acme\n  a: 1:2\n")
    package, again = str(tmp_path / "package"), str(tmp_path / "again")
    command("export", "ocf", where, "acme", "--on", "2022-01-01", "-o", package)
    assert command("import", "ocf", package, "-o", again)[0] == 0
    for proceeds in ("USD 90", "USD 150", "USD 900"):
        assert paid(ask, again, proceeds) == paid(ask, where, proceeds)


def test_an_option_record_does_not_follow_a_split_and_says_so(book: Callable[[str], str], ask: Ask) -> None:
    option = "2020-02-01 option call\n  issuer: acme\n  holder: bo\n  over: 100 acme.common\n  from: new shares\n"
    where = book(COMMON + HELD + option + "2021-01-01 split acme\n  common: 1:3\n")
    assert "call is taken as stated: no split of common changes it." in said(ask, where)


@pytest.mark.parametrize(
    ("exercise", "words"),
    [
        ("2020-06-01 exercise acme\n  bo: 100 common\n  grant: g\n", "100 of g are exercised, of which 0 had vested"),
        ("2021-06-01 exercise acme\n  bo: 10 common\n  grant: g\n", "is after 2021-05-01, the last day of g"),
        ("2021-02-01 exercise acme\n  chen: 10 common\n  grant: g\n", "gives chen shares under g, which is bo's"),
        ("2021-02-01 exercise acme\n  chen: 10 common\n", "10 common that chen got by exercise are under no right"),
        ("2021-02-01 exercise acme\n  bo: 500 common\n", "20 common that bo got by exercise are under no right"),
    ],
)
def test_an_exercise_that_does_not_fit_is_said(book: Callable[[str], str], ask: Ask, exercise: str, words: str) -> None:
    assert words in said(ask, book(COMMON + HELD + MONTHLY + "  expires: 2021-05-01\n" + exercise))


def test_a_grant_without_a_number_is_said_to_be_left_out(book: Callable[[str], str], ask: Ask) -> None:
    where = book(COMMON + HELD + GRANT.replace("  quantity: 480\n", ""))
    assert "The grant g is left out: it does not say exactly how many shares it is over." in said(ask, where)


def test_treasury_shares_are_issued_and_not_outstanding(book: Callable[[str], str], ask: Ask) -> None:
    moves = (
        "2021-01-01 repurchase acme\n  ada: 10 common\n" + "2021-01-02 transfer acme\n  from: ada\n  acme: 20 common\n"
    )
    (total,) = ask("cap-table", book(COMMON + HELD + moves), "acme", "--on", "2022-01-01")["totals"]
    assert (total["issued"], total["outstanding"]) == ("90", "70")


@pytest.mark.parametrize(
    ("proceeds", "ada", "bo"),
    [("USD 100", "100.00", "0.00"), ("USD 100.01", "100.00", "0.01"), ("USD 680", "200.00", "480.00")],
)
def test_an_option_at_its_strike(book: Callable[[str], str], ask: Ask, proceeds: str, ada: str, bo: str) -> None:
    """A share is worth (X + 480) / 580 above 100."""
    assert paid(ask, book(COMMON + HELD + GRANT), proceeds) == {"ada": ada, "bo": bo}


@pytest.mark.parametrize(
    ("proceeds", "amounts"),
    [
        ("USD 50", {"ada": "0.00", "oak": "50.00", "elm": "0.00"}),
        ("USD 100", {"ada": "0.00", "oak": "75.00", "elm": "25.00"}),
        ("USD 150", {"ada": "0.00", "oak": "100.00", "elm": "50.00"}),
        ("USD 200", {"ada": "50.00", "oak": "100.00", "elm": "50.00"}),
        ("USD 850", {"ada": "300.00", "oak": "300.00", "elm": "250.00"}),
    ],
)
def test_a_warrant_on_preferred_is_used_inside_its_tier(
    book: Callable[[str], str], ask: Ask, proceeds: str, amounts: dict[str, str]
) -> None:
    warrant = (
        GRANT.replace("to: bo", "to: elm").replace("480", "100").replace("common", "a").replace("USD 1", "USD 0.50")
    )
    assert paid(ask, book(PREFERRED + BOTH + warrant + "  as: warrants\n"), proceeds) == amounts


@pytest.mark.parametrize(
    ("terms", "oak"), [("simple", "120.00"), ("compounded yearly", "121.00"), ("compounded quarterly", "121.84")]
)
def test_cumulative_dividends_of_two_years(book: Callable[[str], str], ask: Ask, terms: str, oak: str) -> None:
    where = book(PREFERRED + f"    dividend: 10% a year, cumulative, {terms}\n" + BOTH)
    assert paid(ask, where, "USD 150")["oak"] == oak


def test_two_safes_have_two_equilibria_and_most_convert(book: Callable[[str], str], ask: Ask) -> None:
    safes = "".join(
        f"2020-02-01 safe {name}\n  issuer: acme\n  to: {to}\n  amount: USD {paid_in}\n"
        "  cap: USD 10,000,000 post-money\n"
        for name, to, paid_in in (("first", "oak", "1,000,000"), ("second", "elm", "2,000,000"))
    )
    where = book(COMMON + "2020-01-01 issue acme\n  ada: 8,000,000 common\n" + safes)
    found = ask("payout", where, "acme", "--on", "2022-01-01", "--proceeds", "USD 10,500,000")
    assert found["totals"]["ada"] == "7350000.00"
    assert [each["totals"]["ada"] for each in found["equilibria"]] == ["7500000.00"]


@pytest.mark.parametrize(
    ("proceeds", "parts"), [("JPY 100", ["34", "33", "33"]), ("KWD 0.100", ["0.034", "0.033", "0.033"])]
)
def test_rounding_is_to_the_minor_unit(book: Callable[[str], str], ask: Ask, proceeds: str, parts: list[str]) -> None:
    where = book(COMMON + "2020-01-01 issue acme\n  ada: 1 common\n  bo: 1 common\n  chen: 1 common\n")
    assert list(paid(ask, where, proceeds).values()) == parts


@pytest.mark.parametrize(
    ("proceeds", "oak"), [("USD 1,000", "0.00"), ("USD 1,080", "0.00"), ("USD 1,100", "20.00"), ("USD 1,200", "40.00")]
)
def test_a_catch_up_takes_a_fifth_of_the_profit(book: Callable[[str], str], ask: Ask, proceeds: str, oak: str) -> None:
    where = book("""2019-01-01 partnership keel
  class lp
  distribution
    tier 1: all to lp until 1x contributed
    tier 2: all to lp until 8% a year, compounded
    tier 3: all to oak until 20% of profit
    tier 4: 80% to lp, 20% to oak
2020-01-01 issue keel
  ada: 60 lp for USD 600
  bo: 40 lp for USD 400
""")
    assert paid(ask, where, proceeds, "2021-01-01", "keel")["oak"] == oak


@pytest.mark.parametrize(
    ("terms", "amounts"),
    [
        ("2x, excess to dara", {"ada": "250.00", "oak": "200.00", "dara": "50.00"}),
        ("2x, released", {"ada": "300.00", "oak": "200.00"}),
    ],
)
def test_a_return_cap_gives_its_excess_or_leaves_it(
    book: Callable[[str], str], ask: Ask, terms: str, amounts: dict[str, str]
) -> None:
    where = book(COMMON + f"  class a\n    return cap: {terms}\n" + BOTH)
    assert paid(ask, where, "USD 500") == amounts


MAPPING = """entity = "acme"
title = "Acme"
kind = "company"
"holders are" = "person"
"classes are" = "declared here"
date = "2020-01-01"
[columns]
holder = "Who"
class = "What"
quantity = "Shares"
[classes]
"Common" = "common"
"""


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ("Who,What,Shares,Shares\nAnn,Common,1,2\n", 2, "two columns are headed 'Shares'"),
        ("Who,What,Shares\nAnn,Common,-5\n", 1, "'-5' is not a number of shares"),
        ("Who,What,Shares\nAnn,Common,1e5\n", 1, "'1e5' is not a number of shares"),
        ("Who,What,Shares\nAnn,Common,0\n", 1, "the quantity 0 is not above zero"),
        ("Who,What,Shares\nAnn,Common,5\nann,Common,5\n", 1, "would have one id"),
    ],
)
def test_a_doubtful_row_or_head_is_not_read(tmp_path: Path, command: Command, rows: str, code: int, words: str) -> None:
    (tmp_path / "columns.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "register.csv").write_text(rows, encoding="utf-8")
    ended, out = command(
        "import", "csv", str(tmp_path / "register.csv"), "--columns", str(tmp_path / "columns.toml"),
        "-o", str(tmp_path / "register.muni"),
    )  # fmt: skip
    assert ended == code
    assert words in " ".join(out.split())


def test_a_negative_quantity_of_a_package_is_an_error(
    book: Callable[[str], str], command: Command, tmp_path: Path
) -> None:
    package = tmp_path / "package"
    command("export", "ocf", book(COMMON + HELD), "acme", "--on", "2022-01-01", "-o", str(package))
    changed = 0
    for path in package.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        if '"quantity": "100"' in text:
            path.write_text(text.replace('"quantity": "100"', '"quantity": "-100"'), encoding="utf-8")
            changed += 1
    assert changed
    code, out = command("import", "ocf", str(package), "-o", str(tmp_path / "again"))
    assert code == 1
    assert "'quantity' is below zero" in out
    shutil.rmtree(tmp_path / "again")
