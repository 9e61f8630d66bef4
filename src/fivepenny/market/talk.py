"""Parley and remarks: what is said takes effect as loans, claims, beliefs and feelings."""

from collections.abc import Mapping

from fivepenny import happenings as hap
from fivepenny.claims import Basis
from fivepenny.events import EVERYONE, Sealed
from fivepenny.ledger.transfers import Refusal
from fivepenny.market.flows import CLAIM_DAYS
from fivepenny.market.state import Market, move, two
from fivepenny.market.terms import (
    EarlyPayment,
    LoanTerms,
    OrderTerms,
    ReplyToLoan,
    ReplyToTip,
    Rest,
    TipTerms,
    WordTerms,
)
from fivepenny.world import Move

PRIVATE_ACTS = frozenset(
    {"tip_up", "tip_down", "lend", "borrow", "accept", "refuse", "grant", "deny", "credit", "doubt"}
)
"""Lines of these acts are for two; everything else is said across the table."""


def _tip(market: Market, seat: str, terms: TipTerms) -> None:
    both = {seat, terms.hearer}
    if terms.claim is None:
        by_day = market.day + CLAIM_DAYS
        claim = market.make_claim(terms.asset, terms.kind, by_day, Basis.PRICE, both)
    else:
        standing = market.claims[terms.claim]
        claim = standing.claim
        if standing.heard is not None:
            standing.heard |= both
    body = hap.Tipped(seat, terms.hearer, claim)
    market.emit(two(seat, terms.hearer), body, Sealed(note=f"the teller believes it {terms.credence} in 100"))


def _answer_loan(market: Market, seat: str, reply: ReplyToLoan) -> None:
    terms = reply.terms
    other = terms.borrower if seat == terms.lender else terms.lender
    if not reply.agreed:
        asked = other == terms.borrower
        market.emit(two(seat, other), hap.Declined(seat, other, terms.principal_pence, asked))
        return
    sealed = market.try_post(move(terms.lender, terms.borrower, terms.principal_pence))
    if isinstance(sealed, Refusal):
        # The lender has promised the same money twice this morning.
        market.emit(two(seat, other), hap.Declined(terms.lender, terms.borrower, terms.principal_pence, asked=True))
    else:
        market.grant_loan(terms, sealed)


def _pay_early(market: Market, seat: str, terms: EarlyPayment) -> None:
    loan = market.loans[terms.loan]
    if market.free(seat) < loan.owed_pence:
        refused = hap.PaymentRefused(loan.number, loan.lender, seat, loan.owed_pence)
        market.emit(two(seat, loan.lender), refused)
        return
    del market.loans[loan.number]
    sealed = market.pay(seat, loan.lender, loan.owed_pence)
    body = hap.Repaid(loan.number, loan.lender, seat, loan.owed_pence, early=True)
    market.emit(two(seat, loan.lender), body, sealed)


def _take_effect(market: Market, seat: str, phrase: str) -> None:
    match market.listings[seat].terms[phrase]:
        case LoanTerms(lender, borrower, principal_pence, owed_pence, due_day):
            body = hap.Offered(seat, lender, borrower, principal_pence, owed_pence, due_day)
            market.emit(two(lender, borrower), body)
        case TipTerms() as tip:
            _tip(market, seat, tip)
        case WordTerms(act, hearer, deed):
            market.emit(EVERYONE, hap.Spoken(act, seat, hearer, deed))
        case ReplyToLoan() as reply:
            _answer_loan(market, seat, reply)
        case ReplyToTip(tip, believed):
            market.emit(two(seat, tip.teller), hap.Weighed(seat, tip.teller, tip.claim.number, believed))
        case EarlyPayment() as payment:
            _pay_early(market, seat, payment)
        case OrderTerms() | Rest():
            pass


def say(market: Market, seat: str, move: Move) -> None:
    """Log the line that came with the first phrase of a move."""
    if move.line is None or not move.phrases:
        return
    option = market.listings[seat].menu.option(move.phrases[0])
    private = option.act in PRIVATE_ACTS and option.to
    audience = two(seat, option.to) if private else EVERYONE
    market.emit(audience, hap.Said(seat, option.to, option.act, move.line.text, move.line.cites))


def play_talk(market: Market, moves: Mapping[str, Move]) -> None:
    """Play a beat of talk: in the order of the seats, what each chose and then what it said."""
    for seat, chosen in moves.items():
        for phrase in chosen.phrases:
            _take_effect(market, seat, phrase)
        say(market, seat, chosen)
