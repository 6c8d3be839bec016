"""What an editor's `[[words]]` may do in a quotation.

They may say whom a pronoun means, give another form of the word they replace, and add an article, or an adjective
behind one. Whatever else they bring or cover may turn the sense.
"""

from __future__ import annotations

from muniment.evidence.near_misses import words_of
from muniment.evidence.weighty import CURRENCY_SIGNS, TURNING_PREFIXES, is_negation, is_number, is_weighty, vocabulary

PRONOUNS = vocabulary(
    "i me my we us our you your he him his she her they them it its their theirs this that these those "
    "who which je j tu "
    "il elle on nous vous ils elles moi lui leur leurs mon ma mes ton ta tes son sa ses notre nos votre "
    "vos ce cela ça "
    "celui celle ceux 他 她 它 我 你 您 其 们 們 此 这 這 该 該"
)
ARTICLES = vocabulary("the a an that sic le la les l une des que qu de d du")
DETERMINERS = vocabulary(
    "the a an this that these those his her its their our my your le la les un une des ce cet cette ces "
    "son sa ses leur "
    "leurs notre nos"
)
LINKS = vocabulary("the of and de la le les des et du d l von van")
AUXILIARIES = vocabulary(
    "is are was were be been being am has have had do does did est sont était étaient a ont avait avaient été"
)
TURNING = TURNING_PREFIXES | vocabulary(
    "failed fail fails failing decline declined declines declining refuse refusing reject rejected "
    "rejects oppose opposed "
    "opposes cease ceased ceases stop stopped stops unable barely scarcely rarely seldom far lack lacked lacks avoid "
    "avoided false falsely fake alleged allegedly supposed supposedly purported purportedly former "
    "formerly late pretended "
    "prohibited forbidden banned against impossible unlikely doubtful almost nearly partly partially "
    "illegal invalid void "
    "voided revoked cancelled canceled withdrawn rescinded abandoned lost minority majority échoué "
    "échoue refusa cessé "
    "cesse ancien ancienne faux fausse prétendu prétendue contre presque interdit interdite impossible illégal nul "
    "nulle"
)
CJK_TURNING = (
    "拒",
    "反对",
    "反對",
    "否",
    "停止",
    "放弃",
    "放棄",
    "失败",
    "失敗",
    "禁",
    "取消",
    "撤",
    "前任",
    "假",
    "几乎",
)
SHORTEST_STEM = 3
LIKENESS = 0.6


def is_pronoun(word: str) -> bool:
    """Return whether a word only points at somebody or something."""
    return word.casefold() in PRONOUNS


def editors_fault(editor: str, hidden: str, before: str) -> str:
    """Return in what an editor's words may turn the sense, or an empty text.

    Args:
        editor: The editor's words.
        hidden: What they replace.
        before: The source's word before them; empty if there is none.
    """
    brought = [word.text for word in words_of(editor) if word.text.isalnum() or not _is_mark(word.text)]
    covered = [word.text for word in words_of(hidden) if not _is_mark(word.text)]
    for word in brought:
        if is_negation(word) or is_number(word) or _is_currency(word) or word.casefold() in TURNING:
            return f"the editor's words bring '{word}'"
    if any(sign in editor for sign in CJK_TURNING):
        return f"the editor's words bring '{editor}'"
    if covered and all(is_pronoun(word) for word in covered):
        return ""
    if not covered and is_pronoun(before) and all(word[:1].isupper() or word.casefold() in LINKS for word in brought):
        return ""
    for words, verb in ((covered, "cover"), (brought, "bring")):
        for word in words:
            if is_weighty(word):
                return f"the editor's words {verb} '{word}'"
    if covered:
        is_same = all(_has_form(word, brought) for word in covered) and all(
            _has_form(word, covered) for word in brought
        )
        return "" if is_same or not brought else f"the editor's words replace '{' '.join(covered)}'"
    if all(word.casefold() in ARTICLES for word in brought) or before.casefold() in DETERMINERS:
        return ""
    return f"the editor's words bring '{' '.join(brought)}'"


def _is_mark(word: str) -> bool:
    return not any(c.isalnum() or c in CURRENCY_SIGNS for c in word)


def _is_currency(word: str) -> bool:
    return any(c in CURRENCY_SIGNS for c in word)


def _has_form(word: str, others: list[str]) -> bool:
    """Return whether a word is an auxiliary or article, or another form of one of some words."""
    plain = word.casefold()
    return plain in AUXILIARIES or plain in ARTICLES or any(_are_forms(plain, other.casefold()) for other in others)


def _are_forms(one: str, other: str) -> bool:
    """Return whether two words begin alike for most of the shorter one, and neither alone ends in `-less`."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    is_long = same >= max(SHORTEST_STEM, LIKENESS * min(len(one), len(other)))
    return one == other or (is_long and one.endswith("less") == other.endswith("less"))
