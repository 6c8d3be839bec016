"""Texts that are made to be slow: twice the length takes no more than a few times as long, and nothing raises."""

from __future__ import annotations

import time

import pytest

from muniment.evidence.documents import read_document
from muniment.evidence.scan.names import NOBODY
from muniment.evidence.scan.proposals import MOST_PROPOSALS, Origin, propose
from muniment.evidence.scan.scanning import LONGEST_SCANNED, scan

PIECES = {
    "digits": "9",
    "groups": "123 456 ",
    "commas": "1,234,",
    "amounts": "$1B ",
    "words": "one hundred ",
    "French words": "quatre-vingt-",
    "Chinese numbers": "一百二十三万",
    "one sign": "十",
    "quotation marks": '"',
    "guillemets": "« ",
    "months": "in May to ",
    "dates": "2017-01-01 to ",
    "years": "2015-2016-",
    "spaces": " ",
    "letters": "a",
    "strokes": "1/",
    "speech": "said ",
    "addresses": "http://",
    "dots": "a.",
    "acts": "resigned ",
    "parts": "12 个中的",
}


def seconds(text, language):
    document = read_document(text, "x.txt")
    started = time.process_time()
    propose(scan(document, language=language), NOBODY, Origin("x", False, None, None), set())
    return time.process_time() - started


@pytest.mark.parametrize("piece", PIECES, ids=str)
@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_time_grows_with_the_text(piece, language):
    length = 2_000
    text = PIECES[piece] * (length // len(PIECES[piece]))
    short = max(min(seconds(text, language) for _ in range(2)), 0.03)
    assert seconds(text * 4, language) < 12 * short + 0.3


def test_a_million_digits_are_no_number():
    assert scan(read_document("$" + "9" * 1_000_000, "x.txt")).figures == ()


def test_what_is_not_looked_at_is_said(monkeypatch):
    assert LONGEST_SCANNED == 4_000_000
    monkeypatch.setattr("muniment.evidence.scan.scanning.LONGEST_SCANNED", 100_000)
    text = "In May 2021 she gave $5 million. " * 4_000
    scanned = scan(read_document(text, "x.txt"))
    assert any("were scanned" in note for note in scanned.notes)
    made = propose(scanned, NOBODY, Origin("x", False, None, None), set())
    assert len(made.proposals) == MOST_PROPOSALS
    assert any("proposals are given" in note for note in made.notes)
