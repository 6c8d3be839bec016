"""Quotations looked up in a long text, beside rapidfuzz and edlib on the whole text.

    python benchmarks/quotes.py                     10 million characters, 1,000 quotations, English and Chinese
    python benchmarks/quotes.py --characters 1000000 --quotations 100 --peers 5

The texts are made of random words, so that nothing of anybody's is needed; half of the quotations are perturbed in the
second run: one character in twenty replaced, removed or inserted. The peers search a few of the perturbed ones, and
their time is scaled to as many as ours had.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import NamedTuple

from muniment.evidence.documents import Document, read_document
from muniment.evidence.edges import is_whole
from muniment.evidence.quotes import QuoteResult, check_quotations

LATIN = "etaoinshrdlucmfwypvbgkjqxz"
HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
FAR = 40


class Case(NamedTuple):
    """A quotation, where it was taken from, and whether it was perturbed."""

    quotation: str
    start: int
    is_perturbed: bool


def english(rng: random.Random, length: int) -> str:
    """Return words of random letters, the commonest first by Zipf's law, in sentences and lines."""
    words = ["".join(rng.choices(LATIN, range(26, 0, -1), k=rng.randint(2, 10))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    parts: list[str] = []
    total = 0
    while total < length:
        sentence = " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(5, 30))).capitalize()
        if rng.random() < 0.2:
            sentence += f" “{rng.choice(words)}” — {rng.randint(2, 9_999):,}"
        parts.append(sentence + rng.choice((". ", ". ", ".\n", ".\n\n")))
        total += len(parts[-1])
    return "".join(parts)[:length]


def chinese(rng: random.Random, length: int) -> str:
    """Return signs, common and rare, in sentences and lines."""
    rare = [chr(point) for point in rng.sample(range(0x4E00, 0x9000), 3_000)]
    signs = list(HAN) * 40 + rare
    parts: list[str] = []
    total = 0
    while total < length:
        parts.append("".join(rng.choices(signs, k=rng.randint(6, 30))) + rng.choice("，，。。\n"))
        total += len(parts[-1])
    return "".join(parts)[:length]


def cut(rng: random.Random, text: str, number: int, is_chinese: bool) -> list[Case]:
    """Cut quotations out of a text: 20 words, or 40 signs."""
    cases: list[Case] = []
    while len(cases) < number:
        start = rng.randrange(len(text) - 400)
        if not is_chinese:
            start = text.find(" ", start) + 1
        words = text[start : start + 40] if is_chinese else " ".join(text[start : start + 400].split(" ")[:20])
        if words == words.strip() and words[0].isalpha() and is_whole(text, start, start + len(words)):
            cases.append(Case(words, start, False))
    return cases


def perturb(rng: random.Random, case: Case, letters: str) -> Case:
    """Return a quotation with one character in twenty changed, none of the changes at its ends."""
    signs = list(case.quotation)
    while "".join(signs) in case.quotation:
        for _ in range(max(1, len(signs) // 20)):
            place = rng.randrange(2, len(signs) - 2)
            letter = rng.choice([each for each in letters if each not in signs[place - 1 : place + 2]])
            signs[place : place + 1] = rng.choice(([letter], [], [letter, signs[place]]))
    return Case("".join(signs), case.start, True)


def wrong(document: Document, cases: list[Case], results: list[QuoteResult]) -> int:
    """Return how many were verified without standing there, or located elsewhere, or not located."""
    count = 0
    for case, result in zip(cases, results, strict=True):
        if result.at is None:
            count += 1
            continue
        offset = document.line_starts[result.at[0] - 1] + result.at[1] - 1
        stands = document.text.startswith(case.quotation, offset)
        if result.is_verified:
            count += not (stands or result.state == "folded")
            count += case.is_perturbed
        else:
            cut = case.is_perturbed or bool(result.negation_before or result.negation_after)  # beside a 'not': no match
            count += not cut or abs(offset - case.start) > FAR
    return count


def check(document: Document, cases: list[Case]) -> list[QuoteResult]:
    return check_quotations([(case.quotation, "") for case in cases], document)


def timed(work: Callable[[], list[QuoteResult]], times: int) -> tuple[float, list[QuoteResult]]:
    """Return the best of several runs, each from the beginning, and its results."""
    best, results = float("inf"), []
    for _ in range(times):
        started = time.perf_counter()
        results = work()
        best = min(best, time.perf_counter() - started)
    return best, results


def peers(text: str, cases: list[Case]) -> dict[str, float]:
    """Return the seconds that each peer takes for some quotations on the whole text."""
    found: dict[str, float] = {}
    try:
        from rapidfuzz import fuzz

        started = time.perf_counter()
        for case in cases:
            fuzz.partial_ratio_alignment(case.quotation, text)
        found["rapidfuzz partial_ratio_alignment"] = time.perf_counter() - started
    except ImportError:
        print("  rapidfuzz is not installed")
    try:
        import edlib

        data = text.encode()
        started = time.perf_counter()
        for case in cases:
            needle = case.quotation.encode()
            edlib.align(needle, data, mode="HW", task="locations", k=len(needle) // 8)
        found["edlib HW on UTF-8"] = time.perf_counter() - started
    except ImportError:
        print("  edlib is not installed")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=10_000_000)
    parser.add_argument("--quotations", type=int, default=1_000)
    parser.add_argument("--peers", type=int, default=2, help="How many quotations the peers search; 0 = none.")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    for name, make, letters in (("English", english, LATIN), ("Chinese", chinese, HAN)):
        rng = random.Random(20)
        text = make(rng, options.characters)
        cases = cut(rng, text, options.quotations, name == "Chinese")
        mixed = [perturb(rng, case, letters) if number % 2 else case for number, case in enumerate(cases)]
        started = time.perf_counter()
        document = read_document(text, "long.txt")
        print(f"{name}: {len(text):,} characters, {len(cases):,} quotations")
        print(f"  reading and indexing            {time.perf_counter() - started:8.2f} s")
        for title, asked in (("all exact", cases), ("half perturbed", mixed)):
            seconds, results = timed(partial(check, document, asked), options.times)
            print(f"  {title:<30}  {seconds:8.2f} s, {wrong(document, asked, results)} wrong")
        sample = [case for case in mixed if case.is_perturbed][: options.peers]
        if sample:
            for peer, taken in peers(text, sample).items():
                whole = taken / len(sample) * len(mixed)
                print(f"  {peer:<34}  {whole:8.0f} s (from {len(sample)}), {whole / seconds:.0f} times ours")


if __name__ == "__main__":
    main()
