"""Places that name a message, and differences in spacing that change no word."""

from __future__ import annotations

import pytest

from muniment.evidence.documents import read_document
from muniment.evidence.places import read_place
from muniment.evidence.quotes import STATES_VERIFIED, check_quotation, check_quotations

ARCHIVE = """Ada Okafor to Bo Li - May 1, 2016 9:30 AM

I agree on all seats for the founders.

Bo Li to Ada Okafor - May 2, 2016 2:05 PM

Two seats for us.

iMessages on seats
Cy Orr to: Bo Li - May 3, 2016 8:19 PM

How many in all?
Bo Li

Seven would be best.
"""
MAIL = """From: Bo Li <bo@example.org>
To: ada@example.org
%sSubject: Seats

Two for us.

> Four seats for me
"""
NAMES = dict.fromkeys(("ada", "ada okafor", "the keeper", "keeper"), ("ada", "Ada Okafor", "the keeper"))
NAMES["grace"] = ("grace", "Grace Lindqvist")


@pytest.mark.parametrize(
    "place", ["message 2016-05-02", "message 2031-01-01", "message 2016", "message 2016-05-02 14:05"]
)
def test_a_quoted_message_without_a_date_is_not_of_the_day_that_is_cited(place):
    document = read_document((MAIL % "Date: Mon, 2 May 2016 14:05:00 +0000\n").encode(), "a.eml")
    assert check_quotation("Four seats for me", document, place).state == "header-mismatch"


@pytest.mark.parametrize("place", ["message 2016-05-02", "message at 14:05", "message 2031-01-01 09:00"])
def test_a_mail_without_a_date_is_of_no_cited_date(place):
    document = read_document((MAIL % "").encode(), "a.eml")
    assert check_quotation("Two for us", document, "message from Bo Li").state == "exact"
    assert check_quotation("Two for us", document, place).state == "header-mismatch"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("message 2016-05-03", "exact"),
        ("message 2016-05-03 20:19", "exact"),
        ("message 2016-05-03 20:20", "header-mismatch"),
        ("message 2031-01-01", "header-mismatch"),
        ("message 2016-06", "header-mismatch"),
    ],
)
def test_an_undated_message_of_a_chat_is_of_the_day_given_above_it(place, expected):
    result = check_quotation("Seven would be best", read_document(ARCHIVE, "a.txt"), place)
    assert (result.state, result.notes) == (expected, ("the message has no date of its own",))


@pytest.mark.parametrize(
    "place",
    [
        "message from ada",
        "message from the keeper",
        "Ada's message",
        "courriel d'Ada",
        "message to Zuckerberg",
        "message to grace",
        "Ada Okafor, 2016-05-02",
        "2016-05-02, from Zuckerberg",
        "grace, 2016-05-02",
        "message of May 3",
        "message of 1 May",
        "mail of 3 May 2016",
        "e-mail of 3 May 2016",
        "courriel du 3 mai 2016",
        "邮件 2016年5月3日",
        "message 2017",
        "1 May, Ada Okafor to Bo Li",
        "Ada Okafor’s e-mail of 2016-05-01",
        "message 2 of 3, sent by Ada",
        "来自Ada的邮件",
        "14:06",
    ],
)
def test_a_cited_speaker_or_date_is_never_passed_over(place):
    document = read_document(ARCHIVE, "a.txt")
    assert check_quotations([("Two seats for us", place)], document, names=NAMES)[0].state == "header-mismatch"


@pytest.mark.parametrize(
    "place",
    [
        "message from bo li",
        "Bo's message",
        "courriel de Bo Li à Ada Okafor du 2 mai 2016",
        "message to the keeper",
        "message from Li, Bo",
        "Bo Li, 2016-05-02",
        "message of May 2",
        "mail of 2 May 2016, 2:05 PM",
        "邮件 2016年5月2日",
        "Bo Li’s e-mail of 2016-05-02 to ada",
        "message from Bo Li on 2 May 2016 at 14:05",
        "para. 4",
        "art. 4",
    ],
)
def test_a_place_that_is_true_is_understood_wholly(place):
    result = check_quotations([("Two seats for us", place)], read_document(ARCHIVE, "a.txt"), names=NAMES)[0]
    assert (result.state, result.unread_place) == ("exact", "")


