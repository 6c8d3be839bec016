"""What readers keep out of a text or write apart: raised digits, struck-out words, cells, the words of quoted mail."""

from __future__ import annotations

import pytest
from made_files import docx, mail, paragraph, pdf, text_run

from muniment.evidence.documents import read_document
from muniment.evidence.quoted_mail import find_quoted
from muniment.evidence.quotes import check_quotation
from muniment.evidence.readers.docx import read_docx
from muniment.evidence.readers.html import read_html
from muniment.evidence.readers.inline_style import effect_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>9</sup>", "10⁹"),
        ("5<sup>1</sup> million", "5¹ million"),
        ("5<sup><a href=#n>12</a></sup> million", "5¹² million"),
        ("10<sup>k</sup>", "10^(k)"),
        ("x<sub>2</sub>0", "x₂0"),
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("10<span style='vertical-align: super'>9</span>0", "10⁹0"),
        ("<math><msup><mn>10</mn><mn>9</mn></msup></math>", "10⁹"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("<table><tr><td>1</td><td>000 shares</td></tr></table>", "1 | 000 shares"),
    ],
)
def test_no_raised_digit_is_one_on_the_line(markup, text):
    assert read_html(f"<meta charset=utf-8>{markup}".encode()).text == text


@pytest.mark.parametrize(
    "struck",
    [
        "<del>not</del>",
        "<s>not</s>",
        "<strike>not</strike>",
        "<span style='text-decoration: underline line-through'>not</span>",
    ],
)
def test_struck_words_are_beside_the_page(struck):
    page = f"<p>Acme has {struck} sold".encode()
    document = read_document(page, "a.html")
    assert document.text == "Acme has sold"
    assert [(each.kind, each.words) for each in document.annotations] == [("struck-out passage", "not")]
    assert not check_quotation("Acme has not sold", document).is_verified
    assert any("struck-out passage" in note for note in check_quotation("Acme has sold", document).notes)


@pytest.mark.parametrize(
    "style",
    [
        "position:absolute;left:-9999px",
        "text-indent: -1000px",
        "clip:rect(0,0,0,0);position:absolute",
        "clip: rect(1px, 1px, 1px, 1px)",
        "color:transparent",
        "color: rgba(0, 0, 0, 0)",
        "display:/**/none",
        "dis\\70lay:none",
        "color:white;background:white",
        "height:0;overflow:hidden",
        "transform: scale(0)",
    ],
)
def test_each_way_to_hide_words_inline(style):
    assert effect_of(style) == "hidden"


@pytest.mark.parametrize(
    "style", ["left:-3px", "color:white", "height:0", "clip:rect(0,9px,9px,0)", "font: 10px a", ""]
)
def test_other_styles_hide_nothing(style):
    assert effect_of(style) == ""


def test_a_dialog_is_seen_only_when_open():
    assert read_html(b"<dialog>x</dialog><dialog open>y</dialog><details>z</details>").text == "y\n\nz"


def run(words: str, properties: str) -> str:
    return text_run(words, properties=f"<w:rPr>{properties}</w:rPr>")


STYLES = (
    '<w:style w:type="character" w:styleId="Under"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Hid"><w:basedOn w:val="Under"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ("<w:strike/>", "struck-out passage"),
        ("<w:dstrike/>", "struck-out passage"),
        ("<w:vanish/>", "hidden text"),
        ("<w:webHidden/>", "hidden text"),
        ('<w:rStyle w:val="Hid"/>', "hidden text"),
    ],
)
def test_struck_and_hidden_words_of_a_word_file_are_beside_it(properties, kind):
    found = read_docx(docx(paragraph("Acme has ", run("not ", properties), "sold"), styles=STYLES))
    assert found.text == "Acme has sold"
    assert [(each.kind, each.words) for each in found.annotations] == [(kind, "not ")]


