"""Exact numbers as text, at any length."""

from __future__ import annotations

from fractions import Fraction

_CHUNK_DIGITS = 4000
_CHUNK: int = 10**_CHUNK_DIGITS


def digits(value: int) -> str:
    """Return an integer in decimal digits; unlike `str`, of any length."""
    sign, rest = ("-", -value) if value < 0 else ("", value)
    if rest < _CHUNK:
        return sign + str(rest)
    chunks: list[str] = []
    while rest >= _CHUNK:
        rest, chunk = divmod(rest, _CHUNK)
        chunks.append(str(chunk).zfill(_CHUNK_DIGITS))
    return sign + str(rest) + "".join(reversed(chunks))


def exact(value: Fraction | int, longest: int | None = None) -> str:
    """Return a number exactly: `3/5`, `7`.

    Args:
        value: The number.
        longest: For readers: digits to show of numerator and denominator each; a longer number is cut, and the text
            says how many digits it has. None = never cut, for machines.
    """
    number = Fraction(value)
    above, below = digits(number.numerator), digits(number.denominator)
    if longest is not None:
        above, below = _cut(above, longest), _cut(below, longest)
    return above if number.denominator == 1 else f"{above}/{below}"


def _cut(text: str, longest: int) -> str:
    count = len(text.lstrip("-"))
    return text if count <= longest else f"{text[:longest]}... ({count:,} digits)"


def grouped(value: Fraction | int) -> str:
    """Return a number with thousands separated (`804,325.16`), or as a fraction if its decimals never end."""
    number = Fraction(value)
    places = _decimal_places(number.denominator)
    if places is None:
        return exact(number)
    sign = "-" if number < 0 else ""
    text = digits(abs(number.numerator) * (10**places // number.denominator)).zfill(places + 1)
    whole, part = (text[:-places], text[-places:]) if places else (text, "")
    head = len(whole) % 3
    groups = ([whole[:head]] if head else []) + [whole[at : at + 3] for at in range(head, len(whole), 3)]
    return sign + ",".join(groups) + ("." + part if part else "")


def _decimal_places(denominator: int) -> int | None:
    """Return how many decimals write 1/denominator exactly; None if they never end, or are over 30."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    places = max(twos, fives)
    return places if denominator == 1 and places <= 30 else None
