"""The table of codes M9xx: faults of the program itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from muniment.text.codes import Code

CODES: Mapping[str, Code] = MappingProxyType(
    {
        "M900": Code(
            code="M900",
            name="faults-of-muniment",
            severity="error",
            what="The program does not fail, whatever stands in a book.",
            why="The fault is ours: nothing in the book has to be changed for it, and others will meet it too.",
            example="muniment/control/decisions.py:120:1: error[M900]: muniment failed with ZeroDivisionError",
            instead=(
                "Report the two lines after the message, the version and the command; nothing of the book is in them.\n"
                "With MUNIMENT_DEBUG=1 the command also prints a traceback, which may hold words from the book."
            ),
            when_to_silence="Never.",
        ),
    }
)
"""Every code of this part, by code."""
