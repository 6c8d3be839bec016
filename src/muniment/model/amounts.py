"""Money and quantities, exact or between bounds, and the lines of a ledger; read from words and written back."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from muniment.model.currencies import COMMON, MINOR_UNITS, SYMBOLS
from muniment.model.durations import format_duration, parse_duration
from muniment.model.numbers import Words, format_decimal, format_fraction, parse_number, shortened, whole_words
from muniment.model.values import Bounded, ClassQuantity, Money, Quantity, ValueFault

__all__ = [
    "format_amount",
    "format_class_quantity",
    "format_duration",
    "format_fraction",
    "format_money",
    "format_quantity",
    "parse_class_quantity",
    "parse_duration",
    "parse_money",
    "parse_quantity",
]

_SHORT_SCALES = {"k": "thousand", "m": "million", "mn": "million", "mm": "million", "mio": "million"}
_SHORT_SCALES |= {"b": "billion", "bn": "billion", "t": "trillion", "tn": "trillion"}
_FRACTION_WORDS = {
    "half": "1/2",
    "one half": "1/2",
    "a third": "1/3",
    "one third": "1/3",
    "two thirds": "2/3",
    "two-thirds": "2/3",
    "a quarter": "1/4",
    "three quarters": "3/4",
    "three-quarters": "3/4",
    "all": "100%",
    "none": "0",
}

_MONEY = re.compile(r"(?P<code>[A-Z]{3}) (?P<number>\S.*)", re.ASCII | re.DOTALL)
_AMOUNT_ANYWHERE = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)\s*(thousand|million|billion|trillion|bn|mn|mm|mio|tn|[kmbt])?(?![\w%])",
    re.ASCII | re.IGNORECASE,
)
_NUMBER_AND_UNIT = re.compile(
    r"([\d][\d.,/ ]*?)\s*(%|percent|per cent|pct|x|×|times|k|m|mn|mm|b|bn|t)\.?", re.ASCII | re.IGNORECASE
)
_CLASS = re.compile(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)?", re.ASCII)

T = TypeVar("T", Money, Quantity)


@lru_cache(maxsize=16384)
def parse_money(text: str) -> Money | Bounded[Money] | ValueFault:
    """Read an amount of money.

    Forms: `USD 1,500,000.00`, `USD 10 million`; the bounded forms of `parse_quantity` over them; `unknown`.

    Args:
        text: The value's words. The code is that of ISO 4217; more decimals than the minor unit has are kept.

    Returns:
        The amount, in units of the currency; its bounds where it is not stated exactly; or why it could not be read.

    Example:
        >>> parse_money("USD 1.5 million")
        Money(amount=Fraction(1500000, 1), currency='USD')
    """
    return _parse_bounded(whole_words(text), _parse_exact_money, _compare_money, "an amount such as USD 5,000")


@lru_cache(maxsize=16384)
def parse_quantity(text: str) -> Quantity | Bounded[Quantity] | ValueFault:
    """Read a number, with the unit it is written in.

    Forms: `10,000,000`, `804,325.16`, `10 million`, `2/3`, `66 2/3`, `25%`, `66 2/3%`, `1.5x`, `1:1,500`; bounded:
    `less than X`, `more than X`, `at least X`, `at most X`, `about X`, `X to Y`, `between X and Y`, `more than X and at
    most Y`, `greater of X and Y`, `unknown`. The greater of two numbers of one unit is a number; of two units, or where
    either is a part of something (`greater of 3 and 25% of board`), it is known only to be at least the plain number.

    Args:
        text: The value's words; at most 30 digits a number.

    Returns:
        The number (25% is 1/4; 1:1,500 is 1500, what one becomes); its bounds where it is not stated exactly; or why it
        could not be read.

    Example:
        >>> parse_quantity("66 2/3%")
        Quantity(amount=Fraction(2, 3), unit='%')
    """
    return _parse_bounded(whole_words(text), _parse_exact_quantity, _compare_quantities, "a number such as 5,000")


@lru_cache(maxsize=16384)
def parse_class_quantity(text: str) -> ClassQuantity | ValueFault:
    """Read what a line of a ledger or a holding states.

    Forms: `QUANTITY CLASS`, `PERCENTAGE of CLASS`, `of votes`, `of capital`; each may be bounded, and may end in
    `for MONEY`, which is paid for all of it.

    Args:
        text: The value's words.

    Returns:
        The quantity, of what, and the money paid; or why it could not be read.
    """
    words = whole_words(text)
    before, paid_for, _ = words.text.partition(" for ")
    paid: Money | Bounded[Money] | None = None
    if paid_for:
        money = words.part(len(before) + len(paid_for))
        read = parse_money(money.text)
        if isinstance(read, ValueFault):
            return _moved(read, money.at)
        paid = read
        words = words.part(0, len(before))
    number, space, of = words.text.rpartition(" ")
    if not space or not _CLASS.fullmatch(of) or isinstance(_parse_exact_quantity(words), Quantity):
        message = f"'{shortened(words.text)}' does not say how much of which class"
        return words.fault("M245", message, "write a number and a class, such as 4,000,000 common")
    is_part = number.endswith(" of")
    count = words.part(0, len(number) - 3 if is_part else len(number))
    quantity = parse_quantity(count.text)
    if isinstance(quantity, ValueFault):
        return _moved(quantity, count.at)
    return _of_class(count, quantity, is_part, of, paid)


def _of_class(
    count: Words, quantity: Quantity | Bounded[Quantity], is_part: bool, of: str, paid: Money | Bounded[Money] | None
) -> ClassQuantity | ValueFault:
    """Return the quantity of a class, once its unit is found to suit."""
    ends = [quantity] if isinstance(quantity, Quantity) else [end for end in (quantity.low, quantity.high) if end]
    units = {end.unit for end in ends}
    if units & {"x", ":"}:
        return count.fault(
            "M245", f"'{shortened(count.text)}' is not a number of shares", "write a number or a percentage"
        )
    if not is_part and of in ("votes", "capital"):
        message = f"'{shortened(count.text)} {of}' is not a part of the {of}"
        return count.fault("M245", message, f"write a percentage, such as 60% of {of}")
    if not is_part and "%" in units:
        return count.fault("M245", f"a percentage without 'of' before '{of}'", f"write {shortened(count.text)} of {of}")
    if not is_part:
        return ClassQuantity(quantity, of, paid)
    if any(end.amount > 1 for end in ends):
        if "%" in units:
            return count.fault("M245", f"'{shortened(count.text)}' is more than the whole", "write at most 100%")
        hint = (
            "write a percentage"
            if of in ("votes", "capital")
            else f"write {shortened(count.text)} {of}, or a percentage"
        )
        return count.fault("M245", f"'{shortened(count.text)} of {of}' is a number where a part is meant", hint)
    return ClassQuantity(_as_part(quantity), of, paid)


def _as_part(quantity: Quantity | Bounded[Quantity]) -> Quantity | Bounded[Quantity]:
    """Return a quantity with the unit of a part, so that `2/3 of votes` is told from two thirds of a share."""
    if isinstance(quantity, Quantity):
        return Quantity(quantity.amount, "%")
    low = Quantity(quantity.low.amount, "%") if quantity.low else None
    high = Quantity(quantity.high.amount, "%") if quantity.high else None
    return Bounded(low, high, quantity.low_open, quantity.high_open, quantity.about, quantity.text)


def _parse_bounded(
    words: Words,
    parse: Callable[[Words], T | ValueFault],
    compare: Callable[[T, T], int | None],
    example: str,
) -> T | Bounded[T] | ValueFault:
    """Read a value or its bounds.

    Args:
        words: All the value's words.
        parse: Reads an exact value.
        compare: Returns -1, 0 or 1, or None where two values cannot be compared.
        example: Names what is expected, for hints.
    """
    text = words.text
    if not text:
        return words.fault("M220", "the value is missing", f"write {example}, or unknown")
    if text == "unknown":
        return Bounded(None, None, text=text)
    if text.startswith("greater of "):
        return _parse_greater(words, parse, compare)
    if text.startswith("about "):
        value = parse(words.part(6))
        return value if isinstance(value, ValueFault) else Bounded(value, value, about=True, text=text)
    low_words: Words | None = None
    high_words: Words | None = None
    low_open = high_open = False
    if text.startswith("between "):
        first, found, _ = text.partition(" and ")
        if not found:
            return words.fault("M235", "'between' needs two values", "write between X and Y")
        low_words, high_words = words.part(8, len(first)), words.part(len(first) + 5)
    elif text.startswith(("more than ", "at least ")):
        first, found, _ = text.partition(" and ")
        low_words, low_open = words.part(10 if text.startswith("more") else 9, len(first)), text.startswith("more")
        if found:
            rest = words.part(len(first) + 5)
            if not rest.text.startswith(("less than ", "at most ")):
                return rest.fault(
                    "M235", f"'{shortened(rest.text)}' is no upper bound", "write less than X or at most X"
                )
            high_words, high_open = _after_bound(rest)
    elif text.startswith(("less than ", "at most ")):
        high_words, high_open = _after_bound(words)
    elif " to " in text:
        first = text.partition(" to ")[0]
        low_words, high_words = words.part(0, len(first)), words.part(len(first) + 4)
    else:
        return parse(words)
    return _with_bounds(words, low_words, low_open, high_words, high_open, parse, compare)


def _after_bound(words: Words) -> tuple[Words, bool]:
    """Return the words after `less than` or `at most`, and whether the bound itself is excluded."""
    is_open = words.text.startswith("less than ")
    return words.part(10 if is_open else 8), is_open


def _with_bounds(
    words: Words,
    low_words: Words | None,
    low_open: bool,
    high_words: Words | None,
    high_open: bool,
    parse: Callable[[Words], T | ValueFault],
    compare: Callable[[T, T], int | None],
) -> Bounded[T] | ValueFault:
    """Read both bounds and hold them against each other."""
    low: T | None = None
    high: T | None = None
    if low_words is not None:
        read = parse(low_words)
        if isinstance(read, ValueFault):
            return _unit_from_other(read, low_words, high_words, parse)
        low = read
    if high_words is not None:
        read = parse(high_words)
        if isinstance(read, ValueFault):
            return _unit_from_other(read, high_words, low_words, parse)
        high = read
    if low is not None and high is not None:
        order = compare(low, high)
        if order is None:
            hint = "write both bounds in one unit"
            if low_words and high_words and low_words.text[-1].isdigit() and high_words.text[-1] in "%x":
                hint = f"write {low_words.text}{high_words.text[-1]} to {high_words.text}"
            return words.fault("M236", "the two bounds are not of one unit", hint)
        if order > 0 or (order == 0 and (low_open or high_open)):
            return words.fault("M236", "the lower bound is not below the upper one", "write the lower value first")
    return Bounded(low, high, low_open, high_open, text=words.text)


def _unit_from_other(
    fault: ValueFault, at_fault: Words, other: Words | None, parse: Callable[[Words], T | ValueFault]
) -> ValueFault:
    """Return a fault that suggests the other bound's currency, where only that is missing (`USD 5 to 10`)."""
    code = other.text[:3] if other else ""
    if code in MINOR_UNITS and not isinstance(parse(Words(f"{code} {at_fault.text}", 0)), ValueFault):
        return ValueFault(fault.code, fault.message, fault.start, fault.end, f"write {code} {at_fault.text}")
    return fault


