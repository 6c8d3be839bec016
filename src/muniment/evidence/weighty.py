"""Words whose change can change what a sentence says: numbers, negations, names, units, and the verbs of duty."""

from __future__ import annotations

import unicodedata

NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor cannot without non hardly except unless refused refuse refuses denied deny denies "
    "pas ne jamais aucun aucune ni personne rien sans sauf non guère nul nulle refusé refuse".split()
)
CJK_NEGATIONS = "不没沒無无未非否勿莫别別"
NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million millions billion billions trillion "
    "trillions dozen half third quarter double twice once first second both "
    "un une deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante "
    "cinquante soixante cent cents mille milliard milliards moitié tiers quart premier première deuxième".split()
)
UNITS = frozenset(
    "percent per cent pourcent pct bps usd eur gbp chf cny rmb jpy dollar dollars euro euros pound pounds yen yuan franc francs m b k bn mn "
    "share shares unit units vote votes seat seats action actions part parts voix siège sièges "
    "day days week weeks month months year years jour jours semaine semaines mois an ans année années".split()
)
DUTIES = frozenset(
    "shall may must will would should can could might need and or all any each every some most more less least only "
    "before after above below over under majority minority "
    "peut doit peuvent doivent devra pourra devrait pourrait et ou tous toutes tout chaque plus moins seul seule avant après".split()
)
NEGATIVE_PREFIXES = frozenset("un in im ir il non dis anti de mis ex a mé dé ré re co sous sur sub super over under".split())
CURRENCY_SIGNS = "$€£¥₩₽₹%‰％＄￥"


def is_weighty(token: str) -> bool:
    """Return whether changing a word can change who, how much, whether or which."""
    plain = token.casefold().strip("'’-.,")
    if any(c.isnumeric() or c in CURRENCY_SIGNS or c in CJK_NEGATIONS for c in token) or is_deceptive(token):
        return True
    if token[:1].isupper() or plain in NEGATIONS or plain in NUMBER_WORDS or plain in UNITS or plain in DUTIES:
        return True
    return plain.endswith(("n't", "n’t")) or any(_is_han(c) for c in token)


def has_negation(words: list[str]) -> bool:
    """Return whether a negation is among some words."""
    return any(
        word.casefold() in NEGATIONS or word.casefold().endswith(("n't", "n’t")) or any(c in CJK_NEGATIONS for c in word)
        for word in words
    )


def has_number(words: list[str]) -> bool:
    """Return whether a number, in figures or in words, is among some words."""
    return any(word.casefold() in NUMBER_WORDS or any(c.isnumeric() for c in word) for word in words)


def differ_by_prefix(one: str, other: str) -> bool:
    """Return whether two words differ by a prefix that turns the sense: lawful and unlawful, sign and re-sign."""
    one, other = sorted((one.casefold(), other.casefold()), key=len)
    return other.endswith(one) and other[: len(other) - len(one)].strip("-‐‑") in NEGATIVE_PREFIXES


def is_deceptive(token: str) -> bool:
    """Return whether a word has characters that cannot be seen, or mixes scripts whose letters look alike."""
    if any(unicodedata.category(c) in ("Cf", "Cc", "Co", "Cn") for c in token):
        return True
    scripts = {unicodedata.name(c, "?").partition(" ")[0] for c in token if c.isalpha()}
    return len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}) > 1


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"
