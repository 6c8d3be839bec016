"""Proposing records from documents: dates, figures, names, quotations and cues, in English, French and Chinese."""
