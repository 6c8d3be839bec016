"""Ids, titles, numbers and remarks: the words in which objects of the Open Cap Format stand in a book."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from muniment.book.ledger import NOT_HOLDERS
from muniment.model.numbers import format_fraction
from muniment.model.terms import IDENTIFIER

MARK = "ocf "
"""What a remark starts with that keeps objects of the format for a later export."""
RESERVED = frozenset({*NOT_HOLDERS, "votes", "capital", "board", "none", "unknown", "nobody", "all", "majority"})
UNSIGNED = frozenset({"id", "after", "until", "remark"})
_MACHINE_ID = re.compile(r"(?=.*\d)[0-9a-f]{8,}(-[0-9a-f]{4,})*\Z")
_NOT_SHOWN = re.compile(r'[\x00-\x1f\x7f-\x9f"“”\[\]\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\s]+')


class Names:
    """Gives each object an id of its own: its own id where that reads as one, else one made from its name."""

    def __init__(self) -> None:
        self._taken: set[str] = set(RESERVED)

    def give(self, own: str, title: str, kind: str) -> str:
        """Return an id that no other object has; `kind` is used where neither id nor title has letters."""
        base = own if IDENTIFIER.match(own) and not _MACHINE_ID.match(own) and len(own) <= 60 else slug(title)
        base = base or slug(own) or kind
        name, number = base if base not in RESERVED else f"{base}-{kind}", 1
        while name in self._taken:
            number += 1
            name = f"{base}-{number}"
        self._taken.add(name)
        return name


def slug(text: str) -> str:
    """Return small letters, digits and hyphens; empty if the text has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


def shown(text: object, most: int = 160) -> str:
    """Return words that may stand in a title or a value: no quotation marks, brackets or characters nobody sees."""
    return _NOT_SHOWN.sub(" ", str(text)).strip()[:most].strip()


def amount(number: Fraction) -> str:
    """Return a number as it is written in a book, exactly."""
    return format_fraction(number)


def becomes(number: Fraction) -> str:
    """Return what one share becomes, as in `1:3/2`."""
    return f"1:{number.numerator:,}" if number.denominator == 1 else f"1:{number.numerator}/{number.denominator}"


def numeric(number: Fraction) -> str | None:
    """Return a `Numeric`: at most ten decimals; None for a number that does not end by then.

    Example:
        >>> numeric(Fraction(5, 2)), numeric(Fraction(1, 3))
        ('2.5', None)
    """
    scaled = number * 10**10
    if scaled.denominator != 1:
        return None
    sign, digits = ("-" if scaled < 0 else ""), str(abs(int(scaled))).rjust(11, "0")
    whole, rest = digits[:-10], digits[-10:].rstrip("0")
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def kept(value: Mapping[str, Any]) -> str:
    """Return JSON that may stand in a remark: one line, in which nothing reads as a citation."""
    text = json.dumps(value, ensure_ascii=True)
    return MARK + text.replace("[@", "[\\u0040").replace("\x7f", "\\u007f").replace("  ", " \\u0020")


def read_kept(text: str) -> dict[str, Any] | None:
    """Return what a remark keeps; None if it is a remark of another kind."""
    if not text.startswith(MARK + "{"):
        return None
    try:
        value = json.loads(text.removeprefix(MARK))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def signature(kind: str, date: str, lines: Iterable[tuple[str, str]]) -> str:
    """Return a short hash of what a record says, by which an export tells whether it was changed since its import."""
    said = [f"{kind} {date}", *(f"{label}: {value}" for label, value in lines if label not in UNSIGNED)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
