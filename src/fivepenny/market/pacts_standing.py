"""Pacts that stand: the values that the market, and what a seat knows of its own pacts, are made of."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from fivepenny.pacts import Shape

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


@dataclass(frozen=True, slots=True)
class PactBook:
    """Every pact that stands, in the order of signing; `loans_seen`: loans up to this number have been looked at."""

    standing: tuple[Pact, ...] = ()
    loans_seen: int = 0

    def binding(self, seat: str, about: str) -> Pact | None:
        """The pact that binds a seat about a good or a third: there is one at most."""
        return next((pact for pact in self.standing if pact.about == about and seat in pact.parties), None)

    def with_pact(self, pact: Pact) -> "PactBook":
        """The book with another pact in it."""
        return replace(self, standing=(*self.standing, pact))

    def joined(self, number: int, seat: str) -> "PactBook":
        """The book with a seat among the parties of a pact."""
        standing = [
            replace(pact, parties=(*pact.parties, seat)) if pact.number == number else pact for pact in self.standing
        ]
        return replace(self, standing=tuple(standing))

    def closed(self, over: Collection[int], loans_seen: int) -> "PactBook":
        """The book at the close of a day's market, without the pacts that are over."""
        return PactBook(tuple(pact for pact in self.standing if pact.number not in over), loans_seen)


NO_PACTS = PactBook()
