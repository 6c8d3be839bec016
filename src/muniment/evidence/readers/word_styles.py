"""How the words of a Word file look, so far as it decides whether they are read: hidden, struck out, raised, lowered.

A run's own properties go before the style of its characters, and that before the style of its paragraph. `strike` and
`vanish` are toggles: set by the style of the paragraph and by that of the characters, they undo each other.

Source:
    ECMA-376 part 1, 17.7.2 (style hierarchy) and 17.7.3 (toggle properties).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from muniment.evidence.annotations import AnnotationKind
from muniment.evidence.readers.raised import Level

TOGGLES = frozenset(("strike", "vanish"))
SWITCHES = frozenset(("dstrike", "webHidden"))
OFF = frozenset(("0", "false", "off", "none"))
LEVELS: dict[str, Level] = {"superscript": "raised", "subscript": "lowered"}
MOST_ABOVE = 20
"""Styles on which a style may be based, one on the other, that are followed."""
HEIGHT = re.compile(r"-?[0-9]{1,5}")
RAISED_FROM = 4
"""Half points by which characters stand above or below the line to count as raised or lowered."""


def is_on(attributes: Mapping[str, str]) -> bool:
    """Return whether a property that is on or off is on; one without a value is."""
    return attributes.get("val", "1").lower() not in OFF


class Look(NamedTuple):
    """What some properties state of their words.

    Attributes:
        states: Each property that is stated, and whether it is on.
        level: None if nothing is stated of the height.
        style: Id of the style of the characters; empty if none is named.
    """

    states: tuple[tuple[str, bool], ...] = ()
    level: Level | None = None
    style: str = ""

    def having(self, name: str, attributes: Mapping[str, str]) -> Look:
        """Return these properties with one more."""
        if name in TOGGLES or name in SWITCHES:
            return self._replace(states=(*self.states, (name, is_on(attributes))))
        if name == "vertAlign":
            return self._replace(level=LEVELS.get(attributes.get("val", ""), ""))
        if name == "position":
            height = attributes.get("val", "")
            number = int(height) if HEIGHT.fullmatch(height) else 0
            if abs(number) >= RAISED_FROM and self.level is None:
                return self._replace(level="raised" if number > 0 else "lowered")
        return self._replace(style=attributes.get("val", "")) if name == "rStyle" else self

    def state(self, name: str) -> bool | None:
        """Return whether a property is on; None if it is not stated."""
        return next((is_set for stated, is_set in reversed(self.states) if stated == name), None)


class _Style(NamedTuple):
    based_on: str
    look: Look


class Styles:
    """The styles of a file, by id."""

    def __init__(
        self, styles: Mapping[str, _Style] | None = None, usual: Look | None = None, paragraph: str = ""
    ) -> None:
        self._styles = styles or {}
        self._usual = usual or Look()
        self._paragraph = paragraph
        """Id of the style of paragraphs that name none."""

    def beside(self, paragraph: str, look: Look) -> AnnotationKind | None:
        """Return what words are that stand beside the text; None of words that are part of it.

        Args:
            paragraph: Id of the style of their paragraph; empty if it names none.
            look: What the run itself states.
        """
        if any(self._is(name, paragraph, look) for name in ("vanish", "webHidden")):
            return "hidden text"
        if any(self._is(name, paragraph, look) for name in ("strike", "dstrike")):
            return "struck-out passage"
        return None

    def level(self, paragraph: str, look: Look) -> Level:
        """Return at which height words stand."""
        for each in (look, *self._chain(look.style), *self._chain(paragraph or self._paragraph), self._usual):
            if each.level is not None:
                return each.level
        return ""

    def _is(self, name: str, paragraph: str, look: Look) -> bool:
        own = look.state(name)
        if own is not None:
            return own
        below = [self._stated(style, name) for style in (look.style, paragraph or self._paragraph)]
        stated = [is_set for is_set in below if is_set is not None]
        if self._usual.state(name):
            return True
        return sum(stated) % 2 == 1 if name in TOGGLES else any(stated)

    def _stated(self, style: str, name: str) -> bool | None:
        return next((found for each in self._chain(style) if (found := each.state(name)) is not None), None)

    def _chain(self, style: str) -> list[Look]:
        """Return what a style and those that it is based on state, the nearest first."""
        looks: list[Look] = []
        while style in self._styles and len(looks) < MOST_ABOVE:
            looks.append(self._styles[style].look)
            style = self._styles[style].based_on
        return looks


def read_styles(elements: Iterable[tuple[bool, str, Mapping[str, str]]]) -> Styles:
    """Read the part of a file that holds its styles.

    Args:
        elements: Whether each element opens, its name and its attributes, in order.
    """
    styles: dict[str, _Style] = {}
    usual = Look()
    paragraph = name = ""
    based_on, look = "", Look()
    above: list[str] = []
    for opens, element, attributes in elements:
        if not opens:
            above.pop()
            if element == "style" and name:
                styles[name] = _Style(based_on, look)
            if element == "style":
                name = ""
            continue
        if element == "style":
            name, based_on, look = attributes.get("styleId", ""), "", Look()
            if attributes.get("type") == "paragraph" and attributes.get("default", "0").lower() not in OFF:
                paragraph = name
        elif element == "basedOn":
            based_on = attributes.get("val", "")
        elif above[-1:] == ["rPr"] and above[-2:-1] == ["style"]:
            look = look.having(element, attributes)
        elif above[-1:] == ["rPr"] and above[-2:-1] == ["rPrDefault"]:
            usual = usual.having(element, attributes)
        above.append(element)
    return Styles(styles, usual, paragraph)
