"""The understudies: players without weights, each of one temperament, each with a voice.

They are baseline, teacher, fast player and stand-in. They see what a mind sees, an observation and a menu, and
nothing more.
"""

from collections.abc import Collection
from random import Random

from fivepenny.policies.grammar import Voice, load_voice
from fivepenny.policies.leanings import Leaning, Temperament
from fivepenny.policies.temperaments import TEMPERAMENT_NAMES, TEMPERAMENTS
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Menu, Observation, Option

_UNKNOWN_ACT = Leaning(MIDDLE_LEVEL)


def grade_option(temperament: Temperament, observation: Observation, option: Option) -> int:
    """The grade 0 to 9 of one option (formula: `fivepenny.policies.temperaments`)."""
    leaning = temperament.get(option.act, _UNKNOWN_ACT)
    weights, total = leaning.weights, 0
    for facts in (observation.standing, option.facts) if weights else ():
        for fact in facts:
            if fact.key in weights:
                total += weights[fact.key] * (fact.level - MIDDLE_LEVEL)
    return max(0, min(TOP_LEVEL, leaning.base + (total + 2) // 4))


class Understudy:
    """A rule policy of one temperament."""

    grades_by_lot = False

    def __init__(self, name: str, temperament: Temperament, voice: Voice) -> None:
        """`name` is the temperament's."""
        self.name = name
        self._temperament = temperament
        self._voice = voice

    def grade(self, observation: Observation, menu: Menu, lot: Random) -> tuple[int, ...]:
        """A grade for each option in menu order. Draws nothing from the lot."""
        del lot
        return tuple([grade_option(self._temperament, observation, option) for option in menu.options])

    def speak(self, option: Option, said: Collection[str], lot: Random) -> str | None:
        """A slotted line for a chosen option that has not been said this season, or None."""
        return self._voice.pick(option, said, lot)


def load_understudy(name: str) -> Understudy:
    """The understudy of this temperament. Raises KeyError."""
    return Understudy(name, TEMPERAMENTS[name], load_voice(name))


def temperament_for(seat: str, place: int) -> str:
    """Which temperament plays a seat by default: its namesake's, else by its place at the table."""
    return seat if seat in TEMPERAMENTS else TEMPERAMENT_NAMES[place % len(TEMPERAMENT_NAMES)]
