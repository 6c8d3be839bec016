"""Messages of e-mail archives printed as text."""

from __future__ import annotations

from datetime import date, time

import pytest

from muniment.evidence.documents import read_document
from muniment.evidence.header_dates import find_date, find_time
from muniment.evidence.messages import find_messages


@pytest.mark.parametrize(
    ("header", "sender", "recipients", "cc", "sent", "at"),
    [
        ("Ada O to Bo - Nov 20, 2015 10:48AM", "Ada O", ("Bo",), (), date(2015, 11, 20), time(10, 48)),
        ("Ada O to: Bo, (cc: Cy) - May 2, 2016", "Ada O", ("Bo",), ("Cy",), date(2016, 5, 2), None),
        ("### _**Ada O** to Bo - May 2, 2016 9:10 PM_", "Ada O", ("Bo",), (), date(2016, 5, 2), time(21, 10)),
        ("Ada to: Bo, Cy (cc D) - Sep 20, 2017 (2:17PM)", "Ada", ("Bo", "Cy"), ("D",), date(2017, 9, 20), time(14, 17)),
        ("A to B, (cc: C; D) - Mar 21, 2016 6:53:47 AM", "A", ("B",), ("C", "D"), date(2016, 3, 21), time(6, 53, 47)),
        ("<redacted> to: Bo - Jan 2, 2016 10:12 AM CST", "<redacted>", ("Bo",), (), date(2016, 1, 2), time(10, 12)),
        ("Ada to: Bo – October 23, 2022 3:06AM", "Ada", ("Bo",), (), date(2022, 10, 23), time(3, 6)),
        ("Ada to Bo - Apr 23, 2018 1:49 AM (continued from above)", "Ada", ("Bo",), (), date(2018, 4, 23), time(1, 49)),
    ],
)  # fmt: skip
def test_each_form_of_header_is_read(header, sender, recipients, cc, sent, at):
    (message,) = find_messages(f"Preamble.\n\n{header}\n\nSome words.\n")
    assert (message.sender, message.recipients, message.cc, message.sent, message.at) == (
        sender,
        recipients,
        cc,
        sent,
        at,
    )


def test_a_forwarded_message_names_whose_words_it_has():
    (message,) = find_messages(
        "Ada Okafor received this email from Bo Li and forwards it to Cy Orr - April 27, 2016 7:25 AM\n\nHi.\n"
    )
    assert (message.sender, message.origin, message.recipients) == ("Ada Okafor", "Bo Li", ("Cy Orr",))


def test_a_block_of_fields_is_a_header():
    (message,) = find_messages(
        "From: Ada Okafor\nTo: Bo Li; Cy Orr\nSent: Tue, 3 May 2016 14:05\nSubject: Terms\n\nWords.\n"
    )
    assert (message.sender, message.recipients, message.subject) == ("Ada Okafor", ("Bo Li", "Cy Orr"), "Terms")
    assert (message.sent, message.at) == (date(2016, 5, 3), time(14, 5))


def test_a_message_ends_where_the_subject_of_the_next_one_stands():
    text = "Subject: one\nAda to Bo - May 2, 2016\n\nFirst.\n\nSubject: two\nBo to Ada - May 3, 2016\n\nSecond.\n"
    first, second = find_messages(text)
    assert text[first.start : first.end].endswith("First.\n\n")
    assert (first.subject, second.subject) == ("one", "two")
    assert text[second.body : second.end] == "\nSecond.\n"


CHAT = """iMessages on the board
Ada Okafor to: Bo Li - Sep 4, 2017 8:19 PM

Who appoints the third director?
Bo Li

The holders of common.
Ada Okafor

Good.

Subject: Next
Bo Li to Ada Okafor - Sep 9, 2017

Bo Li

Not a chat any more: the name above is a signature.
"""


def test_in_a_chat_a_known_name_alone_is_a_header():
    messages = find_messages(CHAT)
    assert [(m.sender, m.recipients, m.sent, m.not_before) for m in messages] == [
        ("Ada Okafor", ("Bo Li",), date(2017, 9, 4), None),
        ("Bo Li", ("Ada Okafor",), None, date(2017, 9, 4)),
        ("Ada Okafor", ("Bo Li",), None, date(2017, 9, 4)),
        ("Bo Li", ("Ada Okafor",), date(2017, 9, 9), None),
    ]


def test_in_a_chat_a_name_with_a_time_is_a_header():
    first, second = find_messages(
        "iMessage between Ada Okafor and Bo Li\nAda Okafor - 8:07 AM\n\nHello?\nBo Li\n\nYes.\n"
    )
    assert (first.sender, first.at, first.recipients) == ("Ada Okafor", time(8, 7), ("Bo Li",))
    assert (second.sender, second.at) == ("Bo Li", None)


@pytest.mark.parametrize(
    "line",
    [
        "We moved from the old office to the new one - May 2, 2016 was the day",
        "I wrote to Bo - May 2, 2016",
        "Ada to Bo - February 30, 2016",
        "Ada Okafor",
        "Ada Okafor - 8:07 AM",
        "Subject: Ada to Bo",
        "iMessage me",
        "x" * 5000 + " to Bo - May 2, 2016",
    ],
)
def test_other_lines_are_no_headers(line):
    assert find_messages(f"Words.\n\n{line}\n\nMore words.\n") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-09-13", (2017, 9, 13)),
        ("on Sept. 3rd, 2017", (2017, 9, 3)),
        ("le 13 septembre 2017", (2017, 9, 13)),
        ("2017年9月13日", (2017, 9, 13)),
        ("他于2017年9月13日写道", (2017, 9, 13)),
        ("2017-09", (2017, 9, None)),
        ("2017-13-01", None),
        ("20171-09-13", None),
        ("dismay 2, 2016", None),
    ],
)
def test_dates_in_several_languages(text, expected):
    found = find_date(text)
    assert (found and (found.year, found.month, found.day)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:40", time(0, 40)),
        ("12:05 AM", time(0, 5)),
        ("12:05pm", time(12, 5)),
        ("13:00 PM", None),
        ("25:00", None),
        ("1:2:3", None),
    ],
)
def test_times_of_day(text, expected):
    found = find_time(text)
    assert (found and found.time) == expected


def test_a_long_archive_of_false_headers_takes_linear_time():
    text = "Ada to " * 100 + "\n" + ("A " * 300 + "- May\n") * 2000
    assert find_messages(text) == ()


def test_places_in_a_document():
    document = read_document("one\r\ntwo\n\nthree\rfour\f\nfive", "a.txt")
    assert [document.line_column(offset) for offset in (0, 5, 10, 16)] == [(1, 1), (2, 1), (4, 1), (5, 1)]
    assert document.paragraph_at(document.text.index("two")) == 1
    assert document.paragraph_at(document.text.index("four")) == 2
    assert document.page_at(document.text.index("five")) == 2
