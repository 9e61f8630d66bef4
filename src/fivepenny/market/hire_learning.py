"""How a seat learns of hires: what each of their events changes in what it knows, and in what it thinks of another."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.events import Body, Seen
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.hire_terms import hire_of
from fivepenny.market.knowledge import Impression, Knowledge, Loan

DECLINED = Impression(feeling=-1)
FELL_THROUGH = Impression(trust=-3, feeling=-1)
GIVEN = Impression(feeling=1)
RECALLED = Impression(feeling=-2, strength=-4, deed="how you called in your")
BACK_IN_TIME = Impression(trust=5, strength=2, deed="your bringing back the")
LATE = Impression(trust=-8, feeling=-1)
NOT_BACK = Impression(trust=-25, feeling=-4, strength=-7, deed="what you never brought back, the")


def _impress(knowledge: Knowledge, seen: Seen, doer: str, left: Impression, good: str) -> None:
    deed = f"{left.deed} {knowledge.say[good]}" if left.deed else ""
    knowledge.impress(seen, doer, replace(left, deed=deed))


def _asked(knowledge: Knowledge, seen: Seen, body: hires.HireAsked) -> None:
    if body.owner == knowledge.seat:
        knowledge.heard.append(body)
    else:
        knowledge.hiring.asked[body.owner, body.good] = seen.day


def _declined(knowledge: Knowledge, seen: Seen, body: hires.HireDeclined) -> None:
    if body.hirer == knowledge.seat:
        knowledge.impress(seen, body.owner, DECLINED)


def _fell_through(knowledge: Knowledge, seen: Seen, body: hires.HireFellThrough) -> None:
    if body.lacking != knowledge.seat:
        knowledge.impress(seen, body.lacking, FELL_THROUGH)


def _hired(knowledge: Knowledge, seen: Seen, body: hires.Hired) -> None:
    knowledge.hiring.standing[body.hire] = hire_of(body, knowledge.last_pence[body.good], seen.day)
    knowledge.hiring.events[body.hire] = seen.number
    if body.hirer == knowledge.seat:
        knowledge.stock[body.good] += body.quantity
        knowledge.pence -= body.fee_pence + body.margin_pence
        knowledge.impress(seen, body.owner, GIVEN)
    else:
        knowledge.stock[body.good] -= body.quantity
        knowledge.pence += body.fee_pence


def _recalled(knowledge: Knowledge, seen: Seen, body: hires.HireRecalled) -> None:
    standing = knowledge.hiring.standing
    standing[body.hire] = replace(standing[body.hire], due_day=body.due_day)
    if body.hirer == knowledge.seat:
        _impress(knowledge, seen, body.owner, RECALLED, body.good)


def _ended(knowledge: Knowledge, hire: int) -> None:
    del knowledge.hiring.standing[hire]
    del knowledge.hiring.events[hire]


def _brought_back(knowledge: Knowledge, seen: Seen, body: hires.BroughtBack) -> None:
    standing = knowledge.hiring.standing
    hire = standing[body.hire] = standing[body.hire].less(body.quantity, body.freed_pence)
    if body.hirer == knowledge.seat:
        knowledge.stock[body.good] -= body.quantity
        knowledge.pence += body.freed_pence
    else:
        knowledge.stock[body.good] += body.quantity
        if not body.left and seen.day <= hire.due_day:
            _impress(knowledge, seen, body.hirer, BACK_IN_TIME, body.good)
    if not body.left:
        _ended(knowledge, body.hire)


def _overdue(knowledge: Knowledge, seen: Seen, body: hires.HireOverdue) -> None:
    standing = knowledge.hiring.standing
    standing[body.hire] = replace(standing[body.hire], forced=True)
    if body.owner == knowledge.seat:
        knowledge.impress(seen, body.hirer, LATE)


def _margin_called(knowledge: Knowledge, seen: Seen, body: hires.MarginCalled) -> None:
    standing = knowledge.hiring.standing
    hire = standing[body.hire]
    forced = hire.forced or body.met_pence < body.needed_pence
    standing[body.hire] = replace(hire, margin_pence=hire.margin_pence + body.met_pence, forced=forced)
    if body.hirer == knowledge.seat:
        knowledge.pence -= body.met_pence


def _margin_freed(knowledge: Knowledge, seen: Seen, body: hires.MarginFreed) -> None:
    standing = knowledge.hiring.standing
    standing[body.hire] = replace(standing[body.hire], margin_pence=0)
    if body.hirer == knowledge.seat:
        knowledge.pence += body.pence


def _closed(knowledge: Knowledge, seen: Seen, body: hires.HireClosed) -> None:
    _ended(knowledge, body.hire)
    if body.loan:
        knowledge.loans[body.loan] = Loan(
            body.loan, body.owner, body.hirer, body.owed_pence, seen.day, body.due_day, seen.number
        )
    if body.hirer == knowledge.seat:
        knowledge.pence += body.freed_pence
    else:
        knowledge.pence += body.paid_pence
        _impress(knowledge, seen, body.hirer, NOT_BACK, body.good)


def learn_trades(knowledge: Knowledge, seen: Seen, body: hap.Cleared) -> None:
    """Take in an auction: who was seen with the good, and what it does to a hire that the seat is a party to.

    To have been bought in at more than the goods cost when they were hired calls for a remark.
    """
    hiring = knowledge.hiring
    if not hiring.is_custom:
        return
    # Who sells of a good has, it may be thought, more of it; who buys one that is used up may need it.
    seen_with = (*body.buyers, *body.sellers) if body.good in hiring.shares else body.sellers
    for seat in seen_with:
        if seat != OUTSIDE:
            hiring.holders[seat, body.good] = seen.day
    for number, hire in hiring.standing.items():
        if hire.good != body.good:
            continue
        bought, sold = dict(zip(body.buyers, body.bought, strict=True)), dict(zip(body.sellers, body.sold, strict=True))
        units = bought.get(hire.hirer, 0), sold.get(hire.hirer, 0)
        if any(units):
            hiring.standing[number] = hire.traded(*units)
            dear = hire.forced and units[0] and (body.price_pence or 0) > hire.price_pence
            if dear and hire.hirer == knowledge.seat:
                knowledge.befell.append(seen)


LESSONS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], None]] = {
    hires.HireAsked: _asked,
    hires.HireDeclined: _declined,
    hires.HireFellThrough: _fell_through,
    hires.Hired: _hired,
    hires.HireRecalled: _recalled,
    hires.BroughtBack: _brought_back,
    hires.HireOverdue: _overdue,
    hires.MarginCalled: _margin_called,
    hires.MarginFreed: _margin_freed,
    hires.HireClosed: _closed,
}
"""What a seat learns from each kind of event of a hire."""
