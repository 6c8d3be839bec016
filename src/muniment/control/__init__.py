"""Who decides: rules compiled to exact decisions, coalitions, power."""

from __future__ import annotations

from muniment.control.decisions import Decision, PassResult, decide, passes
from muniment.control.matters import NoSuchMatter, matters_of
from muniment.control.plain import to_json

__all__ = ["Decision", "NoSuchMatter", "PassResult", "decide", "matters_of", "passes", "to_json"]
