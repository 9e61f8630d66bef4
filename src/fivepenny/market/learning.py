"""How a seat learns: what each kind of event that it sees changes in what it knows.

`learn` is the only way into a `Knowledge`. Each custom of the table has lessons of its own; they are joined here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import words
from fivepenny.claims import Truth
from fivepenny.events import Body, Seen
from fivepenny.market import bribery_learning, deposits_learning, hire_learning
from fivepenny.market.aims_known import BEARING
from fivepenny.market.court_learning import NOTES, take_note
from fivepenny.market.knowledge import (
    BELIEVED,
    DEFAULTED,
    DEFAULTED_ON_ANOTHER,
    DOUBTED,
    FIRST_HAND_CREDENCE,
    LOAN_GRANTED,
    LOAN_REFUSED,
    NEWS_CREDENCE,
    OFFER_REFUSED,
    PAID_IN_THE_END,
    REPAID,
    REPAID_EARLY,
    USUAL_PARTS,
    WORD_BROKEN,
    WORD_KEPT,
    WORDS,
    Impression,
    Knowledge,
    Loan,
)
from fivepenny.market.pacts_learning import LESSONS as PACTS_LESSONS
from fivepenny.market.paper_learning import PAPER_LESSONS
from fivepenny.market.words_learning import LESSONS as WORDS_LESSONS
from fivepenny.market.words_learning import swayed

Lesson = Callable[[Knowledge, Seen, Any], None]


def learn(knowledge: Knowledge, seen: Seen) -> None:
    """Take in one event that this seat may see."""
    if seen.day != knowledge.day:
        knowledge.turn_to(seen.day)
    for lesson in _TAUGHT.get(type(seen.body), ()):
        lesson(knowledge, seen, seen.body)


def _pursue(knowledge: Knowledge, seen: Seen, body: Body) -> None:
    if knowledge.aim is not None:
        knowledge.aim.take(body)


def _endowed(knowledge: Knowledge, seen: Seen, body: hap.Endowed) -> None:
    knowledge.pence += body.pence
    for good, quantity in zip(body.goods, body.quantities, strict=True):
        knowledge.stock[good] += quantity


def _remembered(knowledge: Knowledge, seen: Seen, body: hap.Remembered) -> None:
    if body.to == knowledge.seat:
        left = Impression(feeling=body.strength // 2, strength=body.strength, deed=body.deed)
        knowledge.impress(seen, body.doer, left, body.since)


def _stocked(knowledge: Knowledge, seen: Seen, body: hap.Produced) -> None:
    knowledge.stock[body.good] += body.quantity


def _used(knowledge: Knowledge, seen: Seen, body: hap.Spoiled | hap.Consumed) -> None:
    knowledge.stock[body.good] -= body.quantity


def _wanted(knowledge: Knowledge, seen: Seen, body: hap.Wanted) -> None:
    if body.seat == knowledge.seat:
        knowledge.pence -= body.paid_pence
        knowledge.befell.append(seen)
    else:
        knowledge.wants_seen[body.seat] = seen.day


def _earned(knowledge: Knowledge, seen: Seen, body: hap.Earned) -> None:
    knowledge.pence += body.pence
    if body.good:
        knowledge.stock[body.good] -= body.quantity


def _bill_paid(knowledge: Knowledge, seen: Seen, body: hap.BillPaid) -> None:
    knowledge.pence += body.pence


def _news(knowledge: Knowledge, seen: Seen, body: hap.News) -> None:
    if body.claim:
        knowledge.believe(body.claim, NEWS_CREDENCE, "", seen.number)


def _whispered(knowledge: Knowledge, seen: Seen, body: hap.Whispered) -> None:
    knowledge.believe(body.claim, FIRST_HAND_CREDENCE, "", seen.number)


def _tipped(knowledge: Knowledge, seen: Seen, body: hap.Tipped) -> None:
    number = body.claim.number
    if body.teller == knowledge.seat:
        if number in knowledge.beliefs:
            held = knowledge.beliefs[number]
            knowledge.beliefs[number] = replace(held, told=held.told | {body.hearer})
        return
    knowledge.heard.append(body)
    knowledge.believe(body.claim, knowledge.trust[body.teller], body.teller, seen.number)


def _weighed(knowledge: Knowledge, seen: Seen, body: hap.Weighed) -> None:
    if body.hearer != knowledge.seat:
        knowledge.impress(seen, body.hearer, BELIEVED if body.believed else DOUBTED)
        return
    held = knowledge.beliefs.get(body.claim)
    if held is not None:
        changed = held.credence + (100 - held.credence) // 4 if body.believed else held.credence // 2
        knowledge.beliefs[body.claim] = replace(held, credence=changed)


def _settled(knowledge: Knowledge, seen: Seen, body: hap.Settled) -> None:
    knowledge.words.settle(body.claim.number, right=body.truth is Truth.TRUE)
    held = knowledge.beliefs.pop(body.claim.number, None)
    if held is None or not held.teller:
        return
    left = WORD_KEPT if body.truth is Truth.TRUE else WORD_BROKEN
    knowledge.impress(seen, held.teller, replace(left, deed=f"{left.deed} {knowledge.say[held.claim.asset]}"))


def _offered(knowledge: Knowledge, seen: Seen, body: hap.Offered) -> None:
    other = body.borrower if body.lender == knowledge.seat else body.lender
    knowledge.offers_made[other] = seen.day
    if body.by != knowledge.seat:
        knowledge.heard.append(body)


def _declined(knowledge: Knowledge, seen: Seen, body: hap.Declined) -> None:
    if body.to == knowledge.seat:
        knowledge.impress(seen, body.by, LOAN_REFUSED if body.asked else OFFER_REFUSED)


def _lent(knowledge: Knowledge, seen: Seen, body: hap.Lent) -> None:
    _owes(knowledge, seen, body)
    if body.borrower == knowledge.seat:
        knowledge.pence += body.principal_pence
        knowledge.impress(seen, body.lender, LOAN_GRANTED)
    else:
        knowledge.pence -= body.principal_pence


def _owes(knowledge: Knowledge, seen: Seen, body: hap.Owes | hap.Lent) -> None:
    knowledge.loans[body.loan] = Loan(
        body.loan, body.lender, body.borrower, body.owed_pence, seen.day, body.due_day, seen.number
    )


def _called(knowledge: Knowledge, seen: Seen, body: hap.Called) -> None:
    knowledge.loans[body.loan] = replace(knowledge.loans[body.loan], due_day=body.due_day)


def _repaid(knowledge: Knowledge, seen: Seen, body: hap.Repaid) -> None:
    knowledge.loans.pop(body.loan, None)
    if body.borrower == knowledge.seat and not body.early:
        knowledge.befell.append(seen)
    if body.lender == knowledge.seat:
        knowledge.pence += body.pence
        knowledge.impress(seen, body.borrower, REPAID_EARLY if body.early else REPAID)
    else:
        knowledge.pence -= body.pence


def _defaulted(knowledge: Knowledge, seen: Seen, body: hap.Defaulted) -> None:
    loan = knowledge.loans.pop(body.loan, None)
    if loan is not None:
        knowledge.unpaid[body.loan] = replace(loan, owed_pence=body.lost_pence)
    if knowledge.seat in (body.lender, body.borrower):
        knowledge.befell.append(seen)
    if body.lender == knowledge.seat:
        knowledge.pence += body.paid_pence
        knowledge.impress(seen, body.borrower, DEFAULTED)
    elif body.borrower == knowledge.seat:
        knowledge.pence -= body.paid_pence
    else:
        knowledge.impress(seen, body.borrower, DEFAULTED_ON_ANOTHER)
        knowledge.paper.hear_of_debt(seen, body.lender, body.borrower)


def _bridged(knowledge: Knowledge, seen: Seen, body: fail.Bridged) -> None:
    knowledge.pence += -body.pence if body.back else body.pence


def _failed(knowledge: Knowledge, seen: Seen, body: fail.Failed) -> None:
    knowledge.failed.add(body.seat)


def _estate_paid(knowledge: Knowledge, seen: Seen, body: fail.EstatePaid) -> None:
    if body.seat == knowledge.seat:
        knowledge.pence -= sum(body.paid_pence)
    for number, lender, pence in zip(body.loans, body.lenders, body.paid_pence, strict=True):
        if lender == knowledge.seat:
            knowledge.pence += pence
        if number in knowledge.unpaid:
            claim = knowledge.unpaid[number]
            knowledge.unpaid[number] = replace(claim, owed_pence=claim.owed_pence - pence)


def _discharged(knowledge: Knowledge, seen: Seen, body: fail.Discharged) -> None:
    """What is unpaid is gone; who was owed something, and was paid all of it, thinks the better of the debtor."""
    knowledge.failed.discard(body.seat)
    settled = [loan for loan in knowledge.unpaid.values() if loan.borrower == body.seat]
    for loan in settled:
        del knowledge.unpaid[loan.number]
    if body.in_full and settled:
        knowledge.impress(seen, body.seat, PAID_IN_THE_END)


def _spoken(knowledge: Knowledge, seen: Seen, body: hap.Spoken) -> None:
    knowledge.pacts.see_word(body.act, body.speaker, body.hearer)
    if body.speaker == knowledge.seat and body.deed:
        knowledge.deeds.answer(body.hearer, body.deed)
    if body.hearer != knowledge.seat:
        if body.act in ("press", "plead") and body.speaker != knowledge.seat:
            pair = (body.speaker, body.hearer) if body.act == "press" else (body.hearer, body.speaker)
            knowledge.paper.hear_of_debt(seen, *pair)
        return
    if body.act in ("press", "thank", "needle"):
        knowledge.heard.append(body)
    knowledge.impress(seen, body.speaker, WORDS[body.act])


def _spoken_so(knowledge: Knowledge, seen: Seen, body: words.SpokenSo) -> None:
    _spoken(knowledge, seen, body)
    swayed(knowledge, seen, body)


def _said(knowledge: Knowledge, seen: Seen, body: hap.Said) -> None:
    if body.hearer == knowledge.seat:
        knowledge.lines_heard.append(f"{body.speaker} to you: {body.text}")


def _cleared(knowledge: Knowledge, seen: Seen, body: hap.Cleared) -> None:
    if body.price_pence is None:
        return
    knowledge.words.see_trade(body.good, seen.day, body.buyers, body.sellers)
    hire_learning.learn_trades(knowledge, seen, body)
    knowledge.last_pence[body.good] = body.price_pence
    knowledge.pacts.see_sales(body.good, body.sellers, seen.day)
    distance_pence = body.price_pence - knowledge.usual_pence[body.good]
    step_pence = abs(distance_pence) // USUAL_PARTS
    knowledge.usual_pence[body.good] += step_pence if distance_pence > 0 else -step_pence
    knowledge.paper.see_trade(body.buyers, body.good, body.bought, 1)
    knowledge.paper.see_trade(body.sellers, body.good, body.sold, -1)
    if knowledge.seat in body.buyers:
        quantity = body.bought[body.buyers.index(knowledge.seat)]
        knowledge.stock[body.good] += quantity
        knowledge.pence -= quantity * body.price_pence
    if knowledge.seat in body.sellers:
        quantity = body.sold[body.sellers.index(knowledge.seat)]
        knowledge.stock[body.good] -= quantity
        knowledge.pence += quantity * body.price_pence


LEARNING: Mapping[type[Body], Lesson] = {
    hap.Endowed: _endowed,
    hap.Remembered: _remembered,
    hap.Produced: _stocked,
    hap.Spoiled: _used,
    hap.Consumed: _used,
    hap.Wanted: _wanted,
    hap.Earned: _earned,
    hap.BillPaid: _bill_paid,
    hap.News: _news,
    hap.Whispered: _whispered,
    hap.Tipped: _tipped,
    hap.Weighed: _weighed,
    hap.Settled: _settled,
    hap.Offered: _offered,
    hap.Declined: _declined,
    hap.Lent: _lent,
    hap.Owes: _owes,
    hap.Called: _called,
    hap.Repaid: _repaid,
    hap.Defaulted: _defaulted,
    fail.Bridged: _bridged,
    fail.Failed: _failed,
    fail.EstatePaid: _estate_paid,
    fail.Discharged: _discharged,
    hap.Spoken: _spoken,
    hap.Said: _said,
    hap.Cleared: _cleared,
    **hire_learning.LESSONS,
    **PACTS_LESSONS,
    **deposits_learning.LESSONS,
    **PAPER_LESSONS,
    words.SpokenSo: _spoken_so,
    **WORDS_LESSONS,
    **bribery_learning.LESSONS,
}
"""What each kind of event changes in who sees it, but for what banks, the court and a seat's aim have of it."""

_IN_TURN: tuple[Mapping[type[Body], Lesson], ...] = (
    dict.fromkeys(deposits_learning.OVERHEARD, deposits_learning.overhear),
    LEARNING,
    dict.fromkeys(NOTES, take_note),
    dict.fromkeys(BEARING, _pursue),
)
_TAUGHT: Mapping[type[Body], tuple[Lesson, ...]] = {
    kind: tuple(lessons[kind] for lessons in _IN_TURN if kind in lessons) for lessons in _IN_TURN for kind in lessons
}
"""All lessons of each kind of event, in turn: of most events a seat takes in one, or none."""
