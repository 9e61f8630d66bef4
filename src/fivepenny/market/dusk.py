"""Dusk: claims are judged, loans fall due, and the day's books are closed."""

from fivepenny import happenings as hap
from fivepenny.claims import Basis, Truth, judge_by_price
from fivepenny.events import EVERYONE
from fivepenny.market.flows import settle
from fivepenny.market.state import Market, StandingLoan, two


def _judge_claims(market: Market) -> None:
    for number, standing in list(market.claims.items()):
        claim = standing.claim
        if claim.basis is not Basis.PRICE or claim.made_day == market.day:
            continue
        now_pence = market.last_pence[claim.asset]
        truth = judge_by_price(claim, standing.price_then_pence, now_pence, market.day)
        if truth is not Truth.OPEN:
            settle(market, number, truth)


def _fall_due(market: Market, loan: StandingLoan) -> None:
    have = market.free(loan.borrower)
    paid_pence = min(have, loan.owed_pence)
    del market.loans[loan.number]
    sealed = market.pay(loan.borrower, loan.lender, paid_pence)
    if paid_pence == loan.owed_pence:
        body = hap.Repaid(loan.number, loan.lender, loan.borrower, paid_pence, early=False)
        market.emit(two(loan.lender, loan.borrower), body, sealed)
    else:
        lost_pence = loan.owed_pence - paid_pence
        default = hap.Defaulted(loan.number, loan.lender, loan.borrower, paid_pence, lost_pence)
        market.emit(EVERYONE, default, sealed)


def play_dusk(market: Market) -> None:
    """Play dusk: claims, then loans by due day and number, then ruin, then the closing."""
    _judge_claims(market)
    for loan in sorted(market.loans.values(), key=lambda loan: (loan.due_day, loan.number)):
        if loan.due_day <= market.day:
            _fall_due(market, loan)
    seats = market.scenario.seat_names
    worths = market.worths()
    for seat, worth_pence in worths.items():
        if worth_pence <= 0 and seat not in market.ruined:
            market.ruined.add(seat)
            market.emit(EVERYONE, hap.Ruined(seat))
    market.emit((), hap.DayClosed(seats, tuple(market.free(seat) for seat in seats), tuple(worths.values())))
