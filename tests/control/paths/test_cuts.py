"""Minimal cuts: the search against brute force, what must remain possible, who repeals, and what cuts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from control_books import written
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.book.structure import Structure
from muniment.control import NoSuchMatter, compile_decision
from muniment.control.paths.answer import PathAnswer
from muniment.control.paths.catalog_places import changed_by, is_for_ever, places_of, rule_at, with_entity, with_rule
from muniment.control.paths.cuts import adopted, propose_cuts
from muniment.control.paths.cuts_minimal import minimal_cuts
from muniment.control.paths.find import find_path
from muniment.control.paths.keeping import Keep, is_kept, understand_keep
from muniment.control.paths.provisions import provisions_for
from muniment.model.rule_reader import parse_rule
from muniment.model.rules import RuleFault

Sets = list[frozenset[int]]


def subsets(number: int) -> Sets:
    return [frozenset(each) for size in range(number + 1) for each in combinations(range(number), size)]


def by_brute_force(number: int, has_path: Callable[[frozenset[int]], bool]) -> Sets:
    """Return every set without a path of which no smaller part is without one, by asking for all of them."""
    without = [chosen for chosen in subsets(number) if not has_path(chosen)]
    return sorted(
        (chosen for chosen in without if not any(other < chosen for other in without)),
        key=lambda cut: (len(cut), sorted(cut)),
    )


@st.composite
def families(draw: st.DrawFn) -> tuple[int, Sets]:
    """Draw how many provisions there are, and sets each of which is a cut with whatever is adopted beside it."""
    number = draw(st.integers(1, 8))
    cuts = draw(st.lists(st.frozensets(st.integers(0, number - 1)), max_size=9))
    return number, cuts


@settings(max_examples=400, derandomize=True)
@given(families())
def test_all_minimal_cuts_are_found(drawn: tuple[int, Sets]) -> None:
    number, cuts = drawn
    asked: Sets = []

    def has_path(chosen: frozenset[int]) -> bool:
        asked.append(chosen)
        return not any(cut <= chosen for cut in cuts)

    found = minimal_cuts(number, has_path, most_cuts=100)
    assert found.complete
    assert list(found.cuts) == by_brute_force(number, lambda chosen: not any(cut <= chosen for cut in cuts))
    assert len(asked) == found.calls == len(set(asked))
    for cut in found.cuts:
        assert cut in asked
        assert all(cut - {at} in asked for at in cut)


@settings(max_examples=200, derandomize=True)
@given(families(), st.integers(1, 30), st.integers(1, 3))
def test_limits_are_said(drawn: tuple[int, Sets], most_calls: int, most_cuts: int) -> None:
    number, cuts = drawn

    def has_path(chosen: frozenset[int]) -> bool:
        return not any(cut <= chosen for cut in cuts)

    found = minimal_cuts(number, has_path, most_cuts=most_cuts, most_calls=most_calls)
    every = by_brute_force(number, has_path)
    assert found.calls <= most_calls
    assert set(found.cuts) <= set(every)
    assert len(found.cuts) <= most_cuts
    if found.complete:
        assert list(found.cuts) == every
    else:
        assert found.calls == most_calls or len(every) > most_cuts or len(found.cuts) == most_cuts
    if found.calls < most_calls:
        assert [len(cut) for cut in found.cuts] == [len(cut) for cut in every][: len(found.cuts)]


@settings(max_examples=150, derandomize=True)
@given(families(), st.sets(st.integers(0, 255), max_size=12))
def test_undetermined_counts_as_a_path(drawn: tuple[int, Sets], open_: set[int]) -> None:
    number, cuts = drawn
    everything = subsets(number)
    undecided = {everything[at % len(everything)] for at in open_}

    def has_path(chosen: frozenset[int]) -> bool | None:
        if chosen in undecided:
            return None
        return not any(cut <= chosen for cut in cuts)

    found = minimal_cuts(number, has_path, most_cuts=100)
    for cut in found.cuts:
        assert has_path(cut) is False
        assert all(has_path(cut - {at}) is not False for at in cut)
    assert set(found.undetermined) <= undecided
    assert not (found.complete and found.undetermined)


def test_what_cuts_alone_is_found_even_where_more_brings_the_path_back() -> None:
    found = minimal_cuts(3, lambda chosen: chosen != {0})
    assert found.cuts == (frozenset({0}),)


def test_more_that_brings_the_path_back_is_noticed() -> None:
    answers = {frozenset({0, 1}): False, frozenset({0, 1, 2}): False, frozenset({2, 1}): False}
    found = minimal_cuts(4, lambda chosen: answers.get(chosen, len(chosen) < 3))
    for cut in found.cuts:
        assert answers.get(cut, len(cut) < 3) is False
    back = minimal_cuts(2, lambda chosen: chosen != {0} and chosen != frozenset())
    assert back.cuts == (frozenset(),)


def test_forty_provisions_with_few_cuts_are_settled() -> None:
    every = [{3, 17}, {3, 22, 39}, {17, 22}, {5, 6, 7}, {30}]
    found = minimal_cuts(40, lambda chosen: not any(cut <= chosen for cut in every))
    assert found.complete
    assert [set(cut) for cut in found.cuts] == [{30}, {3, 17}, {17, 22}, {3, 22, 39}, {5, 6, 7}]
    assert found.calls < 250


def test_many_cuts_are_found_though_not_proved_to_be_all() -> None:
    every = [{39}, *({at, at + 1} for at in range(0, 38, 2))]
    found = minimal_cuts(40, lambda chosen: not any(cut <= chosen for cut in every), most_calls=800)
    assert [set(cut) for cut in found.cuts] == every
    assert not found.complete


def test_limits_must_be_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one"):
        minimal_cuts(3, lambda _: True, most_cuts=0)


def can_get_there(who: tuple[str, ...], question: str) -> Callable[..., bool]:
    """Return a small search that shares nothing with the real one: it amends every rule that those named can.

    It knows no moves of seats beyond the loyal reading, no shares and no days.
    """
    entity, _, matter = question.partition(": ")

    def passes(structure: Structure, asked: str) -> bool:
        compiled = compile_decision(structure, f"{entity}: {asked}")
        return not isinstance(compiled, NoSuchMatter) and compiled.passes(who)

    def has_path(structure: Structure, _: object = None) -> bool:
        theirs = parse_rule(f"consent of {who[0]}")
        assert not isinstance(theirs, RuleFault)
        while not passes(structure, matter):
            now = structure.entities[entity]
            places = {each for name in {*now.rules, matter} for each in places_of(now, name)}
            for place in sorted(places):
                stated = rule_at(structure, now, place)
                amendable = stated is not None and stated.rule != theirs and not is_for_ever(now, place)
                if amendable and passes(structure, changed_by(now, place)):
                    structure = with_entity(structure, with_rule(now, place, replace(stated, rule=theirs)))
                    break
            else:
                return False
        return True

    return has_path


TWO_HOLDERS = """
2020-01-01 company acme "Acme"
  class common "Common"
    votes per share: 1
  class series-a "Series A"
    votes per share: 1
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of votes
      removed by: majority of votes
    seats founders
      number: 1
      filled by: majority of series-a
      removed by: majority of series-a
  rules
    sell company: board
    amend charter: majority of votes
    ordinary decision: majority of board
