"""Certificates of answers against others who also move: what follows is accepted, and nothing else."""

from __future__ import annotations

import ast
import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from test_game import blank_check, few_acts, of, small_book

from muniment.book.structure import Structure
from muniment.control.paths import game_checker
from muniment.control.paths.certificate import certificate_text, of_game, read_certificate
from muniment.control.paths.checker import check
from muniment.control.paths.find import find_path
from muniment.control.paths.game import Lost, Won
from muniment.control.paths.game_checker import check_game

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "path-certificate.json").read_text(encoding="utf-8"))
QUESTION = {"entity": "e", "matter": "sell company", "who": ("ada",), "adversary": "hostile"}


def certificate_of(found: Won | Lost) -> dict[str, Any]:
    return of_game(found.proof, QUESTION, won=isinstance(found, Won))


def won_positions(positions: list[dict[str, Any]]) -> dict[int, tuple[int, int]]:
    """Return the positions from which the coalition wins, by the definition: its opening, and the rounds it takes."""
    won = {at: (-1, 0) for at, each in enumerate(positions) if each["holds"]}
    rounds = 0
    while True:
        rounds += 1
        newly = {
            at: (number, rounds)
            for at, each in enumerate(positions)
            for number, opening in enumerate(each["openings"])
            if at not in won and opening["replies"]
            and all(reply["to"] is None or reply["to"] in won for reply in opening["replies"])
        }  # fmt: skip
        if not newly:
            return won
        won |= newly


def random_game(draw: random.Random) -> dict[str, Any]:
    count = draw.randrange(1, 7)

    def reply() -> dict[str, Any]:
        to = draw.choice([None, *range(count)])
        return {"during": [], "effective": True, "after": [] if to is None else draw.choice([[], ["x"]]), "to": to}

    def opening() -> dict[str, Any]:
        replies = [reply() for _ in range(draw.choice([1, 1, 2, 3]))]
        return {"move": "m", "days": draw.randrange(3), "replies": replies}

    positions = [
        {"made": [], "holds": draw.random() < 0.1, "openings": [opening() for _ in range(draw.randrange(4))]}
        for _ in range(count)
    ]
    return {"positions": positions, "start": draw.randrange(count)}


def certificate_about(problem: dict[str, Any], kind: str, claim: dict[str, Any]) -> dict[str, Any]:
    blank = dict.fromkeys(("on", "directors", "account", "under", "book_hash"))
    asked = {**blank, **QUESTION, "who": ["ada"]}
    return {"format": 1, "kind": kind, "question": asked, "problem": problem, "claim": claim}


def right(problem: dict[str, Any]) -> dict[str, Any]:
    """Return the certificate that follows for a game, whoever wins it."""
    won = won_positions(problem["positions"])
    if problem["start"] in won:
        wins = [
            {"position": at, "opening": number, "rounds": rounds} for at, (number, rounds) in won.items() if number >= 0
        ]
        return certificate_about(problem, "win", {"wins": wins})
    lost = [at for at in range(len(problem["positions"])) if at not in won]
    return certificate_about(problem, "defeat", {"lost": lost})


def is_true(certificate: dict[str, Any]) -> bool:
    problem = certificate["problem"]
    is_won = problem["start"] in won_positions(problem["positions"])
    return is_won == (certificate["kind"] == "win")


def tampered(certificate: dict[str, Any], draw: random.Random) -> Iterator[dict[str, Any]]:
    """Yield a certificate with one thing changed at a time."""
    count = len(certificate["problem"]["positions"])
    for at in range(count):
        for path in _changes(certificate, at):
            changed = copy.deepcopy(certificate)
            path(changed["problem"]["positions"][at], changed, draw, count)
            yield changed
    for kind in ("win", "defeat"):
        changed = copy.deepcopy(certificate)
        changed["kind"] = kind
        yield changed
    for name, listed in certificate["claim"].items():
        for at in range(len(listed)):
            changed = copy.deepcopy(certificate)
            del changed["claim"][name][at]
            yield changed
            changed = copy.deepcopy(certificate)
            if name == "wins":
                changed["claim"][name][at][draw.choice(["position", "opening", "rounds"])] = draw.randrange(count)
            else:
                changed["claim"][name][at] = draw.randrange(count)
            yield changed


