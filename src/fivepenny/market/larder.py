"""What a house uses up: its needs by the scenario's calendar, and its table by the scenario's diet.

All of it follows from the scenario, which everyone at the table knows, and from stocks and prices that are given.
Knows no book and nothing of who owns what.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fivepenny.scenario import Diet, Scenario, Seat, Turn


def turn_on(scenario: Scenario, good: str, day: int) -> Turn | None:
    """The turn of the calendar that a good's need follows on a day; None where the need is the usual one."""
    past = [turn for turn in scenario.calendar if turn.good == good and turn.from_day <= day]
    return max(past, key=lambda turn: turn.from_day, default=None)


def need_on(scenario: Scenario, seat: Seat, good: str, day: int) -> int:
    """Units of a good that a house needs on a day, its craft's not counted.

    Parts of a unit are carried from day to day from the turn on: of one and a half units a day, one on the first
    day and two on the next.
    """
    usual = seat.needs.get(good, 0)
    turn = turn_on(scenario, good, day) if usual else None
    if turn is None:
        return usual
    hundredths = usual * turn.need_percent
    gone = day - turn.from_day
    return hundredths * (gone + 1) // 100 - hundredths * gone // 100


@dataclass(frozen=True, slots=True)
class Meal:
    """A house's day at table: portions of each food eaten from its store, and those that have to be sent for."""

    eaten: Mapping[str, int]
    missing: Mapping[str, int]


def lay_table(diet: Diet, portions: int, stock: Mapping[str, int], last_pence: Mapping[str, int]) -> Meal:
    """What a house with this stock eats, and what it has to send for.

    It eats first one portion of each of as many kinds as the diet asks for, then the rest, every time of the food
    that it has most of. Each kind that it cannot put on the table it sends for, a portion of the cheapest food that
    it has none of; portions that are lacking besides are sent for of the cheapest food of all. Equals go by the
    diet's order.
    """
    left = {food: stock[food] for food in diet.foods}
    cheapest = sorted(diet.foods, key=lambda food: last_pence[food])
    absent = [food for food in cheapest if not left[food]]
    sent_for = absent[: max(0, diet.kinds - (len(diet.foods) - len(absent)))]
    eaten: dict[str, int] = {}
    while sum(eaten.values()) < portions - len(sent_for) and any(left.values()):
        fresh = [food for food in diet.foods if left[food] and food not in eaten]
        choice = fresh if fresh and len(eaten) < diet.kinds else diet.foods
        food = max(choice, key=lambda food: left[food])
        left[food] -= 1
        eaten[food] = eaten.get(food, 0) + 1
    missing = dict.fromkeys(sent_for, 1)
    lacking = portions - len(sent_for) - sum(eaten.values())
    if lacking:
        missing[cheapest[0]] = missing.get(cheapest[0], 0) + lacking
    in_order = {food: missing[food] for food in diet.foods if food in missing}
    return Meal({food: eaten[food] for food in diet.foods if food in eaten}, in_order)


class Larder:
    """One house's look ahead: how much of its goods the days to come will take."""

    def __init__(self, scenario: Scenario, seat: str) -> None:
        """Knows the scenario's calendar and diet, and what this seat needs, eats and works."""
        self._scenario = scenario
        self._seat = own = scenario.seat(seat)
        worked = {own.craft.good: own.craft.up_to} if own.craft else {}
        self._usual = {good: own.needs.get(good, 0) + worked.get(good, 0) for good in scenario.good_names}
        self._worked = worked
        self._turning = {turn.good for turn in scenario.calendar if own.needs.get(turn.good)}
        self._foods = scenario.diet.foods if scenario.diet and own.eats else ()
        self._kinds = scenario.diet.kinds if scenario.diet else 0

    def takes(self, good: str, stock: Mapping[str, int], day: int, days: int) -> int:
        """Units of a good that the `days` days after `day` take.

        Of a food, what the table would lack in portions or in kinds if the house had none of it: so a second food is
        wanted as long as it is the second.
        """
        if good in self._foods:
            return self._worked.get(good, 0) * days + self._table(good, stock, days)
        if good not in self._turning:
            return self._usual[good] * days
        coming = range(day + 1, day + days + 1)
        return self._worked.get(good, 0) * days + sum(
            need_on(self._scenario, self._seat, good, later) for later in coming
        )

    def _table(self, good: str, stock: Mapping[str, int], days: int) -> int:
        others = [stock[food] for food in self._foods if food != good]
        # One food serves a day with one kind, whatever there is of it.
        kinds = self._kinds * days - sum(min(units, days) for units in others)
        return max(0, min(days, kinds), self._seat.eats * days - sum(others))
