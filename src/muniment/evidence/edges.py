"""Whether a run of characters is cut out of a longer word or number.

"possible" stands inside "impossible", "10%" inside "110%" and "we can" inside "we cannot". A quotation that is found
only so was not written by the source, and must not verify.
"""

from __future__ import annotations

import re
import unicodedata

REACH = 64
WIDENINGS = 4
JOINING_HYPHENS = "-‐‑\u00ad"
NUMBER_JOINTS = ".,'’:/-–−٫٬"
AFTER_A_NUMBER = "%‰‱％°"
CJK_NUMERALS = "〇零一二两三四五六七八九十百千万亿兆萬億兩"
CJK_SCALES = "十百千万亿兆萬億成倍％"
CURRENCY_SIGNS = "$€£¥￥"
GROUP_SPACE = r"[ \u00a0\u202f\u2005-\u200a]"
SCALE_NAME = r"(?:hundred|thousand|million|billion|trillion|mille|milliard|lakh|crore|dozen)s?(?!\w)"
SCALE_WORD = re.compile(
    rf"[\s-]{{0,3}}(?:[%‰％]|{SCALE_NAME}|percent\b|(?:per|pour)\s{{1,3}}cent\b|(?:bps|basis\s+points)\b"
    r"|(?:mn|bn|tn|mds?|mrd|mio|k|b(?!\s+(?:shares?|stock|preferred|common|ordinary|units?)))(?![\w.])|m(?!\w)(?!\.\s+[A-Z])"
    r"|[十百千万亿兆萬億]|(?:分之)|(?:and\s+a\s+(?:half|quarter|third)|et\s+demie?)(?!\w)|[×x]\s?10(?!\w))",
    re.IGNORECASE,
)
POWER = re.compile(r"\^|\*\*\s?[0-9]")
SMALL_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|un|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
)
TENS = (
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|vingt|trente|quarante|cinquante|soixante|hundred|thousand|cent"
    "|mille"
)
NUMBER_AT_END = re.compile(rf"(?<!\w)(?:{SMALL_NUMBERS}|{TENS})\Z", re.IGNORECASE)
TENS_AT_END = re.compile(rf"(?<!\w)(?:{TENS})\Z", re.IGNORECASE)
SCALE_NEXT = re.compile(rf"[\s-]{{1,3}}{SCALE_NAME}", re.IGNORECASE)
SMALL_NEXT = re.compile(rf"[\s-]{{1,3}}(?:and\s+)?(?:{SMALL_NUMBERS})(?!\w)", re.IGNORECASE)
SMALL_AT_START = re.compile(rf"(?:{SMALL_NUMBERS})(?!\w)", re.IGNORECASE)
TENS_BEFORE = re.compile(rf"(?<!\w)(?:{TENS})\s(?:and\s)?\Z", re.IGNORECASE)
FRACTION_NEXT = re.compile(rf"{GROUP_SPACE}(?:[0-9]{{1,2}}[/⁄][0-9]|[¼-¾⅐-⅞])")
FRACTION_AT_START = re.compile(r"(?:[0-9]{1,2}[/⁄][0-9]|[¼-¾⅐-⅞])")
WHOLE_BEFORE = re.compile(rf"(?<![\w.,])[0-9]{{1,3}}{GROUP_SPACE}\Z")
WHOLE_AT_END = re.compile(r"(?<![0-9])[0-9]{1,3}\Z")
PREFIX_BEFORE = re.compile(
    r"(?<!\w)(?:[(\[](?:un|in|im|il|ir|non|dis|mis|anti|ex|re|co|sub)-?[)\]]|(?:un|in|im|ir|non|dis|mis)/"
    r"|(?:non|un|anti|dis|mis|ex)[-‐‑–—−]|(?:non|anti)[-‐‑–—−][ \u00a0])\Z",
    re.IGNORECASE,
)
GROUP_BEFORE = re.compile(rf"(?:^|[^\w.,])[0-9]{{1,3}}(?:[\s.,][0-9]{{3}})*{GROUP_SPACE}$")
GROUP_AFTER = re.compile(rf"{GROUP_SPACE}[0-9]{{3}}(?!\w)")
GROUP_AT_START = re.compile(r"[0-9]{3}(?!\w)")
GROUP_AT_END = re.compile(rf"(?:^|[^\w.,])[0-9]{{1,3}}(?:{GROUP_SPACE}[0-9]{{3}})*$")
LINE_END_HYPHEN_BEFORE = re.compile(r"[^\W\d_][-‐‑\u00ad][ \t]*(?:\r\n|\r|\n|\f){1,3}[ \t>]*$")
LINE_END_HYPHEN_AFTER = re.compile(r"[-‐‑\u00ad][ \t]*(?:\r\n|\r|\n|\f){1,3}[ \t>]*[^\W\d_]")
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
    if first[0].isalpha() and PREFIX_BEFORE.search(before):
        return True
    if SMALL_AT_START.match(first) and TENS_BEFORE.search(before):
        return True
    if FRACTION_AT_START.match(first) and WHOLE_BEFORE.search(before):
        return True
    if _begins_inside_a_number(neighbor, first):
        return True
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


