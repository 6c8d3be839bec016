"""What became of a quotation in another version of its source: it stayed, it moved, or it is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.kept import LARGEST_ENTRY, Kept
from muniment.evidence.places import NO_NAMES, Names, read_place
from muniment.evidence.quotes import QuoteResult, check_quotations
from muniment.evidence.searching import Prepared
from muniment.evidence.shelves import Shelves, read_below

ChangeKind = Literal["moved", "unchanged", "lost"]
KEPT = "source"


class Change(NamedTuple):
    """What became of one quotation.

    Attributes:
        kind: ``moved`` (its words stand on another line), ``unchanged`` (they stand where they stood,
            or it is not known where that was) or ``lost`` (they do not stand there any more).
        was: Line and column in the earlier version, 1-based; None if the earlier version is not held, or has not the
            words.
        is_known: The earlier version is held, or the citation names the line.
    """

    kind: ChangeKind
    was: tuple[int, int] | None
    is_known: bool

    def __str__(self) -> str:
        if self.kind == "lost":
            return "lost" + (f" (it stood in line {self.was[0]})" if self.was else "")
        if self.was is None:
            return "unchanged; its earlier place is not known"
        return f"moved from line {self.was[0]}" if self.kind == "moved" else f"unchanged in line {self.was[0]}"


def change_of(now: QuoteResult, before: QuoteResult | None, lines: tuple[int, int] | None = None) -> Change:
    """Return what became of a quotation.

    Args:
        now: What was found in the version that is held now.
        before: What was found in the earlier version; None if that is not held.
        lines: First and last line that the citation names; they count where the earlier version is not held.
    """
    was = before.at if before is not None and before.is_verified else None
    if not now.is_verified or now.at is None:
        return Change("lost", was, before is not None)
    if was is not None:
        return Change("unchanged" if was[0] == now.at[0] else "moved", was, True)
    if before is None and lines is not None:
        stayed = lines[0] <= now.at[0] <= lines[1]
        return Change("unchanged" if stayed else "moved", (now.at[0] if stayed else lines[0], 1), True)
    return Change("unchanged", None, before is not None)


def compare_versions(
    asked: Sequence[tuple[str, str]],
    new: Document,
    old: Document | None,
    prepared: Prepared | None = None,
    names: Names = NO_NAMES,
) -> list[tuple[QuoteResult, Change]]:
    """Check quotations against a new version of their source, and say what became of each.

    Args:
        asked: Each quotation with its citation's place.
        new: The version that is held now.
        old: The version that was quoted; None if it is not held.
        prepared: Searchable forms made so far.
        names: What the book calls its parties, for the places.
    """
    prepared = prepared or Prepared()
    now = check_quotations(asked, new, prepared, names)
    before = check_quotations(asked, old, prepared, names) if old is not None else [None] * len(asked)
    return [
        (one, change_of(one, other, read_place(place, new).lines))
        for (_, place), one, other in zip(asked, now, before, strict=True)
    ]


def find_version(sha256: str, root: Path, shelves: Shelves, kept: Kept) -> bytes | None:
    """Return the bytes of an earlier version of a source by their hash, or None.

    It may lie in the book under any name, on a shelf, or have been kept by an earlier run. The hash is computed from
    the bytes themselves, so that no other version can pass for it.
    """
    for where in (Shelves((root,)), shelves):
        held = where.with_hash(sha256)
        if held is not None:
            data = read_below(held[0], held[1].relative_to(held[0]).as_posix())
            if isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == sha256:
                return data
    stored = kept.get(KEPT, sha256)
    return stored if stored is not None and hashlib.sha256(stored).hexdigest() == sha256 else None


def keep_version(sha256: str, data: bytes, kept: Kept) -> None:
    """Keep the bytes of a source, so that a later run knows where its quotations stood."""
    if len(data) <= LARGEST_ENTRY and kept.get(KEPT, sha256) != data:
        kept.put(KEPT, sha256, data)
