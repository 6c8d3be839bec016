"""Settings of the documentation; the reference pages are generated before the pages are read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generate import write_reference  # noqa: E402

from muniment import __version__  # noqa: E402

project = "Muniment"
author = "The authors of Muniment"
project_copyright = "the authors of Muniment"
version = release = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = f"Muniment {version}"
html_show_sphinx = False
# Nothing on a page is fetched from elsewhere.
html_theme_options: dict[str, Any] = {"navigation_with_keys": True}


def setup(app: Any) -> None:
    """Generate the reference when the build starts."""
    app.connect("builder-inited", lambda _: write_reference(HERE / "reference"))
