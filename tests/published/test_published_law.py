"""Who controls whom, as standards, court cases and reports say: each question an expectation of a book, or a test here.

The books stand in `law/ID/`; figures and facts are those of the sources they cite.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from muniment.answers.conclusions import Conclusions
from muniment.answers.expectations import Outcome, evaluate_all
from muniment.answers.legal import turnouts_up_to
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.checks import check_figures
from muniment.book.exercising import exercised
from muniment.book.load import load
from muniment.control.legal import Inquiry
from muniment.control.legal.dispersed import minority
from muniment.model.rules import Vote

LAW = Path(__file__).parent / "law"
CASES = Path(__file__).resolve().parents[3] / "shared" / "published" / "law.json"
BOOKS = sorted(path.name for path in LAW.iterdir() if (path / "muniment.toml").is_file())

EXPECTED: dict[str, tuple[str, ...]] = {
    "ifrs10-ex3b a": ("2021-01-01 ifrs10 of investor",),
    "ifrs10-ex5 a": ("2020-06-01 ifrs10 of a",),
    "ifrs10-ex5 b": ("2021-06-01 ifrs10 of a",),
    "ifrs10-ex5 c": ("2021-06-01 amend agreement, can block",),
    "ifrs10-ex7 a": ("2021-01-01 ifrs10 of a",),
    "ifrs10-ex9 a": ("2021-01-01 ifrs10 of a", "2021-01-01 ifrs10 of b"),
    "ifrs10-48 b": ("2021-01-01 ifrs10 of a",),
    "novo-2021 c": ("2021-12-31 ordinary decision, alone", "2021-12-31 ifrs10 of novo-nordisk-foundation"),
    "alphabet-2017 b": ("2017-06-07 alphabet: adopt equal votes, alone",),
    "meta-2023 a": ("2023-05-31 shareholder proposal, can block",),
    "vw-lower-saxony a": ("2014-06-01 ordinary decision, alone", "2019-06-01 ordinary decision, alone"),
    "vw-lower-saxony b": ("2014-06-01 amend charter, can block", "2019-06-01 amend charter, can block"),
    "vw-lower-saxony c": ("2014-06-01 ordinary decision, alone", "2014-06-01 amend charter, alone"),
    "porsche-piech a": ("2014-06-01 ordinary decision, coalitions", "2014-06-01 ordinary decision, through"),
    "porsche-piech b": ("2014-06-01 ordinary decision, can block", "2014-06-01 porsche-se: ordinary decision, alone"),
    "patagonia a": ("2022-09-14 elect directors, alone",),
    "patagonia b": ("2022-09-14 payout at USD 100,000,000",),
    "scott-trust a": ("2008-12-31 declare dividend, number of coalitions",),
    "scott-trust b": ("2008-12-31 gmg: ordinary decision, through", "2008-12-31 gmg: ifrs10 of scott-trust"),
    "scott-trust c": ("2008-12-31 change purpose, number of coalitions",),
    "theranos a": ("2016-01-01 ordinary decision, alone", "2016-01-01 delaware of holmes"),
    "theranos b": ("2018-04-01 ordinary decision, alone",),
    "uber-2017 a": ("2017-08-01 ordinary decision, seats filled by kalanick",),
    "uber-2017 b": ("2017-08-01 ordinary decision, alone",),
    "uber-2017 c": ("2017-08-01 stockholder decision, alone", "2017-08-01 delaware of benchmark"),
    "openai-2017-captable a": ("2017-09-11 ordinary decision, alone", "2017-09-11 delaware of musk"),
    "openai-2017-captable d": ("2017-09-11 ordinary decision, can block",),
    "openai-2019-lp a": ("2019-04-01 ordinary decision, through", "2019-04-01 ifrs10 of openai-inc"),
    "openai-2019-lp b": ("2019-04-01 payout at USD 1,000,000,000",),
    "openai-2019-lp c": ("2019-04-01 payout at USD 1,500,000,000",),
    "openai-2023-board a": ("2023-11-17 remove ceo, passes",),
    "openai-2023-board b": ("2023-11-17 remove ceo, smallest coalition",),
    "openai-2023-board c": ("2023-11-18 remove ceo, smallest coalition",),
    "openai-2023-board d": ("2023-11-17 remove directors, seats filled by microsoft",),
    "eu-v-ifrs-veto a": ("2021-01-01 eu-merger of b",),
    "eu-v-ifrs-veto b": ("2021-01-01 ifrs10 of b", "2021-01-01 ifrs10 of a"),
    "trados a": ("2005-07-07 payout at USD 60,000,000",),
    "trados b": ("2005-07-07 trados: payout at USD 60,000,000",),
}
"""By question, the lines of `expect` records that answer it: date, then label."""


class Direct(NamedTuple):
    """A question that no expectation asks: why, and the test that answers it."""

    reason: str
    test: Callable[[], None]


def book_of(case: str) -> Book:
    return load(LAW / case)


def inquiry(case: str, on: str) -> Inquiry:
    return Inquiry(World(book_of(case)).on(date.fromisoformat(on)))


def percent_of(share: Fraction, places: int) -> str:
    scaled = round(share * 100 * 10**places)
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}"


def who_out_votes_a() -> None:
    found = minority(inquiry("ifrs10-ex7", "2021-01-01"), "a", "investee")
    assert found.outvoted_by == 10


def votes_if_the_option_is_used() -> None:
    structure = World(book_of("ifrs10-ex9")).on(date(2021, 1, 1))
    used = exercised(structure, "all")
    assert Inquiry(used.structure).stakes("investee", "votes").each["b"].low == Fraction(65, 100)


def shares_of_the_votes_cast() -> None:
    book = book_of("ifrs10-48")
    turnouts = turnouts_up_to(World(book), date(2021, 1, 1))
    stake = inquiry("ifrs10-48", "2021-01-01").stakes("investee", "votes").each["a"]
    assert [percent_of(stake.low / turnout.high, 2) for turnout in turnouts] == ["68.57", "61.54"]


def votes_of_novo_holdings() -> None:
    stake = inquiry("novo-2021", "2021-12-31").stakes("novo-nordisk", "votes").each["novo-holdings"]
    assert percent_of(stake.low, 1) == "76.7"


def capital_of_novo_holdings() -> None:
    stake = inquiry("novo-2021", "2021-12-31").stakes("novo-nordisk", "capital").each["novo-holdings"]
    assert abs(stake.low * 100 - Fraction("28.1")) <= Fraction("0.05")


def votes_against_with_one_vote_a_share() -> None:
    structure = World(book_of("alphabet-2017")).on(date(2017, 6, 7), "one-vote-a-share")
    stakes = Inquiry(structure).stakes("alphabet", "votes").each
    total = sum(
        holding.quantity for holding in structure.holdings["alphabet"]
    )  # one vote a share, in tenths of a million
    assert (1 - stakes["supporters"].low) * total == 1189


def proposals_that_passed() -> None:
    events = book_of("meta-2023").records_of("event")
    assert [event.value("what") for event in events] == ["none of the thirteen passed"]


def blocking_stakes() -> None:
    structure = World(book_of("vw-lower-saxony")).on(date(2014, 6, 1))
    rules = structure.entities["volkswagen"].rules
    blocking = []
    for matter in ("usual amendment", "amend charter"):
        rule = rules[matter].rule
        assert isinstance(rule, Vote)
        assert rule.share.amount is not None
        blocking.append((1 - rule.share.amount) * 100)
    assert blocking == [25, 20]


def shares_in_all() -> None:
    stake = inquiry("openai-2017-captable", "2017-09-11").stakes("proposed", "votes").each["musk"]
    assert abs(100 / stake.low - Fraction("195.3")) <= Fraction("0.1")  # 51.2% are 100 million


def a_tenth_of_a_percent() -> None:
    stake = inquiry("openai-2017-captable", "2017-09-11").stakes("proposed", "votes").each["musk"]
    total = 100_000_000 / stake.low
    assert abs(195_312 / total * 100 - Fraction("0.1")) <= Fraction("0.001")


def employees_who_signed() -> None:
    (letter,) = book_of("openai-2023-board").records_of("leverage")
    signed, of = letter.value("share").split(" of ")
    assert percent_of(Fraction(int(signed), int(of)), 1) == "92.2"


def employees_have_no_vote() -> None:
    asked = inquiry("openai-2023-board", "2023-11-17")
    powers = asked.powers("openai-inc")
    assert "staff" not in asked.around("openai-inc")
    for matter in powers.matters:
        assert powers.passes(("staff",), matter) == "no"
        assert powers.blocks(("staff",), matter) == "no"


def removal_for_cause_only_is_refused() -> None:
    assert codes("dgcl-141k", "vaalco.muni") == ["M610"]


def two_thirds_by_a_bylaw_are_refused() -> None:
    assert codes("dgcl-141k", "frechter.muni") == ["M611"]


def codes(case: str, file: str) -> list[str]:
    found = [*book_of(case).diagnostics, *check_figures(book_of(case))]
    return [each.code for each in found if each.span.path == file]


def shortfall_of_the_preferred() -> None:
    outcomes = {words(outcome): outcome.value for outcome in outcomes_of("trados")}
    paid = Fraction(
        outcomes["2005-07-07 payout at USD 60,000,000"]
        .split("preferred-holders USD ")[1]
        .split(".")[0]
        .replace(",", "")
    )
    preference = World(book_of("trados")).on(date(2005, 7, 7)).entities["trados"].classes["preferred"]
    assert preference.original_issue_price is not None
    assert preference.original_issue_price.amount * 1_000_000 - paid == 5_700_000


DIRECT: dict[str, Direct] = {
    "ifrs10-ex7 b": Direct("a count of holders, not of a coalition that passes a matter", who_out_votes_a),
    "ifrs10-ex9 b": Direct("votes once an option is used", votes_if_the_option_is_used),
    "ifrs10-48 a": Direct("shares of the votes cast", shares_of_the_votes_cast),
    "novo-2021 a": Direct("a percentage", votes_of_novo_holdings),
    "novo-2021 b": Direct("a percentage", capital_of_novo_holdings),
    "alphabet-2017 a": Direct("a number of votes", votes_against_with_one_vote_a_share),
    "meta-2023 b": Direct("what happened, not who could decide", proposals_that_passed),
    "vw-lower-saxony d": Direct("thresholds of two rules", blocking_stakes),
    "openai-2017-captable b": Direct("a number of shares", shares_in_all),
    "openai-2017-captable c": Direct("a percentage", a_tenth_of_a_percent),
    "openai-2023-board e": Direct("a percentage", employees_who_signed),
    "openai-2023-board f": Direct("power that is not legal: that there is no vote is tested", employees_have_no_vote),
    "dgcl-141k a": Direct("whether a term is valid: a diagnostic", removal_for_cause_only_is_refused),
    "dgcl-141k b": Direct("whether a term is valid: a diagnostic", two_thirds_by_a_bylaw_are_refused),
    "trados c": Direct("a difference of two amounts", shortfall_of_the_preferred),
}
"""By question, why it is no expectation, and its test."""


def outcomes_of(case: str) -> tuple[Outcome, ...]:
    return evaluate_all(Conclusions(World(book_of(case))))[0]


def words(outcome: Outcome) -> str:
    return f"{outcome.question.on.isoformat()} {outcome.question.words}"


@pytest.mark.parametrize("case", BOOKS)
def test_every_expectation_of_the_book_holds(case: str) -> None:
    book = book_of(case)
    faults = [f"{each.span}: {each.message}" for each in (*book.diagnostics, *check_figures(book))
              if each.severity == "error" and case != "dgcl-141k"]  # fmt: skip
    assert faults == []
    outcomes = outcomes_of(case)
    assert [(words(each), each.value) for each in outcomes if each.holds is not True] == []
    asked = {words(each) for each in outcomes}
    mapped = {line for question, lines in EXPECTED.items() if question.split(" ")[0] == case for line in lines}
    assert mapped <= asked


@pytest.mark.parametrize("question", DIRECT)
def test_what_no_expectation_asks(question: str) -> None:
    assert DIRECT[question].reason
    DIRECT[question].test()


def test_every_question_is_answered_once() -> None:
    assert set(EXPECTED) & set(DIRECT) == set()
    assert {question.split(" ")[0] for question in (*EXPECTED, *DIRECT)} == set(BOOKS)


def test_no_published_question_is_left_out() -> None:
    if not CASES.is_file():
        pytest.skip("the published cases are not here")
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    asked = {f"{case['id']} {question['id']}": question for case in cases for question in case["questions"]}
    assert set(asked) == set(EXPECTED) | set(DIRECT)
    # Where a legal test is named and the published answer is a plain yes or no, the expectation says the same.
    compared = 0
    tests = {"IFRS 10 power": "ifrs10", "EU decisive influence": "eu-merger"}
    for name, lines in EXPECTED.items():
        test = tests.get(asked[name]["control_notion"])
        plain = str(asked[name]["answer"]).split(" ")[0].strip(",:;(")
        wanted = {"yes": "yes", "no": "undetermined" if "conclusive" in str(asked[name]["ask"]) else "no",
                  "not": "undetermined"}.get(plain)  # fmt: skip
        if test is None or wanted is None:
            continue
        said = {words(each): each.value for each in outcomes_of(name.split(" ")[0])}
        assert f" {test} of " in lines[0], name
        assert said[lines[0]] == wanted, name
        compared += 1
    assert compared >= 6


def test_a_wrong_expectation_would_be_noticed(tmp_path: Path) -> None:
    text = (LAW / "eu-v-ifrs-veto" / "eu-v-ifrs-veto.muni").read_text(encoding="utf-8")
    (tmp_path / "muniment.toml").write_text('name = "x"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "x.muni").write_text(text.replace("eu-merger of b: yes", "eu-merger of b: no"), encoding="utf-8")
    outcomes, diagnostics = evaluate_all(Conclusions(World(load(tmp_path))))
    assert [each.value for each in outcomes if each.holds is False] == ["yes"]
    assert [each.code for each in diagnostics] == ["M530"]
