"""Five markets of the form of Gode and Sunder's, and the efficiency that they published for each.

Gode and Sunder (Journal of Political Economy 101, 1993) print their demand and supply as step charts (figures 1 to 5)
and no table of them. The steps here are a public reading of those charts, and stand or fall by what the text does say:
12 traders, half of them buyers; a price of 69 in market 2 and of 170 in market 4; 24 units in market 1 and 6 in
market 3; and the efficiency of traders without a budget constraint, which trade every unit that they can, so that it
follows from the steps alone: 90.0, 90.0, 76.7 and 48.8 in markets 1 to 4, where ours gives the same, and 86.0 in
market 5, where ours gives 86.7. Market 5 is a fine staircase and only roughly read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fivepenny.market.efficiency import Trader, equilibrium, possible_surplus_pence, split_worths

TRADERS_A_SIDE = 6


@dataclass(frozen=True, slots=True)
class Schedule:
    """A market's traders, and the mean efficiency of ZI-C traders in it, in percent, as Gode and Sunder give it."""

    name: str
    traders: tuple[Trader, ...]
    published_percent: float

    @property
    def possible_pence(self) -> int:
        """The greatest total gain from trade in a period."""
        return possible_surplus_pence(*split_worths(self.traders))

    @property
    def price_pence(self) -> float:
        """The middle of the equilibrium prices."""
        found = equilibrium(*split_worths(self.traders))
        return (found.low_pence + found.high_pence) / 2


def _alike(values_pence: tuple[int, ...], costs_pence: tuple[int, ...]) -> tuple[Trader, ...]:
    """Buyers who all have these values, and as many sellers who all have these costs."""
    return (Trader(True, values_pence),) * TRADERS_A_SIDE + (Trader(False, costs_pence),) * TRADERS_A_SIDE


def _staircase() -> tuple[Trader, ...]:
    """18 units a side that gain, in even steps, dealt in turn to half of the traders; the others' lie just beyond."""
    values = [round(159 - 28 * step / 17) for step in range(18)]
    costs = [round(96 + 28 * step / 17) for step in range(18)]
    return (*_half(True, values, 127), *_half(False, costs, 131))


def _half(buys: bool, worths_pence: Sequence[int], beyond_pence: int) -> list[Trader]:
    within = [Trader(buys, tuple(worths_pence[place::3])) for place in range(3)]
    return within + [Trader(buys, (beyond_pence,) * 7)] * 3


SCHEDULES = (
    Schedule("1", _alike((102, 97, 92, 87, 82, 77), (34, 46, 58, 70, 82, 94)), 99.9),
    Schedule("2", _alike((117, 105, 93, 81, 69, 57), (49, 54, 59, 64, 69, 74)), 99.2),
    Schedule("3", _alike((133, 95, 90), (90, 95, 100)), 99.0),
    Schedule("4", _alike((180, 175, 170, 165, 160), (90, 142, 170, 190, 198)), 98.2),
    Schedule("5", _staircase(), 97.1),
)
