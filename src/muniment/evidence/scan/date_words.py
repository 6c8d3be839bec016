"""How English, French and Chinese write dates: the patterns of what is written out and of what needs an anchor."""

from __future__ import annotations

import re
from collections.abc import Mapping

from muniment.evidence.header_dates import MONTHS
from muniment.evidence.scan.languages import Language
from muniment.evidence.scan.numerals import SPACE

S = SPACE
DIGITS = r"(?:1[5-9]\d\d|20\d\d)"
YEAR = rf"{DIGITS}(?!\d)"
_EN_MONTH = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_FR_MONTH = (
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
    "|janv|févr|avr|juil|sept|oct|nov|déc"
)
_NTH = r"(?:st|nd|rd|th)?"
_NUMERIC = (
    rf"(?<![\w./-])(?P<iso_y>{DIGITS})-(?P<iso_m>\d\d)(?:-(?P<iso_d>\d\d))?(?![\w/-])"
    rf"|(?<![\w./-])(?P<iso_y2>{DIGITS})/(?P<iso_m2>\d\d?)/(?P<iso_d2>\d\d?)(?![\w/-])"
    rf"|(?<![\w./-])(?P<num_1>\d\d?)[/.](?P<num_2>\d\d?)[/.](?P<num_y>{YEAR})(?![\w/-])"
)
_QUARTER = rf"(?<!\w)(?:(?P<q_h>[QTH])(?P<q_n>[1-4])[ \u00a0'’/-]?(?P<q_y>{YEAR})|(?P<q_y2>{DIGITS})[ -]?(?P<q_h2>[QTH])(?P<q_n2>[1-4])(?!\w))"  # noqa: E501
_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4,
    "premier": 1, "1er": 1, "deuxième": 2, "2e": 2, "2ème": 2, "troisième": 3, "3e": 3, "3ème": 3,
    "quatrième": 4, "4e": 4, "4ème": 4, "一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4,
}  # fmt: skip
ORDINALS: Mapping[str, int] = _ORDINALS
SEASONS: Mapping[str, str] = {
    "spring": "spring", "summer": "summer", "fall": "autumn", "autumn": "autumn", "winter": "winter",
    "printemps": "spring", "été": "summer", "automne": "autumn", "hiver": "winter",
    "春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter",
}  # fmt: skip

