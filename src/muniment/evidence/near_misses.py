"""The place in a source that comes closest to a quotation which is not there, and how the words differ.

This only locates. Whatever is found here does not verify the quotation.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from muniment.evidence.searching import CJK_SIGN, Searchable
from muniment.evidence.weighty import differ_by_prefix, is_weighty

TOKEN = re.compile(
    rf"[{CJK_SIGN}]|[$€£¥]?[^\W_{CJK_SIGN}]+(?:[-'.,/:‐‑\u200b-\u200f\u2060\ufeff\xad]+[^\W_{CJK_SIGN}]+)*[%‰]?|\S"
)
UNSEEN = ("Cf", "Cc", "Cs", "Co", "Zl", "Zp")
MOST_TOKENS = 200
MOST_WINDOWS = 3
ENOUGH = 0.6
PLENTY = 0.75
LONGEST_DIFF = 600
CHANGE, OMIT, CASE = 3, 4, 1


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


def find_near_miss(quotation: str, source: Searchable) -> NearMiss | None:
    """Find where a source comes closest to a quotation.

    The quotation's rarest words are looked up; the places on which most of them agree are aligned word by word.

    Args:
        quotation: Folded; only its first 200 words are used.
        source: The folded source.

    Returns:
        The best place, if at least 60% of the words stand there in order; otherwise None.
    """
    quoted = words_of(quotation)[:MOST_TOKENS]
    if not quoted:
        return None
    length = quoted[-1].end
    width = max(20, length // 2)
    best: NearMiss | None = None
    for stretch, _ in source.vote(quotation[:length], width).most_common(MOST_WINDOWS):
        start = max(0, (stretch - 1) * width)
        found = compare(quotation, source.text, start, min(len(source.text), (stretch + 2) * width + length))
        if found is not None and (best is None or found.share > best.share):
            best = found
            if best.share >= PLENTY:
                break
    return best if best is not None and best.share >= ENOUGH else None


def compare(quotation: str, text: str, start: int, end: int) -> NearMiss | None:
    """Align a quotation with the best run of words inside `text[start:end]`.

    Returns:
        Where that run stands and how it differs; None if no word agrees.
    """
    while start > 0 and not text[start - 1].isspace() and start > end - 5000:
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
    return NearMiss(written[0].start, written[-1].end, _diff(steps, quotation, text), _is_critical(steps), share)


def _same(one: Word, other: Word) -> bool:
    return one.text.casefold() == other.text.casefold()


def _align(quoted: list[Word], window: list[Word]) -> list[_Step]:
    """Return the cheapest alignment of all quoted words with any run of the window (Sellers 1980)."""
    above = [0] * (len(window) + 1)
    rows = [above]
    folded = [word.text.casefold() for word in window]
    for i, word in enumerate(quoted, start=1):
        row = [i * OMIT]
        plain = word.text.casefold()
        for j, other in enumerate(folded):
            price = (0 if word.text == window[j].text else CASE) if plain == other else CHANGE
            row.append(min(above[j] + price, above[j + 1] + OMIT, row[j] + OMIT))
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
            if here == rows[i][j - 1] + OMIT:
                j -= 1
                steps.append(_Step(None, window[j]))
                continue
        i -= 1
        steps.append(_Step(quoted[i], None))
    steps.reverse()
    return steps


def _is_critical(steps: list[_Step]) -> bool:
    for quoted, written in steps:
        if quoted and written:
            if _same(quoted, written):
                continue
            if differ_by_prefix(quoted.text, written.text):
                return True
        if any(word is not None and is_weighty(word.text) for word in (quoted, written)):
            return True
    return False


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
