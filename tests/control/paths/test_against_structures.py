"""Paths found over bits against a breadth-first search that edits structures and reads their rules afresh."""

from __future__ import annotations

from random import Random

import pytest
from control_books import written
from random_companies import PEOPLE, company

from muniment.book.structure import Structure
from muniment.control.compiled import MatterPasses
from muniment.control.paths.acts import Need
from muniment.control.paths.applying import apply
from muniment.control.paths.checker import check
from muniment.control.paths.find import find_path
from muniment.control.paths.moves import acts_of
from muniment.control.paths.position import Position, Signatures
from muniment.control.paths.reading import Side, read

MOST_POSITIONS = 250


def brute(structure: Structure, who: tuple[str, ...], most: int = MOST_POSITIONS) -> int | str | None:
    """Return the fewest moves to an ordinary decision of e; None if there is no way; 'many' if it was given up."""
    goal = MatterPasses("e", "ordinary decision")
    acts = acts_of(structure, "e", "ordinary decision")
    wanted = Need((goal,))
    marks = Signatures()
    level = [(Position(structure), frozenset[str]())]
    seen = {(marks.of(level[0][0]), frozenset())}
    moves = 0
    side = Side(frozenset(who))
    while level:
        later: list[tuple[Position, frozenset[str]]] = []
        for position, rewritten in level:
            reading = read(position, [wanted, *(act.need for act in acts)], directors="loyal", blocking=True)
            if reading.passes(wanted, side):
                return moves
            for act in acts:
                if act.after is not None and f"{act.entity} {act.after}" not in rewritten:
                    continue
                if not reading.passes(act.need, side):
                    continue
                then = apply(position, act, who, None)
                if isinstance(then, str):
                    continue
                marked = rewritten | ({f"{act.entity} {act.place}"} if act.place is not None else set())
                key = (marks.of(then), marked)
                if key in seen:
                    continue
                seen.add(key)
                later.append((then, marked))
                if len(seen) > most:
                    return "many"
        level = later
        moves += 1
    return None


@pytest.mark.parametrize("seed", range(60))
def test_random_companies_give_the_same_answer(seed: int) -> None:
    random = Random(seed)
    structure = written(company(random))
    who = tuple(sorted(random.sample(PEOPLE, random.choice((1, 1, 2)))))
    answer = find_path(structure, who, "e: ordinary decision", durable=False, hangs_on=False, distance=False)
    assert not isinstance(answer, str)
    expected = brute(structure, who)
    if expected == "many":
        return
    assert answer.answer in ("already", "path", "no path"), answer.would_decide
    assert (None if answer.answer == "no path" else len(answer.moves)) == expected
    assert check(answer.certificate).accepted
