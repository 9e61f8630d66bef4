"""Lies: which lines the log shows to be untrue. For the reader; the table does not know.

Works from the sealed notes of tips and from how claims were settled. It knows nothing of what a line says in
words, only of the claim that it was spoken with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fivepenny import happenings as hap
from fivepenny.claims import Truth
from fivepenny.drama.names import Names
from fivepenny.events import Event, Sealed

LIE_AT_MOST = 10  # believed no more than this in 100, a tip is a lie
TIP_ACTS = {"tip_up": 1, "tip_down": -1}
_OTHERWISE = re.compile(r"told otherwise than claim (\d+)")
_BELIEVES = re.compile(r"the teller believes it (\d+) in 100")


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reader is told of a line, and the event that shows it. `lie`: the teller knew."""

    text: str
    number: int
    lie: bool

    @property
    def short(self) -> str:
        """The least that has to be said."""
        return "a lie" if self.lie else "mistaken"


def credence_of(sealed: Sealed) -> int | None:
    """How far the teller of a tip believes it, 0 to 100; None where it is not written down."""
    found = _BELIEVES.search(sealed.note)
    return int(found.group(1)) if found else None


def told_otherwise(sealed: Sealed) -> int | None:
    """The number of the claim that a tip was told as another of; None where it was told as it was heard."""
    found = _OTHERWISE.search(sealed.note)
    return int(found.group(1)) if found else None


class Lies:
    """The untrue tips of a season, by the event of the tip and of the line spoken with it."""

    def __init__(self, names: Names, events: Sequence[Event]) -> None:
        """Reads a whole season, since what was said today may be settled next week."""
        self._tips: dict[int, Mark] = {}
        self._lines: dict[int, Mark] = {}
        fates: dict[int, Event] = {}
        for event in events:
            if isinstance(event.body, hap.Settled) and event.body.truth is Truth.FALSE:
                fates[event.body.claim.number] = event
        latest: dict[tuple[str, str, int], int] = {}
        moment = (0, "")
        for event in events:
            if moment != (event.day, event.beat):
                moment = (event.day, event.beat)
                latest.clear()
            body = event.body
            if isinstance(body, hap.Tipped):
                latest[body.teller, body.hearer, body.claim.kind.direction] = event.number
                mark = self._judge(names, event, body, fates.get(body.claim.number))
                if mark:
                    self._tips[event.number] = mark
            elif isinstance(body, hap.Said) and body.act in TIP_ACTS:
                tip = latest.get((body.speaker, body.hearer, TIP_ACTS[body.act]))
                if tip in self._tips:
                    self._lines[event.number] = self._tips[tip]

    def _judge(self, names: Names, event: Event, body: hap.Tipped, fate: Event | None) -> Mark | None:
        teller = names.person(body.teller).text
        credence = credence_of(event.sealed)
        if credence is not None and credence <= LIE_AT_MOST:
            return Mark(f"a lie: {teller} believes it {credence} in 100", event.number, lie=True)
        if fate is not None:
            return Mark(f"it does not come true, as day {fate.day} shows", fate.number, lie=False)
        return None

    def of_tip(self, number: int) -> Mark | None:
        """The mark of a tip, by its event's number."""
        return self._tips.get(number)

    def of_line(self, number: int) -> Mark | None:
        """The mark of a spoken line, by its event's number."""
        return self._lines.get(number)
