"""The timeline as a picture: an SVG that stands by itself, without a script and without a request.

A bar is as long as what is certain, hatched as long as what a date allows; an end that is open fades out. A filled
circle is a day, a ring is some day within it, a diamond is when something was made known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

from muniment.answers.timeline import Entry, known_order
from muniment.model.dates import earliest, exact_day, latest
from muniment.render.inert import inert_line
from muniment.render.table import cells

MOST_DRAWN = 2_000
WIDTH = 1_240.0
LEFT, RIGHT = 132.0, 16.0
TOP = 84.0
ROW = 19.0
SIZE = 11.5
SIGN = 6.6
"""Pixels that a narrow sign of this size takes at most; a wide East Asian one takes two."""
MARK = 4.0
GAP = 10.0
LONGEST_LABEL = 46
LONGEST_LANE_NAME = 18
FADE = 26.0
MOST_TICKS = 14
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONEY = frozenset(
    (
        *("issue", "transfer", "convert", "exercise", "repurchase", "cancel", "split", "holding", "grant", "forfeit"),
        *("safe", "note", "option", "round", "pledge", "contribute", "lend", "pay", "offer"),
    )
)
POWER = frozenset(("appoint", "remove", "leave", "amend", "vote", "leverage", "proposal", "agreement"))
STYLE = """
svg { --paper: #fdfcf9; --raised: #f4f1ea; --ink: #1f1c17; --ink-2: #585146; --rule: #ddd7ca; --rule-2: #8c8475;
  --own: #00558f; --control: #9c3a06; --dispute: #86206a; color-scheme: light dark;
  font-family: -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --paper: #171512; --raised: #221f1a; --ink: #ece6da; --ink-2: #b6ad9d;
  --rule: #3b362d; --rule-2: #857c6c; --own: #86bfee; --control: #f39b68; --dispute: #e69bd3; } }
.paper { fill: var(--paper); } .band { fill: var(--raised); }
.tick { stroke: var(--rule); } .axis { stroke: var(--rule-2); }
text { fill: var(--ink); font-size: 11.5px; } .soft { fill: var(--ink-2); }
.head { font-size: 15px; font-weight: 600; } .lane { font-weight: 600; } .maybe { font-style: italic; }
.over { stroke: var(--paper); stroke-width: 4px; paint-order: stroke; stroke-linejoin: round; }
.own { color: var(--own); } .control { color: var(--control); }
.dispute { color: var(--dispute); } .event { color: var(--ink); }
.sure { fill: currentColor; } .unsure { stroke: currentColor; stroke-width: .75; } .day { fill: currentColor; }
.ring { fill: var(--paper); stroke: currentColor; stroke-width: 1.5; }
.maybe .day, .maybe .ring, .maybe .sure, .maybe .unsure { opacity: .55; }
.known { fill: var(--paper); stroke: var(--rule-2); stroke-width: 1.25; }
.leads { stroke: var(--rule-2); stroke-dasharray: 1 3; }
.own-line { stroke: var(--own); } .control-line { stroke: var(--control); }
.dispute-line { stroke: var(--dispute); } .event-line { stroke: var(--ink); }
.own-stop { stop-color: var(--own); } .control-stop { stop-color: var(--control); }
.dispute-stop { stop-color: var(--dispute); } .event-stop { stop-color: var(--ink); }
"""
CLASSES = ("own", "control", "dispute", "event")
EFFECT = {
    "before": "in effect before that",
    "after": "in effect after that",
    "same day": "in effect on that day",
    "cannot say": "whether in effect before that cannot be said",
}
KEY = (
    "● a day   ○ some day within the mark   hatched: one of these days   filled: in force   fading: open at that end   "
    "◇ made known   ≠ sources differ   italic: under a proposal"
)


class _Scale:
    """Days to pixels."""

    def __init__(self, first: int, last: int) -> None:
        padding = max(1, (last - first) // 60)
        self.first, self.last = max(1, first - padding), min(date.max.toordinal(), last + padding)

    def x(self, day: int) -> float:
        """Return where a day begins; one outside stands at the edge."""
        held = min(max(day, self.first), self.last)
        return LEFT + (held - self.first) * (WIDTH - LEFT - RIGHT) / max(1, self.last - self.first)


class _Mark(NamedTuple):
    """An entry's marks on the scale (pixels), its label, and where the label goes.

    Attributes:
        start: First pixel that marks and label take.
        end: Last pixel that they take.
        at: Where the label begins, or ends if it stands before its marks.
        side: Where the label stands.
    """

    entry: Entry
    svg: str
    start: float
    end: float
    label: str
    at: float
    side: Literal["behind", "before", "over"]


def timeline_picture(entries: Sequence[Entry], lanes: str, name: str, footer: Sequence[str] = ()) -> str:
    """Return the timeline as SVG.

    Args:
        entries: At most `MOST_DRAWN`.
        lanes: ``kind`` or ``entity``: what has a lane of its own. An entry that names several entities is drawn once,
            in the lane of the first.
        name: The book.
        footer: Lines that say what it rests on.

    Returns:
        A document that needs nothing else. All words of the book are escaped; every mark has its words as a title.
    """
    days = [day for entry in entries for day in _span(entry)]
    title = f"Timeline of {name}"
    if not days:
        return _document(title, f"{title}: no dated record.", [_text(LEFT, TOP, "No dated record.")], TOP + 20, footer)
    scale = _Scale(min(days), max(days))
    top, parts, labels = TOP, [], []
    for number, (lane, held) in enumerate(_by_lane(entries, lanes)):
        rows = _packed([_mark(entry, scale) for entry in held])
        height = ROW * len(rows) + 10
        if number % 2 == 0:
            parts.append(f'<rect class="band" x="0" y="{_n(top)}" width="{_n(WIDTH)}" height="{_n(height)}"/>')
        labels.append(_text(10, top + 18, _short(lane, LONGEST_LANE_NAME), "lane", title=lane))
        for at, row in enumerate(rows):
            labels += [_drawn(mark, top + 14 + at * ROW) for mark in row]
        top += height
    ticks = "".join(_tick(x, words, top) for x, words in _ticks(scale))
    axis = f'<line class="axis" x1="{_n(LEFT)}" x2="{_n(WIDTH - RIGHT)}" y1="{_n(TOP)}" y2="{_n(TOP)}"/>'
    said = f"{len(entries)} records from {_first_last(days)}, by {lanes}; each mark has its date and words."
    return _document(title, f"{title}. {said}", [*parts, ticks, axis, *labels], top, footer)


def _document(title: str, said: str, parts: Sequence[str], height: float, footer: Sequence[str]) -> str:
    lines = [_text(10, height + 22 + 16 * at, words, "soft") for at, words in enumerate((KEY, *footer))]
    whole = height + 22 + 16 * len(lines) + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(WIDTH)}" height="{_n(whole)}" '
        f'viewBox="0 0 {_n(WIDTH)} {_n(whole)}" role="img" aria-labelledby="timeline-title timeline-said">\n'
        f'<title id="timeline-title">{_words(title)}</title>\n<desc id="timeline-said">{_words(said)}</desc>\n'
        f"<style>{STYLE}</style>\n<defs>{''.join(_paints())}</defs>\n"
        f'<rect class="paper" x="0" y="0" width="{_n(WIDTH)}" height="{_n(whole)}"/>\n'
        f"{_text(10, 26, title, 'head')}\n" + "\n".join(parts) + "\n" + "\n".join(lines) + "\n</svg>\n"
    )


def _paints() -> Iterator[str]:
    """Yield the hatchings and fadings, one of each color."""
    for name in CLASSES:
        yield (
            f'<pattern id="hatch-{name}" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><line class="{name}-line" x1="0" x2="0" y1="0" y2="5" stroke-width="2"/>'
            "</pattern>"
        )
        for side, (start, end) in {"left": (0, 0.6), "right": (0.6, 0)}.items():
            yield (
                f'<linearGradient id="fade-{side}-{name}"><stop class="{name}-stop" offset="0" stop-opacity="{start}"/>'
                f'<stop class="{name}-stop" offset="1" stop-opacity="{end}"/></linearGradient>'
            )


def _by_lane(entries: Sequence[Entry], lanes: str) -> list[tuple[str, list[Entry]]]:
    """Return the entries of each lane, the fullest lane last, so that the short ones are seen at once."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        name = entry.kind if lanes == "kind" else (entry.parties[0] if entry.parties else "others")
        found.setdefault(name, []).append(entry)
    return sorted(found.items(), key=lambda lane: (lane[0] == "others", len(lane[1]), lane[0]))


def _packed(marks: Sequence[_Mark]) -> list[list[_Mark]]:
    """Put marks into as few rows as the first free place of each gives, none over another."""
    rows: list[list[_Mark]] = []
    ends: list[float] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end, mark.entry.record)):
        at = next((at for at, end in enumerate(ends) if end + GAP <= mark.start), len(rows))
        if at == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[at].append(mark)
        ends[at] = mark.end
    return rows


