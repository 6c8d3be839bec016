"""Numbers as texts write them: in figures, in words, and in signs of Chinese, with the scale that follows.

A literal has at most 18 digits before its decimals and 9 after, so that no number of a hostile text costs anything;
longer runs of digits are no numbers here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from muniment.evidence.scan.languages import Language

SPACE = "[ \u00a0\u202f\u2009]"

EN_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "  # noqa: SIM905
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * at for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905
FR_UNITS = {
    word: value
    for value, word in enumerate(
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()  # noqa: SIM905
    )
} | {
    "une": 1,
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "nonante": 90,
}
HUNDREDS = {"hundred": 100, "cent": 100, "cents": 100}
THOUSANDS = {"thousand": 1_000, "mille": 1_000}
ZH_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
ZH_TENS = {"十": 10, "百": 100, "千": 1_000}
ZH_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}

SCALES: dict[Language, dict[str, int]] = {
    "en": {
        "dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "millions": 10**6, "billion": 10**9, "billions": 10**9,  # noqa: E501
        "trillion": 10**12, "trillions": 10**12, "bn": 10**9, "mn": 10**6, "mm": 10**6, "tn": 10**12,
        "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12,
    },
    "fr": {
        "douzaine": 12, "douzaines": 12, "mille": 10**3, "millier": 10**3, "milliers": 10**3, "million": 10**6, "millions": 10**6,  # noqa: E501
        "milliard": 10**9, "milliards": 10**9, "billion": 10**12, "billions": 10**12,
        "md": 10**9, "mds": 10**9, "k": 10**3, "m": 10**6, "b": 10**9,
    },
    "zh": {},
}  # fmt: skip
SCALES["zh"] = SCALES["en"]
MOST_PARTS = 4
SHORT_SCALES = frozenset("k m b t mm mn bn tn md mds".split())  # noqa: SIM905
"""Abbreviations, which scale an amount of money; any other number only if they are joined to it."""


_EN_WORD = "|".join(sorted((*EN_UNITS, "hundred"), key=len, reverse=True))
_FR_WORD = "|".join(sorted((*FR_UNITS, "cent", "cents", "mille"), key=len, reverse=True))
_EN_WORDS = rf"(?<![\w-])(?:{_EN_WORD})(?:[ -](?:and )?(?:{_EN_WORD})){{0,6}}(?!\w)"
_FR_WORDS = rf"(?<![\w-])(?:{_FR_WORD})(?:[ -](?:et[ -])?(?:{_FR_WORD})){{0,6}}(?!\w)"
_POINT_FIGURES = (
    rf"\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,9}})?(?!\d)|[1-9]\d{{0,2}}(?:{SPACE}\d{{3}}(?![\d,])){{1,5}}(?:\.\d{{1,9}})?(?!\d)"
    r"|\d{1,18}(?:\.\d{1,9})?"
)
_COMMA_FIGURES = (
    rf"\d{{1,3}}(?:{SPACE}\d{{3}}(?!\d)){{1,5}}(?:,\d{{1,9}})?|\d{{1,3}}(?:\.\d{{3}}){{1,5}}(?:,\d{{1,9}})?(?!\d)"
    r"|\d{1,18}(?:[.,]\d{1,9})?"
)
_BEFORE = r"(?<![^\W\u3040-\u9fff])(?<![A-Za-z][-‐‑])(?<!\d[.,:’'/])(?<!\d:)(?<![#&=])"
_AFTER = r"(?!\d|[.,:/’']\d{4}|:\d)"
_CHINESE = r"(?<!第)(?<!星期)[零〇一二两兩三四五六七八九十百千]{1,8}(?:点[零〇一二三四五六七八九]{1,6}(?![分十零〇一二三四五六七八九]))?|[数數几幾多](?=[十百千万萬亿億])"  # noqa: E501


def _pattern(figures: str, words: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_BEFORE}(?P<figures>{figures}){_AFTER}|(?P<words>{words})|(?P<chinese>{_CHINESE})", re.IGNORECASE
    )


PATTERNS: Mapping[Language, re.Pattern[str]] = {
    "en": _pattern(_POINT_FIGURES, _EN_WORDS),
    "fr": _pattern(_COMMA_FIGURES, _FR_WORDS),
    "zh": _pattern(_POINT_FIGURES, _EN_WORDS),
}
_LATIN_SCALE = "|".join(sorted({*SCALES["en"], *SCALES["fr"]}, key=len, reverse=True))
SCALE_AFTER = re.compile(
    rf"(?:{SPACE}|-)?(?P<latin>{_LATIN_SCALE})(?![^\W\d_\u3040-\u9fff])"
    rf"|{SPACE}?(?P<more>[多余餘来來])?(?P<chinese>[十百千]?[万萬亿億兆]{{1,2}})(?P<more_after>[多余餘])?",
    re.IGNORECASE,
)
VULGAR = re.compile(rf"(?P<sign>[½⅓⅔¼¾⅕⅛])|{SPACE}(?P<top>[1-9])/(?P<below>[2-9])(?![\d/])")
VULGAR_SIGNS = {
    "½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4), "¾": Fraction(3, 4),
    "⅕": Fraction(1, 5), "⅛": Fraction(1, 8),
}  # fmt: skip
AND_A_HALF = re.compile(
    rf"(?:{SPACE}|-)and(?:{SPACE}|-)a(?:{SPACE}|-)half(?!\w)|{SPACE}et{SPACE}demie?(?!\w)", re.IGNORECASE
)
MORE_WORDS = re.compile(rf"(?:{SPACE}|-)(?:and{SPACE}|et{SPACE})?")
UNCLEAR_GROUPS = re.compile(r"\d{1,3} \d\d[1-9]|\d{1,3} \d[1-9]0")
"""In English one group behind a space, unless it is of whole hundreds, may be a number of its own."""
SCALE_OF_SCALE = re.compile(
    rf"{SPACE}(?:de |d['’])?(?P<latin>thousand|millions?|milliards?|billions?|trillions?)(?!\w)", re.IGNORECASE
)


class Numeral(NamedTuple):
    """A number written in a text.

    Attributes:
        value: Exact.
        start: Offset of its first character.
        end: One past its last, with its scale.
        scale: What it was multiplied by; 1 if it has no scale.
        form: ``figures``, ``words`` or ``chinese``.
        is_more: The text says that it is somewhat more (`190 多万`), or several (`数十亿`).
        is_short: Its scale is an abbreviation such as `k`.
    """

    value: Fraction
    start: int
    end: int
    scale: int
    form: str
    is_more: bool = False
    is_short: bool = False


def find_numerals(text: str, language: Language) -> Iterator[Numeral]:
    """Yield the numbers of a text from left to right; none of them overlap."""
    taken = 0
    for match in PATTERNS[language].finditer(text):
        if match.start() < taken:
            continue
        numeral = read_numeral(text, match, language)
        taken = numeral.end
        yield numeral


def numeral_at(text: str, at: int, language: Language) -> Numeral | None:
    """Return the number that starts at a place, or None."""
    match = PATTERNS[language].match(text, at)
    return None if match is None else read_numeral(text, match, language)


def read_numeral(text: str, match: re.Match[str], language: Language) -> Numeral:
    """Return the number of a match of `PATTERNS`, with the scale behind it."""
    form = match.lastgroup or ""
    start, end = match.span()
    several = form == "chinese" and match[0] in "数數几幾多"
    if form == "figures":
        value = _of_figures(match[0], language)
    elif form == "words":
        value = Fraction(_of_words(match[0]))
    else:
        value = Fraction(1) if several else _of_chinese(match[0])
    if form == "figures" and value.denominator == 1 and value < 1000 and (part := VULGAR.match(text, end)) is not None:
        top = Fraction(int(part["top"]), int(part["below"])) if part["top"] else VULGAR_SIGNS[part["sign"]]
        value, end = (value + top, part.end()) if top < 1 else (value, end)
    halved = AND_A_HALF.match(text, end) if form != "chinese" else None
    if halved is not None:
        value, end = value + Fraction(1, 2), halved.end()
    scaled = SCALE_AFTER.match(text, end)
    if several and scaled is None:
        ten = ZH_TENS.get(text[end : end + 1], 1)
        return Numeral(Fraction(ten), start, end + (ten > 1), ten, form, True)
    scale, short, more = 1, False, several
    if scaled and scaled["latin"]:
        word = scaled["latin"].casefold()
        short = word in SHORT_SCALES
        factor = SCALES[language].get(word)
        is_small = word in ("m", "b", "t") and scaled["latin"].islower()
        if factor is not None and not (short and (scaled[0][0] in "-" or (is_small and scaled[0][0].isspace()))):
            scale, end = factor, scaled.end()
            again = SCALE_OF_SCALE.match(text, end) if scale in (100, 1_000) else None
            larger = SCALES[language].get(again["latin"].casefold(), 0) if again else 0
            if again and larger:
                scale, end = scale * larger, again.end()
            if not halved and (behind := AND_A_HALF.match(text, end)) is not None:
                value, end = value + Fraction(1, 2), behind.end()
        else:
            short = False
    elif scaled:
        for sign in scaled["chinese"]:
            scale *= ZH_TENS.get(sign) or ZH_SCALES[sign]
        end, more = scaled.end(), more or bool(scaled["more"] or scaled["more_after"])
    whole = value * scale
    if form == "words" and scale > 1:
        whole, end = _with_the_rest(text, whole, end, scale, language)
    return Numeral(whole, start, end, scale, form, more, short)


def _with_the_rest(text: str, whole: Fraction, end: int, scale: int, language: Language) -> tuple[Fraction, int]:
    """Return `two thousand five hundred` as one number: what follows a scale in words and is smaller is added."""
    for _ in range(MOST_PARTS):
        joint = MORE_WORDS.match(text, end)
        match = PATTERNS[language].match(text, joint.end()) if joint else None
        if match is None or match.lastgroup != "words":
            break
        value, after, factor = _of_words(match[0]), match.end(), 1
        following = SCALE_AFTER.match(text, after)
        if following and following["latin"] and following["latin"].casefold() not in SHORT_SCALES:
            factor = SCALES[language].get(following["latin"].casefold(), 1)
            after = following.end() if factor > 1 else after
        if value * factor >= scale:
            break
        whole, end, scale = whole + value * factor, after, factor
        if factor == 1:
            break
    return whole, end


def _of_figures(words: str, language: Language) -> Fraction:
    plain = re.sub(SPACE, "", words)
    if language == "fr":
        if plain.count(".") > 1 or re.fullmatch(r"\d{1,3}\.\d{3}(?:,\d+)?", plain):
            plain = plain.replace(".", "")
        plain = plain.replace(",", ".")
    else:
        plain = plain.replace(",", "")
    whole, _, decimals = plain.partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _of_words(words: str) -> int:
    """Read `twenty-five`, `one hundred and fifty`, `quatre-vingt-dix`, `mille deux cents`."""
    total = current = 0
    for word in re.split(r"[ -]+", words.casefold()):
        if word in HUNDREDS:
            current = max(current, 1) * HUNDREDS[word]
        elif word in THOUSANDS:
            total, current = total + max(current, 1) * THOUSANDS[word], 0
        elif word in ("vingt", "vingts") and current == 4:
            current = 80
        else:
            current += EN_UNITS.get(word, FR_UNITS.get(word, 0))
    return total + current


def _of_chinese(signs: str) -> Fraction:
    """Read `一百二十` and `三十三点五`; signs without tens are read as digits (`二〇一五`)."""
    whole, _, decimals = signs.partition("点")
    digits = "".join(str(ZH_DIGITS[sign]) for sign in decimals)
    return _whole_of_chinese(whole) + (Fraction(int(digits), 10 ** len(digits)) if digits else 0)


def _whole_of_chinese(signs: str) -> Fraction:
    if not any(sign in ZH_TENS for sign in signs):
        return Fraction(int("".join(str(ZH_DIGITS[sign]) for sign in signs)))
    total = current = 0
    for sign in signs:
        if sign in ZH_TENS:
            total, current = total + max(current, 1) * ZH_TENS[sign], 0
        else:
            current = ZH_DIGITS[sign]
    return Fraction(total + current)
