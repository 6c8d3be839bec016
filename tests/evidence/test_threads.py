"""Threads of mail, by ids, headings, subjects, quoted text and near dates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_files import mail

from muniment.cli.main import run
from muniment.evidence.documents import read_document
from muniment.evidence.threads import base_subject, mails_of, threads_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "evidence"


def threads(data: bytes | str, name: str = "a.mbox"):
    return threads_of(mails_of(read_document(data, name), "mail", name))


def box(*messages: bytes) -> bytes:
    return b"\n".join(b"From a@x Tue May  3 14:05:00 2016\n" + message for message in messages)


def dated(day: int, clock: str = "10:00", **headers: str) -> bytes:
    body = headers.pop("body", "Words.\n")
    return mail(body, Date=f"{day} May 2016 {clock}:00 +0000", **headers)


def senders(found) -> list[list[str]]:
    return [[mail.message.sender for mail in thread.mails] for thread in found]


def test_ids_join_messages_even_through_one_that_is_missing():
    found = threads(
        box(
            dated(3, From="Cy", Message_ID="<c@x>", References="<a@x> <b@x>", Subject="Other words"),
            dated(1, From="Ada", Message_ID="<a@x>", Subject="Terms"),
            dated(4, From="Dee", Message_ID="<d@x>", In_Reply_To="<b@x>", Subject="Re: Terms"),
            dated(2, From="Eve", Message_ID="<e@x>", Subject="Lunch"),
        )
    )
    assert senders(found) == [["Ada", "Cy", "Dee"], ["Eve"]]
    assert found[0].subject == "Terms"
    assert found[0].answers == (None, 0, None)
    assert found[0].grounds == ("ids",)
    assert found[1].grounds == ()


def test_an_answer_stands_after_what_it_answers_whatever_its_clock_says():
    found = threads(
        box(
            dated(2, "09:00", From="Bo", Message_ID="<b@x>", In_Reply_To="<a@x>"),
            dated(2, "17:00", From="Ada", Message_ID="<a@x>"),
        )
    )
    assert senders(found) == [["Ada", "Bo"]]
    assert found[0].answers == (None, 0)


def test_ids_that_answer_one_another_in_a_circle_end():
    found = threads(
        box(
            dated(1, From="Ada", Message_ID="<a@x>", In_Reply_To="<b@x>"),
            dated(2, From="Bo", Message_ID="<b@x>", In_Reply_To="<a@x>"),
        )
    )
    assert [sorted(each) for each in senders(found)] == [["Ada", "Bo"]]


def test_messages_without_ids_are_joined_by_subject_within_three_months():
    def at(month: str, sender: str, subject: str) -> bytes:
        return mail("Words.\n", Date=f"3 {month} 2016 10:00:00 +0000", From=sender, Subject=subject)

    found = threads(
        box(
            at("Jan", "Ada", "Terms"), at("Feb", "Bo", "RE: terms"), at("Apr", "Cy", "AW: Re: Terms"),
            at("Dec", "Dee", "Terms"), at("Jan", "Eve", "Terms of use"),
        )
    )  # fmt: skip
    assert sorted(senders(found)) == [["Ada", "Bo", "Cy"], ["Dee"], ["Eve"]]


def test_two_messages_with_ids_and_one_plain_subject_are_two_threads():
    one = dated(1, From="Ada", Message_ID="<a@x>", Subject="Minutes")
    other = dated(2, From="Bo", Message_ID="<b@x>", Subject="Minutes")
    answer = dated(2, From="Bo", Message_ID="<b@x>", Subject="Re: Minutes")
    assert senders(threads(box(one, other))) == [["Ada"], ["Bo"]]
    assert senders(threads(box(one, answer))) == [["Ada", "Bo"]]


def test_words_that_are_quoted_join_messages_of_other_subjects():
    words = "The founders keep four seats of the first board until they elect otherwise.\n"
    quoted = "I disagree.\n\n" + "".join(f"> {line}\n" for line in words.splitlines())
    first = mail(words, From="Ada", Date="1 May 2016 10:00:00 +0000", Subject="Seats", Message_ID="<a@x>")
    second = mail(quoted, From="Bo", Date="9 Dec 2016 10:00:00 +0000", Subject="A question", Message_ID="<b@x>")
    found = threads(box(first, second))
    assert senders(found) == [["Ada", "Bo"]]
    assert found[0].grounds == ("quoted text",)
    named = mail(
        "No.\n\nOn 1 May 2016 at 10:00, Ada wrote:\n> Short.\n",
        From="Bo", Date="9 Dec 2016 10:00:00 +0000", Subject="A question", Message_ID="<b@x>",
    )  # fmt: skip
    assert senders(threads(box(first, named))) == [["Ada", "Bo"]]


PRINTED = """\
Ada Okafor to: Bo Li (cc: Cy Orr) - May 1, 2016

Shall we?

Bo Li to: Ada Okafor - May 2, 2016

We shall.

Dee Fox to: Eve Gray - May 2, 2016

Unrelated.

Bo Li to: Ada Okafor - June 20, 2016

