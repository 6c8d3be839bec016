"""Dates that are counted from another: `last week`, `le mois suivant`, `两个月后`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from muniment.evidence.scan.calendar_points import (
    Interval,
    Point,
    first_day,
    interval_of_days,
    last_day,
    of_point,
    part_of,
    season,
    shifted,
    week_of,
)
from muniment.evidence.scan.date_words import RELATIVE, SEASONS, WEEKDAYS, month_number, small_number, unit_named
from muniment.evidence.scan.languages import Language

PLUPERFECT = re.compile(r"(?<!\w)(?:avai(?:t|ent)|étai(?:t|ent))(?!\w)")
CLAUSE_BEFORE = re.compile(r"[^\W\d_]\s?$")
"""In `创立十年后` the ten years are counted from what the clause before tells, which is no date."""
SPAN_BEFORE = re.compile(r"(?<!\w)(?:over|within|in|for|during)[ \u00a0](?:the[ \u00a0])?$", re.IGNORECASE)
NEXT = re.compile(r"^(?:the[ \u00a0])?next[ \u00a0]", re.IGNORECASE)
"""`over the next year` is a length of time from that day on."""
BACK = (
    "last",
    "derni",
    "passé",
    "précéd",
    "d'avant",
    "d’avant",
    "previous",
    "preceding",
    "earlier",
    "before",
    "上",
    "去",
)
SAME = ("this", "same", "même", "本", "今")
TOLD = (
    "suivant",
    "précéd",
    "d'après",
    "d’après",
    "d'avant",
    "d’avant",
    "following",
    "previous",
    "preceding",
    "same",
    "même",
)
YEARS_OF_CHINESE = {
    "去年": (-1, False), "今年": (0, False), "明年": (1, False), "前年": (-2, False), "同年": (0, True), "当年": (0, True),  # noqa: E501
    "那年": (0, True), "那一年": (0, True), "次年": (1, True), "翌年": (1, True), "第二年": (1, True),
}  # fmt: skip
MONTHS_OF_CHINESE = {
    "上月": (-1, False), "上个月": (-1, False), "本月": (0, False), "下月": (1, False), "下个月": (1, False),
    "次月": (1, True), "同月": (0, True), "当月": (0, True),
}  # fmt: skip
DAYS = {
    "yesterday": (-1, False), "tomorrow": (1, False), "hier": (-1, False), "demain": (1, False), "昨天": (-1, False),
    "昨日": (-1, False), "明天": (1, False), "前天": (-2, False), "次日": (1, True), "翌日": (1, True), "第二天": (1, True),  # noqa: E501
}  # fmt: skip


class Counted(NamedTuple):
    """A date that is counted from another.

    Attributes:
        start: Offset of its first character.
        end: One past its last.
        unit: ``days``, ``weeks``, ``months``, ``years``, ``quarters``, ``season`` or ``weekday``.
        away: How many units away; negative before.
        is_told: It is counted from the date last written above, not from the day on which it is said.
        mark: ``~`` where the words are not exact.
        month: A month of that year, 1 to 12; 0 if none is named.
        day: Of that month; 0 if none is named.
        part: ``early``, ``mid``, ``late`` or ``whole`` of what is named.
        name: Of the season; empty if none is named.
        weekday: Monday is 0; -1 if none is named.
    """

    start: int
    end: int
    unit: str
    away: int
    is_told: bool
    mark: str = ""
    month: int = 0
    day: int = 0
    part: str = "whole"
    name: str = ""
    weekday: int = -1

    @property
    def is_daily(self) -> bool:
        """Whether only the exact day on which it was said can be its anchor."""
        return self.unit in ("days", "weekday") and not self.is_told

    def resolve(self, origin: Interval) -> Interval | None:
        """Return what it comes to, counted from an interval; None if the calendar does not have it."""
        if self.unit == "weekday":
            return self._weekday(origin)
        if self.unit == "season":
            return season(origin.low.year + self.away, self.name)
        if self.unit == "named month":
            return self._named_month(origin)
        if self.unit == "quarters":
            return self._quarter(origin)
        if self.unit == "weeks" and not self.mark:
            return week_of(origin, self.away)
        moved = shifted(origin, self.unit, self.away)
        if self.month:
            return of_point(moved.low.year, self.month, self.day)
        if self.day and self.unit == "months":
            return of_point(moved.low.year, moved.low.month, self.day)
        if self.name:
            return season(moved.low.year, self.name)
        return part_of(moved, self.part)

    def _named_month(self, origin: Interval) -> Interval | None:
        """Return the month of that name before or after an interval, or in its year."""
        if self.away < 0:
            end = last_day(origin.low)
            is_before = (self.month, self.day) < (end.month, end.day if self.day else 0)
            year = end.year if is_before else end.year - 1
        elif self.away > 0:
            begin = first_day(origin.high)
            is_behind = (self.month, self.day) > (begin.month, begin.day if self.day else 0)
            year = begin.year if is_behind and (self.day or self.month > begin.month) else begin.year + 1
        else:
            year = origin.low.year
        return of_point(year, self.month, self.day)

    def _weekday(self, origin: Interval) -> Interval | None:
        low, high = first_day(origin.low), last_day(origin.high)
        if low != high:
            return None
        away = (
            (low.weekday() - self.weekday - 1) % 7 + 1 if self.away < 0 else (self.weekday - low.weekday() - 1) % 7 + 1
        )
        return shifted(origin, "days", -away if self.away < 0 else away)

    def _quarter(self, origin: Interval) -> Interval:
        index = origin.low.year * 4 + (first_day(origin.low).month - 1) // 3 + self.away
        first = Point(index // 4, index % 4 * 3 + 1)
        return interval_of_days(first_day(first), last_day(first._replace(month=first.month + 2)))


def find_relative(text: str, language: Language, most: int) -> Iterator[Counted]:
    """Yield the relative dates of a text from left to right, at most so many."""
    for match in islice(RELATIVE[language].finditer(text), most):
        group = {name: words for name, words in match.groupdict().items() if words is not None}
        read = _chinese if language == "zh" else _latin
        counted = read(text, match, group)
        if counted is not None:
            yield counted


def _turn(words: str) -> tuple[int, bool]:
    """Return how far a word such as `last`, `suivant` or `même` turns, and whether it goes on with a story."""
    plain = words.casefold()
    count = -1 if any(part in plain for part in BACK) else 0 if any(part in plain for part in SAME) else 1
    return count, any(part in plain for part in TOLD)


def _latin(text: str, match: re.Match[str], group: dict[str, str]) -> Counted | None:
    start, end = match.span()
    if SPAN_BEFORE.search(text[max(0, start - 16) : start]) and NEXT.search(match[0]):
        return None
    if "near" in group:
        word = group["near"].casefold()
        if word.startswith("l"):
            return Counted(start, end, "days", -1 if "veille" in word else 1, True)
        count, told = DAYS[word]
        return Counted(start, end, "days", count, told)
    if "of_month" in group:
        words = group.get("of") or group["m_turn"]
        count, told = _turn(words)
        if "cette" in words.casefold():
            count, told = 0, words.casefold().endswith("là")
        month, day = month_number(group["of_month"]), small_number(group.get("of_day", "0"))
        unit = "years" if "of" in group else "named month"
        return Counted(start, end, unit, count, told, month=month, day=day)
    if "month" in group:
        return Counted(start, end, "named month", _turn(group["turn"])[0], False, month=month_number(group["month"]))
    if "season" in group:
        count, told = _turn(group.get("turn") or group["s_turn"])
        return Counted(start, end, "season", count, told, "~", name=SEASONS[group["season"].casefold()])
    if "weekday" in group:
        count, _ = _turn(group.get("turn") or group["w_turn"])
        weekday = WEEKDAYS[group["weekday"].casefold()]
        return Counted(start, end, "weekday", count, False, weekday=weekday) if count else None
    if "ago" in group:
        told = PLUPERFECT.search(text[end : end + 60]) is not None
        return Counted(start, end, unit_named(group["ago_unit"]), -small_number(group["ago"].split()[-1]), told, "~")
    if "n" in group:
        return _counted(group, start, end)
    if "then" in group:
        count, _ = _turn(group["then"])
        return Counted(start, end, unit_named(group["then_unit"]), count, True)
    if "this" in group:
        told = group["this"].casefold().endswith("là")
        return Counted(start, end, "months" if "mois" in group["this"].casefold() else "years", 0, told)
    if "of_year" in group:
        part = "late" if "fin" in (group.get("p2") or group.get("p3") or "").casefold() else "early"
        return Counted(start, end, "years", 0, False, part=part)
    count, told = _turn(group["turn"])
    return Counted(start, end, unit_named(group["unit"]), count, told)


def _counted(group: dict[str, str], start: int, end: int) -> Counted | None:
    """Read `two months later`, `3 weeks ago`, `deux ans plus tôt`."""
    number, turn = small_number(group["n"]), group["n_turn"].casefold()
    if not number:
        return None
    is_back = any(word in turn for word in ("ago", "earlier", "before", "plus tôt", "auparavant", "前"))
    is_back = is_back or turn.replace("\u00a0", " ") == "plus tôt"
    unit = unit_named(group["n_unit"])
    return Counted(start, end, unit, -number if is_back else number, turn not in ("ago", "前", "以前"), "~")


def _chinese(text: str, match: re.Match[str], group: dict[str, str]) -> Counted | None:
    start, end = match.span()
    if "near" in group:
        count, told = DAYS[group["near"]]
        return Counted(start, end, "days", count, told)
    if "year_word" in group:
        count, told = YEARS_OF_CHINESE[group["year_word"]]
        month, day = small_number(group.get("y_month", "0")), small_number(group.get("y_day", "0"))
        tail = group.get("y_part", "")
        part = "early" if tail in ("年初", "初") else "late" if tail in ("年底", "底", "年末", "末") else "whole"
        part = "mid" if tail == "年中" else part
        name = SEASONS[group["y_season"]] if "y_season" in group else ""
        return Counted(start, end, "years", count, told, month=month, day=day, part=part, name=name)
    if "month_word" in group:
        count, told = MONTHS_OF_CHINESE[group["month_word"]]
        return Counted(start, end, "months", count, told, day=small_number(group.get("m_day", "0")))
    if "week_word" in group:
        word = group["week_word"]
        return Counted(start, end, "weeks", -1 if "上" in word else 0 if "本" in word else 1, False)
    return _counted(group, start, end) if not CLAUSE_BEFORE.search(text[max(0, start - 2) : start]) else None
