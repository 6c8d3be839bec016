"""Check a whole book: reading, references, figures, quotations, rounds and expectations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.answers.checking_rounds import check_rounds
from muniment.answers.conclusions import Conclusions
from muniment.answers.expectations import Outcome, evaluate_all
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.checks import check_figures
from muniment.book.load import in_file_order
from muniment.evidence.checking import check_quotes
from muniment.evidence.quote_rows import QuoteRow
from muniment.text.diagnostics import Diagnostic
from muniment.text.reader import without_cycle_search


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes:
        diagnostics: In file order, each once.
        outcomes: Every expectation, evaluated.
        quotes: Every quotation with its state.
        records: How many records the book has.
    """

    diagnostics: tuple[Diagnostic, ...]
    outcomes: tuple[Outcome, ...]
    quotes: tuple[QuoteRow, ...]
    records: int

    @property
    def quotations(self) -> dict[str, int]:
        """Return the number of quotations in each state."""
        return dict(sorted(Counter(row.state for row in self.quotes).items()))

    def summary(self) -> str:
        """Return the count of everything in one line."""
        severities = Counter(diagnostic.severity for diagnostic in self.diagnostics)
        verb = "holds" if len(self.outcomes) == 1 else "hold"
        held = sum(1 for outcome in self.outcomes if outcome.holds)
        quotations = ", ".join(f"{count} {state}" for state, count in self.quotations.items()) or "none"
        return (
            f"{_count(self.records, 'record')}; {_count(severities['error'], 'error')}, "
            f"{_count(severities['warning'], 'warning')}, {_count(severities['note'], 'note')}; "
            f"{held} of {_count(len(self.outcomes), 'expectation')} {verb}; quotations: {quotations}."
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def check_book(book: Book, sources: Sequence[Path] = (), conclusions: Conclusions | None = None) -> Checked:
    """Check a book.

    Args:
        book: The loaded book.
        sources: Further folders in which source files are looked up.
        conclusions: Answers expectations, where the caller asks more of them; on recorded dates if its world is so.
    """
    with without_cycle_search():
        quotes = check_quotes(book, sources)
        figures = check_figures(book)
    outcomes, failed = evaluate_all(conclusions or Conclusions(World(book)))
    sound = not any(each.severity == "error" for each in (*book.diagnostics, *figures))
    rounds = check_rounds(World(book)) if sound else ()
    diagnostics = [*book.diagnostics, *figures, *quotes.diagnostics, *rounds, *failed]
    return Checked(
        diagnostics=in_file_order(diagnostics), outcomes=outcomes, quotes=quotes.rows, records=len(book.records)
    )
