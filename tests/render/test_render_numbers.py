from __future__ import annotations

import json
from fractions import Fraction
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.render.answer import Answer
from muniment.render.formats import render
from muniment.render.numbers import digits, exact, grouped


def test_numbers_longer_than_the_interpreter_allows_are_printed_whole() -> None:
    value = Fraction(1, factorial(1600))
    text = json.loads(render(Answer("x", {"index": value, "n": 10**5000}), "json"))
    assert len(text["index"]) == 2 + 4434
    assert text["n"] == "1" + "0" * 5000


def test_a_long_number_is_cut_with_a_statement_for_a_reader() -> None:
    assert exact(Fraction(1, factorial(1600)), longest=12).endswith("... (4,434 digits)")
    assert exact(Fraction(3, 5), longest=12) == "3/5"


@given(st.integers(min_value=-(10**600), max_value=10**600), st.integers(min_value=0, max_value=9000))
def test_digits_are_those_of_the_number(value: int, zeros: int) -> None:
    text = digits(value * 10**zeros)
    assert text == (str(value) + "0" * zeros if value else "0")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(10_000_000), "10,000,000"),
        (Fraction("804325.16"), "804,325.16"),
        (Fraction(-1234), "-1,234"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 8), "0.125"),
        (Fraction(0), "0"),
        (Fraction(999), "999"),
    ],
)
def test_thousands_are_separated(value: Fraction, text: str) -> None:
    assert grouped(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_separated_thousands_are_the_same_number(value: object) -> None:
    assert Fraction(grouped(Fraction(str(value))).replace(",", "")) == Fraction(str(value))
