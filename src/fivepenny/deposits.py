"""What can happen to money in a banker's keeping: the bodies of these events, as their audience may know them.

A deposit is a debt of the banker's without a day, until its holder asks for it. How it is paid, and what becomes of it
when the banker cannot pay, is the market's affair.
"""

from dataclasses import dataclass
from typing import ClassVar

from fivepenny.events import Body

NO_DAY = 1_000_000
"""The day on which a deposit falls due that nobody has asked for."""
FIRST_SLIP = 1_000_000
"""Slips are numbered on from here, so that no slip bears a loan's number."""
TOWN_PEOPLE = 100
"""The town's depositors at a bank, each with an equal part of what the town has in its keeping."""


@dataclass(frozen=True, slots=True)
class Kept(Body):
    """A deposit that stood before the first day."""

    kind: ClassVar[str] = "kept"
    slip: int
    holder: str
    banker: str
    pence: int


@dataclass(frozen=True, slots=True)
class Deposited(Body):
    """Money was laid in a banker's keeping, on this slip."""

    kind: ClassVar[str] = "deposited"
    slip: int
    holder: str
    banker: str
    pence: int


@dataclass(frozen=True, slots=True)
class DepositRefused(Body):
    """Money was to be laid in a banker's keeping, but it had gone elsewhere that morning."""

    kind: ClassVar[str] = "deposit_refused"
    holder: str
    banker: str
    pence: int


@dataclass(frozen=True, slots=True)
class Withdrew(Body):
    """A holder asks for its deposit, across the table: `slip` falls due tonight.

    It is taken from the slip `of_slip`, or is this slip itself where all of it is asked for.
    """

    kind: ClassVar[str] = "withdrew"
    slip: int
    of_slip: int
    holder: str
    banker: str
    pence: int


@dataclass(frozen=True, slots=True)
class Queued(Body):
    """So many of the town's depositors stand at a banker's door; what they ask for falls due tonight, as `slip`."""

    kind: ClassVar[str] = "queued"
    slip: int
    of_slip: int
    banker: str
    people: int
    pence: int


@dataclass(frozen=True, slots=True)
class Credited(Body):
    """Interest was written to a deposit."""

    kind: ClassVar[str] = "credited"
    slip: int
    holder: str
    banker: str
    pence: int


@dataclass(frozen=True, slots=True)
class Rescued(Body):
    """The town is told that money has been lent to a banker from outside, and how much."""

    kind: ClassVar[str] = "rescued"
    banker: str
    pence: int
