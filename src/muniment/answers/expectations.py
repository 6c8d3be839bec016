"""Expectations: the assertions a book makes about its own answers, each evaluated and compared."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.answers.conclusions import Conclusions
from muniment.answers.questions import Question, questions_of
from muniment.model.amounts import format_money, parse_money
from muniment.model.values import Bounded, Money
from muniment.text.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an expectation came out.

    Attributes:
        value: The computed answer in the words of an expectation.
        holds: Whether it is as expected; None if the question cannot be answered.
        because: Why it is not as expected, or what it rests on.
    """

    question: Question
    value: str
    holds: bool | None
    because: tuple[str, ...]


def evaluate_all(conclusions: Conclusions) -> tuple[tuple[Outcome, ...], tuple[Diagnostic, ...]]:
    """Evaluate every expectation of a book; what does not hold is an error at its line."""
    outcomes: list[Outcome] = []
    diagnostics: list[Diagnostic] = []
    book = conclusions.world.book
    for record in book.records_of("expect"):
        questions, faults = questions_of(book, record)
        diagnostics += faults
        for question in questions:
            outcome = evaluate(conclusions, question)
            outcomes.append(outcome)
            if outcome.holds is False:
                diagnostics.append(
                    Diagnostic(
                        code="M530",
                        severity="error",
                        message=f"expected '{question.words}: {question.expected}', but it is {outcome.value}",
                        span=question.span,
                        hint=_correct_or_see(outcome.because),
                    )
                )
            elif outcome.holds is None:
                diagnostics.append(
                    Diagnostic(
                        code="M532",
                        severity="warning",
                        message=f"'{question.words}' is not answered: {outcome.value}",
                        span=question.span,
                        hint=outcome.because[0]
                        if outcome.because and outcome.because[0]
                        else "name what is in the book, or drop the line",
                    )
                )
    return tuple(outcomes), tuple(diagnostics)


def _correct_or_see(because: tuple[str, ...]) -> str:
    """Return what to do about an expectation that does not hold, with the first reasons for the answer."""
    reasons = " ".join(because[:2] if because and because[0].endswith(":") else because[:1])
    return "correct the expectation or the records" + (f"; {reasons}" if reasons else "")


def evaluate(conclusions: Conclusions, question: Question) -> Outcome:
    """Answer one question and compare the answer with what is expected."""
    value, because = conclusions.answer_with_reasons(question)
    if value is None:
        return Outcome(question=question, value=because[0], holds=None, because=because[1:])
    holds = _same(question, question.expected, value)
    return Outcome(question=question, value=value, holds=holds, because=because)


def _same(question: Question, expected: str, value: str) -> bool:
    if question.what in ("alone", "can block", "through", "path"):
        return _set_of(expected, ", ") == _set_of(value, ", ")
    if question.what in ("coalitions", "blocking sets"):
        return {_set_of(part, " + ") for part in expected.split("; ")} == {
            _set_of(part, " + ") for part in value.split("; ")
        }
    if question.what == "payout":
        return (
            _amounts_named(expected) <= _amounts_named(value)
            if value not in ("open", "undetermined")
            else expected == value
        )
    if question.what == "fact":
        asked = parse_money(expected)
        return format_money(asked) == value if isinstance(asked, Money | Bounded) else expected == value
    if question.what == "path of":
        return _says_of_a_path(expected.replace(",", ""), value.replace(",", ""))
    if question.what in ("smallest coalition", "number of coalitions", "seats filled"):
        return expected.replace(",", "") == value
    return expected == value


def _says_of_a_path(expected: str, value: str) -> bool:
    """Whether `yes`, `2 moves` or `2 moves 30 days` is said of a path; other words are compared as they are."""
    is_path = value[:1].isdigit()
    return expected == value or (is_path and (expected == "yes" or value.startswith(f"{expected} ")))


def _set_of(text: str, separator: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(separator)) - {"nobody", "none"}


def _amounts_named(text: str) -> frozenset[str]:
    """Return `PARTY CURRENCY AMOUNT` entries; commas within an amount have no space after them."""
    return frozenset(part.strip().removesuffix(".00") for part in text.split(", "))
