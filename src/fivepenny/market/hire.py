"""Hires as they happen: asked for, agreed to, recalled, brought back, marked to the market, bought in, closed.

A hire that stands is between two seats; its margin lies in the hirer's pledged account.

* At dusk, before debts are cleared, hire by hire in the order of their numbers: units go back that are due (all that
  the hirer holds) or that it has bought again; what is due and not back is overdue; a margin below MAINTENANCE_PERCENT
  of the goods' price is called up to MARGIN_PERCENT, and the hirer's purse meets that as far as it can. A hire that
  is overdue, or whose call was not met, is forced. Where margin and purse together are less than the price, it is
  closed: the margin goes to the owner, the rest is a debt that is due tonight.
* In the next auction a forced hire's units are bid for at up to BUY_IN_PERCENT of the last price, as far as margin and
  purse go; what is not filled is bid for again the day after.
* A hirer who failed brings back at dawn what it holds; the rest is closed in the same way.
* An owner who failed keeps its claim: what comes back is sold for its creditors.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.ledger.transfers import FREE, PLEDGED, Kind, Refusal, Transfer, account
from fivepenny.market.hire_terms import (
    BUY_IN_PERCENT,
    MAINTENANCE_PERCENT,
    HireTerms,
    RecallTerms,
    ReplyToHire,
    StandingHire,
    hire_of,
    margin_pence,
)
from fivepenny.market.orders import MAX_LIMIT_PENCE, PENCE
from fivepenny.market.state import Market, StandingLoan, move, two
from fivepenny.market.terms import Terms

RECALL_DAYS = 1


def _pence(source: str, source_kind: Kind, target: str, target_kind: Kind, amount: int) -> Transfer:
    return Transfer(
        source=account(source, source_kind), target=account(target, target_kind), asset=PENCE, amount=amount
    )


# --- talk --------------------------------------------------------------------------------------------------------


def _ask(market: Market, seat: str, terms: HireTerms) -> None:
    body = hires.HireAsked(
        seat, terms.owner, terms.good, terms.quantity, terms.fee_pence, terms.margin_pence, terms.due_day
    )
    market.emit(two(seat, terms.owner), body)


def _answer(market: Market, seat: str, reply: ReplyToHire) -> None:
    asked = reply.asked
    parties = (seat, asked.hirer)
    if not reply.agreed:
        market.emit(two(*parties), hires.HireDeclined(*parties, asked.good, asked.quantity))
        return
    outcome = market.try_post(
        move(seat, asked.hirer, asked.quantity, asked.good),
        move(asked.hirer, seat, asked.fee_pence),
        _pence(asked.hirer, FREE, asked.hirer, PLEDGED, asked.margin_pence),
    )
    if isinstance(outcome, Refusal):
        # Goods or money that were there when it was asked have gone elsewhere this morning.
        lacking = seat if outcome.index == 0 else asked.hirer
        market.emit(two(*parties), hires.HireFellThrough(*parties, asked.good, asked.quantity, lacking))
        return
    number = market.number("hire")
    body = hires.Hired(number, *parties, asked.good, asked.quantity, asked.fee_pence, asked.margin_pence, asked.due_day)
    market.hires[number] = hire_of(body, market.last_pence[asked.good], market.day)
    market.emit(two(*parties), body, outcome)


def _recall(market: Market, seat: str, terms: RecallTerms) -> None:
    due_day = market.day + RECALL_DAYS
    hire = market.hires[terms.hire] = replace(market.hires[terms.hire], due_day=due_day)
    body = hires.HireRecalled(hire.number, seat, hire.hirer, hire.good, hire.quantity, due_day)
    market.emit(two(seat, hire.hirer), body)


EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {
    HireTerms: _ask,
    ReplyToHire: _answer,
    RecallTerms: _recall,
}
"""What comes of the terms of a phrase about hires."""


# --- the auction ---------------------------------------------------------------------------------------------------


def buy_ins(market: Market, good: str) -> list[tuple[str, int, int]]:
    """Who has to buy how many units of a good in today's auction, and for how much at most each.

    Its margin is set free for that.
    """
    found: list[tuple[str, int, int]] = []
    for hire in [hire for hire in market.hires.values() if hire.forced and hire.good == good]:
        lacking = hire.quantity - market.free(hire.hirer, good)
        if lacking < 1:
            continue
        if hire.margin_pence:
            sealed = market.post(_pence(hire.hirer, PLEDGED, hire.hirer, FREE, hire.margin_pence))
            freed = hires.MarginFreed(hire.number, hire.owner, hire.hirer, good, hire.margin_pence)
            market.hires[hire.number] = replace(hire, margin_pence=0)
            market.emit(two(hire.owner, hire.hirer), freed, sealed)
        most_pence = min(MAX_LIMIT_PENCE, market.last_pence[good] * BUY_IN_PERCENT // 100)
        limit_pence = min(most_pence, market.free(hire.hirer) // lacking)
        if limit_pence:
            found.append((hire.hirer, lacking, limit_pence))
    return found


def enter_trades(market: Market, body: hap.Cleared) -> None:
    """Enter in the hires of a good what their hirers have traded of it."""
    bought, sold = dict(zip(body.buyers, body.bought, strict=True)), dict(zip(body.sellers, body.sold, strict=True))
    for number, hire in market.hires.items():
        if hire.good == body.good:
            market.hires[number] = hire.traded(bought.get(hire.hirer, 0), sold.get(hire.hirer, 0))


# --- dusk and dawn -------------------------------------------------------------------------------------------------


def _bring_back(market: Market, hire: StandingHire, wanted: int) -> StandingHire | None:
    """Bring back up to so many units, as far as the hirer has them; what then stands, or nothing."""
    quantity = min(wanted, market.free(hire.hirer, hire.good))
    if not quantity:
        return hire
    freed_pence = hire.margin_pence * quantity // hire.quantity
    sealed = market.post(
        move(hire.hirer, hire.owner, quantity, hire.good),
        _pence(hire.hirer, PLEDGED, hire.hirer, FREE, freed_pence),
    )
    left = hire.less(quantity, freed_pence)
    body = hires.BroughtBack(hire.number, hire.owner, hire.hirer, hire.good, quantity, left.quantity, freed_pence)
    if left.quantity:
        market.hires[hire.number] = left
    else:
        del market.hires[hire.number]
    market.emit(two(hire.owner, hire.hirer), body, sealed)
    return left if left.quantity else None


def _value_pence(market: Market, hire: StandingHire) -> int:
    return hire.quantity * market.last_pence[hire.good]


def _mark(market: Market, hire: StandingHire) -> StandingHire:
    """Mark a hire to the market: what is overdue is said, a margin that is too small is called."""
    parties = (hire.owner, hire.hirer)
    if hire.due_day <= market.day and not hire.forced:
        hire = replace(hire, forced=True)
        market.emit(two(*parties), hires.HireOverdue(hire.number, *parties, hire.good, hire.quantity))
    value_pence = _value_pence(market, hire)
    if hire.margin_pence * 100 < value_pence * MAINTENANCE_PERCENT:
        needed_pence = margin_pence(value_pence) - hire.margin_pence
        met_pence = min(needed_pence, market.free(hire.hirer))
        sealed = market.post(_pence(hire.hirer, FREE, hire.hirer, PLEDGED, met_pence))
        short = met_pence < needed_pence
        hire = replace(hire, margin_pence=hire.margin_pence + met_pence, forced=hire.forced or short)
        body = hires.MarginCalled(hire.number, *parties, hire.good, needed_pence, met_pence)
        market.emit(two(*parties), body, sealed)
    market.hires[hire.number] = hire
    return hire


def _close(market: Market, hire: StandingHire) -> None:
    """Give up on units: the margin pays for them as far as it goes, the rest is owed today."""
    del market.hires[hire.number]
    value_pence = _value_pence(market, hire)
    paid_pence = min(hire.margin_pence, value_pence)
    freed_pence, owed_pence = hire.margin_pence - paid_pence, value_pence - paid_pence
    sealed = market.post(
        _pence(hire.hirer, PLEDGED, hire.owner, FREE, paid_pence),
        _pence(hire.hirer, PLEDGED, hire.hirer, FREE, freed_pence),
    )
    loan = 0
    if owed_pence:
        loan = market.number("loan")
        market.loans[loan] = StandingLoan(loan, hire.owner, hire.hirer, owed_pence, market.day)
    body = hires.HireClosed(
        hire.number, hire.owner, hire.hirer, hire.good, hire.quantity,
        paid_pence, freed_pence, loan, owed_pence, market.day,
    )  # fmt: skip
    market.emit(two(hire.owner, hire.hirer), body, sealed)


def settle_hires(market: Market) -> None:
    """Play the dusk of all hires, before the day's debts are cleared."""
    for hire in list(market.hires.values()):
        is_due = hire.forced or hire.due_day <= market.day
        left = _bring_back(market, hire, hire.quantity if is_due else hire.rebought)
        if left is None:
            continue
        marked = _mark(market, left)
        if marked.forced and marked.margin_pence + market.free(marked.hirer) < _value_pence(market, marked):
            _close(market, marked)


def take_back_of_failed(market: Market) -> None:
    """At dawn owners take back what those have on hire who failed: their goods, else the margin and a claim."""
    for hire in list(market.hires.values()):
        if hire.hirer in market.estates:
            left = _bring_back(market, hire, hire.quantity)
            if left is not None:
                _close(market, left)
