"""Objects as the files of a package, and a package on disk: as a new folder, or as one archive."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from muniment.formats.ocf_types import FILES, MANIFEST, OBJECTS, OPTIONAL_LISTS

FILE_NAMES: Mapping[str, str] = {
    "stakeholders_files": "Stakeholders",
    "stock_classes_files": "StockClasses",
    "stock_plans_files": "StockPlans",
    "stock_legend_templates_files": "StockLegendTemplates",
    "vesting_terms_files": "VestingTerms",
    "valuations_files": "Valuations",
    "transactions_files": "Transactions",
    "financings_files": "Financings",
    "documents_files": "Documents",
}

ANY_DAY = (1980, 1, 1, 0, 0, 0)
"""The day archives give their members, so that the same package is the same bytes."""


def write_package(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files of a package.

    Args:
        files: Bytes by path inside the package.
        out: A folder that is new or empty; or a new archive, if its name ends in `.zip`.

    Raises:
        FileExistsError: If something is there already.
        OSError: If it cannot be written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir()) or out.suffix.lower() == ".zip"):
        raise FileExistsError(str(out))
    if out.suffix.lower() == ".zip":
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name, ANY_DAY), data)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)


def packed(objects: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any], on: date) -> dict[str, bytes]:
    """Return the files of a package, each with its MD5 in the manifest.

    Args:
        objects: Every object but the issuer.
        manifest: The issuer, and what else the manifest says.
        on: The day of which the package is.
    """
    lists: dict[str, list[Mapping[str, Any]]] = {label: [] for label in FILES}
    for made in objects:
        lists[OBJECTS.get(str(made.get("object_type")), "transactions_files")].append(made)
    whole: dict[str, Any] = {
        **manifest,
        "file_type": MANIFEST,
        "as_of": on.isoformat(),
        "generated_at": f"{on.isoformat()}T00:00:00Z",
    }
    files: dict[str, bytes] = {}
    for label, items in lists.items():
        if not items and label in OPTIONAL_LISTS:
            continue
        whole[label] = []
        if items:
            name = f"{FILE_NAMES[label]}.ocf.json"
            files[name] = _json({"file_type": FILES[label], "items": items})
            md5 = hashlib.md5(files[name], usedforsecurity=False).hexdigest()
            whole[label].append({"filepath": f"./{name}", "md5": md5})
    files["Manifest.ocf.json"] = _json(whole)
    return files


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")
