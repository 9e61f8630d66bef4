"""What a seat knows of money for silence or testimony: what was offered by it or to it, and what came of it."""

from dataclasses import dataclass

from fivepenny.bribery import Fate


@dataclass(frozen=True, slots=True)
class Offer:
    """Money offered in an event: for leaving a good alone, or (`about` is a case) for an oath."""

    bribe: int
    event: int
    day: int
    by: str
    to: str
    good: str
    pence: int
    about: int
    fate: Fate = "open"
    told: bool = False  # the seat has accused who offered it

    def shows_guilt(self, seat: str) -> bool:
        """Whether the seat offered it, or took it."""
        return self.by == seat or (self.to == seat and self.fate == "taken")
