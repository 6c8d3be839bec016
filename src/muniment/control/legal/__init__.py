"""Legal tests of control: each a documented function of a structure, with its source and version."""

from __future__ import annotations

from muniment.control.legal.finding import Finding, Given, LegalTest, Point, Turnout, Verdict
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.registry import MOST_PARTIES, TESTS, find, legal_finding, legal_test, parties_in_question

__all__ = [
    "MOST_PARTIES",
    "TESTS",
    "Finding",
    "Given",
    "Inquiry",
    "LegalTest",
    "Point",
    "Turnout",
    "Verdict",
    "find",
    "legal_finding",
    "legal_test",
    "parties_in_question",
]
