"""The court's desk: what it knows, and the post of the table, of which it sees what it seizes.

Both are fed `Seen` events; of what is sealed the world hands over what was paid, for the clerks to count. The post is
the world's affair and not the court's: a letter comes to the court only by `seize`, and into what it knows only as it
is read out before everybody.
"""

from dataclasses import dataclass, replace
from random import Random

from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.courts import Offence
from fivepenny.events import Event, Seen
from fivepenny.market.bribery_post import NO_MONEY_POST
from fivepenny.market.court_roll import Roll
from fivepenny.scenario import Scenario

SEIZED_PERCENT = 60
POST_DAYS = 2 * courts.MATTER_DAYS


@dataclass(frozen=True, slots=True)
class Letter:
    """What one told another in private of a good, and the words, where any were said with it."""

    number: int
    day: int
    teller: str
    hearer: str
    good: str
    rises: bool
    text: str = ""


class Court:
    """What stands before the court."""

    __slots__ = ("money", "post", "roll", "seats", "seized")

    def __init__(self, scenario: Scenario) -> None:
        """Nothing yet."""
        self.roll = Roll(scenario)
        self.seats = frozenset(scenario.seat_names)
        self.post: tuple[Letter, ...] = ()
        self.money = NO_MONEY_POST
        self.seized: dict[int, tuple[Letter, ...]] = {}  # by case: what the court holds and has not read out yet

    def fork(self) -> "Court":
        """The same court, to go its own way."""
        twin = object.__new__(Court)
        twin.roll, twin.post, twin.seized = self.roll.fork(), self.post, self.seized.copy()
        twin.money, twin.seats = self.money, self.seats
        return twin

    def standing(self) -> str:
        """All of it in words, for a digest."""
        money = () if self.money == NO_MONEY_POST else (self.money,)
        return repr((self.roll.standing(), self.post, self.seized, *money))

    def hear(self, seen: Seen, public: bool) -> None:
        """Take in an event: what everybody sees is known to the court, what two write goes by post."""
        if public:
            self.roll.take(seen)
            if isinstance(seen.body, hap.DayOpened):
                self.post = tuple([letter for letter in self.post if letter.day > seen.day - POST_DAYS])
                self.money = self.money.turn_to(seen.day)
        elif isinstance(seen.body, hap.Tipped):
            body = seen.body
            rises = body.claim.kind.direction > 0
            letter = Letter(seen.number, seen.day, body.teller, body.hearer, body.claim.asset, rises)
            self.post = (*self.post, letter)
        elif isinstance(seen.body, hap.Said):
            self._word(seen, seen.body)
        else:
            self.money = self.money.hear(seen)

    def enter(self, event: Event) -> None:
        """Enter what was paid between two without everybody's seeing it."""
        self.money = self.money.enter(event.day, event.sealed.postings, self.seats)

    def _word(self, seen: Seen, body: hap.Said) -> None:
        """The words of a tip, or of an offer of money, follow it at once."""
        self.money = self.money.word(seen.number, body.speaker, body.hearer, body.text)
        if not self.post:
            return
        last = self.post[-1]
        if (last.number + 1, last.teller, last.hearer) == (seen.number, body.speaker, body.hearer):
            self.post = (*self.post[:-1], replace(last, text=body.text))

    def seize(self, opened: courts.CaseOpened, lot: Random) -> None:
        """Take a share of what the accused wrote and was written about the good in the days in question, by lot."""
        self.seized[opened.case] = tuple(
            [
                letter
                for letter in self.post
                if opened.accused in (letter.teller, letter.hearer)
                and letter.day >= opened.since_day - courts.MATTER_DAYS
                and lot.randrange(100) < SEIZED_PERCENT
                and letter.good == opened.good
                and opened.accuser not in (letter.teller, letter.hearer)
                and opened.offence is not Offence.BRIBERY
            ]
        )
        self.money = self.money.seize(opened, lot, SEIZED_PERCENT)
