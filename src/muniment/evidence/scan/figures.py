"""Figures in a text: money, percentages, multiples, ratios, durations and counts, with the words that bound them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from muniment.evidence.scan.bounds import Bound, bound_after, bound_before, bounded, in_words
from muniment.evidence.scan.findings import Finding, Kind
from muniment.evidence.scan.languages import Language
from muniment.evidence.scan.numerals import (
    PATTERNS,
    SCALES,
    SPACE,
    UNCLEAR_GROUPS,
    ZH_DIGITS,
    Numeral,
    numeral_at,
    read_numeral,
)
from muniment.evidence.scan.units import (
    COUNTED_AFTER_CHINESE,
    CURRENCY_AFTER,
    CURRENCY_BEFORE,
    DURATION_UNITS,
    NOT_COUNTED,
    PEOPLE,
    SHARES,
    currency_named,
)
from muniment.model.amounts import format_money, format_quantity
from muniment.model.values import Bounded, Money, Quantity

MOST_NUMERALS = 50_000
REACH = 48
CURRENCY_AT = re.compile(r"(?:US|CA|HK|A|C)?[$€£¥￥]")
CONNECTOR: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(rf"{SPACE}?(?:[-–—~～]|to|or){SPACE}?|{SPACE}and{SPACE}", re.IGNORECASE),
    "fr": re.compile(rf"{SPACE}?(?:[-–—]|à|ou){SPACE}?|{SPACE}et{SPACE}", re.IGNORECASE),
    "zh": re.compile(rf"{SPACE}?(?:[-–—~～]|到|至|或|与|to){SPACE}?", re.IGNORECASE),
}
BETWEEN = re.compile(r"(?:\bbetween|\bentre|介于|在)\s?$", re.IGNORECASE)
PERCENT = re.compile(
    rf"{SPACE}?(?P<sign>[%％‰])|{SPACE}(?P<word>per{SPACE}?cent|pour{SPACE}?cent|p\.{SPACE}?100)(?!\w)"
    rf"|{SPACE}?(?P<points>bps|basis points?|points? de base|个基点)(?!\w)",
    re.IGNORECASE,
)
TIMES = re.compile(
    rf"(?P<sign>[x×X])(?![^\W_])|{SPACE}?(?P<chinese>倍)"
    rf"|{SPACE}times{SPACE}(?=the|as|more|larger|bigger|greater|higher|that|what|their|his|its|our|your|faster|less|\w+er\b)"
    rf"|{SPACE}fois{SPACE}(?=l[ea]s?\b|l['’]|plus|moins|son|sa|ses|leurs?|ce|cette|pire|mieux|supérieur|inférieur)"
    r"|(?P<fold>-?fold)(?!\w)",
    re.IGNORECASE,
)
OF_ALL: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(rf"{SPACE}(?:out{SPACE})?of{SPACE}(?:the{SPACE}|its{SPACE}|all{SPACE})?(?=\d)", re.IGNORECASE),
    "fr": re.compile(
        rf"{SPACE}(?:des|de(?:{SPACE}ses)?|sur(?:{SPACE}les)?|parmi{SPACE}les){SPACE}(?=\d)", re.IGNORECASE
    ),
    "zh": re.compile(r"(?!)"),
}
PART_OF_CHINESE = re.compile(
    rf"(?P<noun>{SPACE}?[名个位人家股票席只]?[^\W\d_，。、；：]{{0,8}}?)(?:中|里|之中|当中)(?:的|有)?{SPACE}?"
)
PARTS = re.compile(rf"{SPACE}?分之{SPACE}?")
MIXED = re.compile(rf"(?P<whole>\d{{1,3}}){SPACE}(?P<top>\d{{1,2}})/(?P<below>\d{{1,2}}){SPACE}?%")
SLASH = re.compile(r"/(?=\d{1,4}(?![\d/]))")
FRACTION_WORDS = re.compile(
    r"(?<!\w)(?:(?P<en>two|three|one|a)[ -](?P<enth>thirds?|quarters?|fifths?|tenths?)"
    r"|(?P<fr>deux|trois|un|le)[ -](?P<frth>tiers|quarts?|cinquièmes?|dixièmes?))(?!\w)"
    r"|(?P<half>(?<![\w-])(?:(?:one[ -])?half(?= of (?!an?\b))|half(?= (?:the|all|its|their|our|his|her)\b)|la moitié(?= d))"  # noqa: E501
    r"|(?<!另)一半|半数)|(?P<cheng>[一二两三四五六七八九])成(?=[的股以左右，。、；,;）)\s]|$)",
    re.IGNORECASE,
)
BELOW = {
    "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10,
    "tiers": 3, "quart": 4, "quarts": 4, "cinquième": 5, "cinquièmes": 5, "dixième": 10, "dixièmes": 10,
}  # fmt: skip
ABOVE = {"a": 1, "one": 1, "un": 1, "le": 1, "two": 2, "deux": 2, "three": 3, "trois": 3}
BELOW_STROKE = re.compile(r"\d{1,4}")
COUNTED_SIGN = re.compile(rf"{SPACE}?[名位个人家股票席篇台项款份套辆笔起]")
VAGUE = re.compile(
    r"(?<!\w)(?:(?P<some>several|plusieurs|quelques|multiple|many|tens of|des|de|les|multi)[ \u00a0-])?"
    r"(?:(?P<tens>(?:dizaines|centaines|milliers) d(?:e[ \u00a0]|['’])|(?:tens|hundreds|thousands|10['’]?s|100['’]?s|1,?000['’]?s) of |hundred ))?"  # noqa: E501
    r"(?P<scale>millions|milliards|billions|trillions|million|billion)(?!\w)",
    re.IGNORECASE,
)
TENS = {"diz": 10, "cen": 100, "mil": 1_000, "ten": 10, "hun": 100, "tho": 1_000}
FIGURES_OF_TENS = re.compile("1(?:000|00|0)")
A_YEAR = re.compile(
    rf"{SPACE}?(?:per{SPACE}(?:year|month)|an?{SPACE}year|par{SPACE}an|par{SPACE}mois|/{SPACE}?year)(?!\w)",
    re.IGNORECASE,
)
NOUN = re.compile(rf"(?:{SPACE}|-)(?:d['’]|of{SPACE}|de{SPACE})?(?P<noun>[^\W\d_\u3040-\u9fff]{{3,30}})(?![\w'’])")
OF_US = re.compile(
    rf"{SPACE}(?P<noun>(?:of|d['’]entre){SPACE}(?:us|you|them|nous|vous|eux|elles))(?!\w)", re.IGNORECASE
)
ASIDE = re.compile(rf"{SPACE}\((?:not|pas|and not|et non){SPACE}[^()\r\n]{{1,20}}\)")
OF_ONE_MIND = re.compile(rf"{SPACE}(?:d['’]accord|agree|sure|certain|sûr|positive)", re.IGNORECASE)
BOTH = re.compile(rf"(?<!\w)(?:tous|toutes|all){SPACE}$", re.IGNORECASE)
SEVERAL = re.compile(rf"(?<!\w)(?:several|many|few|plusieurs|quelques){SPACE}$", re.IGNORECASE)
UNIT_OF_BOTH = ("x", "×", "X", "%", "％")
NO_PARTS = ("9/11", "24/7")
MINUS = re.compile(
    rf"(?:(?<=[ (:;\u00a0])[-−–]|(?<!\w)(?<!\bau )(?<!\bou )(?<!\bdu )(?<!\bor )(?:minus|negative|moins){SPACE}|负)$",
    re.IGNORECASE,
)
MORE_OF = frozenset("other others more autres autre".split())  # noqa: SIM905
MOST_WORDS_BETWEEN = 3


class _Term(NamedTuple):
    """A number with a currency, if one stands beside it."""

    numeral: Numeral
    start: int
    end: int
    currency: str
    is_assumed: bool


class _Read(NamedTuple):
    """A number or range that has been read, before its unit is known.

    Attributes:
        start: With the word that bounds it.
        end: One past its last character, with its currency.
        sense: Of the word that bounds it; empty if none does.
        word: That word.
    """

    text: str
    language: Language
    one: _Term
    other: _Term | None
    low: Fraction
    high: Fraction
    start: int
    end: int
    sense: str
    word: str

    def quantity(self, kind: Kind, factor: Fraction, unit: str, end: int, cue: str) -> Finding:
        """Return it as a number with a unit of the book's."""
        low, high = Quantity(self.low * factor, unit), Quantity(self.high * factor, unit)
        value = format_quantity(bounded(low, high, self.other is not None, self.sense))
        return self.found(kind, end, value, "", (cue,), "", low.amount)

    def money(self, currency: str, end: int, cues: tuple[str, ...], note: str) -> Finding:
        """Return it as an amount of money; without a currency it is a bare number."""
        is_range = self.other is not None
        if currency:
            least, most = Money(self.low, currency), Money(self.high, currency)
            value = format_money(bounded(least, most, is_range, self.sense))
        else:
            value = format_quantity(bounded(Quantity(self.low), Quantity(self.high), is_range, self.sense))
        return self.found("money", end, value, currency, cues, note, self.low)

    def counted(self, kind: Kind, noun: str, unit: str, end: int, cue: str) -> Finding:
        """Return it as a count of things or a length of time."""
        low, high = (format_quantity(Quantity(value)) for value in (self.low, self.high))
        named = unit.removesuffix("s") if self.high == 1 else unit
        value = in_words(low, high, self.other is not None, self.sense) + (f" {named}" if named else "")
        return self.found(kind, end, value, noun, (cue,), "", self.low)

    def found(
        self, kind: Kind, end: int, value: str, unit: str, cues: tuple[str, ...], note: str, size: Fraction
    ) -> Finding:
        """Return the finding, its cues with the word that bounds it."""
        return Finding(kind, self.start, end, value, unit, (*cues, *((self.word,) if self.word else ())), note, size)