def _mark(entry: Entry, scale: _Scale) -> _Mark:
    color = _color(entry)
    parts: list[str] = []
    reach: list[float] = []
    low = scale.first if entry.earliest is None else entry.earliest.toordinal()
    high = scale.last if entry.latest is None else entry.latest.toordinal()
    _draw_known(entry, scale, (low, high), parts, reach)
    if entry.ended is not None:
        sure, perhaps = earliest(entry.ended), latest(entry.ended)
        ends = high if sure is None else max(high, sure.toordinal())
        last = scale.last if perhaps is None else max(ends, perhaps.toordinal())
        _bar(scale.x(high), scale.x(ends), 'class="sure"', 5, parts, reach)
        stop = scale.x(last) - (FADE if perhaps is None else 0)
        _bar(scale.x(ends), stop, f'class="unsure" fill="url(#hatch-{color})"', 5, parts, reach)
        if perhaps is None:
            _fade(scale.x(last), "right", color, parts, reach)
    if exact_day(entry.when) is not None:
        parts.append(f'<circle class="day" cx="{_n(scale.x(low))}" cy="0" r="{_n(MARK)}"/>')
        reach += [scale.x(low) - MARK, scale.x(low) + MARK]
    elif scale.x(high + 1) - scale.x(low) < 2 * MARK and None not in (entry.earliest, entry.latest):
        middle = (scale.x(low) + scale.x(high + 1)) / 2
        parts.append(f'<circle class="ring" cx="{_n(middle)}" cy="0" r="{_n(MARK)}"/>')
        reach += [middle - MARK, middle + MARK]
    else:
        _draw_intervals(entry, scale, color, parts, reach)
    return _labelled(entry, "".join(parts), min(reach), max(reach))


