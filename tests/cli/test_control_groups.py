"""`muniment control` about groups, blocs, chances and rights: answers in every format, and refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from muniment.cli.main import run

ACME = Path(__file__).resolve().parents[2] / "books" / "acme"
SELL = ("control", str(ACME), "--on", "2021-04-01", "--matter", "acme: sell company")

POOLED = """\
2020-01-01 person ada
2020-01-01 person bo
2020-01-01 person cy
2020-01-01 fund elm
2020-01-01 company acme
  law pack: none
  class common
    votes per share: 1
  rules
    merge: majority of common
2020-01-01 issue acme
  ada: 40 common
  bo: 35 common
  cy: 25 common
2020-02-01 agreement pact
  parties: ada, bo
  voting pool
    members: ada, bo
    over: acme
    revocable: yes
2020-02-01 option warrant
  issuer: acme
  holder: elm
  over: 200 common
  from: new shares
  exercisable: 2021-07-01/2023-06-30
2020-02-01 option dead
  issuer: acme
  holder: elm
  over: 10 common
  from: new shares
  exercisable: never
"""


@pytest.fixture
def pooled(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "muniment.toml").write_text('name = "Pooled"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "acme.muni").write_text(POOLED, encoding="utf-8")
    return ("control", str(tmp_path), "--on", "2021-04-01", "--matter", "acme: merge")


def answers(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert run([*words, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["answers"]
    return found


def test_who_must_still_join_in_each_reading(capsys: pytest.CaptureFixture[str]) -> None:
    loyal, independent = answers(capsys, *SELL, "--with", "ada, grace")
    assert loyal["group"] == {
        "with": ["ada", "grace"],
        "without": [],
        "not_asked": [],
        "enough": "no",
        "can_block": "yes",
        "still_passes": "yes",
        "completions": [["birch-ventures"]],
        "number_of_completions": 1,
        "smallest_completion": 1,
    }
    assert independent["group"]["completions"] == [
        ["birch-ventures", "bram"],
        ["birch-ventures", "ina"],
        ["birch-ventures", "oto"],
    ]


def test_who_can_pass_without(capsys: pytest.CaptureFixture[str]) -> None:
    (loyal,) = answers(capsys, *SELL, "--without", "ada", "--directors", "loyal")
    assert (loyal["group"]["still_passes"], loyal["group"]["completions"]) == ("no", [])
    (loyal,) = answers(
        capsys, *SELL, "--with", "ada", "--with", "acme.board", "--without", "grace", "--directors", "loyal"
    )
    assert loyal["group"]["with"] == ["ada", "acme.board"]
    assert loyal["group"]["completions"] == [["birch-ventures"]]


def test_blocs_and_pools_in_force(capsys: pytest.CaptureFixture[str], pooled: tuple[str, ...]) -> None:
    (answer,) = answers(capsys, *pooled, "--directors", "loyal", "--blocs", "pools")
    (named,) = answers(capsys, *pooled, "--directors", "loyal", "--blocs", "bo, ada")
    assert answer["shapley_shubik"] == {"ada": "1/3", "bo": "1/3", "cy": "1/3"}
    assert (
        answer["blocs"]
        == named["blocs"]
        == {
            "formed": [["ada", "bo"]],
            "owen": {"ada": "1/2", "bo": "1/2", "cy": "0"},
            "banzhaf_owen": {"ada": "1/2", "bo": "1/2", "cy": "0"},
            "symmetric_coalitional_banzhaf": {"ada": "1/2", "bo": "1/2", "cy": "0"},
            "of_blocs": {"ada+bo": "1", "cy": "0"},
        }
    )


def test_chances(capsys: pytest.CaptureFixture[str], pooled: tuple[str, ...]) -> None:
    (answer,) = answers(capsys, *pooled, "--directors", "loyal", "--chances", "ada=1, bo = 25%")
    assert answer["chances"] == {
        "given": {"ada": "1", "bo": "1/4"},
        "passes": "5/8",
        "swings": {"ada": "1/2", "bo": "1/2", "cy": "3/4"},
        "swing_shares": {"ada": "2/7", "bo": "2/7", "cy": "3/7"},
    }


def test_rights_are_used_beside_the_answer_as_things_stand(
    capsys: pytest.CaptureFixture[str], pooled: tuple[str, ...]
) -> None:
    (answer,) = answers(capsys, *pooled, "--directors", "loyal", "--exercise", "warrant", "--by", "2021-12-31")
    then = answer["if_exercised"]
    assert (answer["alone"], then["answer"]["alone"]) == ([], ["elm"])
    assert then["by"] == "2021-12-31"
    assert then["rights"] == ["warrant is taken to be used by 2021-12-31: elm acquires 200 common as new shares."]
    (answer,) = answers(capsys, *pooled, "--directors", "loyal", "--exercise", "all")
    assert answer["if_exercised"]["answer"]["alone"] == []
    assert any("never exercisable" in said for said in answer["if_exercised"]["rights"])
    assert any("from 2021-07-01" in said for said in answer["if_exercised"]["rights"])


def test_tables_fit_a_narrow_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, pooled: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    asked = ("--with", "ada", "--without", "cy", "--blocs", "ada, bo", "--chances", "ada=1/3", "--by", "2021-12-31")
    assert run([*pooled, *asked, "--indices", "all"]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    for title in ("If rights are used", "With ada, without cy", "Power in blocs", "Power where chances differ"):
        assert title in printed
    assert "Party: " not in printed


def test_markdown_and_spreadsheets_have_them_too(capsys: pytest.CaptureFixture[str], pooled: tuple[str, ...]) -> None:
    asked = (*pooled, "--with", "ada", "--blocs", "ada, bo", "--directors", "loyal")
    assert run([*asked, "--format", "md"]) == 0
    printed = capsys.readouterr().out
    assert "| Party | Bloc |" in printed
    assert "ada is not enough." in printed
    assert run([*asked, "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert "owen: ada: 1/2" in row["blocs"]
    assert "completions: bo + cy" in row["group"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--with", "adda"), "there is no party 'adda'; did you mean 'ada'?"),
        (("--without", "nobody-known"), "there is no party 'nobody-known'"),
        (("--with", "ada", "--without", "ada"), "'ada' cannot be both --with and --without"),
        (("--blocs", "ada, elm"), "the rule does not ask 'elm'"),
        (("--blocs", "ada"), "has no bloc of two"),
        (("--blocs", "ada, bo; bo, cy"), "'bo' is in two blocs"),
        (("--chances", "ada"), "write it as in 'ada=2/3, oak=50%'"),
        (("--chances", "ada=2"), "a chance is from 0 to 1"),
        (("--chances", "ada=half"), "'half' is not a number"),
        (("--chances", "ada=about 1/2"), "is a range"),
        (("--chances", "ada=1/2, ada=1/3"), "names 'ada' twice"),
        (("--chances", "zed=1/2"), "the rule does not ask 'zed'"),
        (("--chances", ","), "names nobody"),
        (("--exercise", "warant"), "there is no right 'warant'; did you mean 'warrant'?"),
        (("--exercise", ","), "names no right"),
        (("--by", "2020-12-31"), "before the day asked"),
        (("--seed", "-1"), "-1"),
    ],
)
def test_a_wrong_question_is_refused_in_one_line(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], pooled: tuple[str, ...]
) -> None:
    assert run([*pooled, *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_group_is_asked_about_one_matter(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["control", str(ACME), "--on", "2021-04-01", "--with", "ada"]) == 2
    assert "name it with --matter" in capsys.readouterr().err


def test_rights_are_used_in_every_matter_at_once(capsys: pytest.CaptureFixture[str], pooled: tuple[str, ...]) -> None:
    found = answers(capsys, *pooled[:4], "--by", "2021-12-31")
    assert all("if_exercised" in answer for answer in found)
