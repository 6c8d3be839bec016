"""What each side can do in a position: the coalition, and everybody else together against it.

The others are every holder and director outside the coalition, all saying yes to what they do; bounds, and holders who
do not act together, are read in their favor. For the coalition they are read against it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from muniment.book.structure import Structure
from muniment.control.compiled import Directors, MatterPasses, SeatAgrees, SeatKey
from muniment.control.paths.acts import Act
from muniment.control.paths.applying import Ahead, apply
from muniment.control.paths.position import Position, Signatures, is_as_liked, numbered_at_first, seat_now
from muniment.control.paths.reading import IN_FAVOR, Reading, Side, read

ActsOf: TypeAlias = Callable[[Structure, str, str], tuple[Act, ...]]
THE_OTHERS = "the others"
NO_LOSS = frozenset(
    (
        "fill seats",
        "elect successors",
        "fill office",
        "replace general partner",
        "amend rule",
        "authorize shares",
        "issue shares",
    )
)
"""Kinds of moves by which whoever makes them only gains, so that making them early never harms them."""

MOST_TIMES = {"authorize shares": 1, "issue shares": 2}
"""How often one side makes a move about one class: what is authorized already, and once more what was added."""


class Surveyed(NamedTuple):
    """What each side can do in a position.

    Attributes:
        position: The position.
        holds: Whether the coalition passes the matter.
        ours: Moves that the coalition can decide on.
        theirs: Moves that the others can decide on.
        outsiders: Who decides for himself and is not of the coalition.
        their_seats: Seats that agree with the others and not with the coalition.
        key: Equal for positions that are the same for every later move.
    """

    position: Position
    holds: bool
    ours: tuple[Act, ...]
    theirs: tuple[Act, ...]
    outsiders: tuple[str, ...]
    their_seats: frozenset[SeatKey]
    key: Hashable
    reading: Reading


class BothSides:
    """Surveys positions, each once.

    Args:
        goal: The matter that the coalition wants to pass.
        who: The coalition.
        directors: How the occupants of seats act.
        acts_of: Gives the moves that the rules of a structure may allow, for an entity and a matter.
        ahead: Gives the structure that is scheduled for a later day; None = nothing falls due.
        scheduled: Days on which something falls due; each can be waited for.
        limit: Most positions surveyed.
    """

    def __init__(
        self,
        goal: MatterPasses,
        who: Collection[str],
        directors: Directors,
        acts_of: ActsOf,
        ahead: Ahead | None,
        limit: int,
        scheduled: Collection[date] = (),
    ) -> None:
        self.goal, self.directors, self.acts_of, self.ahead = goal, directors, acts_of, ahead
        self.scheduled = tuple(sorted(set(scheduled))) if ahead is not None else ()
        self.who = tuple(sorted(who))
        self.us, self.them = Side(frozenset(who)), Side(frozenset(who), against=True)
        self.left = limit
        self._signatures = Signatures()
        self._known: dict[Hashable, Surveyed] = {}
        self._listed: dict[Hashable, tuple[Act, ...]] = {}

    def survey(self, position: Position) -> Surveyed | None:
        """Return what each side can do; None where the limit is reached."""
        signature = self._signatures.of(position)
        listed = self._listed.get((signature, position.structure.on))
        if listed is None:
            if self.left <= 0:  # to list moves takes as long as to survey a position
                return None
            listed = tuple(self.acts_of(position.structure, self.goal.entity, self.goal.matter))
            self._listed[signature, position.structure.on] = listed
        acts = tuple(numbered_at_first(position, act) for act in listed if act.kind != "wait")
        acts += tuple(
            Act(kind="wait", entity=self.goal.entity, until=day, words=f"wait until {day}")
            for day in self._to_come(position)
        )
        key = self._key(position, acts, signature)
        found = self._known.get(key)
        if found is None and self.left > 0:
            self.left -= 1
            found = self._known[key] = self._surveyed(position, acts, key)
        return found

    def _to_come(self, position: Position) -> tuple[date, ...]:
        return tuple(day for day in self.scheduled if day > position.structure.on)

    def _key(self, position: Position, acts: Sequence[Act], signature: Hashable) -> Hashable:
        """Return the position but for its date, and how far off the dates are that moves name."""
        on = position.structure.on
        dates = tuple((act.until and (act.until - on).days, act.last_day and (act.last_day - on).days) for act in acts)
        tenure = any(
            each.tenure is not None
            for entity in position.structure.entities.values()
            for each in entity.classes.values()
        )
        dated = dates if any(each != (None, None) for each in dates) else ()
        return (signature, dated, on if tenure else None, self._to_come(position))

    def _surveyed(self, position: Position, acts: tuple[Act, ...], key: Hashable) -> Surveyed:
        seats = [each for act in acts for each in _seats_of(act, position)]
        keys = dict.fromkeys(
            [self.goal, *(each for act in acts for each in act.need.keys), *(SeatAgrees(*seat) for seat in seats)]
        )
        parties = dict.fromkeys(name for act in acts for name in act.need.parties)
        reading = Reading(position, keys, parties, directors=self.directors, blocking=True)
        outsiders = (*reading.outsiders(self.who), THE_OTHERS)

        def is_open(act: Act, side: Collection[str]) -> bool:
            return _adds(position, act, side) and (
                act.after is None or is_as_liked(position, act.entity, act.after, side)
            )

        return Surveyed(
            position,
            reading.key_passes(self.goal, self.us),
            tuple(act for act in acts if is_open(act, self.who) and reading.passes(act.need, self.us)),
            tuple(act for act in acts if is_open(act, outsiders) and reading.passes(act.need, self.them, IN_FAVOR)),
            outsiders,
            frozenset(
                seat
                for seat in seats
                if reading.key_passes(SeatAgrees(*seat), self.them, IN_FAVOR)
                and not reading.key_passes(SeatAgrees(*seat), self.us)
            ),
            key,
            reading,
        )

    def is_theirs(self, at: Surveyed, act: Act) -> bool:
        """Whether the others can decide on a move in a position, one derived from another position too."""
        if act in at.theirs:
            return True
        if act.after is not None and not is_as_liked(at.position, act.entity, act.after, at.outsiders):
            return False
        reading = read(at.position, [act.need], directors=self.directors, blocking=True)
        return reading.passes(act.need, self.them, IN_FAVOR)

    def made_by_us(self, position: Position, act: Act, by: tuple[str, ...]) -> Position | str:
        """Return the position after a move of the coalition, or why it cannot be made.

        Args:
            position: What stands before.
            act: The move.
            by: Those of the coalition whom it needs.
        """
        return apply(position, act, by or self.who[:1], self.ahead, allies=self.who)

    def by_them(self, at: Surveyed, acts: Iterable[Act]) -> tuple[Position, tuple[Act, ...]]:
        """Return the position after moves of the others that are open to them, and those that could be made."""
        position = at.position
        made: list[Act] = []
        for act in acts:
            if not _adds(position, act, at.outsiders):
                continue
            after = apply(position, act, (THE_OTHERS,), self.ahead, allies=at.outsiders, keep=at.their_seats)
            if not isinstance(after, str):
                position = after
                made.append(act)
        return position, tuple(made)

    def later(self, position: Position, days: int) -> Position:
        """Return the position some days later."""
        if days <= 0:
            return position
        try:
            day = position.structure.on + timedelta(days=days)
        except OverflowError:
            return position
        if any(due <= day for due in self._to_come(position)):
            waited = apply(position, Act(kind="wait", entity=self.goal.entity, until=day), (), self.ahead)
            if not isinstance(waited, str):
                return waited
        return replace(position, structure=replace(position.structure, on=day))


def notice_of(act: Act, structure: Structure) -> int | None:
    """Return the days until a move that is announced now takes effect; None where that is too late."""
    days = act.days
    if act.until is not None:
        days = max(days, (act.until - structure.on).days)
    if act.last_day is not None and (act.last_day - structure.on).days < days:
        return None
    return days


def fits(act: Act, structure: Structure, within: int) -> bool:
    """Whether a move that is announced now takes effect within some days."""
    days = notice_of(act, structure)
    return days is not None and days <= within


def _adds(position: Position, act: Act, side: Collection[str]) -> bool:
    """Whether a move may still do more for a side.

    Newly authorized shares are many times those there were, so more of them, once issued, decide nothing further.
    """
    if act.kind == "amend rule":
        return act.place is None or not is_as_liked(position, act.entity, act.place, side)
    if act.kind not in MOST_TIMES:
        return True
    like = [
        made
        for made in position.made
        if (made.act.kind, made.act.entity, made.act.class_id) == (act.kind, act.entity, act.class_id)
        and any(name in side for name in made.by)
    ]
    return len(like) < MOST_TIMES[act.kind]


def _seats_of(act: Act, position: Position) -> list[SeatKey]:
    if act.kind not in ("empty seats", "elect successors"):
        return []
    seats = ((act.entity, act.body, act.group, number) for number in act.seats)
    return [seat for seat in seats if seat_now(position, seat) is not None]
