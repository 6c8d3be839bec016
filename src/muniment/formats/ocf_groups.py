"""Changes of a stock ledger: which transactions and certificates of a package are one transfer or split."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from muniment.formats.ocf_balances import GrantSoFar
from muniment.formats.ocf_exercises import tells_an_end
from muniment.formats.ocf_package import Finding, Item, Package
from muniment.formats.ocf_state import Closing, Ledger, Security
from muniment.formats.ocf_types import EXERCISES, Money, money, ratio


class Move(NamedTuple):
    """One change of the ledger.

    Attributes:
        kind: ``issue``, ``exercise``, ``forfeit``, ``transfer``, ``cancel``, ``repurchase``, ``split``, or ``nothing``
            where only certificates change and nobody holds more or less.
        on: The day.
        giver: Stakeholder who gives up shares in a transfer; empty elsewhere.
        class_id: Class of the shares.
        lines: (stakeholder, shares, paid in all or None); for a split one line with the ratio.
        items: The objects of the package that it stands for; none where another change of the day stands for them.
        title: A name for it.
        closes, makes: Securities that end and begin with it.
        grant: Of an exercise or a forfeiture, the security that was granted first, of which the one closed was left.
        replaced: Securities issued for what lapses, if any, which are no balance of the grant.
    """

    kind: str
    on: date
    giver: str
    class_id: str
    lines: tuple[tuple[str, Fraction, tuple[Fraction, str] | None], ...]
    items: tuple[Item, ...]
    title: str
    closes: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    grant: str = ""
    replaced: tuple[str, ...] = ()


def moves_of(package: Package, ledger: Ledger, found: list[Finding]) -> list[Move]:
    """Return the changes of the stock ledger, in an order in which each can be carried out.

    Where a transaction and its results are of one day and add up, they are one change. Else what is closed is
    cancelled whole and what is issued is issued, each on its own day, as the close-out rule has it.
    """
    stock = {name: each for name, each in ledger.securities.items() if each.family == "STOCK"}
    never = {name for name in stock if (end := ledger.closings.get(name)) is not None and end.on < stock[name].issued}
    claimed: set[str] = set(never)
    moves = list(_splits(package, ledger, stock, claimed, found))
    done = {name for move in moves for name in move.closes}
    consolidated: dict[int, list[Closing]] = {}
    for name, closing in sorted(ledger.closings.items()):
        if name not in stock or name in never or name in done:
            continue
        consolidated.setdefault(id(closing.item), []).append(closing)
    by_day = sorted(consolidated.values(), key=lambda each: (each[0].on, each[0].item.id))
    moves += [_move(closings, stock, claimed, found) for closings in by_day]
    moves += uses_of(package, ledger, [move for move in moves if move.kind == "split"], claimed)
    rest = [each for name, each in sorted(stock.items()) if name not in claimed and each.quantity is not None]
    return _in_order([*moves, *(_issue(each) for each in rest)])


def uses_of(package: Package, ledger: Ledger, splits: list[Move], claimed: set[str]) -> Iterator[Move]:
    """Yield what was exercised, released or cancelled of grants.

    Where the shares, and what is left, are of one day and add up, an exercise is one change. Elsewhere the shares that
    its transaction states are exercised and cancelled at once, its results are issued as the package says, and what is
    left of the grant lapses, as by the close-out rule: what was exercised never goes back to the pool of a plan.

    Args:
        package: The package.
        ledger: Its securities.
        splits: Those that are carried out; a grant over the class follows them.
        claimed: Certificates that are part of another change; those of the exercises are added.
    """
    plans = {item.id: item for item in package.of("STOCK_PLAN") if item.usable}
    terms = {item.id: item for item in package.of("VESTING_TERMS") if item.usable}
    classes = {item.id for item in package.of("STOCK_CLASS") if item.usable}
    grants: dict[str, GrantSoFar] = {}
    firsts: set[str] = set()
    ends = [end for end in ledger.closings.values() if ledger.securities[end.security].family != "STOCK"]
    for end in sorted(ends, key=lambda each: (each.on, ledger.securities[each.security].issued, each.security)):
        security = ledger.securities[end.security]
        so_far = grants.get(end.security) or GrantSoFar.of(security, package, plans, terms)
        if so_far is None or so_far.class_id not in classes or end.on < security.issued or tells_an_end(end.item):
            continue
        so_far = so_far.split(_times(splits, so_far.class_id, security.issued, end.on))
        balance = ledger.securities.get(end.balance) if end.balance not in firsts else None
        missing = balance is None and bool(end.balance)
        if end.action in EXERCISES:
            results = [ledger.securities[name] for name in end.results if name in ledger.securities]
            stock = [each for each in results if each.family == "STOCK"]
            shares = sum((each.quantity or Fraction(0) for each in stock), Fraction(0))
            used = end.quantity if end.quantity is not None else shares or so_far.left
            fits = len(results) == len(end.results) and shares == used
            fits = fits and all((each.class_id, each.issued) == (so_far.class_id, end.on) for each in stock)
            fits = fits and not any(each.id in claimed for each in stock)
            after = so_far.exercised(used)
        else:
            stock, used, fits = [], Fraction(0), False
            if end.action != "CANCELLATION" and not so_far.gone:
                continue
            lapses = so_far.left - (balance.quantity or 0) if balance is not None and end.quantity is None else None
            lapses = end.quantity if balance is not None and lapses is None else lapses
            after = so_far.lapse(so_far.left if lapses is None else min(lapses, so_far.left))
        kept = not missing and after.leaves(balance, end.on)
        rest = Fraction(0) if kept else max(after.left, Fraction(0))
        lapsed = after.lapsed - so_far.lapsed
        if (rest + lapsed).denominator != 1 or lapsed < 0 or not used + rest + lapsed:
            continue
        firsts.add(so_far.first.id)
        if kept and balance is not None:
            grants[balance.id] = after._replace(last=balance)
        left = (balance,) if kept and balance is not None else ()
        yield from _used(end, so_far, used, stock if fits else [], left, lapsed + rest, claimed)


def _used(
    end: Closing,
    grant: GrantSoFar,
    used: Fraction,
    stock: list[Security],
    left: tuple[Security, ...],
    lapsed: Fraction,
    claimed: set[str],
) -> Iterator[Move]:
    """Yield what one transaction made of a grant; the first of the changes keeps its objects.

    Args:
        end: The transaction.
        grant: As it stood before, in shares of the day.
        used: Shares exercised.
        stock: Certificates issued for them; empty where the package issues none, or issues them apart.
        left: The security for what is left of the grant, if it has one.
        lapsed: Shares that lapse.
        claimed: Certificates that are part of another change; those of the exercise are added.
    """
    named, first = f" of {end.security}"[:70], grant.first
    items: tuple[Item, ...] = (end.item, *(each.item for each in (*stock, *left)))
    makes = tuple(each.id for each in (*stock, *left))
    closes: tuple[str, ...] = (end.security,)
    if used:
        paid: dict[str, list[tuple[Fraction, Money | None]]] = {}
        for each in stock:
            paid.setdefault(each.holder, []).append((each.quantity or Fraction(0), each.price))
        claimed.update(each.id for each in stock)
        lines = tuple((holder, *_in_all(parts)) for holder, parts in paid.items()) or ((first.holder, used, None),)
        done = f"{end.security}\0{end.action}"
        title = f"{end.action.capitalize()}{named}"
        yield Move("exercise", end.on, "", grant.class_id, lines, items, title, closes, (*makes, done), first.id)
        if not stock:
            cancelled = ((first.holder, used, None),)
            yield Move("cancel", end.on, "", grant.class_id, cancelled, (), f"No shares for the {title}", (done,))
        items, makes, closes = (), (), (done,)
    if lapsed:
        title = f"{'Rest' if used else end.action.capitalize()}{named}"
        replaced = () if left else tuple(name for name in (end.balance, *end.results) if name)
        yield Move(
            "forfeit",
            end.on,
            "",
            grant.class_id,
            ((first.holder, lapsed, None),),
            items,
            title,
            closes,
            makes,
            first.id,
            replaced,
        )


def _times(splits: list[Move], class_id: str, issued: date, on: date) -> Fraction:
    times = Fraction(1)
    for split in splits:
        if split.class_id == class_id and issued < split.on <= on:
            times *= split.lines[0][1]
    return times


def _in_all(parts: list[tuple[Fraction, Money | None]]) -> tuple[Fraction, tuple[Fraction, str] | None]:
    """Return shares, and what was paid for them, of several certificates of one holder; None where one says nothing."""
    shares = sum((each for each, _ in parts), Fraction(0))
    prices = [price for _, price in parts if price is not None and price.amount > 0]
    if len(prices) < len(parts) or len({price.currency for price in prices}) > 1:
        return shares, None
    paid = sum((each * price.amount for (each, _), price in zip(parts, prices, strict=True)), Fraction(0))
    return shares, (paid, prices[0].currency)


def _issue(security: Security) -> Move:
    shares = security.quantity or Fraction(0)
    price = security.price
    paid = (price.amount * shares, price.currency) if price is not None and price.amount > 0 else None
    title = security.item.data.get("custom_id")
    return Move(
        "issue",
        security.issued,
        "",
        security.class_id,
        ((security.holder, shares, paid),),
        (security.item,),
        title if isinstance(title, str) else "",
        makes=(security.id,),
    )


def _move(closings: list[Closing], stock: Mapping[str, Security], claimed: set[str], found: list[Finding]) -> Move:
    """Return the one change that a transaction makes, and claim its results where they are part of it."""
    first = closings[0]
    closed = [stock[each.security] for each in closings]
    holders = {each.holder for each in closed}
    classes = {each.class_id for each in closed}
    whole = sum((each.quantity or Fraction(0) for each in closed), Fraction(0))
    names = [name for name in dict.fromkeys((*first.results, first.balance)) if name]
    results = [stock[name] for name in names if name in stock and name not in claimed]
    there = len(results) == len(names) and all(each.issued == first.on for each in results)
    alike = there and len(holders) == 1 and {each.class_id for each in results} <= classes and len(classes) == 1
    total = sum((each.quantity or Fraction(0) for each in results), Fraction(0))
    giver, class_id = closed[0].holder, closed[0].class_id
    ids = tuple(each.security for each in closings)
    kept = [each for each in results if each.holder == giver]
    if alike and first.action in ("REISSUANCE", "CONSOLIDATION") and total == whole and len(kept) == len(results):
        return _of(first, "nothing", "", class_id, (), results, claimed, ids)
    if alike and first.action == "TRANSFER" and total == whole:
        lines = tuple((each.holder, each.quantity or Fraction(0), None) for each in results if each.holder != giver)
        return _of(first, "transfer" if lines else "nothing", giver, class_id, lines, results, claimed, ids)
    ends = first.action in ("CANCELLATION", "REPURCHASE", "RETRACTION")
    if alike and ends and len(kept) == len(results) and total <= whole:
        gone = whole - total
        kind = "repurchase" if first.action == "REPURCHASE" else "cancel"
        price = money(first.item.data.get("price"))
        paid = (price.amount * gone, price.currency) if price is not None and price.amount > 0 else None
        line = ((giver, gone, paid if kind == "repurchase" else None),)
        return _of(first, kind if gone else "nothing", "", class_id, line if gone else (), results, claimed, ids)
    if len(classes) > 1 or len(holders) > 1:
        message = "it consolidates certificates of several holders or classes: each is cancelled"
        found.append(Finding(first.item.where, "warning", "consolidation", message))
    elif names:
        message = (
            f"the {first.action.lower()} and its results are not of one day and class, or do not add up "
            f"({whole} closed, {total} issued): it is written as a cancellation, and each result as an issue of its day"
        )
        found.append(Finding(first.item.where, "warning", "written apart", message))
    lines = tuple((each.holder, each.quantity or Fraction(0), None) for each in closed if each.class_id == class_id)
    return _of(first, "cancel", "", class_id, lines, [], claimed, ids)


def _of(
    closing: Closing,
    kind: str,
    giver: str,
    class_id: str,
    lines: tuple[tuple[str, Fraction, tuple[Fraction, str] | None], ...],
    results: list[Security],
    claimed: set[str],
    ids: tuple[str, ...],
) -> Move:
    claimed.update(each.id for each in results)
    title = f"{closing.action.capitalize()} of {', '.join(ids)[:80]}"
    items = (closing.item, *(each.item for each in results))
    return Move(kind, closing.on, giver, class_id, lines, items, title, ids, tuple(each.id for each in results))


def _splits(
    package: Package, ledger: Ledger, stock: Mapping[str, Security], claimed: set[str], found: list[Finding]
) -> Iterable[Move]:
    """Yield splits that are carried out on every certificate there was; of any other, a finding."""
    for item in package.of("TX_STOCK_CLASS_SPLIT"):
        on, times = date.fromisoformat(item.data["date"]) if item.usable else None, ratio(item.data.get("split_ratio"))
        if on is None or times is None:
            continue
        class_id = str(item.data.get("stock_class_id"))
        before = [
            each
            for each in ledger.outstanding(on - timedelta(days=1))
            if each.family == "STOCK" and each.class_id == class_id
        ]
        ends = [ledger.closings.get(each.id) for each in before]
        results: list[Security] = []
        left = 0
        for each, end in zip(before, ends, strict=True):
            new = [stock[name] for name in end.results if name in stock and name not in claimed] if end else []
            total = sum((one.quantity or Fraction(0) for one in new), Fraction(0))
            same = all((one.holder, one.class_id, one.issued) == (each.holder, class_id, on) for one in new)
            fits = end is not None and end.action == "REISSUANCE" and end.on == on
            if not (fits and same and each.quantity is not None and total == each.quantity * times):
                left += 1
            results += new
        if left or not before:
            message = (
                f"the split is not carried out by reissuing {left} of {len(before)} certificates of the class: "
                "by the close-out rule they keep their number"
            )
            found.append(Finding(f"{item.where} ({item.id[:60]})", "warning", "split", message))
            continue
        claimed.update(each.id for each in results)
        closings = {id(end.item): end.item for end in ends if end is not None}
        yield Move(
            "split",
            on,
            "",
            class_id,
            (("", times, None),),
            (item, *closings.values(), *(each.item for each in results)),
            f"Split of {class_id}",
            tuple(each.id for each in before),
            tuple(each.id for each in results),
        )


def _first(move: Move) -> tuple[str, str, str]:
    """Return the type and id of what a change stands for; one that stands for nothing of its own comes last."""
    return (move.items[0].kind, move.items[0].id, "") if move.items else ("~", move.title, move.kind)


def _in_order(moves: list[Move]) -> list[Move]:
    """Return changes by day, and within a day each after those that made what it closes."""
    days: dict[date, list[Move]] = {}
    for move in moves:
        days.setdefault(move.on, []).append(move)
    rank = {"split": 0, "issue": 1}
    ordered: list[Move] = []
    for on in sorted(days):
        waiting = sorted(days[on], key=lambda move: (rank.get(move.kind, 2), *_first(move)))
        while waiting:
            unmade = {name for move in waiting for name in move.makes}
            ready = [move for move in waiting if not unmade.intersection(set(move.closes) - set(move.makes))]
            ready = ready or waiting[:1]  # a circle: certificates that end before they begin, in any order
            ordered += ready
            taken = {id(move) for move in ready}
            waiting = [move for move in waiting if id(move) not in taken]
    return ordered
