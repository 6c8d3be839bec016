"""Priced rounds: conversion of SAFEs and notes, pool top-ups, anti-dilution and the price, solved exactly."""

from __future__ import annotations

from muniment.payout.rounds.certify import faults_of
from muniment.payout.rounds.round_terms import (
    NOTE,
    POST_MONEY_SAFE,
    PRE_MONEY_SAFE,
    Counts,
    Instrument,
    PoolTarget,
    Price,
    Protected,
    Purchase,
    Rounding,
    RoundTerms,
    Way,
)
from muniment.payout.rounds.settle import settle
from muniment.payout.rounds.solution import Adjusted, Bought, Converted, NoSolution, Solution, Solutions
from muniment.payout.rounds.solve import solve_round

__all__ = [
    "NOTE",
    "POST_MONEY_SAFE",
    "PRE_MONEY_SAFE",
    "Adjusted",
    "Bought",
    "Converted",
    "Counts",
    "Instrument",
    "NoSolution",
    "PoolTarget",
    "Price",
    "Protected",
    "Purchase",
    "RoundTerms",
    "Rounding",
    "Solution",
    "Solutions",
    "Way",
    "faults_of",
    "settle",
    "solve_round",
]
