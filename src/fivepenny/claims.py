"""Typed claims: statements about the world that can be true, false or still open.

A claim is what somebody says; whether it holds is settled by events alone. This module does not know who
believes what: that is each seat's own knowledge.
"""

from dataclasses import dataclass
from enum import StrEnum


class ClaimKind(StrEnum):
    """What a claim says of its subject."""

    WILL_RISE = "will_rise"
    WILL_FALL = "will_fall"

    @property
    def direction(self) -> int:
        """+1 for a rise, -1 for a fall."""
        return 1 if self is ClaimKind.WILL_RISE else -1


class Basis(StrEnum):
    """What a claim is judged by."""

    PRICE = "price"  # the clearing prices up to its last day
    SHOCK = "shock"  # whether the thing foretold happens


class Truth(StrEnum):
    """How a claim stands."""

    TRUE = "true"
    FALSE = "false"
    OPEN = "open"


LEAST_MOVE_PARTS = 50
"""A price has to move by one part in this many, so that noise alone settles little."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. `number` names it for a whole season and travels with it when it is told on.

    `made_day` is the day it was first made, `by_day` the last day on which it can come true.
    """

    number: int
    kind: ClaimKind
    asset: str
    made_day: int
    by_day: int
    basis: Basis


def judge_by_price(claim: Claim, price_then_pence: int, price_now_pence: int, today: int) -> Truth:
    """Judge a price claim at dusk: true once the price has moved as claimed, false when its days are over."""
    moved = (price_now_pence - price_then_pence) * claim.kind.direction
    if moved * LEAST_MOVE_PARTS >= price_then_pence:
        return Truth.TRUE
    return Truth.FALSE if today >= claim.by_day else Truth.OPEN


class PromiseKind(StrEnum):
    """What a promise says of who gives it."""

    WILL_PAY = "will_pay"  # a loan, up to the last day
    WILL_HOLD = "will_hold"  # sells none of a good, up to and on the last day
    WILL_LEAVE = "will_leave"  # sells none of a good, and buys none of it where it is a share (a house has to eat)


@dataclass(frozen=True, slots=True)
class Promise:
    """A claim whose subject is who makes it: `by` gave `to` its word. `number` names it for a whole season.

    `good` is empty and `loan` a loan's number where it is about paying; otherwise `loan` is 0. `by_day` is the last day
    on which it binds.
    """

    number: int
    kind: PromiseKind
    by: str
    to: str
    good: str
    loan: int
    made_day: int
    by_day: int