def find_figures(text: str, language: Language, start: int = 0, end: int | None = None) -> list[Finding]:
    """Return the figures of a stretch of text from left to right.

    Args:
        text: The document's.
        language: How its figures are written.
        start: Where the stretch begins.
        end: One past it; None = the text's end.

    Returns:
        Findings that do not overlap. At most 50,000 numbers are looked at.
    """
    stop = len(text) if end is None else end
    found: list[Finding] = []
    taken = start
    for count, match in enumerate(PATTERNS[language].finditer(text, start, stop)):
        if count >= MOST_NUMERALS:
            break
        if match.start() < taken:
            continue
        finding = _figure_at(text, match, language, taken, stop)
        if finding is not None:
            found.append(finding)
            taken = finding.end
    return merged(found, [*_vague(text, language, start, stop), *_fractions(text, language, start, stop)])


def merged(first: list[Finding], others: list[Finding]) -> list[Finding]:
    """Return two lists of findings in the order of the text; where they overlap, those of the first stay."""
    starts = [one.start for one in first]
    ends = [one.end for one in first]
    free = [one for one in others if bisect_right(ends, one.start) >= bisect_left(starts, one.end)]
    kept: list[Finding] = []
    for one in sorted([*first, *free], key=lambda each: each.start):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _figure_at(text: str, match: re.Match[str], language: Language, taken: int, stop: int) -> Finding | None:
    numeral = read_numeral(text, match, language)
    if numeral.end > stop or _is_unclear(text, match, language):
        return None
    if (mixed := MIXED.match(text, numeral.start)) is not None and int(mixed["below"]):
        part = (int(mixed["whole"]) + Fraction(int(mixed["top"]), int(mixed["below"]))) / 100
        return Finding("percentage", *mixed.span(), format_quantity(Quantity(part, "%")), "", ("%",), "", part)
    one = _term(text, numeral, language, taken)
    before = text[max(taken, one.start - REACH) : one.start]
    other = _second(text, one, language, before, stop)
    end = (other or one).end
    low, high = _shared_scale(one, other)
    bound = bound_before(before, language)
    if bound is None and other is not None and (between := BETWEEN.search(before)):
        bound = Bound("", len(between[0]), "")
    start = one.start - (bound.length if bound else 0)
    sense = bound.sense if bound else "more than" if one.numeral.is_more else ""
    read = _Read(text, language, one, other, low, high, start, end, sense, bound.word if bound else "")
    finding = _of_unit(read)
    if (
        finding is not None
        and sense == ""
        and (minus := MINUS.search(text[max(taken, start - 10) : start])) is not None
    ):
        if other is not None or finding.kind != "percentage" or finding.size is None:
            return None if finding.kind == "money" else finding
        value = format_quantity(Quantity(-finding.size, "%"))
        return finding._replace(start=start - len(minus[0].lstrip()), value=value, size=-finding.size)
    if finding is None and not read.sense and text[end : end + 1] == "+":
        return _of_unit(read._replace(end=end + 1, sense="more than", word="+"))
    if finding is not None and not read.sense and (behind := bound_after(text, finding.end)) is not None:
        again = _of_unit(read._replace(sense=behind.sense, word=behind.word))
        finding = again._replace(end=finding.end + behind.length) if again else finding
    return finding


