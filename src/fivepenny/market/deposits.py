"""Deposits in the market: what comes of laying and asking for money, interest, and the town at a banker's door.

A deposit stands among the loans, due on NO_DAY: so it counts to worths as a loan does, and falls due at once when its
banker fails. What is asked for falls due tonight and is cleared with the day's debts. Of a holder with a banker there
is one deposit; a part that is asked for becomes a slip of its own.

At dawn, when the town has heard the day's news, in this order:

* on each INTEREST_DAYS-th day, INTEREST_PERCENT is written to each deposit, rounded down to a penny;
* what those who have failed have in keeping is asked for on behalf of their creditors;
* the town comes to each banker that has not failed, as `fivepenny.market.alarm` says; where nobody is alarmed, those
  who left bring back up to RETURN_PERCENT of what the town had at the start, until it has as much again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny.deposits import (
    FIRST_SLIP,
    NO_DAY,
    Credited,
    Deposited,
    DepositRefused,
    Kept,
    Queued,
    Withdrew,
)
from fivepenny.events import EVERYONE, Sealed
from fivepenny.ledger.transfers import OUTSIDE, Refusal
from fivepenny.market.alarm import asked_by, people_in_queue
from fivepenny.market.deposits_terms import DepositTerms, WithdrawalTerms
from fivepenny.market.state import Market, Panic, StandingLoan, move, two
from fivepenny.market.terms import Terms

INTEREST_DAYS = 7
INTEREST_PERCENT = 1
RETURN_PERCENT = 4


def deposits_of(market: Market) -> list[StandingLoan]:
    """The deposits that nobody has asked for."""
    return [loan for loan in market.loans.values() if loan.due_day == NO_DAY]


def _deposit_of(market: Market, holder: str, banker: str) -> StandingLoan | None:
    found = [loan for loan in deposits_of(market) if (loan.lender, loan.borrower) == (holder, banker)]
    return found[0] if found else None


def _next_slip(market: Market) -> int:
    return FIRST_SLIP + market.number("slip")


def open_deposits(market: Market) -> None:
    """Enter the deposits from before the first day."""
    for deposit in market.scenario.deposits:
        number = _next_slip(market)
        market.loans[number] = StandingLoan(number, deposit.holder, deposit.banker, deposit.pence, NO_DAY)
        body = Kept(number, deposit.holder, deposit.banker, deposit.pence)
        market.emit(two(deposit.holder, deposit.banker), body)


def _enter(market: Market, holder: str, banker: str, pence: int, sealed: Sealed) -> None:
    """Write money that has been paid in to the holder's deposit, or to a new one."""
    held = _deposit_of(market, holder, banker) or StandingLoan(_next_slip(market), holder, banker, 0, NO_DAY)
    market.loans[held.number] = replace(held, owed_pence=held.owed_pence + pence)
    market.emit(two(holder, banker), Deposited(held.number, holder, banker, pence), sealed)


def _lay(market: Market, seat: str, terms: DepositTerms) -> None:
    sealed = market.try_post(move(seat, terms.banker, terms.pence))
    if isinstance(sealed, Refusal):
        market.emit(two(seat, terms.banker), DepositRefused(seat, terms.banker, terms.pence))
    else:
        _enter(market, seat, terms.banker, terms.pence, sealed)


def _ask(market: Market, deposit: StandingLoan, pence: int) -> int:
    """Let so much of a deposit fall due tonight; the slip that does."""
    if pence == deposit.owed_pence:
        market.loans[deposit.number] = replace(deposit, due_day=market.day)
        return deposit.number
    number = _next_slip(market)
    market.loans[deposit.number] = replace(deposit, owed_pence=deposit.owed_pence - pence)
    market.loans[number] = StandingLoan(number, deposit.lender, deposit.borrower, pence, market.day)
    return number


def _withdraw(market: Market, seat: str, terms: WithdrawalTerms) -> None:
    number = _ask(market, market.loans[terms.slip], terms.pence)
    market.emit(EVERYONE, Withdrew(number, terms.slip, seat, terms.banker, terms.pence))


EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {
    DepositTerms: _lay,
    WithdrawalTerms: _withdraw,
}


def _credit(market: Market) -> None:
    if market.day % INTEREST_DAYS:
        return
    for deposit in deposits_of(market):
        pence = deposit.owed_pence * INTEREST_PERCENT // 100
        if pence:
            market.loans[deposit.number] = replace(deposit, owed_pence=deposit.owed_pence + pence)
            body = Credited(deposit.number, deposit.lender, deposit.borrower, pence)
            market.emit(two(deposit.lender, deposit.borrower), body)


def _call_for_creditors(market: Market) -> None:
    for deposit in deposits_of(market):
        if deposit.lender in market.estates:
            number = _ask(market, deposit, deposit.owed_pence)
            body = Withdrew(number, number, deposit.lender, deposit.borrower, deposit.owed_pence)
            market.emit(EVERYONE, body)


def _come(market: Market, banker: str, opening_pence: int) -> None:
    """The town's depositors come for their money, or bring it back."""
    deposit = _deposit_of(market, OUTSIDE, banker)
    if deposit is None or banker in market.estates:
        return
    panic = market.panics.get(banker, Panic(0, 0))
    called = panic.people if panic.until_day >= market.day else 0
    alarm = market.knowledge[banker].deposits.alarm_over(banker)  # as everyone at the table sees it
    people = people_in_queue(alarm, called, market.lot("queue", banker))
    pence = asked_by(people, deposit.owed_pence)
    back_pence = min(opening_pence - deposit.owed_pence, opening_pence * RETURN_PERCENT // 100)
    if pence:
        number = _ask(market, deposit, pence)
        market.emit(EVERYONE, Queued(number, deposit.number, banker, people, pence))
    elif not alarm and back_pence > 0:
        _enter(market, OUTSIDE, banker, back_pence, market.pay(OUTSIDE, banker, back_pence))


def play_deposits(market: Market) -> None:
    """What a dawn brings to deposits, after the day's news."""
    if not market.scenario.bankers:
        return
    _credit(market)
    _call_for_creditors(market)
    for deposit in market.scenario.deposits:
        if deposit.holder == OUTSIDE:
            _come(market, deposit.banker, deposit.pence)
