"""A structure: what is in force on one date, under one proposal, in one account.

Every part knows the records it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.book.basis import Basis as Basis
from muniment.book.claims import Convertible as Convertible
from muniment.book.claims import Grant as Grant
from muniment.book.claims import Inexact as Inexact
from muniment.book.claims import Plan as Plan
from muniment.book.claims import Split as Split
from muniment.book.numbers_held import Lot
from muniment.model.return_cap_terms import CapGrowth
from muniment.model.right_terms import HeldAtMost, TenureVotes, Term
from muniment.model.rules import Rule
from muniment.model.terms import Conversion
from muniment.model.values import Bounded, Money, PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Someone who can act, hold or be paid: a person, a group, or an entity.

    Attributes:
        kind: `person`, `group`, or the kind of entity.
        acts_together: For a group: whether its members act as one (the default).
    """

    id: str
    kind: str
    title: str
    acts_together: bool = True
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """`ranks: ahead of common, series-seed` (ahead=True) or `with series-b` (ahead=False)."""

    ahead: bool
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareClass:
    """A class or series of shares or interests of one entity.

    Attributes:
        id: Within its entity.
        authorized: Shares that may be issued; None if not stated.
        votes: Votes each share or unit carries; None if not stated.
        votes_within: The same where it is stated within bounds only.
        inexact: Labels of terms about money that are stated within bounds, and so are None here.
        dividend: The running dividend as written.
        dividend_stated: The date from which it counts; None if there is none.
        dividend_shares: Shares of the date for each share of when it was stated; None where a split leaves that open.
        conversion: The conversion as written where it is not at will.
        original_issue_price: What the preference is measured from, in shares of the date; None if not stated.
        price_stated: The date from which the original issue price counts; None if no price is stated.
        preference: Multiple of the original issue price (or of the price paid); None if the class has none.
        participation: ``none``, ``full`` or ``capped``.
        participation_cap: A multiple of the price (Fraction) or an amount of money in all; includes the preference.
        accrued: Dividends accrued, in all.
        ranks: Order among preferences; empty if not stated.
        converts_into: (what one becomes, class id), if it converts at will.
        converts: All terms of conversion; None if it does not convert.
        conversion_vote: The rule of `by vote RULE`, which decides the matter `convert CLASS`; None if there is none.
        tenure: Votes that grow with the time a share is held; `votes` are those it has at first. None elsewhere.
        held_at_most: The most that one holder may hold; None if there is no limit.
        changed_by: The matter that changes its terms; None if not stated (then `amend charter`).
        return_cap: Multiple of what was contributed; None if none. At first, where it grows.
        cap_growth: How the return cap grows; None if it stays.
        pooled_cap: Whether a holder has one cap over all its classes whose cap is pooled.
        excess_to: Party that gets what exceeds the cap; None with a cap = released to the other classes.
        basis: By label; the key `""` is the class itself.
    """

    id: str
    title: str
    authorized: int | None = None
    votes: Fraction | None = None
    original_issue_price: Money | None = None
    price_stated: PartialDate | None = None
    preference: Fraction | None = None
    participation: str = "none"
    participation_cap: Fraction | Money | None = None
    accrued: Money | None = None
    ranks: tuple[Rank, ...] = ()
    converts_into: tuple[Fraction, str] | None = None
    return_cap: Fraction | None = None
    excess_to: str | None = None
    cap_growth: CapGrowth | None = None
    pooled_cap: bool = False
    votes_within: Bounded[Fraction] | None = None
    inexact: tuple[str, ...] = ()
    dividend: str = ""
    dividend_stated: PartialDate | None = None
    dividend_shares: Fraction | None = Fraction(1)
    conversion: str = ""
    converts: Conversion | None = None
    conversion_vote: MatterRule | None = None
    tenure: TenureVotes | None = None
    held_at_most: HeldAtMost | None = None
    changed_by: str | None = None
    basis: Mapping[str, Basis] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRule:
    """A rule in force, the conditions that stand beside it, and where it stands.

    Attributes:
        assumed: It is a default of the law, used because the book says nothing.
        authority: For a default: the statute, its section and the day from which it is stated.
        changed_by: The matter that changes the rule; None if its line and its `rules` block do not say: then the matter
            that changes its seats or its body, else `amend charter`.
    """

    rule: Rule
    text: str
    basis: Basis
    assumed: bool = False
    authority: str = ""
    changed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One seat of a body.

    Attributes:
        number: 1-based within its group.
        occupant: Person or party who sits there; None if vacant.
        since: The day of the appointment; None if vacant, or not known exactly.
        basis: The appointment, or the seat group where it is vacant.
    """

    number: int
    occupant: str | None
    since: date | None = None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatGroup:
    """Seats that are filled and emptied in the same way.

    Attributes:
        votes_each: 0 = observers.
        for_cause_only: `removed by: ... for cause only`.
        office: The seats follow this office, ex officio (`occupant: holder of ceo`); None otherwise.
        term: As written; None if none.
        sits_for: The term as read; None if none.
        least, most: How few and how many seats there may be (`number: 4 to 12`); the number itself where it is fixed or
            follows the size of the board; None if not stated.
        changed_by: The matter that changes its terms; None if not stated (then as the body says).
    """

    id: str
    seats: tuple[Seat, ...]
    filled_by: MatterRule | None = None
    removed_by: MatterRule | None = None
    vacancies_filled_by: MatterRule | None = None
    for_cause_only: bool = False
    votes_each: int = 1
    office: str | None = None
    term: str | None = None
    sits_for: Term | None = None
    conditions: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    changed_by: str | None = None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A board or committee.

    Attributes:
        id: `board` unless the record gives another.
        decides_by: What the clause `board` means; None if not stated (then a majority of the body is assumed).
        chair: Party in the chair; with `casting_vote`, exactly half with the chair among them passes.
        casting_vote_by: What gives the chair a casting vote where only the law does; else None.
        changed_by: The matter that changes its terms and its seats; None if not stated (then `amend charter`).
    """

    id: str
    title: str
    groups: Mapping[str, SeatGroup]
    decides_by: MatterRule | None = None
    chair: str | None = None
    casting_vote: bool = False
    casting_vote_by: Basis | None = None
    changed_by: str | None = None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office such as `ceo`: who holds it, who fills it, who empties it."""

    id: str
    holder: str | None = None
    filled_by: MatterRule | None = None
    removed_by: MatterRule | None = None
    basis: Basis
    holder_basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one party holds of one class.

    Attributes:
        quantity: Shares or units where `of` is None; otherwise the fraction of the class (0 to 1).
        of: None for a ledger holding in shares; ``class``, ``votes`` or ``capital`` for a stated percentage
            (``class_id`` is empty for votes and capital).
        paid: What was paid in all, per currency summed; None if not stated.
        contributed: When each part of `paid` was paid, for hurdles; None if a day is not known exactly.
        lots: Since when each part has been held; empty where the holding is not in an exact number of shares.
    """

    party: str
    entity: str
    class_id: str
    quantity: Fraction | Bounded[Fraction]
    of: str | None = None
    paid: Money | None = None
    contributed: tuple[tuple[date, Money], ...] | None = None
    lots: tuple[Lot, ...] = ()
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One tier of a distribution.

    Attributes:
        split: (share, class id or party id); shares sum to 1.
        until: A limit: ``("contributed", multiple)``, ``("money", Money)``, ``("hurdle", rate a year)``,
            ``("profit", share)``; None = no limit.
        text: As written.
    """

    number: int
    split: tuple[tuple[Fraction, str], ...]
    until: tuple[str, Any] | None
    text: str
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Clawback:
    """What a payee of a distribution must give back, as in `clawback: gp above 20% of profit`.

    Attributes:
        payee: Party or class id.
        part: What it may keep of the profit.
        over: Entities whose profits count together; empty = the entity's own.
        most: The most it gives back, as a part of what it received.
    """

    payee: str
    part: Fraction
    over: tuple[str, ...] = ()
    most: Fraction = Fraction(1)
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What is paid out of the proceeds first, as in `debt to north-bank: USD 4,000,000`.

    Attributes:
        kind: ``debt``, ``fees``, ``carve-out`` or ``holdback``: part of what the owners get is paid to them later.
        party: Who is paid.
        amount: Fixed money, or a fraction of the proceeds.
        above: The fraction is of what exceeds this; None = of all.
        reaching: It is due only where the proceeds reach this; None = always.
    """

    kind: str
    party: str
    amount: Money | Fraction
    above: Money | None = None
    reaching: Money | None = None
    basis: Basis