def _is_unclear(text: str, match: re.Match[str], language: Language) -> bool:
    """Return whether the points, commas and spaces of a number can be read in two ways."""
    if match.lastgroup != "figures":
        return False
    words, behind = match[0], text[match.end() : match.end() + 2]
    if behind[:1] in (",", ".") and behind[1:].isdecimal():
        return (behind[0] == "," and "." in words) or (behind[0] == "." and ("," in words or "." in words))
    return language != "fr" and UNCLEAR_GROUPS.fullmatch(words) is not None


def _term(text: str, numeral: Numeral, language: Language, taken: int) -> _Term:
    """Read the currency before or behind a number."""
    sign = CURRENCY_BEFORE.search(text[max(taken, numeral.start - 8) : numeral.start])
    after = CURRENCY_AFTER.match(text, numeral.end)
    if sign is not None:
        code, assumed = currency_named(sign["sign"], language)
        agrees = after is not None and currency_named(after["name"], language)[0] == code
        end = after.end() if after is not None and agrees else numeral.end
        return _Term(numeral, numeral.start - len(sign[0]), end, code, assumed)
    if after is not None:
        code, assumed = currency_named(after["name"], language)
        return _Term(numeral, numeral.start, after.end(), code, assumed)
    return _Term(numeral, numeral.start, numeral.end, "", False)


