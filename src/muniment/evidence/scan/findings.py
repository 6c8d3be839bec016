"""What a scan finds in a text: a figure, a date, a name, a quotation or a cue, and where it stands."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

Kind = Literal["money", "percentage", "multiple", "ratio", "count", "duration", "date"]
FIGURES: tuple[Kind, ...] = ("money", "percentage", "multiple", "ratio", "count", "duration")


class Finding(NamedTuple):
    """A figure or a date.

    Attributes:
        kind: What it is.
        start: Offset of its first character in the text, with the words that bound it (`plus de`).
        end: One past its last.
        value: As a book writes it: `more than USD 90 million` with all its zeros, `0.25%`, `100x`, `710 of 770`,
            `2 to 3 years`, a date in EDTF. Empty for a date that no anchor resolves.
        unit: Of a count or duration, the noun as written; of money, the code of the currency, empty if none is named.
        cues: What it rests on, in a few words each.
        note: What was assumed in reading it; empty if nothing.
        size: The number itself, the lower one of a range; None for a date.
        anchor: For a relative date, offset of the date that it is counted from; -1 if that is the document's or the
            message's own, or there is none.
        is_relative: The date is not written out.
    """

    kind: Kind
    start: int
    end: int
    value: str
    unit: str = ""
    cues: tuple[str, ...] = ()
    note: str = ""
    size: Fraction | None = None
    anchor: int = -1
    is_relative: bool = False
