"""The other legal tests: EU merger control, Delaware, UK PSC, EU AMLR, OFAC, US CTA, close links."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from datetime import date

import pytest
from control_books import PERSONS, written
from hypothesis import given, settings
from hypothesis import strategies as st
from test_legal_chains import holdings, networks

import muniment.control.legal
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.structure import Structure
from muniment.control.legal import TESTS, Finding, Given, Inquiry, find, legal_finding, legal_test


def ask(structure: Structure, test: str, entity: str, party: str, given: Given = Given()) -> Finding:  # noqa: B008
    found = legal_test(test)
    assert found is not None
    return legal_finding(structure, found, entity, party, given)


def answer(structure: Structure, test: str, entity: str, party: str, *blocked: str) -> str:
    return ask(structure, test, entity, party, Given((), frozenset(blocked))).answer


def company(name: str = "co", law: str = "", rules: str = "", **votes: int) -> str:
    text = f"2020-01-01 company {name}\n"
    text += f"  law: {law}\n  law pack: none\n" if law else ""
    text += "  class ordinary\n    votes per share: 1\n"
    text += f"  rules\n{rules}" if rules else ""
    held = "".join(f"  {holder}: {number} ordinary\n" for holder, number in votes.items())
    return text + (f"2020-01-01 issue {name}\n{held}" if held else "")


class TestOfac:
    """FAQ 398 to 401, with their own examples."""

    def test_half_of_half_is_half(self) -> None:
        structure = holdings([("x", "a", "0.5"), ("a", "b", "0.5")])
        assert answer(structure, "ofac-50", "b", "x") == "yes"

    def test_two_quarters_through_two_halves(self) -> None:
        structure = holdings([("x", "a", "0.5"), ("x", "b", "0.5"), ("a", "c", "0.25"), ("b", "c", "0.25")])
        assert answer(structure, "ofac-50", "c", "x") == "yes"

    def test_direct_and_indirect_are_added(self) -> None:
        structure = holdings([("x", "a", "0.5"), ("x", "b", "0.1"), ("a", "b", "0.4")])
        assert answer(structure, "ofac-50", "b", "x") == "yes"

    def test_less_than_half_counts_for_nothing_below(self) -> None:
        structure = holdings([("x", "a", "0.49"), ("a", "b", "1")])
        assert answer(structure, "ofac-50", "b", "x") == "no"

    def test_several_blocked_persons_are_added(self) -> None:
        structure = holdings([("x", "a", "0.25"), ("y", "a", "0.25"), ("z", "a", "0.5")])
        assert answer(structure, "ofac-50", "a", "x") == "no"
        assert answer(structure, "ofac-50", "a", "x", "x", "y") == "yes"

    def test_control_without_ownership_does_not_count(self) -> None:
        text = company(ada=100) + "2020-01-01 amend co\n  class super\n    votes per share: 1,000\n"
        structure = written(text + "2020-01-02 issue co\n  bo: 10 super\n")
        assert answer(structure, "ofac-50", "co", "bo") == "no"
        assert answer(structure, "ofac-50", "co", "ada") == "yes"


class TestUkPsc:
    """Companies Act 2006, Schedule 1A."""

    @pytest.mark.parametrize(("share", "expected"), [("0.25", "no"), ("0.26", "yes")])
    def test_more_than_a_quarter(self, share: str, expected: str) -> None:
        structure = holdings([("x", "a", share), ("y", "a", str(round(1 - float(share), 2)))])
        assert answer(structure, "uk-psc", "a", "x") == expected

    def test_only_majority_stakes_pass_a_holding_on(self) -> None:
        # Forty percent of the company that holds all of it: nothing for this test, and enough in the EU.
        structure = holdings([("p1", "a", "0.4"), ("p2", "a", "0.6"), ("a", "declaring", "1")])
        assert answer(structure, "uk-psc", "declaring", "p1") == "no"
        assert answer(structure, "uk-psc", "a", "p1") == "yes"
        assert answer(structure, "uk-psc", "declaring", "p2") == "yes"
        company_a = ask(structure, "uk-psc", "declaring", "a")
        assert company_a.answer == "yes"
        assert "75% or more" in " ".join(company_a.why)
        assert any("relevant legal entity" in note for note in company_a.assumptions)
        assert answer(structure, "eu-amlr", "declaring", "p1") == "yes"

    def test_a_joint_arrangement_gives_each_what_both_hold(self) -> None:
        pool = "2020-01-01 agreement pact\n  parties: ada, bo\n  voting pool\n    members: ada, bo\n    over: co\n"
        shares = company(law="England", ada=20, bo=20, cy=60)
        assert answer(written(shares), "uk-psc", "co", "ada") == "no"
        found = ask(written(shares + pool), "uk-psc", "co", "ada")
        assert found.answer == "yes"
        assert "40%" in found.why[0]
        assert "joint arrangement" in found.why[0]

    def test_trustees_and_whoever_directs_the_trust(self) -> None:
        trust = "2020-01-01 trust family\n  trustees: ada, bo\n"
        structure = written(trust + company(law="Scotland", family=30, cy=70))
        assert [answer(structure, "uk-psc", "co", name) for name in ("ada", "bo", "cy", "dee")] == [
            "yes", "yes", "yes", "no",
        ]  # fmt: skip

    def test_a_veto_over_strategy_is_influence_and_a_protective_one_is_not(self) -> None:
        text = company(law="Wales", rules="    set budget: majority of votes\n", ada=90, bo=10)
        veto = "2020-01-01 agreement pact\n  parties: bo, co\n  consent\n    of: bo\n    for: co: set budget\n"
        assert answer(written(text), "uk-psc", "co", "bo") == "no"
        assert answer(written(text + veto), "uk-psc", "co", "bo") == "yes"
        assert answer(written(text + veto + "    nature: protective\n"), "uk-psc", "co", "bo") == "no"

    def test_appointing_most_of_the_board(self) -> None:
        board = (
            "2020-01-02 amend co\n  board\n    decides by: majority\n"
            "    seats own\n      number: 3\n      filled by: bo\n      removed by: bo\n"
            "    seats other\n      number: 2\n      filled by: majority of votes\n"
            "      removed by: majority of votes\n"
        )
        found = ask(written(company(law="England", ada=90, bo=10) + board), "uk-psc", "co", "bo")
        assert found.answer == "yes"
        assert any("3 of 5" in words for words in found.why)

    def test_a_bounded_share_across_the_line(self) -> None:
        text = company(law="England") + "2020-01-01 holding co\n  ada: 20% to 30% of votes\n  bo: 50% of votes\n"
        found = ask(written(text), "uk-psc", "co", "ada")
        assert found.answer == "undetermined"
        assert any("ada" in doubt for doubt in found.would_decide)


class TestEuAmlr:
    """Regulation (EU) 2024/1624, Articles 51 to 54."""

    @pytest.mark.parametrize(("share", "expected"), [("0.5", "yes"), ("0.49", "no")])
    def test_a_quarter_or_more_multiplied(self, share: str, expected: str) -> None:
        # Half of a half is exactly a quarter; the other half of the middle belongs to one who controls it.
        structure = holdings(
            [("p", "a", share), ("q", "a", str(1 - float(share))), ("a", "t", "0.5"), ("r", "t", "0.5")]
        )
        found = ask(structure, "eu-amlr", "t", "p")
        assert found.answer == expected
        assert any("Art. 52(1)" in words for words in found.why)

    def test_control_and_ownership_at_different_levels_article_54(self) -> None:
        # p controls a by 60%, a owns 30% of t: by multiplication 18%, by Article 54 the whole 30%.
        structure = holdings([("p", "a", "0.6"), ("q", "a", "0.4"), ("a", "t", "0.3"), ("r", "t", "0.7")])
        found = ask(structure, "eu-amlr", "t", "p")
        assert found.answer == "yes"
        assert any("Art. 54" in words for words in found.why)
        # s has 30% of c, which controls t by 60%: 18% multiplied, but an interest in the controlling company.
        other = holdings([("s", "c", "0.3"), ("u", "c", "0.7"), ("c", "t", "0.6"), ("r", "t", "0.4")])
        assert answer(other, "eu-amlr", "t", "s") == "yes"

    def test_only_natural_persons(self) -> None:
        structure = holdings([("p", "a", "1"), ("a", "t", "1")])
        assert answer(structure, "eu-amlr", "t", "a") == "no"
        assert answer(structure, "eu-amlr", "t", "p") == "yes"

    def test_the_day_of_application_is_said(self) -> None:
        structure = holdings([("p", "a", "1")])
        assert any("2027-07-10" in note for note in ask(structure, "eu-amlr", "a", "p").assumptions)

    def test_members_who_act_apart_are_not_one_person(self) -> None:
        structure = written("2020-01-01 group crowd\n  acts: apart\n" + company(ada=50, crowd=50))
        assert answer(structure, "eu-amlr", "co", "crowd") == "undetermined"

    def test_a_veto_that_is_not_strategic_is_left_open(self) -> None:
        text = company(rules="    sell company: majority of votes and consent of bo\n", ada=90, bo=10)
        found = ask(written(text), "eu-amlr", "co", "bo")
        assert found.answer == "undetermined"
        assert "'sell company'" in found.would_decide[0]


class TestUsCta:
    """31 CFR 1010.380(d)."""

    def test_a_quarter_is_enough_and_options_are_taken_as_used(self) -> None:
        text = company(law="Nevada", ada=80, bo=20)
        assert answer(written(text), "us-cta", "co", "bo") == "no"
        option = "2020-01-01 option call\n  issuer: co\n  holder: bo\n  over: 10 ordinary\n  from: ada\n"
        found = ask(written(text + option + "  exercisable: 2030-01-01/2031-01-01\n"), "us-cta", "co", "bo")
        assert found.answer == "yes"
        assert any("taken as used" in note for note in found.assumptions)
        assert answer(written(text + option + "  exercisable: never\n"), "us-cta", "co", "bo") == "no"

    def test_senior_officers_have_substantial_control(self) -> None:
        office = (
            "2020-01-02 amend co\n  office ceo\n    filled by: majority of votes\n    removed by: majority of votes\n"
        )
        structure = written(company(law="Texas", ada=100) + office + "2020-01-03 appoint co\n  ceo: cy\n")
        assert answer(structure, "us-cta", "co", "cy") == "yes"
        assert answer(structure, "us-cta", "co", "dee") == "no"

    def test_since_march_2025_a_domestic_company_reports_nothing(self) -> None:
        text = PERSONS + company(law="Delaware", ada=100)
        for day, said in (("2025-03-25", False), ("2025-03-26", True)):
            structure = World(load_text(text)).on(date.fromisoformat(day))
            found = ask(structure, "us-cta", "co", "ada")
            assert found.answer == "yes"
            assert any("reports no beneficial owners" in note for note in found.assumptions) is said


class TestDelaware:
    """8 Del. C. section 144(e)."""

    @pytest.mark.parametrize(
        ("votes", "expected"), [(51, "yes"), (50, "undetermined"), (34, "undetermined"), (33, "no")]
    )
    def test_majority_third_and_less(self, votes: int, expected: str) -> None:
        structure = written(company(law="Delaware", ada=votes, bo=100 - votes))
        found = ask(structure, "delaware", "co", "ada")
        assert found.answer == expected
        if expected == "undetermined":
            assert "managerial authority" in found.would_decide[-1]

    def test_exactly_a_third_is_enough_to_ask(self) -> None:
        assert answer(written(company(law="Delaware", ada=1, bo=2)), "delaware", "co", "ada") == "undetermined"

    def test_a_right_to_most_of_the_board(self) -> None:
        board = (
            "2020-01-02 amend co\n  board\n    decides by: majority\n"
            "    seats own\n      number: 2\n      filled by: bo\n      removed by: bo\n"
            "    seats other\n      number: 1\n      filled by: majority of votes\n"
            "      removed by: majority of votes\n"
        )
        assert answer(written(company(law="Delaware", ada=90, bo=10) + board), "delaware", "co", "bo") == "yes"

    def test_a_pool_is_a_control_group(self) -> None:
        pool = "2020-01-01 agreement pact\n  parties: ada, bo\n  voting pool\n    members: ada, bo\n    over: co\n"
        text = company(law="Delaware", ada=30, bo=30, cy=40)
        assert answer(written(text), "delaware", "co", "ada") == "no"
        found = ask(written(text + pool), "delaware", "co", "ada")
        assert found.answer == "yes"
        assert "control group" in found.why[0]

    def test_another_law_is_said(self) -> None:
        found = ask(written(company(law="Ireland", ada=100)), "delaware", "co", "ada")
        assert any("as though it were a Delaware corporation" in note for note in found.assumptions)


class TestEuMerger:
    """Consolidated Jurisdictional Notice, paragraphs 54 to 82."""

    def test_sole_joint_negative_and_none(self) -> None:
        assert answer(written(company(ada=60, bo=40)), "eu-merger", "co", "ada") == "yes"
        assert answer(written(company(ada=60, bo=40)), "eu-merger", "co", "bo") == "no"
        halves = written(company(ada=50, bo=50))
        for name in ("ada", "bo"):
            found = ask(halves, "eu-merger", "co", name)
            assert (found.answer, "joint control" in found.why[0]) == ("yes", True)
        negative = written(
            company(rules="    ordinary decision: at least 75% of votes\n", ada=40, bo=20, cy=20, dee=20)
        )
        found = ask(negative, "eu-merger", "co", "ada")
        assert (found.answer, "negative sole control" in found.why[0]) == ("yes", True)
        assert answer(negative, "eu-merger", "co", "bo") == "no"
        thirds = written(company(ada=34, bo=33, cy=33))
        assert [answer(thirds, "eu-merger", "co", name) for name in ("ada", "bo", "cy")] == ["no", "no", "no"]

    def test_a_veto_over_the_charter_alone_is_no_control(self) -> None:
        text = company(rules="    amend charter: at least 80% of votes\n", ada=75, bo=25)
        assert answer(written(text), "eu-merger", "co", "bo") == "no"

    def test_a_directors_own_vote_is_no_veto(self) -> None:
        board = (
            "2020-01-01 nonprofit house\n  board\n    decides by: majority\n    seats all\n      number: 2\n"
            "      filled by: majority of board\n      removed by: majority of board\n"
            "2020-01-02 appoint house\n  all: ada, bo\n"
        )
        structure = written(board)
        assert [answer(structure, "eu-merger", "house", name) for name in ("ada", "bo")] == ["no", "no"]

    def test_the_largest_of_a_dispersed_company_is_open(self) -> None:
        structure = written("2020-01-01 group public\n  acts: apart\n" + company(ada=40, public=60))
        found = ask(structure, "eu-merger", "co", "ada")
        assert found.answer == "undetermined"
        assert "less than 80%" in found.would_decide[0]


class TestCloseLinks:
    """Article 4(1)(38) of the Capital Requirements Regulation; Article 138 of the ECB's guideline."""

    @pytest.mark.parametrize(("share", "expected"), [("0.2", "yes"), ("0.19", "no")])
    def test_a_fifth_in_either_direction(self, share: str, expected: str) -> None:
        structure = holdings([("a", "b", share), ("x", "b", str(round(0.75 - float(share), 2))), ("y", "a", "1")])
        assert answer(structure, "close-links", "b", "a") == expected
        assert answer(structure, "close-links", "a", "b") == expected

    def test_by_way_of_control_the_whole_holding_counts(self) -> None:
        structure = holdings(
            [("a", "m", "0.6"), ("z", "m", "0.4"), ("m", "b", "0.25"), ("w", "b", "0.75"), ("y", "a", "1")]
        )
        assert answer(structure, "close-links", "b", "a") == "yes"
        assert answer(structure, "close-links-eurosystem", "b", "a") == "no"  # 15% multiplied

    def test_one_who_controls_both(self) -> None:
        structure = holdings([("p", "a", "0.9"), ("p", "b", "0.9")])
        found = ask(structure, "close-links", "b", "a")
        assert (found.answer, "p controls both" in found.why[0]) == ("yes", True)

    def test_a_third_who_has_a_fifth_of_both(self) -> None:
        structure = holdings([("p", "a", "0.2"), ("q", "a", "0.8"), ("p", "b", "0.2"), ("r", "b", "0.8")])
        assert answer(structure, "close-links", "b", "a") == "no"
        assert answer(structure, "close-links-eurosystem", "b", "a") == "yes"


