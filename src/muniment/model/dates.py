"""Dates as a keeper knows them: exact, partial, approximate, between two bounds, or one of several.

The forms are those of EDTF (ISO 8601-2:2019) level 0 and 1, with the one-of list of level 2. Comparison is
three-valued: True or False where all days that the two dates allow agree, None where they do not.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from muniment.model.values import PartialDate, ValueFault

_FIRST_DAY = 1
_LAST_DAY = date.max.toordinal()
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_POINT = re.compile(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?([~?%])?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})(?:[/.-](\d{1,2}))?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}.*", re.ASCII | re.DOTALL)
_QUARTER = re.compile(r"q([1-4])[ -]?(\d{4})|(\d{4})[ -]?q([1-4])", re.ASCII)
_YEARS = re.compile(r"(\d{4})\s?(?:-|–|—|to)\s?(\d{4})", re.ASCII)
_DECADE = re.compile(r"(\d{3})0'?s", re.ASCII)
_BEFORE_WORD = re.compile(r"(circa|ca?\.?|about|around|before|by|until|after|since|from)\s+(\S+)", re.ASCII)
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?,?\s+(\d{4})", re.ASCII
)


class _Point(NamedTuple):
    """What one date between separators allows; `low` and `high` are widened where it is approximate."""

    low: int
    high: int
    approximate: bool


@lru_cache(maxsize=65536)
def parse_date(text: str) -> PartialDate | ValueFault:
    """Read a date.

    Forms: `2021`, `2021-03`, `2021-03-04`; unspecified digits `201X`, `2018-XX`, `2018-02-XX`; `~`, `?` or `%` at the
    end of a date for approximate, uncertain, or both; `a/b` for some time from `a` to `b`, with `..` (or nothing)
    for an open end; `[a,b]` for one of several, where `a..b` stands for every date from `a` to `b`.

    A date marked `~`, `?` or `%` is widened on each side by the unit it is written in: `2018-02-20~` allows
    19 to 21 February, `2018-02~` January to March, `2018~` 2017 to 2019, `201X~` 2000 to 2029.

    Args:
        text: The value's words; years 0001 to 9999.

    Returns:
        The date, or why it could not be read.

    Source:
        Extended Date/Time Format specification, Library of Congress (2019).

    Example:
        >>> parse_date("2018-02").ranges == ((date(2018, 2, 1).toordinal(), date(2018, 2, 28).toordinal()),)
        True
    """
    if len(text) == 10 and text[4] == "-" == text[7] and text.isascii():
        try:
            ordinal = date.fromisoformat(text).toordinal()
        except ValueError:
            pass  # the long way says why
        else:
            return PartialDate(text, ((ordinal, ordinal),))
    if any(character.isspace() for character in text) or not text:
        return _not_a_date(text, 0, text)
    if text.startswith("["):
        return _parse_one_of(text)
    if "/" in text:
        return _parse_interval(text)
    point = _parse_point(text, 0, text)
    if isinstance(point, ValueFault):
        return point
    return PartialDate(text, ((point.low, point.high),), point.approximate)


def earliest(when: PartialDate) -> date | None:
    """Return the first day that a date allows; None if it is open at that end."""
    low = _low(when)
    return None if low is None else date.fromordinal(low)


def latest(when: PartialDate) -> date | None:
    """Return the last day that a date allows; None if it is open at that end."""
    high = _high(when)
    return None if high is None else date.fromordinal(high)


def exact_day(when: PartialDate) -> date | None:
    """Return the day of a date that is one certain day; else None."""
    return earliest(when) if is_exact(when) else None


def is_exact(when: PartialDate) -> bool:
    """Return whether a date is one certain day."""
    if len(when.ranges) != 1 or when.approximate:
        return False
    low, high = when.ranges[0]
    return low is not None and low == high


def is_before(a: PartialDate, b: PartialDate) -> bool | None:
    """Return whether `a` is an earlier day than `b`; None if that cannot be said.

    Two dates written alike are not thereby the same day: two events of `2018` may have come in either order.
    """
    a_low, a_high, b_low, b_high = _low(a), _high(a), _low(b), _high(b)
    if a_high is not None and b_low is not None and a_high < b_low:
        return True
    if a_low is not None and b_high is not None and a_low >= b_high:
        return False
    return None


def is_on_or_before(a: PartialDate, b: PartialDate) -> bool | None:
    """Return whether `a` is the same day as `b` or an earlier one; None if that cannot be said."""
    a_low, a_high, b_low, b_high = _low(a), _high(a), _low(b), _high(b)
    if a_high is not None and b_low is not None and a_high <= b_low:
        return True
    if a_low is not None and b_high is not None and a_low > b_high:
        return False
    return None


def sort_key(when: PartialDate) -> tuple[int, int, str]:
    """Return a key that orders dates by their first day, then their last; an open start counts as the end."""
    low, high = _low(when), _high(when)
    start = low if low is not None else (high if high is not None else 0)
    return start, high if high is not None else _LAST_DAY + 1, when.text


def _low(when: PartialDate) -> int | None:
    return when.ranges[0][0]


def _high(when: PartialDate) -> int | None:
    return when.ranges[-1][1]


def _parse_interval(text: str) -> PartialDate | ValueFault:
    """Read `a/b`, `../b`, `a/..`."""
    if text.count("/") > 1 or _DAY_FIRST.fullmatch(text):
        return _not_a_date(text, 0, text)
    start, end = text.split("/")
    found = _parse_range(text, 0, start, len(start) + 1, end)
    if isinstance(found, ValueFault):
        return found
    low, high, approximate = found
    return PartialDate(text, ((low, high),), approximate)


def _parse_range(
    text: str, start_at: int, start: str, end_at: int, end: str
) -> tuple[int | None, int | None, bool] | ValueFault:
    """Read the two ends of a range; an end that is `..` or empty is open."""
    low = high = None
    approximate = False
    if start not in ("", ".."):
        point = _parse_point(start, start_at, text)
        if isinstance(point, ValueFault):
            return point
        low, approximate = point.low, point.approximate
    if end not in ("", ".."):
        point = _parse_point(end, end_at, text)
        if isinstance(point, ValueFault):
            return point
        high, approximate = point.high, approximate or point.approximate
    if low is not None and high is not None and low > high:
        separator = text[start_at + len(start) : end_at]
        return ValueFault(
            "M212",
            f"'{start}' is later than '{end}'",
            start_at,
            end_at + len(end),
            f"write the earlier date first: {end}{separator}{start}",
        )
    return low, high, approximate


def _parse_one_of(text: str) -> PartialDate | ValueFault:
    """Read `[a,b]`, `[a..b]` and mixtures."""
    if not text.endswith("]"):
        return ValueFault("M210", "the list of dates has no closing bracket", 0, len(text), f"write {text}]")
    ranges: list[tuple[int | None, int | None]] = []
    approximate = False
    for at, words in _listed(text):
        start, dots, end = words.partition("..")
        if not words or not (start or end):
            hint = "write a list as [2017-01-21,2017-07-21]"
            return ValueFault("M210", "a date is missing from the list", at, at + max(1, len(words)), hint)
        if not dots:
            point = _parse_point(words, at, text)
            if isinstance(point, ValueFault):
                return point
            ranges.append((point.low, point.high))
            approximate = approximate or point.approximate
            continue
        found = _parse_range(text, at, start, at + len(start) + 2, end)
        if isinstance(found, ValueFault):
            return found
        ranges.append(found[:2])
        approximate = approximate or found[2]
    return PartialDate(text, _joined(ranges), approximate)


def _listed(text: str) -> Iterator[tuple[int, str]]:
    """Yield each member of a bracketed list with its offset."""
    at = 1
    for words in text[1:-1].split(","):
        yield at, words
        at += len(words) + 1


def _joined(ranges: list[tuple[int | None, int | None]]) -> tuple[tuple[int | None, int | None], ...]:
    """Return ranges in order, those that overlap made one."""
    ordered = sorted((0 if low is None else low, _LAST_DAY + 1 if high is None else high) for low, high in ranges)
    joined: list[tuple[int, int]] = []
    for low, high in ordered:
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple((low or None, None if high > _LAST_DAY else high) for low, high in joined)


def _parse_point(words: str, at: int, text: str) -> _Point | ValueFault:
    """Read one date that stands at offset `at` of `text`."""
    match = _POINT.fullmatch(words)
    if match is None:
        return _not_a_date(words, at, text)
    year, month, day_, qualifier = match.groups()
    if year == "0000":
        return ValueFault("M211", "there is no year 0000", at, at + 4, "years run from 0001 to 9999")
    if (month == "XX" and day_ not in (None, "XX")) or ("X" in year and month not in (None, "XX")):
        return _not_a_date(words, at, text)
    approximate = qualifier is not None
    if "X" in year or month in (None, "XX"):
        span = 10 ** year.count("X")
        first = int(year.replace("X", "0"))
        last = first + span - 1
        if approximate:
            first, last = first - span, last + span
        return _Point(_year_start(first), _year_start(last + 1) - 1, approximate)
    assert month is not None
    number, months = int(year), int(month)
    if not 1 <= months <= 12:
        return _no_such_month(words, at, number, months)
    if day_ in (None, "XX"):
        count = number * 12 + months - 1
        first, last = (count - 1, count + 1) if approximate else (count, count)
        return _Point(_month_start(first), _month_start(last + 1) - 1, approximate)
    days = monthrange(number, months)[1]
    if not 1 <= int(day_) <= days:
        name = _MONTHS[months - 1].capitalize()
        hint = f"the days of {name} {number} run from 1 to {days}"
        return ValueFault("M211", f"{name} {number} has no day {int(day_)}", at + 8, at + 10, hint)
    ordinal = date(number, months, int(day_)).toordinal()
    if approximate:
        return _Point(max(ordinal - 1, _FIRST_DAY), min(ordinal + 1, _LAST_DAY), True)
    return _Point(ordinal, ordinal, False)


def _year_start(year: int) -> int:
    """Return the ordinal of 1 January, held between the first day and one past the last."""
    if year > 9999:
        return _LAST_DAY + 1
    return date(max(year, 1), 1, 1).toordinal()


def _month_start(count: int) -> int:
    """Return the ordinal of the first of a month, counted as 12 x year + month - 1, held as in `_year_start`."""
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return _year_start(year)
    return date(year, month + 1, 1).toordinal()


def _no_such_month(words: str, at: int, year: int, month: int) -> ValueFault:
    hint = "months run from 01 to 12"
    if 21 <= month <= 24:
        hint = f"write a season as its months, such as {year:04d}-03/{year:04d}-05 for March to May"
    elif 1 <= int(words[8:10] or 0) <= 12 and len(words) >= 10 and month <= 31:
        hint = f"write the month before the day: {year:04d}-{words[8:10]}-{month:02d}"
    return ValueFault("M211", f"there is no month {month}", at + 5, at + 7, hint)


def _not_a_date(words: str, at: int, text: str) -> ValueFault:
    """Return the fault of words that have no form of a date, with the form they come nearest to."""
    written = _written_right(words.strip())
    hint = f"write {written}" if written else "write a date as 2021-03-04, 2021-03, 2021 or 2021-03/2021-05"
    if not words.strip():
        return ValueFault("M210", "the date is missing", at, max(at + len(words), min(at + 1, len(text))), hint)
    return ValueFault("M213" if written else "M210", f"'{_short(words)}' is not a date", at, at + len(words), hint)


def _short(words: str) -> str:
    return words if len(words) <= 40 else words[:39] + "…"


def _written_right(words: str) -> str | None:
    """Return the right form of a date that is written another way, or None if it cannot be guessed."""
    plain = "".join(str(int(c)) if c.isdecimal() else {"-": "-", "/": "/"}.get(c, c) for c in words[:60])
    if len(words) > 60:
        return None
    if plain != words:
        return plain if isinstance(parse_date(plain), PartialDate) else _written_right(plain)
    lower = plain.lower()
    if match := _DAY_FIRST.fullmatch(plain):
        first, second, year = match.groups()
        readings = [_if_date(year, second, first), _if_date(year, first, second)]
        known = list(dict.fromkeys(reading for reading in readings if reading))
        return " or ".join(known) if known else None
    if match := _YEAR_FIRST.fullmatch(plain):
        year, separator, month, day_ = match.groups()
        return _if_date(year, month, day_) if separator != "-" or len(month) < 2 or (day_ and len(day_) < 2) else None
    if match := _COMPACT.fullmatch(plain):
        return _if_date(*match.groups())
    if match := _WITH_TIME.fullmatch(plain):
        return match[1] if isinstance(parse_date(match[1]), PartialDate) else None
    if match := _YEARS.fullmatch(lower):
        return f"{match[1]}/{match[2]}" if match[1] <= match[2] else None
    if match := _DECADE.fullmatch(lower):
        return f"{match[1]}X"
    if match := _QUARTER.fullmatch(lower):
        quarter, year = int(match[1] or match[4]), match[2] or match[3]
        return f"{year}-{quarter * 3 - 2:02d}/{year}-{quarter * 3:02d}"
    if match := _NAMED.fullmatch(lower):
        day_before, name, day_after, year = match.groups()
        numbers = [
            number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3] if name == "sept" else name)
        ]
        if len(numbers) == 1:
            return _if_date(year, str(numbers[0]), day_before or day_after)
    return _written_right_with_words(plain)


def _written_right_with_words(plain: str) -> str | None:
    """Return the right form of `circa 2018`, `before 2018-02-20`, `2017-09 to 2017-10`, `[2017, 2018]`."""
    if match := _BEFORE_WORD.fullmatch(plain.lower()):
        word, rest = match.groups()
        if not isinstance(parse_date(rest), PartialDate) or "/" in rest or "[" in rest:
            return None
        if word in ("before", "by", "until"):
            return f"../{rest}"
        if word in ("after", "since", "from"):
            return f"{rest}/.."
        return f"{rest.rstrip('~?%')}~"
    start, to, end = plain.partition(" to ")
    together = f"{start.strip()}/{end.strip()}" if to else "".join(plain.split())
    if together != plain and isinstance(parse_date(together), PartialDate):
        return together
    return None


def _if_date(year: str, month: str, day_: str | None) -> str | None:
    """Return year, month and day written right, if there is such a date."""
    written = f"{year}-{int(month):02d}" + (f"-{int(day_):02d}" if day_ else "")
    return written if isinstance(parse_date(written), PartialDate) else None
