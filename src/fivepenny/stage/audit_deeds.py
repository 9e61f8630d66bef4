"""What may follow from a choice: the events that the terms of a phrase bring about, for the audit.

Knows terms and events. Whether the phrase stood on a menu, and who may know of what followed, is checked elsewhere.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from fivepenny import aims, bribery, courts, hires, papers, words
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import pacts as pact
from fivepenny.clock import Beat
from fivepenny.courts import heard_as
from fivepenny.deposits import Credited, Deposited, DepositRefused, Kept, Queued, Rescued, Withdrew
from fivepenny.events import Body
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.legends import Unfolded
from fivepenny.market.bribery_terms import OathBribeTerms, ReplyToOathBribe
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.deposits_terms import DepositTerms, WithdrawalTerms
from fivepenny.market.hire_terms import HireTerms, RecallTerms, ReplyToHire
from fivepenny.market.menus import Listing
from fivepenny.market.pacts_terms import PactTerms, ReplyToPact
from fivepenny.market.terms import (
    EarlyPayment,
    LoanTerms,
    OrderTerms,
    ReplyToLoan,
    ReplyToTip,
    Rest,
    Terms,
    TipTerms,
    WordTerms,
)
from fivepenny.stage import audit_words_deeds
from fivepenny.stage.audit_paper import PAPER_FOLLOWS
from fivepenny.world import Move

UNASKED: Mapping[Beat, frozenset[type[Body]]] = {
    Beat.DAWN: frozenset(
        {
            hap.DayOpened, hap.SeasonOpened, hap.Endowed, hap.BillHeld, hap.Owes, hap.Remembered, hap.Settled,
            hap.Struck, hap.NeedTurned, hap.BillPaid, hap.Produced, hap.Earned, hap.Consumed, hap.Wanted, hap.Spoiled,
            hap.News, hap.Whispered,
            hap.HouseFailed, hap.Lent, hap.Called, Unfolded,
            hires.BroughtBack, hires.HireClosed,
            Kept, Credited, Withdrew, Queued, Deposited, Rescued,
            courts.Exiled, courts.Returned,
        }
    ),
    Beat.DUSK: frozenset(
        {
            hap.Settled, hap.Repaid, hap.Defaulted, hap.Ruined, hap.DayClosed,
            papers.Redeemed, papers.Foreclosed,
            aims.WantReached, aims.WantLost, aims.GoalReached, aims.SeasonJudged,
            fail.Bridged, fail.Failed, fail.EstatePaid, fail.ClaimLost, fail.Discharged,
            hires.BroughtBack, hires.HireOverdue, hires.MarginCalled, hires.HireClosed,
            courts.CaseOpened, courts.Summoned, courts.LetterRead, courts.BooksOpened, courts.Perjured,
            courts.CaseDecided, courts.Fined, bribery.BribeRead, bribery.PurseOpened,
            *audit_words_deeds.UNASKED,
        }
    ),
}  # fmt: skip
"""What happens at dawn, and at dusk when those who were asked have sworn."""

TRADES: frozenset[type[Body]] = frozenset(
    {
        hap.Said, hap.Cleared, hap.Ordered, hap.OrderRefused, fail.ForcedSale,
        hires.MarginFreed, hires.ForcedPurchase, pact.PactBroken, pact.PactKept, hap.Owes,
    }
)  # fmt: skip
"""What happens in the market; what is no trade is audited with its custom."""


def _follows_offer(seat: str, terms: LoanTerms, body: Body) -> bool:
    return body == hap.Offered(
        seat, terms.lender, terms.borrower, terms.principal_pence, terms.owed_pence, terms.due_day
    )


def _follows_tip(seat: str, terms: TipTerms, body: Body) -> bool:
    if not isinstance(body, hap.Tipped) or terms.claim not in (None, body.claim.number):
        return False
    told = (body.teller, body.hearer, body.claim.asset, body.claim.kind)
    return told == (seat, terms.hearer, terms.asset, terms.kind)


def _follows_payment(seat: str, terms: EarlyPayment, body: Body) -> bool:
    if not isinstance(body, hap.Repaid | hap.PaymentRefused):
        return False
    return (body.loan, body.lender, body.borrower) == (terms.loan, terms.lender, seat)


def _follows_order(seat: str, terms: OrderTerms, body: Body) -> bool:
    if isinstance(body, hap.OrderRefused):
        return (body.seat, body.side, body.good) == (seat, terms.side, terms.good)
    return body == hap.Ordered(seat, terms.side.value, terms.good, terms.quantity, terms.limit_pence)


def _follows_pact(seat: str, terms: PactTerms, body: Body) -> bool:
    return body == pact.PactProposed(
        seat, terms.to, terms.pact, terms.shape, terms.about, terms.price_pence, terms.until_day, terms.penalty_pence,
        terms.fund_pence,
    )  # fmt: skip


def _follows_pact_reply(seat: str, terms: ReplyToPact, body: Body) -> bool:
    """Whether its terms are those that were asked for is audited with the pacts."""
    asked = terms.proposal
    about = (asked.by, seat, asked.shape, asked.about)
    match body:
        case pact.PactSpurned():
            return not terms.joined and (body.to, body.by, body.shape, body.about) == about
        case pact.PactJoined():
            return terms.joined and (body.by, body.seat, body.shape, body.about) == about
        case pact.PactSigned() | pact.PactVoid():
            return terms.joined and (body.by, body.to, body.shape, body.about) == about
        case _:
            return False


def _follows_deposit(seat: str, terms: DepositTerms, body: Body) -> bool:
    if not isinstance(body, Deposited | DepositRefused):
        return False
    return (body.holder, body.banker, body.pence) == (seat, terms.banker, terms.pence)


def _follows_withdrawal(seat: str, terms: WithdrawalTerms, body: Body) -> bool:
    if not isinstance(body, Withdrew):
        return False
    return (body.holder, body.banker, body.of_slip, body.pence) == (seat, terms.banker, terms.slip, terms.pence)


FOLLOWS: Mapping[type[Terms], Callable[[str, Any, Body], bool]] = {
    LoanTerms: _follows_offer,
    TipTerms: _follows_tip,
    WordTerms: lambda seat, terms, body: body == hap.Spoken(terms.act, seat, terms.hearer, terms.deed),
    ReplyToLoan: lambda seat, terms, body: _follows_reply(seat, terms.terms, terms.agreed, body),
    ReplyToTip: lambda seat, terms, body: (
        body == hap.Weighed(seat, terms.tip.teller, terms.tip.claim.number, terms.believed)
    ),
    EarlyPayment: _follows_payment,
    OrderTerms: _follows_order,
    DepositTerms: _follows_deposit,
    WithdrawalTerms: _follows_withdrawal,
    AccuseTerms: lambda seat, terms, body: (
        body == courts.Accused(seat, terms.accused, terms.good, terms.rises, terms.told_day, terms.offence)
    ),
    OathBribeTerms: lambda seat, terms, body: (
        isinstance(body, bribery.OathSought)
        and (body.by, body.to, body.pence, body.case, body.good, body.manner)
        == (seat, terms.to, terms.pence, terms.case, terms.good, terms.manner)
    ),
    ReplyToOathBribe: lambda seat, terms, body: _follows_oath_bribe(seat, terms, body),
    OathTerms: lambda seat, terms, body: body == courts.Testified(terms.case, seat, terms.oath, terms.units),
    PactTerms: _follows_pact,
    ReplyToPact: _follows_pact_reply,
    Rest: lambda seat, terms, body: False,
    HireTerms: lambda seat, terms, body: (
        body
        == hires.HireAsked(
            seat, terms.owner, terms.good, terms.quantity, terms.fee_pence, terms.margin_pence, terms.due_day
        )
    ),
    ReplyToHire: lambda seat, terms, body: _follows_hire(seat, terms, body),
    RecallTerms: lambda seat, terms, body: (
        isinstance(body, hires.HireRecalled) and (body.hire, body.owner) == (terms.hire, seat)
    ),
    **PAPER_FOLLOWS,
    **audit_words_deeds.FOLLOWS,
}


def follows(seat: str, terms: Terms, body: Body) -> bool:
    """Whether an event with this body is what these terms, chosen by this seat, bring about."""
    return FOLLOWS[type(terms)](seat, terms, body)


def _follows_reply(seat: str, loan: LoanTerms, agreed: bool, body: Body) -> bool:
    if not agreed:
        other = loan.borrower if seat == loan.lender else loan.lender
        return body == hap.Declined(seat, other, loan.principal_pence, asked=other == loan.borrower)
    if isinstance(body, hap.Lent):
        return (body.lender, body.borrower, body.principal_pence, body.owed_pence, body.due_day) == (
            loan.lender, loan.borrower, loan.principal_pence, loan.owed_pence, loan.due_day,
        )  # fmt: skip
    return body == hap.Declined(loan.lender, loan.borrower, loan.principal_pence, asked=True)


def _follows_hire(seat: str, reply: ReplyToHire, body: Body) -> bool:
    kinds = (hires.Hired, hires.HireFellThrough) if reply.agreed else (hires.HireDeclined,)
    if not isinstance(body, kinds):
        return False
    asked = reply.asked
    return (body.owner, body.hirer, body.good, body.quantity) == (seat, asked.hirer, asked.good, asked.quantity)


def _follows_oath_bribe(seat: str, reply: ReplyToOathBribe, body: Body) -> bool:
    bribe = reply.bribe
    told = (bribe.bribe, bribe.by, seat, bribe.pence)
    if not reply.taken:
        return body == words.BribeSpurned(*told)
    return body in (bribery.OathBought(*told, bribe.case), words.BribeUnpaid(*told))


def _said(seat: str, move: Move, listing: Listing) -> Iterator[hap.Said]:
    if move.line is not None:
        option = listing.menu.option(move.phrases[0])
        yield hap.Said(seat, option.to, heard_as(option.act), move.line.text, move.line.cites)


def talk_breach(moves: Mapping[str, Move], listings: Mapping[str, Listing], bodies: Sequence[Body]) -> str | None:
    """What is wrong with the events of a beat of talk, given what was chosen and said in it, seat after seat."""
    left = list(bodies)
    for seat, move in moves.items():
        for phrase in move.phrases:
            terms = listings[seat].terms[phrase]
            if left and follows(seat, terms, left[0]):
                left.pop(0)
            elif not isinstance(terms, Rest):
                return f"nothing came of {seat}'s {phrase!r}, or something else"
        for said in _said(seat, move, listings[seat]):
            if left[:1] != [said]:
                return f"{seat} said {said.text!r}, which does not stand here as it was said"
            left.pop(0)
    return f"nobody chose what led to {left[0].kind!r}" if left else None


def unasked_breach(
    beat: Beat, moves: Mapping[str, Move], listings: Mapping[str, Listing], bodies: Sequence[Body]
) -> str | None:
    """What is wrong with the events of dawn or dusk: oaths and lines come first, the rest comes by itself."""
    spoken = list(takewhile(lambda body: isinstance(body, courts.Testified | hap.Said), bodies))
    strangers = [body.kind for body in bodies[len(spoken) :] if type(body) not in UNASKED[beat]]
    return f"{strangers[0]!r} does not happen in it" if strangers else talk_breach(moves, listings, spoken)


def market_breach(
    moves: Mapping[str, Move], listings: Mapping[str, Listing], bodies: Sequence[Body], goods: Iterable[str]
) -> str | None:
    """What is wrong with the events of the market, given what was chosen and said in it."""
    lines = [said for seat, move in moves.items() for said in _said(seat, move, listings[seat])]
    if [body for body in bodies if isinstance(body, hap.Said)] != lines:
        return "what was said does not stand here as it was said"
    if [body.good for body in bodies if isinstance(body, hap.Cleared)] != list(goods):
        return "not every good was cleared once, in their order"
    own: list[Any] = [b for b in bodies if isinstance(b, hap.Ordered | hap.OrderRefused) and b.seat != OUTSIDE]
    kinds = Counter(type(body) for body in bodies)
    if sum(kinds[kind] for kind in TRADES) != len(bodies):
        return "something happened in the market that is no trade"
    chosen = [(seat, listings[seat].terms[phrase]) for seat, move in moves.items() for phrase in move.phrases]
    orders = [(seat, terms) for seat, terms in chosen if isinstance(terms, OrderTerms)]
    for seat, terms in orders:
        found = next((body for body in own if follows(seat, terms, body)), None)
        if found is None:
            return f"{seat}'s order to {terms.side} {terms.good} neither stands nor was refused"
        own.remove(found)
    return f"{own[0].seat} ordered {own[0].good}, which it did not choose" if own else None
