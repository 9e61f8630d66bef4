"""What a seat knows of deposits: its own slips, and how uneasy the town looks over each bank.

A part of a `Knowledge`; `fivepenny.market.deposits_learning` is the only way in. Knows nobody else's deposits, and of
the town's only what queues show.
"""

from dataclasses import dataclass, field

from fivepenny.deposits import Queued
from fivepenny.market.alarm import LEFT_PARTS, stirred

LIKELY_PERCENT = (4, 60)  # the least and the most of its deposits that a banker thinks likely to be asked for


@dataclass(frozen=True, slots=True)
class Slip:
    """A deposit that the seat holds or keeps: since when, and the event that it goes back to."""

    number: int
    holder: str
    banker: str
    pence: int
    since_day: int
    event: int


@dataclass(slots=True)
class DepositsKnown:
    """One seat's slips, as holder or as banker, and what everyone can see of the banks.

    `bankers` are known from the scenario. `alarm` is the town's over each bank, nothing where it has none; `queues` are
    today's, by banker; `asked_day` is the last day on which the seat laid or asked for money, by banker.
    """

    bankers: tuple[str, ...]
    slips: dict[int, Slip] = field(default_factory=dict)
    alarm: dict[str, int] = field(default_factory=dict)
    queues: dict[str, Queued] = field(default_factory=dict)
    asked_day: dict[str, int] = field(default_factory=dict)

    def fork(self) -> "DepositsKnown":
        """The same knowledge, to go its own way."""
        return DepositsKnown(
            self.bankers, self.slips.copy(), self.alarm.copy(), self.queues.copy(), self.asked_day.copy()
        )

    def turn(self) -> None:
        """Another day begins: queues have gone home, and a night has been slept over what was feared."""
        self.queues.clear()
        for banker, alarm in self.alarm.items():
            self.alarm[banker] = alarm // LEFT_PARTS

    def stir(self, banker: str, points: int) -> None:
        """Let something alarm or calm the town over a bank."""
        self.alarm[banker] = stirred(self.alarm_over(banker), points)

    def alarm_over(self, banker: str) -> int:
        """The town's alarm over a bank."""
        return self.alarm.get(banker, 0)

    def slip_of(self, holder: str, banker: str) -> Slip | None:
        """The slip of a holder with a banker."""
        return next((slip for slip in self.slips.values() if (slip.holder, slip.banker) == (holder, banker)), None)

    def held_pence(self, seat: str) -> int:
        """What the seat has in others' keeping."""
        return sum([slip.pence for slip in self.slips.values() if slip.holder == seat])

    def kept_pence(self, seat: str) -> int:
        """What the seat has in its own keeping of others'."""
        return sum([slip.pence for slip in self.slips.values() if slip.banker == seat])

    def likely_pence(self, seat: str) -> int:
        """What of the deposits in its keeping the seat has to think of as asked for soon."""
        kept_pence = self.kept_pence(seat)
        if not kept_pence:
            return 0
        least, most = LIKELY_PERCENT
        return kept_pence * max(least, min(most, self.alarm_over(seat))) // 100
