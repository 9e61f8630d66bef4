"""Sifting the day's auctions: which trades are worth a line.

A trade weighs by how far its price moved, by being the first of its good, by one buyer taking most of it, or
buying day after day; an order that found nobody weighs too. Facts from the auction's events alone.
"""

from collections.abc import Iterator, Sequence

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.drama.hire import buy_in_moments
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import OUTSIDE, Names, Word, count, money
from fivepenny.drama.past import Past
from fivepenny.events import Event

CORNER_PARTS = (2, 3)  # of what was sold, to one buyer
CORNER_LEAST = 4
RUN_DAYS = 4
MOVED_PERCENT = 3  # below this a price is where it was
WEIGHT_A_PERCENT = 2
MOST_MOVE_WEIGHT = 40


def trade_moments(
    names: Names, past: Past, todays: Sequence[Event], event: Event, body: hap.Cleared
) -> Iterator[Moment]:
    """The one thing worth telling of this auction, if there is one; and before it what was sold or bought by force."""
    forced = [
        _forced(names, event, body, item.number, item.body)
        for item in todays
        if isinstance(item.body, fail.ForcedSale) and item.body.good == body.good
    ]
    forced += buy_in_moments(names, past, todays, event, body)
    yield from forced
    called = _called(todays, body.good)
    if called is not None:
        yield _outcome(names, event, body, *called)
        return
    if forced or body.price_pence is None:
        yield from () if forced else _unfilled(names, todays, event, body)
        return
    words = _words(names, body, body.price_pence)
    before = past.prices.get(body.good)
    numbers, extra, motion = [event.number], 0, ""
    if before is not None and before.figure > 0:
        percent = (body.price_pence - before.figure) * 100 // before.figure
        if abs(percent) >= MOVED_PERCENT:
            words["was"] = money(before.figure)
            numbers.append(before.number)
            motion = "up" if percent > 0 else "down"
            extra = min(MOST_MOVE_WEIGHT, abs(percent) * WEIGHT_A_PERCENT)
    if body.good not in past.traded:
        yield moment_of("first_trade", _fresh(words), event.number, extra=extra)
        return
    top, most = max(zip(body.buyers, body.bought, strict=True), key=lambda pair: pair[1])
    run = past.runs.get((top, body.good), [])
    if top != OUTSIDE and most >= CORNER_LEAST and most == body.volume:
        words |= {"taker": names.person(top)}
        yield moment_of("all", words, *numbers, extra=extra)
    elif top != OUTSIDE and most >= CORNER_LEAST and most * CORNER_PARTS[1] >= body.volume * CORNER_PARTS[0]:
        words |= {"taker": names.person(top), "taken": count(most)}
        yield moment_of("corner", words | _way(motion), *numbers, extra=extra)
    elif top != OUTSIDE and len(run) == RUN_DAYS - 1 and run[-1].day == event.day - 1:
        days = [seen.number for seen in run]
        words |= {"taker": names.person(top), "taken": count(most), "days": count(RUN_DAYS)}
        yield moment_of("run", words, *days, *numbers, extra=extra)
    else:
        yield moment_of("trade", words | _way(motion), *numbers, extra=extra)


def _forced(names: Names, event: Event, body: hap.Cleared, number: int, sale: fail.ForcedSale) -> Moment:
    """What came of goods that were to be sold for creditors; their owner sells nothing else of the good that day."""
    words = {"seat": names.person(sale.seat), "good": names.good(body.good)}
    sold = dict(zip(body.sellers, body.sold, strict=True)).get(sale.seat, 0)
    if not sold or body.price_pence is None:
        return moment_of("forced_unsold", words | {"price": money(sale.limit_pence)}, number, event.number)
    words |= {"amount": names.amount(body.good, sold), "amount_of": names.amount_of(body.good, sold)}
    return moment_of("forced_sale", words | {"price": money(body.price_pence)}, number, event.number)


def _called(todays: Sequence[Event], good: str) -> tuple[int, str, str] | None:
    """The line that was spoken over an order for this good: its number, the speaker, and the side."""
    first = {
        item.body.seat: item.body.phrases[0]
        for item in todays
        if item.beat is Beat.MARKET and isinstance(item.body, hap.Decided) and item.body.phrases
    }
    for item in todays:
        if item.beat is Beat.MARKET and isinstance(item.body, hap.Said) and item.body.act in ("buy", "sell"):
            speaker = item.body.speaker
            if first.get(speaker) == f"{item.body.act} {good}":
                return item.number, speaker, item.body.act
    return None


def _outcome(names: Names, event: Event, body: hap.Cleared, line: int, seat: str, side: str) -> Moment:
    """What came of an order that was spoken of."""
    seats, units = (body.buyers, body.bought) if side == "buy" else (body.sellers, body.sold)
    filled = dict(zip(seats, units, strict=True)).get(seat, 0)
    words = {"seat": names.person(seat), "good": names.good(body.good)}
    if filled and body.price_pence is not None:
        words |= {"taken": names.amount(body.good, filled), "price": money(body.price_pence)}
    key = ("bid" if side == "buy" else "offer") + ("_met" if filled else "_missed")
    return moment_of(key, words, line, event.number, needed=True)


def _way(motion: str) -> dict[str, Word]:
    """A slot that is there only where the price moved that way, so that a variant can ask for it."""
    texts = {"up": ("dearer", "rose"), "down": ("cheaper", "fell")}
    return {f"if_{motion}": Word(texts[motion][0])} if motion else {"if_level": Word("at the old price")}


def _fresh(words: dict[str, Word]) -> dict[str, Word]:
    return {name: word for name, word in words.items() if name != "was"}


def _words(names: Names, body: hap.Cleared, price_pence: int) -> dict[str, Word]:
    words = {
        "good": names.good(body.good),
        "price": money(price_pence),
        "amount": names.amount(body.good, body.volume),
        "amount_of": names.amount_of(body.good, body.volume),
        "buyers": names.people(_town_last(body.buyers)),
        "sellers": names.people(_town_last(body.sellers)),
    }
    if len(body.buyers) > 1:
        words["bought"] = names.shares(body.buyers, body.bought)
    else:
        words["buyer"] = names.person(body.buyers[0])
    if len(body.sellers) > 1:
        words["sold"] = names.shares(body.sellers, body.sold)
    else:
        words["seller"] = names.person(body.sellers[0])
    return words


def _town_last(seats: Sequence[str]) -> list[str]:
    return sorted(seats, key=lambda seat: seat == OUTSIDE)


def _unfilled(names: Names, todays: Sequence[Event], event: Event, body: hap.Cleared) -> Iterator[Moment]:
    """The seat's order for this good that came nearest to a trade, where nothing was traded."""
    standing = [
        (item.number, item.body)
        for item in todays
        if isinstance(item.body, hap.Ordered) and item.body.good == body.good and item.body.seat != OUTSIDE
    ]
    bids = [(number, order) for number, order in standing if order.side == "buy"]
    asks = [(number, order) for number, order in standing if order.side == "sell"]
    best = max(bids, key=lambda pair: pair[1].limit_pence, default=None) or min(
        asks, key=lambda pair: pair[1].limit_pence, default=None
    )
    if best is None:
        return
    number, order = best
    words = {
        "seat": names.person(order.seat),
        "good": names.good(body.good),
        "amount_of": names.amount_of(body.good, order.quantity),
        "price": money(order.limit_pence),
        f"if_{order.side}": Word(order.side),
    }
    yield moment_of("unfilled", words, number, event.number)
