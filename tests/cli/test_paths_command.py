"""`muniment paths`, its certificates, and `path` in expectations and reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from muniment.cli.main import run
from muniment.render.formats import FORMATS

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "paths.json").read_text(encoding="utf-8"))
HEAD = 'name = "Harbor"\nformat = 1\nlaw_pack = "none"\n'
HARBOR = """\
2021-01-01 person ada
2021-01-01 person bo
2021-01-01 person cy
2021-01-01 person dee
2021-01-01 company harbor "Harbor Robotics"
  class shares
    votes per share: 1
  board
    decides by: majority
    seats any
      number: 3
      filled by: majority of shares
      removed by: majority of shares
  rules
    amend charter: majority of board and majority of votes
    sell company: at least 80% of votes
    dissolve: all of votes
      changed by: wind up
    wind up: never
      changed by: wind up
2021-01-02 issue harbor
  ada: 60 shares
  bo: 30 shares
  cy: 10 shares
2021-01-02 appoint harbor
  any: bo, cy, dee
"""
OPEN = """\
2021-01-01 source a "A"
  kind: statement
2021-01-01 source b "B"
  kind: statement
2021-01-01 account version-a
  follows: @a
""" + HARBOR.replace("  ada: 60 shares\n", "  ada: disputed\n    - 60 shares   [@a]\n    - 20 shares   [@b]\n")
ON = ("--on", "2021-02-01")
SALE = ("--matter", "harbor: sell company", *ON)
INDEPENDENT = ("--directors", "independent", "--matter", "harbor: ordinary decision", *ON)
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def asking(*words: str) -> tuple[int, str, str]:
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return asking


def book(folder: Path, text: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "muniment.toml").write_text(HEAD, encoding="utf-8")
    (folder / "book.muni").write_text(text, encoding="utf-8")
    return str(folder)


@pytest.fixture
def harbor(tmp_path: Path) -> str:
    return book(tmp_path / "harbor", HARBOR)


def faults(answer: Any) -> list[str]:
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    return [fault.message[:200] for fault in validator.iter_errors(answer)]


def answered(ask: Ask, *words: str) -> Any:
    code, out, err = ask("paths", *words, "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert faults(answer) == []
    return answer


def test_a_path_is_found_with_its_moves_and_what_they_rest_on(ask: Ask, harbor: str) -> None:
    answer = answered(ask, harbor, "--who", "ada", *INDEPENDENT)
    assert (answer["answer"], answer["days"], answer["consent_distance"]) == ("path", 0, 0)
    assert [move["kind"] for move in answer["moves"]] == ["empty seats", "fill seats"]
    assert [move["by"] for move in answer["moves"]] == [["ada"], ["ada"]]
    assert all(move["because"] and move["needs"] for move in answer["moves"])
    last = answer["moves"][-1]["standing"]["bodies"][0]
    assert (last["ours"], last["votes"], last["carry"]) == (3, 3, 2)
    assert answer["certificate"]["kind"] == "plan"


@pytest.mark.parametrize(
    ("who", "matter", "wanted"),
    [("ada", "ordinary decision", "already"), ("bo,cy", "sell company", "no path"), ("ada, bo", "dissolve", "no path")],
)
def test_other_answers_have_no_moves(ask: Ask, harbor: str, who: str, matter: str, wanted: str) -> None:
    answer = answered(ask, harbor, "--who", who, "--matter", f"harbor: {matter}", *ON)
    assert (answer["answer"], answer["moves"], answer["days"]) == (wanted, [], None)
    assert bool(answer["misses"]) == (wanted == "no path")


def test_all_that_can_be_asked_beside_it_is_answered_and_described(ask: Ask, harbor: str) -> None:
    words = ("--coalitions", "2", "--cuts", "--keep", "harbor: sell company by ada, bo, cy")
    answer = answered(ask, harbor, "--who", "ada", *SALE, *words)
    assert answer["answer"] == "path"
    assert answer["coalitions"]
    assert answer["cuts"]
    assert answer["cuts"] == [[each["id"] for each in cut["provisions"]] for cut in answer["cut_details"]["each"]]
    assert {name for cut in answer["cuts"] for name in cut} <= {each["id"] for each in answer["provisions"]}


@pytest.mark.parametrize("adversary", ["passive", "blocking", "hostile"])
def test_each_adversary_is_asked(ask: Ask, harbor: str, adversary: str) -> None:
    assert answered(ask, harbor, "--who", "ada", *INDEPENDENT, "--adversary", adversary)["adversary"] == adversary


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_answer(ask: Ask, harbor: str, form: str) -> None:
    code, out, err = ask("paths", harbor, "--who", "ada", *SALE, "--why", "--cuts", "--format", form)
    assert (code, err) == (0, "")
    assert "path" in out
    assert "sell company" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--matter", "harbor: sell company"), "--who is missing"),
        (("--who", "ada"), "--matter is missing"),
        (("--who", "ada", "--matter", "sell company"), "names no entity and matter; write 'ENTITY: MATTER'"),
        (("--who", " , ", *SALE), "--who names nobody"),
        (("--who", "adda", *SALE), "there is no party 'adda'; did you mean 'ada'?"),
        (("--who", "ada", "--matter", "harbour: sell company", *ON), "did you mean 'harbor'?"),
        (("--who", "ada", "--matter", "harbor: sell compny", *ON), "'sell compny'"),
        (("--who", "ada", "--matter", "harbor: ", *ON), "names no entity and matter"),
        (("--who", "ada", *SALE, "--keep", "harbor: merge"), "add --cuts"),
        (("--who", "ada", *SALE, "--cuts", "--keep", "merge"), "'merge' names no matter of an entity"),
        (("--who", "ada", *SALE, "--coalitions", "0"), "--coalitions"),
        (("--who", "ada", *SALE, "--adversary", "hostil"), "hostil"),
        (("--who", "ada", "--verify", "x.json"), "--verify checks a file; ask nothing else beside it"),
        (("--verify", "not-there.json"), "No such file"),
        (("--who", "ada", "--matter", "harbor: sell company", "--on", "2020-01-01"), "does not exist on 2020-01-01"),
        (("--who", "harbor.boad", *SALE), "harbor.boad"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(ask: Ask, harbor: str, words: tuple[str, ...], said: str) -> None:
    code, out, err = ask("paths", harbor, *words)
    assert (code, out) == (2, "")
    assert said in err.splitlines()[-1]


def written(ask: Ask, harbor: str, path: Path, who: str = "ada") -> Any:
    code, _, err = ask("paths", harbor, "--who", who, *SALE, "--certificate", str(path))
    assert (code, err) == (0, "")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("who", "kind"), [("ada", "plan"), ("bo", "closure"), ("ada,bo", "already")])
def test_a_certificate_is_written_and_accepted(ask: Ask, harbor: str, tmp_path: Path, who: str, kind: str) -> None:
    path = tmp_path / "c.json"
    certificate = written(ask, harbor, path, who)
    assert certificate["kind"] == kind or (kind == "closure" and certificate["kind"] == "maximal states")
    code, out, err = ask("paths", "--verify", str(path))
    assert (code, err) == (0, "")
    assert "Accepted: c.json" in out
    assert certificate["question"]["book_hash"]
    code, out, _ = ask("paths", "--verify", str(path), "--json")
    found = json.loads(out)
    assert faults(found) == []
    assert (found["verified"]["accepted"], found["verified"]["is_of_this_book"]) == (True, None)
    assert found["verified"]["question"]["who"] == sorted(who.split(","))


def test_verifying_needs_no_book_and_compares_with_one_that_is_given(
    ask: Ask, harbor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.json"
    written(ask, harbor, path)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert ask("paths", "--verify", str(path))[0] == 0
    code, out, _ = ask("paths", harbor, "--verify", str(path))
    assert code == 0
    assert "has the hash that the certificate names" in out
    other = book(tmp_path / "other", HARBOR.replace("60", "61"))
    code, out, _ = ask("paths", other, "--verify", str(path))
    assert code == 0
    assert "has another hash" in out


def test_the_answer_as_json_is_verified_too(ask: Ask, harbor: str, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answered(ask, harbor, "--who", "ada", *SALE)), encoding="utf-8")
    assert ask("paths", "--verify", str(path))[0] == 0


def test_a_certificate_that_was_changed_is_rejected(ask: Ask, harbor: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    certificate = written(ask, harbor, path)
    certificate["claim"]["plan"] = []
    path.write_text(json.dumps(certificate), encoding="utf-8")
    code, out, err = ask("paths", "--verify", str(path))
    assert (code, err) == (1, "")
    assert "Rejected: c.json" in out
    assert "It fails: " in out
    found = json.loads(ask("paths", "--verify", str(path), "--json")[1])
    assert faults(found) == []
    assert found["verified"]["accepted"] is False


@pytest.mark.parametrize("text", ["", "not json", "[" * 100_000, '{"a": 1, "a": 2}', '{"a": NaN}', "\udcff"])
def test_what_is_no_json_is_unreadable(ask: Ask, tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    code, out, err = ask("paths", "--verify", str(path))
    assert (code, out) == (2, "")
    assert "not JSON; name a file that --certificate wrote" in err


@pytest.mark.parametrize("text", ["1", "[]", "{}", '{"certificate": 5}', '{"certificate": {}, "kind": "plan"}'])
def test_json_that_is_no_certificate_is_rejected(ask: Ask, tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text, encoding="utf-8")
    code, out, _ = ask("paths", "--verify", str(path))
    assert code == 1
    assert "Rejected" in out


def test_a_folder_is_no_certificate(ask: Ask, tmp_path: Path) -> None:
    code, _, err = ask("paths", "--verify", str(tmp_path))
    assert code == 2
    assert "Traceback" not in err


def test_against_others_who_move_the_game_is_certified(ask: Ask, harbor: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    question = ("--who", "ada", *SALE, "--adversary", "hostile")
    code, _, _ = ask("paths", harbor, *question, "--certificate", str(path))
    assert code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["kind"] in ("win", "defeat")
    code, out, _ = ask("paths", harbor, "--verify", str(path))
    assert code == 0
    assert "Accepted" in out
    assert "The book given has the hash that the certificate names" in out
    changed = json.loads(path.read_text(encoding="utf-8"))
    changed["problem"]["positions"][0]["holds"] = not changed["problem"]["positions"][0]["holds"]
    path.write_text(json.dumps(changed), encoding="utf-8")
    code, out, _ = ask("paths", "--verify", str(path))
    assert code == 1
    assert "Rejected" in out


def test_a_defeat_that_rests_on_a_bound_is_not_a_no(ask: Ask, tmp_path: Path) -> None:
    held = "2021-01-02 issue harbor\n  ada: 60 shares\n  bo: 30 shares\n  cy: 10 shares\n"
    assert held in HARBOR
    folder = book(tmp_path / "b", HARBOR.replace(held, "2021-01-02 holding harbor\n  ada: 40% to 60% of shares\n"))
    for adversary in ("blocking", "hostile"):
        found = answered(ask, folder, "--who", "ada", *INDEPENDENT, "--adversary", adversary)
        assert found["answer"] == "undetermined"
        assert "stated within bounds" in " ".join(found["would_decide"])


def test_an_open_fact_that_changes_the_answer_gives_each_reading(ask: Ask, tmp_path: Path) -> None:
    folder = book(tmp_path / "open", OPEN)
    answer = answered(ask, folder, "--who", "ada", *INDEPENDENT)
    assert (answer["answer"], answer["moves"]) == ("undetermined", [])
    assert [(each["answer"], list(each["reads"].values())) for each in answer["readings"]] == [
        ("path", ["60 shares"]),
        ("no path", ["20 shares"]),
    ]
    assert answer["accounts"]["holds"] == "open"
    assert [each["answer"] for each in answer["accounts"]["flips"]]
    chosen = answered(ask, folder, "--who", "ada", *INDEPENDENT, "--account", "version-a")
    assert (chosen["answer"], chosen["readings"], chosen["accounts"]["holds"]) == ("path", [], "under version-a")
    code, _, err = ask("paths", folder, "--who", "ada", *INDEPENDENT, "--certificate", str(tmp_path / "c.json"))
    assert code == 2
    assert "ask in one --account" in err
    assert not (tmp_path / "c.json").exists()


LINES = """\
2021-02-01 expect harbor
  directors: independent
