"""What can happen between people who bind themselves: the bodies of these events, as their audience may know them.

How pacts are made, kept and judged is the market's affair.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fivepenny.events import Body


class Shape(StrEnum):
    """What a pact forbids to its parties before its day."""

    FLOOR = "floor"  # to offer a good under a price
    POOL = "pool"  # to offer any of a good, which they buy together
    SHUN = "shun"  # to give credit to a third, or to deal with it in paper


@dataclass(frozen=True, slots=True)
class PactProposed(Body):
    """One seat asks another to bind itself, or to join the standing pact of this number (0: a new one).

    `about` is a good, of a shun a seat; `price_pence` is 0 but for a floor. Who breaks it owes `penalty_pence` in all;
    `fund_pence` is handed over by the one who asks as the pact is signed.
    """

    kind: ClassVar[str] = "pact_proposed"
    by: str
    to: str
    pact: int
    shape: Shape
    about: str
    price_pence: int
    until_day: int
    penalty_pence: int
    fund_pence: int


@dataclass(frozen=True, slots=True)
class PactSigned(Body):
    """Two have bound themselves, and the one who asked has handed over what was agreed: these two alone know of it."""

    kind: ClassVar[str] = "pact_signed"
    pact: int
    by: str
    to: str
    shape: Shape
    about: str
    price_pence: int
    until_day: int
    penalty_pence: int
    fund_pence: int


@dataclass(frozen=True, slots=True)
class PactJoined(Body):
    """A seat whom one of the parties had asked has joined a standing pact; `parties` are all of them now."""

    kind: ClassVar[str] = "pact_joined"
    pact: int
    by: str
    seat: str
    parties: tuple[str, ...]
    shape: Shape
    about: str
    price_pence: int
    until_day: int
    penalty_pence: int


@dataclass(frozen=True, slots=True)
class PactSpurned(Body):
    """A seat would not be bound by what another asked of it."""

    kind: ClassVar[str] = "pact_spurned"
    by: str
    to: str
    shape: Shape
    about: str


@dataclass(frozen=True, slots=True)
class PactVoid(Body):
    """A seat would have been bound as another asked, and it came to nothing; `cause` is one of `market.pacts.VOID`."""

    kind: ClassVar[str] = "pact_void"
    by: str
    to: str
    shape: Shape
    about: str
    cause: str


@dataclass(frozen=True, slots=True)
class PactBroken(Body):
    """A seat has done what a pact forbids it: nobody is bound by it any more, and the whole town knows of it.

    `partners` are the other parties. It owes the penalty to those of them who kept it, as debts due on `due_day`.
    """

    kind: ClassVar[str] = "pact_broken"
    pact: int
    seat: str
    partners: tuple[str, ...]
    shape: Shape
    about: str
    signed_day: int
    penalty_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class PactKept(Body):
    """A pact has run its days, and nobody broke it."""

    kind: ClassVar[str] = "pact_kept"
    pact: int
    parties: tuple[str, ...]
    shape: Shape
    about: str
    signed_day: int
