"""What a seat knows of words: who was right with it, what was promised, threatened, and to whom it put what.

A part of `fivepenny.market.knowledge.Knowledge`, fed by the lessons of `fivepenny.market.words_learning`. Bounded: by
seats, goods, and what stands at the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from fivepenny.claims import Promise, PromiseKind
from fivepenny.market.credence import Record
from fivepenny.words import Threatened

USUAL_FEAR = 3
MOST_FEAR = 9
FEAR_STEP = 3  # what a threat carried out adds, and one that was not takes
SEEN_DAYS = 3  # days for which a seat minds who bought and sold what


THREAT_DAYS = 1  # after this many, a threat is over one way or another
AGAIN_DAYS = 6  # before the same sort of thing is put to the same seat again
SPURNED_DAYS = 20  # before who has spurned a bribe is offered another
SPURNED = "spurned"


class Standing(NamedTuple):
    """A threat that is not over, and the day on which it was made."""

    day: int
    threat: Threatened


class Trades(NamedTuple):
    """Who bought and sold a good on a day."""

    day: int
    buyers: tuple[str, ...]
    sellers: tuple[str, ...]


@dataclass(slots=True)
class WordsKnown:
    """All that one seat knows of words: at first nothing has been said."""

    promises: dict[int, Promise] = field(default_factory=dict)
    """Given by this seat or to it, by number."""
    threats: dict[int, Standing] = field(default_factory=dict)
    """Made by this seat or to it, and not over."""
    _record: dict[str, Record] = field(default_factory=dict)
    _tellers: dict[int, tuple[str, ...]] = field(default_factory=dict)  # claim -> who told it to this seat
    _fear: dict[str, int] = field(default_factory=dict)
    _trades: dict[str, tuple[Trades, ...]] = field(default_factory=dict)
    _asked: dict[tuple[str, str], int] = field(default_factory=dict)

    def fork(self) -> "WordsKnown":
        """The same, to go its own way."""
        twin = WordsKnown()
        twin.promises, twin.threats = self.promises.copy(), self.threats.copy()
        twin._record, twin._tellers, twin._fear = self._record.copy(), self._tellers.copy(), self._fear.copy()
        twin._trades, twin._asked = self._trades.copy(), self._asked.copy()
        return twin

    # --- who was right ---

    def record(self, other: str) -> Record:
        """How often another was right with this seat."""
        return self._record.get(other, Record())

    def hear(self, claim: int, teller: str) -> None:
        """A claim was told by another."""
        tellers = self._tellers.get(claim, ())
        if teller not in tellers:
            self._tellers[claim] = (*tellers, teller)

    def settle(self, claim: int, *, right: bool) -> None:
        """A claim is settled: all who told it to this seat were right or wrong."""
        self.check(self._tellers.pop(claim, ()), right=right)

    def check(self, others: Iterable[str], *, right: bool) -> None:
        """What these others said has been found right or wrong."""
        for other in others:
            self._record[other] = self.record(other).with_another(right=right)

    # --- who is feared ---

    def fear(self, other: str) -> int:
        """How far another is believed to do what it threatens, as a level."""
        return self._fear.get(other, USUAL_FEAR)

    def learn_of_threat(self, threat: int, by: str, *, carried_out: bool) -> None:
        """A threat is over: its maker is feared more, or less."""
        self.threats.pop(threat, None)
        step = FEAR_STEP if carried_out else -FEAR_STEP
        self._fear[by] = max(0, min(MOST_FEAR, self.fear(by) + step))

    def stand(self, threat: Threatened, day: int) -> None:
        """A threat is made; those of which nothing can come any more are forgotten."""
        self.threats = {number: item for number, item in self.threats.items() if day - item.day <= THREAT_DAYS}
        self.threats[threat.threat] = Standing(day, threat)

    def unanswered(self, seat: str, today: int) -> list[Threatened]:
        """The threats of a seat that can be carried out today: those of yesterday that were not given way to."""
        return [item.threat for item in self.threats.values() if item.threat.by == seat and item.day == today - 1]

    # --- what was put to whom ---

    def ask(self, what: str, other: str, day: int) -> None:
        """This seat put something of this sort to another."""
        self._asked[what, other] = day

    def may_ask(self, what: str, other: str, today: int) -> bool:
        """Whether it has been long enough since the last time."""
        return today - self._asked.get((what, other), -AGAIN_DAYS) >= AGAIN_DAYS

    def may_be_had(self, other: str, today: int) -> bool:
        """Whether another may take money of this seat, as far as it knows: one that lately would not, will not."""
        return today - self._asked.get((SPURNED, other), -SPURNED_DAYS) >= SPURNED_DAYS

    # --- who trades what ---

    def see_trade(self, good: str, day: int, buyers: tuple[str, ...], sellers: tuple[str, ...]) -> None:
        """A good was cleared."""
        self._trades[good] = (*self._trades.get(good, ())[1 - SEEN_DAYS :], Trades(day, buyers, sellers))

    def bought(self, other: str, good: str, today: int) -> bool:
        """Whether another was seen buying a good in the last days."""
        return any(other in trades.buyers for trades in self._lately(good, today))

    def sold(self, other: str, good: str, today: int) -> bool:
        """Whether another was seen selling it."""
        return any(other in trades.sellers for trades in self._lately(good, today))

    def _lately(self, good: str, today: int) -> list[Trades]:
        return [trades for trades in self._trades.get(good, ()) if trades.day >= today - SEEN_DAYS]

    # --- what binds ---

    def bind(self, promise: Promise, day: int) -> None:
        """A promise is given; those that bind nobody any more are forgotten."""
        self.promises = {number: item for number, item in self.promises.items() if item.by_day >= day - 1}
        self.promises[promise.number] = promise

    def given(self, seat: str, today: int) -> list[Promise]:
        """The promises that bind this seat, the first given first."""
        return [item for item in self.promises.values() if item.by == seat and item.by_day >= today]

    def binding(self, seat: str, good: str, today: int, *kinds: PromiseKind) -> Promise | None:
        """The first promise of these kinds about a good that binds a seat, as far as is known here."""
        for item in self.promises.values():
            if (item.by, item.good) == (seat, good) and item.kind in kinds and item.by_day >= today:
                return item
        return None
