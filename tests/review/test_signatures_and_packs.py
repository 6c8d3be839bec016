"""Signatures where silence counts, where papers go round in writing, and where a statute has a word in it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.structure import Structure
from muniment.cli.main import run
from muniment.control import Signing, who_signs
from muniment.control.signing_lines import Taken

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "signatures.json").read_text(encoding="utf-8"))
DAY = date(2024, 1, 2)
PEOPLE = "".join(f"2000-01-01 person {name}\n" for name in ("ada", "bo", "cy"))
AUTHORITIES = "2000-01-01 government ftc\n2000-01-01 government ec\n"
COMPANY = """
2020-01-01 company e
  {law}
  class c
    votes per share: 1
  board
    decides by: majority
    seats s
      number: 3
      {seats}
  rules
    {rules}
2020-01-02 issue e
  ada: 60 c
  bo: 30 c
  cy: 10 c
2020-01-02 appoint e
  s: ada, bo, cy
"""


def book(*rules: str, law: str = "law pack: none", seats: str = "filled by: majority of c") -> str:
    return PEOPLE + AUTHORITIES + COMPANY.format(law=law, seats=seats, rules="\n    ".join(rules))


def structure(text: str, on: date = DAY) -> Structure:
    loaded = load_text(text)
    assert [str(one) for one in loaded.diagnostics] == []
    return World(loaded).on(on)


def signed(text: str, matter: str, days: int, *willing: str, entity: str = "e") -> Signing:
    found = who_signs(structure(text), f"{entity}: {matter}", by=DAY + timedelta(days=days), willing=willing)
    assert isinstance(found, Signing), found
    return found


def ways(found: Signing, form: str) -> list[Taken]:
    return [way for way in found.lines[0].ways if way.form == form]


TWO_SILENCES = book(
    "borrow: majority of votes and no objection of ftc within 30 days and no objection of ec within 60 days"
)


@pytest.mark.parametrize(
    ("days", "possible", "signers", "earliest", "silent"),
    [
        (70, "yes", ("ada",), 60, ("ftc", "ec")),
        (60, "yes", ("ada",), 60, ("ftc", "ec")),
        (59, "yes", ("ada", "ec"), 30, ("ftc",)),
        (30, "yes", ("ada", "ec"), 30, ("ftc",)),
        (29, "yes", ("ada", "ec", "ftc"), 0, ()),
        (0, "yes", ("ada", "ec", "ftc"), 0, ()),
    ],
)
def test_the_first_day_is_that_of_the_signers_and_of_the_silence_it_counts(
    days: int, possible: str, signers: tuple[str, ...], earliest: int, silent: tuple[str, ...]
) -> None:
    found = signed(TWO_SILENCES, "borrow", days)
    assert (found.possible, found.signers, found.silent) == (possible, signers, silent)
    assert found.earliest == found.signers_earliest == DAY + timedelta(days=earliest)
    assert found.earliest_with_consents == DAY


def test_who_is_willing_to_consent_is_not_waited_for() -> None:
    found = signed(TWO_SILENCES, "borrow", 70, "ec")
    assert (found.earliest, found.silent) == (DAY + timedelta(days=30), ("ftc",))


def test_consent_before_the_silence_is_over_is_a_way_of_its_own() -> None:
    found = signed(TWO_SILENCES, "borrow", 70)
    gate = next(line for line in found.lines if line.instrument == "no objection of ec")
    silence, consent = gate.ways
    assert (silence.form, silence.earliest) == ("no objection", DAY + timedelta(days=60))
    assert (consent.form, consent.needs, consent.earliest) == ("consent", "its consent", DAY)
    assert gate.earliest == DAY + timedelta(days=60)


def test_each_route_has_the_first_day_of_its_own_signers() -> None:
    text = book("merge: consent of cy or (majority of votes and no objection of ftc within 30 days)")
    found = signed(text, "merge", 40)
    assert [(route.signers, route.earliest) for route in found.routes] == [
        (("cy",), DAY),
        (("ada",), DAY + timedelta(days=30)),
    ]


def test_silence_is_said_in_a_sentence_and_described_in_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "muniment.toml").write_text('name = "E"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "e.muni").write_text(TWO_SILENCES, encoding="utf-8")
    asked = ["signatures", str(tmp_path), "e", "borrow", "--on", "2024-01-02", "--by", "2024-03-12"]
    assert run(asked) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "It can be done by 2024-03-12: from 2024-03-02 on." in said
    assert "The silence of ftc, ec is counted; with the consent of ftc, ec, from 2024-01-02 on." in said
    assert run([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    assert [fault.message for fault in validator.iter_errors(answer)] == []
    (one,) = answer["answers"]
    assert (one["earliest"], one["earliest_with_consents"]) == ("2024-03-02", "2024-01-02")
    assert one["silent"] == ["ftc", "ec"]


def test_in_writing_no_quorum_is_asked_for() -> None:
    """With a quorum of three quarters 60 of 100 do nothing alone at a meeting; in writing a majority of all does."""
    text = book(
        "act by written consent: majority of votes",
        "transfer shares: majority of votes cast with quorum 3/4 on 20 days notice",
    )
    found = signed(text, "transfer shares", 5)
    assert (found.possible, found.signers, found.earliest) == ("yes", ("ada",), DAY)
    assert [way.needs for way in ways(found, "in writing")] == ["majority of votes"]
    barred = signed(text.replace("consent: majority of votes", "consent: never"), "transfer shares", 30)
    assert (barred.signers, barred.earliest) == (("ada", "bo"), DAY + timedelta(days=20))


@pytest.mark.parametrize(
    ("written", "rule", "needs", "signers"),
    [
        ("majority of votes", "at least 75% of votes", "", ("ada", "bo")),
        ("majority of votes", "at least 75% of votes cast", "at least 75% of votes", ("ada", "bo")),
        ("all of votes", "at least 75% of votes cast", "all of votes", ("ada", "bo", "cy")),
        ("majority of votes", "majority of votes on 20 days notice", "", ("ada",)),
        ("majority of votes", "at least 5% of votes cast with quorum 1/3", "majority of votes", ("ada",)),
    ],
)
def test_in_writing_the_stricter_of_the_two_shares_counts(
    written: str, rule: str, needs: str, signers: tuple[str, ...]
) -> None:
    text = book(f"act by written consent: {written}", "call meeting: never", f"merge: {rule}")
    found = signed(text, "merge", 5)
    assert [way.needs for way in ways(found, "in writing")] == [needs]
    assert (found.signers, found.earliest) == (signers, DAY)


def test_a_director_of_a_british_company_is_not_removed_in_writing() -> None:
    """Companies Act 2006 s. 288(2)(a): a resolution under s. 168 needs a meeting, on 28 days' notice."""
    text = book("borrow: board", law="law: England and Wales\n  legal form: Ltd", seats="term: 3 years")
    found = signed(text, "remove directors", 10)
    assert (found.possible, found.earliest) == ("no", DAY + timedelta(days=28))
    assert not ways(found, "in writing")
    assert any("288(2)(a)" in sentence for sentence in found.assumptions)
    amended = signed(text, "amend charter", 10)
    assert [way.needs for way in ways(amended, "in writing")] == ["at least 75% of votes"]


