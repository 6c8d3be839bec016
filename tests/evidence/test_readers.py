"""The readers of HTML, Word, PDF and mail."""

from __future__ import annotations

import json
import sys
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import PICTURE, docx, lines, mail, paragraph, pdf, text_run

from muniment.evidence.annotations import Annotation, before_changes
from muniment.evidence.documents import read_document, text_before_changes
from muniment.evidence.quoted_mail import find_quoted
from muniment.evidence.quotes import check_quotation
from muniment.evidence.readers.apart import from_json, to_json
from muniment.evidence.readers.by_name import read_with
from muniment.evidence.readers.docx import read_docx
from muniment.evidence.readers.html import read_html
from muniment.evidence.readers.mail import addressees, read_eml, read_mbox
from muniment.evidence.readers.pdf import read_pdf, read_pdf_again


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<h1>Head</h1>body", "Head\n\nbody"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("one <b>bo</b>ld\n  line", "one bold line"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<ul><li>x<li>y</ul>z", "x\ny\n\nz"),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "1 | 2\n3"),
        ("a<script>b</script><style>c</style><template>d</template><!-- e -->f", "af"),
        ("&amp;lt; &eacute;&#8217;&nbsp;x", "&lt; é’\xa0x"),
        ("<pre>  a\n   b</pre>c", "  a\n   b\n\nc"),
        ("<p>a<p>b", "a\n\nb"),
        ("<details><summary>s</summary>t</details>", "s\nt"),
        ("a<img alt='no'>b<svg><text>c</text></svg>", "abc"),
        ("<select><option>a<option>b</select>", "a\nb"),
        ("", ""),
    ],
)
def test_html_is_laid_out_as_it_is_read(markup, text):
    assert read_html(f"<meta charset=utf-8>{markup}".encode()).text == text


@pytest.mark.parametrize(
    "hiding",
    [
        "hidden",
        'style="display:none"',
        'style="color:red; DISPLAY : None"',
        'style="visibility:hidden"',
        'style="font-size:0"',
        'style="opacity:0.0"',
    ],
)
def test_hidden_text_is_kept_beside_the_text(hiding):
    page = f"<p>The board <span {hiding}>may <b>not</b></span> sell.</p>".encode()
    found = read_html(page)
    assert found.text == "The board sell."
    assert [(each.kind, each.words, each.start) for each in found.annotations] == [("hidden text", "may not", 9)]
    result = check_quotation("may not", read_document(page, "a.html"))
    assert not result.is_verified
    assert any("hidden text" in note for note in result.notes)


def test_equal_elements_are_told_apart():
    found = read_html(b"<p hidden>x</p><p>x</p><p hidden>x</p><p>y</p>")
    assert found.text == "x\n\ny"
    assert [each.words for each in found.annotations] == ["x", "x"]


