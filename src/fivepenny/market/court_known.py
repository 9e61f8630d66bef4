"""What a seat knows of the court, and what it could bring before it: its own past talk, kept for some days."""

from bisect import bisect_right
from copy import copy
from dataclasses import dataclass
from typing import Any

from fivepenny import courts
from fivepenny.events import Seen
from fivepenny.happenings import Cleared
from fivepenny.market.bribery_known import OwnOffer

KEPT_DAYS = 3 * courts.MATTER_DAYS
MOST_KEPT = 60
"""Tales, offers and grievances of each sort that a seat keeps in mind: the latest."""


@dataclass(frozen=True, slots=True)
class Tale:
    """A tale of a good: who told it whom, in which event; what a hearer then traded on it, and for how much."""

    claim: int
    teller: str
    hearer: str
    good: str
    rises: bool
    day: int
    event: int
    made_up: bool = False
    units: int = 0
    pence: int = 0


@dataclass(frozen=True, slots=True)
class Grievance:
    """A tale that came out false and cost the seat something, since a day; nobody has been accused over it yet."""

    tale: Tale
    loss_pence: int
    day: int


def units_of(seat: str, body: Cleared) -> list[int]:
    """Units that a seat bought (above 0) or sold in an auction; none where it did neither."""
    bought = [units for name, units in zip(body.buyers, body.bought, strict=True) if name == seat]
    return bought + [-units for name, units in zip(body.sellers, body.sold, strict=True) if name == seat]


@dataclass(frozen=True, slots=True)
class Summons:
    """A case that is open, the event that opened it, and who is to be asked."""

    opened: courts.CaseOpened
    day: int
    event: int
    witnesses: tuple[str, ...] = ()  # the accused is the first


class CourtKnown:
    """What one seat knows that the court could ask it, or hear from it."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.heard: dict[int, Tale] = {}  # by claim: tales that are not settled yet
        self.tales: tuple[Tale, ...] = ()  # told by the seat or to it
        self.grievances: tuple[Grievance, ...] = ()
        self.auctions: tuple[Seen, ...] = ()
        self.offers: tuple[OwnOffer, ...] = ()
        self.cases: dict[int, Summons] = {}  # that are open
        self.summons: frozenset[int] = frozenset()
        self.exiled: frozenset[str] = frozenset()
        self.frozen_until_day = 0

    def fork(self) -> "CourtKnown":
        """The same, to go its own way."""
        twin = copy(self)
        twin.heard, twin.cases = self.heard.copy(), self.cases.copy()
        return twin

    def turn_to(self, day: int) -> None:
        """What is long past is let go."""
        first_day = day - KEPT_DAYS
        self.heard = {claim: tale for claim, tale in self.heard.items() if tale.day > first_day}
        self.tales = tuple([tale for tale in self.tales if tale.day > first_day][-MOST_KEPT:])
        self.grievances = tuple([item for item in self.grievances if item.day > first_day][-MOST_KEPT:])
        self.auctions = self.auctions[bisect_right(self.auctions, first_day, key=lambda seen: seen.day) :]
        self.offers = tuple([item for item in self.offers if item.day > first_day][-MOST_KEPT:])

    def against(self, tale: Tale) -> int:
        """Units that the teller of a tale dealt against it since it was told, as the tape shows."""
        sign = 1 if tale.rises else -1
        return max(0, -sign * sum(self.dealings(tale.teller, tale.good, tale.day)))

    def dealings(self, seat: str, good: str, since_day: int) -> list[int]:
        """Units of a good that a seat bought (above 0) or sold, auction by auction from a day on."""
        found: list[int] = []
        for seen in self.auctions:
            body: Any = seen.body
            if body.good == good and seen.day >= since_day:
                found += units_of(seat, body)
        return found
