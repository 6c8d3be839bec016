"""Asking a book from the command line: where it is found, what is refused with a hint, how it ends."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from muniment.cli.main import run
from muniment.render.formats import FORMATS

BOOKS = Path(__file__).resolve().parents[2] / "books"
ACME = str(BOOKS / "acme")
LIGHTHOUSE = str(BOOKS / "lighthouse")


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    """Return a function that runs a command and gives its exit code, answer and messages."""

    def asked(*words: str) -> tuple[int, str, str]:
        code = run(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    """Return a book with an error in it, and an expectation that does not hold."""
    shutil.copytree(ACME, tmp_path / "acme")
    path = tmp_path / "acme" / "acme.muni"
    path.write_text(
        path.read_text().replace("sell company, alone: nobody", "sell company, alone: ada")
        + "\n2021-05-01 issue acme\n  bob: 1 common\n"
    )
    return str(path.parent)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["control", ACME, "acne"], "there is no entity 'acne'; did you mean 'acme'?"),
        (["control", ACME, "ada"], "'ada' is a person, not an entity"),
        (["control", ACME, "--matter", "sel company", "--on", "2021-04-01"], "did you mean 'sell company'?"),
        (["control", ACME, "--matter", "acme: sel company", "--on", "2021-04-01"], "did you mean 'sell company'?"),
        (["control", ACME, "--matter", "acme: fly", "--on", "2021-04-01"], "'fly' is neither a standard matter"),
        (
            ["control", ACME, "acme", "--on", "2020-01-01"],
            "'acme' does not exist on 2020-01-01; its record is of 2021-03-04",
        ),
        (["control", ACME, "--on", "2021-02-30"], "'2021-02-30' is not a day such as 2021-04-01"),
        (["control", ACME, "--on", "10000-01-01"], "is not a day such as 2021-04-01"),
        (["control", ACME, "--under", "buyout"], "there is no proposal 'buyout'; the book has none"),
        (["control", LIGHTHOUSE, "--under", "buyout"], "there is no proposal 'buyout'; did you mean 'buy-out'?"),
        (["control", LIGHTHOUSE, "--account", "gazete-version"], "did you mean 'gazette-version'?"),
        (
            ["control", str(BOOKS / "openai"), "founding-foundation", "--on", "2020-01-01"],
            "ask with --under founding-five",
        ),
        (["payout", ACME, "acne", "--proceeds", "USD 1"], "did you mean 'acme'?"),
        (["payout", ACME, "acme", "--proceeds", "XYZ 1"], "unknown currency 'XYZ'"),
        (["payout", ACME, "acme", "--proceeds", "10"], "write the currency first"),
        (["payout", ACME, "acme", "--proceeds", "about USD 5"], "is a range; ask its ends one by one"),
        (["payout", ACME, "acme", "--proceeds", "USD 5", "--on", "2020-01-01"], "'acme' does not exist on 2020-01-01"),
        (["payout", ACME, "acme"], "Missing option '--proceeds'"),
        (["cap-table", ACME, "bob"], "there is no entity 'bob'"),
        (["quotes", ACME, "--state", "exakt"], "there is no state 'exakt'; did you mean 'exact'?"),
        (["compare", ACME, "--on", "2021-04-01"], "name two sides at least"),
        (["compare", LIGHTHOUSE, "--under", "buyout,none"], "did you mean 'buy-out'?"),
        (["compare", LIGHTHOUSE, "--account", "keeper,gazete-version"], "did you mean 'gazette-version'?"),
        (["explain", "M999"], "there is nothing called 'M999'"),
        (["check", "nowhere"], "'nowhere' is not a folder"),
        (["check", ACME, "--sources", "nowhere"], "'nowhere' does not exist"),
    ],
    ids=lambda value: " ".join(Path(word).name for word in value) if isinstance(value, list) else "",
)
def test_a_name_that_is_not_there_is_wrong_usage_with_a_hint(ask, words: list[str], says: str) -> None:
    code, out, err = ask(*words)
    assert (code, out) == (2, "")
    assert says in " ".join(err.split())


def test_a_sound_book_ends_with_0_and_a_faulty_one_with_1(ask, faulty: str) -> None:
    assert ask("check", ACME)[0] == 0
    code, out, _ = ask("check", faulty)
    assert code == 1
    assert "error[M530]" in out
    assert "2 errors" in out


@pytest.mark.parametrize("form", FORMATS)
def test_a_faulty_book_still_answers_and_says_so_beside_it(ask, faulty: str, form: str) -> None:
    code, out, err = ask("control", faulty, "--on", "2021-04-01", "--matter", "acme: sell company", "--format", form)
    assert code == 1
    assert "ada" in out
    assert "birch-ventures" in out
    assert "acme.muni:" in err
    assert "the answer leaves out what is at fault" in err


@pytest.mark.parametrize(
    "words", [["check"], ["control"], ["timeline"], ["disputes"], ["quotes"], ["report"], ["cap-table", "acme"]]
)
def test_the_book_is_the_nearest_folder_upwards(ask, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BOOKS / "acme" / "sources")
    code, out, _ = ask(*words, "--json", "--on", "2021-04-01")
    assert (code, json.loads(out)["book"]) == (0, "Acme Robotics")


def test_json_is_short_for_the_format(ask) -> None:
    assert ask("timeline", ACME, "--json") == ask("timeline", ACME, "--format", "json")


def test_a_record_file_from_standard_input_is_a_book(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    records = (BOOKS / "acme" / "acme.muni").read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(records)))
    code, out, _ = ask("control", "-", "--on", "2021-04-01", "--matter", "acme: sell company", "--json")
    assert code == 0
    assert json.loads(out)["answers"][0]["can_block"] == ["ada", "birch-ventures"]


def test_standard_input_has_the_name_asked_for_in_messages(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"2021-01-01 persn ada\n\xff\n")))
    code, out, _ = ask("check", "-", "--stdin-filename", "draft.muni", "--concise")
    assert code == 1
    assert out.splitlines()[0].startswith("draft.muni:1:12: error[")


def test_settings_are_read_from_the_environment(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_ON", "2021-03-10")
    monkeypatch.setenv("MUNIMENT_UNDER", "buy-out")
    monkeypatch.setenv("MUNIMENT_ACCOUNT", "gazette-version")
    monkeypatch.setenv("MUNIMENT_FORMAT", "json")
    monkeypatch.setenv("MUNIMENT_CONTROL_DIRECTORS", "loyal")
    _, out, _ = ask("control", LIGHTHOUSE, "--matter", "lighthouse-lp: sell company")
    answer = json.loads(out)
    assert (answer["on"], answer["under"], answer["account"]) == ("2021-03-10", "buy-out", "gazette-version")
    assert [each["alone"] for each in answer["answers"]] == [["oak"]]
    _, out, _ = ask("control", LIGHTHOUSE, "--matter", "lighthouse-lp: sell company", "--on", "2021-01-01")
    assert json.loads(out)["on"] == "2021-01-01"


def test_as_recorded_changes_who_counted(ask, tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Late"\nformat = 1\n')
    (tmp_path / "late.muni").write_text(
        "2018-01-01 person ann\n2018-01-01 person bea\n2018-01-01 company acme\n  law pack: none\n  board\n"
        "    decides by: majority\n    seats directors\n      number: 2\n      filled by: majority of board\n"
        "      removed by: majority of board\n  rules\n    sell company: 1 of (ann, bea)\n    merge: all of board\n"
        "2018-01-01 appoint acme\n  directors: ann, bea\n"
        "2018-02-20 leave acme\n  directors: bea\n  recorded: 2018-04-23\n"
    )
    words = (
        "control",
        str(tmp_path),
        "--matter",
        "acme: merge",
        "--on",
        "2018-03-01",
        "--directors",
        "independent",
        "--json",
    )
    _, in_force, _ = ask(*words)
    _, recorded, _ = ask(*words, "--as-recorded")
    assert json.loads(in_force)["answers"][0]["impossible"] is True
    assert json.loads(recorded)["answers"][0]["coalitions"] == [["ann", "bea"]]
    assert (json.loads(in_force)["as_recorded"], json.loads(recorded)["as_recorded"]) == (False, True)
    _, table, _ = ask(*words[:-1], "--as-recorded")
    assert "as recorded" in " ".join(table.split())


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("control",),
        ("timeline",),
        ("disputes",),
        ("quotes",),
        ("report",),
        ("cap-table", "acme"),
        ("payout", "acme", "--proceeds", "USD 5"),
    ],
)
def test_every_command_takes_the_common_options(ask, words: tuple[str, ...]) -> None:
    common = ("--on", "2021-04-01", "--account", "keeper", "--as-recorded", "--sources", ACME, "--format", "md")
    code, out, err = ask(words[0], ACME, *words[1:], *common)
    assert (code, err) == (0, "")
    assert "as recorded" in out


def muniment(*words: str, **settings: str) -> subprocess.Popen[bytes]:
    code = "from muniment.cli.main import main; main()"
    environment = {**os.environ, **settings}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code, *words], stdin=pipe, stdout=pipe, stderr=pipe, env=environment)


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
def test_a_closed_pipe_ends_an_answer_quietly() -> None:
    ran = muniment("control", str(BOOKS / "openai"), "--on", "2019-06-01", "--json")
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.read(10)
    ran.stdout.close()
    assert ran.stderr.read() == b""
    assert ran.wait() == 0


@pytest.mark.skipif(os.name != "posix", reason="needs SIGINT")
def test_an_interruption_ends_an_answer_with_130() -> None:
    ran = muniment("check", "-")
    time.sleep(0.7)
    ran.send_signal(signal.SIGINT)
    out, err = ran.communicate(timeout=10)
    assert ran.returncode == 130
    assert (out, err.strip()) == (b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("settings", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_a_terminal_that_wants_it(settings: dict[str, str], coloured: bool) -> None:
    import pty

    reader, writer = pty.openpty()
    code = "from muniment.cli.main import main; main()"
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | settings
    ran = subprocess.Popen(
        [sys.executable, "-c", code, "cap-table", ACME, "acme", "--on", "2021-04-01"], stdout=writer, env=environment
    )
    assert ran.wait(20) == 0
    os.close(writer)
    shown = os.read(reader, 100_000)
    os.close(reader)
    assert b"birch-ventures" in shown
    assert (b"\x1b[" in shown) is coloured
