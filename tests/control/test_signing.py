"""Who must sign or vote, in which capacity, on what notice, and by when."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from control_books import DAY, PERSONS, decided, written
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from test_control_anything import BOOK, clause

from muniment.book.accounts import World
from muniment.book.load import load, load_text
from muniment.book.structure import Structure
from muniment.cli.main import run
from muniment.control import NoSuchMatter, Signing, matters_of, who_signs
from muniment.control.deadlines import Delay, by_deadline, first_days, later, latest_start
from muniment.control.formula import Actor, And, AtLeast, Constant, Mode, Node, Or, System, least, prepare
from muniment.control.formula import same_in_every_mode as alike
from muniment.control.signing_lines import Line
from muniment.model.values import Duration

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "signatures.json").read_text(encoding="utf-8"))

GROUP = """
2020-01-01 source charter "Charter"
  kind: charter
2020-01-01 government ftc
  law pack: none
2020-01-01 company top
  law pack: none
  class c
    votes per share: 1
  board
    decides by: majority
    seats s
      number: 3
      filled by: majority of c
      removed by: majority of c
2020-01-02 issue top
  fay: 60 c
  gus: 40 c
2020-01-02 appoint top
  s: ada, bo
2020-01-01 company mid
  law pack: none
  class c
    votes per share: 1
  rules
    vote shares: majority of votes on 14 days notice
2020-01-02 issue mid
  top: 80 c
  gus: 20 c
2020-01-01 company acme
  law pack: none
  annual meeting: 05-15
  class c
    votes per share: 1
  office ceo
    filled by: majority of board
  board
    decides by: majority
    chair: cy, casting vote
    seats common
      number: 2
      filled by: majority of c
      removed by: majority of c
    seats boss
      number: 1
      occupant: holder of ceo
  rules
    sell company: (majority of board and at least 75% of votes on 30 days notice) or (consent of ada and 2 of (bo, cy))
    merge: majority of votes on 30 days notice and no objection of ftc within 2 months   [@charter, art. 9]
      > at least thirty days notice
    dissolve: never
    act by written consent: all of votes
    elect directors: majority of votes
2020-01-02 issue acme
  mid: 60 c
  dee: 20 c
  eve: 20 c
2020-01-02 appoint acme
  common: cy, dee
  ceo: eve
2020-01-03 agreement sha
  parties: acme, gus
  consent
    of: gus
    for: sell company, merge
    nature: protective
