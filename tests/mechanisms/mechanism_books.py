"""The books of mechanisms for these tests: each is read and asked once."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from mechanism_rows import Result, ask, files, read_mechanism  # noqa: E402

FILES = files()


@cache
def asked(path: Path) -> Result:
    """Return a mechanism with all its answers."""
    return ask(read_mechanism(path))


def numbered(number: int) -> Result:
    """Return a mechanism by its number."""
    return asked(FILES[number - 1])