def _second(text: str, one: _Term, language: Language, before: str, stop: int) -> _Term | None:
    """Return the upper end of a range, if one follows."""
    joint = CONNECTOR[language].match(text, one.end)
    repeated = ""
    if joint is None and text[one.end : one.end + 1] in UNIT_OF_BOTH:
        repeated = text[one.end : one.end + 1]
        joint = CONNECTOR[language].match(text, one.end + 1) if repeated else None
    if joint is None:
        return None
    word = joint[0].strip().casefold()
    if repeated and word in ("or", "ou", "或"):
        return None
    if word in ("and", "et", "与") and not BETWEEN.search(before):
        return None
    if word in ("or", "ou", "或") and (one.currency or one.numeral.form != "figures"):
        return None
    sign = CURRENCY_AT.match(text, joint.end())
    at = sign.end() if sign else joint.end()
    numeral = numeral_at(text, at, language)
    if numeral is None and repeated and (apart := numeral_at(text[at : at + REACH], 0, language)) is not None:
        numeral = apart._replace(start=at, end=at + apart.end)
    if numeral is None or numeral.end > stop or numeral.is_more:
        return None
    if repeated and text[numeral.end : numeral.end + 1] != repeated:
        return None
    other = _term(text, numeral, language, joint.end())
    if one.currency and other.currency and one.currency != other.currency:
        return None
    low, high = _shared_scale(one, other)
    return other if low < high else None


def _shared_scale(one: _Term, other: _Term | None) -> tuple[Fraction, Fraction]:
    """Return both ends of a range: in `10 to 20 million` the scale is that of both."""
    low = one.numeral.value
    if other is None:
        return low, low
    if one.numeral.scale == 1 and other.numeral.scale > 1 and low < 1000:
        low *= other.numeral.scale
    return low, other.numeral.value


def _of_unit(read: _Read) -> Finding | None:
    """Return what a number is, by the unit beside it; None if it has none that matters."""
    text, end, numeral = read.text, read.end, (read.other or read.one).numeral
    currency = (read.other.currency if read.other else "") or read.one.currency
    scale = ("scale",) if numeral.scale > 1 else ()
    if currency:
        assumed = read.one.is_assumed or (read.other is not None and read.other.is_assumed)
        return read.money(currency, end, ("currency", *scale), f"read as {currency}" if assumed else "")
    if (percent := PERCENT.match(text, end)) is not None:
        if OF_ONE_MIND.match(text, percent.end()):
            return None
        part = Fraction(1, 10_000 if percent["points"] else 1_000 if percent["sign"] == "‰" else 100)
        return read.quantity("percentage", part, "%", percent.end(), percent[0].strip())
    if (times := TIMES.match(text, end)) is not None and (read.high > 1 or times["sign"]):
        return read.quantity("multiple", Fraction(1), "x", end + len(times[0].rstrip()), times[0].strip())
    if (ratio := _ratio(read)) is not None:
        return ratio
    if (unit := DURATION_UNITS[read.language].match(text, end)) is not None:
        is_a_day = read.high == 1 and unit.lastgroup == "days" and numeral.form == "words"
        if (numeral.is_more and numeral.scale == 1) or is_a_day or _is_a_date(unit, read):
            return None
        return read.counted(
            "duration", unit[0].strip(" -\u00a0"), unit.lastgroup or "", unit.end(), unit[0].strip(" -")
        )
    if A_YEAR.match(text, end) is not None and numeral.scale > 1:
        return read.money("", end, ("scale", "a year"), "no currency is named")
    return _count(read)


