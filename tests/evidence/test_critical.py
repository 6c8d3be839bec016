"""Every small change to a sentence of the real archive that turns what it says: it never verifies, and is critical."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muniment.evidence.documents import read_document
from muniment.evidence.quotes import STATES_VERIFIED, check_quotation, check_quotations
from muniment.evidence.searching import Prepared

ARCHIVE = Path(__file__).resolve().parents[3] / "shared" / "evidence" / "emails-2025-01.md"
pytestmark = pytest.mark.skipif(not ARCHIVE.is_file(), reason="the folder 'shared' beside the checkout is absent")

SENTENCE = re.compile(r"[A-Z][^.!?\n*_\\]{25,220}[.!?](?=\s|$)")
NOT = re.compile(r"\b(?:not|never)\b ?", re.IGNORECASE)
AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|would|should|could|can|may|must|have|has|do|does)\b")
NAMES = (
    "Elon",
    "Sam",
    "Greg",
    "Ilya",
    "Shivon",
    "Musk",
    "Altman",
    "Brockman",
    "Sutskever",
    "Microsoft",
    "Google",
    "Tesla",
)
SCALES = {"$": "€", "million": "billion", "billion": "million", "%": "x", "M": "B", "B": "M", "years": "months"}
DUTIES = {"must": "may", "may": "must", "should": "need not", "will": "may", "all": "some", "and": "or"}


@pytest.fixture(scope="module")
def document():
    return read_document(ARCHIVE.read_text(encoding="utf-8"), ARCHIVE.name)


@pytest.fixture(scope="module")
def sentences(document):
    """Return the sentences of the archive that verify as they are, each once, with their offset."""
    found = {}
    for message in document.messages:
        for match in SENTENCE.finditer(document.text, message.body, message.end):
            found.setdefault(match.group(), match.start())
    results = check_quotations([(sentence, "") for sentence in found], document)
    return {s: at for (s, at), result in zip(found.items(), results, strict=True) if result.state == "exact"}


def digits_changed(sentence):
    for match in re.finditer(r"[0-9]", sentence):
        other = str((int(match.group()) + 1) % 10)
        yield sentence[: match.start()] + other + sentence[match.end() :]


def negations_dropped(sentence):
    for match in NOT.finditer(sentence):
        yield sentence[: match.start()] + sentence[match.end() :]
    for match in re.finditer(r"n['’]t\b", sentence):
        yield sentence[: match.start()] + sentence[match.end() :]


def negations_inserted(sentence):
    for match in AUXILIARY.finditer(sentence):
        if sentence[match.end() : match.end() + 1] == " " and not sentence[match.end() :].startswith(" not"):
            yield sentence[: match.end()] + " not" + sentence[match.end() :]


def names_swapped(sentence):
    for index, name in enumerate(NAMES):
        for match in re.finditer(rf"\b{name}\b", sentence, re.IGNORECASE):
            other = NAMES[(index + 1) % len(NAMES)]
            other = other.lower() if match.group().islower() else other
            yield sentence[: match.start()] + other + sentence[match.end() :]


def units_swapped(sentence):
    for unit, other in SCALES.items():
        pattern = rf"(?<=[0-9]){unit}\b" if unit in "MB" else re.escape(unit) if unit in "$%" else rf"\b{unit}\b"
        for match in re.finditer(pattern, sentence):
            yield sentence[: match.start()] + other + sentence[match.end() :]


def duties_swapped(sentence):
    for duty, other in DUTIES.items():
        for match in re.finditer(rf"\b{duty}\b", sentence):
            yield sentence[: match.start()] + other + sentence[match.end() :]


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (digits_changed, 60),
        (negations_dropped, 60),
        (negations_inserted, 200),
        (names_swapped, 40),
        (units_swapped, 15),
        (duties_swapped, 150),
    ],
)
def test_a_change_of_sense_is_a_critical_near_miss(document, sentences, change, least):
    changed = [
        (other, at) for sentence, at in sentences.items() for other in change(sentence) if other not in sentences
    ]
    results = check_quotations([(other, "") for other, _ in changed], document)
    assert len(changed) >= least
    wrong = [
        (other, result.state, result.critical, result.diff)
        for (other, _), result in zip(changed, results, strict=True)
        if result.state != "near-miss" or not result.critical
    ]
    assert wrong == []
    places = [
        (other, result.at)
        for (other, at), result in zip(changed, results, strict=True)
        if abs(document.line_column(at)[0] - result.at[0]) > 1
        and not document.text[at : at + 40].startswith(result.found[:40])
    ]
    assert places == [], "the near-miss was found somewhere else"


CUT = re.compile(r"\b(?:not|never|nothing)\b|\b\w+n['’]t\b", re.IGNORECASE)


def cut_in_a_gap(sentence):
    """Leave out a negation with no, some or all words on its sides."""
    for match in CUT.finditer(sentence):
        before, after = sentence[: match.start()].split(), sentence[match.end() :].split()
        for left, right in ((0, 0), (0, 3), (0, 9), (2, 6), (3, 0)):
            kept, rest = before[: len(before) - left], after[right:]
            if len(kept) >= 3 and len(rest) >= 2:
                yield " ".join(kept) + " [...] " + " ".join(rest)


def cut_behind(sentence):
    for match in CUT.finditer(sentence):
        words = sentence[: match.start()].rstrip()
        if len(words.split()) >= 2 and words[-1].isalnum():
            yield words


def cut_before(sentence):
    for match in CUT.finditer(sentence):
        rest = sentence[match.end() :].strip()
        # Where 'not only', 'not just' and the like stand, what follows is said.
        if len(rest.split()) >= 2 and rest[0].isalnum() and rest.split()[0] not in ("only", "just", "limited"):
            yield rest


def digits_cut(sentence):
    """Cut a sentence inside each number, so that one of its digits is the last or the first that is quoted."""
    for match in re.finditer(r"[0-9](?:[.,]?[0-9])+", sentence):
        for at in range(match.start() + 1, match.end()):
            yield sentence[:at]
            yield sentence[at:]


@pytest.mark.parametrize(
    ("change", "least"), [(cut_in_a_gap, 150), (cut_behind, 50), (cut_before, 50), (digits_cut, 100)]
)
def test_what_is_cut_away_at_an_edge_or_in_a_gap_does_not_verify(document, sentences, change, least):
    every = dict.fromkeys(other for sentence in sentences for other in change(sentence))
    changed = [other for other in every if document.text.casefold().count(other.casefold()) < 2]
    results = check_quotations([(other, "") for other in changed], document)
    assert len(changed) >= least
    assert [
        (other, result.state, result.critical, result.found)
        for other, result in zip(changed, results, strict=True)
        if result.state != "near-miss" or not result.critical
    ] == []


LOOK_ALIKES = {
    "a Cyrillic letter": lambda s: s.replace("a", "\u0430", 1),
    "a zero-width space": lambda s: s[:9] + "\u200b" + s[9:],
    "a soft hyphen": lambda s: s[:9] + "\u00ad" + s[9:],
    "a bidirectional mark": lambda s: s[:9] + "\u202e" + s[9:],
    "a full-width digit": lambda s: re.sub("[0-9]", lambda m: chr(ord(m.group()) + 0xFEE0), s, count=1),
    "a superscript": lambda s: re.sub("2", "²", s, count=1),
}


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_a_look_alike_never_verifies_and_is_critical(document, sentences, kind):
    changed = [
        other
        for sentence in sentences
        if sentence[8:10].isalpha() and (other := LOOK_ALIKES[kind](sentence)) != sentence
    ]
    results = check_quotations([(other, "") for other in changed], document)
    assert len(changed) >= 5
    assert [
        (o, r.state, r.critical) for o, r in zip(changed, results, strict=True) if r.is_verified or not r.critical
    ] == []


def test_right_words_under_another_message_are_a_header_mismatch(document, sentences):
    """Every sentence that one message alone has is cited from every tenth other message of another sender or day."""
    prepared = Prepared()
    asked, places = 0, list(document.messages)
    for number, (sentence, at) in enumerate(sentences.items()):
        own = document.message_at(at)
        if own is None or own.sent is None or document.text.count(sentence) != 1:
            continue
        right = f"message {own.sent.isoformat()}"
        assert check_quotation(sentence, document, right, prepared).state in STATES_VERIFIED
        for other in places[number % 10 :: 10]:
            if not set(other.sender.split()) & set(f"{own.sender} {own.origin}".split()):
                place = f"message from {other.sender}"
                assert check_quotation(sentence, document, place, prepared).state == "header-mismatch", place
                asked += 1
            if other.sent is not None and other.sent != own.sent:
                place = f"message {other.sent.isoformat()}"
                result = check_quotation(sentence, document, place, prepared)
                assert (result.state, result.critical) == ("header-mismatch", True)
                asked += 1
    assert asked >= 500
