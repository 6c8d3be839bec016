"""Compile loops to machine code with numba, and keep what was compiled on disk where that is allowed.

Imported only by modules that are themselves imported where numba is installed and the work is large.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function compiled at its first call for each kind of arguments; other threads go on while it runs.

    The machine code is kept in the `__pycache__` beside the source, or in the folder that the environment variable
    NUMBA_CACHE_DIR names. Where neither can be written, as in an installation that is read-only, each process compiles
    anew: nothing is ever written to the home directory.
    """
    folder = Path(function.__code__.co_filename).parent
    kept = folder / "__pycache__"
    writable = os.access(kept if kept.is_dir() else folder, os.W_OK)
    made: Callable[..., Any] = njit(function, cache=writable or bool(os.environ.get("NUMBA_CACHE_DIR")), nogil=True)
    return made
