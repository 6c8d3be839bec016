"""Negations beside a run of quoted words, and in what a gap hides: words cut off from a `not` say the opposite."""

from __future__ import annotations

import re

from muniment.evidence.near_misses import words_of
from muniment.evidence.weighty import is_negation, vocabulary

REACH = 100
SHORT_OMISSION = 60
"""Characters up to which an omission may hide no negation at all."""
APOSTROPHE = "'’ʼ"
PARAGRAPH_END = re.compile(r"\n[ \t>]*\r?\n|(?:^|\n)#[^\n]*\n")
SENTENCE_END = re.compile(
    r"(?P<word>[^\W\d_]*)[.!?…]+[\"»”’')\]*_]*\s+(?=[\"«“‘'(\[*_]*[^\W_])|[。！？；]|\n[ \t>]*\r?\n", re.UNICODE
)
ABBREVIATIONS = vocabulary(
    "mr mrs ms dr st inc ltd corp co llc plc no art sec vs etc mme mlle mm me prof jr sr gen sen rep gov "
    "dept para cf eg "
    "ie al ca bros messrs hon rev sched vol fig approx est assn intl univ"
)
BETWEEN = vocabulary(
    "ever even yet actually really necessarily at all be been being to have has had longer so also in fact "
    "encore vraiment été toujours du tout avoir être"
)
NOT_TURNED = vocabulary("only merely simply solely family reply apply supply rely early")
"""Words in `ly` that are no adverbs, or with which a `not` says: and more."""
CLITICS = re.compile(
    rf"(?:(?<!\w)ne\s+|(?<!\w)n[{APOSTROPHE}])(?:(?:me|te|se|nous|vous|le|la|les|lui|leur|y|en)\s+|[mtsl][{APOSTROPHE}])*\Z",
    re.IGNORECASE,
)
NE = re.compile(rf"(?<!\w)(?:ne\s|n[{APOSTROPHE}])", re.IGNORECASE)
BEFORE_A_NOUN = vocabulary(
    "un une le la les ce cet cette ces de du des deux trois chaque premier première seul seule même "
    "autre grand grande "
    "petit petite faux tierce toute en au aux quelque mon ma ton ta son sa notre votre leur"
)
NOUNS = frozenset(("pas", "personne", "personnes", "point", "plus"))
CJK_BEFORE = re.compile(
    r"(?P<no>(?<![特分区區性级級個个类類派识識辨送告差国國])[别別]|(?<![南东東西北中是])非|[不没沒無无未勿莫])"
    r"(?:[会會能可是有要应應得曾必再法愿願想肯准需该該将將敢太被让讓给給把]{1,2})?\s*\Z"
)
CJK_AFTER = re.compile(
    r"\s?[并並绝絕决決从從尚也都还還就均]?(?P<no>不(?![仅但过過管论論久断斷少动動])(?!同(?!意))|无(?![论限数])|無(?![論限數])"
    r"|未(?![来來])|没|沒|勿|(?<=[并並绝絕])非)"
)
AFTER = vocabulary(
    "not no never none nobody nothing neither cannot nowhere pas jamais rien personne aucun aucune guère nul nulle"
)
AFTER_NE = frozenset(("plus", "point", "que", "ni"))
HARMLESS = re.compile(
    r"(?:but\s+)?not\s+limited\s+to|without\s+limitation|whether\s+or\s+not"
    r"|\b(?:no|not)\s+(?:later|earlier|less|fewer|sooner|more|greater)\s+than|\bno\s+(?:doubt|matter)\b"
    r"|[特分区區性级級個个类類识識辨差][别別]|[别別][的人]|非常|非[洲]|[南东東西北中]非|[未][来來]|[无無][论論限数數]"
    r"|不[仅但过過管论論久断斷少]|不同(?!意)|莫斯科|莫非",
    re.IGNORECASE,
)


