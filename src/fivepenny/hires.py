"""What can happen where goods are hired out: the bodies of these events, as their audience may know them.

A hirer has the use of an owner's units for a fee, puts up a margin of money, and has to bring as many units back by a
day. What a hire costs, and when a margin is called, is the market's affair.
"""

from dataclasses import dataclass
from typing import ClassVar

from fivepenny.events import Body


@dataclass(frozen=True, slots=True)
class HireAsked(Body):
    """A seat asked an owner for the hire of goods: at a fee, with a margin of money put up, back by a day."""

    kind: ClassVar[str] = "hire_asked"
    hirer: str
    owner: str
    good: str
    quantity: int
    fee_pence: int
    margin_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class HireDeclined(Body):
    """The owner would not hire its goods out."""

    kind: ClassVar[str] = "hire_declined"
    owner: str
    hirer: str
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class HireFellThrough(Body):
    """A hire was agreed to and could not be made: `lacking` has no longer the goods, or the money, for it."""

    kind: ClassVar[str] = "hire_fell_through"
    owner: str
    hirer: str
    good: str
    quantity: int
    lacking: str


@dataclass(frozen=True, slots=True)
class Hired(Body):
    """Goods were handed over on hire, the fee paid and the margin put up."""

    kind: ClassVar[str] = "hired"
    hire: int
    owner: str
    hirer: str
    good: str
    quantity: int
    fee_pence: int
    margin_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class HireRecalled(Body):
    """An owner wants its goods back by this day, sooner than was agreed."""

    kind: ClassVar[str] = "hire_recalled"
    hire: int
    owner: str
    hirer: str
    good: str
    quantity: int
    due_day: int


@dataclass(frozen=True, slots=True)
class BroughtBack(Body):
    """Units on hire went back to their owner; `left` are still out, and so much of the margin was given back."""

    kind: ClassVar[str] = "brought_back"
    hire: int
    owner: str
    hirer: str
    good: str
    quantity: int
    left: int
    freed_pence: int


@dataclass(frozen=True, slots=True)
class HireOverdue(Body):
    """These units were not brought back on their day: they will be bought in."""

    kind: ClassVar[str] = "hire_overdue"
    hire: int
    owner: str
    hirer: str
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class MarginCalled(Body):
    """A margin had become too small: so much was needed, and so much put up at once. Less: they will be bought in."""

    kind: ClassVar[str] = "margin_called"
    hire: int
    owner: str
    hirer: str
    good: str
    needed_pence: int
    met_pence: int


@dataclass(frozen=True, slots=True)
class MarginFreed(Body):
    """The margin of a hire was set free to buy its units in."""

    kind: ClassVar[str] = "margin_freed"
    hire: int
    owner: str
    hirer: str
    good: str
    pence: int


@dataclass(frozen=True, slots=True)
class ForcedPurchase(Body):
    """Goods that a seat has to bring back stand in the book of the good to be bought, whether it would or not.

    It has no other order for that good that day: what it buys in the auction that follows is bought in.
    """

    kind: ClassVar[str] = "forced_purchase"
    seat: str
    good: str
    quantity: int
    limit_pence: int


@dataclass(frozen=True, slots=True)
class HireClosed(Body):
    """Units will not come back: their owner got so much of the margin, and what was left of that the hirer.

    The rest of their price is a debt, `loan` by number, due on a day; 0 and 0 where the margin was enough.
    """

    kind: ClassVar[str] = "hire_closed"
    hire: int
    owner: str
    hirer: str
    good: str
    quantity: int
    paid_pence: int
    freed_pence: int
    loan: int
    owed_pence: int
    due_day: int