def _begins_inside_a_number(neighbor: str, first: str) -> bool:
    """Return whether the first sign is one within a number: the point of 1.5, the slash of 2/3, the dollar of HK$5."""
    if first[0] in CURRENCY_SIGNS:
        return _is_of_spaced_word(neighbor) and neighbor.isalpha()
    if not neighbor.isnumeric():
        return False
    return (
        first[0] in AFTER_A_NUMBER or first.startswith("分之") or (first[0] in NUMBER_JOINTS and first[1:2].isnumeric())
    )


def _is_cut_after(last: str, after: str) -> bool:
    if not after:
        return False
    if unicodedata.combining(after[0]):
        return True
    neighbor, beyond = _skip_unseen(after)
    if last[-1].isalpha() and (CONTRACTED_NOT.match(after) or LINE_END_HYPHEN_AFTER.match(after)):
        return True
    if last[-1] in NUMBER_JOINTS and last[-2:-1].isnumeric() and neighbor.isnumeric():
        return True
    if NUMBER_AT_END.search(last) and SCALE_NEXT.match(after):
        return True
    if TENS_AT_END.search(last) and SMALL_NEXT.match(after):
        return True
    if last[-1].isnumeric():
        if POWER.match(after) or (FRACTION_NEXT.match(after) and WHOLE_AT_END.search(last)):
            return True
        if neighbor in NUMBER_JOINTS and beyond.isnumeric():
            return True
        if neighbor in AFTER_A_NUMBER or neighbor in CJK_SCALES or SCALE_WORD.match(after):
            return True
        if GROUP_AFTER.match(after) and GROUP_AT_END.search(last):
            return True
    return _is_joined(neighbor, beyond, last[-1])


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a run that is cut out of a longer word or number, with what it was cut out of, as far as can be told."""
    first, last = start, end
    for _ in range(WIDENINGS):
        if is_whole(text, first, last):
            break
        before, after = text[max(0, first - REACH) : first], text[last : last + REACH]
        if before and _is_cut_before(before, text[first : first + REACH]):
            first = _step_back(text, first)
        elif after:
            last = _step_on(text, last)
    return first, last


def _step_back(text: str, first: int) -> int:
    here = first - 1
    while here > max(0, first - REACH) and not text[here - 1].isspace():
        here -= 1
    return here


def _step_on(text: str, last: int) -> int:
    here = last
    while here < min(len(text), last + REACH) and text[here].isspace():
        here += 1
    while here < min(len(text), last + REACH) and not text[here].isspace():
        here += 1
    while here > last + 1 and text[here - 1] in ".,;:!?)]»”\"'’":
        here -= 1
    return here


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
