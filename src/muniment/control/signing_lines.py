"""The votes and consents of a matter, one a line: the instrument, its signers, how many are needed, on what notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Structure
from muniment.control.ballots import figure
from muniment.control.compiled import Compiled, EntityActs, Key, MatterPasses, PoolDecides, SeatAgrees, VoteNote
from muniment.control.deadlines import Delay
from muniment.control.formula import Actor, And, Constant, Others, parts_of
from muniment.control.reasons import amount, figure_needed
from muniment.control.signing_rules import WRITTEN, ConsentTerms, SigningCompiler, VoteTerms, Way, nature_of

MOST_SIGNERS = 100
MOST_LINES = 200
DEEPEST = 40
NOT_EVEN_TOGETHER = "cannot be had, even with everyone agreeing"
ROLES = {
    "id": "whose consent the rule asks for",
    "general partner": "as general partner of {}",
    "manager": "as manager of {}",
    "trustees": "as trustee of {}",
    "attorney general": "as the authority whose consent the rule asks for",
}


class Signer(NamedTuple):
    """One who signs or votes.

    Attributes:
        capacity: In what role (`director, founders seat 1 of acme.board`; `holder of 40,000 common of acme`).
        decides_by: Numbers of the lines that say how it decides; empty for one who decides for itself.
        willing: It is taken to sign.
    """

    party: str
    capacity: str
    decides_by: tuple[int, ...] = ()
    willing: bool = False


class Taken(NamedTuple):
    """One way in which a vote may be taken.

    Attributes:
        form: ``meeting``, ``annual meeting``, ``in writing``, ``vote`` or ``consent``.
        notice: As written; empty if none is stated.
        earliest: The first day on which it can be done so; None if it cannot.
        notice_by: The last day on which notice must be given, or the consent be asked for, to be in time; None where
            it is too late, or the vote cannot be taken so by then.
        because: Where the way is stated.
        needs: What this way asks for where it is more than the vote itself (`all of votes`).
    """

    form: str
    notice: str
    earliest: date | None
    notice_by: date | None
    because: tuple[Basis, ...]
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One instrument.

    Attributes:
        number: From 1, in the order of the rules.
        depth: 0 for the matter's own rules; deeper for what a signer needs to act.
        instrument: What is signed or voted (`resolution of acme.board`).
        purpose: What it is for (`acme: sell company`; `so that holdco votes`).
        needed: How much of whom (`a majority: 3 of 5 seats of acme.board`).
        nature: ``protective``, ``substantive`` or empty.
        signers: Who can sign; the first hundred.
        more_signers: How many more there are.
        vacant: Vacant seats, which sign nothing.
        ways: In which it may be done, the first day of each and the last day for its notice.
        earliest: The first day of the soonest way; None if it cannot be done.
        gate: What it waits for that nobody can sign (`no objection of ftc within 30 days`), or why it cannot be done.
        because: Rule, seats and holdings.
    """

    number: int
    depth: int
    instrument: str
    purpose: str
    needed: str = ""
    nature: str = ""
    signers: tuple[Signer, ...] = ()
    more_signers: int = 0
    vacant: int = 0
    ways: tuple[Taken, ...] = ()
    earliest: date | None = None
    gate: str = ""
    because: tuple[Basis, ...] = ()


class Walk(NamedTuple):
    """What the lines are read from.

    Attributes:
        days: First day on which each node can say yes, with everyone agreeing.
        deadlines: Last day on which each node may say yes for the matter to be in time.
        by: The day by which the matter is to pass.
        willing: Who is taken to sign.
    """

    structure: Structure
    compiled: Compiled
    compiler: SigningCompiler
    days: Mapping[int, date]
    deadlines: Mapping[int, date]
    by: date
    willing: tuple[str, ...]


class _Visit(NamedTuple):
    number: int
    depth: int
    purpose: str
    notice: Delay | None = None
    above: int = 0
    who: str = ""