def test_properties_of_a_run_go_before_its_styles_and_earlier_ones_do_not_count():
    earlier = "<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>"
    shown = run("seen", '<w:rStyle w:val="Hid"/><w:vanish w:val="0"/>') + run(" too", earlier)
    mark = "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + text_run("kept") + "</w:p>"
    gone = '<w:p><w:pPr><w:pStyle w:val="Gone"/></w:pPr>' + text_run("gone") + "</w:p>"
    found = read_docx(docx(paragraph(shown) + mark + gone, styles=STYLES))
    assert found.text == "seen too\n\nkept"
    assert [each.words for each in found.annotations] == ["gone"]


def test_raised_digits_and_cells_of_a_word_file():
    raised = run("9", '<w:vertAlign w:val="superscript"/>')
    lowered = run("2", '<w:vertAlign w:val="subscript"/>')
    row = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>".format(paragraph("1"), paragraph("000 shares"))
    found = read_docx(docx(paragraph("10", raised, " x", lowered) + row))
    assert found.text == "10⁹ x₂\n\n1 | 000 shares"


def test_a_row_that_is_deleted_is_no_part_of_the_text():
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc>{}</w:tc></w:tr>"
    table = row.format('<w:del w:author="Ada"/>', paragraph("Six seats.")) + row.format("", paragraph("Five seats."))
    found = read_docx(docx(f"<w:tbl>{table}</w:tbl>"))
    assert found.text.strip() == "Five seats."
    assert [(each.kind, each.words.strip(), each.by) for each in found.annotations] == [
        ("tracked deletion", "Six seats.", "Ada")
    ]


def shown(x: int, y: int, words: str, size: int = 12) -> bytes:
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET " % (size, x, y, words.encode())


@pytest.mark.parametrize(
    ("contents", "text"),
    [
        (shown(50, 700, "cost 10") + shown(89, 705, "9", 7) + shown(97, 700, "dollars"), "cost 10⁹ dollars"),
        (shown(50, 700, "cost 10") + shown(89, 697, "9", 7), "cost 10₉"),
        (shown(50, 700, "1234567890 in 2020"), "1234567890 in 2020"),
        (b"BT /F1 12 Tf 0 1 -1 0 200 200 Tm (1234567890) Tj ET", "1234567890"),
    ],
)
def test_raised_digits_of_a_pdf(contents, text):
    document = read_document(pdf(contents), "a.pdf")
    assert document.text == text
    assert document.second is None


DE = "De : Ada Okafor\nEnvoyé : dimanche 1 mai 2016 09:30\nÀ : Bo Li\nObjet : Terms\n"
QUOTED = [
    (DE, "Ada Okafor", "2016-05-01"),
    ("发件人: Ada Okafor\n发送时间: 2016年5月1日 9:30\n收件人: Bo Li\n主题: Terms\n", "Ada Okafor", "2016-05-01"),
    ("Von: Ada Okafor\nGesendet: Sonntag, 1. Mai 2016 09:30\nAn: Bo Li\nBetreff: Terms\n", "Ada Okafor", "2016-05-01"),
    ("-----Original Message-----\n", "(someone quoted)", "None"),
    ("________________\nFrom: Ada Okafor\nSent: Sunday\n", "Ada Okafor", "None"),
    ("Begin forwarded message:\n\nFrom: Ada Okafor\n", "Ada Okafor", "None"),
    ("Ada Okafor a écrit :\n", "Ada Okafor", "None"),
]


@pytest.mark.parametrize(("heading", "sender", "sent"), QUOTED)
def test_headings_of_quoted_mail_in_other_forms(heading, sender, sent):
    letter = mail(f"Two for us.\n\n{heading}\nFour seats.\n", From="Bo Li", Date="Mon, 2 May 2016 14:05:00 +0200")
    document = read_document(letter, "a.eml")
    message = document.message_at(document.text.index("Four seats"))
    assert (message.sender, str(message.sent), message.part) == (sender, sent, "quoted")
    assert check_quotation("Four seats", document, "message from Bo Li").state == "header-mismatch"
    assert check_quotation("Two for us", document, "message from Bo Li").state == "exact"


