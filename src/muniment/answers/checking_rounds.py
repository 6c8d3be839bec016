"""What a round's terms come to, against the shares that are issued under it."""

from __future__ import annotations

from muniment.answers.rounds import recorded_rounds
from muniment.book.accounts import World
from muniment.model.dates import exact_day
from muniment.model.records import Record
from muniment.payout.rounds.recorded import lines_under
from muniment.text.diagnostics import Diagnostic


def check_rounds(world: World) -> tuple[Diagnostic, ...]:
    """Return where the shares issued under a round, or what is paid for them, are not what its terms come to.

    A round that has no exact day, whose price cannot be computed, or that has no issues yet is left alone. Where an
    open fact or rounding allows several answers, it is enough that one of them is as recorded.

    Args:
        world: The book in the account that is checked, without errors of its own.
    """
    found: list[Diagnostic] = []
    for record in world.book.records_of("round"):
        found += _against_issues(world, record)
    return tuple(found)


def _against_issues(world: World, record: Record) -> list[Diagnostic]:
    day, issuer = exact_day(record.date), record.value("issuer")
    if day is None or not world.exists(record) or record.value("under") or not isinstance(issuer, str):
        return []
    lines = lines_under(world, issuer, record.address)
    if not lines:
        return []
    answers = [each.answer for each in recorded_rounds(world, record, day, None)]
    if any(each.refusals or each.circular or not each.outcomes for each in answers):
        return []
    contradicted = min((each.contradictions for each in answers), key=len, default=())
    of_round = ((record.name_span, "the terms of the round"),)
    return [
        Diagnostic(
            code="M533",
            severity="warning",
            message=each.message,
            span=each.basis.span if each.basis is not None else record.name_span,
            hint=each.hint,
            related=of_round,
        )
        for each in contradicted
    ]
