"""What is due on a note when it matures, without a sale or a round."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rounds_setup import COMPANY

from muniment.answers.holding import cap_table_json, cap_tables
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.model.round_words import MaturityTerms, parse_maturity
from muniment.model.values import ValueFault
from muniment.payout import cap_table
from muniment.payout.maturity import Due

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas"
NOTE = """\
2021-01-01 note bridge
  issuer: tide
  to: elm
  amount: USD 1,000,000
  interest: 8% a year, simple
  day count: 30/360
  matures: 2023-01-01
"""


def due(text: str, on: date) -> Due:
    (found,) = cap_table(World(load_text(COMPANY + text, "tide.muni")).on(on), "tide").due
    return found


@pytest.mark.parametrize(
    ("on", "matured", "since"),
    [(date(2022, 6, 1), False, None), (date(2023, 1, 1), True, None), (date(2024, 7, 1), True, 120_000)],
)
def test_interest_stops_at_maturity_and_what_comes_after_stands_apart(
    on: date, matured: bool, since: int | None
) -> None:
    """8% of a million for two years is 160,000; for another year and a half 120,000."""
    found = due(NOTE, on)
    assert found.matured is matured
    assert found.principal is not None
    assert found.principal.exact == 1_000_000
    assert found.interest is not None
    assert found.interest.exact == 160_000
    assert found.in_all is not None
    assert found.in_all.exact == 1_160_000
    assert (None if found.since is None else found.since.exact) == since
    assert found.then is None
    assert any("does not say what happens" in words for words in found.notes) is matured


def test_what_the_record_says_of_that_day_is_computed() -> None:
    converts = due(NOTE + "  at maturity: converts into common at USD 1.60\n", date(2022, 6, 1))
    assert converts.shares is not None
    assert converts.shares.exact == 725_000
    longer = due(NOTE + "  at maturity: extended to 2024-01-01\n", date(2023, 7, 1))
    assert (longer.on, longer.matured) == (date(2024, 1, 1), False)
    assert longer.interest is not None
    assert longer.interest.exact == 240_000
    repaid = due(NOTE + "  at maturity: repaid\n  repays: 2x\n", date(2022, 6, 1))
    assert repaid.in_all is not None
    assert repaid.in_all.exact == 2_160_000
    other = due(NOTE + "  at maturity: converts into common at EUR 1.60\n", date(2022, 6, 1))
    assert other.shares is None
    assert "another currency" in other.notes[0]


def test_each_term_has_its_place() -> None:
    found = due(NOTE + "  at maturity: repaid\n", date(2022, 6, 1))
    assert [each.words for each in found.because] == [
        "amount: USD 1,000,000",
        "interest: 8% a year, simple",
        "day count: 30/360",
        "matures: 2023-01-01",
        "at maturity: repaid",
    ]


def test_a_note_without_a_day_count_is_due_within_bounds() -> None:
    found = due(NOTE.replace("  day count: 30/360\n", ""), date(2022, 6, 1))
    assert found.interest is not None
    assert found.interest.low == 160_000
    assert found.interest.high == 1_000_000 * Fraction(8, 100) * Fraction(730, 360)


def test_words_for_that_day() -> None:
    assert parse_maturity("extended to 2024-01-01") == MaturityTerms("extended", until=date(2024, 1, 1))
    for words in (
        "paid somehow",
        "extended to 2024",
        "converts into common at nothing",
        "converts into common at USD 0",
    ):
        assert isinstance(parse_maturity(words), ValueFault)


def test_the_machine_answer_is_as_its_schema_says() -> None:
    terms = NOTE + "  at maturity: converts into common at USD 1.60\n" + NOTE.replace("bridge", "plain")
    book = World(load_text(COMPANY + terms, "tide.muni"))
    (found,) = cap_tables(book, date(2024, 7, 1), None, "tide")
    schema = json.loads((SCHEMAS / "cap-table.json").read_text(encoding="utf-8"))
    one = {"$defs": schema["$defs"], "$ref": "#/$defs/convertible"}
    answers = cap_table_json(found)["convertibles"]
    assert [list(Draft202012Validator(one).iter_errors(each)) for each in answers] == [[], []]
    assert answers[0]["due"]["shares"] == ["725000", "725000"]
    assert answers[0]["due"]["interest_since"] == ["120000", "120000"]
    assert answers[1]["due"]["then"] == "not stated"
    assert all(each["at"].startswith("tide.muni:") for each in answers[0]["due"]["because"])
