"""Answers on paths made by hand, so that what is shown can be tested apart from what is computed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.structure import Basis
from muniment.control.paths.acts import Act, Need
from muniment.control.paths.answer import (
    BodyStanding,
    ConsentDistance,
    Cut,
    Cuts,
    Durability,
    HangsOn,
    Miss,
    PathAnswer,
    PlanMove,
    Provision,
    SeatStanding,
    Standing,
    VotesStanding,
)
from muniment.text.spans import Span

PLACE = Basis("acme", "board", Span("acme.muni", 5, 3, 10))
RULE = Basis("acme board founders", "filled by: majority of common", Span("acme.muni", 9, 7, 30))


def board(ours: int, others: int, vacant: int = 0, by_plan: int = 0, carry: int | None = None) -> Standing:
    """Return a board of acme: founders' seats of the asker and vacant ones, then outside seats."""
    whose = ["ours"] * (ours + by_plan) + ["vacant"] * vacant
    seats = [
        SeatStanding("founders", n, each, "ada" if each == "ours" else "", ours < n <= ours + by_plan)  # type: ignore[arg-type]
        for n, each in enumerate(whose, 1)
    ]
    seats += [SeatStanding("outside", n, "others", f"p{n}") for n in range(1, others + 1)]
    number = len(seats)
    return Standing(
        (BodyStanding("acme", "board", tuple(seats), ours + by_plan, number, carry or number // 2 + 1),),
        (VotesStanding("acme", Fraction(53), Fraction(100)),),
    )


EMPTY = Act(
    kind="empty seats",
    entity="acme",
    body="board",
    group="founders",
    need=Need(words="majority of votes"),
    because=(RULE,),
    words="remove those who sit in the 2 seats founders of acme.board",
)
FILL = Act(
    kind="fill seats",
    entity="acme",
    body="board",
    group="founders",
    need=Need(words="majority of common"),
    way="at a meeting",
    days=10,
    because=(RULE,),
    words="fill the 2 seats founders of acme.board",
)


def answer(**changes: Any) -> PathAnswer:
    """Return a path of two moves, changed as asked."""
    fields: dict[str, Any] = {
        "entity": "acme",
        "matter": "ordinary decision",
        "who": ("ada", "bo"),
        "on": date(2021, 3, 4),
        "directors": "loyal",
        "adversary": "blocking",
        "answer": "path",
        "moves": (
            PlanMove(EMPTY, ("ada",), 0, 0, board(2, 3, vacant=2)),
            PlanMove(FILL, ("ada", "bo"), 0, 10, board(2, 3, by_plan=2)),
        ),
        "days": 10,
        "least_days": 10,
        "start": board(2, 5),
        "considered": (EMPTY, FILL),
        "certificate": {"format": 1, "kind": "plan", "question": {"who": ["ada", "bo"]}, "problem": {}, "claim": {}},
        "durability": Durability(False, (FILL,), 30, "The others can undo it by one move."),
        "outside": "Courts, markets and persuasion are outside.",
        "assumptions": ("A seat that is filled on the way votes as the coalition does.",),
        "because": (PLACE,),
    }
    return PathAnswer(**{**fields, **changes})


def no_path(**changes: Any) -> PathAnswer:
    """Return an answer without a path, with all that is asked beside it."""
    provision = Provision(
        "for-cause:acme.board.founders",
        "for cause",
        "acme",
        "Seats of founders are emptied for cause only.",
        ("  board", "    seats founders", "      removed by: majority of votes for cause only"),
    )
    fields: dict[str, Any] = {
        "who": ("ada",),
        "answer": "no path",
        "moves": (),
        "days": None,
        "least_days": None,
        "durability": None,
        "misses": (
            Miss("acme: ordinary decision", "short by 2 votes of the seats of acme.board", (RULE,)),
            Miss(FILL.words, "short by 1 vote of common"),
        ),
        "consent_distance": ConsentDistance(1, (("bo",), ("cy",)), 3),
        "cuts": Cuts(
            (
                Cut(
                    (provision,),
                    ("majority of votes: ada",),
                    "cuts from the day it is adopted",
                    (("acme", provision.lines),),
                ),
            ),
            (provision,),
            True,
            ("no removal: then nobody can be removed",),
            ("sunset: it runs out before the first meeting",),
        ),
        "coalitions": (("ada", "bo"), ("ada", "cy")),
        "hangs_on": (HangsOn("acme issue ada", "53 common", "50 common", "no path", PLACE),),
    }
    return answer(**{**fields, **changes})
