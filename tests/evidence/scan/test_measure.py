"""How much of what stands in the articles and the archive is found, and how much of what is proposed is right.

Recall is measured against figures read by hand out of the quotations of `seed-facts.json`, and against every run of
digits and every word of scale in them, which a list of patterns finds without understanding anything. Precision is
measured against places that were judged one by one; whatever is not among them counts as wrong.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from muniment.evidence.documents import read_document
from muniment.evidence.scan.calendar_points import of_point
from muniment.evidence.scan.proposals import is_proposed
from muniment.evidence.scan.scanning import scan

SHARED = Path(__file__).resolve().parents[4] / "shared"
HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(
    not (SHARED / "seed-facts.json").is_file(), reason="the folder 'shared' beside the checkout is absent"
)
PUBLISHED = {"000": (2024, 11), "001": (2024, 12), "002": (2024, 11, 19), "003": (2024, 3), "004": (2023, 11)}
"""When each article appeared, as the book's sources have it; relative dates are counted from there."""
READ_BY_HAND = json.loads((HERE / "figures_in_quotations.json").read_text(encoding="utf-8"))["facts"]
JUDGED = json.loads((HERE / "judged.json").read_text(encoding="utf-8"))
DUMB = re.compile(
    r"[0-9]+|milliards?|millions?|%|\bfois\b|janvier|février|mars\b|avril|juillet|août|septembre|octobre|novembre|décembre"
    r"|[万亿倍％]|美元",
    re.IGNORECASE,
)
NOT_FIGURES = {"1-26": ("Mars",), "1-14": ("juillet",), "3-18": ("fois",)}
"""A planet, a month that the translation left beside the one it belongs to, and `once` that means `as soon as`."""


@pytest.fixture(scope="module")
def scanned():
    found = {}
    for path in [*sorted((SHARED / "seeds").glob("*.txt")), SHARED / "evidence" / "emails-2025-01.md"]:
        document = read_document(path.read_bytes(), path.name)
        dated = of_point(*PUBLISHED[path.name[:3]]) if path.name[:3] in PUBLISHED else None
        found[path.name] = scan(document, dated=dated)
    return found


@pytest.fixture(scope="module")
def facts():
    return json.loads((SHARED / "seed-facts.json").read_text(encoding="utf-8"))["facts"]


def inside(scanned, fact):
    """Return kind and value of what was found in the words of a fact."""
    start, end = fact["char_offset"], fact["char_offset"] + len(fact["quote"])
    findings = scanned[fact["seed"]].findings
    return [f"{one.kind} {one.value}" for one in findings if one.start < end and one.end > start]


def test_the_language_of_each_text_is_seen(scanned):
    assert [scanned[name].language for name in sorted(scanned)] == ["fr", "fr", "zh", "fr", "fr", "en"]


@pytest.mark.parametrize("language", ["fr", "zh"])
def test_figures_in_the_quotations_are_found(scanned, facts, language, capsys):
    total, missed = 0, []
    for fact in facts:
        if scanned[fact["seed"]].language != language:
            continue
        found = inside(scanned, fact)
        for wanted in READ_BY_HAND.get(fact["id"], ()):
            total += 1
            if wanted in found:
                found.remove(wanted)
            else:
                missed.append((fact["id"], wanted))
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{language}: {total - len(missed)} of {total} figures and dates of the quotations found; missed {missed}"
        )
    assert total >= 25
    assert len(missed) <= total * 0.05


def test_nothing_that_patterns_see_in_the_quotations_is_left(scanned, facts):
    left = []
    for fact in facts:
        findings = scanned[fact["seed"]].findings
        for match in DUMB.finditer(fact["quote"]):
            at = fact["char_offset"] + match.start()
            if not any(one.start <= at < one.end for one in findings) and match[0] not in NOT_FIGURES.get(
                fact["id"], ()
            ):
                left.append((fact["id"], match[0]))
    assert left == []


@pytest.mark.parametrize("language", ["fr", "zh", "en"])
def test_what_is_proposed_is_an_amount_or_a_date(scanned, language, capsys):
    right = wrong = 0
    others = []
    for name, each in scanned.items():
        if each.language != language:
            continue
        judged = set(JUDGED["right"][name])
        for one in each.findings:
            if not one.value or not (one.kind == "date" or is_proposed(one)):
                continue
            line, column = each.document.line_column(one.start)
            said = f"{line}:{column} {one.kind} {one.value}"
            right += said in judged
            wrong += said not in judged
            others += [said] if said not in judged else []
    with capsys.disabled():
        print(f"\n{language}: {right} of {right + wrong} proposed amounts and dates are right; wrong {others}")  # noqa: T201
    assert right + wrong >= 40
    assert right >= 0.9 * (right + wrong)


def test_the_english_archive(scanned, capsys):
    archive = scanned["emails-2025-01.md"]
    found = set()
    for one in archive.findings:
        line, column = archive.document.line_column(one.start)
        found.add(f"{line}:{column} {one.kind} {one.value}")
    judged = JUDGED["right"]["emails-2025-01.md"] + JUDGED["missed"]["emails-2025-01.md"]
    counts = [one for one in judged if " count " in one]
    amounts = [one for one in judged if " count " not in one]
    hits = {kind: sum(one in found for one in group) for kind, group in (("amounts", amounts), ("counts", counts))}
    with capsys.disabled():
        print(  # noqa: T201
            f"\nen: {hits['amounts']} of {len(amounts)} amounts, parts and dates found; {hits['counts']} of {len(counts)} counts"  # noqa: E501
        )
    assert hits["amounts"] >= 0.95 * len(amounts)
