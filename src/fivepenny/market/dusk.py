"""Dusk: claims are judged, debts are cleared, who cannot pay has failed, and the day's books are closed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.claims import Basis, Truth, judge_by_price
from fivepenny.events import EVERYONE
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.aims import weigh_aims
from fivepenny.market.clearing import Due, Failure, Settlement, clear_debts
from fivepenny.market.court import sit
from fivepenny.market.estates import close_estates, means_pence
from fivepenny.market.flows import settle
from fivepenny.market.hire import settle_hires
from fivepenny.market.paper import covered_pence, default, repay
from fivepenny.market.state import Estate, Market, StandingLoan, move
from fivepenny.market.words import settle_words


def _judge_claims(market: Market) -> None:
    for number, standing in list(market.claims.items()):
        claim = standing.claim
        if claim.basis is not Basis.PRICE or claim.made_day == market.day:
            continue
        now_pence = market.last_pence[claim.asset]
        truth = judge_by_price(claim, standing.price_then_pence, now_pence, market.day)
        if truth is not Truth.OPEN:
            settle(market, number, truth)


@dataclass(frozen=True, slots=True)
class _Payment:
    """What a seat pays at once: on one loan that is due, or out of its estate to all its old creditors."""

    payer: str
    loans: tuple[StandingLoan, ...]
    paid_pence: tuple[int, ...]
    of_estate: bool


def _clear(market: Market) -> Settlement:
    """Clear what is due tonight and what is unpaid of estates; who fails owes all the rest at once."""
    due: list[Due] = []
    later: list[Due] = []
    for loan in market.loans.values():
        secured_pence = covered_pence(market, loan)
        debt = Due(loan.number, loan.borrower, loan.lender, loan.owed_pence, secured_pence=secured_pence)
        (due if loan.due_day <= market.day else later).append(debt)
    for estate in market.estates.values():
        due += [Due(claim.number, estate.seat, claim.lender, claim.owed_pence, stale=True) for claim in estate.claims]
    return clear_debts(due, later, {seat: means_pence(market, seat) for seat in market.knowledge} if due else {})


def _payments(market: Market, cleared: Settlement) -> list[_Payment]:
    """What is paid tonight: loans by due day and number, then estates in the order in which they failed."""
    loans = [loan for loan in market.loans.values() if loan.number in cleared.payments_pence]
    loans.sort(key=lambda loan: (loan.due_day, loan.number))
    found = [_Payment(loan.borrower, (loan,), (cleared.payments_pence[loan.number],), False) for loan in loans]
    for estate in market.estates.values():
        paid_pence = tuple(cleared.payments_pence[claim.number] for claim in estate.claims)
        if sum(paid_pence):
            found.append(_Payment(estate.seat, estate.claims, paid_pence, True))
    return found


def _pay_loan(market: Market, loan: StandingLoan, paid_pence: int) -> None:
    if paid_pence == loan.owed_pence:
        repay(market, loan, early=False)
        return
    lost_pence = default(market, loan, paid_pence)
    if lost_pence:
        estate = market.estates.get(loan.borrower) or Estate(loan.borrower, market.day, ())
        claim = StandingLoan(loan.number, loan.lender, loan.borrower, lost_pence, loan.due_day)
        market.estates[loan.borrower] = replace(estate, claims=(*estate.claims, claim))


def _pay_from_estate(market: Market, payment: _Payment) -> None:
    """Pay the claims of a payment; the estate may hold claims of tonight beside them."""
    paid = dict(zip((claim.number for claim in payment.loans), payment.paid_pence, strict=True))
    sealed = market.post(*(move(payment.payer, claim.lender, paid[claim.number]) for claim in payment.loans))
    estate = market.estates[payment.payer]
    claims = [replace(claim, owed_pence=claim.owed_pence - paid.get(claim.number, 0)) for claim in estate.claims]
    left = tuple(claim for claim in claims if claim.owed_pence)
    market.estates[payment.payer] = replace(estate, claims=left)
    told = [(claim.number, claim.lender, paid[claim.number]) for claim in payment.loans if paid[claim.number]]
    loans, lenders, pence = zip(*told, strict=True)
    left_pence = sum(claim.owed_pence for claim in payment.loans) - sum(payment.paid_pence)
    market.emit(EVERYONE, fail.EstatePaid(payment.payer, loans, lenders, pence, left_pence), sealed)


def _pay(market: Market, payments: list[_Payment]) -> None:
    """Make all payments, each as soon as its payer has the money, the first that can be made first.

    Where none can, debts go round in a circle: the outside world lends the first payer what it lacks, and has it back
    in the end, when everybody has been paid.
    """
    waiting = list(payments)
    lent_pence: dict[str, int] = {}
    while waiting:
        ready = next((item for item in waiting if market.free(item.payer) >= sum(item.paid_pence)), None)
        if ready is None:
            first = waiting[0]
            lacking_pence = sum(first.paid_pence) - market.free(first.payer)
            lent_pence[first.payer] = lent_pence.get(first.payer, 0) + lacking_pence
            sealed = market.pay(OUTSIDE, first.payer, lacking_pence)
            market.emit((first.payer,), fail.Bridged(first.payer, lacking_pence, back=False), sealed)
            continue
        waiting.remove(ready)
        if ready.of_estate:
            _pay_from_estate(market, ready)
        else:
            _pay_loan(market, ready.loans[0], ready.paid_pence[0])
    for seat, pence in lent_pence.items():
        sealed = market.pay(seat, OUTSIDE, pence)
        market.emit((seat,), fail.Bridged(seat, pence, back=True), sealed)


def _fail(market: Market, failures: Iterable[Failure], failed_before: Iterable[str]) -> None:
    """Say who failed tonight, in the order of the rounds; who had failed before only owes more."""
    for failure in failures:
        if failure.debtor in failed_before:
            continue
        estate = market.estates.setdefault(failure.debtor, Estate(failure.debtor, market.day, ()))
        owed_pence = sum(claim.owed_pence for claim in estate.claims)
        market.emit(EVERYONE, fail.Failed(failure.debtor, failure.round, failure.pulled_by, owed_pence))


def play_dusk(market: Market) -> None:
    """Play dusk: claims, then hires, then all debts at once, then estates, then ruin, then the closing.

    Ruin is another thing than failing: whoever owes, estates' debts counted, no less than it has is ruined, even if
    nothing is due yet; and who fails for want of coin may be worth much.
    """
    _judge_claims(market)
    settle_hires(market)
    failed_before = tuple(market.estates)
    cleared = _clear(market)
    _pay(market, _payments(market, cleared))
    _fail(market, cleared.failures, failed_before)
    settle_words(market)
    close_estates(market)
    sit(market)
    seats = market.scenario.seat_names
    worths = market.worths()
    for seat, worth_pence in worths.items():
        if worth_pence <= 0 and seat not in market.ruined:
            market.ruined.add(seat)
            market.emit(EVERYONE, hap.Ruined(seat))
    weigh_aims(market, worths)
    market.emit((), hap.DayClosed(seats, tuple(market.free(seat) for seat in seats), tuple(worths.values())))
