"""What one seat knows of pacts: those that bind it, who sells what, and how others have spoken to each other.

It is fed by lessons alone (`fivepenny.market.pacts_learning`, and two lessons of the table) and bounded by the table:
a row a pair of seats, a row a good and seat. It knows no pact to which its seat is not party.
"""

from copy import copy
from dataclasses import dataclass, field

from fivepenny.market.pacts_standing import Pact

MOST_REGARD = 9
REGARDS = {"thank": 1, "answer": 1, "needle": -2, "turn": -1, "collect": -2, "press": -1}
"""What others take from words said across the table: how much one loves the other."""


@dataclass(slots=True)
class PactsKnown:
    """The pacts that a seat is party to, and what it has seen that bears on pacts to come."""

    standing: dict[int, Pact] = field(default_factory=dict)
    asked_days: dict[str, int] = field(default_factory=dict)  # seat -> last day a pact was put to it or by it
    put_days: dict[str, int] = field(default_factory=dict)  # what a pact is about -> last day this seat proposed one
    _events: dict[int, int] = field(default_factory=dict)  # pact -> the event in which this seat was bound
    _over: tuple[int, int, int] = (0, 0, 0)  # the pact that was over last, its event, the day it was signed
    _sold_days: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # good and seat -> last day it was seen to sell
    _regards: dict[tuple[str, str], int] = field(default_factory=dict)

    def ask(self, other: str, about: str, day: int, *, by_me: bool) -> None:
        """A pact about something was put to another, or by another."""
        self.asked_days[other] = day
        if by_me:
            self.put_days[about] = day

    def bind(self, pact: Pact, event: int) -> None:
        """The seat is party to a pact, or a third has joined one of its own."""
        self.standing[pact.number] = pact
        self._events.setdefault(pact.number, event)

    def release(self, number: int) -> None:
        """A pact is over."""
        pact = self.standing.pop(number, None)
        if pact is not None:
            self._over = (number, self._events.pop(number), pact.signed_day)

    def signed(self, number: int) -> tuple[int, int] | None:
        """The event in which the pact that was over last was signed, and the day; None of any other pact."""
        over, event, day = self._over
        return (event, day) if over == number else None

    def see_sales(self, good: str, seats: tuple[str, ...], day: int) -> None:
        """These sold some of a good."""
        for seat in seats:
            self._sold_days[good, seat] = day

    def sold_since(self, good: str, seat: str, day: int) -> bool:
        """Whether a seat was seen to sell a good on this day or later."""
        last_day = self._sold_days.get((good, seat))
        return last_day is not None and last_day >= day

    def see_word(self, act: str, speaker: str, hearer: str) -> None:
        """Something was said across the table."""
        change = REGARDS.get(act, 0)
        if change:
            regard = self._regards.get((speaker, hearer), 0) + change
            self._regards[speaker, hearer] = max(-MOST_REGARD, min(MOST_REGARD, regard))

    def regard(self, seat: str, third: str) -> int:
        """How much one seems to love another, from what was said across the table."""
        return self._regards.get((seat, third), 0)

    def about(self, about: str) -> Pact | None:
        """The pact that binds the seat about a good or a third: there is one at most."""
        for pact in self.standing.values():
            if pact.about == about:
                return pact
        return None

    def fork(self) -> "PactsKnown":
        """The same, to go its own way."""
        twin = copy(self)
        twin.standing, twin.asked_days = self.standing.copy(), self.asked_days.copy()
        twin.put_days = self.put_days.copy()
        twin._events, twin._sold_days, twin._regards = self._events.copy(), self._sold_days.copy(), self._regards.copy()
        return twin
