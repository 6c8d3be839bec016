"""The place in a source that comes closest to a quotation which is not there, and how the words differ.

This only locates. Whatever is found here does not verify the quotation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from muniment.evidence.edges import is_whole
from muniment.evidence.searching import CJK_SIGN, Searchable
from muniment.evidence.weighty import differ_by_prefix, differ_in_script, is_weighty, parts_of

TOKEN = re.compile(
    rf"[{CJK_SIGN}]|[$€£¥]?[^\W_{CJK_SIGN}]+(?:[-'’ʼ.,/:‐‑\u200b-\u200f\u2060\ufeff\xad]+[^\W_{CJK_SIGN}]+)*[%‰]?|\S"
)
UNSEEN = ("Cf", "Cc", "Cs", "Co", "Zl", "Zp")
MOST_TOKENS = 200
GRAM_SIZES = (16, 8, 5)
SHORT = 60
"""Characters up to which a quotation is also looked for by runs of five bytes."""
LONGEST_WORD = 40
LONGEST_COMPARED = 1_200
AS_PART = re.compile(r"[特分区區性级級个個类類派识識辨送告][别別]\s*\Z")
"""Words of two signs, such as `especially`, whose second sign alone would say no."""
ENOUGH = 0.6
PLENTY = 0.75
ALL_BUT_A_WORD = 0.94
LITTLE = 0.25
ENOUGH_CHARACTERS = 0.8
LONGEST_DIFF = 600
CHANGE, DROP, ADD, CASE = 5, 6, 2, 1
"""Prices of an alignment: a word quoted that the source lacks costs most, one of the source left out the least."""
SPACED_SIGN = re.compile(r"[$€£¥]?[0-9][0-9.,]*[%‰€£$¥]?")


class Word(NamedTuple):
    """A word, number, sign or CJK character, and where it stands."""

    text: str
    start: int
    end: int


class NearMiss(NamedTuple):
    """The closest place.

    Attributes:
        start: Offset of its first character in the text searched.
        end: One past its last.
        diff: The words, with `[-quoted-]` and `{+in the source+}` where they differ.
        is_critical: The difference touches a number, negation, name, unit or a verb of duty, or cannot be seen.
        share: How many of the quotation's words stand there; 0 to 1.
    """

    start: int
    end: int
    diff: str
    is_critical: bool
    share: float


class _Step(NamedTuple):
    """One step of an alignment: a word quoted, a word of the source, or both."""

    quoted: Word | None
    written: Word | None


def words_of(text: str) -> list[Word]:
    """Return the words of a text, with every sign that is no white space as a word of its own."""
    return [Word(match.group(), *match.span()) for match in TOKEN.finditer(text)]


def find_near_misses(
    quotations: Sequence[str], source: Searchable, names: Collection[str] = ()
) -> list[NearMiss | None]:
    """Find where a source comes closest to each of some quotations.

    Places that have long runs of a quotation's characters are aligned with it word by word; only where that finds
    little, places with shorter runs are tried.

    Args:
        quotations: Folded; only the first 200 words of each are used.
        source: The folded source.
        names: Words known to be names, in small letters; others are known by their capital.

    Returns:
        For each the best place, if at least 60% of its words stand there in order, or 80% of its characters; else None.
    """
    ends = [words[-1].end if (words := words_of(quotation)[:MOST_TOKENS]) else 0 for quotation in quotations]
    needles = [quotation[:end] for quotation, end in zip(quotations, ends, strict=True)]
    best: list[NearMiss | None] = [None] * len(needles)
    for size in GRAM_SIZES:
        waiting = [
            number
            for number, (needle, found) in enumerate(zip(needles, best, strict=True))
            if (found is None or found.share < PLENTY) and (size > GRAM_SIZES[-1] or len(needle) <= SHORT)
        ]
        located = source.locate([needles[number] for number in waiting], size) if waiting else []
        for number, stretches in zip(waiting, located, strict=True):
            for start, end in stretches:
                found = compare(needles[number], source.text, start, end, names)
                if found is not None and (best[number] is None or found.share > best[number].share):  # type: ignore[union-attr]
                    best[number] = found
                    if found.share >= ALL_BUT_A_WORD:
                        break
    return [
        found if found is not None and _is_near(needle, source.text[found.start : found.end], found.share) else None
        for needle, found in zip(needles, best, strict=True)
    ]


def _is_near(quotation: str, found: str, share: float) -> bool:
    """Return whether enough agrees: words, or characters where most words differ by one."""
    if share >= ENOUGH or share < LITTLE or len(quotation) > LONGEST_COMPARED:
        return share >= ENOUGH
    return SequenceMatcher(None, quotation, found, autojunk=False).ratio() >= ENOUGH_CHARACTERS


def compare(quotation: str, text: str, start: int, end: int, names: Collection[str] = ()) -> NearMiss | None:
    """Align a quotation with the best run of words inside `text[start:end]`.

    Returns:
        Where that run stands and how it differs; None if no word agrees.
    """
    first = max(0, start - LONGEST_WORD)
    while start > first and text[start - 1].isalnum():
        start -= 1
    quoted = words_of(quotation)[:MOST_TOKENS]
    window = [Word(word.text, word.start + start, word.end + start) for word in words_of(text[start:end])]
    steps = _align(quoted, window[: 5 * MOST_TOKENS])
    written = [step.written for step in steps if step.written is not None]
    if not written:
        return None
    same = sum(1 for step in steps if step.quoted and step.written and _same(step.quoted, step.written))
    if same == 0:
        return None
    share = same / len(quoted)
    first, last = written[0].start, written[-1].end
    is_critical = _is_critical(steps, names) or not is_whole(text, first, last)
    return NearMiss(first, last, _diff(steps, quotation, text), is_critical, share)


def _same(one: Word, other: Word) -> bool:
    return one.text.casefold() == other.text.casefold()


def _align(quoted: list[Word], window: list[Word]) -> list[_Step]:
    """Return the cheapest alignment of all quoted words with any run of the window (Sellers 1980)."""
    above = [0] * (len(window) + 1)
    rows = [above]
    folded = [word.text.casefold() for word in window]
    for i, word in enumerate(quoted, start=1):
        row = [i * DROP]
        plain = word.text.casefold()
        for j, other in enumerate(folded):
            price = (0 if word.text == window[j].text else CASE) if plain == other else CHANGE
            row.append(min(above[j] + price, above[j + 1] + DROP, row[j] + ADD))
        rows.append(row)
        above = row
    steps: list[_Step] = []
    i, j = len(quoted), min(range(len(above)), key=above.__getitem__)
    while i > 0:
        here = rows[i][j]
        if j > 0:
            equal = quoted[i - 1].text.casefold() == folded[j - 1]
            price = (0 if quoted[i - 1].text == window[j - 1].text else CASE) if equal else CHANGE
            if here == rows[i - 1][j - 1] + price:
                i, j = i - 1, j - 1
                steps.append(_Step(quoted[i], window[j]))
                continue
            if here == rows[i][j - 1] + ADD:
                j -= 1
                steps.append(_Step(None, window[j]))
                continue
        i -= 1
        steps.append(_Step(quoted[i], None))
    steps.reverse()
    return steps


def _is_critical(steps: list[_Step], names: Collection[str]) -> bool:
    for run in _differing(steps):
        joined = ["".join(word.text for word in side if word is not None) for side in zip(*run, strict=True)]
        if joined[0] == joined[1] and SPACED_SIGN.fullmatch(joined[0]) and not joined[0].isdigit():
            continue  # only a space before a percent or currency sign differs
        for quoted, written in run:
            if (
                quoted
                and written
                and (differ_by_prefix(quoted.text, written.text) or differ_in_script(quoted.text, written.text))
            ):
                return True
            words = [word.text for word in (quoted, written) if word is not None]
            if any(is_weighty(word) or any(part in names for part in parts_of(word)) for word in words):
                return True
    return False


def _differing(steps: list[_Step]) -> list[list[_Step]]:
    """Return the runs of steps in which the words differ, each without what agrees."""
    runs: list[list[_Step]] = [[]]
    for step in steps:
        if step.quoted and step.written and _same(step.quoted, step.written):
            runs.append([])
        else:
            runs[-1].append(step)
    return [run for run in runs if run]


def _diff(steps: list[_Step], quotation: str, text: str) -> str:
    parts: list[str] = []
    last: tuple[Word | None, Word | None] = (None, None)
    removed: list[str] = []
    added: list[str] = []

    def flush() -> None:
        if removed:
            parts.append("[-" + "".join(removed).strip() + "-]")
        if added:
            parts.append("{+" + "".join(added).strip() + "+}")
        removed.clear()
        added.clear()

    for quoted, written in steps:
        word, whole, before = (quoted, quotation, last[0]) if quoted else (written, text, last[1])
        if word is None:
            continue
        gap = " " if before is not None and whole[before.end : word.start].isspace() else ""
        if quoted and written and quoted.text == written.text:
            flush()
            parts.append(gap + quoted.text)
        else:
            if not removed and not added:
                parts.append(gap)
            if quoted:
                removed.append((gap if removed else "") + quoted.text)
            if written:
                space = " " if last[1] is not None and text[last[1].end : written.start].isspace() else ""
                added.append((space if added else "") + written.text)
        last = (quoted or last[0], written or last[1])
    flush()
    return visible("".join(parts))[:LONGEST_DIFF]


def visible(text: str) -> str:
    """Return a text with every character that cannot be seen written out, such as `[U+200B]`, on one line."""
    return "".join(
        " " if c in "\t\r\n" else f"[U+{ord(c):04X}]" if unicodedata.category(c) in UNSEEN else c for c in text
    )
