"""Compile a matter so that each vote and consent keeps what it is: its clause, its notice, and how it may be taken.

Directors sign for themselves. A vote of holders is taken at a meeting, on the notice that its rule asks for, once the
meeting is called as `call meeting` says; at the annual meeting, if it is an election; or in writing, where `act by
written consent` says so. What no rule says is not supplied: it is noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import AgreedConsent, Basis, Entity, MatterRule, Structure
from muniment.control.clauses import MAJORITY
from muniment.control.compile import Compiler, of_law
from muniment.control.compiled import MatterPasses, Setting
from muniment.control.deadlines import Delay
from muniment.control.formula import And, AtLeast, Constant, Or
from muniment.control.matters import stated_rule
from muniment.control.meant import electorate_of, parties_of
from muniment.control.signing_law import caution_on_elections, is_barred_in_writing, notice_by_law, writing_by_law
from muniment.control.terms_of_office import next_meeting
from muniment.model.durations import parse_duration
from muniment.model.rule_writer import format_rule
from muniment.model.rules import And as AllOf
from muniment.model.rules import ByBody, Condition, Consent, Electorate, KOf, Never, NoObjection, Party, Rule, Vote
from muniment.model.rules import Or as OneOf
from muniment.model.values import Duration

CALL = "call meeting"
WRITTEN = "act by written consent"
HALF = Fraction(1, 2)
NOT_IN_WRITING = ("cast", "present", "quorum", "notice")


class Way(NamedTuple):
    """One way in which a vote may be taken.

    Attributes:
        form: ``meeting``, ``annual meeting``, ``in writing`` or ``vote`` (where nothing more is asked).
        node: Says yes once it is taken so.
        delay: The notice, or the day it waits for; None if none.
        call: The decision that calls the meeting; None where no rule says who does.
        because: Where the way is stated.
        needs: What it asks for where it is more than the vote itself.
    """

    form: str
    node: int
    delay: Delay | None = None
    call: int | None = None
    because: tuple[Basis, ...] = ()
    needs: str = ""


class VoteTerms(NamedTuple):
    """What a vote is of and how it may be taken.

    Attributes:
        of: ``body``, ``group``, ``holders``, ``members``, ``trustees``, ``pool`` or ``parties``.
        owner: Whose electorate it is.
        vote: The clause.
        primary: The threshold of the system that is the vote.
        casting: Exactly half suffices with the chair among them.
        ways: At least one.
        setting: Where the clause stands.
    """

    of: str
    owner: str
    vote: Vote
    primary: int
    casting: bool
    ways: tuple[Way, ...]
    setting: Setting


class ConsentTerms(NamedTuple):
    """Whose consent is asked, in which role."""

    role: str
    entity: str
    names: tuple[str, ...]
    nature: str
    because: tuple[Basis, ...]


class Choice(NamedTuple):
    """Alternatives of a rule: so many of the parts must be satisfied.

    Attributes:
        words: Each part, as written.
        entity, matter: Whose rule on what.
    """

    wanted: int
    parts: tuple[int, ...]
    words: tuple[str, ...]
    rule: Basis
    entity: str
    matter: str


class SigningCompiler(Compiler):
    """Compiles a matter with what each vote, consent and alternative of its rules is.

    Args:
        structure: What is in force; nobody acts before its date.

    Attributes:
        delays: What nodes wait for besides their parts.
        terms: By node, the votes.
        consents: By node, the consents that rules ask for.
        agreed: By node, the consents that agreements add.
        lapses: By node, consents that count as given if there is no objection in time, with the node of the lapse.
        notices: By node, the notice of a clause that is no vote.
        choices: By node, alternatives.
        noted: Sentences on what no rule says.
    """

    def __init__(self, structure: Structure) -> None:
        super().__init__(structure, "independent")
        self.delays: dict[int, Delay] = {}
        self.terms: dict[int, VoteTerms] = {}
        self.consents: dict[int, ConsentTerms] = {}
        self.agreed: dict[int, tuple[AgreedConsent, ...]] = {}
        self.lapses: dict[int, tuple[str, int, Basis]] = {}
        self.notices: dict[int, Delay] = {}
        self.choices: dict[int, Choice] = {}
        self.noted: dict[str, None] = {}

    def clause(self, clause: Rule, node: int, setting: Setting) -> int:
        """Note what a clause is; let its notice, and the lapse of an objection, take their time."""
        match clause:
            case NoObjection(party, within):
                return self._with_lapse(party, within, node, setting)
            case AllOf(parts) | OneOf(parts) | KOf(_, parts):
                made = self.drawing.nodes[node]
                if not isinstance(clause, AllOf) and made is not None and len(parts) > 1:
                    node = self._choice(clause, node, setting)
                return self._with_notice(clause.conditions, node, setting)
            case Consent() | ByBody():
                if node in self.consents:
                    self.consents[node] = self.consents[node]._replace(nature=nature_of(clause.conditions))
                return self._with_notice(clause.conditions, node, setting)
            case _:
                return node

    def _choice(self, clause: OneOf | KOf, node: int, setting: Setting) -> int:
        made = self.drawing.nodes[node]
        if not isinstance(made, Or | AtLeast):
            return node
        items = clause.parts if isinstance(clause, OneOf) else clause.items
        wanted = 1 if isinstance(clause, OneOf) else clause.k
        words = tuple(format_rule(part) for part in items)
        self.choices[node] = Choice(wanted, made.parts, words, setting.rule, setting.entity.id, setting.matter)
        return node

    def _with_notice(self, conditions: Sequence[Condition], node: int, setting: Setting) -> int:
        delay = notice_of(conditions, setting.rule)
        if delay is None:
            return node
        both = self.drawing.add(And((node, self._wait(delay, self.yes))))
        self.notices[both] = delay
        return both

    def _wait(self, delay: Delay, part: int) -> int:
        node = self.drawing.wrap(part)
        self.delays[node] = delay
        return node

    def _with_lapse(self, party: Party, within: str, node: int, setting: Setting) -> int:
        length = parse_duration(within)
        if not isinstance(length, Duration):
            return node
        lapse = self._wait(Delay(f"no objection within {within}", length, None, (setting.rule,)), self.yes)
        either = self.drawing.add(Or((node, lapse)))
        names = parties_of(self.structure, setting.entity, party)
        self.lapses[either] = (", ".join(names) or party.kind, lapse, setting.rule)
        return either

    def vote(self, vote: Vote, setting: Setting) -> int:
        """Compile a vote with the ways in which it may be taken."""
        node = super().vote(vote, setting)
        kind, names = electorate_of(self.structure, setting.entity, vote.electorate, setting)
        owner = setting.entity
        if kind in ("foreign", "body", "group"):
            owner = self.structure.entities[names[0]]
        if vote.electorate.kind in ("members", "trustees") and kind == "parties" and setting.pool is None:
            kind = vote.electorate.kind
        of = {"holders": "holders", "all": "holders", "foreign": "holders"}.get(kind, kind)
        if setting.pool is not None and of in ("holders", "parties"):
            of = "pool"
        return self._with_ways(node, vote, of, owner, setting)

    def _with_ways(self, node: int, vote: Vote, of: str, owner: Entity, setting: Setting) -> int:
        primary, casting = node, False
        made = self.drawing.nodes[node]
        if node not in self.votes and isinstance(made, Or) and made.parts[0] in self.votes:
            primary, casting = made.parts[0], True
        if primary not in self.votes:
            return node
        ways = self._ways(node, vote, of, owner, setting)
        nodes = tuple(way.node for way in ways)
        result = self.drawing.wrap(self.drawing.add(Or(nodes)))
        self.terms[result] = VoteTerms(of, owner.id, vote, primary, casting, ways, setting)
        return result

    def _ways(self, node: int, vote: Vote, of: str, owner: Entity, setting: Setting) -> tuple[Way, ...]:
        notice = notice_of(vote.conditions, setting.rule)
        if of not in ("holders", "members", "body", "group") or setting.matter in (CALL, WRITTEN):
            waits = self.drawing.add(And((node, self._wait(notice, self.yes)))) if notice is not None else node
            return (Way("vote", waits, notice, None, notice.because if notice is not None else ()),)
        in_writing = self._in_writing(node, vote, of, owner, setting)
        if of in ("body", "group"):
            waits = self.drawing.add(And((node, self._wait(notice, self.yes)))) if notice is not None else node
            meeting = Way("meeting", waits, notice, None, notice.because if notice is not None else ())
            return (meeting, *in_writing)
        return (*self._meetings(node, notice, owner, setting), *in_writing)

    def _meetings(self, node: int, notice: Delay | None, owner: Entity, setting: Setting) -> list[Way]:
        ways: list[Way] = []
        called = stated_rule(owner, CALL)
        elects = setting.matter == "elect directors" or setting.matter.startswith("elect ")
        annual = next_annual_meeting(owner, self.structure.on) if elects else None
        if annual is not None:
            waits = self.drawing.add(And((node, self._wait(annual, self.yes))))
            ways.append(Way("annual meeting", waits, annual, None, annual.because))
        if annual is None or called is not None:
            call = self.number(MatterPasses(owner.id, CALL)) if called is not None else None
            begun = call if call is not None else self.yes
            if notice is not None:
                begun = self._wait(notice, begun)
            waits = self.drawing.add(And((node, begun))) if begun != self.yes else node
            because = (*(notice.because if notice else ()), *((called.basis,) if called is not None else ()))
            ways.insert(0, Way("meeting", waits, notice, call, because))
            if called is None:
                self.noted[f"No rule says who calls a meeting of {owner.id}; one is taken to be called at once."] = None
        elif called is None:
            self.noted[f"No rule says who calls a meeting of {owner.id}; its elections wait for the annual one."] = None
        if notice is None and any(way.form == "meeting" for way in ways):
            by_law = notice_by_law(owner)
            told = f"The notice that its law asks for a meeting of {owner.id} ({by_law}) is not counted."
            silent = f"No rule states the notice of a meeting of {owner.id}; none is counted."
            self.noted[told if by_law else silent] = None
        return ways

    def _in_writing(self, node: int, vote: Vote, of: str, owner: Entity, setting: Setting) -> list[Way]:
        stated = stated_rule(owner, WRITTEN)
        if stated is None or self._is_of_bodies(owner, stated) is not (of in ("body", "group")):
            whom = (
                f"{owner.id}.{_body_of(setting, vote, owner)}" if of in ("body", "group") else f"the {of} of {owner.id}"
            )
            acting = not vote.electorate.names or _body_of(setting, vote, owner) == "board"
            by_law = writing_by_law(owner, of_bodies=of in ("body", "group")) if acting else ""
            told = f"That its law lets {whom} act in writing ({by_law}) is not counted."
            silent = f"No rule says whether {whom} may act in writing, without a meeting; they are taken not to."
            self.noted[told if by_law else silent] = None
            return []
        if isinstance(stated.rule, Never):
            return []
        if of not in ("body", "group") and is_barred_in_writing(owner, setting.matter):
            self.noted[
                f"A director of {owner.id} cannot be removed in writing, without a meeting "
                "(Companies Act 2006, s. 288(2)(a))."
            ] = None
            return []
        if of not in ("body", "group") and (caution := caution_on_elections(owner, setting.matter)):
            self.noted[caution] = None
        rule = stated.rule
        if isinstance(rule, Vote) and rule.electorate.kind in ("votes", "members", "body"):
            # What share must sign is asked of the electorate that votes. Nobody is present or absent in writing, and no
            # fewer do than would at a meeting that all attend.
            kept = tuple(item for item in vote.conditions if item.kind not in NOT_IN_WRITING)
            own, with_share = replace(vote, conditions=kept), replace(vote, share=rule.share, conditions=kept)
            unchanged = {item.kind for item in vote.conditions} <= {"notice", *(item.kind for item in kept)}
            own_node = node if unchanged else super().vote(own, setting)
            if rule.share == vote.share:
                both = self.drawing.wrap(own_node)
            else:
                written = super().vote(with_share, setting._replace(rule=stated.basis, text=stated.text))
                both = self.drawing.add(And((own_node, written)))
            stricter = _stricter(own, with_share)
            needs = "" if unchanged and stricter == format_rule(own) else stricter
        else:
            needs = format_rule(rule)
            both = self.drawing.add(And((node, self.number(MatterPasses(owner.id, WRITTEN)))))
        if stated.assumed:
            self.assume(of_law(f"{owner.id}: {WRITTEN}", stated))
        return [Way("in writing", both, None, None, (stated.basis,), needs)]

    def _is_of_bodies(self, owner: Entity, stated: MatterRule) -> bool:
        """Whether a rule on written consent is about a body of an entity rather than its holders or members."""
        setting = self._setting(owner, WRITTEN, stated)
        waiting: list[Rule] = [stated.rule]
        kinds: set[str] = set()
        while waiting:
            rule = waiting.pop()
            match rule:
                case AllOf(parts) | OneOf(parts) | KOf(_, parts):
                    waiting.extend(parts)
                case Vote(_, electorate):
                    kinds.add(electorate_of(self.structure, owner, electorate, setting)[0])
                case ByBody():
                    kinds.add("body")
                case _:
                    pass
        return bool(kinds) and kinds <= {"body", "group"}

    def _default(self, entity: Entity, matter: str) -> int:
        node = super()._default(entity, matter)
        if node in self.votes:
            setting = Setting(entity, matter, self.votes[node].rule, "majority of votes")
            return self._with_ways(node, Vote(MAJORITY, Electorate("votes")), "holders", entity, setting)
        made = self.drawing.nodes[node]
        if isinstance(made, And):
            for role, names in (
                ("general partner", entity.general_partners),
                ("manager", entity.managers),
                ("trustees", entity.trustees),
            ):
                if names:
                    because = entity.basis.get(role) or entity.basis.get("")
                    self.consents[node] = ConsentTerms(role, entity.id, names, "", (because,) if because else ())
                    break
        return node

    def _consent(self, party: Party, setting: Setting) -> int:
        node = super()._consent(party, setting)
        made = self.drawing.nodes[node]
        if isinstance(made, And):
            names = parties_of(self.structure, setting.entity, party)
            role = f"{party.kind} {party.name}" if party.kind == "holder of" else party.kind
            self.consents[node] = ConsentTerms(role, setting.entity.id, names, "", (setting.rule,))
        elif isinstance(made, Constant):
            self.noted.setdefault(f"{setting.text}: the consent cannot be had.")
        return node

    def _with_consents(self, entity: Entity, matter: str, node: int) -> int:
        result = super()._with_consents(entity, matter, node)
        if result != node:
            self.agreed[result] = entity.consents[matter]
        return result


def notice_of(conditions: Sequence[Condition], rule: Basis) -> Delay | None:
    """Return the notice that a clause asks for; the longest if it asks for several."""
    found: list[Delay] = []
    for condition in conditions:
        length = parse_duration(condition.words) if condition.kind == "notice" else None
        if isinstance(length, Duration):
            found.append(Delay(f"{condition.words} notice", length, None, (rule,)))
    return max(found, key=lambda delay: delay.ends(date(2000, 1, 1)) or date.max) if found else None


def nature_of(conditions: Sequence[Condition]) -> str:
    """Return ``protective`` or ``substantive`` where a clause is marked so, else an empty text."""
    return next((item.kind for item in conditions if item.kind in ("protective", "substantive")), "")


def next_annual_meeting(entity: Entity, on: date) -> Delay | None:
    """Return the wait for the next annual meeting, `on` included; None where none is stated."""
    meeting = next_meeting(entity, on)
    if meeting is None:
        return None
    basis = entity.basis.get("annual meeting")
    return Delay(f"the annual meeting of {meeting.isoformat()}", None, meeting, (basis,) if basis else ())


def _stricter(own: Vote, written: Vote) -> str:
    """Return the vote of two by one electorate that asks for more, as written; both where that is not plain."""
    levels = [
        {"majority": (HALF, True), "plurality": (HALF, True), "all": (Fraction(1), False)}.get(
            vote.share.kind,
            (vote.share.amount, vote.share.kind == "more") if vote.share.kind in ("more", "least") else None,
        )
        for vote in (own, written)
    ]
    first, second = levels
    if first is None or second is None or first[0] is None or second[0] is None:
        return format_rule(written) if own.share == written.share else f"{format_rule(own)} and {format_rule(written)}"
    return format_rule(own) if (first[0], first[1]) > (second[0], second[1]) else format_rule(written)


def _body_of(setting: Setting, vote: Vote, owner: Entity) -> str:
    names = vote.electorate.names
    name = names[0].rpartition(".")[2] if names else setting.body or "board"
    return name if name in owner.bodies or len(owner.bodies) != 1 else next(iter(owner.bodies))
