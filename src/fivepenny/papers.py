"""What can happen where credit is negotiable: counter-offers, pledges, more days, and the sale of what is owed.

The bodies of these events, as their audience may know them. What is owed, who may sell it and what a pledge covers is
the market's affair. Loans against a pledge are loans like others (`fivepenny.happenings`), and end like others.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fivepenny import happenings as hap
from fivepenny.events import Body


class Deal(StrEnum):
    """What can be put to somebody: other terms of a loan, more days for one, the sale of one."""

    COUNTER = "counter"
    EXTENSION = "extension"
    SALE = "sale"


class Cause(StrEnum):
    """Why nothing came of it: it was declined; the goods, the money or the paper had gone elsewhere that morning."""

    DECLINED = "declined"
    GOODS = "goods"
    MONEY = "money"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Countered(Body):
    """To a loan offered or asked for: not so, but on these terms, against `quantity` of `good` in pledge (0: nothing).

    It stands until the next morning, when the one it was put to may agree or decline.
    """

    kind: ClassVar[str] = "countered"
    by: str
    lender: str
    borrower: str
    principal_pence: int
    owed_pence: int
    due_day: int
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CounterLent(hap.Lent):
    """A loan was paid out on the terms of a counter-offer, and what is pledged for it put aside."""

    kind: ClassVar[str] = "counter_lent"
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Redeemed(hap.Repaid):
    """A loan against a pledge was paid back in full, and the borrower has its goods again."""

    kind: ClassVar[str] = "redeemed"
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Foreclosed(hap.Defaulted):
    """A loan against a pledge was not paid in full: the lender takes so many units, worth so much; the rest goes back.

    `paid_pence` were paid in money; `lost_pence` is what both leave unpaid, which may be nothing.
    """

    kind: ClassVar[str] = "foreclosed"
    good: str
    taken: int
    value_pence: int
    returned: int


@dataclass(frozen=True, slots=True)
class ExtensionAsked(Body):
    """A debtor asks for more days: what it would owe then, and when."""

    kind: ClassVar[str] = "extension_asked"
    loan: int
    lender: str
    borrower: str
    owed_pence: int
    due_day: int
    later_pence: int
    later_day: int


@dataclass(frozen=True, slots=True)
class Extended(Body):
    """A lender gave a debtor more days: from now on it owes this, on that day."""

    kind: ClassVar[str] = "extended"
    loan: int
    lender: str
    borrower: str
    owed_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class PaperOffered(Body):
    """A lender offers another what a third owes it, for a price. `unpaid`: it is a claim on an estate."""

    kind: ClassVar[str] = "paper_offered"
    loan: int
    seller: str
    buyer: str
    debtor: str
    owed_pence: int
    due_day: int
    price_pence: int
    unpaid: bool


@dataclass(frozen=True, slots=True)
class PaperSought(Body):
    """A buyer asks a lender for a third's paper, at so many percent of its face, and up to so much money."""

    kind: ClassVar[str] = "paper_sought"
    buyer: str
    seller: str
    debtor: str
    percent: int
    most_pence: int


@dataclass(frozen=True, slots=True)
class PaperSold(Body):
    """What a debtor owes was sold: from now on it owes it to the buyer. A pledge goes with its paper."""

    kind: ClassVar[str] = "paper_sold"
    loan: int
    seller: str
    buyer: str
    debtor: str
    owed_pence: int
    due_day: int
    price_pence: int
    unpaid: bool
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class NotAgreed(Body):
    """Nothing came of what `to` had put to `by`, and why."""

    kind: ClassVar[str] = "not_agreed"
    deal: Deal
    by: str
    to: str
    cause: Cause
