"""The court's judgement: whom the tape makes suspect, and how what has come out in a case weighs.

Works from the court's own knowledge alone (`fivepenny.market.court_roll`), by the law (`fivepenny.courts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fivepenny import courts
from fivepenny.claims import LEAST_MOVE_PARTS
from fivepenny.courts import Item, Oath, Offence
from fivepenny.market.bribery_weigh import weigh_bribe
from fivepenny.market.court_roll import CaseFile, Roll, use_on


def hoarded_units(roll: Roll, seat: str, good: str, since_day: int) -> int:
    """Units of a good that a seat bought from a day on, less what it sold and what its house and craft used."""
    dealt = roll.dealings(seat, good, since_day)
    days = range(since_day, roll.day + 1)
    used = sum(use_on(roll.scenario, roll.scenario.seat(seat), good, day) for day in days)
    return sum(item.bought - item.sold for item in dealt) - used


def engrossers(roll: Roll, since_day: int) -> list[tuple[str, str]]:
    """Good and seat where the tape shows a seat buying up a good: most of what was sold, and far beyond its own use."""
    found: list[tuple[str, str]] = []
    for good, units in roll.bought(since_day).items():
        if roll.scenario.good(good).share:
            continue
        least = max(courts.LEAST_HOARD * 100, sum(units.values()) * courts.MOST_SHARE_PERCENT)
        # A hoard is never more than was bought: only of who bought so much does its own use have to be worked out.
        suspects = [seat for seat in roll.scenario.seat_names if units.get(seat, 0) * 100 >= least]
        found += [(good, seat) for seat in suspects if hoarded_units(roll, seat, good, since_day) >= courts.LEAST_HOARD]
    return found


def may_be_tried(roll: Roll, seat: str, matter: str) -> bool:
    """Whether a case against a seat over a matter can be opened: it is here, not before the court, not lately tried."""
    busy = any(case.opened.accused == seat for case in roll.cases.values())
    last_day = roll.tried.get((seat, matter), -courts.REST_DAYS)
    here = seat not in roll.exiled and seat not in roll.sentenced
    return here and not busy and roll.day - last_day >= courts.REST_DAYS


@dataclass(frozen=True, slots=True)
class Weighing:
    """What counts in a case, each item with its points, and what the accused gained, by the tape."""

    items: tuple[Item, ...]
    points: tuple[int, ...]
    gain_pence: int

    @property
    def total(self) -> int:
        """The points in all."""
        return sum(self.points)


def weigh(roll: Roll, case: CaseFile) -> Weighing:
    """Weigh what has come out in a case."""
    found = _sworn(case)
    counts, gain_pence = _WEIGHINGS[case.opened.offence](roll, case)
    found |= counts
    found[Item.RECORD] = min(courts.MOST_COUNTED, roll.record.get(case.opened.accused, 0))
    kept = {item: count for item in Item if (count := found.get(item, 0))}
    points = tuple(count * courts.POINTS[item] for item, count in kept.items())
    return Weighing(tuple(kept), points, max(0, gain_pence))


def told_letters(case: CaseFile) -> list[courts.LetterRead]:
    """The letters read in a case in which the accused tells what the case is about."""
    opened = case.opened
    return [
        letter
        for letter in case.letters
        if letter.teller == opened.accused and courts.bears_on(opened.offence, opened.rises, letter.rises)
    ]


def _sworn(case: CaseFile) -> dict[Item, int]:
    """What letters and oaths amount to; who is named by a letter already adds nothing by an oath to the same."""
    opened = case.opened
    hearers = {letter.hearer for letter in told_letters(case)} - {opened.accuser}
    others = [witness for witness in case.witnesses if witness != opened.accused]
    told = [witness for witness in others if case.sworn(witness) is Oath.TOLD and witness not in hearers]
    denied = [witness for witness in others if case.sworn(witness) is Oath.NOT_TOLD]
    most = courts.MOST_COUNTED
    own = case.sworn(opened.accused)
    return {
        Item.ACCUSER: int(bool(opened.accuser) and opened.offence is Offence.FALSE_REPORT),
        Item.LETTERS: min(most, len(hearers)),
        Item.WITNESSES: min(most, len(told)),
        Item.DENIALS: min(most, len(denied)),
        Item.OATH: int(own in (Oath.HAD_IT, Oath.DENIES_IT)),
        Item.CONFESSED: int(own in (Oath.MADE_IT, Oath.OWNS_TO_IT)),
    }


def _weigh_tale(roll: Roll, case: CaseFile) -> tuple[dict[Item, int], int]:
    opened = case.opened
    sign, since_day = 1 if opened.rises else -1, opened.since_day
    dealt = roll.dealings(opened.accused, opened.good, since_day)
    against = sum((item.sold - item.bought) * sign for item in dealt)
    now_pence = roll.price_before(opened.good, roll.day + 1)
    gain_pence = sum((item.sold - item.bought) * (item.price_pence - now_pence) for item in dealt) if against > 0 else 0
    came = _came_true(roll, opened.good, sign, since_day)
    told_days = range(since_day - courts.TALE_DAYS, since_day + 1)
    earlier = [
        letter
        for letter in case.letters
        if letter.hearer == opened.accused and letter.rises == opened.rises and letter.told_day <= since_day
    ]
    counts = {
        Item.TRADED: int(against > 0),
        Item.TRUE: int(came is True),
        Item.FALSE: int(came is False),
        Item.HAD_IT: int(bool(earlier)),
        Item.PUBLIC: int(any((day, opened.good, opened.rises) in roll.news for day in told_days)),
    }
    return counts, gain_pence


def _came_true(roll: Roll, good: str, sign: int, told_day: int) -> bool | None:
    """Whether the price moved as the tale said within the days that such a tale has; None while they last."""
    then_pence, last_day = roll.price_before(good, told_day), told_day + courts.TALE_DAYS
    bodies: list[Any] = [seen.body for seen in roll.tape if told_day <= seen.day <= last_day]
    moves = [(body.price_pence - then_pence) * sign for body in bodies if body.good == good]
    if any(move * LEAST_MOVE_PARTS >= then_pence for move in moves):
        return True
    return False if roll.day >= last_day else None


def _weigh_hoard(roll: Roll, case: CaseFile) -> tuple[dict[Item, int], int]:
    opened = case.opened
    seat, good, since_day = opened.accused, opened.good, opened.since_day
    dealt = roll.dealings(seat, good, since_day)
    bought, sold = sum(item.bought for item in dealt), sum(item.sold for item in dealt)
    beyond = hoarded_units(roll, seat, good, since_day)
    now_pence, then_pence = roll.price_before(good, roll.day + 1), roll.price_before(good, since_day)
    shorts: list[Any] = [seen.body for seen in roll.shorts if seen.day >= since_day]
    counts = {
        Item.BOUGHT: int(bought * 100 >= roll.volume(good, since_day) * courts.MOST_SHARE_PERCENT),
        Item.KEPT: int(beyond > 0 and case.books_units * 100 >= beyond * courts.KEPT_PERCENT),
        Item.USED: int(case.books_units * 100 <= max(0, beyond) * courts.USED_PERCENT),
        Item.SOLD: int(sold > 0 and sold * 100 >= bought * courts.SOLD_PERCENT),
        Item.ROSE: int(now_pence * 100 >= then_pence * (100 + courts.RISE_PERCENT)),
        Item.SHORT: int(any(body.good == good and body.seat != seat for body in shorts)),
    }
    return counts, sum((item.bought - item.sold) * (now_pence - item.price_pence) for item in dealt)


_WEIGHINGS: Mapping[Offence, Callable[[Roll, CaseFile], tuple[dict[Item, int], int]]] = {
    Offence.FALSE_REPORT: _weigh_tale,
    Offence.ENGROSSING: _weigh_hoard,
    Offence.BRIBERY: weigh_bribe,
}
"""What counts in a case of each offence beside oaths, and what the accused gained."""
