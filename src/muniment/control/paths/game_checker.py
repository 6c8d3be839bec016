"""Check a certificate of an answer against others who also move, with nothing but the certificate.

It shares no code with the game that made it. Of `checker` it uses only how a value is fitted to a shape.
"""

from __future__ import annotations

from typing import Any

from muniment.control.paths.checker import WHOLE, UnprovenError, Verdict, fit, shown

KINDS = ("win", "defeat")


def check_game(certificate: object) -> Verdict:
    """Say whether a certificate of kind `win` or `defeat`, of anyone's making, proves its claim; raises nothing.

    A win names an opening for each position, with the most rounds it takes: whatever the reply, the matter is passed or
    fewer rounds are left, so that nobody goes round in circles. A defeat names positions that the others never let the
    coalition leave: to every opening there they have a reply that leads to one of them.
    """
    says = ""
    try:
        top: dict[str, Any] = fit(certificate, WHOLE, "certificate")
        asked = top["question"]
        if top["kind"] not in KINDS:
            raise UnprovenError("kind: neither win nor defeat")
        if asked["adversary"] != "hostile":
            raise UnprovenError("question.adversary: the kind is of answers against a hostile one")
        positions, start = _game(top["problem"])
        who = f"{' + '.join(asked['who'])} to decide '{asked['matter']}' of {asked['entity']}"
        if top["kind"] == "win":
            says = shown(f"whatever the others reply, the openings stated lead {who}")
            return Verdict(True, says, _wins(positions, start, top["claim"]))
        says = shown(f"to every opening stated the others have a reply that does not lead {who}")
        return Verdict(True, says, _loses(positions, start, top["claim"]))
    except UnprovenError as fault:
        return Verdict(False, says, str(fault))


def _game(problem: object) -> tuple[list[dict[str, Any]], int]:
    stated = fit(problem, {"positions": [object], "start": object}, "problem")
    within = range(len(stated["positions"]))
    reply = {"during": [str], "effective": bool, "after": [str], "to": {within}}
    opening = {"move": str, "days": int, "replies": [reply]}
    for at, position in enumerate(stated["positions"]):
        where = f"problem.positions[{at}]"
        fit(position, {"made": [str], "holds": bool, "openings": [opening]}, where)
        for number, each in enumerate(position["openings"]):
            if any(reply["to"] is None and (not reply["effective"] or reply["after"]) for reply in each["replies"]):
                raise UnprovenError(f"{where}.openings[{number}]: a reply that leads nowhere, and passes nothing")
    return stated["positions"], fit(stated["start"], within, "problem.start")


def _wins(positions: list[dict[str, Any]], start: int, claim: object) -> str:
    within = range(len(positions))
    one = {"position": within, "opening": int, "rounds": int}
    stated = fit(claim, {"wins": [one]}, "claim")["wins"]
    rounds = {at: 0 for at in within if positions[at]["holds"]}
    for at, each in enumerate(stated):
        if each["position"] in rounds:
            raise UnprovenError(f"claim.wins[{at}]: the position is won already")
        rounds[each["position"]] = int(each["rounds"])
    if start not in rounds:
        raise UnprovenError("claim: it says nothing of the start")
    for at, each in enumerate(stated):
        openings = positions[each["position"]]["openings"]
        if int(each["opening"]) >= len(openings):
            raise UnprovenError(f"claim.wins[{at}].opening: the position has no such opening")
        replies = openings[int(each["opening"])]["replies"]
        if not replies:
            raise UnprovenError(f"claim.wins[{at}].opening: no reply is stated, not even that there is none")
        for number, reply in enumerate(replies):
            if reply["to"] is not None and not rounds.get(reply["to"], int(each["rounds"])) < int(each["rounds"]):
                raise UnprovenError(f"claim.wins[{at}]: reply {number} leads to no position of fewer rounds")
    return f"{len(stated)} opening(s) checked; every reply leads on in fewer rounds, {rounds[start]} at most"


def _loses(positions: list[dict[str, Any]], start: int, claim: object) -> str:
    lost = frozenset(fit(claim, {"lost": [range(len(positions))]}, "claim")["lost"])
    if start not in lost:
        raise UnprovenError("claim: it says nothing of the start")
    openings = 0
    for at in sorted(lost):
        if positions[at]["holds"]:
            raise UnprovenError(f"claim: the coalition passes the matter in position {at}")
        openings += len(positions[at]["openings"])
        for opening in positions[at]["openings"]:
            if not any(reply["to"] in lost for reply in opening["replies"]):
                raise UnprovenError(f"claim: no reply stated to '{shown(opening['move'])}' stays within it")
    return f"{openings} opening(s) in {len(lost)} position(s) checked; a reply to each stays within those"
