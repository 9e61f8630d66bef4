"""What one seat knows: a fold over the events it has seen.

Observations and menus are built from a `Knowledge` and from nothing else. It is fed `Seen` events, which have no
sealed part, so what a seat may not know cannot get in here. It never sees the book, another seat's knowledge,
or the truth of a claim before that is settled.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.claims import Claim, Truth
from fivepenny.events import Body, Seen
from fivepenny.market.deeds import Deed, Deeds
from fivepenny.market.larder import Larder
from fivepenny.scenario import Scenario

NEUTRAL_TRUST = 50
MOST_TRUST = 100
MOST_FEELING = 9
DAYS_A_FEELING_LASTS = 5  # each such span, every feeling comes one step nearer to none
FIRST_HAND_CREDENCE = 65  # what a seat grants a rumour from outside
NEWS_CREDENCE = 80  # what it grants what the whole town is told
USUAL_PARTS = 8  # a clearing price moves what is called the usual price by one part in this many of the difference


@dataclass(frozen=True, slots=True)
class Belief:
    """A claim that the seat has heard: `credence` in percent, from whom (empty: the town), in which event."""

    claim: Claim
    credence: int
    teller: str
    event: int
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan that the seat is party to."""

    number: int
    lender: str
    borrower: str
    owed_pence: int
    lent_day: int
    due_day: int
    event: int


@dataclass(frozen=True, slots=True)
class Impression:
    """What something that another did changes in a seat: trust in percent points, feeling, and what it remembers.

    `strength` and `deed` are those of the `Deed`; where `deed` is empty, none is remembered.
    """

    trust: int = 0
    feeling: int = 0
    strength: int = 0
    deed: str = ""


WORD_KEPT = Impression(trust=8, strength=3, deed="the word you gave me on")
WORD_BROKEN = Impression(trust=-15, feeling=-2, strength=-4, deed="the tale you sold me about")
BELIEVED, DOUBTED = Impression(feeling=1), Impression(feeling=-1)
OFFER_REFUSED = Impression(feeling=-1)
LOAN_REFUSED = Impression(feeling=-2, strength=-4, deed="the money you refused me")
LOAN_GRANTED = Impression(feeling=2, strength=4, deed="the money you lent me")
REPAID = Impression(trust=6, feeling=1, strength=3, deed="your paying me to the day")
REPAID_EARLY = replace(REPAID, deed="your paying me before the day")
DEFAULTED = Impression(trust=-30, feeling=-5, strength=-8, deed="the debt you let die")
DEFAULTED_ON_ANOTHER = Impression(trust=-10)
PAID_IN_THE_END = Impression(trust=12, feeling=2, strength=3, deed="your paying me in the end")
WORDS = {
    "press": Impression(feeling=-1),
    "thank": Impression(feeling=1),
    "needle": Impression(feeling=-2, strength=-3, deed="what you said of me at this table"),
    "answer": Impression(feeling=1),
    "turn": Impression(feeling=-1, strength=-2, deed="the way you turned from me"),
    "plead": Impression(),
    "collect": Impression(feeling=-2),
}
"""What the acts of a `Spoken` leave with who is spoken to."""


