"""Proposed records: they read, they quote truly, and they know the book's names, seats and offices."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.book.load import load_text
from muniment.evidence.checking import MOST_SIGNS, MOST_WORDS, SIGN, WORD
from muniment.evidence.documents import read_document
from muniment.evidence.quotes import check_quotation
from muniment.evidence.scan.calendar_points import of_point
from muniment.evidence.scan.names import NOBODY, known_names
from muniment.evidence.scan.proposals import Origin, propose
from muniment.evidence.scan.scanning import scan
from muniment.evidence.searching import Prepared
from muniment.text import nodes
from muniment.text.reader import read
from muniment.text.writer import write

BOOK = """\
2020-01-01 person ada "Ada Okafor"
  also: 艾达 in @zh, transliteration
2020-01-01 person bo "Bo Lind"
2020-01-01 fund birch "Birch Ventures"
2020-01-01 nonprofit acme "Acme, Inc."
  board
    seats directors
      number: 3
  office ceo
2024-11-19 source letter "A letter"
2024-11-19 source zh "Chinese"
"""
SHARED = Path(__file__).resolve().parents[4] / "shared"


def proposed(text, source="letter", language=None, dated=None, book=BOOK, name="letter.txt"):
    loaded = load_text(book) if book else None
    document = read_document(text, name)
    names = known_names(loaded, source) if loaded else NOBODY
    made = propose(scan(document, names, language, dated), names, Origin(source, True, None, loaded), set())
    return document, made.proposals


def records(proposals):
    return write(nodes.File("", "", tuple(one.record for one in proposals)))


def without_remarks(proposals):
    return "".join(f"{line}\n" for line in records(proposals).splitlines() if not line.lstrip().startswith("remark:"))


def check(document, proposals):
    """Hold what is proposed against what every proposal promises."""
    text = records(proposals)
    file, faults = read(text, "x.muni")
    assert faults == []
    assert len(file.children) == len(proposals)
    assert [d.message for d in load_text(text).diagnostics if d.code.startswith(("M1", "M2"))] == []
    prepared = Prepared()
    for one in proposals:
        assert one.quote in document.text
        assert len(WORD.findall(one.quote)) <= MOST_WORDS
        assert len(SIGN.findall(one.quote)) <= MOST_SIGNS
        result = check_quotation(one.quote, document, one.place, prepared)
        assert result.state in ("exact", "ambiguous")
        assert not result.is_elsewhere


def test_a_gift_between_known_parties_is_of_its_own_kind():
    document, found = proposed("In May 2021 Ada Okafor contributed more than $5 million to Acme, Inc.")
    check(document, found)
    assert without_remarks(found) == (
        "2021-05 contribute letter-l1\n  by: ada\n  to: acme\n"
        "  amount: more than USD 5,000,000                      [@letter, l. 1]\n"
        "    > May 2021 Ada Okafor contributed more than $5 million to Acme, Inc.\n"
    )


@pytest.mark.parametrize(
    ("text", "language", "head", "line"),
    [
        ("On 4 March 2021 Ada resigned as CEO of Acme.", "en", "2021-03-04 leave acme", "  ceo: ada"),
        ("Le 4 mars 2021, Bo Lind a démissionné du conseil d'Acme.", "fr", "2021-03-04 leave acme", "  directors: bo"),
        ("In May 2021 Acme appointed Bo Lind to the board.", "en", "2021-05 appoint acme", "  directors: bo"),
        ("Acme fired Ada as CEO in 2022.", "en", "2022 remove acme", "  ceo: ada"),
    ],
)
def test_an_act_with_a_known_person_entity_and_seat(text, language, head, line):
    document, found = proposed(text, language=language)
    check(document, found)
    assert records(found).splitlines()[0] == head
    assert line in records(found)


def test_what_is_not_known_becomes_a_general_event():
    document, found = proposed("In May 2021 Carla Diaz resigned from Acme.")
    check(document, found)
    assert [(one.record.kind, one.record.date) for one in found] == [("event", "2021-05")]
    assert "what: leaves" in records(found)


def test_a_promise_that_is_only_reported_is_no_pledge():
    _, found = proposed("Ada said that a pledge of $5 million to Acme would follow.")
    assert [one.record.kind for one in found] == ["event"]
    assert "who: ada" in records(found)
    assert "says: USD 5,000,000" in records(found)


def test_a_quotation_with_its_speaker_in_three_languages():
    for text, language in (
        ('"We never agreed to sell the company", said Bo Lind to all of them.', "en"),
        ("« Nous n'avons jamais voulu vendre la société », a déclaré Bo Lind hier.", "fr"),
        ("Bo Lind写道:「我们从来没有同意出售这家公司。」", "zh"),
    ):
        document, found = proposed(text, language=language)
        check(document, found)
        assert [one.record.kind for one in found] == ["event"]
        assert "who: bo" in records(found)
        assert "says: the words quoted here" in records(found)


def test_an_alias_counts_only_in_its_source():
    text = "艾达捐赠了 10 亿美元。"
    assert "ada" in records(proposed(text, "zh")[1])
    assert "ada" not in records(proposed(text, "letter")[1])


def test_a_message_gives_its_date_and_sender():
    text = "Ada Okafor to Bo Lind - May 25, 2021 9:10 PM\n\nLast week they offered $5M for it.\n"
    document, found = proposed(text)
    check(document, found)
    (one,) = found
    assert (one.record.date, one.place) == ("2021-05-17/2021-05-23", "message 2021-05-25 21:10, l. 3")
    assert "who: ada" in records(found)


def test_without_a_date_the_document_s_own_is_an_upper_bound():
    assert proposed("They gave $5 million.", dated=of_point(2024, 11))[1][0].record.date == "../2024-11"
    assert proposed("They gave $5 million.")[1][0].record.date == "../.."


def test_the_remark_names_cues_and_no_score():
    _, found = proposed("In 2021 Ada did not pledge more than $5 million to Acme.")
    remark = next(line for line in records(found).splitlines() if "remark" in line)
    assert "more than" in remark
    assert "pledge" in remark
    assert "a negation in the sentence" in remark
    assert "%" not in remark


def test_the_same_words_give_the_same_records():
    text = "In May 2021 Ada gave $5 million to Acme. Bo gave $6 million."
    assert records(proposed(text)[1]) == records(proposed(text)[1])


HOSTILE = (
    "In 2021 Ada [@letter, l. 9] gave $5 million to Acme.",
    'In 2021 "Ada" gave [$5 million] to <b>Acme</b>.',
    "> In 2021 Ada gave $5 million to Acme.",
    "# In 2021 Ada gave $5 million to Acme.",
    "In 2021 Ada\u2028gave $5\u202e million to Acme\x1b[31m.",
    "In 2021 Ada gave $5 million [redacted] to [[Acme]] [...] now.",
    '2021-01-01 person mallory "Mallory"\n  also: gave $5 million\n',
    '« 2021 ] [ » $5 million \x00 said "@x [" gave',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_cannot_forge_a_record(text):
    document, found = proposed(text)
    check(document, found)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *'[]"«»“”>@#\n\t\x00\u202e;:,.%',
                "$5 million",
                "10 亿美元",
                "Ada",
                "Acme",
                "gave",
                "said",
                "写道:",
                "in 2021 ",
                "100x",
                " ",
            ]
        ),
        max_size=40,
    ),
    st.sampled_from(["en", "fr", "zh"]),
)
def test_any_text_gives_records_that_read_and_quotations_that_verify(parts, language):
    document, found = proposed("".join(parts), language=language)
    check(document, found)


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the folder 'shared' beside the checkout is absent")
def test_every_proposal_from_the_real_texts_verifies():
    paths = [*sorted((SHARED / "seeds").glob("*.txt")), SHARED / "evidence" / "emails-2025-01.md"]
    total = 0
    for path in paths:
        document = read_document(path.read_bytes(), path.name)
        made = propose(scan(document), NOBODY, Origin("x", True, None, None), set())
        check(document, made.proposals)
        assert made.notes == ()
        total += len(made.proposals)
    assert total > 150
