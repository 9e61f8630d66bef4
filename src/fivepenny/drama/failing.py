"""Sifting what comes of not paying: defaults, failings, what creditors get of an estate, and how it ends.

Knows the events of the day and what stood before; forced sales are sifted with the auctions, in
`fivepenny.drama.trading`.
"""

from collections.abc import Iterator, Sequence

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, join_words, money, say_day
from fivepenny.drama.past import Past
from fivepenny.events import Event

NEAR_PARTS = 12  # a default short by less than one part in so many is told as such


def failing_moments(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """The moment of an event that has to do with a debt unpaid, if it is worth one."""
    match event.body:
        case hap.Defaulted() as body:
            yield _default(names, past, event, body)
        case fail.Failed(owed_pence=owed_pence) as body if owed_pence:
            yield _failed(names, todays, event, body)
        case fail.EstatePaid(left_pence=left_pence) as body if left_pence:
            yield moment_of("estate_paid", _estate_words(names, body), event.number)
        case fail.ClaimLost(lender=lender, borrower=borrower, lost_pence=pence):
            words = {"lender": names.person(lender), "borrower": names.person(borrower), "lost": money(pence)}
            yield moment_of("claim_lost", words, event.number)
        case fail.Discharged(seat=seat, in_full=in_full):
            yield moment_of(
                "discharged_paid" if in_full else "discharged_lost", {"seat": names.person(seat)}, event.number
            )
        case _:
            pass


def _default(names: Names, past: Past, event: Event, body: hap.Defaulted) -> Moment:
    owed_pence, debt = body.paid_pence + body.lost_pence, past.debts.get(body.loan)
    words = {
        "lender": names.person(body.lender),
        "borrower": names.person(body.borrower),
        "owed": money(owed_pence),
        "lost": money(body.lost_pence),
    }
    if body.paid_pence:
        words["paid"] = money(body.paid_pence)
    if debt is not None and debt.due_day > event.day:
        words["day"] = say_day(debt.due_day, event.day)
        key = "default_called"
    elif not body.paid_pence:
        key = "default_whole"
    else:
        key = "default_near" if body.lost_pence * NEAR_PARTS < owed_pence else "default"
    return moment_of(key, words, *([debt.number] if debt else []), event.number)


def _failed(names: Names, todays: Sequence[Event], event: Event, body: fail.Failed) -> Moment:
    defaults = [
        item.number for item in todays if isinstance(item.body, hap.Defaulted) and item.body.borrower == body.seat
    ]
    words = {"seat": names.person(body.seat), "owed": money(body.owed_pence)}
    if not body.pulled_by:
        return moment_of("failed", words, *defaults, event.number)
    return moment_of("pulled_down", words | {"other": names.person(body.pulled_by)}, *defaults, event.number)


def _estate_words(names: Names, body: fail.EstatePaid) -> dict[str, Word]:
    """The words of a payment; its shares only where each is told by a figure of its own."""
    words = {"seat": names.person(body.seat), "left": money(body.left_pence)}
    if len(body.lenders) == 1:
        words |= {"lender": names.person(body.lenders[0]), "sum": money(body.paid_pence[0])}
    elif len(set(body.lenders)) == len(body.lenders):
        parts = zip(body.lenders, body.paid_pence, strict=True)
        words["shares"] = Word(join_words([f"{names.person(to).text} {money(pence).text}" for to, pence in parts]))
    return words
