"""Many needles in one long text, in one pass over its bytes.

Every stretch of a few bytes (a gram) of the text is hashed at once, and only where the hash is one of the needles' is
anything looked at more closely. That finds exact occurrences, each compared byte for byte, and the places where most
grams of a needle stand that is not there as it is. The latter only locates; it says nothing about what stands there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

CHUNK = 1 << 20
LONG, SHORT = 16, 8
MOST_ANCHORED = 4_000
SLOT_BITS = 21
ODD = 0x9E3779B97F4A7C15
OTHER_ODD = 0xC2B2AE3D27D4EB4F
RAREST = 12
PLENTY_OF_PLACES = 2_000
ALWAYS_USED = 2
MOST_PLACES = 20_000
MOST_SEEN = 4_000_000
WORTH_A_PASS = 250_000_000
"""Bytes that plain searches would go through, above which one pass with its set-up takes less time."""


def find_all(data: bytes, needles: Sequence[bytes]) -> dict[bytes, list[int]]:
    """Return where each needle begins; occurrences may overlap.

    Args:
        data: The text, UTF-8.
        needles: Those of fewer than 8 bytes, and those with a gram that stands in over 4,000 places, are left out of
            the answer, and all are if the text is short: a plain search is as good for them.

    Returns:
        Ascending offsets for each needle that was searched; an empty list says that it is nowhere.
    """
    found: dict[bytes, list[int]] = {}
    unique = dict.fromkeys(needles)
    if len(unique) * len(data) < WORTH_A_PASS:
        return found
    for size, group in (
        (LONG, [needle for needle in unique if len(needle) >= LONG]),
        (SHORT, [needle for needle in unique if SHORT <= len(needle) < LONG]),
    ):
        anchors = {needle: _anchor(needle, size) for needle in group}
        grams = {needle: needle[offset : offset + size] for needle, offset in anchors.items()}
        places = _places(data, list(dict.fromkeys(grams.values())), size, MOST_ANCHORED)
        for needle, offset in anchors.items():
            if (at := places[grams[needle]]) is not None:
                starts = [position - offset for position in at if position >= offset]
                found[needle] = [start for start in starts if data.startswith(needle, start)]
    return found


def _anchor(needle: bytes, size: int) -> int:
    """Return where the gram of a needle begins that is looked up: that of the most different bytes of a few."""
    last = len(needle) - size
    return max((last, last // 2, 0), key=lambda offset: len(set(needle[offset : offset + size])))


def _places(data: bytes, grams: Sequence[bytes], size: int, most: int) -> dict[bytes, list[int] | None]:
    """Return where each gram may stand (equal hashes); None where there are more than `most` places."""
    import numpy as np

    if not grams:
        return {}
    hashes = _hashes_of(grams, size)
    keys, owner = np.unique(hashes, return_inverse=True)
    present = np.zeros(1 << SLOT_BITS, dtype=bool)
    present[_slots(keys)] = True
    counts = np.zeros(len(keys), dtype=np.int64)
    positions: list[Any] = []
    owners: list[Any] = []
    for start, hashed in _hashed(data, size):
        near = np.flatnonzero(present[_slots(hashed)])
        index = np.minimum(np.searchsorted(keys, hashed[near]), len(keys) - 1)
        is_hit = (keys[index] == hashed[near]) & (counts[index] <= most)
        positions.append(near[is_hit] + start)
        owners.append(index[is_hit])
        counts += np.bincount(owners[-1], minlength=len(keys))
    where, whose = np.concatenate(positions or [np.empty(0, int)]), np.concatenate(owners or [np.empty(0, int)])
    order = np.argsort(whose, kind="stable")
    bounds = np.searchsorted(whose[order], np.arange(len(keys) + 1))
    where = where[order]
    return {
        gram: where[bounds[key] : bounds[key + 1]].tolist() if counts[key] <= most else None
        for gram, key in zip(grams, owner.reshape(-1).tolist(), strict=True)
    }


def locate_all(data: bytes, needles: Sequence[bytes], size: int) -> list[Counter[int]]:
    """Return, for each needle, the stretches of the text in which its rarest grams stand as in the needle.

    Args:
        data: The text, UTF-8, in lower case as far as ASCII goes.
        needles: Likewise; they are not in the text as they are.
        size: Of a gram in bytes, at most 16. A long one is quick and precise, a short one finds what differs much.

    Returns:
        Votes by the number of the stretch (of `stretch_width` bytes) in which the needle would begin.
    """
    votes: list[Counter[int]] = [Counter() for _ in needles]
    numbers: dict[bytes, int] = {}
    uses = [
        [
            (numbers.setdefault(needle[offset : offset + size], len(numbers)), offset)
            for offset in range(len(needle) - size + 1)
        ]
        for needle in needles
    ]
    if not numbers:
        return votes
    search = _plain_places if len(numbers) * len(data) < WORTH_A_PASS else _hashed_places
    rarest, places = search(data, list(numbers), uses)
    for vote, needle, chosen in zip(votes, needles, rarest, strict=True):
        width = stretch_width(needle)
        for gram, offset in chosen:
            vote.update({(position - offset) // width for position in places[gram]})
    return votes


Use = list[tuple[int, int]]
"""Grams of a needle: the number of each, and its offset in the needle."""


def _plain_places(data: bytes, grams: list[bytes], uses: list[Use]) -> tuple[list[Use], Mapping[int, Sequence[int]]]:
    """Return the rarest grams of each needle and where they stand, by a search for each gram."""
    places: dict[int, list[int]] = {}
    for number, gram in enumerate(grams):
        found: list[int] = []
        position = data.find(gram)
        while position >= 0 and len(found) < MOST_PLACES:
            found.append(position)
            position = data.find(gram, position + 1)
        places[number] = found
    return [_rarest(use, [len(places[number]) for number in range(len(grams))]) for use in uses], places


def _hashed_places(data: bytes, grams: list[bytes], uses: list[Use]) -> tuple[list[Use], Mapping[int, Sequence[int]]]:
    """Return the rarest grams of each needle and where they stand, by one pass over the text, or two."""
    import numpy as np

    size = len(grams[0])
    keys = _hashes_of(grams, size)
    counts = np.zeros(len(keys), dtype=np.int64)
    seen: list[Any] = []
    for hits in _hits(data, size, keys):
        counts += np.bincount(hits[1], minlength=len(keys))
        if counts.sum() <= MOST_SEEN:
            seen.append(hits)
    totals = counts.tolist()
    rarest = [_rarest(use, totals) for use in uses]
    is_chosen = np.zeros(len(keys), dtype=bool)
    is_chosen[[gram for chosen in rarest for gram, _ in chosen]] = True
    if counts.sum() > MOST_SEEN:
        seen = _hits(data, size, np.where(is_chosen, keys, np.uint64(0)))
    places: dict[int, list[int]] = defaultdict(list)
    for positions, which in seen:
        kept = is_chosen[which]
        for position, gram in zip(positions[kept].tolist(), which[kept].tolist(), strict=True):
            if len(places[gram]) < MOST_PLACES:
                places[gram].append(position)
    return rarest, places


def stretch_width(needle: bytes) -> int:
    """Return the length of a stretch, in bytes: half of the needle, at least 20."""
    return max(20, len(needle) // 2)


def _rarest(use: Use, counts: Sequence[int]) -> Use:
    """Return the grams of a needle that stand in the fewest places."""
    held = sorted((counts[gram], gram, offset) for gram, offset in use if counts[gram])
    chosen: Use = []
    total = 0
    for count, gram, offset in held:
        total += count
        if len(chosen) >= RAREST or (total > PLENTY_OF_PLACES and len(chosen) >= ALWAYS_USED):
            break
        chosen.append((gram, offset))
    return chosen


def _hits(data: bytes, size: int, keys: Numbers) -> Any:
    """Yield (places, numbers of keys) where the hash of a gram is one of the keys; a few keys may be missed."""
    import numpy as np

    slots = np.full(1 << SLOT_BITS, -1, dtype=np.int32)
    wanted = np.flatnonzero(keys)
    slots[_slots(keys[wanted])] = wanted
    for start, hashed in _hashed(data, size):
        which = slots[_slots(hashed)]
        near = np.flatnonzero(which >= 0)
        which = which[near]
        is_hit = keys[which] == hashed[near]
        yield near[is_hit] + start, which[is_hit]


def _slots(hashed: Numbers) -> Any:
    import numpy as np

    return (hashed >> np.uint64(64 - SLOT_BITS)).astype(np.intp)


def _hashed(data: bytes, size: int) -> Iterator[tuple[int, Numbers]]:
    """Yield (start, hash of the gram at each offset from there on), a million bytes at a time."""
    last = len(data) - size + 1
    for start in range(0, last, CHUNK):
        end = min(start + CHUNK, last)
        yield start, _hash(data[start : end + size - 1], end - start, size, 1)


def _hashes_of(grams: Sequence[bytes], size: int) -> Numbers:
    """Return the hash of each gram."""
    return _hash(b"".join(grams), len(grams), size, size)


def _hash(piece: bytes, count: int, size: int, step: int) -> Numbers:
    """Return the hash of the `size` bytes at every `step`-th offset."""
    import numpy as np

    piece += bytes(SHORT)
    head = np.ndarray((count,), "<u8", piece, 0, (step,)).astype(np.uint64)
    if size < SHORT:
        head &= np.uint64((1 << 8 * size) - 1)
    head *= np.uint64(ODD)
    if size > SHORT:
        tail = np.ndarray((count,), "<u8", piece, size - SHORT, (step,)).astype(np.uint64)
        tail *= np.uint64(OTHER_ODD)
        head ^= tail >> np.uint64(29)
        head += tail
    head ^= head >> np.uint64(32)
    head *= np.uint64(ODD)
    return head