def _draw_intervals(entry: Entry, scale: _Scale, color: str, parts: list[str], reach: list[float]) -> None:
    """Draw the intervals that a date allows, hatched, with a dotted line from each to the next."""
    before: float | None = None
    for first, last in entry.when.ranges:
        start = scale.x(scale.first if first is None else first)
        stop = max(scale.x(scale.last if last is None else last + 1), start + 2)
        if before is not None:
            parts.append(f'<line class="leads" x1="{_n(before)}" x2="{_n(start)}" y1="0" y2="0"/>')
        before = stop
        if first is None:
            _fade(start, "left", color, parts, reach)
            start = min(start + FADE, stop)
        if last is None:
            _fade(stop, "right", color, parts, reach)
            stop = max(stop - FADE, start)
        _bar(start, stop, f'class="unsure" fill="url(#hatch-{color})"', 9, parts, reach)


def _labelled(entry: Entry, svg: str, start: float, end: float) -> _Mark:
    """Put an entry's label behind its marks, else before them, else over them; cut where it has no room at all."""
    sign = " ≠" if entry.is_disputed else ""
    label = _short(entry.title, LONGEST_LABEL) + sign
    wide = cells(label) * SIGN
    if end + 5 + wide <= WIDTH - 4:
        return _Mark(entry, svg, start, end + 5 + wide, label, end + 5, "behind")
    if start - 5 - wide >= LEFT:
        return _Mark(entry, svg, start - 5 - wide, end, label, start - 5, "before")
    if end - start > wide + 10:
        return _Mark(entry, svg, start, end, label, start + 5, "over")
    behind, before = WIDTH - 9 - end, start - 5 - LEFT
    label = _short(entry.title, max(4, int(max(behind, before) / SIGN) - cells(sign))) + sign
    wide = cells(label) * SIGN
    if behind >= before:
        return _Mark(entry, svg, start, end + 5 + wide, label, end + 5, "behind")
    return _Mark(entry, svg, start - 5 - wide, end, label, start - 5, "before")


def _draw_known(entry: Entry, scale: _Scale, own: tuple[int, int], parts: list[str], reach: list[float]) -> None:
    """Draw when it was stated to be made known, with a dotted line to it; the date of a source is in the title only."""
    if entry.known is None or entry.known.by != "recorded":
        return
    first, last = earliest(entry.known.date), latest(entry.known.date)
    x0 = scale.x(scale.first if first is None else first.toordinal())
    x1 = scale.x(scale.last if last is None else last.toordinal())
    near = scale.x(own[1]) if x0 >= scale.x(own[1]) else scale.x(own[0])
    parts.append(f'<line class="leads" x1="{_n(min(near, x0))}" x2="{_n(max(near, x1))}" y1="0" y2="0"/>')
    parts += [f'<path class="known" d="M{_n(x)} -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/>' for x in dict.fromkeys((x0, x1))]
    reach += [min(near, x0) - 4.5, max(near, x1) + 4.5]


def _bar(x0: float, x1: float, how: str, high: float, parts: list[str], reach: list[float]) -> None:
    if x1 > x0:
        parts.append(f'<rect {how} x="{_n(x0)}" y="{_n(-high / 2)}" width="{_n(x1 - x0)}" height="{_n(high)}"/>')
        reach += [x0, x1]


