"""The shortlist: of everything that a seat could do, the few options that matter most, ties by lot.

It knows acts and saliences, not what they stand for. Options are put to it one after another and worked out only if
they are kept, so that a table of fifty costs little more a seat than a table of five.
"""

from bisect import insort
from collections.abc import Callable
from random import Random
from typing import Any

from fivepenny.market.terms import Terms
from fivepenny.world import Option

Choice = tuple[Terms, Option]
"""An option of a menu, worked out, with the terms that its choice would bring about."""
Maker = Callable[..., Choice]
_Row = tuple[int, float, int, Maker, tuple[Any, ...]]  # salience below zero, lot, place, maker, what it is made from


class Shortlist:
    """Keeps up to `most_of_an_act` of each act: the most salient, ties by lot.

    Each option gets its lot as it is put, whether it is kept or not, so the order of putting is part of a season.
    """

    __slots__ = ("_draw", "_most", "_place", "_rows")

    def __init__(self, lot: Random, most_of_an_act: int) -> None:
        """An empty one, which draws from this lot."""
        self._draw = lot.random
        self._most = most_of_an_act
        self._place = 0
        self._rows: dict[str, list[_Row]] = {}

    def put(self, act: str, salience: int, make: Maker, *parts: Any) -> None:
        """Put an option; `make(*parts)` works it out, if it is kept, before anything else happens."""
        draw = self._draw()
        self._place += 1
        rows = self._rows.get(act)
        if rows is None:
            self._rows[act] = [(-salience, draw, self._place, make, parts)]
        elif len(rows) < self._most:
            insort(rows, (-salience, draw, self._place, make, parts))
        elif -salience <= rows[-1][0] and (-salience, draw) < rows[-1][:2]:
            rows.pop()
            insort(rows, (-salience, draw, self._place, make, parts))

    def foremost(self, most: int) -> list[tuple[Maker, tuple[Any, ...]]]:
        """The most salient of those kept, best first, each as its maker and what it is made from."""
        ranked = sorted([row for rows in self._rows.values() for row in rows])
        return [row[3:] for row in ranked[:most]]
