"""What a reader gives: the text of a file, and what must be known of how it was had."""

from __future__ import annotations

from typing import NamedTuple

from muniment.evidence.annotations import Annotation
from muniment.evidence.messages import Message


class Extracted(NamedTuple):
    """The text of a file.

    Attributes:
        text: All characters; pages are parted by form feeds.
        extractor: What made it, with its version (`html, selectolax 1.0.2`).
        notes: What the reader must know of how it was read; a few words each, without content of the file.
        title: As the format states it; empty if it states none.
        pages_unreadable: Pages without text, as a scan has them; 1-based, ascending.
        annotations: Tracked changes, comments and hidden text, in the order of the text.
        messages: In the order of the text; None if the text is to be searched for printed headers.
        second: The text in another reading order; empty where there is but one.
        second_extractor: What made `second`.
        fault: Why no text can be had; empty if it can.
    """

    text: str
    extractor: str
    notes: tuple[str, ...] = ()
    title: str = ""
    pages_unreadable: tuple[int, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    messages: tuple[Message, ...] | None = None
    second: str = ""
    second_extractor: str = ""
    fault: str = ""


def unreadable(extractor: str, fault: str) -> Extracted:
    """Return what is had of a file without text."""
    return Extracted("", extractor, fault=fault)
