"""The audit of the houses: each used up, ate and sent out for what the scenario's calendar and diet ask of it.

Takes balances as the audit of the books makes them, and the market's rule for a day at table. Never sees a `Book`.
"""

from collections.abc import Callable, Iterator, Mapping

from fivepenny import happenings as hap
from fivepenny.events import Body, Event
from fivepenny.market.dawn import HARD_PRICE_PERCENT, USUAL_PERCENT
from fivepenny.market.larder import lay_table, need_on
from fivepenny.market.orders import PENCE
from fivepenny.scenario import Scenario, Seat

Held = Callable[[str, str], int]
"""How much a seat holds of an asset."""


class LarderAudit:
    """What every house has to use up today, and how much of it has been seen."""

    def __init__(self, scenario: Scenario) -> None:
        """Begins before the first day."""
        self._scenario = scenario
        self._served: set[str] = set()
        self._due: list[Body] = []

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event, with what seats hold right before it."""
        match event.body:
            case hap.DayOpened():
                self._served.clear()
                self._due = list(self._turns(event.day))
            case hap.NeedTurned() as body:
                yield from self._check(body)
            case hap.Consumed(seat=seat) | hap.Wanted(seat=seat) as body:
                if seat not in self._served and seat in self._scenario.seat_names:
                    yield from self._left()
                    self._served.add(seat)
                    self._due = self._house(self._scenario.seat(seat), event.day, held, last_pence)
                yield from self._check(body)
            case hap.DayClosed():
                yield from self._left()
                for house in self._scenario.seats:
                    if house.name not in self._served and self._asks(house, event.day):
                        yield f"{house.name}'s house used up nothing on day {event.day}"
            case hap.SeasonOpened() | hap.Endowed() | hap.BillHeld() | hap.Owes() | hap.Remembered():
                pass  # the opening stands between the first day's heading and its turns
            case _:
                yield from self._left()

    def _check(self, body: Body) -> Iterator[str]:
        if self._due and self._due[0] == body:
            self._due.pop(0)
            return
        expected = f"{self._due[0]} would be" if self._due else "nothing more is"
        self._due.clear()
        yield f"by the calendar, the diet and what there is, {expected} due"

    def _left(self) -> Iterator[str]:
        if self._due:
            yield f"{self._due[0]} was due before it"
        self._due.clear()

    def _turns(self, day: int) -> Iterator[Body]:
        for turn in self._scenario.calendar:
            if turn.from_day == day:
                past = {item.from_day: item.need_percent for item in self._scenario.calendar if item.good == turn.good}
                before = max((earlier for earlier in past if earlier < day), default=None)
                yield hap.NeedTurned(turn.good, USUAL_PERCENT if before is None else past[before], turn.need_percent)

    def _asks(self, seat: Seat, day: int) -> bool:
        return bool(seat.eats) or any(need_on(self._scenario, seat, good, day) for good in seat.needs)

    def _house(self, seat: Seat, day: int, held: Held, last_pence: Mapping[str, int]) -> list[Body]:
        """What a house has to use up and send out for, in order."""
        purse_pence = held(seat.name, PENCE)
        due: list[Body] = []

        def use(good: str, used: int, short: int) -> None:
            nonlocal purse_pence
            if used:
                due.append(hap.Consumed(seat.name, good, used))
            if short:
                each_pence = last_pence[good] * HARD_PRICE_PERCENT // 100
                bought = min(short, purse_pence // each_pence)
                purse_pence -= bought * each_pence
                due.append(hap.Wanted(seat.name, good, bought, bought * each_pence, short - bought))

        for good in seat.needs:
            need = need_on(self._scenario, seat, good, day)
            used = min(need, held(seat.name, good))
            use(good, used, need - used)
        if self._scenario.diet and seat.eats:
            stock = {food: held(seat.name, food) for food in self._scenario.diet.foods}
            meal = lay_table(self._scenario.diet, seat.eats, stock, last_pence)
            for food, units in meal.eaten.items():
                use(food, units, 0)
            for food, units in meal.missing.items():
                use(food, 0, units)
        return due
