"""How people, goods, counts and sums are called in what is read.

Knows a scenario's names and nothing of what happened. Every answer is a `Word`: a text with its grammatical
number, so that a sentence can agree with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fivepenny.aims import PATRON
from fivepenny.clock import say_coming, say_count
from fivepenny.money import format_pence
from fivepenny.scenario import Scenario

OUTSIDE = "outside"
THE_TOWN = "the town"
THE_PATRON = "the Patron"
_MORE = {
    125: "a quarter more than",
    150: "half as much again as",
    175: "three quarters as much again as",
    225: "two and a quarter times",
    250: "two and a half times",
    300: "three times",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A text, and whether a verb after it stands in the plural."""

    text: str
    many: bool = False


def join_words(parts: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def money(amount_pence: int) -> Word:
    """A sum, as `fivepenny.money.format_pence` writes it."""
    return Word(format_pence(amount_pence))


def worth(amount_pence: int) -> Word:
    """What somebody is worth; below zero it is said in words."""
    text = format_pence(abs(amount_pence))
    return Word(f"{text} less than nothing" if amount_pence < 0 else text)


def portion(percent: int) -> Word:
    """A part of what is usual, given in percent, as one says it: 'a quarter of', 'more than twice'."""
    if percent > 100:
        return Word("twice" if percent == 200 else "more than twice" if percent > 200 else "more than")
    exact = {25: "a quarter of", 50: "half of", 75: "three quarters of", 0: "none of"}.get(percent)
    return Word(
        exact or ("less than a quarter of" if percent < 25 else "less than half of" if percent < 50 else "less than")
    )


def say_day(day: int, today: int) -> Word:
    """A day to come as an adverb: 'tonight', 'Friday', 'on the 24th day'."""
    words = say_coming(day, today)
    return Word(f"on {words}" if words.startswith("the ") else words)


def need(percent: int) -> Word:
    """A need in percent of the usual one: as `portion`, and finer where there is more of it."""
    return Word(_MORE[percent]) if percent in _MORE else portion(percent)


def count(number: int) -> Word:
    """A count in words up to twelve."""
    return Word(say_count(number), number != 1)


class Names:
    """The names of one scenario. A name that it does not hold is given back as it is."""

    def __init__(self, scenario: Scenario) -> None:
        """Keeps what goods and seats are called."""
        self._goods = {good.name: good for good in scenario.goods}
        self._wants = {seat.name: seat.wants for seat in scenario.seats}
        self.order = scenario.seat_names
        self.foods = frozenset(scenario.diet.foods if scenario.diet else ())
        self.kinds = scenario.diet.kinds if scenario.diet else 0

    def person(self, seat: str) -> Word:
        """What a seat is called at the table; the outside world is the town, and the Patron has no name."""
        return Word({OUTSIDE: THE_TOWN, PATRON: THE_PATRON}.get(seat) or seat.capitalize())

    def wants(self, seat: str) -> Word:
        """What a seat wants, in the scenario's words."""
        return Word(self._wants.get(seat, ""))

    def people(self, seats: Sequence[str]) -> Word:
        """Several seats, in the order given."""
        return Word(join_words([self.person(seat).text for seat in seats]), len(seats) > 1)

    def mentioned(self, text: str) -> frozenset[str]:
        """The people and goods of the scenario that a text names."""
        called = [self.person(seat).text for seat in self.order] + [good.say for good in self._goods.values()]
        return frozenset(name for name in called if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE))

    def cue(self, seat: str) -> str:
        """A seat over its lines in a screenplay."""
        return seat.upper()

    def good(self, name: str) -> Word:
        """What a good is called."""
        return Word(self._goods[name].say if name in self._goods else name)

    def amount(self, name: str, quantity: int) -> Word:
        """'four sacks', 'one share'."""
        good = self._goods.get(name)
        unit = name if good is None else good.unit if quantity == 1 else good.units
        return Word(f"{say_count(quantity)} {unit}", quantity != 1)

    def amount_of(self, name: str, quantity: int) -> Word:
        """'four sacks of rye', 'one share of South Sea'."""
        return Word(f"{self.amount(name, quantity).text} of {self.good(name).text}", quantity != 1)

    def shares(self, seats: Sequence[str], quantities: Sequence[int]) -> Word:
        """'Tansy three and Quill one'; of the outside world last."""
        pairs = sorted(zip(seats, quantities, strict=True), key=lambda pair: (pair[0] == OUTSIDE, -pair[1], pair[0]))
        return Word(join_words([f"{self.person(seat).text} {say_count(number)}" for seat, number in pairs]), True)
