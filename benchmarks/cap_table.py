"""How long a cap table of many securities takes, and whether its totals are right.

    python benchmarks/cap_table.py [SECURITIES]

Times are of this process alone (CPU seconds), the best of three.

The book has as many issues as asked, in lots of a hundred records a day over fifty classes, and one grant for every
twenty of them. Loading is measured apart: the table is folded from the loaded book and then counted. The totals are
compared with sums that are kept while the book is written.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from datetime import date, timedelta

from muniment.book.load import load_text
from muniment.payout import cap_table

CLASSES = 50
A_DAY = 100
HOLDERS = 10_000


def book_of(securities: int) -> tuple[str, Counter[str], int]:
    """Return the text of a book, the shares of each class, and the options granted."""
    parts = [f'2000-01-01 person p{number} "Holder {number}"' for number in range(HOLDERS)]
    classes = "\n".join(f"  class c{number}" for number in range(CLASSES))
    parts.append(f'2000-01-01 company big "Big"\n{classes}\n  plan pool\n    of: c0\n    reserved: 100,000,000')
    issued: Counter[str] = Counter()
    granted = 0
    grants = securities // 20
    for first in range(0, securities - grants, A_DAY):
        day = date(2000, 1, 2) + timedelta(days=first // A_DAY)
        lines = [f"{day.isoformat()} issue big"]
        for number in range(first, min(first + A_DAY, securities - grants)):
            quantity, class_id = 1 + number * 7919 % 9973, f"c{number % CLASSES}"
            issued[class_id] += quantity
            lines.append(f"  p{number * 31 % HOLDERS}: {quantity} {class_id}")
        parts.append("\n".join(lines))
    for number in range(grants):
        quantity = 100 + number % 4_800
        granted += quantity
        parts.append(
            f"2001-01-01 grant big\n  to: p{number % HOLDERS}\n  quantity: {quantity}\n  of: c0\n  plan: pool\n"
            "  vests: 4 years monthly, 12 months cliff"
        )
    return "\n\n".join(parts) + "\n", issued, granted


def main() -> None:
    securities = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    text, issued, granted = book_of(securities)
    start = time.process_time()
    book = load_text(text)
    loaded = time.process_time() - start
    runs = []
    for _ in range(3):
        start = time.process_time()
        structure = book.world().on(date(2003, 1, 1))
        folded = time.process_time()
        table = cap_table(structure, "big")
        runs.append((time.process_time() - start, folded - start))
    best, fold = min(runs)
    assert {total.class_id: total.outstanding for total in table.totals} == issued
    assert table.plans[0].granted == granted
    assert sum(row.fully_diluted or 0 for row in table.instruments) == 1
    measured = {
        "measured": "from the loaded book to its table, CPU; load_s apart",
        "securities": securities,
        "rows": len(table.instruments),
        "load_s": round(loaded, 2),
    }
    print(json.dumps({**measured, "fold_and_table_s": round(best, 2), "fold_s": round(fold, 2)}))


if __name__ == "__main__":
    main()