def _parse_greater(
    words: Words, parse: Callable[[Words], T | ValueFault], compare: Callable[[T, T], int | None]
) -> T | Bounded[T] | ValueFault:
    """Read `greater of X and Y`."""
    first, found, _ = words.text.partition(" and ")
    if not found:
        return words.fault("M235", "'greater of' needs two values", "write greater of X and Y")
    known: list[T] = []
    for side in (words.part(11, len(first)), words.part(len(first) + 5)):
        number, of, whole = side.text.partition("% of ")
        is_part = bool(of) and bool(_CLASS.fullmatch(whole))
        part = _parse_exact_quantity(side.part(0, len(number) + 1)) if is_part else None
        value = part if isinstance(part, ValueFault) else parse(side) if part is None else None
        if isinstance(value, ValueFault):
            return value
        if value is not None:
            known.append(value)
    if len(known) == 2:
        order = compare(known[0], known[1])
        if order is not None:
            return known[0] if order >= 0 else known[1]
        if isinstance(known[0], Money):
            return words.fault("M236", "the two amounts are not of one currency", "write both in one currency")
        known = [value for value in known if isinstance(value, Quantity) and value.unit == ""]
    return Bounded(known[0] if known else None, None, text=words.text)


def _parse_exact_money(words: Words) -> Money | ValueFault:
    """Read a code and a number."""
    match = _MONEY.fullmatch(words.text)
    if match is None or match["code"] not in MINOR_UNITS:
        if match is not None and (match["number"][0].isdigit() or match["number"][0] == "."):
            code = match["code"]
            near = _nearest_currency(code)
            hint = f"did you mean {near}?" if near else "write the code of ISO 4217, such as USD"
            return ValueFault("M231", f"unknown currency '{code}'", words.at, words.at + 3, hint)
        hint = _money_hint(words.text) or "write a currency code and a number, such as USD 5,000"
        return words.fault("M230", f"'{shortened(words.text)}' is not an amount of money", hint)
    amount = parse_number(words.part(4))
    return amount if isinstance(amount, ValueFault) else Money(amount, match["code"])


