"""The report as plain values."""

from __future__ import annotations

from typing import Any

from muniment.answers.deciding import decided_json
from muniment.answers.disputes import dispute_json
from muniment.answers.paths import path_in_short
from muniment.answers.paying import payout_json
from muniment.answers.report import Report


def report_json(report: Report) -> dict[str, Any]:
    """Return the parts of a report under the names that the single commands use."""
    return {
        "counts": dict(report.counts),
        "first": report.first.isoformat() if report.first else None,
        "last": report.last.isoformat() if report.last else None,
        "summary": report.checked.summary(),
        "structures": [
            {
                "record": e.record,
                "date": e.date,
                "title": e.title,
                "kind": e.kind,
                "recorded": e.recorded or None,
                "under": e.hypothetical or None,
            }
            for e in report.structures
        ],
        "answers": [
            {"since": period.since.isoformat(), "under": None, **decided_json(each)}
            for period in report.periods
            for each in period.decided
        ]
        + [
            {"since": each.on.isoformat(), "under": each.proposal, **decided_json(one)}
            for each in report.hypotheticals
            for one in each.decided
        ],
        "proposals": [
            {
                "proposal": h.proposal,
                "title": h.title,
                "by": list(h.by),
                "outcome": h.outcome or None,
                "on": h.on.isoformat(),
                "changes_structure": bool(h.decided),
                "votes": list(h.votes),
            }
            for h in report.hypotheticals
        ],
        "paths": [
            {"on": each.answer.on, "account": asked.account, "under": asked.under, **path_in_short(each)}
            for asked in report.paths
            for each in asked.found
        ],
        "payouts": [
            {"on": out.on.isoformat(), "under": out.under, **payout_json(one)}
            for out in report.payouts
            for _, paid in out.each
            for one in paid
        ],
        "disputes": [dispute_json(dispute) for dispute in report.disputes],
        "conclusions": [
            {
                "question": each.words,
                "answers": {words: list(accounts) for words, accounts in each.answers.items()},
                "holds": each.holds,
            }
            for each in report.conclusions
        ],
        "quotations": report.checked.quotations,
        "leverage": [record.address for record in report.leverage],
        "claims": report.claims,
    }
