"""Words whose change can change what a sentence says: numbers, negations, names, units, and the verbs of duty."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = _words(
    "no not never none nobody nothing neither nor cannot without non hardly except unless refused refuse refuses "
    "denied deny denies pas ne jamais aucun aucune ni personne rien sans sauf guère nul nulle refusé"
)
CJK_NEGATIONS = "不没沒無无未非否勿莫别別"
NUMBER_WORDS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million millions billion "
    "billions trillion trillions dozen half third quarter double twice once first second both un une deux trois quatre "
    "cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent "
    "cents mille milliard milliards moitié tiers quart premier première deuxième"
)
UNITS = _words(
    "percent per pourcent pct bps usd eur gbp chf cny rmb jpy dollar dollars euro euros pound pounds yen yuan franc "
    "francs m b k bn mn share shares unit units vote votes seat seats action actions part parts voix siège sièges day "
    "days week weeks month months year years jour jours semaine semaines mois an ans année années"
)
DUTIES = _words(
    "shall may must will would should can could might need and or all any each every some most more less least only "
    "before after above below over under majority minority peut doit peuvent doivent devra pourra devrait pourrait et "
    "ou tous toutes tout chaque plus moins seul seule avant après"
)
PERSONS = _words(
    "i me my we us our you your he him his she her they them their it its je tu il elle nous vous ils elles moi lui "
    "leur leurs mon ma mes ton ta son sa ses notre nos votre vos"
)
WEIGHTY = NEGATIONS | NUMBER_WORDS | UNITS | DUTIES | PERSONS
TURNING_PREFIXES = _words("un in im ir il non dis anti de mis ex a mé dé ré re co sous sur sub super over under")
CURRENCY_SIGNS = "$€£¥₩₽₹%‰％＄￥"
ALIKE_SCRIPTS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"))
UNSEEN = ("Cf", "Cc", "Cs", "Co", "Cn")


def is_weighty(word: str) -> bool:
    """Return whether changing a word can change who, how much, whether or which."""
    plain = word.casefold().strip("'’-.,")
    if any(c.isnumeric() or c in CURRENCY_SIGNS or _is_han(c) for c in word) or is_deceptive(word):
        return True
    return word[:1].isupper() or plain in WEIGHTY or is_negation(word)


def is_negation(word: str) -> bool:
    """Return whether a word says no: `not`, `don't`, `ne`, or a word with a Chinese negation in it."""
    plain = word.casefold()
    return plain in NEGATIONS or plain.endswith(("n't", "n’t")) or any(c in CJK_NEGATIONS for c in word)


def is_number(word: str) -> bool:
    """Return whether a word is a number, in figures or in words."""
    return word.casefold() in NUMBER_WORDS or any(c.isnumeric() for c in word)


def has_negation(words: Sequence[str]) -> bool:
    """Return whether a negation is among some words."""
    return any(is_negation(word) for word in words)


def has_number(words: Sequence[str]) -> bool:
    """Return whether a number is among some words."""
    return any(is_number(word) for word in words)


def differ_by_prefix(one: str, other: str) -> bool:
    """Return whether two words differ by a prefix that turns the sense: lawful and unlawful, sign and re-sign."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return long.endswith(short) and long[: len(long) - len(short)].strip("-‐‑") in TURNING_PREFIXES


def is_deceptive(word: str) -> bool:
    """Return whether a word has characters that cannot be seen, or mixes scripts whose letters look alike."""
    if any(unicodedata.category(c) in UNSEEN for c in word):
        return True
    scripts = {unicodedata.name(c, "?").partition(" ")[0] for c in word if c.isalpha()}
    return len(scripts & ALIKE_SCRIPTS) > 1


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"
