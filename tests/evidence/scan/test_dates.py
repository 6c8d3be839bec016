"""Dates in English, French and Chinese, written out and relative: each sentence here is made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.evidence.scan.calendar_points import of_point
from muniment.evidence.scan.dates import Anchors, find_dates
from muniment.model.dates import parse_date
from muniment.model.values import PartialDate

SENT = date(2024, 11, 19)
"""A Tuesday."""


def found(text, language, spoken=None, document=None):
    anchors = Anchors(lambda offset: spoken, document)
    return [one.value for one in find_dates(text, language, anchors)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("le 1er mars 2019", "fr", "2019-03-01"),
        ("le 11 mars 2019", "fr", "2019-03-11"),
        ("du 12 au 15 mars 2019", "fr", "2019-03-12/2019-03-15"),
        ("en septembre 2017", "fr", "2017-09"),
        ("fin 2015", "fr", "2015-10/2015-12"),
        ("début 2018", "fr", "2018-01/2018-03"),
        ("À la mi-2017", "fr", "2017-05/2017-08"),
        ("début février 2018", "fr", "2018-02-01/2018-02-10"),
        ("fin février 2018", "fr", "2018-02-21/2018-02-28"),
        ("À la fin de l'été 2017", "fr", "2017-08"),
        ("de fin 2015 à début 2018", "fr", "2015-10/2018-03"),
        ("entre 2015 et 2018", "fr", "2015/2018"),
        ("jusqu’à fin 2017", "fr", "../2017-12"),
        ("à partir de 2018", "fr", "2018/.."),
        ("T3 2017", "fr", "2017-07/2017-09"),
        ("au troisième trimestre 2017", "fr", "2017-07/2017-09"),
        ("le 04/03/2021", "fr", "2021-03-04"),
        ("March 4, 2021", "en", "2021-03-04"),
        ("on 4 March 2021", "en", "2021-03-04"),
        ("March 12-15, 2021", "en", "2021-03-12/2021-03-15"),
        ("in May 2017", "en", "2017-05"),
        ("Q3 2017", "en", "2017-07/2017-09"),
        ("the first half of 2017", "en", "2017-01/2017-06"),
        ("summer 2015", "en", "2015-06/2015-08"),
        ("winter 2015", "en", "2014-12/2015-02"),
        ("mid-2017", "en", "2017-05/2017-08"),
        ("early 2018", "en", "2018-01/2018-03"),
        ("from May 2015 to June 2016", "en", "2015-05/2016-06"),
        ("2015-2018 was", "en", "2015/2018"),
        ("since 2018", "en", "2018/.."),
        ("by the end of 2019", "en", "../2019-12"),
        ("03/04/2021", "en", "[2021-04-03,2021-03-04]"),
        ("2021-03-04", "en", "2021-03-04"),
        ("2019 年 3 月 11 日", "zh", "2019-03-11"),
        ("2019年3月", "zh", "2019-03"),
        ("2016 年", "zh", "2016"),
        ("二〇一五年十二月", "zh", "2015-12"),
        ("2018 年初", "zh", "2018-01/2018-03"),
        ("2017 年第三季度", "zh", "2017-07/2017-09"),
        ("2015 年夏天", "zh", "2015-06/2015-08"),
        ("2017 年下半年", "zh", "2017-07/2017-12"),
    ],
)
def test_dates_that_are_written_out(text, language, expected):
    assert found(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("last week", "en", "2024-11-11/2024-11-17"),
        ("last month", "en", "2024-10"),
        ("last year", "en", "2023"),
        ("next year", "en", "2025"),
        ("yesterday", "en", "2024-11-18"),
        ("last Monday", "en", "2024-11-18"),
        ("two months ago", "en", "2024-09~"),
        ("last July", "en", "2024-07"),
        ("in September", "en", "2024-09?"),
        ("la semaine dernière", "fr", "2024-11-11/2024-11-17"),
        ("le mois dernier", "fr", "2024-10"),
        ("juillet de l'année dernière", "fr", "2023-07"),
        ("il y a deux ans", "fr", "2022~"),
        ("au début de l'année", "fr", "2024-01/2024-03"),
        ("hier", "fr", "2024-11-18"),
        ("去年", "zh", "2023"),
        ("去年 7 月", "zh", "2023-07"),
        ("上周", "zh", "2024-11-11/2024-11-17"),
        ("上个月", "zh", "2024-10"),
        ("昨天", "zh", "2024-11-18"),
    ],
)
def test_dates_counted_from_the_message(text, language, expected):
    assert found(text, language, spoken=SENT) == [expected]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("En mars 2016 il vint. Le mois suivant, il partit.", "fr", ["2016-03", "2016-04"]),
        ("En avril 2016 il vint. En septembre de la même année, il partit.", "fr", ["2016-04", "2016-09"]),
        ("En mai 2015 il vint. Deux mois plus tard, il partit.", "fr", ["2015-05", "2015-07~"]),
        ("En été 2015 il vint. Le 8 décembre, il partit.", "fr", ["2015-06/2015-08", "2015-12-08?"]),
        ("In May 2015 she came. Two months later, she left.", "en", ["2015-05", "2015-07~"]),
        ("In May 2015 she came. The following year she left.", "en", ["2015-05", "2016"]),
        ("2017 年 8 月他来了。一个月后,他走了。", "zh", ["2017-08", "2017-09~"]),
        ("2015 年他来了。次年他走了。同年 12 月", "zh", ["2015", "2016", "2016-12"]),
    ],
)
def test_dates_counted_from_the_one_above(text, language, expected):
    assert found(text, language) == expected


def test_the_document_s_date_does_for_weeks_and_years_but_not_for_days():
    assert found("la semaine dernière", "fr", document=of_point(2024, 3)) == ["2024-02-19/2024-03-24"]
    assert found("yesterday", "en", document=of_point(2024, 3)) == [""]
    assert found("last week", "en") == [""]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a city on Mars", "en"),
        ("une ville sur Mars", "fr"),
        ("they may march on", "en"),
        ("2000 employees and 1984 votes", "en"),
        ("over the next year", "en"),
        ("Copyright © 2024 by us", "en"),
        ("10 个月", "zh"),
        ("31 February", "en"),
    ],
)
def test_what_is_no_date(text, language):
    assert [value for value in found(text, language, spoken=SENT) if not value.endswith("?")] == []


@given(
    st.text(alphabet="0123456789/-年月日 ,.QT初底fin début 2018 mars to à last week 去今同后个", max_size=60),
    st.sampled_from(["en", "fr", "zh"]),
)
def test_every_value_is_a_date_of_the_book(text, language):
    last = 0
    for one in find_dates(text, language, Anchors(lambda offset: SENT, None)):
        assert last <= one.start < one.end <= len(text)
        last = one.end
        assert not one.value or isinstance(parse_date(one.value), PartialDate)


@given(st.dates(date(1951, 1, 1), date(2049, 12, 31)))
def test_one_day_in_three_languages(day):
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
    assert found(f"le {day.day} {months[day.month - 1]} {day.year}", "fr") == [day.isoformat()]
    assert found(f"on {day:%B} {day.day}, {day.year}", "en") == [day.isoformat()]
    assert found(f"{day.year} 年 {day.month} 月 {day.day} 日", "zh") == [day.isoformat()]
