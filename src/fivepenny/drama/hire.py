"""Sifting hires: who lets whom sell what is not its own, what is called for it, and who is made to buy it in.

A squeeze is defined here, for whoever counts them. Facts from the events alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, money, say_day
from fivepenny.drama.past import Past
from fivepenny.drama.spoken import line_of
from fivepenny.events import Body, Event

SQUEEZE_PERCENT = 110
"""Of the last price before: who is made to buy in at this or more is squeezed."""


@dataclass(frozen=True, slots=True)
class Squeeze:
    """Units that a seat was made to buy in, at how much above the last price before."""

    day: int
    seat: str
    good: str
    quantity: int
    price_pence: int
    before_pence: int


def squeezes(events: Iterable[Event]) -> tuple[Squeeze, ...]:
    """Every squeeze in a season's events: a purchase that was forced, at SQUEEZE_PERCENT of the last price or more."""
    last_pence: dict[str, int] = {}
    bids: set[tuple[str, str]] = set()
    found: list[Squeeze] = []
    for event in events:
        match event.body:
            case hap.SeasonOpened(goods=goods, prices_pence=prices):
                last_pence.update(zip(goods, prices, strict=True))
            case hires.ForcedPurchase(seat=seat, good=good):
                bids.add((seat, good))
            case hap.Cleared(good=good, price_pence=price) as body if price is not None:
                for seat, units in zip(body.buyers, body.bought, strict=True):
                    if (seat, good) in bids and _is_dear(price, last_pence[good]):
                        found.append(Squeeze(event.day, seat, good, units, price, last_pence[good]))
                last_pence[good] = price
            case hap.DayClosed():
                bids.clear()
            case _:
                pass
    return tuple(found)


def _is_dear(price_pence: int, before_pence: int) -> bool:
    return price_pence * 100 >= before_pence * SQUEEZE_PERCENT


def _words(names: Names, body: Any) -> dict[str, Word]:
    return {
        "owner": names.person(body.owner),
        "hirer": names.person(body.hirer),
        "good": names.good(body.good),
    }


def _units(names: Names, body: Any) -> dict[str, Word]:
    return _words(names, body) | {"amount_of": names.amount_of(body.good, body.quantity)}


def _asked(names: Names, todays: Sequence[Event], event: Event, body: hires.HireAsked) -> Iterator[Moment]:
    """Told where nothing is answered to it: what comes of it tells it otherwise."""
    answers = (hires.Hired, hires.HireDeclined, hires.HireFellThrough)
    for item in todays:
        if isinstance(item.body, answers) and (item.body.owner, item.body.hirer) == (body.owner, body.hirer):
            return
    line = line_of(todays, body.hirer, body.owner, "hire")
    words = _units(names, body) | {"fee": money(body.fee_pence), "day": say_day(body.due_day, event.day)}
    yield moment_of("hire_unanswered", words, event.number, needed=bool(line))


def _hired(names: Names, todays: Sequence[Event], event: Event, body: hires.Hired) -> Iterator[Moment]:
    line = line_of(todays, body.owner, body.hirer, "agree")
    put = bool(line or line_of(todays, body.hirer, body.owner, "hire"))
    words = _units(names, body) | {
        "fee": money(body.fee_pence), "margin": money(body.margin_pence), "day": say_day(body.due_day, event.day),
    }  # fmt: skip
    yield moment_of("hired", words, event.number, after=line, needed=put)


def _declined(names: Names, todays: Sequence[Event], event: Event, body: hires.HireDeclined) -> Iterator[Moment]:
    told = bool(line_of(todays, body.owner, body.hirer, "decline"))
    put = bool(line_of(todays, body.hirer, body.owner, "hire"))
    yield moment_of("hire_declined", _units(names, body), event.number, told=told, needed=put)


def _fell_through(names: Names, todays: Sequence[Event], event: Event, body: hires.HireFellThrough) -> Iterator[Moment]:
    line = line_of(todays, body.owner, body.hirer, "agree")
    words = _units(names, body) | {"lacking": names.person(body.lacking)}
    yield moment_of("hire_fell_through", words, event.number, after=line, needed=bool(line))


def _recalled(names: Names, todays: Sequence[Event], event: Event, body: hires.HireRecalled) -> Iterator[Moment]:
    words = _units(names, body) | {"day": say_day(body.due_day, event.day)}
    line = line_of(todays, body.owner, body.hirer, "recall")
    yield moment_of("hire_recalled", words, event.number, after=line, needed=bool(line))


def _brought_back(names: Names, todays: Sequence[Event], event: Event, body: hires.BroughtBack) -> Iterator[Moment]:
    if not body.left:
        yield moment_of("brought_back", _units(names, body), event.number)


def _overdue(names: Names, todays: Sequence[Event], event: Event, body: hires.HireOverdue) -> Iterator[Moment]:
    yield moment_of("hire_overdue", _units(names, body), event.number)


def _margin(names: Names, todays: Sequence[Event], event: Event, body: hires.MarginCalled) -> Iterator[Moment]:
    words = _words(names, body) | {"needed": money(body.needed_pence)}
    if body.met_pence == body.needed_pence:
        yield moment_of("margin_met", words, event.number)
        return
    if body.met_pence:
        words["met"] = money(body.met_pence)
    yield moment_of("margin_short", words, event.number)


def _closed(names: Names, todays: Sequence[Event], event: Event, body: hires.HireClosed) -> Iterator[Moment]:
    words = _units(names, body)
    if body.paid_pence:
        words["paid"] = money(body.paid_pence)
    if body.owed_pence:
        words["owed"] = money(body.owed_pence)
    yield moment_of("hire_closed", words, event.number)


_SIFTED: Mapping[type[Body], Callable[[Names, Sequence[Event], Event, Any], Iterator[Moment]]] = {
    hires.HireAsked: _asked,
    hires.Hired: _hired,
    hires.HireDeclined: _declined,
    hires.HireFellThrough: _fell_through,
    hires.HireRecalled: _recalled,
    hires.BroughtBack: _brought_back,
    hires.HireOverdue: _overdue,
    hires.MarginCalled: _margin,
    hires.HireClosed: _closed,
}


def hire_moments(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """The moment of an event that has to do with a hire; a purchase that was forced is sifted with its auction."""
    yield from _SIFTED[type(event.body)](names, todays, event, event.body)


MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = dict.fromkeys(
    _SIFTED, hire_moments
)
"""The moments of the events of hires."""


def buy_in_moments(
    names: Names, past: Past, todays: Sequence[Event], event: Event, body: hap.Cleared
) -> Iterator[Moment]:
    """What came of goods that had to be bought in in this auction."""
    before = past.prices.get(body.good)
    for item in todays:
        bid = item.body
        if not isinstance(bid, hires.ForcedPurchase) or bid.good != body.good:
            continue
        words = {"seat": names.person(bid.seat), "good": names.good(bid.good)}
        units = dict(zip(body.buyers, body.bought, strict=True)).get(bid.seat, 0)
        if not units or body.price_pence is None:
            words |= {"amount_of": names.amount_of(bid.good, bid.quantity), "price": money(bid.limit_pence)}
            yield moment_of("buy_in_missed", words, item.number, event.number)
            continue
        words |= {"amount_of": names.amount_of(bid.good, units), "price": money(body.price_pence)}
        if before is not None and _is_dear(body.price_pence, before.figure):
            words["was"] = money(before.figure)
            yield moment_of("squeeze", words, before.number, item.number, event.number)
        else:
            yield moment_of("bought_in", words, item.number, event.number)