@settings(max_examples=25, deadline=None)
@given(networks(), st.sampled_from(["p", "q", "e0", "e1"]))
def test_every_test_ends_with_a_reasoned_answer(edges: list[tuple[str, str, object]], party: str) -> None:
    structure = holdings(edges)
    inquiry = Inquiry(structure)
    if party not in structure.parties:
        return
    for test in TESTS:
        for entity in structure.entities:
            found = find(inquiry, test, entity, party)
            assert found.answer in ("yes", "no", "undetermined")
            assert found.why
            assert found.because
            assert bool(found.would_decide) is (found.answer == "undetermined")


@settings(max_examples=25, deadline=None)
@given(networks())
def test_the_half_of_ofac_implies_the_quarter_of_others(edges: list[tuple[str, str, object]]) -> None:
    """Whoever controls by a majority at every level is a person with significant control, and a beneficial owner."""
    structure = holdings(edges)
    inquiry = Inquiry(structure)
    tests = {test.id: test for test in TESTS}
    for person in ("p", "q"):
        for entity in structure.entities:
            if person in structure.parties and entity in inquiry.controlled((person,), entity).certain:
                assert find(inquiry, tests["uk-psc"], entity, person).answer == "yes"
                assert find(inquiry, tests["eu-amlr"], entity, person).answer == "yes"
                assert find(inquiry, tests["eu-merger"], entity, person).answer == "yes"


def test_a_long_chain_is_walked_without_recursion() -> None:
    size = 400
    structure = holdings([("x", "e0", "0.9"), *((f"e{n}", f"e{n + 1}", "0.6") for n in range(size))])
    inquiry = Inquiry(structure)
    for name, expected in (("ifrs10", "yes"), ("uk-psc", "yes"), ("ofac-50", "yes"), ("close-links-eurosystem", "no")):
        test = legal_test(name)
        assert test is not None
        assert find(inquiry, test, f"e{size}", "x").answer == expected


def test_each_test_says_its_source_version_and_limits() -> None:
    assert len({test.id for test in TESTS}) == len(TESTS) == 9
    for test in TESTS:
        for words in (test.title, test.source, test.version, test.reads, test.limits):
            assert len(words) > 20, test.id
        assert (test.ask.__doc__ or "").startswith("Return whether"), test.id


def test_examples_in_the_modules_hold() -> None:
    package = muniment.control.legal
    ran = 0
    for info in pkgutil.iter_modules(package.__path__):
        result = doctest.testmod(importlib.import_module(f"{package.__name__}.{info.name}"))
        assert result.failed == 0, info.name
        ran += result.attempted
    assert ran >= 3