@pytest.mark.parametrize("style", ["font-size:0.5em", "opacity:0.5", "display:block", "font-size: 10px"])
def test_small_text_is_text(style):
    assert read_html(f"<p style='{style}'>seen".encode()).text == "seen"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("<meta charset=utf-8><p>société".encode("cp1252"), "it says it is utf-8"),
        ("<meta charset=latin1><p>société".encode(), "another charset, but is UTF-8"),
        ("<p>société".encode(), None),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><p>société".encode("cp1252"), None),
        ("<p>société".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_charset_that_lies_is_noted(data, note):
    found = read_html(data)
    assert found.text == "société"
    assert (note in found.notes[0]) if note else found.notes == ()


def test_the_title_of_a_page_and_where_it_sends_its_reader():
    found = read_html(b"<title>By&shy;laws &amp; more</title><meta http-equiv=refresh content='0;url=http://x'><p>x")
    assert found.title == "By\xadlaws & more"
    assert "sends its reader on" in found.notes[0]
    assert found.text == "x"


CHANGED = docx(
    paragraph(
        "The board may ",
        f'<w:del w:author="Ada Okafor" w:date="2021-03-04T10:00:00Z">{text_run("not ", "delText")}</w:del>',
        "remove ",
        f'<w:ins w:author="Bo Li" w:date="2021-03-05T10:00:00Z">{text_run("five")}</w:ins>',
        " directors.",
    )
)


def test_tracked_changes_are_shown_as_such():
    found = read_docx(CHANGED)
    assert found.text == "The board may remove five directors."
    assert found.annotations == (
        Annotation("tracked deletion", 14, 14, "not ", "Ada Okafor", "2021-03-04T10:00:00Z"),
        Annotation("tracked insertion", 21, 25, "five", "Bo Li", "2021-03-05T10:00:00Z"),
    )
    assert found.notes == ("it has 1 tracked insertion, 1 tracked deletion",)
    assert before_changes(found.text, found.annotations) == "The board may not remove  directors."


def test_no_quotation_verifies_against_deleted_words():
    document = read_document(CHANGED, "bylaws.docx")
    for quotation in ("not", "The board may not remove", "may not"):
        assert not check_quotation(quotation, document).is_verified
    across = check_quotation("The board may not remove", document)
    assert any("before its tracked changes" in note for note in across.notes), across
    assert any(
        "tracked deletion by Ada Okafor of 2021-03-04" in note for note in check_quotation("not", document).notes
    )
    inserted = check_quotation("remove five directors", document)
    assert inserted.state == "exact"
    assert any("tracked insertion by Bo Li" in note for note in inserted.notes)
    assert "not remove" in text_before_changes(document)


def test_a_paragraph_deleted_whole_is_put_back_in_its_place():
    gone = f'<w:p><w:del w:author="A">{text_run("Second.", "delText")}</w:del></w:p>'
    found = read_docx(docx(paragraph("First.") + gone + paragraph("Third.")))
    assert found.text.split() == ["First.", "Third."]
    assert before_changes(found.text, found.annotations).split() == ["First.", "Second.", "Third."]


def test_moved_text_stands_where_it_was_moved_to():
    moved = paragraph(
        f'<w:moveFrom w:author="A">{text_run("Words. ")}</w:moveFrom>', "Middle. ",
        f'<w:moveTo w:author="A">{text_run("Words.")}</w:moveTo>',
    )  # fmt: skip
    found = read_docx(docx(moved))
    assert found.text == "Middle. Words."
    assert [each.kind for each in found.annotations] == ["tracked deletion", "tracked insertion"]


def test_comments_stand_beside_the_words_they_are_about():
    body = paragraph(
        "The ", '<w:commentRangeStart w:id="7"/>', "founders", '<w:commentRangeEnd w:id="7"/>',
        '<w:r><w:commentReference w:id="7"/></w:r>', " decide.",
    )  # fmt: skip
    note = f'<w:comment w:id="7" w:author="Cy Orr" w:date="2021-03-06T09:00:00Z">{paragraph("All three?")}</w:comment>'
    found = read_docx(docx(body, comments=note))
    assert found.text == "The founders decide."
    (comment,) = found.annotations
    assert (comment.kind, comment.words, comment.by, comment.when[:10]) == (
        "comment", "All three?", "Cy Orr", "2021-03-06",
    )  # fmt: skip
    assert found.text[comment.start : comment.end] == "founders"


def test_tables_notes_headers_footers_and_signs():
    cell = "<w:tc>{}</w:tc>"
    table = "<w:tbl><w:tr>" + cell.format(paragraph("Ada")) + cell.format(paragraph("5") + paragraph("seats"))
    table += "</w:tr><w:tr>" + cell.format(paragraph("Bo")) + "</w:tr></w:tbl>"
    signs = paragraph(
        "<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:br/><w:t>next</w:t><w:tab/><w:t>x</w:t></w:r>"
    )
    hidden = paragraph("Seen", text_run("unseen", properties="<w:rPr><w:vanish/></w:rPr>"))
    separator = f'<w:footnote w:type="separator">{paragraph("----")}</w:footnote>'
    found = read_docx(
        docx(
            table + signs + hidden,
            footnotes=f"{separator}<w:footnote>{paragraph('A note.')}</w:footnote>",
            header=paragraph("Confidential"),
            footer=paragraph("Page"),
        )
    )
    assert found.text == "Ada | 5 seats\nBo\n\nco\u2011op\nnext\tx\n\nSeen\n\nA note.\n\nConfidential\n\nPage"
    assert [(each.kind, each.words) for each in found.annotations] == [("hidden text", "unseen")]
    assert found.title == "Bylaws"


def test_a_text_box_that_word_writes_twice_is_read_once():
    box = "<w:r><mc:AlternateContent xmlns:mc='urn:mc'><mc:Choice><w:t>box</w:t></mc:Choice>"
    box += "<mc:Fallback><w:t>box</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    assert read_docx(docx(paragraph("A ", box))).text == "A box"


PAGES = pdf(
    lines("The board of direc-", "tors has five members."),
    lines("left one", "left two") + b" " + lines("right one", "right two", x=320),
    PICTURE,
    b"",
    PICTURE + b" " + lines("Case 1:23-cv-1 Page 5 of 6"),
    lines("The last page."),
    title="Bylaws",
)


def test_a_pdf_has_pages_in_two_reading_orders():
    document = read_document(PAGES, "bylaws.pdf")
    assert document.second is not None
    assert document.second.extractor.startswith("pdf, pypdfium2 ")
    assert len(document.page_starts) == len(document.second.page_starts) == 6
    assert document.page_at(document.text.index("last page")) == 6
    assert document.title == "Bylaws"
    assert document.notes == ()
    for quotation in ("The board of directors has five members", "left one left two"):
        assert check_quotation(quotation, document).is_verified


def test_pages_that_are_pictures_are_unreadable_and_empty_ones_are_not():
    document = read_document(PAGES, "bylaws.pdf")
    assert document.pages_unreadable == (3, 5)
    assert check_quotation("the chair has a casting vote", document).state != "absent"


def test_a_page_that_one_reader_finds_text_on_is_readable():
    words = " ".join(["words"] * 60)
    assert read_document(pdf(PICTURE + b" " + lines(words)), "a.pdf").pages_unreadable == ()


def test_both_pdf_readers_see_each_page():
    assert [page.strip() for page in read_pdf(PAGES).text.split("\f")][5] == "The last page."
    assert [page.strip() for page in read_pdf_again(PAGES).text.split("\f")][5] == "The last page."


DAY = date(2016, 5, 3)
LETTER = b"""\
From: "Okafor, Ada" <ada@acme.example>
To: =?utf-8?b?w4lsb8Opc2U=?= <e@x.example>, Bo Li <bo@y.example>
Cc: cy@z.example (Cy Orr)
Date: Tue, 3 May 2016 14:05:00 +0200
Message-ID: <two@acme.example>
In-Reply-To: <one@y.example>
References: <zero@acme.example>
 <one@y.example>
Subject: Re: Terms
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

D=E9j=E0: I agree to five seats.

On Mon, 2 May 2016 at 09:10, Bo Li <bo@y.example> wrote:
> Do you agree to five seats?
> On Sun, May 1, 2016 at 8:00 AM Cy Orr wrote:
>> Four is enough.
> And the chair?

No chair.
--c
Content-Type: text/html

<p>not this part
--c--
--b
Content-Type: application/pdf; name="terms.pdf"
Content-Disposition: attachment; filename="terms.pdf"

words of an attachment
--b--
"""


def test_a_message_is_its_header_lines_and_its_plain_text():
    document = read_document(LETTER, "letter.eml")
    first = document.messages[0]
    assert (first.sender, first.recipients, first.cc) == (
        "Okafor, Ada",
        ("Éloïse".replace("ï", "é"), "Bo Li"),
        ("Cy Orr",),
    )
    assert (first.sent, first.at, first.subject) == (date(2016, 5, 3), time(14, 5), "Re: Terms")
    assert (first.id, first.references) == ("two@acme.example", ("zero@acme.example", "one@y.example"))
    assert "Déjà: I agree to five seats." in document.text
    assert "Attachment: terms.pdf\n" in document.text
    assert "words of an attachment" not in document.text
    assert "not this part" not in document.text
    assert document.title == "Re: Terms"


def test_words_that_a_message_quotes_are_not_its_senders():
    document = read_document(LETTER, "letter.eml")
    senders = {
        words: (message.sender, message.part)
        for words in ("I agree to", "Do you agree", "Four is", "And the chair", "No chair.")
        if (message := document.message_at(document.text.index(words)))
    }
    assert senders == {
        "I agree to": ("Okafor, Ada", ""),
        "Do you agree": ("Bo Li", "quoted"),
        "Four is": ("Cy Orr", "quoted"),
        "And the chair": ("Bo Li", "quoted"),
        "No chair.": ("Okafor, Ada", "continued"),
    }
    assert check_quotation("Four is enough", document, "message from Okafor").state == "header-mismatch"
    assert check_quotation("Four is enough", document, "message from Cy Orr").state == "exact"
    assert check_quotation("No chair", document, "message 2016-05-03 from Ada Okafor").state == "exact"


@pytest.mark.parametrize(
    ("line", "sender", "sent", "at"),
    [
        ("On 3 May 2016, at 14:05, Ada Okafor <ada@acme.example> wrote:", "Ada Okafor", DAY, time(14, 5)),
        ("On Tue, May 3, 2016 at 2:05 PM Ada Okafor\n<ada@acme.example> wrote:", "Ada Okafor", DAY, time(14, 5)),
        ("Le mar. 3 mai 2016 à 14:05, Ada Okafor <ada@acme.example> a écrit :", "Ada Okafor", DAY, time(14, 5)),
        ("Ada Okafor <ada@acme.example> 于2016年5月3日周二 14:05写道：", "Ada Okafor", DAY, time(14, 5)),
        ("On 5/3/16, Ada Okafor <ada@acme.example> wrote:", "Ada Okafor", None, None),
        ("From: Ada Okafor\nSent: Tuesday, May 3, 2016 2:05 PM\nTo: Bo", "Ada Okafor", DAY, time(14, 5)),
    ],
)  # fmt: skip
def test_each_way_to_introduce_a_quoted_message(line, sender, sent, at):
    for rest in ("> Her words.\n", "Her words.\n"):
        (quoted,) = find_quoted(f"Mine.\n\n{line}\n{rest}")
        assert (quoted.sender, quoted.sent, quoted.at) == (sender, sent, at)
        assert f"Mine.\n\n{line}\n{rest}"[quoted.body : quoted.end].strip("> \n") == "Her words."


def test_quoted_lines_that_nobody_introduces_are_not_the_senders():
    (quoted,) = find_quoted("Mine.\n> Whose?\nMine again.\n")
    assert quoted.sender == "(someone quoted)"
    assert (quoted.start, quoted.end) == (6, 15)


@pytest.mark.parametrize(
    "body", ["Plain words.\n", "", "She wrote: no.\n", "On balance, I wrote:\nnothing to do with <mail>\n"]
)
def test_other_bodies_quote_nobody(body):
    assert [quoted for quoted in find_quoted(body) if quoted.sent] == []


def test_a_mailbox_is_split_only_at_lines_that_begin_a_message():
    other = mail(
        "Hello\n\nFrom Ada Tue May  3 14:05:00 2016 came no word\n\n>From here on.\n", From="Bo", Date="nonsense"
    )
    box = b"From a@x Tue May  3 14:05:00 2016\n" + LETTER + b"\nFrom bo@y Wed May  4 10:00:00 2016\n" + other
    found = read_mbox(box)
    assert found.messages is not None
    assert [message.number for message in found.messages if message.part == ""] == [1, 2]
    assert found.messages[-1].sender == "Bo"
    assert found.messages[-1].sent is None
    assert "\nFrom here on." in found.text
    assert "came no word" in found.text
    assert any("message 2: its date cannot be read" in note for note in found.notes)
    assert any("beginning with 'From '" in note for note in found.notes)


def test_mail_without_plain_text_gives_its_page_as_it_is_read():
    found = read_eml(mail("<p>Five <b>seats</b><p hidden>six", From="Ada", Content_Type="text/html; charset=utf-8"))
    assert "Five seats\n" in found.text
    assert "six" not in found.text
    assert any("HTML part" in note for note in found.notes)
    assert any("hidden text" in note for note in found.notes)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ('"Okafor, Ada" <ada@x.example>, bo@y.example', ("Okafor, Ada", "bo@y.example")),
        ("ada@x.example (Ada Okafor)", ("Ada Okafor",)),
        ("Board: ada@x.example, bo@y.example;", ("ada@x.example", "bo@y.example")),
        ("<ada@x.example>; Bo", ("ada@x.example", "Bo")),
        ("", ()),
    ],
)
def test_addressees_are_named_by_name_else_by_address(written, names):
    assert addressees(written) == names