2020-01-01 holding acme
  ada: 60 common
  bo: 30 common
  cy: 10 series-a
2020-01-01 appoint acme
  directors: dee, eve, fay
  founders: cy
"""


def test_a_rule_that_the_controlled_body_can_itself_repeal_cuts_nothing() -> None:
    structure = written(TWO_HOLDERS)
    has_path = can_get_there(("ada",), "acme: sell company")
    assert has_path(structure)
    cuts = propose_cuts(structure, "acme", "sell company", has_path, who=["ada"])
    assert cuts.complete
    assert cuts.cuts
    kinds = [sorted(each.kind for each in cut.provisions) for cut in cuts.cuts]
    assert ["purpose lock"] in kinds
    assert ["class veto"] not in kinds
    assert ["class veto", "entrench"] in kinds
    entrenched = next(cut for cut in cuts.cuts if [each.kind for each in cut.provisions] == ["class veto", "entrench"])
    assert [each.id for each in entrenched.provisions] == [
        "class-veto:acme.sell-company.founders",
        "entrench:acme.sell-company",
    ]
    assert "all of board and all of votes" in entrenched.repeal[0]
    assert "ada + bo + cy" in entrenched.repeal[0]
    said = {each.partition(":")[0]: each for each in cuts.cuts_nothing}
    assert "repealed on the way, by 'amend charter' (majority of votes): ada alone" in said["class veto"]
    assert "a path goes round it" in said["entrench"]
    assert "purpose lock" not in said


def test_each_cut_cuts_and_nothing_in_it_is_idle() -> None:
    structure = written(TWO_HOLDERS)
    has_path = can_get_there(("ada",), "acme: sell company")
    cuts = propose_cuts(structure, "acme", "sell company", has_path, who=["ada"])
    for cut in cuts.cuts:
        (entity, lines) = cut.amendments[0]
        record = "\n".join([f"2021-06-01 amend {entity}", *lines])
        assert not has_path(written(f"{TWO_HOLDERS}\n{record}\n")), record
        for provision in cut.provisions:
            record = "\n".join([f"2021-06-01 amend {entity}", *provision.lines])
            alone = written(f"{TWO_HOLDERS}\n{record}\n")
            assert has_path(alone) == (len(cut.provisions) > 1)


def test_what_must_remain_possible_refuses_a_cut() -> None:
    structure = written(TWO_HOLDERS)
    has_path = can_get_there(("ada",), "acme: sell company")
    free = propose_cuts(structure, "acme", "sell company", has_path, who=["ada"])
    keep = understand_keep(structure, "acme: sell company by ada, bo, dee, eve, fay")
    assert isinstance(keep, Keep)
    kept = propose_cuts(structure, "acme", "sell company", has_path, [keep], who=["ada"])
    assert kept.refused
    assert len(kept.cuts) + len(kept.refused) == len(free.cuts)
    assert any(each.startswith("purpose-lock:acme.sell-company would end") for each in kept.refused)
    assert all("acme: sell company by ada, bo, dee, eve, fay" in each for each in kept.refused)
    anybody = understand_keep(structure, "acme: sell company")
    assert isinstance(anybody, Keep)
    assert is_kept(structure, anybody)
    assert not propose_cuts(structure, "acme", "sell company", has_path, [anybody], who=["ada"]).refused


def test_nobody_repeals_a_purpose_lock() -> None:
    structure = written(TWO_HOLDERS)
    has_path = can_get_there(("ada",), "acme: sell company")
    cuts = propose_cuts(structure, "acme", "sell company", has_path, who=["ada"])
    lock = next(cut for cut in cuts.cuts if cut.provisions[0].kind == "purpose lock")
    assert lock.repeal == ("nobody: 'change the locked rules' is never passed",)


def test_where_there_is_no_path_there_is_nothing_to_cut() -> None:
    structure = written(TWO_HOLDERS)
    cuts = propose_cuts(structure, "acme", "sell company", can_get_there(("bo",), "acme: sell company"), who=["bo"])
    assert cuts.cuts == ()
    assert cuts.complete
    assert cuts.tried


def test_an_undetermined_search_is_said() -> None:
    structure = written(TWO_HOLDERS)
    cuts = propose_cuts(structure, "acme", "sell company", lambda *_: None, who=["ada"])
    assert cuts.cuts == ()
    assert not cuts.complete
    assert all("not decided" in each for each in cuts.cuts_nothing)


def test_too_few_calls_are_said() -> None:
    structure = written(TWO_HOLDERS)
    has_path = can_get_there(("ada",), "acme: sell company")
    assert not propose_cuts(structure, "acme", "sell company", has_path, who=["ada"], most_calls=5).complete


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sell company", "write 'ENTITY: MATTER'"),
        ("acme:", "write 'ENTITY: MATTER'"),
        ("acmee: sell company", "did you mean 'acme'"),
        ("acme: sell companny", "did you mean 'sell company'"),
        ("acme: sell company by", "neither a standard matter"),
        ("acme: sell company by ada,", "a name is missing"),
        ("acme: sell company by adaa", "did you mean 'ada'"),
        ("acme: sell company by bo", "does not hold as things stand"),
        ("ada: sell company", "not an entity"),
    ],
)
def test_what_must_remain_possible_is_read_with_care(text: str, says: str) -> None:
    told = understand_keep(written(TWO_HOLDERS), text)
    assert isinstance(told, str)
    assert says in told
    assert "\n" not in told


def test_what_must_remain_possible_in_words() -> None:
    structure = written(TWO_HOLDERS)
    assert understand_keep(structure, "acme: sell company by ada") == Keep("acme", "sell company", ("ada",))
    by_seats = understand_keep(structure, " acme :  sell company  by  ada ,bo")
    assert by_seats == Keep("acme", "sell company", ("ada", "bo"))
    written_consent = understand_keep(structure, "acme: act by written consent")
    assert isinstance(written_consent, Keep)
    assert written_consent.by == ()
    assert Keep("acme", "sell company", ("ada", "bo")).words == "acme: sell company by ada, bo"


def verdict(structure: Structure, who: str, question: str) -> str:
    answer = find_path(structure, [who], question, durable=False, hangs_on=False, distance=False)
    assert isinstance(answer, PathAnswer), answer
    return answer.answer


def test_what_the_search_of_paths_says_of_each_cut_and_of_its_parts() -> None:
    structure = written(TWO_HOLDERS)
    question = "acme: sell company"
    answer = find_path(structure, ["ada"], question, cuts=True, durable=False, hangs_on=False, distance=False)
    assert isinstance(answer, PathAnswer)
    assert answer.answer == "already"
    cuts = answer.cuts
    assert cuts is not None
    assert cuts.complete
    offered = {each.provision.id: each for each in provisions_for(structure, "acme", "sell company", ["ada"])}
    assert [each.id for each in cuts.tried] == sorted(offered)
    found = [frozenset(each.id for each in cut.provisions) for cut in cuts.cuts]
    for cut, ids in zip(cuts.cuts, found, strict=True):
        (entity, lines) = cut.amendments[0]
        record = "\n".join([TWO_HOLDERS, f"2021-06-01 amend {entity}", *lines, ""])
        assert verdict(written(record), "ada", question) == "no path"
        for one in ids:
            less = structure
            for name, each in offered.items():
                less = each.adopt(less) if name in ids - {one} else less
            assert verdict(less, "ada", question) in ("path", "already")
    veto = "class-veto:acme.sell-company.series-a"
    assert frozenset({veto}) not in found
    assert frozenset({veto, "entrench:acme.sell-company"}) in found


def test_what_the_controlled_body_repeals_is_found_on_the_way() -> None:
    structure = written(TWO_HOLDERS)
    offered = {each.provision.id: each for each in provisions_for(structure, "acme", "sell company", ["ada"])}
    vetoed = offered["class-veto:acme.sell-company.series-a"].adopt(structure)
    answer = find_path(vetoed, ["ada"], "acme: sell company", durable=False, hangs_on=False, distance=False)
    assert isinstance(answer, PathAnswer)
    assert [move.act.kind for move in answer.moves] == ["amend rule"]
    lasting = offered["entrench:acme.sell-company"].adopt(vetoed)
    assert verdict(lasting, "ada", "acme: sell company") == "no path"


def test_pairs_against_every_pair() -> None:
    """Every set of one or two provisions that leaves no path in the real search is a listed cut, or holds one."""
    structure = written(TWO_HOLDERS)
    question = "acme: sell company"
    answer = find_path(structure, ["ada"], question, cuts=True, durable=False, hangs_on=False, distance=False)
    assert isinstance(answer, PathAnswer)
    assert answer.cuts is not None
    found = [frozenset(each.id for each in cut.provisions) for cut in answer.cuts.cuts]
    offered = provisions_for(structure, "acme", "sell company", ["ada"])
    for pair in combinations(offered, 2):
        after = pair[1].adopt(pair[0].adopt(structure))
        ids = frozenset(each.provision.id for each in pair)
        assert (verdict(after, "ada", question) == "no path") == any(cut <= ids for cut in found), ids


LATER = """
2023-01-01 amend acme
  without: seats founders
