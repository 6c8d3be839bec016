"""Questions about groups, and matters compiled once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from control_books import board, company, stated, structure_of, written
from hypothesis import given, settings
from hypothesis import strategies as st
from small_systems import Game, all_subsets, systems

from muniment.book.structure import Structure
from muniment.control import CompiledDecision, NoSuchMatter, can_pass, compile_decision, decide
from muniment.control.compiled import Compiled
from muniment.control.evaluations import prepared_for
from muniment.control.formula import System
from muniment.control.group_questions import GroupAnswer, ask_group

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "howto" / "how-much-does-each-vote-count.md"

BOARD = """\
2020-01-01 company acme "Acme"
  law pack: none
  class common
    votes per share: 1
  board
    seats elected
      number: 3
      filled by: majority of common
      removed by: majority of common
  rules
    sell company: majority of board and at least 2/3 of common and consent of cy
    merge: majority of common
2020-01-01 appoint acme
  elected: ada, bo, gus
2020-01-01 issue acme
  ada: 40 common
  bo: 30 common
  cy: 20 common
  dee: 10 common
"""


def compiled(structure: Structure, question: str, directors: str = "independent") -> CompiledDecision:
    found = compile_decision(structure, question, directors=directors)  # type: ignore[arg-type]
    assert isinstance(found, CompiledDecision)
    return found


def group(matter: CompiledDecision, agreeing: list[str], refusing: list[str] | None = None) -> GroupAnswer:
    return ask_group(matter.prepared, agreeing, refusing or [])


def bare(system: System) -> Compiled:
    return Compiled(system, {}, {}, {}, (), (), {}, (), "independent")


@settings(deadline=None)
@given(systems(), st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)))
def test_groups_are_answered_as_by_trying_every_coalition(system: System, yes: set[int], no: set[int]) -> None:
    prepared = prepared_for(bare(system))
    agreeing = [f"a{at}" for at in sorted(yes)]
    refusing = [f"a{at}" for at in sorted(no - yes)]
    found = ask_group(prepared, agreeing, refusing)
    game = Game(system, prepared.actors)
    in_favor = frozenset(agreeing) & frozenset(prepared.actors)
    free = [name for name in prepared.actors if name not in agreeing and name not in refusing]
    joining = [some for some in all_subsets(free) if game.passing[some | in_favor]]
    minimal = [some for some in joining if not any(other < some for other in joining)]
    assert found.completions == tuple(sorted((tuple(sorted(some)) for some in minimal), key=lambda s: (len(s), s)))
    assert found.number_of_completions == len(minimal)
    assert found.smallest_completion == min(map(len, minimal), default=None)
    assert found.not_asked == tuple(name for name in (*agreeing, *refusing) if name not in leaves(system))
    if agreeing:
        assert (found.enough == "yes") == game.passing[in_favor]
    else:
        assert found.enough is found.can_block is None


def leaves(system: System) -> set[str]:
    return {getattr(node, "name", "") for node in system.nodes}


def test_who_must_still_join_and_who_can_pass_without() -> None:
    matter = compiled(written(BOARD), "acme: sell company")
    found = group(matter, ["ada", "cy"])
    assert (found.enough, found.can_block, found.still_passes) == ("no", "yes", "yes")
    assert found.completions == (("bo",), ("dee", "gus"))
    without = group(matter, [], ["ada"])
    assert (without.enough, without.can_block, without.still_passes) == (None, None, "no")
    assert (without.completions, without.number_of_completions, without.smallest_completion) == ((), 0, None)
    without = group(matter, ["cy"], ["dee"])
    assert without.completions == (("ada", "bo"),)
    enough = group(matter, ["ada", "bo", "cy"])
    assert (enough.enough, enough.completions, enough.smallest_completion) == ("yes", ((),), 0)


def test_bodies_and_entities_agree_as_named_and_who_has_no_say_is_said() -> None:
    matter = compiled(written(BOARD), "acme: sell company")
    found = group(matter, ["acme.board", "cy", "eve"])
    assert found.completions == (("ada", "bo"), ("ada", "dee"))
    assert found.not_asked == ("eve",)
    with pytest.raises(ValueError, match="'ada' cannot both"):
        group(matter, ["ada"], ["ada"])


def test_what_bounds_leave_open_is_undetermined() -> None:
    text = (
        BOARD + "2020-06-01 holding acme\n  ada: 40 to 70 common\n  bo: 30 common\n  cy: 20 common\n  dee: 10 common\n"
    )
    matter = compiled(written(text), "acme: merge")
    found = group(matter, ["ada"])
    assert (found.enough, found.can_block) == ("undetermined", "undetermined")
    assert group(matter, ["ada", "bo"]).enough == "yes"
    assert group(matter, ["bo", "cy", "dee"]).can_block == "undetermined"


def test_a_matter_compiled_once_answers_as_the_decision_does() -> None:
    structure = written(BOARD)
    for matter in ("sell company", "merge", "elect directors"):
        for directors in ("loyal", "independent"):
            once = compiled(structure, f"acme: {matter}", directors)
            decision = decide(structure, f"acme: {matter}", directors=directors)  # type: ignore[arg-type]
            assert not isinstance(decision, NoSuchMatter)
            assert (once.alone(), once.can_block()) == (decision.alone, decision.can_block)
            assert all(once.passes(coalition) for coalition in decision.coalitions)
            assert all(once.blocks(blockers) for blockers in decision.blocking_sets)
            assert not any(once.passes(coalition[1:]) for coalition in decision.coalitions if coalition)
            assert not any(once.blocks(blockers[1:]) for blockers in decision.blocking_sets if blockers)


def test_single_tests_and_unknown_names() -> None:
    structure = written(BOARD)
    assert can_pass(structure, "acme: merge", ["ada", "bo"]) is True
    assert can_pass(structure, "acme: merge", ["ada", "dee"]) is False
    assert can_pass(structure, "acme: sell company", ["acme.board", "ada", "bo", "cy"], directors="independent") is True
    assert isinstance(can_pass(structure, "acme: nonsense", ["ada"]), NoSuchMatter)
    with pytest.raises(ValueError, match=r"'adda'.*did you mean 'ada'"):
        can_pass(structure, "acme: merge", ["adda"])


def test_ten_thousand_holders_are_asked() -> None:
    names = [f"h{at:05}" for at in range(10_000)]
    votes = {name: at * 7919 % 9973 + 1 for at, name in enumerate(names)}
    rule = stated("majority of votes and consent of h00001")
    entity = company("acme", votes=votes, rules={"merge": rule}, bodies={"board": board(names[:5])})
    matter = compiled(structure_of([entity], names), "acme: merge")
    assert matter.alone() == ()
    assert matter.can_block() == ("h00001",)
    assert matter.passes(names[:9_000])
    assert not matter.passes(names[:4_000])
    assert matter.blocks(names[:6_000])
    assert not matter.blocks(names[2:2_000])


def test_the_lines_of_python_that_the_docs_show_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), {})
