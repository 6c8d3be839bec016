"""Values of options and of terms that run with time: what a right is over, when it may be used, and at what price."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from muniment.model.amounts import parse_class_quantity, parse_money, parse_quantity
from muniment.model.dates import parse_date
from muniment.model.durations import parse_duration
from muniment.model.terms import IDENTIFIER, fault
from muniment.model.values import Bounded, Duration, Money, Quantity, ValueFault


class OptionOver(NamedTuple):
    """`1,000 ordinary` or `35% of votes of acme`.

    Attributes:
        quantity: Shares (unit ``""``), or a part (unit ``"%"``).
        of: A class id, ``votes`` or ``capital``.
        entity: Whose votes or capital, where that is said; empty otherwise.
    """

    quantity: Quantity | Bounded[Quantity]
    of: str
    entity: str


class OptionSource(NamedTuple):
    """Whose shares a right is over; None = new shares."""

    party: str | None


class ExerciseTime(NamedTuple):
    """When a right may be used: never, between two days (None = without bound), or on an event."""

    never: bool = False
    first: date | None = None
    last: date | None = None
    event: str = ""


class OptionPrice(NamedTuple):
    """What is paid when a right is used, for each share or in all."""

    amount: Money | Bounded[Money]
    per: Literal["each", "in all"]


class Vesting(NamedTuple):
    """When a grant vests: a part every `step` months over `months`, nothing before `cliff` months; or all on a day.

    Attributes:
        text: As written, where it is neither.
        on_day: Day of the month on which it vests, the last where a month is shorter; 0 = that of its first day.
        parts: (months, part that vests then), where the parts are stated one by one; they sum to 1.
    """

    months: int = 0
    step: int = 0
    cliff: int = 0
    day: date | None = None
    text: str = ""
    on_day: int = 0
    parts: tuple[tuple[int, Fraction], ...] = ()


class Acceleration(NamedTuple):
    """`100% on sale-of-acme and dismissal-of-ina within 12 months`: what vests at once when every event has happened.

    Attributes:
        part: Of what has not vested, 0 to 1; None where it could not be read.
        events: Ids of events, or words.
        within: The events must lie no further apart than this; None = at any distance.
        text: As written.
    """

    part: Fraction | None
    events: tuple[str, ...]
    within: Duration | None
    text: str


class TenureVotes(NamedTuple):
    """Votes of a share that grow while one holder keeps it: at first, then after each length of time, in order."""

    at_first: Fraction
    after: tuple[tuple[Duration, Fraction], ...]


class HeldAtMost(NamedTuple):
    """The most that one holder may hold: a part of the class (unit ``"%"``) or a number of shares."""

    quantity: Quantity


class Term(NamedTuple):
    """How long an occupant sits.

    Attributes:
        length: None where it is only in words.
        part_each_year: The part of the seats that comes up each year; None where all come up together.
        text: As written.
    """

    length: Duration | None
    part_each_year: Fraction | None
    text: str


OF_AN_ENTITY = re.compile(r"(.+ of (?:votes|capital)) of ([a-z0-9][a-z0-9-]*)\Z", re.ASCII | re.DOTALL)


def parse_option_over(text: str) -> OptionOver | ValueFault:
    """Read `1,000 ordinary`, `25% of ordinary`, or `35% of votes of acme`; each may be bounded."""
    match = OF_AN_ENTITY.match(text)
    read = parse_class_quantity(match[1] if match else text)
    if isinstance(read, ValueFault) or read.paid is not None:
        return fault(
            "M260",
            f"'{text[:60]}' does not say how much of what",
            text,
            hint="write '1,000 ordinary', '25% of acme.ordinary' or '35% of votes of acme'",
        )
    return OptionOver(read.quantity, read.of, match[2] if match else "")


def parse_option_source(text: str) -> OptionSource | ValueFault:
    """Read `new shares` or a party."""
    if text == "new shares":
        return OptionSource(None)
    if IDENTIFIER.match(text):
        return OptionSource(text)
    return fault("M261", f"'{text[:60]}' does not say whose shares", text, hint="write 'new shares' or a party's id")


def parse_exercise_time(text: str) -> ExerciseTime | ValueFault:
    """Read `never`, a day, `DATE/DATE` (either end may be `..`), or `on EVENT`."""
    if text == "never":
        return ExerciseTime(never=True)
    if text.startswith("on ") and text[3:].strip():
        return ExerciseTime(event=text[3:].strip())
    when = parse_date(text)
    if isinstance(when, ValueFault):
        return fault(
            "M262",
            f"'{text[:60]}' does not say when it may be used",
            text,
            hint="write 'never', '2024-01-01/2025-12-31', '2024-01-01/..' or 'on EVENT'",
        )
    if when.approximate or len(when.ranges) != 1:
        return fault("M262", f"'{text[:60]}' is not a certain time", text, hint="write the first and the last day")
    first, last = when.ranges[0]
    return ExerciseTime(
        first=date.fromordinal(first) if first is not None else None,
        last=date.fromordinal(last) if last is not None else None,
    )


def parse_option_price(text: str) -> OptionPrice | ValueFault:
    """Read `USD 1 each` or `USD 500,000 in all`."""
    per: Literal["each", "in all"]
    for per in ("each", "in all"):
        if text.endswith(f" {per}"):
            money = parse_money(text.removesuffix(f" {per}"))
            return money if isinstance(money, ValueFault) else OptionPrice(money, per)
    return fault(
        "M263",
        f"'{text[:60]}' does not say whether it is for each share",
        text,
        hint="write 'USD 1 each' or 'USD 500,000 in all'",
    )


STEPS = {"monthly": 1, "quarterly": 3, "yearly": 12, "annually": 12}


MOST_MONTHS = 1200
DAY_OF_A_MONTH = re.compile(r"on the (?:(last day)(?: of the month)?|([1-9]|[12]\d|3[01])(?:st|nd|rd|th))\Z", re.ASCII)


def parse_vesting(text: str) -> Vesting:
    """Read `4 years monthly, 12 months cliff, on the 1st`, `25% after 12 months, 75% after 24 months`, or a day.

    Other words are kept as they stand.
    """
    clauses = text.split(", ")
    on_day = 0
    if match := DAY_OF_A_MONTH.match(clauses[-1]):
        on_day = 31 if match[1] else int(match[2])
        clauses.pop()
    if clauses and " after " in clauses[0]:
        parts = _parts_in_time(clauses)
        if parts:
            return Vesting(on_day=on_day, parts=parts)
    words, _, step = clauses[0].rpartition(" ") if clauses else ("", "", "")
    months, cliff = _months(words), 0
    if len(clauses) == 2:
        cliff = _months(clauses[1].removesuffix(" cliff")) if clauses[1].endswith(" cliff") else -1
    readable = step in STEPS and 0 < months <= MOST_MONTHS and cliff >= 0 and len(clauses) <= 2
    if readable and months % STEPS[step] == 0:
        return Vesting(months, STEPS[step], cliff, on_day=on_day)
    when = parse_date(text.removeprefix("on "))
    if not isinstance(when, ValueFault) and len(when.ranges) == 1 and not when.approximate:
        last = when.ranges[0][1]
        if last is not None:
            return Vesting(day=date.fromordinal(last))
    return Vesting(text=text)


def _parts_in_time(clauses: list[str]) -> tuple[tuple[int, Fraction], ...]:
    """Read `25% after 12 months` and so on, in order of time; empty if one is unclear or they are not the whole."""
    parts: list[tuple[int, Fraction]] = []
    for clause in clauses:
        words, _, time = clause.partition(" after ")
        part, months = parse_quantity(words), _months(time)
        in_order = not parts or months > parts[-1][0]
        if not isinstance(part, Quantity) or part.unit not in ("", "%") or not 0 <= months <= MOST_MONTHS:
            return ()
        if not in_order or part.amount <= 0:
            return ()
        parts.append((months, part.amount))
    return tuple(parts) if sum(part for _, part in parts) == 1 else ()


def parse_acceleration(text: str) -> Acceleration:
    """Read `50% on sale-of-acme and dismissal-of-ina within 12 months`; other words are kept as they stand."""
    words, on, rest = text.partition(" on ")
    part = parse_quantity(words)
    names, inside, time = rest.partition(" within ")
    length = parse_duration(time) if inside else None
    events = tuple(name.strip() for name in names.split(" and "))
    unclear = not isinstance(part, Quantity) or part.unit not in ("", "%") or not 0 < part.amount <= 1
    if not on or unclear or isinstance(length, ValueFault) or not all(events):
        return Acceleration(None, (), None, text)
    assert isinstance(part, Quantity)
    return Acceleration(part.amount, events, length, text)


def _months(text: str) -> int:
    read = parse_duration(text)
    if isinstance(read, ValueFault) or read.unit not in ("months", "years"):
        return -1
    return read.count * (12 if read.unit == "years" else 1)


def parse_votes(text: str) -> Quantity | Bounded[Quantity] | TenureVotes | ValueFault:
    """Read a number of votes, or one that grows with time held: `1, 2 after 2 years`."""
    first, comma, rest = text.partition(", ")
    if not comma or " after " not in rest:
        return parse_quantity(text)
    at_first = parse_quantity(first)
    if not isinstance(at_first, Quantity) or at_first.unit:
        return _not_votes(text, first)
    after: list[tuple[Duration, Fraction]] = []
    for step in rest.split(", "):
        number, _, words = step.partition(" after ")
        votes, length = parse_quantity(number), parse_duration(words)
        if not isinstance(votes, Quantity) or votes.unit or isinstance(length, ValueFault):
            return _not_votes(text, step)
        if after and _days(length) <= _days(after[-1][0]):
            return _not_votes(text, step)
        after.append((length, votes.amount))
    return TenureVotes(at_first.amount, tuple(after))


def _days(length: Duration) -> int:
    return length.count * {"days": 1, "weeks": 7, "months": 30, "years": 365}[length.unit]


def _not_votes(text: str, words: str) -> ValueFault:
    return fault(
        "M264",
        f"'{words[:60]}' does not say how many votes after what time",
        text,
        words,
        "write '1, 2 after 2 years', the shorter time first",
    )


def parse_held_at_most(text: str) -> HeldAtMost | ValueFault:
    """Read `15% a holder` or `1,000,000 a holder`."""
    if text.endswith(" a holder"):
        quantity = parse_quantity(text.removesuffix(" a holder"))
        if isinstance(quantity, Quantity) and quantity.unit in ("", "%"):
            return HeldAtMost(quantity)
    return fault(
        "M265", f"'{text[:60]}' is not a limit for one holder", text, hint="write '15% a holder' or '1,000 a holder'"
    )


PARTS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "fifth": Fraction(1, 5)}
CLASSIFIED = re.compile(r"(?:a |an |one )?(half|third|quarter|fifth) each year\Z")


def parse_term(text: str) -> Term:
    """Read `3 years` or `3 years, a third each year`; other words are kept as they stand."""
    words, _, rest = text.partition(", ")
    length = parse_duration(words)
    match = CLASSIFIED.match(rest) if rest else None
    if isinstance(length, ValueFault) or (rest and match is None):
        return Term(None, None, text)
    return Term(length, PARTS[match[1]] if match else None, text)
