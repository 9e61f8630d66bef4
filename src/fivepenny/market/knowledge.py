"""What one seat knows: a fold over the events it has seen.

Observations and menus are built from a `Knowledge` and from nothing else. `fivepenny.market.learning` feeds it `Seen`
events, which have no sealed part, so what a seat may not know cannot get in here. It never sees the book, another
seat's knowledge, or the truth of a claim before that is settled.
"""

from copy import copy
from dataclasses import dataclass, replace

from fivepenny.claims import Claim
from fivepenny.events import Body, Seen
from fivepenny.market.aims_known import open_aim
from fivepenny.market.court_known import CourtKnown
from fivepenny.market.deeds import Deed, Deeds
from fivepenny.market.deposits_known import DepositsKnown
from fivepenny.market.hire_known import new_hiring
from fivepenny.market.larder import Larder
from fivepenny.market.pacts_known import PactsKnown
from fivepenny.market.paper_known import PaperKnown
from fivepenny.market.words_known import WordsKnown
from fivepenny.scenario import Scenario
from fivepenny.values import value

NEUTRAL_TRUST = 50
MOST_TRUST = 100
MOST_FEELING = 9
DAYS_A_FEELING_LASTS = 5  # each such span, every feeling comes one step nearer to none
FIRST_HAND_CREDENCE = 65  # what a seat grants a rumour from outside
NEWS_CREDENCE = 80  # what it grants what the whole town is told
USUAL_PARTS = 8  # a clearing price moves what is called the usual price by one part in this many of the difference


@value()
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


@value()
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
    """All that one seat knows. `fivepenny.market.learning` is the only way in."""

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
        self.hiring = new_hiring(scenario)
        self.deposits = DepositsKnown(scenario.bankers)
        self.trust = dict.fromkeys(self.others, NEUTRAL_TRUST)
        self.feeling = dict.fromkeys(self.others, 0)
        self.wants_seen: dict[str, int] = {}  # seat -> last day it was seen going short
        self.offers_made: dict[str, int] = {}  # seat -> last day a loan was put to it or asked of it
        self.heard: list[Body] = []  # what was put to this seat this morning
        self.lines_heard: list[str] = []  # today
        self.befell: list[Seen] = []  # today's events that call for a remark at dusk
        self.court = CourtKnown() if "court" in scenario.customs else None
        self.pacts = PactsKnown()
        self.paper = PaperKnown("paper" in scenario.customs)
        self.say = {good.name: good.say for good in scenario.goods}
        self.aim = open_aim(seat, scenario)
        self.words = WordsKnown()

    def fork(self) -> "Knowledge":
        """The same knowledge, to go its own way: what can change is copied, values are shared."""
        twin = copy(self)
        twin.stock = self.stock.copy()
        twin.last_pence, twin.usual_pence = self.last_pence.copy(), self.usual_pence.copy()
        twin.beliefs, twin.loans, twin.deeds = self.beliefs.copy(), self.loans.copy(), self.deeds.fork()
        twin.hiring = self.hiring.fork()
        twin.pacts = self.pacts.fork()
        twin.unpaid, twin.failed = self.unpaid.copy(), self.failed.copy()
        twin.paper = self.paper.fork()
        twin.trust, twin.feeling = self.trust.copy(), self.feeling.copy()
        twin.wants_seen, twin.offers_made = self.wants_seen.copy(), self.offers_made.copy()
        twin.aim = self.aim.fork() if self.aim else None
        twin.heard, twin.lines_heard, twin.befell = self.heard.copy(), self.lines_heard.copy(), self.befell.copy()
        twin.deposits = self.deposits.fork()
        twin.court = self.court.fork() if self.court else None
        twin.words = self.words.fork()
        return twin

    def turn_to(self, day: int) -> None:
        """Another day begins: what was put to the seat is over."""
        self.day = day
        self.heard.clear()
        self.lines_heard.clear()
        self.befell.clear()
        self.deposits.turn()
        if day % DAYS_A_FEELING_LASTS == 0:
            self._cool()

    def _cool(self) -> None:
        """What is felt passes, slowly; what was done stays remembered."""
        for other, feeling in self.feeling.items():
            self.feeling[other] = feeling - 1 if feeling > 0 else feeling + 1 if feeling < 0 else 0

    def impress(self, seen: Seen, doer: str, left: Impression, since: str = "") -> None:
        """Let an event change what is felt and remembered of its doer; nothing is felt for the outside world."""
        if doer not in self.trust:
            return
        if left.trust:
            self.trust[doer] = max(0, min(MOST_TRUST, self.trust[doer] + left.trust))
        if left.feeling:
            self.feeling[doer] = max(-MOST_FEELING, min(MOST_FEELING, self.feeling[doer] + left.feeling))
        if left.deed:
            self.deeds.remember(Deed(seen.number, seen.day, doer, left.strength, left.deed, since))

    def believe(self, claim: Claim, credence: int, teller: str, event: int) -> None:
        """Take in a claim, or another voice for it, as far as it is believed (`credence`, percent)."""
        held = self.beliefs.get(claim.number)
        if held is None:
            self.beliefs[claim.number] = Belief(claim, credence, teller, event)
        else:
            # A second voice closes part of what doubt is left, as far as it is believed.
            stronger = held.credence + (100 - held.credence) * credence // 200
            self.beliefs[claim.number] = replace(held, credence=stronger)
