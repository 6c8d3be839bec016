"""Words that bound a number: more than, at least, less than, at most, about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from muniment.evidence.scan.languages import Language
from muniment.model.values import Bounded, Money, Quantity

T = TypeVar("T", Money, Quantity)

_BEFORE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "at most": r"at most|up to|no more than|not more than|a maximum of|capped at",
        "at least": r"at least|no less than|not less than|no fewer than|a minimum of",
        "more than": r"(?:much |far |significantly )?(?:more|greater|bigger|larger|higher|better) (?:number )?than|over"
        r"|above|in excess of|exceeding|north of|upwards of",
        "less than": r"(?:less|fewer|smaller|lower) than|under|below",
        "about": r"about|around|roughly|approximately|approx\.|nearly|almost|close to|some|~|circa",
    },
    "fr": {
        "at most": r"au plus|au maximum|jusqu['’]à|pas plus d(?:e |['’])|un maximum d(?:e |['’])|plafonnée?s? à",
        "at least": r"au moins|au minimum|pas moins d(?:e |['’])|un minimum d(?:e |['’])",
        "more than": r"(?:bien |beaucoup )?plus (?:grande?s? |élevée?s? )?(?:d(?:e |['’])|qu(?:e |['’]))|au-delà d(?:e |['’])"  # noqa: E501
        r"|supérieure?s? à|dépass\w{1,8}|excéd\w{1,6}",
        "less than": r"moins d(?:e |['’])|inférieure?s? à|en dessous d(?:e |['’])",
        "about": r"environ|près d(?:e |['’])|presque|autour d(?:e |['’])|quelque|à peu près|approximativement|~",
    },
    "zh": {
        "at most": "至多|最多|不超过|不多于|最高",
        "at least": "至少|不少于|不低于|最少",
        "more than": "超过|多于|逾|高于|大于|不止|超",
        "less than": "不到|少于|低于|不足|小于|未满",
        "about": "大约|大概|约|将近|接近|近|~",
    },
}
_AFTER: Mapping[str, str] = {
    "at least": r"(?:\+|{s}or more\b|{s}ou plus\b|{s}?以上)",
    "at most": r"(?:{s}or less\b|{s}ou moins\b|{s}?以下|{s}?以内)",
    "about": r"(?:{s}?左右|{s}?上下|{s}or so\b|{s}environ\b)",
}


class Bound(NamedTuple):
    """A word that bounds a number.

    Attributes:
        sense: `more than`, `at least`, `less than`, `at most` or `about`.
        length: How many characters it takes, with the space between it and the number.
        word: As written, in lower case.
    """

    sense: str
    length: int
    word: str


def _before(language: str) -> re.Pattern[str]:
    edge = "" if language == "zh" else r"(?<!\w)"
    alternatives = "|".join(f"(?P<s{at}>{words})" for at, words in enumerate(_BEFORE[language].values()))
    return re.compile(rf"{edge}(?:{alternatives})[ \u00a0]?$", re.IGNORECASE)


_PATTERNS = {language: _before(language) for language in _BEFORE}
_AFTERS = {sense: re.compile(words.format(s="[ \u00a0]"), re.IGNORECASE) for sense, words in _AFTER.items()}


def bound_before(before: str, language: Language) -> Bound | None:
    """Return the word that bounds a number, from the few characters before it; None if none does."""
    match = _PATTERNS[language].search(before)
    if match is None and language == "zh":
        match = _PATTERNS["en"].search(before)
    if match is None:
        return None
    sense = tuple(_BEFORE[language])[int((match.lastgroup or "s0")[1:])]
    return Bound(sense, len(match[0]), match[0].strip().casefold())


def bound_after(text: str, at: int) -> Bound | None:
    """Return the word that bounds the number which ends at a place, such as `or more`; None if none does."""
    for sense, pattern in _AFTERS.items():
        match = pattern.match(text, at)
        if match is not None:
            return Bound(sense, len(match[0]), match[0].strip().casefold())
    return None


def bounded(low: T, high: T, is_range: bool, sense: str) -> T | Bounded[T]:
    """Return a number, or what is known of it.

    Args:
        low: The number, or the lower end of a range.
        high: The upper end; the same number where there is no range.
        is_range: Whether there are two ends; a word before a range then changes nothing.
        sense: Of the word that bounds it; empty if none does.
    """
    if is_range:
        return Bounded(low, high)
    if sense == "about":
        return Bounded(low, low, about=True)
    if sense in ("more than", "at least"):
        return Bounded(low, None, low_open=sense == "more than")
    if sense in ("less than", "at most"):
        return Bounded(None, high, high_open=sense == "less than")
    return low


def in_words(low: str, high: str, is_range: bool, sense: str) -> str:
    """Return the same for a value that is no number of the book's, such as `710 of 770` or `3 days`."""
    return f"{low} to {high}" if is_range else f"{sense} {low}".strip()