Another matter.
"""


def test_a_printed_archive_without_subjects_is_joined_by_answers_within_days():
    found = threads(PRINTED, "a.txt")
    assert senders(found) == [["Ada Okafor", "Bo Li"], ["Dee Fox"], ["Bo Li"]]
    assert found[0].grounds == ("near dates",)
    assert [mail.line for mail in found[0].mails] == [1, 5]


def test_a_printed_archive_with_subjects_is_joined_under_them():
    text = f"Subject: Re: Seats\n{PRINTED[: PRINTED.index('Dee')]}Subject: Seats\n{PRINTED[PRINTED.index('Dee') :]}"
    found = threads(text, "a.txt")
    assert senders(found) == [["Ada Okafor", "Bo Li", "Dee Fox", "Bo Li"]]
    assert found[0].grounds == ("heading", "subject")


def test_two_sources_are_joined_by_ids_only():
    one = dated(1, From="Ada", Message_ID="<a@x>", Subject="Terms")
    other = dated(2, From="Bo", Message_ID="<b@x>", In_Reply_To="<a@x>", Subject="Re: Terms")
    third = dated(2, From="Cy", Subject="Re: Terms")
    mails = [
        each
        for name, data in (("one", one), ("other", other), ("third", third))
        for each in mails_of(read_document(data, f"{name}.eml"), name, f"{name}.eml")
    ]
    assert senders(threads_of(mails)) == [["Ada", "Bo"], ["Cy"]]


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: Terms", "terms"),
        ("RE: Fwd: re: Terms", "terms"),
        ("Re[2]: Terms", "terms"),
        ("AW: WG: Terms", "terms"),
        ("TR : Terms", "terms"),
        ("Réf: Terms", "terms"),
        ("回复：Terms", "terms"),
        ("转发: 答复: 董事会", "董事会"),
        ("Terms 📎", "terms"),
        ("Really? Yes!", "really? yes!"),
        ("Return: of capital", "return: of capital"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_marks_of_answering_are_no_part_of_a_subject(subject, base):
    assert base_subject(subject) == base


def test_many_messages_of_one_subject_take_linear_time():
    text = "Subject: Terms\n\n" + "Ada to: Bo - May 2, 2016\n\nWords.\n\nSubject: Terms\n" * 5_000
    assert len(threads(text, "a.txt")) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the archive is not in {SHARED}")
@pytest.mark.parametrize("name", ["emails-2024-11-16.md", "emails-2024-11-20.md", "emails-2025-01.md"])
def test_the_exchange_of_september_2017_is_one_thread(name):
    document = read_document((SHARED / name).read_bytes(), name)
    mails = mails_of(document, "archive", name)
    found = threads_of(mails)
    assert sum(len(thread.mails) for thread in found) == len(mails)
    assert len(mails) == sum(message.part == "" for message in document.messages)
    (thread,) = [
        thread
        for thread in found
        if any(str(each.message.sent) == "2017-09-20" and "Ilya" in each.message.sender for each in thread.mails)
    ]
    assert [(each.message.sender.split()[0], str(each.message.sent)) for each in thread.mails] == [
        ("Ilya", "2017-09-20"), ("Elon", "2017-09-20"), ("Elon", "2017-09-20"), ("Sam", "2017-09-21"),
    ]  # fmt: skip


@pytest.fixture
def book(tmp_path):
    (tmp_path / "muniment.toml").write_text('name = "Letters"\nformat = 1\n')
    (tmp_path / "book.muni").write_text(
        "2016-05-01 source letters\n  kind: email\n  file: letters.mbox\n"
        "2016-05-01 source scan\n  kind: email\n  file: scan.png\n"
        "2016-05-01 source gone\n  kind: email\n  file: gone.eml\n"
        "2016-05-01 source private\n  kind: email\n  file: ../private.eml\n"
    )
    (tmp_path / "letters.mbox").write_bytes(
        box(
            dated(1, From="Ada <ada@x.example>", To="Bo", Message_ID="<a@x>", Subject="Terms"),
            dated(2, From="Bo", To="Ada", Cc="Cy", Message_ID="<b@x>", In_Reply_To="<a@x>", Subject="Re: Terms"),
        )
    )
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return tmp_path


def test_the_command_shows_each_exchange_and_what_could_not_be_read(book, capsys):
    assert run(["threads", str(book)]) == 0
    said = capsys.readouterr().out
    assert "1. Terms" in said
    assert "2016-05-02 10:00" in said
    assert "letters.mbox#text:8" in said
    assert "Joined by their ids." in said
    assert "@scan     it is a picture" in said
    assert "@gone     it is not held" in said
    assert "@private  a source file must lie inside the book" in said


def test_the_command_gives_each_message_with_its_place(book, capsys):
    assert run(["threads", str(book), "--source", "letters", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sources"] == ["letters"]
    assert answer["unread"] == []
    (thread,) = answer["threads"]
    assert thread["joined_by"] == ["ids"]
    assert thread["messages"][1] == {
        "source": "letters",
        "at": "letters.mbox#text:8:1",
        "line": 8,
        "sender": "Bo",
        "recipients": ["Ada"],
        "copies": ["Cy"],
        "date": "2016-05-02",
        "time": "10:00:00",
        "subject": "Re: Terms",
        "id": "b@x",
        "answers": 1,
    }


def test_an_unknown_source_is_refused_with_a_hint(book, capsys):
    assert run(["threads", str(book), "--source", "leters"]) == 2
    assert "letters" in capsys.readouterr().err
