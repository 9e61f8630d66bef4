"""The gate for paper, deposits and hires: what no table would let stand, whoever sends it.

Money or goods that have gone elsewhere since the menus were listed are refused where the terms take effect.
"""

from collections.abc import Mapping
from typing import Any

from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.deposits import FIRST_SLIP, NO_DAY
from fivepenny.market.deposits_terms import DepositTerms, WithdrawalTerms
from fivepenny.market.gate_checks import (
    Judge,
    ahead,
    amount,
    good,
    kept,
    loan_between,
    other,
    present,
    put,
    solvent,
    was_put,
)
from fivepenny.market.hire import RECALL_DAYS
from fivepenny.market.hire_terms import HIRE_DAYS, HireTerms, RecallTerms, ReplyToHire, fee_pence, margin_pence
from fivepenny.market.paper_terms import (
    CounterTerms,
    DeclineDeal,
    ExtensionTerms,
    GrantExtension,
    PledgeTerms,
    SaleTerms,
    SoughtTerms,
    TakeCounter,
    TakeSale,
)
from fivepenny.market.state import Market, StandingLoan
from fivepenny.market.terms import LoanTerms, Terms
from fivepenny.papers import Deal
from fivepenny.refusals import MoveFlaw

ALL_PERCENT = 100


def _paper_between(market: Market, lender: str, borrower: str, number: Any) -> StandingLoan | None:
    """The loan of this number between these two, unless it is what lies with a banker."""
    loan = loan_between(market, lender, borrower, number)
    return loan if loan is not None and loan.number < FIRST_SLIP else None


# --- paper ----------------------------------------------------------------------------------------------------------


def _loan(market: Market, seat: str, loan: LoanTerms, pledge: PledgeTerms) -> MoveFlaw | None:
    if seat not in (loan.lender, loan.borrower):
        return MoveFlaw.NOT_A_PARTY
    name = loan.borrower if seat == loan.lender else loan.lender
    flaw = present(market, seat, name) or amount(loan.principal_pence, loan.owed_pence) or ahead(market, loan.due_day)
    flaw = flaw or solvent(market, loan.lender)
    if flaw or pledge == PledgeTerms():
        return flaw
    return good(market, pledge.good) or amount(pledge.quantity) or solvent(market, loan.borrower)


def _counter(market: Market, seat: str, terms: CounterTerms) -> MoveFlaw | None:
    loan = terms.loan
    flaw = _loan(market, seat, loan, terms.pledge)
    if flaw:
        return flaw
    pair = (loan.lender, loan.borrower)
    heard = [body for body in market.knowledge[seat].heard if isinstance(body, hap.Offered)]
    if not any((body.lender, body.borrower) == pair for body in heard):
        return MoveFlaw.NOT_PUT_TO_IT
    if loan.owed_pence < loan.principal_pence or loan.due_day <= market.day + 1:
        return MoveFlaw.OTHER_TERMS
    has = seat != loan.lender or market.free(seat) >= loan.principal_pence
    return None if has else MoveFlaw.MORE_THAN_IT_HAS


def _stands_countered(market: Market, seat: str, by: str) -> papers.Countered | None:
    """The counter-offer of another's that waits for the seat's word this morning."""
    made = market.knowledge[seat].paper.counters.get(by)
    return made[0] if made is not None and made[1].day == market.day - 1 else None


def _take_counter(market: Market, seat: str, terms: TakeCounter) -> MoveFlaw | None:
    loan, pledge = terms.loan, terms.pledge
    figures = (loan.principal_pence, loan.owed_pence, loan.due_day, pledge.good, pledge.quantity)
    made = papers.Countered(terms.by, loan.lender, loan.borrower, *figures)
    if _stands_countered(market, seat, terms.by) != made:
        return MoveFlaw.NOT_PUT_TO_IT
    return _loan(market, seat, loan, pledge)


def _decline(market: Market, seat: str, terms: DeclineDeal) -> MoveFlaw | None:
    heard = market.knowledge[seat].heard
    match terms.deal:
        case Deal.COUNTER:
            stands = _stands_countered(market, seat, terms.to) is not None
        case Deal.EXTENSION:
            stands = any(isinstance(body, papers.ExtensionAsked) and body.borrower == terms.to for body in heard)
        case _:
            stands = any(
                (isinstance(body, papers.PaperOffered) and body.seller == terms.to)
                or (isinstance(body, papers.PaperSought) and body.buyer == terms.to)
                for body in heard
            )
    return None if stands else MoveFlaw.NOT_PUT_TO_IT


def _ask_days(market: Market, seat: str, terms: ExtensionTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.lender) or amount(terms.later_pence)
    if flaw or type(terms.later_day) is not int:
        return flaw or MoveFlaw.NOT_AN_INTEGER
    loan = _paper_between(market, terms.lender, seat, terms.loan)
    if loan is None or terms.borrower != seat:
        return MoveFlaw.NO_SUCH_LOAN
    more = terms.later_pence > loan.owed_pence and terms.later_day > loan.due_day
    same = (terms.owed_pence, terms.due_day) == (loan.owed_pence, loan.due_day)
    return None if more and same else MoveFlaw.OTHER_TERMS


def _grant_days(market: Market, seat: str, terms: GrantExtension) -> MoveFlaw | None:
    asked = terms.extension
    figures = (asked.owed_pence, asked.due_day, asked.later_pence, asked.later_day)
    return put(market, seat, papers.ExtensionAsked(asked.loan, seat, asked.borrower, *figures))


def _sale(market: Market, seat: str, sale: SaleTerms) -> MoveFlaw | None:
    """What holds of a sale whichever of the two speaks of it."""
    if seat not in (sale.seller, sale.buyer) or sale.debtor in (sale.seller, sale.buyer):
        return MoveFlaw.NOT_A_PARTY
    name = sale.buyer if seat == sale.seller else sale.seller
    return present(market, seat, name) or amount(sale.price_pence) or solvent(market, sale.seller, sale.buyer)


