"""Reading packages: what is wrong with one is said, with its place, and never raised."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ocf_packages import ISSUER, STORY, holder, issued, packed, share_class, write

from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.formats.ocf_package import Package, package_of, read_package
from muniment.formats.ocf_records import Imported, book_of
from muniment.formats.ocf_types import has_shape, number


def kinds(package: Package) -> set[str]:
    return {finding.kind for finding in package.findings}


def test_a_sound_package_has_nothing_to_report_and_every_md5_is_checked() -> None:
    package = package_of(packed(STORY))
    assert package.findings == ()
    assert len(package.checked) == 9
    assert len(package.items) == len(STORY)


def test_the_manifest_is_found_by_its_type_whatever_its_name(tmp_path: Path) -> None:
    files = packed(STORY)
    files["deep/zzz.json"] = files.pop("Manifest.ocf.json").replace(b"./", b"../")
    package = read_package(write(files, tmp_path))
    assert package.findings == ()
    assert package.issuer is not None
    assert package.issuer.id == "acme"


def test_two_manifests_are_an_error_and_none_is_too() -> None:
    files = packed(STORY)
    twice = package_of(files | {"copy.json": files["Manifest.ocf.json"]})
    assert [(each.severity, each.kind) for each in twice.findings] == [("error", "manifest")]
    assert "this has 2" in twice.findings[0].message
    del files["Manifest.ocf.json"]
    assert kinds(package_of(files)) == {"manifest"}


def test_a_changed_file_is_told_by_its_md5() -> None:
    files = packed(STORY)
    files["valuations_files.ocf.json"] += b"\n"
    package = package_of(files)
    assert [(each.where, each.kind) for each in package.findings] == [("valuations_files.ocf.json", "MD5")]
    assert len(package.items) == len(STORY)


@pytest.mark.parametrize("path", ["../out.json", "/etc/passwd", "a/../../b.json", "C:/x.json", "..\\x.json"])
def test_a_path_outside_is_refused(path: str) -> None:
    files = packed(STORY, valuations_files=[{"filepath": path, "md5": "0"}])
    assert "path" in kinds(package_of(files))


def test_a_file_the_manifest_does_not_name_is_left_out_and_said(tmp_path: Path) -> None:
    files = packed(STORY)
    files["more.ocf.json"] = json.dumps({"file_type": "OCF_STAKEHOLDERS_FILE", "items": [holder("eve")]}).encode()
    write(files, tmp_path)
    package = read_package(tmp_path)
    assert kinds(package) == {"not in the manifest"}
    assert len(package.items) == len(STORY)
    assert len(read_package(tmp_path, every_file=True).items) == len(STORY) + 1


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"file_type": "OCF_VALUATIONS_FILE", "items": [], "items": []}', "not JSON"),
        (b'{"file_type": "OCF_VALUATIONS_FILE", "items": [NaN]}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "not JSON"),
        (b'{"x": ' + b"9" * 5_000 + b"}", "not JSON"),
        (b"[]", "no file type"),
        (b'{"file_type": "OCF_VALUATIONS_FILE"}', "no items"),
        (b'{"file_type": "OCF_VALUATIONS_FILE", "items": [1, {}, {"object_type": []}]}', "no object type"),
        (b'{"file_type": "OCF_VALUATIONS_FILE", "items": [{"object_type": "VALUATION"}]}', "no id"),
        (b'{"file_type": "OCF_VALUATIONS_FILE", "items": [{"object_type": "NEW", "id": "a"}]}', "unknown type"),
    ],
)
def test_a_bad_file_is_a_finding(data: bytes, kind: str) -> None:
    files = packed(STORY)
    files["valuations_files.ocf.json"] = data
    assert kind in kinds(package_of(files))


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("quantity", "1e5"),
        ("quantity", "1.12345678901"),
        ("quantity", True),
        ("quantity", ["1"]),
        ("date", "2020-02-30"),
        ("date", "02/01/2020"),
        ("share_price", "1 USD"),
        ("share_price", {"amount": "1", "currency": "dollars"}),
        ("security_id", 7),
        ("stakeholder_id", None),
    ],
)
def test_a_field_of_the_wrong_shape_is_located_and_its_object_not_counted(label: str, value: Any) -> None:
    bad = issued("cs-1", "ada", "common", 10) | {label: value}
    package = package_of(packed([holder("ada"), share_class("common"), bad]))
    assert [(each.kind, "item 1 (cs-1-issuance)" in each.where) for each in package.findings] == [("field", True)]
    made = book_of(package)
    assert isinstance(made, Imported)
    assert not made.ledger.securities
    assert "cs-1-issuance" in "".join(made.files.values())


def test_numbers_are_read_exactly_and_json_numbers_are_never_floats() -> None:
    assert number("0.0000000001") is not None
    assert number("+10000000.00") == 10_000_000
    assert number("1.00000000001") is None
    assert number(True) is None
    assert number(3) == 3
    assert not has_shape("x", "name")


def test_an_archive_is_read_wherever_its_folder_lies_in_it(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in packed(STORY).items():
            archive.writestr(f"export/{name}", data)
        archive.writestr("__MACOSX/export/._Manifest.ocf.json", b"\x00")
        archive.writestr("../outside.json", b"{}")
        archive.writestr("readme.txt", b"hello")
    package = read_package(path)
    assert kinds(package) == {"path"}
    assert len(package.items) == len(STORY)


def test_an_archive_that_swells_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.formats.ocf_package.LARGEST_FILE", 50_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in packed(STORY).items():
            archive.writestr(name, data)
        archive.writestr("bomb.json", b"0" * 20_000_000)
    assert path.stat().st_size < 100_000
    package = read_package(path)
    assert [(each.where, each.kind) for each in package.findings] == [("bomb.json", "too large")]


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert "not an archive" in kinds(read_package(path))
    with pytest.raises(FileNotFoundError):
        read_package(tmp_path / "absent")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"file_type": "OCF_VALUATIONS_FILE", "items": []}')
    folder = write(packed(STORY), tmp_path / "package")
    (folder / "link.json").symlink_to(secret)
    assert "path" in kinds(read_package(folder))


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**20),
    st.text(max_size=12),
    st.sampled_from(["", "cs-1", "common", "ada", "2021-01-01", "0", "-5", "0.5", "9" * 13, 'a"b', "[@x]", "\n"]),
    st.lists(st.sampled_from(["cs-1", "cs-2", "sa-1", "x"]), max_size=3),
    st.just({"numerator": "0", "denominator": "0"}),
    st.just({"amount": "-1", "currency": "USD"}),
    st.just({"omitted": True}),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_stands_in_the_fields_the_book_loads_without_errors(data: st.DataObject) -> None:
    items = [dict(item) for item in STORY]
    for _ in range(data.draw(st.integers(1, 4))):
        item = data.draw(st.sampled_from(items))
        label = data.draw(st.sampled_from(sorted(item)))
        item[label] = data.draw(VALUES)
    made = book_of(package_of(packed(items, issuer=ISSUER)))
    assert isinstance(made, Imported)
    text = "\n".join(text for name, text in made.files.items() if name.endswith(".muni"))
    book = load_text(text)
    errors = [each for each in (*book.diagnostics, *check_figures(book)) if each.severity == "error"]
    assert errors == []
