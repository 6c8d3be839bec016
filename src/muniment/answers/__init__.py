"""Questions put to a book: expectations, comparisons, what turns on a dispute, the report."""
