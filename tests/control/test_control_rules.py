"""Every clause and condition of the rule grammar, and every default, as one small book each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from control_books import decided, stated, written

from muniment.control import NoSuchMatter, decide, matters_of, passes, to_json
from muniment.control.decisions import Decision, PassResult

HOLDERS = """
2020-01-01 fund oak
2020-01-01 group crowd
2020-01-01 group loose
  acts: apart
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  class x
    votes per share: 10
  class n
    votes per share: 0
  board
    decides by: majority
    seats s
      number: 3
    seats watchers
      number: 1
      votes each: 0
  office ceo
    filled by: majority of board
    removed by: majority of board excluding the one concerned
  rules
    merge: {rule}

2020-01-01 issue e
  ada: 50 c
  bo: 30 c
  cy: 20 c
  dee: 10 x
  oak: 7 n
  {more}

2020-01-02 appoint e
  s: eve, fay, gus
  watchers: ada
  ceo: eve
"""


def rule(text: str, more: str = "eve: 1 n") -> Decision:
    return decided(written(HOLDERS.format(rule=text, more=more)), "e: merge", "independent")


def coalitions(text: str) -> list[str]:
    return [" + ".join(coalition) for coalition in rule(text).coalitions]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("majority of c", ["ada + bo", "ada + cy"]),
        ("more than 50% of c", ["ada + bo", "ada + cy"]),
        ("at least 50% of c", ["ada", "bo + cy"]),
        ("50% of c", ["ada", "bo + cy"]),
        ("all of c", ["ada + bo + cy"]),
        ("all but 20 of c", ["ada + bo"]),
        ("all but 30 of c", ["ada + bo", "ada + cy"]),
        ("70 of c", ["ada + bo", "ada + cy"]),
        ("2/3 of c", ["ada + bo", "ada + cy"]),
        ("plurality of c", ["ada + bo", "ada + cy"]),
        # votes: 100 of c, 100 of x, none of n
        ("majority of votes", ["ada + dee", "bo + dee", "cy + dee"]),
        ("majority of c and x together", ["ada + dee", "bo + dee", "cy + dee"]),
        # one each where a class carries none
        ("majority of n", ["oak"]),
        ("majority of c and majority of x", ["ada + bo + dee", "ada + cy + dee"]),
        ("majority of c or majority of x", ["dee", "ada + bo", "ada + cy"]),
        ("majority of board", ["eve + fay", "eve + gus", "fay + gus"]),
        ("board", ["eve + fay", "eve + gus", "fay + gus"]),
        ("all but 1 of board", ["eve + fay", "eve + gus", "fay + gus"]),
        ("all of board", ["eve + fay + gus"]),
        ("1 of s", ["eve", "fay", "gus"]),
        ("consent of oak", ["oak"]),
        ("consent of crowd", ["crowd"]),
        ("consent of holder of ceo", ["eve"]),
        ("consent of attorney general and consent of oak", ["attorney general + oak"]),
        ("2 of (ada, bo, majority of board)", ["ada + bo", "ada + eve + fay", "ada + eve + gus", "ada + fay + gus",
                                               "bo + eve + fay", "bo + eve + gus", "bo + fay + gus"]),
        ("majority of (ada, bo, cy)", ["ada + bo", "ada + cy", "bo + cy"]),
        ("majority of c excluding (ada)", ["bo"]),
        # a cap counts at most 40 of 100 for ada; the base stays 100
        ("majority of c capped at 40% a holder", ["ada + bo", "ada + cy"]),
        ("at least 80% of c capped at 40% a holder", ["ada + bo + cy"]),
        ("majority of c cast", ["ada + bo", "ada + cy"]),
        ("majority of c with quorum 25%", ["ada + bo", "ada + cy"]),
        ("no objection of oak within 30 days", ["oak"]),
        ("(majority of c or consent of oak) and 1 of board",
         ["eve + oak", "fay + oak", "gus + oak", "ada + bo + eve", "ada + bo + fay", "ada + bo + gus",
          "ada + cy + eve", "ada + cy + fay", "ada + cy + gus"]),
    ],
)  # fmt: skip
def test_a_rule(text: str, wanted: list[str]) -> None:
    assert coalitions(text) == wanted


def test_a_class_may_be_excluded() -> None:
    structure = written(HOLDERS.format(rule="never", more="eve: 1 n"))
    changed = replace(structure.entities["e"], rules={"merge": stated("majority of votes excluding (x)")})
    decision = decided(replace(structure, entities={**structure.entities, "e": changed}), "e: merge")
    assert decision.coalitions == (("ada", "bo"), ("ada", "cy"))


def test_shares_an_entity_holds_in_itself_are_out_of_the_base() -> None:
    assert rule("majority of c", "e: 1000 c").coalitions == (("ada", "bo"), ("ada", "cy"))


def test_one_holder_of_two_classes_is_one_actor() -> None:
    assert rule("majority of c and x together", "ada: 10 x").alone == ()
    assert rule("at least 50% of c and x together", "ada: 10 x").alone == ("ada",)


def test_the_other_reading_is_shown_where_it_differs() -> None:
    decision = rule("majority of c cast with quorum 25%")
    assert decision.alone == ()
    marks = {mark.condition: mark for mark in decision.reading_marks}
    assert marks["cast"].alone == ("ada", "bo")
    assert marks["with quorum 1/4"].can_block == ()
    # with 40 of 90 votes cast by ada at most, bo and cy are a majority without her
    capped = rule("majority of c capped at 40% a holder").reading_marks
    assert [(mark.condition, mark.alone, mark.can_block) for mark in capped] == [("capped", (), ())]
    unmarked = rule("majority of c capped at 60% a holder").reading_marks
    assert [(mark.condition, mark.alone) for mark in unmarked] == [("capped", None)]
    excluding = rule("at least 60% of c excluding (ada)")
    assert (excluding.alone, excluding.can_block) == (("bo",), ("bo",))
    assert [(mark.alone, mark.can_block) for mark in excluding.reading_marks] == [((), ("ada",))]
    quorum = rule("majority of c cast with quorum 60%")
    assert (quorum.alone, quorum.can_block) == ((), ("ada",))
    assert quorum.reading_marks[0].alone is None  # if nobody else comes, the quorum alone decides too
    beyond = rule("at least 30% of c cast with quorum 60%")
    assert beyond.coalitions == (("ada", "bo"), ("ada", "cy"))
    counted = rule("2 of s with quorum 3/4")
    assert counted.smallest_coalition == 3
    cumulative = rule("cumulative of c")
    assert [(mark.condition, mark.alone) for mark in cumulative.reading_marks] == [("cumulative", ("ada", "bo", "cy"))]
    objection = rule("no objection of oak within 30 days")
    assert objection.alone == ("oak",)
    assert objection.reading_marks[0].can_block == ()


def test_the_one_concerned_is_left_out() -> None:
    structure = written(HOLDERS.format(rule="never", more="eve: 1 n"))
    assert decided(structure, "e: remove ceo", "independent").coalitions == (("fay", "gus"),)
    assert decided(structure, "e: appoint ceo", "independent").number_of_minimal_coalitions == 3


def test_who_acts_apart_is_nobody_to_count_on() -> None:
    decision = rule("majority of c", "loose: 100 c")
    assert decision.alone == decision.coalitions == ()
    assert not decision.impossible
    assert decision.can_block == ()
    assert any("loose do not act together" in sentence for sentence in decision.assumptions)
    assert decided(written(HOLDERS.format(rule="at least 60% of c", more="loose: 100 c")), "e: merge").can_block == ()
    assert decided(written(HOLDERS.format(rule="at least 80% of c", more="loose: 100 c")), "e: merge").can_block == (
        "ada",
    )


BODY = """
2020-01-01 company e
  law pack: none
  board
    decides by: {decides}
    chair: ada, casting vote
    seats s
      number: {number}
  board audit
    decides by: all of audit
    seats a
      number: 2
  rules
    merge: board
    sell company: audit
    borrow: majority of board in office
