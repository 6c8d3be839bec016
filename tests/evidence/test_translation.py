"""Translations: verified in their own language, and compared with the words that they render."""

from __future__ import annotations

import pytest

from muniment.book.load import load
from muniment.evidence.checking import check_quotes
from muniment.evidence.translation import compare_translation


@pytest.mark.parametrize(
    ("here", "original", "languages"),
    [
        ("10 亿美元", "$1 billion", ("zh", "en")),
        ("十亿美元", "USD 1,000,000,000", ("zh", "en")),
        ("plus de 1 milliard de dollars", "over $1B", ("fr", "en")),
        ("710 des 770 salariés", "710 of the 770 employees", ("fr", "en")),
        ("710 des 770", "770 人中的 710 人", ("fr", "zh")),
        ("le 21 juillet 2017", "July 21, 2017", ("fr", "en")),
        ("2017年7月21日", "on 21 July 2017", ("zh", "en")),
        ("il ne veut pas le contrôle", "he does not want control", ("fr", "en")),
        ("n'a jamais voulu", "has never wanted", ("fr", "en")),
        ("sans but lucratif", "without profit", ("fr", "en")),
        ("他没有拒绝", "he did not refuse", ("zh", "en")),
        ("非营利组织", "a nonprofit", ("zh", "en")),
        ("trois des sept sièges", "three of the seven seats", ("fr", "en")),
        ("un siège", "a seat", ("fr", "en")),
    ],
)
def test_what_agrees(here, original, languages):
    assert compare_translation(here, original, languages) == ()
    assert compare_translation(original, here, languages[::-1]) == ()


@pytest.mark.parametrize(
    ("here", "original", "languages", "kinds"),
    [
        ("10 亿美元", "$1 million", ("zh", "en"), ["number"]),
        ("un million de dollars", "$1 billion", ("fr", "en"), ["number"]),
        ("10 亿美元", "€1 billion", ("zh", "en"), ["currency"]),
        ("710 des 720", "710 of 770", ("fr", "en"), ["number"]),
        ("le 20 juillet 2017", "July 21, 2017", ("fr", "en"), ["date"]),
        ("2018年7月21日", "21 July 2017", ("zh", "en"), ["date"]),
        ("il veut le contrôle", "he does not want control", ("fr", "en"), ["negation"]),
        ("他想要控制权", "he never wanted control", ("zh", "en"), ["negation"]),
        ("quatre sièges", "three seats", ("fr", "en"), ["number"]),
    ],
)
def test_what_differs(here, original, languages, kinds):
    assert [each.kind for each in compare_translation(here, original, languages)] == kinds
    assert [each.kind for each in compare_translation(original, here, languages[::-1])] == kinds


BOOK = """2021-05-01 person ada "Ada Okafor"
  also: Adée Okafor in @letter-fr, translation

2021-05-01 person bo "Bo Chen"

2021-05-01 source exhibit "The exhibit"
  language: en
  file: exhibit.txt

2021-05-01 source letter "Letter"
  derived from: exhibit

2021-05-02 source letter-fr "The letter in French"
  language: fr
  file: letter-fr.txt
  translation of: letter

2021-05-01 event promise "A promise"
  what: disputed
    - the exhibit [@exhibit]
      > {original}
    - the translation [@letter-fr]
      > {here}
  remark: elsewhere [@letter-fr]
    > {here}
"""
TEXTS = {
    "exhibit.txt": "Ada Okafor pledges one billion dollars. Bo Chen pledges nothing.\n",
    "letter-fr.txt": "Adée Okafor promet un milliard de dollars. Bo Chen promet un million de dollars.\n",
}


@pytest.fixture
def rows(tmp_path):
    def check(original, here):
        (tmp_path / "muniment.toml").write_text('name = "Acme"\nformat = 1\n')
        (tmp_path / "acme.muni").write_text(BOOK.format(original=original, here=here))
        for name, text in TEXTS.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return check_quotes(load(tmp_path))

    return check


def test_a_translation_is_compared_with_what_the_same_fact_quotes(rows):
    checked = rows("Ada Okafor pledges one billion dollars", "Adée Okafor promet un milliard de dollars")
    assert [(row.source, row.state, row.matched, row.critical) for row in checked.rows] == [
        ("exhibit", "exact", "exact", False),
        ("letter-fr", "translation", "exact", False),
        ("letter-fr", "exact", "exact", False),
    ]
    assert checked.rows[1].translation_of == "exhibit"
    assert checked.rows[1].is_verified
    assert [each.code for each in checked.diagnostics] == []


def test_a_translation_that_differs_is_critical_and_says_in_what(rows):
    checked = rows("Ada Okafor pledges one billion dollars", "Bo Chen promet un million de dollars")
    row = checked.rows[1]
    assert (row.state, row.critical) == ("translation", True)
    assert [(each.kind, each.here, each.original) for each in row.differences] == [
        ("number", "1000000", "1000000000"),
        ("name", "bo", "ada"),
    ]
    assert [each.code for each in checked.diagnostics] == ["M414"]


def test_a_translation_that_does_not_stand_in_its_own_language_is_not_compared(rows):
    checked = rows("Ada Okafor pledges one billion dollars", "Adée Okafor promet deux milliards de dollars")
    assert (checked.rows[1].state, checked.rows[1].critical) == ("near-miss", True)
