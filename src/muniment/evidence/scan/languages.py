"""The language a document is written in, as far as reading its figures and dates needs it."""

from __future__ import annotations

import re
from typing import Literal

from muniment.evidence.documents import Document
from muniment.evidence.searching import CJK_SIGN

Language = Literal["en", "fr", "zh"]
LANGUAGES: tuple[Language, ...] = ("fr", "en", "zh")

MOST_LOOKED_AT = 200_000
FRENCH = re.compile(r"(?i)\b(?:le|la|les|des|du|une|est|dans|pour|que|qui|avec|sur|par|été|aux)\b|\b[dlnqs]['’]")
ENGLISH = re.compile(r"(?i)\b(?:the|of|and|to|is|was|that|for|with|on|by|it|be|this|from|are)\b")
SIGN = re.compile(f"[{CJK_SIGN}]")
NAMES: dict[str, Language] = {
    **dict.fromkeys(("en", "eng", "english", "anglais", "英文", "英语"), "en"),
    **dict.fromkeys(("fr", "fra", "fre", "french", "français", "francais", "法文", "法语"), "fr"),
    **dict.fromkeys(("zh", "zho", "chi", "chinese", "chinois", "中文", "汉语"), "zh"),
}


def language_of(document: Document) -> Language:
    """Return the language that the document's record states, else the one its words are most likely of.

    One sign in ten of the writing of China makes a text Chinese; otherwise the commonest short words of French and
    English are counted. Only the first 200,000 characters are looked at. A text with neither is read as English.
    """
    stated = NAMES.get(document.language.strip().casefold().partition("-")[0])
    if stated is not None:
        return stated
    text = document.text[:MOST_LOOKED_AT]
    if 10 * len(SIGN.findall(text)) > len(text):
        return "zh"
    french = sum(1 for _ in FRENCH.finditer(text))
    english = sum(1 for _ in ENGLISH.finditer(text))
    return "fr" if french > english else "en"
