"""The command line's entry: runs a command, and turns every way it can end into an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from types import TracebackType

from muniment import __version__

LONGEST_MESSAGE = 1_000
"""Signs of a message about the command line; a longer word is cut in the middle."""

FINE, FAULTS, WRONG_USAGE, OWN_FAULT, INTERRUPTED = 0, 1, 2, 3, 130


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Args:
        arguments: The words after `muniment`; None = those of the process.

    Returns:
        0 fine; 1 the book has errors, or an expectation fails; 2 wrong usage; 3 our own fault; 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _close_quietly()
        return FINE
    except OSError as fault:
        if fault.errno is None:
            return _report_own_fault(fault, words)
        place = f"{fault.filename}: " if fault.filename else ""
        _say(f"Error: {place}{os.strerror(fault.errno)}")
        return WRONG_USAGE
    except Exception as fault:
        return _report_own_fault(fault, words)
    return code


def main() -> None:
    """Run the command line of this process and end it."""
    sys.exit(run())


def _dispatch(words: list[str]) -> int:
    """Answer the first page of help at once; leave everything else to click, which takes longer to import."""
    if words in ([], ["-h"], ["--help"]) and "_MUNIMENT_COMPLETE" not in os.environ:
        from muniment.cli.commands import help_text

        sys.stdout.write(help_text())
        return FINE
    return _run_command(words)


def _run_command(words: list[str]) -> int:
    import click

    from muniment.cli.group import cli

    try:
        result = cli.main(args=words, prog_name="muniment", standalone_mode=False)
    except click.ClickException as fault:
        _report_usage(fault)
        return WRONG_USAGE
    except click.Abort:
        return INTERRUPTED
    except SystemExit as stop:
        if isinstance(stop.__context__, OSError) and stop.__context__.errno == errno.EPIPE:
            raise BrokenPipeError from stop
        return stop.code if isinstance(stop.code, int) else FINE
    return result if isinstance(result, int) else FINE


def _report_usage(fault: Exception) -> None:
    import click

    if isinstance(fault, click.UsageError) and fault.ctx is not None:
        _say(fault.ctx.get_usage())
        _say(f"Try '{fault.ctx.command_path} --help' for help.\n")
    words = fault.format_message() if isinstance(fault, click.ClickException) else str(fault)
    if len(words) > LONGEST_MESSAGE:
        words = f"{words[: LONGEST_MESSAGE // 2]} ... {words[-LONGEST_MESSAGE // 2 :]}"
    _say(f"Error: {words}")


def _report_own_fault(fault: BaseException, words: Sequence[str]) -> int:
    """Say that the program failed, with what a report needs and nothing out of the book."""
    import shlex

    from muniment.render.inert import inert_line

    if os.environ.get("MUNIMENT_DEBUG"):
        import traceback

        traceback.print_exception(fault, file=sys.stderr)
    _say(f"{_place(fault.__traceback__)}: error[M900]: muniment failed with {type(fault).__name__}")
    _say("   = hint: this is a fault of muniment, not of your records; please report it with these two lines")
    _say(f"     muniment {__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    _say(f"     {inert_line(shlex.join(['muniment', *words]))}")
    return OWN_FAULT


def _place(trace: TracebackType | None) -> str:
    """Return `module:line:1` of the innermost frame of our own code."""
    place = "muniment:1:1"
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] == "muniment":
            place = f"{name.replace('.', '/')}.py:{trace.tb_lineno}:1"
        trace = trace.tb_next
    return place


def _say(text: str) -> None:
    """Print a message on standard error, with nothing in it that a terminal obeys."""
    from muniment.render.inert import inert

    try:
        sys.stderr.write(inert(text) + "\n")
        sys.stderr.flush()
    except (OSError, UnicodeError):
        return


def _close_quietly() -> None:
    """Let the interpreter's last flush go nowhere: whoever read our output has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
