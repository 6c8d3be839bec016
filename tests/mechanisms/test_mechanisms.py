"""Every mechanism is written, compiled and asked: one book each in `docs/mechanisms`, shown on a reference page."""

from __future__ import annotations

from pathlib import Path

import pytest
from mechanism_books import FILES, asked
from mechanism_rows import KINDS, TABLED, Result, mechanisms_page, own_lines

from muniment.text.writer import format_text

EACH = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


def identity(result: Result) -> list[tuple[tuple[object, ...], str]]:
    """Return each question, whatever its date and proposal, with its answer."""
    asked = [(answered.outcome.question, answered.outcome.value) for answered in result.answers]
    return [
        (
            (question.entity, question.matter, question.what, question.party, question.proceeds, question.directors),
            value,
        )
        for question, value in asked
    ]


@EACH
def test_a_mechanism(path: Path) -> None:
    result = asked(path)
    mechanism = result.mechanism
    assert [str(diagnostic) for diagnostic in result.checked.diagnostics if diagnostic.severity == "error"] == []
    assert {diagnostic.code for diagnostic in result.checked.diagnostics} == set(mechanism.diagnostics)
    assert [answered.outcome.holds for answered in result.answers] == [True] * len(result.answers)

    # Asked again under other records, the same question is answered otherwise; unless it is no power at all.
    values: dict[tuple[object, ...], list[str]] = {}
    for key, value in identity(result):
        values.setdefault(key, []).append(value)
    twice = {key: found for key, found in values.items() if len(found) > 1}
    assert twice, "no question is asked with and without the mechanism"
    differing = {key for key, found in twice.items() if len(set(found)) > 1}
    paid = {key for key in differing if key[2] == "payout"}
    match mechanism.changes:
        case "who decides":
            assert differing - paid
        case "who is paid":
            assert paid
            assert differing == paid
        case _:
            assert differing == set()

    marks = {
        mark.condition for answered in result.answers if answered.decision for mark in answered.decision.reading_marks
    }
    assert tuple(sorted(marks)) == mechanism.marks
    if mechanism.monotone.startswith("no"):
        assert marks


@EACH
def test_a_mechanism_is_described(path: Path) -> None:
    mechanism = asked(path).mechanism
    assert mechanism.lines
    assert set(mechanism.kinds) <= set(KINDS)
    assert mechanism.monotone.partition(";")[0] in ("yes", "no", "n/a")
    assert path.read_text(encoding="utf-8") == format_text(mechanism.text, path.name)


def test_every_mechanism_has_its_file() -> None:
    numbers = [int(path.name[:2]) for path in FILES]
    assert numbers == list(range(1, len(FILES) + 1))
    assert len(FILES) >= TABLED


def test_the_page_shows_every_mechanism_with_its_lines_and_answers() -> None:
    results = [asked(path) for path in FILES]
    page = mechanisms_page(results)
    for number, result in enumerate(results, 1):
        section = page.partition(f"\n### {number}. {result.mechanism.name}\n")[2].partition("\n### ")[0]
        assert f"```text\n{result.mechanism.lines}\n```" in section
        for answered in result.answers:
            assert answered.outcome.value
            assert f"`{answered.outcome.value}` |" in section
        assert f"](#mechanism-{number}) |" in page


def test_lines_outside_the_marks_are_left_out() -> None:
    text = "# head\n\nscene\n# mechanism\n  rules\n    merge: never\n# end\nscene\n# mechanism\nmore\n# end\n"
    assert own_lines(text) == "rules\n  merge: never\n\nmore"
