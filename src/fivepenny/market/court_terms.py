"""What phrases before the court mean: an accusation, and an oath."""

from dataclasses import dataclass

from fivepenny.courts import Oath, Offence
from fivepenny.market.terms import Terms


@dataclass(frozen=True, slots=True)
class AccuseTerms(Terms):
    """An accusation of having sold a false tale, or of having offered money."""

    accused: str
    good: str
    rises: bool
    told_day: int
    offence: Offence = Offence.FALSE_REPORT


@dataclass(frozen=True, slots=True)
class OathTerms(Terms):
    """What is sworn in a case; `true` where it is so as far as the seat knows."""

    case: int
    oath: Oath
    units: int
    true: bool
