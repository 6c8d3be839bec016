"""Parties, blocs, chances and rights as they are written on a command line."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from muniment.answers.groups import Asked

POOLS = "pools"


def names_in(words: Sequence[str]) -> tuple[str, ...]:
    """Return the names of options such as `--with ada,bo`, each once."""
    found = [name.strip() for text in words for name in text.split(",")]
    return tuple(dict.fromkeys(name for name in found if name))


def asked_about_groups(
    agreeing: Sequence[str], refusing: Sequence[str], blocs: str | None, chances: str | None, seed: int
) -> Asked:
    """Return what `--with`, `--without`, `--blocs`, `--chances` and `--seed` ask.

    Raises:
        click.UsageError: If one of them cannot be read.
    """
    from muniment.answers.groups import Asked

    formed = tuple(names_in([bloc]) for bloc in (blocs or "").split(";"))
    pools = blocs is not None and blocs.strip() == POOLS
    if blocs is not None and not pools and not any(len(bloc) > 1 for bloc in formed):
        raise click.UsageError(f"--blocs '{blocs}' has no bloc of two; write it as in 'ada, bo; cy, dee', or '{POOLS}'")
    return Asked(
        agreeing=names_in(agreeing),
        refusing=names_in(refusing),
        blocs=() if pools else tuple(bloc for bloc in formed if bloc),
        pools=pools,
        chances=None if chances is None else _chances(chances),
        seed=seed,
    )


def _chances(text: str) -> dict[str, Fraction]:
    from muniment.model.amounts import parse_quantity
    from muniment.model.values import Bounded, ValueFault

    found: dict[str, Fraction] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, equals, words = (each.strip() for each in part.partition("="))
        if not equals or not name:
            raise click.UsageError(f"--chances '{part}': write it as in 'ada=2/3, oak=50%'")
        if name in found:
            raise click.UsageError(f"--chances names '{name}' twice")
        chance = parse_quantity(words)
        if isinstance(chance, ValueFault):
            raise click.UsageError(f"--chances '{part}': {chance.message}")
        if isinstance(chance, Bounded):
            raise click.UsageError(f"--chances '{part}' is a range; ask its ends one by one")
        if chance.unit not in ("", "%") or not 0 <= chance.amount <= 1:
            raise click.UsageError(f"--chances '{part}': a chance is from 0 to 1, as in 2/3 or 50%")
        found[name] = chance.amount
    if not found:
        raise click.UsageError("--chances names nobody; write it as in 'ada=2/3, oak=50%'")
    return found


def rights_asked(exercise: str | None, by: date | None, on: date) -> tuple[str, ...] | Literal["all"] | None:
    """Return which rights `--exercise` and `--by` ask to use; None = not asked. `--by` alone asks for all.

    Raises:
        click.UsageError: If no right is named, or the last day is before the day asked.
    """
    if exercise is None and by is None:
        return None
    if by is not None and by < on:
        raise click.UsageError(f"--by {by.isoformat()} is before the day asked, {on.isoformat()}")
    if exercise is None or exercise.strip() == "all":
        return "all"
    found = names_in([exercise])
    if not found:
        raise click.UsageError("--exercise names no right; name ids, or 'all'")
    return found
