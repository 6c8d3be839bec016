"""Mandatory law: what a document says that its statute does not allow, in `published/law.json` and beside it."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_books import acme, codes

from muniment.answers.checking import check_book
from muniment.book.law_codes import CODES
from muniment.book.load import load
from muniment.book.rule_levels import EVERYTHING, MAJORITY, NOTHING, Level, is_barred, level_of
from muniment.model.rule_reader import parse_rule
from muniment.model.rules import And, KOf, Never, Or, Rule, RuleFault, Share, Vote
from muniment.model.rules import Electorate as Voters

CASES = Path(__file__).resolve().parents[1] / "cases"
SOURCES = (
    "2010-01-01 source charter\n  kind: charter\n2010-01-01 source bylaws\n  kind: bylaws\n2010-01-01 source pact\n"
)
COMPANY = SOURCES + "2015-12-01 company acme\n  law: Delaware\n  class common\n    votes per share: 1\n"
BOARD = "  board\n    seats directors\n      number: 7\n"


def rule(text: str) -> Rule:
    read = parse_rule(text)
    assert not isinstance(read, RuleFault)
    return read


# published/law.json, dgcl-141k: questions of legal validity fit no expectation


def test_vaalco_a_charter_cannot_limit_removal_to_cause() -> None:
    """Case dgcl-141k, question a: unclassified board, no cumulative votes, the charter says cause only: not valid."""
    text = COMPANY + BOARD + "      removed by: majority of votes for cause only  [@charter, art. 5]\n"
    assert codes(text) == ["M610"]
    assert CODES["M610"].severity == "error"
    classified = text.replace("number: 7", "number: 7\n      term: 3 years, a third each year")
    cumulative = text.replace("number: 7", "number: 7\n      filled by: cumulative of common  [@charter, art. 4]")
    assert codes(classified) == []
    assert codes(cumulative) == []


def test_frechter_a_bylaw_cannot_ask_two_thirds_for_a_removal() -> None:
    """Case dgcl-141k, question b: a bylaw that asks 66 2/3% of the votes to remove a director: not valid."""
    text = COMPANY + BOARD + "      removed by: at least 66 2/3% of votes  [@bylaws, s. 3.4]\n"
    assert codes(text) == ["M611"]
    assert CODES["M611"].severity == "error"
    assert codes(text.replace("@bylaws, s. 3.4", "@charter, art. 5")) == []
    assert codes(text.replace("@bylaws, s. 3.4", "@pact, s. 1")) == ["M612"]
    assert codes(text.replace("  [@bylaws, s. 3.4]", "")) == ["M612"]
    assert CODES["M612"].severity == "warning"


def test_a_removal_of_the_whole_board_is_looked_at_as_well() -> None:
    rules = "  rules\n    remove directors: all of votes  [@bylaws, s. 3]\n"
    assert codes(COMPANY + BOARD + rules) == ["M611"]
    assert codes(COMPANY + BOARD + rules.replace("all of votes", "majority of votes")) == []


@pytest.mark.parametrize("switch", ["law pack: none", "law pack: uk"])
def test_another_pack_or_none_switches_the_checks_off(switch: str) -> None:
    text = COMPANY + BOARD + "      removed by: never\n"
    assert codes(text) == ["M610"]
    found = codes(text.replace("law: Delaware", f"law: Delaware\n  {switch}"))
    assert "M610" not in found
    assert codes(text.replace("law: Delaware", "law: Maine")) == []
    assert codes(text.replace("company acme", "trust acme")) == []


def test_the_setting_of_the_book_switches_the_checks_off(tmp_path: Path) -> None:
    (tmp_path / "acme.muni").write_text(COMPANY + BOARD + "      removed by: never\n", encoding="utf-8")
    for setting, expected in (("", ["M610"]), ('law_pack = "none"\n', []), ('law_pack = "us-de"\n', ["M610"])):
        (tmp_path / "muniment.toml").write_text(f'name = "Case"\nformat = 1\n{setting}', encoding="utf-8")
        assert [one.code for one in check_book(load(tmp_path)).diagnostics] == expected


def test_every_day_on_which_the_terms_change_is_looked_at_once() -> None:
    never = "      removed by: never\n"
    mended = (
        "2017-01-01 amend acme\n" + BOARD.replace("      number: 7\n", "") + "      removed by: majority of votes\n"
    )
    worse = mended.replace("2017", "2018").replace("majority of votes", "at least 3/4 of votes  [@bylaws, s. 1]")
    remark = "2019-01-01 amend acme\n  purpose: toys\n"
    assert codes(COMPANY + BOARD + never + mended + worse + remark) == ["M610", "M611"]


def test_a_term_before_the_pack_begins_is_not_judged_until_it_is_in_force() -> None:
    text = (COMPANY + BOARD + "      removed by: never\n").replace("2015-12-01 company", "1985-12-01 company")
    assert codes(text) == []
    assert codes(text + "2015-01-01 amend acme\n  purpose: toys\n") == ["M610"]


def test_a_proposal_is_checked_as_well() -> None:
    proposed = (
        "2016-01-01 proposal entrench\n2016-02-01 amend acme\n  under: entrench\n"
        + BOARD.replace("      number: 7\n", "")
        + "      removed by: never\n"
    )
    assert codes(COMPANY + BOARD + proposed) == ["M610"]


def test_seats_that_are_not_elected_by_holders_are_left_alone() -> None:
    seats = "      filled by: ada\n      removed by: ada\n"
    assert codes(COMPANY + BOARD + seats) == []
    observer = "      votes each: 0\n      removed by: never\n"
    assert codes(COMPANY + BOARD + observer) == []


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("merge: board", ["M613"]),
        ("merge: board and majority of votes", []),
        ("merge: board and majority of votes cast", ["M613"]),
        ("merge: board and majority of common", []),
        ("merge: board or majority of votes", ["M613"]),
        ("merge: consent of ada", []),
        ("merge: majority of directors", ["M613"]),
        ("amend charter: majority of board and at least 2/3 of votes", []),
        ("set budget: board", []),
        ("merge: majority of votes with quorum 1/4", ["M614"]),
        ("act by written consent: never", ["M612"]),
        ("act by written consent: majority of votes", []),
    ],
)
def test_fundamental_changes_of_a_delaware_corporation(terms: str, expected: list[str]) -> None:
    found = codes(COMPANY + BOARD + f"  rules\n    {terms}\n")
    assert [code for code in found if code.startswith("M6")] == expected


@pytest.mark.parametrize(
    ("law", "terms", "expected"),
    [
        ("Scotland", "amend charter: at least 75% of votes cast", []),
        ("Scotland", "amend charter: more than 3/4 of votes cast", []),
        ("Scotland", "amend charter: at least 74% of votes cast", ["M616"]),
        ("Scotland", "amend charter: board", ["M616"]),
        ("Scotland", "amend charter: never", []),
        ("Scotland", "remove directors: board or majority of votes cast", []),
        ("Scotland", "remove directors: board and majority of votes cast", ["M617"]),
        ("Germany\n  legal form: GmbH", "amend charter: majority of votes cast", ["M616"]),
        ("Germany\n  legal form: AG", "amend charter: majority of votes cast", []),
        ("Germany", "amend charter: majority of votes cast", []),
        ("Netherlands\n  legal form: BV", "remove directors: at least 2/3 of votes cast", []),
        ("Netherlands\n  legal form: BV", "remove directors: more than 2/3 of votes cast", ["M622"]),
        ("Netherlands\n  legal form: besloten vennootschap", "remove directors: all of votes", ["M622"]),
    ],
)
def test_majorities_of_other_laws(law: str, terms: str, expected: list[str]) -> None:
    text = COMPANY.replace("law: Delaware", f"law: {law}")
    assert codes(text + BOARD + f"  rules\n    {terms}\n") == expected


# How much of the votes a rule needs


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("majority of votes", MAJORITY),
        ("2/3 of votes", Level(Fraction(2, 3))),
        ("more than 2/3 of votes", Level(Fraction(2, 3), True)),
        ("all of votes", Level(Fraction(1))),
        ("never", EVERYTHING),
        ("board", NOTHING),
        ("majority of board", NOTHING),
        ("board and majority of votes", MAJORITY),
        ("board or majority of votes", NOTHING),
        ("majority of votes or 2/3 of votes", MAJORITY),
        ("2 of (majority of votes, 2/3 of votes, board)", MAJORITY),
        ("3 of (majority of votes, 2/3 of votes, board)", Level(Fraction(2, 3))),
    ],
)
def test_the_level_of_a_rule(text: str, level: Level) -> None:
    assert level_of(rule(text)) == level


VOTES = Voters("votes")
SHARES = st.sampled_from(
    [Share("majority"), Share("all"), *(Share(kind, Fraction(n, 6)) for kind in ("more", "least") for n in range(1, 6))]
)
LEAVES: st.SearchStrategy[Rule] = st.one_of(SHARES.map(lambda share: Vote(share, VOTES)), st.just(Never()))
RULES: st.SearchStrategy[Rule] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: KOf(2, tuple(parts))),
    ),
    max_leaves=6,
)


def passes(found: Rule, agreeing: Fraction) -> bool:
    """Whether a rule on the votes alone is satisfied where this share of them agrees."""
    match found:
        case And(parts):
            return all(passes(part, agreeing) for part in parts)
        case Or(parts):
            return any(passes(part, agreeing) for part in parts)
        case KOf(k, items):
            return sum(passes(item, agreeing) for item in items) >= k
        case Vote(share):
            needed = {"majority": Fraction(1, 2), "all": Fraction(1)}.get(share.kind, share.amount)
            assert needed is not None
            return agreeing > needed if share.kind in ("majority", "more") else agreeing >= needed
        case _:
            return False


@given(found=RULES)
def test_the_level_of_a_rule_is_the_least_share_with_which_it_passes(found: Rule) -> None:
    level = level_of(found)
    grid = [Fraction(n, 12) for n in range(13)]
    assert is_barred(found) == (not any(passes(found, share) for share in grid))
    for share in grid:
        assert passes(found, share) == (share > level.share if level.more else share >= level.share)


# The codes


def test_every_code_of_the_law_names_a_section_or_speaks_of_packs() -> None:
    section = re.compile(r"\bss?\. \d|BW \d:\d")
    assert [code for code, row in CODES.items() if code not in ("M600", "M601") and not section.search(row.what)] == []


def test_hints_of_the_cases_name_the_section() -> None:
    for code in CODES:
        if code in ("M600", "M601"):
            continue
        for case in CASES.glob(f"{code}-*"):
            hints = re.findall(r"(?m)= hint: (.*)$", (case / "expected.txt").read_text(encoding="utf-8"))
            assert hints
            assert all(re.search(r"\bss?\. \d|BW \d:\d", hint) for hint in hints), case.name


def test_a_book_that_only_uses_the_law_has_no_fault() -> None:
    assert codes(COMPANY + BOARD) == []
    assert acme(COMPANY + BOARD).bodies["board"].decides_by is not None
