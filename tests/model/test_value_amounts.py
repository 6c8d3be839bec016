"""Money, quantities, durations and ledger lines: every form, what it is worth, and how it is written back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.model.amounts import (
    format_amount,
    format_class_quantity,
    format_duration,
    format_fraction,
    format_money,
    format_quantity,
    parse_class_quantity,
    parse_duration,
    parse_money,
    parse_quantity,
)
from muniment.model.currencies import COMMON, MINOR_UNITS, SYMBOLS
from muniment.model.values import Bounded, ClassQuantity, Duration, Money, Quantity, ValueFault


def usd(amount: int | str) -> Money:
    return Money(Fraction(amount), "USD")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("USD 1,500,000.00", usd(1_500_000)),
        ("USD 1500000", usd(1_500_000)),
        ("USD 1.50", usd("3/2")),
        ("USD 10 million", usd(10_000_000)),
        ("USD 1.25 billion", usd(1_250_000_000)),
        ("USD 3 thousand", usd(3_000)),
        ("USD 2 trillion", usd(2 * 10**12)),
        ("USD 0.000001", usd("1/1000000")),
        ("USD 33 1/3", usd("100/3")),
        ("JPY 100", Money(Fraction(100), "JPY")),
        ("DEM 5", Money(Fraction(5), "DEM")),
        ("less than USD 9,000,000", Bounded(None, usd(9_000_000), high_open=True)),
        ("more than USD 9 million", Bounded(usd(9_000_000), None, low_open=True)),
        ("at least USD 5", Bounded(usd(5), None)),
        ("at most USD 5", Bounded(None, usd(5))),
        ("about USD 20,000,000", Bounded(usd(20_000_000), usd(20_000_000), about=True)),
        ("USD 5 to USD 10", Bounded(usd(5), usd(10))),
        ("between USD 5 and USD 10", Bounded(usd(5), usd(10))),
        ("more than USD 5 and at most USD 10", Bounded(usd(5), usd(10), low_open=True)),
        ("greater of USD 5 and USD 10", usd(10)),
        ("greater of USD 5 and 25% of revenue", Bounded(usd(5), None)),
        ("unknown", Bounded(None, None)),
    ],
)
def test_money(text: str, value: Money | Bounded[Money]) -> None:
    expected = replace(value, text=text) if isinstance(value, Bounded) else value
    assert parse_money(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10,000,000", Quantity(Fraction(10_000_000))),
        ("10000000", Quantity(Fraction(10_000_000))),
        ("804,325.16", Quantity(Fraction("804325.16"))),
        ("25%", Quantity(Fraction(1, 4), "%")),
        ("66 2/3%", Quantity(Fraction(2, 3), "%")),
        ("2/3", Quantity(Fraction(2, 3))),
        ("66 2/3", Quantity(Fraction(200, 3))),
        ("1x", Quantity(Fraction(1), "x")),
        ("1.5x", Quantity(Fraction(3, 2), "x")),
        ("100x", Quantity(Fraction(100), "x")),
        ("1:1", Quantity(Fraction(1), ":")),
        ("1:1,500", Quantity(Fraction(1500), ":")),
        ("1.5 million", Quantity(Fraction(1_500_000))),
        ("9" * 30, Quantity(Fraction(10**30 - 1))),
        ("4 to 12", Bounded(Quantity(Fraction(4)), Quantity(Fraction(12)))),
        ("10% to 20%", Bounded(Quantity(Fraction(1, 10), "%"), Quantity(Fraction(1, 5), "%"))),
        ("more than 50%", Bounded(Quantity(Fraction(1, 2), "%"), None, low_open=True)),
        ("greater of 3 and 25% of board", Bounded(Quantity(Fraction(3)), None)),
        ("greater of 25% and 3", Bounded(Quantity(Fraction(3)), None)),
        ("greater of 3 and 5", Quantity(Fraction(5))),
    ],
)
def test_quantities(text: str, value: Quantity | Bounded[Quantity]) -> None:
    expected = replace(value, text=text) if isinstance(value, Bounded) else value
    assert parse_quantity(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "at", "hint"),
    [
        ("$5", "M230", (0, 2), "write USD 5"),
        ("€5", "M230", (0, 2), "write EUR 5"),
        ("5 USD", "M230", (0, 5), "write USD 5"),
        ("USD5", "M230", (0, 4), "write USD 5"),
        ("US$ 5", "M230", (0, 5), "write USD 5"),
        ("usd 5", "M230", (0, 5), "write USD 5"),
        ("5 dollars", "M230", (0, 9), "write USD 5"),
        ("$10m", "M230", (0, 4), "write USD 10 million"),
        ("$1,500.25", "M230", (0, 9), "write USD 1,500.25"),
        ("¥5", "M230", (0, 2), "write JPY 5 (or CNY 5)"),
        ("5", "M230", (0, 1), "write the currency first, such as USD 5"),
        ("less than $9 million", "M230", (10, 20), "write USD 9 million"),
        ("USD 5 to 10 million", "M230", (9, 19), "write USD 10 million"),
        ("USF 5", "M231", (0, 3), "did you mean USD?"),
        ("UDS 5", "M231", (0, 3), "did you mean USD?"),
        ("EUX 5", "M231", (0, 3), "did you mean EUR?"),
        ("about QQQ 5", "M231", (6, 9), "write the code of ISO 4217, such as USD"),
        ("USD 1e9", "M225", (4, 7), "write the number in full, or with million or billion"),
        ("USD ５", "M223", (4, 5), "write 5"),
        ("USD 1/0", "M224", (4, 7), "write a number below the line that is not zero"),
        ("USD " + "9" * 31, "M222", (4, 35), "write fewer digits"),
        ("USD -5", "M220", (4, 6), "write the number without a sign; the label says which way it goes"),
        ("USD 10 to USD 5", "M236", (0, 15), "write the lower value first"),
        ("USD 5 to EUR 10", "M236", (0, 15), "write both bounds in one unit"),
        ("more than USD 5 and less than USD 5", "M236", (0, 35), "write the lower value first"),
        ("between USD 5", "M235", (0, 13), "write between X and Y"),
        ("", "M220", (0, 0), "write an amount such as USD 5,000, or unknown"),
    ],
)
def test_wrong_money_says_where_and_what_to_write(text: str, code: str, at: tuple[int, int], hint: str) -> None:
    fault = parse_money(text)
    assert isinstance(fault, ValueFault)
    assert (fault.code, (fault.start, fault.end), fault.hint) == (code, at, hint)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("1,50", "M221", "write 1.50 if the comma is a decimal point; commas stand before each group of three digits"),
        ("12,34,567", "M221", "write 1,234,567"),
        ("1 500", "M221", "write 1,500"),
        ("1'500.5", "M221", "write 1,500.5"),
        ("1.234,50", "M221", "write 1,234.5: a comma stands before thousands, a point before decimals"),
        ("25 %", "M220", "write 25%"),
        ("25 percent", "M220", "write 25%"),
        ("1.5 X", "M220", "write 1.5x"),
        ("10m", "M220", "write 10 million"),
        ("half", "M220", "write 1/2"),
        ("10 to 20%", "M236", "write 10% to 20%"),
        ("1/0%", "M224", "write a number below the line that is not zero"),
        ("１０", "M223", "write 10"),
        ("2E5", "M225", "write the number in full, or with million or billion"),
        ("0." + "1" * 30, "M222", "write fewer digits"),
    ],
)
def test_wrong_quantities_say_what_to_write(text: str, code: str, hint: str) -> None:
    fault = parse_quantity(text)
    assert isinstance(fault, ValueFault)
    assert (fault.code, fault.hint) == (code, hint)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4,000,000 common", ClassQuantity(Quantity(Fraction(4_000_000)), "common")),
        (
            "2,000,000 series-a for USD 3,000,000",
            ClassQuantity(Quantity(Fraction(2_000_000)), "series-a", usd(3_000_000)),
        ),
        ("5 acme.common", ClassQuantity(Quantity(Fraction(5)), "acme.common")),
        ("60% of votes", ClassQuantity(Quantity(Fraction(3, 5), "%"), "votes")),
        ("40% of capital", ClassQuantity(Quantity(Fraction(2, 5), "%"), "capital")),
        ("2/3 of votes", ClassQuantity(Quantity(Fraction(2, 3), "%"), "votes")),
        ("2/3 common", ClassQuantity(Quantity(Fraction(2, 3)), "common")),
        (
            "at least 50% of ordinary",
            ClassQuantity(Bounded(Quantity(Fraction(1, 2), "%"), None, text="at least 50%"), "ordinary"),
        ),
        (
            "10 a for about USD 5",
            ClassQuantity(Quantity(Fraction(10)), "a", Bounded(usd(5), usd(5), about=True, text="about USD 5")),
        ),
    ],
)
def test_ledger_lines(text: str, value: ClassQuantity) -> None:
    assert parse_class_quantity(text) == value


@pytest.mark.parametrize(
    ("text", "code", "at", "hint"),
    [
        ("common", "M245", (0, 6), "write a number and a class, such as 4,000,000 common"),
        ("4,000,000", "M245", (0, 9), "write a number and a class, such as 4,000,000 common"),
        ("4 million", "M245", (0, 9), "write a number and a class, such as 4,000,000 common"),
        ("100 votes", "M245", (0, 3), "write a percentage, such as 60% of votes"),
        ("60% common", "M245", (0, 3), "write 60% of common"),
        ("120% of votes", "M245", (0, 4), "write at most 100%"),
        ("100 of common", "M245", (0, 3), "write 100 common, or a percentage"),
        ("2x common", "M245", (0, 2), "write a number or a percentage"),
        ("60 common for $5", "M230", (14, 16), "write USD 5"),
        (
            "1,50 common",
            "M221",
            (0, 4),
            "write 1.50 if the comma is a decimal point; commas stand before each group of three digits",
        ),
    ],
)
def test_wrong_ledger_lines(text: str, code: str, at: tuple[int, int], hint: str) -> None:
    fault = parse_class_quantity(text)
    assert isinstance(fault, ValueFault)
    assert (fault.code, (fault.start, fault.end), fault.hint) == (code, at, hint)


@pytest.mark.parametrize(
    ("text", "value"),
    [("30 days", Duration(30, "days")), ("18 months", Duration(18, "months")), ("1 year", Duration(1, "years"))],
)
def test_durations(text: str, value: Duration) -> None:
    assert parse_duration(text) == value
    assert format_duration(value) == text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("thirty days", "write 30 days"),
        ("48 hours", "write 2 days"),
        ("1.5 years", "write 18 months"),
        ("30-day", "write 30 days"),
        ("10,000,000 days", "write a whole number of days, weeks, months or years, such as 30 days"),
        ("99999999 years", "write a shorter time"),
        ("", "write a whole number of days, weeks, months or years, such as 30 days"),
    ],
)
def test_wrong_durations(text: str, hint: str) -> None:
    fault = parse_duration(text)
    assert isinstance(fault, ValueFault)
    assert (fault.code, fault.hint) == ("M240", hint)


@pytest.mark.parametrize(
    ("money", "places", "text"),
    [
        (usd(3_000_000), None, "USD 3,000,000"),
        (usd("3/2"), None, "USD 1.50"),
        (usd("1/1000"), None, "USD 0.001"),
        (usd(3_000_000), 2, "USD 3,000,000.00"),
        (usd("1/3"), None, "USD 1/3"),
        (usd("-3/2"), None, "USD -1.50"),
        (Money(Fraction(1, 2), "KWD"), None, "KWD 0.500"),
        (Money(Fraction(1, 2), "JPY"), None, "JPY 0.5"),
        (Bounded(usd(1), usd(2), low_open=True), None, "more than USD 1 and at most USD 2"),
        (Bounded(None, None), None, "unknown"),
        (Bounded(usd(1), usd(1)), 2, "USD 1.00 to USD 1.00"),
    ],
)
def test_money_is_written(money: Money | Bounded[Money], places: int | None, text: str) -> None:
    assert format_money(money, places) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Fraction("4666666.67"), "USD", "4666666.67"),
        (Fraction(0), "USD", "0.00"),
        (Fraction(5), "JPY", "5"),
        (Fraction(5), "KWD", "5.000"),
        (Fraction("-0.05"), "USD", "-0.05"),
        (Fraction(1, 3), "USD", "0.33"),
    ],
)
def test_amounts_are_written_at_the_minor_unit(amount: Fraction, currency: str, text: str) -> None:
    assert format_amount(amount, currency) == text


numbers = st.one_of(
    st.integers(0, 10**14).map(Fraction),
    st.builds(Fraction, st.integers(0, 10**14), st.sampled_from([10**k for k in range(8)])),
    st.builds(Fraction, st.integers(0, 10**6), st.integers(1, 10**6)),
)
money = st.builds(Money, numbers, st.sampled_from(sorted(MINOR_UNITS)))


@st.composite
def bounded(draw: st.DrawFn, values: Any) -> Any:
    """Draw bounds of one unit: both ends, one of them, neither, or about."""
    a, b = draw(values), draw(numbers)
    b = replace(a, amount=b)
    low, high = sorted((a, b), key=lambda value: value.amount)
    shape = draw(st.sampled_from(["both", "low", "high", "neither", "about"]))
    low_open, high_open = draw(st.booleans()), draw(st.booleans())
    if shape == "about":
        return Bounded(low, low, about=True)
    if shape == "both":
        apart = low.amount < high.amount
        return Bounded(low, high, low_open and apart, high_open and apart)
    if shape == "low":
        return Bounded(low, None, low_open=low_open)
    return Bounded(None, high, high_open=high_open) if shape == "high" else Bounded(None, None)


def without_text(value: Any) -> Any:
    return replace(value, text="") if isinstance(value, Bounded) else value


@given(money | bounded(money), st.none() | st.integers(0, 4))
def test_money_reads_back(value: Money | Bounded[Money], places: int | None) -> None:
    text = format_money(value, places)
    read = parse_money(text)
    assert without_text(read) == value
    assert not isinstance(read, ValueFault)
    assert format_money(read, places) == text


quantities = st.builds(Quantity, numbers, st.sampled_from(["", "%", "x", ":"]))


@given(quantities | bounded(quantities))
def test_quantities_read_back(value: Quantity | Bounded[Quantity]) -> None:
    assert without_text(parse_quantity(format_quantity(value))) == value


parts = st.builds(Quantity, st.fractions(0, 1, max_denominator=10**6), st.just("%"))
shares = st.builds(Quantity, numbers, st.just(""))
names = st.from_regex(r"[a-z][a-z0-9-]{0,9}(\.[a-z][a-z0-9-]{0,9})?", fullmatch=True)


@given(
    st.builds(ClassQuantity, parts, names | st.sampled_from(["votes", "capital"]), st.none() | money)
    | st.builds(ClassQuantity, shares, names.filter(lambda name: name not in ("votes", "capital")), st.none() | money)
)
def test_ledger_lines_read_back(value: ClassQuantity) -> None:
    read = parse_class_quantity(format_class_quantity(value))
    if value.of.split()[0] in ("thousand", "million", "billion", "trillion"):
        return
    assert read == value


@given(st.fractions(max_denominator=10**6), st.integers(0, 6))
def test_a_written_number_is_the_number(amount: Fraction, places: int) -> None:
    text = format_fraction(amount, places).replace(",", "")
    sign = -1 if text.startswith("-") else 1
    pieces = [Fraction(piece) for piece in text.lstrip("-").split(" ")]
    assert sign * sum(pieces) == amount


@given(st.text(max_size=30) | st.text(alphabet="0123456789 ,./%x:-eE", max_size=20))
def test_no_words_stop_the_readers(text: str) -> None:
    for parse in (parse_money, parse_quantity, parse_duration, parse_class_quantity):
        for tried in (text, f"USD {text}", f"less than {text}", f"{text} to {text}", f"greater of {text} and {text}"):
            found = parse(tried)
            if isinstance(found, ValueFault):
                assert 0 <= found.start <= found.end <= len(tried)


@pytest.mark.parametrize(
    "text", ["9" * 10**6, "1," * 10**6, "1/" * 10**6, " " * 10**6 + "1", "USD " + "9" * 10**6, "1 " * 10**6]
)
def test_a_long_text_is_refused_at_once(text: str) -> None:
    assert isinstance(parse_money(text), ValueFault)
    found = parse_quantity(text)
    assert isinstance(found, ValueFault) or text.strip() == "1"


def test_every_symbol_and_common_code_has_a_minor_unit() -> None:
    assert {*SYMBOLS.values(), *COMMON} <= set(MINOR_UNITS)
    assert all(len(code) == 3 and code.isupper() for code in MINOR_UNITS)
    # ISO 4217 list one, as amended in 2024: places other than two.
    assert {code for code, places in MINOR_UNITS.items() if places == 3} == {
        "BHD",
        "IQD",
        "JOD",
        "KWD",
        "LYD",
        "OMR",
        "TND",
    }
    assert {code for code, places in MINOR_UNITS.items() if places == 4} == {"CLF", "UYW"}
