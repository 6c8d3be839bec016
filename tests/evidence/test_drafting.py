"""What is cut into passages, what is asked, and what of an answer is kept."""

from __future__ import annotations

import ast
import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.book.load import load, load_text
from muniment.evidence.documents import read_document
from muniment.evidence.drafting.passages import Passage, passages_of
from muniment.evidence.drafting.proposals import MOST_QUOTATIONS, MOST_RECORDS, sift
from muniment.evidence.drafting.requests import LEFT_OUT, kinds_proposed, names_in, request_body
from muniment.evidence.searching import Prepared
from muniment.model.record_kinds import RECORDS
from muniment.render.inert import inert
from muniment.text.writer import format_text

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("MUNIMENT_SHARED", ROOT.parent / "shared"))
ARCHIVE = SHARED / "evidence" / "emails-2025-01.md"
NETWORK = frozenset(("socket", "ssl", "http.client", "http.server", "urllib.request", "ftplib", "smtplib", "asyncio"))


@given(st.text(alphabet="ab \n\r\u00e9\u4f60", max_size=400), st.integers(1, 60))
def test_passages_are_the_whole_text_and_none_is_too_long(text: str, size: int) -> None:
    document = read_document(text, "a.txt")
    found = passages_of(document, size)
    assert all(len(passage.text) <= size for passage in found)
    assert all(passage.text == text[passage.start : passage.end] for passage in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    left_out = set(range(len(text))) - {at for passage in found for at in range(passage.start, passage.end)}
    assert not any(text[at].isalnum() for at in left_out)


def test_a_passage_ends_before_a_message_or_a_paragraph() -> None:
    mail = "Ann Lee to Bob Ray - Jan 2, 2016 8:18 AM\n\n" + "One line of it.\n" * 8
    document = read_document(mail * 3, "mail.txt")
    assert len(document.messages) == 3
    found = passages_of(document, len(mail) + 20)
    assert [passage.start for passage in found] == [message.start for message in document.messages]
    paragraphs = read_document(("A line of words.\n" * 3 + "\n") * 4, "a.txt")
    assert [passage.text.count("line") for passage in passages_of(paragraphs, 60)] == [3, 3, 3, 3]
    assert [len(passage.text) for passage in passages_of(read_document("x" * 25, "a.txt"), 10)] == [10, 10, 5]


def test_a_request_holds_the_passage_and_the_parties_it_names_only() -> None:
    book = load_text(
        '2021-01-01 person ada "Ada Okafor"\n  also: 艾达\n2021-01-01 person bo "Bo"\n2021-01-01 company elm "Elm"\n'
    )
    passage = Passage(0, 0, 1, 1, "艾达说，Boston helps elm trees \u202e\x1b[2J")
    assert names_in(passage, book) == "ada = 艾达\nelm = Elm"
    body = request_body(passage, "herald", names_in(passage, book), "m")
    assert body.isascii()
    assert inert(body.decode()) == body.decode()
    system, user = json.loads(body)["messages"]
    assert passage.text in user["content"]
    assert "[@herald]" in system["content"]
    assert "bo =" not in user["content"]
    assert set(kinds_proposed()) == set(RECORDS) - LEFT_OUT
    assert all(f" {kind} " in system["content"] for kind in kinds_proposed())


def test_a_kept_record_is_in_the_one_layout_and_each_citation_has_its_place() -> None:
    mail = "Ann Lee to Bob Ray - Jan 2, 2016 8:18 AM\n\nThe plan costs 5 million.\nWe agree on that plan.\n"
    answer = (
        "2016-01-02 event plan   [@mail]\n    >   The plan costs 5 million\n    says: agreed [@mail]\n"
        "        > We agree on that plan\n"
    )
    (kept,), discarded = sift(answer, "mail", read_document(mail, "mail.txt"), {"mail"})
    assert discarded == ()
    assert format_text(kept.text, "a.muni") == kept.text
    assert kept.text.count("[@mail, message 2016-01-02 08:18]") == 2
    assert [(each.state, each.line) for each in kept.quotations] == [("exact", 3), ("exact", 4)]
    assert (kept.unknown, kept.not_quoted, kept.is_known) == ((), (), False)
    pages = read_document("one page\fThe plan costs 5 million", "a.txt")
    (kept,), _ = sift(answer.partition("    says")[0], "mail", pages, {"plan"})
    assert "[@mail, p. 2]" in kept.text
    assert kept.is_known


def test_words_of_another_message_are_not_kept() -> None:
    first = "Ann Lee to Bob Ray - Jan 2, 2016 8:18 AM\n\nThe plan costs 5 million.\n\n"
    mail = first + "Bob Ray to Ann Lee - Jan 3, 2016 9:00 AM\n\nI never said so.\n"
    document = read_document(mail, "mail.txt")
    answer = "2016-01-02 event plan [@mail, {}]\n  > The plan costs 5 million\n"
    assert len(sift(answer.format("message 2016-01-02 08:18"), "mail", document, ())[0]) == 1
    _, (discarded,) = sift(answer.format("message 2016-01-03 09:00"), "mail", document, ())
    assert discarded.reason == "header-mismatch"


def test_ids_that_the_book_lacks_are_named() -> None:
    answer = "2016-01-02 appoint acme [@a]\n  > The plan costs 5 million\n  directors: ann, bob\n"
    document = read_document("The plan costs 5 million", "a.txt")
    (kept,), _ = sift(answer, "a", document, {"a", "bob"})
    assert kept.unknown == ("acme", "ann")


def test_one_answer_is_bounded() -> None:
    document = read_document("The plan costs 5 million", "a.txt")
    one = "2016-01-02 event e{} [@a]\n  > The plan costs 5 million\n"
    kept, discarded = sift("".join(one.format(at) for at in range(MOST_RECORDS + 5)), "a", document, ())
    assert (len(kept), {each.reason for each in discarded}) == (MOST_RECORDS, {"too much"})
    many = one.format(0) + "".join("\n  what: x [@a]\n    > The plan costs 5 million\n" for _ in range(1))
    assert len(sift(many, "a", document, ())[0]) == 1
    long = "2016-01-02 event e [@a]\n" + "  remark: x\n    > The plan costs\n" * (MOST_QUOTATIONS + 1)
    _, (too_many,) = sift(long, "a", document, ())
    assert too_many.reason == "too much"


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            (
                "2021-01-01 event e [@a]", "2021-01-01 source s [@a]", "  > The plan costs 5 million",
                "  > The plan costs 6 million", "  says: x [@a, l. 1]", "    > costs 5 million", "  says: x [@b]",
                "    >> gloss", "# comment", "", "  - (x) y [@a]", "\x1b[2J", "text", "  seats x", "  what: disputed",
                "    - a thing [@a]", "      > The plan", "  prefer: @a", "\u202e", "```",
            )
        ),
        max_size=14,
    )
)  # fmt: skip
def test_whatever_is_answered_nothing_unverified_comes_through(lines: list[str]) -> None:
    document = read_document("The plan costs 5 million", "a.txt")
    kept, _ = sift("\n".join(lines), "a", document, ())
    for draft in kept:
        assert draft.quotations
        assert inert(draft.text) == draft.text
        assert "#" not in draft.text
        assert re.findall(r"@(\w+)", draft.text.replace("prefer: @a", "")).count("b") == 0
        quoted = re.findall(r"(?m)^\s*> (.*)$", draft.text)
        assert quoted
        assert all(words in document.text for words in quoted)
        assert sift(draft.text, "a", document, ())[0] == (draft,)