2020-01-02 appoint e
  s: ada, bo, cy, dee
  a: ada, eve
"""


def test_a_casting_vote_carries_exactly_half() -> None:
    decision = decided(written(BODY.format(decides="majority", number=4)), "e: merge", "independent")
    assert decision.coalitions == (("ada", "bo"), ("ada", "cy"), ("ada", "dee"), ("bo", "cy", "dee"))
    odd = decided(written(BODY.format(decides="majority", number=5)), "e: merge", "independent")
    assert odd.smallest_coalition == 3


def test_vacant_seats_count_in_the_base_but_not_in_office() -> None:
    structure = written(BODY.format(decides="majority", number=7))
    assert decided(structure, "e: merge", "independent").smallest_coalition == 4
    assert decided(structure, "e: borrow", "independent").smallest_coalition == 2


def test_a_committee_decides_by_its_own_rule() -> None:
    structure = written(BODY.format(decides="majority", number=4))
    assert decided(structure, "e: sell company", "independent").coalitions == (("ada", "eve"),)


ENTITIES = """
2020-01-01 company inner
  law pack: none
  {lines}
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  rules
    merge: majority of c
    sell company: consent of inner
2020-01-01 issue e
  inner: 100 c
"""


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("purpose: none", ["inner"]),
        ("trustees: ada, bo", ["ada + bo"]),
        ("manager: ada", ["ada"]),
        ("general partner: cy\n  trustees: ada, bo", ["cy"]),
        ("rules\n    vote shares: 1 of trustees\n  trustees: ada, bo", ["ada", "bo"]),
        ("rules\n    vote shares: majority of (ada, bo, cy)", ["ada + bo", "ada + cy", "bo + cy"]),
        ("rules\n    vote shares: consent of ada\n    consent to e: merge: consent of bo", ["bo"]),
        ("rules\n    vote shares: consent of ada\n    consent to e: borrow: consent of bo", ["ada"]),
        (
            "board\n    seats s\n      number: 1\n      filled by: ada\n      removed by: ada",
            ["ada"],
        ),
        ("class k\n    votes per share: 1\n\n2020-01-03 issue inner\n  ada: 2 k\n  bo: 1 k", ["ada"]),
    ],
)
def test_how_an_entity_acts(lines: str, wanted: list[str]) -> None:
    decision = decided(written(ENTITIES.format(lines=lines)), "e: merge")
    assert [" + ".join(coalition) for coalition in decision.coalitions] == wanted


def test_a_consent_added_by_agreement_binds_the_matter() -> None:
    text = (
        HOLDERS.format(rule="at least 50% of c", more="eve: 1 n")
        + """
