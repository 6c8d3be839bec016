"""Mechanisms: one small book each, and the page that shows their lines beside the answers computed from them.

A file of `docs/mechanisms` starts with a comment that describes the mechanism: its name, then `# word: sentence` lines.
The lines between `# mechanism` and `# end` are the mechanism itself; all others set the scene.
Its `expect` records hold the answers, before and after, or with and without.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from muniment.answers.checking import Checked, check_book
from muniment.answers.deciding import Decider
from muniment.answers.expectations import Outcome
from muniment.answers.questions import CONTROL_QUESTIONS, Question, decided_for
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.exercising import exercised
from muniment.book.load import load_text
from muniment.control import Decision, decide
from muniment.control.signing import Signing, who_signs

FOLDER = Path(__file__).resolve().parent / "mechanisms"
TABLED = 49
"""Mechanisms up to this number are those that governance documents commonly hold; the rest are further constructs."""
WORDS = (
    "law",
    "kind",
    "monotone",
    "common",
    "changes",
    "marks",
    "diagnostics",
    "earliest",
    "rights",
    "says",
    "not modelled",
)
KINDS = ("RULE", "SEAT", "WEIGHT", "MOVE", "GATE", "LOCK", "PAYOUT", "LEVERAGE", "INFO", "DUTY")
CHANGES = ("who decides", "who is paid", "nothing")
START, END = "# mechanism", "# end"
HEAD = """\
# Mechanisms

Each mechanism is a small book of its own, and every answer on this page is computed from it.
The tests load each book and compare every answer with the one that the book expects.
No book has a diagnostic, unless this page names it.
Only the lines of the mechanism are shown; the whole files stand in `docs/mechanisms`.
To ask one yourself, give its file to `muniment check -`.

The kinds:

- RULE: who must agree to one matter.
- SEAT: who fills and empties a seat.
- WEIGHT: how many votes a holder casts.
- MOVE: an act that changes the structure.
- GATE: a condition, or an earliest date.
- LOCK: what nobody may change.
- PAYOUT: who is paid what.
- LEVERAGE: power that is not legal.
- INFO: knowledge without a vote.
- DUTY: what somebody owes, which is not a power.

[Conditions that more consent can hurt](../explanation/monotone.md) are marked in the answer, with the other reading.

## All of them
"""


class Mechanism(NamedTuple):
    """One file of `docs/mechanisms`.

    Attributes:
        monotone: `yes`, `no` or `n/a`, with the reason after a semicolon.
        changes: What differs with and without it: who decides, who is paid, or nothing.
        marks: Conditions that the answers mark as not monotone, sorted.
        diagnostics: Codes of what `muniment check` says of the book; mostly none.
        earliest: Matters of which the first day is asked, as `ENTITY: MATTER`.
        rights: Matters that are asked again as if every right that can be used were, as `ENTITY: MATTER`.
        says: What it does, one sentence each.
        not_modelled: What the lines do not hold, one sentence each.
        lines: The lines of the mechanism alone.
    """

    path: Path
    number: int
    name: str
    law: str
    kinds: tuple[str, ...]
    monotone: str
    common: str
    changes: str
    marks: tuple[str, ...]
    diagnostics: tuple[str, ...]
    earliest: tuple[str, ...]
    rights: tuple[str, ...]
    says: tuple[str, ...]
    not_modelled: tuple[str, ...]
    lines: str
    text: str


class Answered(NamedTuple):
    """One expectation of a mechanism's book, with the decision behind it where it asks who decides."""

    outcome: Outcome
    remark: str
    decision: Decision | None


class FirstDay(NamedTuple):
    """The first day on which a matter can be passed by those who must sign or vote; None if nobody can."""

    question: str
    asked: date
    earliest: date | None


class IfUsed(NamedTuple):
    """Who passes a matter alone if every right that can be used on a day is used, and what is said of each right."""

    question: str
    on: date
    alone: tuple[str, ...]
    sentences: tuple[str, ...]


class Result(NamedTuple):
    """A mechanism with its book, what a check of it found, and its answers in the order of the file."""

    mechanism: Mechanism
    book: Book
    checked: Checked
    answers: tuple[Answered, ...]
    first_days: tuple[FirstDay, ...]
    if_used: tuple[IfUsed, ...]


