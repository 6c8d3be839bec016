"""The timeline: uncertain dates as intervals, effect against when it was made known, order in three values."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.answers.timeline import Entry, known_order, order, stated_order, timeline, within
from muniment.book.accounts import World
from muniment.book.load import load, load_text
from muniment.cli.main import run
from muniment.model.dates import parse_date
from muniment.model.values import PartialDate
from muniment.render.inert import inert
from muniment.render.table import cells
from muniment.render.timeline import Lane, drawn, lane_of, timeline_table
from muniment.render.timeline_picture import LEFT, WIDTH, timeline_picture

BOOKS = Path(__file__).resolve().parents[2] / "books"
SVG = "{http://www.w3.org/2000/svg}"
RECORDS = """\
2019-01-01 source paper "The paper"
2018-01-01 person ann
2018-01-01 company acme
../2018-02-20 event open-start
  who: ann
2018-03-01/.. event open-end
2018-03 event month "Some day in March"
2018-01-05 event long
  until: 2018-06-30
2018-02-01~ event longer
  until: 2018-07/2018-09
  recorded: 2018-10-01
[2018-01-10,2018-04-10..2018-04-20] event one-of
2018-05-01 event late
  recorded: 2018-08-15/2018-09-15
2018-05-01 event same-day
  after: late
2018-05-01 event cited [@paper, p. 1]
2018-05-01 event in-mail [@paper, message 2018-04-02 10:00]
2018-05-01 pay wages
  by: acme
  to: ann
  amount: USD 5
2018-05-01 event argued
  date: disputed
    - 2018-05-01   [@paper]
    - 2018-06-01
  prefer: @paper