class AgreedConsent(NamedTuple):
    """A consent that an agreement adds to the rule of a matter.

    Attributes:
        of: Whose consent.
        basis: The block of the agreement.
        nature: ``protective``, ``substantive``, or empty if not stated.
    """

    of: str
    basis: Basis
    nature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity as it stands on the date.

    Attributes:
        rules: By matter, as labelled (`sell company`, `vote shares`, `consent to e: m`).
        general_partners, managers, trustees, members: Party ids.
        by_law: Labels that its law states and the book does not, each with the statute and section.
        cross_held_vote: Whether shares in it that its own majority-held subsidiaries hold carry votes; None if not
            stated (then they do).
        annual_meeting: Day of the year of the annual meeting, `MM-DD`; None if not stated.
        basis: By label; the key `""` is the entity's own record.
    """

    id: str
    kind: str
    title: str
    law: str | None = None
    law_pack: str | None = None
    legal_form: str | None = None
    purpose: str | None = None
    general_partners: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    trustees: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    annual_meeting: str | None = None
    cross_held_vote: bool | None = None
    by_law: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, ShareClass] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    offices: Mapping[str, Office] = field(default_factory=dict)
    rules: Mapping[str, MatterRule] = field(default_factory=dict)
    consents: Mapping[str, tuple[AgreedConsent, ...]] = field(default_factory=dict)
    distribution: tuple[Tier, ...] = ()
    clawback: Clawback | None = None
    costs: tuple[Cost, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    basis: Mapping[str, Basis] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money already paid out (`pay ... as: distribution`), for caps that are net of earlier distributions.

    Attributes:
        on: The day; None if it is not known exactly.
    """

    by: str
    to: str
    amount: Money
    as_: str
    on: date | None = None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFact:
    """A fact that the account leaves open, where it touched the structure.

    Attributes:
        address: The fact (`openai-tech seats outside removed by`), or `RECORD date` where only the date is open.
        readings: What may be chosen, in words, by index.
        entity: The entity it touches.
    """

    address: str
    readings: tuple[str, ...]
    entity: str
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Members of an agreement who cast all their votes in one entity as the pool decides.

    Attributes:
        id: Address of the agreement (with `/2` for its second pool).
        members: Party ids.
        over: The entity whose votes are bound; seats and consents are not.
        decides_by: How the pool decides; a bare `majority` counts its members, one each. None = all of them.
        revocable: A member may leave at will, so that nobody can count on it.
    """

    id: str
    members: tuple[str, ...]
    over: str
    decides_by: MatterRule | None = None
    revocable: bool = False
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right to acquire shares or votes, to put them or to convert.

    It comes from an `option`, a `grant`, a `safe` or `note` that converts, or a class that converts at will.

    Attributes:
        id: Address of the record; for a class `acme.series-a held by oak`.
        kind: ``acquire``, ``put`` or ``convert``.
        holder: Who may use it.
        entity: Whose shares it is over.
        class_id: The class that is acquired, or put; empty where `of` says ``votes`` or ``capital``.
        quantity: Shares where `of` is None, else a fraction of the class, votes or capital; None if not stated.
        of: As in `Holding`.
        gives: Shares of `gives_class` that the holder gives up by converting; None where nothing held is given up.
        gives_class: The class that converts; empty for a note.
        vesting: Of a grant that vests over time, each day with what has vested by then in all; empty elsewhere.
        source: Party on the other side, who gives the shares up, or takes those that are put; None = the entity: new
            shares, or shares taken back.
        never: `exercisable: never`.
        exercisable: First and last day; None = without bound on that side.
        on_event: What it waits for, as written or an event's id; empty if nothing, or once the event is on record.
        price_each, price_in_all: What is paid; None if not stated, or not exactly.
        price_open: Whether a price is stated, but not exactly.
        substantive: As the record says; None if it does not. Nothing is concluded from it here.
        text: What it is over, as written.
    """

    id: str
    kind: str = "acquire"
    holder: str
    entity: str
    class_id: str = ""
    quantity: Fraction | Bounded[Fraction] | None = None
    of: str | None = None
    gives: Fraction | Bounded[Fraction] | None = None
    gives_class: str = ""
    vesting: tuple[tuple[date, Fraction], ...] = ()
    source: str | None = None
    never: bool = False
    exercisable: tuple[date | None, date | None] = (None, None)
    on_event: str = ""
    price_each: Money | None = None
    price_in_all: Money | None = None
    price_open: bool = False
    substantive: bool | None = None
    text: str = ""
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What is in force. Mappings are never changed once the structure is made.

    Attributes:
        on: The date asked.
        account: The account in which disputed facts were resolved.
        under: The proposal taken as adopted; None if none.
        parties: Everyone who can act, by id; entities too.
        holdings: By entity, in order of party id.
        assumptions: Sentences, each once, that hold for every answer from this structure.
        open_facts: What the account leaves open and the structure would need; each such fact is left out.
        disputed: Addresses of every disputed fact that was resolved on the way.
        matters: Matters of the book's own, whether or not a rule on them is in force.
        uncounted: By entity, sentences on claims and payments that are in force and that no payout counts.
        pools: Voting pools in force.
        rights: Options and rights to convert in force, whether or not they can be used on the date.
        grants: Grants in force, those that are used up or have expired too.
        convertibles: SAFEs and notes in force, those that a round converts too.
        splits: By entity and class, in the order in which they took effect.
        inexact: Claims and payments in force that do not say what is needed to count them.
    """

    on: date
    account: str
    under: str | None
    parties: Mapping[str, Party]
    entities: Mapping[str, Entity]
    holdings: Mapping[str, tuple[Holding, ...]]
    paid: tuple[Paid, ...] = ()
    assumptions: tuple[str, ...] = ()
    open_facts: tuple[OpenFact, ...] = ()
    disputed: tuple[str, ...] = ()
    matters: frozenset[str] = frozenset()
    uncounted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pools: tuple[Pool, ...] = ()
    rights: tuple[Right, ...] = ()
    grants: tuple[Grant, ...] = ()
    convertibles: tuple[Convertible, ...] = ()
    splits: Mapping[tuple[str, str], tuple[Split, ...]] = field(default_factory=dict)
    inexact: tuple[Inexact, ...] = ()