@pytest.mark.skipif(not ARCHIVE.is_file(), reason=f"{ARCHIVE} is not here")
def test_of_real_sentences_the_true_are_kept_and_those_with_another_digit_are_not() -> None:
    document = read_document(ARCHIVE.read_bytes(), ARCHIVE.name)
    prepared = Prepared()
    quotes = [
        words
        for words in re.findall(r"(?<=[ \n])(?:[\w$%.,:/’'-]+ ){3,8}[\w$%]+(?=[.,]?\s)", document.text)
        if re.search(r"\d", words) and document.text.count(words) == 1
    ][:60]
    assert len(quotes) >= 40
    record = "2016-01-02 event e [@a]\n  > {}\n"
    reasons: set[str] = set()
    kept_true = 0
    for words in quotes:
        kept, why = sift(record.format(words), "a", document, (), prepared)
        kept_true += len(kept)
        reasons |= {each.reason for each in why}
        changed = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), words, count=1)
        if changed in document.text:
            continue
        kept, (false,) = sift(record.format(changed), "a", document, (), prepared)
        assert kept == ()
        assert false.reason in ("near-miss", "absent", "not readable", "too little quoted")
    assert kept_true >= len(quotes) * 9 // 10
    assert reasons <= {"negation left out", "not readable", "absent", "header-mismatch", "ambiguous", "near-miss"}


@pytest.mark.skipif(not ARCHIVE.is_file(), reason=f"{ARCHIVE} is not here")
def test_an_archive_is_sent_whole() -> None:
    document = read_document(ARCHIVE.read_bytes(), ARCHIVE.name)
    found = passages_of(document)
    assert "".join(passage.text for passage in found).split() == document.text.split()
    assert all(len(passage.text) <= 6_000 for passage in found)
    book = load(ROOT / "books" / "openai")
    assert any("musk = " in names_in(passage, book) for passage in found)


def test_only_the_endpoint_can_reach_a_network() -> None:
    package = ROOT / "src" / "muniment"
    reaching = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
            else:
                continue
            if names & NETWORK:
                reaching.add(path.relative_to(package).as_posix())
    assert reaching == {"evidence/drafting/endpoint.py"}


def test_an_id_in_who_that_the_book_lacks_is_noted() -> None:
    document = read_document("Bo said that it raised five million.", "letter.txt")
    answer = "2021-03-06 event told\n  who: nosuch, ada, Some Body\n  says: it raised money [@letter]\n    > raised five million\n"  # noqa: E501
    (kept,), discarded = sift(answer, "letter", document, {"ada"})
    assert discarded == ()
    assert kept.unknown == ("nosuch",)
