"""Words whose change can change what a sentence says: numbers, negations, names, units, and the verbs of duty."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of a text, each once."""
    return frozenset(text.split())


NEGATIONS = vocabulary(
    "no not never none nobody nothing neither nor cannot without non hardly except unless refused refuse refuses "
    "denied deny denies nowhere dont doesnt didnt isnt wasnt arent werent shouldnt wouldnt couldnt havent hasnt hadnt "
    "mustnt pas ne jamais aucun aucune ni personne rien sans sauf guère nul nulle refusé"
)
CJK_NEGATIONS = "不没沒無无未非否勿莫别別"
NUMBER_WORDS = vocabulary(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million millions billion "
    "billions trillion trillions dozen half third quarter double twice once first second both un une deux trois quatre "
    "cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent "
    "cents mille milliard milliards moitié tiers quart premier première deuxième"
)
UNITS = vocabulary(
    "percent per pourcent pct bps usd eur gbp chf cny rmb jpy dollar dollars euro euros pound pounds yen yuan franc "
    "francs m b k bn mn share shares unit units vote votes seat seats action actions part parts voix siège sièges day "
    "days week weeks month months year years jour jours semaine semaines mois an ans année années"
)
DUTIES = vocabulary(
    "shall may must will would should can could might need and or all any each every some most more less least only "
    "before after above below over under majority minority peut doit peuvent doivent devra pourra devrait pourrait et "
    "ou tous toutes tout chaque plus moins seul seule avant après"
)
PERSONS = vocabulary(
    "i me my we us our you your he him his she her they them their it its je tu il elle nous vous ils elles moi lui "
    "leur leurs mon ma mes ton ta son sa ses notre nos votre vos"
)
WEIGHTY = NEGATIONS | NUMBER_WORDS | UNITS | DUTIES | PERSONS
TURNING_PREFIXES = vocabulary("un in im ir il non dis anti de mis ex a mé dé ré re co sous sur sub super over under")
JOINT = re.compile("[-‐‑–/'’:.,&@]")
APOSTROPHES = re.compile("['’ʼ`´]")
MARKS = frozenset("[]~")
"""Marks of what an editor brings or strikes out."""
SHORTEST_STEM = 2
CURRENCY_SIGNS = "$€£¥₩₽₹%‰％＄￥"
ALIKE_SCRIPTS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"))
UNSEEN = ("Cf", "Cc", "Cs", "Co", "Cn")


def is_weighty(word: str) -> bool:
    """Return whether changing a word can change who, how much, whether or which."""
    if any(c.isnumeric() or c in CURRENCY_SIGNS or _is_han(c) for c in word) or is_deceptive(word):
        return True
    if is_negation(word) or word in MARKS or any(part[:1].isupper() for part in JOINT.split(word)):
        return True
    return not WEIGHTY.isdisjoint(parts_of(word))


def parts_of(word: str) -> tuple[str, ...]:
    """Return a word in small letters and each part that a hyphen, colon or other mark joins: `cc:Sam` has `sam`."""
    plain = word.casefold().strip("'’-.,")
    return (plain, *JOINT.split(plain))


def is_negation(word: str) -> bool:
    """Return whether a word says no: `not`, `don't`, `ne`, `n'a`, or a word with a Chinese negation in it."""
    plain = word.casefold()
    parts = APOSTROPHES.split(plain)
    if len(parts) > 1 and (parts[0] == "n" or (parts[-1] == "t" and parts[-2].endswith("n"))):
        return True
    return not NEGATIONS.isdisjoint((plain, *parts)) or any(c in CJK_NEGATIONS for c in word)


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
    return bool(_stems(one.casefold()) & _stems(other.casefold()))


def _stems(word: str) -> frozenset[str]:
    """Return a word as it stands and without each prefix that turns the sense."""
    shorter = (word[len(prefix) :].lstrip("-‐‑") for prefix in TURNING_PREFIXES if word.startswith(prefix))
    return frozenset((word, *(stem for stem in shorter if len(stem) >= SHORTEST_STEM)))


def is_deceptive(word: str) -> bool:
    """Return whether a word has characters that cannot be seen, or mixes scripts whose letters look alike."""
    if any(unicodedata.category(c) in UNSEEN for c in word):
        return True
    return len(_scripts(word)) > 1


def differ_in_script(one: str, other: str) -> bool:
    """Return whether two words are written in scripts whose letters look alike."""
    scripts = _scripts(one) | _scripts(other)
    return len(scripts) > 1


def _scripts(word: str) -> frozenset[str]:
    """Return which of the scripts that look alike a word is written in."""
    return ALIKE_SCRIPTS & {unicodedata.name(c, "?").partition(" ")[0] for c in word if c.isalpha()}


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"
