"""Whether a result lasts: can the others undo it by moves of their own, the coalition refusing."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from muniment.control.compiled import Directors, MatterPasses
from muniment.control.paths.acts import Act
from muniment.control.paths.answer import Durability
from muniment.control.paths.applying import Ahead
from muniment.control.paths.both_sides import NO_LOSS, ActsOf, BothSides, Surveyed, notice_of
from muniment.control.paths.position import Position

MOST_POSITIONS = 400


class _Reached(NamedTuple):
    """A position that the others can reach.

    Attributes:
        path: Their moves from the start.
        day: The day on which the last one takes effect.
    """

    at: Surveyed
    path: tuple[Act, ...]
    day: date


def durability(
    position: Position,
    goal: MatterPasses,
    who: Collection[str],
    directors: Directors,
    acts_of: ActsOf,
    limit: int = MOST_POSITIONS,
    *,
    ahead: Ahead | None = None,
    scheduled: Collection[date] = (),
) -> Durability:
    """Return whether the others can bring it about that a coalition no longer passes a matter.

    The others are everybody outside the coalition, all together; bounds, and holders who do not act together, are read
    in their favor. Whether there is a way is decided by making at once every move of theirs by which they only gain,
    and trying the rest in every order; the shortest way is then sought by number of moves.

    Args:
        position: Where a plan of the coalition led.
        goal: The matter that the coalition passes there.
        who: The coalition.
        directors: How the occupants of seats act.
        acts_of: Gives the moves that the rules of a structure may allow, for an entity and a matter.
        limit: Most positions looked at for either question; beyond, the answer is not decided, or its way not shortest.
        ahead: Gives the structure that is scheduled for a later day; None = nothing falls due.
        scheduled: Days on which something falls due; each can be waited for.
    """
    sides = BothSides(goal, who, directors, acts_of, ahead, limit, scheduled)
    start = sides.survey(position)
    if start is None:
        return Durability(None, words="Whether it lasts is not decided: no position was looked at.")
    if not start.holds:
        return Durability(False, (), 0, "The coalition does not pass the matter there.")
    undone = _undone(sides, start)
    if isinstance(undone, str):
        return Durability(None, words=undone)
    if undone is None:
        return Durability(
            True, words="No sequence of the moves considered lets the others undo it while the coalition refuses."
        )
    sides.left = limit
    shortest = _shortest(sides, start, len(undone))
    moves = shortest if shortest is not None else _shrunk(sides, start, undone)
    days = _days(sides, start, moves)
    how_long = f"in {days} day{'s' if days != 1 else ''} at least" if days else "at once"
    count = f"{len(moves)} move{'s' if len(moves) != 1 else ''}"
    caveat = "" if shortest is not None else " (a shorter way was not ruled out)"
    return Durability(False, moves, days, f"The others, all together, can undo it by {count}{caveat}, {how_long}.")


def _undone(sides: BothSides, start: Surveyed) -> tuple[Act, ...] | str | None:
    """Return a way to undo the result, None if there is none, or a sentence where the limit was reached."""
    waiting = deque([_Reached(start, (), start.position.structure.on)])
    seen: set[Hashable] = {start.key}
    while waiting:
        reached = _with_gains(sides, waiting.pop())
        if reached is None:
            return _LIMIT
        if not reached.at.holds:
            return reached.path
        for act in reached.at.theirs:
            if act.kind in NO_LOSS:
                continue
            after = _after(sides, reached, (act,))
            if after is None:
                return _LIMIT
            if after.path != reached.path and after.at.key not in seen:
                seen.add(after.at.key)
                waiting.append(after)
    return None


_LIMIT = "Whether it lasts is not decided: the others have more sequences of moves than were looked at."


def _with_gains(sides: BothSides, reached: _Reached) -> _Reached | None:
    """Make every move of the others by which they only gain, until there is none left; None at the limit."""
    seen = {reached.at.key}
    while reached.at.holds:
        after = _after(sides, reached, [act for act in reached.at.theirs if act.kind in NO_LOSS])
        if after is None:
            return None
        if after.at.key in seen:
            break
        seen.add(after.at.key)
        reached = after
    return reached


def _after(sides: BothSides, reached: _Reached, acts: Sequence[Act]) -> _Reached | None:
    """Return what the others reach by moves that are open to them together; None at the limit."""
    open_acts = [act for act in acts if notice_of(act, reached.at.position.structure) is not None]
    position, made = sides.by_them(reached.at, open_acts)
    waits = [days for act in made if (days := notice_of(act, reached.at.position.structure)) is not None]
    if not any(act.kind == "wait" for act in made):
        position = sides.later(position, max(waits, default=0))
    at = sides.survey(position)
    return None if at is None else _Reached(at, (*reached.path, *made), position.structure.on)


def _shortest(sides: BothSides, start: Surveyed, fewer_than: int) -> tuple[Act, ...] | None:
    """Return a shortest way to undo the result; None where the limit was reached first."""
    waiting = deque([_Reached(start, (), start.position.structure.on)])
    seen: set[Hashable] = {start.key}
    while waiting:
        reached = waiting.popleft()
        if len(reached.path) >= fewer_than:
            break
        for act in reached.at.theirs:
            after = _after(sides, reached, (act,))
            if after is None:
                return None
            if after.path == reached.path or after.at.key in seen:
                continue
            if not after.at.holds:
                return after.path
            seen.add(after.at.key)
            waiting.append(after)
    return None


def _shrunk(sides: BothSides, start: Surveyed, way: Sequence[Act]) -> tuple[Act, ...]:
    """Return a way with the moves left out that it does without, one after the other."""
    kept = list(way)
    for act in reversed(way):
        rest = [other for other in kept if other is not act]
        if _undoes(sides, start, rest):
            kept = rest
    return tuple(kept)


def _undoes(sides: BothSides, start: Surveyed, way: Sequence[Act]) -> bool:
    reached = _Reached(start, (), start.position.structure.on)
    for act in way:
        sides.left = max(sides.left, 1)
        after = _after(sides, reached, (act,)) if sides.is_theirs(reached.at, act) else None
        if after is None:
            return False
        reached = after
    return not reached.at.holds


def _days(sides: BothSides, start: Surveyed, way: Sequence[Act]) -> int:
    """Return the days a way takes at least: the notice of a move begins once the move is open and stays so."""
    first = start.position.structure.on
    day = first
    reached = [_Reached(start, (), first)]
    for act in way:
        begins = day
        for earlier in reversed(reached):
            if not sides.is_theirs(earlier.at, act):
                break
            begins = earlier.day
        day = max(day, begins + timedelta(days=act.days), act.until or day)
        sides.left = max(sides.left, 1)
        position, _ = sides.by_them(reached[-1].at, [act])
        at = sides.survey(position)
        assert at is not None
        reached.append(_Reached(at, (), day))
    return (day - first).days
