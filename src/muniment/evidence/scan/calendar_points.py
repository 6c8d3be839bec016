"""Years, months and days as a text names them, and arithmetic on them that keeps their precision."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from muniment.model.dates import earliest, latest
from muniment.model.values import PartialDate

FIRST_YEAR, LAST_YEAR = 1000, 2999


class Point(NamedTuple):
    """A year, a month (day 0) or a day; month 0 = the year alone."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part)]
        return "-".join(parts)


class Interval(NamedTuple):
    """From one point to another, both included; one point if they are the same."""

    low: Point
    high: Point


def of_day(day: date) -> Interval:
    """Return an interval of one day."""
    point = Point(day.year, day.month, day.day)
    return Interval(point, point)


def of_point(year: int, month: int = 0, day: int = 0) -> Interval | None:
    """Return an interval of one point, or None if the calendar does not have it."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= month <= 12:
        return None
    if day and not (month and 1 <= day <= monthrange(year, month)[1]):
        return None
    point = Point(year, month, day)
    return Interval(point, point)


def first_day(point: Point) -> date:
    """Return the first day of a point."""
    return date(point.year, point.month or 1, point.day or 1)


def last_day(point: Point) -> date:
    """Return the last day of a point."""
    month = point.month or 12
    return date(point.year, month, point.day or monthrange(point.year, month)[1])


def of_partial(when: PartialDate) -> Interval | None:
    """Return the interval that a date of the book allows, in months or years where it is no day; None if open."""
    low, high = earliest(when), latest(when)
    if low is None or high is None or not (low.year >= FIRST_YEAR and high.year <= LAST_YEAR):
        return None
    return interval_of_days(low, high)


def interval_of_days(low: date, high: date) -> Interval:
    """Return days as an interval in the coarsest points that say the same."""
    for start, end in (
        (Point(low.year), Point(high.year)),
        (Point(low.year, low.month), Point(high.year, high.month)),
    ):
        if first_day(start) == low and last_day(end) == high:
            return Interval(start, end)
    return Interval(Point(low.year, low.month, low.day), Point(high.year, high.month, high.day))


def part_of(interval: Interval, part: str) -> Interval:
    """Return the `early`, `mid` or `late` part of an interval.

    Of a year these are its first quarter, its middle four months and its last quarter; of a month its first ten days,
    the next ten and the rest; of several months the first, those between and the last.
    """
    low, high = interval
    if part == "whole" or low.day or high.day:
        return interval
    if low == high and not low.month:
        first, last = {"early": (1, 3), "mid": (5, 8), "late": (10, 12)}[part]
        return Interval(Point(low.year, first), Point(low.year, last))
    if low == high:
        end = monthrange(low.year, low.month)[1]
        first, last = {"early": (1, 10), "mid": (11, 20), "late": (21, end)}[part]
        return Interval(low._replace(day=first), low._replace(day=last))
    if part == "early":
        return Interval(low, low)
    if part == "late":
        return Interval(high, high)
    middle = shifted(Interval(low, low), "months", 1).low
    return Interval(middle, middle) if middle < high else interval


def season(year: int, name: str) -> Interval:
    """Return the three months of a northern season: winter runs from December of the year before."""
    if name == "winter":
        return Interval(Point(year - 1, 12), Point(year, 2))
    first = {"spring": 3, "summer": 6, "autumn": 9}[name]
    return Interval(Point(year, first), Point(year, first + 2))


def quarter(year: int, number: int) -> Interval:
    """Return a quarter of a calendar year."""
    return Interval(Point(year, 3 * number - 2), Point(year, 3 * number))


def shifted(interval: Interval, unit: str, count: int) -> Interval:
    """Return the day, week, month or year that lies so many units from an interval; coarser units drop days.

    An interval that would leave the years 1000 to 2999 is held at its ends.
    """
    low, high = interval
    if unit == "years":
        return Interval(Point(_held(low.year + count)), Point(_held(high.year + count)))
    if unit == "months":
        first, last = first_day(low), last_day(high)
        return Interval(_month(first, count), _month(last, count))
    days = count * (7 if unit == "weeks" else 1)
    first, last = first_day(low), last_day(high)
    if not (first.year > FIRST_YEAR and last.year < LAST_YEAR) or abs(days) > 200_000:
        return interval
    return interval_of_days(_plus(first, days), _plus(last, days))


def week_of(interval: Interval, count: int) -> Interval:
    """Return the calendar week, Monday to Sunday, that lies so many weeks from an interval."""
    first, last = first_day(interval.low), last_day(interval.high)
    first, last = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    return interval_of_days(_plus(first, 7 * count), _plus(last, 7 * count))


def _plus(day: date, days: int) -> date:
    moved = day.toordinal() + days
    return date.fromordinal(min(max(moved, date(FIRST_YEAR, 1, 1).toordinal()), date(LAST_YEAR, 12, 31).toordinal()))


def _month(day: date, count: int) -> Point:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return Point(_held(year), month + 1)


def _held(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def written(interval: Interval, mark: str = "") -> str:
    """Return an interval in EDTF, each of its points with a mark such as `~` (about) or `?` (uncertain)."""
    low, high = interval
    return f"{low}{mark}" if low == high else f"{low}{mark}/{high}{mark}"
