"""The answer against a hostile adversary: who wins when the others move too."""

from __future__ import annotations

from dataclasses import replace

from muniment.book.structure import Structure
from muniment.control.paths.answer import Miss, PathAnswer, PlanMove
from muniment.control.paths.certificate import of_game
from muniment.control.paths.find import Asked, Searched, deciding_facts, question_of
from muniment.control.paths.game import Lost, Round, Unknown, Won, win
from muniment.control.paths.moves import acts_of
from muniment.control.paths.reading import read
from muniment.control.paths.standing import rests_on, standing_of

MOST_POSITIONS = 400
ACTS_AT_ONCE = 20
"""With more moves than this to choose from, each position takes longer, and fewer are looked at."""


def against_hostile(answer: PathAnswer, searched: Searched, asked: Asked) -> PathAnswer:
    """Return what is left of an answer once the others move too.

    Where the others who only refuse leave no path, those who also move leave none.

    Args:
        answer: The answer against a blocking adversary.
        searched: What the search came to.
        asked: The question.
    """
    if answer.answer not in ("path", "undetermined"):
        return answer
    most = MOST_POSITIONS * ACTS_AT_ONCE**2 // max(ACTS_AT_ONCE, len(answer.considered)) ** 2
    found = win(
        searched.structure, asked.goal, asked.who, asked.directors, acts_of, most, ahead=asked.ahead,
        scheduled=asked.scheduled,
    )  # fmt: skip
    bare = replace(answer, moves=(), days=None, least_days=None, is_shortest=False, certificate={}, would_decide=())
    match found:
        case Won(plan, proof):
            certificate = of_game(proof, question_of(searched.structure, asked), won=True)
            moves = tuple(_move(each, asked) for each in plan)
            days = plan[-1].takes_effect if plan else 0
            return replace(
                bare, answer="path", moves=moves, days=days, is_shortest=len(plan) == 1, certificate=certificate
            )
        case Lost(defeats, proof):
            misses = tuple(
                Miss(each.act.words, each.words.removeprefix(f"{each.act.words}: "), each.act.because)
                for each in defeats
            )
            # The game reads bounds against the coalition, so that a defeat is one only where nothing is bounded.
            facts = deciding_facts(searched) if searched.arena.hopeful is not searched.arena.problem else ()
            would = tuple(f"{fact} is stated within bounds; the figure may decide." for fact in facts)
            if would:
                return replace(bare, answer="undetermined", misses=misses, would_decide=would)
            certificate = of_game(proof, question_of(searched.structure, asked), won=False)
            return replace(bare, answer="no path", misses=misses, certificate=certificate)
        case Unknown(words):
            return replace(bare, answer="undetermined", would_decide=(words,))


def wins(structure: Structure, asked: Asked, limit: int) -> bool | None:
    """Whether a coalition wins when the others move too; None where so many positions do not decide it."""
    found = win(
        structure, asked.goal, asked.who, asked.directors, acts_of, limit, ahead=asked.ahead, scheduled=asked.scheduled
    )
    return None if isinstance(found, Unknown) else isinstance(found, Won)


def _move(each: Round, asked: Asked) -> PlanMove:
    reading = read(each.position, (), [asked.goal], directors=asked.directors, blocking=asked.blocking)
    rests = rests_on(reading, [asked.goal])
    standing = standing_of(each.position, rests, asked.who, asked.directors, blocking=asked.blocking)
    return PlanMove(each.act, each.by, each.starts, each.takes_effect, standing, (*each.during, *each.after))
