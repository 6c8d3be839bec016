"""What would have to be otherwise for a party to pass or to block a matter, or no longer to.

Nothing is stated here that was not decided afresh: each change is made in the structure, the matter is compiled again,
and only a change after which the answer differs is returned. A number of votes is the least: with one unit less the
answer stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from itertools import islice
from math import ceil, floor
from typing import Literal, NamedTuple

from muniment.book.structure import Basis, Holding, Structure
from muniment.control.ballots import figure
from muniment.control.changes import SOMEBODY_ELSE, changes_of_rules, changes_of_seats, entities_met, moved
from muniment.control.compiled import Compiled, Directors, EntityActs
from muniment.control.directors import compile_matter
from muniment.control.evaluations import Prepared, prepared_for, with_everyone
from muniment.control.formula import Actor, AtLeast, Mode, State, greatest, least, prepare, reachable
from muniment.control.joining import who_must_join, who_must_refuse
from muniment.control.matters import NoSuchMatter, understand
from muniment.control.reasons import agreed_votes

MOST_TRIES = 400
FEWEST_TRIES = 30
MOST_NODES_TRIED = 100_000
MOST_CLASSES = 12
HAIR = Fraction(1, 10**9)
Asked = Literal["alone", "can block"]


class Change(NamedTuple):
    """One change after which the answer differs.

    Attributes:
        kind: ``consents`` (others agree too), ``votes`` (units of a class move), ``seats`` (the right to seats, or the
            seats), ``rule`` (one rule differs).
        words: What would be otherwise, as a clause.
        answer: What holds then.
        because: The record that would be otherwise; empty for a holding that is not on record.
    """

    kind: Literal["consents", "votes", "seats", "rule"]
    words: str
    answer: str
    because: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What would flip one answer about a party.

    Attributes:
        question: ``alone`` or ``can block``.
        holds: The answer as the records stand.
        changes: Each alone flips it: further consents first, then votes, seats, single rules.
        tries: How many changed structures were decided for both questions together.
        complete: The whole catalogue was tried; else the limit of tries cut it short.
    """

    entity: str
    matter: str
    party: str
    directors: Directors
    question: Asked
    holds: bool
    changes: tuple[Change, ...]
    tries: int
    complete: bool


class Outcome(NamedTuple):
    """The two answers about one party, decided in one structure."""

    alone: bool
    can_block: bool
    impossible: bool

    def of(self, question: Asked) -> bool:
        """Return the answer to one of the two questions."""
        return self.alone if question == "alone" else self.can_block


class _LimitReached(Exception):  # noqa: N818 -- it ends a search, it is no error
    pass


class _Trials:
    """Decides changed structures for one party, up to a limit."""

    def __init__(self, entity: str, matter: str, party: str, directors: Directors, entities_act: bool) -> None:
        self.entity, self.matter, self.party = entity, matter, party
        self.directors: Directors = directors
        self.entities_act = entities_act
        self.most = MOST_TRIES
        self.tries = 0
        self.passed_over = False

    def compiled(self, structure: Structure) -> Compiled:
        return compile_matter(structure, self.entity, self.matter, self.directors, entities_act=self.entities_act)

    def decide(self, structure: Structure) -> Outcome:
        if self.tries >= self.most:
            raise _LimitReached
        self.tries += 1
        return outcome_for(_prepared_for_one(self.compiled(structure)), self.party)


def _prepared_for_one(compiled: Compiled) -> Prepared:
    """Prepare a matter for the two questions about one party: two modes, and no search for circles."""
    system = compiled.system
    nodes = (system.nodes[number] for number in reachable(system, [system.root]))
    actors = tuple(sorted(node.name for node in nodes if isinstance(node, Actor)))
    modes = (Mode.CERTAIN, Mode.POSSIBLE_WITH_OTHERS)
    return Prepared(compiled, actors, frozenset(), {mode: prepare(system, mode) for mode in modes})


def outcome_for(prepared: Prepared, party: str) -> Outcome:
    """Return whether a party passes a matter alone and whether it can block it, as `decide` answers both."""
    root = prepared.compiled.system.root
    impossible = not with_everyone(prepared).yes[root]
    if party not in prepared.actors:
        return Outcome(False, False, impossible)
    others = [name for name in prepared.actors if name != party]
    circuit = prepared.circuits[Mode.POSSIBLE_WITH_OTHERS]
    if impossible:
        together = bool(greatest(circuit, prepared.actors).yes[root])
        return Outcome(False, together and not greatest(circuit, others).yes[root], True)
    alone = bool(least(prepared.circuits[Mode.CERTAIN], [party]).yes[root])
    return Outcome(alone, not least(circuit, others).yes[root], False)


