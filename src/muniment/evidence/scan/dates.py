"""Dates in a text, as EDTF: written out, or counted from an anchor.

What speaks of the day on which it is said (`last week`, `去年`) is counted from the message it stands in, else from the
document's own date. What goes on with a story (`le mois suivant`, `two months later`, a month without a year) is
counted from the date last written above it. A date without an anchor is found, but has no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
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
    quarter,
    season,
    written,
)
from muniment.evidence.scan.date_words import (
    ABSOLUTE,
    BARE_YEAR,
    BETWEEN_BEFORE,
    JOINT,
    MONTH_AFTER,
    ORDINALS,
    PART_BEFORE,
    SEASONS,
    SINCE_BEFORE,
    UNTIL_BEFORE,
    WHOLE_BEFORE,
    YEAR_AFTER,
    YEAR_RANGE,
    month_number,
    small_number,
)
from muniment.evidence.scan.figures import NOUN
from muniment.evidence.scan.findings import Finding
from muniment.evidence.scan.languages import Language
from muniment.evidence.scan.numerals import SCALE_AFTER
from muniment.evidence.scan.relative_dates import Counted, find_relative
from muniment.evidence.scan.units import CURRENCY_AFTER, DURATION_UNITS, PEOPLE, SHARES

MOST_DATES = 20_000
REACH = 40
PARTS_OF_CHINESE = {
    "初": "early", "上旬": "early", "年初": "early", "中旬": "mid", "中": "mid", "年中": "mid",
    "底": "late", "末": "late", "下旬": "late", "年底": "late", "年末": "late",
}  # fmt: skip


class Anchors(NamedTuple):
    """From what relative dates are counted.

    Attributes:
        spoken: For an offset, the day on which the words there were written: the message's; None if not known.
        document: The document's own date; None if not known.
    """

    spoken: Callable[[int], date | None]
    document: Interval | None


class _Atom(NamedTuple):
    """One date as written, before it is known from what it is counted."""

    start: int
    end: int
    interval: Interval | None
    month: int = 0
    day: int = 0
    part: str = "whole"
    counted: Counted | None = None
    note: str = ""
    either: Interval | None = None


class _Dated(NamedTuple):
    """One date that has been read."""

    start: int
    end: int
    interval: Interval | None
    mark: str
    anchor: int
    is_relative: bool
    cue: str
    note: str
    either: Interval | None = None
    is_range: bool = False


def find_dates(text: str, language: Language, anchors: Anchors) -> list[Finding]:
    """Return the dates of a text from left to right.

    Args:
        text: The document's.
        language: How its dates are written.
        anchors: From what relative dates are counted.

    Returns:
        Findings that do not overlap, each with its date in EDTF, or none where no anchor resolves it. At most 20,000
        of each form are looked at.
    """
    atoms = _atoms(text, language)
    dated: list[_Dated] = []
    told: tuple[Interval, int] | None = None
    for at, atom in enumerate(atoms):
        following = atoms[at + 1] if at + 1 < len(atoms) else None
        read = _read(text, atom, following, told, anchors)
        is_said = atom.counted is not None and not atom.counted.is_told
        if read.interval is not None and read.mark != "~" and not is_said:
            told = (read.interval, read.start)
        dated.append(read)
    return [_finding(text, one) for one in _joined(text, dated)]


def _atoms(text: str, language: Language) -> list[_Atom]:
    """Return every date as written, left to right; of two that overlap the longer, else the relative one."""
    found = [_Atom(one.start, one.end, None, counted=one) for one in find_relative(text, language, MOST_DATES)]
    for match in islice(ABSOLUTE[language].finditer(text), MOST_DATES):
        atom = _absolute(text, match, language)
        if atom is not None:
            found.append(atom)
    for match in islice(BARE_YEAR.finditer(text), MOST_DATES):
        if _is_year(text, match, language):
            found.append(_Atom(*match.span(), of_point(int(match["y"]))))  # noqa: PERF401
    kept: list[_Atom] = []
    for atom in sorted(found, key=lambda one: (one.start, -one.end, one.counted is None)):
        if not kept or atom.start >= kept[-1].end:
            kept.append(atom)
        elif atom.end - atom.start > kept[-1].end - kept[-1].start and not (
            len(kept) > 1 and kept[-2].end > atom.start
        ):
            kept[-1] = atom
    return kept


def _absolute(text: str, match: re.Match[str], language: Language) -> _Atom | None:
    group = {name: words for name, words in match.groupdict().items() if words is not None}
    start, end = match.span()
    if "iso_y" in group or "iso_y2" in group:
        year, month = group.get("iso_y") or group["iso_y2"], group.get("iso_m") or group["iso_m2"]
        whole = of_point(int(year), int(month), int(group.get("iso_d") or group.get("iso_d2") or 0))
        return _Atom(start, end, whole) if whole and int(month) else None
    if "num_y" in group:
        return _numeric(start, end, int(group["num_1"]), int(group["num_2"]), int(group["num_y"]), language)
    if "q_h" in group or "q_h2" in group:
        letter, number = group.get("q_h") or group["q_h2"], int(group.get("q_n") or group["q_n2"])
        return _Atom(start, end, _quarter(int(group.get("q_y") or group["q_y2"]), letter.upper() == "H", number))
    named = {name.partition("_")[2]: words for name, words in group.items() if name[2:3] == "_" and name[0] in "ef"}
    if "zy" in group:
        return _chinese(start, end, group)
    if "zn_m" in group:
        month, day = small_number(group["zn_m"]), small_number(group.get("zn_d", "0"))
        part = PARTS_OF_CHINESE.get(group.get("zn_t", ""), "whole")
        return _Atom(start, end, None, month, day, part) if of_point(2000, month, day) and month else None
    if "s" in named:
        return _Atom(start, end, season(int(named["y"]), SEASONS[named["s"].casefold()]))
    if "n" in named:
        is_half = named["h"].casefold() in ("half", "semestre")
        return _Atom(start, end, _quarter(int(named["y"]), is_half, ORDINALS[named["n"].casefold()]))
    month, day = month_number(named["m"]), small_number(named.get("d", "0"))
    if "y" in named:
        return _written_out(start, end, named, month, day)
    if not _is_month(text, start, end, named["m"], day, language) or of_point(2000, month, day) is None:
        return None
    return _Atom(start, end, None, month, day)


def _written_out(start: int, end: int, named: dict[str, str], month: int, day: int) -> _Atom | None:
    """Return a date with its year: a month, a day, or a run of days."""
    year = int(named["y"])
    whole = of_point(year, month, day)
    if whole is None or "d2" not in named:
        return _Atom(start, end, whole) if whole else None
    last = of_point(year, month, int(named["d2"]))
    return _Atom(start, end, Interval(whole.low, last.low)) if last and whole.low < last.low else None


def _numeric(start: int, end: int, one: int, two: int, year: int, language: Language) -> _Atom | None:
    """Read 04/03/2021: the day first in French; in English either, where both are dates."""
    day_first, month_first = of_point(year, two, one) if two else None, of_point(year, one, two) if one else None
    if not (one and two):
        return None
    if language == "fr":
        return _Atom(start, end, day_first) if day_first else None
    if day_first and month_first and day_first != month_first:
        return _Atom(start, end, month_first, note="the day or the month may stand first", either=day_first)
    return _Atom(start, end, month_first or day_first) if month_first or day_first else None


def _quarter(year: int, is_half: bool, number: int) -> Interval | None:
    if not is_half:
        return quarter(year, number)
    if number > 2:
        return None
    return Interval(Point(year, 6 * number - 5), Point(year, 6 * number))


def _chinese(start: int, end: int, group: dict[str, str]) -> _Atom | None:
    digits = group["zy"]
    year = int(digits) if digits.isdecimal() else int("".join(str(max(small_number(sign), 0)) for sign in digits))
    month, day = small_number(group.get("zm", "0")), small_number(group.get("zd", "0"))
    whole = of_point(year, month, day)
    if whole is None:
        return None
    tail = group.get("zt", "")
    if "zq" in group and not month:
        return _Atom(start, end, quarter(year, ORDINALS[group["zq"]]))
    if "zs" in group and not month:
        part = "late" if tail.endswith("末") else "early" if tail.endswith("初") else "whole"
        return _Atom(start, end, part_of(season(year, SEASONS[group["zs"]]), part))
    if tail in ("上半年", "下半年") and not month:
        return _Atom(start, end, _quarter(year, True, 1 if tail == "上半年" else 2))
    return _Atom(start, end, whole, part=PARTS_OF_CHINESE.get(tail, "whole"))


def _is_month(text: str, start: int, end: int, name: str, day: int, language: Language) -> bool:
    """Return whether the name of a month without a year is one: `may`, `march` and `Mars` are other words too."""
    before = text[max(0, start - 24) : start]
    is_short = len(name) <= 4 and name.casefold() not in ("mai", "mars", "juin", "août", "aout", "may", "june", "july")
    if day:
        return not (language == "en" and not name[:1].isupper())
    if is_short or (language == "en" and not name[:1].isupper()) or (language == "fr" and name[:1].isupper()):
        return False
    return MONTH_AFTER.search(before) is not None and text[end : end + 1] != "-"


def _is_year(text: str, match: re.Match[str], language: Language) -> bool:
    """Return whether four digits that stand alone are a year, by the words around them."""
    start, end = match.span()
    if CURRENCY_AFTER.match(text, end) or SCALE_AFTER.match(text, end) or DURATION_UNITS[language].match(text, end):
        return False
    noun = NOUN.match(text, end)
    if noun is not None and noun["noun"].casefold() in SHARES | PEOPLE:
        return False
    if YEAR_RANGE.match(text, end) is not None:
        return True
    before = text[max(0, start - 24) : start]
    if YEAR_AFTER.search(before) is not None or PART_BEFORE.search(before) is not None:
        return True
    return (not before or before[-1] in "\r\n") and text[end : end + 2].strip()[:1] in (":", "：", "–", "-")


def _read(
    text: str, atom: _Atom, following: _Atom | None, told: tuple[Interval, int] | None, anchors: Anchors
) -> _Dated:
    """Resolve one date against its anchors, and narrow it by the words before it."""
    interval, mark, anchor, note, cue = atom.interval, "", -1, atom.note, "date"
    is_relative = atom.counted is not None or interval is None
    start, part = atom.start, atom.part
    spoken = anchors.spoken(atom.start)
    if atom.counted is not None:
        cue = f"relative date ({text[atom.start : atom.end].casefold()})"
        origin, anchor = _origin(atom.counted, told, spoken, anchors)
        resolved = atom.counted.resolve(origin) if origin is not None else None
        interval, mark = resolved or None, atom.counted.mark
        note = _said(origin, anchor) if origin is not None else "nothing to count it from"
    elif interval is None:
        year, anchor, note = _year_of(text, atom, following, told, spoken, anchors)
        interval = of_point(year, atom.month, atom.day) if year else None
        mark = "" if note == "the year stands behind it" else "?"
    before = text[max(0, start - REACH) : start]
    whole = WHOLE_BEFORE.search(before)
    if whole is not None and not atom.day:
        before = before[: whole.start()]
        start -= len(whole[0])
    named = PART_BEFORE.search(before)
    if named is not None and interval is not None and not (interval.low.day or interval.high.day):
        part = named.lastgroup or part
        start -= len(named[0])
    elif whole is not None:
        start = atom.start
    if interval is not None and part != "whole":
        interval = part_of(interval, part)
        note = note or f"'{part}' is read as a part of it"
    return _Dated(start, atom.end, interval, mark, anchor, is_relative, cue, note, atom.either)


def _origin(
    counted: Counted, told: tuple[Interval, int] | None, spoken: date | None, anchors: Anchors
) -> tuple[Interval | None, int]:
    """Return what a relative date is counted from, and where that stands; -1 for the message's or document's date."""
    if counted.is_told:
        return told if told is not None else (None, -1)
    if spoken is not None:
        return interval_of_days(spoken, spoken), -1
    if counted.is_daily:
        return None, -1
    return anchors.document, -1


def _said(origin: Interval, anchor: int) -> str:
    return f"counted from {written(origin)}" + ("" if anchor < 0 else ", which stands above")


def _year_of(
    text: str,
    atom: _Atom,
    following: _Atom | None,
    told: tuple[Interval, int] | None,
    spoken: date | None,
    anchors: Anchors,
) -> tuple[int, int, str]:
    """Return the year of a date that names none, the offset of its anchor, and how it was found; year 0 if not."""
    if following is not None and following.interval is not None and JOINT.fullmatch(text, atom.end, following.start):
        return following.interval.low.year, following.start, "the year stands behind it"
    if spoken is not None:
        years = (spoken.year - 1, spoken.year, spoken.year + 1)
        near = [one for year in years if (one := of_point(year, atom.month, atom.day)) is not None]
        closest = min(near, key=lambda one: _distance(one, spoken), default=None)
        return (closest.low.year if closest else 0), -1, "the year is the one that is nearest to the message"
    if told is not None:
        return told[0].high.year, told[1], "the year is that of the date last written above"
    if anchors.document is not None:
        return anchors.document.low.year, -1, "the year is that of the document"
    return 0, -1, "no year is named"


def _distance(one: Interval, day: date) -> int:
    low, high = first_day(one.low), last_day(one.high)
    return 0 if low <= day <= high else min(abs((low - day).days), abs((high - day).days))


def _joined(text: str, dated: Sequence[_Dated]) -> list[_Dated]:
    """Join two dates that a word such as `to` makes a range."""
    joined: list[_Dated] = []
    for one in dated:
        last = joined[-1] if joined else None
        if last is not None and last.interval is not None and one.interval is not None and one.start - last.end <= 12:
            joint = JOINT.fullmatch(text, last.end, one.start)
            before = text[max(0, last.start - 20) : last.start]
            needs_between = joint is not None and (joint["and"] is not None or joint[0] == "和")
            is_range = joint is not None and (not needs_between or BETWEEN_BEFORE.search(before) is not None)
            if (
                is_range
                and first_day(last.interval.low) <= last_day(one.interval.high)
                and last.interval != one.interval
            ):
                joined[-1] = last._replace(
                    end=one.end,
                    interval=Interval(last.interval.low, one.interval.high),
                    mark=last.mark or one.mark,
                    is_relative=last.is_relative and one.is_relative,
                    note=last.note or one.note,
                    is_range=True,
                )
                continue
        joined.append(one)
    return joined


def _finding(text: str, one: _Dated) -> Finding:
    """Return a date as a finding, open at an end where the words before it say so."""
    cues: tuple[str, ...] = (one.cue,)
    if one.interval is None:
        return Finding("date", one.start, one.end, "", "", cues, one.note, None, one.anchor, True)
    value, start = written(one.interval, one.mark), one.start
    if one.either is not None:
        value = f"[{written(one.either)},{written(one.interval)}]"
    elif not one.is_range:
        before = text[max(0, start - 20) : start]
        until, since = UNTIL_BEFORE.search(before), SINCE_BEFORE.search(before)
        if until is not None:
            value, cues = f"../{one.interval.high}{one.mark}", (*cues, "until")
        elif since is not None:
            value, cues = f"{one.interval.low}{one.mark}/..", (*cues, "since")
        start -= len((until or since or ("",))[0])
    return Finding("date", start, one.end, value, "", cues, one.note, None, one.anchor, one.is_relative)