def test_what_a_statute_says_of_meetings_and_papers_is_told_where_it_is_not_counted() -> None:
    text = book("borrow: board", law="law: Delaware")
    found = signed(text, "merge", 10)
    said = "\n".join(found.assumptions)
    assert "DGCL ss. 222(b), 251(c), 271(a)" in said
    assert "DGCL s. 141(f)" in said
    assert "act by written consent: majority of votes outstanding (a default of its law" in said
    assert "s. 228(a), since 2000-01-01" in said
    assert "No rule s" not in said
    election = signed(text, "elect directors", 10)
    assert any("DGCL s. 211(b)" in sentence for sentence in election.assumptions)
    silent = "\n".join(signed(book("borrow: board"), "merge", 10).assumptions)
    assert "DGCL" not in silent


CHARITY = """
2020-01-01 nonprofit f
  law: California
  {form}
  members: ada, bo, cy
  board
    seats s
      number: 3
2020-01-02 appoint f
  s: ada, bo, cy
"""


def test_the_notice_to_the_attorney_general_runs_with_and_without_members() -> None:
    """Corporations Code s. 5913: 20 days before substantially all assets are sold."""
    for members in ("  members: ada, bo, cy\n", ""):
        text = PEOPLE + CHARITY.replace("  members: ada, bo, cy\n", members).replace("  {form}\n", "")
        found = signed(text, "sell company", 40, entity="f")
        assert found.earliest == DAY + timedelta(days=20), members


def test_a_legal_form_that_is_not_stated_is_an_assumption() -> None:
    sentence = "f states no legal form; it is taken to be a public benefit corporation."
    assert sentence in structure(PEOPLE + CHARITY.replace("  {form}\n", "")).assumptions
    stated = CHARITY.format(form="legal form: public benefit corporation")
    assert sentence not in structure(PEOPLE + stated).assumptions
    assert not any("legal form" in one for one in structure(book("borrow: board", law="law: Delaware")).assumptions)


def test_a_derivation_does_not_print_a_line_for_each_of_many_holders(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    holders = "".join(f"2000-01-01 person p{number}\n" for number in range(200))
    shares = "".join(f"  p{number}: 1 c\n" for number in range(200))
    text = f"{holders}2020-01-01 company e\n  class c\n    votes per share: 1\n  rules\n    merge: majority of votes\n"
    (tmp_path / "muniment.toml").write_text('name = "E"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "e.muni").write_text(f"{text}2020-01-02 issue e\n{shares}  p0: 300 c\n".replace("  p0: 1 c\n", ""))
    asked = ["control", str(tmp_path), "e", "--matter", "merge", "--on", "2024-01-02", "--directors", "loyal", "--why"]
    assert run(asked) == 0
    said = capsys.readouterr().out
    assert "more records, which --json lists." in said
    assert said.count("e.muni:") < 120
    assert run([*asked, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["answers"][0]["because"]) > 200
