"""Lengths of time such as `30 days`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from muniment.model.numbers import shortened, whole_words
from muniment.model.values import Duration, ValueFault

_MOST_DAYS = 3_660_000
_DAYS_IN = {"days": 1, "weeks": 7, "months": 31, "years": 366}
_DURATION = re.compile(r"(?P<count>\d{1,30}) (?P<unit>day|week|month|year)s?", re.ASCII)
_SMALL_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_NUMBER_WORDS = {word: number for number, word in enumerate(_SMALL_NUMBERS.split(), 1)}
_NUMBER_WORDS |= {"twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> Duration | ValueFault:
    """Read a length of time such as `30 days`.

    Args:
        text: A whole number and `days`, `weeks`, `months` or `years`; at most ten thousand years.

    Returns:
        The duration, its unit always in the plural; or why it could not be read.
    """
    words = whole_words(text)
    match = _DURATION.fullmatch(words.text)
    if match is None:
        return words.fault("M240", f"'{shortened(words.text)}' is not a length of time", _duration_hint(words.text))
    count, unit = int(match["count"]), match["unit"] + "s"
    if count * _DAYS_IN[unit] > _MOST_DAYS:
        return words.fault(
            "M240", f"'{shortened(words.text)}' is longer than ten thousand years", "write a shorter time"
        )
    return Duration(count, unit)


def day_after(start: date, length: Duration) -> date:
    """Return the day on which a length of time that begins on `start` is over.

    A month is over on the same day of a later month, or on its last day where there is no such day; days past year
    9999 are held at its last.

    Example:
        >>> day_after(date(2024, 2, 29), Duration(1, "years"))
        datetime.date(2025, 2, 28)
    """
    if length.unit in ("days", "weeks"):
        ordinal = start.toordinal() + length.count * (7 if length.unit == "weeks" else 1)
        return date.fromordinal(min(ordinal, date.max.toordinal()))
    count = start.year * 12 + start.month - 1 + length.count * (12 if length.unit == "years" else 1)
    year, month = divmod(count, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def format_duration(duration: Duration) -> str:
    """Return a duration as it is written in a book: `30 days`, `1 year`."""
    return _counted(duration.count, duration.unit)


def _duration_hint(text: str) -> str:
    """Return the right form of `thirty days`, `48 hours`, `30 business days`, `1.5 years`."""
    lower = text[:60].lower()
    match = re.match(r"(\d{1,6}|[a-z]+)[ -]*(?:calendar )?(hour|day|week|month|year)s?$", lower, re.ASCII)
    if match:
        count = int(match[1]) if match[1].isdecimal() else _NUMBER_WORDS.get(match[1])
        if count and match[2] == "hour":
            return f"write {_counted(-(-count // 24), 'days')}" if count % 24 == 0 else "write whole days"
        if count:
            return f"write {_counted(count, match[2] + 's')}"
    if "business" in lower or "working" in lower:
        return "count calendar days, and say in a remark how the source counts"
    if match := re.match(r"(\d{1,4})\.5 years?$", lower, re.ASCII):
        return f"write {int(match[1]) * 12 + 6} months"
    return "write a whole number of days, weeks, months or years, such as 30 days"


def _counted(count: int, units: str) -> str:
    return f"{count} {units if count != 1 else units[:-1]}"
