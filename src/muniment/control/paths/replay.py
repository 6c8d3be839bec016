"""A plan made move by move: every edited structure is read with the ordinary compiler, and every day counted.

This is the second road to a path. It shares nothing with the search: no bits, no gates of a path problem.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from muniment.book.structure import Structure
from muniment.control.compiled import Directors, Key, SeatAgrees, SeatKey
from muniment.control.formula import Mode
from muniment.control.paths.acts import Act, Need
from muniment.control.paths.answer import Standing
from muniment.control.paths.applying import Ahead, apply
from muniment.control.paths.position import Position, is_as_liked
from muniment.control.paths.reading import Reading, Side, read, who_is_needed
from muniment.control.paths.standing import rests_on, standing_of


class Replayed(NamedTuple):
    """What came of a plan.

    Attributes:
        ok: Every move could be made in turn, and the goal holds at the end.
        why: A sentence that says what failed; empty where nothing did.
        positions: Before the first move and after each move that could be made.
        standings: How boards and votes stand in each; empty where not asked.
        by: For each move made: those of the coalition whose agreement it needs, and no more.
        starts: For each move made: days from the start to the day on which its notice can begin.
        takes_effect: For each move made: days from the start to the day on which it takes effect.
    """

    ok: bool
    why: str
    positions: tuple[Position, ...]
    standings: tuple[Standing, ...]
    by: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]
    takes_effect: tuple[int, ...]

    @property
    def days(self) -> int:
        """Return the days that all of it takes at least."""
        return self.takes_effect[-1] if self.takes_effect else 0


def replay(
    structure: Structure | Position,
    plan: Sequence[Act],
    who: Collection[str],
    goal: Key | None,
    *,
    directors: Directors,
    blocking: bool = True,
    ahead: Ahead | None = None,
    scheduled: Collection[date] = (),
    mode: Mode = Mode.CERTAIN,
    with_standings: bool = True,
) -> Replayed:
    """Make the moves of a plan one after the other, and check that each is allowed and where they lead.

    The notice of a move begins on the first day from which on its need was always met until it takes effect, so
    notices may run side by side. On every scheduled day that passes meanwhile, what falls due is taken in.

    Args:
        structure: What is in force at the start, or a position; then acts number its seats as it does.
        plan: The moves.
        who: The coalition; everyone else says no.
        goal: What is wanted at the end; None = nothing.
        directors: How the occupants of seats act.
        blocking: Read conditions that are not monotone so that a no-show is a no.
        ahead: Gives the structure that is scheduled for a later day.
        scheduled: Days on which something falls due.
        mode: What is assumed of bounds and of holders who do not act together.
        with_standings: Say how boards and votes stand in each position.
    """
    start = structure if isinstance(structure, Position) else Position(structure)
    replaying = _Replaying(start, plan, who, goal, directors, blocking, ahead, scheduled, mode)
    why = ""
    for number, act in enumerate(plan, 1):
        failed = replaying.make(act)
        if failed:
            why = f"Move {number} ({act.words or act.kind}): {failed}"
            break
    if not why and goal is not None and not replaying.reading.key_passes(goal, replaying.side, mode):
        why = "After the last move the coalition does not pass the matter."
    standings: tuple[Standing, ...] = ()
    if with_standings:
        keys = [*([goal] if goal is not None else []), *(key for act in plan for key in act.need.keys)]
        rests = rests_on(replaying.readings[0], keys)
        standings = tuple(
            standing_of(each, rests, who, directors, blocking=blocking, mode=mode) for each in replaying.positions
        )
    return Replayed(
        not why,
        why,
        tuple(replaying.positions),
        standings,
        tuple(replaying.by),
        tuple(replaying.starts),
        tuple(replaying.takes_effect),
    )


def seats_of(act: Act) -> tuple[SeatKey, ...]:
    """Return the seats that a move takes from others."""
    if act.kind not in ("empty seats", "elect successors"):
        return ()
    return tuple((act.entity, act.body, act.group, number) for number in act.seats)


class _Replaying:
    """A plan being made, with the reading of every position so far."""

    def __init__(
        self,
        start: Position,
        plan: Sequence[Act],
        who: Collection[str],
        goal: Key | None,
        directors: Directors,
        blocking: bool,
        ahead: Ahead | None,
        scheduled: Collection[date],
        mode: Mode,
    ) -> None:
        self.needs: tuple[Need, ...] = tuple(act.need for act in plan)
        # Who agrees with the coalition is left where he sits.
        seats = dict.fromkeys(SeatAgrees(*key) for act in plan for key in seats_of(act))
        self.goals: tuple[Key, ...] = (*(() if goal is None else (goal,)), *seats)
        self.who = tuple(sorted(who))
        self.side = Side(frozenset(who))
        self.directors, self.blocking, self.mode = directors, blocking, mode
        self.ahead, self.scheduled = ahead, sorted(set(scheduled))
        self.first = self.day = start.structure.on
        self.positions: list[Position] = []
        self.readings: list[Reading] = []
        self.by: list[tuple[str, ...]] = []
        self.starts: list[int] = []
        self.takes_effect: list[int] = []
        self._past: list[tuple[int, Reading]] = []
        self._arrive(start)

    @property
    def reading(self) -> Reading:
        """Return the reading of the last position."""
        return self.readings[-1]

    def _read(self, position: Position) -> Reading:
        return read(position, self.needs, self.goals, directors=self.directors, blocking=self.blocking)

    def _arrive(self, position: Position) -> None:
        self.positions.append(position)
        self.readings.append(self._read(position))
        self._past.append((self._days(self.day), self.readings[-1]))

    def _days(self, day: date) -> int:
        return (day - self.first).days

    def make(self, act: Act) -> str:
        """Make a move; return why it cannot be made, empty if it was."""
        met = self._met_since(act.need)
        if met is None:
            return "those of the coalition do not suffice for it."
        if act.after is not None and not is_as_liked(self.positions[-1], act.entity, act.after, self.who):
            return "the rule it rests on was not rewritten before."
        begins, effect = met, max(self.day, date.fromordinal(self.first.toordinal() + met + act.days))
        if act.until is not None:
            effect = max(effect, act.until)
        position, day = self.positions[-1], effect
        if act.kind == "wait":
            begins = self._days(self.day)
        else:
            for due in [each for each in self.scheduled if self.day < each <= effect]:
                later = self._fallen_due(position, due)
                if isinstance(later, str):
                    return later
                position = later
                self._past.append((self._days(due), self._read(position)))
                if not self._past[-1][1].passes(act.need, self.side, self.mode):
                    return f"from {due} on those of the coalition do not suffice for it."
        if act.last_day is not None and day > act.last_day:
            return f"it could be made until {act.last_day}, and takes effect on {day}."
        reading = self._past[-1][1]
        needed = who_is_needed(reading, act.need, self.who, self.mode)
        keep = frozenset(key for key in seats_of(act) if reading.key_passes(SeatAgrees(*key), self.side, self.mode))
        after = apply(position, act, needed or self.who[:1], self.ahead, allies=self.who, keep=keep, on=day)
        if isinstance(after, str):
            return after
        self.day = day
        self._arrive(after)
        self.by.append(needed)
        self.starts.append(begins)
        self.takes_effect.append(self._days(day))
        return ""

    def _met_since(self, need: Need) -> int | None:
        """Return the day from which on a need has been met without a break; None if it is not met now."""
        found: int | None = None
        for day, reading in reversed(self._past):
            if not reading.passes(need, self.side, self.mode):
                break
            found = day
        return found

    def _fallen_due(self, position: Position, due: date) -> Position | str:
        if position.structure.on >= due:
            return position
        wait = Act(kind="wait", entity=next(iter(position.structure.entities)), until=due)
        return apply(position, wait, (), self.ahead)
