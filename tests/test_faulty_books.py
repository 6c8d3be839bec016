"""Bad input of many kinds in one book: each fault is one located diagnostic with a hint, and the rest still answers."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from muniment.cli.main import run

RECORDS = """\
2021-01-01 person ada
2021-01-01 company good
  law pack: none
  class common
    votes per share: 1
  rules
    sell company: majority of votes
2021-01-01 issue good
  ada: 10 common
"""

FAULTS = {
    "a cycle of general partners": (
        "2021-01-01 partnership lp-a\n  law pack: none\n  general partner: lp-b\n"
        "2021-01-01 partnership lp-b\n  law pack: none\n  general partner: lp-a\n",
        ("M312", 3, "error"),
    ),
    "a class nobody issued": (
        "2021-01-01 company hollow\n  law pack: none\n  class ghost\n    votes per share: 1\n"
        "  rules\n    sell company: majority of ghost\n",
        ("M513", 6, "note"),
    ),
    "a matter nobody decides": (
        "2021-01-02 proposal flight\n2021-01-02 vote flight\n  on: good: fly to the moon\n  for: ada\n",
        ("M314", 3, "error"),
    ),
    "a date out of range": ("2021-13-45 event wrong\n  what: it happened\n", ("M211", 1, "error")),
    "a year of five digits": ("10000-01-01 event wrong\n  what: it happened\n", ("M210", 1, "error")),
    "an unknown currency": ("2021-01-02 pay p1\n  by: good\n  to: ada\n  amount: QQQ 5\n", ("M231", 4, "error")),
}


def ask(*words: str) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = run([*words, "--json"])
    return code, json.loads(out.getvalue())


def write(folder: Path, files: dict[str, bytes]) -> str:
    (folder / "muniment.toml").write_text('name = "Bad"\nformat = 1\n')
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return str(folder)


def good_answer_stands(book: str) -> None:
    _, answer = ask("control", book, "--matter", "good: sell company", "--on", "2022-01-01")
    assert [each["alone"] for each in answer["answers"]] == [["ada"], ["ada"]]
    _, answer = ask("payout", book, "good", "--proceeds", "USD 7", "--on", "2022-01-01")
    assert [(row["party"], row["amount"]) for row in answer["rows"]] == [("ada", "7.00")]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_located_with_a_hint_and_the_rest_answers(name: str, tmp_path: Path) -> None:
    records, (code, line, severity) = FAULTS[name]
    book = write(tmp_path, {"good.muni": RECORDS.encode(), "bad.muni": records.encode()})
    exit_code, answer = ask("check", book)
    assert exit_code == int(severity == "error")
    found = [each for each in answer["diagnostics"] if each["code"] == code]
    assert [(each["path"], each["line"], each["severity"]) for each in found] == [("bad.muni", line, severity)]
    assert found[0]["hint"]
    good_answer_stands(book)


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe2\x000\x00", b"\x00" * 50, b"PK\x03\x04 not text", None],
    ids=["utf-16", "noughts", "zip", "folder"],
)
def test_an_unreadable_file_is_named_and_the_rest_answers(data: bytes | None, tmp_path: Path) -> None:
    book = write(tmp_path, {"good.muni": RECORDS.encode()} | ({"bad.muni": data} if data is not None else {}))
    if data is None:
        (tmp_path / "bad.muni").symlink_to(tmp_path / "nowhere")
    exit_code, answer = ask("check", book)
    assert exit_code == 1
    assert {each["path"] for each in answer["diagnostics"]} == {"bad.muni"}
    assert any(each["hint"] for each in answer["diagnostics"])
    good_answer_stands(book)


def test_all_faults_at_once_are_each_reported(tmp_path: Path) -> None:
    files = {"good.muni": RECORDS.encode()}
    files |= {f"bad-{at}.muni": records.encode() for at, (records, _) in enumerate(FAULTS.values())}
    _, answer = ask("check", write(tmp_path, files))
    assert {each["code"] for each in answer["diagnostics"]} >= {code for _, (code, _, _) in FAULTS.values()}
    good_answer_stands(str(tmp_path))