def _is_a_date(unit: re.Match[str], read: _Read) -> bool:
    """Return whether `2016 年` is a year, `5 日` a day, `6e année` an ordinal."""
    if read.language != "zh":
        return False
    numeral = (read.other or read.one).numeral
    is_year = unit.lastgroup == "years" and numeral.form == "figures" and 1000 <= numeral.value <= 2999
    return is_year or unit[0].strip() in ("日", "号")


def _ratio(read: _Read) -> Finding | None:
    """Return `710 of 770`, `12 个中的 3 个`, `10 分之一` or `1/10`."""
    text, numeral, at = read.text, read.one.numeral, read.end
    if read.other is not None or numeral.value.denominator != 1:
        return None
    if (parts := PARTS.match(text, at)) is not None:
        top = numeral_at(text, parts.end(), read.language)
        if top is not None and text[read.one.start : at] == "百":
            part = Finding("percentage", read.start, top.end, "", "", ("百分之",), "", top.value / 100)
            amount = Quantity(top.value / 100, "%")
            return part._replace(value=format_quantity(bounded(amount, amount, False, read.sense)))
        if top is None or not 0 < top.value < numeral.value:
            return None
        return _part(read, top.value, numeral.value, top.end, "分之")
    if (slash := SLASH.match(text, at)) is not None and numeral.scale == 1 and numeral.form == "figures":
        below = numeral_at(text, slash.end(), read.language) or _figures_at(text, slash.end())
        if below is None or not 0 < numeral.value <= below.value or below.value.denominator != 1:
            return None
        noun = NOUN.match(text, below.end)
        is_counted = noun is not None and noun["noun"].casefold() in SHARES | PEOPLE
        if text[read.one.start : below.end] in NO_PARTS and not is_counted:
            return None
        end = noun.end() if noun and noun["noun"].casefold() in SHARES else below.end
        return _part(read, numeral.value, below.value, end, "/")
    if (of := OF_ALL[read.language].match(text, at)) is not None:
        whole = numeral_at(text, of.end(), read.language)
        if whole is None or whole.value <= numeral.value or 1900 <= whole.value <= 2100:
            return None
        noun = NOUN.match(text, whole.end)
        return _part(read, numeral.value, whole.value, noun.end() if noun else whole.end, of[0].strip())
    if read.language == "zh" and (among := PART_OF_CHINESE.match(text, at)) is not None:
        counted = numeral_at(text, among.end(), read.language)
        sign = COUNTED_SIGN.match(text, counted.end) if counted is not None else None
        if counted is None or sign is None or counted.value >= numeral.value:
            return None
        return _part(read, counted.value, numeral.value, sign.end(), "中的")
    return None


def _figures_at(text: str, at: int) -> Numeral | None:
    """Return the figures at a place behind a stroke, where a number by itself would not begin."""
    match = BELOW_STROKE.match(text, at)
    return Numeral(Fraction(int(match[0])), at, match.end(), 1, "figures") if match else None


def _part(read: _Read, top: Fraction, below: Fraction, end: int, cue: str) -> Finding:
    value = in_words(f"{format_quantity(Quantity(top))} of {format_quantity(Quantity(below))}", "", False, read.sense)
    return read.found("ratio", end, value, "", (cue,), "", top / below)