def _is_paper(market: Market, sale: SaleTerms) -> bool:
    if sale.unpaid:
        estate = market.estates.get(sale.debtor)
        claims = {claim.number: claim for claim in estate.claims} if estate else {}
        found = claims.get(sale.loan) if sale.loan < FIRST_SLIP else None
    else:
        found = _paper_between(market, sale.seller, sale.debtor, sale.loan)
    figures = (sale.seller, sale.owed_pence, sale.due_day)
    return found is not None and (found.lender, found.owed_pence, found.due_day) == figures


def _offer_paper(market: Market, seat: str, terms: SaleTerms) -> MoveFlaw | None:
    if seat != terms.seller:
        return MoveFlaw.NOT_A_PARTY
    flaw = _sale(market, seat, terms)
    return flaw or (None if _is_paper(market, terms) else MoveFlaw.NO_SUCH_LOAN)


def _seek_paper(market: Market, seat: str, terms: SoughtTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.seller) or other(market, seat, terms.debtor)
    if flaw or terms.debtor == terms.seller:
        return flaw or MoveFlaw.DEALS_WITH_ITSELF
    flaw = amount(terms.percent, terms.most_pence) or solvent(market, seat)
    return flaw or (MoveFlaw.OTHER_TERMS if terms.percent > ALL_PERCENT else None)


def _take_sale(market: Market, seat: str, terms: TakeSale) -> MoveFlaw | None:
    sale = terms.sale
    figures = (sale.owed_pence, sale.due_day, sale.price_pence)
    if seat == sale.buyer:
        offered = papers.PaperOffered(sale.loan, sale.seller, seat, sale.debtor, *figures, sale.unpaid)
        return put(market, seat, offered) or _sale(market, seat, sale)
    bids = [body for body in market.knowledge[seat].heard if isinstance(body, papers.PaperSought)]
    bid = next((body for body in bids if (body.buyer, body.debtor) == (sale.buyer, sale.debtor)), None)
    if bid is None:
        return MoveFlaw.NOT_PUT_TO_IT
    flaw = _offer_paper(market, seat, sale)
    price_pence = max(1, sale.owed_pence * bid.percent // ALL_PERCENT)
    return flaw or (None if sale.price_pence == price_pence <= bid.most_pence else MoveFlaw.OTHER_TERMS)


# --- deposits -------------------------------------------------------------------------------------------------------


def _lay(market: Market, seat: str, terms: DepositTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.banker)
    if flaw or terms.banker not in market.scenario.bankers:
        return flaw or MoveFlaw.UNKNOWN_OTHER
    return amount(terms.pence) or solvent(market, seat, terms.banker)


def _withdraw(market: Market, seat: str, terms: WithdrawalTerms) -> MoveFlaw | None:
    flaw = amount(terms.pence)
    if flaw:
        return flaw
    slip = market.loans.get(terms.slip)
    if slip is None or (slip.lender, slip.borrower, slip.due_day) != (seat, terms.banker, NO_DAY):
        return MoveFlaw.NO_SUCH_LOAN
    return MoveFlaw.MORE_THAN_IT_HAS if terms.pence > slip.owed_pence else None


# --- hires ----------------------------------------------------------------------------------------------------------


def _hire(market: Market, seat: str, terms: HireTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.owner) or good(market, terms.good)
    flaw = flaw or amount(terms.quantity) or solvent(market, seat)
    if flaw:
        return flaw
    value_pence = terms.quantity * market.last_pence[terms.good]
    due = (fee_pence(value_pence), margin_pence(value_pence), market.day + HIRE_DAYS)
    has = any((hire.hirer, hire.good) == (seat, terms.good) for hire in market.hires.values())
    right = due == (terms.fee_pence, terms.margin_pence, terms.due_day)
    return None if right and not has and not market.scenario.good(terms.good).spoils_percent else MoveFlaw.OTHER_TERMS


def _answer_hire(market: Market, seat: str, reply: ReplyToHire) -> MoveFlaw | None:
    if reply.asked.owner != seat or not was_put(market, seat, reply.asked):
        return MoveFlaw.NOT_PUT_TO_IT
    return solvent(market, seat) if reply.agreed else None


def _recall(market: Market, seat: str, terms: RecallTerms) -> MoveFlaw | None:
    hire = market.hires.get(terms.hire)
    if hire is None or hire.owner != seat or hire.due_day <= market.day + RECALL_DAYS:
        return MoveFlaw.NO_SUCH_HIRE
    return present(market, seat, hire.hirer)


ANSWERS: frozenset[type[Terms]] = frozenset({CounterTerms, GrantExtension, TakeSale, ReplyToHire})
"""What is said in answer; the rest is addressed to somebody, `DeclineDeal` is either."""

FLAWS: Mapping[type[Terms], Judge] = {
    CounterTerms: kept("paper", _counter),
    TakeCounter: kept("paper", _take_counter),
    DeclineDeal: kept("paper", _decline),
    ExtensionTerms: kept("paper", _ask_days),
    GrantExtension: kept("paper", _grant_days),
    SaleTerms: kept("paper", _offer_paper),
    SoughtTerms: kept("paper", _seek_paper),
    TakeSale: kept("paper", _take_sale),
    DepositTerms: kept("deposits", _lay),
    WithdrawalTerms: kept("deposits", _withdraw),
    HireTerms: kept("hire", _hire),
    ReplyToHire: kept("hire", _answer_hire),
    RecallTerms: kept("hire", _recall),
}
"""What is wrong with terms of paper, deposits and hires."""