"""


def signed(structure: Structure, question: str, by: date, *willing: str) -> Signing:
    found = who_signs(structure, question, by=by, willing=willing)
    assert isinstance(found, Signing), found
    return found


def in_days(days: int) -> date:
    return DAY + timedelta(days=days)


def line(found: Signing, instrument: str) -> Line:
    return next(each for each in found.lines if each.instrument.startswith(instrument))


def test_a_board_and_a_class_each_in_its_capacity() -> None:
    structure = World(load(ROOT / "books" / "acme")).on(date(2021, 4, 1))
    found = signed(structure, "acme: sell company", date(2021, 4, 30))
    assert [each.instrument for each in found.lines] == [
        "resolution of acme.board",
        "vote of the holders of acme",
        "vote of the holders of series-a of acme",
    ]
    board, votes, series = found.lines
    assert board.needed == "a majority: 3 of 5 seats of acme.board"
    assert board.signers[0][:2] == ("bram", "director, series-a-director seat 1 of acme.board")
    assert votes.needed == "a majority: more than 4,000,000 of 8,000,000 votes of acme"
    assert votes.signers[0][:2] == ("ada", "holder of 4,000,000 votes of acme")
    assert series.signers[0][:2] == ("birch-ventures", "holder of 2,000,000 series-a of acme")
    assert series.because[0].quotations[0].text.startswith("shall require the consent")
    assert (found.possible, found.earliest) == ("yes", date(2021, 4, 1))
    assert found.signers == ("ada", "birch-ventures", "bram", "grace")
    assert (found.fewest, found.other_sets) == (True, 5)
    assert "No rule states the notice of a meeting of acme; none is counted." in found.assumptions


def test_a_chain_of_holders_acts_through_its_own_boards_on_its_own_notice() -> None:
    found = signed(written(GROUP), "acme: merge", in_days(60))
    votes, mid, top = line(found, "vote of the holders of acme"), found.lines[2], found.lines[3]
    assert [signer.decides_by for signer in votes.signers if signer.party == "mid"] == [(mid.number,)]
    assert (mid.instrument, mid.purpose, mid.depth) == ("vote of the holders of mid", "so that mid votes", 1)
    assert [signer.decides_by for signer in mid.signers if signer.party == "top"] == [(top.number,)]
    assert (top.instrument, top.vacant, top.depth) == ("resolution of top.board", 1, 2)
    assert [signer.capacity for signer in top.signers] == [f"director, s seat {at} of top.board" for at in (1, 2)]
    assert mid.ways[0].notice == "14 days notice"
    assert mid.ways[0].earliest == in_days(14)
    meeting, in_writing = votes.ways
    assert (meeting.form, meeting.earliest, meeting.notice_by) == ("meeting", in_days(30), in_days(30))
    assert (in_writing.form, in_writing.needs, in_writing.earliest) == ("in writing", "all of votes", in_days(14))
    assert meeting.because[0].quotations[0].text == "at least thirty days notice"


def test_a_consent_letter_and_an_objection_that_lapses() -> None:
    found = signed(written(GROUP), "acme: merge", in_days(70))
    letter = line(found, "consent letter of gus")
    assert letter.nature == "protective"
    assert letter.signers[0].capacity == "party to sha"
    gate = line(found, "no objection of ftc")
    assert gate.gate == "nobody else can bring it about"
    assert gate.ways[0].earliest == date(2022, 3, 1)
    assert gate.ways[0].notice_by == date(2022, 1, 12)
    assert found.signers == ("ada", "bo", "gus")  # by then nobody asks the authority to sign
    assert (found.earliest, found.signers_earliest) == (date(2022, 3, 1), date(2022, 3, 1))
    assert (found.earliest_with_consents, found.silent) == (in_days(14), ("ftc",))
    sooner = signed(written(GROUP), "acme: merge", in_days(20))
    assert sooner.signers == ("ada", "bo", "dee", "eve", "ftc", "gus")  # all holders in writing, and its consent
    assert line(sooner, "no objection of ftc").ways[0].notice_by is None
    never = signed(written(GROUP), "acme: merge", in_days(10))
    assert (never.possible, never.earliest, never.earliest_with_consents) == ("no", date(2022, 3, 1), in_days(14))


def test_alternatives_are_routes_with_their_signers_and_first_days() -> None:
    found = signed(written(GROUP), "acme: sell company", in_days(20))
    assert [(route.words, route.signers, route.earliest, route.possible) for route in found.routes] == [
        (
            ("consent of ada and 2 of (bo, cy)", "consent of bo and consent of cy"),
            ("ada", "bo", "cy", "gus"),
            DAY,
            "yes",
        ),
        (
            ("majority of board and at least 75% of votes on 30 days notice",),
            ("ada", "bo", "dee", "eve", "gus"),
            in_days(14),
            "yes",
        ),
    ]
    assert found.signers == ("ada", "bo", "cy", "gus")
    assert line(found, "1 of: ").needed == "1 of 2 alternatives"
    casting = line(found, "resolution of acme.board")
    assert casting.needed.endswith("or exactly half with the chair")
    assert "in the chair" in casting.signers[0].capacity
    assert casting.signers[2][:2] == ("eve", "director, boss seat 1 of acme.board")  # ex officio


def test_who_is_willing_leaves_the_others_to_be_found() -> None:
    found = signed(written(GROUP), "acme: sell company", in_days(20), "eve", "dee", "cy")
    assert found.further == ("ada", "bo", "gus")
    assert found.signers == ("ada", "bo", "cy", "gus")
    assert [signer.party for each in found.lines for signer in each.signers if signer.willing].count("cy") >= 2
    through = signed(written(GROUP), "acme: sell company", in_days(20), "mid", "fay")
    assert "Nobody asks fay to sign for this matter." in through.assumptions
    assert any(sentence.startswith("mid acts through others") for sentence in through.assumptions)


def test_never_cannot_be_signed() -> None:
    found = signed(written(GROUP), "acme: dissolve", in_days(999))
    assert (found.possible, found.earliest, found.signers) == ("no", None, ())
    assert [each.gate for each in found.lines] == [
        "nobody can: it is never allowed, or its rule or electorate is missing"
    ]


def test_an_election_waits_for_the_annual_meeting_unless_one_can_be_called() -> None:
    text = GROUP.replace("    act by written consent: all of votes\n", "")
    found = signed(written(text), "acme: elect directors", date(2022, 12, 31))
    assert [(way.form, way.earliest) for way in found.lines[0].ways] == [("annual meeting", date(2022, 5, 15))]
    assert "No rule says who calls a meeting of acme; its elections wait for the annual one." in found.assumptions
    called = text.replace("    dissolve: never\n", "    call meeting: consent of eve on 10 days notice\n")
    found = signed(written(called), "acme: elect directors", date(2022, 12, 31))
    assert [(way.form, way.earliest) for way in found.lines[0].ways] == [
        ("meeting", in_days(14)),
        ("annual meeting", date(2022, 5, 15)),
    ]
    call = line(found, "consent of eve")
    assert (call.purpose, call.earliest) == ("to call a meeting of acme", in_days(10))


def test_a_meeting_is_called_before_its_notice_runs() -> None:
    text = GROUP.replace("    dissolve: never\n", "    call meeting: consent of eve on 10 days notice\n")
    text = text.replace("    act by written consent: all of votes\n", "")
    found = signed(written(text), "acme: merge", date(2022, 3, 1))
    assert line(found, "vote of the holders of acme").earliest == in_days(40)
    assert found.earliest == in_days(40) or found.earliest == date(2022, 3, 1)
    call = line(found, "consent of eve")
    assert call.ways[0].notice_by == date(2022, 3, 1) - timedelta(days=40)


def test_written_consent_of_a_statutory_pack_is_an_assumption() -> None:
    text = """