2020-02-01 agreement pact
  parties: e, oak
  consent
    of: oak
    for: merge
    nature: protective
"""
    )
    decision = decided(written(text), "e: merge")
    assert decision.alone == ()
    assert decision.can_block == ("oak",)
    assert decision.coalitions[0] == ("ada", "oak")
    assert any("pact" in basis.record for basis in decision.because)


def test_matters_that_no_rule_names() -> None:
    structure = written(HOLDERS.format(rule="never", more="eve: 1 n"))
    assert decided(structure, "e: dissolve", "independent").coalitions == (
        ("eve", "fay"),
        ("eve", "gus"),
        ("fay", "gus"),
    )
    no_board = written(ENTITIES.format(lines="trustees: ada, bo"))
    assert decided(no_board, "inner: borrow").coalitions == (("ada", "bo"),)
    assert decided(no_board, "e: borrow").coalitions == (("ada", "bo"),)
    assert decided(written(ENTITIES.format(lines="purpose: none")), "inner: borrow").alone == ("inner",)


def test_elections_are_those_of_the_seats() -> None:
    text = HOLDERS.replace(
        "      number: 3\n", "      number: 3\n      filled by: majority of c\n      removed by: majority of x\n"
    )
    structure = written(text.format(rule="never", more="eve: 1 n"))
    assert decided(structure, "e: elect directors").coalitions == (("ada", "bo"), ("ada", "cy"))
    assert decided(structure, "e: remove directors").alone == ("dee",)
    assert {"merge", "appoint ceo", "remove ceo", "elect directors"} <= set(matters_of(structure, "e"))


def test_cumulative_votes_secure_seats() -> None:
    text = """
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  board
    decides by: majority
    seats s
      number: 5
      filled by: cumulative of c
      removed by: all of c
  rules
    merge: majority of board
2020-01-01 issue e
  ada: 55 c
  bo: 35 c
  cy: 10 c
"""
    decision = decided(written(text), "e: merge")
    # w(n+1) > kW: 55 x 6 = 330 > 300, so 3 of 5; 35 x 6 = 210, so 2; 10 x 6 = 60, so none
    assert {party: fills for party, fills, _ in decision.seats} == {"ada": 3, "bo": 2}
    assert decision.alone == ("ada",)


def test_an_unknown_matter_or_entity_is_refused_with_a_hint() -> None:
    structure = written(HOLDERS.format(rule="never", more="eve: 1 n"))
    matter = decide(structure, "e: sell compny")
    assert isinstance(matter, NoSuchMatter)
    assert "sell company" in matter.hint
    entity = decide(structure, "ee: merge")
    assert isinstance(entity, NoSuchMatter)
    assert "'e'" in entity.hint
    assert isinstance(decide(structure, "ada: merge"), NoSuchMatter)
    assert isinstance(decide(structure, ""), NoSuchMatter)


def test_those_in_favor_are_counted_as_cast() -> None:
    structure = written(ENTITIES.format(lines="trustees: ada, bo"))
    by_vote = passes(structure, "e: merge", ["inner"])
    assert isinstance(by_vote, PassResult)
    assert by_vote.passes
    short = passes(structure, "e: merge", ["ada"])
    assert isinstance(short, PassResult)
    assert not short.passes
    assert short.why == "0 of 100 agree; a majority of c of e needs more than 50"


def test_json_is_plain_and_exact() -> None:
    fields = to_json(rule("majority of c"))
    assert fields["banzhaf"] == {"ada": "3/5", "bo": "1/5", "cy": "1/5"}
    assert fields["because"][0].keys() == {"record", "words", "at", "citations", "quotations"}
    assert "if_each_lets_the_other" not in fields


def test_short_of_says_what_is_lacking() -> None:
    decision = rule("majority of board and majority of c")
    assert decision.short_of["ada"] == ("2 seats of e.board", "1 c of e")
    assert decision.short_of["eve"] == ("1 seat of e.board", "51 c of e")