def _fade(x: float, side: str, color: str, parts: list[str], reach: list[float]) -> None:
    """Let a bar fade out at an end that is open, inside the edge of the picture."""
    x0 = x if side == "left" else x - FADE
    parts.append(f'<rect fill="url(#fade-{side}-{color})" x="{_n(x0)}" y="-4.5" width="{_n(FADE)}" height="9"></rect>')
    reach += [x0, x0 + FADE]


def _drawn(mark: _Mark, y: float) -> str:
    entry = mark.entry
    maybe = " maybe" if entry.hypothetical else ""
    anchor = ' text-anchor="end"' if mark.side == "before" else ' class="over"' if mark.side == "over" else ""
    return (
        f'<g class="{_color(entry)}{maybe}" transform="translate(0 {_n(y)})"><title>{_words(_told(entry))}</title>'
        f'{mark.svg}<text x="{_n(mark.at)}" y="4"{anchor}>{_words(mark.label)}</text></g>'
    )


def _told(entry: Entry) -> str:
    """Return all that is drawn of an entry, in words."""
    said = [f"{entry.date}: {entry.title}"]
    if entry.until:
        said.append(f"until {entry.until}")
    if entry.known is not None:
        by = "recorded" if entry.known.by == "recorded" else f"told by @{entry.known.by}"
        said.append(f"{by} {entry.known.date.text} ({EFFECT[known_order(entry) or 'cannot say']})")
    if entry.hypothetical:
        said.append(f"under {entry.hypothetical}")
    if entry.is_disputed:
        said.append("sources differ on the date")
    return "; ".join((*said, f"{entry.record}, {entry.span}"))


def _color(entry: Entry) -> str:
    if entry.is_disputed:
        return "dispute"
    return "own" if entry.kind in MONEY else "control" if entry.kind in POWER else "event"


def _span(entry: Entry) -> Iterator[int]:
    """Yield the days that the scale must hold."""
    held = [entry.earliest, entry.latest]
    held += [earliest(entry.ended), latest(entry.ended)] if entry.ended is not None else []
    if entry.known is not None and entry.known.by == "recorded":
        held += [earliest(entry.known.date), latest(entry.known.date)]
    yield from (day.toordinal() for day in held if day is not None)


def _ticks(scale: _Scale) -> Iterator[tuple[float, str]]:
    """Yield where years, months or days begin, as many as can be read."""
    first, last = date.fromordinal(scale.first), date.fromordinal(scale.last)
    years = last.year - first.year
    if years >= 3:
        step = next((step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if years // step < MOST_TICKS), 2000)
        for year in range(first.year - first.year % step, last.year + 1, step):
            if year >= 1 and scale.first <= (day := date(year, 1, 1).toordinal()) <= scale.last:
                yield scale.x(day), f"{year:04d}"
        return
    months = (last.year - first.year) * 12 + last.month - first.month
    if months >= 3:
        step = next(step for step in (1, 2, 3, 6) if months // step < MOST_TICKS)
        for count in range(first.year * 12 + first.month - 1, last.year * 12 + last.month, 1):
            year, month = divmod(count, 12)
            if month % step == 0 and scale.first <= (day := date(year, month + 1, 1).toordinal()) <= scale.last:
                yield scale.x(day), f"{MONTHS[month]} {year:04d}" if month == 0 or months < 6 else MONTHS[month]
        return
    step = max(1, -(-(scale.last - scale.first) // 9))
    for ordinal in range(scale.first, scale.last + 1, step):
        yield scale.x(ordinal), date.fromordinal(ordinal).isoformat()


def _tick(x: float, words: str, bottom: float) -> str:
    line = f'<line class="tick" x1="{_n(x)}" x2="{_n(x)}" y1="{_n(TOP - 6)}" y2="{_n(bottom)}"/>'
    return line + _text(x, TOP - 12, words, "soft", anchor="middle")


def _first_last(days: Sequence[int]) -> str:
    return f"{date.fromordinal(min(days)).isoformat()} to {date.fromordinal(max(days)).isoformat()}"


def _short(words: str, most: int) -> str:
    """Return words cut to so many cells; at least one sign stays."""
    plain = inert_line(words)
    if cells(plain) <= most:
        return plain
    kept: list[str] = []
    used = 1
    for sign in plain:
        used += cells(sign)
        if used > most and kept:
            break
        kept.append(sign)
    return "".join(kept).rstrip() + "…"


def _text(x: float, y: float, words: str, role: str = "", anchor: str = "", title: str = "") -> str:
    named = f' class="{role}"' if role else ""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    told = f"<title>{_words(title)}</title>" if title else ""
    return f'<text{named} x="{_n(x)}" y="{_n(y)}"{placed} xml:space="preserve">{told}{_words(words)}</text>'


def _words(text: str) -> str:
    """Return words that can do nothing in the picture; what XML cannot hold is replaced."""
    return escape(inert_line(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
