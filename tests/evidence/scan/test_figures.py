"""Figures in English, French and Chinese: each sentence here is made up."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.evidence.scan.figures import find_figures
from muniment.model.amounts import format_money, parse_money, parse_quantity
from muniment.model.values import Bounded, Money, Quantity


def found(text, language):
    return [f"{one.kind} {one.value}" for one in find_figures(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plus de 90 millions de dollars", "money more than USD 90,000,000"),
        ("moins de 45 millions d'euros", "money less than EUR 45,000,000"),
        ("au moins 25 % du capital", "percentage at least 25%"),
        ("1 000 000 d'euros", "money EUR 1,000,000"),
        ("1\u202f000\u202f000 d’euros", "money EUR 1,000,000"),
        ("1.234.567,89 €", "money EUR 1,234,567.89"),
        ("10 Md€", "money EUR 10,000,000,000"),
        ("275 000 $ US", "money USD 275,000"),
        ("0,25 % des actions", "percentage 0.25%"),
        ("cinq cent mille dollars", "money USD 500,000"),
        ("quatre-vingt-dix pour cent", "percentage 90%"),
        ("cent fois le montant", "multiple 100x"),
        ("entre 10 et 20 %", "percentage 10% to 20%"),
        ("184 des 200 salariés", "ratio 184 of 200"),
        ("9 sur 10", "ratio 9 of 10"),
        ("deux tiers des voix", "ratio 2 of 3"),
        ("12 000 actions ordinaires", "count 12,000"),
        ("sept administrateurs", "count 7"),
        ("plusieurs milliards de dollars", "money more than USD 1,000,000,000"),
        ("18 mois", "duration 18 months"),
        ("un million de livres sterling", "money GBP 1,000,000"),
    ],
)
def test_french(text, expected):
    assert found(text, "fr") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$1B", "money USD 1,000,000,000"),
        ("$50-100M", "money USD 50,000,000 to USD 100,000,000"),
        ("$200M-$1B", "money USD 200,000,000 to USD 1,000,000,000"),
        ("between $5 and $10 million", "money USD 5,000,000 to USD 10,000,000"),
        ("more than $5m", "money more than USD 5,000,000"),
        ("$1.5 billion or more", "money at least USD 1,500,000,000"),
        ("about 30%", "percentage about 30%"),
        ("25bps", "percentage 0.25%"),
        ("66 2/3% of the votes", "percentage 66 2/3%"),
        ("a cap of 100x", "multiple 100x"),
        ("10–100x", "multiple 10x to 100x"),
        ("ten times the amount", "multiple 10x"),
        ("7/16 votes", "ratio 7 of 16"),
        ("184 of the 200 employees", "ratio 184 of 200"),
        ("4,000,000 shares", "count 4,000,000"),
        ("a 12 person board", "count 12"),
        ("1000+ seats", "count more than 1,000"),
        ("HK$5 million", "money HKD 5,000,000"),
        ("100-200k per year", "money 100,000 to 200,000"),
    ],
)
def test_english(text, expected):
    assert found(text, "en") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 亿美元", "money USD 1,000,000,000"),
        ("10亿美元", "money USD 1,000,000,000"),
        ("17.5 万美元", "money USD 175,000"),
        ("2 亿至 10 亿美元", "money USD 200,000,000 to USD 1,000,000,000"),
        ("10 到 20 万美元", "money USD 100,000 to USD 200,000"),
        ("超过一亿元人民币", "money more than CNY 100,000,000"),
        ("约3000万欧元", "money about EUR 30,000,000"),
        ("数十亿美元", "money more than USD 1,000,000,000"),
        ("190 多万美元", "money more than USD 1,900,000"),
        ("一百二十万美元", "money USD 1,200,000"),
        ("1.3万亿元", "money CNY 1,300,000,000,000"),
        ("¥500万", "money CNY 5,000,000"),
        ("100 倍", "multiple 100x"),
        ("一百倍", "multiple 100x"),
        ("10 分之一", "ratio 1 of 10"),
        ("三分之二", "ratio 2 of 3"),
        ("百分之二十五的股份", "percentage 25%"),
        ("200 名员工中的 184 名", "ratio 184 of 200"),
        ("1,000 万股", "count 10,000,000"),
        ("二十五名员工", "count 25"),
        ("不到三年", "duration less than 3 years"),
    ],
)
def test_chinese(text, expected):
    assert found(text, "zh") == [expected]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("100 % d'accord", "fr"),
        ("une fois que tout est prêt", "fr"),
        ("il a dit un jour cela", "fr"),
        ("une seule personne", "fr"),
        ("à 9:10", "fr"),
        ("GPT-4 and xAI", "en"),
        ("available 24/7", "en"),
        ("the 1v1 game", "en"),
        ("100% agreed", "en"),
        ("第三次", "zh"),
        ("十分重要", "zh"),
        ("一个问题", "zh"),
    ],
)
def test_what_is_no_figure(text, language):
    assert found(text, language) == []


def test_a_bound_is_part_of_the_finding_and_a_currency_that_is_guessed_is_said():
    (one,) = find_figures("They gave more than $5 million.", "en")
    assert "They gave more than $5 million."[one.start : one.end] == "more than $5 million"
    assert one.note == "read as USD"
    assert find_figures("USD 5 million", "en")[0].note == ""


@given(st.integers(1, 10**15), st.sampled_from(["USD", "EUR", "CNY"]), st.sampled_from(["en", "fr", "zh"]))
def test_what_a_book_writes_is_read_back(units, currency, language):
    money = Money(Fraction(units), currency)
    words = f"{units:,}".replace(",", "\u00a0" if language == "fr" else ",")
    (one,) = find_figures(f"{words} {currency}", language)
    assert one.value == format_money(money)
    assert parse_money(one.value) == money


@given(
    st.text(alphabet="0123456789., $€%x/-kKMB万亿倍年月 àto分之一二十百", max_size=60),
    st.sampled_from(["en", "fr", "zh"]),
)
def test_any_signs_give_values_that_a_book_reads(text, language):
    last = 0
    for one in find_figures(text, language):
        assert last <= one.start < one.end <= len(text)
        last = one.end
        if one.kind == "money" and one.unit:
            assert isinstance(parse_money(one.value), Money | Bounded)
        elif one.kind in ("percentage", "multiple", "money"):
            assert isinstance(parse_quantity(one.value), Quantity | Bounded)
        else:
            assert re.search(r"\d", one.value)
