"""Compile one rule: its clauses, its votes, and whom they count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from muniment.book.structure import Basis, Body, Entity, MatterRule, Structure
from muniment.control.ballots import NO_LIMITS, Ballot, Entry, Needed, needed, of_members, votes_of, weighings
from muniment.control.compiled import (
    BodyDecides,
    EntityActs,
    Key,
    Mark,
    PoolDecides,
    SeatAgrees,
    Setting,
    VoteNote,
)
from muniment.control.electorates import Electorates
from muniment.control.formula import And, AtLeast, Constant, Drawing, Or, same_in_every_mode
from muniment.control.limits import capped, kept_within_limits
from muniment.control.meant import electorate_of, find_body, parties_of
from muniment.model.rules import And as AllOf
from muniment.model.rules import (
    ByBody,
    Condition,
    Consent,
    Electorate,
    KOf,
    Never,
    NoObjection,
    Party,
    Rule,
    Share,
    Vote,
)
from muniment.model.rules import Or as OneOf

MAJORITY = Share("majority")


class RuleCompiler:
    """Compiles rules into a system that is being drawn up; what they refer to is queued.

    Args:
        structure: What is in force.
        blocking: Read conditions that are not monotone so that a no-show is a no; else so that it does not count.
        entities_act: Every entity that is asked is an actor; what stands behind it is not followed.
        electorates: Those of the structure that were counted before.
    """

    def __init__(
        self,
        structure: Structure,
        *,
        blocking: bool,
        entities_act: bool = False,
        electorates: Electorates | None = None,
    ) -> None:
        self.structure = structure
        self.electorates = electorates if electorates is not None else Electorates()
        self.entities_act = entities_act
        self.blocking = blocking
        self.drawing = Drawing()
        self.names: dict[Key, int] = {}
        self.waiting: list[Key] = []
        self.votes: dict[int, VoteNote] = {}
        self.bases: dict[int, tuple[Basis, ...]] = {}
        self.facts: dict[int, tuple[str, ...]] = {}
        self.marks: dict[Mark, None] = {}
        self.assumptions: dict[str, None] = {}
        self.pools = {(pool.over, member): pool for pool in reversed(structure.pools) for member in pool.members}
        self.no = self.drawing.add(Constant(False))
        self.yes = self.drawing.add(Constant(True))

    def number(self, key: Key) -> int:
        """Return the node of a decision, to be defined when its turn comes."""
        found = self.names.get(key)
        if found is None:
            found = self.names[key] = self.drawing.reserve()
            self.waiting.append(key)
        return found

    def assume(self, sentence: str) -> None:
        """Note an assumption, once."""
        self.assumptions[sentence] = None

    def _rests_on(self, number: int, *bases: Basis | None) -> None:
        stated = tuple(basis for basis in bases if basis is not None)
        if stated:
            self.bases[number] = self.bases.get(number, ()) + stated

    def _setting(self, entity: Entity, matter: str, stated: MatterRule) -> Setting:
        return Setting(entity, matter, stated.basis, stated.text)

    def party(self, name: str, entity: Entity, matter: str) -> int:
        """Return the node of a party that is asked to agree to a matter of an entity."""
        holder = self.structure.entities.get(name)
        if holder is not None and self.entities_act:
            return self.drawing.actor(name)
        if holder is not None:
            on = f"{entity.id}: {matter}"
            return self.number(EntityActs(name, on if f"consent to {on}" in holder.rules else ""))
        known = self.structure.parties.get(name)
        if name.startswith("others of ") or (known is not None and known.kind == "group" and not known.acts_together):
            self.assume(f"{name} do not act together: nobody can count on them, and they may agree.")
            return self.drawing.others(name)
        return self.drawing.actor(name)

    def _voter(self, name: str, owner: Entity, setting: Setting) -> int:
        """Return the node that casts the votes a party holds in an entity: its voting pool, else the party."""
        pool = self.pools.get((owner.id, name)) if setting.pool is None else None
        if pool is None:
            return self.party(name, setting.entity, setting.matter)
        if pool.revocable:
            self.marks[Mark(f"revocable {pool.id}", pool.basis, "its members vote for themselves")] = None
            if self.blocking:
                return self.party(name, setting.entity, setting.matter)
        return self.number(PoolDecides(pool.id, pool.over))

    def _pooled(self, owner: Entity) -> frozenset[str]:
        """Return the parties whose votes in an entity a pool casts."""
        pools = (pool for pool in self.structure.pools if pool.over == owner.id)
        return frozenset(name for pool in pools if not (pool.revocable and self.blocking) for name in pool.members)

    def rule(self, rule: Rule, setting: Setting) -> int:
        """Compile one rule as it stands in its entity."""
        results: list[int] = []
        tasks: list[tuple[Rule, bool]] = [(rule, False)]
        while tasks:
            clause, ready = tasks.pop()
            match clause:
                case AllOf(parts) | OneOf(parts) | KOf(_, parts):
                    if not ready:
                        tasks.append((clause, True))
                        tasks.extend((part, False) for part in reversed(parts))
                        continue
                    made = tuple(results[len(results) - len(parts) :])
                    del results[len(results) - len(parts) :]
                    if isinstance(clause, AllOf):
                        results.append(self.drawing.add(And(made)))
                    elif isinstance(clause, OneOf):
                        results.append(self.drawing.add(Or(made)))
                    else:
                        results.append(self.drawing.add(AtLeast(made, same_in_every_mode((1,) * len(made), clause.k))))
                case Never():
                    results.append(self.no)
                case Consent(party):
                    results.append(self._consent(party, setting))
                case NoObjection(party):
                    self._mark(setting, f"no objection of {party.name or party.kind}", "its consent is needed")
                    results.append(self._consent(party, setting) if self.blocking else self.yes)
                case ByBody(name):
                    results.append(self._by_body(name, setting))
                case Vote():
                    results.append(self.vote(clause, setting))
            results[-1] = self.clause(clause, results[-1], setting)
        return results[0]

    def clause(self, clause: Rule, node: int, setting: Setting) -> int:  # noqa: ARG002 -- for compilers that note more
        """Return the node of a clause that was just compiled."""
        return node

    def _mark(self, setting: Setting, condition: str, reading: str) -> None:
        self.marks[Mark(condition, setting.rule, reading)] = None

    def _by_body(self, name: str, setting: Setting) -> int:
        owner, body = find_body(self.structure, setting.entity, name)
        if owner is None or body is None:
            if name in setting.entity.bodies or name == "board":
                self.assume(f"{setting.entity.id} has no {name}.")
                return self.no
            return self._consent(Party("id", name), setting)
        return self._decision_of(owner, body, setting)

    def _decision_of(self, owner: Entity, body: Body, setting: Setting) -> int:
        if owner.id == setting.entity.id and setting.body == body.id:
            self.assume(f"{owner.id}.{body.id} decides by what names itself; a majority of its seats is meant.")
            return self.vote(Vote(MAJORITY, Electorate("body", (body.id,))), setting)
        return self.number(BodyDecides(owner.id, body.id))

    def _consent(self, party: Party, setting: Setting) -> int:
        entity = setting.entity
        if party.kind == "trustees" and not entity.trustees:
            kind, names = electorate_of(self.structure, entity, Electorate("trustees"), setting)
            if kind == "body":
                return self._decision_of(entity, entity.bodies[names[1]], setting)
            if kind != "missing":
                return self.vote(Vote(MAJORITY, Electorate("trustees")), setting)
        if party.kind == "id" and party.name not in self.structure.parties:
            owner, body = find_body(self.structure, entity, party.name)
            if owner is not None and body is not None:
                return self._decision_of(owner, body, setting)
        names = parties_of(self.structure, entity, party)
        if not names:
            role = f"{party.kind} {party.name}".strip()
            self.assume(f"{entity.id} has no {role} on record; the consent cannot be had.")
            return self.no
        nodes = tuple(self.party(name, entity, setting.matter) for name in names)
        node = self.drawing.wrap(self.drawing.add(And(nodes)))
        self._rests_on(node, setting.rule, entity.basis.get(party.kind))
        if party.kind == "holder of":
            owner_id, _, office_id = party.name.rpartition(".")
            held = self.structure.entities.get(owner_id, entity).offices.get(office_id)
            self._rests_on(node, held.holder_basis if held else None)
        return node

    def vote(self, vote: Vote, setting: Setting) -> int:
        """Compile a share of an electorate."""
        entity = setting.entity
        kind, names = electorate_of(self.structure, entity, vote.electorate, setting)
        wanted = needed(vote.share, setting.seat[1] or 1, setting.seat[0] or 1)
        if vote.share.kind == "plurality":
            self._mark(setting, "plurality", "a majority of the base is needed")
        if vote.share.kind == "cumulative":
            self._mark(setting, "cumulative", "only seats that the others cannot take are secured")
        absent = self._absent(vote, wanted, setting)
        quorum = next((condition for condition in vote.conditions if condition.kind == "quorum"), None)
        if self.blocking and quorum is not None and wanted.share is None:
            rest = tuple(condition for condition in vote.conditions if condition is not quorum)
            least = Share("more" if quorum.words else "least", quorum.amount)
            both = (Vote(vote.share, vote.electorate, rest), Vote(least, vote.electorate, rest))
            return self.drawing.add(And(tuple(self.vote(each, setting) for each in both)))
        match kind:
            case "body" | "group":
                node = self._vote_of_seats(kind, names, vote, wanted, setting, absent)
            case "holders" | "all":
                ballot = self._ballot(entity, names if kind == "holders" else None, vote.conditions, setting)
                node = self._vote_of_holders(ballot, absent or wanted, setting, entity)
            case "foreign":
                owner = self.structure.entities[names[0]]
                ballot = self._ballot(owner, names[1:], vote.conditions, setting)
                node = self._vote_of_holders(ballot, absent or wanted, setting, owner)
            case "others":
                name = f"others of {entity.id}.{names[0].rpartition('.')[2]}"
                self.assume(f"{name} do not act together: nobody can count on them, and they may agree.")
                node = self.drawing.others(name)
            case "parties":
                left_out = self._excluded(vote.conditions, setting)
                listed = tuple(name for name in names if name not in left_out)
                entries = tuple(Entry(name, Fraction(1), Fraction(1)) for name in listed)
                words = vote.electorate.kind if vote.electorate.kind != "parties" else ", ".join(listed)
                of_whom = f" of {entity.id}" if vote.electorate.kind != "parties" else ""
                ballot = Ballot(entries, Fraction(len(listed)), "", f"{words}{of_whom}")
                node = self._vote_of_holders(ballot, absent or wanted, setting)
                self._rests_on(node, entity.basis.get(vote.electorate.kind))
            case _:
                self.assume(f"{entity.id} has no {' '.join(names)}; a vote of it cannot pass.")
                node = self.no
        return node

    def _absent(self, vote: Vote, wanted: Needed, setting: Setting) -> Needed | None:
        """Mark conditions that count who takes part; return what is needed instead where they change it.

        Where a no-show is a no, nobody can count on others to come: those who agree must make up a quorum that is more
        than the share by themselves. Where it does not count, the quorum is all they need.
        """
        quorum: Fraction | None = None
        more = False
        counts = vote.share.kind in ("plurality", "cumulative")
        for condition in vote.conditions:
            match condition.kind:
                case "cast" | "present":
                    counts = True
                    self._mark(setting, condition.kind, "who does not vote counts as a no")
                case "quorum":
                    quorum, more = condition.amount, condition.words == "majority"
                    counts = True
                    words = f"with quorum {condition.words or condition.amount}"
                    self._mark(setting, words, "who stays away counts as a no")
                case "excluding":
                    self._mark(setting, "excluding", "those excluded are out of the base")
                case "capped":
                    self._mark(setting, "capped", "the cap is on each holder; the base stays uncapped")
        if not counts:
            return None
        if self.blocking and (quorum is None or wanted.share is None or (quorum, more) <= (wanted.share, wanted.more)):
            return None
        if quorum:
            return Needed(quorum, more, None, None, f"a quorum of {'a majority' if more else quorum}")
        return Needed(Fraction(0), True, None, None, "any vote")

    def _excluded(self, conditions: Collection[Condition], setting: Setting) -> frozenset[str]:
        names: set[str] = set()
        if not self.blocking:
            return frozenset()  # whether an interest excludes is itself in dispute; in this reading it does not
        for condition in conditions:
            if condition.kind != "excluding":
                continue
            for party in condition.parties:
                names.update(parties_of(self.structure, setting.entity, party))
            if condition.words == "the one concerned":
                if not setting.concerned:
                    self.assume("Nobody is known to be the one concerned; nobody is excluded.")
                names.update(setting.concerned)
        return frozenset(names)

    def _ballot(
        self, entity: Entity, classes: tuple[str, ...] | None, conditions: Collection[Condition], setting: Setting
    ) -> Ballot:
        left_out = self._excluded(conditions, setting)
        names = classes
        if left_out & set(entity.classes):
            names = tuple(name for name in (classes or tuple(entity.classes)) if name not in left_out)
            if classes is None:
                names = tuple(name for name in names if entity.classes[name].votes)
        within = self._within_limits(entity, names)
        caps = tuple(each.amount for each in conditions if each.kind == "capped" and each.amount is not None)
        pool = setting.pool

        def count() -> Ballot:
            pooled = self._pooled(entity) if pool is None else pool.members
            ballot = votes_of(self.structure, entity, names, left_out, pooled, within)
            if pool is not None and entity.id == pool.over:
                ballot = of_members(ballot, pool.members)
            for cap in caps:
                ballot = capped(ballot, cap, base_too=not self.blocking)
            return ballot

        key = (entity.id, names, left_out, caps, pool.id if pool is not None else None, self.blocking)
        return self.electorates.ballot(key, count)

    def _within_limits(self, entity: Entity, classes: tuple[str, ...] | None) -> Mapping[tuple[str, str], Fraction]:
        """Return the part of each holding over the limit of its class that votes, and mark the limit."""
        kept = kept_within_limits(self.structure, entity)
        over = [name for name in dict.fromkeys(held for _, held in kept) if classes is None or name in classes]
        for name in over:
            basis = entity.classes[name].basis["held at most"]
            self.marks[Mark("held at most", basis, "what a holder has over it stays in the base, as a no")] = None
        return kept if self.blocking else NO_LIMITS

    def _vote_of_holders(self, ballot: Ballot, wanted: Needed, setting: Setting, owner: Entity | None = None) -> int:
        """Compile a vote; where it is one of the votes of an entity, `owner`, its voting pools cast them."""
        for sentence in ballot.assumptions:
            self.assume(sentence)
        if not ballot.entries and (not ballot.others or setting.of_seat):
            self.assume(f"No holder of the {ballot.words} is recorded; nobody can pass a vote of them.")
            return self.no
        thresholds, others = self.electorates.weighings(ballot, wanted)
        if owner is not None:
            parts = [self._voter(entry.party, owner, setting) for entry in ballot.entries]
        else:
            parts = [self.party(entry.party, setting.entity, setting.matter) for entry in ballot.entries]
        if others:
            self.assume(f"The {ballot.others} do not act together: nobody can count on them, and they may agree.")
            parts.append(self.drawing.others(ballot.others))
        node = self.drawing.add(AtLeast(tuple(parts), thresholds))
        voters = [(entry.party, entry.low) for entry in ballot.entries]
        bases = [entry.bases for entry in ballot.entries]
        if others:
            held = sum((entry.low for entry in ballot.entries), Fraction(0))
            voters.append((ballot.others, max(ballot.total - held - ballot.uncast[0], Fraction(0))))
            bases.append(())
        facts = tuple(dict.fromkeys(fact for entry in ballot.entries for fact in entry.facts))
        if facts:
            self.facts[node] = facts
        rule, text = setting.rule, setting.text
        note = VoteNote(setting.entity.id, ballot.words, wanted, ballot.total, tuple(voters), tuple(bases), rule, text)
        self._note(node, note)
        if owner is not None and owner.cross_held_vote is False:
            self._rests_on(node, owner.basis.get("cross-held shares"))
        return node

    def _note(self, node: int, note: VoteNote) -> None:
        self.votes[node] = note
        for sentence in note.needs_nobody():
            self.assume(sentence)
        self._rests_on(node, note.rule)

    def _vote_of_seats(
        self, kind: str, names: tuple[str, ...], vote: Vote, wanted: Needed, setting: Setting, absent: Needed | None
    ) -> int:
        owner = self.structure.entities[names[0]]
        body = owner.bodies[names[1]]
        groups = list(body.groups.values()) if kind == "body" else [body.groups[names[2]]]
        in_office = any(condition.kind in ("in office", "present") for condition in vote.conditions)
        left_out = self._excluded(vote.conditions, setting)
        by_seat = absent is None and vote.share.kind in ("count", "all but")  # a number counts seats, not their votes
        parts: list[int] = []
        weights: list[int] = []
        voters: list[tuple[str, Fraction]] = []
        bases: list[tuple[Basis, ...]] = []
        in_chair: list[int] = []
        for group in groups:
            office = owner.offices.get(group.office) if group.office else None
            for seat in group.seats if group.votes_each > 0 else ():
                occupant = seat.occupant or (office.holder if office is not None else None)
                if (in_office and occupant is None) or (occupant is not None and occupant in left_out):
                    continue
                node = self.number(SeatAgrees(owner.id, body.id, group.id, seat.number))
                parts.append(node)
                weights.append(1 if by_seat else group.votes_each)
                voters.append((occupant or f"vacant {group.id} seat", Fraction(weights[-1])))
                bases.append((seat.basis,))
                if occupant is not None and occupant == body.chair:
                    in_chair.append(node)
            for condition in group.conditions:
                self.assume(f"The seats {group.id} of {owner.id}.{body.id} exist while {condition}.")
        base = Fraction(sum(weights))
        words = f"seats of {owner.id}.{body.id}" if kind == "body" else f"{names[2]} seats of {owner.id}.{body.id}"
        if any(weight != 1 for weight in weights):
            words = words.replace("seats of", "votes of")
        used = absent or wanted
        entries = tuple(
            Entry(name, Fraction(weight), Fraction(weight)) for (name, _), weight in zip(voters, weights, strict=True)
        )
        thresholds, _ = weighings(Ballot(entries, base, "", words), used)
        node = self.drawing.add(AtLeast(tuple(parts), thresholds)) if parts else self.no
        if not parts:
            self.assume(f"No {words} are in office; a vote of them cannot pass.")
            return node
        self._note(node, VoteNote(
            owner.id, words, used, base, tuple(voters), tuple(bases), setting.rule, setting.text
        ))  # fmt: skip
        self._rests_on(node, body.basis)
        if body.casting_vote and in_chair and vote.share.kind == "majority" and absent is None:
            if body.casting_vote_by is not None:
                self.assume(f"{owner.id}.{body.id}: {body.casting_vote_by.words}.")
                self._rests_on(node, body.casting_vote_by)
            half, _ = weighings(Ballot(entries, base, "", words), Needed(Fraction(1, 2), False, None, None, "half"))
            tied = self.drawing.add(AtLeast(tuple(parts), half))
            self._note(tied, self.votes[node]._replace(
                needed=Needed(Fraction(1, 2), False, None, None, "exactly half, with the chair's casting vote,")
            ))  # fmt: skip
            cast = self.drawing.add(And((tied, self.drawing.add(Or(tuple(in_chair))))))
            node = self.drawing.add(Or((node, cast)))
        return node
