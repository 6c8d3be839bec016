"""Plain-text record-keeping for power and money in organisations."""

from __future__ import annotations

__version__ = "0.1.0"
