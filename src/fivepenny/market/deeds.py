"""What a seat remembers of what others did to it, bounded however long the season.

Of each other the foremost kindness and injury is at hand, and the foremost not yet answered; of all together the
strongest and the latest. What is none of these is forgotten.
"""

from bisect import insort
from collections.abc import Iterator
from copy import copy

from fivepenny.clock import say_past
from fivepenny.values import value
from fivepenny.world import Memory

MOST_MEMORIES = 8
"""The strongest, and as many of the latest: no prompt has room for more (`company.players.MEMORIES`)."""
MOST_UNANSWERED = 60
"""Kindnesses, and likewise injuries, of one other that wait for an answer; beyond these the weakest are let go."""


@value()
class Deed:
    """What another did to this seat in an event: above 0 a kindness, below an injury. `since`: see `Bond`."""

    event: int
    day: int
    doer: str
    strength: int
    text: str
    since: str = ""


def _rank(deed: Deed) -> tuple[int, int]:
    """The stronger ranks higher; of equals the later."""
    return (abs(deed.strength), deed.event)


def say_when(deed: Deed, today: int) -> str:
    """When a deed was done, as an adverb; of one from before the first day, as the scenario has it."""
    return deed.since or say_past(deed.day, today)


def _in_words(deed: Deed, today: int) -> str:
    return f"You have not forgotten {deed.doer}: {deed.text}, {say_when(deed, today)}."


class Deeds:
    """The deeds that a seat remembers. Deeds are remembered in the order of their events."""

    __slots__ = ("_foremost", "_latest", "_memories", "_strongest", "_unanswered")

    def __init__(self) -> None:
        """None yet."""
        self._memories: tuple[int, tuple[Memory, ...]] | None = None  # the day, and what is remembered on it
        self._latest: list[Deed] = []
        self._strongest: list[Deed] = []  # the weakest first
        self._foremost: dict[tuple[str, bool], Deed] = {}
        self._unanswered: dict[tuple[str, bool], list[Deed]] = {}  # the weakest first

    def remember(self, deed: Deed) -> None:
        """Take in a deed; nobody has answered it yet."""
        self._memories = None
        self._latest.append(deed)
        del self._latest[:-MOST_MEMORIES]
        insort(self._strongest, deed, key=_rank)
        del self._strongest[:-MOST_MEMORIES]
        if not deed.strength:
            return
        kind = (deed.doer, deed.strength > 0)
        held = self._foremost.get(kind)
        if held is None or _rank(held) < _rank(deed):
            self._foremost[kind] = deed
        waiting = self._unanswered.setdefault(kind, [])
        insort(waiting, deed, key=_rank)
        del waiting[:-MOST_UNANSWERED]

    def answer(self, doer: str, event: int) -> None:
        """The deed of this event has been thanked for or paid back."""
        for kind in ((doer, True), (doer, False)):
            waiting = self._unanswered.get(kind, [])
            waiting[:] = [deed for deed in waiting if deed.event != event]

    def foremost(self, doer: str, *, kind: bool) -> Deed | None:
        """The strongest kindness, or injury, of another, answered or not; the latest among equals."""
        return self._foremost.get((doer, kind))

    def unanswered(self, doer: str, *, kind: bool) -> Deed | None:
        """The strongest kindness, or injury, of another that waits for an answer; the latest among equals."""
        waiting = self._unanswered.get((doer, kind))
        return waiting[-1] if waiting else None

    def __iter__(self) -> Iterator[Deed]:
        """The strongest and the latest of all, in the order of their events."""
        found = {deed.event: deed for deed in (*self._strongest, *self._latest)}
        return iter([found[event] for event in sorted(found)])

    def memories(self, today: int) -> tuple[Memory, ...]:
        """The same in words, as one remembers them today; worked out once a day and whenever there are more."""
        if self._memories is None or self._memories[0] != today:
            told = tuple([Memory(deed.event, deed.strength, _in_words(deed, today)) for deed in self])
            self._memories = (today, told)
        return self._memories[1]

    def fork(self) -> "Deeds":
        """The same memory, to go its own way."""
        twin = Deeds()
        twin._memories = self._memories
        twin._latest, twin._strongest = copy(self._latest), copy(self._strongest)
        twin._foremost = copy(self._foremost)
        twin._unanswered = {kind: copy(waiting) for kind, waiting in self._unanswered.items()}
        return twin