@pytest.mark.parametrize(
    ("reader", "package"), [("html", "selectolax.lexbor"), ("pdf-first", "pypdf"), ("pdf-second", "pypdfium2")]
)
def test_a_package_that_is_missing_is_named(reader, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    found = read_with(reader, PAGES)
    assert found.text == ""
    assert "muniment[evidence]" in found.fault


def spoilt(data: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    """Return a file with some bytes overwritten."""
    changed = bytearray(data)
    for place, written in cuts:
        at = place % max(1, len(changed))
        changed[at : at + len(written)] = written
    return bytes(changed)


TEMPLATES = {
    "eml": LETTER,
    "mbox": b"From a@x Tue May  3 14:05:00 2016\n" + LETTER + b"\nFrom b@x Tue May  3 14:05:00 2016\n" + LETTER,
    "docx": CHANGED,
    "html": b"<meta charset=latin1><table><tr><td>a<td hidden>b</table><pre> c</pre><p style='display:none'>d",
}
FRAGMENTS = [
    b"\n\n",
    b"\n>",
    b"<p hidden>",
    b"</p>",
    b"--b\n",
    b"\nOn 3 May 2016, A wrote:\n> ",
    b"\nFrom: A\nSent: ",
    b"=?utf-8?b?",
]


@given(
    st.sampled_from(sorted(TEMPLATES)),
    st.lists(st.tuples(st.integers(0, 5_000), st.sampled_from(FRAGMENTS) | st.binary(max_size=6)), max_size=6),
)
@settings(max_examples=300, deadline=None)
def test_a_spoilt_file_gives_a_sound_text_or_a_reason(reader, cuts):
    found = read_with(reader, spoilt(TEMPLATES[reader], cuts))
    again = from_json(json.loads(json.dumps(to_json(found))))
    assert again == found
    assert found.text == "" or not found.fault
    assert all(0 <= each.start <= each.end <= len(found.text) for each in found.annotations)


@given(
    st.lists(
        st.sampled_from(["> ", ">> ", "On 3 May 2016, Ada wrote:", "From: Bo\nSent: May 3, 2016", "words", "", ">"])
    )
)
def test_what_is_quoted_lies_in_the_body_in_order(pieces):
    body = "\n".join(pieces)
    at = 0
    for quoted in find_quoted(body):
        assert at <= quoted.start <= quoted.body <= quoted.end <= len(body)
        at = quoted.end