def _changes(certificate: dict[str, Any], at: int) -> Iterator[Any]:
    def holds(position: dict[str, Any], *_: object) -> None:
        position["holds"] = not position["holds"]

    def led_elsewhere(position: dict[str, Any], _: object, draw: random.Random, count: int) -> None:
        replies = [reply for opening in position["openings"] for reply in opening["replies"]]
        if replies:
            draw.choice(replies)["to"] = draw.choice([None, *range(count)])

    def reply_left_out(position: dict[str, Any], _: object, draw: random.Random, __: int) -> None:
        openings = [opening for opening in position["openings"] if opening["replies"]]
        if openings:
            replies = draw.choice(openings)["replies"]
            del replies[draw.randrange(len(replies))]

    def opening_added(position: dict[str, Any], _: object, __: random.Random, ___: int) -> None:
        reply = {"during": [], "effective": True, "after": [], "to": None}
        position["openings"].append({"move": "new", "days": 0, "replies": [reply]})

    def start_elsewhere(_: object, changed: dict[str, Any], draw: random.Random, count: int) -> None:
        changed["problem"]["start"] = draw.randrange(count)

    yield from (holds, led_elsewhere, led_elsewhere, reply_left_out, opening_added, start_elsewhere)


def test_what_follows_is_accepted_and_what_does_not_is_refused() -> None:
    draw = random.Random(11)
    met: Counter[tuple[str, bool, bool]] = Counter()
    for _ in range(600):
        certificate = right(random_game(draw))
        verdict = check_game(certificate)
        assert verdict.accepted, (certificate, verdict.why)
        assert list(Draft202012Validator(SCHEMA).iter_errors(certificate)) == []
        for changed in tampered(certificate, draw):
            verdict, true = check_game(changed), is_true(changed)
            assert true or not verdict.accepted, changed
            met[changed["kind"], true, verdict.accepted] += 1
    for kind in ("win", "defeat"):
        assert met[kind, False, False] > 300
        assert met[kind, True, True] > 300


def proofs() -> list[dict[str, Any]]:
    """Return certificates of games over books drawn at random."""
    draw, found = random.Random(5), []
    for _ in range(8):
        structure = small_book(draw)
        for who in (("ada",), ("bo", "cy"), ("ada", "cy")):
            won = of(structure, "independent", *who, acts=few_acts, limit=60)
            found += [certificate_of(won)] if isinstance(won, Won | Lost) else []
    return found


def test_games_over_books_are_proven_and_their_certificates_cannot_be_bent() -> None:
    draw = random.Random(2)
    kinds: Counter[str] = Counter()
    longest = 0
    for certificate in proofs():
        verdict = check_game(certificate)
        assert verdict.accepted, verdict.why
        assert list(Draft202012Validator(SCHEMA).iter_errors(certificate)) == []
        assert read_certificate(certificate_text(certificate)) == certificate
        assert is_true(certificate)
        kinds[certificate["kind"]] += 1
        longest = max(longest, len(certificate["problem"]["positions"]))
        for changed in tampered(certificate, draw):
            assert is_true(changed) or not check_game(changed).accepted
    assert kinds["win"] > 2
    assert kinds["defeat"] > 2
    assert longest > 3


def hostile(structure: Structure, who: str = "ada") -> Any:
    return find_path(structure, [who], "e: sell company", directors="independent", adversary="hostile")


