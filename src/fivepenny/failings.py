"""What can happen when a seat cannot pay: the bodies of these events, as their audience may know them.

The other kinds of the finance drama are in `fivepenny.happenings`; how debts are cleared and estates sold is the
market's affair.
"""

from dataclasses import dataclass
from typing import ClassVar

from fivepenny.events import Body


@dataclass(frozen=True, slots=True)
class Bridged(Body):
    """Debts go round in a circle: the outside world lent a seat the money to begin with, or has it `back`."""

    kind: ClassVar[str] = "bridged"
    seat: str
    pence: int
    back: bool


@dataclass(frozen=True, slots=True)
class Failed(Body):
    """A seat could not pay its debts: all of them fall due, and what is unpaid stands against its estate.

    `round` 1: it could not have paid had all others paid it; of later rounds, `pulled_by` is the seat whose failing
    cost it most. `owed_pence` is what it still owes in all.
    """

    kind: ClassVar[str] = "failed"
    seat: str
    round: int
    pulled_by: str
    owed_pence: int


@dataclass(frozen=True, slots=True)
class ForcedSale(Body):
    """A failed seat's goods stand in the book of a good to be sold for its creditors, whether it would or not.

    It has no other order to sell that good that day: what it sells in the auction that follows is forced volume.
    """

    kind: ClassVar[str] = "forced_sale"
    seat: str
    good: str
    quantity: int
    limit_pence: int


@dataclass(frozen=True, slots=True)
class EstatePaid(Body):
    """An estate paid its creditors: on each loan, to whom and how much; and what is then unpaid of the debts in it.

    Loans that were to be paid tonight and were not come into it afterwards.
    """

    kind: ClassVar[str] = "estate_paid"
    seat: str
    loans: tuple[int, ...]
    lenders: tuple[str, ...]
    paid_pence: tuple[int, ...]
    left_pence: int


@dataclass(frozen=True, slots=True)
class ClaimLost(Body):
    """An estate is closed with nothing left in it: what was unpaid of a loan is lost."""

    kind: ClassVar[str] = "claim_lost"
    loan: int
    lender: str
    borrower: str
    lost_pence: int


@dataclass(frozen=True, slots=True)
class Discharged(Body):
    """A failed seat owes its old creditors nothing more: it paid all, or what it did not pay is lost."""

    kind: ClassVar[str] = "discharged"
    seat: str
    in_full: bool
