"""What a seat knows of paper: pledges and counter-offers of its own, and what the table lets it see of others' debts.

A fold over seen events, as all of a `Knowledge` is, and bounded by the seats, the goods and the seat's own loans. It
holds no sum that was not told to this seat.
"""

from dataclasses import dataclass

from fivepenny.events import Seen
from fivepenny.market.paper_terms import PledgeTerms
from fivepenny.papers import Countered

MOST_EXTENSIONS = 2
"""How often a loan is given more days: its lender knows the third time what it is being told."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that the seat heard of, in which event and on which day."""

    event: int
    day: int


class PaperKnown:
    """Where the custom is not kept at a table nothing is taken in, and copies are the same thing."""

    __slots__ = ("asked", "bought", "counters", "extensions", "is_kept", "owing", "pledges")

    def __init__(self, is_kept: bool) -> None:
        """Knows nothing yet."""
        self.is_kept = is_kept
        self.pledges: dict[int, PledgeTerms] = {}  # by loan: of those that the seat is party to
        self.counters: dict[str, tuple[Countered, Heard]] = {}  # by who made it: the last one put to this seat
        self.extensions: dict[int, int] = {}  # by loan: how often it was given more days
        self.asked: dict[tuple[str, str], int] = {}  # act and whom it is about -> last day this seat put it to anyone
        self.owing: dict[tuple[str, str], Heard] = {}  # lender and debtor: the last that was let be seen of a debt
        self.bought: dict[tuple[str, str], int] = {}  # seat and good: units bought less sold, by the public tape

    def fork(self) -> "PaperKnown":
        """The same, to go its own way."""
        if not self.is_kept:
            return self
        twin = PaperKnown(True)
        twin.pledges, twin.counters = self.pledges.copy(), self.counters.copy()
        twin.extensions, twin.asked = self.extensions.copy(), self.asked.copy()
        twin.owing, twin.bought = self.owing.copy(), self.bought.copy()
        return twin

    def hear_of_debt(self, seen: Seen, lender: str, debtor: str) -> None:
        """A debt between two others was spoken of, or not paid, for everyone to hear."""
        if self.is_kept:
            self.owing[lender, debtor] = Heard(seen.number, seen.day)

    def see_trade(self, seats: tuple[str, ...], good: str, units: tuple[int, ...], sign: int) -> None:
        """Who bought (sign 1) or sold (-1) how much of a good in an auction."""
        if self.is_kept:
            for seat, quantity in zip(seats, units, strict=True):
                held = self.bought.get((seat, good), 0) + sign * quantity
                self.bought[seat, good] = held if held > 0 else 0

    def close(self, loan: int) -> None:
        """A loan of the seat's has come to its end, or is another's now."""
        self.pledges.pop(loan, None)
        self.extensions.pop(loan, None)