def _count(read: _Read) -> Finding | None:
    """Return a number of persons, shares or other things; one of anything is no count."""
    text, end, numeral = read.text, read.end, (read.other or read.one).numeral
    if numeral.value < 2 or (numeral.is_more and numeral.scale == 1):
        return None
    if (counted := COUNTED_AFTER_CHINESE.match(text, end)) is not None:
        noun = counted["noun"] + counted["more"].partition("的")[0]
        return read.counted("count", noun, "", end + len(counted[0]) - len(counted["more"]), counted["noun"])
    if numeral.form == "chinese" or SEVERAL.search(text[max(0, read.start - 12) : read.start]):
        return None
    noun = _noun_after(text, end, numeral)
    if noun is not None and not (numeral.is_short and text[numeral.end - 1] not in "kKMB"):
        is_both = read.high == 2 and BOTH.search(text[max(0, read.start - 8) : read.start]) is not None
        return None if is_both else read.counted("count", noun["noun"], "", noun.end(), noun["noun"])
    if numeral.is_short and text[numeral.end - 1] in "MB" and not text[numeral.end - 2].isspace():
        return read.money("", end, ("scale",), "no currency is named")
    return None


def _noun_after(text: str, at: int, numeral: Numeral) -> re.Match[str] | None:
    """Return what a number counts: the first of the next three words that is a plural or a word of the field."""
    is_like_a_year = numeral.form == "figures" and numeral.end - numeral.start == 4 and 1900 <= numeral.value <= 2100
    if (us := OF_US.match(text, at)) is not None:
        return us
    aside = ASIDE.match(text, at)
    at = aside.end() if aside else at
    for _ in range(MOST_WORDS_BETWEEN):
        noun = NOUN.match(text, at)
        if noun is None:
            return None
        word = noun["noun"].casefold()
        if word in SHARES or word in PEOPLE:
            return noun
        if is_like_a_year or (word in NOT_COUNTED and word not in MORE_OF):
            return None
        if word not in MORE_OF and word.endswith(("s", "x")) and not word.endswith("ss"):
            return noun
        at = noun.end()
    return None


def _vague(text: str, language: Language, start: int, stop: int) -> Iterator[Finding]:
    """Yield amounts without a number, such as `plusieurs milliards de dollars`: more than one of the scale."""
    scales = SCALES[language]
    for match in islice(VAGUE.finditer(text, start, stop), MOST_NUMERALS):
        scale = Fraction(scales.get(match["scale"].casefold(), 0))
        is_many = bool(match["some"] or match["tens"])
        if not scale or not (is_many or match["scale"].casefold().endswith("s")):
            continue
        tens = (match["tens"] or "").replace(",", "")
        figures = FIGURES_OF_TENS.match(tens)
        scale *= int(figures[0]) if figures else TENS.get(tens[:3].casefold(), 1)
        currency = CURRENCY_AFTER.match(text, match.end())
        if currency is not None:
            code, assumed = currency_named(currency["name"], language)
            value = format_money(Bounded(Money(scale, code), None, low_open=True))
            note = f"read as {code}" if assumed else ""
            yield Finding("money", match.start(), currency.end(), value, code, ("currency", "several"), note, scale)
            continue
        value = format_quantity(Bounded(Quantity(scale), None, low_open=True))
        noun = NOUN.match(text, match.end())
        if A_YEAR.match(text, match.end()) is not None or noun is None or noun["noun"].casefold() in NOT_COUNTED:
            note = "no currency is named"
            yield Finding("money", match.start(), match.end(), value, "", ("scale", "several"), note, scale)
        else:
            yield Finding("count", match.start(), noun.end(), value, noun["noun"], ("several",), "", scale)


def _fractions(text: str, language: Language, start: int, stop: int) -> Iterator[Finding]:
    """Yield fractions in words, such as `two thirds`."""
    for match in islice(FRACTION_WORDS.finditer(text, start, stop), MOST_NUMERALS):
        if match["half"]:
            top, below = 1, 2
        elif match["cheng"]:
            top, below = ZH_DIGITS[match["cheng"]], 10
        else:
            below = BELOW[(match["enth"] or match["frth"]).casefold()]
            top = ABOVE[(match["en"] or match["fr"]).casefold()]
        if top == 1 and below == 4 and match["enth"]:
            continue
        bound = bound_before(text[max(start, match.start() - REACH) : match.start()], language)
        sense = bound.sense if bound else ""
        cues = (match[0].casefold(), *((bound.word,) if bound else ()))
        low = match.start() - (bound.length if bound else 0)
        value = in_words(f"{top} of {below}", "", False, sense)
        yield Finding("ratio", low, match.end(), value, "", cues, "", Fraction(top, below))
