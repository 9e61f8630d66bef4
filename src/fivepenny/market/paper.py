"""Negotiable credit: loans against a pledge, counter-offers, more days, and the sale of what is owed.

How a debt ends stands here too, pledged or not, so that dusk and parley end it alike. A phrase brings about one event;
what cannot be carried out any more that morning is told as such. It does not know why anybody agrees.

A pledge is put aside in its owner's books: it is neither used nor spoiled nor sold until the loan ends. Where the
borrower fails, the lender takes as many units as are worth no more than its due at the day's price; the rest goes
back, and what the pledge does not cover is a debt like others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.events import EVERYONE
from fivepenny.ledger.transfers import FREE, OUTSIDE, PLEDGED, Kind, Transfer, account
from fivepenny.market.paper_terms import (
    CounterTerms,
    DeclineDeal,
    ExtensionTerms,
    GrantExtension,
    SaleTerms,
    SoughtTerms,
    TakeCounter,
    TakeSale,
)
from fivepenny.market.state import Market, StandingLoan, move, two
from fivepenny.market.terms import Terms
from fivepenny.papers import Cause, Deal


@dataclass(frozen=True, slots=True)
class PledgedLoan(StandingLoan):
    """A loan for which units of a good are put aside."""

    good: str
    quantity: int


# --- how a debt ends ------------------------------------------------------------------------------------------


def _taken(market: Market, loan: PledgedLoan) -> tuple[int, int]:
    """Units of a pledge that a lender takes at the day's price, and what they are worth: never more than its due."""
    each_pence = market.last_pence[loan.good]
    units = min(loan.quantity, loan.owed_pence // each_pence)
    return units, units * each_pence


def covered_pence(market: Market, loan: StandingLoan) -> int:
    """How much of a loan its pledge covers tonight."""
    return _taken(market, loan)[1] if isinstance(loan, PledgedLoan) else 0


def _put_aside(owner: str, good: str, quantity: int) -> Transfer:
    return _of_pledge(owner, FREE, owner, PLEDGED, good, quantity)


def _give_back(loan: PledgedLoan, quantity: int) -> Transfer:
    return _of_pledge(loan.borrower, PLEDGED, loan.borrower, FREE, loan.good, quantity)


def _of_pledge(source: str, from_kind: Kind, target: str, to_kind: Kind, good: str, quantity: int) -> Transfer:
    return Transfer(source=account(source, from_kind), target=account(target, to_kind), asset=good, amount=quantity)


def repay(market: Market, loan: StandingLoan, *, early: bool) -> None:
    """Pay a loan in full; the money is there. A pledge comes back."""
    del market.loans[loan.number]
    payment = move(loan.borrower, loan.lender, loan.owed_pence)
    told = (loan.number, loan.lender, loan.borrower, loan.owed_pence, early)
    if isinstance(loan, PledgedLoan):
        sealed = market.post(payment, _give_back(loan, loan.quantity))
        body: hap.Repaid = papers.Redeemed(*told, loan.good, loan.quantity)
    else:
        sealed, body = market.post(payment), hap.Repaid(*told)
    market.emit(two(loan.lender, loan.borrower), body, sealed)


def default(market: Market, loan: StandingLoan, paid_pence: int) -> int:
    """Pay so much of a loan in money, and what its pledge covers in goods; what is then lacking, in pence."""
    del market.loans[loan.number]
    payment = move(loan.borrower, loan.lender, paid_pence)
    if isinstance(loan, PledgedLoan):
        taken, value_pence = _taken(market, loan)
        lost_pence = loan.owed_pence - paid_pence - value_pence
        seized = _of_pledge(loan.borrower, PLEDGED, loan.lender, FREE, loan.good, taken)
        sealed = market.post(payment, seized, _give_back(loan, loan.quantity - taken))
        told = (loan.number, loan.lender, loan.borrower, paid_pence, lost_pence)
        body: hap.Defaulted = papers.Foreclosed(*told, loan.good, taken, value_pence, loan.quantity - taken)
    else:
        lost_pence = loan.owed_pence - paid_pence
        sealed = market.post(payment)
        body = hap.Defaulted(loan.number, loan.lender, loan.borrower, paid_pence, lost_pence)
    market.emit(EVERYONE, body, sealed)
    return lost_pence


# --- what is put to another -----------------------------------------------------------------------------------


def _counter(market: Market, seat: str, terms: CounterTerms) -> None:
    loan, pledge = terms.loan, terms.pledge
    figures = (loan.principal_pence, loan.owed_pence, loan.due_day)
    body = papers.Countered(seat, loan.lender, loan.borrower, *figures, pledge.good, pledge.quantity)
    market.emit(two(loan.lender, loan.borrower), body)


def _ask_days(market: Market, seat: str, terms: ExtensionTerms) -> None:
    figures = (terms.owed_pence, terms.due_day, terms.later_pence, terms.later_day)
    body = papers.ExtensionAsked(terms.loan, terms.lender, seat, *figures)
    market.emit(two(seat, terms.lender), body)


def _offer_paper(market: Market, seat: str, terms: SaleTerms) -> None:
    figures = (terms.owed_pence, terms.due_day, terms.price_pence)
    body = papers.PaperOffered(terms.loan, seat, terms.buyer, terms.debtor, *figures, terms.unpaid)
    market.emit(two(seat, terms.buyer), body)


def _seek_paper(market: Market, seat: str, terms: SoughtTerms) -> None:
    body = papers.PaperSought(seat, terms.seller, terms.debtor, terms.percent, terms.most_pence)
    market.emit(two(seat, terms.seller), body)


# --- what is answered -----------------------------------------------------------------------------------------


def _not_agreed(market: Market, deal: Deal, seat: str, to: str, cause: Cause) -> None:
    market.emit(two(seat, to), papers.NotAgreed(deal, seat, to, cause))


def _decline(market: Market, seat: str, terms: DeclineDeal) -> None:
    _not_agreed(market, terms.deal, seat, terms.to, Cause.DECLINED)


def _take_counter(market: Market, seat: str, terms: TakeCounter) -> None:
    loan, pledge = terms.loan, terms.pledge
    if market.free(loan.lender) < loan.principal_pence:
        _not_agreed(market, Deal.COUNTER, seat, terms.by, Cause.MONEY)
        return
    if pledge.quantity and market.free(loan.borrower, pledge.good) < pledge.quantity:
        _not_agreed(market, Deal.COUNTER, seat, terms.by, Cause.GOODS)
        return
    transfers = [move(loan.lender, loan.borrower, loan.principal_pence)]
    number = market.number("loan")
    told = (loan.lender, loan.borrower, loan.owed_pence, loan.due_day)
    market.loans[number] = StandingLoan(number, *told)
    if pledge.quantity:
        transfers.append(_put_aside(loan.borrower, pledge.good, pledge.quantity))
        market.loans[number] = PledgedLoan(number, *told, pledge.good, pledge.quantity)
    figures = (loan.principal_pence, loan.owed_pence, loan.due_day)
    body = papers.CounterLent(number, loan.lender, loan.borrower, *figures, pledge.good, pledge.quantity)
    market.emit(two(loan.lender, loan.borrower), body, market.post(*transfers))


def _grant_days(market: Market, seat: str, terms: GrantExtension) -> None:
    asked = terms.extension
    loan = market.loans.get(asked.loan)
    if loan is None or _figures(loan) != (seat, asked.borrower, asked.owed_pence, asked.due_day):
        _not_agreed(market, Deal.EXTENSION, seat, asked.borrower, Cause.PAPER)
        return
    market.loans[loan.number] = replace(loan, owed_pence=asked.later_pence, due_day=asked.later_day)
    body = papers.Extended(loan.number, seat, asked.borrower, asked.later_pence, asked.later_day)
    market.emit(two(seat, asked.borrower), body)


def _figures(loan: StandingLoan) -> tuple[str, str, int, int]:
    return loan.lender, loan.borrower, loan.owed_pence, loan.due_day


def _paper_of(market: Market, terms: SaleTerms) -> StandingLoan | None:
    """The paper that is sold, if it still stands as it did when it was spoken of."""
    if not terms.unpaid:
        found = market.loans.get(terms.loan)
    else:
        estate = market.estates.get(terms.debtor)
        found = next((claim for claim in estate.claims if claim.number == terms.loan), None) if estate else None
    due = (terms.seller, terms.debtor, terms.owed_pence, terms.due_day)
    return found if found is not None and _figures(found) == due else None


def _take_sale(market: Market, seat: str, terms: TakeSale) -> None:
    sale = terms.sale
    other = sale.seller if seat == sale.buyer else sale.buyer
    paper = _paper_of(market, sale)
    if paper is None:
        _not_agreed(market, Deal.SALE, seat, other, Cause.PAPER)
        return
    if market.free(sale.buyer) < sale.price_pence:
        _not_agreed(market, Deal.SALE, seat, other, Cause.MONEY)
        return
    sold = replace(paper, lender=sale.buyer)
    if sale.unpaid:
        estate = market.estates[sale.debtor]
        claims = tuple(sold if claim is paper else claim for claim in estate.claims)
        market.estates[sale.debtor] = replace(estate, claims=claims)
    else:
        market.loans[sale.loan] = sold
    pledge = (sold.good, sold.quantity) if isinstance(sold, PledgedLoan) else ("", 0)
    told = (sale.loan, sale.seller, sale.buyer, sale.debtor, sale.owed_pence, sale.due_day)
    body = papers.PaperSold(*told, sale.price_pence, sale.unpaid, *pledge)
    audience = tuple(sorted({sale.seller, sale.buyer, sale.debtor} - {OUTSIDE}))
    market.emit(audience, body, market.pay(sale.buyer, sale.seller, sale.price_pence))


PAPER_EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {
    CounterTerms: _counter,
    ExtensionTerms: _ask_days,
    SaleTerms: _offer_paper,
    SoughtTerms: _seek_paper,
    DeclineDeal: _decline,
    TakeCounter: _take_counter,
    GrantExtension: _grant_days,
    TakeSale: _take_sale,
}
"""What comes of the terms of paper; each brings about one event."""
