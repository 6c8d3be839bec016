"""Run a page: write the files it shows, run the commands it shows, and put what they print back into the page.

A comment above a fenced block says what the block is; readers do not see it:

    <!-- file: acme/acme.muni -->                   the block is the whole file
    <!-- file: acme/acme.muni, added -->            the block is added at its end, after an empty line
    <!-- file: acme/acme.muni, lines 20 to 21 -->   the block stands in place of these lines
    <!-- run -->                                    `$ muniment ...` and what it prints
    <!-- run, without the footer -->                the lines on date, account and version are left out
    <!-- run, exit 1 -->                            the command ends with this code

After a pipe the rest of a command line goes to the shell, as the reader's would.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from muniment.cli.main import run

_BLOCK = re.compile(r"(?ms)^<!-- (?P<what>(?:file: |run)[^\n]*?) -->\n(?P<open>```\w+\n)(?P<body>.*?)(?P<close>^```$)")
_FILE = re.compile(r"file: (?P<path>[^,]+)(?:, (?P<how>added|lines (?P<first>\d+) to (?P<last>\d+)))?$")
_RUN = re.compile(r"run(?P<bare>, without the footer)?(?:, exit (?P<code>\d))?$")
_RULE = "─" * 40


class Ran(NamedTuple):
    """A page after its commands were run.

    Attributes:
        text: The page, with what the commands printed.
        commands: The command lines that were run.
        faults: Commands that ended with another code than the page says.
    """

    text: str
    commands: tuple[str, ...]
    faults: tuple[str, ...]


def run_page(page: str, folder: Path) -> Ran:
    """Run a page from top to bottom in a folder, which is where its files and its books are."""
    commands: list[str] = []
    faults: list[str] = []

    def follow(block: re.Match[str]) -> str:
        if file := _FILE.fullmatch(block["what"]):
            write_file(folder, file, block["body"])
            return block[0]
        wanted = _RUN.fullmatch(block["what"])
        if wanted is None:
            raise ValueError(f"not understood: <!-- {block['what']} -->")
        command = block["body"].partition("\n")[0].removeprefix("$ ")
        output, code = run_command(command, folder)
        commands.append(command)
        if code != int(wanted["code"] or 0):
            faults.append(f"{command}: exit code {code}")
        shown = without_footer(output) if wanted["bare"] else output
        return f"<!-- {block['what']} -->\n{block['open']}$ {command}\n{shown}{block['close']}"

    text = _BLOCK.sub(follow, page)
    return Ran(text, tuple(commands), tuple(faults))


def write_file(folder: Path, file: re.Match[str], body: str) -> None:
    """Write a block of a page as a file, or as a part of one."""
    path = folder / file["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    if file["how"] == "added":
        body = path.read_text(encoding="utf-8") + "\n" + body
    elif file["how"]:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[int(file["first"]) - 1 : int(file["last"])] = [body]
        body = "".join(lines)
    path.write_text(body, encoding="utf-8", newline="\n")


def run_command(line: str, folder: Path) -> tuple[str, int]:
    """Return what a command line prints on both of its outputs, as a terminal shows them, and its exit code."""
    command, pipe, rest = line.partition(" | ")
    words = shlex.split(command)
    if words[0] not in ("muniment", ".venv/bin/muniment"):
        raise ValueError(f"a page runs muniment only, not {words[0]}")
    printed = io.StringIO()
    here = Path.cwd()
    os.chdir(folder)
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            code = run(words[1:])
        text = printed.getvalue()
        if pipe:
            ended = subprocess.run(rest, shell=True, input=text, capture_output=True, encoding="utf-8", check=True)
            text = ended.stdout
    finally:
        os.chdir(here)
    return "".join(line.rstrip() + "\n" for line in text.splitlines()), code


def without_footer(text: str) -> str:
    """Return an answer without the lines that say on what date and with which version it was given."""
    body, rule, _ = text.partition(f"\n{_RULE}\n")
    return body if rule else re.sub(r"(?ms)^(?:As of \d|All dates, ).*\Z", "", text)
