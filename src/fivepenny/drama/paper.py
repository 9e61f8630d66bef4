"""Sifting what is done with paper: other terms, pledges, more days, and debts that change hands.

Knows the events of the day and the debts that stood before. What a spoken line tells already is not told again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fivepenny import papers
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, money, say_day
from fivepenny.drama.past import Past
from fivepenny.drama.spoken import line_of
from fivepenny.events import Body, Event
from fivepenny.money import format_pence
from fivepenny.papers import Cause, Deal

_MISSING = {Cause.MONEY: "the money", Cause.GOODS: "what was to be pledged", Cause.PAPER: "the paper"}
_PUT = {Deal.COUNTER: ("counter",), Deal.EXTENSION: ("extend",), Deal.SALE: ("cede", "assume")}


def _loan_words(names: Names, lender: str, borrower: str) -> dict[str, Word]:
    return {"lender": names.person(lender), "borrower": names.person(borrower)}


def _pledge_words(names: Names, good: str, quantity: int) -> dict[str, Word]:
    return {"amount": names.amount_of(good, quantity)} if quantity else {}


def _countered(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    other = body.borrower if body.by == body.lender else body.lender
    words = {"by": names.person(body.by), "to": names.person(other), "sum": money(body.principal_pence)}
    words |= {"owed": money(body.owed_pence), "day": say_day(body.due_day, event.day)}
    words |= _pledge_words(names, body.good, body.quantity)
    told = bool(line_of(todays, body.by, other, "counter"))
    yield moment_of("countered_pledge" if body.quantity else "countered", words, event.number, told=told)


def _lent(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    words = _loan_words(names, body.lender, body.borrower) | {"sum": money(body.principal_pence)}
    words |= {"owed": money(body.owed_pence), "day": say_day(body.due_day, event.day)}
    words |= _pledge_words(names, body.good, body.quantity)
    line = line_of(todays, body.lender, body.borrower, "agree") or line_of(todays, body.borrower, body.lender, "agree")
    key = "lent_on_pledge" if body.quantity else "lent_on_terms"
    yield moment_of(key, words, event.number, after=line, needed=bool(line))


def _redeemed(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    words = _loan_words(names, body.lender, body.borrower) | {"sum": money(body.pence)}
    words |= _pledge_words(names, body.good, body.quantity)
    debt = past.debts.get(body.loan)
    yield moment_of("redeemed", words, *([debt.number] if debt else []), event.number)


def _foreclosed(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """What is taken and what stays unpaid; where no unit could be taken it is a default like another."""
    body: Any = event.body
    words = _loan_words(names, body.lender, body.borrower) | {"lost": money(body.lost_pence)}
    if body.taken:
        words |= _pledge_words(names, body.good, body.taken) | {"value": money(body.value_pence)}
        key = "foreclosed" if body.lost_pence else "foreclosed_whole"
    else:
        words |= {"owed": money(body.paid_pence + body.lost_pence)}
        words |= {"paid": money(body.paid_pence)} if body.paid_pence else {}
        key = "default" if body.paid_pence else "default_whole"
    yield moment_of(key, words, event.number)


def _days(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    words = _loan_words(names, body.lender, body.borrower)
    if isinstance(body, papers.ExtensionAsked):
        told = bool(line_of(todays, body.borrower, body.lender, "extend"))
        words |= {"owed": money(body.owed_pence), "day": say_day(body.later_day, event.day)}
        yield moment_of("extension_asked", words, event.number, told=told)
        return
    line = line_of(todays, body.lender, body.borrower, "agree")
    words |= {"owed": money(body.owed_pence), "day": say_day(body.due_day, event.day)}
    yield moment_of("extended", words, event.number, after=line, needed=bool(line))


def _sale_words(names: Names, seller: str, buyer: str, debtor: str) -> dict[str, Word]:
    return {"seller": names.person(seller), "buyer": names.person(buyer), "debtor": names.person(debtor)}


def _put(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    words = _sale_words(names, body.seller, body.buyer, body.debtor)
    if isinstance(body, papers.PaperSought):
        told = bool(line_of(todays, body.buyer, body.seller, "assume"))
        yield moment_of("paper_sought", words, event.number, told=told)
        return
    words |= {"owed": money(body.owed_pence), "price": money(body.price_pence)}
    yield moment_of("paper_offered", words, event.number, told=bool(line_of(todays, body.seller, body.buyer, "cede")))


def _sold(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    words = _sale_words(names, body.seller, body.buyer, body.debtor)
    words |= {"owed": money(body.owed_pence), "price": money(body.price_pence)}
    line = line_of(todays, body.seller, body.buyer, "agree") or line_of(todays, body.buyer, body.seller, "agree")
    yield moment_of("claim_sold" if body.unpaid else "paper_sold", words, event.number, after=line, needed=bool(line))


def _not_agreed(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    words = {"by": names.person(body.by), "to": names.person(body.to)}
    put = bool(line_of(todays, body.to, body.by, *_PUT[body.deal]))
    if body.cause is Cause.DECLINED:
        told = bool(line_of(todays, body.by, body.to, "decline"))
        yield moment_of("deal_declined", words, event.number, told=told, needed=put)
    else:
        yield moment_of("deal_off", words | {"missing": Word(_MISSING[body.cause])}, event.number, needed=put)


PAPER_MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = {
    papers.Countered: _countered,
    papers.CounterLent: _lent,
    papers.Redeemed: _redeemed,
    papers.Foreclosed: _foreclosed,
    papers.ExtensionAsked: _days,
    papers.Extended: _days,
    papers.PaperOffered: _put,
    papers.PaperSought: _put,
    papers.PaperSold: _sold,
    papers.NotAgreed: _not_agreed,
}
"""The moments of each kind of event of paper."""


def paper_trail(names: Names, events: Sequence[Event]) -> dict[int, list[tuple[str, int]]]:
    """By loan, what became of its paper on the way: who bought it, what days were given; each with its event."""
    found: dict[int, list[tuple[str, int]]] = {}
    for event in events:
        match event.body:
            case papers.Extended(loan=loan, owed_pence=owed_pence, due_day=due_day):
                text = f"{format_pence(owed_pence)} on day {due_day} agreed, day {event.day}"
            case papers.PaperSold(loan=loan, buyer=buyer):
                text = f"sold to {names.person(buyer).text}, day {event.day}"
            case papers.Foreclosed(loan=loan, good=good, taken=taken) if taken:
                text = f"{names.amount_of(good, taken).text} taken, day {event.day}"
            case _:
                continue
        found.setdefault(loan, []).append((text, event.number))
    return found