@pytest.mark.parametrize(
    ("place", "unread"),
    [
        ("message 2", "2"),
        ("message 05/02/2016", "05/02/2016"),
        ("05/02/2016", "05/02/2016"),
        ("2016-05-02, Zuckerberg", "Zuckerberg"),
        ("letter to shareholders", "shareholders"),
    ],
)
def test_what_is_not_understood_of_a_place_is_kept(place, unread):
    assert read_place(place, read_document(ARCHIVE, "a.txt")).unread == unread


def test_a_message_that_is_cited_of_a_text_without_messages_is_not_understood():
    document = read_document("Two seats for us.", "a.txt")
    assert read_place("message from Ada", document).unread == "message from Ada"
    assert read_place("letter, p. 2", document).unread == ""


@pytest.mark.parametrize(
    "quotation",
    [
        "for the founders. Bo Li to Ada Okafor - May 2, 2016 2:05 PM Two seats for us",
        "May 2, 2016 2:05 PM Two seats for us",
        "for the founders. Bo Li to Ada Okafor",
    ],
)
def test_words_that_run_over_a_header_do_not_verify(quotation):
    document = read_document(ARCHIVE, "a.txt")
    for place in ("", "message from Ada Okafor", "message from Bo Li"):
        result = check_quotation(quotation, document, place)
        assert result.state == "header-mismatch"
        assert "the words run over the beginning of a message" in result.notes


SPACED = [
    ("vendrons la société !", "vendrons la société!"),
    ("vendrons la société\u202f; puis rien", "vendrons la société; puis rien"),
    ("« Nous vendrons ! » dit-il", "«Nous vendrons!» dit-il"),
    ("公司持有 10 亿美元", "公司持有10亿美元"),
    ("他说 OpenAI 的董事会", "他说OpenAI的董事会"),
    ("Acme—the firm", "Acme -- the firm"),
    ("Acme — the firm", "Acme--the firm"),
    ("we will ... sell", "we will… sell"),
]


@pytest.mark.parametrize(("one", "other"), SPACED)
def test_spacing_of_marks_is_folded_either_way(one, other):
    assert check_quotation(one, read_document(f"Then: {other} ok", "a.txt")).state == "folded"
    assert check_quotation(other, read_document(f"Then: {one} ok", "a.txt")).state == "folded"


@pytest.mark.parametrize(
    ("source", "quotation"),
    [
        ("sold 1 000 shares", "sold 1000 shares"),
        ("sold 1000 shares", "sold 1 000 shares"),
        ("第五 10 亿美元", "第五10亿美元"),
        ("第五万 10 亿美元", "第五万10亿美元"),
        ("共 10 20 亿美元", "共 1020 亿美元"),
        ("they re-sign the deed", "they re -- sign the deed"),
        ("voted 5 -- 3 on it", "voted 5-3 on it"),
        ("a well-known share-holder of it", "a wellknown share-holder of it"),
        ("the share-\fholders agree", "holders agree"),
        ("So they sold the firm", "they sold [t]he firm"),
        ("So they sold He firm", "they sold [t]he firm"),
        ("So they sold Other firms", "they sold [oO]ther firms"),
    ],
)
def test_spacing_that_may_change_a_word_or_number_is_not_folded(source, quotation):
    assert check_quotation(quotation, read_document(source, "a.txt")).state not in STATES_VERIFIED


@pytest.mark.parametrize(
    "source",
    [
        "the share-\nholders of well-\nknown firms agree",
        "the share-\fholders of well-\r\nknown firms agree",
        "the share-\n\fholders of well-known firms agree",
    ],
)
def test_each_hyphen_at_a_line_end_is_kept_or_dropped_by_itself(source):
    document = read_document(source, "a.txt")
    assert check_quotation("shareholders of well-known firms", document).state == "folded"
    assert check_quotation("shareholders of well-known-firms", document).state not in STATES_VERIFIED


def test_a_bracketed_letter_is_the_sources_in_the_other_case():
    document = read_document("So they said: The company is sold.", "a.txt")
    assert check_quotation("they said: [t]he company is sold", document).state == "folded"
    assert check_quotation("[t]he company is sold", document).state == "folded"