def _parse_exact_quantity(words: Words) -> Quantity | ValueFault:
    """Read a number with its unit."""
    text = words.text
    if text[:2] == "1:" and len(text) > 2:
        amount = parse_number(words.part(2))
        return amount if isinstance(amount, ValueFault) else Quantity(amount, ":")
    if text[-1:] in ("%", "x") and text[-2:-1].isdigit():
        amount = parse_number(words.part(0, len(text) - 1))
        if isinstance(amount, ValueFault):
            return amount
        return Quantity(amount / 100, "%") if text[-1] == "%" else Quantity(amount, "x")
    amount = parse_number(words)
    if isinstance(amount, Fraction):
        return Quantity(amount)
    hint = _quantity_hint(text)
    return ValueFault(amount.code, amount.message, amount.start, amount.end, f"write {hint}") if hint else amount


def _nearest_currency(code: str) -> str | None:
    """Return a code that shares two places with this one, those in common use first; None if there is none."""
    for known in (*COMMON, *MINOR_UNITS):
        if sum(a == b for a, b in zip(known, code, strict=True)) == 2 or sorted(known) == sorted(code):
            return known
    return None


def _money_hint(text: str) -> str | None:
    """Return the right form of `$5`, `5 USD`, `USD5`, `US$ 5 million` and the like."""
    if len(text) > 60:
        return None
    match = _AMOUNT_ANYWHERE.search(text)
    if match is None:
        return None
    around = [part for part in (text[: match.start()].strip(), text[match.end() :].strip()) if part]
    if not around:
        return f"write the currency first, such as USD {text}"
    if len(around) != 1:
        return None
    name = around[0].rstrip(".")
    code = SYMBOLS.get(name) or SYMBOLS.get(name.lower()) or name.upper()
    if code not in MINOR_UNITS:
        return None
    scale = (match[2] or "").lower()
    written = f"{code} {match[1]}" + (f" {_SHORT_SCALES.get(scale, scale)}" if scale else "")
    if isinstance(_parse_exact_money(Words(written, 0)), ValueFault):
        return None
    return f"write {written}" + (f" (or CNY {written[4:]})" if name == "¥" else "")


