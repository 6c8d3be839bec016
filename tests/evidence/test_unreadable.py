"""Words that may stand where no text can be had, and a second reading order."""

from __future__ import annotations

from dataclasses import replace

from muniment.evidence.annotations import Annotation
from muniment.evidence.documents import read_document
from muniment.evidence.quotes import check_quotation

PAGES = "The board has five seats.\fThe holders may remove directors.\f"


def read(**changes):
    return replace(read_document(PAGES, "minutes.txt"), **changes)


def test_words_that_are_not_found_may_stand_on_a_page_without_text():
    result = check_quotation("wholly other words than those", read(pages_unreadable=(3, 4)))
    assert result.state == "unreadable"
    assert result.notes == ("no text can be had of pages 3, 4",)
    assert check_quotation("The board has five seats", read(pages_unreadable=(3,))).state == "exact"


def test_words_cited_from_a_page_with_text_are_absent():
    document = read(pages_unreadable=(3,))
    assert check_quotation("wholly other words than those", document, "p. 1").state == "absent"
    assert check_quotation("wholly other words than those", document, "p. 3").state == "unreadable"


def test_a_file_without_text_is_unreadable():
    document = replace(read_document("", "scan.txt"), unreadable="it is encrypted")
    result = check_quotation("five seats", document)
    assert (result.state, result.notes, result.is_verified) == ("unreadable", ("it is encrypted",), False)


def test_the_page_is_given():
    assert check_quotation("may remove directors", read()).page == 2
    assert check_quotation("may remove directors", read_document("They may remove directors.", "a.txt")).page is None


def test_a_second_reading_order_is_tried_and_named():
    second = replace(read_document("left column and right column", "a.txt"), extractor="pdf, other 2.0")
    document = replace(read_document("left right column and column", "a.txt"), second=second)
    result = check_quotation("left column and right column", document)
    assert (result.state, result.at) == ("exact", (1, 1))
    assert result.notes == ("found in a second reading order (pdf, other 2.0)",)
    assert check_quotation("left right column", document).notes == ()
    assert not check_quotation("left column or right column", document).is_verified


def test_words_of_a_tracked_deletion_or_a_comment_do_not_verify():
    beside = (
        Annotation("tracked deletion", 5, 5, "shall never dissolve", "Ada"),
        Annotation("comment", 9, 9, "ask Bo"),
    )
    document = replace(read_document("Acme may dissolve.", "a.txt"), annotations=beside)
    result = check_quotation("shall never dissolve", document)
    assert not result.is_verified
    assert result.notes == ("the words stand in a tracked deletion by Ada, which is no part of the text",)
    across = check_quotation("Acme may dissolve", document)
    assert (across.state, len(across.notes)) == ("exact", 2)
