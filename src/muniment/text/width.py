"""How many columns of a terminal characters take."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """Return the columns that the text takes: two for wide characters, none for combining ones."""
    return len(text) if text.isascii() else sum(map(character_width, text))


def character_width(character: str) -> int:
    """Return the columns that one character takes.

    Source:
        Unicode Standard Annex 11, East Asian Width.
    """
    if character.isascii():
        return 1
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1
