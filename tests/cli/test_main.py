"""How the command line starts, ends and reports its own faults."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from keyword import iskeyword
from types import SimpleNamespace

import click
import pytest

from muniment import __version__
from muniment.cli.commands import COMMANDS, help_text
from muniment.cli.main import run


def muniment(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    code = "from muniment.cli.main import main; main()"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **settings}
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, env=environment)


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch):
    """Return a function that makes a function the command `check`."""

    def put(function: object) -> None:
        command = click.command("check")(click.argument("words", nargs=-1)(function))  # type: ignore[arg-type]
        monkeypatch.setitem(sys.modules, "muniment.cli.check", SimpleNamespace(command=command))

    return put


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]])
def test_help_names_every_command_in_80_cells(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 0
    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in shown] == []
    assert max(map(len, shown.splitlines())) <= 84


def test_the_group_gives_the_same_help(capsys: pytest.CaptureFixture[str]) -> None:
    from muniment.cli.group import cli

    with click.Context(cli) as context:
        assert cli.get_help(context) + "\n" == help_text()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from muniment.cli.main import run; run(['--help'])\n"
        "print([name for name in ('click', 'numpy', 'numba', 'scipy', 'jinja2') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_has_its_module(name: str) -> None:
    module = name.replace("-", "_")
    assert find_spec("muniment.cli." + (f"{module}_" if iskeyword(module) else module)) is not None


def test_the_version_is_printed() -> None:
    ran = muniment("--version")
    assert (ran.returncode, ran.stdout) == (0, f"muniment {__version__}\n")


def test_an_unknown_command_is_wrong_usage_with_a_hint() -> None:
    ran = muniment("chekc")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "did you mean 'check'?" in ran.stderr


@pytest.mark.parametrize(("result", "code"), [(0, 0), (1, 1), (None, 0)])
def test_a_command_returns_its_exit_code(check, result: int | None, code: int) -> None:
    check(lambda words: result)
    assert run(["check"]) == code


def test_our_own_fault_asks_for_a_report_without_a_traceback(check, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(words: tuple[str, ...]) -> int:
        raise ZeroDivisionError("a secret of the book")

    check(fail)
    assert run(["check", "a book\x1b[31m"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "error[M900]: muniment failed with ZeroDivisionError" in said.err
    assert f"muniment {__version__}, Python" in said.err
    assert "muniment check 'a book[U+001B][31m'" in said.err
    assert "Traceback" not in said.err
    assert "secret" not in said.err
    assert "\x1b" not in said.err


def test_the_traceback_is_shown_when_debugging(check, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(words: tuple[str, ...]) -> int:
        raise ZeroDivisionError

    check(fail)
    monkeypatch.setenv("MUNIMENT_DEBUG", "1")
    assert run(["check"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("fault", [RecursionError, MemoryError, AssertionError])
def test_no_fault_escapes(check, fault: type[Exception]) -> None:
    def fail(words: tuple[str, ...]) -> int:
        raise fault

    check(fail)
    assert run(["check"]) == 3


def test_an_interruption_ends_with_130(check) -> None:
    def stop(words: tuple[str, ...]) -> int:
        raise KeyboardInterrupt

    check(stop)
    assert run(["check"]) == 130


def test_a_fault_of_the_machine_is_named_in_one_line(check, capsys: pytest.CaptureFixture[str]) -> None:
    def full(words: tuple[str, ...]) -> int:
        raise PermissionError(13, "no", "book.muni")

    check(full)
    assert run(["check"]) == 2
    assert capsys.readouterr().err == "Error: book.muni: Permission denied\n"


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
@pytest.mark.parametrize("writer", ["options.write('line\\n' * 200000)", "click.echo('line\\n' * 200000)"])
def test_a_closed_pipe_ends_quietly(writer: str) -> None:
    code = (
        "import sys, click\nfrom types import SimpleNamespace\nfrom muniment.cli import options, main\n"
        f"command = click.command('check')(lambda: {writer})\n"
        "sys.modules['muniment.cli.check'] = SimpleNamespace(command=command)\nsys.exit(main.run(['check']))"
    )
    ran = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.readline()
    ran.stdout.close()
    assert ran.stderr.read() == b""
    assert ran.wait() == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_MUNIMENT_COMPLETE" in capsys.readouterr().out


def test_commands_complete_in_the_shell() -> None:
    ran = muniment(_MUNIMENT_COMPLETE="bash_complete", COMP_WORDS="muniment c", COMP_CWORD="1")
    assert ran.stdout.split() == [
        "plain,check",
        "plain,control",
        "plain,cap-table",
        "plain,compare",
        "plain,completion",
    ]
