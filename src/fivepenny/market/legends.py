"""Legends at dawn: those whose day has come begin, and the steps that are due act on the market.

Each step acts as rows of a chronicle do (`fivepenny.market.flows`), through claims, trade, credit and shocks.
Nothing here can write a price. That a step is played is logged for nobody's ears; what follows from it is heard by
those whom it concerns.

| step | what it does |
| --- | --- |
| news | everyone hears it; its effect is a claim |
| whisper | each seat that is named hears it, with a claim of its own |
| buyers, sellers | outside trade comes for some days; it is seen in the auctions alone |
| credit | the outside world lends to each seat that is named, as the step says |
| call | the legend's loans fall due sooner; each borrower is told of its own |
| run | for some days more people come to a banker for their money |
| rescue | the outside world lends to a banker, and everyone hears of it |
| stock | a good is made more or less for some days; everyone hears it |
"""

from dataclasses import replace

from fivepenny import happenings as hap
from fivepenny.chronicle import RowKind
from fivepenny.claims import Basis, Claim, ClaimKind
from fivepenny.deposits import Rescued
from fivepenny.events import EVERYONE
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.legends import (
    CallStep,
    CreditStep,
    Legend,
    NewsStep,
    RescueStep,
    RunStep,
    Step,
    StockStep,
    TradeStep,
    Unfolded,
    WhisperStep,
    begins,
    stock_good,
)
from fivepenny.market.flows import CLAIM_DAYS, Push, add_flow
from fivepenny.market.orders import Side
from fivepenny.market.state import Market, Panic, Unfolding, two
from fivepenny.market.terms import LoanTerms
from fivepenny.scenario import Scenario


def foretells(effect: str) -> ClaimKind:
    """What a step's words say of the price of its asset."""
    return ClaimKind.WILL_RISE if effect == "up" else ClaimKind.WILL_FALL


def trade_push(step: TradeStep) -> tuple[Side, Push]:
    """The outside trade that a step brings."""
    side = Side.BUY if step.does == "buyers" else Side.SELL
    return side, Push(step.units_percent, step.reach_percent, step.days)


def borrowers(scenario: Scenario, step: CreditStep) -> tuple[str, ...]:
    """Whom a step would lend to, in order."""
    return step.to or scenario.seat_names


def credit_terms(step: CreditStep, seat: str, held_units: int, last_pence: int, day: int) -> LoanTerms:
    """The loan that a step has for a seat with so many units of the asset; of no pence where it has none."""
    principal_pence = step.pence + held_units * last_pence * step.holding_percent // 100
    owed_pence = principal_pence * (100 + step.interest_percent) // 100
    return LoanTerms(OUTSIDE, seat, principal_pence, owed_pence, day + step.due_days)


def rescue_terms(step: RescueStep, day: int) -> LoanTerms:
    """The loan that a step has for a banker."""
    owed_pence = step.pence * (100 + step.interest_percent) // 100
    return LoanTerms(OUTSIDE, step.banker, step.pence, owed_pence, day + step.due_days)


def _claim(market: Market, legend: Legend, effect: str, heard: set[str] | None) -> Claim:
    by_day = market.day + CLAIM_DAYS
    return market.make_claim(legend.asset, foretells(effect), by_day, Basis.PRICE, heard)


def _lend(market: Market, legend: Legend, step: CreditStep) -> None:
    for seat in borrowers(market.scenario, step):
        if seat in market.estates:
            continue
        held_units = market.free(seat, legend.asset)
        terms = credit_terms(step, seat, held_units, market.last_pence[legend.asset], market.day)
        if terms.principal_pence:
            _grant(market, legend, terms)


def _grant(market: Market, legend: Legend, terms: LoanTerms) -> None:
    market.grant_loan(terms, market.pay(OUTSIDE, terms.borrower, terms.principal_pence))
    unfolding = market.unfolding[legend.name]
    market.unfolding[legend.name] = replace(unfolding, loans=(*unfolding.loans, market.numbers["loan"]))


def _rescue(market: Market, legend: Legend, step: RescueStep) -> None:
    if step.banker not in market.estates:
        _grant(market, legend, rescue_terms(step, market.day))
        market.emit(EVERYONE, Rescued(step.banker, step.pence))


def _call(market: Market, legend: Legend, step: CallStep) -> None:
    due_day = market.day + step.notice_days
    for number in market.unfolding[legend.name].loans:
        loan = market.loans.get(number)
        if loan is not None and loan.due_day > due_day:
            market.loans[number] = replace(loan, due_day=due_day)
            body = hap.Called(number, loan.lender, loan.borrower, loan.owed_pence, due_day)
            market.emit(two(loan.lender, loan.borrower), body)


def _play(market: Market, legend: Legend, step: Step) -> None:
    match step:
        case NewsStep(headline=headline, effect=effect):
            claim = _claim(market, legend, effect, None)
            market.emit(EVERYONE, hap.News(headline, legend.asset, RowKind.NEWS.value, claim))
        case WhisperStep(headline=headline, effect=effect, to=seats):
            for seat in seats:
                claim = _claim(market, legend, effect, {seat})
                market.emit((seat,), hap.Whispered(seat, headline, claim))
        case TradeStep():
            add_flow(market, legend.asset, *trade_push(step))
        case CreditStep():
            _lend(market, legend, step)
        case CallStep():
            _call(market, legend, step)
        case RunStep(banker=banker, people=people, days=days):
            market.panics[banker] = Panic(people, market.day + days - 1)
        case RescueStep():
            _rescue(market, legend, step)
        case StockStep(percent=percent, days=days):
            good, until_day = stock_good(legend, step), market.day + days - 1
            market.shocks[good] = (percent, until_day)
            market.emit(EVERYONE, hap.Struck(good, percent, until_day))


def unfold_legends(market: Market) -> None:
    """Begin what begins today, and play the steps that are due, in the order of the scenario."""
    for legend in market.scenario.legends:
        if legend.name not in market.unfolding:
            if not begins(legend, market.day, market.lot("legend", legend.name)):
                continue
            market.unfolding[legend.name] = Unfolding(market.day, ())
        gone_days = market.day - market.unfolding[legend.name].begun_day
        for number, step in enumerate(legend.steps, 1):
            if step.after_days == gone_days:
                market.emit((), Unfolded(legend.name, number))
                _play(market, legend, step)
