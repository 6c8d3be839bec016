"""Exact numbers read from words and written back.

All arithmetic is in `Fraction`. A literal holds at most 30 digits, so no number in a book can be costly to read.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from muniment.model.values import ValueFault

_MOST_DIGITS = 30
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_FOREIGN_SIGNS = {"，": ",", "．": ".", "％": "%", "／": "/", "：": ":"}

_INTEGER = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_NUMBER = re.compile(
    rf"(?:(?P<whole>{_INTEGER}) )?(?P<top>{_INTEGER})/(?P<bottom>{_INTEGER})|(?P<plain>{_INTEGER}(?:\.\d+)?)", re.ASCII
)
_SCALED = re.compile(r"(?P<number>.*?)(?: (?P<scale>thousand|million|billion|trillion))?", re.ASCII | re.DOTALL)
_LOOSE_NUMBER = re.compile(r"[\d.,\s'’_/]+", re.ASCII)


class Words(NamedTuple):
    """Words of a value and where they stand in it."""

    text: str
    at: int

    @property
    def end(self) -> int:
        """One past the last character."""
        return self.at + len(self.text)

    def part(self, start: int, end: int | None = None) -> Words:
        """Return the words from `start` to `end`, without spaces around them."""
        cut = self.text[start:end]
        return Words(cut.strip(), self.at + start + len(cut) - len(cut.lstrip()))

    def fault(self, code: str, message: str, hint: str | None) -> ValueFault:
        """Return a fault of exactly these words."""
        return ValueFault(code, message, self.at, self.end, hint)


def parse_number(words: Words) -> Fraction | ValueFault:
    """Read `1,500.25`, `2/3`, `66 2/3` or `10 million`."""
    text = words.text
    scaled = _SCALED.fullmatch(text)
    number = scaled["number"] if scaled else text
    match = _NUMBER.fullmatch(number)
    if match is None:
        return _not_a_number(words)
    if sum(map(str.isdigit, number)) > _MOST_DIGITS:
        return words.fault("M222", f"a number of more than {_MOST_DIGITS} digits", "write fewer digits")
    scale = _SCALES[scaled["scale"]] if scaled and scaled["scale"] else 1
    if match["plain"]:
        whole, _, decimals = match["plain"].replace(",", "").partition(".")
        return Fraction(int(whole + decimals) * scale, 10 ** len(decimals))
    top, bottom = (int(match[part].replace(",", "")) for part in ("top", "bottom"))
    if bottom == 0:
        return words.fault(
            "M224", f"'{shortened(text)}' divides by zero", "write a number below the line that is not zero"
        )
    whole = match["whole"]
    return (Fraction(top, bottom) + (int(whole.replace(",", "")) if whole else 0)) * scale


def _not_a_number(words: Words) -> ValueFault:
    """Return the fault of words that are no number, with the hint that suits what was probably meant."""
    text = words.text
    named = f"'{shortened(text)}' is not a number"
    if any(c.isdigit() and not c.isascii() for c in text):
        plain = "".join(str(int(c)) if c.isdecimal() else _FOREIGN_SIGNS.get(c, c) for c in text[:60])
        return words.fault("M223", f"'{shortened(text)}' has digits of another script", f"write {plain}")
    if re.fullmatch(r"[\d.,]+[eE][+-]?\d+", text, re.ASCII):
        return words.fault(
            "M225",
            f"'{shortened(text)}' is written with an exponent",
            "write the number in full, or with million or billion",
        )
    if text[:1] in ("-", "−", "+", "("):
        return words.fault("M220", named, "write the number without a sign; the label says which way it goes")
    if _LOOSE_NUMBER.fullmatch(text) and any(c.isdigit() for c in text):
        return words.fault("M221", f"'{shortened(text)}' is not a number as written here", _comma_hint(text))
    return words.fault("M220", named, "write a number such as 5,000 or 2.5")


def _comma_hint(text: str) -> str:
    """Say how to write a number whose commas, points or spaces stand where they may not."""
    if len(text) > 60:
        return "commas stand before each group of three digits, and a point before the decimals"
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", text, re.ASCII):
        text = text.replace(".", "").replace(",", ".")
        return f"write {format_fraction(Fraction(text))}: a comma stands before thousands, a point before decimals"
    digits = re.sub(r"[\s'’_]", "", text)
    if re.fullmatch(r"\d+,\d{1,2}", digits, re.ASCII):
        point = digits.replace(",", ".")
        return f"write {point} if the comma is a decimal point; commas stand before each group of three digits"
    plain = digits.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain, re.ASCII):
        whole, point, decimals = plain.partition(".")
        return f"write {int(whole):,}{point}{decimals}"
    return "commas stand before each group of three digits, and a point before the decimals"


def shortened(words: str) -> str:
    """Return words for a message: the first of them, if they are many."""
    return words if len(words) <= 40 else words[:39] + "…"


def format_fraction(amount: Fraction, places: int = 0) -> str:
    """Return an exact number in words: `4,666.5` where its decimals end, else `66 2/3`.

    Args:
        amount: Any exact number.
        places: Least number of decimals, where it has decimals at all or `places` is above 0.
    """
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    decimals = _decimal_places(amount.denominator)
    if decimals is None:
        whole, top = divmod(amount.numerator, amount.denominator)
        return f"{sign}{f'{whole:,} ' if whole else ''}{top:,}/{amount.denominator:,}"
    decimals = max(decimals, places)
    return sign + format_decimal(amount, decimals, commas=True)


def _decimal_places(denominator: int) -> int | None:
    """Return how many decimals a fraction of this denominator (in lowest terms) has; None if they never end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def format_decimal(amount: Fraction, places: int, *, commas: bool) -> str:
    """Return a number that is not negative and has at most `places` decimals, with exactly that many."""
    scale = 10**places
    whole, rest = divmod(int(amount * scale), scale)
    return (f"{whole:,}" if commas else str(whole)) + (f".{rest:0{places}d}" if places else "")


def whole_words(text: str) -> Words:
    """Return a value's words without spaces around them."""
    stripped = text.strip()
    return Words(stripped, text.find(stripped) if stripped else 0)
