"""What an element's own `style` attribute does to its words: hides them, strikes them out, raises or lowers them.

Only declarations that hide words by themselves are known: nothing is computed from a style sheet, a script, or the
element's surroundings. White words on a white page are seen only if one attribute states both colors.
"""

from __future__ import annotations

import re
from typing import Literal

Effect = Literal["", "hidden", "struck", "raised", "lowered"]
LONGEST_STYLE = 10_000
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
NUMBER = re.compile(r"^([+-]?[0-9]*\.?[0-9]+)(?:e[0-9]+)?([a-z%]*)$")
FAR = {"px": 500.0, "": 500.0, "pt": 400.0, "em": 40.0, "rem": 40.0, "ch": 80.0, "%": 90.0, "vw": 90.0, "vh": 90.0,
       "cm": 13.0, "mm": 130.0, "in": 5.0}  # fmt: skip
"""From how far off, in each unit, words cannot be on the page."""
SIDES = (
    "left",
    "right",
    "top",
    "bottom",
    "margin",
    "margin-left",
    "margin-top",
    "margin-right",
    "inset",
    "text-indent",
)
NOTHING = re.compile(r"^(?:rgba|hsla|rgb|hsl)\([^)]*[,/]\s*0*\.?0+%?\s*\)$|^#[0-9a-f]{3}0$|^#[0-9a-f]{6}00$")
HIDING = {
    "display": frozenset(("none",)),
    "visibility": frozenset(("hidden", "collapse")),
    "content-visibility": frozenset(("hidden",)),
    "color": frozenset(("transparent",)),
    "-webkit-text-fill-color": frozenset(("transparent",)),
}
CLIPPED = re.compile(
    r"^rect\(\s*(?:[01](?:px)?|auto)(?:[\s,]+(?:[01](?:px)?)){3}\s*\)$|"
    r"^inset\(\s*(?:50|100)%|^circle\(\s*0|^polygon\(\s*0 0"
)
SCALED = re.compile(r"scale[xy3d]*\(\s*0*\.?0+\s*[,)]")


def effect_of(style: str) -> Effect:
    """Return what an inline style does to the words of its element; the strongest of several effects.

    Example:
        >>> effect_of("color: red; display:/**/none"), effect_of("left:-9999px"), effect_of("opacity: 0.5")
        ('hidden', 'hidden', '')
    """
    if len(style) > LONGEST_STYLE:
        style = style[:LONGEST_STYLE]
    plain = ESCAPE.sub(_escaped, COMMENT.sub(" ", style)).lower()
    stated: dict[str, str] = {}
    struck = False
    level: Effect = ""
    for declaration in plain.split(";"):
        name, _, words = declaration.partition(":")
        name, value = name.strip(), words.replace("!important", "").strip()
        stated[name] = value
        if _hides(name, value):
            return "hidden"
        struck = struck or (name in ("text-decoration", "text-decoration-line") and "line-through" in value)
        if name == "vertical-align" and value in ("super", "sub"):
            level = "raised" if value == "super" else "lowered"
    ground = stated.get("background-color") or stated.get("background", "")
    if stated.get("color") and stated["color"] == ground:
        return "hidden"
    sizes = [stated.get(name, "") for name in ("height", "max-height", "width", "max-width")]
    if "hidden" in stated.get("overflow", "") and any(_is_nothing(size) for size in sizes):
        return "hidden"
    return "struck" if struck else level


def _escaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[2]
    number = int(match[1], 16)
    return chr(number) if 0 < number <= 0x10FFFF else "\ufffd"


def _hides(name: str, value: str) -> bool:
    if value in HIDING.get(name, ()):
        return True
    if name in ("opacity", "font-size", "zoom"):
        return _is_nothing(value)
    if name == "font":
        return any(_is_nothing(word.partition("/")[0]) and word[:1] in "0." for word in value.split())
    if name in ("color", "-webkit-text-fill-color"):
        return NOTHING.match(value) is not None
    if name in SIDES:
        return any(_is_far_off(word) for word in value.split())
    if name in ("clip", "clip-path"):
        return CLIPPED.match(value) is not None
    return name == "transform" and SCALED.search(value) is not None


def _is_nothing(value: str) -> bool:
    number = NUMBER.match(value)
    return number is not None and float(number[1]) == 0


def _is_far_off(value: str) -> bool:
    number = NUMBER.match(value)
    return number is not None and float(number[1]) <= -FAR.get(number[2], 500.0)