_EN = (
    rf"(?<!\w)(?P<en_m>{_EN_MONTH})\.?{S}(?P<en_d>\d\d?){_NTH}(?:{S}?[-–]{S}?(?P<en_d2>\d\d?){_NTH})?(?:,{S}?|{S})(?P<en_y>{YEAR})"
    rf"|(?<![\w:.,])(?P<eb_d>\d\d?){_NTH}(?:{S}?[-–]{S}?(?P<eb_d2>\d\d?){_NTH})?{S}(?:of{S})?(?P<eb_m>{_EN_MONTH})\.?,?{S}(?P<eb_y>{YEAR})"
    rf"|(?<!\w)(?P<ec_m>{_EN_MONTH})\.?,?{S}(?:of{S})?(?P<ec_y>{YEAR})"
    rf"|(?<!\w)(?P<es_s>spring|summer|fall|autumn|winter){S}(?:of{S})?(?P<es_y>{YEAR})"
    rf"|(?<!\w)(?P<eq_n>first|second|third|fourth|last|1st|2nd|3rd|4th){S}(?P<eq_h>quarter|half){S}(?:of{S})?(?P<eq_y>{YEAR})"
    rf"|(?<!\w)(?P<ed_m>{_EN_MONTH})\.?{S}(?P<ed_d>\d\d?){_NTH}(?![\w:%]|[.,]\d|{S}?[ap]\.?m\b)"
    rf"|(?<![\w:.,$€£])(?P<ee_d>\d\d?){_NTH}{S}(?:of{S})?(?P<ee_m>{_EN_MONTH})(?!\w)"
    rf"|(?<!\w)(?P<ef_m>{_EN_MONTH})(?!\w)"
)
_FR = (
    rf"(?<![\w:.,])(?:(?P<fa_d>1er|\d\d?)(?:{S}?(?:-|–|au|et){S}?(?P<fa_d2>\d\d?))?{S})(?P<fa_m>{_FR_MONTH})\.?,?{S}(?P<fa_y>{YEAR})"
    rf"|(?<!\w)(?P<fc_m>{_FR_MONTH})\.?{S}(?P<fc_y>{YEAR})"
    rf"|(?<!\w)(?P<fs_s>printemps|été|automne|hiver){S}(?:de{S}(?:l['’]année{S})?)?(?P<fs_y>{YEAR})"
    rf"|(?<!\w)(?P<fq_n>premier|deuxième|troisième|quatrième|1er|2e|2ème|3e|3ème|4e|4ème){S}(?P<fq_h>trimestre|semestre){S}(?:de{S}(?:l['’]année{S})?)?(?P<fq_y>{YEAR})"
    rf"|(?<![\w:.,])(?P<fe_d>1er|\d\d?){S}(?P<fe_m>{_FR_MONTH})(?!\w)"
    rf"|(?<!\w)(?P<ff_m>{_FR_MONTH})(?!\w)"
)
_ZH_NUMBER = r"(?:\d\d?|[一二三四五六七八九十]{1,3})"
_ZH = (
    rf"(?<!\d)(?P<zy>\d{{4}}|[一二][〇零一二三四五六七八九]{{3}}){S}?年(?!代)(?:{S}?(?P<zm>{_ZH_NUMBER}){S}?月(?:份)?(?:{S}?(?P<zd>{_ZH_NUMBER}){S}?[日号])?)?"
    rf"(?:{S}?(?P<zt>初|底|末|中旬|中(?=[,，。、;；\s])|年初|年底|年末|年中|上旬|下旬|上半年|下半年|第?(?P<zq>[一二三四1-4]){S}?季度|(?P<zs>[春夏秋冬])(?:季|天|末|初)?))?"
    rf"|(?<![\d个.])(?P<zn_m>\d\d?|十[一二]?|[一二三四五六七八九]){S}?月(?:份)?(?:{S}?(?P<zn_d>{_ZH_NUMBER}){S}?[日号])?(?P<zn_t>初|底|末|中旬|上旬|下旬)?"
)
ABSOLUTE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(f"{_NUMERIC}|{_QUARTER}|{_EN}", re.IGNORECASE),
    "fr": re.compile(f"{_NUMERIC}|{_QUARTER}|{_FR}", re.IGNORECASE),
    "zh": re.compile(f"{_NUMERIC}|{_QUARTER}|{_ZH}", re.IGNORECASE),
}
BARE_YEAR = re.compile(
    r"(?<![\w$€£¥.,/:#&=@%'’+—])(?<![:/])(?P<y>19[0-9]\d|20[0-4]\d)(?![\w%‰$€£]|[.,:/'’]\d|-(?!\d{4}\b)\w)"
)
YEAR_RANGE = re.compile(rf"{S}?[-–—]{S}?(?:19|20)\d\d(?!\d)")
YEAR_AFTER = re.compile(
    r"(?:(?:(?<!\w)(?:in|since|of|by|from|until|to|through|before|after|during|around|circa|early|late|mid|year|end|starting|and"
    r"|en|de|à|depuis|début|fin|jusqu['’]en|jusqu['’]à|avant|après|dès|vers|année|années|an|et|entre|courant|pour|partir de)"  # noqa: E501
    rf"{S})|(?<!\w)(?:mid|mi)-|\(|d['’]|\d{{4}}[–-])$",
    re.IGNORECASE,
)
MONTH_AFTER = re.compile(
    r"(?<!\w)(?:(?:in|since|by|until|during|through|before|after|of|last|this|next|early|late|from|to|for|beginning|end|and"
    r"|en|de|depuis|début|fin|courant|avant|après|dès|jusqu['’]en|du mois de|au mois de|et|à)[ \u00a0]|(?:mid|mi)-|d['’])$",  # noqa: E501
    re.IGNORECASE,
)
PART_BEFORE = re.compile(
    rf"(?:(?<!\w)(?P<early>(?:(?:at|in){S})?(?:the{S})?(?:very{S})?(?:beginning|start){S}of(?:{S}the{S}year)?{S}|early{S}(?:in{S})?"
    rf"|(?:(?:au|le|du|dès{S}le|en){S})?début{S}(?:(?:du{S}mois{S})?(?:de{S}|d['’])(?:l['’](?:année{S})?)?)?)"
    rf"|(?<!\w)(?P<mid>mid[- ]|(?:in{S})?(?:the{S})?middle{S}of{S}|(?:à{S}la{S})?mi-|(?:au{S}|le{S})?milieu{S}(?:de{S}|d['’])(?:l['’](?:année{S})?)?)"  # noqa: E501
    rf"|(?<!\w)(?P<late>(?:(?:at|in){S})?(?:the{S})?(?:very{S})?end{S}of{S}(?:the{S}year{S})?|late{S}(?:in{S})?"
    rf"|(?:(?:à{S})?la{S}|en{S})?fin{S}(?:(?:du{S}mois{S})?(?:de{S}|d['’])(?:l['’](?:année{S})?)?)?))$",
    re.IGNORECASE,
)
WHOLE_BEFORE = re.compile(
    rf"(?<!\w)(?:(?:the{S}year{S}|(?:tout{S}au{S}long{S}de{S})?l['’](?:année{S}|an{S})|l['’]|le{S}|the{S}|au{S}mois{S}de{S}|(?:the{S})?month{S}of{S}|during{S}))$",
    re.IGNORECASE,
)
UNTIL_BEFORE = re.compile(
    rf"(?<!\w)(?:until|till|through|up{S}to|by|jusqu['’](?:à|en|au)|d['’]ici(?:{S}à)?|截至|直到){S}?$|(?<=截至)$",
    re.IGNORECASE,
)
SINCE_BEFORE = re.compile(
    rf"(?<!\w)(?:since|starting(?:{S}in)?|as{S}of|depuis|à{S}partir{S}d(?:e{S}|['’])|à{S}compter{S}d(?:e{S}|['’])){S}?$|自{S}?$",
    re.IGNORECASE,
)
JOINT = re.compile(
    rf"{S}?(?:[-–—~～]|to|through|until|à|au|jusqu['’](?:à|en|au)|至|到)(?:{S}(?:the{S}|l['’]|le{S})?)?|{S}(?P<and>and|et){S}|和",
    re.IGNORECASE,
)
BETWEEN_BEFORE = re.compile(rf"(?:(?<!\w)(?:between|entre)|在){S}?(?:l['’]|le{S}|the{S})?$", re.IGNORECASE)

