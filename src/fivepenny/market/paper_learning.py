"""How a seat learns of paper: what each event of counter-offers, pledges, extensions and sales changes in it.

Lessons as `fivepenny.market.learning` joins them. They see what the seat may see and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import papers
from fivepenny.events import Body, Seen
from fivepenny.market.knowledge import (
    DEFAULTED,
    DEFAULTED_ON_ANOTHER,
    LOAN_GRANTED,
    OFFER_REFUSED,
    REPAID,
    REPAID_EARLY,
    Impression,
    Knowledge,
    Loan,
)
from fivepenny.market.paper_known import Heard
from fivepenny.market.paper_terms import PledgeTerms

PLEDGE_LEFT = Impression(trust=-10, feeling=-2, strength=-3, deed="the pledge you left me with")
PLEDGE_TAKEN = Impression(feeling=-2, strength=-4, deed="what you took of mine for the debt")
DAYS_GIVEN = Impression(trust=2, feeling=2, strength=4, deed="the days you gave me")
PAPER_PASSED_ON = Impression(trust=-4, feeling=-1, strength=-3, deed="selling my name to another")


def _countered(knowledge: Knowledge, seen: Seen, body: papers.Countered) -> None:
    if body.by != knowledge.seat:
        knowledge.paper.counters[body.by] = (body, Heard(seen.number, seen.day))


def _counter_lent(knowledge: Knowledge, seen: Seen, body: papers.CounterLent) -> None:
    paper, pledge = knowledge.paper, PledgeTerms(body.good, body.quantity)
    knowledge.loans[body.loan] = Loan(
        body.loan, body.lender, body.borrower, body.owed_pence, seen.day, body.due_day, seen.number
    )
    if pledge.quantity:
        paper.pledges[body.loan] = pledge
    if body.borrower == knowledge.seat:
        knowledge.pence += body.principal_pence
        if pledge.quantity:
            knowledge.stock[pledge.good] -= pledge.quantity
        paper.counters.pop(body.lender, None)
        knowledge.impress(seen, body.lender, LOAN_GRANTED)
    else:
        knowledge.pence -= body.principal_pence
        paper.counters.pop(body.borrower, None)


def _redeemed(knowledge: Knowledge, seen: Seen, body: papers.Redeemed) -> None:
    knowledge.loans.pop(body.loan, None)
    knowledge.paper.close(body.loan)
    if body.lender == knowledge.seat:
        knowledge.pence += body.pence
        knowledge.impress(seen, body.borrower, REPAID_EARLY if body.early else REPAID)
        return
    knowledge.pence -= body.pence
    knowledge.stock[body.good] += body.quantity
    if not body.early:
        knowledge.befell.append(seen)


def _foreclosed(knowledge: Knowledge, seen: Seen, body: papers.Foreclosed) -> None:
    loan = knowledge.loans.pop(body.loan, None)
    knowledge.paper.close(body.loan)
    if loan is not None and body.lost_pence:
        knowledge.unpaid[body.loan] = replace(loan, owed_pence=body.lost_pence)
    if body.lost_pence:
        knowledge.paper.hear_of_debt(seen, body.lender, body.borrower)
    if knowledge.seat in (body.lender, body.borrower):
        knowledge.befell.append(seen)
    if body.lender == knowledge.seat:
        knowledge.pence += body.paid_pence
        knowledge.stock[body.good] += body.taken
        knowledge.impress(seen, body.borrower, DEFAULTED if body.lost_pence else PLEDGE_LEFT)
    elif body.borrower == knowledge.seat:
        knowledge.pence -= body.paid_pence
        knowledge.stock[body.good] += body.returned
        knowledge.impress(seen, body.lender, PLEDGE_TAKEN)
    else:
        knowledge.impress(seen, body.borrower, DEFAULTED_ON_ANOTHER)


def _extension_asked(knowledge: Knowledge, seen: Seen, body: papers.ExtensionAsked) -> None:
    if body.lender == knowledge.seat:
        knowledge.heard.append(body)
    else:
        knowledge.paper.asked["extend", body.lender] = seen.day


def _extended(knowledge: Knowledge, seen: Seen, body: papers.Extended) -> None:
    loan = knowledge.loans[body.loan]
    knowledge.loans[body.loan] = replace(loan, owed_pence=body.owed_pence, due_day=body.due_day, event=seen.number)
    extensions = knowledge.paper.extensions
    extensions[body.loan] = extensions.get(body.loan, 0) + 1
    if body.borrower == knowledge.seat:
        knowledge.impress(seen, body.lender, DAYS_GIVEN)


def _paper_offered(knowledge: Knowledge, seen: Seen, body: papers.PaperOffered) -> None:
    if body.buyer == knowledge.seat:
        knowledge.heard.append(body)
        knowledge.paper.hear_of_debt(seen, body.seller, body.debtor)
    else:
        knowledge.paper.asked["cede", body.debtor] = seen.day


def _paper_sought(knowledge: Knowledge, seen: Seen, body: papers.PaperSought) -> None:
    if body.seller == knowledge.seat:
        knowledge.heard.append(body)
    else:
        knowledge.paper.asked["assume", body.debtor] = seen.day


def _paper_sold(knowledge: Knowledge, seen: Seen, body: papers.PaperSold) -> None:
    stand = knowledge.unpaid if body.unpaid else knowledge.loans
    knowledge.paper.owing.pop((body.seller, body.debtor), None)
    if body.seller == knowledge.seat:
        knowledge.pence += body.price_pence
        del stand[body.loan]
        knowledge.paper.close(body.loan)
    elif body.buyer == knowledge.seat:
        knowledge.pence -= body.price_pence
        figures = (body.owed_pence, seen.day, body.due_day, seen.number)
        stand[body.loan] = Loan(body.loan, body.buyer, body.debtor, *figures)
        if body.quantity:
            knowledge.paper.pledges[body.loan] = PledgeTerms(body.good, body.quantity)
    else:
        stand[body.loan] = replace(stand[body.loan], lender=body.buyer)
        knowledge.impress(seen, body.seller, PAPER_PASSED_ON)


def _not_agreed(knowledge: Knowledge, seen: Seen, body: papers.NotAgreed) -> None:
    if body.to == knowledge.seat:
        knowledge.impress(seen, body.by, OFFER_REFUSED)
    elif body.deal is papers.Deal.COUNTER:
        knowledge.paper.counters.pop(body.to, None)


PAPER_LESSONS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], None]] = {
    papers.Countered: _countered,
    papers.CounterLent: _counter_lent,
    papers.Redeemed: _redeemed,
    papers.Foreclosed: _foreclosed,
    papers.ExtensionAsked: _extension_asked,
    papers.Extended: _extended,
    papers.PaperOffered: _paper_offered,
    papers.PaperSought: _paper_sought,
    papers.PaperSold: _paper_sold,
    papers.NotAgreed: _not_agreed,
}
"""What each kind of event of paper teaches who sees it."""
