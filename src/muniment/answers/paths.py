"""Paths to control: whether a coalition can come to decide a matter, in every reading that an account leaves open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment.answers.deciding import Directors, state_behind
from muniment.answers.header import grounds
from muniment.answers.readings import Readings, ask_world
from muniment.book.accounts import KEEPER, World
from muniment.book.scheduled import scheduled_days, structure_ahead
from muniment.book.structure import OpenFact, Structure
from muniment.control import NoSuchMatter
from muniment.control.paths.acts import Act
from muniment.control.paths.answer import Adversary, Cut, PathAnswer, PlanMove, Provision, Standing

if TYPE_CHECKING:
    from muniment.control.paths.find import Arenas

YEARS_AHEAD = 10
"""How far ahead what the records schedule is looked at; a notice may run longer."""

Answered = PathAnswer | NoSuchMatter | str
"""An answer, or why there is none: no such matter, or a refusal in one sentence."""


class PathQuestion(NamedTuple):
    """What is asked.

    Attributes:
        who: The coalition; each party once.
        coalitions: Also every minimal coalition of at most so many; 0 = not asked.
        cuts: Also the provisions that leave no path.
        keep: What the cuts must leave possible.
        durable: Also whether the others can undo the result.
        fully: Also consent distance and what the answer hangs on.
    """

    entity: str
    matter: str
    who: tuple[str, ...]
    directors: Directors = "loyal"
    adversary: Adversary = "blocking"
    coalitions: int = 0
    cuts: bool = False
    keep: tuple[str, ...] = ()
    durable: bool = True
    fully: bool = True

    def briefly(self) -> PathQuestion:
        """Return the same question with nothing asked beside it."""
        return PathQuestion(
            self.entity, self.matter, self.who, self.directors, self.adversary, durable=False, fully=False
        )


Find = Callable[..., Answered]
"""The analysis: `muniment.control.paths.find.find_path`."""


@dataclass
class PathFinder:
    """Answers questions on paths, each state of the entities behind one only once.

    Attributes:
        find: The analysis; the product's own unless another is given.
        arenas: What is compiled, for those who ask the same of one structure.
    """

    find: Find | None = None
    arenas: Arenas | None = None
    _known: dict[tuple[object, ...], list[tuple[tuple[object, ...], Answered]]] = field(default_factory=dict)

    def answer(self, world: World, on: date, under: str | None, asked: PathQuestion) -> Answered:
        """Answer a question in one world, which leaves open facts out.

        Args:
            world: The book in one account.
            on: The date asked.
            under: The proposal taken as adopted, if any.
            asked: The question.
        """
        structure = world.on(on, under)
        days = scheduled_days(world, on, under, YEARS_AHEAD)
        key = (asked, on, under)
        state = _state(world, structure, asked.entity, days)
        known = self._known.setdefault(key, [])
        for before, answer in known:
            if before == state:
                return answer
        found = self._find()(
            structure,
            asked.who,
            f"{asked.entity}: {asked.matter}",
            directors=asked.directors,
            adversary=asked.adversary,
            world_ahead=lambda when: structure_ahead(world, when, under, on),
            scheduled=days,
            coalitions=asked.coalitions,
            cuts=asked.cuts,
            keep=asked.keep,
            durable=asked.durable,
            hangs_on=asked.fully,
            distance=asked.fully,
            standings=asked.durable or asked.fully,
            arenas=self._arenas(),
        )
        known.append((state, found))
        return found

    def _arenas(self) -> Arenas:
        if self.arenas is None:
            from muniment.control.paths.find import Arenas

            self.arenas = Arenas()
        return self.arenas

    def _find(self) -> Find:
        if self.find is None:
            from muniment.control.paths.find import find_path

            self.find = find_path
        return self.find


def _state(world: World, structure: Structure, entity: str, days: Sequence[date]) -> tuple[object, ...]:
    """Return all that an answer may rest on: the entities behind the matter on the date and on each day ahead."""
    ahead = tuple(structure_ahead(world, day, structure.under, structure.on) for day in days)
    return (
        days,
        structure.parties.keys(),
        *((state_behind(each, entity), each.rights, each.matters) for each in (structure, *ahead)),
    )


def facts_ahead(world: World, on: date, under: str | None) -> tuple[str, ...]:
    """Return the addresses of the disputed facts that are met on the days scheduled after a date, open ones too."""
    later = [structure_ahead(world, day, under, on) for day in scheduled_days(world, on, under, YEARS_AHEAD)]
    return tuple(
        dict.fromkeys(
            address
            for structure in later
            for address in (*structure.disputed, *(fact.address for fact in structure.open_facts))
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPath:
    """An answer on paths in one reading of the open facts.

    Attributes:
        reads: Reading of each open fact that the answer depends on; empty if it depends on none.
        untried: Open facts that were left out because there were too many combinations.
        structure: What was in force in that reading.
    """

    answer: PathAnswer
    reads: Mapping[str, str]
    untried: tuple[OpenFact, ...]
    structure: Structure


def paths_found(
    world: World, on: date, under: str | None, asked: PathQuestion, finder: PathFinder | None = None
) -> tuple[FoundPath, ...] | NoSuchMatter | str:
    """Answer whether a coalition can come to decide a matter.

    Args:
        world: The book in one account.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        asked: The question.
        finder: Keeps answers between calls.

    Returns:
        One answer, or one for each reading of the open facts that changes it; or why there is none. Readings in which
        there is nothing to decide are left out, and the others say which they are.
    """
    keeper = finder or PathFinder()
    readings: Readings[Answered] = ask_world(
        world, on, under, asked.entity, lambda read: keeper.answer(read, on, under, asked), key_of_path
    )
    found: list[FoundPath] = []
    refused: NoSuchMatter | str | None = None
    for each in readings.each:
        if isinstance(each.answer, PathAnswer):
            answer = replace(each.answer, certificate=_of_book(each.answer.certificate, world, under))
            found.append(
                FoundPath(answer=answer, reads=dict(each.reads), untried=readings.untried, structure=each.structure)
            )
        else:
            refused = refused or each.answer
    return tuple(found) if found or refused is None else refused


def key_of_path(answer: Answered) -> Hashable:
    """Return what two answers share where they are the same: the answer, and what is done."""
    if isinstance(answer, PathAnswer):
        return (answer.answer, tuple(move.act.words for move in answer.moves))
    return answer


def _of_book(certificate: Mapping[str, Any], world: World, under: str | None) -> Mapping[str, Any]:
    """Return a certificate that also says of which book, account and proposal it is."""
    if not certificate:
        return certificate
    about = {"account": world.account, "under": under, "book_hash": world.book.hash}
    return {**certificate, "question": {**certificate["question"], **about}}


def assumptions_of_paths(found: Iterable[FoundPath]) -> list[str]:
    """Return what some answers assume, and which open facts they leave out, each once."""
    words: dict[str, None] = {}
    for each in found:
        words.update(dict.fromkeys(each.answer.assumptions))
        words.update(
            (f"Not tried, for there were too many combinations, and left out: {fact.address}.", None)
            for fact in each.untried
        )
    return list(words)


def together(parties: Sequence[str]) -> str:
    """Return the members of a coalition as the subject of a sentence."""
    if len(parties) < 2:
        return "".join(parties)
    return f"{', '.join(parties[:-1])} and {parties[-1]} together"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural but for one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def day_in_words(when: date) -> str:
    """Return a day as `13 September 2017`."""
    return f"{when.day} {when:%B} {when.year}"


def path_in_a_sentence(answer: PathAnswer, account: str, under: str | None, reads: Mapping[str, str]) -> str:
    """Return an answer as one bounded sentence: under which records, which moves, whose refusal.

    Args:
        answer: The answer.
        account: The account asked.
        under: The proposal taken as adopted, if any.
        reads: Readings of open facts under which it holds.
    """
    whose = "the keeper's account" if account == KEEPER else f"the account '{account}'"
    bounds = f"Under the records as of {day_in_words(answer.on)}"
    if under:
        bounds += f" and the proposal {under}"
    if answer.directors == "independent":
        bounds += ", each director deciding alone"
    ifs = "".join(f", if {fact} is '{words}'" for fact, words in reads.items())
    who, goal = together(answer.who), f"{answer.entity}: {answer.matter}"
    others = {
        "blocking": "while everyone else refuses",
        "passive": "others not voting",
        "hostile": "whatever the others refuse, and whichever of the moves considered they make",
    }[answer.adversary]
    alone = {
        "blocking": "with no one else's consent",
        "passive": "with no one else's consent, others not voting",
        "hostile": "with no one else's consent, whichever of the moves considered the others make",
    }[answer.adversary]
    match answer.answer:
        case "already":
            decide = "decides" if len(answer.who) == 1 else "decide"
            return f"{bounds}, in {whose}{ifs}, {who} already {decide} {goal}, {alone}: no move is needed."
        case "path":
            length = counted(len(answer.moves), "move")
            time = "at once" if not answer.days else f"at least {counted(answer.days, 'day')}"
            return (
                f"{bounds}, the moves listed here, in {whose}{ifs}, {who} can reach control of {goal} "
                f"in {length}, {time}, {alone}."
            )
        case "no path":
            return (
                f"{bounds}, in {whose}{ifs}, no sequence of the moves considered leads {who} to control of {goal}, "
                f"{others}."
            )
    return (
        f"{bounds}, in {whose}{ifs}, it is not determined whether the moves considered lead {who} to control of {goal}."
    )


def path_in_words(answer: PathAnswer) -> str:
    """Return an answer in the words of an expectation: `already`, `no`, `undetermined`, or `2 moves, 30 days`."""
    if answer.answer == "path":
        return f"{counted(len(answer.moves), 'move')}, {counted(answer.days or 0, 'day')}"
    return "no" if answer.answer == "no path" else answer.answer


def paths_json(found: Sequence[FoundPath]) -> dict[str, Any]:
    """Return the answers as the fields of one machine answer.

    Where open facts change it, the fields hold what all readings share, else nothing; `readings` has each in full.

    Args:
        found: At least one.
    """
    first = found[0].answer
    if len(found) == 1:
        return _fields(first) | {"reads": {}, "untried": _untried(found), "readings": []}
    verdicts = {each.answer.answer for each in found}
    opens = dict.fromkeys(fact for each in found for fact in each.reads)
    shared = replace(
        first,
        answer=first.answer if len(verdicts) == 1 else "undetermined",
        moves=(),
        is_shortest=False,
        days=None,
        least_days=None,
        soonest=(),
        soonest_days=None,
        misses=(),
        would_decide=tuple(
            dict.fromkeys(
                (
                    *(f"How '{fact}' is read." for fact in opens),
                    *(words for each in found for words in each.answer.would_decide),
                )
            )
        ),
        certificate={},
        consent_distance=None,
        durability=None,
        cuts=None,
        coalitions=None,
        hangs_on=None,
    )
    readings = [_fields(each.answer) | {"reads": dict(each.reads)} for each in found]
    return _fields(shared) | {"reads": {}, "untried": _untried(found), "readings": readings}


def path_in_short(found: FoundPath) -> dict[str, Any]:
    """Return an answer as plain values: what is asked, what is answered, what is done."""
    answer = found.answer
    return {
        "entity": answer.entity,
        "matter": answer.matter,
        "who": list(answer.who),
        "directors": answer.directors,
        "adversary": answer.adversary,
        "answer": answer.answer,
        "moves": [move.act.words for move in answer.moves],
        "days": answer.days,
        "short": [f"{miss.what}: {miss.short}" for miss in answer.misses],
        "reads": dict(found.reads),
    }


def _untried(found: Sequence[FoundPath]) -> list[str]:
    return list(dict.fromkeys(fact.address for each in found for fact in each.untried))


def _fields(answer: PathAnswer) -> dict[str, Any]:
    distance, durability = answer.consent_distance, answer.durability
    return {
        "entity": answer.entity,
        "matter": answer.matter,
        "who": list(answer.who),
        "directors": answer.directors,
        "adversary": answer.adversary,
        "answer": answer.answer,
        "moves": _moves_json(answer.moves),
        "is_shortest": answer.is_shortest if answer.moves else None,
        "days": answer.days,
        "least_days": answer.least_days,
        "soonest": _moves_json(answer.soonest),
        "soonest_days": answer.soonest_days,
        "start": _standing_json(answer.start),
        "certificate": dict(answer.certificate),
        "consent_distance": distance.fewest if distance else None,
        "consent_sets": [list(each) for each in distance.sets] if distance else [],
        "number_of_consent_sets": distance.number if distance else None,
        "more_consents_than": distance.at_least if distance and distance.fewest is None else None,
        "durability": {
            "lasts": durability.lasts,
            "moves": [act.words for act in durability.moves],
            "days": durability.days,
            "says": durability.words,
        }
        if durability
        else None,
        "cuts": [[each.id for each in cut.provisions] for cut in answer.cuts.cuts] if answer.cuts else [],
        "cut_details": {
            "complete": answer.cuts.complete,
            "each": [_cut_json(cut) for cut in answer.cuts.cuts],
            "refused": list(answer.cuts.refused),
            "cuts_nothing": list(answer.cuts.cuts_nothing),
        }
        if answer.cuts
        else None,
        "provisions": [_provision_json(each) for each in answer.cuts.tried] if answer.cuts else [],
        "coalitions": None if answer.coalitions is None else [list(each) for each in answer.coalitions],
        "misses": [
            {"what": miss.what, "short": miss.short, "because": grounds(miss.because)} for miss in answer.misses
        ],
        "would_decide": list(answer.would_decide),
        "hangs_on": [
            {
                "fact": each.fact,
                "as_recorded": each.as_recorded,
                "instead": each.instead,
                "answer": each.answer,
                "at": str(each.basis.span) if each.basis else None,
            }
            for each in answer.hangs_on or ()
        ],
        "considered": [_act_json(act) for act in answer.considered],
        "outside": answer.outside,
        "because": grounds(answer.because),
    }


def _moves_json(moves: Sequence[PlanMove]) -> list[dict[str, Any]]:
    return [
        {
            "move": move.act.words,
            "kind": move.act.kind,
            "entity": move.act.entity,
            "by": list(move.by),
            "needs": needs_in_words(move.act),
            "way": move.act.way or None,
            "days": move.act.days,
            "starts": move.starts,
            "takes_effect": move.takes_effect,
            "standing": _standing_json(move.standing),
            "because": grounds(move.act.because),
        }
        for move in moves
    ]


def needs_in_words(act: Act) -> str:
    """Return who must agree to a move: the rule as written, and the parties asked by name."""
    parties = f"consent of {', '.join(act.need.parties)}" if act.need.parties else ""
    return act.need.words or parties or ("nobody" if not act.need.keys else "")


def _act_json(act: Act) -> dict[str, Any]:
    return {
        "move": act.words,
        "kind": act.kind,
        "entity": act.entity,
        "needs": needs_in_words(act),
        "way": act.way or None,
        "days": act.days,
        "rests_on": list(dict.fromkeys(basis.record for basis in act.because)),
    }


def _standing_json(standing: Standing) -> dict[str, Any]:
    return {
        "bodies": [
            {
                "entity": body.entity,
                "body": body.body,
                "ours": body.ours,
                "votes": body.votes,
                "carry": body.carry,
                "seats": [
                    {
                        "group": seat.group,
                        "number": seat.number,
                        "whose": seat.whose,
                        "occupant": seat.occupant or None,
                        "by_move": seat.by_move,
                    }
                    for seat in body.seats
                ],
            }
            for body in standing.bodies
        ],
        "votes": [{"entity": each.entity, "ours": each.ours, "of": each.of} for each in standing.votes],
    }


def _cut_json(cut: Cut) -> dict[str, Any]:
    return {
        "provisions": [{"id": each.id, "repealed_by": by} for each, by in zip(cut.provisions, cut.repeal, strict=True)],
        "note": cut.note or None,
        "amendments": [{"entity": entity, "lines": list(lines)} for entity, lines in cut.amendments],
    }


def _provision_json(provision: Provision) -> dict[str, Any]:
    return {
        "id": provision.id,
        "kind": provision.kind,
        "entity": provision.entity,
        "says": provision.words,
        "lines": list(provision.lines),
    }
