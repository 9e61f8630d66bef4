"""What a seat knows of its own aim: how near it is by what it has seen, and whether it was reached or lost.

A fold over the events that the seat has seen. Its purse, stock and loans are the rest of its knowledge.
"""

from collections import Counter
from copy import copy

from fivepenny import happenings as hap
from fivepenny.aims import Aim, GoalReached, WantLost, WantReached
from fivepenny.claims import Truth
from fivepenny.events import Body
from fivepenny.scenario import Scenario

BEARING: tuple[type[Body], ...] = (
    *(hap.BillHeld, hap.BillPaid, hap.HouseFailed, hap.Weighed, hap.Settled),
    *(WantReached, GoalReached, WantLost),
)
"""The kinds of events that can bear on an aim."""


class AimKnown:
    """One seat's aim as it knows it: its bills' worth, who believed its tips, and how it came out (None: open)."""

    __slots__ = ("_believers", "aim", "bills_pence", "came_true", "opening_pence", "reached", "seat")

    def __init__(self, seat: str, aim: Aim, opening_pence: int) -> None:
        """Before the first event; `opening_pence` is what the seat's purse and stock are worth then."""
        self.seat = seat
        self.aim = aim
        self.opening_pence = opening_pence
        self.bills_pence = 0
        self.came_true = 0
        self.reached: bool | None = None
        self._believers: Counter[int] = Counter()

    def fork(self) -> "AimKnown":
        """The same, to go its own way."""
        twin = copy(self)
        twin._believers = Counter(self._believers)
        return twin

    def take(self, body: Body) -> None:
        """Take in an event that the seat has seen, of the kinds that can bear on its aim."""
        match body:
            case hap.BillHeld(pence=pence):
                self.bills_pence += pence
            case hap.BillPaid(pence=pence):
                self.bills_pence -= pence
            case hap.HouseFailed(seat=seat, pence=pence) if seat == self.seat:
                self.bills_pence -= pence
            case hap.Weighed(teller=teller, claim=claim, believed=True) if teller == self.seat:
                self._believers[claim] += 1
            case hap.Settled(claim=claim, truth=truth):
                believed = self._believers.pop(claim.number, 0)
                self.came_true += believed if truth is Truth.TRUE else 0
            case WantReached(seat=seat) | GoalReached(seat=seat) if seat == self.seat:
                self.reached = True
            case WantLost(seat=seat) if seat == self.seat:
                self.reached = False
            case _:
                pass


def open_aim(seat: str, scenario: Scenario) -> AimKnown | None:
    """What a seat knows of its aim before the first event; None where it is after nothing."""
    aim, own = scenario.aims.get(seat), scenario.seat(seat)
    if aim is None:
        return None
    goods_pence = sum(units * scenario.good(good).price_pence for good, units in own.stock.items())
    return AimKnown(seat, aim, own.purse_pence + goods_pence)
