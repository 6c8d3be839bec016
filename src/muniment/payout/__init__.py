"""Who gets paid: cap table, waterfall, distributions."""

from __future__ import annotations

from muniment.payout.cap_rows import CapRow, CapTable, ClassTotal
from muniment.payout.cap_table import cap_table
from muniment.payout.curve import Breakpoint, Cause, Column, Curve
from muniment.payout.faults import Refusal
from muniment.payout.waterfall import Payout, PayoutRow, curve_of, pay_out

__all__ = [
    "Breakpoint",
    "CapRow",
    "CapTable",
    "Cause",
    "ClassTotal",
    "Column",
    "Curve",
    "Payout",
    "PayoutRow",
    "Refusal",
    "cap_table",
    "curve_of",
    "pay_out",
]