def _quantity_hint(text: str) -> str | None:
    """Return the right form of `25 %`, `25 percent`, `1.5 x`, `1.5X`, `10m`, `10 shares`, `a third`."""
    if len(text) > 60:
        return None
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        return _FRACTION_WORDS.get(text.lower())
    number, unit = match[1], match[2].lower()
    scale = _SHORT_SCALES.get(unit)
    written = f"{number} {scale}" if scale else number + ("%" if unit[0] in "%p" else "x")
    return None if isinstance(parse_number(Words(number, 0)), ValueFault) else written


def _compare_money(a: Money, b: Money) -> int | None:
    return None if a.currency != b.currency else (a.amount > b.amount) - (a.amount < b.amount)


def _compare_quantities(a: Quantity, b: Quantity) -> int | None:
    return None if a.unit != b.unit else (a.amount > b.amount) - (a.amount < b.amount)


def _moved(fault: ValueFault, by: int) -> ValueFault:
    return ValueFault(fault.code, fault.message, fault.start + by, fault.end + by, fault.hint)


def format_money(money: Money | Bounded[Money], places: int | None = None) -> str:
    """Return money as it is written in a book: `USD 3,000,000`, `USD 1.50`, `less than USD 9,000,000`.

    Args:
        money: The amount or its bounds.
        places: Least number of decimals; None = none for whole amounts, else those of the minor unit. Never rounds.
    """
    if isinstance(money, Bounded):
        return _format_bounded(money, lambda value: format_money(value, places))
    least = (
        places if places is not None else (0 if money.amount.denominator == 1 else MINOR_UNITS.get(money.currency, 2))
    )
    return f"{money.currency} {format_fraction(money.amount, least)}"