2020-01-01 company e
  law: Delaware
  class c
    votes per share: 1
  rules
    amend bylaws: majority of votes on 30 days notice
2020-01-02 issue e
  ada: 60 c
  bo: 40 c
"""
    found = signed(written(text), "e: amend bylaws", in_days(5))
    assert found.possible == "yes"
    assert found.signers == ("ada",)
    way = next(way for way in found.lines[0].ways if way.form == "in writing")
    assert any("act by written consent" in basis.words for basis in way.because)
    assert any(
        "act by written consent" in sentence and "default of its law" in sentence for sentence in found.assumptions
    )
    barred = text.replace("amend bylaws:", "act by written consent: never\n    amend bylaws:")
    found = signed(written(barred), "e: amend bylaws", in_days(5))
    assert (found.possible, found.earliest) == ("no", in_days(30))


def test_nothing_is_said_of_writing_where_no_rule_says_it() -> None:
    text = "2020-01-01 nonprofit f\n  law pack: none\n  board\n    decides by: majority\n    seats t\n      number: 2\n"
    found = signed(written(text + "2020-01-02 appoint f\n  t: ada, bo\n"), "f: merge", DAY)
    assert [way.form for way in found.lines[0].ways] == ["meeting"]
    assert (
        "No rule says whether f.board may act in writing, without a meeting; they are taken not to."
        in found.assumptions
    )
    rule = "  rules\n    act by written consent: all of board\n"
    found = signed(written(text + rule + "2020-01-02 appoint f\n  t: ada, bo\n"), "f: merge", DAY)
    assert [(way.form, way.needs) for way in found.lines[0].ways] == [("meeting", ""), ("in writing", "all of board")]


def test_a_circle_cannot_be_signed_and_says_so() -> None:
    structure = World(load(ROOT / "books" / "pyramid")).on(DAY)
    found = signed(structure, "left: elect directors", DAY)
    assert (found.possible, found.earliest, found.signers) == ("no", None, ())
    assert {each.gate for each in found.lines} == {"cannot be had, even with everyone agreeing"}
    assert len(found.lines) == 3


def test_what_takes_holders_who_do_not_act_together_is_undetermined() -> None:
    text = "2020-01-01 company e\n  law pack: none\n  class c\n    votes per share: 1\n"
    text += "  rules\n    merge: majority of votes\n"
    found = signed(written(text + "2020-01-02 holding e\n  ada: 40% of votes\n"), "e: merge", DAY)
    assert (found.possible, found.earliest, found.earliest_with_others) == ("undetermined", None, DAY)
    assert found.signers == ()  # the others would do alone


def test_roles_pools_and_entities_without_rules() -> None:
    text = """
