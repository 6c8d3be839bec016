"""Every command that a page shows is run, and prints what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_runs import run_page, without_footer

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [
    path
    for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
    if not {"_build", "reference"} & set(path.parts) and "\n<!-- run" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_print_what_the_page_says(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "books").symlink_to(ROOT / "books")
    text = page.read_text(encoding="utf-8")
    ran = run_page(text, tmp_path)
    assert ran.faults == ()
    if request.config.getoption("--update"):
        page.write_text(ran.text, encoding="utf-8", newline="\n")
        text = ran.text
    assert text == ran.text


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_command_stands_outside_a_block_that_is_run(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r"(?m)^\$ .*muniment", text)
    ran = re.findall(r"(?m)^<!-- run[^\n]* -->\n```\w+\n\$ .*muniment", text)
    assert len(shown) == len(ran)


def test_the_pages_that_promise_answers_are_run() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in PAGES}
    assert {"README.md", "docs/tutorial.md"} <= names
    assert len([name for name in names if name.startswith("docs/howto/")]) >= 5


def test_files_are_written_added_to_and_corrected(tmp_path: Path) -> None:
    page = (
        "<!-- file: a/x.muni -->\n```text\none\ntwo\n```\n"
        "<!-- file: a/x.muni, lines 2 to 2 -->\n```text\nTWO\n```\n"
        "<!-- file: a/x.muni, added -->\n```text\nthree\n```\n"
    )
    assert run_page(page, tmp_path).text == page
    assert (tmp_path / "a" / "x.muni").read_text(encoding="utf-8") == "one\nTWO\n\nthree\n"


def test_a_wrong_output_and_a_wrong_exit_code_are_noticed(tmp_path: Path) -> None:
    page = "<!-- run, exit 1 -->\n```console\n$ muniment explain codes | head -n 1\nnothing of the kind\n```\n"
    ran = run_page(page, tmp_path)
    assert ran.faults == ("muniment explain codes | head -n 1: exit code 0",)
    assert "nothing of the kind" not in ran.text
    assert re.search(r"(?m)^M\d\d\d  ", ran.text)


def test_the_footer_is_what_stands_below_the_rule_or_from_the_date_on() -> None:
    assert without_footer("answer\n\n" + "─" * 40 + "\nAs of 2021-04-01.\n") == "answer\n"
    assert without_footer("3 records.\nAll dates, account: keeper.\nmuniment 1\n") == "3 records.\n"
