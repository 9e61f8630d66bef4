"""What stands of words: promises that bind, threats that are not over, and by whom each claim came to each seat.

The truth, as the market holds it. It knows no seat's knowledge and nothing of what anybody believes.
"""

from dataclasses import dataclass, field, replace

from fivepenny.claims import Promise
from fivepenny.words import Threatened

Chain = tuple[str, ...]
"""Tellers of a claim, the first first; empty where it came from outside, or was made up."""


@dataclass(frozen=True, slots=True)
class StandingThreat:
    """A threat that is not over, and its day."""

    made_day: int
    threat: Threatened


@dataclass(slots=True)
class Words:
    """All that stands of words."""

    promises: dict[int, Promise] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)  # promises broken today
    threats: dict[int, StandingThreat] = field(default_factory=dict)
    chains: dict[int, dict[str, Chain]] = field(default_factory=dict)

    def fork(self) -> "Words":
        """The same, to go its own way."""
        return replace(
            self,
            promises=dict(self.promises),
            broken=set(self.broken),
            threats=dict(self.threats),
            chains={number: dict(by_seat) for number, by_seat in self.chains.items()},
        )

    def digest_parts(self) -> list[str]:
        """What a digest covers of it: nothing where nothing stands."""
        parts = [repr(self.promises), repr(sorted(self.broken)), repr(self.threats), repr(self.chains)]
        return parts if self.promises or self.broken or self.threats or self.chains else []
