"""The sentence around a place, and a quotation of a dozen words cut out of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from muniment.evidence.checking import MOST_SIGNS, MOST_WORDS, SIGN, WORD
from muniment.evidence.near_misses import LONGEST_WORD, words_of
from muniment.evidence.negations import negation_before
from muniment.evidence.searching import CJK_SIGN
from muniment.evidence.weighty import is_negation

LONGEST_SENTENCE = 600
UNQUOTABLE = (
    "\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
"""Characters that no line of a book may hold."""
HARD = re.compile(rf"[\[\]{UNQUOTABLE}]")
SENTENCE_END = re.compile(rf"[.!?…](?=[\s\"»”)])|[。！？；]|[\[\]{UNQUOTABLE}]")
TOKEN = re.compile(rf"[{CJK_SIGN}]|[^\s{CJK_SIGN}]+")
MARK = re.compile("[，。、；：！？,;:!?（）()「」“”]")
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "；")
PARTICLE = re.compile("[的了]")
NO_NEGATION = re.compile("未来|非常|非营利|无论|别人")
NOT_AT_START = " \t\u00a0\u202f>#*_.,;:!?)»”’」』…、，。；：！？）-–—·/"
NOT_AT_END = " \t\u00a0\u202f,;:(«“‘「『、，；：（-–—·/*_"


class Passage(NamedTuple):
    """A stretch of text, by offsets."""

    start: int
    end: int


def sentence_around(text: str, start: int, end: int) -> Passage:
    """Return the sentence that holds a stretch, cut at 600 characters on either side and at what cannot be quoted."""
    low, high = max(0, start - LONGEST_SENTENCE), min(len(text), end + LONGEST_SENTENCE)
    for match in SENTENCE_END.finditer(text, low, start):
        if match.end() <= start:
            low = match.end()
    behind = SENTENCE_END.search(text, end, high)
    if behind is not None:
        high = behind.start() if HARD.match(behind[0]) else behind.end()
    while low < start and text[low].isspace():
        low += 1
    return Passage(low, high)


def quotation_around(text: str, start: int, end: int, sentence: Passage) -> Passage | None:
    """Return at most a dozen words, or thirty signs of Chinese, that hold a stretch and lie in its sentence.

    Words are added on both sides in turn, so that what stands next to the figure is seen with it. It does not begin
    behind a negation, nor end before one.

    Returns:
        Where the quotation stands; None if the stretch itself is too long or cannot be quoted.
    """
    if start >= end or HARD.search(text, start, end) is not None:
        return None
    tokens = [
        match.span() for match in TOKEN.finditer(text, max(sentence.start, start - 300), min(sentence.end, end + 300))
    ]
    inside = [at for at, (low, high) in enumerate(tokens) if low < end and high > start]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    if not _fits(text, tokens[first][0], tokens[last][1]):
        return _trimmed(text, start, end, start, end) if _fits(text, start, end) else None
    left = right = True
    while left or right:
        if right:
            right = last + 1 < len(tokens) and _fits(text, tokens[first][0], tokens[last + 1][1])
            last += right
        if left:
            left = first > 0 and _fits(text, tokens[first - 1][0], tokens[last][1])
            first -= left
    while first < inside[0] and negation_before(text, tokens[first][0]):
        first += 1
    while last > inside[-1] and _negation_behind(text, tokens[last][1]):
        last -= 1
    low, high = max(tokens[first][0], sentence.start), min(tokens[last][1], sentence.end)
    low, high = _at_marks(text, low, high, start, end)
    trimmed = _trimmed(text, low, high, start, end)
    if trimmed is None or negation_before(text, trimmed.start) or _negation_behind(text, trimmed.end):
        return None
    return trimmed


def _negation_behind(text: str, end: int) -> bool:
    """Return whether a negation follows a place: `We can` cut out of `We can not sell`."""
    if text[end - 1 : end] in SENTENCE_ENDS:
        return False
    words = words_of(text[end : end + LONGEST_WORD])[:1]
    return bool(words) and is_negation(words[0].text) and not NO_NEGATION.match(text[end : end + LONGEST_WORD].lstrip())


def _at_marks(text: str, low: int, high: int, start: int, end: int) -> tuple[int, int]:
    """Return a stretch cut at a mark or particle, where an end of it lies between two signs of Chinese."""
    if SIGN.fullmatch(text[low - 1 : low]) and SIGN.fullmatch(text[low : low + 1]):
        mark = MARK.search(text, low, start)
        low = mark.end() if mark else low
    if SIGN.fullmatch(text[high - 1 : high]) and SIGN.fullmatch(text[high : high + 1]):
        ends = [mark.start() for mark in MARK.finditer(text, end, high)] or [
            mark.end() for mark in PARTICLE.finditer(text, end, high)
        ]
        high = ends[-1] if ends else high
    return low, high


def _fits(text: str, start: int, end: int) -> bool:
    words = text[start:end]
    return len(WORD.findall(words)) <= MOST_WORDS and len(SIGN.findall(words)) <= MOST_SIGNS and end - start <= 400


def _trimmed(text: str, low: int, high: int, start: int, end: int) -> Passage | None:
    """Return the stretch without marks at its ends that mean nothing there; never less than the figure itself."""
    while low < start and text[low] in NOT_AT_START:
        low += 1
    while high > end and text[high - 1] in NOT_AT_END:
        high -= 1
    return None if text[low] in ">#" or text[low:high].strip() != text[low:high] else Passage(low, high)
