"""One folder for each code: the smallest book that causes it, and exactly what `muniment check` prints for it.

`tests/cases/MNNN-name/` holds the folder and `expected.txt`; a further case of a code is `MNNN-name-WORDS`.
What cannot lie in a repository (other encodings, pipes, links out of the folder, long lines) is made below.
Run `pytest tests/test_cases.py --update` to rewrite the outputs, and read the difference as a user would.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from muniment.answers.checking import check_book
from muniment.answers.explaining import CODES
from muniment.book.load import load
from muniment.cli.codes import CODES as OWN_FAULTS
from muniment.text.diagnostics import Diagnostic
from muniment.text.rendering import render

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
FOLDERS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
FIRST_LINE = re.compile(r"[^:\n]+:[1-9]\d*:[1-9]\d*: (error|warning|note)\[M\d{3}\]: \S")


def written(data: bytes) -> Callable[[Path], None]:
    """Return a function that writes one record file."""

    def make(folder: Path) -> None:
        (folder / "acme.muni").write_bytes(data)

    return make


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "acme.muni")


def link_out_of_the_folder(folder: Path) -> None:
    outside = folder.parent / "outside.muni"
    outside.write_text('2021-03-04 person ada "Ada"\n', encoding="utf-8")
    (folder / "acme.muni").symlink_to(outside)


def large_file(folder: Path) -> None:
    with open(folder / "acme.muni", "wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)


def latin_1_source(folder: Path) -> None:
    (folder / "sources").mkdir()
    (folder / "sources" / "charter.txt").write_bytes(
        "Soci\xe9t\xe9 organized under the laws of France".encode("latin-1")
    )


MADE: Mapping[str, Callable[[Path], None]] = {
    "M100-bytes-not-utf-8": written(b'2021-03-04 person andre "Andr\xe9"\n'),
    "M101-byte-order-mark": written(b'\xef\xbb\xbf2021-03-04 person ada "Ada"\n'),
    "M102-carriage-returns": written(b'2021-03-04 person ada "Ada"\r\n'),
    "M103-control-characters": written(b'2021-03-04 person ada "Ada\x00"\n'),
    "M104-invisible-characters": written('2021-03-04 person ada "Ada\u202e"\n'.encode()),
    "M126-long-lines": written(b'2021-03-04 person ada "Ada"\n  remark: ' + b"a" * 100_000 + b"\n"),
    "M127-deep-nesting": written(
        b"2021-03-04 company acme\n" + b"".join(b"  " * level + b"a: a\n" for level in range(1, 23))
    ),
    "M190-unreadable-files": link_out_of_the_folder,
    "M190-unreadable-files-large": large_file,
    "M190-unreadable-files-pipe": pipe,
    "M411-doubtful-readings": latin_1_source,
    "M199-more-faults": written(b"2021-03-04 company acme\n" + b"".join(b"  Law %d\n" % n for n in range(102))),
}


def codes_in_the_source() -> dict[str, set[str]]:
    """Return every code that stands in the source as a word of its own, with the modules that have it."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "src" / "muniment").rglob("*.py"):
        if path.name in ("codes.py", "vocabulary_codes.py", "law_codes.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"M\d{3}", node.value):
                found.setdefault(node.value, set()).add(path.relative_to(ROOT).as_posix())
    return found


def checked(folder: Path) -> tuple[list[Diagnostic], str]:
    """Return the diagnostics of a folder, and the text that is printed for them."""
    book = load(folder)
    diagnostics = list(check_book(book).diagnostics)
    lines = book.lines
    return diagnostics, "\n\n".join(render(diagnostic, lines) for diagnostic in diagnostics) + "\n"


def test_every_code_in_use_has_a_page_and_every_page_a_code_in_use() -> None:
    tables = set(CODES) | set(OWN_FAULTS)
    used = codes_in_the_source()
    assert {code: sorted(places) for code, places in used.items() if code not in tables} == {}
    assert sorted(tables - set(used) - {"M900"}) == []


def test_names_of_codes_are_unique() -> None:
    names = Counter(code.name for code in (*CODES.values(), *OWN_FAULTS.values()))
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_code_has_a_case_that_bears_its_name() -> None:
    wanted = [f"{code.code}-{code.name}" for code in CODES.values()]
    assert [name for name in wanted if name not in FOLDERS] == []


def test_every_case_is_of_a_code() -> None:
    names = [f"{code.code}-{code.name}" for code in CODES.values()]
    assert [
        folder for folder in FOLDERS if not any(folder == name or folder.startswith(f"{name}-") for name in names)
    ] == []
    assert sorted(set(MADE) - set(FOLDERS)) == []


@pytest.mark.parametrize("name", FOLDERS)
def test_case(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / "book"
    shutil.copytree(CASES / name, folder, ignore=shutil.ignore_patterns("expected.txt"))
    if name in MADE:
        MADE[name](folder)
    diagnostics, shown = checked(folder)
    code = name[:4]
    assert code in [diagnostic.code for diagnostic in diagnostics], shown
    for diagnostic in diagnostics:
        first = render(diagnostic, {}).splitlines()[0]
        assert FIRST_LINE.match(first), first
        assert diagnostic.hint, f"no hint: {first}"
        assert not diagnostic.message.endswith("."), first
        assert diagnostic.code == "M199" or diagnostic.severity == CODES[diagnostic.code].severity, first
    expected = CASES / name / "expected.txt"
    if request.config.getoption("--update"):
        expected.write_text(shown, encoding="utf-8", newline="\n")
    if not expected.is_file():
        pytest.fail(f"tests/cases/{name}/expected.txt is missing; run pytest --update and read it", pytrace=False)
    assert shown == expected.read_text(encoding="utf-8")