2020-01-01 fund oak
2020-01-01 partnership lp
  law pack: none
  general partner: oak
  class units
    votes per unit: 1
  rules
    borrow: consent of general partner (substantive) and consent of attorney general
    remove general partner: majority of units
2020-01-02 issue lp
  ada: 30 units
  bo: 30 units
  cy: 40 units
2020-01-03 agreement pact
  parties: ada, bo
  voting pool
    members: ada, bo
    over: lp
    decides by: consent of ada
"""
    found = signed(written(text), "lp: borrow", DAY)
    partner, authority = found.lines
    assert partner.signers[0][:2] == ("oak", "as general partner of lp")
    assert partner.nature == "substantive"
    assert authority.signers[0].capacity == "as the authority whose consent the rule asks for"
    found = signed(written(text), "lp: remove general partner", DAY)
    assert found.signers == ("ada",)
    votes = line(found, "vote of the holders of units of lp")
    assert votes.signers[0][:2] == ("ada", "holder of 30 units of lp, voted by the voting pool pact")
    assert votes.signers[1].decides_by


@given(
    start=st.dates(date(1999, 1, 1), date(2032, 12, 31)),
    count=st.integers(0, 40),
    unit=st.sampled_from(["days", "weeks", "months", "years"]),
)
def test_the_last_day_to_start_is_the_last(start: date, count: int, unit: str) -> None:
    length = Duration(count, unit)
    last = latest_start(start, length)
    assert last is not None
    ended, after = later(last, length), later(last + timedelta(days=1), length)
    assert ended is not None
    assert after is not None
    assert ended <= start < after or (unit in ("months", "years") and ended <= start)
    assert after > start


@pytest.mark.parametrize("seed", range(60))
def test_two_roads_to_what_is_done_by_a_day(seed: int) -> None:
    """The first day by the queue, and the system unrolled over deadlines, agree for every coalition."""
    chance = random.Random(seed)
    names = ["ada", "bo", "cy", "dee"]
    nodes: list[Node] = [*(Actor(name) for name in names), Constant(True)]
    delays: dict[int, Delay] = {}
    for _ in range(8):
        parts = tuple(chance.sample(range(len(nodes)), chance.randint(1, 3)))
        kind = chance.choice(["and", "or", "least", "wait", "until"])
        if kind == "and":
            nodes.append(And(parts))
        elif kind == "or":
            nodes.append(Or(parts))
        elif kind == "least":
            weights = [chance.randint(1, 3) for _ in parts]
            nodes.append(AtLeast(parts, alike(weights, chance.randint(1, sum(weights)))))
        else:
            nodes.append(And(parts[:1]))
            wait = Duration(chance.randint(0, 2), chance.choice(["days", "months"])) if kind == "wait" else None
            until = DAY + timedelta(days=chance.randint(0, 40)) if kind == "until" else None
            delays[len(nodes) - 1] = Delay("", wait, until)
    system = System(tuple(nodes), len(nodes) - 1)
    circuit = prepare(system, Mode.CERTAIN)
    for days in (0, 1, 2, 15, 30, 31, 45, 62, 100):
        by = DAY + timedelta(days=days)
        unrolled = by_deadline(system, delays, DAY, by)
        assert unrolled is not None
        timed = prepare(unrolled.system, Mode.CERTAIN)
        for size in range(5):
            for agreeing in combinations(names, size):
                first = first_days(circuit, delays, agreeing, DAY).get(system.root)
                done = bool(least(timed, agreeing).yes[unrolled.system.root])
                assert done is (first is not None and first <= by), (agreeing, by, first)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_a_book_says_the_signers_pass_it_and_no_fewer_do(seed: int) -> None:
    chance = random.Random(seed)
    text = PERSONS + BOOK.format(
        *(clause(chance) for _ in range(8)), decides="majority", number=chance.randint(0, 3), held="30% of x"
    )
    structure = World(load_text(text)).on(DAY)
    for matter in [*matters_of(structure, "e"), "dissolve", "fill vacancies"]:
        if matter in ("call meeting", "act by written consent"):
            continue
        found = signed(structure, f"e: {matter}", in_days(3650))
        decision = decided(structure, f"e: {matter}", "independent")
        assert found.lines
        assert found.because
        if found.possible == "yes" and found.fewest and "no objection" not in str(found.lines):
            smallest = min((len(each) for each in decision.coalitions), default=None)
            assert len(found.signers) == smallest, (seed, matter)
        if found.possible == "no" and found.earliest_with_others is None:
            assert decision.impossible or "on 3 days notice" in str(structure.entities)


def test_wrong_questions_are_refused_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Group"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "group.muni").write_text(PERSONS + GROUP, encoding="utf-8")
    wrong = {
        ("acme", "sell compny", "--by", "2022-02-01"): "did you mean 'sell company'?",
        ("acm", "merge", "--by", "2022-02-01"): "there is no entity 'acm'; did you mean 'acme'?",
        ("acme", "merge", "--by", "2021-12-31"): "--by 2021-12-31 is before 2022-01-01",
        ("acme", "merge", "--by", "soon"): "'soon' is not a day such as 2021-04-01",
        ("acme", "merge"): "Missing option '--by'",
        ("acme", "top: merge", "--by", "2022-02-01"): "'top: merge' is a matter of 'top', not of 'acme'",
        ("acme", "merge", "--by", "2022-02-01", "--who", "guss"): "there is no party 'guss'; did you mean 'gus'?",
        ("ada", "merge", "--by", "2022-02-01"): "'ada' is a person, not an entity",
    }
    for words, message in wrong.items():
        assert run(["signatures", str(tmp_path), *words, "--on", "2022-01-01"]) == 2
        said = capsys.readouterr()
        assert message in said.err
        assert said.out == ""
    assert isinstance(who_signs(written(GROUP), "acme: mrege", by=DAY), NoSuchMatter)
    with pytest.raises(ValueError, match="before"):
        who_signs(written(GROUP), "acme: merge", by=DAY - timedelta(days=1))


@pytest.mark.parametrize("matter", ["sell company", "merge", "dissolve", "elect directors"])
def test_every_format_gives_the_answer(matter: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Group"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "group.muni").write_text(PERSONS + GROUP, encoding="utf-8")
    asked = ["signatures", str(tmp_path), "acme", matter, "--on", "2022-01-01", "--by", "2022-02-01", "--who", "bo,cy"]
    for form in ("table", "md", "csv", "jsonl", "json"):
        assert run([*asked, "--why", "--format", form]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        assert "hash" in said.out
    answer = json.loads(said.out)
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    assert [fault.message for fault in validator.iter_errors(answer)] == []
    assert answer["answers"][0]["by"] == "2022-02-01"
    assert answer["version"]


def test_an_open_rule_gives_an_answer_for_each_reading(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Open"\nformat = 1\n', encoding="utf-8")
    text = """
2020-01-01 source a "A"
  kind: statement
2020-01-01 source b "B"
  kind: statement
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  rules
    merge: disputed
      - majority of votes on 10 days notice   [@a]
      - all of votes                          [@b]
2020-01-02 issue e
  ada: 60 c
  bo: 40 c
"""
    (tmp_path / "open.muni").write_text(PERSONS + text, encoding="utf-8")
    assert run(["signatures", str(tmp_path), "e", "merge", "--on", "2022-01-01", "--by", "2022-01-05", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [(each["possible"], each["signers"]) for each in answer["answers"]] == [
        ("no", ["ada"]),
        ("yes", ["ada", "bo"]),
    ]
    assert all(each["reads"] for each in answer["answers"])
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    assert [fault.message for fault in validator.iter_errors(answer)] == []
