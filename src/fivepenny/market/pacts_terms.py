"""What a phrase about a pact means: to propose one, or to answer a proposal."""

from dataclasses import dataclass

from fivepenny.market.terms import Terms
from fivepenny.pacts import PactProposed, Shape
from fivepenny.values import value


@value()
class PactTerms(Terms):
    """A pact as it is put to another; `pact` is the standing one that it is asked to join, or 0."""

    to: str
    pact: int
    shape: Shape
    about: str
    price_pence: int
    until_day: int
    penalty_pence: int
    fund_pence: int


@dataclass(frozen=True, slots=True)
class ReplyToPact(Terms):
    """An answer to a pact that was put to the seat."""

    proposal: PactProposed
    joined: bool
