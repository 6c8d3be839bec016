"""Numbers in the text of a cell: which sign is before the decimals and which between thousands is said, not guessed."""

from __future__ import annotations

import re
from typing import NamedTuple

SPACES = "\u00a0\u202f\u2009"
"""Spaces that do not break, and thin ones, which programs write between thousands."""
NUMBER = re.compile(r"[0-9][0-9.,' ]*")


class Ambiguous(NamedTuple):
    """Why a number has no one reading, with what to say in the mapping."""

    message: str


def in_plain_signs(text: str, decimal: str, thousands: str) -> str | Ambiguous:
    """Return words with their number written with a point before the decimals and commas between thousands.

    Args:
        text: The words, such as `EUR 1.000,50` or `1 000`.
        decimal: The sign before the decimals; empty = not said.
        thousands: The sign between thousands; empty = not said.

    Returns:
        The words; unchanged where they have no number. Ambiguous where what is said, or where nothing is said the
        number itself, leaves open what its signs mean.

    Example:
        >>> in_plain_signs("EUR 1.000,50", ",", "."), in_plain_signs("1,000.50", "", "")
        ('EUR 1,000.50', '1,000.50')
        >>> in_plain_signs("1.000", "", "").message
        "'1.000' may be a thousand or a number with decimals; say 'decimal' and 'thousands' in the mapping"
    """
    for space in SPACES:
        text = text.replace(space, " ")
    match = NUMBER.search(text)
    if match is None:
        return text
    number = match[0].rstrip(" ")
    if not decimal and not thousands:
        fault = _fault_unsaid(number)
        return fault if fault is not None else text
    decimal = decimal or ("," if thousands == "." else ".")
    thousands = thousands or ("." if decimal == "," else ",")
    whole, sign, decimals = number.partition(decimal)
    groups = whole.split(thousands)
    is_grouped = len(groups) == 1 or (0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    digits = [*groups, decimals] if sign else groups
    if not is_grouped or not all(each.isascii() and each.isdigit() for each in digits):
        words = "a space" if thousands == " " else f"'{thousands}'"
        return Ambiguous(f"'{number}' is not a number with '{decimal}' before decimals and {words} between thousands")
    plain = ",".join(groups) + (f".{decimals}" if sign else "")
    return f"{text[: match.start()]}{plain}{text[match.start() + len(number) :]}"


def _fault_unsaid(number: str) -> Ambiguous | None:
    """Return why a number cannot be read where the mapping says nothing of signs; None where it has one reading."""
    last = max(number.rfind("."), number.rfind(","))
    after = number[last + 1 :] if last >= 0 else ""
    many = {sign for sign in "., '" if sign in number}
    say = "say 'decimal' and 'thousands' in the mapping"
    if many & {"'", " "} or (many == {".", ","} and number[last] == ",") or number.count(".") > 1:
        return Ambiguous(f"'{number}' is written with signs that the mapping does not speak of; {say}")
    if many == {"."} and len(after) == 3 and 0 < last <= 3 and number[0] != "0":
        return Ambiguous(f"'{number}' may be a thousand or a number with decimals; {say}")
    if many == {","} and (len(after) != 3 or (last > 3 and number.count(",") == 1)):
        return Ambiguous(f"'{number}' may have decimals after its comma; {say}")
    return None
