"""Time questions of one decision of 10,000 holders, and whole commands.

    python benchmarks/asking.py

A matter is compiled once; then who passes alone, who can block and whether a coalition suffices are asked of it. The
commands are whole processes, the best of five, beside an empty Python process.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.control import compile_decision

BOOKS = Path(__file__).resolve().parents[1] / "books"
MUNIMENT = str(Path(sys.executable).with_name("muniment"))
HOLDERS = 10_000
COMMANDS = {
    "an empty Python process": ["-c", "pass"],
    "muniment --help": [MUNIMENT, "--help"],
    "muniment control, acme": [MUNIMENT, "control", str(BOOKS / "acme"), "--on", "2021-04-01"],
    "muniment control, openai": [
        *(MUNIMENT, "control", str(BOOKS / "openai")),
        *("--on", "2017-09-13", "--under", "musk-terms-filled"),
    ],
}


def main() -> None:
    """Print one line a question."""
    people = "".join(f"2020-01-01 person p{n}\n" for n in range(HOLDERS))
    held = "".join(f"  p{n}: {n * 7919 % 9973 + 1} common\n" for n in range(HOLDERS))
    company = (
        "2020-01-01 company acme\n  law pack: none\n  class common\n    votes per share: 1\n"
        "  rules\n    merge: majority of common and consent of p1\n"
    )
    structure = World(load_text(f"{people}{company}2020-01-02 issue acme\n{held}")).on(date(2021, 1, 1))
    names = [f"p{n}" for n in range(HOLDERS)]
    matter = compile_decision(structure, "acme: merge")
    questions: dict[str, Callable[[], object]] = {
        "compile": lambda: compile_decision(structure, "acme: merge"),
        "alone": matter.alone,
        "can block": matter.can_block,
        "does a coalition of 6,000 pass it": lambda: matter.passes(names[:6_000]),
        "does a group of 6,000 block it": lambda: matter.blocks(names[:6_000]),
    }
    print(f"One decision of {HOLDERS:,} holders, seconds, best of five")
    for words, question in questions.items():
        print(f"  {words:<36}{best_of(question):8.3f}")
    print("Whole commands, seconds, best of five")
    for words, arguments in COMMANDS.items():
        print(f"  {words:<36}{best_of(lambda run=arguments: started(run)):8.3f}")


def best_of(question: Callable[[], object], times: int = 5) -> float:
    """Return the least time of several, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        question()
        best = min(best, time.perf_counter() - start)
    return best


def started(arguments: list[str]) -> None:
    """Run Python with arguments, or a script, to its end."""
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)


if __name__ == "__main__":
    main()
