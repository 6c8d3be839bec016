"""`muniment legal` and `TEST of PARTY` in expectations: what is refused, what open facts do, and every format."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from muniment.answers.legal import legal_answers
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.cli.main import run
from muniment.control.legal import TESTS
from muniment.render.formats import FORMATS

BOOKS = Path(__file__).resolve().parents[2] / "books"
ACME = str(BOOKS / "acme")
ON = ("--on", "2021-04-01")
HEAD = 'name = "Test"\nformat = 1\nlaw_pack = "none"\n'
OPEN = """\
2021-01-01 source a "A"
  kind: statement
2021-01-01 source b "B"
  kind: statement
2021-01-01 account version-a
  follows: @a
2021-01-01 person ada
2021-01-01 person bo
2021-01-01 company acme
  class common
    votes per share: 1
2021-01-01 issue acme
  ada: disputed
    - 60 common   [@a]
    - 20 common   [@b]
  bo: 40 common
"""


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    """Return a function that runs a command and gives its exit code, answer and messages."""

    def asked(*words: str) -> tuple[int, str, str]:
        code = run(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


def book(folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "muniment.toml").write_text(HEAD, encoding="utf-8")
    (folder / "test.muni").write_text(text, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--test", "ifrs"), "there is no legal test 'ifrs'; did you mean 'ifrs10'?"),
        (("--test", "x"), "there are: ifrs10, eu-merger"),
        (("--party", "adda"), "there is no party 'adda'; did you mean 'ada'?"),
        (("--blocked", "nobody"), "there is no party 'nobody'"),
        (("--entity", "acne"), "there is no entity 'acne'; did you mean 'acme'?"),
        (("--entity", "ada"), "'ada' is a person, not an entity"),
    ],
)
def test_what_is_not_there_is_wrong_usage_with_a_hint(ask, words: tuple[str, ...], says: str) -> None:
    code, out, err = ask("legal", ACME, *ON, *words)
    assert (code, out) == (2, "")
    assert says in " ".join(err.split())


def test_a_party_that_is_not_on_record_yet_is_refused(ask) -> None:
    code, out, err = ask("legal", ACME, "--on", "2021-01-01", "--party", "ada")
    assert (code, out) == (2, "")
    assert "'ada' is not on record on 2021-01-01; its record is of 2021-03-04" in " ".join(err.split())


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same(ask, form: str) -> None:
    code, out, err = ask("legal", ACME, *ON, "--party", "ada", "--test", "ifrs10", "--format", form)
    assert (code, err) == (0, "")
    assert all(word in out for word in ("ifrs10", "ada", "acme", "no"))


def test_the_machine_answer_has_the_fixed_fields(ask) -> None:
    _, out, _ = ask("legal", ACME, *ON, "--json")
    answer = json.loads(out)
    assert answer["format"] == 1
    assert answer["book_hash"]
    assert answer["assumptions"]
    assert {test["id"] for test in answer["tests"]} == {each["test"] for each in answer["answers"]}
    for each in answer["answers"]:
        assert set(each) >= {"entity", "party", "test", "answer", "because", "would_decide"}
        assert each["because"]
        assert each["why"]
        assert bool(each["would_decide"]) is (each["answer"] == "undetermined")


def test_nobody_behind_is_an_answer(ask, tmp_path: Path) -> None:
    folder = book(tmp_path / "b", "2021-01-01 person ada\n2021-01-01 company acme\n  class c\n    votes per share: 1\n")
    code, out, _ = ask("legal", folder, *ON)
    assert code == 0
    assert "Nobody on record stands behind any entity on 2021-04-01." in out
    code, out, _ = ask("legal", folder, *ON, "--party", "ada")
    assert "'ada' does not stand behind any entity" in out


def test_an_open_fact_gives_one_answer_for_each_reading(ask, tmp_path: Path) -> None:
    folder = book(tmp_path / "b", OPEN)
    _, out, _ = ask("legal", folder, *ON, "--party", "ada", "--test", "ifrs10", "--json")
    answers = json.loads(out)["answers"]
    assert [(each["answer"], list(each["reads"].values())) for each in answers] == [
        ("yes", ["60 common"]), ("no", ["20 common"]),
    ]  # fmt: skip
    _, out, _ = ask("legal", folder, *ON, "--party", "ada", "--test", "ifrs10", "--account", "version-a", "--json")
    assert [(each["answer"], "reads" in each) for each in json.loads(out)["answers"]] == [("yes", False)]
    _, out, _ = ask("legal", folder, *ON, "--party", "ada", "--test", "ifrs10", "--format", "md")
    assert "is '20 common'" in out.replace("\\", "")


def test_an_answer_that_an_open_fact_does_not_change_has_no_readings(ask, tmp_path: Path) -> None:
    folder = book(tmp_path / "b", OPEN)
    _, out, _ = ask("legal", folder, *ON, "--party", "bo", "--test", "eu-amlr", "--json")
    assert [(each["answer"], "reads" in each) for each in json.loads(out)["answers"]] == [("yes", False)]


LINES = """\
2021-01-01 person ada
2021-01-01 person bo
2021-01-01 company acme
  class common
    votes per share: 1
