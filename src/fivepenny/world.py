"""The protocol between a world and the stage, and the values that pass between them.

The stage, the company and the policies know a world only through this module. A world holds the truth; an
`Observation` and a `Menu` hold what one seat may know, and nothing here leads from them back to the world.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

from fivepenny.clock import Beat
from fivepenny.events import Event
from fivepenny.values import value

TOP_LEVEL = 9
"""Facts and grades are levels from 0 to this."""
MIDDLE_LEVEL = 4
"""The level of a fact that speaks neither for a move nor against it."""


def in_words(level: int, words: Sequence[str]) -> str:
    """The words for a level, of several from the least to the most, each for about as many levels as the others."""
    return words[level * len(words) // (TOP_LEVEL + 1)]


@value()
class Fact:
    """Something that bears on a choice, once as a level and once in words.

    `key` names it, `about` is the person or thing it is about (or empty), `level` is 0 to 9, `text` is the
    English sentence or phrase with its figures.
    """

    key: str
    level: int
    text: str
    about: str = ""


@value()
class Past:
    """The value of a slot of the past, with the number of the event that it is bound to."""

    text: str
    event: int


@value()
class Option:
    """One legal move.

    `phrase` is its name on the menu; `act`, `to` and `good` its parts; `facts` what bears on it; `text` its
    terms in English. `slots` are the values of the move's slots, `past` those of the past. `tone` is how the
    seat feels towards `to` (warm, even, cold), `manner` what it puts on (plain, warm, flattering, evasive, menacing;
    empty where the world knows no manners). `weight` is how much there is to say about it, 0 to 9.
    `excludes` names phrases that cannot be chosen with it.
    """

    phrase: str
    act: str
    facts: tuple[Fact, ...] = ()
    text: str = ""
    to: str = ""
    good: str = ""
    tone: str = "even"
    manner: str = ""
    weight: int = 0
    slots: Mapping[str, str] = field(default_factory=dict)
    past: Mapping[str, Past] = field(default_factory=dict)
    excludes: frozenset[str] = frozenset()

    def in_manner(self, manner: str, text: str) -> "Option":
        """The same move in this manner, with terms that tell it (as `replace` makes it, in a third of the time)."""
        return Option(
            phrase=self.phrase,
            act=self.act,
            facts=self.facts,
            text=text,
            to=self.to,
            good=self.good,
            tone=self.tone,
            manner=manner,
            weight=self.weight,
            slots=self.slots,
            past=self.past,
            excludes=self.excludes,
        )


@value()
class Menu:
    """What a seat may do in a beat: options in shuffled order, of which up to `max_moves` may be chosen.

    `rest` is the phrase that chooses nothing; it stands on every menu.
    """

    seat: str
    options: tuple[Option, ...]
    rest: str
    max_moves: int

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases in menu order."""
        return tuple([option.phrase for option in self.options])

    def option(self, phrase: str) -> Option:
        """The option of this phrase. Raises KeyError where it does not stand on the menu."""
        for option in self.options:
            if option.phrase == phrase:
                return option
        raise KeyError(phrase)


@value()
class Memory:
    """One thing that a seat remembers: its event, how strongly (signed: kindness above 0, injury below), in words."""

    event: int
    strength: int
    text: str


@value()
class Observation:
    """What one seat may know as it decides: made from events whose audience holds it, and from nothing else.

    `standing` is its own condition, `memories` all that it remembers (the company keeps what fits), `heard`
    what was just said to it.
    """

    seat: str
    day: int
    beat: Beat
    standing: tuple[Fact, ...]
    memories: tuple[Memory, ...] = ()
    heard: tuple[str, ...] = ()


@value()
class Line:
    """A line as it is spoken: slots filled; `cites` are the events that its slots of the past are bound to."""

    text: str
    template: str
    cites: tuple[int, ...] = ()


@value()
class Move:
    """What a seat chose: phrases of its menu, best first, and what it said with the first of them."""

    phrases: tuple[str, ...]
    line: Line | None = None
    aside: str | None = None


class World(Protocol):
    """A world that the stage can play."""

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats, in the order of the scenario."""
        ...

    def menus(self, beat: Beat) -> Mapping[str, Menu]:
        """The menus of the seats that are asked in this beat (none: the beat passes without asking)."""
        ...

    def observe(self, seat: str, beat: Beat) -> Observation:
        """What this seat may know now."""
        ...

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        """Play the beat with these moves of the seats that were asked; what happened, in order.

        Applying the last beat of a day begins the next. A move that is no longer possible is refused by a
        named event; it never raises.
        """
        ...

    def digest(self) -> str:
        """A digest of the whole state, for checks that two worlds are in the same state."""
        ...
