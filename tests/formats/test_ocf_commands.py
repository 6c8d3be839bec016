"""`muniment import ocf` and `muniment export ocf`, as they are called."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ocf_packages import STORY, packed, write

from muniment.cli.main import run

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write(packed(STORY), tmp_path / "package")


def test_there_and_back_through_the_command_line(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, out = tmp_path / "book", tmp_path / "out.zip"
    assert run(["import", "ocf", str(package), "-o", str(book), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["objects"]["TX_STOCK_ISSUANCE"] == 10
    Draft202012Validator(json.loads((SCHEMAS / "import.json").read_text())).validate(answer)
    assert {each["severity"] for each in answer["findings"]} <= {"warning", "note"}
    assert run(["check", str(book), "--strict"]) == 0
    capsys.readouterr()
    assert run(["cap-table", str(book), "acme", "--on", "2024-01-01", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert ["birch-fund", "series-a", "315000"] in [[each["party"], each["class"], each["quantity"]] for each in rows]
    assert run(["export", "ocf", str(book), "acme", "-o", str(out), "--on", "2024-01-01", "--json"]) == 0
    Draft202012Validator(json.loads((SCHEMAS / "export.json").read_text())).validate(
        json.loads(capsys.readouterr().out)
    )
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
    assert run(["import", "ocf", str(out), "-o", str(tmp_path / "again")]) == 0
    for name in ("ledger.muni", "rights.muni", "muniment.toml"):
        assert (tmp_path / "again" / name).read_text() == (book / name).read_text()


def test_what_is_left_out_of_the_figures_gives_exit_code_1(tmp_path: Path) -> None:
    items = [item for item in STORY if item.get("id") != "ada"]
    folder = write(packed(items), tmp_path / "package")
    assert run(["import", "ocf", str(folder), "-o", str(tmp_path / "book")]) == 1
    assert run(["check", str(tmp_path / "book")]) == 0


@pytest.mark.parametrize("what", ["no manifest", "folder is there", "not a package", "no such entity", "out is there"])
def test_wrong_usage_is_one_line_and_exit_code_2(
    what: str, package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book"
    words = ["import", "ocf", str(package), "-o", str(book)]
    if what == "no manifest":
        (package / "Manifest.ocf.json").unlink()
    elif what == "folder is there":
        words[-1] = str(package)
    elif what == "not a package":
        words[2] = str(package / "Manifest.ocf.json")
    else:
        assert run(words) == 0
        out = package if what == "out is there" else tmp_path / "out"
        entity = "acme" if what == "out is there" else "amce"
        words = ["export", "ocf", str(book), entity, "-o", str(out), "--on", "2024-01-01"]
    capsys.readouterr()
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.strip()