def files() -> tuple[Path, ...]:
    """Return the mechanisms' files in order of number."""
    return tuple(sorted(FOLDER.glob("*.muni")))


def read_mechanism(path: Path) -> Mechanism:
    """Return what a file says of its mechanism.

    Raises:
        ValueError: If the opening comment lacks a word, or has one that is unknown.
    """
    text = path.read_text(encoding="utf-8")
    head = [line.removeprefix("# ") for line in text.partition("\n\n")[0].split("\n")]
    said: dict[str, list[str]] = {word: [] for word in WORDS}
    for line in head[1:]:
        word, _, sentence = line.partition(": ")
        if word not in said:
            raise ValueError(f"{path.name}: '{word}' is not one of {', '.join(WORDS)}")
        said[word].append(sentence)
    one = {word: said[word][0] if said[word] else "" for word in WORDS}
    missing = [word for word in ("law", "kind", "monotone", "changes", "says") if not one[word]]
    if missing or one["changes"] not in CHANGES:
        raise ValueError(f"{path.name}: {', '.join(missing) or 'changes'} is not stated")
    return Mechanism(
        path=path,
        number=int(path.name[:2]),
        name=head[0],
        law=one["law"],
        kinds=tuple(one["kind"].split(", ")),
        monotone=one["monotone"],
        common=one["common"],
        changes=one["changes"],
        marks=tuple(sorted(one["marks"].split("; "))) if one["marks"] else (),
        diagnostics=tuple(one["diagnostics"].split(", ")) if one["diagnostics"] else (),
        earliest=tuple(said["earliest"]),
        rights=tuple(said["rights"]),
        says=tuple(said["says"]),
        not_modelled=tuple(said["not modelled"]),
        lines=own_lines(text),
        text=text,
    )


def own_lines(text: str) -> str:
    """Return the lines between `# mechanism` and `# end`, each passage moved to the left edge."""
    passages: list[list[str]] = []
    inside = False
    for line in text.split("\n"):
        if line.strip() == START:
            passages.append([])
            inside = True
        elif line.strip() == END:
            inside = False
        elif inside:
            passages[-1].append(line)
    return "\n\n".join(textwrap.dedent("\n".join(passage)).strip("\n") for passage in passages)


def ask(mechanism: Mechanism) -> Result:
    """Load a mechanism's book and ask everything that it expects."""
    book = load_text(mechanism.text, mechanism.path.name)
    checked = check_book(book)
    world, decider = World(book), Decider()
    remarks = {record.address: record.value("remark") or "" for record in book.records_of("expect")}
    answers = tuple(
        Answered(outcome, remarks[outcome.question.record], _decision(world, outcome.question, decider))
        for outcome in checked.outcomes
    )
    days = sorted({answered.outcome.question.on for answered in answers})
    first_days = tuple(_first_day(world, question, day) for question in mechanism.earliest for day in days)
    if_used = tuple(_if_used(world, question, day) for question in mechanism.rights for day in days)
    return Result(mechanism, book, checked, answers, first_days, if_used)


def _decision(world: World, question: Question, decider: Decider) -> Decision | None:
    if question.what not in (*CONTROL_QUESTIONS, "seats filled"):
        return None
    first = decided_for(world, question, decider).each[0].answer
    return first if isinstance(first, Decision) else None


def _first_day(world: World, question: str, asked: date) -> FirstDay:
    found = who_signs(world.on(asked), question, by=asked + timedelta(days=365))
    return FirstDay(question, asked, found.earliest if isinstance(found, Signing) else None)


def _if_used(world: World, question: str, on: date) -> IfUsed:
    used = exercised(world.on(on), "all")
    found = decide(used.structure, question)
    return IfUsed(question, on, found.alone if isinstance(found, Decision) else (), used.sentences)


