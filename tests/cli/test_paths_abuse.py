"""`muniment paths` and bad input: one line with a hint, never a hang, nothing replaced but a plain file."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from muniment.cli.main import run

HEAD = 'name = "Harbor"\nformat = 1\nlaw_pack = "none"\n'
HARBOR = """\
2021-01-01 person ada
2021-01-01 person bo
2021-01-01 company harbor "Harbor Robotics"
  class shares
    votes per share: 1
  board
    decides by: majority
    seats any
      number: 3
      filled by: majority of shares
      removed by: majority of shares
2021-01-02 holding harbor
  ada: more than 50% of shares
"""
LARGE = """\
2021-01-01 company large "Large"
  class shares
    votes per share: 1
  board
    decides by: majority
    seats any
      number: 400
      filled by: majority of shares
      removed by: majority of shares
"""
ASK = ("--who", "ada", "--matter", "harbor: ordinary decision", "--on", "2021-02-01")
LONGEST = 10.0  # seconds of processor time, of the whole command


@pytest.fixture
def harbor(tmp_path: Path) -> str:
    folder = tmp_path / "harbor"
    folder.mkdir()
    (folder / "muniment.toml").write_text(HEAD, encoding="utf-8")
    (folder / "book.muni").write_text(HARBOR, encoding="utf-8")
    return str(folder)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return the one line with which a command is refused."""
    assert run(list(words)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "\x1b" not in said.err
    return said.err.splitlines()[-1]


@pytest.mark.parametrize("option", ["--verify", "--certificate"])
@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device"])
def test_what_is_no_plain_file_is_neither_read_nor_replaced(
    capsys: pytest.CaptureFixture[str], harbor: str, tmp_path: Path, option: str, kind: str
) -> None:
    path = tmp_path / "there"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path(os.devnull)
    else:
        path.symlink_to("/dev/zero")
    before = path.lstat()
    words = ("--verify", str(path)) if option == "--verify" else (*ASK, "--certificate", str(path))
    assert f"{option} '{path}': not a plain file; name" in refused(capsys, "paths", harbor, *words)
    assert (path.lstat().st_mode, path.lstat().st_ino) == (before.st_mode, before.st_ino)


@pytest.mark.parametrize("option", ["--verify", "--certificate"])
def test_a_file_has_a_name(capsys: pytest.CaptureFixture[str], harbor: str, option: str) -> None:
    words = ("--verify", "") if option == "--verify" else (*ASK, "--certificate", "")
    assert f"{option} names no file" in refused(capsys, "paths", harbor, *words)


def test_a_certificate_needs_a_folder(capsys: pytest.CaptureFixture[str], harbor: str, tmp_path: Path) -> None:
    said = refused(capsys, "paths", harbor, *ASK, "--certificate", str(tmp_path / "none" / "c.json"))
    assert said.endswith("make it first")
    assert "c.json." not in said  # no name of a passing file


def test_a_certificate_stays_as_it_was_where_the_question_is_refused(
    capsys: pytest.CaptureFixture[str], harbor: str, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    path.write_text("mine", encoding="utf-8")
    refused(capsys, "paths", harbor, *ASK[2:], "--who", "nobody", "--certificate", str(path))
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "beside", [("--adversary", "hostile"), ("--why",), ("--directors", "loyal"), ("--coalitions", "1"), ("--cuts",)]
)
def test_nothing_is_asked_beside_verifying(capsys: pytest.CaptureFixture[str], beside: tuple[str, ...]) -> None:
    assert "ask nothing else beside it" in refused(capsys, "paths", "--verify", "c.json", *beside)


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        ("garbage", "names no matter of an entity"),
        ("harbor: ordinary decision by ada, noone", "there is no party 'noone'"),
        ("harbor: ordinary decision by bo", "does not hold as things stand"),
        ("harbor: \x1b[31mx", "[U+001B][31mx"),
    ],
)
@pytest.mark.parametrize("who", ["ada", "bo"])  # a path, and none
def test_what_must_remain_possible_is_understood_or_refused_whatever_the_answer(
    capsys: pytest.CaptureFixture[str], harbor: str, who: str, keep: str, said: str
) -> None:
    assert said in refused(capsys, "paths", harbor, *ASK[2:], "--who", who, "--cuts", "--keep", keep)


@pytest.mark.parametrize(
    "words",
    [
        ("--who", "ada\x1b[31m", *ASK[2:]),
        ("--who", "harbor.\x1b[31mboard", *ASK[2:]),
        ("--who", "ada", "--matter", "harbor: \x1b]8;;http://x\x1b\\"),
        ("--who", "ada", "--matter", "\x9b31m: x"),
        ("--who", "$(touch here)", *ASK[2:]),
        ("--who", "x" * 100_000, *ASK[2:]),
        ("--verify", "no\x1b[31msuch"),
    ],
)
def test_what_is_not_known_is_echoed_inert_and_short(
    capsys: pytest.CaptureFixture[str], harbor: str, words: tuple[str, ...]
) -> None:
    assert len(refused(capsys, "paths", harbor, *words)) < 5_000


def test_a_certificate_that_says_odd_things_of_itself_is_inert(
    capsys: pytest.CaptureFixture[str], harbor: str, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    assert run(["paths", harbor, *ASK, "--certificate", str(path)]) == 0
    certificate = json.loads(path.read_text(encoding="utf-8"))
    odd = "\x1b]0;x\x07\n\x9b31m"
    certificate["question"] |= {"entity": odd, "on": odd, "account": odd, "who": [odd]}
    path.write_text(json.dumps(certificate), encoding="utf-8")
    capsys.readouterr()
    for form in ("table", "csv", "md", "json", "jsonl"):
        assert run(["paths", "--verify", str(path), "--format", form]) in (0, 1)
        said = capsys.readouterr()
        assert not set("\x1b\x07\x9b") & set(said.out + said.err)


@pytest.mark.parametrize("directors", ["loyal", "independent"])
def test_a_board_of_four_hundred_is_answered(capsys: pytest.CaptureFixture[str], harbor: str, directors: str) -> None:
    people = "".join(f"2021-01-01 person p{n}\n" for n in range(400))
    held = "2021-01-02 issue large\n  ada: 51 shares\n  bo: 49 shares\n"
    sit = f"2021-01-02 appoint large\n  any: {', '.join(f'p{n}' for n in range(400))}\n"
    (Path(harbor) / "large.muni").write_text(people + LARGE + held + sit, encoding="utf-8")
    begun = time.process_time()
    words = ("--who", "ada", "--matter", "large: ordinary decision", "--on", "2021-02-01", "--directors", directors)
    assert run(["paths", harbor, *words, "--json"]) == 0
    assert time.process_time() - begun < LONGEST
    found = json.loads(capsys.readouterr().out)
    assert (found["answer"], len(found["moves"])) == (("already", 0) if directors == "loyal" else ("path", 2))


def test_against_others_who_move_one_move_is_the_shortest(capsys: pytest.CaptureFixture[str], harbor: str) -> None:
    assert run(["paths", harbor, *ASK, "--adversary", "hostile", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["moves"]), found["is_shortest"]) == (1, True)


def test_a_bound_that_is_excluded_is_not_called_what_a_holding_may_be(
    capsys: pytest.CaptureFixture[str], harbor: str
) -> None:
    assert run(["paths", harbor, *ASK, "--json"]) == 0
    hangs_on = json.loads(capsys.readouterr().out)["hangs_on"]
    assert [(each["instead"], each["answer"]) for each in hangs_on if each["fact"].endswith("ada")] == [
        ("left out", "no path"),
        ("the lower bound itself", "no path"),
    ]
