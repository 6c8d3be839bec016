"""Answers on paths as sentences and tables: bounded claims, the plan with boards and votes, what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from path_answers import FILL, answer, board, no_path

from muniment.answers.paths import FoundPath, path_in_a_sentence, path_in_words, paths_json
from muniment.book.structure import Structure
from muniment.control.paths.answer import ConsentDistance, Durability, PathAnswer, PlanMove
from muniment.render.answer import Answer, Table
from muniment.render.formats import FORMATS, render
from muniment.render.paths import (
    beside_in_words,
    path_grounds,
    path_tables,
    plan_tables,
    provisions_to_write,
    standing_in_words,
)

NOTHING = Structure(on=date(2021, 3, 4), account="keeper", under=None, parties={}, entities={}, holdings={})


def found(*answers: PathAnswer, reads: tuple[dict[str, str], ...] = ({},)) -> tuple[FoundPath, ...]:
    return tuple(
        FoundPath(answer=each, reads=read, untried=(), structure=NOTHING)
        for each, read in zip(answers, reads, strict=True)
    )


def titled(tables: tuple[Table, ...], title: str) -> Table:
    return next(table for table in tables if table.title.startswith(title))


@pytest.mark.parametrize(
    ("given", "under", "account", "words"),
    [
        (
            answer(),
            "terms",
            "keeper",
            "Under the records as of 4 March 2021 and the proposal terms, the moves listed here, in the keeper's "
            "account, ada and bo together can reach control of acme: ordinary decision in 2 moves, at least 10 days, "
            "with no one else's consent.",
        ),
        (
            answer(who=("ada",), days=0, moves=(PlanMove(FILL, ("ada",), 0, 0, board(4, 3)),)),
            None,
            "ada-version",
            "Under the records as of 4 March 2021, the moves listed here, in the account 'ada-version', "
            "ada can reach control of acme: ordinary decision in 1 move, at once, with no one else's consent.",
        ),
        (
            answer(who=("ada",), answer="already", moves=(), directors="independent"),
            None,
            "keeper",
            "Under the records as of 4 March 2021, each director deciding alone, in the keeper's account, "
            "ada already decides acme: ordinary decision, with no one else's consent: no move is needed.",
        ),
        (
            no_path(adversary="passive"),
            None,
            "keeper",
            "Under the records as of 4 March 2021, in the keeper's account, no sequence of the moves considered leads "
            "ada to control of acme: ordinary decision, others not voting.",
        ),
        (
            no_path(answer="undetermined"),
            None,
            "keeper",
            "Under the records as of 4 March 2021, in the keeper's account, it is not determined whether the moves "
            "considered lead ada to control of acme: ordinary decision.",
        ),
    ],
    ids=["path", "at once", "already", "no path", "undetermined"],
)
def test_the_answer_is_one_bounded_sentence(given: PathAnswer, under: str | None, account: str, words: str) -> None:
    assert path_in_a_sentence(given, account, under, {}) == words


@pytest.mark.parametrize("given", [answer(), no_path(), no_path(answer="undetermined"), no_path(adversary="hostile")])
def test_no_sentence_says_that_nobody_can(given: PathAnswer) -> None:
    tables = path_tables(found(given), "keeper", None)
    said = " ".join(f"{table.title} {table.note} {table.rows}" for table in tables)
    assert "nobody can" not in said.replace("then nobody can be removed", "")
    assert "impossible" not in said
    assert "Under the records as of 4 March 2021" in said


def test_the_reading_of_an_open_fact_is_said() -> None:
    both = found(answer(), no_path(), reads=({"acme issue ada": "53"}, {"acme issue ada": "50"}))
    tables = path_tables(both, "keeper", None)
    heads = [table.title for table in tables if table.title.startswith("Path to control")]
    assert [head.rpartition("; if ")[2] for head in heads] == ["acme issue ada is '53'", "acme issue ada is '50'"]
    assert tables[0].title == "Paths to control: ada + bo, acme: ordinary decision"
    overview = tables[0].note.splitlines()
    assert overview[0] == "The answer depends on how acme issue ada is read."
    assert "if acme issue ada is '53', ada and bo together can reach" in overview[1]
    assert "if acme issue ada is '50', no sequence" in overview[2]


def test_the_plan_shows_what_each_move_changes() -> None:
    sentence, plan = plan_tables("T", "S.", answer())
    assert sentence.note == "S."
    assert [row[0] for row in plan.rows] == ["–", "1", "2"]
    assert [row[5] for row in plan.rows] == [
        "founders 2 ours, outside 5 others: 2 of 7, 4 carry\nvotes of acme: 53 of 100 (53%) ours",
        "founders 2 ours and 2 vacant, outside 3 others: 2 of 7, 4 carry",
        "founders 4 ours, outside 3 others: 4 of 7, 4 carry",
    ]
    assert plan.rows[1][1:5] == (answer().moves[0].act.words, "ada", "majority of votes", "at once")
    assert plan.rows[2][4] == "day 10\nat a meeting, 10 days notice"
    assert "No sequence of the moves considered is shorter." in plan.note


def test_a_move_that_changes_no_board_says_so() -> None:
    still = PlanMove(FILL, ("ada",), 0, 0, board(2, 5))
    rows = plan_tables("T", "S.", answer(moves=(still,)))[1].rows
    assert rows[1][5] == "as before"


def test_a_plan_that_may_not_be_shortest_says_so() -> None:
    assert "was not searched to the end" in plan_tables("T", "S.", answer(is_shortest=False))[1].note


def test_several_boards_are_named() -> None:
    one, other = board(2, 1).bodies[0], board(1, 2).bodies[0]._replace(entity="pier")
    words = standing_in_words(board(2, 1)._replace(bodies=(one, other)))
    assert words[0].startswith("acme.board: ")
    assert words[1].startswith("pier.board: ")


def test_misses_consents_cuts_and_what_it_hangs_on_have_their_tables() -> None:
    tables = path_tables(found(no_path()), "keeper", None)
    assert titled(tables, "How near").rows[0] == (
        "acme: ordinary decision",
        "short by 2 votes of the seats of acme.board",
        "acme.muni:9:7",
    )
    beside = titled(tables, "Who else").note
    assert "At least 1 outsider must also agree: bo; or cy." in beside
    assert "There are 3 such sets; 2 are named." in beside
    cut = titled(tables, "What would cut").rows
    assert cut == (
        ("1", "for-cause:acme.board.founders", "majority of votes: ada"),
        ("", "(cuts from the day it is adopted)", ""),
    )
    assert titled(tables, "What the provisions say").rows == (
        ("for-cause:acme.board.founders", "Seats of founders are emptied for cause only."),
    )
    assert provisions_to_write(found(no_path())) == (
        "To adopt for-cause:acme.board.founders:",
        "  2021-03-04 amend acme",
        "    board",
        "      seats founders",
        "        removed by: majority of votes for cause only",
    )
    assert titled(tables, "What it hangs on").rows == (("acme issue ada", "53 common", "50 common", "no path"),)
    assert titled(tables, "The smallest coalitions").rows == (("ada + bo", "2"), ("ada + cy", "2"))


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (ConsentDistance(None, (), None, 0), "All outsiders together do not suffice."),
        (ConsentDistance(None, (), None, 3), "No set of fewer than 3 outsiders suffices; larger ones were not tried."),
        (ConsentDistance(2, (("bo", "cy"),), 1), "At least 2 outsiders must also agree: bo + cy."),
        (
            ConsentDistance(2, (("bo", "cy"),)),
            "At least 2 outsiders must also agree: bo + cy. "
            "There may be further such sets: they were not counted to the end.",
        ),
        (
            ConsentDistance(2, (("bo", "cy"),), 6, any_of=("bo", "cy", "dee", "eve")),
            "At least 2 outsiders must also agree: any 2 of bo, cy, dee, eve.",
        ),
        (
            ConsentDistance(1, (("bo",), ("cy",)), 2, any_of=("bo", "cy")),
            "At least 1 outsider must also agree: bo; or cy.",
        ),
    ],
)
def test_how_far_consent_is_said_as_far_as_it_was_searched(distance: ConsentDistance, words: str) -> None:
    assert " ".join(beside_in_words(no_path(consent_distance=distance))) == words


def test_coalitions_of_one_size_are_listed_or_said_as_any_so_many() -> None:
    people = ("ada", "bo", "cy", "dee")
    pairs = tuple(combinations(people, 2))
    tables = path_tables(found(no_path(coalitions=(("eve",), *pairs))), "keeper", None)
    assert titled(tables, "The smallest coalitions").rows == (("eve", "1"), ("any 2 of ada, bo, cy, dee", "2"))
    tables = path_tables(found(no_path(coalitions=pairs[:5])), "keeper", None)
    assert [row[0] for row in titled(tables, "The smallest coalitions").rows] == [
        " + ".join(each) for each in pairs[:5]
    ]


def test_what_cuts_nothing_for_one_reason_is_said_once() -> None:
    goes_round = "a path goes round it, even if nobody could repeal it."
    repealed = "it can be repealed on the way, by 'amend charter': ada alone; it would cut if entrenched."
    kinds = (f"entrench: {goes_round}", f"class veto: {repealed}", f"no removal: {goes_round}")
    given = no_path()
    assert given.cuts is not None
    tables = path_tables(found(no_path(cuts=given.cuts._replace(cuts_nothing=kinds))), "keeper", None)
    note = titled(tables, "What would cut").note
    assert "Cuts nothing: entrench, no removal: a path goes round each of them, even if nobody could repeal it." in note
    assert f"Cuts nothing: class veto: {repealed}" in note


@pytest.mark.parametrize(
    ("durability", "words"),
    [
        (Durability(True), "No sequence of the moves considered lets the others undo it."),
        (Durability(None), "Whether the others can undo it is not decided."),
        (Durability(False, (FILL,), 30), f"The others can undo it, at least 30 days. By their moves: {FILL.words}."),
    ],
)
def test_whether_it_lasts_is_said(durability: Durability, words: str) -> None:
    said = " ".join(beside_in_words(answer(durability=durability)))
    assert said.replace("in at least", "at least") == words


def test_the_records_behind_each_move_are_named() -> None:
    lines = path_grounds(found(answer()))
    assert lines[0] == "ada and bo together, acme: ordinary decision: path"
    assert "    acme.muni:9:7: filled by: majority of common" in lines
    assert lines[-1] == "    acme.muni:5:3: board"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer(), "2 moves, 10 days"),
        (answer(moves=answer().moves[:1], days=1), "1 move, 1 day"),
        (answer(answer="already", moves=()), "already"),
        (no_path(), "no"),
        (no_path(answer="undetermined"), "undetermined"),
    ],
)
def test_the_words_of_an_expectation(given: PathAnswer, words: str) -> None:
    assert path_in_words(given) == words


def test_readings_that_differ_leave_the_answer_undetermined() -> None:
    two = paths_json(found(answer(), no_path(), reads=({"acme issue ada": "53"}, {"acme issue ada": "50"})))
    assert (two["answer"], two["moves"], two["certificate"], two["days"]) == ("undetermined", [], {}, None)
    assert two["would_decide"] == ["How 'acme issue ada' is read."]
    assert [(each["answer"], each["reads"]) for each in two["readings"]] == [
        ("path", {"acme issue ada": "53"}),
        ("no path", {"acme issue ada": "50"}),
    ]
    other = replace(answer(), moves=answer().moves[:1])
    same = paths_json(found(answer(), other, reads=({"f": "1"}, {"f": "2"})))
    assert (same["answer"], same["moves"]) == ("path", [])


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_takes_every_answer(form: str) -> None:
    for given in (answer(), no_path(), no_path(answer="undetermined")):
        each = found(given)
        text = render(Answer("paths", paths_json(each), path_tables(each, "keeper", None), path_grounds(each)), form)  # type: ignore[arg-type]
        assert "ordinary decision" in text
        assert given.answer in text or form in ("table", "md")
