"""Pacts that stand: the values that the market, and what a seat knows of its own pacts, are made of.

What breaks a shun stands here too: credit of any kind that a party gives to the third, and paper that it trades with
it. Money that lies with a banker is no credit given to it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.events import Body
from fivepenny.hires import Hired
from fivepenny.pacts import Shape

Dealing = tuple[str, str]
"""Who dealt, and with whom."""

MOST_PARTIES = 4


@dataclass(frozen=True, slots=True)
class Pact:
    """A pact that stands. It binds its parties on days before `until_day`; `about` is a good, of a shun a seat."""

    number: int
    shape: Shape
    about: str
    parties: tuple[str, ...]
    price_pence: int
    penalty_pence: int
    signed_day: int
    until_day: int

    def forbids_sale(self, good: str, limit_pence: int) -> bool:
        """Whether an order to sell a good at this limit breaks it."""
        if self.about != good:
            return False
        return self.shape == Shape.POOL or limit_pence < self.price_pence

    @property
    def has_room(self) -> bool:
        """Whether another may still join: of those about a good, up to MOST_PARTIES."""
        return self.shape != Shape.SHUN and len(self.parties) < MOST_PARTIES


def _lent(body: hap.Lent) -> tuple[Dealing, ...]:
    return ((body.lender, body.borrower),)


DEALINGS: Mapping[type[Body], Callable[[Any], tuple[Dealing, ...]]] = {
    hap.Lent: _lent,
    papers.CounterLent: _lent,
    papers.Extended: lambda body: ((body.lender, body.borrower),),
    papers.PaperSold: lambda body: ((body.seller, body.buyer), (body.buyer, body.seller)),
    Hired: lambda body: ((body.owner, body.hirer),),
}
"""Of what kinds of events one who has sworn to shun another has dealt with it."""


@dataclass(frozen=True, slots=True)
class PactBook:
    """Every pact that stands, in the order of signing; `shuns_broken`: by number, and by whom, since the last close."""

    standing: tuple[Pact, ...] = ()
    shuns_broken: tuple[tuple[int, str], ...] = ()

    def binding(self, seat: str, about: str) -> Pact | None:
        """The pact that binds a seat about a good or a third: there is one at most."""
        return next((pact for pact in self.standing if pact.about == about and seat in pact.parties), None)

    def after(self, body: Body, day: int) -> "PactBook":
        """The book after an event of a day, which may have broken a shun that was signed before that day."""
        dealt = DEALINGS.get(type(body))
        if dealt is None:
            return self
        pairs = dealt(body)
        broken = [
            (pact.number, seat)
            for pact in self.standing
            if pact.shape == Shape.SHUN and pact.signed_day < day
            for seat, other in pairs
            if seat in pact.parties and other == pact.about
        ]
        return replace(self, shuns_broken=(*self.shuns_broken, *broken)) if broken else self

    def with_pact(self, pact: Pact) -> "PactBook":
        """The book with another pact in it."""
        return replace(self, standing=(*self.standing, pact))

    def joined(self, number: int, seat: str) -> "PactBook":
        """The book with a seat among the parties of a pact."""
        standing = [
            replace(pact, parties=(*pact.parties, seat)) if pact.number == number else pact for pact in self.standing
        ]
        return replace(self, standing=tuple(standing))

    def closed(self, over: Collection[int]) -> "PactBook":
        """The book at the close of a day's market, without the pacts that are over."""
        return PactBook(tuple(pact for pact in self.standing if pact.number not in over))


NO_PACTS = PactBook()