2021-01-01 issue acme
  ada: 60 common
  bo: 40 common
2021-02-01 expect acme
"""


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("ifrs10 of ada: yes", None),
        ("ifrs10 of bo: no", None),
        ("acme: ifrs10 of ada: yes", None),
        ("ordinary decision, ifrs10 of ada: yes", None),
        ("acme: ordinary decision, ifrs10 of ada: yes", None),
        ("ofac-50 of ada + bo: yes", None),
        ("ofac-50 of bo: no", None),
        ("ifrs10 of ada: no", "M530"),
        ("ifrs10 of adda: yes", "M532"),
        ("acne: ifrs10 of ada: yes", "M532"),
        ("ifrs9 of ada: yes", "M531"),
        ("ifrs10 of ada + bo: yes", "M531"),
        ("path, ada: yes", "M531"),
        ("ordinary decision, path: yes", "M532"),
    ],
)
def test_expectations_ask_legal_tests(ask, tmp_path: Path, line: str, outcome: str | None) -> None:
    folder = book(tmp_path / "b", LINES + f"  {line}\n")
    _, out, _ = ask("check", folder, "--format", "json")
    answer = json.loads(out)
    assert [each["code"] for each in answer["diagnostics"]] == ([outcome] if outcome else [])


def test_an_expectation_on_an_open_fact_is_open(ask, tmp_path: Path) -> None:
    folder = book(tmp_path / "b", OPEN + "2021-02-01 expect acme\n  ifrs10 of ada: open\n  eu-amlr of bo: yes\n")
    _, out, _ = ask("check", folder, "--format", "json")
    outcomes = json.loads(out)["expectations"]
    assert [(each["value"], each["holds"]) for each in outcomes] == [("open", True), ("yes", True)]


DISPUTED_TURNOUT = """\
2020-01-01 source a "A"
  kind: statement
2020-01-01 source b "B"
  kind: statement
2020-01-01 account version-a
  follows: @a
2020-01-01 account version-b
  follows: @b
2020-01-01 person ada
2020-01-01 group public
  acts: apart
2020-01-01 company acme
  class common
    votes per share: 1
2020-01-01 issue acme
  ada: 48 common
  public: 52 common
2020-05-01 vote acme
  on: acme: ordinary decision
  turnout: 70%
2020-06-01 vote acme
  id: second
  on: acme: ordinary decision
  turnout: disputed
    - 78%   [@a]
    - 97%   [@b]
2020-07-01 vote acme
  id: third
  announced: yes
  on: acme: ordinary decision
  turnout: 99%
2021-01-01 expect acme
  ifrs10 of ada: undetermined
2021-01-01 expect acme
  account: version-a
  ifrs10 of ada: yes
2021-01-01 expect acme
  account: version-b
  ifrs10 of ada: undetermined
"""


def test_turnouts_are_those_of_the_account_and_of_votes_cast(ask, tmp_path: Path) -> None:
    _, out, _ = ask("check", book(tmp_path / "b", DISPUTED_TURNOUT), "--format", "json")
    answer = json.loads(out)
    assert answer["diagnostics"] == []
    assert [each["holds"] for each in answer["expectations"]] == [True, True, True]


def test_every_test_can_be_named(ask) -> None:
    for test in TESTS:
        code, out, _ = ask("legal", ACME, *ON, "--test", test.id, "--party", "ada", "--why")
        assert code == 0
        assert test.version.split(";")[0].split(",")[0] in " ".join(out.split())


def test_bounds_and_hostile_names_never_fail(ask, tmp_path: Path) -> None:
    text = (
        LINES.partition("2021-01-01 issue")[0]
        + "2021-02-01 holding acme\n  ada: about 50% of votes\n  bo: less than 50% of votes\n"
    )
    code, out, err = ask("legal", book(tmp_path / "b", text), *ON, "--json")
    assert (code, err) == (0, "")
    answers = {(each["test"], each["party"]): each["answer"] for each in json.loads(out)["answers"]}
    assert answers["ifrs10", "ada"] == "undetermined"
    assert answers["eu-amlr", "bo"] == "undetermined"


def test_parties_beyond_the_limit_are_said_to_be_left_out() -> None:
    people = "".join(f"2020-01-01 person p{n}\n" for n in range(305))
    holders = "".join(f"  p{n}: {n + 1} common\n" for n in range(305))
    text = f"{people}2020-01-01 company acme\n  law pack: none\n  class common\n    votes per share: 1\n"
    book = load_text(f"{text}2020-01-02 issue acme\n{holders}")
    tests = [test for test in TESTS if test.id == "uk-psc"]
    found = legal_answers(World(book), date(2021, 1, 1), None, "acme", tests=tests)
    assert found is not None
    assert len(found) == 300
    assert all(
        "5 further parties behind acme are not asked about; name one with --party." in each.finding.assumptions
        for each in found
    )
