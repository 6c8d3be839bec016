"""Long texts: one pass gives what plain searches give, and stays within a bound far above what was measured."""

from __future__ import annotations

import importlib.util
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.evidence import folding, grams
from muniment.evidence.documents import read_document
from muniment.evidence.quotes import check_quotation, check_quotations
from muniment.evidence.rewriting import rewrite

SPEC = importlib.util.spec_from_file_location("benchmark_of_quotes", Path(__file__).parents[2] / "benchmarks/quotes.py")
bench = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bench)

SIGNS = "ab 一，中  \n\t\u3000\u00a0«»‹›“”’-–\u00adﬁé e\u0301\u0327か\u3099 １½①\u200bÅ각\u1100\u1161\u11a8㍿ﬀ。㈱…"


@given(st.text(SIGNS + "x", max_size=40), st.booleans())
def test_folding_all_at_once_is_folding_step_by_step(text, of_source):
    steps = rewrite(text, folding._edits(text, of_source))
    if not text:
        return
    once = folding.fold_long(text, of_source)
    assert once.text == steps.text
    assert [once.source_span(i, i + 1) for i in range(len(once.text))] == [
        steps.source_span(i, i + 1) for i in range(len(steps.text))
    ]


def every_place(data, needle):
    return [start for start in range(len(data)) if data.startswith(needle, start)]


@given(st.data())
def test_one_pass_finds_what_plain_searches_find(data):
    text = data.draw(st.text("ab一", min_size=30, max_size=300)).encode()
    starts = data.draw(st.lists(st.integers(0, len(text) - 8), max_size=8))
    needles = [text[start : start + data.draw(st.integers(1, 40))] for start in starts] + [
        b"nowhere to be found at all"
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "WORTH_A_PASS", 0)
        patch.setattr(grams, "CHUNK", 64)
        found = grams.find_all(text, needles)
    assert {needle for needle in needles if len(needle) >= grams.SHORT} == set(found)
    assert found == {needle: every_place(text, needle) for needle in found}


@pytest.mark.parametrize("size", [16, 8, 5])
def test_one_pass_locates_where_plain_searches_do(size):
    rng = random.Random(4)
    text = bench.english(rng, 30_000).encode()
    cases = bench.cut(rng, text.decode(), 30, False)
    needles = [bench.perturb(rng, case, bench.LATIN).quotation.lower().encode() for case in cases]
    plain = grams.locate_all(text.lower(), needles, size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "WORTH_A_PASS", 0)
        passed = grams.locate_all(text.lower(), needles, size)
    for one, other in zip(plain, passed, strict=True):
        best = {place for place, votes in one.items() if votes == max(one.values())}
        assert best & set(dict(other.most_common(3)))


def test_a_gram_that_is_everywhere_is_left_to_a_plain_search():
    text = b"abcdefgh" * 5_000 + b"the end of it"
    needles = [b"abcdefgh" * 3, b"the end of it"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "WORTH_A_PASS", 0)
        assert set(grams.find_all(text, needles)) == {b"the end of it"}


@pytest.mark.parametrize(("make", "letters"), [(bench.english, bench.LATIN), (bench.chinese, bench.HAN)])
def test_none_is_wrong_in_a_long_text(make, letters):
    rng = random.Random(11)
    text = make(rng, 1_500_000)
    cases = bench.cut(rng, text, 300, make is bench.chinese)
    mixed = [bench.perturb(rng, case, letters) if n % 2 else case for n, case in enumerate(cases)]
    document = read_document(text, "long.txt")
    started = time.process_time()
    results = check_quotations([(case.quotation, "") for case in mixed], document)
    seconds = time.process_time() - started
    assert Counter(
        (
            case.is_perturbed,
            "exact" if (result.negation_before or result.negation_after) and not case.is_perturbed else result.state,
        )
        for case, result in zip(mixed, results, strict=True)
    ) == {
        (False, "exact"): 150,
        (True, "near-miss"): 150,
    }
    assert bench.wrong(document, mixed, results) == 0
    assert seconds < 12
    few = [(mixed[number].quotation, "") for number in (0, 1, 2, 3)]
    assert [check_quotation(words, document, place) for words, place in few] == results[:4]


def test_a_typical_record_takes_a_moment():
    rng = random.Random(12)
    text = bench.english(rng, 1_000_000)
    cases = bench.cut(rng, text, 100, False)
    document = read_document(text, "long.txt")
    started = time.process_time()
    results = check_quotations([(case.quotation, "") for case in cases], document)
    assert time.process_time() - started < 1.5, "0.3 s was the aim on an idle machine"
    assert {result.state for result in results} == {"exact"}
