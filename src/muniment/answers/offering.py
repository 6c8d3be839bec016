"""Offers of employment as the book records them, and side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.answers.header import grounds
from muniment.book.accounts import World
from muniment.book.entity_fold import basis_of_record
from muniment.book.history import proposals_under
from muniment.book.selecting import Choices, Selector
from muniment.book.structure import Basis, Structure
from muniment.model.amounts import parse_class_quantity
from muniment.model.dates import exact_day
from muniment.model.records import Record
from muniment.model.terms import Pay, parse_pay
from muniment.model.values import Bounded, ClassQuantity, Money, Quantity, ValueFault, day
from muniment.payout.faults import Refusal
from muniment.payout.offers import Cash, Equity, Worth, break_even, together, worth
from muniment.payout.piecewise import ZERO
from muniment.payout.rounding import minor_digits, money_words, plain

A_YEAR = {"a year": 1, "a month": 12, "a week": 52, "once": 1, "": 1}
"""How often a year a payment is made; an hourly one has no yearly amount of its own."""

OPTIONS = re.compile(r"(\S+) (?:options|shares|RSUs) (?:on|over|of) (\S+)\Z")
IN_CASH = re.compile(r"(?P<pay>.+?)(?: (?:as|in) (?:an? |annual )*(?:bonus|salary|cash))?(?:, (?P<rest>.+))?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One way to take an offer.

    Attributes:
        name: Address of the offer, with `, alternative N` for one that stands beside it.
        words: What it consists of, as recorded.
        currency: Of the cash; empty if none is stated.
        cash: By year; empty if it cannot be told.
        equity: What its equity brings; None if it has none, or it is open.
        open: Sentences on what the records leave open.
    """

    name: str
    words: str
    currency: str
    cash: tuple[Cash, ...]
    equity: Worth | None
    open: tuple[str, ...]
    assumptions: tuple[str, ...]
    because: tuple[Basis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Offers side by side.

    Attributes:
        exits: Proceeds at which the equity is shown.
        even: (name, name, exits at which they bring the same); where two cannot be compared, a sentence instead.
    """

    years: int
    exits: tuple[Money, ...]
    packages: tuple[Package, ...]
    even: tuple[tuple[str, str, tuple[Fraction, ...] | str], ...]


def compare_offers(
    world: World, on: date, under: str | None, exits: Sequence[Money], years: int, names: Sequence[str] = ()
) -> Comparison:
    """Return every offer in force, each with its alternatives, and where two of them bring the same.

    Args:
        world: The book in one account.
        on: The day asked.
        under: The proposal taken as adopted, if any.
        exits: Proceeds at which equity is shown.
        years: For how long; from 1.
        names: Offers to compare; empty = all.
    """
    structure = world.on(on, under)
    selector = Selector(world, day(on), proposals_under(world, under), Choices(world))
    packages: list[Package] = []
    for record in world.book.records_of("offer"):
        if selector.is_in_force(record) and (not names or record.name in names):
            packages += _packages(world, structure, record, years)
    even = [
        (first.name, second.name, _even(first, second))
        for index, first in enumerate(packages)
        for second in packages[index + 1 :]
        if first.equity is not None or second.equity is not None
    ]
    return Comparison(years=years, exits=tuple(exits), packages=tuple(packages), even=tuple(even))


def offers_in_book(world: World) -> list[str]:
    """Return the names of all offers of a book."""
    return [record.name for record in world.book.records_of("offer")]


def _packages(world: World, structure: Structure, record: Record, years: int) -> list[Package]:
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    left_open: list[str] = []
    for label in ("by", "salary", "bonus", "equity", "vests", "strike", "dilution"):
        fact = record.fact(label)
        if fact is None:
            continue
        statement = fact.statements[0] if len(fact.statements) == 1 else world.resolve(record, fact).statement
        if statement is None:
            left_open.append(f"The account '{world.account}' leaves the {label} open.")
            continue
        values[label], texts[label] = statement.value, statement.text
    basis = basis_of_record(record)
    salary = _cash(values.get("salary"), "salary", years)
    bonus = _cash(values.get("bonus"), "bonus", years)
    found, assumptions = _equity(structure, record, values, texts, years)
    left_open += [each for each in (salary, bonus, found) if isinstance(each, str)]
    if any(isinstance(values.get(label), Pay) and values[label].period == "a month" for label in ("salary", "bonus")):
        assumptions.append("What is paid a month is paid 12 times a year.")
    if any(isinstance(values.get(label), Pay) and values[label].period == "a week" for label in ("salary", "bonus")):
        assumptions.append("What is paid a week is paid 52 times a year.")
    parts = [f"{label} {texts[label]}" for label in ("salary", "bonus", "equity") if label in texts]
    packages = [
        _package(
            record.name,
            ", ".join(parts),
            [each for each in (salary, bonus) if isinstance(each, tuple)],
            years,
            found if isinstance(found, Worth) else None,
            left_open,
            assumptions,
            basis,
        )
    ]
    for number, fact in enumerate(record.facts_of("alternative"), 1):
        text = fact.statements[0].text
        packages.append(_alternative(record.name, number, text, salary, texts, years, basis))
    return packages


def _package(
    name: str,
    words: str,
    paid: Sequence[tuple[str, tuple[Cash, ...]]],
    years: int,
    equity: Worth | None,
    left_open: Sequence[str],
    assumptions: Sequence[str],
    basis: Basis,
) -> Package:
    currencies = dict.fromkeys(currency for currency, _ in paid)
    open_words = list(left_open)
    cash: tuple[Cash, ...] = ()
    if len(currencies) > 1:
        open_words.append(f"Its cash is in {' and '.join(currencies)}, which are not added up.")
    elif paid:
        cash = tuple(
            Cash(sum((each[year].low for _, each in paid), ZERO), sum((each[year].high for _, each in paid), ZERO))
            for year in range(years)
        )
    because = [basis, *(equity.because if equity is not None else ())]
    return Package(
        name=name,
        words=words,
        currency=next(iter(currencies)) if len(currencies) == 1 else "",
        cash=cash,
        equity=equity,
        open=tuple(open_words),
        assumptions=tuple(dict.fromkeys([*assumptions, *(equity.assumptions if equity is not None else ())])),
        because=tuple(dict.fromkeys(because)),
    )


def _alternative(
    offer: str,
    number: int,
    text: str,
    salary: tuple[str, tuple[Cash, ...]] | str | None,
    texts: dict[str, str],
    years: int,
    basis: Basis,
) -> Package:
    """Return an alternative: the salary stays, and what is named stands in the place of bonus and equity."""
    match = IN_CASH.match(text)
    paid = [salary] if isinstance(salary, tuple) else []
    left_open = [salary] if isinstance(salary, str) else []
    terms = parse_pay(match["pay"]) if match else None
    read = None if terms is None or isinstance(terms, ValueFault) else _cash(terms, "alternative", years)
    if isinstance(read, tuple):
        paid.append(read)
        if match is not None and match["rest"]:
            left_open.append(f"What else it may be is recorded only in words: '{match['rest']}'.")
    else:
        left_open.append(read or f"The alternative is recorded only in words: '{text}'.")
    words = f"salary {texts['salary']}, {text}" if "salary" in texts else text
    assumed = ["An alternative stands in the place of the bonus and the equity; the salary stays."]
    return _package(f"{offer}, alternative {number}", words, paid, years, None, left_open, assumed, basis)


def _cash(pay: Pay | None, label: str, years: int) -> tuple[str, tuple[Cash, ...]] | str | None:
    """Return (currency, cash by year), or a sentence on what is open; None where nothing is paid."""
    if pay is None:
        return None
    if pay.period not in A_YEAR:
        return f"The {label} is paid {pay.period}, and for how many hours is not recorded."
    amount = pay.amount
    if isinstance(amount, Bounded):
        if amount.low is None or amount.high is None or amount.about:
            return f"The {label} is not stated exactly, and not within two bounds."
        currency, low, high = amount.low.currency, amount.low.amount, amount.high.amount
    else:
        currency, low, high = amount.currency, amount.amount, amount.amount
    times = A_YEAR[pay.period]
    once = pay.period in ("once", "")
    nothing = Cash(ZERO, ZERO)
    by_year = [nothing if once and year else Cash(low * times, high * times) for year in range(years)]
    return currency, tuple(by_year)


def _equity(
    structure: Structure, record: Record, values: dict[str, Any], texts: dict[str, str], years: int
) -> tuple[Worth | str | None, list[str]]:
    """Return what the equity brings, or a sentence on why that is open; None where none is offered."""
    text = texts.get("equity")
    if text is None:
        return None, []
    match = OPTIONS.match(text)
    read = parse_class_quantity(f"{match[1]} {match[2]}" if match else text)
    if not isinstance(read, ClassQuantity) or read.paid is not None:
        return f"The equity is recorded only in words, which no curve prices: '{text}'.", []
    options = match is not None and "options" in text and "strike" not in values
    if options:
        return f"The strike of the options is not recorded: '{text}'.", []
    dilution = values.get("dilution")
    part = dilution.amount if isinstance(dilution, Quantity) else ZERO
    if dilution is not None and (not isinstance(dilution, Quantity) or not 0 <= part < 1):
        return "The dilution is not stated as an exact part below 100%.", []
    strike = values.get("strike")
    if "strike" in values and not isinstance(strike, Money):
        return "The strike is not stated exactly.", []
    start = exact_day(record.date)
    assumptions = []
    if start is None and values.get("vests") is not None:
        return "The day from which the equity vests is not known exactly.", []
    if values.get("vests") is not None:
        assumptions.append("Equity vests from the day of the offer.")
    equity = Equity(read, values.get("by") or "", strike, values.get("vests"), part, basis_of_record(record))
    found = worth(structure, equity, start or structure.on, years)
    if isinstance(found, Refusal):
        return f"The equity '{text}' is open: {found.message}.", []
    return found, assumptions


def _even(first: Package, second: Package) -> tuple[Fraction, ...] | str:
    """Return the exits at which two packages bring the same, or why that cannot be told."""
    for each in (first, second):
        if each.open or not each.cash:
            return f"not compared: {each.name} is open in part"
    places = {each.equity.entity for each in (first, second) if each.equity is not None}
    if len(places) > 1:
        return f"not compared: their equity is in {' and '.join(sorted(places))}, whose exits differ"
    currencies = {each.currency for each in (first, second)}
    currencies |= {each.equity.currency for each in (first, second) if each.equity is not None and each.equity.currency}
    if len(currencies) > 1:
        return f"not compared: amounts in {' and '.join(sorted(currencies))}"
    brings = [together(each.cash, each.equity.net if each.equity else None) for each in (first, second)]
    if brings[0] is None or brings[1] is None:
        return "not compared: cash is known only within bounds"
    return break_even(brings[0], brings[1])


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values."""
    because = dict.fromkeys(basis for each in found.packages for basis in each.because)
    return {
        "years": found.years,
        "exits": [money_words(each) for each in found.exits],
        "rows": [
            {
                "offer": each.name,
                "year": year,
                "currency": each.currency,
                "low": words_of(paid.low, each.currency),
                "high": words_of(paid.high, each.currency),
                "vested": str(each.equity.vested[year - 1]) if each.equity is not None else None,
            }
            for each in found.packages
            for year, paid in enumerate(each.cash, 1)
        ],
        "offers": [_package_json(each, found) for each in found.packages],
        "break_even": [
            {
                "first": first,
                "second": second,
                "exits": None if isinstance(at, str) else [str(x) for x in at],
                "open": at if isinstance(at, str) else None,
            }
            for first, second, at in found.even
        ],
        "because": grounds(because),
    }


def _package_json(each: Package, found: Comparison) -> dict[str, Any]:
    equity = each.equity
    return {
        "offer": each.name,
        "terms": each.words,
        "currency": each.currency or None,
        "cash": [
            {"year": year, "low": words_of(paid.low, each.currency), "high": words_of(paid.high, each.currency)}
            for year, paid in enumerate(each.cash, 1)
        ],
        "equity": None
        if equity is None
        else {
            "entity": equity.entity,
            "class": equity.class_id,
            "units": str(equity.units),
            "vested": [str(units) for units in equity.vested],
            "at_exits": [
                words_of(equity.net.at(exit_.amount), exit_.currency) if exit_.currency == equity.currency else None
                for exit_ in found.exits
            ],
        },
        "open": list(each.open),
    }


def words_of(amount: Fraction, currency: str) -> str:
    """Return an amount to the nearest minor unit, as a decimal string."""
    digits = minor_digits(currency)
    return plain(Fraction(round(amount * 10**digits), 10**digits), digits)