def mechanisms_page(results: Sequence[Result] = ()) -> str:
    """Return the page of mechanisms: a table of all, then each with its lines and answers.

    Args:
        results: All of them, where they have been asked already.
    """
    results = results or [ask(read_mechanism(path)) for path in files()]
    lines = [HEAD, "| | mechanism | kind | monotone | it changes |", "| --- | --- | --- | --- | --- |"]
    for mechanism, *_ in results:
        link = f"[{mechanism.name}](#{anchor(mechanism)})"
        kinds = ", ".join(mechanism.kinds)
        lines.append(f"| {mechanism.number} | {link} | {kinds} | {mechanism.monotone} | {mechanism.changes} |")
    lines.append("")
    for result in results:
        if result.mechanism.number == TABLED + 1:
            lines += ["## Further constructs", ""]
        elif result.mechanism.number == 1:
            lines += ["## One by one", ""]
        lines += _section(result)
    return "\n".join(lines)


def anchor(mechanism: Mechanism) -> str:
    """Return the name of a mechanism's heading in a link."""
    return f"mechanism-{mechanism.number}"


def _section(result: Result) -> Iterator[str]:
    mechanism = result.mechanism
    yield from (f"({anchor(mechanism)})=", f"### {mechanism.number}. {mechanism.name}", "")
    yield from (*mechanism.says, "")
    yield f"- Law or source: {mechanism.law}."
    yield f"- Kind: {', '.join(mechanism.kinds)}."
    yield f"- Monotone: {mechanism.monotone}."
    if mechanism.common:
        yield f"- How common: {mechanism.common}."
    if mechanism.diagnostics:
        codes = ", ".join(f"[{code}](codes.md)" for code in mechanism.diagnostics)
        yield f"- `muniment check` says: {codes}."
    if mechanism.not_modelled:
        yield f"- Not modelled: {' '.join(mechanism.not_modelled)}"
    yield from ("", "```text", mechanism.lines, "```", "")
    yield from ("| asked | on | answer |", "| --- | --- | --- |")
    before = ""
    for answered in result.answers:
        when = _when(answered)
        asked, value = _code(answered.outcome.question.words), _code(answered.outcome.value)
        yield f"| {asked} | {'' if when == before else when} | {value} |"
        before = when
    for question, asked, earliest in result.first_days:
        day = earliest.isoformat() if earliest is not None else "never"
        yield f"| {_code(question.partition(': ')[2] + ', first day')} | {asked.isoformat()} | {_code(day)} |"
    for used in result.if_used:
        asked = _code(used.question.partition(": ")[2] + ", alone")
        yield f"| {asked} | {used.on.isoformat()}, if rights are used | {_code(', '.join(used.alone) or 'nobody')} |"
    yield ""
    yield from _marks(result.answers)


def _when(answered: Answered) -> str:
    question = answered.outcome.question
    words = [question.on.isoformat()]
    if question.under:
        words.append(f"under {_code(question.under)}")
    if question.directors != "loyal":
        words.append(f"directors {question.directors}")
    return ", ".join(words) + (f": {answered.remark}" if answered.remark else "")


def _marks(answers: Sequence[Answered]) -> Iterator[str]:
    """Yield what the answers mark as not monotone, with the other reading, and whose own some seats are."""
    marked: dict[str, None] = {}
    own: dict[str, None] = {}
    assumed: dict[str, None] = {}
    for answered in answers:
        decision = answered.decision
        if decision is None:
            continue
        on = answered.outcome.question.on.isoformat()
        for mark in decision.reading_marks:
            other = " The other reading gives the same."
            if mark.alone is not None and mark.can_block is not None:
                other = f" Read otherwise, alone: {names(mark.alone)}; can block: {names(mark.can_block)}."
            where = f"Marked in {_code(decision.matter)} on {on}: {_code(mark.condition)}"
            marked[f"- {where}, {mark.reading}.{other}"] = None
        if decision.own_seats:
            own[f"- Seats that are their occupants' own on {on}: {names(decision.own_seats)}."] = None
        assumed |= {f"- Assumed: {sentence}": None for sentence in decision.assumptions}
    if marked or own or assumed:
        yield from (*marked, *own, *assumed, "")


def names(words: Iterable[str]) -> str:
    """Return names as code, or nobody."""
    return ", ".join(map(_code, words)) or "nobody"


def _code(text: str) -> str:
    return "`" + re.sub(r"(?<!\\)\|", "\\|", text) + "`"