class Knowledge:
    """All that one seat knows. `learn` is the only way in."""

    def __init__(self, seat: str, scenario: Scenario) -> None:
        """Knows from the scenario who sits here, and of each good what it is called and its opening price."""
        self.seat = seat
        self.own = scenario.seat(seat)
        self.larder = Larder(scenario, seat)
        self.others = tuple(name for name in scenario.seat_names if name != seat)
        self.day = 1
        self.pence = 0
        self.stock = dict.fromkeys(scenario.good_names, 0)
        self.last_pence = {good.name: good.price_pence for good in scenario.goods}
        self.usual_pence = dict(self.last_pence)
        self.beliefs: dict[int, Belief] = {}
        self.loans: dict[int, Loan] = {}
        self.unpaid: dict[int, Loan] = {}  # loans that were not paid when due: what an estate still owes on each
        self.failed: set[str] = set()  # who could not pay, and is not discharged yet
        self.deeds = Deeds()
        self.trust = dict.fromkeys(self.others, NEUTRAL_TRUST)
        self.feeling = dict.fromkeys(self.others, 0)
        self.wants_seen: dict[str, int] = {}  # seat -> last day it was seen going short
        self.offers_made: dict[str, int] = {}  # seat -> last day a loan was put to it or asked of it
        self.heard: list[hap.Offered | hap.Tipped | hap.Spoken] = []  # what was put to this seat this morning
        self.lines_heard: list[str] = []  # today
        self.befell: list[Seen] = []  # today's events that call for a remark at dusk
        self.say = {good.name: good.say for good in scenario.goods}

    def fork(self) -> "Knowledge":
        """The same knowledge, to go its own way: what can change is copied, values are shared."""
        twin = copy(self)
        twin.stock = self.stock.copy()
        twin.last_pence, twin.usual_pence = self.last_pence.copy(), self.usual_pence.copy()
        twin.beliefs, twin.loans, twin.deeds = self.beliefs.copy(), self.loans.copy(), self.deeds.fork()
        twin.unpaid, twin.failed = self.unpaid.copy(), self.failed.copy()
        twin.trust, twin.feeling = self.trust.copy(), self.feeling.copy()
        twin.wants_seen, twin.offers_made = self.wants_seen.copy(), self.offers_made.copy()
        twin.heard, twin.lines_heard, twin.befell = self.heard.copy(), self.lines_heard.copy(), self.befell.copy()
        return twin

    def learn(self, seen: Seen) -> None:
        """Take in one event that this seat may see."""
        if seen.day != self.day:
            self.day = seen.day
            self.heard.clear()
            self.lines_heard.clear()
            self.befell.clear()
            if seen.day % DAYS_A_FEELING_LASTS == 0:
                self._cool()
        action = _LEARNING.get(type(seen.body))
        if action is not None:
            action(self, seen, seen.body)

    def _cool(self) -> None:
        """What is felt passes, slowly; what was done stays remembered."""
        for other, feeling in self.feeling.items():
            self.feeling[other] = feeling - 1 if feeling > 0 else feeling + 1 if feeling < 0 else 0

    def _impress(self, seen: Seen, doer: str, left: Impression, since: str = "") -> None:
        """Let an event change what is felt and remembered of its doer; nothing is felt for the outside world."""
        if doer not in self.trust:
            return
        if left.trust:
            self.trust[doer] = max(0, min(MOST_TRUST, self.trust[doer] + left.trust))
        if left.feeling:
            self.feeling[doer] = max(-MOST_FEELING, min(MOST_FEELING, self.feeling[doer] + left.feeling))
        if left.deed:
            self.deeds.remember(Deed(seen.number, seen.day, doer, left.strength, left.deed, since))

    def _endowed(self, seen: Seen, body: hap.Endowed) -> None:
        self.pence += body.pence
        for good, quantity in zip(body.goods, body.quantities, strict=True):
            self.stock[good] += quantity

    def _remembered(self, seen: Seen, body: hap.Remembered) -> None:
        if body.to == self.seat:
            left = Impression(feeling=body.strength // 2, strength=body.strength, deed=body.deed)
            self._impress(seen, body.doer, left, body.since)

    def _stocked(self, seen: Seen, body: hap.Produced) -> None:
        self.stock[body.good] += body.quantity

    def _used(self, seen: Seen, body: hap.Spoiled | hap.Consumed) -> None:
        self.stock[body.good] -= body.quantity

    def _wanted(self, seen: Seen, body: hap.Wanted) -> None:
        if body.seat == self.seat:
            self.pence -= body.paid_pence
            self.befell.append(seen)
        else:
            self.wants_seen[body.seat] = seen.day

    def _earned(self, seen: Seen, body: hap.Earned) -> None:
        self.pence += body.pence
        if body.good:
            self.stock[body.good] -= body.quantity

    def _bill_paid(self, seen: Seen, body: hap.BillPaid) -> None:
        self.pence += body.pence

    def _news(self, seen: Seen, body: hap.News) -> None:
        if body.claim:
            self._believe(body.claim, NEWS_CREDENCE, "", seen.number)

    def _whispered(self, seen: Seen, body: hap.Whispered) -> None:
        self._believe(body.claim, FIRST_HAND_CREDENCE, "", seen.number)

    def _believe(self, claim: Claim, credence: int, teller: str, event: int) -> None:
        held = self.beliefs.get(claim.number)
        if held is None:
            self.beliefs[claim.number] = Belief(claim, credence, teller, event)
        else:
            # A second voice closes part of what doubt is left, as far as it is believed.
            stronger = held.credence + (100 - held.credence) * credence // 200
            self.beliefs[claim.number] = replace(held, credence=stronger)

    def _tipped(self, seen: Seen, body: hap.Tipped) -> None:
        number = body.claim.number
        if body.teller == self.seat:
            if number in self.beliefs:
                held = self.beliefs[number]
                self.beliefs[number] = replace(held, told=held.told | {body.hearer})
            return
        self.heard.append(body)
        self._believe(body.claim, self.trust[body.teller], body.teller, seen.number)

    def _weighed(self, seen: Seen, body: hap.Weighed) -> None:
        if body.hearer != self.seat:
            self._impress(seen, body.hearer, BELIEVED if body.believed else DOUBTED)
            return
        held = self.beliefs.get(body.claim)
        if held is not None:
            changed = held.credence + (100 - held.credence) // 4 if body.believed else held.credence // 2
            self.beliefs[body.claim] = replace(held, credence=changed)

    def _settled(self, seen: Seen, body: hap.Settled) -> None:
        held = self.beliefs.pop(body.claim.number, None)
        if held is None or not held.teller:
            return
        left = WORD_KEPT if body.truth is Truth.TRUE else WORD_BROKEN
        self._impress(seen, held.teller, replace(left, deed=f"{left.deed} {self.say[held.claim.asset]}"))

    def _offered(self, seen: Seen, body: hap.Offered) -> None:
        other = body.borrower if body.lender == self.seat else body.lender
        self.offers_made[other] = seen.day
        if body.by != self.seat:
            self.heard.append(body)

    def _declined(self, seen: Seen, body: hap.Declined) -> None:
        if body.to == self.seat:
            self._impress(seen, body.by, LOAN_REFUSED if body.asked else OFFER_REFUSED)

    def _lent(self, seen: Seen, body: hap.Lent) -> None:
        self._owes(seen, body)
        if body.borrower == self.seat:
            self.pence += body.principal_pence
            self._impress(seen, body.lender, LOAN_GRANTED)
        else:
            self.pence -= body.principal_pence

    def _owes(self, seen: Seen, body: hap.Owes | hap.Lent) -> None:
        self.loans[body.loan] = Loan(
            body.loan, body.lender, body.borrower, body.owed_pence, seen.day, body.due_day, seen.number
        )

    def _called(self, seen: Seen, body: hap.Called) -> None:
        self.loans[body.loan] = replace(self.loans[body.loan], due_day=body.due_day)

    def _repaid(self, seen: Seen, body: hap.Repaid) -> None:
        self.loans.pop(body.loan, None)
        if body.borrower == self.seat and not body.early:
            self.befell.append(seen)
        if body.lender == self.seat:
            self.pence += body.pence
            self._impress(seen, body.borrower, REPAID_EARLY if body.early else REPAID)
        else:
            self.pence -= body.pence

    def _defaulted(self, seen: Seen, body: hap.Defaulted) -> None:
        loan = self.loans.pop(body.loan, None)
        if loan is not None:
            self.unpaid[body.loan] = replace(loan, owed_pence=body.lost_pence)
        if self.seat in (body.lender, body.borrower):
            self.befell.append(seen)
        if body.lender == self.seat:
            self.pence += body.paid_pence
            self._impress(seen, body.borrower, DEFAULTED)
        elif body.borrower == self.seat:
            self.pence -= body.paid_pence
        else:
            self._impress(seen, body.borrower, DEFAULTED_ON_ANOTHER)

    def _bridged(self, seen: Seen, body: fail.Bridged) -> None:
        self.pence += -body.pence if body.back else body.pence

    def _failed(self, seen: Seen, body: fail.Failed) -> None:
        self.failed.add(body.seat)

    def _estate_paid(self, seen: Seen, body: fail.EstatePaid) -> None:
        if body.seat == self.seat:
            self.pence -= sum(body.paid_pence)
        for number, lender, pence in zip(body.loans, body.lenders, body.paid_pence, strict=True):
            if lender == self.seat:
                self.pence += pence
            if number in self.unpaid:
                claim = self.unpaid[number]
                self.unpaid[number] = replace(claim, owed_pence=claim.owed_pence - pence)

    def _discharged(self, seen: Seen, body: fail.Discharged) -> None:
        """What is unpaid is gone; who was owed something, and was paid all of it, thinks the better of the debtor."""
        self.failed.discard(body.seat)
        settled = [loan for loan in self.unpaid.values() if loan.borrower == body.seat]
        for loan in settled:
            del self.unpaid[loan.number]
        if body.in_full and settled:
            self._impress(seen, body.seat, PAID_IN_THE_END)

    def _spoken(self, seen: Seen, body: hap.Spoken) -> None:
        if body.speaker == self.seat and body.deed:
            self.deeds.answer(body.hearer, body.deed)
        if body.hearer != self.seat:
            return
        if body.act in ("press", "thank", "needle"):
            self.heard.append(body)
        self._impress(seen, body.speaker, WORDS[body.act])

    def _said(self, seen: Seen, body: hap.Said) -> None:
        if body.hearer == self.seat:
            self.lines_heard.append(f"{body.speaker} to you: {body.text}")

    def _cleared(self, seen: Seen, body: hap.Cleared) -> None:
        if body.price_pence is None:
            return
        self.last_pence[body.good] = body.price_pence
        distance_pence = body.price_pence - self.usual_pence[body.good]
        step_pence = abs(distance_pence) // USUAL_PARTS
        self.usual_pence[body.good] += step_pence if distance_pence > 0 else -step_pence
        if self.seat in body.buyers:
            quantity = body.bought[body.buyers.index(self.seat)]
            self.stock[body.good] += quantity
            self.pence -= quantity * body.price_pence
        if self.seat in body.sellers:
            quantity = body.sold[body.sellers.index(self.seat)]
            self.stock[body.good] -= quantity
            self.pence += quantity * body.price_pence


_LEARNING: dict[type[Body], Callable[[Knowledge, Seen, Any], None]] = {
    hap.Endowed: Knowledge._endowed,
    hap.Remembered: Knowledge._remembered,
    hap.Produced: Knowledge._stocked,
    hap.Spoiled: Knowledge._used,
    hap.Consumed: Knowledge._used,
    hap.Wanted: Knowledge._wanted,
    hap.Earned: Knowledge._earned,
    hap.BillPaid: Knowledge._bill_paid,
    hap.News: Knowledge._news,
    hap.Whispered: Knowledge._whispered,
    hap.Tipped: Knowledge._tipped,
    hap.Weighed: Knowledge._weighed,
    hap.Settled: Knowledge._settled,
    hap.Offered: Knowledge._offered,
    hap.Declined: Knowledge._declined,
    hap.Lent: Knowledge._lent,
    hap.Owes: Knowledge._owes,
    hap.Called: Knowledge._called,
    hap.Repaid: Knowledge._repaid,
    hap.Defaulted: Knowledge._defaulted,
    fail.Bridged: Knowledge._bridged,
    fail.Failed: Knowledge._failed,
    fail.EstatePaid: Knowledge._estate_paid,
    fail.Discharged: Knowledge._discharged,
    hap.Spoken: Knowledge._spoken,
    hap.Said: Knowledge._said,
    hap.Cleared: Knowledge._cleared,
}
