"""Hires: what is asked for, what stands, and what a hire costs.

Values and arithmetic only. A hire that stands is known alike to the market and to the two that it is between; this
module knows no book and no seat's knowledge.
"""

from dataclasses import dataclass, replace

from fivepenny.hires import HireAsked, Hired
from fivepenny.market.terms import Terms

HIRE_DAYS = 6
FEE_PERCENT = 4  # of the goods' price, for the whole time
MARGIN_PERCENT = 50  # of the goods' price, put up with the hire and again whenever it is called
MAINTENANCE_PERCENT = 45  # of the goods' price of the day: a margin below this is called
BUY_IN_PERCENT = 150  # of the last price: the most that is bid for goods that are bought in


@dataclass(frozen=True, slots=True)
class HireTerms(Terms):
    """A hire as it is asked for."""

    owner: str
    good: str
    quantity: int
    fee_pence: int
    margin_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class ReplyToHire(Terms):
    """An answer to one who asked for a hire."""

    asked: HireAsked
    agreed: bool


@dataclass(frozen=True, slots=True)
class RecallTerms(Terms):
    """Wanting back by tomorrow what is out on hire."""

    hire: int


@dataclass(frozen=True, slots=True)
class StandingHire:
    """Units on hire that are not all back: a hirer has one hire of a good at most.

    `price_pence` is what a unit cost when they were handed over; `sold` are the units of the good that the hirer has
    sold since, `rebought` those of them that it has bought again; `forced`: they are to be bought in.
    """

    number: int
    owner: str
    hirer: str
    good: str
    quantity: int
    margin_pence: int
    price_pence: int
    made_day: int
    due_day: int
    sold: int = 0
    rebought: int = 0
    forced: bool = False

    def traded(self, bought: int, sold: int) -> "StandingHire":
        """The same after the hirer has traded so many units of the good."""
        sold = min(self.quantity, self.sold + sold)
        return replace(self, sold=sold, rebought=min(sold, self.rebought + bought))

    def less(self, quantity: int, freed_pence: int) -> "StandingHire":
        """The same after some of its units are back and some of its margin is free."""
        left = self.quantity - quantity
        return replace(
            self,
            quantity=left,
            margin_pence=self.margin_pence - freed_pence,
            sold=min(left, max(0, self.sold - quantity)),
            rebought=max(0, self.rebought - quantity),
        )


def hire_of(body: Hired, price_pence: int, day: int) -> StandingHire:
    """The hire that stands once its goods are handed over."""
    return StandingHire(
        body.hire, body.owner, body.hirer, body.good, body.quantity, body.margin_pence, price_pence, day, body.due_day
    )


def fee_pence(value_pence: int) -> int:
    """What the hire of goods of this price costs."""
    return max(1, value_pence * FEE_PERCENT // 100)


def margin_pence(value_pence: int) -> int:
    """What has to be put up for goods of this price, never less than the share."""
    return -(-value_pence * MARGIN_PERCENT // 100)
