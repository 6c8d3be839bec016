"""A plan as a picture: a row of seats for each board before the first move and after each, and votes that change.

A filled square is the asker's, a tinted one with a heavy outline was filled by the plan, an outlined one is others',
and a dashed one is vacant. An upright line stands after the seat at which the votes suffice.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction
from textwrap import wrap
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from muniment.control.paths.answer import BodyStanding, PathAnswer, SeatStanding, Standing, VotesStanding
from muniment.render.inert import inert_line
from muniment.render.paths import seats_in_words, share_in_words

LARGEST_SEAT = 17.5  # pixels
SMALLEST_LETTERED = 15.0
GAP = 3.5
WIDEST = 620.0
LEFT = 30.0
ROW = 44.0
BAR = 200.0
MOST_SIGNS = 48
FILLED_BY_PLAN = "M"
INK, SOFT, PAPER = "#1f1c17", "#585146", "#fdfcf9"
CONTROL, CONTROL_SOFT, RULE = "#9c3a06", "#f6ddcd", "#8c8475"
SEATS = {
    "ours": f'fill="{CONTROL}" stroke="{CONTROL}" stroke-width="1.5"',
    "plan": f'fill="{CONTROL_SOFT}" stroke="{CONTROL}" stroke-width="2.5"',
    "others": f'fill="{PAPER}" stroke="{INK}" stroke-width="2"',
    "vacant": f'fill="none" stroke="{RULE}" stroke-width="1.5" stroke-dasharray="3 2"',
}
LETTERS = {"ours": PAPER, "plan": CONTROL, "others": INK}


class _Drawn(NamedTuple):
    """A part of the picture: its SVG, and how far it reaches (pixels)."""

    svg: str
    width: float
    height: float


def plan_picture(answer: PathAnswer) -> str:
    """Return the boards and votes before the plan and after each move, as one SVG; empty where there are none.

    Args:
        answer: An answer; without moves, only how things stand is drawn.
    """
    rows: list[tuple[str, str, Standing]] = [("–", "as things stand", answer.start)]
    rows += [(str(n), move.act.words, move.standing) for n, move in enumerate(answer.moves, 1)]
    if not any(standing.bodies or standing.votes for _, _, standing in rows):
        return ""
    letters = letters_of(body for _, _, standing in rows for body in standing.bodies)
    several = len({(body.entity, body.body) for _, _, standing in rows for body in standing.bodies}) > 1
    parts: list[str] = []
    top = width = 0.0
    before: tuple[VotesStanding, ...] = ()
    for number, words, standing in rows:
        drawn = [_lines(words, 12, INK)]
        drawn += [_body(body, letters, named=several) for body in standing.bodies]
        drawn += [_votes(votes) for votes in standing.votes if votes not in before]
        before = standing.votes
        parts.append(_text(4, top + 14, number, 14, "start", weight=600))
        for each in drawn:
            parts.append(f'<g transform="translate({_n(LEFT)} {_n(top)})">{each.svg}</g>')
            top, width = top + each.height, max(width, each.width)
        top += 8
    key = _key(letters, {_kind(seat) for _, _, standing in rows for body in standing.bodies for seat in body.seats})
    parts.append(f'<g transform="translate({_n(LEFT)} {_n(top)})">{key.svg}</g>')
    width, height = LEFT + max(width, key.width), top + key.height
    label = picture_in_words(answer)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plan" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-label={quoteattr(inert_line(label))}>{"".join(parts)}'
        "</svg>"
    )


def picture_in_words(answer: PathAnswer) -> str:
    """Return what the picture shows, for those who do not see it."""
    said = [f"As things stand, {_standing(answer.start)}"]
    said += [f"after move {n}, {_standing(move.standing)}" for n, move in enumerate(answer.moves, 1)]
    return "; ".join(said) + "."


def _standing(standing: Standing) -> str:
    bodies = [
        f"{body.entity}.{body.body}: {', '.join(seats_in_words(body.seats))}, {body.ours} of {body.votes} votes"
        + ("" if body.carry is None else f", {body.carry} carry")
        for body in standing.bodies
    ]
    votes = [f"votes of {each.entity}: {share_in_words(each.ours, each.of)} ours" for each in standing.votes]
    return "; ".join([*bodies, *votes]) or "no board and no votes matter"


def letters_of(bodies: Iterable[BodyStanding]) -> dict[tuple[str, str, str], str]:
    """Return a letter for each seat group: of its name where that is free; the one of seats filled by the plan is not.

    Returns:
        By entity, body and group.
    """
    groups = dict.fromkeys((body.entity, body.body, seat.group) for body in bodies for seat in body.seats)
    found: dict[tuple[str, str, str], str] = {}
    for key in groups:
        own = [sign.upper() for sign in key[2] if sign.isascii() and sign.isalpha()]
        rest = [sign for sign in "ABCDEFGHIJKLNOPQRSTUVWXYZ" if sign not in own]
        taken = {FILLED_BY_PLAN, *found.values()}
        found[key] = next((sign for sign in (*own, *rest) if sign not in taken), "·")
    return found


def _kind(seat: SeatStanding) -> str:
    return "plan" if seat.whose == "ours" and seat.by_move else seat.whose


def _body(body: BodyStanding, letters: dict[tuple[str, str, str], str], *, named: bool) -> _Drawn:
    """Draw one row of seats: the asker's, those of the plan, vacant ones, the others'."""
    order = ("ours", "plan", "vacant", "others")
    seats = sorted(body.seats, key=lambda seat: order.index(_kind(seat)))
    if not seats:
        return _Drawn("", 0, 0)
    size = min(LARGEST_SEAT, WIDEST / len(seats) - GAP)
    parts: list[str] = []
    at = 0.75
    for seat in seats:
        kind = _kind(seat)
        parts.append(
            f'<rect class="seat {kind}" x="{_n(at)}" y="4" width="{_n(size)}" height="{_n(size)}" rx="1.5" '
            f"{SEATS[kind]}/>"
        )
        if kind in LETTERS and size >= SMALLEST_LETTERED:
            letter = FILLED_BY_PLAN if kind == "plan" else letters[body.entity, body.body, seat.group]
            parts.append(_text(at + size / 2, 16.5, letter, 10.5, "middle", LETTERS[kind], 600, f"sl {kind}"))
        at += size + GAP
    if body.carry is not None and 0 < body.carry <= len(seats) == body.votes:
        x = 0.75 + body.carry * (size + GAP) - GAP / 2
        parts.append(
            f'<line class="maj" x1="{_n(x)}" x2="{_n(x)}" y1="0" y2="{_n(size + 9)}" stroke="{INK}" stroke-width="2"/>'
        )
        end = "start" if body.carry < 4 else "end"
        parts.append(_text(x, size + 19, f"{body.carry} carry", 11, end, SOFT, role="majt"))
    of = f"{body.ours} of {body.votes}" + (f"  {body.entity}.{body.body}" if named else "")
    parts.append(_text(at + 8, 17, of, 12, "start"))
    return _Drawn("".join(parts), at + 8 + 7.0 * len(of), ROW if size > 10 else ROW - 6)


def _votes(votes: VotesStanding) -> _Drawn:
    """Draw the votes of an entity as a bar filled from zero, with an upright line at half."""
    share = votes.ours / votes.of if votes.of else Fraction(0)
    filled = float(share * Fraction(BAR))
    words = _lines(f"votes of {votes.entity}: {share_in_words(votes.ours, votes.of)} ours", 12, INK)
    bar = (
        f'<rect class="seat bar" x="0.75" y="4" width="{_n(BAR)}" height="10" fill="{PAPER}" stroke="{RULE}"/>'
        f'<rect class="seat ours" x="0.75" y="4" width="{_n(filled)}" height="10" {SEATS["ours"]}/>'
        f'<line class="maj" x1="{_n(BAR / 2)}" x2="{_n(BAR / 2)}" y1="0" y2="18" stroke="{INK}" stroke-width="1"/>'
        f'<g transform="translate(0 17)">{words.svg}</g>'
    )
    return _Drawn(bar, max(BAR + 2, words.width), 17 + words.height)


def _key(letters: dict[tuple[str, str, str], str], kinds: Container[str]) -> _Drawn:
    """Say what the letters and signs mean, those that are drawn."""
    groups = [f"{letter} {group}" for (_, _, group), letter in letters.items()]
    meant = {
        "ours": "filled: ours",
        "plan": f"{FILLED_BY_PLAN}: filled by the plan",
        "others": "outlined: others",
        "vacant": "dashed: vacant",
    }
    signs = [words for kind, words in meant.items() if kind in kinds]
    return _lines("; ".join((*groups, *signs)), 11, SOFT)


def _lines(words: str, size: float, fill: str) -> _Drawn:
    """Set words in lines of at most `MOST_SIGNS` signs."""
    lines = wrap(inert_line(words), MOST_SIGNS)
    role = "majt" if fill == SOFT else ""
    svg = "".join(_text(0, 13 + 15 * at, line, size, "start", fill, role=role) for at, line in enumerate(lines))
    return _Drawn(svg, 0.56 * size * max(map(len, lines), default=0), 15.0 * len(lines) + 4)


def _text(
    x: float,
    y: float,
    words: str,
    size: float,
    anchor: str,
    fill: str = INK,
    weight: int = 400,
    role: str = "",
) -> str:
    named = f' class="{role}"' if role else ""
    return (
        f'<text{named} x="{_n(x)}" y="{_n(y)}" font-family="Liberation Sans, Arial, sans-serif" font-size="{size}" '
        f'font-weight="{weight}" text-anchor="{anchor}" fill="{fill}">{escape(inert_line(words))}</text>'
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
