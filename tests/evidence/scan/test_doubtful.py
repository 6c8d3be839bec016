"""What is easily misread: odd ways to write amounts, whose words they are, what is no act, and names of files."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from muniment.book.load import load_text
from muniment.cli.main import run
from muniment.evidence.documents import read_document
from muniment.evidence.scan.calendar_points import of_point
from muniment.evidence.scan.dates import Anchors, find_dates
from muniment.evidence.scan.figures import find_figures
from muniment.evidence.scan.names import NOBODY, known_names
from muniment.evidence.scan.proposals import Origin, propose
from muniment.evidence.scan.scanning import scan
from muniment.text import nodes
from muniment.text.writer import write

BOOK = """\
2020-01-01 person ada "Ada Okafor"
  also: 艾达
2020-01-01 person bo "Bo Lind"
  also: 博林
2020-01-01 company volt "Volt"
2020-01-01 nonprofit acme "Acme, Inc."
  board
    seats directors
      number: 3
  office ceo
2020-02-01 appoint acme
  directors: ada
2021-05-20 leave acme
  directors: ada
2024-11-19 source letter "A letter"
"""


def proposed(text, language=None, book=BOOK):
    loaded = load_text(book)
    document = read_document(text, "letter.txt")
    origin = Origin("letter", True, None, loaded)
    return propose(
        scan(document, known_names(loaded, "letter"), language), known_names(loaded), origin, set()
    ).proposals


def speakers(text, language=None):
    found = []
    for one in proposed(text, language):
        fields = [each for each in one.record.children if isinstance(each, nodes.Field)]
        found += [each.value for each in fields if each.label == "who"]
    return found


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "$5 hundred thousand", "USD 500,000"),
        ("en", "$1½ million", "USD 1,500,000"),
        ("en", "$2 1/2 million", "USD 2,500,000"),
        ("en", "100 000 dollars", "USD 100,000"),
        ("en", "12 345 678 shares", "12,345,678"),
        ("en", "5 dozen shares", "60"),
        ("en", "one and a half million dollars", "USD 1,500,000"),
        ("en", "two thousand five hundred shares", "2,500"),
        ("en", "it fell by minus 5%", "-5%"),
        ("en", "it fell by -5%", "-5%"),
        ("en", "\n-5% of the votes", "5%"),
        ("en", "3.5x-4x", "3.5x to 4x"),
        ("en", "5%-10%", "5% to 10%"),
        ("en", "about a third of it", "about 1 of 3"),
        ("en", "Nearly half of the employees", "about 1 of 2"),
        ("en", "100's of millions of dollars", "more than USD 100,000,000"),
        ("en", "10's of millions of dollars", "more than USD 10,000,000"),
        ("en", "four (not three) seats", "4"),
        ("en", "at least 7 people", "at least 7"),
        ("fr", "un million et demi d'euros", "EUR 1,500,000"),
        ("fr", "près de la moitié des parts", "about 1 of 2"),
        ("fr", "au moins 5 %", "at least 5%"),
        ("zh", "百分之三十三点五", "33.5%"),
        ("zh", "半数", "1 of 2"),
        ("zh", "超过一半", "more than 1 of 2"),
        ("zh", "五成股份", "5 of 10"),
    ],
)
def test_amounts_are_read(language, text, value):
    assert [one.value for one in find_figures(text, language)] == [value]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It paid $1.234,56 in total"),
        ("en", "1.234.567,89 euros"),
        ("en", "5 123 shares"),
        ("en", "the 9/11 attacks"),
        ("en", "half a million reasons"),
        ("fr", "12,5.3 euros"),
        ("zh", "三点五分"),
    ],
)
def test_what_can_be_read_in_two_ways_is_left_out(language, text):
    assert find_figures(text, language) == []


def test_a_day_of_a_month_that_is_counted_keeps_its_day():
    anchors = Anchors(lambda _: None, of_point(2024, 6, 1))
    found = find_dates("Le 3 avril dernier et le 3 décembre dernier, en avril dernier.", "fr", anchors)
    assert [one.value for one in found] == ["2024-04-03", "2023-12-03", "2024-04"]


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("zh", "艾达在 2016 年 9 月给博林发信息称:公司以 1000 万美元的价格购买了设备。", ["ada"]),
        ("zh", "公司很好。「我们需要尽一切努力来获得人才。」他警告说。", []),
        ("zh", "「我们需要尽一切努力来获得人才。」两人写道。", []),
        ("fr", "En avril, Ada a consulté Lind pour ses projets, dont l'un déclarait : « nous fournissons des biens à tous ».", []),  # noqa: E501
        ("fr", "Le courriel suggère d'aller chez Volt, promettant une « croissance sans aucune limite connue ».", []),
        ("fr", "« Nous fournissons des biens à tous », a dit Ada à Bo.", ["ada"]),
        ("en", 'In a letter to Bo Lind, Ada Okafor wrote: "we give the goods to all of them".', ["ada"]),
        ("en", '"We give the goods to all of them", Volt said.', ["volt"]),
        ("en", 'A letter to Bo Lind said: "we give the goods to all of them".', []),
    ],
)  # fmt: skip
def test_whose_words_they_are(language, text, who):
    assert speakers(text, language) == who


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "C'est le point de départ d'Ada."),
        ("fr", "Ada le savait dès le départ."),
        ("fr", "Ada veut acquérir ces ressources."),
        ("en", "Ada made a firm commitment to stay."),
        ("en", "For Ada it is a promising option."),
        ("zh", "艾达想在那里担任主席。"),
        ("zh", "艾达当选总统。"),
    ],
)
def test_what_is_no_act(language, text):
    assert proposed(text, language) == ()


def test_the_future_is_no_negation():
    (one,) = proposed("艾达在 2016 年说要给公司 1000 万美元，未来会更美好。", "zh")
    assert "a negation in the sentence" not in one.cues


def test_what_the_book_already_records_is_no_second_departure():
    (one,) = proposed("In May 2021 Ada Okafor left the board of Acme.", "en")
    assert one.record.kind == "event"
    assert any(cue.startswith("already recorded: ") for cue in one.cues)
    (other,) = proposed("In May 2023 Ada Okafor left the board of Acme.", "en")
    assert other.record.kind == "leave"


def test_no_quotation_ends_before_a_negation():
    text = "In 2016 Ada paid one two three four five $5 million and the rest we can " + "not " * 3 + "pay."
    for one in proposed(text, "en"):
        assert not text[one.start + len(one.quote) :].lstrip().startswith("not")


def test_chinese_is_cut_at_a_mark():
    text = "艾达的目标是组建一支由 7 到 10 名成员组成的精英创始团队并且要不惜一切代价争取到业内最优秀的人才。"
    (one,) = proposed(text, "zh")
    assert one.quote.endswith("的")
    assert "的" not in one.findings[0].unit


@pytest.mark.parametrize(("name", "is_held"), [("a b.txt", True), ('q"u.txt', True), ("br[x].txt", True), ("br[@x].txt", False), (" a.txt", False), ("a\nb.txt", False), ("a\x1b[31m.txt", False)])  # fmt: skip  # noqa: E501
def test_a_record_names_its_file_or_nothing_is_proposed(tmp_path, monkeypatch, capsys, name, is_held):
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("Ada Okafor paid $5 million in May 2021.", encoding="utf-8")
    code = run(["scan", name])
    out, err = capsys.readouterr()
    assert code == (0 if is_held else 1)
    assert (f"\n  file: {name}\n" in out) == is_held
    assert is_held or "its name cannot stand in a record" in err


@pytest.mark.parametrize("text", ["2021-" * 12_000, "$" + "1," * 30_000])
def test_what_is_hostile_takes_time_as_its_length(text):
    def took(words):
        begun = time.process_time()
        document = read_document(words, "a.txt")
        propose(scan(document), NOBODY, Origin("x", True, None, None), set())
        return time.process_time() - begun

    assert took(text) < 8 * took(text[: len(text) // 3]) + 0.5


def test_what_is_written_reads_again():
    records = tuple(one.record for one in proposed("In 2021 Ada paid $1½ million to Volt.", "en"))
    assert "USD 1,500,000" in write(nodes.File("", "", records))