2023-01-01 remove acme
  founders: cy
"""


def test_provisions_are_in_force_on_later_days_too() -> None:
    structure = written(TWO_HOLDERS)
    later = written(TWO_HOLDERS + LATER, on=date(2023, 6, 1))
    seen: list[tuple[Structure, Structure]] = []

    def has_path(changed: Structure, adopt: Callable[[Structure], Structure]) -> bool:
        assert adopt(structure) == changed
        seen.append((changed, adopt(later)))
        return True

    cuts = propose_cuts(structure, "acme", "sell company", has_path, who=["ada"])
    assert cuts.complete
    assert not cuts.cuts
    veto = {each.text for _, then in seen for each in [then.entities["acme"].rules["sell company"]]}
    assert "board and majority of series-a" in veto
    for _, then in seen:  # what protects seats that are no longer there changes nothing
        assert "founders" not in then.entities["acme"].bodies["board"].groups


HARBOR = """
2020-01-01 company harbor "Harbor"
  law pack: none
  class common "Common"
    votes per share: 1
  class founders-stock "Founders' stock"
    votes per share: 10
  rules
    sell company: majority of votes
    amend charter: majority of votes
2020-01-02 issue harbor
  ada: 6 founders-stock
  bo: 25 common
  cy: 15 common
"""
LIGHTHOUSE = """
2020-01-01 nonprofit lighthouse "Lighthouse"
  law pack: none
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of board
      removed by: majority of board
  rules
    appoint ceo: all of board
