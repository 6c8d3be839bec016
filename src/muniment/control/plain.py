"""Decisions as plain values for JSON, exact numbers as strings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from muniment.book.structure import Basis
from muniment.control.decisions import Decision, PassResult
from muniment.control.powers import Powers

DIGITS = 12


def to_json(decision: Decision) -> dict[str, Any]:
    """Return a decision as plain values.

    `if_each_lets_the_other` is there only where holdings are circular.
    """
    fields: dict[str, Any] = {
        "entity": decision.entity,
        "matter": decision.matter,
        "directors": decision.directors,
        "actors": list(decision.actors),
        "alone": list(decision.alone),
        "can_block": list(decision.can_block),
        "coalitions": [list(coalition) for coalition in decision.coalitions],
        "number_of_minimal_coalitions": decision.number_of_minimal_coalitions,
        "smallest_coalition": decision.smallest_coalition,
        "blocking_sets": [list(blockers) for blockers in decision.blocking_sets],
        "number_of_blocking_sets": decision.number_of_blocking_sets,
        "through": list(decision.through),
        "blocks_through": list(decision.blocks_through),
        "banzhaf": _index(decision, "banzhaf", decision.banzhaf),
        "shapley_shubik": _index(decision, "shapley_shubik", decision.shapley_shubik),
        "circular": list(decision.circular),
        "undetermined": [entry._asdict() for entry in decision.undetermined],
        "impossible": decision.impossible,
        "own_seats": list(decision.own_seats),
        "seats": [entry._asdict() for entry in decision.seats],
        "short_of": {party: list(missing) for party, missing in decision.short_of.items()},
        "reading_marks": [
            {
                "condition": mark.condition,
                "reading": mark.reading,
                "rule": basis_to_json(mark.rule),
                "alone": None if mark.alone is None else list(mark.alone),
                "can_block": None if mark.can_block is None else list(mark.can_block),
            }
            for mark in decision.reading_marks
        ],
        "because": [basis_to_json(basis) for basis in decision.because],
        "why": list(decision.why),
        "assumptions": list(decision.assumptions),
    }
    for name, table in decision.more_indices.items():
        fields[name] = _index(decision, name, table)
    fields.update(_accuracy(decision))
    if decision.circular:
        fields["if_each_lets_the_other"] = [list(coalition) for coalition in decision.if_each_lets_the_other]
    return fields


def powers_to_json(powers: Powers) -> dict[str, Any]:
    """Return indices by name as plain values, with how exact they are."""
    tables = {name: _index(powers, name, table) for name, table in powers.tables.items()}
    return {**tables, **_accuracy(powers)}


def _accuracy(powers: Powers | Decision) -> dict[str, Any]:
    """Return the tolerance of every index that is not exact, and how those that were sampled came about."""
    fields: dict[str, Any] = {}
    if powers.tolerance:
        fields["tolerance"] = {name: decimal(most, ROUND_UP) for name, most in powers.tolerance.items()}
    if powers.sampled is not None:
        note = powers.sampled
        fields["sampled"] = {"samples": note.samples, "seed": note.seed, "confidence": decimal(note.confidence)}
        fields["intervals"] = {
            name: {party: [decimal(each.low), decimal(each.high)] for party, each in table.items()}
            for name, table in powers.intervals.items()
        }
    return fields


def _index(powers: Powers | Decision, name: str, table: Mapping[str, Fraction]) -> dict[str, str]:
    """Return an index as exact fractions, or as decimals where it has a tolerance."""
    written = decimal if name in powers.tolerance else str
    return {party: written(share) for party, share in table.items()}


def decimal(number: Fraction, rounding: str = ROUND_HALF_EVEN) -> str:
    """Return a number as a decimal of at most twelve digits that count."""
    context = Context(prec=DIGITS, rounding=rounding)
    return f"{context.divide(Decimal(number.numerator), Decimal(number.denominator)).normalize(context):f}"


def passing_to_json(result: PassResult) -> dict[str, Any]:
    """Return whether those in favor suffice as plain values."""
    return {
        "passes": result.passes,
        "why": result.why,
        "lacking": list(result.lacking),
        "because": [basis_to_json(basis) for basis in result.because],
        "assumptions": list(result.assumptions),
    }


def basis_to_json(basis: Basis) -> dict[str, Any]:
    """Return a record that an answer rests on: its address, its words, where it stands, and its authority."""
    return {
        "record": basis.record,
        "words": basis.words,
        "at": str(basis.span),
        "citations": [f"@{citation.source}, {citation.place}".removesuffix(", ") for citation in basis.citations],
        "quotations": [quotation.text for quotation in basis.quotations if quotation.text],
    }