class _Lines:
    """Collects lines; those that say how a signer decides are put to the signer once all are there."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.keys: dict[int, Key] = {number: key for key, number in walk.compiled.names.items()}
        self.lines: list[Line] = []
        self.decides_by: dict[tuple[int, str], list[int]] = {}
        self.first_line: dict[int, int] = {}
        self.left_out = 0

    def add(self, visit: _Visit, line: Line) -> int:
        number = len(self.lines) + 1
        self.lines.append(line)
        if visit.above and visit.who:
            self.decides_by.setdefault((visit.above, visit.who), []).append(number)
        return number


def lines_of(walk: Walk) -> tuple[Line, ...]:
    """Return the lines of a matter, in the order of its rules; each decision once."""
    made = _Lines(walk)
    root = walk.compiled.system.root
    key = made.keys[root]
    purpose = f"{key.entity}: {key.matter}" if isinstance(key, MatterPasses) else ""
    waiting = [_Visit(root, 0, purpose)]
    seen: dict[int, int] = {}
    while waiting:
        visit = waiting.pop()
        known = seen.get(visit.number)
        if known is not None:
            if visit.above and visit.who and known:
                made.decides_by.setdefault((visit.above, visit.who), []).append(known)
            continue
        if len(made.lines) >= MOST_LINES:
            made.left_out += 1
            continue
        before = len(made.lines)
        below = _visit(made, visit)
        # The next line comes from here: the lines are in the order in which the rules are met.
        seen[visit.number] = before + 1 if below or len(made.lines) > before else 0
        waiting.extend(reversed(below))
    lines = [_with_deciders(line, number, made.decides_by, walk) for number, line in enumerate(made.lines, 1)]
    if made.left_out:
        lines.append(
            Line(number=len(lines) + 1, depth=0, instrument=f"and {made.left_out:,} more decisions", purpose="")
        )
    return tuple(lines)


def _with_deciders(line: Line, number: int, decides_by: Mapping[tuple[int, str], list[int]], walk: Walk) -> Line:
    signers = tuple(
        signer._replace(
            decides_by=tuple(dict.fromkeys(decides_by.get((number, signer.party), ()))),
            willing=signer.party in walk.willing,
        )
        for signer in line.signers
    )
    return Line(
        number=number,
        depth=min(line.depth, DEEPEST),
        instrument=line.instrument,
        purpose=line.purpose,
        needed=line.needed,
        nature=line.nature,
        signers=signers,
        more_signers=line.more_signers,
        vacant=line.vacant,
        ways=line.ways,
        earliest=line.earliest,
        gate=line.gate,
        because=line.because,
    )


def _visit(made: _Lines, visit: _Visit) -> list[_Visit]:
    """Add the line of a node, if it is an instrument, and return what to visit next."""
    walk, number = made.walk, visit.number
    compiler = walk.compiler
    node = walk.compiled.system.nodes[number]
    if number in compiler.terms:
        return _vote_line(made, visit, compiler.terms[number])
    if number in compiler.consents:
        return _consent_line(made, visit, compiler.consents[number])
    if number in compiler.lapses:
        return _lapse_line(made, visit)
    if number in compiler.notices:
        return [visit._replace(number=parts_of(node)[0], notice=compiler.notices[number])]
    if number in compiler.agreed:
        return _agreed_lines(made, visit)
    if number in compiler.choices:
        return _choice_line(made, visit)
    if isinstance(node, Constant):
        if node.value:
            return []
        gate = "nobody can: it is never allowed, or its rule or electorate is missing"
        made.add(visit, _line(visit, "closed", gate=gate))
        return []
    if isinstance(node, Actor | Others):
        signer = Signer(node.name, "for itself")
        made.add(visit, _line(visit, f"act of {node.name}", signers=(signer,), earliest=walk.days.get(number)))
        return []
    return [visit._replace(number=part) for part in parts_of(node)]


def _line(visit: _Visit, instrument: str, **told: object) -> Line:
    return Line(number=0, depth=visit.depth, instrument=instrument, purpose=visit.purpose, **told)  # type: ignore[arg-type]


def _choice_line(made: _Lines, visit: _Visit) -> list[_Visit]:
    choice = made.walk.compiler.choices[visit.number]
    needed = f"{choice.wanted} of {len(choice.parts)} alternatives"
    words = " | ".join(choice.words)
    line = _line(
        visit, f"{choice.wanted} of: {words}", needed=needed, earliest=made.walk.days.get(visit.number),
        because=(choice.rule,),
    )  # fmt: skip
    made.add(visit, line)
    return [visit._replace(number=part, depth=visit.depth + 1) for part in choice.parts]


def _vote_line(made: _Lines, visit: _Visit, terms: VoteTerms) -> list[_Visit]:
    walk = made.walk
    note = walk.compiled.votes[terms.primary]
    parts = parts_of(walk.compiled.system.nodes[terms.primary])
    number = len(made.lines) + 1
    signers: list[Signer] = []
    below: list[_Visit] = []
    vacant = 0
    for part, (name, votes) in zip(parts, note.voters, strict=True):
        key = made.keys.get(part)
        if isinstance(key, SeatAgrees) and _is_vacant(walk, part):
            vacant += 1
            continue
        if not votes:
            continue
        signers.append(Signer(name, _capacity(walk, terms, note, key, name, votes)))
        if len(signers) <= MOST_SIGNERS and not _is_plain(walk, part):
            does = "sits" if isinstance(key, SeatAgrees) else "votes"
            who = f"the voting pool {key.pool}" if isinstance(key, PoolDecides) else name
            below.append(_Visit(part, visit.depth + 1, f"so that {who} {does}", None, number, name))
    ways = tuple(_taken(walk, way, visit) for way in terms.ways)
    casting = ", or exactly half with the chair" if terms.casting else ""
    of_whom = f"{amount(note, note.base)} {note.words}"
    needed = f"{note.needed.words.removesuffix(',')}: {figure_needed(note)} of {of_whom}{casting}"
    bases = [note.rule, *(basis for way in ways for basis in way.because)]
    bases += [basis for held, (_, votes) in zip(note.bases, note.voters, strict=True) if votes for basis in held]
    line = _line(
        visit,
        _instrument(terms, note),
        needed=needed,
        nature=nature_of(terms.vote.conditions),
        signers=tuple(signers[:MOST_SIGNERS]),
        more_signers=max(len(signers) - MOST_SIGNERS, 0),
        vacant=vacant,
        ways=ways,
        earliest=walk.days.get(visit.number),
        gate="" if visit.number in walk.days else NOT_EVEN_TOGETHER,
        because=_once(bases),
    )
    made.add(visit, line)
    calls = dict.fromkeys(way.call for way in terms.ways if way.call is not None)
    below += [_Visit(call, visit.depth + 1, f"to call a meeting of {terms.owner}") for call in calls]
    below += [
        _Visit(walk.compiled.names[MatterPasses(terms.owner, WRITTEN)], visit.depth + 1, "to act in writing")
        for way in terms.ways
        if way.form == "in writing" and _asks_whole_rule(walk, way, terms.owner)
    ]
    return below


def _asks_whole_rule(walk: Walk, way: Way, owner: str) -> bool:
    whole = walk.compiled.names.get(MatterPasses(owner, WRITTEN))
    return whole is not None and whole in parts_of(walk.compiled.system.nodes[way.node])


def _instrument(terms: VoteTerms, note: VoteNote) -> str:
    if terms.of == "body":
        return f"resolution of {note.words.removeprefix('seats of ').removeprefix('votes of ')}"
    if terms.of == "group":
        return f"vote of the {note.words}"
    if terms.of == "pool":
        return f"decision of the voting pool {terms.setting.pool.id if terms.setting.pool is not None else ''}"
    if terms.of in ("trustees", "members"):
        return f"resolution of the {note.words}"
    if terms.of == "parties":
        return f"consents out of {note.words}"
    return f"vote of the holders of {note.words.removeprefix('votes of ')}"


def _capacity(walk: Walk, terms: VoteTerms, note: VoteNote, key: Key | None, name: str, votes: Fraction) -> str:
    if isinstance(key, SeatAgrees):
        body = walk.structure.entities[key.entity].bodies[key.body]
        chair = ", in the chair" if body.chair == name else ""
        votes_each = f", {figure(votes)} votes" if votes != 1 else ""
        return f"director, {key.group} seat {key.number} of {key.entity}.{key.body}{chair}{votes_each}"
    if terms.of in ("trustees", "members"):
        return f"{terms.of.removesuffix('s')} of {terms.owner}"
    if terms.of == "parties":
        return "named in the rule"
    if terms.of == "pool" and all(each == 1 for _, each in note.voters):
        return "member of the voting pool"
    shares = amount(note, votes)
    held = f"holder of {shares}{' of the' if shares.endswith('%') else ''} {note.words}"
    return f"{held}, voted by the voting pool {key.pool}" if isinstance(key, PoolDecides) else held


def _taken(walk: Walk, way: Way, visit: _Visit) -> Taken:
    """Return a way with its first day and the last day for its notice."""
    notice = way.delay.words if way.delay is not None else ""
    because = way.because
    if visit.notice is not None and not notice:
        notice, because = visit.notice.words, (*because, *visit.notice.because)
    earliest = walk.days.get(way.node)
    delay = visit.notice if way.delay is None else way.delay
    deadline = walk.deadlines.get(visit.number)
    last = deadline
    if deadline is not None and delay is not None and delay.after is not None:
        last = delay.must_start(deadline)
    if delay is not None and delay.until is not None and (deadline is None or delay.until > deadline):
        last = None
    if visit.notice is not None and earliest is not None:
        ends = visit.notice.ends(walk.structure.on)
        earliest = max(earliest, ends) if ends is not None else None
    if last is not None and (last < walk.structure.on or earliest is None or earliest > (deadline or walk.by)):
        last = None
    return Taken(way.form, notice, earliest, last, because, way.needs)


def _consent_line(made: _Lines, visit: _Visit, terms: ConsentTerms) -> list[_Visit]:
    walk = made.walk
    role, _, office = terms.role.partition("holder of ")
    capacity = f"as {office} of {terms.entity}" if office else ROLES.get(role, role).format(terms.entity)
    parts = _parties_below(walk, visit.number)
    number = len(made.lines) + 1
    every = "all of them" if len(terms.names) > 1 else "its consent"
    taken = _taken(walk, Way("consent", visit.number), visit)
    line = _line(
        visit,
        f"consent of {', '.join(terms.names)}",
        needed=every,
        nature=terms.nature,
        signers=tuple(Signer(name, capacity) for name in terms.names),
        ways=(taken,),
        earliest=taken.earliest,
        gate="" if taken.earliest is not None else NOT_EVEN_TOGETHER,
        because=_once([*terms.because, *walk.compiled.bases.get(visit.number, ())]),
    )
    made.add(visit, line)
    return [
        _Visit(part, visit.depth + 1, f"so that {name} consents", None, number, name)
        for name, part in parts
        if not _is_plain(walk, part)
    ]


def _parties_below(walk: Walk, number: int) -> list[tuple[str, int]]:
    """Return the parties that a consent asks, each with its node."""
    keys = {value: key for key, value in walk.compiled.names.items()}
    found: list[tuple[str, int]] = []
    waiting = [number]
    while waiting:
        part = waiting.pop()
        key, node = keys.get(part), walk.compiled.system.nodes[part]
        if isinstance(key, EntityActs):
            found.append((key.entity, part))
        elif isinstance(node, Actor | Others):
            found.append((node.name, part))
        elif isinstance(node, And):
            waiting.extend(reversed(node.parts))
    return found


def _agreed_lines(made: _Lines, visit: _Visit) -> list[_Visit]:
    walk = made.walk
    first, *added = parts_of(walk.compiled.system.nodes[visit.number])
    below = [visit._replace(number=first)]
    for consent, part in zip(walk.compiler.agreed[visit.number], added, strict=True):
        agreement = consent.basis.record.removesuffix(" consent")
        earliest = walk.days.get(part)
        deadline = walk.deadlines.get(part, walk.by)
        in_time = earliest is not None and earliest <= deadline
        line = _line(
            visit,
            f"consent letter of {consent.of}",
            needed="its consent",
            nature=consent.nature,
            signers=(Signer(consent.of, f"party to {agreement}"),),
            ways=(Taken("consent", "", earliest, deadline if in_time else None, (consent.basis,)),),
            earliest=earliest,
            because=(consent.basis,),
        )
        number = made.add(visit, line)
        if not _is_plain(walk, part):
            below.append(_Visit(part, visit.depth + 1, f"so that {consent.of} consents", None, number, consent.of))
    return below


def _lapse_line(made: _Lines, visit: _Visit) -> list[_Visit]:
    walk = made.walk
    who, lapse, rule = walk.compiler.lapses[visit.number]
    delay = walk.compiler.delays[lapse]
    deadline = walk.deadlines.get(visit.number, walk.by)
    last = delay.must_start(deadline)
    ends = walk.days.get(lapse)
    if last is not None and last < walk.structure.on:
        last = None
    consent = parts_of(walk.compiled.system.nodes[visit.number])[0]
    sooner = walk.days.get(consent)
    in_time = sooner is not None and sooner <= deadline
    line = _line(
        visit,
        f"no objection of {who}",
        needed="no objection, or its consent",
        signers=(Signer(who, "may object; consents sooner if it likes"),),
        ways=(
            Taken("no objection", delay.words, ends, last, (rule,)),
            Taken("consent", "", sooner, deadline if in_time else None, (rule,), "its consent"),
        ),
        earliest=walk.days.get(visit.number),
        gate="nobody else can bring it about",
        because=(rule,),
    )
    number = made.add(visit, line)
    return [
        _Visit(part, visit.depth + 1, f"so that {name} consents", None, number, name)
        for name, part in _parties_below(walk, consent)
        if not _is_plain(walk, part)
    ]


def _is_plain(walk: Walk, number: int) -> bool:
    """Whether a node is someone who decides for itself, or a constant."""
    nodes = walk.compiled.system.nodes
    passed: set[int] = set()
    node = nodes[number]
    while isinstance(node, And) and len(node.parts) == 1 and number not in passed:
        if number in walk.compiler.consents or number in walk.compiler.terms:
            return False
        passed.add(number)
        number = node.parts[0]
        node = nodes[number]
    return isinstance(node, Actor | Others | Constant)


def _is_vacant(walk: Walk, number: int) -> bool:
    """Whether nobody sits in a seat."""
    (behind,) = parts_of(walk.compiled.system.nodes[number])
    node = walk.compiled.system.nodes[behind]
    return isinstance(node, Constant) and not node.value


def _once(bases: list[Basis]) -> tuple[Basis, ...]:
    return tuple({(basis.record, basis.span): basis for basis in bases}.values())
