"""Electorates of one structure, each counted once however many rules and compilations ask for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeAlias

from muniment.control.ballots import Ballot, Needed, weighings
from muniment.control.formula import Weighing

Weighings: TypeAlias = tuple[tuple[Weighing, Weighing, Weighing, Weighing], bool]


@dataclass
class Electorates:
    """Keeps the electorates of one structure, which never changes, and the thresholds of votes of them."""

    _ballots: dict[Hashable, Ballot] = field(default_factory=dict)
    _weighings: dict[tuple[int, Needed], tuple[Ballot, Weighings]] = field(default_factory=dict)

    def ballot(self, key: Hashable, count: Callable[[], Ballot]) -> Ballot:
        """Return the electorate that a key stands for, counted when it is first asked for."""
        found = self._ballots.get(key)
        if found is None:
            found = self._ballots[key] = count()
        return found

    def weighings(self, ballot: Ballot, wanted: Needed) -> Weighings:
        """Return the thresholds of a vote, as `ballots.weighings` does; one electorate object is weighed once."""
        key = (id(ballot), wanted)  # the electorate is kept beside it, so its identity stays its own
        found = self._weighings.get(key)
        if found is None:
            found = self._weighings[key] = (ballot, weighings(ballot, wanted))
        return found[1]
