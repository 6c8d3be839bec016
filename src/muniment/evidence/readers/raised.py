"""Raised and lowered characters, written so that none of them is taken for a digit on the line.

`10` with a raised `9` becomes `10⁹`, never `109`; a footnote's mark after `5` becomes `5¹`. Digits and the signs of a
power become the raised or lowered characters of Unicode; other marks (`*`, `®`, brackets) stay as they are; letters
stay only where they end an ordinal or an abbreviation (`1st`, `Mme`), else they go into `^(...)` or `_(...)`.
"""

from __future__ import annotations

from typing import Literal

Level = Literal["", "raised", "lowered"]
RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
ENDINGS = frozenset((
    "st", "nd", "rd", "th", "e", "er", "re", "ère", "ere", "nde", "d", "eme", "ème", "ième", "ieme", "es", "ers", "mes",
    "me", "lle", "lles", "gr", "os", "o", "a", "as", "tm", "sm", "r", "c",
))  # fmt: skip
"""How ordinals and abbreviations end that are printed raised: `1st`, `2e`, `Mme`, `no`, `TM`."""


def raise_or_lower(words: str, level: Level) -> str:
    """Return raised or lowered characters as they are written in a text; white space at their ends is kept.

    Example:
        >>> "10" + raise_or_lower("9", "raised"), "5" + raise_or_lower("1", "raised") + " million"
        ('10⁹', '5¹ million')
        >>> "x" + raise_or_lower("n+1", "raised"), "24" + raise_or_lower("th", "raised")
        ('x^(n+1)', '24th')
    """
    bare = words.strip()
    if not level or not bare:
        return words
    rewritten = bare.translate(RAISED if level == "raised" else LOWERED)
    signs = (new for old, new in zip(bare, rewritten, strict=True) if old == new)
    if any(sign.isalnum() for sign in signs) and (level == "lowered" or bare.strip(".,").casefold() not in ENDINGS):
        rewritten = f"{'^' if level == 'raised' else '_'}({bare})"
    before = len(words) - len(words.lstrip())
    return f"{words[:before]}{rewritten}{words[before + len(bare) :]}"
