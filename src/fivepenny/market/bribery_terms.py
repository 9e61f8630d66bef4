"""What phrases of money for testimony mean to the world. Terms as in `fivepenny.market.terms`."""

from dataclasses import dataclass

from fivepenny.bribery import OathSought
from fivepenny.market.terms import Terms
from fivepenny.parts import Manner


@dataclass(frozen=True, slots=True)
class OathBribeTerms(Terms):
    """Money to be offered to a witness for remembering nothing, in a case over a good that is heard tonight."""

    to: str
    pence: int
    case: int
    good: str
    manner: Manner = "plain"


@dataclass(frozen=True, slots=True)
class ReplyToOathBribe(Terms):
    """Taking money for an oath, or not."""

    bribe: OathSought
    taken: bool