_UNITS = {
    "day": "days", "week": "weeks", "month": "months", "year": "years", "quarter": "quarters",
    "jour": "days", "semaine": "weeks", "mois": "months", "an": "years", "année": "years", "trimestre": "quarters",
    "天": "days", "日": "days", "周": "weeks", "星期": "weeks", "月": "months", "年": "years",
}  # fmt: skip
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_JOURS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
WEEKDAYS: Mapping[str, int] = {name: at for names in (_WEEKDAYS, _JOURS) for at, name in enumerate(names.split("|"))}
_COUNT_EN = r"(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_COUNT_FR = r"(?P<n>\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze)"
RELATIVE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"(?<!\w)(?:(?:earlier{S}|later{S})?(?P<turn>last|next|this){S}(?:(?P<unit>week|month|quarter|year)|(?P<month>{_EN_MONTH})|(?P<season>spring|summer|fall|autumn|winter)|(?P<weekday>{_WEEKDAYS}))"
        rf"|(?P<near>yesterday|tomorrow)"
        rf"|{_COUNT_EN}{S}(?P<n_unit>day|week|month|year)s?{S}(?P<n_turn>ago|later|earlier|before|after(?:wards?)?(?={S}?[,.;]))"
        rf"|the{S}(?P<then>following|next|previous|preceding|same){S}(?P<then_unit>day|week|month|year))(?!\w)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        rf"(?<!\w)(?:(?:(?P<of_day>1er|\d\d?){S})?(?P<of_month>{_FR_MONTH}){S}(?:de{S}(?P<of>l['’]an(?:née)?{S}(?:derni(?:er|ère)|passée?|prochaine?|suivante?|précédente?)|cette{S}année(?:-là)?|la{S}même{S}année)|(?P<m_turn>derniers?|passés?|prochains?|suivants?))"
        rf"|(?:la{S}|le{S}|l['’])(?P<unit>semaine|mois|année|an|trimestre){S}(?P<turn>derni(?:er|ère)|passée?|prochaine?|suivante?|précédente?|d['’]après|d['’]avant)"
        rf"|(?:l['’]|le{S})(?P<season>été|hiver|printemps|automne){S}(?P<s_turn>derniers?|prochains?|suivants?)"
        rf"|(?P<weekday>{_JOURS}){S}(?P<w_turn>derniers?|prochains?)"
        rf"|(?P<near>hier|demain|le{S}lendemain|la{S}veille)"
        rf"|il{S}y{S}a{S}(?:environ{S}|près{S}d['’])?(?P<ago>{_COUNT_FR.replace('?P<n>', '')}){S}(?P<ago_unit>jours?|semaines?|mois|ans?|années?)"  # noqa: E501
        rf"|{_COUNT_FR}{S}(?P<n_unit>jours?|semaines?|mois|ans?|années?){S}(?P<n_turn>plus{S}tard|plus{S}tôt|après(?={S}?[,.;])|auparavant)"
        rf"|(?:de{S})?(?:la{S}|le{S})?(?P<then>même){S}(?P<then_unit>jour|semaine|mois|année)"
        rf"|(?P<this>cette{S}année(?:-là)?|ce{S}mois(?:-là|-ci)?)"
        rf"|(?:au{S}(?P<p1>début)|à{S}la{S}(?P<p2>fin)|en{S}(?P<p3>début|fin))(?:{S}de{S}l['’]|{S}d['’])(?P<of_year>année)(?!{S}\d)(?!{S}(?:dernière|passée|prochaine|suivante))"
        r")(?!\w)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"(?P<year_word>去年|今年|明年|前年|同年|当年|次年|翌年|第二年|那一?年)(?:{S}?的?{S}?(?:(?P<y_month>\d\d?|十[一二]?|[一二三四五六七八九]){S}?月(?:{S}?(?P<y_day>\d\d?){S}?[日号])?|(?P<y_part>年?初|年?底|年?末|年中|早些时候|(?P<y_season>[春夏秋冬])[天季])))?"
        rf"|(?P<month_word>上个?月|本月|下个?月|次月|同月|当月)(?:{S}?(?P<m_day>\d\d?){S}?[日号])?"
        r"|(?P<week_word>上周|本周|下周|上个?星期|下个?星期|上个礼拜)"
        r"|(?P<near>昨天|昨日|明天|前天|次日|翌日|第二天)"
        rf"|(?P<n>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})(?:{S}?(?P<n_unit>个?月|年|天|周|个?星期)){S}?(?P<n_turn>之?后|之?前|以后|以前)(?![^\W\d_]{{0,2}}(?:的|所))",
    ),
}
UNITS_NAMED: Mapping[str, str] = _UNITS


def month_number(name: str) -> int:
    """Return the number of a month by its name in English or French, or in figures or signs of Chinese."""
    plain = name.casefold().rstrip(".")
    known = MONTHS.get(plain)
    if known is not None:
        return known
    return small_number(plain)


def small_number(words: str) -> int:
    """Return a number up to a few hundred in figures, words or signs of Chinese; 0 if it is none."""
    plain = words.casefold()
    if plain.isdecimal():
        return int(plain)
    if plain in _SMALL:
        return _SMALL[plain]
    if plain and all(sign in _SIGNS for sign in plain):
        tens, ten, units = plain.partition("十")
        return (_SIGNS.get(tens, 1) * 10 if ten else 0) + (
            _SIGNS.get(units, 0) if ten else _SIGNS[plain] if len(plain) == 1 else 0
        )
    return 0


_SMALL = {
    word: at
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    )
    for at, word in enumerate(words.split(), 1)
} | {"a": 1, "an": 1, "une": 1, "1er": 1}
_SIGNS = {sign: at for at, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2, "十": 10}


def unit_named(word: str) -> str:
    """Return `days`, `weeks`, `months`, `years` or `quarters` for a word of any of the three languages."""
    plain = word.casefold().lstrip("个")
    return _UNITS.get(plain) or _UNITS.get(plain.rstrip("s")) or _UNITS.get(plain.rstrip("e") + "e") or "days"
