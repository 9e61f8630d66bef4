"""Parley and remarks: what is said takes effect as loans, claims, beliefs and feelings."""

from collections.abc import Callable, Mapping
from typing import Any

from fivepenny import happenings as hap
from fivepenny.claims import Basis
from fivepenny.courts import heard_as
from fivepenny.events import EVERYONE, Sealed
from fivepenny.ledger.transfers import Refusal
from fivepenny.market import court, deposits, hire
from fivepenny.market.flows import CLAIM_DAYS
from fivepenny.market.pacts import EFFECTS as PACTS_EFFECTS
from fivepenny.market.paper import PAPER_EFFECTS, repay
from fivepenny.market.state import Market, move, two
from fivepenny.market.terms import (
    EarlyPayment,
    LoanTerms,
    ReplyToLoan,
    ReplyToTip,
    Rest,
    Terms,
    TipTerms,
    WordTerms,
)
from fivepenny.market.words import EFFECTS as WORDS_EFFECTS
from fivepenny.world import Move

PRIVATE_ACTS = frozenset(
    {
        *("tip_up", "tip_down", "lend", "borrow", "accept", "refuse", "grant", "deny", "credit", "doubt"),
        *("extend", "cede", "assume", "hire", "recall", "deposit", "agree", "decline", "counter"),
        *("pact_floor", "pact_pool", "pact_shun", "join", "reject", "bribe", "take", "spurn"),
        *("promise_pay", "promise_hold", "threaten", "yield", "defy"),
    }
)
"""Lines of these acts are for two; everything else is said across the table."""

Effect = Callable[[Market, str, Any], None]


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
    if loan.lender != terms.lender or market.free(seat) < loan.owed_pence:
        # The lender has sold the paper this morning, or the money has gone elsewhere.
        refused = hap.PaymentRefused(loan.number, terms.lender, seat, loan.owed_pence)
        market.emit(two(seat, terms.lender), refused)
        return
    repay(market, loan, early=True)


def _offer(market: Market, seat: str, terms: LoanTerms) -> None:
    body = hap.Offered(seat, terms.lender, terms.borrower, terms.principal_pence, terms.owed_pence, terms.due_day)
    market.emit(two(terms.lender, terms.borrower), body)


def _speak(market: Market, seat: str, terms: WordTerms) -> None:
    market.emit(EVERYONE, hap.Spoken(terms.act, seat, terms.hearer, terms.deed))


def _weigh(market: Market, seat: str, terms: ReplyToTip) -> None:
    tip = terms.tip
    market.emit(two(seat, tip.teller), hap.Weighed(seat, tip.teller, tip.claim.number, terms.believed))


def _leave(market: Market, seat: str, terms: Rest) -> None:
    """Nothing comes of silence."""


EFFECTS: Mapping[type[Terms], Effect] = {
    LoanTerms: _offer,
    TipTerms: _tip,
    WordTerms: _speak,
    ReplyToLoan: _answer_loan,
    ReplyToTip: _weigh,
    EarlyPayment: _pay_early,
    Rest: _leave,
    **hire.EFFECTS,
    **deposits.EFFECTS,
    **court.EFFECTS,
    **PACTS_EFFECTS,
    **PAPER_EFFECTS,
    **WORDS_EFFECTS,
}
"""What comes of the terms of a phrase of talk. Each brings about one event, and the line follows it."""


def say(market: Market, seat: str, move: Move) -> None:
    """Log the line that came with the first phrase of a move."""
    if move.line is None or not move.phrases:
        return
    option = market.listings[seat].menu.option(move.phrases[0])
    private = option.act in PRIVATE_ACTS and option.to
    audience = two(seat, option.to) if private else EVERYONE
    market.emit(audience, hap.Said(seat, option.to, heard_as(option.act), move.line.text, move.line.cites))


def play_talk(market: Market, moves: Mapping[str, Move]) -> None:
    """Play a beat of talk: in the order of the seats, what each chose and then what it said."""
    for seat, chosen in moves.items():
        for phrase in chosen.phrases:
            terms = market.listings[seat].terms[phrase]
            EFFECTS[type(terms)](market, seat, terms)
        say(market, seat, chosen)
