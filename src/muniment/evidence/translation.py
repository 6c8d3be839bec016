"""What a translation may not change: numbers, dates, names and negations, compared with the words it renders.

The words themselves are in two languages, so nothing here says that they mean the same. It only says where what can be
compared differs.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from muniment.evidence.scan.dates import Anchors, find_dates
from muniment.evidence.scan.languages import Language
from muniment.evidence.scan.names import NOBODY, KnownNames
from muniment.evidence.scan.numerals import find_numerals

CURRENCIES = {
    "USD": re.compile(r"(?:US)?\$|\bUSD\b|\bdollars?\b|美元|美金", re.IGNORECASE),
    "EUR": re.compile(r"€|\bEUR\b|\beuros?\b|欧元", re.IGNORECASE),
    "GBP": re.compile(r"£|\bGBP\b|\bpounds?\b|\blivres? sterling\b|英镑", re.IGNORECASE),
    "CNY": re.compile(r"\bCNY\b|\bRMB\b|\byuans?\b|人民币", re.IGNORECASE),
    "JPY": re.compile(r"\bJPY\b|\byens?\b|日元", re.IGNORECASE),
}
NEGATION: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|refus(?:e|es|ed|ing))\b|n['’]t\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(r"\bne\b|\bn['’](?=\w)|\b(?:sans|refus\w*)\b|\bnon\b(?![\s-]*(?:lucratif|profit))", re.IGNORECASE),
    "zh": re.compile("(?<!区)(?<!特)(?:没有|[不没無无未否勿]|非(?!常|营利|盈利|牟利|洲)|拒绝)(?!论|来|仅|断|过|同|久)"),
}
FRENCH_ALONE = re.compile(r"\b(?:aucune?|jamais|personne|rien|pas|ni|nul(?:le)?)\b", re.IGNORECASE)
"""French words that deny together with `ne`, and without it in short phrases."""


class Difference(NamedTuple):
    """One thing in which a translation departs from its original.

    Attributes:
        kind: ``number``, ``currency``, ``date``, ``name`` or ``negation``.
        here: What the translation has; empty if nothing.
        original: What the original has; empty if nothing.
    """

    kind: str
    here: str
    original: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.here or 'none'} here, {self.original or 'none'} in the original"


def compare_translation(
    here: str,
    original: str,
    languages: tuple[Language, Language],
    names: tuple[KnownNames, KnownNames] = (NOBODY, NOBODY),
) -> tuple[Difference, ...]:
    """Compare a quotation from a translation with one from its original.

    Args:
        here: The translation's words.
        original: The original's.
        languages: Of both.
        names: By which names the book's parties are known in both sources.

    Returns:
        The differences; none if all that can be compared agrees.

    Example:
        >>> [str(d) for d in compare_translation("10 亿美元", "$1 million", ("zh", "en"))]
        ['number: 1000000000 here, 1000000 in the original']
    """
    texts = (here, original)
    dates = [_dates(text, language) for text, language in zip(texts, languages, strict=True)]
    numbers = [
        _numbers(text, language, [(start, end) for _, start, end in found])
        for text, language, found in zip(texts, languages, dates, strict=True)
    ]
    days = [{value for value, _, _ in found if value} for found in dates]
    parties = [
        {named.party for named in known.find(text, 0, len(text))} for known, text in zip(names, texts, strict=True)
    ]
    currencies = [{code for code, pattern in CURRENCIES.items() if pattern.search(text)} for text in texts]
    negations = [_negations(text, language) for text, language in zip(texts, languages, strict=True)]
    found = []
    if numbers[0] != numbers[1]:
        found.append(_difference("number", *({str(n) for n in one} for one in numbers)))
    if all(currencies) and currencies[0] != currencies[1]:
        found.append(_difference("currency", *currencies))
    alone = [
        {day for day in mine if not any(_agree(day, other) for other in others)} for mine, others in (days, days[::-1])
    ]
    if any(alone):
        found.append(_difference("date", *alone))
    if parties[0] != parties[1]:
        found.append(_difference("name", *parties))
    if negations[0] != negations[1]:
        found.append(Difference("negation", str(negations[0]), str(negations[1])))
    return tuple(found)


def _difference(kind: str, here: set[str], original: set[str]) -> Difference:
    """Return what only one of two sets has; for dates and the like the sets hold nothing else."""
    return Difference(kind, ", ".join(sorted(here - original)), ", ".join(sorted(original - here)))


def _agree(one: str, other: str) -> bool:
    """Return whether two dates agree as far as both are given."""
    return one.startswith(other) or other.startswith(one)


def _dates(text: str, language: Language) -> list[tuple[str, int, int]]:
    """Return the dates of a text that are written out, and where."""
    return [
        (finding.value, finding.start, finding.end)
        for finding in find_dates(text, language, Anchors(lambda _: None, None))
        if not finding.is_relative
    ]


def _negations(text: str, language: Language) -> int:
    """Return how often a text denies."""
    count = len(NEGATION[language].findall(text))
    return count or (len(FRENCH_ALONE.findall(text)) if language == "fr" else 0)


def _numbers(text: str, language: Language, taken: list[tuple[int, int]]) -> set[Fraction]:
    """Return the numbers of a text, scale words multiplied in, that are no part of a date.

    The word for one is left out, since in French and Chinese it is the article as well.
    """
    return {
        numeral.value
        for numeral in find_numerals(text, language)
        if not any(start <= numeral.start < end for start, end in taken)
        and not (numeral.value == 1 and numeral.form != "figures")
    }
