"""Whether a run of characters is cut out of a longer word or number.

"possible" stands inside "impossible", "10%" inside "110%" and "we can" inside "we cannot". A quotation that is found
only so was not written by the source, and must not verify.
"""

from __future__ import annotations

import re
import unicodedata

REACH = 64
JOINING_HYPHENS = "-‐‑\u00ad"
NUMBER_JOINTS = ".,'’:/-–−٫٬"
AFTER_A_NUMBER = "%‰‱％°"
CJK_NUMERALS = "〇零一二两三四五六七八九十百千万亿兆萬億兩"
CJK_SCALES = "十百千万亿兆萬億成倍％"
SCALE_WORD = re.compile(
    r"[\s-]{0,3}(?:[%‰％]|(?:hundred|thousand|million|billion|trillion|percent|mille|milliard|billions?)s?\b"
    r"|(?:per|pour)\s{1,3}cent\b|(?:mn|bn|tn)\b)",
    re.IGNORECASE,
)
GROUP_BEFORE = re.compile(r"(?:^|[^\w.,])[0-9]{1,3}(?:[\s.,][0-9]{3})*[ \u00a0\u202f]$")
GROUP_AFTER = re.compile(r"[ \u00a0\u202f][0-9]{3}(?!\w)")
GROUP_AT_START = re.compile(r"[0-9]{3}(?!\w)")
GROUP_AT_END = re.compile(r"(?:^|[^\w.,])[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})*$")
LINE_END_HYPHEN_BEFORE = re.compile(r"[^\W\d_][-‐‑\u00ad][ \t]*(?:\r\n|\r|\n)[ \t>]*$")
LINE_END_HYPHEN_AFTER = re.compile(r"[-‐‑\u00ad][ \t]*(?:\r\n|\r|\n)[ \t>]*[^\W\d_]")
CONTRACTED_NOT = re.compile(r"['’ʼ]t(?!\w)", re.IGNORECASE)


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]` begins and ends where a word or number does.

    Only the 64 characters on either side are looked at. Scripts that are written without spaces have no words to cut;
    there only numbers are looked at.
    """
    if start >= end:
        return False
    before = text[max(0, start - REACH) : start]
    after = text[end : end + REACH]
    first = text[start : start + REACH]
    last = text[max(start, end - REACH) : end]
    return not (_is_cut_before(before, first) or _is_cut_after(last, after))


def _is_cut_before(before: str, first: str) -> bool:
    if not before:
        return False
    if unicodedata.combining(first[0]):
        return True
    neighbor, beyond = _skip_unseen(before[::-1])
    if neighbor.isspace():
        if first[0].islower() and LINE_END_HYPHEN_BEFORE.search(before):
            return True
        return bool(GROUP_AT_START.match(first) and GROUP_BEFORE.search(before))
    if first[0].isnumeric() and not _is_cjk_numeral(first[0]):
        if neighbor in NUMBER_JOINTS and beyond.isnumeric():
            return True
        if neighbor == "−" or (neighbor == "-" and beyond in " (\u00a0$€£¥"):
            return True
    return _is_joined(neighbor, beyond, first[0])


def _is_cut_after(last: str, after: str) -> bool:
    if not after:
        return False
    if unicodedata.combining(after[0]):
        return True
    neighbor, beyond = _skip_unseen(after)
    if last[-1].isalpha() and (CONTRACTED_NOT.match(after) or LINE_END_HYPHEN_AFTER.match(after)):
        return True
    if last[-1].isnumeric():
        if neighbor in NUMBER_JOINTS and beyond.isnumeric():
            return True
        if neighbor in AFTER_A_NUMBER or neighbor in CJK_SCALES or SCALE_WORD.match(after):
            return True
        if GROUP_AFTER.match(after) and GROUP_AT_END.search(last):
            return True
    return _is_joined(neighbor, beyond, last[-1])


def _is_joined(neighbor: str, beyond: str, edge: str) -> bool:
    """Return whether the character at the edge and its neighbor belong to one word or number."""
    if _is_cjk_numeral(edge) and _is_cjk_numeral(neighbor):
        return True
    if not _is_of_spaced_word(edge):
        return False
    return _is_of_spaced_word(neighbor) or (neighbor in JOINING_HYPHENS and edge.isalpha() and beyond.isalpha())


def _skip_unseen(text: str) -> tuple[str, str]:
    """Return the first two characters that are neither emphasis marks nor zero-width or bidirectional ones.

    A space stands for what is missing at the text's end. A soft hyphen counts as a hyphen.
    """
    seen = (c for c in text if c not in "*_" and (c == "\u00ad" or unicodedata.category(c) != "Cf"))
    return next(seen, " "), next(seen, " ")


def _is_of_spaced_word(character: str) -> bool:
    """Return whether a character is a digit, or a letter of Latin, Greek, Cyrillic or Armenian (words have spaces)."""
    if character.isalpha():
        return character < "\u0590" or "\u1e00" <= character < "\u2000" or "\ufb00" <= character <= "\ufb06"
    return character.isnumeric() and not _is_cjk_numeral(character)


def _is_cjk_numeral(character: str) -> bool:
    return character in CJK_NUMERALS
