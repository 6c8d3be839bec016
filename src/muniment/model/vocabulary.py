"""The vocabulary: one table of record kinds, blocks and labels, from which `check`, `explain`, the reference pages and completion come.

The tables themselves stand in `record_kinds.py` and `block_kinds.py`; this module says what a row is and looks rows up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Defines = Literal["id", "subject", "none"]


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a record or block.

    Attributes:
        name: As written. For an open label (the label is itself an id or a matter) the name says what it is, in capitals.
        type: The type of its value: a key of `typing_table.PARSERS`.
        meaning: What it states, in one sentence.
        example: A line as it is written.
        many: May stand more than once.
    """

    name: str
    type: str
    meaning: str
    example: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record or block.

    Attributes:
        name: As written.
        defines: Whether its name is an id of its own, names a subject, or there is none.
        meaning: What it records, in one sentence.
        example: The smallest useful one.
        labels: Labels of fixed name.
        open: The label that stands for any other word (a party, a matter, a seat group); None if there is none.
        parts: Kinds of block that may stand inside.
        subject: For ``subject`` kinds: what the name refers to (`entity`, `party`, `proposal`, `entity or proposal`).
    """

    name: str
    defines: Defines
    meaning: str
    example: str
    labels: tuple[Label, ...]
    open: Label | None = None
    parts: tuple[str, ...] = ()
    subject: str = ""


COMMON: tuple[Label, ...] = (
    Label(
        "under", "condition", "Exists only if this proposal is taken, or once this event is recorded.", "under: buy-out"
    ),
    Label("according to", "accounts", "Exists only in these accounts.", "according to: keeper-of-the-minutes"),
    Label("until", "date", "The day on which it has ended: on that day it is no longer in force.", "until: 2018-02-20"),
    Label(
        "recorded",
        "date",
        "The day it was made known or entered; the head date is the day it took effect.",
        "recorded: 2018-03-25",
    ),
    Label("date", "date", "The head date itself, where sources give several (`date: disputed`).", "date: disputed"),
    Label("after", "record", "Takes effect after this record of the same day.", "after: first-board"),
    Label(
        "id", "new id", "A name of its own, for a record that is otherwise addressed by its subject.", "id: first-board"
    ),
    Label(
        "remark",
        "text",
        "A note by the keeper; nothing is computed from it.",
        "remark: the year is inferred",
        many=True,
    ),
    Label(
        "difference",
        "difference",
        "Why the statements in it differ: dispute, error, translation, reporting, category or apparent.",
        "difference: translation",
    ),
)

ENTITY_KINDS: tuple[str, ...] = (
    "company",
    "nonprofit",
    "partnership",
    "llc",
    "trust",
    "foundation",
    "fund",
    "cooperative",
    "government",
)
PARTY_KINDS: tuple[str, ...] = ("person", "group", *ENTITY_KINDS)
LEDGER_KINDS: tuple[str, ...] = ("issue", "transfer", "convert", "exercise", "repurchase", "cancel", "split")

STANDARD_MATTERS: tuple[str, ...] = (
    "elect directors",
    "remove directors",
    "fill vacancies",
    "change board size",
    "appoint ceo",
    "remove ceo",
    "amend charter",
    "amend bylaws",
    "change purpose",
    "call meeting",
    "act by written consent",
    "authorize shares",
    "issue shares",
    "convert shares",
    "transfer shares",
    "repurchase shares",
    "declare dividend",
    "merge",
    "sell company",
    "dissolve",
    "set budget",
    "borrow",
    "remove general partner",
    "ordinary decision",
)


def label_of(kind: Kind, name: str, labels: Mapping[str, Label]) -> Label | None:
    """Return the label of that name in a kind, else the kind's open label, else None. `labels` is the kind's own index."""
    return labels.get(name) or kind.open