def what_would_change(
    structure: Structure,
    question: str,
    party: str,
    *,
    directors: Directors = "loyal",
    entities_act: bool = False,
) -> tuple[WhatIf, ...] | NoSuchMatter:
    """Return what would flip whether a party passes a matter alone, and whether it can block it.

    Tried are: the fewest further consents; for each class, the fewest units that would have to move to the party, or
    away from it to somebody else; the right to fill and empty the fewest seats of each group (where directors decide
    for themselves, the seats); and every change of a single rule of a small catalogue, see
    `muniment.control.changes.changes_of_rules`. At most 400 structures are decided, fewer where they are large, and
    units of at most twelve classes moved, those nearest the matter.

    Args:
        structure: What is in force.
        question: `ENTITY: MATTER`.
        party: About whom; one who decides for itself in the matter, or anyone else on record.
        directors: How the occupants of seats act.
        entities_act: Answer at the level of entities.

    Returns:
        Two answers, `alone` and `can block`; or why there are none.
    """
    entity, _, matter = question.partition(": ")
    meant = understand(structure, entity, matter)
    if isinstance(meant, NoSuchMatter):
        return meant
    entity, matter = meant
    trials = _Trials(entity, matter, party, directors, entities_act)
    prepared = prepared_for(trials.compiled(structure))
    refused = _refused(structure, prepared, party, entities_act)
    if refused is not None:
        return refused
    trials.most = min(MOST_TRIES, max(MOST_NODES_TRIED // max(len(prepared.compiled.system.nodes), 1), FEWEST_TRIES))
    now = outcome_for(prepared, party)
    found: dict[Asked, list[Change]] = {"alone": [], "can block": []}
    complete = False
    try:
        for asked, changes in found.items():
            changes += _by_consents(prepared, trials, asked, now)
        for asked, changes in found.items():
            changes += _by_votes(structure, prepared, trials, asked, now)
        for asked, change in _by_seats_and_rules(structure, prepared.compiled, trials, now):
            found[asked].append(change)
        complete = not trials.passed_over
    except _LimitReached:
        pass  # what was found until then is told, as not complete
    return tuple(
        WhatIf(
            entity=entity,
            matter=matter,
            party=party,
            directors=directors,
            question=asked,
            holds=now.of(asked),
            changes=tuple(changes),
            tries=trials.tries,
            complete=complete,
        )
        for asked, changes in found.items()
    )


def _refused(structure: Structure, prepared: Prepared, party: str, entities_act: bool) -> NoSuchMatter | None:
    if party in prepared.actors:
        return None
    known = [*prepared.actors, *structure.parties]
    if party not in structure.parties:
        near = get_close_matches(party, known, 1)
        return NoSuchMatter(f"'{party}' is no party on {structure.on}", f"did you mean '{near[0]}'?" if near else "")
    acts = any(isinstance(key, EntityActs) and key.entity == party for key in prepared.compiled.names)
    if acts and not entities_act:
        return NoSuchMatter(
            f"'{party}' acts through others, so the question is about them",
            "ask about one of them, or of entities as actors (--actors entities)",
        )
    if not structure.parties[party].acts_together:
        return NoSuchMatter(f"the members of '{party}' do not act together", "ask about one who acts alone")
    return None


def _answer(trials: _Trials, asked: Asked, after: Outcome) -> str:
    matter = f"{trials.entity}: {trials.matter}"
    if after.impossible and not after.of(asked):
        return f"{matter} could not pass at all"
    verb = "would pass" if asked == "alone" else "could block"
    if after.of(asked):
        return f"{trials.party} {verb} {matter}{' alone' if asked == 'alone' else ''}"
    verb = "would no longer pass" if asked == "alone" else "could no longer block"
    return f"{trials.party} {verb} {matter}{' alone' if asked == 'alone' else ''}"


def _by_consents(prepared: Prepared, trials: _Trials, asked: Asked, now: Outcome) -> Iterator[Change]:
    """Yield the fewest others with whom the party passes, or blocks."""
    if now.of(asked) or now.impossible:
        return
    system = prepared.compiled.system
    party = [trials.party] if trials.party in prepared.actors else []
    joining = who_must_join(system, party) if asked == "alone" else who_must_refuse(system, party)
    if joining is None or not joining.names:
        return
    root = system.root
    with_them = [*party, *joining.names]
    if asked == "alone":
        holds = bool(least(prepared.circuits[Mode.CERTAIN], with_them).yes[root])
    else:
        rest = [name for name in prepared.actors if name not in with_them]
        holds = not least(prepared.circuits[Mode.POSSIBLE_WITH_OTHERS], rest).yes[root]
    if not holds:
        return
    who = " + ".join(joining.names[:12]) + (f" and {len(joining.names) - 12} more" if len(joining.names) > 12 else "")
    done = "agreed" if asked == "alone" else "refused"
    others = len(joining.all_fewest) - 1
    also = f" (or {others:,} other set{'s' if others > 1 else ''} of as many)" if others else ""
    few = "" if joining.fewest else "; a smaller set may do"
    matter = f"{trials.entity}: {trials.matter}"
    said = f"together they would {'pass' if asked == 'alone' else 'block'} {matter}"
    yield Change("consents", f"if {who} {done} too{also}{few}", said)


class _Stock(NamedTuple):
    """The units of one class that could move.

    Attributes:
        of: As in `Holding`.
        givers: Who would give them up, in turn.
        most: What they hold in all.
        held: What the party holds.
        total: All units on record.
    """

    entity: str
    class_id: str
    of: str | None
    to: str
    givers: tuple[str, ...]
    most: Fraction
    held: Fraction
    total: Fraction
    because: tuple[Basis, ...]


def _by_votes(
    structure: Structure, prepared: Prepared, trials: _Trials, asked: Asked, now: Outcome
) -> Iterator[Change]:
    """Yield, class by class, the fewest units that would have to move for the answer to flip."""
    gains = not now.of(asked)
    circuit = prepared.circuits[Mode.CERTAIN if asked == "alone" else Mode.POSSIBLE_WITH_OTHERS]
    others = [name for name in prepared.actors if name != trials.party]
    state = least(circuit, [trials.party] if asked == "alone" else others)
    found: list[tuple[Fraction, Change]] = []
    stocks = _stocks(structure, prepared, trials, state, asked, gains)
    limit: _LimitReached | None = None
    for stock in islice(stocks, MOST_CLASSES):

        def flips(units: Fraction, stock: _Stock = stock) -> bool:
            if units <= 0 or units > stock.most:
                return False
            changed = moved(structure, stock.entity, stock.class_id, stock.of, units, stock.to, stock.givers)
            return trials.decide(changed).of(asked) is not now.of(asked)

        guesses = _guesses(prepared, state, stock, structure, rises=gains is (asked == "alone"))
        try:
            least_units = _fewest(flips, guesses, stock)
        except _LimitReached as reached:
            limit = reached
            break
        if least_units is None:
            continue
        units, more = least_units
        found.append((units / (stock.total or 1), _change_of_votes(trials, asked, stock, units, more, gains)))
    yield from (change for _, change in sorted(found, key=lambda each: each[0]))
    if limit is not None:
        raise limit
    trials.passed_over |= next(stocks, None) is not None


def _stocks(
    structure: Structure, prepared: Prepared, trials: _Trials, state: State, asked: Asked, gains: bool
) -> Iterator[_Stock]:
    party = trials.party
    # Whoever follows the party already would only lose what counts for it.
    follows = {
        key.entity
        for key, number in prepared.compiled.names.items()
        if isinstance(key, EntityActs) and bool(state.yes[number]) is (asked == "alone")
    }
    for entity in entities_met(prepared.compiled, trials.entity):
        by_class: dict[tuple[str, str | None], list[Holding]] = {}
        for holding in structure.holdings.get(entity, ()):
            if holding.of != "capital":
                by_class.setdefault((holding.class_id, holding.of), []).append(holding)
        for (class_id, of), holdings in by_class.items():
            own = [holding for holding in holdings if holding.party == party]
            exact = [holding for holding in holdings if isinstance(holding.quantity, Fraction)]
            total = sum((_units(holding) for holding in exact), Fraction(0))
            if any(not isinstance(holding.quantity, Fraction) for holding in own) or (not gains and not own):
                continue
            held = sum((_units(holding) for holding in own), Fraction(0))
            giving = sorted(
                (each for each in exact if each.party not in (party, entity) and each.party not in follows),
                key=lambda each: (-_units(each), each.party),
            )
            if not gains:
                giving = own
            if giving:
                yield _Stock(
                    entity=entity,
                    class_id=class_id,
                    of=of,
                    to=party if gains else SOMEBODY_ELSE,
                    givers=tuple(each.party for each in giving),
                    most=sum((_units(each) for each in giving), Fraction(0)),
                    held=held,
                    total=Fraction(1) if of is not None else total,
                    because=tuple(basis for each in own for basis in each.basis),
                )


def _units(holding: Holding) -> Fraction:
    return holding.quantity if isinstance(holding.quantity, Fraction) else Fraction(0)


def _guesses(prepared: Prepared, state: State, stock: _Stock, structure: Structure, *, rises: bool) -> list[Fraction]:
    """Return numbers of units at which some vote turns, smallest first; a vote may also turn elsewhere."""
    entity = structure.entities[stock.entity]
    share_class = entity.classes.get(stock.class_id)
    carried = share_class.votes if share_class is not None and share_class.votes else Fraction(1)
    found: set[Fraction] = set()
    for number, note in prepared.compiled.votes.items():
        node = prepared.compiled.system.nodes[number]
        if not isinstance(node, AtLeast) or note.entity != stock.entity:
            continue
        agreed = agreed_votes(note, node, frozenset(part for part in node.parts if state.yes[part]))
        distance = note.needed.of(note.base) - agreed
        for votes in {carried, Fraction(1)}:
            units = (distance if rises else -distance) / votes
            if stock.of is not None:
                found.add(units)
            elif rises:
                found.add(Fraction(floor(units) + 1 if note.needed.more else ceil(units)))
            else:
                found.add(Fraction(ceil(units) if note.needed.more else floor(units) + 1))
    return sorted(units for units in found if 0 <= units <= stock.most)


def _fewest(
    flips: Callable[[Fraction], bool], guesses: Iterable[Fraction], stock: _Stock
) -> tuple[Fraction, bool] | None:
    """Return the fewest units that flip the answer, and whether it takes more than that; None if all do not."""
    if stock.of is not None or stock.most.denominator != 1:
        for units in guesses:
            if flips(units) and not flips(units - HAIR):
                return units, False
            if flips(units + HAIR) and not flips(units):
                return units, True
        return None
    if not flips(stock.most):
        return None
    low, high = 0, int(stock.most)  # low does not flip, high does
    for units in guesses:
        if low < units < high:
            if flips(units):
                high = int(units)
                break
            low = int(units)
    if high - low > 1 and not flips(Fraction(high - 1)):
        return Fraction(high), False
    while high - low > 1:
        middle = (low + high) // 2
        if flips(Fraction(middle)):
            high = middle
        else:
            low = middle
    return Fraction(high), False


def _change_of_votes(trials: _Trials, asked: Asked, stock: _Stock, units: Fraction, more: bool, gains: bool) -> Change:
    class_name = stock.class_id or "votes"
    if stock.of is not None:
        amount, held = f"{figure(units * 100)}%", f"{figure(stock.held * 100)}%"
        of_what = f"of the {class_name} of {stock.entity} ({trials.party} now holds {held})"
    else:
        amount = figure(units)
        now = f"{trials.party} now holds {figure(stock.held)} of {figure(stock.total)}"
        of_what = f"{class_name} of {stock.entity} ({now})"
    amount = f"more than {amount}" if more else amount
    if gains:
        words = f"if {amount} {'' if stock.of else 'more '}{of_what} moved to {trials.party}"
    else:
        words = f"if {amount} {of_what} moved from {trials.party} to {SOMEBODY_ELSE}"
    after = Outcome(gains, gains, False)
    return Change("votes", words, _answer(trials, asked, after), stock.because)


def _by_seats_and_rules(
    structure: Structure, compiled: Compiled, trials: _Trials, now: Outcome
) -> Iterator[tuple[Asked, Change]]:
    questions: Sequence[Asked] = ("alone", "can block")
    for options in changes_of_seats(structure, compiled, trials.party):
        waiting = [asked for asked in questions if not now.of(asked)]
        # The most is tried first: where it does not help, less does not either.
        if not options or not waiting:
            continue
        most = trials.decide(options[-1].structure)
        waiting = [asked for asked in waiting if most.of(asked)]
        for option in options[:-1] if waiting else ():
            after = trials.decide(option.structure)
            for asked in [asked for asked in waiting if after.of(asked)]:
                yield asked, Change("seats", option.words, _answer(trials, asked, after), option.because)
                waiting.remove(asked)
            if not waiting:
                break
        for asked in waiting:
            yield asked, Change("seats", options[-1].words, _answer(trials, asked, most), options[-1].because)
    for options in changes_of_rules(structure, compiled, trials.party):
        open_still = list(questions)
        for option in options:
            after = trials.decide(option.structure)
            for asked in [asked for asked in open_still if after.of(asked) is not now.of(asked)]:
                yield asked, Change("rule", option.words, _answer(trials, asked, after), option.because)
                open_still.remove(asked)
            if not open_still:
                break
