"""Approximate payouts of many exits at once, held against the exact ones."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payout_structures import acme

from muniment.payout import Curve, curve_of
from muniment.payout.sampling import sample_curve


def acme_curve() -> Curve:
    curve = curve_of(acme(), "e")
    assert isinstance(curve, Curve)
    return curve


@settings(max_examples=30)
@given(st.lists(st.integers(0, 10**14), max_size=20))
def test_stays_within_its_tolerance_and_a_cent(cents: list[int]) -> None:
    curve = acme_curve()
    proceeds = np.array([number / 100 for number in cents], dtype=np.float64)
    sampled = sample_curve(curve, proceeds)
    assert sampled.amounts.shape == (len(curve.columns), len(cents))
    assert sampled.tolerance < 0.01
    for row, column in enumerate(curve.columns):
        for index, amount in enumerate(proceeds):
            exact = column.amount.at(Fraction(float(amount)))
            assert abs(Fraction(float(sampled.amounts[row, index])) - exact) <= Fraction(sampled.tolerance)


def test_more_amounts_than_one_chunk() -> None:
    proceeds = np.linspace(0, 4e7, 20_001)
    sampled = sample_curve(acme_curve(), proceeds)
    assert np.allclose(sampled.amounts.sum(axis=0), proceeds, rtol=0, atol=1e-6)


@pytest.mark.parametrize("bad", [-1.0, float("nan")])
def test_refuses_what_is_no_amount(bad: float) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        sample_curve(acme_curve(), np.array([1.0, bad]))
