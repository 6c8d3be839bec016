"""Plain-text record-keeping for power and money in organisations.

    import muniment
    from datetime import date

    book = muniment.load("books/acme")
    structure = book.world().on(date(2021, 4, 1))
    muniment.control.decide(structure, "acme: sell company").alone

The parts are imported when they are first named, so that `import muniment` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muniment import answers, control, evidence, payout
    from muniment.book.load import load

__version__ = "0.1.0"
__all__ = ["__version__", "answers", "control", "evidence", "load", "payout"]


def __getattr__(name: str) -> Any:
    """Import a part, or `load`, when it is first named."""
    if name == "load":
        return importlib.import_module("muniment.book.load").load
    if name in __all__:
        return importlib.import_module(f"muniment.{name}")
    raise AttributeError(f"module 'muniment' has no attribute '{name}'")
