"""Dates and times as message headers and citations write them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv",
            "february feb février fevrier févr",
            "march mar mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug août aout",
            "september sep sept septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec décembre decembre déc",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    rf"(?<![^\W\u3400-\u9fff])(?:(?P<y1>(?:19|20)[0-9]{{2}})-(?P<m1>[0-9]{{2}})(?:-(?P<d1>[0-9]{{2}}))?(?![0-9-])"
    rf"|(?P<m2>{MONTH})\.?\s+(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<y2>(?:19|20)[0-9]{{2}})(?![0-9])"
    rf"|(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th|er)?\s+(?P<m3>{MONTH})\.?\s*,?\s*(?P<y3>(?:19|20)[0-9]{{2}})(?![0-9])"
    rf"|(?P<y4>(?:19|20)[0-9]{{2}})\s?年\s?(?P<m4>[0-9]{{1,2}})\s?月(?:\s?(?P<d4>[0-9]{{1,2}})\s?日)?)",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?<![\w:.])(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?(?![0-9:])"
)


class Written(NamedTuple):
    """A date found in a text.

    Attributes:
        year: Calendar year.
        month: 1 to 12.
        day: 1 to 31; None if only the month is written.
        start: Where the words begin in the text searched.
        end: One past them.
    """

    year: int
    month: int
    day: int | None
    start: int
    end: int

    @property
    def date(self) -> date | None:
        """The day, or None if only a month is written."""
        return None if self.day is None else date(self.year, self.month, self.day)


class Clock(NamedTuple):
    """A wall time found in a text, without zone; `start` and `end` are where its words stand."""

    time: time
    has_seconds: bool
    start: int
    end: int


def find_date(text: str) -> Written | None:
    """Return the first date written in a text that the calendar has, or None."""
    for match in DATE.finditer(text):
        groups = match.groupdict()
        for kind in "1234":
            year, month, day = groups[f"y{kind}"], groups[f"m{kind}"], groups[f"d{kind}"]
            if year is None:
                continue
            number = int(month) if month.isdigit() else MONTHS[month.lower()]
            written = Written(int(year), number, None if day is None else int(day), *match.span())
            if _is_on_calendar(written):
                return written
    return None


def _is_on_calendar(written: Written) -> bool:
    try:
        date(written.year, written.month, written.day or 1)
    except ValueError:
        return False
    return True


def find_time(text: str) -> Clock | None:
    """Return the first time of day written in a text (`00:40`, `6:53:47 AM`), or None."""
    for match in TIME.finditer(text):
        hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        if match["half"]:
            if not 1 <= hour <= 12:
                continue
            hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
        if hour < 24 and minute < 60 and second < 60:
            return Clock(time(hour, minute, second), match["second"] is not None, *match.span())
    return None