"""


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return {entry.record: entry for entry in timeline(World(load_text(RECORDS)))}


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ("long", "late", "before"),
        ("late", "long", "after"),
        ("month", "late", "before"),
        ("month", "open-end", "cannot say"),
        ("open-start", "late", "before"),
        ("open-start", "long", "cannot say"),
        ("one-of", "month", "cannot say"),
        ("one-of", "late", "before"),
        ("late", "cited", "same day"),
        ("late", "same-day", "before"),
        ("same-day", "late", "after"),
        ("open-end", "late", "cannot say"),
    ],
)
def test_order_is_said_where_every_day_agrees(entries: dict[str, Entry], a: str, b: str, says: str) -> None:
    assert order(entries[a], entries[b], stated_order(entries.values())) == says


days = st.dates(date(2017, 1, 1), date(2019, 12, 31))
dates = st.one_of(
    days.map(date.isoformat),
    days.map(lambda day: day.isoformat()[:7]),
    days.map(lambda day: f"{day.year}~"),
    st.tuples(days, st.integers(0, 300)).map(lambda pair: f"{pair[0]}/{pair[0] + timedelta(days=pair[1])}"),
    st.tuples(days, st.integers(1, 300)).map(lambda pair: f"[{pair[0]},{pair[0] + timedelta(days=pair[1])}]"),
)


def entry(text: str, **more: object) -> Entry:
    when = parse_date(text)
    assert isinstance(when, PartialDate)
    low, high = when.ranges[0][0], when.ranges[-1][1]
    known: dict[str, object] = {
        "record": text,
        "kind": "event",
        "date": text,
        "earliest": None if low is None else date.fromordinal(low),
        "latest": None if high is None else date.fromordinal(high),
        "recorded": "",
        "until": "",
        "title": text,
        "hypothetical": "",
        "span": load_text("2018-01-01 person ann\n").records[0].span,
        "when": when,
    }
    return Entry(**{**known, **more})  # type: ignore[arg-type]


@given(dates, dates)
def test_order_agrees_with_every_pair_of_days(one: str, other: str) -> None:
    a, b = entry(one), entry(other)
    pairs = [
        (x, y)
        for low, high in a.when.ranges
        for x in {low, high}
        for lower, higher in b.when.ranges
        for y in {lower, higher}
    ]
    said = order(a, b)
    if said == "before":
        assert all(x < y for x, y in pairs)
    elif said == "after":
        assert all(x > y for x, y in pairs)
    elif said == "same day":
        assert all(x == y for x, y in pairs)
    else:
        assert not all(x < y for x, y in pairs)
        assert not all(x > y for x, y in pairs)
    assert {"before": "after", "after": "before"}.get(said, said) == order(b, a)


def test_what_took_effect_is_set_against_when_it_was_made_known(entries: dict[str, Entry]) -> None:
    said = {
        name: (one.known.date.text, one.known.by, known_order(one)) if one.known else None
        for name, one in entries.items()
    }
    assert said["late"] == ("2018-08-15/2018-09-15", "recorded", "before")
    assert said["cited"] == ("2019-01-01", "paper", "before")
    assert said["in-mail"] == ("2018-04-02", "paper", "after")
    assert said["month"] is None
    assert known_order(entries["month"]) is None


def test_filters_leave_out_only_what_is_surely_outside(entries: dict[str, Entry]) -> None:
    def named(**asked: object) -> set[str]:
        return {one.record for one in within(tuple(entries.values()), **asked)}  # type: ignore[arg-type]

    assert "long" in named(first=date(2018, 6, 30))
    assert "long" not in named(first=date(2018, 7, 1))
    assert {"open-end", "longer"} <= named(first=date(2018, 9, 1))
    assert "open-start" in named(last=date(1900, 1, 1))
    assert "month" not in named(last=date(2018, 2, 28))
    assert named(parties=["ann"]) == {"open-start", "wages"}
    assert named(parties=["acme"]) == {"acme", "wages"}
    assert named(kinds=["pay", "company"]) == {"acme", "wages"}


def test_the_lane_is_as_long_as_what_a_date_allows(entries: dict[str, Entry]) -> None:
    shown = [entries[name] for name in ("open-start", "open-end", "month", "long", "longer", "one-of", "late")]
    lane = lane_of(shown, 36)
    assert lane is not None
    lines = {one.record: drawn(one, lane) for one in shown}
    assert all(len(line) == 36 for line in lines.values())
    assert lines["open-start"].startswith("◂▒")
    assert lines["open-end"].endswith("▒▸")
    assert re.fullmatch(r" +▒▒▒+ +", lines["month"])
    assert re.fullmatch(r"●█+ +", lines["long"])
    assert re.fullmatch(r" +[▒○]+█+▒+◆?", lines["longer"])
    assert re.fullmatch(r" *▒ +▒▒+ +", lines["one-of"])
    assert re.fullmatch(r" +●─+◆ *", lines["late"])


@given(st.lists(dates, min_size=1, max_size=6), st.integers(1, 50))
def test_a_lane_has_a_mark_for_every_day_that_is_allowed_and_for_no_other(texts: list[str], width: int) -> None:
    shown = [entry(text) for text in texts]
    lane = lane_of(shown, width)
    assert lane is not None
    assert len(lane.head()) == width
    for one in shown:
        allowed = {
            cell for low, high in one.when.ranges for cell in range(lane.cell(low or 0), lane.cell(high or 0) + 1)
        }
        assert {at for at, sign in enumerate(drawn(one, lane)) if sign != " "} == allowed


@given(st.integers(1, 700_000), st.integers(0, 40_000), st.integers(1, 60))
def test_cells_and_days_agree(first: int, length: int, width: int) -> None:
    lane = Lane(first, first + length, width)
    assert lane.cell(first) == 0
    assert lane.cell(first + length) <= width - 1
    for cell in range(width):
        if lane.starts(cell) <= lane.last and lane.starts(cell) < lane.starts(cell + 1):
            assert lane.cell(lane.starts(cell)) == cell
            assert cell == 0 or lane.cell(lane.starts(cell) - 1) < cell


@pytest.mark.parametrize("width", [20, 63, 64, 80, 100, 160, 400])
def test_the_table_fits_the_terminal(entries: dict[str, Entry], width: int, monkeypatch, capsys) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert run(["timeline", str(BOOKS / "lighthouse")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cells, lines)) <= width
    table = timeline_table(tuple(entries.values()), width=width)
    assert len(table.columns) == (5 if width >= 64 else 4)
    assert len(timeline_table(tuple(entries.values())).columns) == 4


def boxes(svg: str) -> list[tuple[float, float, float]]:
    """Return (row, from, to) of the marks and label of each entry, labels as wide as narrow signs are at most."""
    found = []
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        row = float(group.attrib["transform"].removeprefix("translate(0 ").removesuffix(")"))
        edges: list[float] = []
        for part in group:
            if part.tag == f"{SVG}rect":
                edges += [float(part.attrib["x"]), float(part.attrib["x"]) + float(part.attrib["width"])]
            elif part.tag == f"{SVG}circle":
                edges += [float(part.attrib["cx"]) - 4, float(part.attrib["cx"]) + 4]
            elif part.tag == f"{SVG}line":
                edges += [float(part.attrib["x1"]), float(part.attrib["x2"])]
            elif part.tag == f"{SVG}text":
                at, wide = float(part.attrib["x"]), cells(part.text or "") * 6.0
                edges += [at - wide, at] if part.attrib.get("text-anchor") == "end" else [at, at + wide]
        assert edges
        found.append((row, min(edges), max(edges)))
    return found


@pytest.mark.parametrize("lanes", ["kind", "entity"])
def test_nothing_is_drawn_over_another_thing_or_outside(lanes: str, tmp_path: Path, capsys) -> None:
    out = tmp_path / "openai.svg"
    assert run(["timeline", str(BOOKS / "openai"), "-o", str(out), "--lanes", lanes]) == 0
    assert "Wrote" in capsys.readouterr().out
    svg = out.read_text(encoding="utf-8")
    found = sorted(boxes(svg))
    asked = json.loads((run(["timeline", str(BOOKS / "openai"), "--json"]), capsys.readouterr().out)[1])
    assert len(found) == len(asked["entries"]) > 200
    for (row, _, end), (next_row, start, _) in pairwise(found):
        assert row != next_row or end <= start
    assert min(start for _, start, _ in found) >= LEFT - 8
    assert max(end for _, _, end in found) <= WIDTH
    height = float(ET.fromstring(svg).attrib["height"])
    assert max(row for row, _, _ in found) < height


def test_the_picture_needs_nothing_and_does_nothing() -> None:
    evil = '</title></text><script>alert(1)</script>&"\x1b[2J\u202e\ufffe" onload="x'
    one = entry("2018-03", title=evil, record='a"><script>', parties=("<b>",), hypothetical="<i>")
    for lanes in ("kind", "entity"):
        svg = timeline_picture((one,), lanes, evil, (evil,))
        root = ET.fromstring(svg)
        assert {part.tag.removeprefix(SVG) for part in root.iter()} <= {
            *("svg", "title", "desc", "style", "defs", "pattern", "line", "linearGradient", "stop", "rect", "text"),
            *("g", "circle", "path"),
        }
        assert not [name for part in root.iter() for name in part.attrib if name.startswith("on")]
        assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
        assert inert(svg) == svg
        assert "prefers-color-scheme: dark" in svg
        assert root.attrib["role"] == "img"
        assert [root.find(f"{SVG}{name}") is not None for name in ("title", "desc")] == [True, True]
        marks = list(root.iter(f"{SVG}g"))
        assert [mark.find(f"{SVG}title") is not None for mark in marks] == [True]


@pytest.mark.parametrize("text", ["../..", "../2018-02-20", "2018-03-01/..", "0001-01-01", "9999-12-31", "20XX"])
def test_every_date_can_be_drawn(text: str) -> None:
    when = parse_date(text)
    if not isinstance(when, PartialDate):
        pytest.skip(f"{text} is no date")
    for shown in ([entry(text)], [entry(text), entry("2018-05-01", title="公司" * 60)]):
        ET.fromstring(timeline_picture(shown, "kind", "A"))
        lane = lane_of(shown, 20)
        assert lane is None or all(len(drawn(one, lane)) == 20 for one in shown)
    assert "No dated record" in timeline_picture((), "kind", "A")


def test_what_is_wrong_on_the_command_line_is_said(capsys, tmp_path: Path) -> None:
    book = str(BOOKS / "acme")
    for words, says in {
        ("--entity", "birch"): "there is no party 'birch'",
        ("--kind", "isue"): "did you mean 'issue'?",
        ("--against", "charter"): "the timeline has no record 'charter'",
        ("--from", "2021-05-01", "--to", "2021-04-01"): "--from 2021-05-01 is later than --to 2021-04-01",
        ("-o", str(tmp_path)): "is a folder",
    }.items():
        assert run(["timeline", book, *words]) == 2
        assert says in capsys.readouterr().err


def test_it_is_told_per_account(capsys) -> None:
    def asked(*words: str) -> dict[str, dict[str, object]]:
        assert run(["timeline", str(BOOKS / "openai"), "--json", *words]) == 0
        return {one["record"]: one for one in json.loads(capsys.readouterr().out)["entries"]}

    keeper = asked()
    disputed = {name for name, one in keeper.items() if one["disputed"]}
    assert "musk-departure" in disputed
    accounts = [record.name for record in load(BOOKS / "openai").records_of("account")]
    dates = {
        str(told[name]["date"])
        for told in (asked("--account", account) for account in accounts)
        for name in disputed & set(told)
    }
    assert len(dates) > len(disputed)
    assert keeper["musk-leaves"]["made_known"] == {
        "date": "2018-03-25/2018-04-23",
        "earliest": "2018-03-25",
        "latest": "2018-04-23",
        "by": "recorded",
        "effect": "before",
    }
    said = asked("--against", "musk-leaves", "--entity", "microsoft")
    assert {one["order"] for one in said.values()} >= {"before", "after", "cannot say"}
    assert all("microsoft" in str(one["parties"]) for one in said.values())