def format_amount(amount: Fraction, currency: str, commas: bool = False) -> str:
    """Return an amount at the currency's minor unit: `4666666.67`, or `4,666,666.67` with commas.

    Args:
        amount: In units of the currency. Where it is not a whole number of minor units it is rounded, half to even.
        currency: ISO 4217 code.
        commas: Whether thousands are set apart.
    """
    places = MINOR_UNITS.get(currency, 2)
    units = round(amount * 10**places)
    return ("-" if units < 0 else "") + format_decimal(Fraction(abs(units), 10**places), places, commas=commas)


def format_quantity(quantity: Quantity | Bounded[Quantity]) -> str:
    """Return a quantity as it is written in a book: `10,000,000`, `66 2/3%`, `1.5x`, `1:1,500`, `at least 5%`."""
    if isinstance(quantity, Bounded):
        return _format_bounded(quantity, format_quantity)
    if quantity.unit == "%":
        return f"{format_fraction(quantity.amount * 100)}%"
    if quantity.unit == ":":
        return f"1:{format_fraction(quantity.amount)}"
    return format_fraction(quantity.amount) + quantity.unit


def format_class_quantity(held: ClassQuantity) -> str:
    """Return a line of a ledger as it is written: `2,000,000 series-a for USD 3,000,000`, `60% of votes`."""
    ends = [held.quantity] if isinstance(held.quantity, Quantity) else [held.quantity.low, held.quantity.high]
    is_part = any(end is not None and end.unit == "%" for end in ends) or held.of in ("votes", "capital")
    paid = f" for {format_money(held.paid)}" if held.paid is not None else ""
    return f"{format_quantity(held.quantity)} {'of ' if is_part else ''}{held.of}{paid}"


def _format_bounded(value: Bounded[T], show: Callable[[T], str]) -> str:
    """Return bounds as they are written in a book."""
    if value.text.startswith("greater of "):
        return value.text
    if value.about and value.low is not None:
        return f"about {show(value.low)}"
    low = "" if value.low is None else f"{'more than' if value.low_open else 'at least'} {show(value.low)}"
    high = "" if value.high is None else f"{'less than' if value.high_open else 'at most'} {show(value.high)}"
    if value.low is not None and value.high is not None and not (value.low_open or value.high_open):
        return f"{show(value.low)} to {show(value.high)}"
    return " and ".join(part for part in (low, high) if part) or "unknown"