2020-01-03 appoint lighthouse
  directors: ada, bo, cy
"""


@pytest.mark.parametrize(
    ("text", "who", "question"),
    [
        (HARBOR, ["ada"], "harbor: sell company"),
        (LIGHTHOUSE, ["ada", "bo"], "lighthouse: appoint ceo"),
    ],
)
def test_with_the_search_of_paths_against_every_set_of_provisions(text: str, who: list[str], question: str) -> None:
    structure = written(text)
    entity, _, matter = question.partition(": ")
    offered = provisions_for(structure, entity, matter, who)
    assert len(offered) <= 8

    def is_left(chosen: frozenset[int]) -> bool:
        after = adopted(structure, [offered[at] for at in sorted(chosen)])
        answer = find_path(after, who, question, durable=False, hangs_on=False, distance=False)
        assert isinstance(answer, PathAnswer)
        assert answer.answer != "undetermined"
        return answer.answer != "no path"

    every = by_brute_force(len(offered), is_left)
    answer = find_path(structure, who, question, cuts=True, durable=False, hangs_on=False, distance=False)
    assert isinstance(answer, PathAnswer)
    assert answer.cuts is not None
    assert answer.cuts.complete
    found = {frozenset(each.id for each in cut.provisions) for cut in answer.cuts.cuts}
    assert found == {frozenset(offered[at].provision.id for at in cut) for cut in every}
    assert found


def test_what_else_is_to_be_known_of_a_cut() -> None:
    answer = find_path(written(HARBOR), ["ada"], "harbor: sell company", cuts=True, durable=False, hangs_on=False)
    assert isinstance(answer, PathAnswer)
    assert answer.cuts is not None
    notes = {cut.provisions[0].id: cut.note for cut in answer.cuts.cuts if len(cut.provisions) == 1}
    assert notes["sunset:harbor.founders-stock"] == "cuts from the sunset on"
    assert "passed on to others" in notes["vote-cap:harbor"]
    assert notes["purpose-lock:harbor.sell-company"] == ""
