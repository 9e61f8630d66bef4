"""The null players: zero intelligence on the same menus. What chance alone would do."""

from collections.abc import Collection
from random import Random

from fivepenny.world import TOP_LEVEL, Menu, Observation, Option


class NullPlayer:
    """Grades every option by lot and never speaks."""

    name = "null"
    grades_by_lot = True

    def grade(self, observation: Observation, menu: Menu, lot: Random) -> tuple[int, ...]:
        """A grade for each option, each as likely as any other."""
        del observation
        return tuple(lot.randint(0, TOP_LEVEL) for _ in menu.options)

    def speak(self, option: Option, said: Collection[str], lot: Random) -> str | None:
        """Nothing."""
        del option, said, lot
        return None
