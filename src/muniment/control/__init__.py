"""Who decides: rules compiled to exact decisions, coalitions, power."""

from __future__ import annotations

from muniment.control.compiled_decision import CompiledDecision, can_pass, compile_decision
from muniment.control.counterfactuals import WhatIf, what_would_change
from muniment.control.decisions import Decision, PassResult, decide, passes
from muniment.control.matters import NoSuchMatter, matters_of
from muniment.control.plain import to_json
from muniment.control.signing import Signing, who_signs
from muniment.control.why import derive

__all__ = [
    "CompiledDecision",
    "Decision",
    "NoSuchMatter",
    "PassResult",
    "Signing",
    "WhatIf",
    "can_pass",
    "compile_decision",
    "decide",
    "derive",
    "matters_of",
    "passes",
    "to_json",
    "what_would_change",
    "who_signs",
]