def test_an_answer_against_a_hostile_adversary_carries_what_proves_it() -> None:
    lost, won = hostile(blank_check()), hostile(blank_check(written_consent="majority of votes"))
    assert (lost.answer, lost.certificate["kind"]) == ("no path", "defeat")
    assert (won.answer, won.certificate["kind"]) == ("path", "win")
    assert check_game(lost.certificate) == (
        True,
        "to every opening stated the others have a reply that does not lead ada to decide 'sell company' of e",
        "2 opening(s) in 2 position(s) checked; a reply to each stays within those",
    )
    assert check_game(won.certificate) == (
        True,
        "whatever the others reply, the openings stated lead ada to decide 'sell company' of e",
        "2 opening(s) checked; every reply leads on in fewer rounds, 2 at most",
    )
    start = lost.certificate["problem"]["positions"][0]
    assert {reply["effective"] for opening in start["openings"] for reply in opening["replies"]} == {False}


def test_where_refusing_is_enough_the_certificate_is_that_of_refusing() -> None:
    found = hostile(blank_check(), "gus")
    assert (found.answer, found.certificate["kind"]) == ("no path", "closure")
    assert check(found.certificate).accepted


def test_what_a_hostile_answer_hangs_on() -> None:
    found = hostile(blank_check())
    assert {(each.fact, each.answer) for each in found.hangs_on} == {
        ("directors", "path"),
        ("e class blank authorized", "path"),
        ("e rules call meeting", "path"),
    }
    won = hostile(blank_check(written_consent="majority of votes"))
    assert {each.answer for each in won.hangs_on} == {"no path"}
    assert any("510 common" in each.as_recorded for each in won.hangs_on)


def simple() -> dict[str, Any]:
    reply = {"during": [], "effective": True, "after": [], "to": None}
    position = {"made": [], "holds": False, "openings": [{"move": "m", "days": 0, "replies": [reply]}]}
    wins = [{"position": 0, "opening": 0, "rounds": 1}]
    return certificate_about({"positions": [position], "start": 0}, "win", {"wins": wins})


@pytest.mark.parametrize(
    ("path", "wrong", "why"),
    [
        (("kind",), "plan", "kind: neither win nor defeat"),
        (("question", "adversary"), "blocking", "question.adversary: the kind is of answers against a hostile one"),
        (("problem", "start"), 1, "problem.start: not as the format has it"),
        (("problem", "positions", 0, "holds"), 1, "problem.positions[0].holds: not as the format has it"),
        (("problem", "positions", 0, "openings", 0, "replies", 0, "to"), 1,
         "problem.positions[0].openings[0].replies[0].to: not as the format has it"),
        (("problem", "positions", 0, "openings", 0, "replies", 0, "effective"), False,
         "problem.positions[0].openings[0]: a reply that leads nowhere, and passes nothing"),
        (("problem", "positions", 0, "openings", 0, "replies", 0, "after"), ["x"],
         "problem.positions[0].openings[0]: a reply that leads nowhere, and passes nothing"),
        (("problem", "positions", 0, "openings", 0, "replies", 0, "to"), 0,
         "claim.wins[0]: reply 0 leads to no position of fewer rounds"),
        (("problem", "positions", 0, "openings", 0, "replies"), [],
         "claim.wins[0].opening: no reply is stated, not even that there is none"),
        (("problem", "positions", 0, "holds"), True, "claim.wins[0]: the position is won already"),
        (("claim", "wins", 0, "opening"), 1, "claim.wins[0].opening: the position has no such opening"),
        (("claim", "wins"), [], "claim: it says nothing of the start"),
        (("claim",), {"lost": [0]}, "claim: not as the format has it"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where(path: tuple[str | int, ...], wrong: Any, why: str) -> None:
    certificate: Any = simple()
    assert check_game(certificate).accepted
    place = certificate
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = wrong
    verdict = check_game(certificate)
    assert (verdict.accepted, verdict.why) == (False, why)


@pytest.mark.parametrize("value", [None, [], {}, 3, "win", {"kind": "win"}, {"kind": ["win"]}])
def test_any_values_at_all_are_refused_without_an_exception(value: object) -> None:
    assert not check_game(value).accepted


def test_the_checker_uses_nothing_of_the_game() -> None:
    source = Path(game_checker.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 200
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    modules = {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    assert modules == {"__future__", "typing", "muniment.control.paths.checker"}
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
