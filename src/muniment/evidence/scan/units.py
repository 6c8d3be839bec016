"""Units that stand beside numbers: currencies, times, and what is counted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from muniment.evidence.scan.languages import Language
from muniment.evidence.scan.numerals import SPACE
from muniment.model.currencies import MINOR_UNITS, SYMBOLS

_CODES = "USD|EUR|GBP|CHF|CNY|RMB|JPY|CAD|AUD|HKD|SGD|INR|KRW"
_SIGNS = "|".join(re.escape(sign) for sign in sorted(SYMBOLS, key=len, reverse=True) if not sign.isalpha())
CURRENCY_BEFORE = re.compile(rf"(?<![^\W_\u3040-\u9fff])(?P<sign>{_CODES}|{_SIGNS}){SPACE}?$")
CURRENCY_AFTER = re.compile(
    rf"{SPACE}?(?:d['’]|(?:de|of){SPACE})?(?P<name>"
    rf"(?:{_CODES})(?![^\W_])"
    r"|\$[ \u00a0]?(?:US|CAN?|AU|HK)(?![^\W_])|US\$|[$€£￥¥₩](?!\d)"
    r"|(?:US |U\.S\. |Canadian |Australian |Hong Kong )?(?:dollars?|euros?|pounds?(?: sterling)?|yen|yuans?|rupees|Swiss francs|francs suisses|livres sterling|livres)"  # noqa: E501
    r"(?: américains?| canadiens?| US)?(?!\w)"
    r"|美元|美金|欧元|英镑|日元|港元|港币|人民币|瑞士法郎|韩元|加元|澳元|新元|新台币|元)",
    re.IGNORECASE,
)
_NAMED = {
    "美元": "USD", "美金": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "港元": "HKD", "港币": "HKD",
    "人民币": "CNY", "瑞士法郎": "CHF", "韩元": "KRW", "加元": "CAD", "澳元": "AUD", "新元": "SGD", "新台币": "TWD",
    "元": "CNY", "rmb": "CNY", "swiss francs": "CHF", "francs suisses": "CHF", "livres sterling": "GBP", "livres": "GBP",  # noqa: E501
    "pounds sterling": "GBP", "pound": "GBP", "yuans": "CNY", "$ us": "USD", "$us": "USD", "us$": "USD",
    "$ ca": "CAD", "$ca": "CAD", "$ can": "CAD", "$can": "CAD", "$ au": "AUD", "$ hk": "HKD",
}  # fmt: skip
_EXACT = frozenset(_NAMED) - {"livres", "pound", "元"}


def currency_named(name: str, language: Language) -> tuple[str, bool]:
    """Return the ISO 4217 code of a sign or word, and whether another currency could be meant.

    A bare `$` or `dollars` is read as USD; `¥` as CNY in Chinese and JPY elsewhere.
    """
    plain = re.sub(SPACE, " ", name).strip().casefold()
    if plain.upper() in MINOR_UNITS:
        return plain.upper(), False
    if plain in ("¥", "￥"):
        return ("CNY" if language == "zh" or plain == "￥" else "JPY"), True
    if plain in _NAMED:
        return _NAMED[plain], plain not in _EXACT
    for words, code in (("canad", "CAD"), ("austral", "AUD"), ("hong kong", "HKD"), ("u", "USD")):
        if plain.startswith(words) or (words != "u" and words in plain):
            return code, False
    if plain.endswith((" us", "américain", "américains")):
        return "USD", False
    known = SYMBOLS.get(plain.upper()) or SYMBOLS.get(plain)
    return known or "USD", plain in ("$", "＄", "dollar", "dollars", "£", "pounds", "francs")


DURATION_UNITS: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"(?:{SPACE}|-)?(?:(?P<hours>hours?|hrs?)|(?P<days>days?)|(?P<weeks>weeks?)|(?P<months>months?)"
        r"|(?P<years>years?|yrs?))(?!\w)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        rf"{SPACE}(?:(?P<hours>heures?)|(?P<days>jours?|journées?)|(?P<weeks>semaines?)|(?P<months>mois)"
        r"|(?P<years>ans?|années?))(?!\w)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"{SPACE}?(?:(?P<hours>个?小时)|(?P<days>天|日(?!元))|(?P<weeks>周(?!年)|个?星期)|(?P<months>个月)"
        r"|(?P<years>年(?![前后]?[0-9]{1,2}月)))",
    ),
}
"""The group that matched is the name of the unit."""

COUNTED_AFTER_CHINESE = re.compile(
    rf"{SPACE}?(?P<noun>[名位]|个(?!月|小时|星期)|人|家|股|票|席|篇|台|项|款|份|套|辆|笔|起)(?P<more>[^\W\d_，。、；：]{{0,6}})"
)
SHARES = frozenset(
    "share shares unit units option options warrant warrants action actions part parts titre titres bsa vote votes voix "  # noqa: E501, SIM905
    "seat seats siège sièges".split()
)
PEOPLE = frozenset(
    "people person persons member members employee employees founder founders director directors investor investors "  # noqa: SIM905
    "donor donors holder holders shareholder shareholders owner owners partner partners personne personnes membre "
    "membres employé employés employée employées salarié salariés fondateur fondateurs administrateur administrateurs "
    "investisseur investisseurs donateur donateurs actionnaire actionnaires associé associés".split()
)
NOT_COUNTED = frozenset(
    "the and that this with from for are was were has have had not but you they them which who what when where than "  # noqa: SIM905
    "can could will would may might must should shall won be been being do does did done get gets much many very such "
    "then there their his her its our your any all more less most other others times time one two three per pst pdt "
    "est edt gmt utc cst cet les des une que qui dans pour sur par est sont était avec mais plus moins fois autre "
    "autres entre comme aux ces ses son leur leurs nous vous ils elles pas tous toutes tout sans sous vers dont "
    "tiers quarts cinquièmes dixièmes thirds quarters fifths tenths "
    "january february march april may june july august september october november december janvier février mars avril "
    "mai juin juillet août septembre octobre novembre décembre".split()
)
"""Words that may follow a number and are not what it counts."""
