"""The shape of the source: which part may import which, and what only the command line may do."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "muniment"
ORDER = ("text", "model", "book", "evidence", "control", "payout", "formats", "answers", "render", "cli")
"""Each part may import those before it. `law` holds data, read by `book`."""
APART = frozenset({"evidence", "control", "payout"})
LONGEST = 500
LONGEST_IN_NEED = 550
FORBIDDEN_NAMES = frozenset({"utils", "util", "misc", "common", "manager", "handler", "helpers", "helper", "data"})
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
CLOCK = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
ENDS = {("sys", "exit"), ("os", "_exit"), ("sys", "stdout"), ("sys", "stderr"), ("sys", "stdin"), ("sys", "argv")}


def part_of(path: Path) -> str:
    """Return the part a module belongs to; the empty text for the package's own `__init__`."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imported_parts(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield each part of the package that a module imports, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "muniment" else [module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            head, _, rest = name.partition(".")
            if head == "muniment" and rest:
                yield rest.split(".")[0], node.lineno


def calls_and_names(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Yield (owner, name, line) of each attribute such as `date.today`, and ("", name, line) of each call of a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            yield owner, node.attr, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "", node.func.id, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "sys", "os"):
            for alias in node.names:
                yield node.module, alias.name, node.lineno


def faults(find: Callable[[Path, ast.Module], Iterator[str]]) -> list[str]:
    """Return what `find` says about every module, each with its place."""
    found = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(PACKAGE)}: {fault}" for fault in find(path, tree)]
    return found


def wrong_imports(path: Path, tree: ast.Module) -> Iterator[str]:
    own = part_of(path)
    for part, line in imported_parts(tree):
        if part not in ORDER or own not in ORDER:
            continue  # __version__ and other public names of the package; the package's own lazy names
        if ORDER.index(part) > ORDER.index(own):
            yield f"line {line}: {own} imports {part}, which comes after it"
        if own in APART and part in APART and own != part:
            yield f"line {line}: {own} imports {part}; evidence, control and payout stand apart"


def terminal_uses(path: Path, tree: ast.Module) -> Iterator[str]:
    if part_of(path) == "cli":
        return
    for owner, name, line in calls_and_names(tree):
        if (owner, name) in ENDS or (owner == "" and name in ("print", "input", "exit", "quit", "breakpoint")):
            yield f"line {line}: {owner + '.' if owner else ''}{name} belongs to cli"


def clock_uses(path: Path, tree: ast.Module) -> Iterator[str]:
    if part_of(path) == "cli":
        return
    for owner, name, line in calls_and_names(tree):
        if (owner, name) in CLOCK:
            yield f"line {line}: {owner}.{name} reads the clock; take the date as an argument"


WITH_TOLERANCE = {
    "control/intervals.py",
    "control/sampling.py",
    *(f"payout/valuation/{name}.py" for name in ("black_scholes", "exits", "option_pricing", "simulation", "value")),
}
"""Numerical work: whatever these return says how far it may be off, and decides nothing."""


def floats(path: Path, tree: ast.Module) -> Iterator[str]:
    if part_of(path) not in ("control", "payout") or path.relative_to(PACKAGE).as_posix() in WITH_TOLERANCE:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"line {node.lineno}: the number {node.value} is not exact"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield f"line {node.lineno}: float() is not exact"


@pytest.mark.parametrize("find", [wrong_imports, terminal_uses, clock_uses, floats], ids=lambda find: find.__name__)
def test_the_source_keeps_its_shape(find: Callable[[Path, ast.Module], Iterator[str]]) -> None:
    assert faults(find) == []


def test_every_folder_is_a_known_part() -> None:
    folders = {part_of(path) for path in MODULES} - {""}
    assert folders <= {*ORDER, "law"}


def test_law_is_data() -> None:
    assert [path.name for path in (PACKAGE / "law").rglob("*.py")] == ["__init__.py"]


def test_no_module_holds_two_ideas() -> None:
    lines = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_IN_NEED} == {}
    assert len([name for name, count in lines.items() if count > LONGEST]) <= 2


def test_no_module_is_named_for_nothing() -> None:
    assert [path.name for path in MODULES if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES] == []


@pytest.mark.parametrize(
    ("find", "folder", "source"),
    [
        (wrong_imports, "text", "from muniment.book.structure import Basis"),
        (wrong_imports, "text", "def f():\n    import muniment.cli.main"),
        (wrong_imports, "payout", "from muniment import control"),
        (terminal_uses, "render", "print(1)"),
        (terminal_uses, "book", "import sys\nsys.exit(1)"),
        (terminal_uses, "book", "from sys import exit"),
        (clock_uses, "answers", "import datetime\ndatetime.date.today()"),
        (clock_uses, "book", "from datetime import datetime\ndatetime.now()"),
        (clock_uses, "book", "from time import time"),
        (floats, "payout", "x = 0.5"),
        (floats, "control", "x = float('1')"),
    ],
)
def test_each_fault_is_found(find: Callable[[Path, ast.Module], Iterator[str]], folder: str, source: str) -> None:
    assert len(list(find(PACKAGE / folder / "module.py", ast.parse(source)))) == 1
