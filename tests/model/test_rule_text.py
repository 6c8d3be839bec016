"""Rules: the whole grammar, what is said about a wrong rule, and that a written tree reads back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.model.rule_reader import MOST_DEEP, format_rule, parse_body_rule, parse_removal, parse_rule
from muniment.model.rule_words import RESERVED
from muniment.model.rules import (
    And,
    ByBody,
    Condition,
    Consent,
    Electorate,
    KOf,
    Never,
    NoObjection,
    Or,
    Party,
    Rule,
    RuleFault,
    Share,
    Vote,
)

BOARD = Electorate("body", ("board",))
MAJORITY = Share("majority")


def ada() -> Consent:
    return Consent(Party("id", "ada"))


def word(name: str) -> Electorate:
    return Electorate("word", (name,))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("majority of board", Vote(MAJORITY, BOARD)),
        ("majority of series-a", Vote(MAJORITY, word("series-a"))),
        ("majority of acme.series-a", Vote(MAJORITY, word("acme.series-a"))),
        ("majority of votes", Vote(MAJORITY, Electorate("votes"))),
        ("all of trustees", Vote(Share("all"), Electorate("trustees"))),
        ("all but 1 of board", Vote(Share("all but", count=1), BOARD)),
        ("2 of board", Vote(Share("count", count=2), BOARD)),
        ("at least 2 of board", Vote(Share("count", count=2), BOARD)),
        ("1,500 of common", Vote(Share("count", count=1500), word("common"))),
        ("more than 50% of votes", Vote(Share("more", Fraction(1, 2)), Electorate("votes"))),
        ("at least 75% of votes", Vote(Share("least", Fraction(3, 4)), Electorate("votes"))),
        ("75% of votes", Vote(Share("least", Fraction(3, 4)), Electorate("votes"))),
        ("2/3 of members", Vote(Share("least", Fraction(2, 3)), Electorate("members"))),
        ("66 2/3% of votes", Vote(Share("least", Fraction(2, 3)), Electorate("votes"))),
        ("plurality of common", Vote(Share("plurality"), word("common"))),
        ("cumulative of common", Vote(Share("cumulative"), word("common"))),
        ("majority of others of common", Vote(MAJORITY, Electorate("others", ("common",)))),
        (
            "all of (ada, holder of ceo)",
            Vote(Share("all"), Electorate("parties", parties=(Party("id", "ada"), Party("holder of", "ceo")))),
        ),
        ("majority of common and series-a together", Vote(MAJORITY, Electorate("together", ("common", "series-a")))),
        (
            "majority of a and b and c together and majority of board",
            And((Vote(MAJORITY, Electorate("together", ("a", "b", "c"))), Vote(MAJORITY, BOARD))),
        ),
        (
            "majority of common and majority of series-a",
            And((Vote(MAJORITY, word("common")), Vote(MAJORITY, word("series-a")))),
        ),
        ("majority of board and ada", And((Vote(MAJORITY, BOARD), ada()))),
        ("consent of ada", ada()),
        ("ada", ada()),
        ("consent of general partner", Consent(Party("general partner"))),
        ("attorney general", Consent(Party("attorney general"))),
        ("manager or trustees", Or((Consent(Party("manager")), Consent(Party("trustees"))))),
        ("consent of holder of ceo", Consent(Party("holder of", "ceo"))),
        ("board", ByBody("board")),
        ("no objection of ftc within 30 days", NoObjection(Party("id", "ftc"), "30 days")),
        ("never", Never()),
        ("2 of (ada, board; majority of votes)", KOf(2, (ada(), ByBody("board"), Vote(MAJORITY, Electorate("votes"))))),
        ("1 of (ada and board, ada)", KOf(1, (And((ada(), ByBody("board"))), ada()))),
        ("2 of (ada,board)", KOf(2, (ada(), ByBody("board")))),
        ("((ada))", ada()),
        ("2 of (75% of votes, 1,500 of common)", KOf(2, (parse_rule("3/4 of votes"), parse_rule("1500 of common")))),
        ("1/1,001 of votes", Vote(Share("least", Fraction(1, 1001)), Electorate("votes"))),
        ("all of 3i-group", Vote(Share("all"), word("3i-group"))),
        ("ada and (ada or board)", And((ada(), Or((ada(), ByBody("board")))))),
        ("ada and (ada and board)", And((ada(), And((ada(), ByBody("board")))))),
        ("majority of votes outstanding", Vote(MAJORITY, Electorate("votes"), (Condition("outstanding"),))),
        (
            "majority of board in office (protective)",
            Vote(MAJORITY, BOARD, (Condition("in office"), Condition("protective"))),
        ),
        (
            "majority of votes cast with quorum 1/2",
            Vote(MAJORITY, Electorate("votes"), (Condition("cast"), Condition("quorum", Fraction(1, 2)))),
        ),
        (
            "majority of votes excluding (ada, elm) capped at 15% a holder on 30 days notice",
            Vote(
                MAJORITY,
                Electorate("votes"),
                (
                    Condition("excluding", parties=(Party("id", "ada"), Party("id", "elm"))),
                    Condition("capped", Fraction(3, 20)),
                    Condition("notice", words="30 days"),
                ),
            ),
        ),
        (
            "all of board excluding the one concerned",
            Vote(Share("all"), BOARD, (Condition("excluding", words="the one concerned"),)),
        ),
        (
            "all of votes excluding series-a",
            Vote(Share("all"), Electorate("votes"), (Condition("excluding", parties=(Party("id", "series-a"),)),)),
        ),
        ("(ada and board) (substantive)", And((ada(), ByBody("board")), (Condition("substantive"),))),
        ("(ada (protective)) present", Consent(Party("id", "ada"), (Condition("protective"), Condition("present")))),
        ("2 of (ada, board) present", KOf(2, (ada(), ByBody("board")), (Condition("present"),))),
    ],
)
def test_the_grammar(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule
    assert parse_rule(format_rule(rule)) == rule


@pytest.mark.parametrize(
    ("text", "code", "words", "hint"),
    [
        ("", "M250", "", "write a rule such as majority of board"),
        ("majority of", "M250", "", "write the id of a party, class or body"),
        ("ada and", "M250", "and", "add a clause after 'and', or leave it out"),
        ("and ada", "M250", "and", "write a rule such as majority of board"),
        ("ada, elm", "M250", ",", "join clauses with and or or, or write 2 of (a, b, c)"),
        ("ada and elm or oak", "M251", "or", "put parentheses around the part that belongs together: a and (b or c)"),
        (
            "2 of (ada or elm and oak, ada)",
            "M251",
            "and",
            "put parentheses around the part that belongs together: a and (b or c)",
        ),
        ("(ada", "M252", "(", "add )"),
        ("2 of (ada, elm", "M252", "(", "add )"),
        ("all of (ada, elm", "M252", "(", "add )"),
        ("ada)", "M252", ")", "leave it out, or open it before"),
        ("()", "M252", ")", "write a rule there, or leave it out"),
        ("majorty of board", "M253", "majorty", "did you mean majority?"),
        ("Majority of board", "M253", "Majority", "did you mean majority?"),
        ("majority of board outstandng", "M253", "outstandng", "did you mean outstanding?"),
        ("majority of series a", "M253", "a", "ids have no spaces: write series-a, or join two with and"),
        ("majority of Series-A", "M253", "Series-A", "write series-a"),
        ("unanimous board", "M253", "unanimous", "write all of board"),
        ("ada for cause only", "M253", "for cause only", "leave it out"),
        ("at least 120% of votes", "M254", "120%", "write a share above 0% and up to 100%"),
        ("0% of votes", "M254", "0%", "write a share above 0% and up to 100%"),
        ("more than 100% of votes", "M254", "100%", "write never"),
        ("0.5 of votes", "M254", "0.5", "write 50%"),
        ("1/0 of votes", "M224", "1/0", "write a number below the line that is not zero"),
        ("0 of board", "M255", "0", "write a number of at least 1"),
        ("3 of (ada, elm)", "M255", "3", "write at most 2"),
        ("all but x of board", "M255", "x", "write a whole number, such as all but 1 of board"),
        ("majority", "M257", "majority", "write majority of board, of votes or of a class"),
        ("ada and 2/3", "M257", "2/3", "write 2/3 of board, of votes or of a class"),
        ("majority of common together", "M258", "together", "name two or more: a and b together"),
        ("ada and elm together", "M258", "together", "write majority of a and b together"),
        ("board on thirty days notice", "M240", "thirty days", "write 30 days"),
        ("no objection of ftc", "M250", "", "write no objection of PARTY within 30 days"),
        ("board capped at 15%", "M250", "", "write capped at 15% a holder"),
    ],
)
def test_a_wrong_rule_says_where_and_what_to_write(text: str, code: str, words: str, hint: str) -> None:
    fault = parse_rule(text)
    assert isinstance(fault, RuleFault)
    assert (fault.code, text[fault.start : fault.end], fault.hint) == (code, words, hint)


def test_only_a_body_rule_may_leave_the_electorate_out() -> None:
    own = Electorate("body", ())
    assert parse_body_rule("majority") == Vote(MAJORITY, own)
    assert parse_body_rule("2/3 present and ada") == And(
        (Vote(Share("least", Fraction(2, 3)), own, (Condition("present"),)), ada())
    )
    assert parse_body_rule("3") == Vote(Share("count", count=3), own)
    assert parse_body_rule("majority of votes") == parse_rule("majority of votes")
    assert format_rule(Vote(MAJORITY, own, (Condition("in office"),))) == "majority in office"


def test_removal_for_cause() -> None:
    assert parse_removal("ada for cause only") == (ada(), True)
    assert parse_removal("majority of common") == (Vote(MAJORITY, word("common")), False)
    fault = parse_removal("majority of for cause only")
    assert isinstance(fault, RuleFault)


names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,6}(\.[a-z][a-z0-9-]{0,3})?", fullmatch=True).filter(
    lambda name: not name.isdigit() and name not in RESERVED | {"board", "votes", "trustees", "members", "manager"}
)
roles: st.SearchStrategy[Party] = st.sampled_from(
    [Party("general partner"), Party("manager"), Party("trustees"), Party("attorney general")]
)
parties = names.map(lambda name: Party("id", name)) | names.map(lambda name: Party("holder of", name)) | roles
portions = st.fractions(0, 1, max_denominator=10**6).filter(bool)
durations = st.builds("{} {}".format, st.integers(1, 400), st.sampled_from(["days", "weeks", "months", "years", "day"]))
conditions = st.lists(
    st.sampled_from(["outstanding", "cast", "present", "in office", "protective", "substantive"]).map(Condition)
    | portions.map(lambda amount: Condition("quorum", amount))
    | portions.map(lambda amount: Condition("capped", amount))
    | durations.map(lambda words: Condition("notice", words=words))
    | st.just(Condition("excluding", words="the one concerned"))
    | st.lists(parties, min_size=1, max_size=3, unique=True).map(
        lambda some: Condition("excluding", parties=tuple(some))
    ),
    max_size=2,
).map(tuple)
quotas = (
    st.sampled_from([Share("majority"), Share("all"), Share("plurality"), Share("cumulative")])
    | portions.filter(lambda amount: amount < 1).map(lambda amount: Share("more", amount))
    | portions.map(lambda amount: Share("least", amount))
    | st.integers(1, 10**6).map(lambda count: Share("all but", count=count))
)
counts = st.integers(1, 10**6).map(lambda count: Share("count", count=count))
electorates = st.one_of(
    st.just(BOARD),
    names.map(word),
    st.lists(names, min_size=2, max_size=4).map(lambda some: Electorate("together", tuple(some))),
    st.sampled_from([Electorate("votes"), Electorate("trustees"), Electorate("members")]),
    names.map(lambda name: Electorate("others", (name,))),
)
listed = st.lists(parties, min_size=1, max_size=3, unique=True).map(
    lambda some: Electorate("parties", parties=tuple(some))
)
clauses = st.one_of(
    st.builds(Vote, quotas, electorates | listed, conditions),
    st.builds(Vote, counts, electorates, conditions),
    st.builds(Consent, parties, conditions),
    st.builds(ByBody, st.just("board"), conditions),
    st.builds(NoObjection, parties, durations, conditions),
    st.builds(Never, conditions),
)


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    different = st.lists(inner, min_size=2, max_size=4, unique=True).map(tuple)
    return st.one_of(
        st.builds(And, several, conditions),
        st.builds(Or, several, conditions),
        different.flatmap(lambda items: st.builds(KOf, st.integers(1, len(items)), st.just(items), conditions)),
    )


@given(st.recursive(clauses, composed, max_leaves=12))
def test_a_written_rule_reads_back(rule: Rule) -> None:
    text = format_rule(rule)
    assert parse_rule(text) == rule
    assert parse_rule(f"( ({text}) )") == rule


GRAMMAR = (
    "majority of board votes and or ( ) , ; 2 2/3 75% all but 1 at least more than consent ada elm together never "
    "no objection within 30 days with quorum excluding the one concerned capped a holder on notice in office"
)
grammar_words = st.sampled_from(GRAMMAR.split())


@given(st.text(max_size=40) | st.lists(grammar_words, max_size=14).map(" ".join))
def test_no_words_stop_the_reader(text: str) -> None:
    for parse in (parse_rule, parse_body_rule):
        found = parse(text)
        if isinstance(found, RuleFault):
            assert 0 <= found.start <= found.end <= len(text)
        elif parse is parse_rule:
            assert parse_rule(format_rule(found)) == found


def on_a_small_stack(work: Callable[[], Any]) -> Any:
    """Run work on a thread with 256 KB of stack, and return what it returns."""
    found: list[Any] = []
    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: found.append(work()))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    return found[0]


def test_a_hundred_thousand_parentheses_change_nothing() -> None:
    deep = 100_000
    assert on_a_small_stack(lambda: parse_rule("(" * deep + "ada" + ")" * deep)) == ada()
    many = on_a_small_stack(lambda: parse_rule(" and ".join(["(ada or elm)"] * 10_000)))
    assert len(many.parts) == 10_000


def test_a_tree_may_be_as_deep_as_stated_and_no_deeper() -> None:
    def nested(depth: int) -> str:
        return "(ada and " * depth + "elm" + ")" * depth

    whole = on_a_small_stack(lambda: parse_rule(nested(MOST_DEEP)))
    assert on_a_small_stack(lambda: parse_rule(format_rule(whole)) == whole)
    assert on_a_small_stack(lambda: len({whole, parse_rule(f"({format_rule(whole)})")})) == 1
    for depth in (MOST_DEEP + 1, 100_000):
        fault = on_a_small_stack(lambda depth=depth: parse_rule(nested(depth)))
        assert isinstance(fault, RuleFault)
        assert (fault.code, fault.end - fault.start) == ("M256", 1)
    unclosed = on_a_small_stack(lambda: parse_rule("2 of (" * 100_000))
    assert isinstance(unclosed, RuleFault)


def test_a_deep_tree_is_written() -> None:
    rule: Rule = ada()
    for _ in range(100_000):
        rule = And((ada(), rule))
    text = on_a_small_stack(lambda: format_rule(rule))
    assert text.startswith("consent of ada and (consent of ada and (")
    assert text.endswith(")" * 99_999)
    while isinstance(rule, And):  # taken apart from the top, so that freeing it needs no stack
        rule = rule.parts[1]
