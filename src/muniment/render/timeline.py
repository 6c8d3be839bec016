"""The timeline for a terminal: a table with a drawn lane, in which an uncertain date is as long as what it allows.

●      a day            ▒▒▒▒   some day of these            ◂▒▒ ▒▒▸   open at that end
○      not a certain day, but all it allows are in this cell
●███   in force to a certain day, ●██▒▒ to one of some days
◆      when it was made known, if that is another cell; a line leads from the date to it
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from muniment.answers.timeline import Entry, MadeKnown, Order
from muniment.model.dates import earliest, exact_day, latest
from muniment.render.answer import Column, Table

NARROWEST_LANE = 12
WIDEST_LANE = 44
NARROWEST_PAGE = 64
"""A terminal of fewer cells gets the table without a lane."""
DAY, UNSURE_DAY, UNSURE, LASTING, KNOWN, LEADS = "●", "○", "▒", "█", "◆", "─"
OPEN_START, OPEN_END = "◂", "▸"
DAYS_A_YEAR = 365
KEY = (
    "Lane: ● a day, ▒ one of these days, ○ one of the days of this cell, █ in force, ◂ ▸ open at that end, "
    "◆ made known (to the right: after the fact)."
)


class Lane:
    """The scale of a drawn line: cells from the first to the last day of the entries.

    Attributes:
        first: The first day drawn, as an ordinal.
        last: The last day drawn.
        cells: How many cells there are; at least 1.
    """

    def __init__(self, first: int, last: int, cells: int) -> None:
        self.first, self.last, self.cells = first, max(first, last), max(1, cells)

    def cell(self, day: int) -> int:
        """Return the cell of a day; one outside is drawn at the edge."""
        held = min(max(day, self.first), self.last)
        return (held - self.first) * self.cells // (self.last - self.first + 1)

    def place(self, day: int) -> int:
        """Return the cell of a day; -1 before the first, the number of cells after the last."""
        return -1 if day < self.first else self.cells if day > self.last else self.cell(day)

    def starts(self, cell: int) -> int:
        """Return the first day of a cell, as an ordinal."""
        days = self.last - self.first + 1
        return self.first - (-cell * days // self.cells)

    def head(self) -> str:
        """Return the names of years or months over the cells in which they begin, as many as have room."""
        days = self.last - self.first + 1
        is_long = days > 2 * DAYS_A_YEAR
        line = ""
        for cell in range(self.cells):
            begins, ends = (
                date.fromordinal(self.starts(cell)),
                date.fromordinal(max(self.starts(cell), min(self.starts(cell + 1) - 1, self.last))),
            )
            name = f"{ends.year:04d}" if is_long else f"{ends.year:04d}-{ends.month:02d}"
            is_new = cell == 0 or (
                (begins.day == 1 or (begins.year, begins.month) != (ends.year, ends.month))
                and (not is_long or begins.year != ends.year or (begins.month, begins.day) == (1, 1))
            )
            room = self.cells - cell
            if is_new and len(line) <= cell - (1 if line else 0) and room >= len(name):
                line += " " * (cell - len(line)) + name
        return line.ljust(self.cells)


def lane_of(entries: Sequence[Entry], cells: int) -> Lane | None:
    """Return a scale for all entries, or None if no entry has a day.

    When something was made known stretches it only to the right: a statute of another century is no reason to press
    everything together.
    """
    days = [day.toordinal() for entry in entries for day in _days(entry)]
    return Lane(min(days), max(days), cells) if days else None


def _days(entry: Entry) -> list[date]:
    ended = (earliest(entry.ended), latest(entry.ended)) if entry.ended is not None else ()
    own = [day for day in (entry.earliest, entry.latest, *ended) if day is not None]
    known = (earliest(entry.known.date), latest(entry.known.date)) if entry.known is not None else ()
    return [*own, *(day for day in known if day is not None and own and day > max(own))]


def drawn(entry: Entry, lane: Lane) -> str:
    """Return an entry's line of cells."""
    line = [" "] * lane.cells
    known = _known_cells(entry.known, lane)
    low = lane.first if entry.earliest is None else entry.earliest.toordinal()
    high = lane.last if entry.latest is None else entry.latest.toordinal()
    if known is not None:
        _lead(line, (lane.cell(low), lane.cell(high)), known)
    if entry.ended is not None:
        _draw_end(line, entry, lane, high)
    for first, last in entry.when.ranges:
        start = lane.first if first is None else first
        end = lane.last if last is None else last
        for cell in range(lane.cell(start), lane.cell(end) + 1):
            line[cell] = UNSURE
    if lane.cell(low) == lane.cell(high) and entry.earliest is not None and entry.latest is not None:
        line[lane.cell(low)] = DAY if exact_day(entry.when) is not None else UNSURE_DAY
    if entry.earliest is None:
        line[0] = OPEN_START
    if entry.latest is None:
        line[-1] = OPEN_END
    return "".join(line)


