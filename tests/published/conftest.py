"""Lets the tests beside it import `rounds_setup`, which they share with those of the payouts."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "payout"))
