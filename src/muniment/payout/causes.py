"""What happens at a point of the curve, in words, with the clause that brings it about."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.book.structure import Entity
from muniment.payout.curve import Cause
from muniment.payout.sweep import Event
from muniment.payout.terms import Held, fact


def cause_of(entity: Entity, held: Sequence[Held], event: Event) -> Cause:
    """Put an event into words, with the clause that brings it about."""
    names = list(dict.fromkeys(held[number].instrument or held[number].claim.class_id for number in event.claims))
    classes = [entity.classes[name] for name in names if name in entity.classes]
    joined = " and ".join(names)
    instruments = [held[number] for number in event.claims if held[number].instrument]
    if event.kind == "exercises" or (instruments and len(instruments) == len(event.claims)):
        return _of_instruments(instruments, event, joined)
    labels: tuple[str, ...]
    if event.kind == "preference paid":
        labels = ("liquidation preference", "dividends accrued")
        words = f"the liquidation preference of {joined} is paid in full"
    elif event.kind == "does not convert":
        labels = ("liquidation preference", "converts")
        words = f"{joined} {'takes its' if len(names) == 1 else 'take their'} preference rather than convert"
    elif event.kind == "converts":
        labels = ("converts",)
        words = f"{joined} {'converts' if len(names) == 1 else 'convert'} into {event.becomes}"
    elif event.kind == "participation cap":
        labels = ("participation",)
        words = f"the participation of {joined} reaches its cap"
    else:
        beneficiary = next((held[number].beneficiary for number in event.claims if held[number].beneficiary), None)
        rest = f"the excess goes to {beneficiary}" if beneficiary else "the others share the rest"
        labels = ("return cap",)
        words = f"the return cap of {joined} is reached: {rest}"
    return Cause(words, next((basis for each in classes if (basis := fact(each, *labels)) is not None), None))


def _of_instruments(instruments: Sequence[Held], event: Event, joined: str) -> Cause:
    """Put into words what happens to options, SAFEs and notes alone."""
    shown = " and ".join(each.instrument for each in instruments[:3])
    shown += f" and {len(instruments) - 3} others" if len(instruments) > 3 else ""
    if event.kind == "exercises":
        words = f"{shown} {'is' if len(instruments) == 1 else 'are'} exercised for {event.becomes}"
    elif event.kind == "does not convert":
        words = f"{shown} {'is' if len(instruments) == 1 else 'are'} paid back rather than converted"
    elif event.kind == "converts":
        words = f"{shown} {'converts' if len(instruments) == 1 else 'convert'} into {event.becomes}"
    elif event.kind == "preference paid":
        words = f"what is due on {shown} before conversion is paid in full"
    else:
        words = f"{shown} reaches the cap of {joined}"
    return Cause(words, instruments[0].basis)
