"""Payouts at many amounts at once, held against the exact ones."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payout_structures import acme, ahead, held, share_class, structure, usd

from muniment.payout import Curve, curve_of
from muniment.payout.many import pay_many


def curve(wide: bool) -> Curve:
    """A curve with small denominators, or with some beyond 64-bit products."""
    given_structure = acme()
    if wide:
        preferred = share_class(
            "a", original_issue_price=usd(Fraction(1, 999_983)), preference=Fraction(1),
            ranks=ahead("common"), converts_into=(Fraction(1), "common"),
        )  # fmt: skip
        given_structure = structure(
            [share_class("common"), preferred], [held("ada", "common", 10_000_019), held("bo", "a", 999_999_937)]
        )
    found = curve_of(given_structure, "e")
    assert isinstance(found, Curve)
    return found


@settings(max_examples=40)
@given(st.booleans(), st.lists(st.integers(0, 10**15), max_size=20))
def test_is_the_exact_amount_rounded_down(wide: bool, cents: list[int]) -> None:
    given_curve = curve(wide)
    paid = pay_many(given_curve, np.array(cents, dtype=np.int64))
    assert paid.shape == (len(given_curve.columns), len(cents))
    for row, column in enumerate(given_curve.columns):
        for index, amount in enumerate(cents):
            assert paid[row, index] == floor(column.amount.at(Fraction(amount, 100)) * 100)


def test_more_amounts_than_one_chunk_and_every_vertex() -> None:
    given_curve = curve(wide=False)
    cents = np.arange(0, 2_000_000_000, 20_000, dtype=np.int64)
    short = cents - pay_many(given_curve, cents).sum(axis=0)
    assert short.min() >= 0
    assert short.max() < len(given_curve.columns)


@pytest.mark.parametrize("bad", [-1, 2**63 - 1])
def test_refuses_what_is_no_amount(bad: int) -> None:
    with pytest.raises(ValueError, match="minor units"):
        pay_many(curve(wide=False), np.array([1, bad], dtype=np.int64))
