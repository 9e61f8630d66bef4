"""A world that is not about money: three neighbours, one well, and who waters whose beds.

The stage plays it as it plays the market, because it knows a world only by `seats`, `day`, `menus`, `observe`,
`apply` and `digest`. Bring your own world in the same way: bodies for what happens, knowledge that learns from seen
events alone, menus from knowledge, one place where moves take effect.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from fivepenny.clock import Beat
from fivepenny.events import EVERYONE, Body, Event, EventLog, Seen
from fivepenny.rng import stream
from fivepenny.world import Fact, Menu, Move, Observation, Option

PAILS_A_DAY = 4
DRY, LUSH = 0, 9
REST = "sit down"


@dataclass(frozen=True, slots=True)
class Watered(Body):
    """Somebody carried a pail to a bed. Everyone at the well sees it."""

    kind: ClassVar[str] = "watered"
    by: str
    bed: str


@dataclass(frozen=True, slots=True)
class WellEmpty(Body):
    """Somebody came too late; only they know."""

    kind: ClassVar[str] = "well_empty"
    by: str


@dataclass(frozen=True, slots=True)
class Measured(Body):
    """How moist a bed is at night, which its owner alone can feel."""

    kind: ClassVar[str] = "measured"
    bed: str
    moisture: int


@dataclass(frozen=True, slots=True)
class Thanked(Body):
    """A word over the fence."""

    kind: ClassVar[str] = "thanked"
    by: str
    to: str
    deed: int


@dataclass(slots=True)
class Neighbour:
    """What one seat knows, learned from the events that it has seen."""

    seat: str
    moisture: int = 5
    kindnesses: dict[str, int] = field(default_factory=dict)  # neighbour -> event of the last pail not yet thanked

    def learn(self, seen: Seen) -> None:
        """Take in one event."""
        match seen.body:
            case Measured(bed, moisture) if bed == self.seat:
                self.moisture = moisture
            case Watered(by, bed) if bed == self.seat and by != self.seat:
                self.kindnesses[by] = seen.number
            case Thanked(by, to, _) if by == self.seat:
                self.kindnesses.pop(to, None)


class Garden:
    """The world. A bed loses two steps of moisture a day and gains two with each pail."""

    def __init__(self, seed: int, seats: tuple[str, ...]) -> None:
        self._seed, self._seats = seed, seats
        self._log = EventLog()
        self._moisture = dict.fromkeys(seats, 5)
        self._known = {seat: Neighbour(seat) for seat in seats}

    @property
    def seats(self) -> tuple[str, ...]:
        return self._seats

    @property
    def day(self) -> int:
        return self._log.day

    def _emit(self, audience: tuple[str, ...], body: Body) -> None:
        event = self._log.add(audience, body)
        for seat, known in self._known.items():
            seen = event.seen_by(seat)
            if seen is not None:
                known.learn(seen)

    def observe(self, seat: str, beat: Beat) -> Observation:
        moisture = self._known[seat].moisture
        fact = Fact("moist", moisture, f"Your bed is {'dry' if moisture < 4 else 'moist'}.")
        return Observation(seat, self.day, beat, (fact,))

    def menus(self, beat: Beat) -> Mapping[str, Menu]:
        make = {Beat.ADDRESS: self._words, Beat.MARKET: self._work}.get(beat)
        if make is None:
            return {}
        menus: dict[str, Menu] = {}
        for seat in self._seats:
            options = [*make(self._known[seat]), Option(phrase=REST, act="rest", text="sit down")]
            stream(self._seed, "menu", self.day, beat, seat).shuffle(options)
            if len(options) > 1:
                menus[seat] = Menu(seat, tuple(options), REST, 1)
        return menus

    def _words(self, known: Neighbour) -> list[Option]:
        fact = Fact("deed", 7, "a pail carried to your bed")
        return [
            Option(phrase=f"thank {other}", act="thank", facts=(fact,), text=f"thank {other}", to=other, weight=5)
            for other in known.kindnesses
        ]

    def _work(self, known: Neighbour) -> list[Option]:
        options: list[Option] = []
        for bed in self._seats:
            own = bed == known.seat
            need = Fact("need", LUSH - known.moisture if own else 6, "how dry the bed is, as far as you know", bed)
            options.append(Option(phrase=f"water {bed}", act="water", facts=(need,), text=f"water {bed}", to=bed))
        return options

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        self._log.beat = beat
        pails = PAILS_A_DAY
        for seat, move in moves.items():
            verb, _, target = move.phrases[0].partition(" ")
            if verb == "thank":
                self._emit(EVERYONE, Thanked(seat, target, self._known[seat].kindnesses[target]))
            elif verb == "water" and pails:
                pails -= 1
                self._moisture[target] = min(LUSH, self._moisture[target] + 2)
                self._emit(EVERYONE, Watered(seat, target))
            elif verb == "water":
                self._emit((seat,), WellEmpty(seat))
        if beat is Beat.DUSK:
            for bed, moisture in self._moisture.items():
                self._moisture[bed] = max(DRY, moisture - 2)
                self._emit((bed,), Measured(bed, self._moisture[bed]))
        if beat is Beat.REMARK:
            self._log.day += 1
        return self._log.take()

    def digest(self) -> str:
        return hashlib.sha256(repr(sorted(self._moisture.items())).encode()).hexdigest()
