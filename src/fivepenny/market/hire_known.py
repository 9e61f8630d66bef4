"""What a seat knows of hires: those it is a party to, who has been seen with a good, whom it has asked.

Part of a `Knowledge` and fed by the same lessons; without the custom it stays empty.
"""

from dataclasses import dataclass, field

from fivepenny.market.hire_terms import StandingHire
from fivepenny.scenario import Scenario


@dataclass(slots=True)
class Hiring:
    """Hires as one seat knows them; bounded by the seats and goods of the table.

    `events` are those in which its standing hires were made. `holders` are who may be thought to have some of a good,
    with the last day on which they were seen with it, 0 for who makes it; `asked` the last days on which an owner was
    asked for a good.
    """

    is_custom: bool
    shares: frozenset[str]
    standing: dict[int, StandingHire] = field(default_factory=dict)
    events: dict[int, int] = field(default_factory=dict)
    holders: dict[tuple[str, str], int] = field(default_factory=dict)
    asked: dict[tuple[str, str], int] = field(default_factory=dict)

    def fork(self) -> "Hiring":
        """The same, to go its own way."""
        return Hiring(
            self.is_custom,
            self.shares,
            self.standing.copy(),
            self.events.copy(),
            self.holders.copy(),
            self.asked.copy(),
        )

    def taken(self, seat: str, good: str) -> StandingHire | None:
        """The hire of a good that this seat has from another."""
        for hire in self.standing.values():
            if hire.good == good and hire.hirer == seat:
                return hire
        return None

    def given(self, seat: str) -> list[StandingHire]:
        """What this seat has out on hire."""
        return [hire for hire in self.standing.values() if hire.owner == seat]


def new_hiring(scenario: Scenario) -> Hiring:
    """Knows from the scenario who makes what, as all the table does."""
    return Hiring(
        is_custom="hire" in scenario.customs,
        shares=frozenset(good.name for good in scenario.goods if good.share),
        holders={(seat.name, good): 0 for seat in scenario.seats for good in seat.makes},
    )