def _known_cells(known: MadeKnown | None, lane: Lane) -> tuple[int, int] | None:
    """Return the first and last cell in which it may have been made known; outside the lane, one past its end."""
    if known is None:
        return None
    first, last = earliest(known.date), latest(known.date)
    return (
        -1 if first is None else lane.place(first.toordinal()),
        lane.cells if last is None else lane.place(last.toordinal()),
    )


def _lead(line: list[str], taken: tuple[int, int], known: tuple[int, int]) -> None:
    """Draw the mark of when it was made known, and a line from the date to it; nothing where they touch."""
    at = known[0] if known[0] > taken[1] else known[1]
    if taken[0] <= at <= taken[1]:
        return
    for cell in range(max(0, min(taken[1], at)), min(len(line) - 1, max(taken[0], at)) + 1):
        line[cell] = LEADS
    if at < 0:
        line[0] = OPEN_START
    elif at >= len(line):
        line[-1] = OPEN_END
    else:
        line[at] = KNOWN


def _draw_end(line: list[str], entry: Entry, lane: Lane, start: int) -> None:
    """Draw how long it was in force: certainly, then perhaps."""
    assert entry.ended is not None
    sure, perhaps = earliest(entry.ended), latest(entry.ended)
    surely = lane.cell(start if sure is None else max(start, sure.toordinal()))
    longest = lane.cells - 1 if perhaps is None else lane.cell(max(start, perhaps.toordinal()))
    for cell in range(lane.cell(start), longest + 1):
        line[cell] = LASTING if cell <= surely and sure is not None else UNSURE
    if perhaps is None:
        line[-1] = OPEN_END


def timeline_table(
    entries: Sequence[Entry], orders: Sequence[Order | None] = (), against: str = "", width: int | None = None
) -> Table:
    """Return the timeline as a table.

    Args:
        entries: In the order to be shown.
        orders: For each entry, how it stands to `against`, None for `against` itself; empty if nothing was asked.
        against: The record to which the order is said.
        width: Cells of the terminal; None = no terminal, and no lane.
    """
    lane = None
    if width is not None and width >= NARROWEST_PAGE:
        lane = lane_of(entries, min(WIDEST_LANE, max(NARROWEST_LANE, width // 4)))
    columns = [Column("Date"), Column("What"), Column("Made known"), Column("Record")]
    if lane is not None:
        columns.insert(1, Column(lane.head(), "right"))
    if orders:
        columns.append(Column(f"Against {against}"))
    rows = []
    for at, entry in enumerate(entries):
        cells = [entry.date, _what(entry), _known_words(entry.known), entry.record]
        if lane is not None:
            cells.insert(1, drawn(entry, lane))
        if orders:
            cells.append(orders[at] or "")
        rows.append(tuple(cells))
    return Table("Timeline", tuple(columns), tuple(rows), KEY if lane is not None else "")


def _what(entry: Entry) -> str:
    words = entry.title + (f" (under {entry.hypothetical})" if entry.hypothetical else "")
    if entry.until:
        words += f", until {entry.until}"
    return words + (" ≠" if entry.is_disputed else "")


def _known_words(known: MadeKnown | None) -> str:
    if known is None:
        return ""
    return known.date.text if known.by == "recorded" else f"{known.date.text} @{known.by}"
