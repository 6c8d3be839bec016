"""How long payouts take: a curve, a million exits, ten thousand holders; and whether two roads agree.

Prints a Markdown table. Each figure is the best of several runs in processor time of one thread, except the million
exits, which is clock time. The best Python peer that was found is not on PyPI; it took 174 microseconds an exit where
it was measured, and that figure is quoted, not measured here.

Run: python benchmarks/payout.py [--into PAGE, to write the table below its mark <!-- figures -->]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np

from muniment.book.structure import Basis, Entity, Holding, Party, Rank, ShareClass, Structure
from muniment.model.values import Money
from muniment.payout import Curve, curve_of, pay_out
from muniment.payout.many import pay_many
from muniment.text.spans import Span

PEER = 174
"""Microseconds an exit, as recorded."""

BASIS = Basis("record", "words", Span("book.muni", 1, 1, 2))
MARK = "<!-- figures -->\n"


def company(classes: int, holders: int) -> Structure:
    """Return a company with common and preferred classes stacked by rank, of every kind of participation."""
    draw = random.Random(1)
    names = [f"series-{number}" for number in range(1, classes)]
    terms = {"common": ShareClass(id="common", title="Common", basis={"": BASIS})}
    for number, name in enumerate(names):
        terms[name] = ShareClass(
            id=name,
            title=name,
            original_issue_price=Money(Fraction(draw.randrange(100, 2000), 100), "USD"),
            preference=Fraction(draw.choice([1, 1, 2])),
            participation=draw.choice(["none", "none", "full", "capped"]),
            participation_cap=Fraction(3),
            ranks=(Rank(ahead=True, classes=("common", *names[:number])),),
            converts_into=(Fraction(1), "common"),
            basis={"": BASIS},
        )
    held = tuple(
        Holding(
            party=f"holder-{name}-{number}",
            entity="acme",
            class_id=name,
            quantity=Fraction(draw.randrange(1000, 9000)),
            basis=(BASIS,),
        )
        for name in terms
        for number in range(max(1, holders // classes))
    )
    return Structure(
        on=date(2021, 4, 1),
        account="keeper",
        under=None,
        parties={each.party: Party(id=each.party, kind="person", title=each.party) for each in held},
        entities={"acme": Entity(id="acme", kind="company", title="Acme", classes=terms, basis={"": BASIS})},
        holdings={"acme": held},
    )


def best(run: Callable[[], object], times: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the least seconds of several runs."""
    found = []
    for _ in range(times):
        start = clock()
        run()
        found.append(clock() - start)
    return min(found)


def curve(structure: Structure) -> Curve:
    made = curve_of(structure, "acme", "USD")
    assert isinstance(made, Curve)
    return made


def rows() -> list[tuple[str, str, str]]:
    """Return (what, ours, beside it)."""
    small, large = company(10, 10), company(50, 10_000)
    found = [("exact curve, 10 classes", f"{1e3 * best(lambda: curve(small), 15):.1f} ms", "")]
    exact = curve(small)
    exits = np.random.default_rng(1).integers(0, 10**9, 1_000_000)
    pay_many(exact, exits)
    each = best(lambda: pay_many(exact, exits), 7, time.perf_counter)
    beside = f"{PEER} µs recorded, {PEER / each:,.0f} times"
    found.append(("a million exits, 10 classes, to the cent", f"{each:.2f} µs an exit", beside))
    found.append(("exact curve, 50 classes, 10,000 holders", f"{best(lambda: curve(large), 3):.2f} s", ""))
    sale = Money(Fraction(10**9), "USD")
    paid = best(lambda: pay_out(large, "acme", sale), 3)
    found.append(("payout of the same, rounded, explained and certified", f"{paid:.2f} s", ""))
    check(exact, exits[:2000])
    return found


def check(exact: Curve, exits: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    """Compare the fast road with fractions, and with what `pay_out` certifies; stop where they differ."""
    paid = pay_many(exact, np.resize(exits, 60_000))[:, : exits.size]
    for index, amount in enumerate(exits.tolist()):
        wanted = [int(column.amount.at(Fraction(amount, 100)) * 100) for column in exact.columns]
        if wanted != paid[:, index].tolist():
            sys.exit(f"the fast road differs at {amount} cents")
    answer = pay_out(company(10, 10), "acme", Money(Fraction(10**8), "USD"))
    if answer.certificate:
        sys.exit(f"not certified: {answer.certificate}")


def main(words: list[str]) -> None:
    lines = ["| what | time | beside it |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows())]
    table = "\n".join(line.replace("|  |", "| |") for line in lines) + "\n"
    if "--into" not in words:
        print(table)
        return
    page = Path(words[words.index("--into") + 1])
    above, mark, _ = page.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        sys.exit(f"{page} has no line {MARK.strip()}")
    made = f"\nMade with `python benchmarks/payout.py --into {page}`.\n\n"
    page.write_text(f"{above}{mark}{made}{table}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
