"""The report is computed: a change of one seat, one source or one amount changes its sentences."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.cli.main import run

BOOKS = Path(__file__).resolve().parents[1] / "books"


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., str]:
    """Return a function that reports on a copy of a book in which words of one file are replaced."""

    def make(name: str, old: str = "", new: str = "", file: str = "") -> str:
        folder = tmp_path / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(BOOKS / name, folder)
        path = next(
            iter([folder / file] if file else sorted(folder.glob(f"{name}.muni")) or sorted(folder.glob("*.muni")))
        )
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            assert run(["report", str(folder), "--format", "md"]) in (0, 1)
        return out.getvalue().replace("\\", "")

    return make


def lines_of(text: str) -> set[str]:
    return {line for line in text.splitlines() if "hash" not in line}


def changed(before: str, after: str) -> tuple[str, str]:
    """Return the lines that went and those that came."""
    return "\n".join(lines_of(before) - lines_of(after)), "\n".join(lines_of(after) - lines_of(before))


def test_one_seat_changes_who_decides(report: Callable[..., str]) -> None:
    went, came = changed(report("acme"), report("acme", "common-directors: ada, grace", "common-directors: ada"))
    assert "acme: appoint ceo" in went + came or "each director decides alone" in went + came
    assert went != came != ""


def test_one_seat_of_the_openai_board_changes_who_decides(report: Callable[..., str]) -> None:
    records = (BOOKS / "openai" / "structure.muni").read_text(encoding="utf-8")
    seats = next(line for line in records.splitlines() if line.strip().startswith("number: "))
    size = int(seats.split()[1])
    other = seats.replace(f"number: {size}", f"number: {size + 2}")
    went, came = changed(report("openai"), report("openai", seats + "\n", other + "\n", "structure.muni"))
    assert "openai-inc: " in went
    assert "openai-inc: " in came


def test_one_source_changes_what_is_quoted_and_what_is_disputed(report: Callable[..., str]) -> None:
    went, came = changed(
        report("acme"), report("acme", "has raised $3.5 million", "has raised $35 million", "sources/herald.txt")
    )
    assert "3 exact, 1 folded" in went
    assert "near-miss" in came
    assert "1 error" in came


def test_one_amount_changes_who_is_paid_and_what_is_disputed(report: Callable[..., str]) -> None:
    before = report("acme")
    went, came = changed(before, report("acme", "original issue price: USD 1.50", "original issue price: USD 2.50"))
    assert "3,000,000.00" in went
    assert "5,000,000.00" in came
    went, came = changed(before, report("acme", "- USD 3,500,000 ", "- USD 3,600,000 "))
    assert "3,500,000" in went
    assert "3,600,000" in came


def test_one_title_changes_the_name_in_the_report(report: Callable[..., str]) -> None:
    went, came = changed(report("lighthouse"), report("lighthouse", "Oak asks for a majority", "Oak asks for more"))
    assert "Oak asks for a majority of the trustees" in went
    assert "Oak asks for more of the trustees" in came


def test_one_outcome_changes_what_became_of_a_proposal(report: Callable[..., str]) -> None:
    went, came = changed(report("lighthouse"), report("lighthouse", "against: dara, emil", "against: emil"))
    assert went == came == "" or "buy-out" in went + came or "3 of 5" in went + came
    went, came = changed(
        report("lighthouse"), report("lighthouse", "for: amara, bo, chen", "for: amara, bo, chen, dara")
    )
    assert "3 of 5" in went
    assert "fails" not in came.partition("amend charter")[2].partition("\n")[0]


def test_nothing_changes_when_nothing_does(report: Callable[..., str]) -> None:
    assert report("acme") == report("acme")


@pytest.mark.parametrize("name", ["acme", "lighthouse", "pyramid", "openai"])
def test_a_report_says_what_it_rests_on(report: Callable[..., str], name: str) -> None:
    end = report(name)[-600:]
    assert "account: keeper" in end
    assert "directors: " in end
    assert "muniment 0." in end
    assert "hash " in end
