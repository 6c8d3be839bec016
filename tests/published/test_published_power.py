"""Power indices as papers and other tools print them: one file of figures for each game, and every road to them.

A game is counted as a weighted rule where it is one vote, and decided as a book: a class for each vote, so that several
votes join. Three of the books are written out, as people would.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.load import load, load_text
from muniment.control import Decision, decide
from muniment.control.weighted import count_swings, penrose
from muniment.control.weighted_orders import shapley_shubik_by_size
from muniment.control.weighted_sets import johnston

FOLDER = Path(__file__).parent / "power"
GAMES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
BOOKS = {
    "canada-regional-vetoes": ("canada", "canada: amend constitution", "1996-02-03"),
    "nice-27-votes": ("nice", "eu-council: adopt act", "2007-01-01"),
    "un-security-council": ("security-council", "council: adopt resolution", "1966-01-03"),
}
DAY = date(2001, 1, 1)


def as_book(game: Mapping[str, Any]) -> str:
    """Return a game as records: each vote a class, whose holders have the weights as votes."""
    groups = game.get("passes_if_any_group_of_votes_all_pass", [[0]])
    clauses = [" and ".join(f"{game['votes'][at]['quota']} of vote-{at}" for at in group) for group in groups]
    rule = " or ".join(f"({clause})" if len(clauses) > 1 else clause for clause in clauses)
    lines = [f"2000-01-01 group {name}" for name in game["players"]]
    lines += ["2000-01-01 company body", "  law pack: none"]
    lines += [f"  class vote-{at}\n    votes per share: 1" for at, _ in enumerate(game["votes"])]
    lines += ["  rules", f"    decide: {rule}"]
    for at, vote in enumerate(game["votes"]):
        held = zip(game["players"], vote["weights"], strict=True)
        lines += ["2000-01-01 issue body", f"  id: issue-{at}"]
        lines += [f"  {name}: {weight} vote-{at}" for name, weight in held if weight]
    return "\n".join(lines) + "\n"


def decided(book: Book, question: str, on: date) -> Decision:
    assert [str(fault) for fault in book.diagnostics if fault.severity == "error"] == []
    decision = decide(World(book).on(on), question, directors="independent", all_indices=True)
    assert isinstance(decision, Decision)
    assert not decision.tolerance
    return decision


def tables_of(decision: Decision, players: Sequence[str]) -> dict[str, list[Fraction]]:
    found = {"banzhaf": decision.banzhaf, "shapley_shubik": decision.shapley_shubik, **decision.more_indices}
    tables = {name: [table.get(player, Fraction(0)) for player in players] for name, table in found.items()}
    tables["swings"] = [share * 2 ** (len(decision.actors) - 1) for share in tables["penrose"]]
    return tables


def compare(game: Mapping[str, Any], tables: Mapping[str, Sequence[Fraction]]) -> None:
    """Compare at the precision printed; a fraction, or a 0, is printed exactly."""
    for name, printed in game["printed"].items():
        for share, text in zip(tables[name], printed, strict=True):
            if "/" in text or text == "0":
                assert share == Fraction(text), name
            else:
                assert abs(share - Fraction(text)) <= Fraction(game["tolerance"]), name


@pytest.mark.parametrize("name", GAMES)
def test_as_a_book(name: str) -> None:
    game = GAMES[name]
    decision = decided(load_text(as_book(game)), "body: decide", DAY)
    tables = tables_of(decision, game["players"])
    compare(game, tables)
    if "passing_coalitions" in game:
        dummies = len(game["players"]) - len(decision.actors)
        passing = tables["coleman_act"][0] * 2 ** len(decision.actors)
        assert passing * 2**dummies == game["passing_coalitions"]


@pytest.mark.parametrize("name", [name for name, game in GAMES.items() if len(game["votes"]) == 1])
def test_as_a_weighted_rule(name: str) -> None:
    game = GAMES[name]
    (vote,) = game["votes"]
    weights, quota = vote["weights"], vote["quota"]
    counts = count_swings(weights, quota)
    total = sum(counts.swings)
    tables = {
        "banzhaf": [Fraction(count, total) for count in counts.swings],
        "penrose": penrose(weights, quota),
        "shapley_shubik": shapley_shubik_by_size(weights, quota),
        "johnston": johnston(weights, quota) if len(weights) < 30 else [],
    }
    compare(game, tables)
    assert counts.winning == game.get("passing_coalitions", counts.winning)


@pytest.mark.parametrize("name", BOOKS)
def test_as_people_would_write_it(name: str) -> None:
    folder, question, on = BOOKS[name]
    written = decided(load(FOLDER / folder), question, date.fromisoformat(on))
    game = GAMES[name]
    tables = tables_of(written, game["players"])
    compare(game, tables)
    # Whoever wrote the figures down twice wrote the same ones.
    assert tables == tables_of(decided(load_text(as_book(game)), "body: decide", DAY), game["players"])


def test_every_game_has_its_source_and_figures() -> None:
    assert len(GAMES) >= 10
    for game in GAMES.values():
        assert game["source"]
        assert game["printed"]
        assert all(len(values) == len(game["players"]) for values in game["printed"].values())


def test_the_traps_of_the_canadian_formula() -> None:
    """A veto that no clause states, and a province that no clause leaves out and that never counts."""
    written = decided(load(FOLDER / "canada"), "canada: amend constitution", date(1996, 2, 3))
    assert "alberta" in written.can_block
    assert written.banzhaf["prince-edward-island"] == 0
    assert "prince-edward-island" not in {name for coalition in written.coalitions for name in coalition}