def negation_before(text: str, start: int) -> str:
    """Return the negation that stands just before a place, or an empty text: cut off, it turns the sense.

    One or two adverbs or auxiliaries may stand between (`not ever sell`, `pas encore vendu`), and in Chinese the signs
    of one (`不会`, `没有`). An empty line or a heading ends what stands before; a punctuation mark does as well.
    """
    ends = [match.end() for match in PARAGRAPH_END.finditer(text[max(0, start - REACH) : start])]
    before = text[max(0, start - REACH) + (ends[-1] if ends else 0) : start]
    clitic = CLITICS.search(before)
    if clitic is not None:
        return clitic[0].strip()
    cjk = CJK_BEFORE.search(before)
    if cjk is not None:
        return cjk[0].strip()
    words = [word.text for word in words_of(before)]
    passed = 0
    while words and passed < 3 and passed < len(words) and _may_stand_between(words[-1 - passed]):
        passed += 1
    for skipped in range(passed + 1):
        if skipped == len(words):
            break
        found = words[-1 - skipped]
        if is_negation(found) and not _is_noun(found, words[: len(words) - 1 - skipped]) and not _is_cjk(found):
            return " ".join(words[len(words) - 1 - skipped :])
    if words and words[-1].casefold() == "plus" and NE.search(before[-40:]):
        return "plus"
    return ""


def negation_after(text: str, start: int, end: int) -> str:
    """Return the negation that stands directly after `text[start:end]`, or an empty text.

    Only white space may stand between, and no empty line.
    """
    after = text[end : end + REACH]
    gap = re.match(r"\s*", after)
    blank = gap[0] if gap else ""
    if PARAGRAPH_END.search(blank) or (end > start and not (text[end - 1].isalnum() or text[end - 1] in "%*_")):
        return ""
    cjk = CJK_AFTER.match(after)
    if cjk is not None and _is_cjk(text[end - 1 : end]):
        return cjk[0].strip()
    if not blank or HARMLESS.match(after, len(blank)):
        return ""
    words = words_of(after)
    if not words:
        return ""
    plain = words[0].text.casefold()
    is_no = plain in AFTER or (is_negation(plain) and plain.endswith(("t",)) and any(c in plain for c in APOSTROPHE))
    quoted = [word.text for word in words_of(text[max(start, end - 40) : end])]
    if plain in AFTER_NE:
        is_no = NE.search(text[max(start, end - 40) : end] + " ") is not None and plain != "que"
    return words[0].text if is_no and not _is_noun(plain, quoted) else ""


def hidden_negation(text: str, start: int, end: int) -> str:
    """Return a negation that an omission of `text[start:end]` hides from the sentence before or after it.

    A whole sentence that is left out may say no, unless the omission is short.
    """
    hidden = HARMLESS.sub(lambda match: " " * len(match[0]), text[start:end])
    if end - start <= SHORT_OMISSION:
        return _first_negation(hidden)
    breaks = [at for at in _sentence_starts(text, start, end) if start <= at <= end]
    if not breaks:
        return _first_negation(hidden)
    return _first_negation(hidden[: breaks[0] - start]) or _first_negation(hidden[breaks[-1] - start :])


def _sentence_starts(text: str, start: int, end: int) -> list[int]:
    """Return where sentences begin; a mark behind an abbreviation, an initial, or before a small letter ends none."""
    starts = []
    for match in SENTENCE_END.finditer(text, max(0, start - 20), min(len(text), end + 5)):
        word, following = match["word"], text[match.end() : match.end() + 4].lstrip("\"«“‘'([*_")[:1]
        if word is not None and (following.islower() or word.casefold() in ABBREVIATIONS or len(word) == 1):
            continue
        starts.append(match.end())
    return starts


def _first_negation(text: str) -> str:
    words = [word.text for word in words_of(text)]
    for at, word in enumerate(words):
        if is_negation(word) and not _is_noun(word, words[:at]):
            return word
    if re.search(rf"(?<!\w)n[{APOSTROPHE}]", text, re.IGNORECASE):
        return "n’"
    return ""


def _may_stand_between(word: str) -> bool:
    plain = word.casefold()
    return plain in BETWEEN or (len(plain) > 4 and plain.endswith(("ly", "ment")) and plain not in NOT_TURNED)


def _is_noun(word: str, before: list[str]) -> bool:
    """Return whether `pas` or `personne` is the noun, as it is behind an article or another determiner."""
    last = re.split(f"[{APOSTROPHE}]", before[-1].casefold())[-1] if before else ""
    return word.casefold() in NOUNS and last in BEFORE_A_NOUN


def _is_cjk(word: str) -> bool:
    return len(word) == 1 and "\u3400" <= word <= "\u9fff"
