"""Folding, and the map back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muniment.evidence.folding import fold, fold_character, fold_quotation, markdown_marks, source_views
from muniment.evidence.rewriting import rewrite

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(" \n\u00a0\u00ad\u0301«»“”’—-*_\\éeﬁ字，。「」½²\u200bа１")
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“we need”", '"we need"'),
        ("l’équité", "l'équité"),
        ("« partenaire »", '"partenaire"'),
        ("«\u202fpartenaire\u00a0»", "“partenaire”"),
        ("「董事会」", '"董事会"'),
        ("2015–2018", "2015-2018"),
        ("a — b", "a - b"),
        ("two\n  lines", "two lines"),
        ("10\u00a0000", "10 000"),
        ("e\u0301quite\u0301", "équité"),
        ("ﬁrst", "first"),
        ("wait…", "wait..."),
        ("董事会，全体", "董事会,全体"),
        ("董事\n会", "董事会"),
        ("ＡＢＣ", "ABC"),
        ("5\u202f％", "5 %"),
    ],
)
def test_what_changes_no_word_is_folded(one, other):
    assert fold_quotation(one) == fold_quotation(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10²", "102"),
        ("½ share", "1⁄2 share"),
        ("１０", "10"),
        ("١٠", "10"),
        ("①", "1"),
        ("Ⅳ", "IV"),
        ("not\u200bable", "notable"),
        ("c\u043entrol", "control"),
        ("un\u2060lawful", "unlawful"),
        ("a\u202eb", "ab"),
        ("10 000", "10000"),
        ("non-profit", "nonprofit"),
        ("now here", "nowhere"),
        ("re\u00adsign", "resign"),
        ("№ 5", "No 5"),
        ("™", "TM"),
        ("Us", "us"),
        ("5*3", "53"),
    ],
)
def test_what_may_change_a_word_is_not_folded(one, other):
    assert fold_quotation(one) != fold_quotation(other)


def test_a_soft_hyphen_is_a_typesetters_only_in_a_source():
    assert fold("organi\u00adsation organi\u00ad\nsation", of_source=True).text == "organisation organisation"
    assert fold("10\u00ad0", of_source=True).text == "10\u00ad0"


def test_no_character_grows_beyond_three():
    grown = [chr(point) for point in range(0x110000) if len(fold_character(chr(point))) > 3]
    assert grown == []
    assert fold_character("\ufdfa") == "\ufdfa"


def test_no_digit_comes_from_anything_else():
    made = [
        chr(point)
        for point in range(0x110000)
        if fold_character(chr(point)) != chr(point) and any(c.isnumeric() for c in fold_character(chr(point)))
    ]
    assert all(unicodedata.decomposition(c).split()[0].isalnum() for c in made)  # canonical: the same ideograph twice


@given(TEXTS, st.booleans())
@example("\u212b\u0301«\u00a0", True)
@example("字 ﾞ字", True)
def test_folding_twice_is_the_same(text, of_source):
    once = fold(text, of_source=of_source).text
    assert fold(once, of_source=of_source).text == once


@given(TEXTS)
def test_folding_is_bounded_and_maps_back_in_order(text):
    folded = fold(text, of_source=True)
    assert len(folded.text) <= 3 * len(text)
    spans = [folded.source_span(i, i + 1) for i in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert all(
        text[start] == folded.text[i]
        for i, (start, end) in enumerate(spans)
        if end - start == 1 and text[start].isascii() and text[start].isalnum()
    )


@given(TEXTS)
def test_all_views_map_back_into_the_source(text):
    for view in source_views(text, is_markdown=True):
        for i in range(len(view.folded.text)):
            start, end = view.folded.source_span(i, i + 1)
            assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("_**Ada Okafor** to Bo_", "Ada Okafor to Bo"),
        (r"\-You're \*not\*", "-You're *not*"),
        ("2 * 3 and 5*3*2", "2 * 3 and 5*3*2"),
        ("snake_case_name", "snake_case_name"),
        ("* a bullet\n* another", "* a bullet\n* another"),
        ("an *open mark\n\nclosed* later", "an *open mark\n\nclosed* later"),
        ("$5* see note", "$5* see note"),
        ("***both***", "both"),
        ("~~not~~", "~~not~~"),
    ],
)
def test_markdown_marks_come_in_pairs(text, expected):
    assert rewrite(text, markdown_marks(text)).text == expected


def test_a_word_divided_at_a_line_end_is_read_both_ways():
    views = {
        view.name: view.folded.text for view in source_views("a non-\nprofit organi-\n  sation", is_markdown=False)
    }
    assert views["hyphens at line ends kept"] == "a non-profit organi-sation"
    assert views["hyphens at line ends removed"] == "a nonprofit organisation"


def test_long_hostile_texts_take_linear_time():
    for text in (
        " " * 300_000,
        "\u00ad" * 300_000,
        "«" * 300_000,
        "e" + "\u0301" * 300_000,
        "*a" * 150_000,
        "-\n" * 150_000,
        " »" * 150_000,
    ):
        for view in source_views(text, is_markdown=True):
            assert len(view.folded.text) <= 3 * len(text)
