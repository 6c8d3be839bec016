"""How long it takes to load and check a book, by its size, beside bean-check on as many directives (if installed).

Prints, for 10,000 to 100,000 lines: seconds to load, to load and check the whole command, how the time grows against
the smallest book (1.0 = in proportion), the peak memory of the process, and the ratio to beancount's loader.

Run: python benchmarks/loading.py [LINES ...]
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (10_000, 20_000, 50_000, 100_000)
HEAD = """\
2020-01-01 source register "Register of members"
  kind: filing

2020-01-01 company acme "Acme"
  law pack: none
  class common
    votes per share: 1
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of common
      removed by: majority of common
  rules
    sell company: majority of votes

"""
RECORD = """\
2020-01-02 person p{at} "Person {at}"                    [@register, l. {at}]

2020-01-03 issue acme "Shares of person {at}"           [@register, l. {at}]
  p{at}: {shares:,} common for USD {price:,}.00

2020-01-04 event e{at} "Person {at} subscribes"         [@register, l. {at}]
  who: p{at}
  what: subscribed to {shares:,} shares

"""


def book_of(lines: int) -> str:
    """Return records of about so many lines: persons, issues and events, each cited."""
    per_record = RECORD.count("\n")
    count = (lines - HEAD.count("\n")) // per_record
    return HEAD + "".join(RECORD.format(at=at, shares=1 + at % 997, price=100 + at % 89) for at in range(count))


def ledger_of(directives: int) -> str:
    """Return a beancount ledger of as many directives."""
    opened = "2020-01-01 open Assets:Cash USD\n2020-01-01 open Equity:Shares USD\n"
    entry = '2020-01-03 * "Shares of person {at}"\n  Assets:Cash  {price}.00 USD\n  Equity:Shares\n\n'
    return opened + "".join(entry.format(at=at, price=100 + at % 89) for at in range(directives))


def seconds_to_check(folder: Path) -> tuple[float, float, int]:
    """Return seconds to load, seconds of `muniment check` in a process of its own, and its peak memory in MB."""
    from muniment.book.load import load

    best = 1e9
    for _ in range(2):
        start = time.perf_counter()
        book = load(folder)
        best = min(best, time.perf_counter() - start)
    assert not book.diagnostics, book.diagnostics[:3]
    code = (
        "import resource, sys\nfrom muniment.cli.main import run\ncode = run(['check', sys.argv[1]])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\nsys.exit(code)"
    )
    start = time.perf_counter()
    ran = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    whole = time.perf_counter() - start
    assert ran.returncode == 0, ran.stdout[-500:]
    return best, whole, int(ran.stderr.split()[-1]) // 1024


def seconds_of_beancount(directives: int, folder: Path) -> float | None:
    """Return seconds of beancount's loader, or None where it is not installed."""
    if importlib.util.find_spec("beancount") is None:
        return None
    from beancount import loader

    path = folder / "ledger.beancount"
    path.write_text(ledger_of(directives))
    start = time.perf_counter()
    with contextlib.redirect_stderr(io.StringIO()):
        loader.load_file(str(path))
    return time.perf_counter() - start


def main(sizes: list[int]) -> None:
    """Print a row for each size."""
    print(f"{'lines':>8} {'records':>8} {'load s':>8} {'check s':>8} {'growth':>7} {'MB':>5}  beancount")
    first: float | None = None
    for lines in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "muniment.toml").write_text('name = "Benchmark"\nformat = 1\n')
            text = book_of(lines)
            (folder / "book.muni").write_text(text)
            records = sum(1 for line in text.splitlines() if line[:1] == "2")
            load, whole, memory = seconds_to_check(folder)
            per_line = load / lines
            first = per_line if first is None else first
            peer = seconds_of_beancount(records, folder)
            beside = "not installed" if peer is None else f"{peer:.2f} s ({load / peer:.2f} of it)"
            print(
                f"{lines:>8,} {records:>8,} {load:>8.2f} {whole:>8.2f} {per_line / first:>7.2f} {memory:>5}  {beside}"
            )


if __name__ == "__main__":
    main([int(word.replace(",", "")) for word in sys.argv[1:]] or list(SIZES))
