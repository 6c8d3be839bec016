"""The real corpus: five articles and an e-mail archive, read where they lie beside the checkout."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from muniment.book.load import load
from muniment.evidence.checking import check_quotes
from muniment.evidence.documents import read_document
from muniment.evidence.quotes import STATES_VERIFIED, check_quotation
from muniment.evidence.searching import Prepared

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "seed-facts.json").is_file(), reason="the folder 'shared' beside the checkout is absent"
)


def read(path):
    return read_document(path.read_text(encoding="utf-8"), path.name)


def test_every_quotation_of_the_articles_is_exact_at_its_line(record_property):
    facts = json.loads((SHARED / "seed-facts.json").read_text(encoding="utf-8"))["facts"]
    started = time.perf_counter()
    documents = {name: read(SHARED / "seeds" / name) for name in {fact["seed"] for fact in facts}}
    prepared = Prepared()
    results = [(fact, check_quotation(fact["quote"], documents[fact["seed"]], "", prepared)) for fact in facts]
    record_property("seconds", round(time.perf_counter() - started, 3))
    assert len(results) == 186
    assert [fact["id"] for fact, result in results if result.state != "exact" or result.at[0] != fact["line"]] == []


@pytest.mark.parametrize(
    ("name", "count"), [("emails-2024-11-16.md", 51), ("emails-2024-11-20.md", 51), ("emails-2025-01.md", 86)]
)
def test_every_message_of_the_archive_is_found(name, count):
    document = read(SHARED / "evidence" / name)
    assert sum(message.part == "" for message in document.messages) == count
    assert all(message.sender for message in document.messages)
    assert all(message.recipients for message in document.messages if message.part != "quoted")
    assert all(one.end <= other.start for one, other in zip(document.messages, document.messages[1:], strict=False))


CONTROL = "provides you with a path where you end up with unilateral absolute control"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("message 2017-09-20 14:08", "exact"),
        ("Ilya Sutskever to Elon Musk, 20 September 2017", "exact"),
        ("message 2017-09-20 14:17", "header-mismatch"),
        ("message from Elon Musk", "header-mismatch"),
        ("", "exact"),
    ],
)
def test_the_sentence_on_control_stands_in_its_message_only(place, expected):
    assert check_quotation(CONTROL, read(SHARED / "evidence" / "emails-2025-01.md"), place).state == expected


@pytest.mark.parametrize(
    "altered",
    [
        CONTROL.replace("end up", "do not end up"),
        CONTROL.replace("you with", "us with"),
        CONTROL.replace("unilateral", "bilateral"),
        "right to appoint three (not four) seats",
        "a huge per\u200bcentage of OpenAI staff",
    ],
)
def test_altered_words_of_the_archive_do_not_verify(altered):
    result = check_quotation(altered, read(SHARED / "evidence" / "emails-2025-01.md"))
    assert result.state not in STATES_VERIFIED


@pytest.mark.parametrize(("example", "count"), [("acme", 4), ("lighthouse", 3), ("pyramid", 0)])
def test_the_quotations_of_the_examples_verify(example, count):
    checked = check_quotes(load(SHARED / "examples" / example))
    assert len(checked.rows) == count
    assert all(row.is_verified for row in checked.rows)
    assert [d for d in checked.diagnostics if d.severity == "error"] == []
