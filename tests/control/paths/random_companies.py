"""Small random companies, as records, for comparing ways of looking for paths."""

from __future__ import annotations

from random import Random

PEOPLE = ("ada", "bo", "cy", "dee")
ON = "2020-06-01"


def company(random: Random) -> str:
    """Return the records of a small company with seats, classes, rules, an option and a class that converts."""
    lines = ["2020-01-01 company e", "  law pack: none"]
    two = random.random() < 0.5
    classes = ["common", "super"] if two else ["common"]
    held = {name: {person: random.choice((0, 1, 2, 3)) for person in PEOPLE} for name in classes}
    holding = random.random() < 0.4
    if holding:
        held["common"]["top"] = random.choice((2, 3, 5))
    for name in classes:
        lines += [f"  class {name}", f"    votes per share: {1 if name == 'common' else random.choice((3, 10))}"]
        if random.random() < 0.6:
            lines.append(f"    authorized: {sum(held[name].values()) + random.choice((0, 1, 4, 9))}")
        if name == "super" and random.random() < 0.5:
            lines.append(f"    converts: 1:{random.choice((1, 2, 20))} into common")
    groups = ["one", "two"][: random.choice((1, 2))]
    lines += ["  board"]
    if random.random() < 0.7:
        lines.append(
            f"    decides by: {random.choice(('majority', 'all but 1 of board', 'majority of board in office'))}"
        )
    sizes = {}
    for group in groups:
        size = random.choice((1, 2, 3))
        ranged = random.random() < 0.4
        sizes[group] = size
        lines += [
            f"    seats {group}",
            f"      number: {size}{f' to {size + random.choice((1, 2))}' if ranged else ''}",
        ]
        lines.append(f"      filled by: {_rule(random, classes, groups)}")
        if random.random() < 0.7:
            cause = " for cause only" if random.random() < 0.25 else ""
            lines.append(f"      removed by: {_rule(random, classes, groups)}{cause}")
        if random.random() < 0.2:
            lines.append(f"      vacancies filled by: {_rule(random, classes, groups)}")
    lines += ["  rules"]
    for matter in ("ordinary decision", "change board size", "amend charter", "issue shares", "authorize shares"):
        if random.random() < 0.5:
            lines.append(f"    {matter}: {_rule(random, classes, groups)}")
            if matter == "ordinary decision" and random.random() < 0.4:
                lines.append(f"      changed by: {random.choice(('amend bylaws', 'amend charter'))}")
    lines.append(f"    amend bylaws: {_rule(random, classes, groups)}")
    if random.random() < 0.3:
        lines.append(f"    call meeting: {random.choice(('board', 'at least 25% of votes'))}")
    if random.random() < 0.3:
        lines.append(
            f"    act by written consent: {random.choice(('never', 'majority of votes', 'at least 2/3 of votes'))}"
        )
    if holding:
        lines += ["2020-01-01 company top", "  law pack: none", "  class units"]
        lines += ["2020-01-02 issue top", *(f"  {person}: {random.choice((1, 2))} units" for person in PEOPLE[:2])]
    for name in classes:
        entries = [f"  {person}: {count} {name}" for person, count in held[name].items() if count]
        if entries:
            lines += ["2020-01-02 issue e", f"  id: issue-of-{name}", *entries]
    for group in groups:
        sitting = [random.choice((*PEOPLE, "eve", "fay", "gus")) for _ in range(random.randint(0, sizes[group]))]
        sitting = list(dict.fromkeys(sitting))
        if sitting:
            lines += ["2020-01-03 appoint e", f"  id: appointed-{group}", f"  {group}: {', '.join(sitting)}"]
    if random.random() < 0.4:
        source = random.choice(("new shares", "bo"))
        most = held["common"]["bo"] if source == "bo" else 5
        if most:
            lines += ["2020-01-04 option call", "  issuer: e", f"  holder: {random.choice(PEOPLE)}"]
            lines += [f"  over: {most} common", f"  from: {source}"]
    return "\n".join(lines) + "\n"


def _rule(random: Random, classes: list[str], groups: list[str]) -> str:
    rule = _clause(random, classes, groups)
    if random.random() < 0.25:
        rule += f" {random.choice(('and', 'or'))} {_clause(random, classes, groups)}"
    return rule


def _clause(random: Random, classes: list[str], groups: list[str]) -> str:
    match random.randrange(6):
        case 0:
            return f"{random.choice(('majority', 'at least 2/3', 'more than 1/3'))} of votes"
        case 1:
            return f"{random.choice(('majority', 'at least 2/3'))} of {random.choice(classes)}"
        case 2:
            return f"consent of {random.choice(PEOPLE)}"
        case 3:
            return random.choice(("board", "majority of board", "all but 1 of board", "majority of board in office"))
        case 4:
            return f"majority of {random.choice(groups)}"
        case _:
            return "never" if random.random() < 0.2 else "1 of board"