def test_lines_behind_bars_are_quoted_and_rows_of_a_table_are_not():
    (quoted,) = find_quoted("Mine.\n| Whose?\nMine.\n| a | b |\n")
    assert (quoted.start, quoted.end) == (6, 15)


def test_a_quotation_within_a_page_is_not_the_senders():
    page = "<p>Two for us.</p><blockquote type=cite><p>Four seats.<p>Five.</blockquote><p>Mine."
    letter = mail(page, From="Bo Li", Date="Mon, 2 May 2016 14:05:00 +0200", Content_Type="text/html")
    document = read_document(letter, "a.eml")
    assert "\n> Four seats.\n\n> Five.\n\nMine." in document.text
    assert [message.part for message in document.messages] == ["", "quoted", "continued"]
    assert check_quotation("Four seats", document, "message from Bo Li").state == "header-mismatch"


ARCHIVE = """\
Ada Okafor to Bo Li - May 1, 2016 9:30 AM

Six seats. She wrote:
so be it.

Bo Li to Ada Okafor - May 2, 2016 2:05 PM

Two for us.

> One seat for you

On May 1, 2016, Ada Okafor wrote:
> Four seats
"""


def test_what_a_message_of_an_archive_quotes_is_not_its_senders():
    document = read_document(ARCHIVE.encode(), "archive.txt")
    assert [(message.sender, str(message.sent), message.part) for message in document.messages] == [
        ("Ada Okafor", "2016-05-01", ""),
        ("Bo Li", "2016-05-02", ""),
        ("(someone quoted)", "None", "quoted"),
        ("Ada Okafor", "2016-05-01", "quoted"),
    ]
    assert check_quotation("One seat for you", document, "message from Bo Li").state == "header-mismatch"
    assert check_quotation("Four seats", document, "message from Bo Li").state == "header-mismatch"
    assert check_quotation("Four seats", document, "message from Ada Okafor").state == "exact"


CHINESE = "我们不会卖掉公司，董事会同意这个决定。"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (CHINESE, "gb18030", "GB18030"),
        ("我們不會賣掉公司，董事會同意這個決定。", "big5", "Big5"),
        ("私たちは会社を売りません。", "cp932", "Shift-JIS"),
        ("私たちは会社を売りません。", "euc_jp", "EUC-JP"),
        ("우리는 회사를 팔지 않습니다", "cp949", "EUC-KR"),
        ("« Élève » à l’œuvre, déjà créée", "cp1252", "Windows-1252"),
        (CHINESE, "utf-32", "UTF-32"),
    ],
)
def test_a_charset_that_nothing_states_is_told_by_its_characters(text, codec, name):
    document = read_document(text.encode(codec), "a.txt")
    assert document.text == text
    assert name in document.notes[0]
    assert check_quotation(text, document).state == "exact"


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "iso8859-5"])
def test_nothing_is_called_absent_where_the_charset_is_in_doubt(codec):
    written = "Мы не продаём компанию, и совет с этим согласен.".encode(codec)
    for name in ("a.txt", "a.html"):
        assert check_quotation("продаём компанию", read_document(written, name)).state == "unreadable"
    letter = mail("", From="Ada", Content_Type="text/plain") + written
    assert check_quotation("продаём компанию", read_document(letter, "a.eml")).state == "unreadable"


def test_a_charset_that_most_bytes_belie_is_in_doubt():
    page = b"<meta charset=iso-2022-jp>" + CHINESE.encode("gb18030")
    assert check_quotation("董事会", read_document(page, "a.html")).state == "unreadable"


def test_marks_of_a_byte_order_tell_the_charset():
    assert read_document(b"\x84\x31\x95\x33" + CHINESE.encode("gb18030"), "a.txt").text == CHINESE
