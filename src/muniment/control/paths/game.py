"""The hostile adversary: the coalition and the others move in turn, and a win must hold against all that they may do.

The coalition announces a move whose need is met. While its notice runs, the others make any moves whose own notice is
no longer. The move takes effect if its need is still met; after it the others make any moves that need no notice; then
the coalition moves again. It wins once it passes the matter right after a move of its own took effect.

Moves by which the others only gain are made by them at once wherever they can: what the coalition can still do then, it
could do otherwise too. Their other moves are tried in every order. The least fixpoint over the positions reached says
who wins, so that nobody wins by going round in circles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from muniment.book.structure import Structure
from muniment.control.compiled import Directors, MatterPasses
from muniment.control.paths.acts import Act
from muniment.control.paths.applying import Ahead
from muniment.control.paths.both_sides import NO_LOSS, ActsOf, BothSides, Surveyed, fits, notice_of
from muniment.control.paths.position import Position
from muniment.control.paths.reading import read, who_is_needed

MOST_POSITIONS = 600


class Round(NamedTuple):
    """A move of the coalition and what the others make of it.

    Attributes:
        act: What the coalition announces.
        by: Those of the coalition whose agreement it needs.
        starts: Days from the start to the day on which it is announced.
        takes_effect: Days from the start to the day on which its notice ends.
        during: Moves of the others while its notice runs.
        effective: It takes effect; else its need was no longer met.
        after: Moves of the others afterwards.
        position: What stands once they are made.
    """

    act: Act
    by: tuple[str, ...]
    starts: int
    takes_effect: int
    during: tuple[Act, ...]
    effective: bool
    after: tuple[Act, ...]
    position: Position


class Defeat(NamedTuple):
    """What the others answer to an opening of the coalition.

    Attributes:
        act: The opening.
        during: Their moves while its notice runs.
        after: Their moves afterwards.
        words: One sentence.
    """

    act: Act
    during: tuple[Act, ...]
    after: tuple[Act, ...]
    words: str


class Reply(NamedTuple):
    """What the others make of an opening, and the stage it leads to; None = the coalition passes the matter there."""

    during: tuple[Act, ...]
    effective: bool
    after: tuple[Act, ...]
    to: int | None


class Opening(NamedTuple):
    """A move that the coalition announces, its days of notice, and replies of the others."""

    act: Act
    days: int
    replies: tuple[Reply, ...]


class Stage(NamedTuple):
    """A position in which it is the coalition's turn.

    Attributes:
        made: Moves that led there, in one way of several.
        holds: Whether the coalition passes the matter there.
        openings: What it may announce: in a win, the one it takes, with every reply; in a defeat all, each with one.
        rounds: In a win, the most rounds it takes; 0 in a defeat.
    """

    made: tuple[Act, ...]
    holds: bool
    openings: tuple[Opening, ...]
    rounds: int = 0


class Won(NamedTuple):
    """The coalition wins whatever the others do.

    Attributes:
        plan: The rounds where the others hold out longest; empty where the coalition passes the matter already.
        proof: The stages that can come about, the start first.
    """

    plan: tuple[Round, ...]
    proof: tuple[Stage, ...]


class Lost(NamedTuple):
    """The others have an answer to everything.

    Attributes:
        why: One for each opening; empty if there is no opening.
        proof: Stages that the others never let the coalition leave, the start first.
    """

    why: tuple[Defeat, ...]
    proof: tuple[Stage, ...]


class Unknown(NamedTuple):
    """The positions looked at do not decide it."""

    words: str


class _Outcome(NamedTuple):
    """Where a round leads: to the goal, to a position in which the coalition moves, or beyond the limit (None)."""

    round: Round
    goal: bool
    at: Surveyed | None


class _Reply(NamedTuple):
    at: Surveyed
    moves: tuple[Act, ...]


_Options: TypeAlias = tuple[tuple[_Outcome, ...], ...]


def win(
    structure: Structure | Position,
    goal: MatterPasses,
    who: Collection[str],
    directors: Directors,
    acts_of: ActsOf,
    limit: int = MOST_POSITIONS,
    *,
    ahead: Ahead | None = None,
    scheduled: Collection[date] = (),
) -> Won | Lost | Unknown:
    """Return whether a coalition comes to pass a matter whatever the others do.

    The others are everybody outside the coalition, all together; bounds, and holders who do not act together, are read
    in their favor, and against the coalition.

    Args:
        structure: What is in force, or a position.
        goal: The matter.
        who: The coalition, which moves first.
        directors: How the occupants of seats act.
        acts_of: Gives the moves that the rules of a structure may allow, for an entity and a matter.
        limit: Most positions looked at.
        ahead: Gives the structure that is scheduled for a later day; None = nothing falls due.
        scheduled: Days on which something falls due; each can be waited for.
    """
    position = structure if isinstance(structure, Position) else Position(structure)
    game = _Game(BothSides(goal, who, directors, acts_of, ahead, limit, scheduled))
    start = game.sides.survey(position)
    if start is None:
        return Unknown("Not decided: no position was looked at.")
    if start.holds:
        return Won((), (Stage((), True, ()),))
    game.explore(start)
    ranks = game.ranks(possible=False)
    if start.key in ranks:
        return Won(game.plan(start, ranks), game.winning(start, ranks))
    possible = game.ranks(possible=True)
    if start.key in possible:
        return Unknown(f"Not decided: more than {limit} positions can come about, and no win was found among those.")
    return Lost(game.defeats(start, possible), game.losing(start, possible))


class _Game:
    """The positions in which the coalition moves, and where its moves lead."""

    def __init__(self, sides: BothSides) -> None:
        self.sides = sides
        self.options: dict[Hashable, _Options] = {}
        self.seen: dict[Hashable, Surveyed] = {}

    def explore(self, start: Surveyed) -> None:
        """Expand positions, nearest first, until the start is won or none is left."""
        self.seen[start.key] = start
        layer = [start]
        while layer and start.key not in self.ranks(possible=False):
            following: list[Surveyed] = []
            for at in layer:
                self.options[at.key] = self._options(at)
                for outcome in (each for option in self.options[at.key] for each in option):
                    if not outcome.goal and outcome.at is not None and outcome.at.key not in self.seen:
                        self.seen[outcome.at.key] = outcome.at
                        following.append(outcome.at)
            layer = following

    def ranks(self, *, possible: bool) -> Mapping[Hashable, int]:
        """Return the positions that are won, with the number of rounds they take at most.

        Args:
            possible: Take positions that were not expanded to be won.
        """
        found: dict[Hashable, int] = {}
        for key, at in self.seen.items():
            if at.holds or (possible and key not in self.options):
                found[key] = 0
        rank = 0
        changed = True
        while changed:
            rank += 1
            newly = [
                key
                for key, options in self.options.items()
                if key not in found and any(self._is_won(option, found, possible) for option in options)
            ]
            found.update(dict.fromkeys(newly, rank))
            changed = bool(newly)
        return found

    @staticmethod
    def _is_won(option: Sequence[_Outcome], ranks: Mapping[Hashable, int], possible: bool) -> bool:
        return all(outcome.goal or (possible if outcome.at is None else outcome.at.key in ranks) for outcome in option)

    def _options(self, at: Surveyed) -> _Options:
        return tuple(
            outcomes
            for act in at.ours
            if notice_of(act, at.position.structure) is not None and (outcomes := self._announced(at, act))
        )

    def _announced(self, at: Surveyed, act: Act) -> tuple[_Outcome, ...]:
        """Return where a move that is announced may lead; nothing where it would change nothing."""
        days = notice_of(act, at.position.structure)
        assert days is not None
        by = who_is_needed(at.reading, act.need, self.sides.who)
        found: list[_Outcome] = []
        replies = self._replies(at, days) if days else [_Reply(at, ())]
        for reply in replies if replies is not None else ():
            found.extend(self._taken_effect(act, by, days, reply))
        if replies is None:
            cut = Round(act, by, 0, days, (), False, (), at.position)
            found.append(_Outcome(cut, False, None))
        return tuple(found)

    def _taken_effect(self, act: Act, by: tuple[str, ...], days: int, reply: _Reply) -> list[_Outcome]:
        sides = self.sides
        position = sides.later(reply.at.position, days)
        met = read(position, [act.need], directors=sides.directors, blocking=True).passes(act.need, sides.us)
        effective = False
        if act.kind == "wait":
            effective = True
        elif met:
            after = sides.made_by_us(position, act, by)
            effective = not isinstance(after, str)
            position = position if isinstance(after, str) else after
        base = Round(act, by, 0, days, reply.moves, effective, (), position)
        survey = sides.survey(position)
        if survey is None:
            return [_Outcome(base, False, None)]
        if survey.holds and effective:
            return [_Outcome(base, True, survey)]
        answers = self._replies(survey, 0)
        if answers is None:
            return [_Outcome(base, False, None)]
        return [
            _Outcome(base._replace(after=answer.moves, position=answer.at.position), False, answer.at)
            for answer in answers
        ]

    def _replies(self, start: Surveyed, within: int) -> list[_Reply] | None:
        """Return the positions that the others may bring about by moves that fit; None at the limit.

        Each is saturated: the others have made every move that fits by which they only gain.
        """
        first = self._saturated(_Reply(start, ()), within)
        if first is None:
            return None
        found = {first.at.key: first}
        waiting = deque([first])
        while waiting:
            reply = waiting.popleft()
            for act in reply.at.theirs:
                if act.kind in NO_LOSS or act.kind == "wait" or not fits(act, reply.at.position.structure, within):
                    continue
                after = self._after(reply, (act,))
                after = None if after is None else self._saturated(after, within)
                if after is None:
                    return None
                if after.at.key not in found:
                    found[after.at.key] = after
                    waiting.append(after)
        return list(found.values())

    def _saturated(self, reply: _Reply, within: int) -> _Reply | None:
        seen = {reply.at.key}
        while True:
            acts = [
                act for act in reply.at.theirs if act.kind in NO_LOSS and fits(act, reply.at.position.structure, within)
            ]
            after = self._after(reply, acts)
            if after is None or after.at.key in seen:
                return None if after is None else reply
            seen.add(after.at.key)
            reply = after

    def _after(self, reply: _Reply, acts: Sequence[Act]) -> _Reply | None:
        position, made = self.sides.by_them(reply.at, acts)
        at = self.sides.survey(position)
        return None if at is None else _Reply(at, (*reply.moves, *made))

    def plan(self, start: Surveyed, ranks: Mapping[Hashable, int]) -> tuple[Round, ...]:
        """Return the rounds from a won position, the others holding out as long as they can."""
        rounds: list[Round] = []
        at, day = start, 0
        while not at.holds:
            option = self._winning_option(at, ranks)
            worst = max(option, key=lambda each: (_rank(each, ranks), -len(each.round.during)))
            took = worst.round
            rounds.append(took._replace(starts=day, takes_effect=day + took.takes_effect))
            day += took.takes_effect
            if worst.goal or worst.at is None:
                break
            at = worst.at
        return tuple(rounds)

    def _winning_option(self, at: Surveyed, ranks: Mapping[Hashable, int]) -> Sequence[_Outcome]:
        won = (each for each in self.options[at.key] if self._is_won(each, ranks, False))
        return min(won, key=lambda each: max(_rank(outcome, ranks) for outcome in each))

    def winning(self, start: Surveyed, ranks: Mapping[Hashable, int]) -> tuple[Stage, ...]:
        """Return the stages that can come about from a won position while the coalition takes its best openings."""
        return self._stages(start, lambda at, _: [] if at.holds else [self._winning_option(at, ranks)], ranks)

    def losing(self, start: Surveyed, ranks: Mapping[Hashable, int]) -> tuple[Stage, ...]:
        """Return stages from a lost position on: all openings there, each with a reply that leads to such a stage."""

        def answered(at: Surveyed, known: Collection[Hashable]) -> list[Sequence[_Outcome]]:
            def is_new(outcome: _Outcome) -> tuple[bool, int]:
                took = outcome.round
                return (outcome.at is None or outcome.at.key not in known, len(took.during) + len(took.after))

            return [[min(self._lost_of(option, ranks), key=is_new)] for option in self.options[at.key]]

        return self._stages(start, answered, {})

    def _stages(
        self,
        start: Surveyed,
        options: Callable[[Surveyed, Collection[Hashable]], Sequence[Sequence[_Outcome]]],
        ranks: Mapping[Hashable, int],
    ) -> tuple[Stage, ...]:
        number: dict[Hashable, int] = {start.key: 0}
        waiting, stages = deque([start]), list[Stage]()
        while waiting:
            at = waiting.popleft()
            openings: list[Opening] = []
            for option in options(at, number):
                replies: list[Reply] = []
                for outcome in option:
                    took, to = outcome.round, None
                    if not outcome.goal and outcome.at is not None:
                        if outcome.at.key not in number:
                            number[outcome.at.key] = len(number)
                            waiting.append(outcome.at)
                        to = number[outcome.at.key]
                    replies.append(Reply(took.during, took.effective, took.after, to))
                openings.append(Opening(option[0].round.act, option[0].round.takes_effect, tuple(replies)))
            made = tuple(each.act for each in at.position.made)
            stages.append(Stage(made, at.holds, tuple(openings), ranks.get(at.key, 0)))
        return tuple(stages)

    @staticmethod
    def _lost_of(option: Sequence[_Outcome], ranks: Mapping[Hashable, int]) -> list[_Outcome]:
        """Return the outcomes of an opening from which the coalition cannot win; `ranks` of those it possibly can."""
        return [each for each in option if not each.goal and each.at is not None and each.at.key not in ranks]

    def defeats(self, start: Surveyed, ranks: Mapping[Hashable, int]) -> tuple[Defeat, ...]:
        """Return how the others answer each opening."""
        found: list[Defeat] = []
        for option in self.options.get(start.key, ()):
            lost = self._lost_of(option, ranks)
            worst = min(lost, key=lambda each: (each.round.effective, len(each.round.during) + len(each.round.after)))
            took = worst.round
            during = took.during if took.effective else self._enough_to_stop(start, took)
            found.append(Defeat(took.act, during, took.after if took.effective else (), _in_words(took, during)))
        return tuple(found)

    def _enough_to_stop(self, start: Surveyed, took: Round) -> tuple[Act, ...]:
        """Return moves of the others that suffice to stop a move, with none that can be left out."""
        kept = list(took.during)
        for act in took.during:
            rest = [other for other in kept if other is not act]
            if self._stops(start, took, rest):
                kept = rest
        return tuple(kept)

    def _stops(self, start: Surveyed, took: Round, moves: Sequence[Act]) -> bool:
        sides, at = self.sides, start
        for act in moves:
            sides.left = max(sides.left, 1)
            after = sides.survey(sides.by_them(at, [act])[0]) if sides.is_theirs(at, act) else None
            if after is None:
                return False
            at = after
        position = sides.later(at.position, took.takes_effect)
        reading = read(position, [took.act.need], directors=sides.directors, blocking=True)
        return not reading.passes(took.act.need, sides.us) or isinstance(
            sides.made_by_us(position, took.act, took.by), str
        )


def _rank(outcome: _Outcome, ranks: Mapping[Hashable, int]) -> int:
    return -1 if outcome.goal or outcome.at is None else ranks[outcome.at.key]


def _in_words(took: Round, during: Sequence[Act]) -> str:
    what = took.act.words or took.act.kind
    if not took.effective:
        moves = "; ".join(act.words or act.kind for act in during)
        return (
            f"{what}: while its notice of {took.takes_effect} days runs, the others {moves}; its need is then not met."
        )
    answers = (*took.during, *took.after)
    if answers:
        return f"{what}: the others answer with {'; '.join(act.words or act.kind for act in answers)}."
    return f"{what}: it leads no further."
