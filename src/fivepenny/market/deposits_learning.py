"""How a seat learns of deposits: what events of theirs change in what it knows, and what other events say of a bank."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.deposits import Credited, Deposited, Kept, Queued, Rescued, Withdrew
from fivepenny.events import Body, Seen
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.alarm import (
    FAILING_STIRS,
    LOSS_STIRS,
    RESCUE_CALMS,
    WITHDRAWAL_STIRS,
    news_points,
)
from fivepenny.market.deposits_known import Slip
from fivepenny.market.knowledge import Impression, Knowledge, Loan

TRUSTED_WITH = Impression(feeling=1, strength=3, deed="the money you left with me")
MONEY_FETCHED = Impression(feeling=-2, strength=-4, deed="your asking for your money")


def _kept(knowledge: Knowledge, seen: Seen, body: Kept | Deposited) -> None:
    slips = knowledge.deposits.slips
    held = slips.get(body.slip)
    if held is None:
        slips[body.slip] = Slip(body.slip, body.holder, body.banker, body.pence, seen.day, seen.number)
    else:
        slips[body.slip] = replace(held, pence=held.pence + body.pence)


def _deposited(knowledge: Knowledge, seen: Seen, body: Deposited) -> None:
    _kept(knowledge, seen, body)
    if body.holder == knowledge.seat:
        knowledge.pence -= body.pence
        knowledge.deposits.asked_day[body.banker] = seen.day
    else:
        knowledge.pence += body.pence
        knowledge.impress(seen, body.holder, TRUSTED_WITH)


def _credited(knowledge: Knowledge, seen: Seen, body: Credited) -> None:
    held = knowledge.deposits.slips[body.slip]
    knowledge.deposits.slips[body.slip] = replace(held, pence=held.pence + body.pence)


def _fall_due(knowledge: Knowledge, seen: Seen, body: Withdrew | Queued, holder: str) -> None:
    """What is asked for of a slip that the seat is party to is a loan due tonight."""
    held = knowledge.deposits.slips.pop(body.of_slip, None)
    if held is None:
        return
    if body.slip != body.of_slip:
        knowledge.deposits.slips[body.of_slip] = replace(held, pence=held.pence - body.pence)
    loan = Loan(body.slip, holder, body.banker, body.pence, held.since_day, seen.day, held.event)
    knowledge.loans[body.slip] = loan


def _withdrew(knowledge: Knowledge, seen: Seen, body: Withdrew) -> None:
    knowledge.deposits.stir(body.banker, WITHDRAWAL_STIRS)
    _fall_due(knowledge, seen, body, body.holder)
    if body.holder == knowledge.seat:
        knowledge.deposits.asked_day[body.banker] = seen.day
    elif body.banker == knowledge.seat:
        knowledge.impress(seen, body.holder, MONEY_FETCHED)


def _queued(knowledge: Knowledge, seen: Seen, body: Queued) -> None:
    knowledge.deposits.queues[body.banker] = body
    knowledge.deposits.stir(body.banker, body.people)
    _fall_due(knowledge, seen, body, OUTSIDE)


def _rescued(knowledge: Knowledge, seen: Seen, body: Rescued) -> None:
    knowledge.deposits.stir(body.banker, -RESCUE_CALMS)


LESSONS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], None]] = {
    Kept: _kept,
    Deposited: _deposited,
    Credited: _credited,
    Withdrew: _withdrew,
    Queued: _queued,
    Rescued: _rescued,
}


def _overhear_news(knowledge: Knowledge, body: hap.News) -> None:
    for banker in knowledge.deposits.bankers:
        knowledge.deposits.stir(banker, news_points(body.sort, body.claim))


def _overhear_house(knowledge: Knowledge, body: hap.HouseFailed) -> None:
    if body.seat in knowledge.deposits.bankers:
        knowledge.deposits.stir(body.seat, LOSS_STIRS)


def _overhear_failing(knowledge: Knowledge, body: fail.Failed) -> None:
    for banker in knowledge.deposits.bankers:
        knowledge.deposits.stir(banker, FAILING_STIRS)


def _overhear_default(knowledge: Knowledge, body: hap.Defaulted) -> None:
    """A banker's loss alarms; a slip that falls due with its banker's failing becomes a loan, to be followed as one."""
    if body.lender in knowledge.deposits.bankers:
        knowledge.deposits.stir(body.lender, LOSS_STIRS)
    held = knowledge.deposits.slips.pop(body.loan, None)
    if held is not None:
        loan = Loan(held.number, held.holder, held.banker, held.pence, held.since_day, knowledge.day, held.event)
        knowledge.loans[body.loan] = loan


def _overhear_payment(knowledge: Knowledge, body: hap.Repaid) -> None:
    knowledge.deposits.slips.pop(body.loan, None)


OVERHEARD: Mapping[type[Body], Callable[[Knowledge, Any], None]] = {
    hap.News: _overhear_news,
    hap.HouseFailed: _overhear_house,
    fail.Failed: _overhear_failing,
    hap.Defaulted: _overhear_default,
    hap.Repaid: _overhear_payment,
    papers.Foreclosed: _overhear_default,
    papers.Redeemed: _overhear_payment,
}


def overhear(knowledge: Knowledge, seen: Seen, body: Body) -> None:
    """Take in what an event that is not about deposits says of banks, before anything else is learnt of it."""
    if knowledge.deposits.bankers:
        OVERHEARD[type(body)](knowledge, body)