"""


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("ordinary decision, path: ada", None),
        ("ordinary decision, path: bo", "M530"),
        ("dissolve, path: nobody", None),
        ("ordinary decision, path: adda", "M532"),
        ("ordinary decision, path of ada: yes", None),
        ("ordinary decision, path of ada: 2 moves", None),
        ("ordinary decision, path of ada: 2 moves, 0 days", None),
        ("ordinary decision, path of ada: 1 move", "M530"),
        ("ordinary decision, path of ada: 2 moves, 10 days", "M530"),
        ("ordinary decision, path of ada: already", "M530"),
        ("harbor: ordinary decision, path of bo + cy: already", None),
        ("ordinary decision, path of bo + cy: yes", "M530"),
        ("ordinary decision, path of bo: no", None),
        ("ordinary decision, path of adda: no", "M532"),
        ("ordinary decison, path of ada: no", "M532"),
        ("path of ada: yes", "M531"),
        ("ordinary decision, paths of ada: yes", "M531"),
    ],
)
def test_expectations_ask_for_paths(ask: Ask, tmp_path: Path, line: str, outcome: str | None) -> None:
    folder = book(tmp_path / "b", HARBOR + LINES + f"  {line}\n")
    answer = json.loads(ask("check", folder, "--format", "json")[1])
    assert [each["code"] for each in answer["diagnostics"]] == ([outcome] if outcome else [])


def test_an_expectation_that_does_not_hold_says_what_is_done_instead(ask: Ask, tmp_path: Path) -> None:
    folder = book(tmp_path / "b", HARBOR + LINES + "  ordinary decision, path of ada: no\n")
    answer = json.loads(ask("check", folder, "--format", "json")[1])
    assert "but it is 2 moves, 0 days" in answer["diagnostics"][0]["message"]
    assert "seats" in answer["diagnostics"][0]["hint"]


def test_the_adversary_is_a_label_of_an_expectation(ask: Ask, tmp_path: Path) -> None:
    text = HARBOR + LINES + "  adversary: hostile\n  ordinary decision, path of ada: yes\n"
    answer = json.loads(ask("check", book(tmp_path / "b", text), "--format", "json")[1])
    assert answer["diagnostics"] == []
    text = text.replace("hostile", "friendly")
    answer = json.loads(ask("check", book(tmp_path / "c", text), "--format", "json")[1])
    assert [each["code"] for each in answer["diagnostics"]] == ["M280"]


def test_an_expectation_on_an_open_fact_is_open(ask: Ask, tmp_path: Path) -> None:
    lines = "  ordinary decision, path of ada: open\n  ordinary decision, path of bo + cy: already\n"
    folder = book(tmp_path / "b", OPEN + LINES + lines)
    answer = json.loads(ask("check", folder, "--format", "json")[1])
    assert [each["holds"] for each in answer["expectations"]] == [True, True]


def test_the_report_has_each_path_asked_once_with_its_picture(ask: Ask, tmp_path: Path) -> None:
    asked = "  ordinary decision, path of ada: yes\n  ordinary decision, path of bo: no\n"
    folder = book(tmp_path / "b", HARBOR + LINES + asked + LINES + asked)
    out = ask("report", folder)[1]
    assert out.count("Is there a path? ada, harbor: ordinary decision, on 2021-02-01") == 1
    assert out.count("\nPaths to control\n") == 1
    assert "no sequence of the moves considered leads bo to control" in " ".join(out.split())
    answer = json.loads(ask("report", folder, "--json")[1])
    assert [(each["who"], each["answer"], len(each["moves"])) for each in answer["paths"]] == [
        (["ada"], "path", 2),
        (["bo"], "no path", 0),
    ]
    assert ask("report", folder, "-o", str(tmp_path / "r.html"))[0] == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.count("<svg ") == 2
    assert page.count('<section class="part"><h3>The plan</h3>') == 1
    assert "after move 2, harbor.board: any 3 ours, 3 of 3 votes, 2 carry" in page
